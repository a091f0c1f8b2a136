"""Forgetting a person: everything private that is about them, the disputes about them, and what else may name them.

Texts about a person go, under all their records. A dispute about a person goes with them: its claim, contact, answers
and evidence. A text about something else (a prompt, the claim of a dispute about a picture) may hold the name, too:
that is told, with what it is about, so that somebody decides. So is another studio's ledger that was imported and names
them: only that studio can erase there. What files and receipts say that were handed out stays.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.erasure import HeldText, held_texts
from provenance.people.disputes import forget_dispute
from provenance.people.register import Register
from provenance.statement.names import folded
from provenance.storage.vault import Vault

SHORTEST = 2  # letters of a name that is looked for in other texts
# Prompt, note and reasons; references and remarks; the name of the file.
_WITH_WORDS = ("pic-", "production:", "sha256:")
_OWNERS = re.compile(r"['’]s\b")
_NAMES = ("name", "reading", "romaji", "behind", "contact")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Whose texts were erased (ids of people and disputes), the texts that may still name them, and the imported
    ledgers that do.
    """

    people: tuple[str, ...]
    disputes: tuple[str, ...]
    left: tuple[HeldText, ...]
    elsewhere: tuple[str, ...] = ()


def forget_person(
    ledger: AnyLedger, vault: Vault, register: Register, person: str, others: Iterable[AnyLedger] = ()
) -> Forgotten:
    """Erases what is about a person, and signs the checkpoint. `others` are imported ledgers, which are only asked."""
    people = tuple(each.person for each in register.together(person))
    names = {each for each in _names(register, people) if len(each) >= SHORTEST}
    disputes = tuple(each.dispute for each in register.disputes.values() if each.person in people)
    for each in people:
        ledger.erase(each)
    for dispute in disputes:
        forget_dispute(ledger, vault, register, dispute)
    ledger.checkpoint()
    elsewhere = tuple(each.id for each in others if _naming(each, names))
    return Forgotten(people, disputes, tuple(_naming(ledger, names)), elsewhere)


def has_words(about: str) -> bool:
    """Whether something that is no person may have private words: a picture, a production, a file that was taken in."""
    return about.startswith(_WITH_WORDS)


def forget_words(ledger: AnyLedger, about: str) -> bool:
    """Erases the private words of what `has_words`, and signs the checkpoint; False where none is held.

    NotRecorded for a picture that is not on record.
    """
    if about.startswith(_WITH_WORDS[0]):
        ledger.picture(about)
    gone = ledger.erase(about)
    ledger.checkpoint()
    return gone is not None


def _names(register: Register, people: tuple[str, ...]) -> Iterator[str]:
    """Every name, contact and identifier that was ever stated of these records."""
    for person in people:
        record = register.raw(person)
        yield from record.every_name
        for said in register.history[person]:
            yield from filter(None, (said.text(field) for field in _NAMES))
            yield from said.texts("also")
        yield record.contact
        yield from (one.value for one in record.identifiers)


def _naming(ledger: AnyLedger, names: Collection[str]) -> list[HeldText]:
    """The texts that a ledger holds, and that hold one of these names."""
    held = ledger.ask(held_texts)
    return [each for each in held if any(_holds(each.value, name) for name in names)]


def _holds(text: str, name: str) -> bool:
    """Whether a text holds a name as words of its own, in any spelling, or an address as it is written.

    A file's name runs the words of one together; what stands around it (a bracket, "'s", a slash) is not of it.
    """
    if "@" in name or "://" in name:
        return name.casefold() in text.casefold()
    wanted, found = folded(name), folded(_OWNERS.sub(" ", text))
    if not wanted.isascii():
        return wanted in found
    spellings = "|".join(re.escape(each) for each in (wanted, wanted.replace(" ", "")))
    return re.search(rf"(?<![^\W_])(?:{spellings})(?![^\W_])", found) is not None
