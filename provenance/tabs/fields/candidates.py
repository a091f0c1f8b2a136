"""The candidates of a cut side by side; one of them is chosen, by somebody and for a reason, and all are kept.

A visitor sees the pictures that they made here themselves, and may choose in a cut that is all theirs; the keeper
sees and chooses among all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio as gr

from provenance.errors import NotRecorded, ProvenanceError, StatementError
from provenance.ledger.store.records import PictureRecord
from provenance.media.picture import encode, open_picture, pixels
from provenance.people.register import register_of
from provenance.people.roster import named_or_new
from provenance.people.shots import Shot, choose, shots_of
from provenance.release.archive import Archive
from provenance.settings import Limits
from provenance.statement.blank import is_blank
from provenance.statement.canonical import Digest
from provenance.statement.credit import NAME_LIMIT, NOT_NAMED, clean_name
from provenance.statement.statement import Resource
from provenance.storage.atomic import save
from provenance.storage.vault import Vault
from provenance.tabs.fields.uploads import served
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import piece
from provenance.tabs.visits.pictures import Kept, kept_at, new_path

LOOK = 360  # pixels of a small copy
SHOWN = 60  # candidates
REASON_LIMIT = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Candidates:
    """The components; hidden where a picture belongs to no cut."""

    group: gr.Accordion
    told: gr.HTML
    gallery: gr.Gallery
    listed: gr.State  # the ids in the gallery, in its order
    by: gr.Textbox
    why: gr.Textbox
    choose: gr.Button

    @property
    def outputs(self) -> list[Any]:
        return [self.group, self.told, self.gallery, self.listed]


def candidates_part() -> Candidates:
    """The part, hidden; to be called inside gr.Blocks."""
    with gr.Accordion("Candidates for this shot", open=True, visible=False, elem_id="gz-candidates") as group:
        told = piece()
        gallery = gr.Gallery(
            show_label=False, columns=3, height="auto", object_fit="contain", allow_preview=False,
            interactive=False, buttons=[], elem_id="gz-gallery",
        )  # fmt: skip
        with gr.Row():
            by = gr.Textbox(
                label="Who chooses", max_lines=1, max_length=NAME_LIMIT, min_width=140, elem_id="gz-choose-by"
            )
            why = gr.Textbox(
                label="Why this one (stays in the record here)", max_lines=3, max_length=REASON_LIMIT,
                min_width=200, elem_id="gz-choose-why", placeholder="the snow is right",
            )  # fmt: skip
        button = gr.Button("Choose the picture above for its shot", elem_id="gz-choose")
    return Candidates(group, told, gallery, gr.State([]), by, why, button)


def candidates_shown(
    parts: Candidates, archive: Archive, picture: str, mine: Sequence[str], *, keeper: bool
) -> dict[Any, Any]:
    """The candidates of the picture's cut, as far as this visitor may see them."""
    try:
        shot = shot_of(archive, picture)
    except ProvenanceError:
        shot = None
    if shot is None:
        return {parts.group: gr.update(visible=False), parts.listed: []}
    seen = [each for each in shot.candidates if keeper or each.picture in set(mine)][-SHOWN:]
    number = {each.picture: at + 1 for at, each in enumerate(shot.candidates)}
    gallery = [(_look(archive, each), _caption(each, number[each.picture], shot, picture)) for each in seen]
    choice = shot.choice
    register = register_of(archive.ledger)
    told = fragment(
        "candidates",
        cut=str(shot.cut),
        total=len(shot.candidates),
        hidden=len(shot.candidates) - len(seen),
        chosen=number.get(choice.chosen) if choice else None,
        choice=choice if choice and (keeper or choice.chosen in set(mine)) else None,
        by=(register.person(choice.by).shown() or NOT_NAMED) if choice else "",
    )
    may = _may_choose(shot, mine, keeper=keeper)
    return {
        parts.group: gr.update(visible=True),
        parts.told: told,
        parts.gallery: gr.update(value=gallery, visible=len(seen) > 1),
        parts.listed: [each.picture for each in seen],
        parts.by: gr.update(visible=may),
        parts.why: gr.update(visible=may),
        parts.choose: gr.update(visible=may),
    }


def shot_of(archive: Archive, picture: str) -> Shot | None:
    """The cut that a picture belongs to; None where it belongs to none."""
    place = archive.ledger.picture(picture).statement.project
    if not place.shot:
        return None
    for each in shots_of(archive.ledger, register_of(archive.ledger), place.production):
        if (each.cut.episode, each.cut.shot) == (place.episode, place.shot):
            return each
    return None


def choose_one(
    archive: Archive, picture: str, by: object, why: object, mine: Sequence[str], *, keeper: bool
) -> int:
    """Writes the choice down, and the person where they are new; the number of its entry."""
    shot = shot_of(archive, picture)
    if shot is None:
        raise StatementError("this picture belongs to no shot: name the shot before you paint")
    if not _may_choose(shot, mine, keeper=keeper):
        raise StatementError(
            "pictures of this shot were made by others, too: the keeper of the record chooses"
        )
    need_chooser(by)
    register = register_of(archive.ledger)
    person, new = named_or_new(register, str(by))
    reason = str(why or "").strip()[:REASON_LIMIT]
    return choose(archive.ledger, register, picture, person, reason, new=new).seq


def need_chooser(by: object) -> None:
    """StatementError where nobody is named who chooses."""
    if is_blank(str(by or "")):
        raise StatementError("say who chooses")
    clean_name(str(by))


def file_of(archive: Archive, record: PictureRecord) -> Kept:
    """The signed file of a candidate under its address; one that has none yet is placed among the page's."""
    if record.output is None:
        raise NotRecorded(f"{record.picture} was never released")
    found = next((each for each in archive.settings.outputs.glob("picture-*") if _is(each, record)), None)
    return kept_at(found) if found is not None else _placed(archive, record.output)


@lru_cache(maxsize=SHOWN)
def _placed(archive: Archive, output: Resource) -> Kept:
    """A copy from the vault, under an address that nobody can guess."""
    target = new_path(archive.settings, "candidate", "", output.media_type)
    save(target, archive.vault.get(output.digest))
    return kept_at(target)


def _is(path: Path, record: PictureRecord) -> bool:
    assert record.output is not None
    return path.stat().st_size == record.output.size and Digest.of_file(path) == record.output.digest


def _may_choose(shot: Shot, mine: Sequence[str], *, keeper: bool) -> bool:
    return keeper or {each.picture for each in shot.candidates} <= set(mine)


def _caption(record: PictureRecord, number: int, shot: Shot, on_the_table: str) -> str:
    words = [f"{number}"]
    if shot.choice is not None and shot.choice.chosen == record.picture:
        words.append("chosen")
    if record.picture == on_the_table:
        words.append("above")
    return ", ".join(words)


def _look(archive: Archive, record: PictureRecord) -> str:
    """A small unsigned copy as a file; the signed one is taken from the table."""
    assert record.output is not None
    data = _small(archive.vault, record.output.digest, archive.settings.limits.for_our_own())
    return served("candidate.jpg", data)


@lru_cache(maxsize=4 * SHOWN)
def _small(vault: Vault, digest: Digest, limits: Limits) -> bytes:
    image = pixels(open_picture(vault.get(digest), limits))
    image.thumbnail((LOOK, LOOK))
    return encode(image, "image/jpeg")
