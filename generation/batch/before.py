"""What the ledger has of a sheet already: a candidate that was painted is never painted again.

A record answers a candidate where it holds the same order (row.py), the same words, people, place in the film, model
and works beside it. Words that were erased since count as the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from generation.batch.row import Row
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord, State
from provenance.people.register import Register, register_of
from provenance.people.roster import known_credits
from provenance.statement.commitment import STAND_INS
from provenance.statement.credit import Credit
from provenance.statement.statement import AdapterUse, ModelUse, Prompt

ORDER = "order"  # among a statement's parameters
_ALL = -1


class Before:
    """The released candidates of a ledger, by their orders."""

    def __init__(self, ledger: AnyLedger) -> None:
        self._ledger = ledger
        self._register: Register = register_of(ledger)
        self._found: dict[str, list[PictureRecord]] = defaultdict(list)
        for record in ledger.pictures(state=State.RELEASED, limit=_ALL):
            if isinstance(order := record.statement.parameters.get(ORDER), str):
                self._found[order].append(record)

    def record(
        self, row: Row, order: str, model: ModelUse, adapters: Sequence[AdapterUse]
    ) -> PictureRecord | None:
        """The newest record that answers this candidate; None where it is still to be painted."""
        for record in self._found.get(order, ()):
            said = record.statement
            same = (
                said.model is not None
                and said.model.digest == model.digest
                and _laid_over(said.adapters) == _laid_over(adapters)
                and said.project == row.project
                and _same_words(said.prompt, row)
                and self._people(said.credits) == self._people(known_credits(self._ledger, row.credits))
            )
            if same:
                return record
        return None

    def _people(self, credits: Iterable[Credit]) -> Counter[tuple[str, str]]:
        """Who did what. Somebody who asked not to be named has a new id on each picture, so only the role counts."""
        return Counter((each.role.value, self._who(each)) for each in credits)

    def _who(self, credit: Credit) -> str:
        if credit.name is None:
            return ""
        return self._register.person(credit.person).person if credit.person else f"new: {credit.name}"


def _laid_over(adapters: Iterable[AdapterUse]) -> set[tuple[object, ...]]:
    return {
        (each.model.digest.hex, each.kind, each.about, each.scale, each.start, each.end) for each in adapters
    }


def _same_words(said: Prompt | None, row: Row) -> bool:
    if said is None or said.disclosure is not row.disclosure:
        return False
    settings = row.settings
    pairs = ((said.text, settings.prompt), (said.negative, settings.negative_prompt))
    return all(then == now or then in STAND_INS for then, now in pairs)
