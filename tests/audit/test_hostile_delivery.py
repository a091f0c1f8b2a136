"""Deliveries by somebody who means harm, or whose disk does: every file gets its row, and no report shows a trace."""

import json
import os
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from provenance.audit.delivery import survey
from provenance.audit.kept import Kept
from provenance.commands.audit import audit_command
from provenance.errors import OutputError
from provenance.settings import Settings

FORMS = ("html", "json", "csv", "xlsx", "pdf")


def picture(path: Path | str | bytes, shade: int = 1) -> None:
    with open(path, "wb") as file:  # noqa: PTH123  (a name may be bytes that are no text)
        Image.new("RGB", (8, 8), (shade, 2, 3)).save(file, "PNG")


def reported(settings: Settings, folder: Path, out: Path) -> list[dict[str, object]]:
    """The rows, of a report in every form."""
    options = [each for form in FORMS for each in ("--report", str(out / f"r.{form}"))]
    done = CliRunner().invoke(audit_command, [str(folder), *options], obj=settings, catch_exceptions=False)
    assert all((out / f"r.{form}").stat().st_size for form in FORMS), done.output
    return json.loads((out / "r.json").read_text("utf-8"))["rows"]


def test_a_link_to_itself_stops_nothing(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "around.png").symlink_to("around.png")
    (folder / "all").symlink_to(".")
    picture(folder / "b.png")
    told = {each["path"]: each["because"] for each in reported(settings, folder, tmp_path)}
    assert "links are not followed" in str(told["d/around.png"]) and "links are not followed" in str(
        told["d/all"]
    )
    assert "nothing states" in str(told["d/b.png"])


def test_a_name_as_long_as_the_disk_allows_is_looked_at(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    picture(folder / f"{'x' * 251}.png")
    with zipfile.ZipFile(folder / "long.zip", "w") as archive:
        picture(tmp_path / "one.png")
        archive.writestr("y" * 9_990 + ".png", (tmp_path / "one.png").read_bytes())
    rows = reported(settings, folder, tmp_path)
    assert [len(str(each["path"])) for each in rows] == [2 + len("long.zip/") + 9_994, 2 + 255]
    assert {each["verdict"] for each in rows} == {"no credentials"}


def test_a_name_on_disk_that_is_no_utf_8_is_read_in_its_writing(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "d"
    folder.mkdir()
    for number, name in enumerate(("背景_完成", "原図_森", "カット")):
        picture(os.fsencode(folder) + b"/" + name.encode("cp932") + b".png", number)
    picture(os.fsencode(folder) + b"/\xff\xfe.png", 9)
    paths = {str(each["path"]) for each in reported(settings, folder, tmp_path)}
    assert {"d/背景_完成.png", "d/原図_森.png", "d/カット.png"} <= paths and len(paths) == 4
    for each in survey([folder]).items:
        assert each.name.encode() and Path(str(each.load(1_000_000))).is_file()


def test_one_report_is_written_by_one_audit_at_a_time(settings: Settings, tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    out = tmp_path / "r.json"
    with Kept(tmp_path / "r.json.looking", ""):
        done = CliRunner().invoke(
            audit_command, [str(tmp_path / "a.png"), "--report", str(out)], obj=settings
        )
        assert isinstance(done.exception, OutputError)
        assert "another audit is writing r.json just now" in str(done.exception)
    (tmp_path / "r.json.looking").unlink()
    assert (
        CliRunner()
        .invoke(audit_command, [str(tmp_path / "a.png"), "--report", str(out)], obj=settings)
        .exit_code
        == 0
    )


def test_a_full_disk_is_one_sentence_and_what_was_looked_at_is_kept(tmp_path: Path) -> None:
    folder, out = tmp_path / "d", tmp_path / "r.json"
    folder.mkdir()
    for number in range(500):
        picture(folder / f"{number:03}.png", number % 250)
    command = [sys.executable, "-m", "generation", "--home", str(tmp_path / "home"), "audit", str(folder)]
    command += ["--report", str(out), "--jobs", "1", "--no-look-up"]

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (260_000, 260_000))

    full = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=no_room)
    assert full.returncode == 2 and "could not be written" in full.stderr and "Traceback" not in full.stderr
    assert not out.exists()
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 0 and "going on: " in again.stderr, again.stderr
    assert len(json.loads(out.read_text("utf-8"))["rows"]) == 500


@pytest.mark.parametrize(
    "name", ["=1+1.png", "<img src=x onerror=alert(1)>.png", "\u202egnp.exe", "a\nb.png"]
)
def test_a_name_runs_nowhere(name: str, settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "=d"
    folder.mkdir()
    picture(folder / name)
    reported(settings, folder, tmp_path)
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "<img src=x" not in page and "\u202e" not in page
    lines = (tmp_path / "r.csv").read_text("utf-8-sig").splitlines()
    assert len(lines) == 2 and lines[1].lstrip('"').startswith("'=d/")
