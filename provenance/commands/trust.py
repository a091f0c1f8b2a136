"""`genzu trust`: whom we know, for what. Lists are fetched by `genzu trust update` alone, from where it says."""

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.table import Table

from provenance.commands.group import Sentences
from provenance.commands.opening import as_json as json_option
from provenance.credentials.identity.authorities import (
    Root,
    add_roots,
    known_roots,
    lists_folder,
    remove_root,
)
from provenance.credentials.identity.lists import (
    SIGNERS_URL,
    TIME_STAMPS_URL,
    PublicList,
    forget_list,
    keep_list,
    parse_list,
    read_lists,
)
from provenance.credentials.identity.purposes import Purpose
from provenance.credentials.read.fetching import fetch, host_of
from provenance.errors import IdentityError, NotFetched
from provenance.settings import Settings
from provenance.show.terminal import console, print_json
from provenance.statement.untrusted import plain

_FOR = {
    Purpose.SIGNERS: "signers",
    Purpose.TIME_STAMPS: "time stamps",
    Purpose.IDENTITIES: "people's identities",
}


@click.group("trust", cls=Sentences)
def trust() -> None:
    """The authorities by which a signer, a time stamp or a person's identity counts as known.

    "Known" says who signed, not that what they say is true. Strangers' signers become known by `genzu trust update`
    (the public C2PA lists) and `genzu trust add` (a partner's root).
    """


@trust.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--for",
    "purposes",
    multiple=True,
    type=click.Choice([each.value for each in Purpose]),
    help="What they are to be known for; repeat for more. Without it each certificate's own key usages decide, "
    "and where it names none, it is known for signers.",
)
@click.pass_obj
def add_command(settings: Settings, file: Path, purposes: tuple[str, ...]) -> None:
    """Add the authorities in FILE (PEM): a partner's root, or the root of a time-stamp authority."""
    added = add_roots(settings, file, [Purpose(each) for each in purposes])
    for root in added:
        click.echo(f"known from now on for {_FOR[Purpose(root.purpose)]}: {_line(root)}")
    if not purposes and {root.purpose for root in added} == {Purpose.SIGNERS}:
        click.echo("If it is the root of a time-stamp authority, add it again with --for time-stamps.")


@trust.command("update")
@click.option(
    "--signers-url",
    default=SIGNERS_URL,
    show_default=True,
    help="Where to fetch the list of signers.",
)
@click.option(
    "--time-stamps-url",
    default=TIME_STAMPS_URL,
    show_default=True,
    help="Where to fetch the list of time-stamp authorities.",
)
@click.pass_obj
def update_command(settings: Settings, signers_url: str, time_stamps_url: str) -> None:
    """Fetch the public C2PA lists: cameras and programs that sign, and time-stamp authorities.

    They are kept in the archive with their dates. No other command fetches them.
    """
    now, folder = datetime.now(UTC), lists_folder(settings)
    found = [
        _fetched(signers_url, Purpose.SIGNERS, now),
        _fetched(time_stamps_url, Purpose.TIME_STAMPS, now),
    ]
    for each in found:
        keep_list(folder, each)
        click.echo(_list_line(each, now))


def _fetched(address: str, purpose: Purpose, now: datetime) -> PublicList:
    try:
        return parse_list(fetch(address, [host_of(address)], kind="*/*"), purpose, address, now)
    except NotFetched as refused:
        raise IdentityError(
            f"the list of {_FOR[purpose]} could not be fetched from {address[:200]}: {refused}; "
            "the lists that are kept here stay as they are"
        ) from refused


@trust.command("list")
@json_option
@click.pass_obj
def list_command(settings: Settings, as_json: bool) -> None:
    """Show every authority that counts, for what, and where it comes from."""
    roots = known_roots(settings)
    if as_json:
        print_json([asdict(root) for root in roots])
        return
    lists = read_lists(lists_folder(settings))
    titles = {each.titled for each in lists}
    table = Table("authority", "for", "expires", "from", "SHA-256", box=None)
    for root in roots:
        if root.origin not in titles:
            purpose, digest = _FOR[Purpose(root.purpose)], root.fingerprint[7:23]
            table.add_row(plain(root.name), purpose, root.expires, plain(root.origin), digest)
    if table.row_count:
        console().print(table)
    for each in lists:
        click.echo(_list_line(each, datetime.now(UTC)))
    if not lists:
        click.echo("No public list is here: `genzu trust update` fetches the C2PA's.")


@trust.command("remove")
@click.argument("which")
@click.pass_obj
def remove_command(settings: Settings, which: str) -> None:
    """Remove an added authority, by its fingerprint, or the public list of `signers` or `time-stamps`.

    What it vouched for reads as "unknown signer" again.
    """
    if which in set(Purpose):
        forgotten = forget_list(lists_folder(settings), Purpose(which))
        click.echo(f"not known any more: {plain(forgotten.titled)}")
        return
    click.echo(f"not known any more: {_line(remove_root(settings, which))}")


def _line(root: Root) -> str:
    return f"{plain(root.name)} (until {root.expires}, {root.fingerprint[:23]}…)"


def _list_line(kept: PublicList, now: datetime) -> str:
    """One list with its size and its dates."""
    many = Counter(kept.pem.split("\n"))["-----BEGIN CERTIFICATE-----"]
    stale = kept.stale_since(now)
    due = f"the next one is due on {kept.due[:10]}" if kept.due else "it says no date"
    if stale is not None:
        due = f"out of date since {stale:%Y-%m-%d}: `genzu trust update` fetches the next one"
    return f"{plain(kept.titled)}: {many} authorities for {_FOR[kept.purpose]}; {due}"


COMMANDS = (trust,)
