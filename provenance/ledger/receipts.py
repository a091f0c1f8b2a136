"""Receipts out of the stored tree: an entry, what it speaks of, and the texts that may be shown with it.

What may be shown is answered here, for a receipt and for an export to another studio: the names that are shown anyway,
and the prompts that their files tell.
"""

import sqlite3
from collections.abc import Collection, Iterator
from functools import cache

from msgspec import UNSET

from provenance.errors import StatementError
from provenance.ledger.entries.bodies import IN_FILE, Requested
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.shape import read
from provenance.ledger.store.rows import entry_at
from provenance.ledger.store.tree import nodes_in
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.merkle import inclusion_proof
from provenance.proof.note import VerifyKey
from provenance.proof.receipt import Included, Receipt
from provenance.statement.commitment import Opening, Private
from provenance.statement.vocabulary import Disclosure


def receipt_of(
    connection: sqlite3.Connection,
    seq: int,
    signed: SignedCheckpoint,
    key: VerifyKey,
    *,
    opened: bool,
    hidden: Collection[str] = (),
) -> Receipt:
    """The receipt of entry `seq` under a checkpoint that covers it; the names of the people in `hidden` stay sealed.

    With a picture come the entry that closed it, the corrections of its credits and the people's entries. `opened`
    shows names, and the prompt where its author let the signed file say it in full; notes never. Whom the picture's
    file names otherwise is shown by that other name alone.
    """
    size = signed.checkpoint.size
    look = cache(nodes_in(connection))  # the proofs of one receipt share most of their nodes
    entry = entry_at(connection, seq)
    later = [entry_at(connection, each) for each in _corrections(connection, seq) if each < size]
    numbers = {each for one in (entry, *later) for each in _further(connection, one) if each < size}
    numbers = (numbers | {each.seq for each in later}) - {seq}
    also = [entry_at(connection, each) for each in sorted(numbers)]
    sealed = {*hidden, *(person for each in (entry, *also) for person in _named_otherwise(connection, each))}
    openings = [
        one
        for each in (entry, *also)
        for one in (_openings(connection, each) if opened else ())
        if one.private.field == IN_FILE or one.private.about not in sealed
    ]
    return Receipt(
        index=seq,
        leaf=entry.leaf,
        proof=tuple(inclusion_proof(seq, size, look)),
        checkpoint=signed,
        key=key,
        openings=tuple(openings),
        also=tuple(
            Included(each.seq, each.leaf, tuple(inclusion_proof(each.seq, size, look))) for each in also
        ),
    )


def _corrections(connection: sqlite3.Connection, seq: int) -> list[int]:
    rows = connection.execute("SELECT entry FROM corrections WHERE picture = ? ORDER BY entry", (seq,))
    return [row[0] for row in rows]


def _further(connection: sqlite3.Connection, entry: Entry) -> Iterator[int]:
    # A person whose name changed has two entries: the one that gives the id, and the one with the name of today.
    rows = connection.execute(
        "SELECT closed FROM pictures WHERE requested = ?1 AND closed IS NOT NULL"
        " UNION SELECT person FROM credits WHERE picture = ?1"
        " UNION SELECT name_entry FROM people WHERE name_entry IS NOT NULL AND (added = ?1 OR added IN"
        " (SELECT person FROM credits WHERE picture = ?1))",
        (entry.seq,),
    )
    yield from (row[0] for row in rows)
    for person in _people_of(entry):
        rows = connection.execute("SELECT added, name_entry FROM people WHERE person = ?", (person,))
        yield from (seq for row in rows for seq in row if seq is not None and seq != entry.seq)


def shown_texts(
    connection: sqlite3.Connection, start: int, stop: int, hidden: Collection[str] = ()
) -> Iterator[tuple[int, int, Opening]]:
    """The texts of these entries that may be shown, by entry and position, with how a shown name is read.

    Whoever is named otherwise in a file, and whoever is `hidden`, has no name here but that of the file.
    """
    sealed = {*hidden, *named_otherwise(connection)}
    rows = connection.execute(
        "SELECT DISTINCT entry FROM private WHERE entry >= ? AND entry < ? ORDER BY entry", (start, stop)
    ).fetchall()
    for (seq,) in rows:
        for position, one in _texts(connection, entry_at(connection, seq), readings=True):
            if one.private.field == IN_FILE or one.private.about not in sealed:
                yield seq, position, one


def named_otherwise(connection: sqlite3.Connection) -> set[str]:
    """Everybody whom some picture's file names otherwise than the ledger does."""
    rows = connection.execute("SELECT DISTINCT about FROM private WHERE field = ?", (IN_FILE,))
    return {about for (about,) in rows}


def _openings(connection: sqlite3.Connection, entry: Entry) -> Iterator[Opening]:
    return (one for _, one in _texts(connection, entry))


def _texts(
    connection: sqlite3.Connection, entry: Entry, *, readings: bool = False
) -> Iterator[tuple[int, Opening]]:
    shown = {IN_FILE} if _was_renamed(connection, entry) else {"name", IN_FILE}
    if entry.kind is EntryKind.PICTURE_REQUESTED and _prompt_is_public(entry):
        shown |= {"prompt", "negative prompt", "given prompt"}
    if readings and _is_read_as_shown(connection, entry):
        shown |= {"reading", "romaji"}
    rows = connection.execute(
        "SELECT position, value, field, about, salt FROM private WHERE entry = ? ORDER BY position",
        (entry.seq,),
    )
    for position, value, field, about, salt in rows:
        if field in shown:
            yield position, Opening(Private(value, field, about), salt)


def _is_read_as_shown(connection: sqlite3.Connection, entry: Entry) -> bool:
    """Whether a reading in this entry is of the name that is shown: nobody is behind it, and none was given since."""
    row = connection.execute(
        "SELECT 1 FROM people WHERE person = ?1 AND named AND (name_entry IS NULL OR name_entry <= ?2)"
        " AND NOT EXISTS (SELECT 1 FROM private WHERE about = ?1 AND field = 'behind')",
        (_person_of(entry), entry.seq),
    ).fetchone()
    return row is not None


def _named_otherwise(connection: sqlite3.Connection, entry: Entry) -> Iterator[str]:
    """The people whom the file of the entry's picture names otherwise than the ledger does."""
    body = entry.body if isinstance(entry.body, dict) else {}
    row = connection.execute(
        "SELECT requested FROM pictures WHERE picture = ?", (str(body.get("picture", "")),)
    ).fetchone()
    if row is None:
        return
    try:
        credits = read(Requested, entry_at(connection, row[0]).body).credits
    except StatementError:
        return
    yield from (each.person for each in credits if each.shown is not UNSET)


def _was_renamed(connection: sqlite3.Connection, entry: Entry) -> bool:
    """Whether a later entry gives the name: the older one may be what a pseudonym keeps private."""
    row = connection.execute(
        "SELECT 1 FROM people WHERE person = ? AND name_entry IS NOT NULL AND name_entry != ?",
        (_person_of(entry), entry.seq),
    ).fetchone()
    return row is not None


def _people_of(entry: Entry) -> Iterator[str]:
    """The people that a correction, a merge or a split speaks of."""
    if entry.kind in {EntryKind.CREDIT_CORRECTED, EntryKind.PERSON_MERGED, EntryKind.PERSON_SPLIT}:
        body = entry.body if isinstance(entry.body, dict) else {}
        for name in ("person", "into", "before", "after"):
            person = body.get(name)
            if isinstance(person, str):
                yield person


def _person_of(entry: Entry) -> str | None:
    person = entry.body.get("person") if isinstance(entry.body, dict) else None
    return person if isinstance(person, str) else None


def _prompt_is_public(entry: Entry) -> bool:
    try:
        prompt = read(Requested, entry.body).prompt
    except StatementError:
        return False
    return prompt is not None and prompt.disclosure is Disclosure.FULL
