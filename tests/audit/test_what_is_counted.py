"""Every form of a report counts the same files, and says of an unreadable one why."""

import csv
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from delivery_samples import encoded, scene

from provenance.audit.audit import Look, audit
from provenance.audit.delivery import survey
from provenance.audit.report import tally
from provenance.commands.audit import audit_command
from provenance.credentials.identity.trust import Trust
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

FILM = b"\0\0\0\x20ftypisom" + bytes(16)
DAMAGED = "the file is cut off, damaged, or of a kind that holds no credentials"
# What systems keep beside files: OLE, a text, a store of macOS, the fork of a picture.
SYSTEMS = {
    "Thumbs.db": bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
    "desktop.ini": b"[.ShellClassInfo]\r\n",
    ".DS_Store": b"\0\0\0\1Bud1" + bytes(100),
    "._c001.png": b"\0\5\x16\7" + bytes(30),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures, a film and a picture that are cut off, an empty file, an empty folder's worth of nothing."""
    made = tmp_path / "delivery"
    made.mkdir()
    for number in (1, 2):
        (made / f"c{number:03}.png").write_bytes(encoded(scene(number)))
    (made / "c003.mp4").write_bytes(FILM)
    (made / "c004.png").write_bytes(encoded(scene(4))[:60])
    (made / "c005.png").write_bytes(b"")
    (made / "notes.txt").write_text("nothing to see")
    return made


def audited(settings: Settings, *words: object) -> Result:
    return CliRunner().invoke(audit_command, [str(each) for each in words], obj=settings)


def test_what_is_counted_first_is_all_files(settings: Settings, folder: Path, tmp_path: Path) -> None:
    page, data = tmp_path / "r.html", tmp_path / "r.json"
    out = audited(settings, folder, "--report", page, "--report", data).output
    counted = "5 files: 2 unknown, 3 could not be checked; 1 other file left out"
    assert counted in out and counted in page.read_text("utf-8")
    assert "<b>5</b>All" in page.read_text("utf-8")
    told = json.loads(data.read_text("utf-8"))
    assert told["pictures"] == len(told["rows"]) == sum(told["counts"].values()) == 5
    assert sum(told["summary"]["checked"].values()) == 2


@pytest.mark.parametrize(
    ("name", "why"), [("c003.mp4", DAMAGED), ("c004.png", DAMAGED), ("c005.png", "the file is empty")]
)
def test_the_row_of_a_file_that_cannot_be_read_says_why(
    settings: Settings, folder: Path, tmp_path: Path, name: str, why: str
) -> None:
    out, data = tmp_path / "r.csv", tmp_path / "r.json"
    audited(settings, folder, "--report", out, "--report", data)
    with out.open(encoding="utf-8-sig", newline="") as file:
        cells = next(each for each in csv.DictReader(file) if each["path"] == f"delivery/{name}")
    row = next(
        each for each in json.loads(data.read_text("utf-8"))["rows"] if each["path"] == f"delivery/{name}"
    )
    assert cells["because"] == row["because"] == why
    assert f"DERIVED: unknown: {why}." in cells["evidence"] and "nothing states" not in cells["evidence"]


class Lines(HTMLParser):
    """The lines of evidence, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._open = False

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag == "details":
            self.rows.append([])
        if tag in {"dt", "dd"}:
            self._open = tag == "dd"

    def handle_endtag(self, tag: str) -> None:
        if tag == "dd":
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open and self.rows and data.strip():
            self.rows[-1].append(data.strip())


def test_no_line_of_evidence_is_told_twice(settings: Settings, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    audited(settings, folder, "--report", out)
    lines = Lines()
    lines.feed(out.read_text("utf-8"))
    told = [each for each in lines.rows if any("could not be checked" in line for line in each)]
    assert len(told) == 3
    for row in told:
        bare = [re.sub(r" \([\w.]+\)$", "", line).rstrip(".") for line in row]
        assert len(bare) == len(set(bare)), bare


def test_what_a_system_keeps_beside_files_is_counted_nowhere(tmp_path: Path) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "c001.png").write_bytes(encoded(scene(1)))
    for name, data in SYSTEMS.items():
        (folder / name).write_bytes(data)
    with zipfile.ZipFile(folder / "more.zip", "w") as packed:
        packed.writestr("c002.png", encoded(scene(2)))
        for name, data in SYSTEMS.items():
            packed.writestr(name, data)
    files = sorted(folder.iterdir())
    found = {
        "a folder on the command line": survey([folder]),
        "files, as the page hands them over": survey(files),
        "a folder on the page": survey(files, chosen=False),
    }
    for how, each in found.items():
        assert [item.name.rsplit("/", 1)[-1] for item in each.items] == ["c001.png", "c002.png"], how
        assert sorted(one.name.rsplit("/", 1)[-1] for one in each.left_out) == sorted([*SYSTEMS] * 2), how
    [only] = audit(survey([_alone(tmp_path, "Thumbs.db", encoded(scene(3)))]).items, Look(Trust(), None))
    assert not only.trouble  # a picture, whatever somebody called it


def _alone(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def test_a_folder_of_nothing_else_has_no_picture_in_it(tmp_path: Path) -> None:
    _alone(tmp_path, "Thumbs.db", SYSTEMS["Thumbs.db"])
    [row] = audit(survey([tmp_path]).items, Look(Trust(), None))
    assert row.trouble == "there is no picture in it"
    assert not survey([tmp_path / "Thumbs.db"]).items


def test_an_empty_archive_is_counted_once_and_as_a_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "none.zip", "w"):
        pass
    found = survey([tmp_path / "none.zip"])
    rows = list(audit(found.items, Look(Trust(), None)))
    assert not found.left_out
    assert tally(rows, found.left_out) == "1 file: 1 could not be checked"


def test_a_film_that_is_on_record_byte_for_byte_is_known_without_its_credentials_beside_it(
    settings: Settings, tmp_path: Path
) -> None:
    film, out = tmp_path / "cut.mp4", tmp_path / "signed.mp4"
    film.write_bytes(
        b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + (400).to_bytes(4, "big") + b"free" + bytes(392)
    )
    with open_archive(settings) as archive:
        job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), out)
        record(archive, film, job, source_type=SourceType.DIGITAL_CREATION)
    (tmp_path / "signed.mp4.c2pa").unlink()
    data = tmp_path / "r.json"
    done = audited(settings, out, "--report", data)
    [row] = json.loads(data.read_text("utf-8"))["rows"]
    assert (row["classification"], row["verdict"], row["act"]) == (
        "recorded as human-made",
        "no credentials",
        [],
    )
    assert done.exit_code == 0 and "1 file: 1 recorded as human-made\n" in done.output
    out.write_bytes(out.read_bytes()[:-1] + b"x")  # another file: nothing is known of it
    assert audited(settings, out).exit_code == 2


def test_what_is_read_with_a_file_is_no_file_of_its_own_however_it_is_given(
    settings: Settings, tmp_path: Path
) -> None:
    folder, drawn = tmp_path / "delivery", tmp_path / "drawn.bmp"
    folder.mkdir()
    scene(1).save(drawn)
    with open_archive(settings) as archive:
        job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), folder / "c001.bmp")
        record(archive, drawn, job, source_type=SourceType.DIGITAL_CREATION)
    assert (folder / "c001.bmp.c2pa").is_file()
    (folder / "c002.jpg").write_bytes(encoded(scene(2), "JPEG"))
    (folder / "c002.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    (folder / "c003.c2pa").write_bytes((folder / "c001.bmp.c2pa").read_bytes())  # of a file that is not there
    files = sorted(folder.iterdir())
    names = ["c001.bmp", "c002.jpg"]
    assert [each.name.rsplit("/", 1)[-1] for each in survey([folder]).items] == names
    assert [each.name for each in survey(files).items] == [*names, "c003.c2pa"]  # somebody chose it
    assert [each.name for each in survey([folder / "c001.bmp.c2pa"]).items] == ["c001.bmp.c2pa"]
    told = audited(settings, *files).output
    assert "c001.bmp\trecorded as human-made\tintact, known signer" in told
    assert "3 files: 1 recorded as human-made, 1 unknown, 1 could not be checked" in told


def test_the_page_brings_uploads_together_that_are_read_together(settings: Settings, tmp_path: Path) -> None:
    pytest.importorskip("gradio", reason="the page is the extra app")
    from provenance.tabs.audit import read_delivery

    drawn, signed = tmp_path / "drawn.bmp", tmp_path / "c001.bmp"
    scene(1).save(drawn)
    with open_archive(settings) as archive:
        job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), signed)
        record(archive, drawn, job, source_type=SourceType.DIGITAL_CREATION)
        for whole_folder in (False, True):
            files = []  # as gradio hands them over, each in a folder of its own
            for number, each in enumerate((signed, tmp_path / "c001.bmp.c2pa", drawn)):
                place = tmp_path / f"{whole_folder}-{number}"
                place.mkdir()
                files.append(_alone(place, each.name, each.read_bytes()))
            *_, (table, *_) = read_delivery(archive, [str(each) for each in files], whole_folder=whole_folder)
            assert "2 pictures: 2 recorded as human-made" in table and "intact, known signer" in table
            assert not [each for each in files if each.exists()] and not any(
                tmp_path.glob(f"{whole_folder}-*/*")
            )
