"""What we say about a picture: one step from its inputs to its output, with who and with what.

A Statement is complete before anything is made; the output's digests follow in the ledger's `picture.released` entry.
The ledger writes it as a body and reads it back (provenance/ledger/entries/bodies.py), names and prompts as `Private`:
it holds a salted HMAC of them and can forget the text (provenance/statement/commitment.py).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from provenance.errors import StatementError
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit, refuse_halves, refuse_marks
from provenance.statement.local import A_FOLDER, is_local, without_folders
from provenance.statement.vocabulary import AdapterKind, Disclosure, Relation, SourceType, Stage, Step

PROMPT_LIMIT = 10_000  # characters; models read a few hundred

Scalar = str | int | float | bool | None


class InputRole(StrEnum):
    """What an input picture was for."""

    LAYOUT = "layout"
    PARENT = "parent"
    REFERENCE = "reference"
    MASK = "mask"
    CONTROL = "control"  # what a ControlNet was steered by, where that is not the layout itself
    ORIGINAL = "original"  # the very picture that is taken into the record, before we signed it


@dataclass(frozen=True, slots=True)
class Resource:
    """A file by its bytes: `size` in bytes, `width` and `height` in pixels as shown (after EXIF rotation).

    `pixels` is the SHA-256 over the decoded picture (provenance/media/picture.py), which survives a change of metadata.
    """

    digest: Digest
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None
    pixels: Digest | None = None

    @property
    def sides(self) -> str:
        """Its sides as people read them, "768 × 512"; "" of a file that is known by its bytes alone."""
        return "" if self.width is None or self.height is None else f"{self.width} × {self.height}"

    def to_json(self) -> dict[str, Scalar]:
        """Its fields as the ledger's entries and the commands' JSON write them."""
        return {
            "digest": str(self.digest),
            "media_type": self.media_type,
            "size": self.size,
            "width": self.width,
            "height": self.height,
            "pixels": None if self.pixels is None else str(self.pixels),
        }


@dataclass(frozen=True, slots=True)
class Input:
    """A picture that went in. `picture` is its id in our ledger, where it has one."""

    role: InputRole
    relation: Relation
    resource: Resource
    picture: str | None = None

    def to_json(self) -> dict[str, Scalar]:
        """Its fields and those of its file, in one object."""
        return {
            "role": self.role.value,
            "relation": self.relation.value,
            "picture": self.picture,
            **self.resource.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Prompt:
    """The words that went in, and how much of them the signed file says.

    `text` is what a person wrote. `given` is what the model was handed, where that is something else: Japanese put into
    the words that it knows.
    """

    text: str
    negative: str = ""
    disclosure: Disclosure = Disclosure.FULL
    given: str = ""

    def __post_init__(self) -> None:
        for words in (self.text, self.negative, self.given):
            if len(words) > PROMPT_LIMIT:
                raise StatementError(
                    f"a prompt has at most {PROMPT_LIMIT:,} characters, this one {len(words):,}"
                )


@dataclass(frozen=True, slots=True)
class ModelUse:
    """A model as it was used: `files` maps each weight file's relative path to its digest.

    `revision` is a 40-hex commit or "unpinned"; `training` is a statement of what it was trained on, never blank.
    """

    name: str
    source: str
    revision: str
    license: str
    training: str
    digest: Digest
    files: Mapping[str, Digest] = field(default_factory=dict)
    attribution: str = ""

    def __post_init__(self) -> None:
        if not self.training or not self.license:
            raise StatementError(
                "a model's licence and training statement are 'unknown' where unknown, never blank"
            )

    @property
    def public(self) -> "ModelUse":
        """The model as everybody may know it: no folder of somebody's disk in its name or its source."""
        source = A_FOLDER if is_local(self.source) else self.source
        return replace(self, name=without_folders(self.name), source=source)


@dataclass(frozen=True, slots=True)
class AdapterUse:
    """A work beside the model (a LoRA, a ControlNet …), by itself; `scale` is how strongly it was used.

    `about` says of a ControlNet what it was steered by, such as "lineart". It acted from `start` to `end` of the
    steps, each a share from 0 to 1.
    """

    model: ModelUse
    scale: float
    kind: AdapterKind = AdapterKind.LORA
    about: str = ""
    start: float = 0.0
    end: float = 1.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.scale):
            raise StatementError(f"an adapter's scale is a number, not {self.scale!r}")
        if not 0 <= self.start < self.end <= 1:
            raise StatementError(
                f"it acts between two shares of the steps, not {self.start!r} and {self.end!r}"
            )

    @property
    def label(self) -> str:
        """What it is, such as "ControlNet (lineart)"."""
        return f"{self.kind.value} ({self.about})" if self.about else self.kind.value

    @property
    def measure(self) -> str:
        """How strongly and how long, such as "scale 0.8, from 0% to 60% of the steps"."""
        whole = (self.start, self.end) == (0.0, 1.0)
        reach = "" if whole else f", from {self.start * 100:g}% to {self.end * 100:g}% of the steps"
        return f"scale {self.scale:g}{reach}"


@dataclass(frozen=True, slots=True)
class Project:
    """Where a picture belongs: production, episode and shot are names as the studio writes them."""

    production: str = ""
    episode: str = ""
    shot: str = ""
    stage: Stage = Stage.TEMP

    def __post_init__(self) -> None:
        refuse_halves(self.production, "production")
        refuse_halves(self.episode, "episode")
        refuse_halves(self.shot, "shot")

    def refuse_marks(self) -> None:
        """Raises StatementError for marks that nobody sees: a production with one is another production.

        To be asked of what is new; what is on record stays readable.
        """
        refuse_marks(self.production, "production")
        refuse_marks(self.episode, "episode")
        refuse_marks(self.shot, "shot")


@dataclass(frozen=True, slots=True)
class Software:
    """The program that acted."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One step of a picture's way. `parameters` are facts asked for; results go into the released entry."""

    picture: str
    step: Step
    source_type: SourceType
    software: Software
    credits: tuple[Credit, ...]
    inputs: tuple[Input, ...] = ()
    prompt: Prompt | None = None
    model: ModelUse | None = None
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    project: Project = Project()
    note: str = ""
    adapters: tuple[AdapterUse, ...] = ()

    def __post_init__(self) -> None:
        refuse_step(
            self.step,
            [(each.role, each.relation) for each in self.inputs],
            model=self.model is not None,
            prompt=self.prompt is not None,
            adapters=bool(self.adapters),
        )

    @property
    def models(self) -> tuple[ModelUse, ...]:
        """The model and every adapter over it; none where people made the picture."""
        own = () if self.model is None else (self.model,)
        return (*own, *(each.model for each in self.adapters))

    @property
    def parent(self) -> Input | None:
        return next((each for each in self.inputs if each.relation is Relation.PARENT), None)


def refuse_step(
    step: Step, inputs: Sequence[tuple[InputRole, Relation]], *, model: bool, prompt: bool, adapters: bool
) -> None:
    """Raises StatementError where a step of this kind cannot have these inputs, or lacks what it needs."""
    if step is Step.PAINT and not (model and prompt):
        raise StatementError("a painted picture names its model and its prompt")
    if adapters and not model:
        raise StatementError("an adapter lies over a model, and none is named")
    parents = sum(1 for _, relation in inputs if relation is Relation.PARENT)
    if step is Step.RETOUCH and not parents:
        raise StatementError("a retouch names the picture that was retouched")
    if step is Step.RECORD and not all(_beside_a_record(*each) for each in inputs):
        raise StatementError(
            "a recorded picture is made of itself and of what its makers looked at; "
            "what was made over another is a retouch"
        )
    if parents > 1:
        raise StatementError("a picture has one parent at most; further pictures are references")


def _beside_a_record(role: InputRole, relation: Relation) -> bool:
    looked_at = role is InputRole.REFERENCE and relation is Relation.INPUT
    return looked_at or role is InputRole.ORIGINAL
