"""Train genzu's embedded model from nothing, or go on from weights: ``python -m generation.house.training --help``.

``all`` runs every stage below in order, and each stage goes on where it was stopped.
"""

import copy
import io
import json
import shutil
import time
from pathlib import Path

import click
import cv2
import numpy as np
import resvg_py
import torch
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from PIL import Image
from transformers import CLIPTokenizer

from . import autoencoder as codec
from . import card, clipart, measure, painter, pictures, pool, samples, words
from .answers import answers
from .lesson import CHECKPOINT, HELD, lesson
from .scenes import Scene, Scenes
from .things import Things

HOME = Path(__file__).resolve().parent.parent
# Size in pixels (height, width) and its share of the scenes. Small pictures first: four times as many captions for the
# same work, and a word's colour is learnt at any size. Then the sizes that people paint.
EARLY = (((128, 128), 0.6), ((96, 160), 0.4))
LATE = (((256, 256), 0.4), ((256, 384), 0.36), ((192, 320), 0.16), ((384, 512), 0.08))
EARLY_SHARE, EARLY_TIMES = 0.35, 3  # of the painter's time; how many more scenes are painted at a time
SHARD = 240  # scenes painted at a time
FIRST_SEED = 100_000
HELD_SEED, HELD_SCENES = 60_000_000, 96  # never trained on; a measure of the run
ANSWERS = 320  # pictures of the painter's own, from which its decoder learns
ROUND = 720.0  # seconds of training between two fillings of the pool
SIDES = ("256", "384", "512")  # of a square picture that is measured
SHARES = {"autoencoder": 0.17, "painter": 0.75, "sharpen": 0.08}

work_option = click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("build/house-model"),
    show_default=True,
    help="Folder for caches and checkpoints.",
)
init_option = click.option(
    "--init", type=click.Path(path_type=Path, exists=True), help="Weights to go on from."
)
minutes_option = click.option(
    "--minutes", type=float, default=600.0, show_default=True, help="Time to train, all stages together."
)
workers_option = click.option(
    "--workers",
    default=1,
    show_default=True,
    help="Processes of one thread each, for a machine that others use too.",
)
layouts_option = click.option(
    "--layouts",
    "count",
    default=48,
    show_default=True,
    help="Unseen layouts that the figures are measured with.",
)


@click.group()
def main() -> None:
    """Train, measure and describe the embedded model."""
    cv2.setNumThreads(1)


@main.command("all")
@work_option
@init_option
@minutes_option
@workers_option
@layouts_option
def everything(work: Path, init: Path | None, minutes: float, workers: int, count: int) -> None:
    """Every stage: pictures, autoencoder, painter, decoder, weights, figures, samples, card."""
    seconds = minutes * 60
    fetch(work)
    model = work / "model"
    if not (model / "vae").exists():
        prepare(work, init, SHARES["autoencoder"] * seconds)
    paint(work, init, SHARES["painter"] * seconds, workers)
    if not (work / "sharpened").exists():
        sharpen(work, SHARES["sharpen"] * seconds)
    shutil.copytree(model, HOME / "weights", dirs_exist_ok=True)
    card.forget_origins(HOME / "weights")
    describe(work, count)


@main.command("measure")
@work_option
@click.option("--model", type=click.Path(path_type=Path, exists=True), default=HOME / "weights")
@layouts_option
@click.option(
    "--at",
    "settings",
    type=(float, int),
    multiple=True,
    metavar="STRENGTH STEPS",
    default=measure.SETTINGS,
    help="A setting to measure; may be given several times.  [default: the four of the card]",
)
@click.option("--guidance", type=float, default=card.DEFAULTS["guidance_scale"], show_default=True)
@click.option(
    "--side",
    type=click.Choice(SIDES),
    default=SIDES[0],
    show_default=True,
    help="Pixels of each side of a picture.",
)
@click.option("--misses", is_flag=True, help="Tell of each word that was not followed.")
def measure_command(
    work: Path,
    model: Path,
    count: int,
    settings: tuple[tuple[float, int], ...],
    guidance: float,
    side: str,
    misses: bool,
) -> None:
    """Print the table of figures of a model."""
    pipeline, cases = measure.load(model), unseen(work, count, int(side))
    click.echo(measure.HEAD)
    for strength, steps in settings:
        tally = measure.measure(pipeline, cases, strength, steps, guidance)
        click.echo(tally.row(strength, steps))
        for missed in tally.missed if misses else ():
            click.echo(f"  {missed}")


@main.command("likeness")
@work_option
@click.option("--model", type=click.Path(path_type=Path, exists=True), default=HOME / "weights")
@layouts_option
def likeness_command(work: Path, model: Path, count: int) -> None:
    """Print how like itself a painting stays on its way through the autoencoder, in dB, over unseen scenes."""
    scenes = Scenes(Things(pictures.Pictures(work / "pictures")))
    seeds = range(measure.SEED, measure.SEED + count)
    paintings = [scenes.scene(seed, 256, 256).painted[0] for seed in seeds]
    network = AutoencoderTiny.from_pretrained(model / "vae", torch_dtype=torch.float32)
    click.echo(f"{codec.ratio(network, paintings):.2f} dB over {count} paintings, 256 x 256 px")


@main.command("samples")
@work_option
@click.option("--model", type=click.Path(path_type=Path, exists=True), default=HOME / "weights")
@click.option("--out", type=click.Path(path_type=Path), default=HOME / "samples.png")
def samples_command(work: Path, model: Path, out: Path) -> None:
    """Write the sample sheet of a model."""
    scenes = Scenes(Things(pictures.Pictures(work / "pictures")))
    samples.sheet(measure.load(model), scenes, HOME / "layouts").save(out, optimize=True)


@main.command("contact")
@work_option
@click.option("--model", type=click.Path(path_type=Path, exists=True), default=HOME / "weights")
@click.option("--out", type=click.Path(path_type=Path), default=Path("contact.png"))
def contact_command(work: Path, model: Path, out: Path) -> None:
    """Write the sheet of 24 unseen layouts by which checkpoints are compared by eye."""
    scenes = Scenes(Things(pictures.Pictures(work / "pictures")))
    samples.contact(measure.load(model), scenes).save(out)


@main.command("layouts")
def layouts_command() -> None:
    """The shipped layouts as PNG, anew from their SVG."""
    for drawing in (HOME / "layouts").glob("*.svg"):
        png = bytes(resvg_py.svg_to_bytes(svg_string=drawing.read_text(encoding="utf-8")))
        Image.open(io.BytesIO(png)).convert("L").save(drawing.with_suffix(".png"), optimize=True)


@main.command("facts")
def facts_command() -> None:
    """Write model.json anew from AUTHORS.csv and the weights."""
    card.write_facts(HOME)


def fetch(work: Path) -> None:
    """Both packages' pictures, unpacked and rasterised once."""
    if not (work / "pictures/pictures.json").exists():
        count = pictures.rasterise(pictures.fetch(work), clipart.fetch(work), work / "pictures")
        click.echo(f"{count} pictures")


def prepare(work: Path, init: Path | None, seconds: float) -> None:
    """The autoencoder and the tokenizer: made anew, or the ones of `init` with what it has not yet."""
    model = work / "model"
    scenes = pool.paint(work / "pictures", 0, 2 * SHARD, (256, 256), torch.get_num_threads())
    keep_pixels(work, scenes)
    if init:
        shutil.copytree(init / "tokenizer", model / "tokenizer", dirs_exist_ok=True)
        known = AutoencoderTiny.from_pretrained(init / "vae", torch_dtype=torch.float32)
        teacher = copy.deepcopy(known).requires_grad_(False)
        network = codec.widened(known) if known.config.latent_channels < codec.LATENTS else known
        codec.train(codec.deepened(network), pixels(work), seconds, teacher)
    else:
        library = pictures.Pictures(work / "pictures")
        said = [c for s in scenes for c in s.captions] * 4 + [p.name for p in library.all] * 3
        words.learn(said, model / "tokenizer")
        network = codec.new()
        codec.train(network, pixels(work), seconds)
    codec.save(network, model / "vae")


def paint(work: Path, init: Path | None, budget: float, workers: int) -> None:
    """Fill the pool and train on it, in turns, until the budget is spent."""
    checkpoint, log = work / CHECKPOINT, work / "loss.csv"
    (work / "shards").mkdir(parents=True, exist_ok=True)
    if not checkpoint.exists():
        tokenizer = CLIPTokenizer.from_pretrained(work / "model/tokenizer")
        latents = AutoencoderTiny.load_config(work / "model/vae")["latent_channels"]
        painter.keep(painter.start(init, latents) if init else painter.new(tokenizer, latents), checkpoint)
        log.write_text("step,samples,seconds,rate,loss,held\n")
    encoder = AutoencoderTiny.from_pretrained(work / "model/vae", torch_dtype=torch.float32)
    hold(work, encoder)
    while painter.spent(checkpoint) < budget:
        fill(work, encoder, early=painter.spent(checkpoint) < EARLY_SHARE * budget)
        meeting = work / "meeting"
        meeting.unlink(missing_ok=True)
        turn = (work, budget, pause(work, budget), workers)
        if workers == 1:
            lesson(0, *turn)
        else:
            torch.multiprocessing.spawn(lesson, turn, nprocs=workers)


def pause(work: Path, budget: float) -> float:
    """Seconds until the pool is filled again: at the latest where the early sizes end."""
    left = EARLY_SHARE * budget - painter.spent(work / CHECKPOINT)
    return min(ROUND, left) if left > 0 else ROUND


def fill(work: Path, encoder: AutoencoderTiny, *, early: bool) -> None:
    """A shard of new scenes of each size; those of the early sizes go when the late ones come."""
    shards = work / "shards"
    seeds = [int(f.stem.split("-")[1]) for f in shards.glob("*.npz")]
    first = max(seeds, default=FIRST_SEED - SHARD) + SHARD * EARLY_TIMES
    for size, share in EARLY if early else LATE:
        count = round(SHARD * share) * (EARLY_TIMES if early else 1)
        scenes = pool.paint(work / "pictures", first, count, size, torch.get_num_threads())
        pool.fill(shards, scenes, encoder, f"{size[0]}x{size[1]}-{first}")
        if size == (256, 256):
            keep_pixels(work, scenes)
        first += SHARD * EARLY_TIMES
    if not early:
        for height, width in (size for size, _ in EARLY):
            for old in shards.glob(f"{height}x{width}-*.npz"):
                old.unlink()


def hold(work: Path, encoder: AutoencoderTiny) -> None:
    """Scenes that no training sees, for the ruler."""
    held = work / HELD
    if not held.exists():
        scenes = pool.paint(work / "pictures", HELD_SEED, HELD_SCENES, (256, 256), torch.get_num_threads())
        held.mkdir(parents=True)
        pool.fill(held, scenes, encoder, f"256x256-{HELD_SEED}")


def keep_pixels(work: Path, scenes: list[Scene]) -> None:
    """Keep some scenes as pictures: the decoder learns from them."""
    np.save(
        work / f"pixels-{time.time_ns()}.npy",
        np.stack([p for s in scenes for p in (s.painted[0], s.drawn[0])]),
    )


def pixels(work: Path) -> list[NDArray[np.uint8]]:
    """The pictures kept, the newest few thousand."""
    return [picture for file in sorted(work.glob("pixels-*.npy"))[-8:] for picture in np.load(file)]


def sharpen(work: Path, seconds: float) -> None:
    """Train the decoder alone, on paintings and on the painter's own answers, and note that it is done."""
    scenes = Scenes(Things(pictures.Pictures(work / "pictures")))
    own = answers(measure.load(work / "model"), scenes, ANSWERS)
    network = AutoencoderTiny.from_pretrained(work / "model/vae", torch_dtype=torch.float32)
    kept = pixels(work)
    held = min(48, len(kept) // 4)
    before = codec.ratio(network, kept[-held:])
    codec.sharpen(network, kept[:-held], own, seconds)
    after = codec.ratio(network, kept[-held:])
    codec.save(network.half(), work / "model/vae")
    (work / "sharpened").write_text(f"{before:.2f} dB before, {after:.2f} dB after\n")


def unseen(work: Path, count: int, side: int = int(SIDES[0])) -> list[measure.Case]:
    """Cases of layouts that no training has seen."""
    return measure.make_cases(Scenes(Things(pictures.Pictures(work / "pictures"))), count, side)


def table(work: Path, model: Path, count: int) -> list[str]:
    """The card's table for one model."""
    pipeline, cases = measure.load(model), unseen(work, count)
    return [measure.HEAD, *(measure.measure(pipeline, cases, s, n).row(s, n) for s, n in measure.SETTINGS)]


def describe(work: Path, count: int) -> None:
    """Authors, facts, loss curve, samples and figures beside the weights; the card's words are written by hand."""
    library = pictures.Pictures(work / "pictures")
    card.write_authors(library.all, HOME / "AUTHORS.csv")
    card.write_credits(HOME / "README.md", card.read_authors(HOME / "AUTHORS.csv"))
    card.write_facts(HOME)
    shutil.copy(work / "loss.csv", HOME / "loss.csv")
    card.draw_loss(HOME / "loss.csv", HOME / "loss.png")
    samples.sheet(measure.load(HOME / "weights"), Scenes(Things(library)), HOME / "layouts").save(
        HOME / "samples.png", optimize=True
    )
    (work / "figures.json").write_text(json.dumps(table(work, HOME / "weights", count), indent=1))
    click.echo(f"{painter.samples(work / CHECKPOINT)} samples; figures in {work / 'figures.json'}")


if __name__ == "__main__":
    main()
