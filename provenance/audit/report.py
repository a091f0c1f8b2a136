"""The rows of an audit as a file: web pages to read and print, CSV for a spreadsheet, JSON for a program.

Every cell is somebody's text. The pages escape it and run no script of theirs; in CSV a cell that a spreadsheet would
take for a formula gets a quote mark before it. PDF and XLSX are written by provenance/exports/.
"""

import csv
import io
import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from provenance.audit.acts import Act, acts_of
from provenance.audit.columns import COLUMNS
from provenance.audit.delivery import LeftOut
from provenance.audit.report_html import FEW, About, Rows, many_pages, one_page
from provenance.audit.row import NO_PICTURE, Row, row_json
from provenance.audit.summary import Share, Summary, summarised
from provenance.errors import OutputError, Remedy, Way
from provenance.inspection.answers import Classification
from provenance.media.formats import FileKind, of_name
from provenance.statement.counted import counted
from provenance.statement.json_value import Json
from provenance.statement.untrusted import cell
from provenance.statement.words import MARKS
from provenance.storage.atomic import save, saving

ENDINGS = (".html", ".csv", ".json", ".pdf", ".xlsx")
SCHEMA = "docs/reference/audit.schema.json"


def to_csv(rows: Iterable[Row]) -> str:
    """One line a picture, names in a cell apart by `; `; begins with the mark by which Excel knows UTF-8."""
    return "".join(csv_lines(rows, About()))


def csv_lines(rows: Iterable[Row], about: About) -> Iterator[str]:
    """The same line by line, with the sentences in the report's language."""
    yield "\ufeff" + _csv_line([column.name for column in COLUMNS])
    for row in map(about.in_words, rows):
        yield _csv_line([cell(column.csv(row)) for column in COLUMNS])


def _csv_line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()


def to_json(
    rows: Iterable[Row], *, left_out: Sequence[LeftOut] = (), made: str = "", summary: Summary | None = None
) -> dict[str, Json]:
    """The report as data: counts first, then the rows. Texts are as the files have them."""
    held = list(rows)
    counted = summary or summarised(held)
    about = About(left_out=left_out, made=made)
    told = _head(counted, about)
    return {**told, "rows": [_row_json(row, about) for row in held], "summary": _summary_json(counted)}


def json_pieces(
    rows: Iterable[Row], summary: Summary, about: About, *, ascii_only: bool = False
) -> Iterator[str]:
    """The same as text, row by row, so that it never lies in memory as a whole. `ascii_only`: for a terminal.

    Sentences are in the report's language; what a program compares is the same in each.
    """
    head = json.dumps(_head(summary, about), indent=2, ensure_ascii=ascii_only)
    yield head.removesuffix("\n}") + ',\n  "rows": ['
    comma = "\n    "
    for row in rows:
        yield comma + json.dumps(_row_json(row, about), ensure_ascii=ascii_only)
        comma = ",\n    "
    tail = json.dumps(_summary_json(summary), indent=2, ensure_ascii=ascii_only).replace("\n", "\n  ")
    yield f'\n  ],\n  "summary": {tail}\n}}\n'


def _row_json(row: Row, about: About) -> dict[str, Json]:
    return {**row_json(about.in_words(row)), "act": [act.value for act in acts_of(row)]}


def _head(summary: Summary, about: About) -> dict[str, Json]:
    return {
        "format": "genzu audit 1",
        "made": about.made or None,
        "pictures": summary.total,
        "left_out": len(about.left_out),
        "left_out_files": [{"path": each.name, "why": about.say(each.why)} for each in about.left_out],
        "counts": {answer.value: summary.answers[answer] for answer in Classification},
    }


def _summary_json(summary: Summary) -> dict[str, Json]:
    since = summary.difference
    told: dict[str, Json] = {
        "checked": {answer.value: summary.checked[answer] for answer in Classification},
        "to_act": summary.to_act,
        "act_first": {act.value: summary.act_counts[act] for act in Act},
        "look_like_a_record": {act.value: summary.alike[act] for act in Act},
        "vendors": _shares_json(summary.vendors),
        "cuts": _shares_json(summary.cuts),
        "cuts_counted_with": summary.only or None,
        "cuts_named_in_part": [*summary.cuts_named_in_part],
        "stages": _shares_json(summary.stages),
        "rules": [
            {
                "rule": each.rule.name,
                "standing": each.standing.value,
                "applies": each.applies,
                "shown": each.shown,
                "open": each.open,
                "failing": list(each.failing),
            }
            for each in summary.rules
        ],
        "copies": [{"how": each.how, "paths": list(each.paths)} for each in summary.copies],
    }
    if since is not None:
        told["since"] = {
            "report": since.name,
            "made": since.made or None,
            "same": since.same,
            "new": list(since.new),
            "gone": list(since.gone),
            "changed": list(since.changed),
            "renamed": [{"from": was, "to": now} for was, now in since.renamed],
            "answered": [{"path": path, "then": then, "now": now} for path, then, now in since.answered],
        }
    return told


def _shares_json(groups: Mapping[str, Share]) -> Json:
    return [
        {
            "name": name or None,
            "files": each.total,
            "to_act": each.to_act,
            "answers": {
                answer.value: each.answers[answer] for answer in Classification if each.answers[answer]
            },
            "act": {act.value: each.acts[act] for act in Act if each.acts[act]},
        }
        for name, each in groups.items()
    ]


def to_html(
    rows: Sequence[Row],
    *,
    title: str = "",
    left_out: Sequence[LeftOut] = (),
    made: str = "",
    maker: str = "Genzu",
    language: str = "en",
) -> str:
    """One page that needs nothing else: no font, no network. `made` says when, as text."""
    about = About(title, made, maker, tally(rows, left_out), language, left_out)
    return one_page(rows, about)


def tally(rows: Iterable[Row], left_out: Sequence[LeftOut]) -> str:
    """How many of each: "4 files: 1 AI-assisted, 2 unknown, 1 could not be checked; 3 other files left out"."""
    seen, unchecked, answers = 0, 0, dict.fromkeys(Classification, 0)
    kinds: set[str] = set()
    for row in rows:
        seen += 1
        unchecked += bool(row.trouble)
        answers[row.classification] += not row.trouble
        kinds.add(_noun(row))
    said = [f"{count:,} {answer.value}" for answer, count in answers.items() if count]
    if unchecked:
        said.append(f"{unchecked:,} could not be checked")
    number = _counted(seen, _together(kinds))
    told = [f"{number}: {', '.join(said)}" if said else number]
    if left_out:
        told.append(f"{_counted(len(left_out), 'other file')} left out")
    return "; ".join(told)


def _together(kinds: Collection[str]) -> str:
    """The noun for what is of these kinds."""
    if len(kinds) > 1:
        return "file or folder" if "folder" in kinds else "file"
    return next(iter(kinds), "picture")


def _noun(row: Row) -> str:
    """What a row stands for, in a count of such."""
    found = of_name(row.path)
    if row.trouble == NO_PICTURE:
        return "folder" if found is None else "file"
    is_picture = not row.trouble if found is None else found.kind is FileKind.PICTURE
    return "picture" if is_picture else "file"


def tally_in(about: About, summary: Summary, rows: Rows) -> str:
    """The same in the report's language."""
    if about.language == "en":
        return tally(rows, about.left_out)
    words = about.words
    counts = [(words.answers[answer], summary.checked[answer]) for answer in Classification]
    counts.append((words.acts[Act.UNCHECKED].name, summary.act_counts[Act.UNCHECKED]))
    counts.append((words.said["left_out"], len(about.left_out)))
    told = MARKS[about.language].semicolon.join(f"{name} {count:,}" for name, count in counts if count)
    return words.said["tally"].format(files=f"{summary.total:,}", answers=told)


def _counted(number: int, noun: str) -> str:
    return counted(number, noun, "files and folders" if noun == "file or folder" else "")


def check_target(path: Path, *, force: bool = False) -> None:
    """Refuses, before any work, a place that the report could not be written to."""
    if path.suffix.lower() not in ENDINGS:
        raise OutputError(f"a report is written as {', '.join(ENDINGS)}, not as {path.name}")
    if path.is_dir() or not path.parent.is_dir():
        raise OutputError(f"{path} is a folder, or its folder is not there; give a file in a folder that is")
    if path.exists() and not force:
        raise OutputError(f"{path} exists already", remedies=(Remedy(Way.ANOTHER_NAME),))
    beside = pages_of(path)
    if path.suffix.lower() == ".html" and beside.exists() and not force:
        raise OutputError(f"{beside} exists already", remedies=(Remedy(Way.ANOTHER_NAME),))


def pages_of(path: Path) -> Path:
    """The folder of a report's further pages, beside its first one."""
    return path.with_name(f"{path.stem}-files")


def write(
    path: Path,
    rows: Rows,
    *,
    left_out: Sequence[LeftOut] = (),
    made: str = "",
    maker: str = "Genzu",
    force: bool = False,
    summary: Summary | None = None,
    about: About | None = None,
    one_file: bool = False,
) -> None:
    """The report as a file, whole or not at all, in the form that its name ends with.

    `one_file`: web pages are one page, however many rows it has.
    """
    check_target(path, force=force)
    told = summary or summarised(rows)
    said = about or About(made=made, maker=maker, left_out=left_out)
    said = replace(said, tally=tally_in(said, told, rows), left_out=left_out or said.left_out)
    ending = path.suffix.lower()
    if ending == ".csv":
        save_pieces(path, csv_lines(rows, said))
    elif ending == ".json":
        save_pieces(path, json_pieces(rows, told, said))
    elif ending == ".html":
        _write_html(path, rows, said, told, one_file=one_file)
    else:
        raise OutputError(f"{ending} is written by provenance/exports/")


def _write_html(path: Path, rows: Rows, about: About, summary: Summary, *, one_file: bool) -> None:
    """The report there was stays whole until the first page of the new one takes the old one's place."""
    folder, many = pages_of(path), not one_file and len(rows) > FEW
    before = {each.name for each in folder.iterdir()} if folder.is_dir() else set()
    written: set[str] = set()
    try:
        if not many:
            save(path, one_page(rows, about, summary).encode("utf-8", "backslashreplace"))
        else:
            folder.mkdir(exist_ok=True)
            for name, text in many_pages(rows, replace(about, folder=folder.name), summary):
                if name:
                    written.add(name)
                save(folder / name if name else path, text.encode("utf-8", "backslashreplace"))
    except BaseException as error:
        _remove(folder, written - before)
        if isinstance(error, OSError):
            raise OutputError.of(error, f"{folder} could not be written") from error
        raise
    _remove(folder, before - written)


def _remove(folder: Path, names: Collection[str]) -> None:
    """Pages that no first page leads to any more; and the folder, where nothing is left in it."""
    for name in names:
        page = folder / name
        if page.is_dir() and not page.is_symlink():
            shutil.rmtree(page, ignore_errors=True)
        else:
            with suppress(OSError):
                page.unlink()
    with suppress(OSError):
        folder.rmdir()


def save_pieces(path: Path, pieces: Iterable[str]) -> None:
    """A file written piece by piece, there whole or not at all."""
    with (
        saving(path) as part,
        part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        file.writelines(pieces)
