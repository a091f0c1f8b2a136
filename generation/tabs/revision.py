"""A revision by hand of the picture on the table: what its file will tell everybody, and its signed copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from generation.tabs.painted import Painted
from provenance.credentials.sign.disclosure import USUAL, public_lines
from provenance.errors import StatementError
from provenance.media.picture import Picture
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.made import Released
from provenance.release.release import retouch
from provenance.statement.statement import InputRole
from provenance.statement.vocabulary import Relation, SourceType, Step
from provenance.tabs.fields.against import against
from provenance.tabs.fields.at_field import Needed, Trouble, missing
from provenance.tabs.fields.people import PersonRow, credits_of, names_missing
from provenance.tabs.fields.uploads import attempt, gate, opened
from provenance.tabs.told.public import given, places_kept, told_before
from provenance.tabs.visits.pictures import Kept, kept_at, new_path


def revision_public(
    archive: Archive, painted: Painted | None, edited: str | None, people: Sequence[PersonRow]
) -> str:
    """What the signed revision will tell everybody, as its form stands, and what speaks against it; HTML."""
    if painted is None:
        return ""
    problem, lines = "", []
    doubts = against(archive, edited, SourceType.HUMAN_EDITS, Step.RETOUCH)
    project = archive.ledger.picture(painted.picture).statement.project
    try:
        job = Job(credits_of(people), Path(), project)
        parent = given(str(painted.path), InputRole.PARENT, Relation.PARENT)
        statement = job.statement(Step.RETOUCH, SourceType.HUMAN_EDITS, parent)
        lines = public_lines(statement, USUAL, signer=archive.identity.name)
    except StatementError as error:
        problem = str(error)
    kept = ["the note", *places_kept(project.production, project.episode, project.shot)]
    return told_before(lines, USUAL, problem=problem, kept=kept, against=doubts)


@dataclass(frozen=True, slots=True)
class Revision:
    """The form of a revision by hand."""

    edited: str | None
    note: str
    people: tuple[PersonRow, ...]


def revision_troubles(archive: Archive, form: Revision) -> list[Trouble]:
    """What keeps a revision from being signed, each at its field."""
    found = missing(
        Needed("gz-revised", lambda: opened(str(form.edited), archive.settings)), paths=[form.edited]
    )
    return [*found, *names_missing(form.people, "gz-revision")]


def sign_revision(
    archive: Archive, painted: Painted | None, form: Revision, browser: str
) -> tuple[Kept, Released]:
    """The uploaded revision, signed and recorded over the picture on the table."""
    title = "Not signed"
    if painted is None:
        raise gr.Error("Paint a picture first; a revision is recorded over it.", title=title)
    picture: Picture = gate(form.edited, archive.settings)
    credits = attempt(lambda: credits_of(form.people), title)
    out = attempt(lambda: new_path(archive.settings, "revision", browser, picture.media_type), title)
    project = attempt(lambda: archive.ledger.picture(painted.picture).statement.project, title)
    job = Job(credits, out, project, str(form.note or "").strip()[:1000])
    released = attempt(
        lambda: retouch(archive, painted.path, Path(str(form.edited)), job),
        title,
        form.edited,
        out,
        painted.path,
    )
    return kept_at(released.path), released
