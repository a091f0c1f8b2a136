"""`genzu grid`: one layout painted along axes (words, seeds, strengths …), with a contact sheet that names them."""

import itertools
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from generation.batch.contact import Axis, Cell, grid_sheet
from generation.batch.outcome import Became, Outcome
from generation.batch.table import Line, Table
from generation.batch.words import patterns
from generation.batch.work import Work
from generation.commands.columns import Given, columns, rows_of
from generation.commands.like_option import LIKE, with_like
from generation.commands.many_rows import (
    EXIT_CODES,
    Watching,
    alone_in,
    model_option,
    of_many_rows,
    out_option,
    tell_outcomes,
    tell_problems,
    with_their_works,
)
from generation.engine.loading import Loading
from generation.errors import SheetError
from generation.extras import need
from provenance.commands.announcing import opened
from provenance.commands.opening import as_json as json_option
from provenance.media.picture import encode
from provenance.settings import Settings
from provenance.storage.atomic import save

AXES = 3  # across, down, and a sheet for each of the third
MOST = 1000  # pictures of one grid
NO_AXIS = frozenset({"by", "pseudonym", "shot", "mask"})  # people and place are the same all over a grid
_RANGE = re.compile(r"(\d{1,19})\.\.(\d{1,19})")
THERE = frozenset({Became.PAINTED, Became.THERE})


@click.command("grid", epilog=EXIT_CODES)
@click.argument("layout", type=click.Path(path_type=Path))
@click.option(
    "--vary",
    "varied",
    multiple=True,
    metavar="OPTION=VALUE,VALUE,…",
    help="An axis: an option of `genzu paint` and its values, such as strength=0.4,0.6 or seed=1..4; with | between "
    "values that hold a comma. Repeat for more: across, down, then a sheet for each.",
)
@out_option
@model_option
@LIKE
@of_many_rows(one_layout=True)
@json_option
@click.pass_context
def grid_command(
    context: click.Context,
    /,
    layout: Path,
    varied: tuple[str, ...],
    out: Path,
    model: str | None,
    loading: Loading,
    as_json: bool,
    **options: Any,
) -> None:
    """Paint LAYOUT for each combination of the axes. Every picture is signed and recorded; OUT gets a contact sheet.

    A prompt such as "{dusk|night} sky" is an axis of its own, the first. What is on the record is not painted again.
    """
    settings: Settings = context.obj
    need("paint")
    options = with_like(options)
    axes = list(_axes(options.get("prompt") or "", varied))
    if not axes:
        raise click.UsageError(
            "name an axis with --vary, or write a pattern such as {dusk|night} into the prompt"
        )
    if len(axes) > AXES:
        raise SheetError(f"a grid has {AXES} axes at most, these are {len(axes)}")
    table = _table(layout, axes)
    rows, problems = rows_of(table, Given.of(options))
    works, rows = with_their_works(rows)
    tell_problems(problems)
    from generation.batch.run import run_rows

    title = f"{layout.stem}, a grid"
    work = Work(model or settings.model, works, (), out, title, loading=loading)
    sizes = {each.number: 1 for each in rows}
    with opened(settings, dry_run=False) as archive, alone_in(out):
        with Watching(sizes) as watching:
            outcomes = run_rows(archive, work, rows, problems, watching)
        sheets = [*_sheets(layout.stem, axes, outcomes, out)]
    code = tell_outcomes(outcomes, out, as_json=as_json)
    if not as_json:
        for each in sheets:
            click.echo(f"the grid      {each}")
    context.exit(code)


def _axes(prompt: str, varied: Sequence[str]) -> Iterator[Axis]:
    """The axes in their order; SheetError says what one is written like."""
    words = tuple(patterns(prompt))
    if len(words) > 1:
        yield Axis("prompt", words)
    known = columns()
    for each in varied:
        name, separator, text = each.partition("=")
        name = name.strip().lower()
        if not separator or name not in known or name in NO_AXIS:
            raise SheetError(
                f"an axis is written OPTION=VALUE,VALUE with an option of `genzu paint`, not {each[:60]!r}"
            )
        values = tuple(_values(text))
        if len(set(values)) < len(values) or not values:
            raise SheetError(f"the axis {name} has no value, or one twice: {text[:60]!r}")
        yield Axis(name, values)


def _values(text: str) -> Iterator[str]:
    for part in text.split("|" if "|" in text else ","):
        span = _RANGE.fullmatch(part.strip())
        if span is None:
            if part.strip():
                yield part.strip()
            continue
        first, last = int(span[1]), int(span[2])
        if not 0 <= last - first < MOST:
            raise SheetError(f"{part.strip()} is no range of at most {MOST} numbers, the smaller one first")
        yield from map(str, range(first, last + 1))


def _table(layout: Path, axes: Sequence[Axis]) -> Table:
    """A sheet with a row for each meeting of the axes."""
    names = [each.name for each in axes]
    if len(set(names)) < len(names):
        raise SheetError("an axis is named twice; give all its values at once")
    meetings = list(itertools.product(*(each.values for each in axes)))
    if len(meetings) > MOST:
        raise SheetError(f"this grid has {len(meetings):,} pictures, and {MOST:,} are painted at most")
    digits = max(2, len(str(len(meetings))))
    lines = [
        Line(
            number,
            {
                "layout": (str(layout.absolute()),),
                "name": (f"{layout.stem}-{number:0{digits}d}",),
                "shot": (layout.stem,),
                **{name: (value,) for name, value in zip(names, values, strict=True)},
            },
        )
        for number, values in enumerate(meetings, 1)
    ]
    return Table(Path(), ("layout", "name", "shot", *names), tuple(lines))


def _sheets(title: str, axes: Sequence[Axis], outcomes: Sequence[Outcome], folder: Path) -> Iterator[Path]:
    """Writes a contact sheet for each value of the third axis, or the one; where each stands."""
    across, down, third = (*axes, Axis("", ("",)), Axis("", ("",)))[:AXES]
    files = {each.row: each.path for each in outcomes if each.became in THERE}
    numbers = itertools.count(1)
    meetings = {key: next(numbers) for key in itertools.product(*(each.values for each in axes))}
    for at, value in enumerate(third.values, 1):
        cells = [
            [Cell(files.get(meetings[(x, y, value)[: len(axes)]]), "") for x in across.values]
            for y in down.values
        ]
        about = f"{title}: {third.name} {value}" if third.name else title
        path = folder / (f"grid-{at}.jpg" if third.name else "grid.jpg")
        save(path, encode(grid_sheet(about, across, down, cells), "image/jpeg"))
        yield path


COMMANDS = (grid_command,)
