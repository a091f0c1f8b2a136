"""`genzu ledger` and `genzu receipt` as a person types them: what they print, and how they end."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from ledger_samples import open_ledger, painted, release
from PIL import Image
from stamp_authority import Clock, make_authority

from provenance.commands import ledger as ledger_commands
from provenance.commands import receipt as receipt_commands
from provenance.errors import (
    LedgerError,
    NotRecorded,
    OutputError,
    ProofError,
    StatementError,
    TimeStampError,
)
from provenance.ledger.key_files import parse_checkpoints
from provenance.media.picture import encode, open_picture, resource
from provenance.proof.checkpoint import Misbehaviour
from provenance.settings import Limits, Settings
from provenance.statement.canonical import Digest


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_ledger(tmp_path / "home") as ledger:
        ledger.request(painted("pic-a"))
        release(ledger, "pic-a")
    return tmp_path / "home"


def genzu(home: Path, *words: str | Path) -> Result:
    """Runs the command; our errors come out as they are, as cli.run gets them."""
    group = click.Group(commands=[*ledger_commands.COMMANDS, *receipt_commands.COMMANDS])
    return CliRunner().invoke(
        group, [str(each) for each in words], obj=Settings(home=home), catch_exceptions=True
    )


def test_verify_tells_what_it_checked_and_what_it_could_not(home: Path):
    done = genzu(home, "ledger", "verify", "--rebuild")
    assert done.exit_code == 0, done.output
    assert "all as written" in done.output
    assert "No checkpoint from outside was given" in done.output


def test_verify_against_a_kept_checkpoint_says_that_nothing_was_changed(home: Path, tmp_path: Path):
    assert genzu(home, "ledger", "checkpoint", "-o", tmp_path / "kept.txt").exit_code == 0
    done = genzu(home, "ledger", "verify", "--against", tmp_path / "kept.txt")
    assert done.exit_code == 0
    assert "covers every entry" in done.output
    told = json.loads(genzu(home, "ledger", "verify", "--against", tmp_path / "kept.txt", "--json").stdout)
    assert told["ok"]
    assert told["outside"] == told["entries"]


def test_a_fork_ends_with_one_and_writes_the_proof(home: Path, tmp_path: Path):
    shutil.copytree(home, tmp_path / "fork")
    for number, place in enumerate((home, tmp_path / "fork")):
        with open_ledger(place) as ledger:
            ledger.request(painted(f"pic-{number}"))
    genzu(home, "ledger", "checkpoint", "-o", tmp_path / "kept.txt")
    genzu(tmp_path / "fork", "ledger", "checkpoint", "-o", tmp_path / "other.txt")
    done = genzu(
        tmp_path / "fork",
        "ledger",
        "verify",
        "--against",
        tmp_path / "kept.txt",
        "--misbehaviour",
        tmp_path / "proof",
    )
    assert done.exit_code == 1
    assert "two histories" in done.output
    assert "signed" in Misbehaviour.parse((tmp_path / "proof").read_text()).verify()


def test_missing_files_of_the_vault_are_named(home: Path):
    done = genzu(home, "ledger", "verify", "--files")
    assert done.exit_code == 1
    assert "is not in the vault" in done.output


@pytest.mark.parametrize("what", ["pic-a", "4", "0"])
def test_a_receipt_is_proved_and_verified_without_the_ledger(home: Path, tmp_path: Path, what: str):
    out = tmp_path / "receipt"
    assert genzu(home, "ledger", "prove", what, "-o", out).exit_code == 0
    done = genzu(tmp_path / "nowhere", "receipt", "verify", out)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("holds: entry")
    key = genzu(home, "ledger", "key").output.strip()
    told = json.loads(genzu(tmp_path / "nowhere", "receipt", "verify", out, "--key", key, "--json").stdout)
    assert told["holds"]
    assert told["key_known"]


def test_a_closed_receipt_shows_no_name(home: Path, tmp_path: Path):
    genzu(home, "ledger", "prove", "pic-a", "-o", tmp_path / "open")
    genzu(home, "ledger", "prove", "pic-a", "-o", tmp_path / "closed", "--closed")
    assert "layout: Mori Aoi" in genzu(home, "receipt", "verify", tmp_path / "open").output
    assert "Mori Aoi" not in genzu(home, "receipt", "verify", tmp_path / "closed").output


def test_an_altered_receipt_ends_with_one(home: Path, tmp_path: Path):
    out = tmp_path / "receipt"
    genzu(home, "ledger", "prove", "pic-a", "-o", out)
    text = out.read_text()
    out.write_text(text.replace("\nindex 4", "\nindex 3"))
    done = genzu(home, "receipt", "verify", out)
    assert done.exit_code == 1
    assert "does not hold" in done.output
    assert json.loads(genzu(home, "receipt", "verify", out, "--json").stdout)["holds"] is False


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("ledger", "prove", "pic-none", "-o", "x"), NotRecorded),
        (("ledger", "verify", "--against", "nothing-there"), LedgerError),
        (("receipt", "verify", "nothing-there"), LedgerError),
        (("ledger", "import", "nothing-there"), LedgerError),
        (("ledger", "anchor"), StatementError),
        (("receipt", "verify", __file__, "--key", "nonsense"), ProofError),
    ],
)
def test_what_cannot_be_done_is_one_of_our_errors(home: Path, words: tuple[str, ...], error: type[Exception]):
    done = genzu(home, *words)
    assert isinstance(done.exception, error), done.exception


def test_without_a_ledger_nothing_is_made(tmp_path: Path):
    for words in (("verify",), ("checkpoint",), ("rebuild",), ("key",), ("anchors",)):
        assert isinstance(genzu(tmp_path / "none", "ledger", *words).exception, NotRecorded), words
    assert not (tmp_path / "none").exists()


def test_a_checkpoint_without_its_key_is_neither_true_nor_false(home: Path, tmp_path: Path):
    genzu(home, "ledger", "checkpoint", "-o", tmp_path / "kept.txt")
    done = genzu(home, "receipt", "verify", tmp_path / "kept.txt")
    assert done.exit_code == 2
    assert done.output.startswith("cannot be told: ")
    told = genzu(home, "receipt", "verify", tmp_path / "kept.txt", "--json")
    assert (told.exit_code, json.loads(told.stdout)["holds"]) == (2, None)
    key = genzu(home, "ledger", "key").output.strip()
    assert genzu(home, "receipt", "verify", tmp_path / "kept.txt", "--key", key).exit_code == 0


def test_a_lost_ledger_comes_back_with_the_first_command_that_opens_it(home: Path, tmp_path: Path):
    backup = str(tmp_path / "backup")

    def state() -> Result:
        settings = Settings(home=home, backup=backup)
        group = click.Group(commands=[*ledger_commands.COMMANDS])
        return CliRunner().invoke(group, ["ledger", "state", "--json"], obj=settings)

    assert json.loads(state().stdout)["entries"] == 6
    for path in home.glob("ledger.sqlite3*"):
        path.unlink()
    assert json.loads(state().stdout)["entries"] == 6
    shutil.rmtree(backup)
    for path in home.glob("ledger.sqlite3*"):
        path.unlink()
    assert isinstance(state().exception, NotRecorded)
    assert not (home / "ledger.sqlite3").exists()


def test_the_state_tells_how_far_it_was_signed_and_signs_nothing(home: Path):
    first = json.loads(genzu(home, "ledger", "state", "--json").stdout)
    assert (first["entries"], first["signed"]) == (6, 0)
    genzu(home, "ledger", "checkpoint")
    assert json.loads(genzu(home, "ledger", "state", "--json").stdout)["signed"] == 6


def test_a_number_beyond_every_ledger_is_no_entry(home: Path):
    done = genzu(home, "ledger", "prove", "9" * 5000, "-o", "x")
    assert isinstance(done.exception, NotRecorded)


def test_an_export_that_cannot_be_finished_leaves_no_file(home: Path, tmp_path: Path):
    code = (
        "import resource, sys; from pathlib import Path; from provenance.ledger import Ledger;"
        "from provenance.errors import OutputError; home = Path(sys.argv[1])\n"
        "with Ledger.open(home / 'ledger.sqlite3', key=home / 'keys' / 'ledger.key') as ledger:\n"
        "    ledger.checkpoint(); resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "    try: ledger.export(home / 'log.jsonl')\n"
        "    except OutputError: sys.exit(3)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(home)], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 3
    assert not (home / "log.jsonl").exists()


def test_a_checkpoint_is_printed_and_never_written_over_another(home: Path, tmp_path: Path):
    printed = genzu(home, "ledger", "checkpoint").output
    assert len(list(parse_checkpoints(printed))) == 1
    genzu(home, "ledger", "checkpoint", "-o", tmp_path / "kept.txt")
    assert isinstance(genzu(home, "ledger", "checkpoint", "-o", tmp_path / "kept.txt").exception, OutputError)


def test_rebuild_says_how_many_entries(home: Path):
    assert genzu(home, "ledger", "rebuild").output.startswith("6 entries")


def test_a_file_is_found_in_another_studios_ledger(tmp_path: Path):
    picture = open_picture(encode(Image.new("RGB", (40, 30), "teal"), "image/png"), Limits())
    file = tmp_path / "delivered.png"
    file.write_bytes(picture.data)
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    with open_ledger(theirs) as ledger:
        ledger.request(painted("pic-theirs"))

        ledger.release(
            "pic-theirs",
            output=resource(picture),
            signer=Digest.of(b"x"),
            manifest="urn:c2pa:x",
            time_stamped=False,
            facts={},
        )
    open_ledger(ours).close()
    assert genzu(theirs, "ledger", "export", "-o", tmp_path / "log.jsonl").exit_code == 0
    assert genzu(ours, "ledger", "find", file).exit_code == 1
    key = genzu(theirs, "ledger", "key").output.strip()
    done = genzu(ours, "ledger", "import", tmp_path / "log.jsonl", "--key", key)
    assert done.exit_code == 0, done.exception
    assert "all under its checkpoint" in done.output
    found = genzu(ours, "ledger", "find", file)
    assert found.exit_code == 0
    assert "pic-theirs" in found.output
    assert json.loads(genzu(ours, "ledger", "find", file, "--json").stdout)[0]["picture"] == "pic-theirs"
    assert json.loads(genzu(theirs, "ledger", "find", file, "--json").stdout)[0]["picture"] == "pic-theirs"
    drawing = tmp_path / "layered.psd"
    drawing.write_bytes(b"no picture that we read")
    with open_ledger(ours) as ledger:
        ledger.request(painted("pic-layered"))
        layered = replace(resource(picture), digest=Digest.of(drawing.read_bytes()), pixels=None)
        ledger.release(
            "pic-layered",
            output=layered,
            signer=Digest.of(b"x"),
            manifest="urn:c2pa:x",
            time_stamped=False,
            facts={},
        )
    assert "pic-layered" in genzu(ours, "ledger", "find", drawing).output
    (ours / "foreign" / "damaged.sqlite3").write_bytes(b"no database at all")
    beside = genzu(ours, "ledger", "find", file)
    assert beside.exit_code == 0, beside.exception
    assert "pic-theirs" in beside.stdout
    assert "import it again" in beside.stderr


def test_a_fork_seen_at_an_import_ends_with_one_and_writes_the_proof(home: Path, tmp_path: Path):
    shutil.copytree(home, tmp_path / "copy")
    for name in ("home", "copy"):
        with open_ledger(tmp_path / name) as ledger:
            ledger.request(painted(f"pic-{name}"))
        assert genzu(tmp_path / name, "ledger", "export", "-o", tmp_path / f"{name}.jsonl").exit_code == 0
    assert genzu(tmp_path / "ours", "ledger", "import", tmp_path / "home.jsonl").exit_code == 0
    done = genzu(
        tmp_path / "ours", "ledger", "import", tmp_path / "copy.jsonl", "--misbehaviour", tmp_path / "proof"
    )
    assert done.exit_code == 1
    assert "contradicts itself" in done.output
    shown = genzu(tmp_path / "ours", "receipt", "verify", tmp_path / "proof")
    assert shown.exit_code == 1
    assert "this proves it" in shown.output


def test_an_anchor_waits_without_a_network_and_comes_later(home: Path, tmp_path: Path, clock: Clock):
    offline = genzu(home, "ledger", "anchor", "--tsa", "http://127.0.0.1:9/")
    assert offline.exit_code == 0
    assert "waits" in offline.output
    with open_ledger(home) as ledger:
        ledger.request(painted())
    done = genzu(home, "ledger", "anchor", "--tsa", clock.url)
    assert "stamped by" in done.output
    assert "waits" in done.output
    listed = genzu(home, "ledger", "anchors", "--trust", clock.authority.root_file, "-o", tmp_path / "stamps")
    assert listed.exit_code == 0, listed.output
    assert "existed at" in listed.output
    assert len(list((tmp_path / "stamps").glob("*.tsr"))) == 1
    assert genzu(home, "ledger", "verify", "--rebuild").exit_code == 0


def test_an_address_that_is_none_is_refused_and_what_is_no_stamp_holds_up_no_other(home: Path, clock: Clock):
    refused = genzu(home, "ledger", "anchor", "--tsa", "ftp://tsa.example")
    assert isinstance(refused.exception, TimeStampError)
    assert genzu(home, "ledger", "anchors").output == ""
    hello = f"HTTP{clock.url[4:]}hello"  # sorts before the authority: it is asked first
    assert genzu(home, "ledger", "anchor", "--tsa", hello).exit_code == 0
    done = genzu(home, "ledger", "anchor", "--tsa", clock.url)
    assert "waits: this is no time stamp" in done.output
    assert f"stamped by {clock.url}" in done.output


def test_two_stamps_over_one_checkpoint_are_written_as_two_files(home: Path, tmp_path: Path, clock: Clock):
    genzu(home, "ledger", "anchor", "--tsa", clock.url)
    genzu(home, "ledger", "anchor", "--tsa", f"HTTP{clock.url[4:]}")
    for _ in range(2):
        assert genzu(home, "ledger", "anchors", "-o", tmp_path / "stamps").exit_code == 0
    names = sorted(each.name for each in (tmp_path / "stamps").iterdir())
    assert names == ["checkpoint-6-2.tsr", "checkpoint-6.tsr", "checkpoint-6.txt"]
    (tmp_path / "stamps" / "checkpoint-6.txt").write_text("another ledger's")
    refused = genzu(home, "ledger", "anchors", "-o", tmp_path / "stamps")
    assert isinstance(refused.exception, OutputError)
    assert (tmp_path / "stamps" / "checkpoint-6.txt").read_text() == "another ledger's"


def test_a_request_to_a_wrong_authority_can_be_withdrawn(home: Path, clock: Clock):
    wrong = "http://127.0.0.1:9/"
    genzu(home, "ledger", "anchor", "--tsa", clock.url)
    assert "waits" in genzu(home, "ledger", "anchor", "--tsa", wrong).output
    assert (
        "1 request to http://127.0.0.1:9/ withdrawn"
        in genzu(home, "ledger", "anchor", "--withdraw", wrong).output
    )
    assert "0 requests" in genzu(home, "ledger", "anchor", "--withdraw", clock.url).output
    listed = genzu(home, "ledger", "anchors").output
    assert clock.url in listed and wrong not in listed
    assert genzu(home, "ledger", "verify", "--rebuild").exit_code == 0


def test_a_stamp_by_nobody_we_know_ends_with_one(home: Path, tmp_path: Path, clock: Clock):
    genzu(home, "ledger", "anchor", "--tsa", clock.url)
    stranger = make_authority(tmp_path / "other").root_file
    assert genzu(home, "ledger", "anchors", "--trust", stranger).exit_code == 1
