"""What a run does when its turn comes: the layout taken in, then one signed picture after the other.

What it paints from is kept while it waits and paints: uploads and copies on the page go after an hour.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import product
from pathlib import Path
from weakref import finalize

from PIL import Image

from generation.layout.beside import Files
from generation.request.request import SEEDS, OnStep, PaintSettings
from generation.studio.studio import Studio
from provenance.errors import ProvenanceError
from provenance.media.sidecar import place_beside
from provenance.people.accounts import Account, claim_by_account
from provenance.release.made import Released
from provenance.statement.credit import Role
from provenance.tabs.fields.uploads import making_room, run_folder
from provenance.tabs.visits.pictures import new_path

from .form import AskedForm
from .line import Run, Work
from .taking_in import take_in

PREVIEW_EVERY = 2  # steps


def work_of(studio: Studio, ask: AskedForm) -> Work:
    """What a run of this form does when its turn comes. From now on it needs none of the uploads."""
    with making_room():
        folder = run_folder()
        mine = _own(ask, folder)

    def todo(run: Run, on_step: OnStep, cancelled: Callable[[], bool]) -> None:
        try:
            work(studio, mine, run, on_step, cancelled, keep=lambda path: kept(path, folder))
        finally:
            gone()

    # A run that is called off while it waits is never begun: then the files go with it.
    gone = finalize(todo, shutil.rmtree, folder, ignore_errors=True)
    return todo


def work(
    studio: Studio,
    ask: AskedForm,
    run: Run,
    on_step: OnStep,
    cancelled: Callable[[], bool],
    keep: Callable[[Path], Path] = lambda path: path,
) -> None:
    """Paints as many pictures as were asked for, each with the next seed, into the run.

    `keep` gives the layout as it was taken in a place where it stays as long as the run.
    """
    layout = keep(take_in(studio.archive, ask.layout, ask.origin, ask.credits, ask.project, ask.publication))

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


def _own(ask: AskedForm, folder: Path) -> AskedForm:
    """The same form with copies of its files."""
    beside = Files(
        tuple(kept(each, folder) for each in ask.beside.references),
        tuple(kept(each, folder) for each in ask.beside.styles),
        tuple((kind, kept(each, folder)) for kind, each in ask.beside.guides),
    )
    mask = None if ask.mask is None else kept(ask.mask, folder)
    return replace(ask, layout=kept(ask.layout, folder), mask=mask, beside=beside)


def kept(path: Path, folder: Path) -> Path:
    """The file under the same name in a folder of its own, with the credentials that lie beside it."""
    place = Path(tempfile.mkdtemp(dir=folder))
    for each in (path, place_beside(path)):
        if each == path or each.is_file():
            try:
                os.link(each, place / each.name)
            except OSError:
                shutil.copyfile(each, place / each.name)
    return place / path.name
