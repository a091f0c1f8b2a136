"""What `genzu batch`, `grid` and `run` share: the options of all rows, and what is said while they run."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from generation.batch.outcome import Became, Outcome
from generation.batch.row import Row
from generation.batch.table import Problem
from generation.batch.works_of_rows import WorksOfRows
from generation.commands.columns import CANDIDATES, OF_A_ROW
from generation.commands.how_loaded import how_it_is_loaded
from generation.errors import SheetError
from generation.extras import need
from generation.works.works import Works
from provenance.errors import OutputError
from provenance.show.terminal import console, print_json, progress, styled
from provenance.statement.counted import counted
from provenance.statement.json_value import Json
from provenance.storage.lock import lock_now, unlock

LOCK = ".genzu-batch.lock"
EXIT_CODES = """\b
Exit codes:
  0  every picture is painted, signed and recorded
  1  at least one is not, and is named; the others are
  2  nothing was painted: the sheet, the recipe or the model cannot be used
  130  stopped; run the same command again, and it goes on
"""
OUR_OWN = frozenset({"out", "dry_run", "as_json", "shot", "keep_private"})
OF_ONE_LAYOUT = frozenset({"mask", "guides"})  # pictures as large as it

out_option = click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="The folder that the pictures go to."
)
model_option = click.option(
    "--model",
    help="'house', a name of `genzu models`, a diffusers folder, HUB/ID@REVISION, or a .safetensors file.",
)


def candidates_option(words: str) -> Callable[[Any], Any]:
    """`--candidates`; `words` say of what."""
    return click.option(
        "--candidates",
        type=click.IntRange(CANDIDATES.start, CANDIDATES.stop - 1),
        default=1,
        show_default=True,
        help=words,
    )


def of_many_rows(*, one_layout: bool = False) -> Callable[[Any], Any]:
    """The options that every such command has: those of a row, and how the model is loaded.

    The command gets the options of a row as a sheet's columns do, by their names in Python; they hold for every row
    whose cell is empty. `one_layout` says that all rows are of one layout, so that its mask can be given for all.
    """
    left_out = OUR_OWN if one_layout else OUR_OWN | OF_ONE_LAYOUT

    def given(command: Any) -> Any:
        return how_it_is_loaded(_of_a_row(command, left_out))

    return given


def _of_a_row(command: Any, left_out: frozenset[str]) -> Any:
    def bare() -> None: ...

    for option in reversed(OF_A_ROW):
        option(bare)
    for each in bare.__click_params__:  # type: ignore[attr-defined]
        if each.name not in left_out:
            each.required = False
            command = _with(command, each)
    return command


def with_their_works(rows: Sequence[Row]) -> tuple[Works, list[Row]]:
    """The works that these rows name together, and the rows with how each weighs them."""
    found = WorksOfRows.of(rows)
    if found.works.loras:
        need("lora")
    return found.works, found.weighed(rows)


def _with(command: Any, option: click.Option) -> Any:
    known = getattr(command, "__click_params__", [])
    command.__click_params__ = [*known, option]
    return command


def need_apart(layouts: Path, out: Path) -> None:
    """SheetError where the pictures would join the layouts, and be painted over by the next run."""
    if layouts.is_dir() and out.exists() and layouts.samefile(out):
        raise SheetError(f"{out} is the folder of the layouts; give another one with --out")


def tell_problems(problems: Sequence[Problem]) -> None:
    """Every row that cannot be painted, before anything is."""
    if problems:
        click.echo(
            f"{counted(len(problems), 'problem')} in the sheet; a row that has one is left out:", err=True
        )
    for each in problems:
        click.echo(f"  {each}", err=True)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Makes the folder and keeps a second run out of it; OutputError where one is at work there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / LOCK).open("a") as file:
            try:
                lock_now(file)
            except BlockingIOError:
                raise OutputError(f"another run is painting into {folder}; wait for it") from None
            try:
                yield
            finally:
                (folder / LOCK).unlink(missing_ok=True)
                unlock(file)
    except OSError as error:
        raise OutputError.of(error, f"{folder} cannot be written to") from error


class Watching:
    """How far a run is: a bar with the time left in a terminal, a line for each picture elsewhere.

    `sizes` are the candidates of each row by its number.
    """

    def __init__(self, sizes: Mapping[int, int]) -> None:
        self._sizes = sizes
        self._total, self._done, self._made = sum(sizes.values()), 0, 0
        self._first = 0.0  # when the first picture was there: loading the model says nothing about the rest
        self._bar = progress()
        self._task = self._bar.add_task("painting", total=self._total)

    def __enter__(self) -> "Watching":
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, outcome: Outcome) -> None:
        self._done += 1 if outcome.candidate else self._sizes.get(outcome.row, 0)
        if outcome.became is Became.PAINTED:
            self._made += 1
            self._first = self._first or time.monotonic()
        screen = self._bar.console
        self._bar.update(self._task, completed=self._done, description=outcome.name[:30])
        if outcome.became is Became.FAILED:
            screen.print(styled(line_of(outcome), limit=600))
        elif not screen.is_terminal and outcome.became is Became.PAINTED:
            where = f"{self._done} of {self._total}{self._left()}"
            screen.print(styled(f"{outcome.name} {outcome.candidate} painted  ({where})"))

    def _left(self) -> str:
        """About how long it will take, from the pictures that were painted in this run."""
        left = self._total - self._done
        if self._made < 2 or left <= 0:
            return ""
        return f", about {_lasting((time.monotonic() - self._first) / (self._made - 1) * left)} left"


def line_of(outcome: Outcome) -> str:
    """A candidate or a row that could not be painted, in one line."""
    name = f", {outcome.name}" if outcome.name else ""
    which = f" {outcome.candidate}" if outcome.candidate else ""
    return f"row {outcome.row}{name}{which}: {outcome.words}"


def _lasting(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


def tell_outcomes(outcomes: Sequence[Outcome], out: Path, *, as_json: bool) -> int:
    """Says what became of all; the exit code."""
    count = {each: sum(1 for one in outcomes if one.became is each) for each in Became}
    if as_json:
        items: list[Json] = [dict(each.to_json()) for each in outcomes]
        print_json({"kind": "genzu batch 1", "folder": str(out), "candidates": items})
    else:
        told = ", ".join(f"{number} {each.value}" for each, number in count.items() if number)
        screen = console()
        screen.print(styled(f"{told or 'nothing to do'}"))
        for each in outcomes:
            if each.became is Became.FAILED:
                screen.print(styled(f"  {line_of(each)}", limit=700))
        screen.print(styled(f"look at them  {out / 'index.html'}"))
        screen.print(styled(f"what became   {out / 'result.csv'}"))
    return 1 if count[Became.FAILED] or count[Became.STOPPED] else 0
