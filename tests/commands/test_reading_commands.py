"""`genzu inspect`, `credits`, `audit`, `log`, `show`: what is printed, and the exit code a script goes by."""

import io
import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import draw_house
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reading_samples import EDITED, OVER, PARENT, chain, step

from provenance.commands.audit import audit_command
from provenance.commands.credits import credits_command
from provenance.commands.inspect import inspect_command
from provenance.commands.legacy import import_command as legacy_command
from provenance.commands.log import log_command, show_command
from provenance.commands.showing import show_steps
from provenance.errors import NotRecorded, OutputError, PictureError
from provenance.inspection.lineage import lineage
from provenance.ledger.entries.kind import EntryKind
from provenance.people.disputes import correct_credit
from provenance.people.register import register_of
from provenance.people.roster import merge
from provenance.people.ties import Correction
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record, retouch
from provenance.settings import Settings
from provenance.show.terminal import console
from provenance.statement.canonical import Digest, new_id
from provenance.statement.commitment import Private
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

ROOT = Path(__file__).parents[2]
AOI = Credit(Role.LAYOUT, "森 葵")


def run(command, settings, *arguments):
    """What was printed and the exit code; errors of ours come through as they do to the command line."""
    done = CliRunner().invoke(
        command, [str(each) for each in arguments], obj=settings, catch_exceptions=False
    )
    return done.stdout, done.exit_code


def make_signed(settings, folder):
    """A layout and its hand revision, signed and recorded."""
    layout, revised = folder / "layout.png", folder / "revised.png"
    draw_house().save(layout)
    draw_house().transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(revised)
    credits = (Credit(Role.RETOUCH, "Tanaka Yui"), Credit(Role.SUPERVISION, None))
    with open_archive(settings) as archive:
        first = record(
            archive, layout, Job((AOI,), folder / "1.png"), source_type=SourceType.DIGITAL_CREATION
        )
        return first, retouch(archive, first.path, revised, Job(credits, folder / "2.png"))


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """One archive for all who only look."""
    return Settings(home=tmp_path_factory.mktemp("archive") / "home")


@pytest.fixture(scope="module")
def signed(settings, tmp_path_factory):
    return make_signed(settings, tmp_path_factory.mktemp("signed"))


@pytest.fixture
def fresh(tmp_path):
    """Settings, an open archive and signed files of a test's own, to write into."""
    settings = Settings(home=tmp_path / "home")
    signed = make_signed(settings, tmp_path)
    with open_archive(settings) as archive:
        yield settings, archive, signed


def tampered(path, out):
    data = bytearray(path.read_bytes())
    data[data.rindex(b"IDAT") + 40] ^= 1
    out.write_bytes(data)
    return out


def test_inspect_tells_a_painter_each_step_with_names(settings, signed):
    out, code = run(inspect_command, settings, signed[1].path)
    assert code == 0
    for words in (
        "1  Layout  HUMAN", "layout: 森 葵", "2  Hand revision  HUMAN  over 1", "retouch: Tanaka Yui",
        "supervision: (asked not to be named)", "signed by Genzu, known", "recorded as human-made",
        "RECORDED       Found in the ledger", "DERIVED        File and ledger name the same people for its last step.",
    ):  # fmt: skip
        assert words in out
    assert "\x1b" not in out and not any(line.endswith(" ") for line in out.splitlines())


def test_a_terminal_is_told_settings_terms_and_wishes_of_every_step():
    shown = io.StringIO()
    told = step(
        "a", OVER, when="2026-01-01", negative="text", prompt_digest="ab" * 32, run={"seed": "7", "strength": 0.6},
        models=({"name": "house", "license": "CC0", "training": "my own drawings"},),
        wishes={"cawg.ai_training": "notAllowed"},
    )  # fmt: skip
    show_steps(console(shown), lineage(chain(told, step("b", EDITED, [("a", PARENT)]))))
    for words in (
        "dated 2026-01-01", "not: “text”", "only a digest", "settings: strength 0.6, seed 7",
        "house: licence CC0; trained on: my own drawings", "wishes: not for training AI",
    ):  # fmt: skip
        assert words in shown.getvalue()


def test_inspect_gives_each_answer_its_own_exit_code(settings, signed, tmp_path):
    stranger = Settings(home=tmp_path / "nobody")
    plain = tmp_path / "plain.png"
    Image.new("RGB", (5, 5), "green").save(plain)
    (tmp_path / "text.png").write_text("not a picture")
    assert run(inspect_command, settings, signed[0].path)[1] == 0
    assert run(inspect_command, settings, tampered(signed[0].path, tmp_path / "t.png"))[1] == 1
    assert run(inspect_command, settings, tmp_path / "text.png")[1] == 2
    assert run(inspect_command, settings, plain)[1] == 3
    assert run(inspect_command, stranger, signed[0].path)[1] == 4
    assert not stranger.home.exists()


def test_the_exit_codes_stand_in_the_help():
    for command in (inspect_command, audit_command):
        out, _ = run(command, None, "--help")
        assert "Exit codes:" in out
    out, _ = run(inspect_command, None, "--help")
    for line in (
        "0  intact",
        "1  altered",
        "2  could not check",
        "3  no Content Credentials",
        "4  intact, but",
    ):
        assert line in out


def test_inspect_as_json_is_one_ascii_document(settings, signed):
    out, code = run(inspect_command, settings, signed[1].path, "--json")
    told = json.loads(out)
    assert out.isascii() and code == told["exit_code"] == 0
    assert [each["label"] for each in told["steps"]] == ["Layout", "Hand revision"]


def test_inspect_draws_the_graph_and_keeps_what_is_there(settings, signed, tmp_path):
    out = tmp_path / "way.svg"
    assert run(inspect_command, settings, signed[1].path, "--graph", out)[1] == 0
    assert out.read_text().startswith("<svg") and "森 葵" in out.read_text()
    with pytest.raises(OutputError, match="--force"):
        run(inspect_command, settings, signed[1].path, "--graph", out)
    assert run(inspect_command, settings, signed[1].path, "--graph", out, "--force")[1] == 0


def test_a_folder_or_a_missing_file_is_one_sentence(settings, tmp_path):
    with pytest.raises(PictureError, match="is a folder"):
        run(inspect_command, settings, tmp_path)
    with pytest.raises(PictureError, match="there is no such file"):
        run(inspect_command, settings, tmp_path / "gone.png")


def test_credits_of_a_name_lists_roles_and_pictures(settings, signed):
    out, code = run(credits_command, settings, "Tanaka Yui")
    assert code == 0 and "1 credit" in out
    assert "retouch" in out and signed[1].record.picture in out


def test_a_picture_that_is_not_there_is_no_name(settings, signed):
    with pytest.raises(PictureError, match=r"there is no file gone\.png"):
        run(credits_command, settings, "gone.png")
    assert "Nobody called gone.png" in run(credits_command, settings, "gone.png", "--name")[0]


def test_people_of_one_name_are_shown_apart(fresh):
    settings, archive, _signed = fresh
    twin = new_id("per")
    name = Private("森 葵", "name", twin)
    archive.ledger.append(EntryKind.PERSON_ADDED, {"person": twin, "kind": "person", "name": name})
    out, _ = run(credits_command, settings, "森 葵")
    assert "2 people are called 森 葵" in out and twin in out
    told = json.loads(run(credits_command, settings, "森 葵", "--json")[0])
    assert [len(each["credits"]) for each in told["people"]] == [1, 0]
    assert len(json.loads(run(credits_command, settings, twin, "--json")[0])["people"]) == 1


def test_a_corrected_credit_moves_and_says_by_which_entry(fresh):
    settings, archive, signed = fresh
    record = signed[1].record
    before, after = record.statement.credits[0].person, signed[0].record.statement.credits[0].person
    correction = Correction(record.picture, Role.RETOUCH, before, after, by=after, why="", dispute="")
    entry = correct_credit(archive.ledger, register_of(archive.ledger), correction)
    assert "(withdrawn)" in run(credits_command, settings, "Tanaka Yui")[0]
    out, _ = run(credits_command, settings, "森 葵")
    assert "2 credits" in out and f"corrected by entry {entry.seq}" in out
    told = f"Corrected by entry {entry.seq}: retouch: Tanaka Yui became 森 葵."
    for command, what in ((show_command, record.picture), (credits_command, str(signed[1].path))):
        assert told in run(command, settings, what)[0]
        assert json.loads(run(command, settings, what, "--json")[0])["corrections"] == [told]


def test_two_records_of_one_person_are_one_answer_once_they_are_merged(fresh):
    settings, archive, signed = fresh
    aoi, yui = (each.record.statement.credits[0].person for each in signed)
    merge(archive.ledger, register_of(archive.ledger), yui, aoi, aoi, "pen name")
    for name in ("森 葵", "Tanaka Yui", aoi, yui):
        told = json.loads(run(credits_command, settings, name, "--json")[0])
        assert [(each["person"]["person"], len(each["credits"])) for each in told["people"]] == [(aoi, 2)]


def test_nobody_of_that_name_is_said_honestly(settings, signed):
    out, code = run(credits_command, settings, "Nobody Here")
    assert code == 0 and "says nothing about what they made" in out


def test_credits_of_a_file_are_what_it_says_and_what_the_ledger_says(settings, signed, tmp_path):
    out, _ = run(credits_command, settings, signed[1].path)
    assert out.count("retouch: Tanaka Yui") == 3
    bare = tmp_path / "bare.png"
    Image.open(signed[1].path).save(bare)
    out, _ = run(credits_command, settings, bare)
    assert "no credentials" in out and "retouch: Tanaka Yui" in out
    told = json.loads(run(credits_command, settings, bare, "--json")[0])
    assert told["match"] == "pixels" and told["record"]["picture"] == signed[1].record.picture


def test_credits_of_a_file_work_without_any_ledger(signed, tmp_path):
    out, code = run(credits_command, Settings(home=tmp_path / "nobody"), signed[1].path)
    assert code == 0 and "retouch: Tanaka Yui" in out and "There is no ledger here to ask." in out


def test_a_file_that_was_imported_as_a_claim_is_shown_by_its_digest(settings, signed, tmp_path):
    older = tmp_path / "older.png"
    text = PngInfo()
    text.add_text(
        "parameters", "a hill\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Model: dreamshaper"
    )
    Image.new("RGB", (40, 30), "navy").save(older, pnginfo=text)
    digest = str(Digest.of_file(older))
    with pytest.raises(NotRecorded, match="has no file, no pixels and no model sha256:"):
        run(show_command, settings, digest)
    assert run(legacy_command, settings, older)[1] == 0
    out, code = run(show_command, settings, digest)
    assert code == 0 and "picture.claimed" in out and "AI-generated" in out
    assert json.loads(run(show_command, settings, digest, "--json")[0])["kind"] == "picture.claimed"


@pytest.mark.parametrize("command", [credits_command, show_command])
def test_without_a_ledger_a_question_to_it_is_one_sentence(tmp_path, command):
    with pytest.raises(NotRecorded, match="--home"):
        run(command, Settings(home=tmp_path / "nobody"), "Tanaka Yui")


def test_audit_prints_one_line_a_picture_and_writes_the_report(settings, signed, tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    shutil.copy(signed[1].path, folder / "a.png")
    Image.new("RGB", (5, 5)).save(folder / "b.png")
    report = tmp_path / "report.html"
    out, code = run(audit_command, settings, folder, "--report", report)
    assert code == 0
    assert out.splitlines()[0].split("\t")[:3] == [
        "delivery/a.png",
        "recorded as human-made",
        "intact, known signer",
    ]
    assert "2 pictures: 1 recorded as human-made, 1 unknown" in out
    assert "森 葵" in report.read_text()
    with pytest.raises(OutputError, match="exists already"):
        run(audit_command, settings, folder, "--report", report)


def test_audit_ends_with_1_where_something_was_altered_and_2_where_it_could_not_look(
    settings, signed, tmp_path
):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "broken.png").write_bytes(b"")
    assert run(audit_command, settings, folder)[1] == 2
    tampered(signed[1].path, folder / "t.png")
    out, code = run(audit_command, settings, folder, "--json")
    assert code == 1 and json.loads(out)["counts"]["altered"] == 1


def test_audit_names_what_it_did_not_look_at_and_ends_with_2_where_that_may_be_a_picture(settings, tmp_path):
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "notes.txt").write_text("x")
    draw_house().save(folder / "c1.png")
    out, code = run(audit_command, settings, folder)
    assert code == 0 and "left out: delivery/notes.txt, not a picture" in out
    for number, name in enumerate(("bg.xcf", "cuts.7z", "cut.mov", ".c2.png"), 1):
        (folder / name).write_bytes(b"\x01")
        out, code = run(audit_command, settings, folder)
        assert code == 2 and f"delivery/{name}\tunknown\tcould not check" in out, name
        assert f", {number} could not be checked; 1 other file left out" in out
    told = json.loads(run(audit_command, settings, folder, "--json")[0])
    assert told["left_out_files"] == [{"path": "delivery/notes.txt", "why": "not a picture"}]


def test_an_empty_folder_is_2(settings, tmp_path):
    (tmp_path / "empty").mkdir()
    out, code = run(audit_command, settings, tmp_path / "empty")
    assert code == 2 and "there is no picture in it" in out
    assert "1 folder: 1 could not be checked\n" in out
    draw_house().save(tmp_path / "c1.png")
    out, _ = run(audit_command, settings, tmp_path / "empty", tmp_path / "c1.png")
    assert "2 files and folders: 1 recorded as human-made, 1 could not be checked\n" in out


def test_log_opens_names_and_show_tells_everything(settings, signed):
    out, _ = run(log_command, settings)
    assert "person.added" in out and "森 葵" in out and "layout: 森 葵" in out
    assert "ledger.created" not in run(log_command, settings, "-n", 2)[0]
    entries = json.loads(run(log_command, settings, "--all", "--json")[0])["entries"]
    assert [each["entry"] for each in entries] == list(range(len(entries)))
    picture = signed[1].record.picture
    out, _ = run(show_command, settings, picture)
    assert "retouch: Tanaka Yui" in out and "1  Layout  HUMAN" in out
    told = json.loads(run(show_command, settings, picture, "--json")[0])
    assert told["lineage"]["steps"][0]["people"] == [{"role": "layout", "name": "森 葵"}]
    assert "Made with it" in run(show_command, settings, signed[0].record.picture)[0]


def test_show_takes_an_entry_a_person_and_a_file(settings, signed):
    assert "ledger.created" in run(show_command, settings, "0")[0]
    person = signed[0].record.statement.credits[0].person
    assert "layout" in run(show_command, settings, person)[0]
    assert signed[1].record.picture in run(show_command, settings, signed[1].digest)[0]


@pytest.mark.parametrize(
    "what", ["nonsense", "999999", "pic-gone", "per-gone", "sha256:12", "sha256:" + "0" * 64, "٣", "9" * 30]
)
def test_show_of_what_is_not_there_is_one_sentence(settings, signed, what):
    with pytest.raises(NotRecorded):
        run(show_command, settings, what)


def test_reading_commands_write_nothing_into_the_archive(settings, signed):
    before = {
        path: path.stat().st_mtime_ns
        for path in settings.home.rglob("*")
        if path.is_file() and "-shm" not in path.name
    }
    run(inspect_command, settings, signed[1].path)
    run(credits_command, settings, "森 葵")
    run(log_command, settings)
    after = {
        path: path.stat().st_mtime_ns
        for path in settings.home.rglob("*")
        if path.is_file() and "-shm" not in path.name
    }
    assert {path: at for path, at in after.items() if path in before} == before


def in_terminal(arguments, **environment):
    """The output of a command at the other end of a real terminal."""
    main, other = pty.openpty()
    script = "from provenance.commands.cli import CHAPTERS, command_line, run; run(command_line(CHAPTERS))"
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, stdout=other, stderr=other,
        env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", "COLUMNS": "100", **environment},
    )  # fmt: skip
    os.close(other)
    shown = b""
    try:
        while piece := os.read(main, 65536):
            shown += piece
    except OSError:  # the other end is closed
        pass
    os.close(main)
    process.wait()
    return shown.decode()


def test_a_terminal_gets_colour_unless_it_asks_for_none(settings, signed):
    asked = ("--home", settings.home, "inspect", signed[1].path)
    assert "\x1b[32m" in in_terminal(asked)
    assert "\x1b[32m" not in in_terminal(asked, NO_COLOR="1")


def test_a_hostile_file_name_cannot_steer_a_terminal(settings, tmp_path):
    (tmp_path / "a\x1b]0;owned\x07\u202e.png").write_bytes(b"")
    shown = in_terminal(("--home", settings.home, "audit", tmp_path))
    assert "\x1b]0;" not in shown and "\x07" not in shown and "\u202e" not in shown
    assert "‹U+001B›" in shown
