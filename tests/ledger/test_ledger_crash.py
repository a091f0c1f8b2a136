"""Stopped at any moment, by anything: nothing acknowledged is lost, and the log goes on as one log."""

import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from ledger_samples import open_ledger, painted, recorded

from provenance.errors import LedgerBusy, OutputError
from provenance.ledger.check.verify import verify
from provenance.ledger.store import database
from provenance.ledger.store.turnstile import Turnstile
from provenance.proof.merkle import root

DRIVER = str(Path(__file__).parents[1] / "ledger_driver.py")
CALLS = (
    "openat",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "rename",
    "link",
    "ftruncate",
    "unlink",
    "flock",
    "mmap",
)


def acknowledged(lines: list[str]) -> list[int]:
    return [int(line) for line in lines if line.isdecimal()]


def survives(home: Path, lines: list[str]) -> None:
    """Opens what was left, checks all of it, and writes on."""
    with open_ledger(home) as ledger:
        kept = len(ledger)
        assert all(seq < kept for seq in acknowledged(lines))
        signed = [int(line.split()[1]) for line in lines if line.startswith("checkpoint ")]
        ledger.request(recorded())
        last = ledger.checkpoint().checkpoint
        assert all(size < last.size for size in signed)
        assert last.root == root(each.leaf_hash for each in ledger.entries())
    report = verify(home / "ledger.sqlite3", checkpoints=home / "checkpoints.txt", thorough=True)
    assert report.ok, report.faults


def kill_after(home: Path, seconds: float) -> list[str]:
    process = subprocess.Popen([sys.executable, DRIVER, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(seconds)
    process.kill()
    rest = process.stdout.read().splitlines()
    process.wait()
    return [first.strip(), *[line for line in rest if not line.startswith("refused")]]


def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path):
    chance = random.Random(7)
    lines: list[str] = []
    for _ in range(2):
        lines += kill_after(tmp_path / "home", chance.uniform(0, 0.5))
        survives(tmp_path / "home", lines)


@pytest.mark.slow
def test_a_writer_killed_over_and_over_loses_nothing(tmp_path: Path):
    chance = random.Random(11)
    lines: list[str] = []
    for _ in range(25):
        lines += kill_after(tmp_path / "home", chance.uniform(0, 0.3))
    survives(tmp_path / "home", lines)


def test_a_writer_killed_at_its_very_first_start_leaves_a_ledger_that_opens(tmp_path: Path):
    for number in range(3):
        home = tmp_path / str(number)
        process = subprocess.Popen([sys.executable, DRIVER, str(home)], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 30
        while not home.exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(0.05 * number)
        process.kill()
        process.wait()
        survives(home, [])


@pytest.mark.parametrize("limit", [180_000, 400_000])
def test_a_full_disk_is_told_and_what_was_acknowledged_stays(tmp_path: Path, limit: int):
    """Files may not grow beyond a limit: the write fails as on a full disk, wherever it hits."""
    home = tmp_path / "home"
    open_ledger(home).close()
    done = subprocess.run(
        [sys.executable, DRIVER, str(home), "2000"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 3, done.stderr
    assert lines[-1].startswith("refused OutputError"), lines[-1]
    survives(home, lines)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not here")
@pytest.mark.parametrize("call", CALLS)
def test_each_failing_system_call_is_told_and_loses_nothing(tmp_path: Path, call: str):
    """Lets the n-th call fail, for many n; what the driver acknowledged must be there, and the check must pass."""
    home = tmp_path / "home"
    with open_ledger(home) as ledger:
        ledger.request(painted())
        ledger.checkpoint()
    lines: list[str] = []
    for when in (1, 2, 3, 5, 8, 13, 21):
        filters = ["-P", str(home / "ledger.sqlite3"), "-P", str(home / "ledger.sqlite3-wal"),
                   "-P", str(home / "ledger.sqlite3-shm"), "-P", str(home / "checkpoints.txt")]  # fmt: skip
        done = subprocess.run(
            ["strace", "-f", "-qq", "-o", "/dev/null", *filters,
             "-e", f"inject={call}:error=EIO:when={when}", sys.executable, DRIVER, str(home), "4"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )  # fmt: skip
        assert done.returncode in {0, 3}, done.stderr
        lines += done.stdout.splitlines()
    if call in {"openat", "pwrite64"}:
        assert any(line.startswith("refused") for line in lines), "no call was made to fail"
    survives(home, lines)


def test_a_torn_write_ahead_log_costs_nothing_that_was_committed_before(tmp_path: Path):
    """The file after a power cut: the main file, and a log whose last page was half written."""
    home = tmp_path / "home"
    with open_ledger(home) as ledger:
        ledger.request(painted())
        kept = len(ledger)
        whole = {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}
        ledger.request(painted())
        torn = (home / "ledger.sqlite3-wal").read_bytes()
    after = tmp_path / "after"
    shutil.copytree(home, after)
    for name, data in whole.items():
        (after / name).write_bytes(data)
    (after / "ledger.sqlite3-wal").write_bytes(torn[:-1000])
    (after / "ledger.sqlite3-shm").unlink(missing_ok=True)
    with open_ledger(after) as ledger:
        assert len(ledger) >= kept
    survives(after, [])


def write_at_once(home: Path, *, processes: int, pictures: int) -> list[str]:
    """What processes say that are started together and write into one ledger; none of them may fail."""
    drivers = [
        subprocess.Popen(
            [sys.executable, DRIVER, str(home), str(pictures)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(processes)
    ]
    lines = []
    for each in drivers:
        out, _ = each.communicate(timeout=120)
        assert each.returncode == 0, out
        lines += out.splitlines()
    return lines


def test_two_processes_write_at_once_and_make_one_log(tmp_path: Path):
    home = tmp_path / "home"
    lines = write_at_once(home, processes=2, pictures=12)
    numbers = acknowledged(lines)
    assert len(numbers) == len(set(numbers)) == 48
    survives(home, lines)


def test_processes_that_begin_one_ledger_at_once_make_one_log(tmp_path: Path):
    # Made at once, not merely written at once: SQLite says "busy" here without waiting.
    for attempt in range(6):
        home = tmp_path / f"home-{attempt}"
        lines = write_at_once(home, processes=3, pictures=1)
        assert len(set(acknowledged(lines))) == 6
        survives(home, lines)


def test_one_that_writes_on_and_on_keeps_nobody_out(tmp_path: Path):
    written, done = 0, threading.Event()

    def write_on() -> None:
        nonlocal written
        with open_ledger(tmp_path) as ledger:
            while not done.is_set():
                ledger.request(recorded())
                written += 1

    open_ledger(tmp_path).close()
    busy = threading.Thread(target=write_on)
    busy.start()
    waited_for = 0
    try:
        with open_ledger(tmp_path) as ledger:
            for _ in range(20):
                before, start = written, time.monotonic()
                while written < before + 5 and time.monotonic() < start + 10:
                    time.sleep(0.001)
                before = written
                ledger.request(recorded())
                waited_for += written - before
    finally:
        done.set()
        busy.join()
    assert waited_for < 20 * 10, "without a queue it is some 70 for each"


def test_a_second_opening_in_one_process_leaves_the_locks_of_the_first(tmp_path: Path):
    code = (
        "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('PRAGMA journal_mode = DELETE')"
    )
    with open_ledger(tmp_path) as ledger:
        ledger.request(painted())
        open_ledger(tmp_path).close()
        verify(tmp_path / "ledger.sqlite3")
        command = [sys.executable, "-c", code, str(tmp_path / "ledger.sqlite3")]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "database is locked" in done.stderr, "another program could take the write-ahead log away"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_child_that_was_forked_while_its_parent_wrote_keeps_nobody_out(tmp_path: Path):
    with Turnstile(tmp_path / "turn", 5):
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
    try:
        with Turnstile(tmp_path / "turn", 0.2):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_stopped_just_as_its_turn_came_a_ledger_can_be_written_on(tmp_path: Path):
    class Stopped(Turnstile):
        def __exit__(self, *_: object) -> None:
            super().__exit__(None, None, None)
            raise KeyboardInterrupt

    path = tmp_path / "ledger.sqlite3"
    stopped = database.Database(path, read_only=False, turnstile=Stopped(tmp_path / "turn", 1))
    with pytest.raises(KeyboardInterrupt), stopped.write():
        pass
    with closing(sqlite3.connect(path, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
    stopped.close()


def test_two_programs_import_one_log_at_once(tmp_path: Path):
    with open_ledger(tmp_path / "theirs") as theirs:
        for _ in range(100):
            theirs.request(painted())
        theirs.export(tmp_path / "log.jsonl")
    code = (
        "import sys; from pathlib import Path; from provenance.ledger.foreign import import_log;"
        "import_log(Path(sys.argv[1]), [Path(sys.argv[2])], own=None)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "foreign"), str(tmp_path / "log.jsonl")]
    root_of_code = Path(__file__).parents[2]
    importers = [subprocess.Popen(command, cwd=root_of_code, stderr=subprocess.PIPE) for _ in range(4)]
    for each in importers:
        _, trouble = each.communicate(timeout=60)
        assert each.returncode == 0, trouble


def test_a_writer_that_cannot_get_its_turn_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    home = tmp_path / "home"
    with open_ledger(home) as one, open_ledger(home) as other:
        with one._db.write() as connection:
            connection.execute("SELECT 1")
            with pytest.raises(LedgerBusy):
                other.request(painted())
        other.request(painted())


def test_a_ledger_works_where_write_ahead_logging_cannot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "file_system", lambda path, mounts: "nfs4")
    home = tmp_path / "home"
    with open_ledger(home) as ledger:
        ledger.request(painted("pic-a"))
        assert ledger._db.journal == "delete"
        assert not (home / "ledger.sqlite3-wal").exists()
        assert ledger.picture("pic-a")
    survives(home, [])


def test_the_file_system_is_read_from_the_table_of_mounts():
    mounts = "/dev/a / ext4 rw 0 0\nserver:/films /films nfs4 rw 0 0\nb /films/my\\040disk fuse.sshfs rw 0 0\nbroken\n"
    assert database.file_system(Path("/films/x/ledger"), mounts) == "nfs4"
    assert database.file_system(Path("/films/my disk/ledger"), mounts) == "fuse.sshfs"
    assert database.file_system(Path("/filmset/ledger"), mounts) == "ext4"
    assert database.file_system(Path("/x"), "") == ""


def test_a_read_only_folder_can_be_read_and_refuses_a_writer(tmp_path: Path):
    from provenance.ledger import Ledger

    home = tmp_path / "home"
    with open_ledger(home) as ledger:
        ledger.request(painted("pic-a"))
    path = home / "ledger.sqlite3"
    path.chmod(0o400)
    home.chmod(0o500)
    try:
        with Ledger.open(path, key=home / "key", read_only=True) as reader:
            assert reader.picture("pic-a")
        if not _is_root():
            with pytest.raises(OutputError):
                open_ledger(home)
    finally:
        home.chmod(0o700)
        path.chmod(0o600)


def _is_root() -> bool:
    import os

    return os.geteuid() == 0
