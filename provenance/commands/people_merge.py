"""`genzu people merge`, `split` and `erase`: who is who, and who is forgotten."""

import shlex
from collections.abc import Sequence

import click

from provenance.errors import StatementError
from provenance.ledger.foreign import FOLDER, forget_in_withdrawn, others_in
from provenance.ledger.store.erasure import WAITS, due
from provenance.people.forgetting import forget_person, forget_words, has_words
from provenance.people.person import Person
from provenance.people.register import Register, register_of
from provenance.people.roster import known_person, merge, new_person_id, split, unmerge
from provenance.release.archive import Archive
from provenance.release.indexing import forget_looks
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.counted import counted
from provenance.statement.credit import clean_name
from provenance.statement.untrusted import plain

BY = click.option("--by", required=True, metavar="NAME|ID", help="Who decides this; they must be on record.")
ID = 200  # characters of an id that are shown; a production's is its name
WHY = click.option("--why", default="", help="The reason; private, and erased with the person.")


@click.command("merge")
@click.argument("who")
@click.argument("into")
@BY
@WHY
@click.pass_obj
def merge_command(settings: Settings, who: str, into: str, by: str, why: str) -> None:
    """From now on count WHO as INTO: they are one person with two records."""
    with open_archive(settings) as archive:
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
    """Separate two people who share one record: undo a merge, or give some pictures' credits to another person."""
    with open_archive(settings) as archive:
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
            click.echo(
                f"{counted(len(pictures), 'picture')} credited to {other.person} now  (entry {entry.seq})"
            )


@click.command("erase")
@click.argument("who")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase_command(settings: Settings, who: str, yes: bool) -> None:
    """Erase every private text about a person, and every dispute about them.

    The entries, and every proof over them, stay valid. Other texts that may name the person are listed, with the way
    to forget them. What files that were given away say cannot be recalled.

    Instead of WHO, pic-… forgets the prompt, note and reasons of a picture, production:NAME the references and remarks
    of a production, and sha256:… the name of a file that was imported as a claim.
    """
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        if has_words(who) and who not in register.people:
            told = _forget_words(archive, who, yes=yes)
        else:
            told = _forget(archive, register, who, yes=yes)
        waits = archive.ledger.ask(due)
    for line in told:
        click.echo(line)
    if waits:
        click.echo(WAITS)


def _forget(archive: Archive, register: Register, who: str, *, yes: bool) -> list[str]:
    """Forgets a person; in sentences what went, and what may still name them."""
    person = register.only(who, spelled=True)
    if not yes:
        click.confirm(f"forget {plain(person.shown() or person.person)} for ever?", abort=True)
    home = archive.settings.home
    with others_in(home) as others:
        done = forget_person(archive.ledger, archive.vault, register, person.person, others.ledgers)
    unread = [
        *others.unread,
        *(f"{each} cannot be read; delete it" for each in forget_in_withdrawn(home / FOLDER)),
    ]
    told = [
        f"forgotten: {', '.join((*done.people, *done.disputes))}. "
        "Signed pictures, in the vault too, and receipts that were handed out still say what they say"
    ]
    for about in dict.fromkeys(each.about for each in done.left):
        texts = [f"{each.field} of entry {each.entry}" for each in done.left if each.about == about]
        told.append(f"still held, and may name them: {plain(', '.join(texts), 300)}. {_way_out(about)}")
    for ledger in done.elsewhere:
        which = plain(ledger, 80)
        told.append(
            f"the ledger {which} of another studio, whose copy is here, names somebody so, too. Its keeper erases "
            f"that, and the copy forgets it when it is imported again; or: genzu ledger import --withdraw {which}"
        )
    told += [f"may name them, and could not be asked: {plain(each, 500)}" for each in unread]
    return told


def _way_out(about: str) -> str:
    """How the texts about something are forgotten."""
    if about.startswith("dis-"):
        return f"They go with: genzu dispute erase {plain(about, 60)}"
    if has_words(about):
        what = "They go, with all private words about that, by"
        return f"{what}: genzu people erase {shlex.quote(plain(about, ID))}"
    return f"They are about {plain(about, ID)}, and go when that person is forgotten"


def _forget_words(archive: Archive, about: str, *, yes: bool) -> list[str]:
    named = plain(about, ID)
    if not yes:
        click.confirm(f"forget the private words of {named} for ever?", abort=True)
    if not forget_words(archive.ledger, about):
        told = [f"no private words of {named} are held"]
    elif about.startswith("pic-"):
        told = [f"forgotten: the private words of {named}. Its signed file still says what it says"]
    else:
        told = [f"forgotten: the private words of {named}"]
    return told + (
        ["it is out of the look-up index, and cannot be found by its looks any more"]
        if forget_looks(archive, about)
        else []
    )


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
