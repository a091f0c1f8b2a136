"""The line on wishes that were taken back: what a file allows stays in it, and its people may have said no since."""

import datetime
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.evidence.observed import Observed, Sources
from provenance.people.consent import standing, strictest, wishes_of
from provenance.people.register import register_of
from provenance.statement.credit import DRAWING
from provenance.statement.vocabulary import Subject
from provenance.statement.words import wished

if TYPE_CHECKING:
    from provenance.ledger.any_ledger import AnyLedger


def wishes(observed: Observed, sources: Sources) -> Iterator[Finding]:
    """What the people in its history allow by our ledger today, where that is less than the file says."""
    step = observed.chain.file
    if sources.ledger is None or step is None or not step.wishes or not sources.recorded.nodes:
        return
    in_file = strictest([step.wishes])
    pictures = [each.picture for each in sources.recorded.nodes if each.picture]
    together = strictest([in_file, _today(sources.ledger, pictures)])
    less = {what: word for what, word in together.items() if word != in_file.get(what, word)}
    if less:
        words = (
            f"Since it was signed, somebody in its history allows less. By our ledger today: {wished(less)}."
        )
        yield Finding(Evidence.RECORDED, "wishes", words)


def _today(ledger: "AnyLedger", pictures: list[str]) -> Mapping[str, str]:
    register, today = register_of(ledger), datetime.datetime.now(datetime.UTC).date()
    consents = (
        standing(
            register.consents_of(each.person.person), Subject.LAYOUT, record.statement.project.production
        )
        for record in map(ledger.picture, pictures)
        for each in register.credits(record)
        if each.role in DRAWING
    )
    return wishes_of([each for each in consents if each is not None], today)
