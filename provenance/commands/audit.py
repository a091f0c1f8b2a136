"""`genzu audit`: folders and archives in, one row a picture out, as a table or a report."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from provenance.audit import report
from provenance.audit.acts import Act, acts_of
from provenance.audit.audit import MANY, Look, audit
from provenance.audit.columns import IN_A_TERMINAL, Column, told
from provenance.audit.delivery import Survey, survey
from provenance.audit.kept import PENDING, Kept, alone_with, own_reports
from provenance.audit.report_html import About, Rows
from provenance.audit.report_words import REPORT_WORDS
from provenance.audit.row import Row
from provenance.audit.rules import Obligation, Obligations
from provenance.audit.since import read_before
from provenance.audit.summary import Summary, summarised
from provenance.commands.audit_signing import sign_reports, verify_report
from provenance.commands.opening import Reading, as_json, reading
from provenance.ledger.remembered import remembered
from provenance.ledger.sizes import Sizes
from provenance.people.register import register_of
from provenance.release.keys import sizes_for
from provenance.settings import Settings
from provenance.show.counting import counting
from provenance.show.terminal import console, styled
from provenance.show.verdict_words import ANSWER_STYLES, VERDICTS
from provenance.statement.moment import moment
from provenance.statement.untrusted import plain
from provenance.statement.words import MARKS
from provenance.storage.vault import Vault

SHOWN = 500  # rows in a terminal; a report holds all
NAMED = 50  # files that were left out

EPILOG = """\b
Exit codes:
  0  every picture was looked at; none is altered or disagrees with the ledger
  1  at least one is altered, or file and ledger do not agree, or --fail-on
     names what was found
  2  at least one could not be checked (and none is altered)
Missing credentials and unknown signers are answers here, not failures.
"""


@click.command("audit", epilog=EPILOG)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--report",
    "outs",
    type=click.Path(path_type=Path),
    metavar="OUT",
    multiple=True,
    help="Write .html, .pdf, .xlsx, .csv or .json; give it again for each.",
)
@click.option("--force", is_flag=True, help="Replace the report if it is there.")
@click.option(
    "--since", type=click.Path(path_type=Path), metavar="JSON", help="Compare with an earlier report (JSON)."
)
@click.option(
    "--fail-on",
    metavar="LIST",
    default="",
    help=f"Exit with 1 if any of these is found (with commas between them): {', '.join(Act)}.",
)
@click.option(
    "--lang", type=click.Choice([*REPORT_WORDS]), default="en", help="The language of the report's sentences."
)
@click.option("--title", default="", help="The heading of the report.")
@click.option(
    "--no-look-up",
    is_flag=True,
    help="Do not ask the look-up index about unknown files; that takes half a second each.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="How many processes at once. Default: one per core.",
)
@click.option(
    "--on",
    "cluster",
    metavar="ray|ADDRESS",
    default="",
    help="Look on a Ray cluster that sees the same files and archive (ray://HOST:10001, or the one that this machine "
    "belongs to). Needs genzu[cluster].",
)
@click.option(
    "--no-pictures", is_flag=True, help="A report without small pictures, and with no layout in it."
)
@click.option(
    "--sign", is_flag=True, help="Put the report's digest into the ledger; write a receipt beside it."
)
@click.option("--verify", is_flag=True, help="Check reports that were signed, with their receipts.")
@as_json
@click.pass_context
def audit_command(context: click.Context, /, paths: tuple[Path, ...], verify: bool, **given: Any) -> None:
    """Look at every picture in PATHS (files, folders, zip and tar archives): how it was made, who made
    it, with what, and the evidence for each answer.

    Every file that you give is looked at, or named with the reason why not. Nothing is unpacked to disk, links are not
    followed, nothing leaves this machine. Stopped with Ctrl-C, a run with --report goes on where it was when you give
    the same command again.
    """
    settings: Settings = context.obj
    if not paths:
        raise click.UsageError("name files, folders or archives to look at")
    if verify:
        context.exit(max(verify_report(settings, path) for path in paths))
    wanted = Wanted(**given)
    if wanted.sign and not wanted.outs:
        raise click.UsageError("--sign signs a report; add --report OUT.html")
    context.exit(audited(settings, paths, wanted))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for, as the options are called."""

    outs: tuple[Path, ...]
    force: bool
    since: Path | None
    fail_on: str
    lang: str
    title: str
    jobs: int | None
    cluster: str
    no_pictures: bool
    no_look_up: bool
    sign: bool
    as_json: bool
    keep: bool = False  # the rows, for the next time

    @property
    def pictures(self) -> bool:
        """Whether small pictures are drawn: only for the forms that show them."""
        return not self.no_pictures and any(out.suffix.lower() in {".html", ".pdf"} for out in self.outs)


def audited(settings: Settings, paths: tuple[Path, ...], wanted: Wanted) -> int:
    """Looks at everything, writes and shows; the exit code."""
    failing = acts_named(wanted.fail_on)
    table = wanted.outs[0].with_name(wanted.outs[0].name + PENDING) if wanted.outs else None
    own = own_reports(table)
    for out in wanted.outs:
        report.check_target(out, force=wanted.force or out.absolute() in own)
    before = read_before(wanted.since) if wanted.since is not None else None
    with counting("files found", None) as count:
        found = survey(paths, on_found=count.step)
    if before is not None:
        before.below(each.name for each in found.items)
    made = moment(datetime.now(UTC))
    digests = bool(wanted.outs) or wanted.as_json  # nobody sees them in a terminal
    with reading(settings) as opened:
        look = look_of(
            opened, pictures=wanted.pictures, digests=digests, language=wanted.lang, files=len(found.items)
        )
        look = replace(look, index=None) if wanted.no_look_up else look
        with (
            alone_with(each for each in dict.fromkeys(wanted.outs) if each != wanted.outs[0]),
            Kept(table, _state(opened, look)) as rows,
            _told_how_to_go_on(rows, len(found.items)),
        ):
            _look_at_all(settings, found, rows, look, wanted)
            summary = summarised(rows, obligations(opened), before)
            about = About(title=wanted.title, made=made, language=wanted.lang, left_out=found.left_out)
            for out in wanted.outs:
                rows.writes(out)
                _write(out, rows, about, summary, force=wanted.force or out.absolute() in own)
            _tell(rows, about, summary, wanted)
            code = exit_code(rows, failing)
            if not wanted.keep:
                rows.done()
    if wanted.sign:
        sign_reports(settings, wanted.outs, made=made, files=summary.total)
    return code


def _tell(rows: Rows, about: About, summary: Summary, wanted: Wanted) -> None:
    """The answer on the standard output: JSON, or a table and where the reports are."""
    if wanted.as_json:
        for piece in report.json_pieces(rows, summary, about, ascii_only=True):
            click.echo(piece, nl=False)
        return
    _show(console(), rows, about, summary)
    for out in wanted.outs:
        click.echo(MARKS[about.language].together([about.say("report:"), str(out)]))


def acts_named(text: str) -> frozenset[Act]:
    """The words of --fail-on. UsageError for one that is none."""
    words = [each.strip() for each in text.split(",") if each.strip()]
    unknown = [each for each in words if each not in {act.value for act in Act}]
    if unknown:
        raise click.UsageError(f"--fail-on knows {', '.join(Act)}; not {plain(unknown[0], 40)}")
    return frozenset(Act(each) for each in words)


def obligations(opened: Reading) -> Obligations:
    """What the ledger says of a production: whether an approval and a notice are on record."""
    register = None if opened.ledger is None else register_of(opened.ledger)

    def on_record(production: str) -> Obligation | None:
        stated = None if register is None else register.production(production)
        return None if stated is None else Obligation(bool(stated.approval), bool(stated.notice))

    return on_record


def look_of(opened: Reading, *, pictures: bool, digests: bool, language: str = "en", files: int = 0) -> Look:
    """How pictures are looked at. Where there are many `files`, the sizes of all recorded ones are asked once."""
    ledger, others, settings = opened.ledger, opened.others, opened.settings
    sizes = sizes_for(files, ledger, others.ledgers, settings) if files >= MANY else None
    return Look(
        opened.trust,
        None if ledger is None else remembered(ledger),
        others,
        settings.limits,
        pictures,
        digests,
        language,
        Vault(settings.vault) if pictures and ledger is not None else None,
        sizes,
        opened.index,
    )


@contextmanager
def open_look(
    settings: Settings,
    *,
    pictures: bool,
    digests: bool,
    language: str = "en",
    sizes: Sizes | None = None,
    looked_up: bool = True,
) -> Iterator[Look]:
    """The same in a process of its own, with the sizes that were asked once."""
    with reading(settings) as opened:
        look = look_of(opened, pictures=pictures, digests=digests, language=language)
        yield replace(look, sizes=sizes, index=look.index if looked_up else None)


def _look_at_all(settings: Settings, found: Survey, rows: Kept, look: Look, wanted: Wanted) -> None:
    """Looks at what has no row yet."""
    rows.begin(found.items)
    left = [number for number, item in enumerate(found.items) if not rows.has(item)]
    done = len(found.items) - len(left)
    if done:
        click.echo(f"going on: {done:,} of {len(found.items):,} files were looked at before", err=True)
    items = [found.items[number] for number in left]
    looking = partial(
        open_look,
        settings,
        pictures=look.pictures,
        digests=look.digests,
        language=look.language,
        sizes=look.sizes,
        looked_up=look.index is not None,
    )
    with counting("looking", len(found.items), done) as count:
        answers = audit(
            items,
            look,
            opening=looking,
            on_row=lambda _: count.step(),
            jobs=wanted.jobs,
            cluster=wanted.cluster,
        )
        for number, row in zip(left, answers, strict=True):
            rows.put(number, found.items[number].stamp, row)
    rows.save()


@contextmanager
def _told_how_to_go_on(rows: Kept, files: int) -> Iterator[None]:
    """Stopped while it looks, or while a report is written, an audit keeps what it has and says how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        rows.save()
        if rows.path is not None:
            click.echo(
                f"\nstopped after {len(rows):,} of {files:,} files; they are kept in {rows.path}. "
                "To go on, give the same command again.",
                err=True,
            )
        raise


def _state(opened: Reading, look: Look) -> str:
    """All that the answers rest on beside the files: where it changes, everything is looked at anew."""
    from provenance.release.job import software

    ledgers = [each for each in (opened.ledger, *opened.others.ledgers) if each is not None]
    sizes = [(each.id, len(each)) for each in ledgers]
    known, index = hash_of(opened), look.index.state if look.index is not None else ()
    return repr(
        (software().version, sizes, known, index, look.pictures, look.digests, look.language, look.limits)
    )


def hash_of(opened: Reading) -> str:
    """A digest over everybody whom we know."""
    from provenance.credentials.identity.purposes import Purpose
    from provenance.statement.canonical import Digest

    known = "".join(opened.trust.pem_for(each) for each in Purpose)
    return str(Digest.of(known.encode()))


def _write(out: Path, rows: Rows, about: About, summary: Summary, *, force: bool) -> None:
    if out.suffix.lower() == ".pdf":
        from provenance.exports.audit_pdf import write_pdf

        write_pdf(out, rows, about, summary)
    elif out.suffix.lower() == ".xlsx":
        from provenance.exports.audit_xlsx import write_xlsx

        write_xlsx(out, rows, about, summary)
    else:
        report.write(out, rows, force=force, summary=summary, about=about)


def exit_code(rows: Rows, failing: frozenset[Act] = frozenset()) -> int:
    """The gravest of all: 1 before 2; what is merely unsigned or unknown is an answer."""
    worst = 0
    for row in rows:
        if row.exit_code == 1 or (failing and failing & set(acts_of(row))):
            return 1
        worst = 2 if row.exit_code == 2 else worst
    return worst


def _show(screen: Console, rows: Rows, about: About, summary: Summary) -> None:
    """The table and the counts for a person; one line a picture where no terminal is there."""
    marks = MARKS[about.language]
    if screen.is_terminal:
        first = (rows[number] for number in range(min(SHOWN, len(rows))))
        screen.print(_table([about.in_words(row) for row in first]))
    else:
        for row in rows:
            _print_line(about.in_words(row))
    if screen.is_terminal and len(rows) > SHOWN:
        screen.print(about.say(f"… and {len(rows) - SHOWN} more rows: --report out.html holds all"))
    screen.print(report.tally_in(about, summary, rows))
    for each in about.left_out[:NAMED]:
        why = f"{plain(each.name, 500)}{marks.comma}{about.say(each.why)}"
        screen.print(styled(f"  {marks.together([about.say('left out:'), why])}"))
    if len(about.left_out) > NAMED:
        screen.print(about.say(f"  … and {len(about.left_out) - NAMED} more: --json names all"))


def _print_line(row: Row) -> None:
    cells = [column.csv(row) for column, _ in IN_A_TERMINAL]
    cells.append(row.trouble or told(row))
    click.echo("\t".join(plain(cell, 500) for cell in cells))


def _table(rows: Sequence[Row]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column, _ in IN_A_TERMINAL:
        table.add_column(column.heading.lower(), overflow="fold")
    for row in rows:
        table.add_row(
            *(styled(_cell(column, cell(row), row), _style(column, row)) for column, cell in IN_A_TERMINAL)
        )
    return table


def _cell(column: Column, cell: str, row: Row) -> str:
    """The cell; beside the verdict, why a file could not be checked."""
    return f"{cell}: {row.trouble}" if column.name == "verdict" and row.trouble else cell


def _style(column: Column, row: Row) -> str:
    if column.name == "classification":
        return ANSWER_STYLES[row.classification]
    return VERDICTS[row.verdict].terminal if column.name == "verdict" else ""


COMMANDS = (audit_command,)
