"""`genzu people`: who is credited, what they allow, and what is forgotten."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from provenance.commands import people_consent as allowing
from provenance.commands import people_merge as merging
from provenance.commands.group import Sentences
from provenance.commands.opening import as_json as json_option
from provenance.commands.opening import reading
from provenance.errors import StatementError
from provenance.people.credited import credits_of
from provenance.people.csv_import import read_table
from provenance.people.disputes import dispute_on_record
from provenance.people.person import (
    Person,
    clean_contact,
    clean_optional,
    clean_reading,
    parse_identifier,
    person_json,
)
from provenance.people.register import Register, register_of
from provenance.people.roster import (
    add_people,
    change_person,
    new_person_id,
    refuse_known,
)
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, show_fields, styled
from provenance.statement.credit import NOT_NAMED, Kind, clean_name
from provenance.statement.json_value import Json
from provenance.statement.untrusted import plain

BY = click.option("--by", required=True, metavar="NAME|ID", help="Who decides this; they must be on record.")
WHY = click.option("--why", default="", help="The reason; private, and erased with the person.")


@click.group("people", cls=Sentences)
def people() -> None:
    """The people whom pictures credit: names, consent, and who is who."""


@people.command("add")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice(["person", "organisation"]),
    default="person",
    show_default=True,
    help="What they are.",
)
@click.option("--reading", default="", help="How the name is read (furigana).")
@click.option("--romaji", default="", help="The name in Latin letters, for rolls in English.")
@click.option("--pseudonym", default="", help="Shown instead of NAME, which then stays private.")
@click.option("--not-named", is_flag=True, help="This person asked not to be named; NAME stays private.")
@click.option("--also", multiple=True, help="Another name of the same person.")
@click.option("--id", "ids", multiple=True, metavar="SCHEME:VALUE", help="orcid:…, isni:…, site:…, social:….")
@click.option("--contact", default="", help="How to reach them; private.")
@click.option("--same-name", is_flag=True, help="Add them even though somebody of this name is on record.")
@json_option
@click.pass_obj
def add_command(
    settings: Settings,
    name: str,
    kind: str,
    reading: str,
    romaji: str,
    pseudonym: str,
    not_named: bool,
    also: Sequence[str],
    ids: Sequence[str],
    contact: str,
    same_name: bool,
    as_json: bool,
) -> None:
    """Add a person or organisation under NAME, in any script."""
    own = clean_name(name)
    if not_named and pseudonym:
        raise StatementError("somebody who asked not to be named has no pseudonym; give one or the other")
    # A pseudonym in which nothing is seen is refused: left out, it would show the name that it was to hide.
    other = clean_name(pseudonym) if pseudonym else own
    shown = None if not_named else other
    forms = [clean_reading(reading), clean_optional(romaji)]
    person = Person(
        new_person_id(),
        Kind(kind),
        shown,
        clean_reading(reading),
        clean_optional(romaji),
        behind=own if shown != own else "",
        also=tuple(clean_name(each) for each in also),
        identifiers=tuple(parse_identifier(each) for each in ids),
        contact=clean_contact(contact),
    )
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        if not same_name:
            refuse_known(register, person)
        entry = add_people(archive.ledger, register, [person])[0]
    if as_json:
        print_json({"person": person.person, "entry": entry.seq})
    else:
        click.echo(f"{person.person}  {plain(person.name or NOT_NAMED)}  (entry {entry.seq})")
        if person.behind and any(forms):
            click.echo(
                f"The reading and romaji are of {plain(own)} and stay private with that name. "
                f"Those of the name that is shown: genzu people set {person.person} --reading … --romaji …"
            )


@people.command("list")
@json_option
@click.pass_obj
def list_command(settings: Settings, as_json: bool) -> None:
    """Everybody on record, each once."""
    with reading(settings) as opened:
        register = register_of(opened.held)
    if as_json:
        print_json([person_json(each) for each in register.everybody()])
        return
    screen = console()
    for each in register.everybody():
        ids = "  ".join(str(one) for one in each.public_identifiers)
        screen.print(
            styled(f"{each.person}  {each.shown() or NOT_NAMED}  {each.public_reading}  {ids}".rstrip()),
            soft_wrap=True,
        )
    for words in register.doubts:
        screen.print(styled(f"This list may not be whole: {words}.", "yellow", limit=1_000), soft_wrap=True)


@people.command("show")
@click.argument("who")
@click.option(
    "--private",
    "with_private",
    is_flag=True,
    help="Show private facts too: contact, the name behind a pseudonym.",
)
@json_option
@click.pass_obj
def show_command(settings: Settings, who: str, with_private: bool, as_json: bool) -> None:
    """One person by name, identifier or id: names, consent, and every entry that changed them."""
    with reading(settings) as opened:
        register = register_of(opened.held)
        person = register.only(who)
        every = credits_of(opened.held, register, person)
        credited = sum(1 for each in every if each.role is not None)
    told = person_json(person) | {"credits": credited, "consents": _consents(register, person)}
    # An entry that made two one is in the history of both.
    entries = {
        said.seq: said for each in register.together(person.person) for said in register.history[each.person]
    }
    told["entries"] = [
        {"entry": said.seq, "at": said.at, "kind": said.kind.value} for _, said in sorted(entries.items())
    ]
    if with_private:
        told |= {"behind": person.behind, "contact": person.contact, "also": list(person.also)}
        told["hidden"] = [
            each
            for each in person.every_name
            if each not in {*person.public_names, person.behind, *person.also}
        ]
        told["identifiers"] = [str(one) for one in person.identifiers]
    if as_json:
        print_json(told)
        return
    show_fields(console(), told)


@people.command("set")
@click.argument("who")
@click.option("--name", help="The name that is shown from now on.")
@click.option("--reading", help="How the name is read.")
@click.option("--romaji", help="The name in Latin letters.")
@click.option("--pseudonym", help="Shown from now on; the present name becomes private.")
@click.option("--not-named", is_flag=True, help="From now on they are not named; the name becomes private.")
@click.option("--also", multiple=True, help="Other names of the same person; replaces the present ones.")
@click.option("--contact", help="How to reach them; private.")
@click.option("--id", "ids", multiple=True, metavar="SCHEME:VALUE", help="Replaces all identifiers.")
@click.option("--dispute", default="", help="The dispute that this answers.")
@click.pass_obj
def set_command(
    settings: Settings,
    who: str,
    name: str | None,
    reading: str | None,
    romaji: str | None,
    pseudonym: str | None,
    not_named: bool,
    also: Sequence[str],
    contact: str | None,
    ids: Sequence[str],
    dispute: str,
) -> None:
    """Change what is known about a person. Earlier entries stay; files that are already signed keep the old name."""
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        person = register.only(who)
        changed = person
        if name is not None:
            changed = replace(changed, name=clean_name(name), behind="")
        if pseudonym is not None or not_named:
            behind = changed.behind or changed.name or ""
            changed = replace(changed, name=None if not_named else clean_name(pseudonym or ""), behind=behind)
        said = [field for field, text in (("reading", reading), ("romaji", romaji)) if text is not None]
        if reading is not None:
            changed = replace(changed, reading=clean_reading(reading))
        if romaji is not None:
            changed = replace(changed, romaji=clean_optional(romaji))
        if also:
            changed = replace(changed, also=tuple(clean_name(each) for each in also))
        if contact is not None:
            changed = replace(changed, contact=clean_contact(contact))
        if ids:
            changed = replace(changed, identifiers=tuple(parse_identifier(each) for each in ids))
        answered = dispute_on_record(register, dispute).dispute if dispute else ""
        entry = change_person(archive.ledger, register, changed, answered, said=said)
    click.echo("nothing changed" if entry is None else f"{person.person}  (entry {entry.seq})")
    left = [field for field in ("reading", "romaji") if getattr(person, field) and field not in said]
    if changed.name != person.name and left:
        click.echo(
            f"The {' and '.join(left)} on record belonged to the name so far and stayed with it. "
            f"Those of the name that is shown now: genzu people set {person.person} --reading … --romaji …"
        )


@people.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--partial", is_flag=True, help="Add the good rows even if others are bad.")
@click.pass_context
def import_command(context: click.Context, file: Path, partial: bool) -> None:
    """Add people from a CSV file with the columns name, kind, reading, romaji, behind, also, orcid, isni, site,
    social, contact. If a row is bad, nothing is added and the exit code is 1, unless you say --partial."""
    with open_archive(context.obj) as archive:
        register = register_of(archive.ledger)
        table = read_table(file, register)
        for each in table.bad:
            click.echo(plain(str(each)), err=True)
        taken = table.people if partial or not table.bad else []
        if taken:
            add_people(archive.ledger, register, taken)
    left = len(table.people) - len(taken)
    click.echo(f"added: {len(taken)}; faults: {len(table.bad)}; good rows left out: {left}")
    if table.bad:
        context.exit(1)


def _consents(register: Register, person: Person) -> list[Json]:
    return [
        {
            "entry": each.seq,
            "of": each.subject.value,
            "ai_use": each.ai_use.value,
            "training": each.training.value,
            "conditions": each.conditions,
            "production": each.production,
            "until": each.until.isoformat() if each.until else None,
        }
        for each in register.consents_of(person.person)
    ]


for each in (*merging.COMMANDS, *allowing.COMMANDS):
    people.add_command(each)

COMMANDS = (people,)
