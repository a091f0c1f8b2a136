"""What is told of a delivery beside the one before: the same in every form, and of a copy that it is new."""

import json
import zipfile
from pathlib import Path

from click.testing import CliRunner
from delivery_samples import encoded, scene
from generator_samples import png

from provenance.commands.audit import audit_command
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

FORMS = ("json", "html", "xlsx")


def audited(settings: Settings, folder: Path, *words: object, code: int = 0) -> None:
    given = [str(each) for each in (folder, "--no-pictures", "--no-look-up", *words)]
    done = CliRunner().invoke(audit_command, given, obj=settings, catch_exceptions=False)
    assert done.exit_code == code, done.output


def delivered(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def compared(settings: Settings, before: Path, now: Path, out: Path) -> dict[str, object]:
    audited(settings, before, "--report", out / "before.json")
    reports = [each for form in FORMS for each in ("--report", out / f"now.{form}")]
    audited(settings, now, "--since", out / "before.json", *reports)
    told: dict[str, object] = json.loads((out / "now.json").read_text("utf-8"))["summary"]["since"]
    return told


def test_a_copy_of_a_file_that_is_still_there_is_new_and_not_renamed(
    settings: Settings, tmp_path: Path
) -> None:
    pictures = [encoded(scene(number)) for number in range(4)]
    before = {"b.png": pictures[0], "b2.png": pictures[0], "c.png": pictures[1], "d.png": pictures[2]}
    now = {
        "a_copy.png": pictures[0],  # before its original, by name
        "b.png": pictures[0],
        "c_v2.png": pictures[1],
        "c_v3.png": pictures[1],  # two of it, and one was there
        "d.png": png({"parameters": "a house\nSteps: 20, Sampler: Euler a, Seed: 7, Model: v1-5"}, scene(2)),
        "e.png": pictures[3],
    }
    told = compared(settings, delivered(tmp_path / "one", before), delivered(tmp_path / "two", now), tmp_path)
    assert told["renamed"] == [
        {"from": "one/b2.png", "to": "two/a_copy.png"},
        {"from": "one/c.png", "to": "two/c_v2.png"},
    ]
    assert (told["new"], told["gone"]) == (["two/c_v3.png", "two/e.png"], [])
    assert (told["changed"], told["same"]) == (["two/d.png"], 1)
    assert told["answered"] == [{"path": "two/d.png", "then": "unknown", "now": "AI-generated"}]


def test_an_original_that_is_there_as_before_was_not_renamed(settings: Settings, tmp_path: Path) -> None:
    picture = encoded(scene(1))
    one = delivered(tmp_path / "one", {"b.png": picture})
    two = delivered(tmp_path / "two", {"a_copy.png": picture, "b.png": picture})
    told = compared(settings, one, two, tmp_path)
    assert (told["renamed"], told["new"], told["same"]) == ([], ["two/a_copy.png"], 1)


def test_a_renamed_file_with_another_answer_is_told_as_both(settings: Settings, tmp_path: Path) -> None:
    drawn = tmp_path / "drawn.bmp"
    scene(1).save(drawn)
    one = delivered(tmp_path / "one", {"a.bmp": drawn.read_bytes(), "z.png": encoded(scene(2))})
    audited(settings, one, "--report", tmp_path / "before.json")
    with open_archive(settings) as archive:
        job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "signed.bmp")
        record(archive, drawn, job, source_type=SourceType.DIGITAL_CREATION)
    two = delivered(tmp_path / "two", {"b.bmp": drawn.read_bytes(), "z.png": encoded(scene(2))})
    audited(settings, two, "--since", tmp_path / "before.json", "--report", tmp_path / "now.json")
    told = json.loads((tmp_path / "now.json").read_text("utf-8"))["summary"]["since"]
    assert told["renamed"] == [{"from": "one/a.bmp", "to": "two/b.bmp"}]
    assert told["answered"] == [{"path": "two/b.bmp", "then": "unknown", "now": "recorded as human-made"}]


def test_the_workbook_tells_the_difference_and_keeps_groups_of_copies_apart(
    settings: Settings, tmp_path: Path
) -> None:
    first, second = encoded(scene(1)), encoded(scene(2))
    one = delivered(tmp_path / "one", {"gone.png": encoded(scene(3)), "a.png": first})
    two = delivered(tmp_path / "two", {"a.png": first, "a2.png": first, "b.png": second, "b2.png": second})
    compared(settings, one, two, tmp_path)
    with zipfile.ZipFile(tmp_path / "now.xlsx") as book:
        sheets = book.read("xl/workbook.xml").decode()
        told = "".join(book.read(each).decode() for each in book.namelist() if "sheet" in each)
    assert "Since the last delivery" in sheets
    page = (tmp_path / "now.html").read_text("utf-8")
    for name in ("one/gone.png", "two/a2.png", "two/b.png", "two/b2.png"):
        assert name in told and name in page
    assert "No longer there" in told and "Compared with before.json" in told and "1 file as before." in told
    assert "the same file 1" in told and "the same file 2" in told


def test_files_that_were_renamed_in_a_row_are_told_as_renamed_and_not_as_changed(
    settings: Settings, tmp_path: Path
) -> None:
    """A cut was put in before the others, whose numbers all grew by one; one file took the name of one that went."""
    pictures = [encoded(scene(number)) for number in range(6)]
    one = delivered(
        tmp_path / "one",
        {
            "c1.png": pictures[0],
            "c2.png": pictures[1],
            "c3.png": pictures[2],
            "x.png": pictures[4],
            "y.png": pictures[5],
        },
    )
    two = delivered(
        tmp_path / "two",
        {
            "c1.png": pictures[3],
            "c2.png": pictures[0],
            "c3.png": pictures[1],
            "c4.png": pictures[2],
            "y.png": pictures[4],
        },
    )
    told = compared(settings, one, two, tmp_path)
    assert told["renamed"] == [
        {"from": f"one/{was}.png", "to": f"two/{now}.png"}
        for was, now in (("c1", "c2"), ("c2", "c3"), ("c3", "c4"), ("x", "y"))
    ]
    assert (told["new"], told["changed"], told["gone"]) == (["two/c1.png"], ["two/y.png"], [])


def test_two_files_that_changed_their_names_with_each_other_were_renamed(
    settings: Settings, tmp_path: Path
) -> None:
    a, b = (
        encoded(scene(1)),
        png({"parameters": "a\nSteps: 20, Sampler: Euler a, Seed: 7, Model: m"}, scene(2)),
    )
    one = delivered(tmp_path / "one", {"a.png": a, "b.png": b})
    two = delivered(tmp_path / "two", {"a.png": b, "b.png": a})
    told = compared(settings, one, two, tmp_path)
    assert [each["from"] for each in told["renamed"]] == ["one/b.png", "one/a.png"]
    assert [told[each] for each in ("new", "gone", "changed", "answered")] == [[], [], [], []]


def test_a_file_that_cannot_be_checked_any_more_is_not_as_before(settings: Settings, tmp_path: Path) -> None:
    picture = encoded(scene(1))
    one = delivered(tmp_path / "one", {"a.png": picture, "b.png": encoded(scene(2))})
    two = delivered(tmp_path / "two", {"b.png": encoded(scene(2))})
    (two / "a.png").symlink_to(one / "a.png")
    audited(settings, one, "--report", tmp_path / "before.json")
    words = ("--since", tmp_path / "before.json", "--report", tmp_path / "now.json")
    audited(settings, two, *words, code=2)
    told = json.loads((tmp_path / "now.json").read_text("utf-8"))["summary"]["since"]
    assert told["answered"] == [{"path": "two/a.png", "then": "unknown", "now": "could not check"}]
    assert (told["same"], told["changed"], told["gone"]) == (1, [], [])


def test_what_was_compared_is_told_in_japanese_without_a_gap(settings: Settings, tmp_path: Path) -> None:
    one = delivered(tmp_path / "one", {"a.png": encoded(scene(1))})
    audited(settings, one, "--report", tmp_path / "before.json")
    words = ("--since", tmp_path / "before.json", "--report", tmp_path / "now.html", "--lang", "ja")
    audited(settings, one, *words)
    assert "UTC）と比べました。1件は前回のとおりです。" in (tmp_path / "now.html").read_text("utf-8")
