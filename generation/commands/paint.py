"""`genzu paint`: a picture over a layout, signed and recorded. No torch before the painting starts."""

from dataclasses import replace
from pathlib import Path

import click

from generation.commands.asked import Asked
from generation.commands.how_loaded import how_it_is_loaded
from generation.commands.like_option import what_is_asked
from generation.commands.with_works import with_works
from generation.engine.loading import Loading
from generation.extras import need
from generation.words.lexicon import understood
from generation.works.works import Works, check_called, check_looked_at
from provenance.commands.announcing import announced, opened
from provenance.commands.interrupt import was_asked
from provenance.commands.job_options import who_and_where
from provenance.commands.record import tell
from provenance.errors import StatementError
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.override import Override
from provenance.settings import Settings
from provenance.show.terminal import progress, styled
from provenance.statement.credit import clean_name
from provenance.statement.statement import PROMPT_LIMIT

REMARK_LIMIT = 1000  # characters of what is said about a prompt


@click.command("paint")
@click.argument("layout", type=click.Path(path_type=Path))
@what_is_asked
@click.option(
    "--model",
    help="'house', a name of `genzu models`, a diffusers folder, HUB/ID@REVISION, or a .safetensors file.",
)
@with_works
@click.option(
    "--no-mark",
    is_flag=True,
    help="Leave out the faint mark by which the picture is found again without its metadata; the record says so.",
)
@click.option(
    "--override-consent",
    "override",
    metavar='"NAME: REASON"',
    help="Paint although somebody objects: who decides that, and why. It is recorded.",
)
@how_it_is_loaded
@who_and_where
@click.pass_obj
def paint_command(
    settings: Settings,
    /,
    layout: Path,
    asked: Asked,
    model: str | None,
    works: Works,
    no_mark: bool,
    override: str | None,
    loading: Loading,
    job: Job,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Paint over LAYOUT from words. The signed picture goes to OUT, its record into the ledger."""
    need("paint", *(["lora"] if works.loras else []))
    from generation.studio.studio import Studio

    check_called(works.embeddings, (asked.settings.prompt, asked.settings.negative_prompt))
    check_looked_at(works, styled=bool(asked.beside.styles))

    job = replace(job, terms=replace(job.terms, override=_override(override)))
    with opened(settings, dry_run=dry_run) as archive, progress() as bar:
        task = bar.add_task("painting", total=None)
        studio = Studio.open(archive, model, works=works, loading=loading)
        for remark in understood(asked.settings.prompt, studio.model.words).remarks:
            bar.console.print(styled(remark, "yellow", limit=REMARK_LIMIT))
        released = studio.paint(
            layout,
            asked.settings,
            announced(job, dry_run=dry_run, as_json=as_json, screen=bar.console),
            mask=asked.mask,
            beside=asked.beside,
            disclosure=asked.disclosure,
            label=asked.label,
            mark=not no_mark,
            cancelled=was_asked,
            on_step=lambda done, total, _: bar.update(task, completed=done, total=total),
            on_note=lambda words: bar.console.print(styled(words, "yellow", limit=PROMPT_LIMIT + 100)),
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
