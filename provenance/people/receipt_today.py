"""An old receipt beside the record of today: what was credited then, what holds now, and which entries lie between.

The record is our ledger, or the copy of another studio's that was imported: that one tells what it has, not what its
keeper added since, nor names that were not exported.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from provenance.errors import LedgerError, NotRecorded, ProofError
from provenance.ledger.any_ledger import AnyLedger, Others
from provenance.ledger.continuations import check_begins_with
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PictureRecord
from provenance.people.person import Person
from provenance.people.register import Register
from provenance.proof.note import VerifyKey
from provenance.proof.receipt import Proved, Receipt, Shown, verify
from provenance.statement.commitment import NOT_DISCLOSED
from provenance.statement.credit import NOT_NAMED
from provenance.statement.json_value import Json

SEALED = "(a name that the receipt does not show)"


@dataclass(frozen=True, slots=True)
class ReceiptChange:
    """One difference. `then` and `now` are as shown; `entries` are the numbers of the entries that made it."""

    about: str
    then: str
    now: str
    entries: tuple[int, ...] = ()

    def __str__(self) -> str:
        since = f" (entries {', '.join(map(str, self.entries))})" if self.entries else ""
        return f"{self.about}: then {self.then}, now {self.now}{since}"


@dataclass(frozen=True, slots=True)
class TodayComparison:
    """What the receipt proves about its time, and what is different now. No changes: it still holds as it stands."""

    subject: str
    tree_size: int
    same: tuple[str, ...]
    changes: tuple[ReceiptChange, ...]
    untold: tuple[ReceiptChange, ...] = ()  # whose name of today the copy does not hold
    copy: int = 0  # entries of the imported copy that it was compared with; 0 for our ledger


def ledger_of(receipt: Receipt, ours: AnyLedger | None, others: Others) -> AnyLedger:
    """The ledger that a receipt is of: ours, or an imported copy. NotRecorded where it is neither."""
    known = [*([] if ours is None else [ours]), *others.ledgers]
    found = next((each for each in known if _key_of(each) == receipt.key), None)
    if found is not None:
        return found
    own = "there is none of ours here" if ours is None else f"ours is {ours.id}"
    unread = f" ({'; '.join(others.unread)})" if others.unread else ""
    raise NotRecorded(
        f"the receipt is of the ledger {receipt.key.name}, and {own}; no copy of that one was imported{unread}. "
        "Whoever keeps it can compare it, or export it for you to import"
    )


def compare(
    ledger: AnyLedger, register: Register, receipt: Receipt, *, copy: bool = False
) -> TodayComparison:
    """The receipt against today's record of the same ledger, or as far as an imported `copy` of it goes.

    NotRecorded where it is of another ledger, or the copy is older than the receipt. ProofError where it does not hold,
    or where the ledger now holds fewer or other entries than the receipt has seen: that is no correction, a log only
    grows. LedgerError where the copy does not prove what it says.
    """
    key = _key_of(ledger)
    if receipt.key != key:
        raise NotRecorded(f"the receipt is of the ledger {receipt.key.name}, and this one is {key.name}")
    proved = verify(receipt, key)
    for shown in proved.entries:
        if not copy or shown.index < len(ledger):
            _still_there(ledger, shown)
    if copy and len(ledger) < proved.checkpoint.size:
        raise NotRecorded(
            f"the copy of {ledger.id} here has {len(ledger):,} entries, and the receipt is of when the ledger had "
            f"{proved.checkpoint.size:,}: import what its keeper exported since"
        )
    check_begins_with(ledger, proved.checkpoint)
    subject = proved.entries[0].value
    body = _object(subject.get("body"))
    picture, person = body.get("picture"), body.get("person")
    if isinstance(picture, str) and "credits" in body:
        lines = list(_credit_lines(register, ledger.picture(picture), proved))
        subject_words = f"picture {picture}"
    elif isinstance(person, str) and "name" in body:
        lines = [_person_line(register, person, proved)]
        subject_words = f"person {person}"
    else:
        lines, subject_words = [], f"entry {receipt.index}"
    untold = tuple(each for each in lines if each.now == NOT_DISCLOSED)
    told = [each for each in lines if each not in untold]
    changes = tuple(each for each in told if each.entries or each.then not in (each.now, SEALED))
    if copy:
        _need_proof(ledger, {proved.entries[0].index, *(seq for each in changes for seq in each.entries)})
    return TodayComparison(
        subject_words,
        proved.checkpoint.size,
        tuple(f"{each.about}: {each.now}" for each in told if each not in changes),
        changes,
        untold,
        len(ledger) if copy else 0,
    )


def _key_of(ledger: AnyLedger) -> VerifyKey:
    return VerifyKey.parse(str(ledger.verify_key))


def _need_proof(ledger: AnyLedger, entries: Iterable[int]) -> None:
    """LedgerError unless each of these stands under a checkpoint of the copy: else it is nobody's word."""
    try:
        for seq in sorted(entries):
            verify(ledger.receipt(seq, opened=False), _key_of(ledger))
    except ProofError as error:
        raise LedgerError(f"the copy of {ledger.id} proves nothing: {error}; import it again") from error


def _still_there(ledger: AnyLedger, shown: Shown) -> None:
    try:
        leaf = ledger.entry(shown.index)
    except NotRecorded:
        raise ProofError(
            f"the ledger has no entry {shown.index} any more, and the receipt proves that it had: it was cut off"
        ) from None
    today = {"seq": leaf.seq, "at": leaf.at, "kind": leaf.kind.value, "body": leaf.body}
    if today != shown.value:
        raise ProofError(
            f"entry {shown.index} is another one than the receipt proves: the ledger was rewritten; keep the receipt"
        )


def _credit_lines(register: Register, record: PictureRecord, proved: Proved) -> Iterator[ReceiptChange]:
    """One line for each credit then, and for each credit now that was not there."""
    asked = next((each for each in proved.entries if "credits" in _object(each.value.get("body"))), None)
    stated = _object(asked.value.get("body")).get("credits") if asked else []
    now = register.credits(record)
    left = list(now)
    corrections = register.corrections.get(record.picture, [])
    for each in stated if isinstance(stated, list) else []:
        role, person = str(_object(each).get("role")), str(_object(each).get("person"))
        then = _name_then(proved, person)
        moves = register.ties.moves(person, record.picture)
        leading = register.person(moves[-1].into if moves else person)
        kept = next((one for one in left if one.role == role and one.person.person == leading.person), None)
        entries = [one.seq for one in corrections if one.role == role and one.before is not None
                   and register.person(one.before) == leading]  # fmt: skip
        entries += _changed_since(register, person, proved.checkpoint.size)
        if kept is not None:
            left.remove(kept)
            # A receipt of an earlier version may open the name that the picture's file was not to show.
            shown = then if kept.otherwise and then == _shown(leading) else _shown(kept.person)
            yield ReceiptChange(role, then, shown, tuple(entries) if shown != then else ())
        else:
            after = [one for one in corrections if one.seq in entries and one.after is not None]
            names = []
            for one in after:
                replacing = register.person(one.after or "")
                names.append(_shown(replacing))
                left = [each_left for each_left in left if each_left.corrected != one.seq]
            yield ReceiptChange(
                role, then, ", ".join(names) or "not credited", tuple(entries) or (record.requested,)
            )
    for kept in left:
        yield ReceiptChange(
            kept.role.value, "not credited", _shown(kept.person), (kept.corrected or record.requested,)
        )


def _person_line(register: Register, person: str, proved: Proved) -> ReceiptChange:
    then, now = _name_then(proved, person), _shown(register.person(person))
    entries = tuple(_changed_since(register, person, proved.checkpoint.size))
    return ReceiptChange("name", then, now, entries if then != now else ())


def _name_then(proved: Proved, person: str) -> str:
    """The name as the receipt shows it: the latest of the person's entries that it opens."""
    named = {each.index: each.value for each in proved.opened if each.place == "body.name"}
    found = SEALED
    for shown in proved.entries:
        body = _object(shown.value.get("body"))
        if body.get("person") != person or "name" not in body:
            continue
        if body["name"] is None:
            found = NOT_NAMED
        elif shown.index in named:
            found = named[shown.index]
    return found


def _changed_since(register: Register, person: str, size: int) -> list[int]:
    """The entries about a person that came after the receipt's checkpoint."""
    kinds = {EntryKind.PERSON_CHANGED, EntryKind.PERSON_MERGED, EntryKind.PERSON_SPLIT}
    ids = {each.person for each in register.together(person)} | {person}
    found = {
        said.seq for each in ids for said in register.history[each] if said.kind in kinds and said.seq >= size
    }
    return sorted(found)


def _shown(person: Person) -> str:
    return person.shown() or NOT_NAMED


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}
