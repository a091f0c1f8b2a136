"""`genzu credits pic-…`: who is credited on a recorded picture, by its id; and what to do where a credit is wrong."""

from functools import partial

from rich.console import Console

from provenance.commands.showing import show_record
from provenance.inspection.lineage import disputes_behind, history_of_record
from provenance.inspection.translated import in_language
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.records_json import record_json
from provenance.people.changes import changes_since
from provenance.people.register import register_of
from provenance.show.terminal import console, print_json, styled


def of_record(ledger: AnyLedger, picture: str, *, as_json: bool, language: str) -> None:
    """Who is credited on a recorded picture, by its id."""
    record = ledger.picture(picture)
    history = history_of_record(ledger, record)
    say = partial(in_language, language=language)
    disputes = [say(each) for each in disputes_behind(ledger, record)]
    if as_json:
        print_json(
            {
                "format": "genzu credits 1",
                "asked": picture,
                "history": history.sentence_in(language),
                "everybody": [{"role": each.role, "name": each.name} for each in history.credits],
                "record": record_json(record),
                "corrections": [say(str(each)) for each in changes_since(register_of(ledger), record)],
                "disputes": [*disputes],
            }
        )
        return
    screen = console()
    screen.print(styled(picture, "bold"))
    screen.print(styled(history.sentence_in(language), limit=2_000), soft_wrap=True)
    show_record(screen, record, register_of(ledger), language)
    for words in disputes:
        screen.print(styled(words, "yellow", limit=2_000), soft_wrap=True)
    tell_of_disputes(screen, picture, language)


def tell_of_disputes(screen: Console, picture: str, language: str) -> None:
    """What somebody does who finds a credit wrong."""
    command = f"genzu dispute open --picture {picture} --claim '…' --contact '…'"
    screen.print(styled(in_language(f"Is a credit wrong? {command}", language), "dim"), soft_wrap=True)
