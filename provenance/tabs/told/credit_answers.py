"""The answers of the tab Credits as HTML, and the certificate of one person: by a name, an id or a picture."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import gradio as gr

from provenance.exports.certificate import certify, files_of, for_strangers, zipped
from provenance.inspection.evidence.other_ledgers import ask_each, proved
from provenance.inspection.inspected import Inspection
from provenance.inspection.whose import known_besides, speaks_against
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.foreign import others_in
from provenance.people.credited import records_crediting
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.release.archive import Archive
from provenance.statement.blank import is_blank
from provenance.statement.canonical import picture_typed
from provenance.statement.credit import NOT_NAMED, clean_name
from provenance.tabs.fields.uploads import attempt, refusal, served
from provenance.tabs.look.fragments import fragment
from provenance.tabs.text.language import now
from provenance.tabs.told.credit_groups import Group, id_in, name_in, role_in
from provenance.tabs.told.record_pictures import address_of_small

SHOWN = 200  # records


@dataclass(frozen=True, slots=True)
class AskedWith:
    """A picture that was asked with: its file's name, a small copy as an address, and what an inspection says of it."""

    name: str
    look: str
    told: Inspection
    heading: tuple[str, str]  # tone and title

    @property
    def history(self) -> str:
        """Who made it, in the visitor's language."""
        return self.told.history.sentence_in(now())

    @property
    def against(self) -> list[str]:
        """What does not go together, as sentences."""
        return speaks_against(self.told)

    @property
    def besides(self) -> list[str]:
        """What our ledger knows of it without a record, and whether it could be looked for by its pixels."""
        trouble = self.told.observed.trouble
        unread = [] if trouble is None else [f"Its pixels were not read: {trouble}."]
        return [*known_besides(self.told), *unread]

    @property
    def people(self) -> list[tuple[str, str]]:
        """Everybody in its history, with the role."""
        return [(role_in(now(), each.role), each.name or NOT_NAMED) for each in self.told.history.credits]


def looked_up(archive: Archive, text: str | None, *, seen: bool = False) -> tuple[str, bool]:
    """The answer as HTML, and whether one person is meant, for whom a certificate can be made.

    `seen`: whether the visitor may see the pictures of the record.
    """
    try:
        return by_name(archive, text, seen=seen), _only(archive, text) is not None
    except gr.Error as error:
        return refusal(error), False


def _cleaned(text: str | None) -> str:
    """What was asked, as it is looked up."""
    if is_blank(str(text or "")):
        raise gr.Error("Write a name first, as it is credited.", title="Not looked up", print_exception=False)
    return attempt(lambda: clean_name(str(text)), "Not looked up")


def _near(archive: Archive, asked: str) -> list[str | None]:
    """Shown names that may have been meant, beside the one that was found."""
    register = register_of(archive.ledger)
    return [each.shown() for each in register.near(asked, register.shown_as(asked), public=True)]


@dataclass(frozen=True, slots=True)
class Said:
    """What the page says of a name or of a picture's id, for programs: our own ledger's answer and those of the
    imported ones, the ids of those among them that lack names, and why one could not be asked.
    """

    groups: list[Group]
    near: list[str | None]
    without_names: list[str]
    not_asked: list[str]


def said_of_name(archive: Archive, text: str | None) -> Said:
    """The answer as the page gives it, for programs."""
    asked = _cleaned(text)
    typed = picture_typed(asked)
    groups, _, sealed, unread = _groups(
        archive, lambda ledger: id_in(ledger, typed) if typed else name_in(ledger, asked)
    )
    return Said(
        [replace(each, lines=each.lines[:SHOWN]) for each in groups if each.lines],
        [] if typed else _near(archive, asked),
        [] if typed else sealed,
        unread,
    )


def by_name(archive: Archive, text: str | None, *, seen: bool = False) -> str:
    """Every record that credits this name, as HTML. A name is looked up whole: the page lists no names.

    The id of a person counts as their name; that of a picture gives its record.
    """
    asked = _cleaned(text)
    typed = picture_typed(asked)
    if typed is not None:
        return answer(archive, lambda ledger: id_in(ledger, typed), typed, seen=seen)
    near = _near(archive, asked)
    return answer(archive, lambda ledger: name_in(ledger, asked), f"“{asked}”", near, seen=seen, by_name=True)


def proofs_of(archive: Archive, text: str | None, *, whole: bool = False) -> str:
    """A zip with the certificate of the one person of this name, in the visitor's language, and its receipts; for the
    keeper `whole`, with where the pictures belong.
    """
    person = _only(archive, text)
    if person is None:
        raise gr.Error("Look up one person first.", title="No certificate", print_exception=False)
    register = register_of(archive.ledger)
    if len(records_crediting(archive.ledger, register, person)) > SHOWN:
        words = f"More than {SHOWN} pictures: the keeper of this record makes this certificate."
        raise gr.Error(words, title="Too many", print_exception=False)

    def made() -> Mapping[str, bytes]:
        certificate = certify(archive.ledger, register, person, now())
        return files_of(archive.ledger, certificate if whole else for_strangers(certificate))

    files = attempt(made, "No certificate")
    return served("credits.zip", zipped(files))


def _only(archive: Archive, text: str | None) -> Person | None:
    """The one person of this name who is credited on anything; None where there is nobody, or more than one."""
    register = register_of(archive.ledger)
    found = register.shown_as(str(text or ""))
    return found[0] if len(found) == 1 and records_crediting(archive.ledger, register, found[0]) else None


def answer(
    archive: Archive,
    ask: Callable[[AnyLedger], list[Group]],
    asked: str,
    near: Sequence[str | None] = (),
    *,
    seen: bool = False,
    given: AskedWith | None = None,
    by_name: bool = False,
) -> str:
    """What our ledger says, then each imported one in its own name; `near` are shown names that may have been meant.

    `given` is the picture that was asked with.
    """
    groups, others, sealed, unread = _groups(archive, ask, seen=seen)
    sealed = sealed if by_name else []
    ours = [each for each in groups if not each.whose and not each.beside]
    itself = next((line.record.picture for each in ours for line in each.lines), "")
    return fragment(
        "credited",
        groups=[replace(each, lines=each.lines[:SHOWN]) for each in groups if each.lines],
        total=sum(len(each.lines) for each in groups if not each.beside),
        cut=sum(max(0, len(each.lines) - SHOWN) for each in groups),
        asked=asked,
        given=given,
        address=itself,
        near=near,
        doubts=len(register_of(archive.ledger).doubts),
        keeper=archive.settings.signer_name,
        others=[each for each in others if each not in sealed],
        sealed=sealed,
        unread=unread,
    )


def _groups(
    archive: Archive, ask: Callable[[AnyLedger], list[Group]], *, seen: bool = False
) -> tuple[list[Group], list[str], list[str], list[str]]:
    """The groups of all ledgers, the ids of the imported ones that answered, of those among them that came without the
    names of some people, and why one could not be asked.
    """

    def proved_groups(ledger: AnyLedger) -> list[Group]:
        found = [replace(each, whose=ledger.id, entries=len(ledger)) for each in ask(ledger)]
        for line in (line for each in found for line in each.lines[:SHOWN]):
            proved(ledger, line.record)
        return found

    groups = [_pictured(each) for each in ask(archive.ledger)] if seen else ask(archive.ledger)
    with others_in(archive.settings.home) as others:
        answers, unread = ask_each(others, proved_groups)
        groups += [group for _, found in answers for group in found]
        sealed = [ledger.id for ledger, _ in answers if register_of(ledger).sealed]
        return groups, [ledger.id for ledger, _ in answers], sealed, unread


def _pictured(group: Group) -> Group:
    """With the address of a small picture on each line that has none."""
    lines = [
        each if each.small else replace(each, small=address_of_small(each.record.picture))
        for each in group.lines
    ]
    return replace(group, lines=lines)
