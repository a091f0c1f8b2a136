"""`genzu people merge`, `split` and `erase`: who is who, and who is forgotten."""

from collections.abc import Sequence

import click

from provenance.errors import StatementError
from provenance.ledger.store.erasure import WAITS, due
from provenance.people.keeper import register_of
from provenance.people.person import Person
from provenance.people.register import Register
from provenance.people.roster import erase, known_person, merge, new_person_id, split, unmerge
from provenance.release.archive import Archive
from provenance.settings import Settings
from provenance.statement.credit import clean_name
from provenance.statement.untrusted import plain

BY = click.option("--by", required=True, metavar="NAME|ID", help="Who decides this; they must be on record.")
WHY = click.option("--why", default="", help="The reason; private, and erased with the person.")


@click.command("merge")
@click.argument("who")
@click.argument("into")
@BY
@WHY
@click.pass_obj
def merge_command(settings: Settings, who: str, into: str, by: str, why: str) -> None:
    """Count WHO as INTO from now on: one person under two records."""
    with Archive.open(settings) as archive:
        register = register_of(archive.ledger)
        leading = register.only(into)
        person = _record(register, who)
        entry = merge(archive.ledger, register, person, leading.person, register.only(by).person, why)
    click.echo(f"{person} is counted as {leading.person}  (entry {entry.seq})")


@click.command("split")
@click.argument("who")
@click.option("--picture", "pictures", multiple=True, help="A picture whose credit is the other person's.")
@click.option("--to", "to", help="The other person: somebody on record, or a new name.")
@BY
@WHY
@click.pass_obj
def split_command(
    settings: Settings, who: str, pictures: Sequence[str], to: str | None, by: str, why: str
) -> None:
    """Two people under one record: take a merge back, or give some pictures' credits to another person."""
    with Archive.open(settings) as archive:
        register = register_of(archive.ledger)
        person, decides = _record(register, who), register.only(by).person
        if not pictures:
            entry = unmerge(archive.ledger, register, person, decides, why)
            click.echo(f"{person} stands for itself again  (entry {entry.seq})")
        else:
            if to is None:
                raise StatementError("say whose these credits are: --to NAME")
            other = _other(register, person, to)
            entry = split(archive.ledger, register, person, pictures, other, decides, why)
            click.echo(f"{len(pictures)} pictures are {other.person}'s  (entry {entry.seq})")


@click.command("erase")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase_command(settings: Settings, who: str, yes: bool) -> None:
    """Forget every private text about a person. The entries, and every proof over them, stay valid.

    What files that were given away say cannot be recalled.
    """
    with Archive.open(settings) as archive:
        register = register_of(archive.ledger)
        person = register.only(who, spelled=True)
        if not yes:
            click.confirm(f"forget {plain(person.shown() or person.person)} for ever?", abort=True)
        gone = erase(archive.ledger, register, person.person)
        waits = archive.ledger.ask(due)
    click.echo(f"forgotten: {', '.join(gone)}. Signed pictures, in the vault too, still say what they say")
    if waits:
        click.echo(WAITS)


def _other(register: Register, person: str, name: str) -> Person:
    """The other person of a split: somebody on record, or a new one, who may be called the same."""
    others = [each for each in register.written(name) if each.person != person]
    if len(others) > 1:
        ids = ", ".join(each.person for each in others)
        raise StatementError(
            f"{plain(name, 60)!r} is the name of {len(others)} others; say which by id: {ids}"
        )
    if others:
        return others[0]
    known = None if register.written(name) else known_person(register, name)
    return known or Person(new_person_id(), name=clean_name(name))


def _record(register: Register, who: str) -> str:
    """The very record that an id names, merged or not; else the person of that name."""
    return who if who in register.people else register.only(who).person


COMMANDS = (merge_command, split_command, erase_command)
