"""`genzu run`: a recipe's steps over every layout of a folder or a sheet, each step with its record and its parent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from generation.batch.outcome import Became, Outcome
from generation.batch.recipe import Recipe, RecipeStep, read_recipe
from generation.batch.row import Row
from generation.batch.table import Line, Problem, Table, read_table
from generation.batch.words import places
from generation.batch.work import Work
from generation.commands.columns import Given, columns, rows_of
from generation.commands.many_rows import (
    Watching,
    alone_in,
    candidates_option,
    lora_option,
    model_option,
    need_apart,
    out_option,
    run_options,
    tell_outcomes,
    tell_problems,
)
from generation.errors import SheetError
from generation.extras import need
from provenance.commands.announcing import opened
from provenance.commands.job_options import dry_run as dry_run_option
from provenance.commands.opening import as_json as json_option
from provenance.release.archive import Archive
from provenance.settings import Settings
from provenance.show.terminal import console, styled
from provenance.statement.vocabulary import Stage

TEXTS = ("prompt", "negative")
THERE = frozenset({Became.PAINTED, Became.THERE})


@dataclass(frozen=True, slots=True)
class Cuts:
    """The layouts of a run: the sheet, and the cells of each of its lines by number."""

    table: Table
    recipe: Recipe
    given: Given

    def rows(self, at: int, layouts: Mapping[int, Path] | None = None) -> tuple[list[Row], list[Problem]]:
        """The rows of a step, counted from 0, over the files of the step before (None: over the layouts)."""
        step, last = self.recipe.steps[at], at == len(self.recipe.steps) - 1
        lines = [self._line(each, at, step, last, layouts) for each in self.table.lines]
        kept = tuple(each for each in lines if each is not None)
        has = dict.fromkeys([*self.table.columns, *(name for each in kept for name in each.cells)])
        used = {name for each in self.recipe.steps for text in _texts(each) for name in places(text)}
        given = replace(self.given, candidates=self.given.candidates if last else 1, used=frozenset(used))
        return rows_of(Table(self.table.folder, tuple(has), kept), given)

    def _line(
        self, line: Line, at: int, step: RecipeStep, last: bool, layouts: Mapping[int, Path] | None
    ) -> Line | None:
        if line.problem is not None:
            return line if at == 0 else None
        if layouts is not None and line.number not in layouts:
            return None
        base = _base(line)
        cells = {**line.cells, **step.values}
        cells["name"] = (f"{base}-{at + 1}-{step.slug}",)
        cells.setdefault("shot", (base,))
        if layouts is not None:
            # Absolute, so that the sheet's own folder has no part in it.
            cells["layout"] = (str(layouts[line.number].absolute()),)
            cells.pop("clean", None)
        if not last:
            cells["stage"] = (Stage.TEMP.value,)
            cells.pop("candidates", None)
        return Line(line.number, cells, variables=line.cells)


def _base(line: Line) -> str:
    named = line.cells.get("name") or line.cells.get("shot")
    return named[0] if named else Path(line.cells.get("layout", ("row",))[0]).stem


def _texts(step: RecipeStep) -> list[str]:
    return [text for name in TEXTS for text in step.values.get(name, ())]


@click.command("run")
@click.argument("recipe", type=click.Path(path_type=Path))
@click.argument("layouts", type=click.Path(path_type=Path))
@out_option
@candidates_option("Pictures of the last step for each layout.")
@model_option
@lora_option
@run_options
@dry_run_option
@json_option
@click.pass_context
def run_command(
    context: click.Context,
    /,
    recipe: Path,
    layouts: Path,
    out: Path,
    candidates: int,
    model: str | None,
    loras: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Run RECIPE over LAYOUTS: a folder of them, or a sheet as for `genzu batch`. The signed pictures go into OUT.

    A recipe is a TOML file with a table [[step]] for each pass; a step holds options of `genzu paint`. Each step is
    painted over the file of the step before, which its record names as its parent. Columns of the sheet fill {places}
    in the prompts. If it is stopped or killed, run the same command again.
    """
    settings: Settings = context.obj
    need("paint", *(["lora"] if loras else []))
    need_apart(layouts, out)
    read = read_recipe(recipe, [*columns(), "candidates"])
    given = Given({**options, "mask": None, "shot": "", "keep_private": False}, candidates)
    cuts = Cuts(read_table(layouts), read, given)
    problems = _problems(cuts)
    tell_problems(problems)
    if dry_run:
        context.exit(_rehearse(cuts, problems))
    work = Work(model or settings.model, loras, (), out, read.name)
    with opened(settings, dry_run=False) as archive, alone_in(out):
        outcomes = _run(archive, work, cuts, problems)
    context.exit(tell_outcomes(outcomes, out, as_json=as_json))


def _problems(cuts: Cuts) -> list[Problem]:
    """What is wrong in any step, each once; SheetError where no row is right in the first."""
    found: dict[str, Problem] = {}
    for at in range(len(cuts.recipe.steps)):
        rows, problems = cuts.rows(at)
        found |= {str(each): each for each in problems}
        if at == 0 and not rows:
            raise SheetError("; ".join(found) or "there is no layout that can be painted")
    return list(found.values())


def _run(archive: Archive, work: Work, cuts: Cuts, problems: Sequence[Problem]) -> list[Outcome]:
    """Every step over every layout that came so far. A layout with a problem in any step is left out of all."""
    from generation.batch.paper import leave
    from generation.batch.run import left_out, paint_rows
    from generation.studio import Studio

    bad = {each.number for each in problems}
    outcomes = [left_out(each) for each in problems]
    every: list[Row] = []
    studio = Studio.open(archive, work.model, loras=work.loras)
    layouts: dict[int, Path] | None = None
    try:
        for at in range(len(cuts.recipe.steps)):
            rows = [each for each in cuts.rows(at, layouts)[0] if each.number not in bad]
            every += rows
            made: list[Outcome] = []
            with Watching({each.number: each.candidates for each in rows}) as watching:
                try:
                    paint_rows(studio, work, rows, made, watching)
                finally:
                    outcomes += made
            layouts = {each.row: each.path for each in made if each.became in THERE and each.path is not None}
    finally:
        leave(work.folder, work.title, every, outcomes)
    return outcomes


def _rehearse(cuts: Cuts, problems: Sequence[Problem]) -> int:
    screen = console()
    bad = {each.number for each in problems}
    for at, step in enumerate(cuts.recipe.steps):
        screen.print(styled(f"step {at + 1}  {step.name}", "bold"))
        for row in cuts.rows(at)[0]:
            if row.number not in bad:
                screen.print(styled(f"  row {row.number}  {row.name}: {row.settings.prompt}", limit=1_000))
    screen.print(styled("Nothing was painted or written."))
    return 1 if problems else 0


COMMANDS = (run_command,)
