"""`genzu credits`: what a person is credited on, or who is credited on a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from provenance.commands.opening import Reading, as_json, reading
from provenance.commands.showing import print_json, show_findings, show_record, show_steps
from provenance.errors import OutputError
from provenance.exports.certificate import certify, to_html
from provenance.exports.certificate_pdf import to_pdf
from provenance.exports.roll import LANGUAGES
from provenance.inspection.classification import classify
from provenance.inspection.evidence.agreement import NO_RECORD, corrections
from provenance.inspection.evidence.other_ledgers import Others, ask_each, proved, to_json
from provenance.inspection.graph_json import node_json
from provenance.inspection.inspection import Inspection, inspect
from provenance.inspection.lineage import lineage
from provenance.ledger import Ledger
from provenance.ledger.records_json import record_json
from provenance.ledger.store.records import PictureRecord
from provenance.people.claims import Claimed, claims_json, claims_on
from provenance.people.keeper import register_of
from provenance.people.person import Person
from provenance.people.register import Register
from provenance.release.archive import Archive
from provenance.settings import Settings
from provenance.show.terminal import console, styled
from provenance.statement.canonical import Json
from provenance.statement.credit import NOT_NAMED, Role
from provenance.statement.untrusted import plain
from provenance.storage.saving import save


@click.command("credits")
@click.argument("name_or_file", metavar="NAME|FILE")
@click.option("--name", "as_name", is_flag=True, help="Take it for a name even where a file is called so.")
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the certificate of the one person called NAME to this new file, .pdf or .html.",
)
@click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Of a certificate."
)
@as_json
@click.pass_obj
def credits_command(
    settings: Settings,
    name_or_file: str,
    as_name: bool,
    certificate: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """The pictures that NAME is credited on, or the people that FILE, and the record of it, name.

    NAME may be any name, reading or identifier on record. Several people of one name are shown apart, each with
    their id; corrections and merges are followed. Exit code 0 also where nothing is found:
    that somebody is not in this ledger says nothing about them.
    """
    if certificate is not None:
        _certify(settings, name_or_file, certificate, lang)
        return
    path = Path(name_or_file)
    with reading(settings) as opened:
        if not as_name and path.is_file():
            _of_file(opened, path, as_json=as_json)
        else:
            _of_name(opened.held, opened.others, name_or_file, as_json=as_json)


def _certify(settings: Settings, who: str, out: Path, language: str) -> None:
    if out.suffix.lower() not in {".pdf", ".html"}:
        raise OutputError(f"a certificate is written as .pdf or .html, not {out.suffix[:20]!r}")
    if out.exists():
        raise OutputError(f"{out} exists already; give another name")
    with Archive.open(settings) as archive:
        register = register_of(archive.ledger)
        found = certify(archive.ledger, register, register.only(who), language)
    save(out, to_pdf(found) if out.suffix.lower() == ".pdf" else to_html(found).encode())
    click.echo(f"{out}: {plain(found.person.name)}, {len(found.held)} pictures")


def _of_name(ledger: Ledger, others: Others, name: str, *, as_json: bool) -> None:
    found = _people_named(ledger, name)
    elsewhere, unread = _people_elsewhere(others, name)
    if as_json:
        print_json(
            {
                "format": "genzu credits 1",
                "asked": name,
                "people": _people_json(found),
                "elsewhere": [
                    {"ledger": each.id, "key": str(each.verify_key), "people": _people_json(people)}
                    for each, people in elsewhere
                ],
                "not_asked": [plain(each) for each in unread],
            }
        )
        return
    screen = console()
    if not found:
        screen.print(
            styled(f"Nobody called {name} is in this ledger. That says nothing about what they made.")
        )
    if len(found) > 1:
        screen.print(styled(f"{len(found)} people are called {name}; they are told apart by their ids."))
    for person, lines in found:
        _show_person(screen, ledger, person, lines)
    for each, people in elsewhere:
        screen.print()
        screen.print(styled(f"In the ledger {each.id} of another studio, by its word:", "bold"))
        for person, lines in people:
            _show_person(screen, each, person, lines)
    for words in unread:
        screen.print(styled(f"An imported ledger could not be asked: {words}.", "yellow"))


def _people_elsewhere(
    others: Others, name: str
) -> "tuple[list[tuple[Ledger, list[tuple[Person, list[_Line]]]]], list[str]]":
    """Who is called so in the imported ledgers, every record proved, and why one could not be asked.

    Their names are known only where their keeper exported them with --names.
    """

    def ask(ledger: Ledger) -> list[tuple[Person, list[_Line]]]:
        people = _people_named(ledger, name)
        for line in (line for _, lines in people for line in lines):
            proved(ledger, line.record)
        return people

    answers, unread = ask_each(others, ask)
    return [(ledger, people) for ledger, people in answers if people], unread


def _people_named(ledger: Ledger, name: str) -> "list[tuple[Person, list[_Line]]]":
    register = register_of(ledger)
    return [(person, _credited(ledger, register, person)) for person in register.named(name)]


def _people_json(found: "Sequence[tuple[Person, list[_Line]]]") -> list[Json]:
    return [
        {"person": _person_json(person), "credits": [_line_json(line) for line in lines]}
        for person, lines in found
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """A role on a picture as it holds today; `role` None where a correction took the credit away."""

    record: PictureRecord
    role: Role | None
    corrected: int | None
    claims: tuple[Claimed, ...] = ()


def _credited(ledger: Ledger, register: Register, person: Person) -> list[_Line]:
    """Newest first; merges are followed and corrections applied."""
    said = (each for one in register.together(person.person) for each in ledger.credits_of(one.person))
    records = {each.record.picture: each.record for each in said}
    for picture in register.corrections.keys() - records.keys():
        records[picture] = ledger.picture(picture)
    lines: list[_Line] = []
    for record in sorted(records.values(), key=lambda each: -each.requested):
        today = [each for each in register.credits(record) if each.person.person == person.person]
        lines += [
            _Line(record, each.role, each.corrected, claims_on(register, record, each.person, each.role))
            for each in today
        ]
        if not today and any(each.person == person.person for each in record.statement.credits):
            lines.append(_Line(record, None, None))
    return lines


def _show_person(screen: Console, ledger: Ledger, person: Person, lines: list[_Line]) -> None:
    screen.print()
    head = styled(person.shown() or NOT_NAMED, "bold")
    count = sum(1 for line in lines if line.role is not None)
    head.append(f"  {person.person}, {count} credit{'s' * (count != 1)}", style="dim")
    screen.print(head)
    for each in lines:
        said = each.record.statement
        role = "(withdrawn)" if each.role is None else each.role.value
        line = styled(f"  {role:14} {each.record.picture}  {each.record.requested_at[:10]}")
        line.append(f"  {plain(said.project.shot, 40)}" if said.project.shot else "")
        answer = classify(lineage(each.record, ledger)).answer
        line.append(f"  {answer.value}, {each.record.state.value}", style="dim")
        if each.corrected is not None:
            line.append(f", corrected by entry {each.corrected}", style="dim")
        screen.print(line, soft_wrap=True)
        for one in each.claims:
            screen.print(styled(f"  {'':14} {one}", "dim"), soft_wrap=True)


def _person_json(person: Person) -> dict[str, Json]:
    return {
        "person": person.person,
        "kind": person.kind.value,
        "name": person.shown(),
        "reading": person.reading,
        "romaji": person.romaji,
        "identifiers": [str(each) for each in person.public_identifiers],
        "erased": person.erased,
        "entry": person.added,
    }


def _line_json(line: _Line) -> dict[str, Json]:
    return {
        "role": None if line.role is None else line.role.value,
        "corrected": line.corrected,
        "claims": claims_json(line.claims),
        "record": record_json(line.record),
    }


def _of_file(opened: Reading, path: Path, *, as_json: bool) -> None:
    limits = opened.settings
    told = inspect(
        path,
        trust=opened.trust,
        ledger=opened.ledger,
        others=opened.others,
        max_pixels=limits.max_pixels,
        max_bytes=limits.max_bytes,
    )
    if as_json:
        print_json(
            {
                "format": "genzu credits 1",
                "asked": told.observed.name,
                "verdict": told.chain.verdict.value,
                "steps": [node_json(node) for node in told.graph.nodes],
                "record": record_json(told.record) if told.record else None,
                "corrections": _corrected(told, opened.ledger),
                "match": told.match.name.lower() if told.match else None,
                "elsewhere": to_json(told.elsewhere),
            }
        )
        return
    _show_file(console(), told, opened.ledger)


def _corrected(told: Inspection, ledger: Ledger | None) -> list[Json]:
    """What was changed since of the credits that the record shows."""
    if told.record is None or ledger is None:
        return []
    return [each.words for each in corrections(told.record, ledger)]


def _show_file(screen: Console, told: Inspection, ledger: Ledger | None) -> None:
    screen.print(styled(told.observed.name, "bold"))
    if told.chain.steps:
        screen.print(f"What the file says ({told.chain.verdict.value}):")
        show_steps(screen, told.graph)
    else:
        screen.print(f"What the file says: {told.chain.verdict.value}.")
    screen.print()
    if told.record is not None and told.match is not None:
        screen.print(f"What the ledger says ({told.match.value}):")
        show_record(screen, told.record)
        for words in _corrected(told, ledger):
            screen.print(styled(f"   {words}", limit=600))
    else:
        screen.print(f"What the ledger says: {NO_RECORD}")
    theirs = [each for each in told.findings if each.about == "other ledger"]
    if theirs:
        screen.print()
        screen.print("What other studios' ledgers say:")
        show_findings(screen, theirs)


COMMANDS = (credits_command,)
