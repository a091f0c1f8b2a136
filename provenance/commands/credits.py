"""`genzu credits`: what a person is credited on, or who is credited on a picture."""

from pathlib import Path

import click
from rich.console import Console

from provenance.agreement import NO_RECORD
from provenance.canonical import Json
from provenance.classification import classify
from provenance.commands.opening import Reading, as_json, reading
from provenance.commands.showing import print_json, show_record, show_steps
from provenance.credits import NOT_NAMED
from provenance.display import console, plain, styled
from provenance.errors import NotRecorded
from provenance.graph import node_json
from provenance.inspection import Inspection, inspect
from provenance.ledger import Ledger
from provenance.ledger.record import CreditRecord, PersonRecord
from provenance.lineage import lineage
from provenance.recorded import person_json, record_json
from provenance.settings import Settings


@click.command("credits")
@click.argument("name_or_file", metavar="NAME|FILE")
@click.option("--name", "as_name", is_flag=True, help="Take it for a name even where a file is called so.")
@as_json
@click.pass_obj
def credits_command(settings: Settings, name_or_file: str, as_name: bool, as_json: bool) -> None:
    """The pictures that NAME is credited on, or the people that FILE, and the record of it, name.

    Several people of one name are shown apart, each with their id. Exit code 0 also where nothing is found:
    that somebody is not in this ledger says nothing about them.
    """
    path = Path(name_or_file)
    with reading(settings) as opened:
        if not as_name and path.is_file():
            _of_file(opened, path, as_json=as_json)
        else:
            _of_name(opened.held, name_or_file, as_json=as_json)


def _of_name(ledger: Ledger, name: str, *, as_json: bool) -> None:
    people = _people(ledger, name)
    found = [(person, ledger.credits_of(person.person)) for person in people]
    if as_json:
        answers: list[Json] = [
            {
                "person": person_json(person),
                "credits": [
                    {"role": each.role.value, "record": record_json(each.record)} for each in credited
                ],
            }
            for person, credited in found
        ]
        print_json({"format": "genzu credits 1", "asked": name, "people": answers})
        return
    screen = console()
    if not found:
        screen.print(
            styled(f"Nobody called {name} is in this ledger. That says nothing about what they made.")
        )
    if len(found) > 1:
        screen.print(styled(f"{len(found)} people are called {name}; they are told apart by their ids."))
    for person, credited in found:
        _show_person(screen, ledger, person, credited)


def _people(ledger: Ledger, name: str) -> list[PersonRecord]:
    if name.startswith("per-"):
        try:
            return [ledger.person(name)]
        except NotRecorded:
            return []
    return ledger.people_named(" ".join(name.split()))


def _show_person(screen: Console, ledger: Ledger, person: PersonRecord, credited: list[CreditRecord]) -> None:
    screen.print()
    head = styled(person.name or NOT_NAMED, "bold")
    head.append(f"  {person.person}, {len(credited)} credit{'s' * (len(credited) != 1)}", style="dim")
    screen.print(head)
    for each in credited:
        said = each.record.statement
        line = styled(f"  {each.role.value:14} {each.record.picture}  {each.record.requested_at[:10]}")
        line.append(f"  {plain(said.project.shot, 40)}" if said.project.shot else "")
        answer = classify(lineage(each.record, ledger)).answer
        line.append(f"  {answer.value}, {each.record.state.value}", style="dim")
        screen.print(line)


def _of_file(opened: Reading, path: Path, *, as_json: bool) -> None:
    limits = opened.settings
    told = inspect(
        path,
        trust=opened.trust,
        ledger=opened.ledger,
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
                "match": told.match.name.lower() if told.match else None,
            }
        )
        return
    _show_file(console(), told)


def _show_file(screen: Console, told: Inspection) -> None:
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
    else:
        screen.print(f"What the ledger says: {NO_RECORD}")


COMMANDS = (credits_command,)
