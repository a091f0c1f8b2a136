"""A name finds the same pictures on the command line and on the page, here and in imported ledgers."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from film_chain import Film
from PIL import Image

from provenance.commands.credits import credits_command
from provenance.commands.ledger import ledger_group
from provenance.credentials.sign.disclosure import Publication
from provenance.release.job import Job, Terms
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import parse_credit
from provenance.statement.vocabulary import SourceType


def asked(settings: Settings, *words: str) -> str:
    done = CliRunner().invoke(credits_command, words, obj=settings, catch_exceptions=False)
    assert done.exit_code == 0
    return " ".join(done.output.split())


def by_another_name(film: Film, folder: Path) -> str:
    """A picture whose file says Kitsune in place of Mori Haru, who has another one under her own name."""
    film.layout("layout: Mori Haru")
    drawn = folder / "drawn.png"
    Image.new("RGB", (64, 48), "white").save(drawn)
    terms = Terms(Publication(pseudonyms={"Mori Haru": "Kitsune"}))
    job = Job((parse_credit("layout: Mori Haru"),), folder / "signed.png", terms=terms)
    return record(film.archive, drawn, job, source_type=SourceType.DIGITAL_CREATION).record.picture


@pytest.mark.parametrize("spelled", ["Kitsune", "KITSUNE"])
def test_a_name_that_only_a_picture_s_file_has_finds_that_picture_in_both_places(
    film: Film, tmp_path: Path, spelled: str
) -> None:
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import said_of_name

    picture, settings = by_another_name(film, tmp_path), film.archive.settings
    told = json.loads(asked(settings, spelled, "--json"))
    said = said_of_name(film.archive, spelled)
    page = [line.record.picture for each in said.groups if not each.beside for line in each.lines]
    assert [each["record"]["picture"] for each in told["in_files"]] == page == [picture]
    assert told["people"] == []
    shown = asked(settings, spelled)
    assert f"Files that name somebody {spelled} in place of the name on record: layout {picture}" in shown
    assert "Nobody called" not in shown and "Mori Haru" not in shown
    assert "Nobody called Nobody is in this ledger" in asked(settings, "Nobody")
    assert f"{picture}" in asked(settings, "Mori Haru") and "in its file: Kitsune" in asked(
        settings, "Mori Haru"
    )


def test_an_imported_ledger_is_asked_for_it_too_and_answers_as_far_as_its_copy_goes(
    film: Film, tmp_path: Path
) -> None:
    picture, export = by_another_name(film, tmp_path), str(tmp_path / "theirs.jsonl")
    other = Settings(home=tmp_path / "elsewhere", signer_name="Somebody")
    with open_archive(other):
        pass
    for whose, words in (
        (film.archive.settings, ("export", "-o", export, "--names")),
        (other, ("import", export)),
    ):
        assert CliRunner().invoke(ledger_group, words, obj=whose).exit_code == 0
    size = len(film.archive.ledger)
    shown = asked(other, "Kitsune")
    copy = (
        f"In the ledger {film.archive.ledger.id} of another studio, by its word, as far as the copy here goes"
    )
    assert f"{copy} ({size} entries): Files that name somebody Kitsune" in shown and picture in shown
    (told,) = json.loads(asked(other, "Kitsune", "--json"))["elsewhere"]
    assert told["entries"] == size and [each["record"]["picture"] for each in told["in_files"]] == [picture]
