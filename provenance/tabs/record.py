"""The tab Record: a picture that people made, by itself; signed, on the record, and back as a file to take away."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from provenance.credentials.sign.disclosure import USUAL, Publication, public_lines
from provenance.errors import StatementError
from provenance.inspection.inspection import inspect_signed
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.made import Released
from provenance.release.release import record
from provenance.statement.credit import Credit, Role, refuse_halves
from provenance.statement.statement import InputRole, Project
from provenance.statement.vocabulary import HUMAN_SOURCES, Relation, SourceType, Step
from provenance.tabs.fields.against import against
from provenance.tabs.fields.answers import Said, of_its_upload, said_of
from provenance.tabs.fields.at_field import Answer, Needed, Trouble, missing, pressed
from provenance.tabs.fields.inputs import Named, Values, read
from provenance.tabs.fields.origins import MADE_BY_PEOPLE
from provenance.tabs.fields.people import PeopleTable, PersonRow, credits_of, names_missing, people_table
from provenance.tabs.fields.place import place_fields, place_of
from provenance.tabs.fields.terms import line_of, publication_of, terms_fields
from provenance.tabs.fields.uploads import (
    TURNS,
    attempt,
    deliver,
    discard,
    gate,
    named_after,
    opened,
    picture_input,
    refusal,
    waits_for,
)
from provenance.tabs.look.theme import empty, part, piece
from provenance.tabs.told.public import given, places_kept, told_before
from provenance.tabs.told.released import done, story
from provenance.tabs.visits.pictures import browser_of, new_path
from provenance.tabs.visits.visitor import need_artist

PEOPLE = 8
NOTE_LIMIT = 1_000  # characters
TITLE = "Not signed"
FORM = "gz-record"


@dataclass(frozen=True, slots=True)
class RecordFields:
    """The form as the browser sends it."""

    picture: str | None
    origin: str | None
    note: str | None
    production: str
    episode: str
    shot: str
    stage: str
    no_training: bool
    other_names: str
    credit_line: str
    people: tuple[PersonRow, ...] = ()

    def publication(self, credits: Sequence[Credit]) -> Publication:
        return publication_of(self.no_training, self.other_names, self.credit_line, credits)

    def place(self) -> Project:
        return place_of(self.production, self.episode, self.shot, self.stage)

    def kept(self) -> list[str]:
        """What stays in the record here."""
        note = ["the note"] if str(self.note or "").strip() else []
        places = places_kept(self.production, self.episode, self.shot)
        return [*note, *places, "place and owner, as a camera wrote them"]


@dataclass(frozen=True, slots=True)
class Form:
    """The components of the form."""

    named: Named
    people: PeopleTable
    picture: gr.Image
    public: gr.HTML
    sign: gr.Button

    @property
    def inputs(self) -> set[Component]:
        return {*self.named.values(), *self.people.inputs}

    def read(self, values: Values) -> RecordFields:
        return RecordFields(**read(self.named, values), people=self.people.read(values))


def record_tab(archive: Archive, page: gr.Blocks) -> None:
    """The tab's components and what they do; to be called inside gr.Blocks."""
    with gr.Row(elem_classes="gz-desk"):
        with gr.Column(scale=5, min_width=320):
            form = _form()
        with gr.Column(scale=6, min_width=320, elem_classes="gz-result"):
            answer = empty(
                "The signed copy will appear here", "with its entry in the record, and the file to take away."
            )
            download = gr.DownloadButton(
                "Download the signed copy", visible=False, variant="primary", elem_id="gz-record-download"
            )
            way = piece()

    def take(request: gr.Request, values: Values) -> Answer:
        fields = form.read(values)
        attempt(lambda: need_artist(request, archive.settings), TITLE)
        if troubles := _troubles(archive, fields):
            return troubles
        with TURNS:
            told, file, graph = _record(archive, fields, browser_of(request))
        discard([fields.picture])  # not where it was refused: the form stays as it is, to be mended
        return {answer: told, download: file, way: graph, form.picture: None}

    def before(values: Values) -> str:
        return _public(archive, form.read(values))

    waits_for(form.sign, form.picture)
    of_its_upload([form.picture], [answer, download, way])
    events = [page.load, *(each.change for each in form.inputs)]
    said_of(Said(form.public, before, form.inputs, [form.picture], events, trigger_mode="always_last"))
    pressed(
        form.sign.click,
        take,
        form.inputs,
        [answer, download, way, form.picture],
        at="gz-record-sign",
        concurrency_limit=2,
        show_progress="minimal",
        show_progress_on=[form.sign],
        api_visibility="private",
    )


def _form() -> Form:
    part(
        "A picture made by people",
        "A layout, a background, a photograph. It is signed as it is, pixel for pixel, and no AI touches it.",
    )
    picture = picture_input(
        label="The picture", height=260, elem_id="gz-record", elem_classes="gz-drop",
        placeholder="Drop a picture here: PNG, JPEG, HEIC, WebP or TIFF",
    )  # fmt: skip
    origin = gr.Dropdown(
        MADE_BY_PEOPLE, value=None, label="How was it made?", filterable=False, elem_id="gz-record-origin"
    )
    part("The people", "Who drew, painted or photographed it.")
    people = people_table([Role.LAYOUT], rows=PEOPLE, form=FORM)
    with gr.Accordion("Production, episode, shot", open=False, elem_id="gz-record-place"):
        place = place_fields(FORM)
        note = gr.Textbox(
            label="Note (stays in the record here)",
            max_length=NOTE_LIMIT,
            max_lines=3,
            elem_id=f"{FORM}-note",
        )
    part("What will be public")
    wish = gr.Checkbox(label="Ask in the file not to use it for training AI", container=False)
    with gr.Accordion("Other names, credit line", open=False, elem_id="gz-record-terms"):
        terms = terms_fields(FORM)
    public = piece()
    sign = gr.Button("Sign and record", variant="primary", elem_id="gz-record-sign")
    own = {"picture": picture, "origin": origin, "note": note, "no_training": wish}
    return Form({**own, **place, **terms}, people, picture, public, sign)


def _troubles(archive: Archive, form: RecordFields) -> list[Trouble]:
    """What keeps the picture from being signed, each at its field."""
    found = missing(
        Needed(FORM, lambda: opened(str(form.picture), archive.settings)),
        Needed(f"{FORM}-origin", lambda: _origin(form.origin)),
        paths=[form.picture],
    )
    names = names_missing(form.people, FORM)
    found += names
    known = () if names else credits_of(form.people)
    return found + missing(
        Needed(f"{FORM}-production", form.place, (f"{FORM}-place",)),
        Needed(f"{FORM}-note", lambda: refuse_halves(str(form.note or ""), "note"), (f"{FORM}-place",)),
        Needed(
            f"{FORM}-other-names",
            lambda: publication_of(None, form.other_names, "", known),
            (f"{FORM}-terms",),
        ),
        Needed(f"{FORM}-credit-line", lambda: line_of(form.credit_line), (f"{FORM}-terms",)),
    )


def _record(archive: Archive, form: RecordFields, browser: str) -> tuple[str, Any, str]:
    """What became of it as HTML, the signed file where the page may serve it, and its way as a drawing.

    Where it cannot be served, it is signed all the same: that is told, with why there is no file.
    """
    picture = gate(form.picture, archive.settings)
    out = attempt(lambda: new_path(archive.settings, "recorded", browser, picture.media_type), TITLE)

    def sign() -> Released:
        credits = credits_of(form.people)
        note = str(form.note or "").strip()[:NOTE_LIMIT]
        job = Job(credits, out, form.place(), note, Terms(form.publication(credits)))
        given = named_after(Path(str(form.picture)), picture)
        return record(archive, given, job, source_type=_origin(form.origin))

    released = attempt(sign, TITLE, form.picture, out)
    seen = inspect_signed(released.path, archive)
    told, path = done(released, seen), None
    try:
        path = deliver(released.path, released.record.picture)
    except gr.Error as error:
        told = refusal(error) + told
    return told, gr.update(value=path, visible=path is not None), story(released, seen)


def _public(archive: Archive, form: RecordFields) -> str:
    """What the signed copy will tell everybody, as the form stands; HTML."""
    publication, problem = USUAL, ""
    lines: list[tuple[str, str]] = []
    doubts: list[str] = []
    if not form.picture:
        return told_before(lines, publication, kept=form.kept())  # nobody has begun: nothing is wrong yet
    try:
        doubts = against(archive, form.picture, _origin(form.origin), Step.RECORD)
        credits = credits_of(form.people)
        publication = form.publication(credits)
        job = Job(credits, Path(), form.place())
        picture = given(form.picture, InputRole.ORIGINAL, Relation.INPUT)
        statement = job.statement(Step.RECORD, _origin(form.origin), picture)
        lines = public_lines(statement, publication, signer=archive.identity.name)
    except StatementError as error:
        problem = str(error)
    return told_before(lines, publication, problem=problem, kept=form.kept(), against=doubts)


def _origin(value: str | None) -> SourceType:
    found = next((each for each in HUMAN_SOURCES if each.value == value), None)
    if found is None:
        raise StatementError("say how the picture was made: drawn in software, on paper, or photographed")
    return found
