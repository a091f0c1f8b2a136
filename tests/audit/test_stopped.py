"""An audit that is really stopped, by the signal of Ctrl-C or by being killed, and started again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from provenance.audit.kept import EVERY
from provenance.commands.audit import audit_command
from provenance.settings import Settings

SMALL = 2 * EVERY + 60
SLOW = 8  # pictures at the end whose decoding leaves the time to stop it


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """Small pictures, no two alike, and slow ones behind them."""
    folder = tmp_path / "delivery"
    folder.mkdir()
    for number in range(SMALL):
        Image.new("RGB", (8, 8), (number % 256, number // 256, 7)).save(folder / f"c{number:04}.png")
    for number in range(SLOW):
        large = Image.new("RGB", (7000, 7000), (number, 1, 2))
        large.save(folder / f"z{number}.tif", compression="tiff_adobe_deflate")
    return folder


def begin(home: Path, delivery: Path, *outs: Path) -> "subprocess.Popen[str]":
    reports = [each for out in outs for each in ("--report", str(out))]
    options = [*reports, "--jobs", "1", "--no-look-up"]
    command = [sys.executable, "-m", "generation", "--home", str(home), "audit", str(delivery), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def kept(table: Path) -> int:
    """The rows that are on disk, seen from another process."""
    try:
        with closing(sqlite3.connect(f"file:{table}?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM rows").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # not there yet, or being written


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name)
def test_a_stopped_audit_keeps_what_it_has_and_goes_on_there(delivery, tmp_path, how):
    home, out = tmp_path / "home", tmp_path / "r.json"
    table = out.with_name("r.json.looking")
    running = begin(home, delivery, out)
    while kept(table) < EVERY and running.poll() is None:
        time.sleep(0.01)
    running.send_signal(how)
    _, said = running.communicate()
    assert running.returncode not in (0, 2) and not out.exists()
    before = kept(table)
    assert EVERY <= before < SMALL + SLOW
    assert ("To go on, give the same command again" in said) is (how is not signal.SIGKILL), said
    # Other bytes under the same size and date: no row of an earlier look counts for them.
    first = delivery / "c0000.png"
    stat, data = first.stat(), first.read_bytes()
    first.write_bytes(bytes(len(data)))
    os.utime(first, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    # A row that counts again is not looked for anew: what stands in it by then is told.
    with closing(sqlite3.connect(table)) as database, database:
        told = "replace(CAST(row AS TEXT), 'no credentials', 'altered')"
        database.execute(f"UPDATE rows SET row = CAST({told} AS BLOB) WHERE id = 2")
    again = begin(home, delivery, out)
    _, said = again.communicate()
    assert again.returncode == 2 and f"going on: {before - 1:,} of {SMALL + SLOW:,} files" in said, said
    rows = json.loads(out.read_text("utf-8"))["rows"]
    assert [each["path"] for each in rows] == [f"delivery/{each.name}" for each in sorted(delivery.iterdir())]
    assert rows[0]["verdict"] == "could not check"
    assert [each["verdict"] for each in rows[1:3]] == ["altered", "no credentials"]
    assert not table.exists()


def test_an_audit_that_was_stopped_while_it_wrote_its_reports_writes_them_anew_and_no_others(tmp_path):
    (tmp_path / "delivery").mkdir()
    Image.new("RGB", (8, 8)).save(tmp_path / "delivery" / "a.png")
    own, other = tmp_path / "r.json", tmp_path / "other.csv"

    def told(*reports):
        options = [option for each in reports for option in ("--report", str(each))]
        command = [str(tmp_path / "delivery"), "--no-look-up", *options]
        return CliRunner().invoke(audit_command, command, obj=Settings(home=tmp_path / "home"))

    assert told(own).exit_code == 0
    assert "exists already" in str(told(own).exception)
    other.write_text("somebody else's")
    # What a killed process leaves that had written one of two reports.
    with closing(sqlite3.connect(own.with_name("r.json.looking"))) as database, database:
        database.execute("CREATE TABLE reports (name TEXT PRIMARY KEY) WITHOUT ROWID")
        database.execute("INSERT INTO reports VALUES (?)", (str(own),))
    assert "other.csv exists already" in str(told(own, other).exception)
    other.unlink()
    assert told(own, other).exit_code == 0
    assert len(json.loads(own.read_text("utf-8"))["rows"]) == 1


def test_two_audits_that_share_any_report_do_not_write_it_at_once(delivery, tmp_path):
    """Not their first one alone: whoever comes second is told so before anything is looked at, and can go on later."""
    settings, shared = Settings(home=tmp_path / "home"), tmp_path / "shared.html"

    def second(*more):
        reports = [each for out in ("b.json", "shared.html") for each in ("--report", str(tmp_path / out))]
        words = [str(delivery / "c0000.png"), "--no-look-up", *reports, *more]
        return CliRunner().invoke(audit_command, words, obj=settings)

    running = begin(tmp_path / "home", delivery, tmp_path / "a.json", shared)
    while not (tmp_path / "a.json.looking").exists() and running.poll() is None:
        time.sleep(0.01)
    refused = second()
    running.kill()
    running.communicate()
    assert "another audit is writing shared.html just now" in str(refused.exception)
    assert second().exit_code == 0 and second("--force").exit_code == 0
    left = {each.name for each in tmp_path.iterdir() if each.name.endswith(".looking")}
    assert left == {"a.json.looking"}  # of the one that was killed, whose rows still count
