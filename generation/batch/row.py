"""One row of a sheet as it is meant: a cut, its layout, what is asked, by whom, and how many candidates."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from generation.layout.beside import NO_FILES, Files
from generation.request.request import SEEDS, PaintSettings
from generation.works.weight import Weight
from generation.works.works import NO_WORKS, Works
from provenance.media.label import Language
from provenance.release.job import PLAIN, Job, Terms
from provenance.statement.canonical import Digest, canonical
from provenance.statement.credit import Credit
from provenance.statement.json_value import Json
from provenance.statement.statement import Project
from provenance.statement.vocabulary import Disclosure

WORDS = frozenset({"prompt", "negative_prompt"})  # never in a digest: a bare hash of words can be guessed


@dataclass(frozen=True, slots=True)
class Row:
    """A cut to paint. `number` is the line of the sheet, `name` what its files are called.

    `settings.seed` is the first candidate's; each further one counts up. `works` are what it names beside the model,
    `weights` how it weighs all works of the run (works_of_rows.py).
    """

    number: int
    name: str
    layout: Path
    settings: PaintSettings
    credits: tuple[Credit, ...]
    project: Project = Project()
    candidates: int = 1
    mask: Path | None = None
    beside: Files = NO_FILES
    works: Works = NO_WORKS
    weights: tuple[Weight, ...] = ()
    disclosure: Disclosure = Disclosure.FULL
    label: Language | None = None
    terms: Terms = PLAIN
    force: bool = False
    suffix: str = ".png"
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> PaintSettings:
        """The settings with the weights of all works of the run."""
        return replace(self.settings, weights=(*self.settings.weights, *self.weights))

    def seed(self, candidate: int) -> int:
        """The seed of a candidate, counted from 1."""
        return (self.settings.seed + candidate - 1) % len_of(SEEDS)

    def place(self, folder: Path, candidate: int) -> Path:
        """Where a candidate's signed file goes."""
        many = f"-{candidate:0{max(2, len(str(self.candidates)))}d}" if self.candidates > 1 else ""
        return folder / f"{self.name}{many}{self.suffix}"

    def job(self, out: Path) -> Job:
        return Job(self.credits, out, self.project, terms=self.terms, force=self.force)

    def inputs(self) -> dict[str, Json]:
        """The digests of the pictures that go in, read from their files."""
        said: dict[str, Json] = {"layout": str(Digest.of_file(self.layout))}
        if self.mask is not None:
            said["mask"] = str(Digest.of_file(self.mask))
        for name, files in (("references", self.beside.references), ("styles", self.beside.styles)):
            if files:
                said[name] = [str(Digest.of_file(each)) for each in files]
        if self.beside.guides:
            said["guides"] = {key: str(Digest.of_file(each)) for key, each in self.beside.guides}
        return said

    def order(self, candidate: int, inputs: Mapping[str, Json]) -> str:
        """What is asked of a candidate but for its words, people and works, as a digest that its record keeps.

        Together with those, it tells after a crash which candidates are there. A setting that is left open has no
        part in it, so that a new one in a later version changes no digest.
        """
        settings = replace(self.settings, seed=self.seed(candidate))
        said: dict[str, Json] = {
            each.name: _plain(getattr(settings, each.name))
            for each in fields(settings)
            if each.name not in WORDS and getattr(settings, each.name) != each.default
        }
        said |= inputs
        if self.label is not None:
            said["label"] = self.label.value
        return str(Digest.of(canonical(said)))


def len_of(numbers: range) -> int:
    """How many there are; len() stops at 2**63."""
    return numbers.stop - numbers.start


def _plain(value: object) -> Json:
    """A setting as canonical JSON takes it: whole numbers as text, for seeds go beyond 2**53."""
    if isinstance(value, bool) or value is None or isinstance(value, float):
        return value
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(each) for name, each in asdict(value).items()}  # type: ignore[call-overload]
    return str(value)
