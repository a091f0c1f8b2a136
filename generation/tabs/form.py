"""The form on the Paint tab: its fields, what they may hold, and what of it a signed file will tell everybody."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from generation.errors import GenerationError, RequestError
from generation.layout.beside import NO_FILES, Beside, Files
from generation.layout.canvas import NO_SIDES
from generation.layout.output_size import output_size
from generation.model.model import Model
from generation.request.request import PROMPT_LIMIT, SEEDS, Capabilities, PaintSettings, Request, check_prompt
from generation.studio.how import how
from generation.words.lexicon import understood
from generation.works.adapter import Adapter
from provenance.credentials.sign.disclosure import USUAL, Publication, public_lines
from provenance.errors import StatementError
from provenance.media.label import Language
from provenance.people.accounts import Account
from provenance.release.job import Job, Terms
from provenance.release.override import Override
from provenance.statement.credit import NOT_NAMED, Credit, Role
from provenance.statement.statement import InputRole, Project, Statement
from provenance.statement.vocabulary import PAINTED_OVER, Disclosure, Relation, SourceType, Step
from provenance.tabs.fields.origins import PUBLIC_ORIGINS
from provenance.tabs.fields.people import PersonRow, credits_of
from provenance.tabs.fields.place import place_of
from provenance.tabs.fields.terms import publication_of
from provenance.tabs.told.public import given, places_kept, told_before

from .choices import CLEAN, LABEL_WORDS, MOST
from .layout import Cleaning, check_origin, drawn_by
from .steering import NOTHING, Steering


@dataclass(frozen=True, slots=True)
class Fields:
    """The values of the form as the browser sends them, by the names that the sheet gives its components."""

    layout: str | None
    origin: str
    prompt: str
    negative: str
    strength: float | None
    steps: int
    guidance: float | None
    long_side: int
    seed: str
    count: int
    clean: str
    disclosure: str
    no_training: bool
    mask: str | None
    label: str
    other_names: str
    credit_line: str
    production: str
    episode: str
    shot: str
    stage: str
    people: tuple[PersonRow, ...] = ()
    steering: Steering = NOTHING

    @property
    def uploads(self) -> tuple[str | None, ...]:
        """The files that came along: their places on this machine are told to nobody."""
        return self.layout, self.mask, *self.steering.uploads


@dataclass(frozen=True, slots=True)
class AskedForm:
    """A form that was filled in well: what the studio takes."""

    layout: Path
    origin: SourceType | None
    settings: PaintSettings
    count: int
    disclosure: Disclosure
    publication: Publication
    mask: Path | None
    label: Language | None
    project: Project
    credits: tuple[Credit, ...]
    override: Override | None = None
    beside: Files = NO_FILES
    account: Account | None = None  # with which whoever paints has signed in, to claim their name
    first: PaintSettings | None = None  # of a bare drawing that is to be large: how it is painted before

    @property
    def passes(self) -> tuple[PaintSettings, ...]:
        """The settings of each pass, over the picture of the pass before; most pictures have one."""
        return (self.settings,) if self.first is None else (self.first, self.settings)

    @property
    def pictures(self) -> int:
        """How many are painted in all."""
        return self.count * len(self.passes)

    def job(self, out: Path, *, last: bool = True) -> Job:
        """What is settled before the picture is painted to `out`.

        A wish not to be used by AI is the last pass's: in an earlier one it would forbid the next.
        """
        publication = self.publication if last else replace(self.publication, wishes={})
        return Job(self.credits, out, self.project, terms=Terms(publication, self.override))


def asked(form: Fields, able: Capabilities) -> AskedForm:
    """The form as a request; RequestError or StatementError says in a sentence what is missing or wrong."""
    if not form.layout:
        raise RequestError("choose a layout first: drop a picture, or take one of the examples below it")
    settings = settings_of(form, able)
    check_prompt(settings.prompt)
    for words in (settings.prompt, settings.negative_prompt):
        if len(words) > PROMPT_LIMIT:
            raise RequestError(f"a prompt has at most {PROMPT_LIMIT:,} characters, this one {len(words):,}")
    credits, origin = credits_of(form.people), SourceType(form.origin) if form.origin else None
    check_origin(origin, credits)
    return AskedForm(
        layout=Path(form.layout),
        origin=origin,
        settings=settings,
        count=min(max(int(form.count), 1), MOST),
        disclosure=Disclosure(form.disclosure),
        publication=publication_of(form.no_training, form.other_names, form.credit_line, credits),
        mask=Path(form.mask) if form.mask else None,
        label=Language(form.label) if form.label else None,
        project=place_of(form.production, form.episode, form.shot, form.stage),
        credits=credits,
        beside=form.steering.files,
    )


def painted_first(form: Fields, able: Capabilities, ask: AskedForm, *, bare: bool) -> AskedForm:
    """A large picture over a bare drawing: painted first, as the form says, and then made larger.

    With a mask only a part is painted, and a model that only enlarges paints nothing: both stay as they are asked.
    """
    if not bare or not ask.settings.upscale or able.enlarges or ask.mask is not None:
        return ask
    first = settings_of(replace(form, steering=replace(form.steering, large=0)), able)
    return replace(ask, first=first, settings=replace(ask.settings, extend=NO_SIDES, fill=None))


def settings_of(form: Fields, able: Capabilities) -> PaintSettings:
    """The words and numbers of the form. What the model has no use for is hidden there, and left out here."""
    settings = PaintSettings(
        prompt=str(form.prompt or "").strip(),
        negative_prompt=str(form.negative or "").strip() if able.negative_prompt else "",
        strength=_number(form.strength) if able.strength is not None else None,
        guidance_scale=_number(form.guidance) if able.guidance_scale is not None else None,
        num_inference_steps=int(form.steps),
        seed=seed_of(form.seed),
        long_side=int(form.long_side),
        clean=CLEAN.get(str(form.clean)),
    )
    return replace(settings, **form.steering.over())


def check_size(form: Fields, shown: tuple[int, int]) -> None:
    """RequestError where a layout of this size cannot be painted as large as the form says."""
    over = form.steering.over()
    output_size(over["extend"].of(shown), None, None, over.get("long_side", int(form.long_side)))


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def seed_of(text: object) -> int:
    """The seed as a number. The page carries it as text: a browser rounds integers above 2**53."""
    words = str(text or "").strip()
    # isdecimal alone would take digits of other scripts, and int() underscores.
    if not words.isascii() or not words.isdecimal() or len(words) > 20 or int(words) not in SEEDS:
        raise RequestError(f"the seed is a whole number from 0 to {SEEDS.stop - 1}, not {words[:30]!r}")
    return int(words)


def made_public(
    form: Fields,
    model: Model,
    able: Capabilities,
    signer: str,
    cleaned: Cleaning | None = None,
    *,
    kit: Sequence[Adapter] = (),
) -> str:
    """What the signed file will tell anyone who has it, shown before anything is painted; HTML."""
    problem, lines = "", []
    try:
        credits = credits_of(form.people)
    except StatementError as error:
        problem, credits = str(error), ()
    publication = USUAL
    try:
        publication = publication_of(form.no_training, form.other_names, form.credit_line, credits)
        statement = _statement(form, model, able, credits, (cleaned, kit))
        lines = public_lines(statement, publication, signer=signer)
    except (GenerationError, StatementError) as error:
        problem = problem or str(error)
    label = LABEL_WORDS.get(form.label, "") if form.label else ""
    if label:
        lines.append(("in the picture itself", f"a label about AI, in a corner ({label})"))
    origin = PUBLIC_ORIGINS.get(str(form.origin), "")
    if origin:
        makers = [publication.shown(each).name or NOT_NAMED for each in drawn_by(credits)]
        how_made = f"{origin}, by {', '.join(makers)}" if makers else origin
        first = f"{how_made}; it is recorded first, signed, as a step of its own"
        lines.append(("the layout's own file", first))
    kept = ["the layout and the mask themselves" if form.mask else "the layout itself"]
    if any(form.steering.uploads):
        kept.append("the pictures beside it")
    if str(form.disclosure) != Disclosure.FULL.value:
        kept.append("the words of the prompt")
    kept += places_kept(form.production, form.episode, form.shot)
    return told_before(lines, publication, problem=problem, kept=kept)


def _statement(
    form: Fields,
    model: Model,
    able: Capabilities,
    credits: tuple[Credit, ...],
    made_with: tuple[Cleaning | None, Sequence[Adapter]],
) -> Statement:
    """The statement as it would be now; a layout that is still missing counts as a square one."""
    layout = given(form.layout, InputRole.LAYOUT, Relation.PARENT)
    files = form.steering.files
    beside = [
        given(str(each), InputRole.REFERENCE, Relation.INPUT) for each in (*files.references, *files.styles)
    ]
    beside += [given(str(each), InputRole.CONTROL, Relation.INPUT) for _, each in files.guides]
    beside += [given(form.mask, InputRole.MASK, Relation.INPUT)] if form.mask else []
    shown = layout.resource.width or 1, layout.resource.height or 1
    cleaned, kit = made_with
    settings = settings_of(form, able)
    handed = replace(settings, prompt=understood(settings.prompt, model.words).prompt)
    request = stand_in(form, able, handed, cleaned.size if cleaned is not None else shown)
    job = Job(
        credits or (Credit(Role.OTHER, None),),
        Path(),
        place_of(form.production, form.episode, form.shot, form.stage),
    )
    done = cleaned.done if cleaned is not None else ()
    painted = how(model, request, Disclosure(form.disclosure), kit, done, typed=settings.prompt)
    statement = job.statement(Step.PAINT, PAINTED_OVER, layout, painted, beside)
    return replace(statement, credits=credits)


def stand_in(form: Fields, able: Capabilities, settings: PaintSettings, shown: tuple[int, int]) -> Request:
    """What would be asked, over a stand-in of the same proportions: no picture is decoded for this."""
    files = form.steering.files
    width, height = settings.extend.of(shown)
    part = math.gcd(width, height)
    size = width // part, height // part
    mask = Image.new("L", size, 255) if settings.extend or form.mask else None
    picture = Image.new("RGB", size)
    beside = Beside(
        (picture,) * len(files.references),
        (picture,) * len(files.styles),
        tuple((key, picture) for key, _ in files.guides),
    )
    return able.request(picture, settings, mask=mask, beside=beside)
