"""`genzu batch`: a sheet of cuts painted, with candidates for each; what is there already is never painted again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from generation.batch.row import Row
from generation.batch.table import Problem, read_table
from generation.batch.work import Work
from generation.commands.columns import Given, rows_of
from generation.commands.like_option import LIKE, with_like
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
    with_their_works,
)
from generation.engine.loading import Loading
from generation.errors import SheetError
from generation.extras import need
from provenance.commands.announcing import opened
from provenance.commands.job_options import dry_run as dry_run_option
from provenance.commands.opening import as_json as json_option
from provenance.release.archive import Archive
from provenance.release.opening import rehearsal
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, styled
from provenance.statement.counted import counted
from provenance.statement.json_value import Json


@click.command("batch", epilog=EXIT_CODES)
@click.argument("sheet", type=click.Path(path_type=Path))
@out_option
@candidates_option("Pictures for each row, their seeds counting up.")
@click.option(
    "--format",
    "suffix",
    type=click.Choice(["png", "jpg", "webp", "tif", "avif"]),
    default="png",
    show_default=True,
    help="The format of the pictures.",
)
@model_option
@click.option(
    "--devices",
    metavar="DEVICE,…",
    help="One process per device, such as cuda:0,cuda:1. Default: every GPU, or else the processor.",
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
@of_many_rows()
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
    loading: Loading,
    devices: str | None,
    on: str,
    job: Path | None,
    painted: Path | None,
    dry_run: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Paint every row of SHEET: a CSV or JSONL file, or a folder of layouts. The signed pictures go into OUT.

    A row is a cut. Its columns are `layout` and any of the options by its name: prompt, by, strength, seed, mask and
    so on. Any other column fills its {name} in the prompt. A cell that is empty takes the option given here.

    If it is stopped or killed, run the same command again: what is on the record is not painted again. A row that
    cannot be painted is reported, and the others are painted.
    """
    settings: Settings = context.obj
    need("paint", *(["cluster"] if on != "local" else []))
    options = with_like(options)
    need_apart(sheet, out)
    table = read_table(sheet)
    rows, problems = rows_of(table, Given.of(options, candidates, f".{suffix}"))
    works, rows = with_their_works(rows)
    from generation.batch.run import run_rows

    tell_problems(problems)
    work = Work(model or settings.model, works, _devices(devices), out, sheet.name, on, painted, loading)
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


def _written(archive: Archive, work: Work, rows: Sequence[Row], folder: Path, sign: Sequence[str]) -> int:
    from generation.batch.rehearsal import write_farm_job

    count = write_farm_job(archive, work, rows, folder, sign)
    click.echo(
        f"{folder / 'job.yaml'}: {counted(count, 'picture')} to paint; nothing is painted, and nothing is on the record"
    )
    click.echo(f"try it here: openjd run {folder / 'job.yaml'}")
    return 0


def again(context: click.Context) -> list[str]:
    """The same command for another machine's shell: every option that was given, paths made absolute."""
    settings: Settings = context.obj
    words = ["--home", str(settings.home.absolute())]
    words += ["--policy", str(settings.policy.absolute())] if settings.policy else []
    words += ["batch", str(context.params["sheet"].absolute())]
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
