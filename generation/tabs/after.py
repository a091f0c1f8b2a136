"""What stands on the Paint tab once there is a picture: beside its layout, to take away, with its way, and what next.

A revision by hand becomes the picture on the table in its turn: a further pass or a further revision starts from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from generation.errors import RequestError
from generation.studio import Studio
from provenance.canonical import new_id
from provenance.credentials.reader import read_chain
from provenance.credits import NOT_NAMED, Role
from provenance.graph import lineage, to_svg
from provenance.job import Job
from provenance.picture import MEDIA_TYPES, Picture, encode, pixels
from provenance.release import Released, retouch
from provenance.tabs.fragments import fragment, trusted
from provenance.tabs.theme import part, piece
from provenance.tabs.uploads import attempt, deliver, delivery_folder, gate, picture_input

from .people import PeopleTable, credits_of, people_table

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
    slider: gr.ImageSlider
    download: gr.DownloadButton
    story: gr.HTML
    next_steps: gr.Group
    painted: gr.State

    @property
    def outputs(self) -> list[Any]:
        return [self.stage, self.slider, self.download, self.story, self.next_steps, self.painted]


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What can be done with the picture on the table."""

    again: gr.Button
    edited: gr.Image
    note: gr.Textbox
    people: PeopleTable
    sign: gr.Button


def table() -> tuple[Table, NextSteps]:
    """The right half of the tab, empty."""
    stage = piece(fragment("stage", state="empty"))
    slider = gr.ImageSlider(
        visible=False, interactive=False, type="filepath", show_label=False, buttons=["fullscreen"],
        elem_classes="gz-slider",
    )  # fmt: skip
    download = gr.DownloadButton("Download the signed picture", visible=False, variant="primary")
    story = piece()
    with gr.Column(visible=False) as group:
        steps = _next_steps()
    return Table(stage, slider, download, story, group, gr.State(None)), steps


def _next_steps() -> NextSteps:
    part("What next?")
    again = gr.Button("Paint again from this picture")
    with gr.Accordion("Revised by hand? Put the revision on the record", open=False):
        edited = picture_input(
            label="The revised picture",
            height=200,
            placeholder="Drop the picture as you repainted it",
            elem_classes="gz-drop",
        )
        people = people_table([Role.RETOUCH], rows=RETOUCHERS)
        note = gr.Textbox(label="Note (stays in the record here)", max_length=1000, max_lines=3)
        # Until the upload has arrived there is nothing to sign.
        sign = gr.Button("Sign the revision", variant="primary", interactive=False)
    edited.change(
        lambda path: gr.update(interactive=bool(path)),
        edited,
        sign,
        queue=False,
        show_progress="hidden",
        api_visibility="private",
    )
    return NextSteps(again, edited, note, people, sign)


def cleared(table: Table) -> dict[Any, Any]:
    """The table without a picture, while the next one is painted."""
    return {
        table.slider: gr.update(visible=False),
        table.download: gr.update(visible=False),
        table.story: "",
        table.next_steps: gr.update(visible=False),
    }


def shown(table: Table, studio: Studio, released: Released, before: Picture) -> dict[Any, Any]:
    """The released picture on the table, beside what it was made over."""
    return {
        table.stage: fragment("stage", state="done", **_facts(released)),
        table.slider: gr.update(value=(_to_look_at(before), str(deliver(released.path))), visible=True),
        table.download: gr.update(value=deliver(released.path), visible=True),
        table.story: story(studio, released),
        table.next_steps: gr.update(visible=True),
        table.painted: Painted(released.path, released.record.picture),
    }


def sign_revision(
    studio: Studio, painted: Painted | None, edited: str | None, note: str, people: tuple[object, ...]
) -> tuple[Released, Picture]:
    """The uploaded revision, signed and recorded over the picture on the table; with that picture."""
    title = "Not signed"
    if painted is None:
        raise gr.Error("Paint a picture first; a revision is recorded over it.", title=title)
    picture = gate(edited, studio.archive.settings)
    credits = attempt(lambda: credits_of(people), title)
    out = attempt(lambda: out_path(studio, "revision", picture.media_type), title)
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


def out_path(studio: Studio, stem: str, media_type: str = "image/png") -> Path:
    """A new place in the archive's outputs. No word of the visitor's becomes part of a path."""
    suffix = next((ending for ending, kind in MEDIA_TYPES.items() if kind == media_type), None)
    if suffix is None:
        raise RequestError(f"a revision is signed as {', '.join(MEDIA_TYPES)}; save it as one of these")
    return studio.archive.settings.outputs / f"{stem}-{new_id('x')[2:10]}{suffix}"


def story(studio: Studio, released: Released) -> str:
    """The picture's whole way as its own credentials tell it, drawn; HTML."""
    chain = read_chain(released.path.read_bytes(), trust=studio.archive.trust)
    return fragment("story", graph=trusted(to_svg(lineage(chain))))


def _facts(released: Released) -> Mapping[str, Any]:
    record = released.record
    return {
        "record": record,
        "digest": str(released.digest),
        "people": [(credit.role.value, credit.name or NOT_NAMED) for credit in record.statement.credits],
        "model": record.statement.model,
        "facts": record.facts,
        # What the command line is told to add, the page has a table for.
        "findings": [each.partition("; add --by")[0] for each in released.findings],
        "parameters": record.statement.parameters,
    }


def _to_look_at(picture: Picture) -> str:
    """A copy that any browser can show (it knows no TIFF), upright, for the slider."""
    image = pixels(picture)
    image.thumbnail((SHOWN, SHOWN))
    target = delivery_folder() / "before.png"
    target.write_bytes(encode(image, "image/png"))
    return str(target)
