"""The tab Paint: a layout, words and people in; a signed picture out, beside its layout, with its way as a drawing."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from generation.errors import GenerationError
from generation.request import OnStep
from generation.studio import Studio
from provenance.credits import Role
from provenance.errors import ProvenanceError
from provenance.picture import Picture
from provenance.release import Released, Stopped
from provenance.tabs.fragments import fragment, inline_picture
from provenance.tabs.theme import QUIET
from provenance.tabs.uploads import complaint, deliver, discard, opened, sentence

from . import after
from .form import Asked, Fields, asked
from .layout import NOT_STATED, take_in
from .run import Runs, Tick
from .sheet import Sheet, sheet

PREVIEW = 480  # pixels of the small picture that is shown while painting
PREVIEW_EVERY = 2  # steps
BROKEN = "Something broke on our side, and nothing was signed. The server's log says what; please report it."
LOG = logging.getLogger(__name__)
QUEUED: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
TO_THE_WORDS = (
    "() => document.getElementById('gz-prompt')?.scrollIntoView({behavior: 'smooth', block: 'center'})"
)
# Where the halves stand one above the other, the result would come far below the eye.
TO_THE_PICTURE = (
    "() => { if (matchMedia('(max-width: 760px)').matches)"
    " document.querySelector('.gz-stage')?.scrollIntoView({behavior: 'smooth', block: 'end'}); }"
)

Update = dict[Any, Any]


def paint_tab(studio: Studio, runs: Runs, page: gr.Blocks) -> None:
    """The tab's components and what they do; to be called inside gr.Blocks."""
    with gr.Row(elem_classes="gz-desk"):
        with gr.Column(scale=5, min_width=320):
            form = sheet(studio, page)
        with gr.Column(scale=6, min_width=320, elem_classes="gz-result"):
            table, next_steps = after.table()
    _wire_painting(studio, runs, page, form, table)
    _wire_next_steps(studio, form, table, next_steps)


def _wire_painting(studio: Studio, runs: Runs, page: gr.Blocks, form: Sheet, table: after.Table) -> None:
    # Hidden, not gr.State: it has to travel with the click, and a state is read when the turn comes.
    turn = gr.Textbox(visible=False)
    outputs = [*table.outputs, form.paint, form.cancel]

    def begin(request: gr.Request, *values: Any) -> Iterator[Update]:
        fields = Fields.of(values)
        try:
            _checked(studio, fields)
        except (ProvenanceError, GenerationError) as error:
            yield {table.stage: fragment("stage", state="refused", words=sentence(error, fields.layout))}
            raise complaint(error, "Not painted", fields.layout) from error
        token = runs.begin(str(request.session_hash))
        waiting = fragment("stage", state="waiting")
        yield {turn: token, table.stage: waiting, **_buttons(form, running=True)}

    def paint(request: gr.Request, token: str, *values: Any) -> Iterator[Update]:
        visitor = str(request.session_hash)
        if runs.waits(visitor, str(token)):
            yield from _paint(studio, runs, visitor, Fields.of(values), form, table)
        else:
            yield {}

    def cancel(request: gr.Request) -> Update:
        if runs.cancel(str(request.session_hash)):
            return {form.cancel: gr.update(value="Stopping …", interactive=False)}
        return {
            table.stage: fragment("stage", state="cancelled", recorded=False),
            **_buttons(form, running=False),
        }

    def gone(request: gr.Request) -> None:
        runs.cancel(str(request.session_hash))

    form.paint.click(begin, form.inputs, [*outputs, turn], concurrency_limit=None, **QUEUED).success(
        paint, [turn, *form.inputs], outputs, concurrency_limit=1, concurrency_id="paint", **QUEUED
    )
    form.paint.click(None, js=TO_THE_PICTURE)
    form.cancel.click(cancel, outputs=[table.stage, form.paint, form.cancel], **QUIET)
    page.unload(gone)


def _checked(studio: Studio, fields: Fields) -> tuple[Asked, Picture | None]:
    """The form as a request, with the layout: a broken file is told before a missing name is."""
    layout = opened(fields.layout, studio.archive.settings) if fields.layout else None
    return asked(fields), layout


def _paint(
    studio: Studio, runs: Runs, visitor: str, fields: Fields, form: Sheet, table: after.Table
) -> Iterator[Update]:
    """The page while a picture is painted, step by step, and how it ended."""

    def over(state: str, **values: Any) -> Update:
        return {table.stage: fragment("stage", state=state, **values), **_buttons(form, running=False)}

    try:
        # Again: a request may reach this handler without the one before it.
        ask, layout = _checked(studio, fields)
    except (ProvenanceError, GenerationError) as error:
        yield over("refused", words=sentence(error, fields.layout))
        raise complaint(error, "Not painted", fields.layout) from error
    assert layout is not None
    out = after.out_path(studio, "picture")
    yield after.cleared(table)
    look = ""
    for news in runs.follow(visitor, lambda on_step, cancelled: _work(studio, ask, out, on_step, cancelled)):
        if isinstance(news, Tick):
            look = inline_picture(news.preview, PREVIEW) if news.preview else look
            yield {table.stage: fragment("stage", state="running", tick=news, preview=look)}
        elif isinstance(news.error, Stopped):
            yield over("cancelled", recorded=True)
        elif news.error is not None:
            words = _words_of(news.error, ask.layout, out)
            yield over("failed", words=words)
            raise gr.Error(words, title="Not painted", duration=12, print_exception=False) from news.error
        else:
            assert news.result is not None
            yield {**_buttons(form, running=False), **after.shown(table, studio, news.result, layout)}


def _work(studio: Studio, ask: Asked, out: Path, on_step: OnStep, cancelled: Callable[[], bool]) -> Released:
    # A slider that this model has no use for is hidden, and sends its lowest value all the same.
    able = studio.engine.capabilities
    return studio.paint(
        take_in(studio, ask.layout, ask.origin, ask.credits, ask.project),
        ask.prompt,
        ask.job(out),
        negative_prompt=ask.negative,
        strength=None if able.strength is None else ask.strength,
        guidance_scale=None if able.guidance_scale is None else ask.guidance,
        num_inference_steps=ask.steps,
        seed=ask.seed,
        long_side=ask.long_side,
        preview_every=PREVIEW_EVERY,
        disclosure=ask.disclosure,
        on_step=on_step,
        cancelled=cancelled,
    )


def _words_of(error: BaseException, *paths: Path) -> str:
    if isinstance(error, ProvenanceError | GenerationError):
        return sentence(error, *paths)
    LOG.error("painting broke", exc_info=error)
    return BROKEN


def _buttons(form: Sheet, *, running: bool) -> Update:
    """Paint or Cancel: one of them can be pressed at a time."""
    return {
        form.paint: gr.update(interactive=not running, value="Painting …" if running else "Paint"),
        form.cancel: gr.update(visible=running, interactive=True, value="Cancel"),
    }


def _wire_next_steps(studio: Studio, form: Sheet, table: after.Table, steps: after.NextSteps) -> None:
    people = form.people

    def again(painted: after.Painted | None, *values: Any) -> list[Any]:
        if painted is None:
            raise gr.Error("Paint a picture first.", title="Nothing to paint over")
        # Who drew the layout stands in the picture's history already; this pass is by those who make it.
        roles, names = values[: people.rows], values[people.rows :]
        # The others stay as they are, also what is typed while this is on its way.
        kept = [
            "" if role == Role.LAYOUT.value and name else gr.skip()
            for role, name in zip(roles, names, strict=True)
        ]
        return [deliver(painted.path), NOT_STATED, *kept]

    roles = [people.role(row) for row in range(people.rows)]
    names = [people.name(row) for row in range(people.rows)]
    steps.again.click(
        again, [table.painted, *roles, *names], [form.layout, form.origin, *names], **QUIET
    ).then(None, js=TO_THE_WORDS)

    def sign(painted: after.Painted | None, edited: str | None, note: str, *credits: Any) -> Update:
        released, before = after.sign_revision(studio, painted, edited, note, credits)
        discard([edited])
        return {**after.shown(table, studio, released, before), steps.edited: None, steps.note: ""}

    steps.sign.click(
        sign,
        [table.painted, steps.edited, steps.note, *steps.people.inputs],
        [*table.outputs, steps.edited, steps.note],
        concurrency_limit=2,
        show_progress="minimal",
        show_progress_on=[steps.sign],
        api_visibility="private",
    )
