"""A revision by hand of the picture on the table: what its file will tell everybody, and its signed copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from provenance.credentials.sign.disclosure import USUAL, public_lines
from provenance.errors import StatementError
from provenance.media.picture import Picture
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.made import Released
from provenance.release.release import retouch
from provenance.statement.statement import InputRole
from provenance.statement.vocabulary import Relation, SourceType, Step
from provenance.tabs.against import against
from provenance.tabs.inputs import Values
from provenance.tabs.people import PersonRow, credits_of
from provenance.tabs.pictures import Kept, browser_of, kept_at, new_path
from provenance.tabs.public import given, places_kept, told_before
from provenance.tabs.theme import QUIET
from provenance.tabs.uploads import attempt, discard, gate
from provenance.tabs.visitor import Keeper

from . import after

Update = dict[Any, Any]


def wire_revision(archive: Archive, keeper: Keeper, table: after.Table, steps: after.NextSteps) -> None:
    """What is told while its form is filled in, and what its button does."""

    def sign(request: gr.Request, values: Values) -> Update:
        form = Revision(values[steps.edited], values[steps.note], steps.people.read(values))
        visit = after.Visit(browser_of(request), keeper.knows(request))
        kept, released = sign_revision(archive, values[table.painted], form, visit.browser)
        discard([form.edited])
        shown = after.shown(table, archive, kept, visit, released)
        spoken = after.says("The revision is signed and on the record.")
        return {**shown, table.says: spoken, steps.edited: None, steps.note: ""}

    def public(values: Values) -> str:
        people = steps.people.read(values)
        return revision_public(archive, values[table.painted], values[steps.edited], people)

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


def revision_public(
    archive: Archive, painted: after.Painted | None, edited: str | None, people: Sequence[PersonRow]
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


def sign_revision(
    archive: Archive, painted: after.Painted | None, form: Revision, browser: str
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
