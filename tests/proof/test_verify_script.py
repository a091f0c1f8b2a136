"""The standalone verifier beside ours: two programs, written apart, over the same files."""

import itertools
import re
import subprocess
import sys
from pathlib import Path

import pytest

from provenance.errors import KeyMissing, ProofError
from provenance.proof.comparison import Standing, compare, read_claims
from provenance.proof.note import VerifyKey
from provenance.proof.receipt import Receipt, tidy, verify
from tests import proof_samples as samples

SCRIPT = Path(__file__).parents[2] / "docs" / "verify" / "verify.py"
GOOD = sorted(samples.FOLDER.glob("*.t*"))
BROKEN = sorted((samples.FOLDER / "broken").glob("*.t*"))
KEY = str(samples.KEY.verify_key)


@pytest.fixture(scope="module")
def script():
    """The script's own functions, in this process: starting Python a hundred times is slow."""
    names = {"__name__": "verify"}
    exec(compile(SCRIPT.read_text("utf-8"), str(SCRIPT), "exec"), names)
    return names


def run(script, monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["verify.py", *map(str, words)])
    code = script["main"]()
    return code, capsys.readouterr().out


@pytest.fixture
def check(script, monkeypatch, capsys):
    # The captured output has no encoding to set.
    monkeypatch.setattr(type(sys.stdout), "reconfigure", lambda *_, **__: None, raising=False)
    return lambda *words: run(script, monkeypatch, capsys, *words)


def ours(path, key=None, against=None):
    """Our own answer as the script's exit code."""
    known = VerifyKey.parse(key) if key else None
    try:
        claims = read_claims(tidy(path.read_bytes()), known)
        if against is None:
            return 0
        standing = compare(claims, read_claims(tidy(against.read_bytes()), known)).standing
    except KeyMissing:
        return 2
    except ProofError:
        return 1
    return {Standing.AGREE: 0, Standing.CONTRADICT: 1, Standing.OPEN: 2}[standing]


def test_the_script_is_short_and_imports_nothing_of_ours():
    lines = SCRIPT.read_text("utf-8").splitlines()
    assert len(lines) < 150
    assert not any("provenance" in line or "generation" in line for line in lines)


@pytest.mark.parametrize("path", [*GOOD, *BROKEN], ids=lambda path: path.name)
def test_both_give_the_same_answer_about_each_file(check, path):
    assert check(path)[0] == ours(path)
    assert check(path, "--key", KEY)[0] == ours(path, KEY)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.name)
def test_no_broken_file_passes_and_none_is_answered_with_a_stack_trace(check, path):
    code, said = check(path, "--key", KEY)
    assert code == 1
    assert said.startswith("DOES NOT HOLD: ")


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_both_compare_alike(check, path):
    for other in GOOD:
        assert check(path, "--key", KEY, "--against", other)[0] == ours(path, KEY, other), other.name
    other = samples.FOLDER / "another-log.tlog-proof"
    assert check(path, "--against", other)[0] == ours(path, None, other)


def test_the_script_shows_what_the_receipt_opens_and_nothing_else(check):
    code, said = check(samples.FOLDER / "receipt.tlog-proof")
    assert code == 0
    assert "森 葵" in said
    assert "a railway in deep snow, dusk" in said
    code, said = check(samples.FOLDER / "closed.tlog-proof")
    assert code == 0
    assert "森 葵" not in said
    assert "(sealed)" in said


@pytest.mark.parametrize("name", ["misbehaviour.txt", "misbehaviour-4.txt", "misbehaviour-same-size.txt"])
def test_a_proof_of_misbehaviour_is_told_from_a_file_that_proves_none(check, tmp_path, name):
    text = (samples.FOLDER / name).read_text("utf-8")
    code, said = check(samples.FOLDER / name)
    assert code == 1
    assert said.startswith(f"MISBEHAVED: {samples.KEY.name} signed ")
    path = tmp_path / "changed.txt"
    for place in range(0, len(text), 3):
        path.write_text(text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :], "utf-8")
        code, said = check(path)
        assert code in (1, 2)
        assert not said.startswith("MISBEHAVED"), place


@pytest.mark.parametrize("name", ["continuation.txt", "continuation-4.txt"])
def test_an_honest_log_cannot_be_accused(check, tmp_path, name):
    text = (samples.FOLDER / name).read_text("utf-8").replace("continuation@", "misbehaviour@")
    (tmp_path / "false.txt").write_text(text, "utf-8")
    code, said = check(tmp_path / "false.txt")
    assert (code, said[:15]) == (1, "DOES NOT HOLD: ")


def test_another_key_than_the_given_one_is_refused(check):
    code, said = check(samples.FOLDER / "receipt.tlog-proof", "--key", str(samples.IMPOSTOR.verify_key))
    assert code == 1
    assert "another one was given" in said


def test_every_single_character_matters_to_both(check, tmp_path):
    text = (samples.FOLDER / "first.tlog-proof").read_text("utf-8")
    path = tmp_path / "changed.tlog-proof"
    for place in itertools.chain(range(0, 60), range(60, len(text), 5)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        path.write_text(changed, "utf-8")
        code, _ = check(path)
        assert code == ours(path) != 0, place


@pytest.mark.parametrize(("text", "holds"), samples.hostile().values(), ids=samples.hostile())
def test_both_answer_alike_about_what_a_hostile_keeper_signs(check, tmp_path, text, holds):
    path = tmp_path / "hostile.tlog-proof"
    path.write_text(text, "utf-8")
    assert (check(path)[0] == 0, ours(path) == 0) == (holds, holds)


def test_a_strangers_text_does_not_steer_the_terminal(check, tmp_path):
    log = [samples.entry(0, "note", {"text": "\x1b[2J\u202egnp.\u200b"})]
    path = tmp_path / "hostile.tlog-proof"
    path.write_text(str(samples.receipt(log, 0, 1)), "utf-8")
    code, said = check(path)
    assert code == 0
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "\\u202e" in said


def test_what_mail_does_to_a_file_is_forgiven(check, tmp_path):
    data = (samples.FOLDER / "receipt.tlog-proof").read_bytes()
    path = tmp_path / "mailed.txt"
    path.write_bytes(b"\xef\xbb\xbf\r\n" + data.replace(b"\n", b"\r\n") + b"\r\n\r\n")
    assert check(path)[0] == ours(path) == 0


def test_it_runs_from_a_command_line_in_any_locale(tmp_path):
    command = [sys.executable, str(SCRIPT), str(samples.FOLDER / "receipt.tlog-proof")]
    done = subprocess.run(
        command, capture_output=True, cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"}, check=False
    )
    assert done.returncode == 0
    assert "森 葵" in done.stdout.decode()
    missing = subprocess.run([*command[:2], "nowhere"], capture_output=True, cwd=tmp_path, check=False)
    assert missing.returncode == 2
    assert missing.stdout.startswith(b"CANNOT BE TOLD")


@pytest.mark.parametrize(
    ("folder", "files"), [(samples.FOLDER, samples.good()), (samples.FOLDER / "broken", samples.broken())]
)
def test_the_golden_files_are_what_this_version_writes(folder, files):
    found = {each.name: each.read_text("utf-8") for each in folder.glob("*.t*")}
    assert found == files


def test_our_own_reading_of_the_golden_receipt_is_what_it_always_was():
    proved = verify(Receipt.parse((samples.FOLDER / "receipt.tlog-proof").read_text("utf-8")))
    assert [(each.index, each.place, each.value) for each in proved.opened] == [
        (1, "body.name", "森 葵"),
        (2, "body.name", "Jun Kato"),
        (3, "body.prompt.text", "a railway in deep snow, dusk"),
    ]
    assert proved.checkpoint.root.hex() == "962ea0aa2a517baffb34c297aee3383c7a8e624cb28759292a89bde2f921e218"


def examples():
    """The commands in docs/proofs.md with the lines printed below them."""
    text = (SCRIPT.parents[1] / "proofs.md").read_text("utf-8")
    for block in re.findall(r"^```\n\$ python (.*?)^```", text, re.DOTALL | re.MULTILINE):
        command, *lines = block.strip().split("\n")
        yield command, lines


@pytest.mark.parametrize(("command", "lines"), list(examples()), ids=str)
def test_the_examples_for_artists_are_what_the_script_says(check, monkeypatch, command, lines):
    monkeypatch.chdir(SCRIPT.parents[2])
    _, said = check(*command.split()[1:])
    printed = said.strip().split("\n")
    assert re.fullmatch(re.escape(lines[-1]).replace("…", ".*"), printed[-1])
    for wanted, found in zip(lines, printed, strict=False):
        if wanted.strip() == "…":
            break
        assert re.fullmatch(re.escape(wanted).replace("…", ".*"), found)
