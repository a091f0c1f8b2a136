"""`genzu run`: a recipe's steps over every layout of a folder or a sheet, each step with its record and its parent."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generation.batch.outcome import Became, Outcome
from generation.batch.recipe import Recipe, RecipeStep, read_recipe
from generation.batch.row import Row
from generation.batch.table import Line, Problem, Table, read_table
from generation.batch.words import places
from generation.batch.work import Work
from generation.batch.works_of_rows import WorksOfRows
from generation.commands.columns import SEPARATOR, Given, columns, rows_of
from generation.commands.many_rows import (
    EXIT_CODES,
    Watching,
    alone_in,
    candidates_option,
    model_option,
    need_apart,
    of_many_rows,
    out_option,
    tell_outcomes,
    tell_problems,
)
from generation.commands.named_files import NAMING, absolute
from generation.engine.loading import Loading
from generation.errors import SheetError
from generation.extras import need
from generation.works.works import NO_WORKS
from provenance.commands.announcing import opened
from provenance.commands.job_options import dry_run as dry_run_option
from provenance.commands.opening import as_json as json_option
from provenance.release.archive import Archive
from provenance.release.opening import rehearsal
from provenance.settings import Settings
from provenance.show.terminal import console, styled
from provenance.statement.vocabulary import Stage

if TYPE_CHECKING:
    from generation.studio.studio import Studio

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


@click.command("run", epilog=EXIT_CODES)
@click.argument("recipe", type=click.Path(path_type=Path))
@click.argument("layouts", type=click.Path(path_type=Path))
@out_option
@candidates_option("Pictures of the last step for each layout.")
@model_option
@of_many_rows()
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
    loading: Loading,
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
    need("paint")
    need_apart(layouts, out)
    read = _placed(read_recipe(recipe, [*columns(), "candidates"]), recipe.parent)
    cuts = Cuts(read_table(layouts), read, Given.of(options, candidates))
    problems = _problems(cuts)
    tell_problems(problems)
    work = Work(model or settings.model, NO_WORKS, (), out, read.name, loading=loading)
    passes = _passes(work, cuts, {each.number for each in problems})
    if dry_run:
        with rehearsal(settings) as archive:
            context.exit(_rehearse(archive, passes, cuts, problems))
    with opened(settings, dry_run=False) as archive, alone_in(out):
        outcomes = _run(archive, passes, cuts, problems)
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


@dataclass(frozen=True, slots=True)
class Pass:
    """One step of a run: with which model, and the works that all steps of this model use."""

    work: Work
    works: WorksOfRows


def _passes(work: Work, cuts: Cuts, bad: Collection[int]) -> list[Pass]:
    """The steps. What steps of one model have beside it is loaded once for all of them."""
    models = [each.model or work.model for each in cuts.recipe.steps]
    of_model: dict[str, list[Row]] = {}
    for at, model in enumerate(models):
        rows = (each for each in cuts.rows(at)[0] if each.number not in bad)
        of_model.setdefault(model, []).extend(rows)
    works = {model: WorksOfRows.of(rows) for model, rows in of_model.items()}
    if any(each.works.loras for each in works.values()):
        need("lora")
    return [Pass(replace(work, model=each, works=works[each].works), works[each]) for each in models]


def _run(archive: Archive, passes: Sequence[Pass], cuts: Cuts, problems: Sequence[Problem]) -> list[Outcome]:
    """Every step over every layout that came so far. A layout with a problem in any step is left out of all."""
    from generation.batch.paper import leave
    from generation.batch.run import left_out, paint_rows

    studios = _studios(archive, passes)
    outcomes = [left_out(each) for each in problems]
    bad = {each.number for each in problems} | _refused(studios, passes, cuts, outcomes)
    every: list[Row] = []
    layouts: dict[int, Path] | None = None
    first = passes[0].work
    try:
        for at, step in enumerate(passes):
            if layouts is not None and not layouts:
                break  # nothing came out of the step before
            rows = [each for each in cuts.rows(at, layouts)[0] if each.number not in bad]
            every += rows
            made: list[Outcome] = []
            for model, other in studios.items():
                if model != step.work.model:
                    other.let_go()  # one model at a time is in memory
            with Watching({each.number: each.candidates for each in rows}) as watching:
                try:
                    paint_rows(studios[step.work.model], step.work, step.works.weighed(rows), made, watching)
                finally:
                    outcomes += made
            layouts = {each.row: each.path for each in made if each.became in THERE and each.path is not None}
    finally:
        leave(first.folder, first.title, every, outcomes)
    return outcomes


def _studios(archive: Archive, passes: Sequence[Pass]) -> "dict[str, Studio]":
    """A studio for each model of a run; no weights are loaded for it."""
    from generation.studio.studio import Studio

    return {
        each.work.model: Studio.open(
            archive, each.work.model, works=each.work.works, loading=each.work.loading
        )
        for each in passes
    }


def _refused(
    studios: "Mapping[str, Studio]", passes: Sequence[Pass], cuts: Cuts, outcomes: list[Outcome]
) -> set[int]:
    """The rows of which the model refuses some step, told before the first is painted; they join the outcomes.

    A mask or a guide of a later step lies over the file of the step before, of which nobody knows the size yet.
    """
    from generation.batch.check import faults
    from generation.batch.run import left_out

    bad: set[int] = set()
    for at, step in enumerate(passes):
        studio = studios[step.work.model]
        for row in step.works.weighed(cuts.rows(at)[0]):
            if row.number in bad or (at and (row.mask is not None or row.beside.guides)):
                continue
            for each in faults(studio.capabilities, row, studio.adapters):
                bad.add(row.number)
                outcomes.append(left_out(each, row.name))
                click.echo(f"  {each}", err=True)
    return bad


def _placed(recipe: Recipe, folder: Path) -> Recipe:
    """The recipe with the files that its steps name from its own folder as absolute paths."""
    known = columns()

    def values(step: RecipeStep) -> Iterator[tuple[str, tuple[str, ...]]]:
        for name, texts in step.values.items():
            option = known.get(name)
            if option is None or option.name not in NAMING:
                yield name, texts
                continue
            several = (part.strip() for text in texts for part in text.split(SEPARATOR) if part.strip())
            parts = several if option.multiple else texts
            yield name, tuple(absolute(option.name, part, folder) for part in parts)

    return replace(recipe, steps=tuple(replace(each, values=dict(values(each))) for each in recipe.steps))


def _rehearse(archive: Archive, passes: Sequence[Pass], cuts: Cuts, problems: Sequence[Problem]) -> int:
    """Says what each step would paint, and what its model refuses; nothing is loaded or written."""
    screen = console()
    refused = _refused(_studios(archive, passes), passes, cuts, [])
    bad = {each.number for each in problems} | refused
    for at, step in enumerate(cuts.recipe.steps):
        model = f"  (model {step.model})" if step.model else ""
        screen.print(styled(f"step {at + 1}  {step.name}{model}", "bold"))
        for row in cuts.rows(at)[0]:
            if row.number not in bad:
                screen.print(styled(f"  row {row.number}  {row.name}: {row.settings.prompt}", limit=1_000))
    screen.print(styled("Nothing was painted or written."))
    return 1 if bad else 0


COMMANDS = (run_command,)
