"""`genzu inspect`: one picture, step by step, with what the ledger says and how sure anything is."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from provenance.commands.opening import Reading, as_json, lang, reading
from provenance.commands.showing import (
    SENTENCE,
    show_findings,
    show_history,
    show_steps,
)
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.thumbnails import thumbnails
from provenance.errors import OutputError, Remedy, Way
from provenance.inspection.basis import Evidence
from provenance.inspection.difference import NO_LABOUR, StepChange, changes_of
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.inspected import Inspection, to_json
from provenance.inspection.inspection import inspect
from provenance.inspection.translated import in_language
from provenance.media.change import heat_map
from provenance.media.picture import encode
from provenance.settings import Settings
from provenance.show.drawing import label_of
from provenance.show.graph import write
from provenance.show.terminal import console, print_json, styled
from provenance.show.verdict_words import VERDICTS
from provenance.statement.words import MARKS
from provenance.storage.atomic import save
from provenance.storage.vault import Vault

HOW_KNOWN = (
    "Strangers' signers become known by `genzu trust update` (the public C2PA lists) "
    "and `genzu trust add FILE` (a partner's root)."
)
EPILOG = """\b
Exit codes:
  0  intact, and every signer is known to us
  1  altered, or file and ledger do not agree, or a proof of identity fails
  2  could not check
  3  no Content Credentials in the file (whatever the ledger says)
  4  intact, but a signer is not known to us (see: genzu trust)
"""


@click.command("inspect", epilog=EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--graph",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Also draw the history, with the thumbnails that the credentials hold: .svg .png .dot .json",
)
@click.option("--force", is_flag=True, help="Replace the drawing if it is there.")
@click.option("--changes", is_flag=True, help="Also measure how much each recorded step changed, and where.")
@click.option(
    "--heat",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Also draw where the last step changed the picture, in red (.png).",
)
@click.option(
    "--fetch",
    "hosts",
    multiple=True,
    metavar="HOST",
    help="Ask this host (name or name:port), and no other, for credentials that FILE keeps there, and whether a "
    "certificate was withdrawn (OCSP); give it once for each host. Without it nothing is asked.",
)
@lang
@as_json
@click.pass_context
def inspect_command(
    context: click.Context,
    file: Path,
    graph: Path | None,
    force: bool,
    changes: bool,
    heat: Path | None,
    hosts: tuple[str, ...],
    language: str,
    as_json: bool,
) -> None:
    """What FILE says about itself, step by step: human or AI, who, with what, and whether anything was altered.

    Nothing leaves this machine unless you name a host with --fetch. Credentials beside FILE (FILE.c2pa) are read
    too. If there are no credentials and no record, that says nothing about how the picture was made.
    """
    settings: Settings = context.obj
    with reading(settings) as opened:
        told = inspect(
            file,
            trust=opened.trust.reaching(hosts),
            ledger=opened.ledger,
            others=opened.others,
            limits=settings.limits,
            index=opened.index,
            language=language,
        )
        measured = _measured(told, opened) if changes or heat is not None else []
    if heat is not None:
        _draw(measured, heat, force=force)
    if graph is not None:
        write(told.graph, graph, thumbnails=thumbnails(file), force=force, language=language)
    if as_json:
        print_json(
            {
                **to_json(told, language),
                **({"changes": [each.to_json() for each in measured]} if changes else {}),
            }
        )
    else:
        show(console(), told, language)
        if changes:
            _show_changes(console(), told, measured, language)
    context.exit(told.exit_code)


def _measured(told: Inspection, opened: Reading) -> list[StepChange]:
    """Every step on our record of the picture against the one before it."""
    if told.own_record is None or opened.ledger is None:
        return []
    return list(
        changes_of(told.own_record, opened.ledger, Vault(opened.settings.vault), opened.settings.limits)
    )


def _draw(measured: Sequence[StepChange], path: Path, *, force: bool) -> None:
    if path.suffix.lower() != ".png":
        raise OutputError(f"where a picture changed is drawn as .png, not as {path.name}")
    if path.exists() and not force:
        raise OutputError(f"{path} exists already", remedies=(Remedy(Way.ANOTHER_NAME),))
    if not measured:
        raise OutputError(
            "there is nothing to draw: no record here has the picture that this one was made over"
        )
    save(path, encode(heat_map(measured[-1].change), "image/png"))


def _show_changes(screen: Console, told: Inspection, measured: Sequence[StepChange], language: str) -> None:
    say = partial(in_language, language=language)
    screen.print()
    screen.print(say("How much each step changed, measured"), style="bold")
    if not measured:
        words = "No record here has the picture that this one was made over, so nothing can be compared."
        show_findings(screen, [Finding(Evidence.NOT_AVAILABLE, "change", words)], language)
        return
    labels = {
        node.picture: label_of(node, say)
        for node in (*told.graph.nodes, *told.recorded.nodes)
        if node.picture
    }
    marks = MARKS[language]
    lines = [
        f"{labels.get(each.picture, say(each.step.capitalize()))}{marks.colon}"
        f"{say(str(each.change))}{marks.stop.strip()}"
        for each in measured
    ]
    show_findings(
        screen, [Finding(Evidence.DERIVED, "change", line) for line in [*lines, NO_LABOUR]], language
    )


def show(screen: Console, told: Inspection, language: str = "en") -> None:
    """The answer for a person: what contradicts what, who made it, and what that rests on."""
    say = partial(in_language, language=language)
    screen.print(styled(told.observed.name, "bold"))
    for finding in told.findings:
        if finding.first:
            screen.print(styled(say(finding.words), "bold red", limit=SENTENCE))
    show_history(screen, told.history, language)
    because = say(told.classified.because)
    screen.print(styled(say("because: {}").format(because), limit=SENTENCE))
    screen.print(styled(say(told.chain.verdict.value), VERDICTS[told.chain.verdict].terminal))
    if told.chain.verdict is Verdict.INTACT_UNKNOWN and told.chain.strangers:
        screen.print(styled(say(HOW_KNOWN), limit=SENTENCE))
    if told.graph.nodes:
        screen.print()
        heading = "How it was made" if told.chain.steps else "How it was made, by the ledger"
        screen.print(say(heading), style="bold")
        show_steps(screen, told.graph, language)
    if told.contradicted:
        screen.print()
        screen.print(say("How it was made, by our record of the same picture"), style="bold")
        show_steps(screen, told.recorded, language)
    screen.print()
    screen.print(say("Evidence"), style="bold")
    show_findings(screen, told.findings, language)


COMMANDS = (inspect_command,)
