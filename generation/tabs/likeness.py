"""The fold "Paint like a picture": a picture is dropped, and the form is filled with how it was painted.

Nothing is hidden in it: the page says from where the settings are, what was taken, and what the picture names besides
that is not beside this model. Words that were kept out of a file are filled in for the one who wrote them alone.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from generation.errors import GenerationError
from generation.request.request import Capabilities
from generation.studio.alike import Like, taken_as_words
from generation.studio.any_studio import AnyStudio
from generation.works.adapter import Adapter
from generation.works.kit import weighable
from provenance.errors import ProvenanceError
from provenance.statement.canonical import Digest
from provenance.statement.vocabulary import Disclosure
from provenance.tabs.fields.answers import at_first
from provenance.tabs.fields.inputs import Named
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import ASKED
from provenance.tabs.text.sentences import sentence
from provenance.tabs.visits.pictures import browser_of, ids_of

from .choices import MOST_STEPS
from .steering import OWN

# The fields of the form, by the names of PaintSettings.
FIELDS = {
    "prompt": "prompt", "negative_prompt": "negative", "strength": "strength", "guidance_scale": "guidance",
    "num_inference_steps": "steps", "seed": "seed", "long_side": "long_side", "scheduler": "scheduler",
}  # fmt: skip
WORDS = ("prompt", "negative_prompt")


def wire_likeness(
    studio: AnyStudio, picture: gr.Image, facts: gr.HTML, named: Named, steering: Named
) -> None:
    """A picture that is dropped fills the fields; what it says nothing of stays."""
    fields = {
        **{name: named[name] for name in FIELDS.values() if name in named},
        "scheduler": steering["scheduler"],
    }
    outputs = [*fields.values(), steering["weights"], facts]

    def filled(request: gr.Request, path: str | None) -> dict[Any, Any]:
        if not path:
            return {facts: ""}
        try:
            found = found_for(studio, Path(path), browser_of(request))
        except (ProvenanceError, GenerationError) as error:
            return {facts: fragment("sentence", kind="bad", title="", words=sentence(error, path))}
        values = {fields[name]: value for name, value in fitting(found, studio.capabilities).items()}
        rows = weights_of(found, studio.adapters)
        return {
            **values,
            **({steering["weights"]: rows} if rows else {}),
            facts: fragment("sentence", kind="good", title="", words=words_about(found, studio)),
        }

    # In the queue: what is not in it cannot be let go of.
    asked = picture.upload(filled, picture, outputs, trigger_mode="multiple", **ASKED)
    at_first([picture.clear], [facts], [asked])


def found_for(studio: AnyStudio, path: Path, browser: str) -> Like:
    """What a picture says of how it was painted, as far as this browser may read; LikeError where it says nothing."""
    archive = studio.archive
    found = studio.alike(path)
    record = next(iter(archive.ledger.pictures_with_file(Digest.of_file(path))), None)
    if record is None or record.statement.prompt is None:
        return found
    open_to_all = record.statement.prompt.disclosure is Disclosure.FULL
    theirs = record.picture in ids_of(archive, browser)
    return found if open_to_all or theirs else found.without(WORDS)


def fitting(found: Like, able: Capabilities) -> dict[str, Any]:
    """The settings by the form's names, as far as its controls and this model have them."""
    told: dict[str, Any] = {FIELDS[name]: value for name, value in found.settings.items() if name in FIELDS}
    if "seed" in told:
        told["seed"] = str(told["seed"])
    if "steps" in told:
        told["steps"] = min(int(told["steps"]), MOST_STEPS)
    if "long_side" in told:
        low, high = able.long_sides
        told["long_side"] = min(max(int(told["long_side"]), low), high)
    others = able.schedulers[1:]
    if "scheduler" in told:
        told["scheduler"] = told["scheduler"] if told["scheduler"] in others else OWN
    for name, has in (("strength", able.strength), ("guidance", able.guidance_scale)):
        if has is None:
            told.pop(name, None)
    return told


def weights_of(found: Like, kit: Sequence[Adapter]) -> list[list[Any]]:
    """The table of what is beside this model, weighed as the picture weighed it: what it did not use is 0."""
    weighed = weighable(tuple(kit))
    theirs: Mapping[str, Any] = {each.digest: each for each in found.works}
    if not weighed or not found.recorded:
        return []
    rows = []
    for each in weighed:
        used = theirs.get(each.digest)
        rows.append([each.key, used.scale, used.start, used.end] if used else [each.key, 0.0, 0.0, 1.0])
    return rows


def words_about(found: Like, studio: AnyStudio) -> str:
    """What was filled in and from where, and what the picture names that is not here."""
    here = {each.digest for each in studio.adapters}
    missing = [each.words for each in found.works if each.digest not in here]
    other = found.model if found.model and found.model != studio.model.name else ""
    lines = [f"Filled in from {found.where}: {taken_as_words(found)}."]
    if other:
        lines.append(f"It was painted with {other}; here paints {studio.model.name}.")
    if missing:
        lines.append(f"It used what is not beside this model: {'; '.join(missing)}.")
    if found.pictures:
        lines.append(f"Other pictures went in, which you have to give again: {'; '.join(found.pictures)}.")
    return " ".join(lines)
