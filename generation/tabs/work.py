"""What a run does when its turn comes: the layout taken in, then one signed picture after the other."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import product

from PIL import Image

from generation.request import SEEDS, OnStep, PaintSettings
from generation.studio import Studio
from provenance.errors import ProvenanceError
from provenance.people.accounts import Account, claim_by_account
from provenance.release.made import Released
from provenance.statement.credit import Role
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

    for number, (settings, last) in product(range(ask.count), _passes(ask)):
        over = layout if settings is ask.passes[0] else run.made[-1].path
        released = studio.paint(
            over,
            replace(settings, seed=(settings.seed + number) % SEEDS.stop),
            ask.job(new_path(studio.archive.settings, "picture", run.visitor), last=last),
            mask=ask.mask,
            beside=ask.beside,
            disclosure=ask.disclosure,
            label=ask.label if last else None,
            preview_every=PREVIEW_EVERY,
            on_step=step,
            cancelled=cancelled,
        )
        if ask.account is not None:
            _claimed(studio, ask, ask.account, released)
        run.came(released)


def _passes(ask: AskedForm) -> list[tuple[PaintSettings, bool]]:
    """The settings of each pass, and whether it is the last."""
    return [(each, each is ask.settings) for each in ask.passes]


def _claimed(studio: Studio, ask: AskedForm, account: Account, released: Released) -> None:
    """The account of whoever painted claims their name. The picture is out: trouble with this takes it from nobody."""
    names = [each.name for each in ask.credits if each.role is Role.PROMPT and each.name]
    with suppress(ProvenanceError):
        for name in names[:1]:
            claim_by_account(studio.archive.ledger, released.record, Role.PROMPT, name, account)
