"""`genzu paint`: a picture over a layout, signed and recorded. No torch before the painting starts."""

from dataclasses import replace
from pathlib import Path

import click

from generation.extras import need
from generation.request import PaintSettings
from provenance.commands.announcing import announced, opened
from provenance.commands.record import tell, who_and_where
from provenance.errors import StatementError
from provenance.media.label import Language
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.override import Override
from provenance.settings import Settings
from provenance.show.terminal import progress
from provenance.statement.credit import clean_name
from provenance.statement.vocabulary import Disclosure


@click.command("paint")
@click.argument("layout", type=click.Path(path_type=Path))
@click.option("--prompt", required=True, help="What to paint, in words.")
@click.option("--negative", default="", help="What to keep out, in words.")
@click.option(
    "--strength", type=float, help="How much may change: above 0, at most 1. Without it, the model's own."
)
@click.option("--steps", type=int, help="Denoising steps; strength decides how many of them run.")
@click.option("--guidance", type=float, help="How closely to follow the words.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed repeats a picture.")
@click.option(
    "--long-side", type=int, help="Pixels of the longer side. Without it, what the model paints best."
)
@click.option(
    "--model", help="'house' (shipped), a diffusers folder, HUB/ID@REVISION, or a .safetensors file."
)
@click.option(
    "--lora",
    "loras",
    multiple=True,
    metavar="FILE[:SCALE]",
    help="Add a LoRA (.safetensors) to the model. It gets its own credit, from FILE's header or a card beside "
    "it (style.json). Repeat for more. Needs genzu[lora].",
)
@click.option(
    "--mask",
    type=click.Path(path_type=Path),
    help="Paint only where this picture is white; black keeps the layout, grey blends. As large as LAYOUT.",
)
@click.option(
    "--clean",
    type=click.Choice(["auto", "on", "off"]),
    default="auto",
    show_default=True,
    help="Clean the layout first: square the page, even its light, firm its lines. auto: only a scan.",
)
@click.option(
    "--disclose",
    type=click.Choice([each.value for each in Disclosure]),
    default=Disclosure.FULL.value,
    show_default=True,
    help="How much of the prompt the signed file says. The ledger keeps it either way.",
)
@click.option(
    "--label",
    type=click.Choice([each.value for each in Language]),
    help="Draw a visible label about AI into a corner, in this language. Off unless you ask.",
)
@click.option(
    "--override-consent",
    "override",
    metavar='"NAME: REASON"',
    help="Paint although somebody objects: who decides that, and why. It is recorded.",
)
@who_and_where
@click.pass_obj
def paint_command(
    settings: Settings,
    /,
    layout: Path,
    prompt: str,
    negative: str,
    strength: float | None,
    steps: int | None,
    guidance: float | None,
    seed: int,
    long_side: int | None,
    model: str | None,
    loras: tuple[str, ...],
    mask: Path | None,
    clean: str,
    disclose: str,
    label: str | None,
    override: str | None,
    job: Job,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Paint over LAYOUT from words. The signed picture goes to OUT, its record into the ledger."""
    need("paint", *(["lora"] if loras else []))
    from generation.studio import Studio

    asked = PaintSettings(
        prompt,
        negative,
        strength,
        guidance,
        steps,
        seed=seed,
        long_side=long_side,
        clean={"auto": None, "on": True, "off": False}[clean],
    )
    job = replace(job, terms=replace(job.terms, override=_override(override)))
    with opened(settings, dry_run=dry_run) as archive, progress() as bar:
        task = bar.add_task("painting", total=None)
        released = Studio.open(archive, model, loras=loras).paint(
            layout,
            asked,
            announced(job, dry_run=dry_run, as_json=as_json, screen=bar.console),
            mask=mask,
            disclosure=Disclosure(disclose),
            label=Language(label) if label else None,
            on_step=lambda done, total, _: bar.update(task, completed=done, total=total),
        )
    with open_archive(settings) as archive:
        tell(released, archive, as_json=as_json)


def _override(text: str | None) -> Override | None:
    if text is None:
        return None
    name, separator, reason = text.partition(":")
    if not separator:
        raise StatementError(f"an override is written 'NAME: REASON', not {text[:80]!r}")
    return Override(clean_name(name), reason.strip())


COMMANDS = (paint_command,)
