"""Other pictures put on the table of the Paint tab: one of this browser's, or a candidate of the cut; one is chosen."""

from typing import Any

import gradio as gr

from provenance.release.archive import Archive
from provenance.tabs.candidates import candidates_shown, choose_one, file_of
from provenance.tabs.inputs import Values
from provenance.tabs.pictures import browser_of, find, ids_of
from provenance.tabs.theme import ASKED
from provenance.tabs.uploads import attempt
from provenance.tabs.visitor import Keeper

from . import after

Update = dict[Any, Any]


def wire_pictures(archive: Archive, keeper: Keeper, table: after.Table) -> None:
    """What happens where another picture is pressed, or one candidate is chosen."""
    _wire_strip(archive, keeper, table)
    _wire_candidates(archive, keeper, table)


def _wire_strip(archive: Archive, keeper: Keeper, table: after.Table) -> None:
    def pick(request: gr.Request, event: gr.EventData) -> Update:
        kept = find(archive.settings, getattr(event, "key", None))
        if kept is None:
            return {table.address: gr.skip()}
        visit = after.Visit(browser_of(request), keeper.knows(request))
        return attempt(lambda: after.shown(table, archive, kept, visit), "Not shown")

    table.strip.click(pick, outputs=table.outputs, show_progress_on=[table.stage], **ASKED).then(
        None, table.address, js="(key) => window.genzu.at(key)"
    )


def _wire_candidates(archive: Archive, keeper: Keeper, table: after.Table) -> None:
    parts = table.candidates

    def look(request: gr.Request, event: gr.SelectData, listed: list[str]) -> Update:
        number = event.index
        if not isinstance(number, int) or not 0 <= number < len(listed):
            return {table.address: gr.skip()}
        record = archive.ledger.picture(listed[number])
        kept = attempt(lambda: file_of(archive, record), "Not shown")
        visit = after.Visit(browser_of(request), keeper.knows(request))
        return attempt(lambda: after.shown(table, archive, kept, visit), "Not shown")

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
