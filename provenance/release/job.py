"""What is settled before any picture is made: by whom, where it belongs, on which terms, and where it goes.

Recording, retouching and painting ask the same; the command line and the page parse it once into a Job.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from provenance.credentials.identity.identity import Identity
from provenance.credentials.sign.disclosure import USUAL, Publication, public_lines
from provenance.errors import Remedy, StatementError, Way
from provenance.release.override import Override
from provenance.statement.canonical import new_id
from provenance.statement.credit import Credit, Role, refuse_halves
from provenance.statement.statement import (
    AdapterUse,
    Input,
    ModelUse,
    Project,
    Prompt,
    Scalar,
    Software,
    Statement,
)
from provenance.statement.vocabulary import SourceType, Step

AGAINST = "what speaks against this"


@dataclass(frozen=True, slots=True)
class Announced:
    """What is about to be signed and recorded, with the real wishes and names; `lines` are what will be public.

    `against` is what speaks against the statement: it will stand in the file and in the record.
    """

    statement: Statement
    publication: Publication
    signer: str
    artist: str = ""
    against: tuple[str, ...] = ()

    @property
    def lines(self) -> list[tuple[str, str]]:
        said = public_lines(self.statement, self.publication, signer=self.signer, artist=self.artist)
        return [*said, *((AGAINST, each) for each in self.against)]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a picture may leave: what its file says to everybody, and who takes on a use that somebody objects to.

    `announce` hears what will be public once everything is checked, before anything is written down or made; what it
    raises ends the release, which then has left no trace.
    """

    publication: Publication = USUAL
    override: Override | None = None
    announce: Callable[[Announced], None] = lambda _: None
    artist: Identity | None = (
        None  # vouches for the credits with a certificate of their own, beside our signature
    )


PLAIN = Terms()


@dataclass(frozen=True, slots=True)
class Job:
    """A picture that is wanted at `out`. StatementError where nobody is named and nobody asked not to be."""

    credits: tuple[Credit, ...]
    out: Path
    project: Project = Project()
    note: str = ""
    terms: Terms = PLAIN
    force: bool = False

    def __post_init__(self) -> None:
        if not self.credits:
            raise StatementError("nobody is named", remedies=(Remedy(Way.NAME_A_HAND, Role.LAYOUT.value),))
        refuse_halves(self.note, "note")
        self.project.refuse_marks()

    def statement(
        self,
        step: Step,
        source_type: SourceType,
        given: Input,
        how: "How | None" = None,
        beside: Sequence[Input] = (),
    ) -> Statement:
        """What is said about the picture that this job makes of one input, under a new id.

        `beside` went in without being made over: a mask, references.
        """
        how = how or How()
        return Statement(
            picture=new_id("pic"),
            step=step,
            source_type=source_type,
            software=software(),
            credits=self.credits,
            inputs=(given, *beside),
            prompt=how.prompt,
            model=how.model,
            parameters=how.parameters,
            project=self.project,
            note=self.note,
            adapters=how.adapters,
        )


@dataclass(frozen=True, slots=True)
class How:
    """With what a picture is painted; empty where people make it."""

    prompt: Prompt | None = None
    model: ModelUse | None = None
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    adapters: tuple[AdapterUse, ...] = ()


def software() -> Software:
    """This program, as it stands in manifests and entries."""
    try:
        return Software("Genzu", version("genzu"))
    except PackageNotFoundError:
        return Software("Genzu", "0+unknown")
