"""The tab Record: a picture that people made, by itself; signed, on the record, and back as a file to take away."""

from pathlib import Path
from typing import Any

import gradio as gr

from provenance.credentials.sign.disclosure import USUAL, public_lines
from provenance.errors import StatementError
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.release import record
from provenance.statement.credit import Role
from provenance.statement.statement import InputRole
from provenance.statement.vocabulary import HUMAN_SOURCES, Relation, SourceType, Step
from provenance.tabs.origins import MADE_BY_PEOPLE
from provenance.tabs.people import credits_of, people_table
from provenance.tabs.place import place_fields, place_of
from provenance.tabs.public import against, given, places_kept, told_before
from provenance.tabs.released import done, out_path, story
from provenance.tabs.terms import publication_of, terms_fields
from provenance.tabs.theme import QUIET, empty, part, piece
from provenance.tabs.uploads import TURNS, attempt, deliver, discard, gate, picture_input, waits_for

PEOPLE = 8
NOTE_LIMIT = 1_000  # characters
TITLE = "Not signed"


def record_tab(archive: Archive, page: gr.Blocks) -> None:
    """The tab's components and what they do; to be called inside gr.Blocks."""
    with gr.Row(elem_classes="gz-desk"):
        with gr.Column(scale=5, min_width=320):
            inputs, picture, public, sign = _form()
        with gr.Column(scale=6, min_width=320, elem_classes="gz-result"):
            answer = empty(
                "The signed copy will stand here", "with its entry in the record, and the file to take away."
            )
            download = gr.DownloadButton("Download the signed copy", visible=False, variant="primary")
            way = piece()

    def take(*values: Any) -> list[Any]:
        with TURNS:
            told, path, graph = _record(archive, *values)
        discard([values[0]])  # not where it was refused: the form stays as it is, to be mended
        return [told, gr.update(value=path, visible=True), graph, None]

    def before(*values: Any) -> str:
        return _public(archive, *values)

    gr.on([each.change for each in inputs], before, inputs, public, trigger_mode="always_last", **QUIET)
    page.load(before, inputs, public, **QUIET)
    waits_for(sign, picture)
    sign.click(
        take,
        inputs,
        [answer, download, way, picture],
        concurrency_limit=2,
        show_progress="minimal",
        show_progress_on=[sign],
        api_visibility="private",
    )


def _form() -> tuple[list[Any], gr.Image, gr.HTML, gr.Button]:
    part(
        "A picture made by people",
        "A layout, a background, a photograph. It is signed as it is, pixel for pixel, and no AI touches it.",
    )
    picture = picture_input(
        label="The picture", height=260, elem_id="gz-record", elem_classes="gz-drop",
        placeholder="Drop a picture here\nPNG, JPEG, WebP or TIFF",
    )  # fmt: skip
    origin = gr.Dropdown(
        MADE_BY_PEOPLE, value=None, label="How was it made?", filterable=False, elem_id="gz-record-origin"
    )
    part("The people", "Who drew, painted or photographed it.")
    people = people_table([Role.LAYOUT], rows=PEOPLE)
    with gr.Accordion("Production, episode, shot", open=False):
        place = place_fields()
        note = gr.Textbox(label="Note (stays in the record here)", max_length=NOTE_LIMIT, max_lines=3)
    part("What will be public")
    wish = gr.Checkbox(label="Ask in the file that it be not used to train AI", container=False)
    with gr.Accordion("Other names, credit line", open=False):
        terms = terms_fields()
    public = piece()
    sign = gr.Button("Sign and record", variant="primary", elem_id="gz-record-sign")
    return [picture, origin, note, *place, wish, *terms, *people.inputs], picture, public, sign


def _record(
    archive: Archive,
    path: str | None,
    origin: str | None,
    note: str | None,
    production: str,
    episode: str,
    shot: str,
    stage: str,
    wish: bool,
    names: str,
    line: str,
    *people: object,
) -> tuple[str, str, str]:
    """What became of it as HTML, the signed file where the page may serve it, and its way as a drawing."""
    picture = gate(path, archive.settings)
    out = attempt(lambda: out_path(archive.settings, "recorded", picture.media_type), TITLE)

    def sign() -> Any:
        credits = credits_of(people)
        publication = publication_of(wish, names, line, credits)
        place = place_of(production, episode, shot, stage)
        job = Job(credits, out, place, str(note or "").strip()[:NOTE_LIMIT], Terms(publication))
        return record(archive, Path(str(path)), job, source_type=_origin(origin))

    released = attempt(sign, TITLE, path, out)
    return done(released), deliver(released.path), story(archive, released)


def _public(
    archive: Archive,
    path: str | None,
    origin: str | None,
    note: str | None,
    production: str,
    episode: str,
    shot: str,
    stage: str,
    wish: bool,
    names: str,
    line: str,
    *people: object,
) -> str:
    """What the signed copy will tell everybody, as the form stands; HTML."""
    publication, problem, lines = USUAL, "", []
    doubts: list[str] = []
    try:
        doubts = against(archive, path, _origin(origin), Step.RECORD)
        credits = credits_of(people)
        publication = publication_of(wish, names, line, credits)
        job = Job(credits, Path(), place_of(production, episode, shot, stage))
        picture = given(path, InputRole.ORIGINAL, Relation.INPUT)
        statement = job.statement(Step.RECORD, _origin(origin), picture)
        lines = public_lines(statement, publication, signer=archive.identity.name)
    except StatementError as error:
        problem = str(error)
    kept = [*(["the note"] if str(note or "").strip() else []), *places_kept(production, episode, shot)]
    kept.append("what a camera wrote of place and owner")
    return told_before(lines, publication, problem=problem, kept=kept, against=doubts)


def _origin(value: str | None) -> SourceType:
    found = next((each for each in HUMAN_SOURCES if each.value == value), None)
    if found is None:
        raise StatementError("say how the picture was made: drawn in software, on paper, or photographed")
    return found
