"""The tab Credits: a name or a picture in, the records that credit somebody out. No login; nothing is kept."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr
from PIL import Image

from provenance.errors import NotRecorded
from provenance.exports.certificate import certify, files_of, for_strangers, zipped
from provenance.inspection.evidence.other_ledgers import ask_each, proved
from provenance.inspection.lineage import history_of_record
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.foreign import others_in
from provenance.ledger.store.records import PictureRecord, State
from provenance.media.picture import pixel_digest, pixels
from provenance.people.claims import claims_on
from provenance.people.credited import PersonCredit, credits_of, later_from, openly, records_crediting
from provenance.people.person import Person
from provenance.people.register import Register, register_of
from provenance.release.archive import Archive
from provenance.statement.blank import is_blank
from provenance.statement.canonical import Digest, id_typed
from provenance.statement.credit import NAME_LIMIT, NOT_NAMED, clean_name
from provenance.statement.vocabulary import Step
from provenance.statement.words import ROLES
from provenance.tabs.at_field import pressed
from provenance.tabs.dispute import dispute_part
from provenance.tabs.fragments import fragment, inline_picture
from provenance.tabs.language import now
from provenance.tabs.record_pictures import SIDE, address_of_small, may_see
from provenance.tabs.theme import ASKED, empty, part
from provenance.tabs.uploads import TURNS, attempt, discard, gate, ready_for_another, refusal, served
from provenance.tabs.visitor import Keeper

SHOWN = 200  # records
_PICTURE_ID = re.compile(r"pic-[a-z0-9]{8,40}")
_STEPS = {
    Step.PAINT: "painted by AI over a picture",
    Step.RECORD: "recorded",
    Step.RETOUCH: "revised by hand",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One record as the page tells it: `people` is everybody on the way, `how` its last step alone.

    `roles` are those of the person asked about, where a name was asked.
    """

    record: PictureRecord
    roles: tuple[str, ...]
    people: tuple[tuple[str, str], ...]
    history: str
    how: str
    claims: tuple[str, ...] = ()
    small: str = ""  # the address of a small picture, where it may be shown


@dataclass(frozen=True, slots=True)
class Group:
    """Records under one heading; `whose` is the other ledger that has them, "" for ours. `roles`: of one person."""

    title: str
    lines: list[Line]
    whose: str = ""
    roles: bool = False
    beside: bool = False  # told beside the answer, and no part of it


@dataclass(frozen=True, slots=True)
class AskedWith:
    """A picture that was asked with: its file's name, and a small copy as an address."""

    name: str
    look: str


def credits_tab(archive: Archive, keeper: Keeper, page: gr.Blocks) -> None:
    """The tab's components and what they do; to be called inside gr.Blocks."""
    with gr.Row(elem_classes="gz-desk gz-wide"):
        with gr.Column(scale=3, min_width=300):
            part(
                "Who is credited?",
                "By a full name, by an id, or by a picture: a painting, or the layout it was made from. "
                "What you ask is not kept.",
            )
            name = gr.Textbox(
                label="A name or an id", max_length=NAME_LIMIT, max_lines=1, elem_id="gz-credit-name",
                placeholder="As it is credited: Mori Aoi, or pic-…",
            )  # fmt: skip
            ask = gr.Button("Look it up", variant="primary", elem_id="gz-credit-ask")
            drop = gr.File(
                label="Or a picture", file_count="single",
                height=150, elem_id="gz-credit-picture", elem_classes="gz-drop",
            )  # fmt: skip
            wanted = gr.Button("Make a certificate with receipts", visible=False, elem_id="gz-credit-wanted")
            proofs = gr.DownloadButton("Download it (zip)", visible=False, elem_id="gz-credit-proofs")
            dispute_part(archive, keeper)
        with gr.Column(scale=7, min_width=320):
            answer = empty("The records will appear here", "Each picture, the role, when, and what AI did.")
    shown: dict[str, Any] = {**ASKED, "show_progress_on": [answer]}
    told = [answer, wanted, proofs]
    # Asked by an address of its own, beside gradio's events: it never waits for anything, and can be linked to.
    for event in (ask.click, name.submit):
        event(None, name, told, js="(name) => window.genzu.credits(name)", show_progress_on=[answer])
    page.load(None, outputs=[*told, name], js="() => window.genzu.asked()")

    pressed(
        wanted.click,
        _giving(archive, keeper, proofs),
        name,
        [proofs],
        at="gz-credit-wanted",
        **{**ASKED, "concurrency_limit": 1},
    )

    def read(request: gr.Request, path: str | None) -> list[Any]:
        answered = _read(archive, path, seen=may_see(archive.settings, request))
        return [*answered, ready_for_another()]

    arrived = drop.upload(read, drop, [*told, drop], **shown)
    # The picture is gone, and its record has an address: the answer survives a reload, and the field says whose it is.
    arrived.then(None, None, name, js="() => window.genzu.credited()")


def _giving(archive: Archive, keeper: Keeper, proofs: gr.DownloadButton) -> Callable[..., dict[Any, Any]]:
    """The handler of the button that makes a certificate."""

    def give(request: gr.Request, text: str | None) -> dict[Any, Any]:
        made = proofs_of(archive, text, whole=keeper.knows(request))
        return {proofs: gr.DownloadButton(value=made, visible=True)}

    return give


def looked_up(archive: Archive, text: str | None, *, seen: bool = False) -> tuple[str, bool]:
    """The answer as HTML, and whether one person is meant, for whom a certificate can be made.

    `seen`: whether the visitor may see the pictures of the record.
    """
    try:
        return by_name(archive, text, seen=seen), _only(archive, text) is not None
    except gr.Error as error:
        return refusal(error), False


def _read(archive: Archive, path: str | None, *, seen: bool) -> list[Any]:
    """The answer; a certificate is of a person, not of a picture."""
    if not path:
        return [gr.skip()] * 3
    try:
        with TURNS:
            told = by_picture(archive, Path(path), seen=seen)
    except gr.Error as error:
        told = refusal(error)
    finally:
        discard([path])
    return [told, gr.Button(visible=False), gr.DownloadButton(visible=False)]


def _cleaned(text: str | None) -> str:
    """What was asked, as it is looked up."""
    if is_blank(str(text or "")):
        raise gr.Error("Write a name first, as it is credited.", title="Not looked up", print_exception=False)
    return attempt(lambda: clean_name(str(text)), "Not looked up")


def _near(archive: Archive, asked: str) -> list[str | None]:
    """Shown names that may have been meant."""
    return [each.shown() for each in register_of(archive.ledger).near(asked, public=True)]


def said_of_name(archive: Archive, text: str | None) -> tuple[list[Group], list[str | None]]:
    """What the page says of a name, for programs: our own ledger's answer and those of the imported ones."""
    asked = _cleaned(text)
    groups, _, _ = _groups(archive, lambda ledger: _by_name(ledger, asked))
    return [replace(each, lines=each.lines[:SHOWN]) for each in groups if each.lines], _near(archive, asked)


def by_name(archive: Archive, text: str | None, *, seen: bool = False) -> str:
    """Every record that credits this name, as HTML. A name is looked up whole: the page lists no names.

    The id of a person counts as their name; that of a picture gives its record.
    """
    asked = _cleaned(text)
    typed = id_typed(asked)
    if _PICTURE_ID.fullmatch(typed):
        return _answer(archive, lambda ledger: _by_id(ledger, typed), typed, seen=seen)
    near = _near(archive, asked)
    return _answer(archive, lambda ledger: _by_name(ledger, asked), f"“{asked}”", near, seen=seen)


def _by_id(ledger: AnyLedger, picture: str) -> list[Group]:
    """A recorded picture, and what was made from it."""
    register = register_of(ledger)
    try:
        record = ledger.picture(picture)
    except NotRecorded:
        return []
    return _with_later(ledger, register, [record], {each.picture: each for each in ledger.children(picture)})


def _by_name(ledger: AnyLedger, name: str) -> list[Group]:
    """The pictures that credit this name, and those that were made later from what they drew."""
    register = register_of(ledger)
    found = (each for person in register.shown_as(name) for each in credits_of(ledger, register, person))
    credits = openly(found)
    return [
        Group(f"“{name}”", _crediting(ledger, register, credits), roles=True),
        Group(
            f"Made later with pictures of “{name}”",
            [_line(ledger, register, each.record, ()) for each in reversed(later_from(ledger, credits))],
            beside=True,
        ),
    ]


def _crediting(ledger: AnyLedger, register: Register, credits: Sequence[PersonCredit]) -> list[Line]:
    """A line for each released picture of these credits, newest first."""
    found: dict[str, list[str]] = {}
    records: dict[str, PictureRecord] = {}
    for each in reversed(credits):
        if each.role is not None and each.record.state is State.RELEASED:
            records[each.record.picture] = each.record
            found.setdefault(each.record.picture, []).append(each.role.value)
    return [_line(ledger, register, records[picture], roles) for picture, roles in found.items()]


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


def by_picture(archive: Archive, path: Path, *, seen: bool = False) -> str:
    """The records of this picture, and of those that were made from it, as HTML."""
    picture = gate(path, archive.settings)
    image = pixels(picture)
    file, shown = Digest.of(picture.data), pixel_digest(image)
    given = AskedWith(path.name, inline_picture(image, SIDE))

    def asked(ledger: AnyLedger) -> list[Group]:
        found = _of_picture(ledger, file, shown)
        known = any(each.lines for each in found)
        if not known and ledger is archive.ledger:
            return [_alike(archive, image)]
        # Whoever asks with a picture has it: it is shown as it came, whoever may see the pictures of the record.
        return [
            replace(found[0], lines=[replace(each, small=given.look) for each in found[0].lines]),
            *found[1:],
        ]

    return _answer(archive, asked, "this picture", seen=seen, given=given)


def _alike(archive: Archive, image: Image.Image) -> Group:
    """The records that a picture looks like, where its bytes and pixels lead to none."""
    register, lines = register_of(archive.ledger), []
    for each in attempt(lambda: archive.index.ask(image), "Not looked up")[:SHOWN]:
        with suppress(NotRecorded):  # an index that was not made from this ledger
            line = _line(archive.ledger, register, archive.ledger.picture(each.picture), ())
            lines.append(replace(line, claims=(each.words, *line.claims)))
    return Group("Looks like this picture, which proves no origin", lines)


def _of_picture(ledger: AnyLedger, file: Digest, shown: Digest) -> list[Group]:
    register = register_of(ledger)
    own = {
        each.picture: each for each in (*ledger.pictures_with_file(file), *ledger.pictures_with_pixels(shown))
    }
    made = {
        each.picture: each for each in (*ledger.pictures_made_from(file), *ledger.pictures_made_from(shown))
    }
    for each in own.values():
        made |= {child.picture: child for child in ledger.children(each.picture)}
    return _with_later(ledger, register, list(own.values()), made)


def _with_later(
    ledger: AnyLedger, register: Register, own: list[PictureRecord], made: dict[str, PictureRecord]
) -> list[Group]:
    """The picture itself, and those that were made from it, each where it was released."""
    names = {each.picture for each in own}
    later = [each for name, each in made.items() if name not in names]
    return [
        Group(title, [_line(ledger, register, each, ()) for each in records if each.state is State.RELEASED])
        for title, records in (("This picture", own), ("Made with this picture", later))
    ]


def _only(archive: Archive, text: str | None) -> Person | None:
    """The one person of this name who is credited on anything; None where there is nobody, or more than one."""
    register = register_of(archive.ledger)
    found = register.shown_as(str(text or ""))
    return found[0] if len(found) == 1 and records_crediting(archive.ledger, register, found[0]) else None


def _line(ledger: AnyLedger, register: Register, record: PictureRecord, roles: Sequence[str]) -> Line:
    """One record with its whole history: everybody on the way to it, not only who made the last step."""
    history = history_of_record(ledger, record)
    people = tuple((_role_in(now(), each.role), each.name or NOT_NAMED) for each in history.credits)
    claims = tuple(
        f"{each.role.value}, {each.person.shown() or NOT_NAMED}: {one}"
        for each in register.credits(record)
        for one in claims_on(register, record, each.person, each.role)
    )
    return Line(
        record,
        tuple(_role_in(now(), each) for each in dict.fromkeys(roles)),
        people,
        history.sentence_in(now()),
        _STEPS[record.statement.step],
        claims,
    )


def _answer(
    archive: Archive,
    ask: Callable[[AnyLedger], list[Group]],
    asked: str,
    near: Sequence[str | None] = (),
    *,
    seen: bool = False,
    given: AskedWith | None = None,
) -> str:
    """What our ledger says, then each imported one in its own name; `near` are shown names that may have been meant.

    `given` is the picture that was asked with.
    """
    groups, others, unread = _groups(archive, ask, seen=seen)
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
        others=others,
        unread=unread,
    )


def _groups(
    archive: Archive, ask: Callable[[AnyLedger], list[Group]], *, seen: bool = False
) -> tuple[list[Group], list[str], list[str]]:
    """The groups of all ledgers, the ids of the imported ones, and why one could not be asked."""

    def proved_groups(ledger: AnyLedger) -> list[Group]:
        found = [replace(each, whose=ledger.id) for each in ask(ledger)]
        for line in (line for each in found for line in each.lines[:SHOWN]):
            proved(ledger, line.record)
        return found

    groups = [_pictured(each) for each in ask(archive.ledger)] if seen else ask(archive.ledger)
    with others_in(archive.settings.home) as others:
        answers, unread = ask_each(others, proved_groups)
        groups += [group for _, found in answers for group in found]
        return groups, [ledger.id for ledger in others.ledgers], unread


def _pictured(group: Group) -> Group:
    """With the address of a small picture on each line that has none."""
    lines = [
        each if each.small else replace(each, small=address_of_small(each.record.picture))
        for each in group.lines
    ]
    return replace(group, lines=lines)


def _role_in(language: str, role: str) -> str:
    """A role in the visitor's language; as it is recorded in English, and where a file names one of its own."""
    known = next((words for each, words in ROLES.items() if each.value == role), None)
    return role if known is None or language == "en" else known.roll[language]
