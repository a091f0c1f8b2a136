"""Answers in a terminal: steps, evidence, records; as JSON for programs."""

from collections.abc import Iterable

import click
from rich.console import Console
from rich.table import Table

from provenance.commands.remedies import with_remedies
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.graph import Graph, Node
from provenance.inspection.history import History
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord
from provenance.people.changes import changes_since, first_said
from provenance.people.register import Register, register_of
from provenance.show.drawing import badge_of, lines_of
from provenance.show.step_words import further
from provenance.show.terminal import print_indented, styled
from provenance.show.verdict_words import ANSWER_STYLES, VERDICTS
from provenance.statement.moment import moment
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Relation
from provenance.statement.words import MAKERS

EVIDENCE_STYLES = {
    Evidence.OBSERVED: "cyan",
    Evidence.RECORDED: "green",
    Evidence.DERIVED: "blue",
    Evidence.NOT_AVAILABLE: "dim",
}
_HOW = {Relation.PARENT: "over", Relation.COMPONENT: "with", Relation.INPUT: "looking at"}
TOLD = 3  # entries that are named one by one
PROMPT_SHOWN = 200
SENTENCE = 2_000  # characters; a sentence on a history is bounded where it is made


def show_history(screen: Console, history: History) -> None:
    """Who made it, in the one sentence that every answer opens with; its first word in the answer's colour."""
    answer, separator, rest = history.sentence.partition(": ")
    line = styled(answer + separator, f"bold {ANSWER_STYLES[history.answer]}")
    screen.print(line.append_text(styled(rest, limit=SENTENCE)))


def show_steps(screen: Console, graph: Graph) -> None:
    """Each step with who, with what and how it stands, oldest first."""
    number = {node.id: index for index, node in enumerate(graph.nodes, 1)}
    into: dict[str, list[str]] = {}
    for edge in graph.edges:
        how = "through the mask" if edge.mask else _HOW[edge.relation]
        into.setdefault(edge.child, []).append(f"{how} {number[edge.parent]}")
    for node in graph.nodes:
        head = styled(f"{number[node.id]}  {node.label}", "bold")
        head.append("  ")
        head.append(badge_of(node), style=MAKERS[node.maker].terminal)
        over = into.get(node.id)
        if over:
            head.append(f"  {', '.join(over[:12])}", style="dim")
        screen.print(head)
        *facts, standing = lines_of(node)[1:] or [""]
        for fact in facts:
            print_indented(screen, styled(fact))
        for line, style in _words(node):
            print_indented(screen, styled(line, style, limit=PROMPT_SHOWN))
        style = VERDICTS[node.verdict].terminal if node.verdict else "dim"
        print_indented(screen, styled(standing, style))
        for reason in node.reasons[:10]:
            why = styled(reason.words)
            why.append(f"  [{plain(reason.code, 80)}]", style="dim")
            print_indented(screen, why)


def show_findings(screen: Console, findings: Iterable[Finding]) -> None:
    """The lines of evidence, each with where it comes from."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        style = "red" if finding.fault else EVIDENCE_STYLES[finding.evidence]
        said = with_remedies(finding.words, [finding.remedy] if finding.remedy is not None else [])
        words = styled(said, "red" if finding.fault else "", limit=900)
        if screen.is_terminal:
            table.add_row(styled(finding.evidence.value, style), words)
        else:
            screen.print(styled(f"{finding.evidence.value:15}").append_text(words), soft_wrap=True)
    if screen.is_terminal:
        screen.print(table)


def show_record(screen: Console, record: PictureRecord, register: Register) -> None:
    """A picture of the ledger in a few lines: its credits as they were first said, and what changed them since."""
    said = record.statement
    head = styled(record.picture, "bold")
    head.append(f"  {said.step.value}, {record.state.value}, {moment(record.at)[:10]}")
    place = " ".join(filter(None, (said.project.production, said.project.episode, said.project.shot)))
    if place:
        head.append(f"  {plain(place, 120)} ({said.project.stage.value})", style="dim")
    screen.print(head)
    for role, name in first_said(register, record):
        print_indented(screen, styled(f"{role}: {name}"))
    if said.model is not None:
        print_indented(screen, styled(f"with {said.model.name} ({said.model.license})"))
    for change in changes_since(register, record):
        print_indented(screen, styled(str(change), limit=600))


def _words(node: Node) -> list[tuple[str, str]]:
    words = [] if node.prompt is None else [(f"“{node.prompt}”", "italic")]
    if node.said is None:
        return words
    dated = [f"dated {moment(node.when)}"] if node.when else []
    return words + [(line, "dim") for line in [*dated, *further(node.said)]]


def tell_skipped(ledger: AnyLedger) -> None:
    """Says on the standard error which entries cannot be read: what a command answers is without them."""
    skipped = register_of(ledger).skipped
    for each in skipped[:TOLD]:
        click.echo(plain(f"{each}; see `genzu ledger verify`", 500), err=True)
    if len(skipped) > TOLD:
        click.echo(f"and {len(skipped) - TOLD:,} more entries; `genzu ledger verify` names all", err=True)
