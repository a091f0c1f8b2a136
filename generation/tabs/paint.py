"""The tab Paint: a layout, words and people in; a signed picture out, beside its layout, with its way as a drawing."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from gradio.components import Component

from generation.errors import GenerationError
from generation.layout.drawings import FIRST
from generation.studio.any_studio import AnyStudio
from provenance.errors import ConsentError, NotHandedOver, ProvenanceError
from provenance.release.archive import Archive
from provenance.release.override import Override
from provenance.tabs.fields.answers import Said, begun, said_of
from provenance.tabs.fields.at_field import MARK, Answer, Needed, Trouble, as_json, missing, pressed
from provenance.tabs.fields.inputs import Values
from provenance.tabs.fields.origins import NOT_STATED
from provenance.tabs.fields.uploads import alone, attempt, discard
from provenance.tabs.look.fragments import fragment, inline_picture
from provenance.tabs.look.theme import ASKED, QUIET
from provenance.tabs.text.language import say
from provenance.tabs.text.sentences import sentence
from provenance.tabs.visits.pictures import browser_of, find, ids_of, kept_at
from provenance.tabs.visits.sign_in import account_of
from provenance.tabs.visits.visitor import UNKNOWN, Keeper, address_of, at_this_machine, need_artist

from . import after
from .after import Visit
from .first import SEED, choose_mine
from .form import AskedForm, Fields, asked, painted_first
from .line import Line, Run, State, Work
from .objection import forbidden, override_of, takeover_troubles
from .painted import Painted
from .revision import Revision, revision_public, revision_troubles, sign_revision
from .running import wire_running
from .same import DRAWN_BY, filled_fields, filled_from, mask_from
from .sheet import Sheet, sheet
from .troubles import refusal_of, troubles_of, words_of

PREVIEW = 480  # pixels of the small picture that is shown while painting
LOOKS = 0.3  # seconds between two looks at a run
BEATS = (
    1.0  # seconds after which a page is told how long it still takes; that is when a closed one is noticed
)
WATCHERS = 4  # pages that follow one run
TO_ITS_ADDRESS = "(key) => window.genzu.at(key)"
TO_THE_WORDS = (
    "() => document.getElementById('gz-prompt')?.scrollIntoView({behavior: 'smooth', block: 'center'})"
)
QUEUED: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
# What was sent is decoded to be checked, and takes hundreds of megabytes.
PRESSED = {**QUEUED, "concurrency_limit": 4, "concurrency_id": "press"}

Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """The tab as its handlers need it."""

    studio: AnyStudio
    line: Line
    work_of: Callable[[AskedForm], Work]
    keeper: Keeper
    form: Sheet
    table: after.Table

    def visit(self, request: gr.Request) -> Visit:
        return Visit(browser_of(request), self.keeper.knows(request))


def paint_tab(
    studio: AnyStudio, line: Line, work_of: Callable[[AskedForm], Work], page: gr.Blocks, keeper: Keeper
) -> None:
    """The tab's components and what they do; to be called inside gr.Blocks.

    `work_of` is what a run does when its turn comes.
    """
    with gr.Row(elem_classes="gz-desk gz-paint"):
        with gr.Column(scale=4, min_width=320, elem_classes="gz-form"):
            form = sheet(studio, page)
        with gr.Column(scale=7, min_width=320, elem_classes="gz-result"):
            table, next_steps = after.table(studio.archive)
    desk = Desk(studio, line, work_of, keeper, form, table)
    _wire_painting(desk, page)
    wire_running(studio, form.more.running, page, keeper, lambda: line.busy)
    _wire_again(form, table, next_steps)
    _wire_same(studio.archive, form, table, next_steps)
    _wire_revision(studio.archive, keeper, table, next_steps)
    after.wire_pictures(studio.archive, keeper, table)


def _wire_again(form: Sheet, table: after.Table, steps: after.NextSteps) -> None:
    def again(values: Values) -> dict[Component, Any]:
        painted = values[table.painted]
        if painted is None:
            raise gr.Error("Paint a picture first.", title="Nothing to paint over")
        # Who drew the layout stands in the picture's history already; this pass is by those who make it.
        return {form.layout: alone(painted.path), form.named["origin"]: NOT_STATED, form.drawn_by.name: ""}

    steps.again.click(
        again, {table.painted}, [form.layout, form.named["origin"], form.drawn_by.name], **ASKED
    ).then(None, js=TO_THE_WORDS)


def _wire_same(archive: Archive, form: Sheet, table: after.Table, steps: after.NextSteps) -> None:
    fields = {**form.named, DRAWN_BY: form.drawn_by.name}

    def same(request: gr.Request, painted: Painted | None) -> Update:
        if painted is None:
            raise gr.Error("Paint a picture first.", title="Nothing to repeat")
        record = archive.ledger.picture(painted.picture)
        theirs = record.picture in ids_of(archive, browser_of(request))
        filled = filled_from(archive, record, theirs=theirs)
        return {fields[name]: value for name, value in filled.items()}

    def mask(painted: Painted | None) -> Any:
        return mask_from(archive, painted.picture) if painted is not None else gr.skip()

    # The mask comes after its layout: a new layout takes the mask away.
    steps.same.click(same, table.painted, filled_fields(form.named, form.drawn_by.name), **ASKED).then(
        mask, table.painted, form.more.mask, **QUIET
    ).then(None, js=TO_THE_WORDS)


def _wire_revision(archive: Archive, keeper: Keeper, table: after.Table, steps: after.NextSteps) -> None:
    """What is told while its form is filled in, and what its button does."""

    def sign(request: gr.Request, values: Values) -> Answer:
        form = Revision(values[steps.edited], values[steps.note], steps.people.read(values))
        if troubles := revision_troubles(archive, form):
            return troubles
        attempt(lambda: need_artist(request, archive.settings), "Not signed")
        visit = Visit(browser_of(request), keeper.knows(request))
        kept, released = sign_revision(archive, values[table.painted], form, visit.browser)
        discard([form.edited])
        shown = after.shown(table, archive, kept, visit, released)
        spoken = after.says("The revision is signed and on the record.")
        return {**shown, table.says: spoken, steps.edited: None, steps.note: ""}

    def public(values: Values) -> str:
        people = steps.people.read(values)
        return revision_public(archive, values[table.painted], values[steps.edited], people)

    told = {table.painted, steps.edited} | steps.people.inputs
    # A revision is of the picture on the table: with another one there, it would be recorded as that one's.
    another = begun("gz-revision")
    another.click(None, outputs=steps.edited, js="() => [null]", **QUIET)
    changes = [another.click, *(each.change for each in told if each is not table.painted)]
    said_of(Said(steps.public, public, told, [steps.edited], changes, trigger_mode="always_last"))
    pressed(
        steps.sign.click,
        sign,
        told | {steps.note},
        [*table.outputs, steps.edited, steps.note],
        at="gz-revision-sign",
        concurrency_limit=2,
        show_progress="minimal",
        show_progress_on=[steps.sign],
        api_visibility="private",
    ).then(None, table.address, js=TO_ITS_ADDRESS)


def _wire_painting(desk: Desk, page: gr.Blocks) -> None:
    form, table = desk.form, desk.table
    # Hidden, not gr.State: they travel to the browser and back with the click.
    turn, troubles = gr.Textbox(visible=False), gr.Textbox(visible=False)
    outputs = [*table.outputs, form.paint, form.cancel]
    over = set(table.takeover.inputs)

    def begin(request: gr.Request, values: Values) -> Update:
        return _begin(desk, request, form.read(values), None, turn, troubles)

    def begin_over(request: gr.Request, values: Values) -> Update:
        taken = [values[each] for each in table.takeover.inputs]
        found = takeover_troubles(*taken[:2]) or _closed_to(desk, request, taken[2])
        if found:
            return {turn: "", troubles: as_json(found)}
        return _begin(desk, request, form.read(values), override_of(*taken[:2]), turn, troubles)

    async def watch(request: gr.Request, run_id: str) -> AsyncIterator[Update]:
        visit = desk.visit(request)
        run = desk.line.of(visit.browser)
        if run is not None and run_id and run.id == run_id:
            async for update in _watched(desk, visit, run):
                yield update
        else:
            yield {table.address: gr.skip()}

    async def arrive(request: gr.Request) -> AsyncIterator[Update]:
        async for update in _arrive(desk, request):
            yield update

    def cancel(request: gr.Request) -> Update:
        desk.line.cancel(browser_of(request))
        return {form.cancel: gr.update(value=say("Stopping …"), interactive=False)}

    for started, first, given in (
        (form.paint.click, begin, set[Any]()),
        (_filled_again(desk).then, begin, set[Any]()),
        (table.takeover.go.click, begin_over, over),
    ):
        begun = started(first, form.inputs | given, [*outputs, turn, troubles], **PRESSED)
        begun.then(None, troubles, js=MARK)
        begun.then(watch, turn, outputs, **QUEUED).then(None, table.address, js=TO_ITS_ADDRESS)
    form.cancel.click(cancel, outputs=[form.cancel], **QUIET)
    # A run that a reload found again ends at an address, too.
    page.load(arrive, outputs=outputs, **QUEUED).then(None, table.address, js=TO_ITS_ADDRESS)


def _filled_again(desk: Desk) -> Any:
    """What the two buttons under the finished example do to the form."""
    form, first = desk.form, desk.table.first
    first.mine.click(None, outputs=form.example_fields, js=choose_mine())
    return form.fill_in(first.again, FIRST, SEED)


def _begin(
    desk: Desk,
    request: gr.Request,
    fields: Fields,
    override: Override | None,
    turn: gr.Textbox,
    troubles: gr.Textbox,
) -> Update:
    """A place in the line, or what is wrong at which field."""
    settings, able = desk.studio.archive.settings, desk.studio.capabilities
    found = missing(Needed("gz-paint", lambda: need_artist(request, settings))) or troubles_of(
        desk.studio, fields
    )
    if found:
        return {turn: "", troubles: as_json(found)}
    account = None if fields.people[1].unnamed else account_of(request, settings)
    ask = replace(asked(fields, able), override=override, account=account)
    # Looked at only where it matters: a drawing is decoded for it.
    bare = bool(ask.settings.upscale) and desk.studio.is_bare(ask.layout)
    ask = painted_first(fields, able, ask, bare=bare)
    refused = refusal_of(desk.studio, fields)
    if refused is not None:
        # It goes the way of every painting, up to where it is refused on the record.
        with suppress(ProvenanceError, GenerationError):
            todo = desk.work_of(ask)
            todo(Run(browser_of(request), "", 1, todo), lambda *_: None, lambda: False)
        return {turn: "", troubles: as_json([Trouble("gz-prompt", sentence(refused))])}
    browser, address = browser_of(request), address_of(request, settings)
    own = at_this_machine(request) and not settings.proxies
    theirs = browser if address == UNKNOWN or own else address
    try:
        run = desk.line.join(browser, theirs, ask.pictures, desk.work_of(ask), fields)
    except ProvenanceError as error:
        # At the button: what is on the table stays there, with all that is told of it.
        words = f"{sentence(error)} {say('Your form stays as it is.')}"
        return {turn: "", troubles: as_json([Trouble("gz-paint", words)])}
    buttons = _buttons(desk, running=True, waiting=desk.line.place(run) > 0)
    return {turn: run.id, troubles: "", **after.cleared(desk.table), **buttons}


def _closed_to(desk: Desk, request: gr.Request, secret: str) -> list[Trouble]:
    """Why somebody does not paint against a wish: only the keeper does."""
    if desk.keeper.knows(request, secret):
        return []
    at = "gz-takeover-secret" if desk.studio.archive.settings.keeper_secret else "gz-takeover-go"
    return [Trouble(at, say("Only the keeper of this record can paint against somebody's wish."))]


async def _arrive(desk: Desk, request: gr.Request) -> AsyncIterator[Update]:
    """The page as it opens: this browser's pictures, the one that its address names, and the run under way."""
    visit, table = desk.visit(request), desk.table
    run = desk.line.of(visit.browser)
    kept = find(desk.studio.archive.settings, dict(request.query_params).get("picture"))
    update: Update = {table.strip: await asyncio.to_thread(after.strip, desk.studio.archive, visit.browser)}
    if kept is not None:
        try:
            update = await asyncio.to_thread(after.shown, table, desk.studio.archive, kept, visit)
        except (ProvenanceError, OSError):
            update[table.stage] = fragment("stage", state="gone")
    yield update
    if run is not None and kept is None and (run.made or not run.told):
        yield {**after.cleared(table), **_buttons(desk, running=True)}
        async for each in _watched(desk, visit, run):
            yield each


async def _watched(desk: Desk, visit: Visit, run: Run) -> AsyncIterator[Update]:
    """The page while pictures are painted, step by step, and how it ended; a run has few watchers at a time."""
    if run.watchers >= WATCHERS:
        yield {desk.table.address: gr.skip()}
        return
    run.watchers += 1
    try:
        async for update in _looked_at(desk, visit, run):
            yield update
    finally:
        run.watchers -= 1


async def _looked_at(desk: Desk, visit: Visit, run: Run) -> AsyncIterator[Update]:
    changes, beat, said, had = -1, 0.0, "", -1
    while True:
        run.watched()
        if run.changes != changes or time.monotonic() - beat > BEATS:
            changes, beat = run.changes, time.monotonic()
            if run.state.over:
                newest = desk.line.of(visit.browser)
                if newest is not None and newest is not run:  # called off, and pressed again meanwhile
                    run, changes, said, had = newest, -1, "", -1
                    continue
                yield await asyncio.to_thread(_ended, desk, visit, run)
                run.told = True
                return
            update = await asyncio.to_thread(_under_way, desk, run)
            words = _spoken(run, desk.line.place(run))
            if words != said:
                said = words
                update[desk.table.says] = after.says(words)
                update |= _buttons(desk, running=True, waiting=run.state is State.WAITING)
            if len(run.made) != had:
                had = len(run.made)
                update[desk.table.strip] = await asyncio.to_thread(
                    after.strip, desk.studio.archive, visit.browser
                )
            yield update
        await asyncio.sleep(LOOKS)


def _spoken(run: Run, place: int) -> str:
    """What happened, for those who hear it: said when it changes, and not at every step."""
    if run.state is State.WAITING:
        before = {0: "It is next.", 1: "1 picture is before you."}
        return f"Waiting for its turn. {before.get(place, f'{place} pictures are before you.')}"
    if run.count > 1:
        return f"Painting picture {min(len(run.made) + 1, run.count)} of {run.count}."
    return "Painting."


def _under_way(desk: Desk, run: Run) -> Update:
    line = desk.line
    if run.state is State.WAITING:
        told = {"state": "waiting", "place": line.place(run), "seconds": line.seconds(run)}
        return {desk.table.stage: fragment("stage", **told)}
    look = inline_picture(run.tick.preview, PREVIEW) if run.tick.preview else ""
    left = run.seconds_left(line.usual)
    return {desk.table.stage: fragment("stage", state="running", run=run, left=left, preview=look)}


def _ended(desk: Desk, visit: Visit, run: Run) -> Update:
    """How it ended: the newest picture on the table, or why there is none."""
    studio, table, buttons = desk.studio, desk.table, _buttons(desk, running=False)
    forbidden = run.error if isinstance(run.error, ConsentError) else None
    if forbidden is not None and not run.made:
        return {**buttons, **_stopped(desk, visit, forbidden)}
    words = words_of(run.error) if run.error is not None else ""
    if forbidden is not None:
        words = say("The rest was not painted: somebody does not allow this use.")
    if run.made:
        last = run.made[-1]
        made = after.shown(table, studio.archive, kept_at(last.path), visit, last)
        count = f"{len(run.made)} pictures are" if len(run.made) > 1 else "The picture is"
        spoken = f"{count} painted, signed and on the record. {words}".strip()
        return {**buttons, **made, table.says: after.says(spoken)}
    away = run.state is State.CANCELLED and not run.called_off.is_set()
    state = {"state": "cancelled", "recorded": bool(run.started), "away": away}
    if run.state is State.FAILED:
        state = {"state": "failed", "words": words, "signed": isinstance(run.error, NotHandedOver)}
    told = words or ("Called off." if away else "Cancelled.")
    return {**buttons, table.stage: fragment("stage", **state), table.says: after.says(told)}


def _stopped(desk: Desk, visit: Visit, error: ConsentError) -> Update:
    """Somebody objects: the reason, and for the keeper the way on."""
    may_open = visit.keeper or bool(desk.studio.archive.settings.keeper_secret)
    told = forbidden(error, keeper=visit.keeper, may_open=may_open)
    opened = desk.table.takeover.open() if may_open else {}
    return {desk.table.stage: told, **opened}


def _buttons(desk: Desk, *, running: bool, waiting: bool = False) -> Update:
    """Paint says what is under way; it stays where the focus is, and Cancel stands beside it."""
    under_way = "Waiting …" if waiting else "Painting …"
    return {
        desk.form.paint: gr.update(value=say(under_way if running else "Paint")),
        desk.form.cancel: gr.update(visible=running, interactive=True, value=say("Cancel")),
    }
