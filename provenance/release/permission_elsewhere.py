"""What people stated in other studios' ledgers about their work: asked where that work goes into a model here."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from provenance.errors import Objection
from provenance.ledger import Ledger
from provenance.ledger.ancestry import ancestors, references_of
from provenance.ledger.foreign import FOLDER, asking, foreign_ledgers
from provenance.ledger.store.records import PictureRecord
from provenance.people.consent import Consent, objection, standing
from provenance.people.keeper import register_of
from provenance.people.person import Person
from provenance.statement.commitment import STAND_INS
from provenance.statement.credit import DRAWING
from provenance.statement.statement import Input, InputRole
from provenance.statement.vocabulary import Subject


def objections_elsewhere(
    home: Path, inputs: Iterable[Input], production: str, today: datetime.date
) -> list[Objection]:
    """The objections of those whom the imported ledgers credit on these inputs, and on what went into them.

    LedgerError where an imported ledger cannot be read: a wish that stands in it must not be passed over unheard.
    """
    given = list(inputs)
    with foreign_ledgers(home / FOLDER) as ledgers:
        found: list[Objection] = []
        for ledger in ledgers:
            with asking(ledger):
                found += _objections(ledger, given, production, today)
        return found


def _objections(
    ledger: Ledger, inputs: Iterable[Input], production: str, today: datetime.date
) -> Iterator[Objection]:
    register = register_of(ledger)
    for given in inputs:
        subject = Subject.STYLE if given.role is InputRole.REFERENCE else Subject.LAYOUT
        records = _records(ledger, given)
        references = references_of(ledger, records)
        for record in records:
            # As in permission.py: of what was only looked at, a word about style counts, too.
            about = dict.fromkeys((subject, Subject.STYLE) if record.picture in references else (subject,))
            for credit in register.credits(record):
                if credit.role in DRAWING:
                    stated = register.consents_of(credit.person.person)
                    for consent in (standing(stated, each, production) for each in about):
                        yield from _objection(ledger, credit.person, consent, today)


def _objection(
    ledger: Ledger, person: Person, consent: Consent | None, today: datetime.date
) -> Iterator[Objection]:
    """What follows from one statement, told as that ledger's."""
    if consent is None:
        return
    # Their contact is sealed: whoever keeps that ledger can ask them.
    asked = replace(consent, ask="" if consent.ask in STAND_INS else consent.ask)
    name = person.name or f"a person of {ledger.id} ({person.person})"
    against = objection(asked, name, f"the keeper of {ledger.id}", today)
    if against is not None:
        yield replace(against, where=f"{against.where} of the ledger {ledger.id}")


def _records(ledger: Ledger, given: Input) -> list[PictureRecord]:
    """That ledger's record of an input, by its bytes, else its pixels, and all that it came from."""
    known = ledger.pictures_with_file(given.resource.digest)
    if not known and given.resource.pixels is not None:
        known = ledger.pictures_with_pixels(given.resource.pixels)
    return [*known, *(each for one in known for each in ancestors(ledger, one.statement.inputs))]
