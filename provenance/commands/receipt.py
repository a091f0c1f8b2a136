"""`genzu receipt`: checking a receipt with nothing but files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from provenance.commands.group import Sentences
from provenance.commands.opening import as_json
from provenance.commands.receipt_compare import compare_command
from provenance.errors import KeyMissing, LedgerError, LogForked, ProofError
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.comparison import Claims, Comparison, Standing, claims_of, follow, read_claims
from provenance.proof.cosignature import Policy
from provenance.proof.note import VerifyKey
from provenance.proof.receipt import HEADER, Proved, Receipt, Shown, tidy
from provenance.proof.receipt import verify as verify_receipt
from provenance.show.terminal import console, print_json, styled
from provenance.statement.credit import credit_text
from provenance.statement.json_value import Json
from provenance.statement.moment import moment
from provenance.statement.names import as_one

CHECK_FAILED, NOT_TOLD = 1, 2
FILE = click.Path(path_type=Path)
EPILOG = """\b
Exit codes:
  0  all holds; with --against, the record that FILE speaks of is unchanged
     in the others
  1  something does not hold, FILE is cut or is no text, or the log
     contradicts itself
  2  it cannot be told: nothing contradicts, and no continuation leads from
     FILE to the others; or FILE is a text that is no receipt, and for a
     checkpoint --key is missing
"""


@click.group("receipt", cls=Sentences)
def receipt_group() -> None:
    """Check receipts."""


@receipt_group.command("verify", epilog=EPILOG)
@click.argument("file", type=FILE)
@click.option(
    "--against",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="What the same log says at another time: a receipt, a continuation, a checkpoint (with --key). Give it again "
    "for each file.",
)
@click.option("--key", help="The ledger's public key, as its keeper publishes it (genzu ledger key).")
@click.option("--key-file", type=FILE, metavar="FILE", help="The same, in a file.")
@click.option(
    "--policy",
    type=FILE,
    metavar="FILE",
    help="Which witnesses must have signed the checkpoint in FILE (a C2SP tlog-policy).",
)
@as_json
@click.pass_context
def receipt_verify_command(
    context: click.Context,
    file: Path,
    against: tuple[Path, ...],
    key: str | None,
    key_file: Path | None,
    policy: Path | None,
    as_json: bool,
) -> None:
    """What FILE proves: a receipt, a continuation, a proof of misbehaviour, or a checkpoint (with --key).

    With --against, also whether the log only grew between FILE and the others, and what was added about the same
    entry. Give an old receipt together with a continuation and a receipt of today.
    """
    if key_file is not None:
        key = _read(key_file).decode("utf-8", errors="replace").strip()
    known = VerifyKey.parse(key) if key else None
    try:
        proved, claims = _proved(file, known)
        witnesses = _witnesses(file, policy)
        others = [_proved(each, known) for each in against]
        found = follow(claims, [each for _, each in others]) if others else None
    except KeyMissing as error:
        if as_json:
            print_json({"holds": None, "reason": str(error), "forked": False})
        else:
            console().print(styled(f"cannot be told: {error}", "yellow", 1000))
        context.exit(NOT_TOLD)
    except ProofError as error:
        forked = isinstance(error, LogForked)
        if as_json:
            print_json({"holds": False, "reason": str(error), "forked": forked})
        else:
            said = "the log contradicts itself, and this proves it" if forked else "does not hold"
            console().print(styled(f"{said}: {error}", "bold red", 1000))
        context.exit(CHECK_FAILED)
    since = _since(claims, [each for each, _ in others if each is not None])
    if as_json:
        told = _told(proved, claims, found, since)
        if policy is not None:
            told["witnesses"] = {name: at.isoformat() for name, at in witnesses.items()}
        print_json(told)
    else:
        _show(console(), proved, claims, found, since)
        for name, at in witnesses.items():
            console().print(styled(f"  seen by the witness {name} at {moment(at)}, by its word"))
    codes = {Standing.CONTRADICT: CHECK_FAILED, Standing.OPEN: NOT_TOLD}
    context.exit(codes.get(found.standing, 0) if found else 0)


receipt_group.add_command(compare_command)

COMMANDS = (receipt_group,)


def _proved(path: Path, known: VerifyKey | None) -> tuple[Proved | None, Claims]:
    """What a file proves, and, where it is a receipt, its entries."""
    try:
        text = tidy(_read(path))
        if text.startswith(f"{HEADER}\n"):
            receipt = Receipt.parse(text)
            return verify_receipt(receipt, known), claims_of(receipt, known)
        return None, read_claims(text, known)
    except LogForked:
        raise
    except KeyMissing as error:
        raise KeyMissing(f"{path}: {error}") from error
    except ProofError as error:
        raise ProofError(f"{path}: {error}") from error


def _witnesses(path: Path, policy: Path | None) -> Mapping[str, datetime]:
    """The witnesses of the checkpoint in a file, where a policy asks for them; ProofError otherwise."""
    if policy is None:
        return {}
    wanted = Policy.parse(tidy(_read(policy)))
    text = tidy(_read(path))
    signed = (
        Receipt.parse(text).checkpoint if text.startswith(f"{HEADER}\n") else SignedCheckpoint.parse(text)
    )
    return wanted.seen_by(signed)


def _since(claims: Claims, others: Sequence[Proved]) -> list[tuple[Shown, Mapping[str, str]]]:
    """The entries of the other receipts that were added after FILE was signed, each with the names they open."""
    size, found = max(claims.roots), {}
    for proved in others:
        names = _names(proved)
        for shown in proved.entries:
            if shown.index >= size:
                found[shown.index] = (shown, names)
    return [found[index] for index in sorted(found)]


def _names(proved: Proved) -> dict[str, str]:
    """The people named by a receipt, by id. A person who took another name has two entries; the later one counts."""
    opened = {each.index: each.value for each in proved.opened if each.place == "body.name"}
    persons = {each.index: str(_body(each).get("person")) for each in proved.entries}
    return {persons[index]: opened[index] for index in sorted(opened)}


def _show(
    screen: Console,
    proved: Proved | None,
    claims: Claims,
    found: Comparison | None,
    since: Sequence[tuple[Shown, Mapping[str, str]]],
) -> None:
    sizes = " and of ".join(str(size) for size in sorted(claims.roots))
    head = f"holds: {claims.key.name} signed for a record of {sizes} entries"
    if proved is not None:
        head = (
            f"holds: entry {proved.entries[0].index} stood in {claims.key.name} when it had {sizes} entries"
        )
    screen.print(styled(head, "green"))
    for shown in proved.entries if proved else ():
        words = f"  entry {shown.index}  {shown.value.get('kind')}  {shown.value.get('at')}"
        screen.print(styled(words + _says(shown, _names(proved) if proved else {}), limit=1000))
    for opened in proved.opened if proved else ():
        screen.print(styled(f"  entry {opened.index}  {opened.place}: {opened.value}"))
    if found is not None:
        style = {Standing.AGREE: "green", Standing.CONTRADICT: "bold red", Standing.OPEN: "yellow"}
        screen.print(styled(f"{found.standing.value}: {found.why}", style[found.standing], 1000))
        for shown, names in since:
            words = f"  added since: entry {shown.index}  {shown.value.get('kind')}  {shown.value.get('at')}"
            screen.print(styled(words + _says(shown, names), limit=1000))
        if not since and found.standing is Standing.AGREE:
            words = (
                "no file given here adds an entry about it; whether the log has one, a receipt of today tells"
            )
            screen.print(words, style="dim")
    if proved is not None and not proved.key_known:
        screen.print(
            "The key came with the receipt, and is the one that the ledger is named after. Compare the name with "
            "what its keeper publishes, or give --key.",
            style="dim",
        )


def _says(shown: Shown, names: Mapping[str, str]) -> str:
    """Who was credited with what, and who was before and after, where the entry says so."""
    body = _body(shown)
    credited = body.get("credits")
    if isinstance(credited, list):
        pairs = [(each.get("role"), each.get("person")) for each in credited if isinstance(each, dict)]
        return "  " + ", ".join(
            credit_text(str(role), names.get(str(person), str(person))) for role, person in pairs
        )
    if shown.value.get("kind") == "picture.released":
        return "  the picture was finished"
    if shown.value.get("kind") != "credit.corrected":
        return ""
    then, now = (
        "nobody" if body.get(each) is None else as_one(names.get(str(body[each]), str(body[each])))
        for each in ("before", "after")
    )
    return f"  {body.get('role')}: {then} became {now}"


def _body(shown: Shown) -> Mapping[str, Json]:
    body = shown.value.get("body")
    return body if isinstance(body, dict) else {}


def _told(
    proved: Proved | None,
    claims: Claims,
    found: Comparison | None,
    since: Sequence[tuple[Shown, Mapping[str, str]]],
) -> dict[str, Json]:
    newest = max(claims.roots)
    told: dict[str, Json] = {
        "holds": True,
        "ledger": claims.key.name,
        "key": str(claims.key),
        "size": newest,
        "root": claims.roots[newest].hex(),
    }
    if proved is not None:
        told |= {
            "key_known": proved.key_known,
            "index": proved.entries[0].index,
            "entries": [{"index": each.index, "entry": each.value} for each in proved.entries],
            "opened": [
                {"entry": each.index, "place": each.place, "value": each.value} for each in proved.opened
            ],
        }
    if found is not None:
        told |= {
            "against": {"standing": found.standing.value, "why": found.why},
            "since": [{"index": each.index, "entry": each.value} for each, _ in since],
        }
    return told


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LedgerError.of(error, f"{path} could not be read") from error
