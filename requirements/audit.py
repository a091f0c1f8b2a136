"""Asks a vulnerability database about every package that `make` installs: what `make audit` runs.

    python requirements/audit.py

Exit codes, as the commands have them: 0 nothing is known against any package, 1 something is, 2 nobody could be asked.

pip-audit does the asking, of OSV and, where that is not reached, of PyPI; PIP_AUDIT_VULNERABILITY_SERVICE names one of
them. Its own exit code is the same for a hole and for a network that is not there. And a database that knows nothing
would pass for a clean answer: so an old package with well-known holes is asked about first.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LOCKED = Path(__file__).with_name("locked.txt")
SERVICES = {"osv": "OSV (api.osv.dev)", "pypi": "PyPI (pypi.org)"}
WITH_HOLES = "pillow==9.0.0\n"  # CVE-2022-22817 and more: whoever has nothing against it is not believed
PATIENCE = 900  # seconds for all questions to one service


@dataclass(frozen=True, slots=True)
class Answer:
    """What a database has: a line for each known hole, and the packages that it does not have."""

    holes: Sequence[str]
    unknown: Sequence[str]


def asked(service: str, packages: Path) -> Answer | None:
    """What the service has against the pinned packages; None where it was not reached, or broke off."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told.json"
        words = [
            "-r",
            str(packages),
            "--no-deps",
            "--disable-pip",
            "-s",
            service,
            "-f",
            "json",
            "-o",
            str(told),
        ]
        quiet = ["--progress-spinner", "off", "--aliases", "on", "--desc", "off"]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pip_audit", *words, *quiet],
                capture_output=True,
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        if told.exists():
            return _read(json.loads(told.read_text(encoding="utf-8")))
        # Where all is well it writes nothing.
        return Answer((), ()) if done.returncode == 0 else None


def _read(told: dict) -> Answer:
    holes, unknown = [], []
    for each in told["dependencies"]:
        if "skip_reason" in each:
            unknown.append(each["name"])
        for hole in each.get("vulns", []):
            names = ", ".join([hole["id"], *hole.get("aliases", [])])
            mended = ", ".join(hole["fix_versions"]) or "no version yet"
            holes.append(f"{each['name']} {each['version']}: {names}; mended in {mended}")
    return Answer(holes, unknown)


def first_answer() -> tuple[str, Answer] | None:
    """The service that answered, and what it has; None where none did."""
    only = os.environ.get("PIP_AUDIT_VULNERABILITY_SERVICE")
    for service in [only] if only else SERVICES:
        with tempfile.TemporaryDirectory() as folder:
            probe = Path(folder) / "probe.txt"
            probe.write_text(WITH_HOLES, encoding="utf-8")
            known = asked(service, probe)
        if known is None or not known.holes:
            continue
        found = asked(service, LOCKED)
        if found is not None:
            return service, found
    return None


def main() -> int:
    """Prints what is known, and gives the exit code."""
    pinned = sum("==" in line for line in LOCKED.read_text(encoding="utf-8").splitlines())
    found = first_answer()
    if found is None:
        print(
            f"No vulnerability database could be asked, so nothing is known about the {pinned} packages of "
            "requirements/locked.txt. Run it again where api.osv.dev or pypi.org can be reached."
        )
        return 2
    service, answer = found
    asked_at = f"Asked {SERVICES.get(service, service)} about {pinned} packages"
    for line in answer.holes:
        print(line)
    if answer.holes:
        kind = "vulnerability" if len(answer.holes) == 1 else "vulnerabilities"
        print(f"{asked_at}: {len(answer.holes)} known {kind}.")
        return 1
    if answer.unknown:
        print(
            f"{asked_at}: it has nothing on {', '.join(answer.unknown)}; of the others none is known to be vulnerable."
        )
        return 2
    print(f"{asked_at}: none is known to be vulnerable.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
