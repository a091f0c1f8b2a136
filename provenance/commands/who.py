"""`genzu who` and `genzu detect`: whose picture is this, and are our marks in it, with nothing but the picture."""

from pathlib import Path

import click
from rich.console import Console

from provenance.commands.opening import Reading, as_json, reading, told_of
from provenance.commands.showing import SENTENCE, show_findings, show_record
from provenance.credentials.read.chain import Verdict
from provenance.inspection.evidence.ledger import no_record
from provenance.inspection.evidence.looks import NO_ORIGIN, TOLD, less_alike
from provenance.inspection.evidence.observed import Match
from provenance.inspection.inspected import Inspection
from provenance.inspection.lineage import history_of_record
from provenance.inspection.whose import (
    behind,
    detect_json,
    known_besides,
    marks_in,
    not_asked,
    said_elsewhere,
    speaks_against,
    trustmark_in,
    who_json,
    why_no_mark,
)
from provenance.lookup.likeness import Likeness
from provenance.lookup.trustmark import NOT_HERE, fetch
from provenance.people.changes import changes_since, first_said
from provenance.people.register import register_of
from provenance.settings import Settings
from provenance.show.terminal import console, print_indented, print_json, styled
from provenance.statement.credit import credit_text
from provenance.statement.mark_form import MARK, OFF
from provenance.statement.untrusted import plain

FETCHES = "--fetch-trustmark fetches them from its maker's site, about 65 MB"
FOUND_BY = {
    Match.FILE: "It is the very file of a record, byte for byte.",
    Match.PIXELS: "It shows exactly the pixels of a record.",
    Match.MANIFEST: "Its own credentials name a record.",
}


@click.command("who")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@click.pass_obj
def who_command(settings: Settings, file: Path, as_json: bool) -> None:
    """Whose picture FILE is, also where its metadata is gone: the record, the people, and what differs.

    The surest way first: the very file, the same pixels, what its credentials name; then what it looks like, among the
    pictures of the look-up index (`genzu index`). Looking alike proves no origin, and no record proves nothing.
    """
    with reading(settings) as opened:
        told = told_of(opened, file)
        if as_json:
            print_json(who_json(told, opened.ledger, opened.index))
        else:
            _show(console(), opened, told)


def _show(screen: Console, opened: Reading, told: Inspection) -> None:
    screen.print(styled(told.observed.name, "bold"))
    for words in speaks_against(told):
        screen.print(styled(words, "bold red", limit=SENTENCE))
    if told.record is not None and told.match is not None and opened.ledger is not None:
        screen.print(FOUND_BY[told.match])
        screen.print(styled(told.history.sentence, limit=SENTENCE))
        by_record = history_of_record(opened.ledger, told.record).sentence
        if by_record != told.history.sentence:
            screen.print(styled(f"That record says “{by_record}”", limit=SENTENCE))
        show_record(screen, told.record, register_of(opened.ledger))
        for words in behind(told):
            screen.print(styled(words, "yellow", limit=SENTENCE))
        _show_alike(screen, opened, told.observed.looks_like)
    else:
        _show_without_record(screen, opened, told)
    theirs = said_elsewhere(told)
    if theirs:
        screen.print()
        screen.print("What other studios' ledgers say:")
        show_findings(screen, theirs)


def _show_without_record(screen: Console, opened: Reading, told: Inspection) -> None:
    """What is known of a picture without a record: by its own credentials, what it went into, what it looks like."""
    if told.chain.verdict is not Verdict.NO_CREDENTIALS:
        screen.print(styled(told.history.sentence, limit=SENTENCE))
    said = known_besides(told)
    for words in said:
        screen.print(styled(words, limit=SENTENCE))
    if told.observed.looks_like:
        _show_alike(screen, opened, told.observed.looks_like)
        return
    if opened.ledger is not None and not said:
        screen.print(no_record(told.elsewhere))
    for words in not_asked(told, opened.ledger, opened.index):
        screen.print(styled(words, "dim"))


def _show_alike(screen: Console, opened: Reading, found: tuple[Likeness, ...]) -> None:
    if opened.ledger is None or not found:
        return
    for each in found[:TOLD]:
        screen.print(styled(each.words, limit=SENTENCE))
        if each.has_mark:
            print_indented(
                screen, styled(f"its faint mark is in the file ({each.mark:.0f} standard deviations)")
            )
        record = opened.ledger.picture(each.picture)
        history = history_of_record(opened.ledger, record).sentence
        print_indented(screen, styled(f"its record says “{history}”", limit=SENTENCE))
        register = register_of(opened.ledger)
        for role, name in first_said(register, record):
            print_indented(screen, styled(credit_text(role, name)))
        for change in changes_since(register, record):
            print_indented(screen, styled(str(change), limit=SENTENCE))
    if len(found) > TOLD:
        screen.print(less_alike(len(found) - TOLD))
    screen.print(styled(NO_ORIGIN, "dim"))


@click.command("detect")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--fetch-trustmark",
    is_flag=True,
    help="Fetch TrustMark's weights from its maker's site first (about 65 MB), where they are not here.",
)
@as_json
@click.pass_obj
def detect_command(settings: Settings, file: Path, fetch_trustmark: bool, as_json: bool) -> None:
    """Whether FILE carries marks: signed credentials, the faint mark in the pixels, and TrustMark.

    The faint mark is read with the help of the ledger that wrote it, so only its keeper (or the keeper's page) can
    read it. TrustMark anybody can read, with the extra genzu[trustmark] and its maker's weights. A picture in which
    nothing is found may still be AI: marks can be removed, and not every tool makes them.
    """
    if fetch_trustmark:
        fetch()
    with reading(settings) as opened:
        told = told_of(opened, file)
        found, other = marks_in(told, opened.index), trustmark_in(told, opened.ledger)
        if as_json:
            print_json(detect_json(told, found, opened.index, other))
            return
        sentences, mark = _sentences(opened, told, found), _mark_words(opened, told, found)
    credentials = told.chain.verdict
    screen = console()
    screen.print(styled(told.observed.name, "bold"))
    words = "none in the file" if credentials is Verdict.NO_CREDENTIALS else credentials.value
    screen.print(styled(f"credentials  {words}"))
    screen.print(styled(f"faint mark   {mark}", limit=SENTENCE))
    how = f"; {FETCHES}" if other.why_not == NOT_HERE else ""
    screen.print(styled(f"trustmark    {other.words}{how}", limit=SENTENCE))
    for sentence in sentences:
        screen.print(styled(sentence, limit=SENTENCE))


def _sentences(opened: Reading, told: Inspection, found: list[Likeness]) -> list[str]:
    """How it was made: by the file and its record, else by the records whose marks were found; not "no record" then."""
    if told.record is not None or told.chain.verdict is not Verdict.NO_CREDENTIALS or opened.ledger is None:
        return [told.history.sentence]
    records = [opened.ledger.picture(each.picture) for each in found]
    theirs = [f"That record says “{history_of_record(opened.ledger, each).sentence}”" for each in records]
    return theirs or [told.history.sentence]


def _mark_words(opened: Reading, told: Inspection, found: list[Likeness]) -> str:
    if found:
        names = (f"{plain(each.picture, 60)} ({each.mark:.0f} standard deviations)" for each in found)
        return f"found: {', '.join(names)}"
    if told.record is not None and told.record.facts.get(MARK) == OFF:
        return f"none: by its record, {plain(told.record.picture, 60)} was painted without"
    why = why_no_mark(told, opened.index)
    return f"not looked for: {why}" if why else "none of this ledger's was found"


COMMANDS = (who_command, detect_command)
