"""Paints a picture again from its record, and says how near it comes.

    identical          pixel for pixel what was released
    within tolerance   no value is more than 16 of 255 away, and the mean is at most 1.5
    different          further away

The same seed gives other last bits on another device, in another version, with another number of threads. What differs
between the two runs is told beside the distance. A replay shows that the recorded model, words and numbers lead from
the recorded layout to this picture. It shows nothing of who wrote the words or drew the layout.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from PIL import Image, ImageChops, ImageStat

from generation.engine.tuning import recorded
from generation.errors import Cancelled, ReplayError
from generation.layout.beside import Beside
from generation.layout.canvas import NO_SIDES, parse_sides
from generation.request.asking import request_for
from generation.request.request import CUT, PaintSettings
from generation.studio.ready import colours_in, made_ready, mask_of, rgb_of
from generation.studio.studio import Studio, encoded, labelled_in, marked_in
from generation.works.adapter import WorkKind
from generation.works.kit import weighable
from generation.works.weight import Weight
from provenance.errors import Stopped
from provenance.ledger.store.records import PictureRecord, State
from provenance.lookup.trustmark import FACT, with_code
from provenance.media.label import Language
from provenance.media.picture import Picture, open_picture, pixel_digest, pixels
from provenance.statement.commitment import STAND_INS
from provenance.statement.json_value import Json
from provenance.statement.mark_form import form_of
from provenance.statement.statement import Input, InputRole
from provenance.statement.vocabulary import AdapterKind, Step

LARGEST, MEAN = 16, 1.5  # of 255; half precision moves values by up to 10, 1.22 on average (test_tuning)
# The facts of a run that move its pixels, as an answer calls them.
MOVING = {
    "device": "device",
    "dtype": "precision",
    "backend": "computed by",
    "threads": "threads",
    "torch": "torch",
    "diffusers": "diffusers",
    "transformers": "transformers",
    "pipeline": "pipeline",
    "scheduler": "scheduler",
    "batch_size": "pictures at once",
}


class ReplayOutcome(StrEnum):
    """How near a replay came."""

    IDENTICAL = "identical"
    WITHIN = "within tolerance"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two pictures are apart: the largest and the mean difference of a value, of 255."""

    largest: int
    mean: float


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found. `distance` is None where the two could not be compared value by value.

    `changed` names what differs between the recorded run and this one, such as "torch 2.13.0 and 2.11.0".
    """

    picture: str
    outcome: ReplayOutcome
    distance: Distance | None = None
    changed: tuple[str, ...] = ()
    because: str = ""

    def __str__(self) -> str:
        words = self.outcome.value
        if self.outcome is not ReplayOutcome.IDENTICAL and self.distance is not None:
            far = self.distance
            words += f": values differ by {far.largest} of 255 at most, by {far.mean:.2f} on average"
        if self.because:
            words += f": {self.because}"
        if self.changed:
            words += f". Recorded and now: {'; '.join(self.changed)}"
        return words

    def to_json(self) -> dict[str, Json]:
        """The answer as data."""
        far = self.distance
        return {
            "picture": self.picture,
            "outcome": self.outcome.value,
            "largest": None if far is None else far.largest,
            "mean": None if far is None else round(far.mean, 4),
            "changed": list(self.changed),
            "because": self.because,
            "words": str(self),
        }


def replay(studio: Studio, record: PictureRecord, cancelled: Callable[[], bool] | None = None) -> Replay:
    """Paints the picture of a record again and compares. ReplayError where the record or the archive does not allow it,
    Stopped where `cancelled` says so.

    Nothing is written: no entry, no file.
    """
    _check_made_so(studio, record)
    _load_as_recorded(studio, record)
    layout = _input(studio, record, InputRole.LAYOUT)
    mask = _input(studio, record, InputRole.MASK)
    assert layout is not None  # a painting has one; _check_made_so saw to it
    settings = settings_of(record)
    settings = replace(settings, weights=_weights(studio, record))
    held = mask is not None or bool(settings.extend) or "guided" in record.statement.parameters
    ready = made_ready(colours_in(layout), settings.clean, masked=held)
    shown = mask_of(mask) if mask is not None else None
    able = studio.engine.capabilities
    request = request_for(able, ready.seen, settings, shown, _beside(studio, record))
    try:
        render = studio.engine.render(request, cancelled=cancelled)
    except Cancelled as stop:
        raise Stopped(str(stop)) from stop
    # Candidates may have gone through the network together; a replay paints by itself.
    image, facts = render.image, {"batch_size": 1, **render.facts}
    if isinstance(said := record.facts.get("label"), str):
        image, _ = labelled_in(image, record.statement.source_type.maker, Language(said))
    if isinstance(code := record.facts.get(FACT), str):
        image = with_code(image, code)
    if form := form_of(record.facts):  # as it was then: a later form has other cells
        image, _ = marked_in(image, studio.archive.marks, record.picture, request.mask, form=form)
    assert record.output is not None
    made = encoded(image, facts, record.output.media_type, layout, ready)
    again = pixels(_opened(studio, made.data))
    return _compared(studio, record, again, facts)


def _load_as_recorded(studio: Studio, record: PictureRecord) -> None:
    """A picture painted on a processor is painted again in the same precision by the same library, where it is here."""
    wanted = recorded(record.facts)
    if wanted is None or studio.renderer is not None:
        return
    now = studio.engine
    if (now.device, now.dtype, now.tuning.backend.value) != (wanted.device, wanted.dtype, wanted.backend):
        studio.load_as(wanted)


def settings_of(record: PictureRecord) -> PaintSettings:
    """The settings of a painting, as its record holds them."""
    said = record.statement
    assert said.prompt is not None
    words = said.prompt.given or said.prompt.text
    if {words, said.prompt.negative} & STAND_INS:
        raise ReplayError(f"{record.picture} cannot be painted again: its words are {words.strip('()')}")
    asked = said.parameters
    return PaintSettings(
        words,
        said.prompt.negative,
        strength=_number(asked.get("strength")),
        guidance_scale=_number(asked.get("guidance_scale")),
        num_inference_steps=_whole(asked.get("num_inference_steps")),
        seed=int(str(asked.get("seed", 0))),
        width=_whole(asked.get("width")),
        height=_whole(asked.get("height")),
        clean="cleaned" in asked,
        scheduler=_text(asked.get("scheduler")),
        extend=parse_sides(str(asked["extended"])) if asked.get("extended") else NO_SIDES,
        fill=bool(asked.get("filled")),
        tile=_whole(asked.get("tile")),
        overlap=_whole(asked.get("overlap")),
        long_prompt=_text(asked.get("long_prompt")) or CUT,
        upscale=bool(asked.get("upscaled")) or None,
    )


def distance(one: Image.Image, other: Image.Image) -> Distance:
    """How far two RGB pictures of one size are apart.

    >>> distance(Image.new("RGB", (2, 1)), Image.new("RGB", (2, 1), (3, 0, 0)))
    Distance(largest=3, mean=1.0)
    """
    apart = ImageStat.Stat(ImageChops.difference(one, other))
    largest = max(high for _, high in apart.extrema)
    return Distance(int(largest), sum(apart.mean) / len(apart.mean))


def _check_made_so(studio: Studio, record: PictureRecord) -> None:
    """ReplayError where the record is no released painting, or another model or LoRA is loaded than it names."""
    said = record.statement
    if said.step is not Step.PAINT or said.model is None or said.parent is None:
        raise ReplayError(
            f"{record.picture} was not painted by a model; only a painting can be painted again"
        )
    if record.state is not State.RELEASED or record.output is None:
        raise ReplayError(
            f"{record.picture} was never released ({record.state.value}); there is nothing to compare"
        )
    if said.model.digest.hex != studio.model.digest:
        raise ReplayError(
            f"{record.picture} was painted with {said.model.name} ({said.model.digest.hex[:12]}), and this is "
            f"{studio.model.name} ({studio.model.digest[:12]}); name the model that painted it"
        )
    loaded = {(each.digest, each.key if each.kind is WorkKind.CONTROL else "") for each in studio.adapters}
    missing = [each for each in said.adapters if (each.model.digest.hex, each.about) not in loaded]
    if missing:
        names = ", ".join(f"the {each.label} {each.model.name}" for each in missing)
        raise ReplayError(f"{record.picture} was painted with {names}; name the same beside the model")


def _weights(studio: Studio, record: PictureRecord) -> tuple[Weight, ...]:
    """Each work as the record weighs it; what is loaded and was not used then is left out."""
    used = {(each.model.digest.hex, each.about): each for each in record.statement.adapters}
    found = []
    for each in weighable(studio.adapters):
        then = used.get((each.digest, each.key if each.kind is WorkKind.CONTROL else ""))
        found.append(
            Weight(each.key, 0.0) if then is None else Weight(each.key, then.scale, then.start, then.end)
        )
    return tuple(found)


def _beside(studio: Studio, record: PictureRecord) -> Beside:
    """The pictures that went in beside the layout, from the vault."""
    said = record.statement
    shown = {
        role: [rgb_of(_held(studio, record, each)) for each in said.inputs if each.role is role]
        for role in (InputRole.REFERENCE, InputRole.CONTROL)
    }
    keys = str(said.parameters.get("guided") or "").split(",")
    guides = tuple(zip(keys, shown[InputRole.CONTROL], strict=False))
    references = tuple(shown[InputRole.REFERENCE])
    # An IP-Adapter looks at style pictures, and no model takes both.
    if any(each.kind is AdapterKind.STYLE for each in said.adapters):
        return Beside(styles=references, guides=guides)
    return Beside(references, guides=guides)


def _held(studio: Studio, record: PictureRecord, given: Input) -> Picture:
    if given.resource.digest not in studio.archive.vault:
        raise ReplayError(
            f"{record.picture} cannot be painted again: its {given.role.value} ({given.resource.digest}) "
            "is not in the vault"
        )
    return _opened(studio, studio.archive.vault.get(given.resource.digest))


def _input(studio: Studio, record: PictureRecord, role: InputRole) -> Picture | None:
    given = next((each for each in record.statement.inputs if each.role is role), None)
    if given is None and role is InputRole.LAYOUT:
        given = record.statement.parent
    return None if given is None else _held(studio, record, given)


def _opened(studio: Studio, data: bytes) -> Picture:
    return open_picture(data, studio.archive.settings.limits)


def _compared(studio: Studio, record: PictureRecord, again: Image.Image, facts: Mapping[str, Json]) -> Replay:
    output = record.output
    assert output is not None
    changed = tuple(_changed(record.facts, facts))
    if output.pixels is not None and pixel_digest(again) == output.pixels:
        return Replay(record.picture, ReplayOutcome.IDENTICAL, Distance(0, 0.0), changed)
    if output.digest not in studio.archive.vault:
        why = "the released file is not in the vault, so only its digest could be compared, and that differs"
        return Replay(record.picture, ReplayOutcome.DIFFERENT, None, changed, why)
    then = pixels(_opened(studio, studio.archive.vault.get(output.digest)))
    if then.size != again.size:
        why = f"it is {again.width} x {again.height} now, and was {then.width} x {then.height}"
        return Replay(record.picture, ReplayOutcome.DIFFERENT, None, changed, why)
    far = distance(then, again)
    near = far.largest <= LARGEST and far.mean <= MEAN
    return Replay(record.picture, ReplayOutcome.WITHIN if near else ReplayOutcome.DIFFERENT, far, changed)


def _changed(then: Mapping[str, Json], now: Mapping[str, Json]) -> Iterator[str]:
    for name, words in MOVING.items():
        if name in then and then[name] != now.get(name):
            yield f"{words} {then[name]} and {now.get(name)}"


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int) else None
