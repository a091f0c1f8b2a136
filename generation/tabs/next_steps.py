"""What follows a picture on the Paint tab: paint again from it, sign a revision of it, choose among its candidates."""

from typing import Any

import gradio as gr
from gradio.components import Component

from generation.studio import Studio
from provenance.release.release import Released
from provenance.statement.canonical import Digest
from provenance.statement.credit import Role
from provenance.tabs.candidates import candidates_shown, choose_one, file_of, parent_of
from provenance.tabs.inputs import Values
from provenance.tabs.origins import NOT_STATED
from provenance.tabs.theme import ASKED, QUIET
from provenance.tabs.uploads import attempt, deliver, discard
from provenance.tabs.visitor import Keeper

from . import after
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
    _wire_revision(studio, keeper, table, steps)
    _wire_candidates(studio, keeper, table)


def _wire_again(form: Sheet, table: after.Table, steps: after.NextSteps) -> None:
    names = [line.name for line in form.people.lines]

    def again(values: Values) -> dict[Component, Any]:
        painted = values[table.painted]
        if painted is None:
            raise gr.Error("Paint a picture first.", title="Nothing to paint over")
        # Who drew the layout stands in the picture's history already; this pass is by those who make it. The others
        # stay as they are, also what is typed while this is on its way.
        rows = zip(form.people.lines, form.people.read(values), strict=True)
        drew = {line.name: "" for line, row in rows if row.role == Role.LAYOUT.value and row.name}
        return {form.layout: deliver(painted.path), form.named["origin"]: NOT_STATED, **drew}

    steps.again.click(
        again, {table.painted} | form.people.inputs, [form.layout, form.named["origin"], *names], **ASKED
    ).then(None, js=TO_THE_WORDS)


def _wire_revision(studio: Studio, keeper: Keeper, table: after.Table, steps: after.NextSteps) -> None:
    def sign(request: gr.Request, values: Values) -> Update:
        edited, people = values[steps.edited], steps.people.read(values)
        released, before = after.sign_revision(
            studio, values[table.painted], edited, values[steps.note], people
        )
        discard([edited])
        all_mine = [*values[table.mine], released.record.picture]
        shown = after.shown(table, studio, released, before, all_mine, keeper=keeper.knows(request))
        return {**shown, steps.edited: None, steps.note: ""}

    def public(values: Values) -> str:
        people = steps.people.read(values)
        return after.revision_public(studio, values[table.painted], values[steps.edited], people)

    told = {table.painted, steps.edited} | steps.people.inputs
    changes = [each.change for each in told if each is not table.painted]
    gr.on(changes, public, told, steps.public, trigger_mode="always_last", **QUIET)
    steps.sign.click(
        sign,
        told | {table.mine, steps.note},
        [*table.outputs, steps.edited, steps.note],
        concurrency_limit=2,
        show_progress="minimal",
        show_progress_on=[steps.sign],
        api_visibility="private",
    )


def _wire_candidates(studio: Studio, keeper: Keeper, table: after.Table) -> None:
    archive, parts = studio.archive, table.candidates

    def look(request: gr.Request, event: gr.SelectData, listed: list[str], mine: list[str]) -> Update:
        number = event.index
        if not isinstance(number, int) or not 0 <= number < len(listed):
            return {}
        record = archive.ledger.picture(listed[number])
        path = attempt(lambda: file_of(archive, record), "Not shown")
        before = attempt(lambda: parent_of(archive, record), "Not shown")
        released = Released(record, path, Digest.of_file(path))
        return after.shown(table, studio, released, before, mine, keeper=keeper.knows(request))

    def choose(request: gr.Request, values: Values) -> Update:
        painted, mine = values[table.painted], values[table.mine]
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

    parts.gallery.select(
        look, [parts.listed, table.mine], table.outputs, show_progress_on=[table.slider], **ASKED
    )
    parts.choose.click(
        choose,
        {table.painted, table.mine, parts.by, parts.why},
        [*parts.outputs, parts.by, parts.why, parts.choose],
        show_progress_on=[parts.choose],
        **ASKED,
    )
