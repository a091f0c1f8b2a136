"""What is said of AI, or of a program, of which the record names no model: never that the recording program made it."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from film_chain import Film
from PIL import Image

from provenance.commands.audit import audit_command
from provenance.commands.inspect import inspect_command
from provenance.commands.publish import usage_command
from provenance.commands.roll import roll_command
from provenance.errors import StatementError
from provenance.inspection.translated import in_language
from provenance.release.job import Job
from provenance.release.made import Released
from provenance.release.release import record, retouch
from provenance.statement.credit import parse_credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType, Stage


def told(film: Film, command, *words: str | Path) -> str:  # type: ignore[no-untyped-def]
    done = CliRunner().invoke(command, [str(each) for each in words], obj=film.archive.settings)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def recorded(film: Film, kind: SourceType, shot: str = "c001") -> Released:
    job = Job((parse_credit("concept: Mori Aoi"),), film.out(), project=Project("Snow", "1", shot))
    return record(film.archive, film.draw(), job, source_type=kind)


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("kind", [SourceType.TRAINED_ALGORITHMIC_MEDIA, SourceType.ALGORITHMIC_MEDIA])
def test_the_program_that_recorded_a_picture_is_not_said_to_have_made_it(
    film: Film, tmp_path: Path, kind: SourceType, bare: bool
) -> None:
    path = recorded(film, kind).path
    if bare:
        Image.open(path).save(tmp_path / "bare.png")
        path = tmp_path / "bare.png"
    said = told(film, inspect_command, path, "--graph", tmp_path / "graph.svg")
    assert "with Genzu" not in said and "program Genzu" not in said
    assert "with Genzu" not in (tmp_path / "graph.svg").read_text("utf-8")
    if kind is SourceType.ALGORITHMIC_MEDIA:
        assert "Unknown: drawn by a program." in said and "nothing states how" not in said
        words = "the source type of Drawn by a program names a program, and neither hand nor AI"
        assert words in said and in_language(words, "ja") != words


def test_a_rule_that_asks_for_the_ai_system_is_not_met_by_the_program_that_signed(
    film: Film, tmp_path: Path
) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    recorded(film, SourceType.TRAINED_ALGORITHMIC_MEDIA).path.rename(folder / "a.png")
    told(film, audit_command, folder, "--no-look-up", "--report", tmp_path / "r.json")
    data = json.loads((tmp_path / "r.json").read_text("utf-8"))
    (row,) = data["rows"]
    assert "marked, signed" in row["facts"] and not {"system", "version"} & {*row["facts"]}
    rules = {each["rule"]: each["standing"] for each in data["summary"]["rules"]}
    assert (rules["eu-mark"], rules["sb-942"]) == ("met", "not met")


def test_the_roll_and_the_shot_map_count_ai_whose_model_is_not_named_as_ai(film: Film) -> None:
    made = recorded(film, SourceType.TRAINED_ALGORITHMIC_MEDIA)
    place = Project("Snow", "1", "c001")
    edited = Job((parse_credit("retouch: Sato Hana"),), film.out(), project=place)
    retouch(film.archive, made.path, film.draw(over=made.path), edited)
    recorded(film, SourceType.ALGORITHMIC_MEDIA, "c002")
    (first, second) = csv.DictReader(
        io.StringIO(told(film, usage_command, "--production", "Snow", "--format", "shots").lstrip("\ufeff"))
    )
    assert (first["pictures"], first["with_ai"], first["by_hand"]) == ("2", "1", "1")
    assert (second["pictures"], second["with_ai"], second["by_hand"]) == ("1", "0", "0")
    rolls = {
        form: told(film, roll_command, "--production", "Snow", "--format", form, "--lang", "en,ja")
        for form in ("text", "csv", "html", "json")
    }
    data = json.loads(rolls.pop("json"))
    assert data["generative_ai"] == [] and data["generative_ai_not_named"] == [made.record.picture]
    for form, text in rolls.items():
        assert "a model that is not named" in re.sub(r"\s+", " ", text), form
        assert "名前の記載がないモデル" in text, form


def test_a_final_over_ai_without_a_model_is_refused_in_a_sentence(film: Film) -> None:
    made = recorded(film, SourceType.TRAINED_ALGORITHMIC_MEDIA)
    place = Project("Snow", "1", "c001", Stage.FINAL)
    job = Job((parse_credit("retouch: Sato Hana"),), film.out(), project=place)
    words = (
        f"the model of .*{made.record.picture}, which is not named, has no licence and no training statement"
    )
    with pytest.raises(StatementError, match=words):
        retouch(film.archive, made.path, film.draw(over=made.path), job)
