"""`make audit`: the pinned packages held against a database, which is a stand-in with OSV's interface here."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from packaging.version import Version

pytest.importorskip("pip_audit", reason="the audit of packages needs pip-audit")

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / "requirements" / "audit.py"
NOTHING_ASKED = "nothing is known about the"


@contextmanager
def database(mended_in: dict[str, str], breaks_at: str = "") -> Iterator[str]:
    """A database that has a hole of each of these packages, mended in that version; its address."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            name = asked["package"]["name"]
            fixed = mended_in.get(name)
            open_still = fixed is not None and Version(asked["version"]) < Version(fixed)
            body = json.dumps({"vulns": [hole(name, fixed)]} if open_still else {}).encode()
            self.send_response(500 if name == breaks_at else 200)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/query"
    server.shutdown()
    server.server_close()


def hole(package: str, fixed: str) -> dict:
    """An entry as OSV writes it."""
    ranges = [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": fixed}]}]
    affected = [{"package": {"name": package, "ecosystem": "PyPI"}, "ranges": ranges}]
    return {"id": f"GHSA-{package}", "schema_version": "1.4.0", "affected": affected, "aliases": ["CVE-1"]}


KNOWN = {"pillow": "9.0.1"}


def audited(address: str) -> "subprocess.CompletedProcess[str]":
    told = {"PIP_AUDIT_OSV_URL": address, "PIP_AUDIT_VULNERABILITY_SERVICE": "osv"}
    return subprocess.run(
        [sys.executable, str(AUDIT)], capture_output=True, text=True, env=os.environ | told, check=False
    )


def test_where_no_database_is_reached_nothing_is_said_to_be_well():
    done = audited("http://127.0.0.1:9/v1/query")
    assert (done.returncode, done.stderr) == (2, "")
    assert NOTHING_ASKED in done.stdout and "none is known" not in done.stdout


def test_a_database_that_knows_nothing_is_not_believed():
    with database({}) as address:
        done = audited(address)
    assert done.returncode == 2 and NOTHING_ASKED in done.stdout


def test_a_database_that_breaks_off_has_not_answered():
    with database(KNOWN, breaks_at="torch") as address:
        done = audited(address)
    assert done.returncode == 2 and NOTHING_ASKED in done.stdout


def test_a_hole_is_named_with_the_version_that_mends_it():
    with database({**KNOWN, "gradio": "99.1"}) as address:
        done = audited(address)
    assert done.returncode == 1
    assert "CVE-1, GHSA-gradio; mended in 99.1" in done.stdout and "pillow" not in done.stdout


def test_a_clean_answer_says_who_was_asked_and_about_how_many():
    with database(KNOWN) as address:
        done = audited(address)
    assert done.returncode == 0
    pinned = (ROOT / "requirements" / "locked.txt").read_text(encoding="utf-8").count("==")
    assert (
        done.stdout == f"Asked OSV (api.osv.dev) about {pinned} packages: none is known to be vulnerable.\n"
    )
