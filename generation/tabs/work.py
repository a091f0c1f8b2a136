"""What a run does when its turn comes: the layout taken in, then one signed picture after the other."""

from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from generation.request import SEEDS, OnStep
from generation.studio import Studio
from provenance.tabs.pictures import new_path

from .form import AskedForm
from .line import Run
from .taking_in import take_in

PREVIEW_EVERY = 2  # steps


def work(studio: Studio, ask: AskedForm, run: Run, on_step: OnStep, cancelled: Callable[[], bool]) -> None:
    """Paints as many pictures as were asked for, each with the next seed, into the run."""
    layout = take_in(studio.archive, ask.layout, ask.origin, ask.credits, ask.project, ask.publication)

    def step(done: int, total: int, preview: Image.Image | None) -> None:
        on_step(done, total, preview)

    for number in range(ask.count):
        seed = (ask.settings.seed + number) % SEEDS.stop
        released = studio.paint(
            layout,
            replace(ask.settings, seed=seed),
            ask.job(new_path(studio.archive.settings, "picture", run.visitor)),
            mask=ask.mask,
            beside=ask.beside,
            disclosure=ask.disclosure,
            label=ask.label,
            preview_every=PREVIEW_EVERY,
            on_step=step,
            cancelled=cancelled,
        )
        run.came(released)
