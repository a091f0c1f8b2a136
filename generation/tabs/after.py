"""What stands on the Paint tab once there is a picture: beside its layout, to take away, with its way, and what next.

A revision by hand becomes the picture on the table in its turn: a further pass or a further revision starts from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from generation.colour import to_srgb
from generation.ready import colours_in, made_ready
from generation.studio import Studio
from generation.tabs.objection import Takeover, takeover
from provenance.credentials.sign.disclosure import USUAL, public_lines
from provenance.errors import StatementError
from provenance.media.picture import Picture, encode
from provenance.release.job import Job
from provenance.release.release import Released, retouch
from provenance.settings import Settings
from provenance.statement.credit import Role
from provenance.statement.statement import InputRole
from provenance.statement.vocabulary import Relation, SourceType, Step
from provenance.tabs.candidates import Candidates, candidates_part, candidates_shown
from provenance.tabs.fragments import fragment
from provenance.tabs.people import PeopleTable, PersonRow, credits_of, people_table
from provenance.tabs.public import against, given, places_kept, told_before
from provenance.tabs.released import done, out_path, story
from provenance.tabs.theme import part, piece
from provenance.tabs.uploads import attempt, deliver, delivery_folder, gate, picture_input, waits_for

SHOWN = 1600  # pixels of the layout's copy in the slider; the signed picture is shown as it is
RETOUCHERS = 4


@dataclass(frozen=True, slots=True)
class Painted:
    """The picture on the table: its signed file in the archive."""

    path: Path
    picture: str


@dataclass(frozen=True, slots=True)
class Table:
    """The components that show a picture."""

    stage: gr.HTML
    takeover: Takeover
    slider: gr.ImageSlider
    download: gr.DownloadButton
    story: gr.HTML
    next_steps: gr.Column
    painted: gr.State
    candidates: Candidates
    mine: gr.State  # the ids of the pictures that this visitor made here

    @property
    def outputs(self) -> list[Any]:
        return [
            *(self.stage, self.slider, self.download, self.story, self.next_steps, self.painted, self.mine),
            *(self.takeover.group, *self.takeover.inputs),
            *(*self.candidates.outputs, self.candidates.by, self.candidates.why, self.candidates.choose),
        ]


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What can be done with the picture on the table."""

    again: gr.Button
    edited: gr.Image
    note: gr.Textbox
    people: PeopleTable
    public: gr.HTML
    sign: gr.Button


def table(settings: Settings) -> tuple[Table, NextSteps]:
    """The right half of the tab, empty."""
    stage = piece(fragment("stage", state="empty"))
    over = takeover(settings)
    slider = gr.ImageSlider(
        visible=False, interactive=False, type="filepath", show_label=False, buttons=["fullscreen"],
        elem_classes="gz-slider",
    )  # fmt: skip
    download = gr.DownloadButton("Download the signed picture", visible=False, variant="primary")
    candidates = candidates_part()
    story = piece()
    with gr.Column(visible=False) as group:
        steps = _next_steps()
    made = Table(stage, over, slider, download, story, group, gr.State(None), candidates, gr.State([]))
    return made, steps


def _next_steps() -> NextSteps:
    part("What next?")
    again = gr.Button("Paint again from this picture")
    with gr.Accordion("Revised by hand? Record the revision", open=False):
        edited = picture_input(
            label="The revised picture",
            height=200,
            placeholder="Drop the picture as you repainted it",
            elem_id="gz-revised",
            elem_classes="gz-drop",
        )
        people = people_table([Role.RETOUCH], rows=RETOUCHERS)
        note = gr.Textbox(label="Note (stays in the record here)", max_length=1000, max_lines=3)
        public = piece()
        sign = gr.Button("Sign the revision", variant="primary")
    waits_for(sign, edited)
    return NextSteps(again, edited, note, people, public, sign)


def cleared(table: Table) -> dict[Any, Any]:
    """The table without a picture, while the next one is painted."""
    return {
        table.slider: gr.update(visible=False),
        table.download: gr.update(visible=False),
        table.story: "",
        table.next_steps: gr.update(visible=False),
        table.candidates.group: gr.update(visible=False),
        **table.takeover.closed(),
    }


def shown(
    table: Table, studio: Studio, released: Released, before: Picture, mine: Sequence[str], *, keeper: bool
) -> dict[Any, Any]:
    """The released picture on the table, beside what it was made over and among the candidates of its cut."""
    picture = released.record.picture
    cleaned = "cleaned" in released.record.statement.parameters
    file = deliver(released.path)
    return {
        table.stage: done(studio.archive, released),
        table.slider: gr.update(value=(_to_look_at(before, cleaned=cleaned), file), visible=True),
        table.download: gr.update(value=file, visible=True),
        table.story: story(studio.archive, released),
        table.next_steps: gr.update(visible=True),
        table.painted: Painted(released.path, picture),
        table.mine: list(mine),
        **candidates_shown(table.candidates, studio.archive, picture, mine, keeper=keeper),
    }


def revision_public(
    studio: Studio, painted: Painted | None, edited: str | None, people: Sequence[PersonRow]
) -> str:
    """What the signed revision will tell everybody, as its form stands, and what speaks against it; HTML."""
    if painted is None:
        return ""
    problem, lines = "", []
    doubts = against(studio.archive, edited, SourceType.HUMAN_EDITS, Step.RETOUCH)
    project = studio.archive.ledger.picture(painted.picture).statement.project
    try:
        job = Job(credits_of(people), Path(), project)
        parent = given(str(painted.path), InputRole.PARENT, Relation.PARENT)
        statement = job.statement(Step.RETOUCH, SourceType.HUMAN_EDITS, parent)
        lines = public_lines(statement, USUAL, signer=studio.archive.identity.name)
    except StatementError as error:
        problem = str(error)
    kept = ["the note", *places_kept(project.production, project.episode, project.shot)]
    return told_before(lines, USUAL, problem=problem, kept=kept, against=doubts)


def sign_revision(
    studio: Studio, painted: Painted | None, edited: str | None, note: str, people: Sequence[PersonRow]
) -> tuple[Released, Picture]:
    """The uploaded revision, signed and recorded over the picture on the table; with that picture."""
    title = "Not signed"
    if painted is None:
        raise gr.Error("Paint a picture first; a revision is recorded over it.", title=title)
    picture = gate(edited, studio.archive.settings)
    credits = attempt(lambda: credits_of(people), title)
    out = attempt(lambda: out_path(studio.archive.settings, "revision", picture.media_type), title)
    project = attempt(lambda: studio.archive.ledger.picture(painted.picture).statement.project, title)
    job = Job(credits, out, project, str(note or "").strip()[:1000])
    released = attempt(
        lambda: retouch(studio.archive, painted.path, Path(str(edited)), job),
        title,
        edited,
        out,
        painted.path,
    )
    return released, gate(painted.path, studio.archive.settings)


def _to_look_at(picture: Picture, *, cleaned: bool) -> str:
    """A copy that any browser can show (it knows no TIFF), upright and as the model saw it, for the slider."""
    seen = made_ready(colours_in(picture), cleaned, masked=False).seen
    image = to_srgb(seen.image, seen.profile)
    image.thumbnail((SHOWN, SHOWN))
    target = delivery_folder() / "before.png"
    target.write_bytes(encode(image, "image/png"))
    return str(target)
