"""The form on the Paint tab: its fields, what they may hold, and what of it a signed file will tell everybody."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from generation.errors import RequestError
from generation.model import Model
from generation.request import PROMPT_LIMIT, SEEDS
from provenance.credentials.publication import Publication, no_training
from provenance.credits import NOT_NAMED, Credit
from provenance.errors import StatementError
from provenance.job import PLAIN, Job, Terms
from provenance.statement import Project
from provenance.tabs.fragments import fragment
from provenance.vocabulary import Disclosure, SourceType, Stage

from .layout import PUBLIC_ORIGINS, check_origin
from .people import credits_of

DISCLOSURES = [
    ("In full: whoever has the file can read the words", Disclosure.FULL.value),
    ("As a salted digest: the words stay here, and can be proved later", Disclosure.DIGEST.value),
    ("Not at all: the words stay here", Disclosure.ABSENT.value),
]
STAGES = [("Temporary", Stage.TEMP.value), ("Final", Stage.FINAL.value)]
PLACE_LIMIT = 100  # characters of a production, episode or shot


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of the form as the browser sends them, in the order of the page's components."""

    layout: str | None
    origin: str
    prompt: str
    negative: str
    strength: float | None
    steps: int
    guidance: float | None
    long_side: int
    seed: str
    disclosure: str
    no_training: bool
    production: str
    episode: str
    shot: str
    stage: str
    people: tuple[object, ...] = ()

    @classmethod
    def of(cls, values: Sequence[object]) -> "Fields":
        names = [each.name for each in fields(cls)][:-1]
        named: dict[str, Any] = dict(zip(names, values, strict=False))
        return cls(**named, people=tuple(values[len(names) :]))


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that was filled in well: what the studio takes."""

    layout: Path
    origin: SourceType | None
    prompt: str
    negative: str
    strength: float | None
    steps: int
    guidance: float | None
    long_side: int
    seed: int
    disclosure: Disclosure
    no_training: bool
    project: Project
    credits: tuple[Credit, ...]

    def job(self, out: Path) -> Job:
        """What is settled before the picture is painted to `out`."""
        terms = Terms(Publication(wishes=no_training())) if self.no_training else PLAIN
        return Job(self.credits, out, self.project, terms=terms)


def asked(form: Fields) -> Asked:
    """The form as a request; RequestError or StatementError says in a sentence what is missing or wrong."""
    if not form.layout:
        raise RequestError("choose a layout first: drop a picture, or take one of the examples below it")
    prompt, negative = str(form.prompt or "").strip(), str(form.negative or "").strip()
    if not prompt:
        raise RequestError("the prompt is empty; say in a few words what the painting should show")
    for words in (prompt, negative):
        if len(words) > PROMPT_LIMIT:
            raise RequestError(f"a prompt has at most {PROMPT_LIMIT:,} characters, this one {len(words):,}")
    credits, origin = credits_of(form.people), SourceType(form.origin) if form.origin else None
    check_origin(origin, credits)
    return Asked(
        layout=Path(form.layout),
        origin=origin,
        prompt=prompt,
        negative=negative,
        strength=None if form.strength is None else float(form.strength),
        steps=int(form.steps),
        guidance=None if form.guidance is None else float(form.guidance),
        long_side=int(form.long_side),
        seed=seed_of(form.seed),
        disclosure=Disclosure(form.disclosure),
        no_training=bool(form.no_training),
        project=project_of(form),
        credits=credits,
    )


def seed_of(text: object) -> int:
    """The seed as a number. The page carries it as text: a browser rounds integers above 2**53."""
    words = str(text or "").strip()
    # isdecimal alone would take digits of other scripts, and int() underscores.
    if not words.isascii() or not words.isdecimal() or len(words) > 20 or int(words) not in SEEDS:
        raise RequestError(f"the seed is a whole number from 0 to {SEEDS.stop - 1}, not {words[:30]!r}")
    return int(words)


def new_seed() -> str:
    """A seed that is easy to read out and to type again."""
    return str(secrets.randbelow(2**32))


def project_of(form: Fields) -> Project:
    places = [" ".join(str(each or "").split()) for each in (form.production, form.episode, form.shot)]
    for place in places:
        if len(place) > PLACE_LIMIT:
            raise StatementError(f"production, episode and shot have at most {PLACE_LIMIT} characters each")
    production, episode, shot = places
    return Project(production, episode, shot, Stage(form.stage))


def made_public(form: Fields, model: Model, signer: str) -> str:
    """What the signed file will tell whoever has it, before anything is painted; HTML."""
    try:
        people = [(credit.role.value, credit.name or NOT_NAMED) for credit in credits_of(form.people)]
        problem = ""
    except StatementError as error:
        people, problem = [], str(error)
    return fragment(
        "made_public",
        people=people,
        origin=PUBLIC_ORIGINS.get(str(form.origin), ""),
        problem=problem,
        prompt=str(form.prompt or "").strip(),
        negative=str(form.negative or "").strip(),
        disclosure=str(form.disclosure),
        no_training=bool(form.no_training),
        model=model,
        settings=_settings(form),
        signer=signer,
        places=[each for each in (form.production, form.episode, form.shot) if str(each or "").strip()],
    )


def _settings(form: Fields) -> str:
    said = [f"{form.steps} steps", f"seed {str(form.seed)[:20]}"]
    if form.guidance is not None:
        said.insert(0, f"guidance {form.guidance:g}")
    if form.strength is not None:
        said.insert(0, f"strength {form.strength:g}")
    return ", ".join(said)
