"""The tab Keeper: what visitors say is wrong, and the keeper's answer. Open at this machine, or with their secret.

Without GENZU_KEEPER_SECRET only a browser on this machine sees it. With one, the tab stands under `?keeper`, and every
click sends the words along and is checked anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import gradio as gr

from provenance.errors import NotRecorded, StatementError
from provenance.ledger.entries.limits import CLAIM_LIMIT
from provenance.people.disputes import answer_by_name, correct_by_name, dispute_on_record
from provenance.people.register import register_of
from provenance.release.archive import Archive
from provenance.release.reissue import reissue
from provenance.statement.blank import is_blank
from provenance.statement.credit import NAME_LIMIT, NOT_NAMED, Role, clean_name, parse_role
from provenance.statement.vocabulary import Outcome
from provenance.statement.words import ROLES
from provenance.tabs.fields.answers import at_first
from provenance.tabs.fields.at_field import Answer, Needed, missing, pressed
from provenance.tabs.fields.uploads import attempt, deliver, served
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import ASKED, QUIET, empty, part
from provenance.tabs.text.language import say
from provenance.tabs.visits.pictures import new_path
from provenance.tabs.visits.visitor import Keeper

T = TypeVar("T")
LISTED = 200  # disputes
TITLE = "Not written down"
OUTCOMES = [
    ("Accepted: it is put right", Outcome.ACCEPTED.value),
    ("Declined: it stays", Outcome.DECLINED.value),
    ("Noted: heard, and still open", Outcome.NOTED.value),
]


@dataclass(frozen=True, slots=True)
class KeeperDesk:
    """The components that the handlers share."""

    secret: gr.Textbox
    token: gr.Textbox  # hidden; given to the keeper's own page, and sent along with each act
    which: gr.Radio
    every: gr.Checkbox
    told: gr.HTML
    evidence: gr.DownloadButton
    tools: gr.Column
    corrections: gr.Textbox


def keeper_tab(archive: Archive, keeper: Keeper, page: gr.Blocks) -> None:
    """The tab with its components and what they do; to be called inside gr.Tabs."""
    with (
        gr.Tab("Keeper", id="keeper", elem_id="gz-tab-keeper", visible=False) as tab,
        gr.Row(elem_classes="gz-desk gz-wide"),
    ):
        with gr.Column(scale=3, min_width=300):
            part(
                "What people say is wrong",
                "Only you see claims and contacts. The record says only that there is a dispute.",
            )
            secret = gr.Textbox(
                label="Your secret", type="password", max_lines=1, visible=bool(archive.settings.keeper_secret),
                elem_id="gz-keeper-secret",
            )  # fmt: skip
            token = gr.Textbox(visible=False)
            every = gr.Checkbox(label="Also those that were answered", container=False)
            refresh = gr.Button("Look for disputes", elem_id="gz-keeper-look")
            which = gr.Radio([], label="Disputes", elem_classes="gz-stack", elem_id="gz-keeper-list")
        with gr.Column(scale=7, min_width=320):
            told = empty("No dispute chosen", "Look for disputes, and press one.")
            evidence = gr.DownloadButton(
                "Download the evidence (unknown file: open with care)", visible=False
            )
            with gr.Column(visible=False) as tools:
                desk_parts = _tools()
    desk = KeeperDesk(secret, token, which, every, told, evidence, tools, desk_parts.corrections)
    with tab:
        _wire_list(archive, keeper, desk, desk_parts, refresh)
        _wire_corrections(archive, keeper, desk, desk_parts)
        _wire_answer(archive, keeper, desk, desk_parts)
    _wire_entry(archive, keeper, page, tab, token)


def _wire_entry(archive: Archive, keeper: Keeper, page: gr.Blocks, tab: gr.Tab, token: gr.Textbox) -> None:
    """The tab is there for the keeper alone; their page is given the token that each act needs."""

    def seen(request: gr.Request) -> list[Any]:
        with_secret = bool(archive.settings.keeper_secret) and "keeper" in dict(request.query_params)
        visible = with_secret or keeper.knows(request)
        return [gr.update(visible=visible), keeper.token if visible else ""]

    page.load(seen, outputs=[tab, token], **QUIET)


@dataclass(frozen=True, slots=True)
class Tools:
    """What the keeper does about a dispute."""

    role: gr.Dropdown
    was: gr.Textbox
    now: gr.Textbox
    why: gr.Textbox
    correct: gr.Button
    again: gr.Button
    file: gr.DownloadButton
    outcome: gr.Radio
    words: gr.Textbox
    corrections: gr.Textbox
    by: gr.Textbox
    answer: gr.Button


def _tools() -> Tools:
    by = gr.Textbox(
        label="Who decides this", max_lines=1, max_length=NAME_LIMIT, elem_id="gz-keeper-by",
        info="Your name; it is recorded with the correction and the answer",
    )  # fmt: skip
    with gr.Accordion("Correct a credit of this picture", open=False, elem_id="gz-keeper-correction"):
        roles = [(words.page, role.value) for role, words in ROLES.items()]
        role = gr.Dropdown(roles, value=Role.LAYOUT.value, label="Role", filterable=False)
        with gr.Row():
            was = gr.Textbox(
                label="Who is credited (empty: add somebody)", max_lines=1, max_length=NAME_LIMIT,
                elem_id="gz-keeper-was",
            )  # fmt: skip
            now = gr.Textbox(
                label="Who did it (empty: remove the credit)", max_lines=1, max_length=NAME_LIMIT,
                elem_id="gz-keeper-now",
            )  # fmt: skip
        why = gr.Textbox(label="Why (stays in the record here)", max_lines=3, max_length=1_000)
        correct = gr.Button("Record the correction", elem_id="gz-keeper-correct")
        again = gr.Button("Sign the picture again with today's credits", elem_id="gz-keeper-again")
        file = gr.DownloadButton("Download the file that was signed again", visible=False)
    outcome = gr.Radio(OUTCOMES, label="The answer", elem_classes="gz-stack", elem_id="gz-keeper-outcome")
    words = gr.Textbox(
        label="In words", lines=3, max_length=CLAIM_LIMIT, elem_id="gz-keeper-words",
        info="Anyone with the dispute's id can read them on the tab Credits",
    )  # fmt: skip
    corrections = gr.Textbox(
        label="Entries of the corrections that followed", max_lines=1, max_length=200, placeholder="41, 42",
        elem_id="gz-keeper-entries",
    )  # fmt: skip
    answer = gr.Button("Answer", variant="primary", elem_id="gz-keeper-answer")
    return Tools(role, was, now, why, correct, again, file, outcome, words, corrections, by, answer)


def _guard(keeper: Keeper) -> Callable[[gr.Request, str, str, Callable[[], T]], T]:
    """Work that is done for the keeper alone; everybody else, and whatever goes wrong, gets a sentence."""

    def guarded(request: gr.Request, secret: str, token: str, work: Callable[[], T]) -> T:
        if not attempt(lambda: keeper.acts(request, secret, token), "Not open"):
            words = "Only the keeper gets in here: the secret is missing or wrong."
            raise gr.Error(words, title="Not open", print_exception=False)
        return attempt(work, TITLE)

    return guarded


def _wire_list(archive: Archive, keeper: Keeper, desk: KeeperDesk, tools: Tools, refresh: gr.Button) -> None:
    guarded = _guard(keeper)

    def look(request: gr.Request, secret: str, token: str, every: bool) -> Answer:
        found = guarded(request, secret, token, lambda: listed(archive, every=every))
        none = "There is none." if every else "None is open."
        return {desk.which: gr.update(choices=found, value=None, info=None if found else none)}

    def pick(request: gr.Request, secret: str, token: str, which: str | None) -> Answer:
        told, evidence, shown = guarded(request, secret, token, lambda: _shown(archive, which))
        hidden = gr.update(visible=False)
        return {
            **{desk.told: told, desk.evidence: evidence, desk.tools: shown},
            **{desk.corrections: "", tools.file: hidden},
        }

    # An answer is to the dispute that is read above it.
    at_first([refresh.click, desk.which.input], [desk.told, desk.evidence, desk.tools, tools.file])
    at = _door(archive, "gz-keeper-look")
    pressed(refresh.click, look, [desk.secret, desk.token, desk.every], [desk.which], at=at, **ASKED)
    shown = [desk.told, desk.evidence, desk.tools, desk.corrections, tools.file]
    entry = [desk.secret, desk.token, desk.which]
    pressed(desk.which.input, pick, entry, shown, at=_door(archive, "gz-keeper-list"), **ASKED)


def _wire_corrections(archive: Archive, keeper: Keeper, desk: KeeperDesk, tools: Tools) -> None:
    guarded, entry = _guard(keeper), (desk.secret, desk.token)

    def correct(
        request: gr.Request, secret: str, token: str, which: str, so_far: str, *values: Any
    ) -> Answer:
        role, was, now, by, _why = values
        fold = ("gz-keeper-correction",)
        if troubles := missing(
            Needed("gz-keeper-list", lambda: need_chosen(which)),
            Needed("gz-keeper-by", lambda: need_by(by)),
            Needed("gz-keeper-now", lambda: need_names(was, now), fold),
        ):
            return troubles
        if troubles := missing(Needed("gz-keeper-was", lambda: need_credit(archive, which, role, was), fold)):
            return troubles
        seq = guarded(request, secret, token, lambda: correct_it(archive, which, *values))
        numbers = ", ".join(filter(None, [str(so_far or "").strip(" ,"), str(seq)]))
        told = _shown(archive, which)[0]
        return {desk.corrections: numbers, tools.was: "", tools.now: "", desk.told: told}

    def sign_again(request: gr.Request, secret: str, token: str, which: str) -> Answer:
        if troubles := missing(Needed("gz-keeper-list", lambda: need_chosen(which))):
            return troubles
        path = guarded(request, secret, token, lambda: _reissued(archive, which))
        return {tools.file: gr.update(value=path, visible=True)}

    pressed(
        tools.correct.click,
        correct,
        [*entry, desk.which, desk.corrections, tools.role, tools.was, tools.now, tools.by, tools.why],
        [desk.corrections, tools.was, tools.now, desk.told],
        at="gz-keeper-correct",
        **ASKED,
    )
    pressed(tools.again.click, sign_again, [*entry, desk.which], [tools.file], at="gz-keeper-again", **ASKED)


def _wire_answer(archive: Archive, keeper: Keeper, desk: KeeperDesk, tools: Tools) -> None:
    guarded, entry = _guard(keeper), (desk.secret, desk.token)

    def answer(request: gr.Request, secret: str, token: str, which: str, every: bool, *values: Any) -> Answer:
        outcome, _words, corrections, by = values
        if troubles := missing(
            Needed("gz-keeper-list", lambda: need_chosen(which)),
            Needed("gz-keeper-by", lambda: need_by(by)),
            Needed("gz-keeper-outcome", lambda: need_outcome(outcome)),
            Needed("gz-keeper-entries", lambda: numbers_in(corrections)),
        ):
            return troubles
        guarded(request, secret, token, lambda: answer_it(archive, which, *values))
        choices = listed(archive, every=every)
        kept = which if which in {value for _, value in choices} else None
        chosen, told = gr.update(choices=choices, value=kept), _shown(archive, which)[0]
        # The next press would be about another dispute, or about none.
        emptied = {tools.words: "", desk.corrections: "", tools.outcome: None}
        return {
            desk.which: chosen,
            desk.told: told,
            desk.tools: gr.update(visible=kept is not None),
            **emptied,
        }

    pressed(
        tools.answer.click,
        answer,
        [*entry, desk.which, desk.every, tools.outcome, tools.words, tools.corrections, tools.by],
        [desk.which, desk.told, desk.tools, tools.words, desk.corrections, tools.outcome],
        at="gz-keeper-answer",
        **ASKED,
    )


def _door(archive: Archive, otherwise: str) -> str:
    """Where it is told that somebody is not let in: at the secret, where one is asked for."""
    return "gz-keeper-secret" if archive.settings.keeper_secret else otherwise


def listed(archive: Archive, *, every: bool) -> list[tuple[str, str]]:
    """The disputes to choose from, newest first: a line for the eye, and the id."""
    found = [each for each in register_of(archive.ledger).disputes.values() if every or each.open]
    return [
        (f"{each.at[:10]} {say(each.state)}: {(each.claim.splitlines() or [''])[0][:60]}", each.dispute)
        for each in reversed(found)
    ][:LISTED]


def correct_it(archive: Archive, which: str, role: str, was: str, now: str, by: str, why: str) -> int:
    """Writes a correction of the dispute's picture down; the number of its entry."""
    register = register_of(archive.ledger)
    picture = dispute_on_record(register, which).picture
    if not picture:
        raise StatementError("this dispute is about a person: correct the name on the command line")
    need_by(by)
    entry = correct_by_name(
        archive.ledger,
        picture=picture,
        role=parse_role(role),
        was=str(was or ""),
        now=str(now or ""),
        by=str(by),
        why=why or "",
        dispute=which,
    )
    return entry.seq


def answer_it(archive: Archive, which: str, outcome: str, words: str, corrections: str, by: str) -> int:
    """Writes the keeper's answer down; the number of its entry."""
    need_outcome(outcome)
    need_by(by)
    entry = answer_by_name(
        archive.ledger,
        which,
        outcome=Outcome(outcome),
        words=words or "",
        by=str(by),
        corrections=numbers_in(corrections),
    )
    return entry.seq


def need_chosen(which: object) -> None:
    """StatementError where no dispute is chosen; one that was answered is no longer."""
    if not which:
        raise StatementError("choose a dispute first")


def need_credit(archive: Archive, which: str, role: str, was: object) -> None:
    """NotRecorded where the dispute's picture has no such credit to correct."""
    name, register = str(was or ""), register_of(archive.ledger)
    picture = dispute_on_record(register, which).picture
    if is_blank(name) or not picture:
        return
    credits = register.credits(archive.ledger.picture(picture))
    try:
        person = register.only(name)
    except NotRecorded:
        person = None
    if not any(each.role.value == role and each.person == person for each in credits):
        raise NotRecorded(
            f"no credit of this picture is {role}: {name}; take role and name as they stand under “credited today”"
        )


def need_by(by: object) -> None:
    """StatementError where nobody is named who decides."""
    if is_blank(str(by or "")):
        raise StatementError("say who decides this")
    clean_name(str(by))


def need_names(was: object, now: object) -> None:
    """StatementError where a correction changes nobody, or names no person."""
    names = [str(each) for each in (was, now) if not is_blank(str(each or ""))]
    if not names:
        raise StatementError("say who is credited, or who did it")
    for each in names:
        clean_name(each)


def need_outcome(outcome: object) -> None:
    if outcome not in set(Outcome):
        raise StatementError("choose an answer: accepted, declined or noted")


def numbers_in(corrections: object) -> list[int]:
    """The numbers of entries in what was typed; StatementError names what is none."""
    numbers = [each.strip() for each in str(corrections or "").split(",") if each.strip()]
    for each in numbers:
        if not each.isascii() or not each.isdecimal() or len(each) > 15:
            raise StatementError(f"entries are numbers, such as 41, 42; not {each[:40]!r}")
    return [int(each) for each in numbers]


def _shown(archive: Archive, which: str | None) -> list[Any]:
    register = register_of(archive.ledger)
    found = dispute_on_record(register, str(which or ""))
    record = archive.ledger.picture(found.picture) if found.picture else None
    credits = register.credits(record) if record else []
    told = fragment(
        "dispute",
        dispute=found,
        credits=[(each.role.value, each.person.shown() or NOT_NAMED, each.corrected) for each in credits],
        person=(register.person(found.person).shown() or NOT_NAMED) if found.person else "",
        by=[register.person(each.by).shown() or NOT_NAMED for each in found.replies],
    )
    evidence = gr.update(visible=False)
    if found.evidence is not None and found.evidence in archive.vault:
        path = served(f"{found.dispute}.evidence", archive.vault.get(found.evidence))
        evidence = gr.update(value=path, visible=True)
    return [told, evidence, gr.update(visible=True)]


def _reissued(archive: Archive, which: str) -> str:
    picture = dispute_on_record(register_of(archive.ledger), which).picture
    if not picture:
        raise StatementError("this dispute is about a person, not about one picture")
    output = archive.ledger.picture(picture).output
    if output is None:
        raise NotRecorded(f"{picture} was never released; there is no file to sign again")
    out = new_path(archive.settings, "reissued", "", output.media_type)
    released = reissue(archive, picture, out)
    return deliver(released.path, released.record.picture)
