"""`genzu trust`: whom we know. Nothing is fetched; roots come in as files."""

from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from provenance.commands.group import Sentences
from provenance.commands.showing import print_json
from provenance.credentials.identity.trust import Root, add_roots, known_roots, remove_root
from provenance.settings import Settings
from provenance.show.terminal import console
from provenance.statement.untrusted import plain


@click.group("trust", cls=Sentences)
def trust() -> None:
    """The roots by which a signer counts as known. Being known says who signed, not that it is true."""


@trust.command("add")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def add_command(settings: Settings, file: Path) -> None:
    """Know the authorities in FILE (PEM): a partner's root, or the public C2PA trust list."""
    for root in add_roots(settings, file):
        click.echo(f"known from now on: {_line(root)}")


@trust.command("list")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.pass_obj
def list_command(settings: Settings, as_json: bool) -> None:
    """Show every root that counts, and where it comes from."""
    roots = known_roots(settings)
    if as_json:
        print_json([asdict(root) for root in roots])
        return
    table = Table("authority", "expires", "from", "SHA-256", box=None)
    for root in roots:
        table.add_row(plain(root.name), root.expires, plain(root.origin), root.fingerprint[7:23])
    console().print(table)


@trust.command("remove")
@click.argument("fingerprint")
@click.pass_obj
def remove_command(settings: Settings, fingerprint: str) -> None:
    """Forget an added root; what it vouched for reads as "unknown signer" again."""
    click.echo(f"not known any more: {_line(remove_root(settings, fingerprint))}")


def _line(root: Root) -> str:
    return f"{plain(root.name)} (until {root.expires}, {root.fingerprint[:23]}…)"


COMMANDS = (trust,)
