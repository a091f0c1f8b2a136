"""The tab Paint: a layout, words and people in; a signed picture out, beside its layout, with its way as a drawing."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from PIL import Image

from generation.errors import GenerationError
from generation.mask import check_mask
from generation.request import SEEDS, OnStep
from generation.studio import Studio, mask_of
from provenance.errors import ConsentError, ProvenanceError, StatementError, Stopped
from provenance.media.picture import Picture
from provenance.release.override import Override
from provenance.release.release import Released
from provenance.tabs.fragments import fragment, inline_picture
from provenance.tabs.inputs import Values
from provenance.tabs.released import out_path
from provenance.tabs.theme import QUIET
from provenance.tabs.uploads import attempt, complaint, opened, sentence
from provenance.tabs.visitor import Keeper

from . import after
from .form import Asked, Fields, asked
from .layout import take_in
from .next_steps import wire_next_steps
from .objection import forbidden, override_of
from .run import Runs, Tick
from .sheet import Sheet, sheet

PREVIEW = 480  # pixels of the small picture that is shown while painting
PREVIEW_EVERY = 2  # steps
BROKEN = "Something broke on our side, and nothing was signed. The server's log says what; please report it."
LOG = logging.getLogger(__name__)
NOT_PAINTED = "Not painted"
QUEUED: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# Where the halves stand one above the other, the result would come far below the eye.
TO_THE_PICTURE = (
    "() => { if (matchMedia('(max-width: 760px)').matches)"
    " document.querySelector('.gz-stage')?.scrollIntoView({behavior: 'smooth', block: 'end'}); }"
)

Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """The tab as its handlers need it."""

    studio: Studio
    runs: Runs
    keeper: Keeper
    form: Sheet
    table: after.Table


def paint_tab(studio: Studio, runs: Runs, page: gr.Blocks, keeper: Keeper) -> None:
    """The tab's components and what they do; to be called inside gr.Blocks."""
    with gr.Row(elem_classes="gz-desk"):
        with gr.Column(scale=5, min_width=320):
            form = sheet(studio, page)
        with gr.Column(scale=6, min_width=320, elem_classes="gz-result"):
            table, next_steps = after.table(studio.archive.settings)
    desk = Desk(studio, runs, keeper, form, table)
    _wire_painting(desk, page)
    wire_next_steps(studio, keeper, form, table, next_steps)


def _wire_painting(desk: Desk, page: gr.Blocks) -> None:
    form, table, runs = desk.form, desk.table, desk.runs
    # Hidden, not gr.State: it has to travel with the click, and a state is read when the turn comes.
    turn = gr.Textbox(visible=False)
    outputs = [*table.outputs, form.paint, form.cancel]

    def begin(request: gr.Request, values: Values) -> Iterator[Update]:
        yield from _begin(desk, request, turn, form.read(values))

    def begin_over(request: gr.Request, values: Values) -> Iterator[Update]:
        attempt(lambda: _override(desk, request, values), NOT_PAINTED)
        yield from _begin(desk, request, turn, form.read(values))

    def paint(request: gr.Request, values: Values) -> Iterator[Update]:
        yield from _turn(desk, request, values[turn], values[table.mine], form.read(values), None)

    def paint_over(request: gr.Request, values: Values) -> Iterator[Update]:
        override = attempt(lambda: _override(desk, request, values), NOT_PAINTED)
        yield from _turn(desk, request, values[turn], values[table.mine], form.read(values), override)

    def cancel(request: gr.Request) -> Update:
        if runs.cancel(str(request.session_hash)):
            return {form.cancel: gr.update(value="Stopping …", interactive=False)}
        return {
            table.stage: fragment("stage", state="cancelled", recorded=False),
            **_buttons(desk, running=False),
        }

    def gone(request: gr.Request) -> None:
        runs.cancel(str(request.session_hash))

    line: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "paint", **QUEUED}
    for button, first, then, given in (
        (form.paint, begin, paint, set()),
        (table.takeover.go, begin_over, paint_over, set(table.takeover.inputs)),
    ):
        asked_first = button.click(
            first, form.inputs | given, [*outputs, turn], concurrency_limit=None, **QUEUED
        )
        asked_first.success(then, {turn, table.mine} | form.inputs | given, outputs, **line)
        button.click(None, js=TO_THE_PICTURE)
    form.cancel.click(cancel, outputs=[table.stage, form.paint, form.cancel], **QUIET)
    page.unload(gone)


def _begin(desk: Desk, request: gr.Request, turn: gr.Textbox, fields: Fields) -> Iterator[Update]:
    """A place in the line, or what is missing from the form."""
    try:
        _checked(desk.studio, fields)
    except (ProvenanceError, GenerationError) as error:
        yield {desk.table.stage: fragment("stage", state="refused", words=sentence(error, *fields.uploads))}
        raise complaint(error, NOT_PAINTED, *fields.uploads) from error
    token = desk.runs.begin(str(request.session_hash))
    waiting = fragment("stage", state="waiting")
    yield {
        turn: token,
        desk.table.stage: waiting,
        desk.table.takeover.group: gr.update(visible=False),
        **_buttons(desk, running=True),
    }


def _turn(
    desk: Desk, request: gr.Request, token: str, mine: list[str], fields: Fields, override: Override | None
) -> Iterator[Update]:
    if not desk.runs.waits(str(request.session_hash), str(token)):
        yield {}
        return
    visitor = Visit(str(request.session_hash), list(mine or []), desk.keeper.knows(request))
    yield from _paint(desk, visitor, fields, override)


def _override(desk: Desk, request: gr.Request, values: Values) -> Override:
    over = desk.table.takeover
    if not desk.keeper.knows(request, values[over.secret]):
        raise StatementError("only the keeper of this record can paint against somebody's wish")
    return override_of(values[over.by], values[over.reason])


def _checked(studio: Studio, fields: Fields) -> tuple[Asked, Picture | None]:
    """The form as a request, with the layout: a broken file is told before a missing name is, and before the line."""
    layout = opened(fields.layout, studio.archive.settings) if fields.layout else None
    if fields.mask and layout is not None:
        shown = layout.width, layout.height
        check_mask(mask_of(opened(fields.mask, studio.archive.settings)), shown, shown)
    return asked(fields, studio.capabilities), layout


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks for a picture: their session, the pictures they made so far, and whether they keep the record."""

    session: str
    mine: list[str]
    keeper: bool


def _paint(desk: Desk, visit: Visit, fields: Fields, override: Override | None) -> Iterator[Update]:
    """The page while pictures are painted, step by step, and how it ended."""
    studio, table = desk.studio, desk.table

    def over(state: str, **values: Any) -> Update:
        return {table.stage: fragment("stage", state=state, **values), **_buttons(desk, running=False)}

    try:
        # Again: a request may reach this handler without the one before it.
        ask, layout = _checked(studio, fields)
    except (ProvenanceError, GenerationError) as error:
        yield over("refused", words=sentence(error, *fields.uploads))
        raise complaint(error, NOT_PAINTED, *fields.uploads) from error
    assert layout is not None
    ask = replace(ask, override=override)
    made: list[Released] = []

    def shown() -> Update:
        mine = [*visit.mine, *(each.record.picture for each in made)]
        table_shown = after.shown(table, studio, made[-1], layout, mine, keeper=visit.keeper)
        return {**_buttons(desk, running=False), **table_shown}

    yield after.cleared(table)
    look = ""
    for news in desk.runs.follow(visit.session, lambda step, stop: _work(studio, ask, made, step, stop)):
        if isinstance(news, Tick):
            look = inline_picture(news.preview, PREVIEW) if news.preview else look
            running = fragment("stage", state="running", tick=news, preview=look)
            yield {table.stage: running}
        elif isinstance(news.error, ConsentError):
            yield _stopped(desk, visit, news.error)
        elif isinstance(news.error, Stopped) and not made:
            yield over("cancelled", recorded=True)
        elif news.error is not None and not isinstance(news.error, Stopped):
            words = words_of(news.error, *fields.uploads)
            yield over("failed", words=words) if not made else shown()
            raise gr.Error(words, title=NOT_PAINTED, duration=12, print_exception=False) from news.error
        else:
            yield shown()


def _stopped(desk: Desk, visit: Visit, error: ConsentError) -> Update:
    """Somebody objects: the reason, and for the keeper the way on."""
    may_open = visit.keeper or bool(desk.studio.archive.settings.keeper_secret)
    told = forbidden(error, keeper=visit.keeper, may_open=may_open)
    opened = desk.table.takeover.open() if may_open else {}
    return {desk.table.stage: told, **_buttons(desk, running=False), **opened}


def _work(
    studio: Studio, ask: Asked, made: list[Released], on_step: OnStep, cancelled: Callable[[], bool]
) -> None:
    """Paints as many pictures as were asked for, each with the next seed, into `made`."""
    layout = take_in(studio.archive, ask.layout, ask.origin, ask.credits, ask.project, ask.publication)

    def step(done: int, total: int, preview: Image.Image | None) -> None:
        on_step(len(made) * total + done, ask.count * total, preview)

    for number in range(ask.count):
        seed = (ask.settings.seed + number) % SEEDS.stop
        released = studio.paint(
            layout,
            replace(ask.settings, seed=seed),
            ask.job(out_path(studio.archive.settings, "picture")),
            mask=ask.mask,
            disclosure=ask.disclosure,
            label=ask.label,
            preview_every=PREVIEW_EVERY,
            on_step=step,
            cancelled=cancelled,
        )
        made.append(released)


def words_of(error: BaseException, *paths: str | None) -> str:
    """What the visitor is told of an error; one that is not ours goes to the server's log."""
    if isinstance(error, ProvenanceError | GenerationError):
        return sentence(error, *paths)
    LOG.error("painting broke", exc_info=error)
    return BROKEN


def _buttons(desk: Desk, *, running: bool) -> Update:
    """Paint or Cancel: one of them can be pressed at a time."""
    return {
        desk.form.paint: gr.update(interactive=not running, value="Painting …" if running else "Paint"),
        desk.form.cancel: gr.update(visible=running, interactive=True, value="Cancel"),
    }
