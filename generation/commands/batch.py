"""`genzu batch`: a sheet of cuts painted, with candidates for each; what is there already is never painted again."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from generation.batch.outcome import Became, Outcome
from generation.batch.row import Row
from generation.batch.table import Problem, read_table
from generation.commands.asked import ASKED, LIKE, with_like
from generation.commands.columns import CANDIDATES, Given, rows_of
from generation.errors import SheetError
from generation.extras import need
from provenance.commands.announcing import dry_run as dry_run_option
from provenance.commands.announcing import opened
from provenance.commands.opening import as_json as json_option
from provenance.commands.record import WHO_AND_WHERE
from provenance.commands.showing import print_json
from provenance.errors import OutputError
from provenance.release.archive import Archive
from provenance.release.opening import rehearsal
from provenance.settings import Settings
from provenance.show.terminal import console, progress, styled
from provenance.statement.json_value import Json
from provenance.storage.lock import lock_now, unlock

LOCK = ".genzu-batch.lock"
OUR_OWN = frozenset({"out", "dry_run", "as_json", "shot", "keep_private", "mask"})
EPILOG = """\b
Exit codes:
  0  every candidate is painted, signed and recorded
  1  some rows are not, and the others are
  2  nothing was painted: the sheet or the model cannot be used
  130  stopped; run the same command again, and it goes on
"""


def run_options(command: Any) -> Any:
    """The options of `genzu paint` that hold for every row whose cell is empty."""

    def bare() -> None: ...

    for option in reversed((*ASKED, *WHO_AND_WHERE)):
        option(bare)
    for each in bare.__click_params__:  # type: ignore[attr-defined]
        if each.name not in OUR_OWN:
            each.required = False
            command = _with(command, each)
    return command


def _with(command: Any, option: click.Option) -> Any:
    known = getattr(command, "__click_params__", [])
    command.__click_params__ = [*known, option]
    return command


@click.command("batch", epilog=EPILOG)
@click.argument("sheet", type=click.Path(path_type=Path))
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="The folder that the pictures go to."
)
@click.option(
    "--candidates",
    type=click.IntRange(CANDIDATES.start, CANDIDATES.stop - 1),
    default=1,
    show_default=True,
    help="Pictures for each row, their seeds counting up.",
)
@click.option(
    "--format",
    "suffix",
    type=click.Choice(["png", "jpg", "webp", "tif", "avif"]),
    default="png",
    show_default=True,
    help="The format of the pictures.",
)
@click.option(
    "--model", help="'house' (shipped), a diffusers folder, HUB/ID@REVISION, or a .safetensors file."
)
@click.option("--lora", "loras", multiple=True, metavar="FILE[:SCALE]", help="Add a LoRA to the model.")
@click.option(
    "--devices",
    metavar="DEVICE,…",
    help="A process for each, such as cuda:0,cuda:1. Without it: every GPU, or else the processor.",
)
@click.option(
    "--on",
    default="local",
    show_default=True,
    metavar="local|ray|ADDRESS",
    help="What paints: this machine, or a Ray cluster (ray://HOST:10001, or the one that this machine belongs to). "
    "This machine alone signs and writes the record. Needs genzu[cluster].",
)
@click.option(
    "--job",
    type=click.Path(path_type=Path),
    help="Paint nothing: write an Open Job Description job for a render farm into this new folder.",
)
@click.option(
    "--painted", type=click.Path(path_type=Path), help="Sign what a farm painted for the job in this folder."
)
@LIKE
@run_options
@dry_run_option
@json_option
@click.pass_context
def batch_command(
    context: click.Context,
    /,
    sheet: Path,
    out: Path,
    candidates: int,
    suffix: str,
    model: str | None,
    loras: tuple[str, ...],
    devices: str | None,
    on: str,
    job: Path | None,
    painted: Path | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Paint every row of SHEET: a CSV or JSONL file, or a folder of layouts. The signed pictures go into OUT.

    A row is a cut. Its columns are `layout` and, of the same names as the options: prompt, by, strength, seed, mask
    and the like. Any other column fills its {name} in the prompt. A cell that is empty takes the option given here.

    Stopped or killed, run the same command again: what is on the record is not painted again. A row that cannot be
    painted is told, and the others are painted.
    """
    settings: Settings = context.obj
    need("paint", *(["lora"] if loras else []), *(["cluster"] if on != "local" else []))
    options = with_like(options)
    need_apart(sheet, out)
    table = read_table(sheet)
    given = Given({**options, "mask": None, "shot": "", "keep_private": False}, candidates, f".{suffix}")
    rows, problems = rows_of(table, given)
    from generation.batch.run import Work, run_rows

    tell_problems(problems)
    work = Work(model or settings.model, loras, _devices(devices), out, sheet.name, on, painted)
    if job is not None:
        with rehearsal(settings) as archive:
            context.exit(_written(archive, work, rows, job, again(context)))
    with opened(settings, dry_run=dry_run) as archive:
        if dry_run:
            from generation.batch.rehearsal import rehearse

            told = rehearse(archive, work, rows)
            context.exit(_rehearsed(told, problems, as_json=as_json))
        with alone_in(out), Watching({each.number: each.candidates for each in rows}) as watching:
            outcomes = run_rows(archive, work, rows, problems, watching)
    context.exit(tell_outcomes(outcomes, out, as_json=as_json))


def _written(archive: Archive, work: Any, rows: Sequence[Row], folder: Path, sign: Sequence[str]) -> int:
    from generation.batch.rehearsal import write_farm_job

    count = write_farm_job(archive, work, rows, folder, sign)
    click.echo(
        f"{folder / 'job.yaml'}: {count} pictures to paint; nothing is painted, and nothing is on the record"
    )
    click.echo(f"try it here: openjd run {folder / 'job.yaml'}")
    return 0


def again(context: click.Context) -> list[str]:
    """The same command for another machine's shell: every option that was given, paths made absolute."""
    settings: Settings = context.obj
    words = ["--home", str(settings.home.absolute()), "batch", str(context.params["sheet"].absolute())]
    for each in context.command.params:
        name = each.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not given or not isinstance(each, click.Option) or name in {"job", "painted"}:
            continue
        value, flag = context.params[name], max(each.opts, key=len)
        if each.is_flag:
            words.append(flag)
            continue
        for one in value if each.multiple else (value,):
            words += [flag, str(one.absolute()) if isinstance(one, Path) else str(one)]
    return words


def _devices(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    found = tuple(each.strip() for each in text.split(",") if each.strip())
    if not found:
        raise SheetError("--devices names none; write such as cuda:0,cuda:1")
    return found


def need_apart(layouts: Path, out: Path) -> None:
    """SheetError where the pictures would join the layouts, and be painted over by the next run."""
    if layouts.is_dir() and out.exists() and layouts.samefile(out):
        raise SheetError(f"{out} is the folder of the layouts; give another one with --out")


def tell_problems(problems: Sequence[Problem]) -> None:
    """Every row that cannot be painted, before anything is."""
    if problems:
        count = f"{len(problems)} problem{'s' * (len(problems) > 1)}"
        click.echo(f"{count} in the sheet; those rows are left out, the others are painted:", err=True)
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
        raise OutputError(f"{folder} cannot be written to: {error.strerror}") from error


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


def _rehearsed(told: Sequence[Any], problems: Sequence[Problem], *, as_json: bool) -> int:
    bad = [each for each in told if each.refused]
    if as_json:
        rows: list[Json] = [each.to_json() for each in told]
        wrong: list[Json] = [
            {"row": each.number, "column": each.column, "words": each.words} for each in problems
        ]
        print_json({"kind": "genzu batch rehearsal 1", "rows": rows, "problems": wrong})
        return 1 if bad or problems else 0
    screen = console()
    for each in told:
        screen.print(styled(str(each), limit=1_000))
    public = next((each.public for each in told if each.public), ())
    if public:
        screen.print(styled("Anyone with a signed file can read, here of the first:", "bold"))
        for about, words in public:
            screen.print(styled(f"  {about}: {words}", limit=10_100))
    screen.print(styled("Nothing was painted or written."))
    return 1 if bad or problems else 0


COMMANDS = (batch_command,)
