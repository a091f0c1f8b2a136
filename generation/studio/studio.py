"""THE SEAM: makes a picture and its record together. Here, and in cli.py and tabs/, the two packages meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NoReturn

from PIL import Image

from generation.engine.loading import Loading
from generation.errors import Cancelled, PolicyRefused, RequestError
from generation.layout.beside import NO_FILES, Beside, Files
from generation.layout.mask import fitted
from generation.model.model import Model
from generation.model.shelf import Shelf
from generation.request.asking import request_for
from generation.request.request import Capabilities, OnStep, PaintSettings, Render, Request, check_prompt
from generation.studio.alike import Like
from generation.studio.how import how
from generation.studio.like import like
from generation.studio.policy import NO_POLICY, Policy
from generation.studio.ready import Ready, colours_in, made_ready, mask_of, rgb_of
from generation.words.lexicon import understood
from generation.works.adapter import Adapter
from generation.works.kit import Given, in_use
from generation.works.works import NO_WORKS, Works, find_kit
from provenance.credentials.sign.ingredients import Source
from provenance.errors import Stopped
from provenance.lookup.faint_mark import marked
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.trustmark import FACT, value_of, why_not, with_code
from provenance.media.label import Language, labelled
from provenance.media.picture import Picture, encode, media_type_of
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.journal import claim
from provenance.release.made import Made, Released
from provenance.release.release import begin_release, finish_release, open_input, release, source_of
from provenance.show.run_words import ran
from provenance.statement.json_value import Json
from provenance.statement.mark_form import FORM, IN_PART, MARK, OFF, TOO_SMALL
from provenance.statement.statement import InputRole, Statement
from provenance.statement.vocabulary import PAINTED_OVER, Disclosure, Maker, Relation, Step

if TYPE_CHECKING:
    from generation.engine.engine import Engine

CONVERTED = "openvino"
Renderer = Callable[[Request, "OnStep | None", "Callable[[], bool] | None"], Render]


@dataclass(frozen=True, slots=True)
class PaintOrder:
    """One painting that can be made: the statement, the pictures that go in, and what is asked of the model."""

    statement: Statement
    sources: Sequence[Source]
    request: Request
    picture: Picture
    ready: Ready
    media_type: str
    notes: tuple[str, ...] = ()  # what somebody should know before it is painted
    marks: MarkKey | None = None  # what its faint mark is drawn from; None where it gets none
    refused: PolicyRefused | None = None  # why the host does not paint it
    trustmark: str = ""  # the code that it carries for other people's detectors

    def made(self, render: Render, label: Language | None = None) -> Made:
        """What the model gave, as a file in the layout's colours; `label` draws words about AI into a corner."""
        maker = self.statement.source_type.maker
        image, facts = (render.image, {}) if label is None else labelled_in(render.image, maker, label)
        if self.trustmark:
            image, facts = with_code(image, self.trustmark), {**facts, FACT: self.trustmark}
        # Last of what is done to the pixels, and before they are encoded and signed.
        image, faint = marked_in(image, self.marks, self.statement.picture, self.request.mask)
        return encoded(image, {**render.facts, **facts, **faint}, self.media_type, self.picture, self.ready)


@dataclass
class Studio:
    """An archive and a model. The model's files are hashed at once, its weights loaded when first needed.

    `renderer` may replace the local engine: a GPU-decorated function or a map over a cluster. It sees pixels only.
    """

    archive: Archive
    model: Model
    device: str = "auto"
    renderer: Renderer | None = None
    adapters: tuple[Adapter, ...] = ()
    loading: Loading | None = None
    kept: Path | None = None  # the folder of models in OpenVINO
    many: bool = (
        False  # whether many pictures will be painted, so that converting the model is worth its seconds
    )
    policy: Policy = NO_POLICY
    _engine: Engine | None = field(default=None, repr=False)
    _able: Capabilities | None = field(default=None, repr=False)
    _loading: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def open(
        cls,
        archive: Archive,
        model: str | None = None,
        *,
        device: str = "auto",
        loras: Sequence[str] = (),
        works: Works = NO_WORKS,
        loading: Loading | None = None,
    ) -> Studio:
        """A studio for a model by name ("house", or one of `genzu models`), folder, hub id, or safetensors file.

        `works` are used beside it; `loras` are those of them that are LoRAs, each FILE or FILE:SCALE.
        """
        shelf = shelf_of(archive)
        kit = find_kit(replace(works, loras=(*works.loras, *loras)), cache=shelf.cache)
        found = shelf.find(model or archive.settings.model)
        kept, policy = archive.settings.home / CONVERTED, Policy.read(archive.settings.policy)
        return cls(archive, found, device, adapters=kit, loading=loading, kept=kept, policy=policy)

    @property
    def engine(self) -> Engine:
        # Two threads that ask at once must not load the weights twice.
        with self._loading:
            if self._engine is None:
                from generation.engine.engine import Engine

                chosen = self.loading or Loading()
                # A host that lends its GPU by the call says where the model is (app.py).
                chosen = chosen if self.device == "auto" else replace(chosen, device=self.device)
                self._engine = Engine.load(
                    self.model, adapters=self.adapters, loading=chosen, kept=self.kept, many=self.many
                )
            return self._engine

    def load_as(self, loading: Loading) -> None:
        """From now on the model is loaded so; what is loaded already is let go of."""
        with self._loading:
            self.loading, self._engine = loading, None

    @property
    def how_it_runs(self) -> str:
        """On what and how the model runs now, as a sentence."""
        name, engine = self.model.name, self._engine
        if self.renderer is not None:
            return f"{name} runs on a GPU that the host lends for each picture."
        if engine is None:
            return f"{name} is not loaded yet; it will be when somebody paints."
        return f"{name} runs {ran(engine.runs)}."

    def let_go(self) -> None:
        """Lets go of the loaded weights; they are loaded again when they are needed."""
        with self._loading:
            self._engine = None

    @property
    def capabilities(self) -> Capabilities:
        """What the model can be asked; no weights are loaded for it."""
        with self._loading:
            if self._engine is not None:
                return self._engine.capabilities
            if self._able is None:
                from generation.model.pipelines import capabilities_of

                self._able = capabilities_of(self.model)
            return self._able

    def paint(
        self,
        layout: Path,
        settings: PaintSettings,
        job: Job,
        *,
        mask: Path | None = None,
        beside: Files = NO_FILES,
        disclosure: Disclosure = Disclosure.FULL,
        label: Language | None = None,
        mark: bool = True,
        preview_every: int = 0,
        on_step: OnStep | None = None,
        on_note: Callable[[str], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Released:
        """A painted picture at `job.out`, signed and recorded.

        What is asked is checked before anything is written down; it is written down before anything is made.
        `mask` is a picture as large as the layout: only where it is white is the layout painted over.
        `beside` are further pictures that go in. `on_note` hears what somebody should know before it is painted, such
        as words that the model will not read. `label` draws visible words about AI into a corner; without `mark` it
        gets no faint mark. Raises Stopped when `cancelled` says so: the record then says cancelled.
        """
        order = self.order(
            layout, settings, job,
            mask=mask, beside=beside, disclosure=disclosure, mark=mark, preview_every=preview_every,
        )  # fmt: skip
        if order.refused is not None:
            refuse(self.archive, order.statement, order.sources, job, order.refused)
        for note in order.notes:
            if on_note is not None:
                on_note(note)

        def make() -> Made:
            try:
                render = (self.renderer or self._render)(order.request, on_step, cancelled)
            except Cancelled as stop:
                raise Stopped(str(stop)) from stop
            return order.made(render, label)

        return release(self.archive, order.statement, order.sources, make, job)

    def order(
        self,
        layout: Path,
        settings: PaintSettings,
        job: Job,
        *,
        mask: Path | None = None,
        beside: Files = NO_FILES,
        disclosure: Disclosure = Disclosure.FULL,
        mark: bool = True,
        preview_every: int = 0,
        able: Capabilities | None = None,
    ) -> PaintOrder:
        """What is to be painted and what is said about it, checked, before anything is written down.

        The model is given the prompt in its own words; the statement has it as it was typed, and those beside it.
        `able` is what the model can be asked, where it is loaded elsewhere; without it the weights are loaded first:
        what a broken model was asked for is not worth an entry.
        """
        check_prompt(settings.prompt)
        media_type = media_type_of(job.out)
        claim(job.out, force=job.force)
        picture = open_input(self.archive, layout)
        over = open_input(self.archive, mask) if mask is not None else None
        sources = [source_of(self.archive, picture, InputRole.LAYOUT, Relation.PARENT)]
        kept = settings.upscale or self._painted(sources[0])
        clean = False if settings.clean is None and kept else settings.clean
        held = over is not None or bool(settings.extend) or bool(beside.guides)
        ready = made_ready(colours_in(picture), clean, masked=held)
        shown = self._beside(beside, sources)
        able = able or self.engine.capabilities
        mask_shown = mask_of(over) if over is not None else None
        handed = replace(settings, prompt=understood(settings.prompt, self.model.words).prompt)
        request = request_for(able, ready.seen, handed, mask_shown, shown, preview_every=preview_every)
        if over is not None:
            sources.append(source_of(self.archive, over, InputRole.MASK, Relation.INPUT))
        given, *others = (each.input for each in sources)
        painted = how(self.model, request, disclosure, self.adapters, ready.done, typed=settings.prompt)
        kind = PAINTED_OVER
        statement = job.statement(Step.PAINT, kind, given, painted, others)
        notes = tuple(str(each) for each in able.unread(request.settings))
        marks = self.archive.marks if mark and self.archive.settings.mark else None
        production = job.project.production
        refused = self.refusal(settings, production) or self.refusal(request.settings, production)
        code = self._code_for(statement.picture, masked=over is not None)
        return PaintOrder(
            statement, sources, request, picture, ready, media_type, notes, marks, refused, code
        )

    def _code_for(self, picture: str, *, masked: bool) -> str:
        """The TrustMark of a painting, where settings ask for one; not with a mask, under which nothing may change."""
        if masked or not self.archive.settings.trustmark:
            return ""
        if hindrance := why_not():
            raise RequestError(f"TrustMark is asked for here, and {hindrance}")
        return value_of(picture)

    def alike(self, path: Path) -> Like:
        """How the picture at `path` says that it was painted; LikeError where it says nothing."""
        archive = self.archive
        return like(path, archive.settings.limits, archive.ledger, archive.trust)

    def is_bare(self, layout: Path) -> bool:
        """Whether a layout is a drawing that nobody painted yet: by our record, then by its looks."""
        from generation.layout.prepare import kind_of

        picture = open_input(self.archive, layout)
        source = source_of(self.archive, picture, InputRole.LAYOUT, Relation.PARENT)
        return not self._painted(source) and kind_of(rgb_of(picture)) != "painting"

    def refusal(self, settings: PaintSettings, production: str) -> PolicyRefused | None:
        """Why the host does not paint these words; None where nothing speaks against them."""
        styled = Given(styled=True)
        used = (each.name for each in in_use(self.adapters, settings.weights, (settings.prompt,), styled))
        return self.policy.refusal(settings.prompt, production, tuple(used))

    def _beside(self, files: Files, sources: list[Source]) -> Beside:
        """The pictures beside the layout, each of which joins the sources."""

        def taken(path: Path, role: InputRole) -> Image.Image:
            picture = open_input(self.archive, path)
            source = source_of(self.archive, picture, role, Relation.INPUT)
            if any(each.input.resource.digest == source.input.resource.digest for each in sources):
                raise RequestError(f"{path} goes in already; a reference is another picture, named once")
            sources.append(source)
            return rgb_of(picture)

        return Beside(
            tuple(taken(each, InputRole.REFERENCE) for each in files.references),
            tuple(taken(each, InputRole.REFERENCE) for each in files.styles),
            tuple((key, taken(each, InputRole.CONTROL)) for key, each in files.guides),
        )

    def _painted(self, source: Source) -> bool:
        """Whether our record knows the layout as a painting: snow under a white sky is no sheet of paper."""
        known = source.input.picture
        return known is not None and self.archive.ledger.picture(known).statement.step is not Step.RECORD

    def _render(
        self, request: Request, on_step: OnStep | None, cancelled: Callable[[], bool] | None
    ) -> Render:
        return self.engine.render(request, on_step=on_step, cancelled=cancelled)


def shelf_of(archive: Archive) -> Shelf:
    """The models that were added to it. A rehearsal reads them too, and remembers their digests elsewhere."""
    return replace(Shelf.of(archive.home), cache=Shelf.of(archive.settings.home).cache)


def refuse(
    archive: Archive, statement: Statement, sources: Sequence[Source], job: Job, refused: PolicyRefused
) -> NoReturn:
    """Puts on the record that something was asked for and refused, by which rule, and raises `refused`."""

    def none() -> Made:
        raise refused

    quiet = replace(job, terms=replace(job.terms, announce=lambda _: None))
    if not archive.only_looked_at:
        finish_release(archive, begin_release(archive, statement, sources, quiet), none)
    raise refused


def labelled_in(image: Image.Image, maker: Maker, language: Language) -> tuple[Image.Image, dict[str, Json]]:
    """The painting with visible words about AI in a corner, and the fact of it."""
    return labelled(image, maker, language), {"label": language.value}


def marked_in(
    image: Image.Image, key: MarkKey | None, picture: str, mask: Image.Image | None, *, form: str = FORM
) -> tuple[Image.Image, dict[str, Json]]:
    """The painting with its faint mark, and the fact of it. Under a mask's black the layout stays value for value."""
    if key is None:
        return image, {MARK: OFF}
    where = fitted(mask, image.size) if mask is not None else None
    found = marked(image, key, picture, where, form=form)
    if found is None:
        return image, {MARK: TOO_SMALL}
    return found, {MARK: form if where is None else form + IN_PART}


def encoded(
    image: Image.Image, facts: Mapping[str, Json], media_type: str, picture: Picture, ready: Ready
) -> Made:
    """The painting as a file in the layout's colours, with what is to be known of how the layout was read."""
    seen = ready.seen
    named: dict[str, Json] = {"colour_profile": seen.name} if seen.name else {}
    ran_out = facts.get("memory_ran_out")
    memory = f"the memory did not reach; it was painted more slowly, with {ran_out}" if ran_out else ""
    notes = tuple(note for note in (picture.note, seen.note, ready.note, memory) if note)
    return Made(encode(image, media_type, seen.profile), media_type, {**facts, **named}, notes=notes)
