"""Painting by name, for programs: the endpoint `paint` beside those of provenance/tabs/addresses/endpoints.py.

A call stands in the same line as the visitors do, is told its place while it waits, and is called off when nobody
listens any more. It has no browser: its pictures are in nobody's strip.
"""

import asyncio
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import gradio as gr

from generation.errors import GenerationError
from generation.request.request import PaintSettings
from generation.studio.any_studio import AnyStudio
from provenance.errors import ProvenanceError
from provenance.release.archive import Archive
from provenance.statement.vocabulary import Disclosure
from provenance.tabs.addresses.by_name import credits_in, endpoint, handed_out, hidden_picture, hidden_text
from provenance.tabs.fields.place import place_of
from provenance.tabs.fields.terms import publication_of
from provenance.tabs.fields.uploads import deliver, discard
from provenance.tabs.visits.visitor import address_of, need_artist

from .form import AskedForm, seed_of
from .line import Line, Run, State, Work
from .troubles import words_of

LOOKS = 0.3  # seconds between two looks at a run
DISCLOSURES = [each.value for each in Disclosure]
SAYS = """Paints over a drawing from words with this server's model; signs it, and records who and what made it.

Checked before it is painted: the picture, the people, and whether anybody on record objects to this use of
their work. The signed file is at the address in the answer; a copy that another program wrote (also the
picture that is shown to an agent) has lost its Content Credentials. Prompt and names become public with the
file, unless `disclose` says otherwise.

Args:
    layout: The drawing to paint over.
    prompt: What to paint, in words.
    by: Who does what, as "layout: Mori Aoi; prompt: Abe Rin"; "prompt: -" where somebody is not to be named.
    negative: What to keep out, in words.
    strength: How much may change, above 0 and at most 1.
    steps: Denoising steps.
    guidance: How closely to follow the words.
    long_side: Pixels of the longer side.
    seed: A whole number; the same seed repeats a picture.
    mask: A picture as large as the layout: only where it is white is it painted.
    disclose: How much of the prompt the file says: full, digest or absent.
    production: The film or series; stays in the record here, like episode and shot.
    episode: The episode.
    shot: The shot, such as c014.
    no_training: Whether the file says: not for training, not for mining.
"""


def paint_endpoint(studio: AnyStudio, line: Line, work_of: Callable[[AskedForm], Work]) -> None:
    """The endpoint `paint`; to be called inside gr.Blocks. `work_of` is what a run does when its turn comes."""
    able = studio.capabilities
    numbers = {
        "strength": gr.Number(able.strength, label="strength", visible=False),
        "steps": gr.Number(able.num_inference_steps, label="steps", visible=False, precision=0),
        "guidance": gr.Number(able.guidance_scale, label="guidance", visible=False),
        "long_side": gr.Number(able.long_side, label="long_side", visible=False, precision=0),
    }
    # Text, as on the page: JSON's numbers end at 2**53 in many programs.
    asked = [
        *(hidden_picture("layout"), hidden_text("prompt"), hidden_text("by"), hidden_text("negative")),
        *numbers.values(),
        *(hidden_text("seed", "0"), hidden_picture("mask")),
        gr.Dropdown(DISCLOSURES, value=DISCLOSURES[0], label="disclose", visible=False),
        *(hidden_text(each) for each in ("production", "episode", "shot")),
        gr.Checkbox(label="no_training", visible=False),
    ]
    outputs = [hidden_picture("signed"), gr.JSON(label="answer", visible=False)]
    endpoint("paint", _paint(studio, line, work_of), asked, outputs, at_once=line.places + 1)


def _paint(
    studio: AnyStudio, line: Line, work_of: Callable[[AskedForm], Work]
) -> Callable[..., AsyncIterator[Any]]:
    async def paint(
        request: gr.Request,
        layout: str,
        prompt: str,
        by: str,
        negative: str = "",
        strength: float | None = None,
        steps: int | None = None,
        guidance: float | None = None,
        long_side: int | None = None,
        seed: str = "0",
        mask: str | None = None,
        disclose: str = DISCLOSURES[0],
        production: str = "",
        episode: str = "",
        shot: str = "",
        no_training: bool = False,
    ) -> AsyncIterator[Any]:
        settings: dict[str, Any] = {
            "prompt": str(prompt or "").strip(),
            "negative_prompt": str(negative or "").strip(),
            "strength": strength,
            "guidance_scale": guidance,
            "num_inference_steps": steps,
            "long_side": long_side,
        }
        place = (production, episode, shot)

        def ask() -> Work:
            asked = PaintSettings(**settings, seed=seed_of(seed))
            return work_of(_asked(layout, asked, by, place, mask, disclose, no_training=no_training))

        try:
            run = _in_line(studio.archive, line, request, ask, (layout, mask))
            # Closed here, and not when it is collected: the run is called off before what it takes in is gone.
            async with aclosing(_followed(studio.archive, line, run, (layout, mask))) as followed:
                async for each in followed:
                    yield each
        finally:
            discard([layout, mask])

    paint.__doc__ = SAYS
    return paint


def _in_line(
    archive: Archive,
    line: Line,
    request: gr.Request,
    ask: Callable[[], Work],
    uploads: tuple[str | None, ...],
) -> Run:
    """A place in the line; gr.Error with the reason where there is none, or where it cannot be painted.

    Every address has its share of the line, this machine too: what an agent asks comes from here.
    """
    try:
        need_artist(request, archive.settings)
        work = ask()
        return line.join(secrets.token_hex(8), address_of(request, archive.settings), 1, work)
    except (ProvenanceError, GenerationError) as error:
        raise gr.Error(words_of(error, *uploads), print_exception=False) from error


def _asked(
    layout: str,
    settings: PaintSettings,
    by: str,
    place: tuple[str, str, str],
    mask: str | None,
    disclose: str,
    *,
    no_training: bool,
) -> AskedForm:
    people = credits_in(by)
    return AskedForm(
        layout=Path(layout),
        origin=None,
        settings=settings,
        count=1,
        disclosure=Disclosure(disclose),
        publication=publication_of(no_training, "", "", people),
        mask=Path(mask) if mask else None,
        label=None,
        project=place_of(*place, "temp"),
        credits=people,
    )


async def _followed(
    archive: Archive, line: Line, run: Run, uploads: tuple[str | None, ...]
) -> AsyncGenerator[Any, None]:
    """Where the run stands, as it changes; at its end the signed file and its record, or gr.Error with the reason."""
    changes = -1
    try:
        while not run.state.over:
            run.watched()
            if run.changes != changes:
                changes = run.changes
                yield None, _standing(line, run)
            await asyncio.sleep(LOOKS)
    finally:
        if not run.state.over:  # nobody listens any more
            line.cancel(run.visitor)
    if run.state is not State.DONE or not run.made:
        words = words_of(run.error, *uploads) if run.error is not None else "It was called off."
        raise gr.Error(words, print_exception=False)
    released = run.made[-1]
    path = await asyncio.to_thread(deliver, released.path, released.record.picture)
    yield path, await asyncio.to_thread(handed_out, archive, released)


def _standing(line: Line, run: Run) -> dict[str, Any]:
    if run.state is State.WAITING:
        return {"state": "waiting", "before": line.place(run), "seconds": round(line.seconds(run))}
    return {"state": "painting", "step": run.tick.done, "steps": run.tick.total}
