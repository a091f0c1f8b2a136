"""`genzu credits pic-…`: who is credited on a recorded picture, by its id, here and in the imported ledgers; and what
to do where a credit is wrong.
"""

from dataclasses import dataclass
from functools import partial

from rich.console import Console

from provenance.commands.showing import show_record
from provenance.errors import NotRecorded
from provenance.inspection.evidence.ledger import ONLY_ELSEWHERE
from provenance.inspection.evidence.other_ledgers import ask_each, proved
from provenance.inspection.lineage import disputes_behind, history_of_record
from provenance.inspection.translated import in_language
from provenance.ledger.any_ledger import AnyLedger, Others
from provenance.ledger.records_json import record_json
from provenance.ledger.store.records import PictureRecord
from provenance.people.changes import changes_since
from provenance.people.claims import all_claims_json
from provenance.people.register import register_of
from provenance.show.terminal import console, print_json, styled
from provenance.statement.counted import counted
from provenance.statement.json_value import Json
from provenance.statement.untrusted import plain


def of_record_asked(ledger: AnyLedger, others: Others, picture: str, *, as_json: bool, language: str) -> None:
    """Shows who is credited on a recorded picture; NotRecorded where neither we nor an imported ledger has it."""
    if as_json:
        print_json(picture_json(ledger, others, picture, language))
        return
    told = _told(ledger, others, picture)
    screen, say = console(), partial(in_language, language=language)
    screen.print(styled(picture, "bold"))
    if told.ours is None:
        screen.print(styled(say(ONLY_ELSEWHERE)), soft_wrap=True)
    else:
        _show(screen, ledger, told.ours, language)
        tell_of_disputes(screen, picture, language)
    for their, record in told.elsewhere:
        screen.print()
        show_copy(screen, their, language)
        _show(screen, their, record, language)
    show_unread(screen, told.unread, language)


def picture_json(ledger: AnyLedger, others: Others, picture: str, language: str = "en") -> dict[str, Json]:
    """The answer on a recorded picture as data; `record` is null where only imported ledgers have it."""
    told = _told(ledger, others, picture)
    return {
        "format": "genzu credits 1",
        "asked": picture,
        **_json(ledger, told.ours, language),
        "elsewhere": [
            {**copy_json(their), **_json(their, record, language)} for their, record in told.elsewhere
        ],
        "not_asked": [in_language(plain(each), language) for each in told.unread],
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """The record of a picture, ours and those of the imported ledgers, and why one of these could not be asked."""

    ours: PictureRecord | None
    elsewhere: list[tuple[AnyLedger, PictureRecord]]
    unread: list[str]


def _told(ledger: AnyLedger, others: Others, picture: str) -> _Told:
    answers, unread = ask_each(others, partial(_in_copy, picture=picture))
    elsewhere = [(their, record) for their, record in answers if record is not None]
    try:
        return _Told(ledger.picture(picture), elsewhere, unread)
    except NotRecorded as error:
        if elsewhere:
            return _Told(None, elsewhere, unread)
        asked = [their.id for their, _ in answers]
        neither = (
            [f"the imported {', '.join(asked)} {'have' if asked[1:] else 'has'} none either"] if asked else []
        )
        closed = [f"an imported ledger could not be asked: {each}" for each in unread]
        raise NotRecorded("; ".join([str(error), *neither, *closed])) from error


def _in_copy(ledger: AnyLedger, picture: str) -> PictureRecord | None:
    """The record that a copy proves to have; LedgerError or ProofError where it proves nothing."""
    try:
        record = ledger.picture(picture)
    except NotRecorded:
        return None
    proved(ledger, record)
    return record


def _show(screen: Console, ledger: AnyLedger, record: PictureRecord, language: str) -> None:
    screen.print(styled(history_of_record(ledger, record).sentence_in(language), limit=2_000), soft_wrap=True)
    show_record(screen, record, register_of(ledger), language)
    for words in disputes_behind(ledger, record):
        screen.print(styled(in_language(words, language), "yellow", limit=2_000), soft_wrap=True)


def _json(ledger: AnyLedger, record: PictureRecord | None, language: str) -> dict[str, Json]:
    if record is None:
        return {
            "history": None,
            "everybody": [],
            "record": None,
            "corrections": [],
            "claims": {},
            "disputes": [],
        }
    history, say = history_of_record(ledger, record), partial(in_language, language=language)
    return {
        "history": history.sentence_in(language),
        "everybody": [{"role": each.role, "name": each.name} for each in history.credits],
        "record": record_json(record),
        "corrections": [say(str(each)) for each in changes_since(register_of(ledger), record)],
        "claims": all_claims_json(register_of(ledger), record),
        "disputes": [say(each) for each in disputes_behind(ledger, record)],
    }


def copy_json(their: AnyLedger) -> dict[str, Json]:
    """Which imported ledger an answer is of, and how many entries of it are here."""
    return {"ledger": their.id, "key": str(their.verify_key), "entries": len(their)}


def show_copy(screen: Console, their: AnyLedger, language: str) -> None:
    """The heading over what an imported ledger says."""
    copy = f"In the ledger {their.id} of another studio, by its word, as far as the copy here goes"
    head = in_language(f"{copy} ({counted(len(their), 'entry', 'entries')}):", language)
    screen.print(styled(head, "bold"), soft_wrap=True)


def show_unread(screen: Console, unread: list[str], language: str) -> None:
    """Why an imported ledger could not be asked."""
    for words in unread:
        said = in_language(f"An imported ledger could not be asked: {words}.", language)
        screen.print(styled(said, "yellow"))


def tell_of_disputes(screen: Console, picture: str, language: str) -> None:
    """What somebody does who finds a credit wrong."""
    command = f"genzu dispute open --picture {picture} --claim '…' --contact '…'"
    screen.print(styled(in_language(f"Is a credit wrong? {command}", language), "dim"), soft_wrap=True)
