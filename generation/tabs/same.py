"""The form filled in with what a picture was painted with, from its record: its layout, words, numbers and mask."""

from collections.abc import Mapping
from typing import Any

from gradio.components import Component

from provenance.errors import ProvenanceError
from provenance.ledger.store.records import PictureRecord
from provenance.media.formats import of_media_type
from provenance.release.archive import Archive
from provenance.statement.credit import Role
from provenance.statement.json_value import Json
from provenance.statement.statement import Input, InputRole
from provenance.statement.vocabulary import Disclosure
from provenance.tabs.fields.inputs import Named
from provenance.tabs.fields.origins import NOT_STATED
from provenance.tabs.fields.uploads import served

DRAWN_BY = "drawn_by"
NUMBERS = {"strength": "strength", "steps": "num_inference_steps", "guidance": "guidance_scale"}


def filled_fields(named: Named, drawn_by: Component) -> list[Component]:
    """What `filled_from` fills in."""
    names = ("layout", "origin", "prompt", "negative", *NUMBERS, "long_side", "seed", "count")
    return [drawn_by, *(named[name] for name in names)]


def filled_from(archive: Archive, record: PictureRecord, *, theirs: bool) -> dict[str, Any]:
    """The fields as they were, by name. Words that were kept out of the file are filled in for who wrote them alone."""
    statement = record.statement
    asked: Mapping[str, Json] = statement.parameters
    layout = statement.parent or next(iter(statement.inputs), None)
    filled: dict[str, Any] = {"origin": NOT_STATED, "count": 1}
    if layout is not None and (path := _file(archive, layout)):
        filled["layout"] = path
    prompt = statement.prompt
    if prompt is not None and (theirs or prompt.disclosure is Disclosure.FULL):
        filled["prompt"] = prompt.text or ""
        filled["negative"] = prompt.negative or ""
    drew = [each.name for each in statement.credits if each.role is Role.LAYOUT and each.name]
    filled[DRAWN_BY] = drew[0] if drew else ""
    for name, said in NUMBERS.items():
        if asked.get(said) is not None:
            filled[name] = asked[said]
    if asked.get("seed") is not None:
        filled["seed"] = str(asked["seed"])
    sides = [each for each in (asked.get("width"), asked.get("height")) if isinstance(each, int)]
    if sides:
        filled["long_side"] = max(sides)
    return filled


def mask_from(archive: Archive, picture: str) -> str | None:
    """The mask that a picture was painted through, as a file; None where there was none."""
    try:
        inputs = archive.ledger.picture(picture).statement.inputs
    except ProvenanceError:
        return None
    found = next((each for each in inputs if each.role is InputRole.MASK), None)
    return _file(archive, found) if found is not None else None


def _file(archive: Archive, given: Input) -> str | None:
    """An input's own bytes from the vault, where the page may serve them from."""
    if given.resource.digest not in archive.vault:
        return None
    kind = of_media_type(given.resource.media_type)
    ending = kind.endings[0] if kind is not None else ""
    return served(f"{given.role.value}{ending}", archive.vault.get(given.resource.digest))
