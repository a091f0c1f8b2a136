"""`genzu ledger anchor` and `anchors`: time stamps by an authority over what the ledger holds."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click
from cryptography import x509

from provenance.commands.opening import as_json, read_ledger, writing
from provenance.errors import LedgerError, OutputError, StatementError, TimeStampError
from provenance.ledger.timestamps import Anchor, anchors, ask, send, withdraw
from provenance.proof.timestamp import read_roots, verify
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, styled
from provenance.statement.counted import counted
from provenance.statement.json_value import Json
from provenance.statement.moment import moment
from provenance.statement.untrusted import plain
from provenance.storage.atomic import save

CHECK_FAILED = 1


@click.command("anchor")
@click.option("--tsa", metavar="URL", help="The time-stamp authority (RFC 3161); else GENZU_TSA_URL.")
@click.option(
    "--withdraw",
    "withdrawn",
    metavar="URL",
    help="Stop asking this authority for stamps that it has not given; ask nobody else now.",
)
@click.pass_obj
def anchor_command(settings: Settings, tsa: str | None, withdrawn: str | None) -> None:
    """Ask a time-stamp authority to confirm what the ledger holds now.

    The authority gets a hash and nothing else. Without a network the request waits for the next anchor.
    """
    authority = tsa or settings.tsa_url
    with writing(settings) as ledger:
        if withdrawn is not None:
            gone = withdraw(ledger, withdrawn)
            click.echo(f"{counted(gone, 'request')} to {plain(withdrawn)} withdrawn")
            return
        if authority is not None:
            ask(ledger, authority)
        elif not any(each.time_stamp is None for each in anchors(ledger)):
            raise StatementError("nobody is named to ask, and no request waits; give --tsa URL")
        for each, trouble in send(ledger):
            size = each.checkpoint.checkpoint.size
            answer = f"waits: {plain(trouble)}" if trouble else f"stamped by {plain(each.authority)}"
            click.echo(f"checkpoint of {counted(size, 'entry', 'entries')}: {answer}")


@click.command("anchors")
@click.option(
    "--trust",
    type=click.Path(path_type=Path),
    metavar="PEM",
    help="Roots of the authorities that you know; without them no stamp is checked.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write each as files that `openssl ts -verify` reads.",
)
@as_json
@click.pass_context
def anchors_command(context: click.Context, trust: Path | None, out: Path | None, as_json: bool) -> None:
    """The time stamps that the ledger has, and whether they hold. Exit code 1 if one does not."""
    settings: Settings = context.obj
    roots = None
    if trust is not None:
        try:
            roots = read_roots(trust.read_bytes())
        except OSError as error:
            raise LedgerError.of(error, f"{trust} could not be read") from error
    with read_ledger(settings) as ledger:
        known = anchors(ledger)
    lines: list[Json] = []
    failed = False
    if out is not None:
        _write_all(out, known)
    for each in known:
        answer, good = _checked(each, roots)
        failed = failed or not good
        size = each.checkpoint.checkpoint.size
        lines.append({"size": size, "authority": each.authority, "asked_at": each.asked_at, "answer": answer})
        if not as_json:
            words = f"{counted(size, 'entry', 'entries'):>18}  {each.authority}  {answer}"
            console().print(styled(words, "" if good else "red", 500))
    if as_json:
        print_json(lines)
    context.exit(CHECK_FAILED if failed else 0)


def _checked(anchor: Anchor, roots: Sequence[x509.Certificate] | None) -> tuple[str, bool]:
    """What can be said of it, and whether it is no failure."""
    if anchor.time_stamp is None:
        return f"asked on {moment(anchor.asked_at)}, waits", True
    if roots is None:
        return "stamped; not checked, give --trust", True
    try:
        found = verify(anchor.time_stamp, anchor.data, roots)
    except TimeStampError as error:
        return f"does not hold: {error}", False
    return f"existed at {moment(found.at)}, by {found.authority}", True


def _write_all(folder: Path, anchors: Sequence[Anchor]) -> None:
    """Each checkpoint as a file, and each stamp over it: checkpoint-10.txt, checkpoint-10.tsr, checkpoint-10-2.tsr."""
    stamps = Counter[str]()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError.of(error, f"{folder} could not be made") from error
    for each in anchors:
        if each.time_stamp is not None:
            name = f"checkpoint-{each.checkpoint.checkpoint.size}"
            stamps[name] += 1
            further = f"-{stamps[name]}" if stamps[name] > 1 else ""
            _write(folder / f"{name}.txt", each.data)
            _write(folder / f"{name}{further}.tsr", each.time_stamp)


def _write(path: Path, data: bytes) -> None:
    """A file that holds these bytes; one that holds others is never replaced."""
    try:
        if not path.exists():
            save(path, data)
        elif path.read_bytes() != data:
            raise OutputError(f"{path} exists already, and holds something else; give another folder")
    except OSError as error:
        raise OutputError.of(error, f"{path} could not be written") from error
