"""Reports that are signed: their digests in the ledger, and a receipt beside each, by which anybody checks it.

report.html               the report; it holds the digest of each page in report-files/
report.html.tlog-proof    the receipt of the entry report.signed
"""

import re
from collections.abc import Sequence
from pathlib import Path

import click

from provenance.audit.report import pages_of
from provenance.commands.opening import reading, writing
from provenance.errors import NotRecorded, ProofError
from provenance.ledger.entries.audit_bodies import ReportSigned, report_body
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.shape import read
from provenance.proof.note import VerifyKey
from provenance.proof.receipt import SUFFIX, Proved, read_receipt
from provenance.proof.receipt import verify as verify_receipt
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.statement.untrusted import plain
from provenance.storage.atomic import save

HOLDS, FAILS, NOT_TOLD = 0, 1, 2
_PAGE = re.compile(
    r"<li><code>([0-9a-f]{64}) ([^<>/]{1,200}-files/[0-9]{3,}(?:-[0-9a-f]{8})?\.html)</code></li>"
)


def sign_reports(settings: Settings, outs: Sequence[Path], *, made: str, files: int) -> None:
    """One entry for all forms of a report; its receipt beside each."""
    if not settings.ledger.is_file():
        raise NotRecorded("there is no ledger to sign the report with; genzu init makes one")
    said = [(out.suffix.lower().lstrip("."), Digest.of_file(out), out.stat().st_size) for out in outs]
    with writing(settings) as ledger:
        entry = ledger.append(EntryKind.REPORT_SIGNED, report_body(said, files, made))
        ledger.checkpoint()
        receipt = str(ledger.receipt(entry.seq))
    for out in outs:
        save(_receipt_of(out), receipt.encode())
        click.echo(f"signed: entry {entry.seq} of the ledger; receipt {_receipt_of(out)}")


def verify_report(settings: Settings, path: Path) -> int:
    """Whether a report is the one that a ledger signed; says so, and answers with an exit code."""
    receipt = _receipt_of(path)
    if not path.is_file() or not receipt.is_file():
        click.echo(f"cannot be told: {path} and its receipt {receipt.name} must both be there")
        return NOT_TOLD
    own = _own_key(settings)
    try:
        proved = verify_receipt(read_receipt(receipt.read_bytes()))
    except ProofError as error:
        click.echo(f"does not hold: {plain(str(error), 300)}")
        return FAILS
    trouble = _trouble(path, proved)
    if trouble:
        click.echo(f"does not hold: {trouble}")
        return FAILS
    log = proved.checkpoint.origin
    known = own is not None and own.name == log and own.public == proved.key.public
    whose = "this ledger" if known else f"the ledger {plain(log, 80)}, whose key you check with its keeper"
    click.echo(f"holds: {path} is as it was signed, in entry {proved.entries[0].index} of {whose}")
    return HOLDS


def _trouble(path: Path, proved: Proved) -> str:
    """Why the file is not what the entry says; "" where it is."""
    said = proved.entries[0].value
    if not isinstance(said, dict) or said.get("kind") != EntryKind.REPORT_SIGNED.value:
        return "its receipt is of another kind of entry"
    body = read(ReportSigned, said.get("body"))
    if str(Digest.of_file(path)) not in {each.digest for each in body.files}:
        return "the report is not the file that was signed"
    if path.suffix.lower() != ".html":
        return ""
    return _trouble_of_pages(path)


def _trouble_of_pages(path: Path) -> str:
    """The further pages by the digests in the first one."""
    listed = {href: digest for digest, href in _PAGE.findall(path.read_text("utf-8", "replace"))}
    for href, digest in listed.items():
        page = path.parent / href
        if not page.is_file():
            return f"its page {href} is missing"
        if Digest.of_file(page).hex != digest:
            return f"its page {href} is not the one that was signed"
    folder = pages_of(path)
    more = {f"{folder.name}/{each.name}" for each in folder.iterdir()} - listed.keys() if listed else set()
    return f"{sorted(more)[0]} is none of its pages" if more else ""


def _receipt_of(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)


def _own_key(settings: Settings) -> VerifyKey | None:
    with reading(settings) as opened:
        return None if opened.ledger is None else opened.ledger.verify_key
