"""The report of an audit as a workbook: the summary, what to act on, every file, the rules, the copies, what is new.

Cells are written as text, never as formulas, links or numbers that a name might look like. It is written row by row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from provenance.audit.acts import Act, acts_of
from provenance.audit.columns import COLUMNS, Column
from provenance.audit.report import tally_in
from provenance.audit.report_html import About, Rows, credited
from provenance.audit.row import Row
from provenance.audit.since import Difference
from provenance.audit.summary import Share, Summary
from provenance.errors import OutputError
from provenance.inspection.answers import Classification
from provenance.statement.untrusted import plain
from provenance.statement.words import MARKS
from provenance.storage.atomic import saving

MOST = 1_000_000  # rows of a sheet, by the format
_CELL = 32_000  # characters of a cell, by the format


def write_xlsx(path: Path, rows: Rows, about: About, summary: Summary) -> None:
    """The workbook, there whole or not at all. OutputError where it cannot be written."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    try:
        with (
            saving(path) as part,
            xlsxwriter.Workbook(str(part), {**options, "strings_to_numbers": False}) as book,
        ):
            _fill(book, rows, about, summary)
    except xlsxwriter.exceptions.XlsxWriterException as error:
        raise OutputError(f"{path} could not be written: {error}") from error


def _fill(book: Any, rows: Rows, about: About, summary: Summary) -> None:
    words, said = about.words, about.words.said
    bold = book.add_format({"bold": True})
    _sheet(book, bold, said["title"], _overview(rows, about, summary), (44, 14, 60))
    heading = (
        said["to_act"], words.columns["path"], words.columns["classification"], said["why"], said["todo"],
    )  # fmt: skip
    acted = _acted(rows, about)
    _sheet(book, bold, said["act_first"], _with(heading, acted), (24, 50, 24, 60, 50))
    files = ([_told(column, row, about) for column in COLUMNS] for row in rows)
    names = [words.columns.get(each.name, each.name) if _other(about) else each.name for each in COLUMNS]
    _sheet(book, bold, said["all_files"], _with(names, files), (50, 20, 40, 20), filtered=len(rows))
    rules = (
        (
            words.rules[check.rule.name].title,
            words.standings[check.standing],
            about.counted(check),
            words.rules[check.rule.name].shown_by,
            words.rules[check.rule.name].limits,
        )
        for check in summary.rules
    )
    _sheet(
        book,
        bold,
        said["rules"],
        _with((said["rule"], said["standing"], "", said["shown_by"], ""), rules),
        (70, 16, 18, 60, 60),
    )
    copies = (
        (f"{said[each.how]} {number}", path)
        for number, each in enumerate(summary.copies, 1)
        for path in each.paths
    )
    _sheet(book, bold, said["copies"], _with((said["group"], words.columns["path"]), copies), (24, 70))
    if summary.difference is not None:
        told = _since(summary.difference, about)
        _sheet(
            book,
            bold,
            said["since"],
            _with((said["group"], words.columns["path"], "", ""), told),
            (32, 60, 60, 24),
        )
    left_out = ((each.name, about.say(each.why)) for each in about.left_out)
    _sheet(book, bold, said["left_out"], _with((words.columns["path"], ""), left_out), (60, 60))


def _since(since: Difference, about: About) -> Iterable[Sequence[str | int]]:
    """A line for each file that is not as it was in the last delivery: what of it, where it is, what was and is."""
    said = about.words.said
    for key, paths in (("new", since.new), ("gone", since.gone), ("changed", since.changed)):
        yield from ((said[key], path) for path in paths)
    yield from ((said["renamed"], now, was) for was, now in since.renamed)
    yield from (
        (said["answered"], path, about.answer(then), about.answer(now)) for path, then, now in since.answered
    )
    made = MARKS[about.language].brackets.format(since.made) if since.made else ""
    yield (said["since_what"].format(name=since.name, made=made), about.words.numbered("same", since.same))


def _acted(rows: Rows, about: About) -> Iterable[Sequence[str | int]]:
    """A line for each act on each file, gravest first. Their numbers alone lie in memory."""
    words, order = about.words, list(Act)
    found = sorted((order.index(act), number) for number, row in enumerate(rows) for act in acts_of(row))
    for rank, number in found:
        row, act = rows[number], words.acts[order[rank]]
        why = about.say(row.trouble) or row.history or about.say(row.because)
        why = MARKS[about.language].together([why, *(about.say(each) for each in row.besides)])
        yield (act.name, row.path, words.answers[row.classification], why, act.todo)


def _other(about: About) -> bool:
    """Whether cells are in another language than that of programs."""
    return about.language != "en"


def _told(column: Column, row: Row, about: About) -> str:
    """A cell of the sheet of all files; in English it is what a program reads in CSV."""
    if not _other(about):
        return column.csv(row)
    words, marks = about.words, MARKS[about.language]
    told: dict[str, Callable[[], str]] = {
        "classification": lambda: words.answers[row.classification],
        "because": lambda: about.say(row.because),
        "verdict": lambda: words.verdicts[row.verdict],
        "people": lambda: marks.semicolon.join(credited(about.language, each) for each in row.people),
        "evidence": lambda: " / ".join(
            f"{words.kinds[each.evidence.value]}{marks.colon}{about.say(each.words)}" for each in row.evidence
        ),
        "stage": lambda: words.stages[row.place.stage] if row.place.stage else "",
        "place_is": lambda: about.place_is(row),
        "act": lambda: marks.semicolon.join(words.acts[act].name for act in acts_of(row)),
        "change": lambda: about.say(row.change),
        "looks_like": lambda: marks.semicolon.join(
            marks.within(each.picture, words.said[each.sureness]) for each in row.looks_like
        ),
    }
    return told.get(column.name, lambda: column.csv(row))()


def _overview(rows: Rows, about: About, summary: Summary) -> Iterable[Sequence[str | int]]:
    words, said, marks = about.words, about.words.said, MARKS[about.language]
    yield (about.title or said["title"], "", "")
    yield (about.tally or tally_in(about, summary, rows), "", "")
    yield (f"{about.made} {about.maker}", "", "")
    yield ("", "", "")
    for answer in Classification:
        yield (words.answers[answer], summary.checked[answer], "")
    yield (words.acts[Act.UNCHECKED].name, summary.act_counts[Act.UNCHECKED], "")
    yield ("", "", "")
    yield (said["act_first"], "", "")
    for act, paths in summary.acts.items():
        if paths:
            yield (words.acts[act].name, summary.act_counts[act], words.acts[act].todo)
    if summary.calm:
        yield (said["calm" if summary.unmet else "nothing"], "", "")
    for check in summary.unmet:
        yield (
            f"{said['unmet']}{marks.colon}{words.rules[check.rule.name].title}",
            check.lacking,
            words.numbered("lacking", check.lacking),
        )
    for title, groups, named in (
        (said["by_vendor"], summary.vendors, {"": said["no_vendor"]}),
        (said["by_cut"], summary.cuts, {"": said["no_cut"]}),
        (said["by_stage"], summary.stages, words.stages),
    ):
        yield ("", "", "")
        yield (title, said["files"], said["to_act"])
        yield from _shares(groups.values(), named)
        if groups is summary.cuts and about.on_cuts(summary):
            yield (about.on_cuts(summary), "", "")


def _shares(groups: Iterable[Share], named: Mapping[str, str]) -> Iterable[Sequence[str | int]]:
    for each in sorted(groups, key=lambda one: (-one.to_act, -one.total, one.name))[:2_000]:
        yield (named.get(each.name, each.name), each.total, each.to_act or "")


def _with(heading: Sequence[str], lines: Iterable[Sequence[str | int]]) -> Iterable[Sequence[str | int]]:
    yield heading
    yield from lines


def _sheet(
    book: Any,
    bold: Any,
    name: str,
    lines: Iterable[Sequence[str | int]],
    widths: Sequence[int],
    *,
    filtered: int = 0,
) -> None:
    """One sheet, its first line in bold and always in sight."""
    sheet = book.add_worksheet(name[:31])
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    columns = 1
    for number, line in enumerate(lines):
        if number > MOST:
            break
        columns = max(columns, len(line))
        for column, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(number, column, value)
            elif value:
                sheet.write_string(number, column, plain(value, _CELL), bold if number == 0 else None)
    if filtered:
        sheet.autofilter(0, 0, min(filtered, MOST), columns - 1)
