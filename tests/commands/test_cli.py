"""The command line as a person meets it: what it prints, what it leaves, how it exits."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from PIL import Image

from generation.cli import genzu
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.statement.canonical import Digest

GENZU = [sys.executable, "-m", "generation"]
BY = ("--by", "layout: Mori Aoi")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def run(home: Path):
    def call(*arguments: object, code: int = 0, **named: object) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [*GENZU, "--home", str(home), *map(str, arguments)],
            capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}, **named,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == code, (done.stdout, done.stderr)
        return done

    return call


@pytest.fixture
def signed(run, layout: Path, tmp_path: Path) -> Path:
    out = tmp_path / "signed.png"
    run("record", layout, "--source", "print", *BY, "--shot", "c014", "-o", out)
    return out


@pytest.mark.parametrize("known", [False, True], ids=["no archive yet", "an archive"])
def test_a_dry_run_shows_what_would_be_public_and_writes_nothing(run, home, layout, tmp_path, known):
    if known:
        run("record", layout, "--source", "print", *BY, "-o", tmp_path / "first.png")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    out = tmp_path / "out.png"
    told = run(
        "record", layout, "--source", "print", *BY, "--no-training", "--pseudonym", "Mori Aoi=Kitsune",
        "--dry-run", "-o", out,
    ).stdout  # fmt: skip
    assert "credit, layout: Kitsune" in told and "wish: not for" in told and "Mori" not in told
    rows = json.loads(
        run("record", layout, "--source", "print", *BY, "--dry-run", "--json", "-o", out).stdout
    )
    assert {"about": "credit, layout", "words": "Mori Aoi"} in rows["public"]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before
    assert home.exists() is known


def test_place_and_owner_leave_only_where_that_is_asked(run, tmp_path):
    exif = Image.Exif()
    exif[0xA430] = "Mori Aoi's camera"
    exif.get_ifd(0x8825)[29] = "2026:11:23"
    photograph = tmp_path / "photograph.jpg"
    Image.new("RGB", (64, 48), "teal").save(photograph, exif=exif)
    for option, kept in (((), False), (("--keep-private",), True)):
        out = tmp_path / f"out-{kept}.jpg"
        run("record", photograph, "--source", "digitalCapture", *BY, *option, "-o", out)
        assert (b"2026:11:23" in out.read_bytes()) is kept


def test_a_dry_run_of_a_painting_paints_nothing(run, home, layout, tmp_path):
    told = run(
        "paint", layout, "--prompt", "sunset", "--disclose", "digest", "--steps", 2, "--strength", 1,
        *BY, "--by", "prompt: Abe Rin", "--dry-run", "-o", tmp_path / "out.png",
    ).stdout  # fmt: skip
    assert "prompt: only a salted digest" in told and "sunset" not in told and "2 steps" in told
    assert not home.exists() and not (tmp_path / "out.png").exists()


def test_a_recorded_picture_can_be_inspected_credited_shown_and_exported(run, signed, tmp_path):
    told = json.loads(run("inspect", signed, "--json").stdout)
    assert "Mori Aoi" in json.dumps(told, ensure_ascii=False)
    assert "Mori Aoi" in run("credits", "Mori Aoi").stdout
    assert "Mori Aoi" in run("credits", signed).stdout
    assert "picture.released" in run("log").stdout
    picture = json.loads(run("credits", "Mori Aoi", "--json").stdout)
    name = next(word for word in json.dumps(picture).replace('"', " ").split() if word.startswith("pic-"))
    assert "c014" in run("show", name).stdout
    run("export", name, "-o", tmp_path / "again.png")
    assert Digest.of_file(tmp_path / "again.png") == Digest.of_file(signed)


def test_a_retouch_is_told_as_a_second_step(run, signed, revised, tmp_path):
    out = tmp_path / "final.png"
    said = json.loads(run("retouch", signed, revised, "--by", "retouch: 佐藤 花", "-o", out, "--json").stdout)
    assert said["digest"] == str(Digest.of_file(out))
    text = run("inspect", out).stdout
    assert text.index("Mori Aoi") < text.index("佐藤 花")


def test_an_altered_picture_exits_with_1(run, signed):
    data = bytearray(signed.read_bytes())
    data[data.index(b"IDAT") + 20] ^= 1
    signed.write_bytes(data)
    assert "altered" in run("inspect", signed, code=1).stdout


def test_a_picture_that_is_no_picture_exits_with_2(run, tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    run("inspect", tmp_path / "text.png", code=2)
    run("inspect", tmp_path / "nowhere.png", code=2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: p.write_text("hello"), "not a picture"),
        (lambda p: p.write_bytes(b""), "empty"),
        (lambda p: p.mkdir(), "folder"),
        (lambda p: None, "not there|no such file|No such"),
        (lambda p: p.write_bytes(png()[:400]), "cut off|truncated|damaged"),
        (lambda p: Image.new("1", (12_000, 9_000)).save(p), "pixels"),
    ],
)
def test_a_layout_that_cannot_be_taken_is_one_sentence_and_exit_2(run, tmp_path, make, words):
    import re

    bad = tmp_path / "bad.png"
    make(bad)
    done = run("record", bad, "--source", "print", *BY, "-o", tmp_path / "out.png", code=2)
    assert re.search(words, done.stderr), done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out.png").exists()


def png() -> bytes:
    import io

    buffer = io.BytesIO()
    Image.effect_noise((64, 64), 60).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("by", ["AI (+Human)", "Stable Diffusion XL", "生成AI"])
def test_software_in_a_persons_slot_is_refused(run, layout, tmp_path, by):
    done = run(
        "record", layout, "--source", "print", "--by", f"layout: {by}", "-o", tmp_path / "o.png", code=2
    )
    assert "names software" in done.stderr


def test_an_output_that_is_there_is_refused_without_force(run, signed, layout):
    before = signed.read_bytes()
    done = run("record", layout, "--source", "print", *BY, "-o", signed, code=2)
    assert "exists already" in done.stderr
    assert signed.read_bytes() == before
    run("record", layout, "--source", "print", *BY, "-o", signed, "--force")
    assert signed.read_bytes() != before


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (["--strength", "0.01", "--steps", "5"], "leaves no step"),
        (["--strength", "7"], "strength is above 0"),
        (["--steps", "0"], "steps"),
        (["--model", "/nowhere/model"], "/nowhere/model"),
    ],
)
def test_what_cannot_be_painted_is_one_sentence_and_exit_2(run, layout, tmp_path, extra, words):
    done = run("paint", layout, "--prompt", "night", *BY, "-o", tmp_path / "o.png", *extra, code=2)
    assert words in done.stderr
    assert json.loads(run("log", "--json").stdout or "[]") in ([], {}) or "requested" not in run("log").stdout


def test_a_key_that_does_not_fit_its_certificate_is_said(run, layout, tmp_path, home):
    run("init")
    other = tmp_path / "other"
    subprocess.run([*GENZU, "--home", str(other), "init"], check=True, capture_output=True)
    for name in ("signing.pem",):
        theirs = (other / "keys" / name).read_text()
        key = theirs[theirs.index("-----BEGIN PRIVATE") : theirs.index("-----END PRIVATE") + 25]
        (tmp_path / "key.pem").write_text(key)
        ours = (home / "keys" / name).read_text()
        chain = ours[ours.index("-----BEGIN CERT") : ours.rindex("-----END CERT") + 25]
        (tmp_path / "chain.pem").write_text(chain)
    env = {"GENZU_SIGNING_CHAIN": str(tmp_path / "chain.pem"), "GENZU_SIGNING_KEY": str(tmp_path / "key.pem")}
    done = subprocess.run(
        [*GENZU, "--home", str(home), "record", str(layout), "--source", "print", *BY, "-o", str(tmp_path / "o.png")],
        capture_output=True, text=True, env={**os.environ, **env}, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "does not" in done.stderr or "not belong" in done.stderr, done.stderr


def test_a_disk_that_fills_while_signing_leaves_no_file_and_says_so(run, signed, layout, tmp_path):
    """A limit on file size makes every larger write fail as a full disk does."""
    big = tmp_path / "big.png"
    Image.effect_noise((700, 700), 90).convert("RGB").save(big)

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = run(
        "record", big, "--source", "print", *BY, "-o", tmp_path / "o.png", code=2, preexec_fn=small_files
    )
    assert "room" in done.stderr
    assert not (tmp_path / "o.png").exists()
    assert list(tmp_path.glob(".*.part")) == []
    run("record", big, "--source", "print", *BY, "-o", tmp_path / "o.png")  # with room again, all is well
    run("inspect", tmp_path / "o.png")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("delay", [0.1, 0.7, 2.0, 4.0, 6.0])
def test_ctrl_c_at_any_moment_leaves_nothing_half_done(run, home, layout, tmp_path, delay, number):
    run("init")
    out = tmp_path / "o.png"
    command = [
        *GENZU,
        "--home",
        str(home),
        "paint",
        str(layout),
        "--prompt",
        "night",
        "--steps",
        "400",
        *BY,
        "-o",
        str(out),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(delay)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    # Before Python has started, the signal itself ends it; and CPython ends as by SIGINT (a shell's 130, too) where
    # the stop fell into code that a library runs from text, as dataclasses do.
    assert process.returncode in (130, -number, -signal.SIGINT), errors
    assert "Traceback" not in errors
    assert not out.exists()
    assert list(tmp_path.glob(".*.part")) == []
    assert list((home / "staging").iterdir()) == []
    run("log")


def test_an_interrupt_that_python_swallowed_is_not_forgotten():
    program = (
        "import os, signal\n"
        "from provenance.commands.interrupt import heed, was_asked\n"
        "class Leaves:\n"
        "    def __del__(self): os.kill(os.getpid(), signal.SIGINT)\n"
        "heed()\n"
        "before, it = was_asked(), Leaves()\n"
        "del it\n"
        "print(before, was_asked())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "False True\n")
    assert "Exception ignored" in done.stderr


def test_what_a_library_says_when_it_is_interrupted_is_not_told_as_an_error():
    program = (
        "import os, signal, click\n"
        "from provenance.commands.cli import run\n"
        "from provenance.errors import ProvenanceError\n"
        "@click.command()\n"
        "def load():\n"
        "    try:\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "    except KeyboardInterrupt:\n"
        "        raise ProvenanceError('the weights could not be loaded') from None\n"
        "run(load)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "stopped; nothing half-made is left\n")


def test_a_stranger_without_an_archive_can_inspect_and_nothing_is_made(run, signed, tmp_path):
    other = tmp_path / "stranger"
    done = subprocess.run(
        [*GENZU, "--home", str(other), "inspect", str(signed)], capture_output=True, text=True, check=False
    )
    assert "unknown signer" in done.stdout
    assert not other.exists()


def test_a_new_archive_has_a_checkpoint_to_give_away(tmp_path):
    home = tmp_path / "new"
    done = subprocess.run([*GENZU, "--home", str(home), "init"], check=True, capture_output=True, text=True)
    named = [line.split()[2] for line in done.stdout.splitlines() if line.startswith("copy out")]
    assert named == [str(home / "checkpoints.txt")]
    assert SignedCheckpoint.parse((home / "checkpoints.txt").read_text()).checkpoint.size == 1


def test_piped_output_is_plain_and_a_closed_pipe_is_quiet(run, signed, home):
    assert "\x1b" not in run("inspect", signed).stdout
    shell = f"{sys.executable} -m generation --home {home} log | head -c 1"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def every_command(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            yield from every_command(f"{path} {name}", command.get_command(click.Context(command), name))


def test_each_option_of_each_command_is_explained():
    options = [
        (path, each.opts, each.help)
        for path, command in every_command("genzu", genzu)
        for each in command.params
        if isinstance(each, click.Option)
    ]
    assert len(options) > 300
    assert [(path, names) for path, names, words in options if not words] == []


@pytest.mark.parametrize("group", [(), ("ledger",), ("people",), ("project",), ("dispute",)])
def test_help_tells_every_command_in_a_whole_sentence_that_fits_a_terminal(group):
    told = CliRunner().invoke(genzu, [*group, "--help"], terminal_width=80).output
    assert "..." not in told.partition("Commands:")[2]
    assert max(map(len, told.splitlines())) <= 80
