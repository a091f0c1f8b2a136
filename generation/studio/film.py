"""The demonstration: the film's way end to end, on a shipped layout, with four people.

    layout (drawn) -> pass 1 (model) -> pass 2 (model, over pass 1) -> final (revised by hand)

The archive of the demonstration lies in its own folder. Who drew the layout is real. The others are not, and carry it
in their names: every list, graph and credit line says so. The revising hand is a script, too (`revise`), which the note
on that step says.
"""

import base64
import random
import shutil
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from rich.console import Console
from rich.progress import Progress, TaskID

from generation.layout.drawings import RAILWAY
from generation.request.request import PaintSettings
from generation.studio.studio import Studio
from provenance.commands.interrupt import was_asked
from provenance.credentials.sign.disclosure import Publication
from provenance.errors import OutputError
from provenance.inspection.inspected import Inspection
from provenance.inspection.inspection import inspect
from provenance.inspection.lineage import lineage
from provenance.media.picture import encode
from provenance.release.job import Job, Terms
from provenance.release.made import Released
from provenance.release.opening import open_archive
from provenance.release.release import record, retouch
from provenance.settings import Settings
from provenance.show.graph import to_png, to_svg
from provenance.show.terminal import console, progress, styled
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType, Stage

PASS_1 = RAILWAY.prompt
PASS_2 = "dusk, purple sky, white snow, winter, railway, mountain"
STRENGTH_1, STRENGTH_2 = 0.7, 0.65
LONG_SIDE = 512  # pixels
THUMBNAIL = 240  # pixels

NAMES = {
    Role.LAYOUT: RAILWAY.by,
    Role.PROMPT: "Tanaka Ren (invented)",
    Role.RETOUCH: "Sato Hana (invented)",
    Role.ART_DIRECTION: "Elin Lindqvist (invented)",
}
PROJECT = Project(production="Genzu demonstration", episode="1", shot="c014", stage=Stage.TEMP)
TERMS = Terms(Publication(credit_line=RAILWAY.credit_line))
DRAWN = "demonstration: put together from OpenMoji 17.0.0, 1F69E and 1F6E4"
BY_SCRIPT = "demonstration: the strokes were drawn by a script, in the place of a painter's"


@dataclass(frozen=True, slots=True)
class Film:
    """The four signed files, in order, and the folder they stand in."""

    folder: Path
    steps: tuple[Released, ...]

    @property
    def final(self) -> Path:
        return self.steps[-1].path


def show(settings: Settings, folder: Path) -> None:
    """Makes the four pictures in `folder`, draws their graph and prints who did what."""
    screen = console()
    film = make(settings, folder, screen)
    with open_archive(replace(settings, home=folder / "archive")) as archive:
        told = inspect(film.final, trust=archive.trust, ledger=archive.ledger)
    graph = lineage(told.chain)
    small = {step.id: _thumbnail(made.path) for step, made in zip(told.chain.steps, film.steps, strict=True)}
    (folder / "lineage.svg").write_text(to_svg(graph, thumbnails=small), encoding="utf-8")
    (folder / "lineage.png").write_bytes(to_png(graph, thumbnails=small))
    screen.print()
    _credit_lines(screen, told)
    screen.print()
    screen.print(f"the graph    {folder / 'lineage.png'} (and .svg)")
    screen.print(f"ask it       genzu --home {folder / 'archive'} inspect {film.final}")


def make(settings: Settings, folder: Path, screen: Console) -> Film:
    """Layout, two passes and a revision, each signed and recorded in the archive under `folder`."""
    if folder.exists():
        raise OutputError(f"{folder} exists already; give another folder, or remove it")
    folder.mkdir(parents=True)
    try:
        return _made(settings, folder, screen)
    except BaseException:
        if not any(folder.glob("*.png")):  # nothing was made, and an empty folder would stop the next try
            shutil.rmtree(folder)
        raise


def _made(settings: Settings, folder: Path, screen: Console) -> Film:
    names = [folder / name for name in ("1-layout.png", "2-pass.png", "3-pass.png", "4-final.png")]
    steps: list[Released] = []

    def done(released: Released, words: str) -> None:
        steps.append(released)
        screen.print(styled(f"{released.path.name:14} {words}"))

    with open_archive(replace(settings, home=folder / "archive")) as archive:
        studio = Studio.open(archive, "house")
        layout = record(
            archive,
            RAILWAY.path,
            Job(_by(Role.LAYOUT), names[0], PROJECT, DRAWN, TERMS),
            source_type=SourceType.DIGITAL_CREATION,
        )
        done(layout, f"drawn by {NAMES[Role.LAYOUT]}")
        for number, (before, prompt, strength) in enumerate(
            ((names[0], PASS_1, STRENGTH_1), (names[1], PASS_2, STRENGTH_2)), start=1
        ):
            asked = PaintSettings(prompt, strength=strength, seed=number, long_side=LONG_SIDE)
            job = Job(_by(Role.PROMPT), names[number], PROJECT, terms=TERMS)
            able = studio.capabilities
            # Gone before the line on it is printed: they are on two streams, and would be glued together.
            with progress() as bar:
                task = bar.add_task(f"pass {number}", total=able.runs(able.num_inference_steps, strength))
                step = partial(_advance, bar, task)
                painted = studio.paint(before, asked, job, on_step=step, cancelled=was_asked)
            done(painted, f"painted by {studio.model.name}: {prompt!r}, words by {NAMES[Role.PROMPT]}")
        edited = folder / ".revision.png"
        edited.write_bytes(encode(revise(Image.open(names[2]).convert("RGB")), "image/png"))
        try:
            by = _by(Role.RETOUCH, Role.ART_DIRECTION)
            final = retouch(archive, names[2], edited, Job(by, names[3], PROJECT, BY_SCRIPT, TERMS))
        finally:
            edited.unlink()
        done(final, f"revised by {NAMES[Role.RETOUCH]}, art direction {NAMES[Role.ART_DIRECTION]}")
    return Film(folder, tuple(steps))


def revise(picture: Image.Image) -> Image.Image:
    """The picture with falling snow and a glow low on the horizon: RGB in, RGB out, the same size."""
    width, height = picture.size
    hand = random.Random(14)  # noqa: S311 - the same strokes each time
    glow = Image.new("L", picture.size, 0)
    ImageDraw.Draw(glow).ellipse((width * 0.05, height * 0.30, width * 0.45, height * 0.62), fill=90)
    warm = Image.composite(
        Image.new("RGB", picture.size, (255, 214, 150)),
        picture,
        glow.filter(ImageFilter.GaussianBlur(width / 14)),
    )
    snow = Image.new("L", picture.size, 0)
    brush = ImageDraw.Draw(snow)
    for _ in range(width * height // 1400):
        x, y, size = hand.uniform(0, width), hand.uniform(0, height), hand.uniform(0.6, 1.9)
        brush.ellipse((x - size, y - size, x + size, y + size), fill=hand.randint(120, 235))
    return Image.composite(
        Image.new("RGB", picture.size, (250, 250, 255)), warm, snow.filter(ImageFilter.GaussianBlur(0.5))
    )


def _thumbnail(path: Path) -> str:
    """A small copy of a picture as a data URI."""
    picture = Image.open(path).convert("RGB")
    picture.thumbnail((THUMBNAIL, THUMBNAIL))
    return "data:image/jpeg;base64," + base64.b64encode(encode(picture, "image/jpeg")).decode()


def _advance(bar: Progress, task: TaskID, done: int, total: int, _preview: Image.Image | None) -> None:
    bar.update(task, completed=done, total=total)


def _by(*roles: Role) -> tuple[Credit, ...]:
    return tuple(Credit(role, NAMES[role]) for role in roles)


def _credit_lines(screen: Console, told: Inspection) -> None:
    """The end roll: people by role, then the models, apart."""
    lines: dict[str, list[str]] = {}
    for step in told.chain.steps:
        for named in step.people:
            lines.setdefault(named.role, []).append(named.name or "(asked not to be named)")
    for role, names in lines.items():
        screen.print(styled(f"{role:>16}   {', '.join(dict.fromkeys(names))}"))
    models = {str(model.get("name", "unknown")) for step in told.chain.steps for model in step.models}
    screen.print(styled(f"{'generative AI':>16}   {', '.join(sorted(models))}"))
