"""`genzu replay`: recorded pictures painted again, and how near that comes."""

import random
import secrets
from collections.abc import Iterator

import click

from generation.commands.with_works import with_works
from generation.errors import ReplayError
from generation.extras import need
from generation.works.works import Works
from provenance.commands.interrupt import was_asked
from provenance.commands.opening import as_json, reading
from provenance.errors import NotRecorded
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord, State
from provenance.release.opening import rehearsal
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, progress, styled
from provenance.statement.counted import counted
from provenance.statement.json_value import Json
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Step

EPILOG = """\b
Exit codes:
  0  every picture came out identical or within tolerance
  1  at least one came out different
  2  at least one could not be painted again (and none is different)
"""


@click.command("replay", epilog=EPILOG)
@click.argument("pictures", nargs=-1, metavar="[ID ...]")
@click.option("--all", "every", is_flag=True, help="Every released painting of the ledger.")
@click.option("--sample", type=click.IntRange(min=1), help="With --all: only this many, drawn at random.")
@click.option("--lot", help="The words that decide the draw; the same words draw the same pictures.")
@click.option("--model", help="The model that painted them, as for `genzu paint`.")
@with_works
@as_json
@click.pass_context
def replay_command(
    context: click.Context,
    pictures: tuple[str, ...],
    every: bool,
    sample: int | None,
    lot: str | None,
    model: str | None,
    works: Works,
    as_json: bool,
) -> None:
    """Paint recorded pictures again, from their records alone, and say how close that comes.

    Nothing is written. A picture whose words or layout were erased cannot be painted again, and is named.
    """
    settings: Settings = context.obj
    if every == bool(pictures):
        raise click.UsageError("give the ids of pictures (`genzu log` lists them), or --all")
    if sample is not None and not every:
        raise click.UsageError("--sample draws from --all pictures")
    need("paint", *(["lora"] if works.loras else []))
    with reading(settings) as opened:
        records = _painted(opened.held) if every else [opened.held.picture(each) for each in pictures]
    lot = lot or secrets.token_hex(4)
    if sample is not None and sample < len(records):
        records = _drawn(records, sample, lot)
        click.echo(
            f"{counted(sample, 'picture')} drawn by the lot {lot}; --lot {lot} draws them again", err=True
        )
    if not records:
        raise NotRecorded("this ledger has no released painting; `genzu paint` makes one")
    answers = list(_answers(settings, records, model, works))
    if as_json:
        print_json({"kind": "genzu replay 1", "pictures": list[Json](answers)})
    else:
        _show(answers)
    outcomes = {each["outcome"] for each in answers}
    context.exit(1 if "different" in outcomes else 2 if None in outcomes else 0)


def _painted(ledger: AnyLedger) -> list[PictureRecord]:
    released = ledger.pictures(state=State.RELEASED, limit=-1)
    return [each for each in reversed(released) if each.statement.step is Step.PAINT]


def _drawn(records: list[PictureRecord], sample: int, lot: str) -> list[PictureRecord]:
    """A sample that the same words draw again from the same records, in their order."""
    chosen = random.Random(lot).sample(range(len(records)), sample)  # noqa: S311 - a lot to repeat, no secret
    return [records[place] for place in sorted(chosen)]


def _answers(
    settings: Settings, records: list[PictureRecord], model: str | None, works: Works
) -> Iterator[dict[str, Json]]:
    """One answer a picture; `outcome` null where it could not be painted again."""
    from generation.engine.converted import Conversions
    from generation.studio.replay import replay
    from generation.studio.studio import CONVERTED, Studio

    with rehearsal(settings) as archive, progress() as bar:
        studio = Studio.open(archive, model, works=works)
        kept = settings.home / CONVERTED
        if Conversions(kept, studio.model.digest).there:
            studio.kept = kept
        task = bar.add_task("painting again", total=len(records))
        for record in records:
            try:
                yield replay(studio, record, was_asked).to_json()
            except ReplayError as error:
                yield {"picture": record.picture, "outcome": None, "because": str(error)}
            bar.advance(task)


def _show(answers: list[dict[str, Json]]) -> None:
    screen = console()
    styles = {"identical": "green", "within tolerance": "green", "different": "red", None: "yellow"}
    for each in answers:
        outcome = each["outcome"]
        told = each.get("words") or each["because"]
        style = styles[outcome if isinstance(outcome, str) else None]
        screen.print(styled(f"{each['picture']}  {plain(str(told), 600)}", style, limit=800))


COMMANDS = (replay_command,)
