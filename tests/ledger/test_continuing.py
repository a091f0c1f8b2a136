"""An artist with an old receipt, and the keeper of the ledger it came from: what each types, years later."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from ledger_attacks import attack, regrow, rehash, sign_again
from ledger_samples import open_ledger, painted, release

from provenance.commands import dispute, ledger, people, receipt
from provenance.errors import LedgerError, NoteError, OutputError, ProofError
from provenance.proof.comparison import Claims, Standing, follow, read_claims
from provenance.settings import Settings
from tests import proof_samples as samples

EDIT = "UPDATE entries SET body = replace(body, 'c014', 'c999') WHERE kind = 'picture.requested' AND seq < 9"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_ledger(tmp_path / "home") as made:
        made.request(painted("pic-a", by=("layout: Mori Aoi", "prompt: Jun Kato")))
    return tmp_path / "home"


@pytest.fixture
def old(home: Path, tmp_path: Path) -> Path:
    """What the artist was given on the day."""
    genzu(home, "ledger", "prove", "pic-a", "-o", tmp_path / "old.tlog-proof")
    return tmp_path / "old.tlog-proof"


def genzu(home: Path, *words: str | Path) -> Result:
    group = click.Group(commands=[*ledger.COMMANDS, *receipt.COMMANDS, *dispute.COMMANDS, *people.COMMANDS])
    return CliRunner().invoke(group, [str(each) for each in words], obj=Settings(home=home))


def check(old: Path, *words: str | Path) -> Result:
    """The artist's own check: on a machine where there is no archive."""
    return genzu(old.parent / "nowhere", "receipt", "verify", old, *words)


def test_the_ledger_grew_was_corrected_and_the_artist_sees_both_without_the_keepers_help(
    home: Path, old: Path, tmp_path: Path
):
    with open_ledger(home) as opened:
        release(opened, "pic-a")
        opened.request(painted("pic-b"))
    assert genzu(home, "people", "add", "Rin").exit_code == 0
    words = ("--role", "layout", "--was", "Mori Aoi", "--is", "Rin", "--by", "Jun Kato")
    done = genzu(home, "dispute", "correct", "pic-a", *words)
    assert done.exit_code == 0, done.output
    grown, today = tmp_path / "grown.txt", tmp_path / "today.tlog-proof"
    done = genzu(home, "ledger", "continue", old, "-o", grown, "--receipt", today)
    assert done.exit_code == 0, done.output
    shutil.rmtree(home)

    done = check(old, "--against", grown, "--against", today)
    assert done.exit_code == 0, done.output
    assert "agree: " in done.output
    assert "only grew" in done.output
    assert "credit.corrected" in done.output
    assert "layout: Mori Aoi became Rin" in done.output
    assert "the picture was finished" in done.output
    told = json.loads(check(old, "--against", grown, "--against", today, "--json").stdout)
    assert told["against"]["standing"] == "agree"
    assert {each["entry"]["kind"] for each in told["since"]} >= {"credit.corrected", "picture.released"}
    # Without the continuation nobody can tell what lies between the two.
    done = check(old, "--against", today)
    assert done.exit_code == 2
    assert "ask the log's keeper for a continuation" in done.output
    # The small program gives the same answer.
    script = [sys.executable, str(ROOT / "docs" / "verify" / "verify.py"), str(old), "--against", str(grown)]
    assert subprocess.run(script, capture_output=True, check=False).returncode == 0


def test_a_continuation_needs_no_network_and_no_folder_of_ours(home: Path, old: Path, tmp_path: Path):
    genzu(home, "people", "add", "Rin")
    genzu(home, "ledger", "continue", old, "-o", tmp_path / "grown.txt")
    command = [sys.executable, "-m", "generation", "--home", str(tmp_path / "none"), "receipt", "verify"]
    # Any connection would end in an error: the proxy is a closed port.
    closed = dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9")
    done = subprocess.run(
        [*command, str(old), "--against", str(tmp_path / "grown.txt")],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | closed,
    )
    assert done.returncode == 0, done.stderr
    assert "only grew" in done.stdout
    assert not (tmp_path / "none").exists()


def test_a_keeper_who_rewrote_cannot_continue_the_old_receipt_and_new_ones_convict(
    home: Path, old: Path, tmp_path: Path
):
    with open_ledger(home) as opened:
        opened.request(painted("pic-b"))
        opened.checkpoint()
    attack(home, EDIT, rehash, regrow, sign_again(home))
    done = genzu(home, "ledger", "continue", old, "-o", tmp_path / "grown.txt")
    assert done.exit_code == 1
    assert "does not continue" in done.output
    assert not (tmp_path / "grown.txt").exists()
    genzu(home, "ledger", "prove", "pic-a", "-o", tmp_path / "today.tlog-proof")
    done = check(old, "--against", tmp_path / "today.tlog-proof")
    assert done.exit_code == 1
    assert "its record was rewritten" in done.output


def test_a_ledger_that_was_cut_off_cannot_continue_the_receipt(home: Path, old: Path, tmp_path: Path):
    shutil.copytree(home, tmp_path / "copy")
    with open_ledger(home) as opened:
        release(opened, "pic-a")
    genzu(home, "ledger", "prove", "pic-a", "-o", tmp_path / "later.tlog-proof")
    done = genzu(
        tmp_path / "copy", "ledger", "continue", tmp_path / "later.tlog-proof", "-o", tmp_path / "grown.txt"
    )
    assert done.exit_code == 1
    assert "cut off" in done.output


def test_it_goes_on_from_a_checkpoint_or_from_the_last_continuation(home: Path, old: Path, tmp_path: Path):
    genzu(home, "ledger", "checkpoint", "-o", tmp_path / "kept.txt")
    names = [f"grown-{number}.txt" for number in range(3)]
    held = tmp_path / "kept.txt"
    for name in names:
        genzu(home, "people", "add", name)
        assert genzu(home, "ledger", "continue", held, "-o", tmp_path / name).exit_code == 0
        held = tmp_path / name
    every = [word for name in names for word in ("--against", tmp_path / name)]
    assert check(old, *every).exit_code == 0
    assert check(old, *every[:2], *every[4:]).exit_code == 2  # a link is missing
    key = genzu(home, "ledger", "key").output.strip()
    assert check(old, "--key", key, "--against", tmp_path / "kept.txt").exit_code == 0
    done = genzu(home, "receipt", "verify", held)
    assert done.exit_code == 0
    assert "signed for a record of" in done.output


def test_what_is_not_ours_or_no_receipt_is_refused_with_a_sentence(home: Path, old: Path, tmp_path: Path):
    open_ledger(tmp_path / "other").close()
    genzu(tmp_path / "other", "ledger", "checkpoint", "-o", tmp_path / "foreign.txt")
    (tmp_path / "words.txt").write_text("hello\n")
    out = ("-o", tmp_path / "grown.txt")
    for held, error in ((tmp_path / "foreign.txt", NoteError), (tmp_path / "words.txt", ProofError),
                        (tmp_path / "none", LedgerError)):  # fmt: skip
        assert isinstance(genzu(home, "ledger", "continue", held, *out).exception, error), held
    genzu(home, "ledger", "checkpoint", "-o", tmp_path / "kept.txt")
    again = ("--receipt", tmp_path / "again.tlog-proof")
    assert isinstance(
        genzu(home, "ledger", "continue", tmp_path / "kept.txt", *out, *again).exception, LedgerError
    )
    assert genzu(home, "ledger", "continue", old, *out).exit_code == 0
    assert isinstance(genzu(home, "ledger", "continue", old, *out).exception, OutputError)


def test_a_proof_of_misbehaviour_is_told_as_one(tmp_path: Path):
    done = genzu(tmp_path, "receipt", "verify", samples.FOLDER / "misbehaviour.txt")
    assert done.exit_code == 1
    assert done.output.startswith("the log contradicts itself, and this proves it: ")
    told = genzu(tmp_path, "receipt", "verify", samples.FOLDER / "misbehaviour.txt", "--json").stdout
    assert json.loads(told)["forked"] is True
    done = check(samples.FOLDER / "receipt.tlog-proof", "--against", samples.FOLDER / "misbehaviour-4.txt")
    assert done.exit_code == 1


def test_two_continuations_of_one_record_do_not_vouch_for_each_other():
    """Both begin with the same four entries; that says nothing of how nine and five stand to each other."""
    key = samples.KEY.verify_key
    first = read_claims(str(samples.continuation_of(samples.HONEST, 4)), key)
    five = read_claims(str(samples.receipt(samples.HONEST, 3, 5)), key)
    four = read_claims(str(samples.receipt(samples.HONEST, 3, 4)), key)
    assert follow(four, [first]).standing is Standing.AGREE
    assert follow(five, [first, four]).standing is Standing.OPEN
    whole = read_claims(str(samples.continuation_of(samples.HONEST, 5)), key)
    assert follow(five, [first, whole, four]).standing is Standing.AGREE  # both begin the same nine
    nine = read_claims(str(samples.receipt(samples.HONEST, 8, 9)), key)
    assert follow(nine, [first, whole, five, four]).standing is Standing.AGREE
    rewritten = read_claims(str(samples.continuation_of(samples.REWRITTEN, 5)), key)
    assert follow(nine, [rewritten]).standing is Standing.CONTRADICT
    # What begins ours may go on to another record, too: that is no continuation of ours.
    ours, before, aside = (
        Claims(key, roots) for roots in ({5: b"a"}, {3: b"b", 5: b"a"}, {3: b"b", 8: b"c"})
    )
    assert follow(ours, [before]).standing is Standing.AGREE
    assert follow(ours, [before, aside]).standing is Standing.OPEN


def test_a_receipt_of_today_brings_the_corrections_of_its_picture_and_no_others(
    home: Path, old: Path, tmp_path: Path
):
    genzu(home, "people", "add", "Rin")
    with open_ledger(home) as opened:
        opened.request(painted("pic-b"))
        before = len(opened.receipt(opened.picture("pic-a").requested).also)
    words = ("--role", "layout", "--was", "Mori Aoi", "--is", "Rin", "--by", "Jun Kato")
    assert genzu(home, "dispute", "correct", "pic-b", *words).exit_code == 0
    with open_ledger(home) as opened:
        assert len(opened.receipt(opened.picture("pic-a").requested).also) == before
        receipt_b = opened.receipt(opened.picture("pic-b").requested)
        assert any(b"credit.corrected" in each.leaf for each in receipt_b.also)
        opened.rebuild()
        assert opened.receipt(opened.picture("pic-b").requested).also == receipt_b.also
