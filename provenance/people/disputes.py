"""Hearing a dispute: anyone opens one, the keeper answers, and what was wrong is corrected by a new entry.

Every verb signs the checkpoint that covers what it wrote.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from provenance.errors import NotRecorded, OutputError, StatementError
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PictureRecord
from provenance.people.dispute import (
    EVIDENCE_LIMIT,
    Dispute,
    Reply,
    clean_claim,
    dispute_body,
    refuse_flood,
    reply_body,
)
from provenance.people.person import clean_contact
from provenance.people.register import Register, register_of
from provenance.people.roster import named_or_new
from provenance.people.ties import Correction, correction_body
from provenance.statement.blank import is_blank
from provenance.statement.canonical import Digest, id_typed, new_id
from provenance.statement.commitment import Body
from provenance.statement.credit import NOT_NAMED, Role
from provenance.statement.vocabulary import Outcome
from provenance.storage.vault import Vault


def open_dispute(
    ledger: AnyLedger,
    vault: Vault,
    *,
    claim: str,
    contact: str,
    picture: str = "",
    person: str = "",
    evidence: bytes | None = None,
) -> Dispute:
    """Writes down what somebody says is wrong; the evidence goes into the vault as it is, and is never opened.

    Bounded for pages that anybody can reach: a flood is refused with a sentence.
    """
    register = register_of(ledger)
    if picture:
        ledger.picture(picture)
    if person:
        person = register.person(person).person
    contact = need_contact(contact)
    if evidence is not None and len(evidence) > EVIDENCE_LIMIT:
        raise StatementError(f"evidence has at most {EVIDENCE_LIMIT // 1024 // 1024} MB; send a smaller file")
    dispute = Dispute(new_id("dis"), clean_claim(claim), contact, picture, person)
    refuse_flood(register.disputes.values(), dispute, datetime.now(UTC))
    if evidence:
        dispute = replace(dispute, evidence=vault.put(evidence))
    entry = _written(ledger, EntryKind.DISPUTE_OPENED, dispute_body(dispute))
    return replace(dispute, seq=entry.seq, at=entry.at)


def need_contact(text: str) -> str:
    """The way to reach somebody, clean; StatementError where there is none."""
    if is_blank(text):
        raise StatementError("say how the keeper can reach you: a contact is needed, and stays private")
    return clean_contact(text)


def read_evidence(path: Path) -> bytes:
    """The bytes of an evidence file, no more than are taken. OutputError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(EVIDENCE_LIMIT + 1)
    except OSError as error:
        raise OutputError.of(error, f"{path} could not be read") from error


def answer_dispute(ledger: AnyLedger, register: Register, dispute: str, reply: Reply) -> Entry:
    """Writes down the keeper's answer. A dispute is answered again as often as it takes."""
    found = dispute_on_record(register, dispute)
    register.raw(reply.by)
    known = {each.seq for corrections in register.corrections.values() for each in corrections}
    known |= {said.seq for said in register.changes()}
    for seq in reply.corrections:
        if seq not in known:
            raise NotRecorded(f"entry {seq} is no correction")
    return _written(ledger, EntryKind.DISPUTE_ANSWERED, reply_body(found.dispute, reply))


def answer_by_name(
    ledger: AnyLedger, dispute: str, *, outcome: Outcome, words: str, by: str, corrections: Sequence[int]
) -> Entry:
    """Writes the keeper's answer down from a name as it was typed; who decides may be new to the record."""
    dispute_on_record(register_of(ledger), dispute)
    person, new = named_or_new(register_of(ledger), by)
    if new:
        ledger.append_all(new)
    reply = Reply(outcome, clean_claim(words), person, tuple(corrections))
    return answer_dispute(ledger, register_of(ledger), dispute, reply)


def correct_by_name(
    ledger: AnyLedger, *, picture: str, role: Role, was: str, now: str, by: str, why: str, dispute: str = ""
) -> Entry:
    """Writes a correction down from names as they were typed; who did it and who decides may be new to the record."""
    new = []
    for name in dict.fromkeys(filter(None, (now.strip(), by.strip()))):
        new += named_or_new(register_of(ledger), name)[1]
    if new:
        ledger.append_all(new)
    register = register_of(ledger)
    correction = Correction(
        picture,
        role,
        register.only(was).person if was.strip() else None,
        register.only(now).person if now.strip() else None,
        register.only(by).person,
        clean_claim(why),
        dispute,
    )
    return correct_credit(ledger, register, correction)


def correct_credit(ledger: AnyLedger, register: Register, correction: Correction) -> Entry:
    """Writes down a credit that changed. The request, and every receipt of it, stay as they are."""
    record = ledger.picture(correction.picture)
    credited = [each.person.person for each in register.credits(record) if each.role is correction.role]
    if correction.before is not None:
        before = register.person(correction.before).person
        if before not in credited:
            raise NotRecorded(
                f"no credit of this picture is {correction.role.value}: {_shown(register, correction.before)}"
            )
    if correction.after is not None and register.person(correction.after).person in credited:
        raise StatementError(
            f"this picture has the credit {correction.role.value}: {_shown(register, correction.after)} already"
        )
    if correction.dispute:
        correction = replace(correction, dispute=dispute_on_record(register, correction.dispute).dispute)
    register.raw(correction.by)
    return _written(ledger, EntryKind.CREDIT_CORRECTED, correction_body(correction))


def forget_dispute(ledger: AnyLedger, vault: Vault, register: Register, dispute: str) -> None:
    """Erases claim, contact and answers of a dispute, and its evidence where nothing else has that file."""
    found = dispute_on_record(register, dispute)
    ledger.erase(found.dispute)
    others = [
        each for each in register.disputes.values() if each.evidence == found.evidence and each != found
    ]
    if found.evidence and not others and not _is_picture(ledger, found.evidence):
        vault.discard(found.evidence)
    ledger.checkpoint()


def picture_meant(ledger: AnyLedger, text: str) -> PictureRecord:
    """The picture that somebody means by its id or by the number of one of its entries."""
    wanted = id_typed(text)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 16:
        body = ledger.entry(int(wanted)).body
        picture = body.get("picture") if isinstance(body, dict) else None
        if not isinstance(picture, str):
            raise NotRecorded(f"entry {wanted} is about no picture")
        return ledger.picture(picture)
    if not wanted:
        raise StatementError("say which picture is meant: its id (pic-…) or the number of its entry")
    return ledger.picture(wanted)


def dispute_on_record(register: Register, dispute: str) -> Dispute:
    """The dispute by its id, as it was given or typed; StatementError for none, NotRecorded for one not on record."""
    if is_blank(dispute):
        raise StatementError("say which dispute is meant: its id (dis-…), as it was given when it was sent")
    try:
        return register.disputes[id_typed(dispute)]
    except KeyError:
        raise NotRecorded(f"no dispute {dispute[:40]!r} is on record") from None


def _shown(register: Register, person: str) -> str:
    """A person as credits show them."""
    return register.person(person).shown() or NOT_NAMED


def _written(ledger: AnyLedger, kind: EntryKind, body: dict[str, Body]) -> Entry:
    """Appends one entry and signs the checkpoint."""
    entry = ledger.append(kind, body)
    ledger.checkpoint()
    return entry


def _is_picture(ledger: AnyLedger, digest: Digest) -> bool:
    return bool(ledger.pictures_with_file(digest) or ledger.pictures_made_from(digest))
