"""What follows a picture on the Paint tab: paint again from it, sign a revision of it, choose among its candidates."""

from typing import Any

import gradio as gr
from gradio.components import Component

from generation.studio import Studio
from provenance.tabs.candidates import candidates_shown, choose_one, file_of
from provenance.tabs.inputs import Values
from provenance.tabs.origins import NOT_STATED
from provenance.tabs.pictures import browser_of, find, ids_of
from provenance.tabs.theme import ASKED, QUIET
from provenance.tabs.uploads import attempt, deliver, discard
from provenance.tabs.visitor import Keeper

from . import after
from .same import DRAWN_BY, filled_fields, filled_from, mask_from
from .sheet import Sheet

TO_THE_WORDS = (
    "() => document.getElementById('gz-prompt')?.scrollIntoView({behavior: 'smooth', block: 'center'})"
)
Update = dict[Any, Any]


def wire_next_steps(
    studio: Studio, keeper: Keeper, form: Sheet, table: after.Table, steps: after.NextSteps
) -> None:
    """What the buttons below a picture do."""
    _wire_again(form, table, steps)
    _wire_same(studio, form, table, steps)
    _wire_strip(studio, keeper, table)
    _wire_revision(studio, keeper, table, steps)
    _wire_candidates(studio, keeper, table)


def _wire_again(form: Sheet, table: after.Table, steps: after.NextSteps) -> None:
    def again(values: Values) -> dict[Component, Any]:
        painted = values[table.painted]
        if painted is None:
            raise gr.Error("Paint a picture first.", title="Nothing to paint over")
        # Who drew the layout stands in the picture's history already; this pass is by those who make it.
        return {form.layout: deliver(painted.path), form.named["origin"]: NOT_STATED, form.drawn_by.name: ""}

    steps.again.click(
        again, {table.painted}, [form.layout, form.named["origin"], form.drawn_by.name], **ASKED
    ).then(None, js=TO_THE_WORDS)


def _wire_same(studio: Studio, form: Sheet, table: after.Table, steps: after.NextSteps) -> None:
    fields = {**form.named, DRAWN_BY: form.drawn_by.name}

    def same(request: gr.Request, painted: after.Painted | None) -> Update:
        if painted is None:
            raise gr.Error("Paint a picture first.", title="Nothing to repeat")
        record = studio.archive.ledger.picture(painted.picture)
        theirs = record.picture in ids_of(studio.archive, browser_of(request))
        filled = filled_from(studio.archive, record, theirs=theirs)
        return {fields[name]: value for name, value in filled.items()}

    def mask(painted: after.Painted | None) -> Any:
        return mask_from(studio.archive, painted.picture) if painted is not None else gr.skip()

    # The mask comes after its layout: a new layout takes the mask away.
    steps.same.click(same, table.painted, filled_fields(form.named, form.drawn_by.name), **ASKED).then(
        mask, table.painted, form.more.mask, **QUIET
    ).then(None, js=TO_THE_WORDS)


def _wire_strip(studio: Studio, keeper: Keeper, table: after.Table) -> None:
    def pick(request: gr.Request, event: gr.EventData) -> Update:
        kept = find(studio.archive.settings, getattr(event, "key", None))
        if kept is None:
            return {table.address: gr.skip()}
        visit = after.Visit(browser_of(request), keeper.knows(request))
        return attempt(lambda: after.shown(table, studio, kept, visit), "Not shown")

    table.strip.click(pick, outputs=table.outputs, show_progress_on=[table.stage], **ASKED).then(
        None, table.address, js="(key) => window.genzu.at(key)"
    )


def _wire_revision(studio: Studio, keeper: Keeper, table: after.Table, steps: after.NextSteps) -> None:
    def sign(request: gr.Request, values: Values) -> Update:
        form = after.Revision(values[steps.edited], values[steps.note], steps.people.read(values))
        visit = after.Visit(browser_of(request), keeper.knows(request))
        kept, released = after.sign_revision(studio, values[table.painted], form, visit.browser)
        discard([form.edited])
        shown = after.shown(table, studio, kept, visit, released)
        spoken = after.says("The revision is signed and on the record.")
        return {**shown, table.says: spoken, steps.edited: None, steps.note: ""}

    def public(values: Values) -> str:
        people = steps.people.read(values)
        return after.revision_public(studio, values[table.painted], values[steps.edited], people)

    told = {table.painted, steps.edited} | steps.people.inputs
    changes = [each.change for each in told if each is not table.painted]
    gr.on(changes, public, told, steps.public, trigger_mode="always_last", **QUIET)
    steps.sign.click(
        sign,
        told | {steps.note},
        [*table.outputs, steps.edited, steps.note],
        concurrency_limit=2,
        show_progress="minimal",
        show_progress_on=[steps.sign],
        api_visibility="private",
    ).then(None, table.address, js="(key) => window.genzu.at(key)")


def _wire_candidates(studio: Studio, keeper: Keeper, table: after.Table) -> None:
    archive, parts = studio.archive, table.candidates

    def look(request: gr.Request, event: gr.SelectData, listed: list[str]) -> Update:
        number = event.index
        if not isinstance(number, int) or not 0 <= number < len(listed):
            return {table.address: gr.skip()}
        record = archive.ledger.picture(listed[number])
        kept = attempt(lambda: file_of(archive, record), "Not shown")
        visit = after.Visit(browser_of(request), keeper.knows(request))
        return attempt(lambda: after.shown(table, studio, kept, visit), "Not shown")

    def choose(request: gr.Request, values: Values) -> Update:
        painted, mine = values[table.painted], ids_of(archive, browser_of(request))
        if painted is None:
            raise gr.Error("Paint a picture first.", title="Nothing to choose")
        known = keeper.knows(request)
        attempt(
            lambda: choose_one(
                archive, painted.picture, values[parts.by], values[parts.why], mine, keeper=known
            ),
            "Not chosen",
        )
        shown = candidates_shown(parts, archive, painted.picture, mine, keeper=known)
        return {**shown, parts.why: gr.update(value="")}

    parts.gallery.select(look, parts.listed, table.outputs, show_progress_on=[table.stage], **ASKED)
    parts.choose.click(
        choose,
        {table.painted, parts.by, parts.why},
        [*parts.outputs, parts.by, parts.why, parts.choose],
        show_progress_on=[parts.choose],
        **ASKED,
    )
