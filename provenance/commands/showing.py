"""Answers in a terminal: steps, evidence, records; as JSON for programs."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from provenance.commands.remedies import with_remedies
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.graph import Graph, Node
from provenance.inspection.history import History
from provenance.inspection.translated import in_language
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord
from provenance.people.changes import changes_since, first_said
from provenance.people.claims import all_claims
from provenance.people.register import Register, register_of
from provenance.show.drawing import Say, badge_of, credit_words, label_of, lines_of
from provenance.show.step_words import further
from provenance.show.terminal import print_indented, styled
from provenance.show.verdict_words import ANSWER_STYLES, VERDICTS
from provenance.statement.credit import NOT_NAMED
from provenance.statement.moment import moment
from provenance.statement.untrusted import plain, width_of
from provenance.statement.vocabulary import Relation
from provenance.statement.words import MAKERS, MARKS

EVIDENCE_STYLES = {
    Evidence.OBSERVED: "cyan",
    Evidence.RECORDED: "green",
    Evidence.DERIVED: "blue",
    Evidence.NOT_AVAILABLE: "dim",
}
_HOW = {Relation.PARENT: "over {}", Relation.COMPONENT: "with {}", Relation.INPUT: "looking at {}"}
TOLD = 3  # entries that are named one by one
PROMPT_SHOWN = 200
SENTENCE = 2_000  # characters; a sentence on a history is bounded where it is made


def show_history(screen: Console, history: History, language: str = "en") -> None:
    """Who made it, in the one sentence that every answer opens with; its first word in the answer's colour."""
    answer, separator, rest = history.sentence_in(language).partition(MARKS[language].colon)
    line = styled(answer + separator, f"bold {ANSWER_STYLES[history.answer]}")
    screen.print(line.append_text(styled(rest, limit=SENTENCE)))


def show_steps(screen: Console, graph: Graph, language: str = "en") -> None:
    """Each step with who, with what and how it stands, oldest first."""
    say, marks = partial(in_language, language=language), MARKS[language]
    number = {node.id: index for index, node in enumerate(graph.nodes, 1)}
    into: dict[str, list[str]] = {}
    for edge in graph.edges:
        how = "through the mask {}" if edge.mask else _HOW[edge.relation]
        into.setdefault(edge.child, []).append(say(how.format(number[edge.parent])))
    for node in graph.nodes:
        head = styled(f"{number[node.id]}  {label_of(node, say)}", "bold")
        head.append("  ")
        head.append(say(badge_of(node)), style=MAKERS[node.maker].terminal)
        over = into.get(node.id)
        if over:
            head.append(f"  {marks.comma.join(over[:12])}", style="dim")
        screen.print(head)
        *facts, standing = lines_of(node, say)[1:] or [""]
        for fact in facts:
            print_indented(screen, styled(fact))
        for line, style in _words(node, say):
            print_indented(screen, styled(line, style, limit=PROMPT_SHOWN))
        style = VERDICTS[node.verdict].terminal if node.verdict else "dim"
        print_indented(screen, styled(standing, style))
        for reason in node.reasons[:10]:
            why = styled(say(reason.words))
            why.append(f"  [{plain(reason.code, 80)}]", style="dim")
            print_indented(screen, why)


def show_findings(screen: Console, findings: Iterable[Finding], language: str = "en") -> None:
    """The lines of evidence, each with where it comes from."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for finding in findings:
        style = "red" if finding.fault else EVIDENCE_STYLES[finding.evidence]
        said = with_remedies(finding.words, [finding.remedy] if finding.remedy is not None else [], language)
        words = styled(said, "red" if finding.fault else "", limit=900)
        kind = in_language(finding.evidence.value, language)
        if screen.is_terminal:
            table.add_row(styled(kind, style), words)
        else:
            screen.print(styled(padded(kind, 15)).append_text(words), soft_wrap=True)
    if screen.is_terminal:
        screen.print(table)


def show_record(screen: Console, record: PictureRecord, register: Register, language: str = "en") -> None:
    """A picture of the ledger in a few lines: its credits as first said, what changed them, what was claimed."""
    say, marks, said = partial(in_language, language=language), MARKS[language], record.statement
    head = styled(record.picture, "bold")
    told = (say(said.step.value), say(record.state.value), moment(record.at)[:10])
    head.append(f"  {marks.comma.join(told)}")
    place = " ".join(filter(None, (said.project.production, said.project.episode, said.project.shot)))
    if place:
        head.append(f"  {marks.within(plain(place, 120), say(said.project.stage.value))}", style="dim")
    screen.print(head)
    for role, name in first_said(register, record):
        print_indented(screen, styled(credit_words(role, None if name == NOT_NAMED else name, say)))
    if said.model is not None:
        model = marks.within(said.model.name, said.model.license)
        print_indented(screen, styled(say("with {}").format(model)))
    for change in changes_since(register, record):
        print_indented(screen, styled(say(str(change)), limit=600))
    for role, name, claims in all_claims(register, record):
        whose = credit_words(role, None if name == NOT_NAMED else name, say)
        for one in claims:
            print_indented(screen, styled(f"{whose}{marks.comma}{say(str(one))}", limit=600))


def tell_written(path: Path, count: str, language: str, *, name: str = "") -> None:
    """Says which paper was written, of whom, and how much is in it (`count`, in English)."""
    marks = MARKS[language]
    told = filter(None, (plain(name), in_language(count, language)))
    click.echo(f"{path}{marks.colon}{marks.comma.join(told)}")


def padded(words: str, columns: int) -> str:
    """The words, and spaces up to so many columns of a terminal, where a Japanese letter takes two."""
    return words + " " * (columns - width_of(words))


def _words(node: Node, say: Say) -> list[tuple[str, str]]:
    words = [] if node.prompt is None else [(say("“{}”").format(node.prompt), "italic")]
    if node.said is None:
        return words
    dated = [f"dated {moment(node.when)}"] if node.when else []
    return words + [(say(line), "dim") for line in [*dated, *further(node.said)]]


def tell_skipped(ledger: AnyLedger) -> None:
    """Says on the standard error which entries cannot be read: what a command answers is without them."""
    skipped = register_of(ledger).skipped
    for each in skipped[:TOLD]:
        click.echo(plain(f"{each}; see `genzu ledger verify`", 500), err=True)
    if len(skipped) > TOLD:
        click.echo(f"and {len(skipped) - TOLD:,} more entries; `genzu ledger verify` names all", err=True)
