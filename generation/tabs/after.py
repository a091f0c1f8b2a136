"""What stands on the Paint tab once there is a picture: who made it, beside its drawing, its history, and what next.

Each picture has an address (provenance/tabs/visits/pictures.py): what stands here is found again after a reload, and
so are all others that this browser made.
"""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from generation.layout.colour import to_srgb
from generation.studio.ready import colours_in, made_ready
from generation.tabs.first import STAGE, STORY, First, first_buttons, first_html
from generation.tabs.objection import Takeover, takeover
from generation.tabs.painted import Painted
from provenance.errors import ProvenanceError
from provenance.inspection.inspection import inspect_signed
from provenance.media.picture import encode
from provenance.release.archive import Archive
from provenance.release.made import Released
from provenance.statement.credit import Role
from provenance.statement.vocabulary import Step
from provenance.tabs.fields.at_field import Answer, Needed, Trouble, missing, pressed
from provenance.tabs.fields.candidates import (
    Candidates,
    candidates_part,
    candidates_shown,
    choose_one,
    file_of,
    need_chooser,
)
from provenance.tabs.fields.inputs import Values
from provenance.tabs.fields.people import PeopleTable, people_table
from provenance.tabs.fields.uploads import attempt, picture_input, waits_for
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import ASKED, piece
from provenance.tabs.text.language import say
from provenance.tabs.told.released import opening, story
from provenance.tabs.visits.pictures import (
    LARGE,
    Kept,
    browser_of,
    find,
    ids_of,
    kept_by,
    parent_of,
    released_as,
)
from provenance.tabs.visits.visitor import Keeper

RETOUCHERS = 4
Update = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks: whose pictures are theirs, and whether they keep the record."""

    browser: str
    keeper: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The components that show a picture."""

    stage: gr.HTML
    says: gr.HTML  # what happened, for those who do not see it: spoken when it changes
    first: First
    takeover: Takeover
    strip: gr.HTML
    story: gr.HTML
    next_steps: gr.Column
    painted: gr.State
    candidates: Candidates
    address: gr.Textbox  # the key of the picture shown, for the browser's address line

    @property
    def outputs(self) -> list[Any]:
        return [
            *(self.stage, self.says, self.first.group, self.strip, self.story),
            *(self.next_steps, self.painted, self.address),
            *(self.takeover.group, *self.takeover.inputs),
            *(*self.candidates.outputs, self.candidates.by, self.candidates.why, self.candidates.choose),
        ]


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What can be done with the picture on the table."""

    again: gr.Button
    same: gr.Button
    edited: gr.Image
    note: gr.Textbox
    people: PeopleTable
    public: gr.HTML
    sign: gr.Button


def table(archive: Archive) -> tuple[Table, NextSteps]:
    """The right half of the tab, with the finished example in the place of the picture."""
    picture, graph = first_html(archive.trust)
    with gr.Column(elem_classes="gz-look"):
        stage = piece(picture, name=STAGE)
        says = gr.HTML(
            '<p role="status"></p>', js_on_load=None, apply_default_css=False, elem_classes="gz-says"
        )
    first = first_buttons()
    over = takeover(archive.settings)
    with gr.Column(visible=False) as group:
        steps = _next_steps()
    strip = gr.HTML("", js_on_load=PICK, apply_default_css=False, elem_classes="gz-yours")
    candidates = candidates_part()
    story = piece(graph, name=STORY)
    address = gr.Textbox(visible=False)
    made = Table(stage, says, first, over, strip, story, group, gr.State(None), candidates, address)
    return made, steps


# A picture of the strip is chosen by pressing it.
PICK = """element.addEventListener('click', (event) => {
  const chosen = event.target.closest('[data-key]');
  if (chosen) trigger('click', {key: chosen.dataset.key});
});"""


def _next_steps() -> NextSteps:
    with gr.Row(elem_classes="gz-next"):
        again = gr.Button("Paint over this picture", min_width=150, elem_id="gz-again")
        same = gr.Button("Same settings again", min_width=150, elem_id="gz-same")
    with gr.Accordion("Revised by hand? Record the revision", open=False, elem_id="gz-revision"):
        edited = picture_input(
            label="The revised picture",
            height=200,
            placeholder="Drop the picture as you repainted it",
            elem_id="gz-revised",
            elem_classes="gz-drop",
        )
        people = people_table([Role.RETOUCH], rows=RETOUCHERS, form="gz-revision")
        note = gr.Textbox(label="Note (stays in the record here)", max_length=1000, max_lines=3)
        public = piece()
        sign = gr.Button("Sign the revision", variant="primary", elem_id="gz-revision-sign")
    waits_for(sign, edited)
    return NextSteps(again, same, edited, note, people, public, sign)


def says(words: str) -> str:
    """Words for those who hear the page."""
    return fragment("says", words=words)


def strip(archive: Archive, browser: str, current: str = "") -> str:
    """The pictures of this browser, newest first, each to be pressed; HTML."""
    pictures = []
    for kept in kept_by(archive.settings, browser):
        try:
            record = released_as(archive, kept).record
        except (ProvenanceError, OSError):
            continue
        prompt = record.statement.prompt
        words = prompt.text if prompt is not None and prompt.text else ""
        pictures.append((kept, record, words))
    return fragment("strip", pictures=pictures, current=current)


def cleared(table: Table) -> Update:
    """The table without a picture, while the next one is painted."""
    return {
        table.first.group: gr.update(visible=False),
        table.story: "",
        table.next_steps: gr.update(visible=False),
        table.candidates.group: gr.update(visible=False),
        **table.takeover.closed(),
    }


def shown(
    table: Table, archive: Archive, kept: Kept, visit: Visit, released: Released | None = None
) -> Update:
    """A picture on the table, beside what it was made over; `released` as it was just signed, with its findings."""
    made = released or released_as(archive, kept)
    picture = made.record.picture
    told = inspect_signed(made.path, archive)
    sentence = opening(made, told)
    mine = ids_of(archive, visit.browser)
    return {
        **table.takeover.closed(),
        table.stage: fragment("painted", kept=kept, made=made, sentence=sentence, over=_over(made)),
        table.first.group: gr.update(visible=False),
        table.story: story(made, told),
        table.next_steps: gr.update(visible=True),
        table.painted: Painted(made.path, picture),
        table.strip: strip(archive, visit.browser, kept.key),
        table.address: kept.key,
        **candidates_shown(table.candidates, archive, picture, mine, keeper=visit.keeper),
    }


def _over(made: Released) -> str:
    """What the picture is compared with: "" where it was made over nothing."""
    statement = made.record.statement
    if statement.step is Step.PAINT:
        return "drawing" if statement.parent is not None else ""
    return "before" if statement.step is Step.RETOUCH else ""


def before(archive: Archive, kept: Kept) -> bytes | None:
    """The picture that it was made over, upright, as the model saw it and as any browser can show it; JPEG."""
    record = released_as(archive, kept).record
    parent = parent_of(archive, record)
    if parent is None:
        return None
    cleaned = "cleaned" in record.statement.parameters
    seen = made_ready(colours_in(parent), cleaned, masked=False).seen
    image = to_srgb(seen.image, seen.profile)
    image.thumbnail((LARGE, LARGE))
    return encode(image, "image/jpeg")


def wire_pictures(archive: Archive, keeper: Keeper, table: Table) -> None:
    """What happens where another picture is pressed, or one candidate is chosen."""
    _wire_strip(archive, keeper, table)
    _wire_candidates(archive, keeper, table)


def _wire_strip(archive: Archive, keeper: Keeper, table: Table) -> None:
    def pick(request: gr.Request, event: gr.EventData) -> Update:
        kept = find(archive.settings, getattr(event, "key", None))
        if kept is None:
            return {table.address: gr.skip()}
        visit = Visit(browser_of(request), keeper.knows(request))
        return attempt(lambda: shown(table, archive, kept, visit), "Not shown")

    table.strip.click(pick, outputs=table.outputs, show_progress_on=[table.stage], **ASKED).then(
        None, table.address, js="(key) => window.genzu.at(key)"
    )


def _wire_candidates(archive: Archive, keeper: Keeper, table: Table) -> None:
    parts = table.candidates

    def look(request: gr.Request, event: gr.SelectData, listed: list[str]) -> Update:
        number = event.index
        if not isinstance(number, int) or not 0 <= number < len(listed):
            return {table.address: gr.skip()}
        record = archive.ledger.picture(listed[number])
        kept = attempt(lambda: file_of(archive, record), "Not shown")
        visit = Visit(browser_of(request), keeper.knows(request))
        return attempt(lambda: shown(table, archive, kept, visit), "Not shown")

    def choose(request: gr.Request, values: Values) -> Answer:
        painted, mine = values[table.painted], ids_of(archive, browser_of(request))
        if painted is None:
            return [Trouble("gz-choose", say("Paint a picture first."))]
        known, by, why = keeper.knows(request), values[parts.by], values[parts.why]
        found = missing(Needed("gz-choose-by", lambda: need_chooser(by)))
        if found:
            return found
        attempt(lambda: choose_one(archive, painted.picture, by, why, mine, keeper=known), "Not chosen")
        shown = candidates_shown(parts, archive, painted.picture, mine, keeper=known)
        return {**shown, parts.why: gr.update(value="")}

    parts.gallery.select(look, parts.listed, table.outputs, show_progress_on=[table.stage], **ASKED)
    pressed(
        parts.choose.click,
        choose,
        {table.painted, parts.by, parts.why},
        [*parts.outputs, parts.by, parts.why, parts.choose],
        at="gz-choose",
        show_progress_on=[parts.choose],
        **ASKED,
    )
