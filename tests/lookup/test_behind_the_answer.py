"""A picture goes into the index behind the answer: whatever stops that, the next question finds it all the same."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from lookup_samples import cut, landscape

import provenance
from generation.cli import genzu
from provenance.release.indexing import forget_looks
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

pytest.importorskip("cv2", reason="looking up needs genzu[lookup]")

BY = (Credit(Role.LAYOUT, "Mori Aoi"),)


def recorded(home: Path, seed: int) -> str:
    """The record of a drawing, and a cut copy of it beside `home`."""
    drawn = home.parent / f"{seed}.png"
    landscape(seed).save(drawn)
    cut(landscape(seed), 0.2).save(home.parent / f"found-{seed}.jpg", quality=75)
    made = provenance.record(
        drawn, drawn.with_suffix(".signed.png"), by=["layout: Mori Aoi"], source="print", home=home
    )
    return str(made["picture"])


def looks_like(home: Path, seed: int) -> list[str]:
    found = provenance.who(home.parent / f"found-{seed}.jpg", home=home)["looks_like"]
    assert isinstance(found, list)
    return [each["picture"] for each in found]


def said(home: Path, *words: str) -> str:
    done = CliRunner().invoke(genzu, ["--home", str(home), *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return " ".join(done.output.split())


def test_a_picture_is_found_by_its_looks_at_once_after_its_release(tmp_path: Path) -> None:
    home = tmp_path / "home"
    made = recorded(home, 31)
    assert looks_like(home, 31) == [made]


def test_what_was_not_put_in_when_the_program_died_is_found_by_the_next_question(tmp_path: Path) -> None:
    home = tmp_path / "home"
    landscape(32).save(tmp_path / "32.png")
    cut(landscape(32), 0.2).save(tmp_path / "found-32.jpg")
    program = (
        "import os, sys, provenance\n"
        "_, drawn, out, home = sys.argv\n"
        "made = provenance.record(drawn, out, by=['layout: Mori Aoi'], source='print', home=home)\n"
        "print(made['picture'], flush=True)\n"
        "os._exit(9)\n"
    )
    words = [str(tmp_path / "32.png"), str(tmp_path / "signed.png"), str(home)]
    done = subprocess.run(
        [sys.executable, "-c", program, *words], check=False, capture_output=True, text=True
    )
    assert done.returncode == 9, done.stderr
    (home / "lookup.sqlite3").unlink(missing_ok=True)
    assert looks_like(home, 32) == [done.stdout.strip()]


def test_an_index_that_was_deleted_comes_back_with_the_next_question(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first, second = recorded(home, 33), recorded(home, 34)
    for name in ("who", "inspect", "detect"):
        (home / "lookup.sqlite3").unlink(missing_ok=True)
        said(home, name, str(tmp_path / "found-33.jpg"))
        assert (home / "lookup.sqlite3").is_file()
    assert (looks_like(home, 33), looks_like(home, 34)) == ([first], [second])


def test_what_was_removed_or_erased_is_not_put_in_again_by_a_question(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    cut(landscape(35), 0.2).save(tmp_path / "found-35.jpg")
    with open_archive(settings) as archive:
        landscape(35).save(tmp_path / "35.png")
        job = Job(BY, tmp_path / "signed.png", note="sent back twice")
        made = record(archive, tmp_path / "35.png", job, source_type=SourceType.PRINT).record.picture
        archive.later.close()
        assert forget_looks(archive, made)
        assert looks_like(settings.home, 35) == []
        assert archive.ledger.erase(made) is not None
    settings.lookup.unlink()  # with it goes what it kept out; the ledger still says that it was erased
    assert looks_like(settings.home, 35) == []


def test_with_the_index_off_nothing_is_put_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENZU_INDEX", "off")
    home = tmp_path / "home"
    recorded(home, 36)
    assert "there is no look-up index here" in said(home, "who", str(tmp_path / "found-36.jpg"))
    assert not (home / "lookup.sqlite3").exists()


def test_what_hinders_a_picture_from_going_in_is_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    recorded(home, 37)
    looks_like(home, 37)
    with sqlite3.connect(home / "lookup.sqlite3") as file:
        file.execute("PRAGMA user_version = 99")
    recorded(home, 38)
    told = said(home, "who", str(tmp_path / "found-38.jpg"))
    assert "Not all was looked through: what was released last may be missing in the look-up index" in told
    assert "made by a later version of Genzu" in told


def test_a_question_writes_nothing_where_nothing_is_missing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    open_archive(Settings(home=home)).close()
    landscape(39).save(tmp_path / "found-39.jpg")
    said(home, "who", str(tmp_path / "found-39.jpg"))
    assert not (home / "lookup.sqlite3").exists()
    made = recorded(home, 39)
    before = (home / "lookup.sqlite3").stat().st_mtime_ns
    (home / "lookup.sqlite3").chmod(0o400)
    assert looks_like(home, 39) == [made]
    assert "Not all" not in said(home, "who", str(tmp_path / "found-39.jpg"))
    assert (home / "lookup.sqlite3").stat().st_mtime_ns == before


def test_a_picture_that_cannot_be_read_is_told_until_it_can_or_is_kept_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, found = tmp_path / "home", str(tmp_path / "found-40.jpg")
    monkeypatch.setenv("GENZU_INDEX", "off")  # as if the program had died before they went in
    first, second = recorded(home, 40), recorded(home, 41)
    monkeypatch.delenv("GENZU_INDEX")
    with open_archive(Settings(home=home)) as archive:
        output = archive.ledger.picture(first).output
        assert output is not None
        file = archive.vault.path(output.digest)
    away = file.rename(tmp_path / "away")
    for _ in range(2):  # a second program is told as well: it is not taken for done
        told = said(home, "who", found)
        assert (
            f"Not all was looked through: the look-up index lacks a picture that could not be read ({first}"
            in told
        )
        assert looks_like(home, 41) == [second]
    assert f"not put in: {first}" in said(home, "index", "build")
    assert "Not all was looked through" in said(home, "who", found)
    away.rename(file)
    assert looks_like(home, 40) == [first]
    assert "Not all was looked through" not in said(home, "who", found)


def test_a_picture_that_cannot_be_read_is_told_and_not_opened_again_while_its_file_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, found = tmp_path / "home", str(tmp_path / "found-43.jpg")
    monkeypatch.setenv("GENZU_INDEX", "off")
    made = recorded(home, 43)
    monkeypatch.delenv("GENZU_INDEX")
    with open_archive(Settings(home=home)) as archive:
        output = archive.ledger.picture(made).output
        assert output is not None
        file = archive.vault.path(output.digest)
    whole = file.read_bytes()
    file.write_bytes(b"damaged")
    opened: list[str] = []
    listening = [True]
    sys.addaudithook(
        lambda event, given: opened.append(str(given[0])) if event == "open" and listening else None
    )
    for times in (1, 0, 0):
        opened.clear()
        assert f"could not be read ({made}" in said(home, "who", found)
        assert opened.count(str(file)) == times
    opened.clear()
    assert f"not put in: {made}" in said(home, "index", "build")
    assert opened.count(str(file)) > 0  # who asks for it has it tried again
    assert "unread 1" in said(home, "index", "status")
    listening.clear()
    file.write_bytes(whole)
    assert looks_like(home, 43) == [made]
    assert "unread" not in said(home, "index", "status")


def test_who_has_no_such_file_any_more_keeps_it_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("GENZU_INDEX", "off")
    made = recorded(home, 42)
    monkeypatch.delenv("GENZU_INDEX")
    with open_archive(Settings(home=home)) as archive:
        output = archive.ledger.picture(made).output
        assert output is not None
        archive.vault.path(output.digest).unlink()
    found = str(tmp_path / "found-42.jpg")
    assert f"could not be read ({made}" in said(home, "who", found)
    assert "stays out" in said(home, "index", "remove", made)
    assert "Not all was looked through" not in said(home, "who", found)
