"""What the manifest of one step states besides who made it, signed it and with what: as lines, and as data.

titled “DSC_0041.jpg”
actions: cropped, color_adjustments
settings: strength 0.6, 8 steps, seed 7
"""

from collections.abc import Iterator, Mapping

from provenance.credentials.read.chain import ChainStep
from provenance.statement.json_value import Json
from provenance.statement.vocabulary import Action
from provenance.statement.words import wished

# What the maker's badge and the edges say already.
_USUAL = frozenset({Action.CREATED.value, Action.OPENED.value, Action.EDITED.value, Action.PLACED.value})
_SETTINGS = {
    "strength": "strength {}",
    "num_inference_steps": "{} steps",
    "guidance_scale": "guidance {}",
    "seed": "seed {}",
    "scheduler": "scheduler {}",
    "tile": "tiles of {} pixels",
    "overlap": "overlapping by {}",
    "extended": "the canvas extended ({} pixels)",
    "filled": "the masked part filled by the model",
    "long_prompt": "a long prompt read in {}",
    "upscaled": "made larger, its broad colours kept",
}


def named(step: ChainStep, label: str) -> Iterator[str]:
    """Its title, and the actions beyond the usual ones; our own titles are neutral and say no more than the label."""
    title = step.title.strip()
    if step.record is None and title.casefold() not in {*label.casefold().split(), "untitled", ""}:
        yield f"titled “{title}”"
    further = [each.removeprefix("c2pa.") for each in dict.fromkeys(step.actions) if each not in _USUAL]
    if further and step.record is None:
        yield f"actions: {', '.join(further[:8])}" + (f" and {len(further) - 8} more" if further[8:] else "")


def further(step: ChainStep) -> Iterator[str]:
    """The words and settings of a run; on which terms its models come; wishes about use by AI."""
    if step.given:
        yield f"the model was given: “{step.given}”"
    if step.negative:
        yield f"not: “{step.negative}”"
    if step.prompt_digest and not step.prompt:
        yield "its words are not in the file, only a digest of them"
    told = [
        words.format(step.run[name]) for name, words in _SETTINGS.items() if step.run.get(name) is not None
    ]
    if told:
        yield f"settings: {', '.join(told)}"
    for model in step.models:
        terms = [f"licence {model['license']}"] if model.get("license") else []
        terms += [f"trained on: {model['training']}"] if model.get("training") else []
        use = _use(model)
        if use or terms:
            yield f"{model.get('name')}: {'; '.join([*use, *terms])}"
    if step.wishes:
        yield f"wishes: {wished(step.wishes)}"


def _use(model: Mapping[str, Json]) -> list[str]:
    """How a work beside the model was used, as its ingredient states it."""
    kind, about, scale = (model.get(name) for name in ("adapter", "about", "scale"))
    if not kind:
        return []
    said = f"{kind} ({about})" if about else str(kind)
    said += f", scale {scale}" if scale is not None else ""
    start, end = model.get("start"), model.get("end")
    if isinstance(start, int | float) and isinstance(end, int | float):
        said += f", from {start:.0%} to {end:.0%} of the steps"
    return [said]
