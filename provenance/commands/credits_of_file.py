"""The people of a file and of its record: what `genzu credits FILE` shows."""

from pathlib import Path

from rich.console import Console

from provenance.commands.credits_of_record import tell_of_disputes
from provenance.commands.opening import Reading, told_of
from provenance.commands.showing import show_findings, show_record, show_steps
from provenance.inspection.evidence.ledger import no_record
from provenance.inspection.evidence.looks import ABOUT as LIKENESS
from provenance.inspection.graph_json import node_json
from provenance.inspection.inspected import Inspection
from provenance.inspection.whose import (
    NO_LEDGER,
    disputes_here,
    disputes_on,
    known_besides,
    said_elsewhere,
    speaks_against,
)
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.records_json import record_json
from provenance.people.changes import changes_since
from provenance.people.register import register_of
from provenance.show.terminal import console, print_json, styled
from provenance.statement.credit import NOT_NAMED
from provenance.statement.json_value import Json


def of_file(opened: Reading, path: Path, *, as_json: bool, language: str) -> None:
    """Shows what the file says, what our ledger says, and what the imported ones say."""
    told = told_of(opened, path)
    if as_json:
        print_json(file_json(opened, told))
    else:
        _show_file(console(), told, opened.ledger, language)


def file_json(opened: Reading, told: Inspection) -> dict[str, Json]:
    """The people of a file and of its record as data."""
    return {
        "format": "genzu credits 1",
        "asked": told.observed.name,
        "history": told.history.sentence,
        "everybody": [{"role": each.role, "name": each.name} for each in told.history.credits],
        "verdict": told.chain.verdict.value,
        "steps": [node_json(node) for node in told.graph.nodes],
        "record": record_json(told.record) if told.record else None,
        "corrections": _changed_since(told, opened.ledger),
        "disputes": [*disputes_on(told)],
        "match": told.match.name.lower() if told.match else None,
        "looks_like": [each.to_json() for each in told.observed.looks_like],
        "elsewhere": [each.to_json() for each in told.elsewhere],
    }


def _changed_since(told: Inspection, ledger: AnyLedger | None) -> list[Json]:
    """What was changed since of the credits that the record shows."""
    if told.record is None or ledger is None:
        return []
    return [str(each) for each in changes_since(register_of(ledger), told.record)]


def _show_file(screen: Console, told: Inspection, ledger: AnyLedger | None, language: str) -> None:
    screen.print(styled(told.observed.name, "bold"))
    for words in speaks_against(told):
        screen.print(styled(words, "bold red", limit=2_000), soft_wrap=True)
    screen.print(styled(told.history.sentence_in(language), limit=2_000), soft_wrap=True)
    if told.history.credits:
        people = (f"{each.name or NOT_NAMED}, {each.role}" for each in told.history.credits)
        screen.print(styled(f"Everybody in its history: {'; '.join(people)}.", limit=4_000), soft_wrap=True)
    screen.print()
    if told.chain.steps:
        screen.print(f"What the file says ({told.chain.verdict.value}):")
        show_steps(screen, told.graph)
    else:
        screen.print(f"What the file says: {told.chain.verdict.value}.")
    screen.print()
    if told.record is not None and told.match is not None and ledger is not None:
        screen.print(f"What the ledger says ({told.match.value}):")
        show_record(screen, told.record, register_of(ledger))
        for words in disputes_here(told):
            screen.print(styled(words, "yellow", limit=2_000), soft_wrap=True)
        tell_of_disputes(screen, told.record.picture)
    else:
        said = known_besides(told) or [no_record(told.elsewhere) if ledger is not None else NO_LEDGER]
        screen.print(styled(f"What the ledger says: {' '.join(said)}", limit=2_000), soft_wrap=True)
        alike = [each for each in told.findings if each.about == LIKENESS]
        if alike:
            screen.print()
            screen.print("What it looks like:")
            show_findings(screen, alike)
    theirs = said_elsewhere(told)
    if theirs:
        screen.print()
        screen.print("What other studios' ledgers say:")
        show_findings(screen, theirs)
