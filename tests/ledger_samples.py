"""Statements and ledgers for the ledger's tests, made the same way each time."""

from collections.abc import Sequence
from pathlib import Path

from provenance.ledger import Ledger
from provenance.statement.canonical import Digest, new_id
from provenance.statement.credit import Credit, parse_credit
from provenance.statement.statement import (
    Input,
    InputRole,
    ModelUse,
    Project,
    Prompt,
    Resource,
    Software,
    Statement,
)
from provenance.statement.vocabulary import Relation, SourceType, Stage, Step

SHOT = Project("The Long Way", "1", "c014", Stage.TEMP)
PROMPT = "a railway station in deep snow, painted in gouache"


def resource(name: str) -> Resource:
    """A picture that exists by name only."""
    return Resource(
        Digest.of(name.encode()), "image/png", 70_000, 768, 512, Digest.of(b"pixels of " + name.encode())
    )


def model() -> ModelUse:
    return ModelUse(
        "house", "embedded", "unpinned", "Apache-2.0", "procedural pictures", Digest.of(b"model"),
        {"unet/model.safetensors": Digest.of(b"unet")},
    )  # fmt: skip


def painted(
    picture: str | None = None,
    *,
    by: Sequence[str] = ("layout: Mori Aoi", "prompt: (asked not to be named)"),
    prompt: str = PROMPT,
    layout: str = "layout",
    parent: str | None = None,
    project: Project = SHOT,
    note: str = "",
) -> Statement:
    return Statement(
        picture=picture or new_id("pic"),
        step=Step.PAINT,
        source_type=SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        software=Software("Genzu", "0.1.0"),
        credits=tuple(parse_credit(each) for each in by),
        inputs=(Input(InputRole.LAYOUT, Relation.PARENT, resource(layout), parent),),
        prompt=Prompt(prompt, "people"),
        model=model(),
        parameters={
            "seed": str(2**63 + 1),
            "strength": 0.55,
            "num_inference_steps": 20,
            "guidance_scale": 7.5,
        },
        project=project,
        note=note,
    )


def recorded(picture: str | None = None, by: Sequence[Credit] = ()) -> Statement:
    return Statement(
        picture=picture or new_id("pic"),
        step=Step.RECORD,
        source_type=SourceType.DIGITAL_CREATION,
        software=Software("Genzu", "0.1.0"),
        credits=tuple(by) or (parse_credit("layout: Mori Aoi"),),
    )


def release(ledger: Ledger, picture: str, name: str = "") -> None:
    ledger.release(
        picture,
        output=resource(name or f"signed {picture}"),
        signer=Digest.of(b"certificate"),
        manifest="urn:c2pa:3f0f6f7e-1d6c-4a7e-9d43-8d6a5a0b7c11",
        time_stamped=False,
        facts={"seconds": 2.5, "device": "cpu", "effective_steps": 11},
    )


def open_ledger(home: Path) -> Ledger:
    return Ledger.open(
        home / "ledger.sqlite3", key=home / "keys" / "ledger.key", checkpoints=home / "checkpoints.txt"
    )
