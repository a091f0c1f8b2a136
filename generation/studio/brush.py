"""Painting for pipelines: `generation.paint` paints one picture, `generation.painter` keeps the model for many.

    import generation

    with generation.painter(model="house") as paint:
        for cut in cuts:
            paint(cut.layout, cut.out, prompt="snow, dusk", by=["prompt: Abe Rin"], strength=0.7, shot=cut.name)

The answer is that of `genzu paint --json`. What goes wrong is a ProvenanceError or a GenerationError: one sentence.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from generation.errors import RequestError
from generation.extras import need
from generation.layout.beside import Files
from generation.request.request import OnStep, PaintSettings
from generation.studio.studio import Studio
from generation.works.works import NO_WORKS, Works
from provenance.commands.remedies import worded
from provenance.inspection.inspection import inspect_signed
from provenance.release.opening import open_archive
from provenance.show.released_json import released_json
from provenance.statement.json_value import Json
from provenance.statement.vocabulary import Disclosure
from provenance.verbs import About, File, job_at, settings_at

SETTINGS = tuple(each.name for each in fields(PaintSettings))


@dataclass(frozen=True, slots=True)
class Brush:
    """A model and an archive that stay open between two pictures. Call it to paint."""

    studio: Studio

    def __call__(
        self,
        layout: File,
        out: File,
        *,
        prompt: str,
        by: Iterable[str],
        mask: File | None = None,
        references: Iterable[File] = (),
        disclose: str = Disclosure.FULL.value,
        mark: bool = True,
        on_step: OnStep | None = None,
        cancelled: Callable[[], bool] | None = None,
        **more: Any,
    ) -> dict[str, Json]:
        """A painting over `layout` at `out`, signed and recorded.

        `more` are the fields of PaintSettings (strength, num_inference_steps, guidance_scale, seed, long_side …) and
        what may be said about the picture (production, shot, stage, no_training …).
        """
        settings = PaintSettings(prompt, **{name: more.pop(name) for name in SETTINGS if name in more})
        about = About(**{name: more.pop(name) for name in About.__annotations__ if name in more})  # type: ignore[typeddict-item]
        if more:
            known = ", ".join((*SETTINGS[1:], *About.__annotations__))
            raise RequestError(f"nothing is called {', '.join(sorted(more))}; there is {known}")
        released = self.studio.paint(
            Path(layout),
            settings,
            job_at(out, by, about),
            mask=Path(mask) if mask is not None else None,
            beside=Files(tuple(Path(each) for each in references)),
            disclosure=Disclosure(disclose),
            mark=mark,
            on_step=on_step,
            cancelled=cancelled,
        )
        archive = self.studio.archive
        seen = inspect_signed(released.path, archive)
        return released_json(released, archive.ledger, seen, worded)


@contextmanager
def painter(
    model: str | None = None, *, works: Works = NO_WORKS, home: File | None = None
) -> Iterator[Brush]:
    """The archive and the model, opened once. `works` are ControlNets, LoRAs and styles beside the model."""
    need("paint")
    with open_archive(settings_at(home)) as archive:
        yield Brush(Studio.open(archive, model, works=works))


def paint(
    layout: File, out: File, *, model: str | None = None, works: Works = NO_WORKS, home: File | None = None,
    **asked: Any,
) -> dict[str, Json]:  # fmt: skip
    """One painting, as Brush paints it; the model is loaded for it."""
    with painter(model, works=works, home=home) as brush:
        return brush(layout, out, **asked)
