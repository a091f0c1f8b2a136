"""A file that was found somewhere, cut and without metadata: every command opens on the record that it leads to."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from lookup_samples import cut, landscape
from PIL import Image

from generation.request.request import PaintSettings
from generation.studio.studio import Studio
from provenance.commands.credits import COMMANDS as CREDITS
from provenance.commands.inspect import COMMANDS as INSPECT
from provenance.commands.who import COMMANDS as WHO
from provenance.inspection.answers import Classification
from provenance.inspection.sentence import History, worded
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType
from provenance.tabs.inspect import answer_on

COMMANDS = {each.name: each for each in (*CREDITS, *INSPECT, *WHO)}


def asked(settings: Settings, name: str, *arguments: object) -> str:
    done = CliRunner().invoke(COMMANDS[name], [str(each) for each in arguments], obj=settings)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


@pytest.fixture
def drawn(archive: Archive, tmp_path: Path) -> str:
    """The record of a drawing."""
    landscape(3).save(tmp_path / "drawn.png")
    job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "signed.png")
    kind = SourceType.DIGITAL_CREATION
    made = record(archive, tmp_path / "drawn.png", job, source_type=kind).record.picture
    archive.later.close()
    return made


def test_a_cut_copy_of_a_drawing_opens_on_its_record_in_the_terminal_in_json_and_on_the_page(
    archive: Archive, settings: Settings, drawn: str, tmp_path: Path
) -> None:
    found = tmp_path / "found.jpg"
    cut(landscape(3), 0.2).save(found, quality=70)
    said = f"Unknown: this very file has no record; it looks like {drawn}"
    for name in ("inspect", "credits"):
        assert said in " ".join(asked(settings, name, found).split())
        told = json.loads(asked(settings, name, found, "--json"))
        history = told["history"]
        assert said in (history if isinstance(history, str) else history["sentence"])
    html, data = answer_on(archive, found)
    assert said in html
    answer = json.loads(data)
    assert said in answer["history"]["sentence"]
    # The record is named, and nothing is concluded from it.
    assert answer["classification"] == "unknown"
    assert answer["record"] is None
    assert "proves no origin" in answer["history"]["sentence"]


def test_who_names_the_people_of_a_record_that_a_file_looks_like(
    settings: Settings, drawn: str, tmp_path: Path
) -> None:
    cut(landscape(3), 0.2).save(tmp_path / "found.jpg", quality=70)
    told = " ".join(asked(settings, "who", tmp_path / "found.jpg").split())
    assert f"It looks like {drawn} (certainly)" in told
    by_its_record = told.partition("its record says “")[2]
    assert "layout: Mori Aoi" in by_its_record
    assert "Looking alike does not say where the file comes from" in told


def test_a_picture_that_looks_like_nothing_has_no_record(
    settings: Settings, drawn: str, tmp_path: Path
) -> None:
    landscape(8).save(tmp_path / "stranger.png")
    told = asked(settings, "inspect", tmp_path / "stranger.png")
    assert "Unknown: no record; this does not mean human-made." in told
    assert drawn not in told


def test_an_index_of_another_ledger_names_nothing(settings: Settings, drawn: str, tmp_path: Path) -> None:
    other = Settings(home=tmp_path / "other")
    open_archive(other).close()
    other.lookup.write_bytes(settings.lookup.read_bytes())
    cut(landscape(3), 0.2).save(tmp_path / "found.jpg")
    for name in ("inspect", "who", "detect"):
        assert drawn not in asked(other, name, tmp_path / "found.jpg")


def test_a_cut_copy_of_a_painting_opens_on_the_record_whose_faint_mark_is_in_it(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    landscape(5).save(tmp_path / "layout.png")
    studio = Studio.open(archive, "house")
    job = Job((Credit(Role.PROMPT, "Abe Rin"),), tmp_path / "painted.png")
    settings_asked = PaintSettings("sunset", strength=0.5, num_inference_steps=2, long_side=512)
    released = studio.paint(tmp_path / "layout.png", settings_asked, job)
    picture = released.record.picture
    found = tmp_path / "found.jpg"
    cut(Image.open(released.path).convert("RGB"), 0.2).save(found, quality=80)
    marked = f"the faint mark of {picture} is in it, which alone does not prove how it was made"
    assert marked in " ".join(asked(settings, "inspect", found).split())
    told = " ".join(asked(settings, "detect", found).split())
    assert f"found: {picture}" in told
    assert "That record says “AI-assisted" in told
    assert "no record" not in told
    answer = json.loads(asked(settings, "detect", found, "--json"))
    assert answer["marks"][0]["picture"] == picture
    assert marked in answer["history"]


def test_a_faint_mark_in_poor_copies_is_read_beside_the_vaults_own_picture_and_seldom_without_that(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    landscape(5).save(tmp_path / "layout.png")
    settings_asked = PaintSettings("sunset", strength=0.5, num_inference_steps=2, long_side=512)
    copies: list[tuple[str, Path]] = []
    # How well a mark stands in so poor a copy is a matter of its record's own key, so one record would not do.
    for name in ("first", "second"):
        job = Job((Credit(Role.PROMPT, "Abe Rin"),), tmp_path / f"{name}.png")
        released = Studio.open(archive, "house").paint(tmp_path / "layout.png", settings_asked, job)
        shown = cut(Image.open(released.path).convert("RGB"), 0.1)
        for share in (25, 28, 30):
            found = tmp_path / f"{name}{share}.jpg"
            small = (shown.width * share // 100, shown.height * share // 100)
            shown.resize(small, Image.Resampling.BOX).save(found, quality=20)
            copies.append((released.record.picture, found))

    def marked() -> int:
        """How many are told by their mark; all of them are found."""
        count = 0
        for picture, found in copies:
            told = " ".join(asked(settings, "inspect", found).split())
            by_mark = f"the faint mark of {picture} is in it" in told
            assert by_mark or "it looks like pic-" in told
            count += by_mark
        return count

    beside = marked()
    for picture, _ in copies[::3]:
        output = archive.ledger.picture(picture).output
        assert output is not None
        archive.vault.path(output.digest).unlink()
    assert beside > marked()


def test_the_sentence_stands_in_every_language_of_the_page() -> None:

    found = History(Classification.UNKNOWN, alike="pic-1")
    for history in (found, replace(found, marked=True)):
        told = {worded(history, language) for language in ("en", "ja")}
        assert len(told) == 2
        assert all("pic-1" in each for each in told)


def test_a_stranger_at_the_page_is_told_of_a_found_record_what_was_public_and_no_more(
    archive: Archive, tmp_path: Path
) -> None:
    landscape(9).save(tmp_path / "drawn.png")
    cut(landscape(9), 0.2).save(tmp_path / "found.jpg")
    project = Project(production="Secret film", shot="c014")
    job = Job(
        (Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "signed.png", project=project, note="a secret note"
    )
    made = record(
        archive, tmp_path / "drawn.png", job, source_type=SourceType.DIGITAL_CREATION
    ).record.picture
    for told in answer_on(archive, tmp_path / "found.jpg"):
        assert made in told
        assert "Mori Aoi" in told
        assert "Secret film" not in told
        assert "secret note" not in told
