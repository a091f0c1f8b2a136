"""The columns of a sheet: the options of `genzu paint` by their names, and three of the sheet's own.

A cell is read by the very option that it is named after, so a sheet can say what the command line can. A cell that is
left empty takes what was given on the command line for the whole run.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from generation.batch.row import Row
from generation.batch.table import Line, Problem, Table
from generation.batch.words import fill, places
from generation.batch.works_of_rows import named_in
from generation.commands.asked import ASKED, PICTURES, asked_from
from generation.commands.named_files import NAMING, absolute
from generation.commands.with_works import WORKS, works_from
from generation.errors import GenerationError, RequestError, SheetError
from generation.request.request import check_prompt
from generation.works.works import check_called
from provenance.commands.job_options import WHO_AND_WHERE, job_of
from provenance.errors import StatementError

OWN = {
    "layout": "the picture to paint over",
    "name": "what the row's files are called; else the shot, or the layout's name",
    "candidates": "how many pictures to paint for this row",
}
# Of the whole run: they say where it goes, or are not about one picture.
OF_THE_RUN = frozenset({"out", "dry-run", "json", "force", "as-artist", "keep-private"})
OF_A_ROW = (*ASKED, *PICTURES, *WORKS, *WHO_AND_WHERE)
SEPARATOR = ";"  # between the values of one cell
NAME = re.compile(r"\w[\w .()+-]{0,99}")
CLOSE = 0.7  # of 1: how like a column has to be that is offered instead
_NO_NUMBER = re.compile(r"(?P<said>'.*') is not a valid (?P<kind>integer|float)( range)?\.")
CANDIDATES = range(1, 1000 + 1)


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line gave for every row: options by their names in Python, and the files' ending.

    `used` are columns that something else asks for.
    """

    options: Mapping[str, Any]
    candidates: int = 1
    suffix: str = ".png"
    used: frozenset[str] = frozenset()

    @classmethod
    def of(cls, options: Mapping[str, Any], candidates: int = 1, suffix: str = ".png") -> "Given":
        """From a command's options: what such a command does not ask is as nobody gave it."""
        return cls({"mask": None, "shot": "", "keep_private": False, **options}, candidates, suffix)


def columns() -> dict[str, click.Option]:
    """Every column that is an option, by its name."""
    bare = click.Command("row", params=_options())
    found = {}
    for each in bare.params:
        assert isinstance(each, click.Option)
        name = max(each.opts, key=len).removeprefix("--")
        if name not in OF_THE_RUN:
            found[name] = each
    return found


def _options() -> list[click.Parameter]:
    def bare() -> None: ...

    for option in reversed(OF_A_ROW):
        option(bare)
    return list(reversed(bare.__click_params__))  # type: ignore[attr-defined]


def rows_of(table: Table, given: Given) -> tuple[list[Row], list[Problem]]:
    """The rows that can be painted, and what is wrong with the others; SheetError where no row could be right."""
    known = columns()
    _check_columns(table, given, known)
    rows: list[Row] = []
    problems: list[Problem] = []
    named: dict[str, int] = {}
    for line in table.lines:
        found = [line.problem] if line.problem else []
        row = None if found else _row(line, table, given, known, found)
        if row is not None and (earlier := named.setdefault(row.name.casefold(), row.number)) != row.number:
            words = (
                f"row {earlier} is called {row.name} as well; give each a name of its own in a column `name`"
            )
            found.append(Problem(line.number, "name", words))
        if found:
            problems.extend(found)
        elif row is not None:
            rows.append(row)
    return rows, problems


def _check_columns(table: Table, given: Given, known: Mapping[str, click.Option]) -> None:
    """SheetError names every column that is missing, or that nothing is done with."""
    has = set(table.columns)
    wanted = {
        "layout": True,
        "prompt": not given.options.get("prompt"),
        "by": not given.options.get("credits"),
    }
    missing = [name for name, needed in wanted.items() if needed and name not in has]
    words = []
    if missing:
        hint = "; or give --prompt, --by for all rows" if {"prompt", "by"} & set(missing) else ""
        words.append(f"the sheet lacks the column{'s' * (len(missing) > 1)} {', '.join(missing)}{hint}")
    used = _used(table, given)
    strange = [each for each in table.columns if each not in {*known, *OWN, *used, *given.used}]
    for each in strange:
        near = difflib.get_close_matches(each, [*known, *OWN], 1, CLOSE)
        hint = f"did you mean {near[0]}?" if near else f"write {{{each}}} in a prompt to use it"
        words.append(f"nothing is done with the column {each}; {hint}")
    if words:
        raise SheetError(f"{'; '.join(words)}. Columns: {', '.join([*OWN, *known])}")


def _used(table: Table, given: Given) -> set[str]:
    """The columns that some prompt asks for by {name}."""
    texts = [str(given.options.get(name) or "") for name in ("prompt", "negative")]
    for line in table.lines:
        texts.extend(text for name in ("prompt", "negative") for text in line.cells.get(name, ()))
    return {name for text in texts for name in places(text)}


def _row(
    line: Line, table: Table, given: Given, known: Mapping[str, click.Option], found: list[Problem]
) -> Row | None:
    """The row, or None with its problems in `found`."""
    options = dict(given.options)
    for name, cells in line.cells.items():
        if name in known:
            try:
                options[_python(known[name])] = _value(known[name], cells, table.folder)
            except (click.ClickException, StatementError) as error:
                found.append(Problem(line.number, name, _message(error)))
    found += _missing(line, options)
    layout = _file(line, table, "layout", line.cells.get("layout"), found)
    if options.get("mask") is not None and "mask" in line.cells:
        options["mask"] = _file(line, table, "mask", line.cells["mask"], found)
    candidates = _candidates(line, given, found)
    _fill_in(line, options, found)
    if not options.get("credits") and not any(each.column == "by" for each in found):
        found.append(
            Problem(line.number, "by", "nobody is named; write 'role: NAME', such as 'prompt: Abe Rin'")
        )
    if found or layout is None:
        return None
    try:
        return _made(line, layout, candidates, options, given)
    except (StatementError, GenerationError) as error:
        found.append(Problem(line.number, "", str(error)))
        return None


def _made(line: Line, layout: Path, candidates: int, options: Mapping[str, Any], given: Given) -> Row:
    asked = asked_from(options)
    wanted = {each.name for each in _options()} - {"dry_run"}
    names = {name: options[name] for name in wanted if name in _JOB_FIELDS}
    job = job_of(**names, out=layout)
    name = (line.cells.get("name") or (job.project.shot,))[0] or layout.stem
    if not NAME.fullmatch(name) or name.rstrip(". ") != name:
        raise SheetError(f"its files cannot be called {name[:60]!r}; give it a plain name in a column `name`")
    # A candidate is chosen for its cut, so a row without a shot is a cut of its own name.
    project = replace(job.project, shot=job.project.shot or name)
    works = works_from({each: _absolute(each, value) for each, value in options.items() if each in NAMING})
    list(named_in(works))  # what is no work is told at its row
    if "embedding" in line.cells:
        check_called(works.embeddings, (asked.settings.prompt, asked.settings.negative_prompt))
    return Row(
        number=line.number,
        name=name,
        layout=layout,
        settings=asked.settings,
        beside=asked.beside,
        works=works,
        credits=job.credits,
        project=project,
        candidates=candidates,
        mask=asked.mask,
        disclosure=asked.disclosure,
        label=asked.label,
        terms=job.terms,
        force=bool(options.get("force")),
        suffix=given.suffix,
    )


def _fill_in(line: Line, options: dict[str, Any], found: list[Problem]) -> None:
    given = line.cells if line.variables is None else line.variables
    variables = {name: ", ".join(cells) for name, cells in given.items()}
    for name in ("prompt", "negative"):
        text = options.get(name) or ""
        try:
            options[name] = fill(text, variables)
        except SheetError as error:
            found.append(Problem(line.number, name, str(error)))
    try:
        check_prompt(options["prompt"])
    except RequestError as error:
        found.append(Problem(line.number, "prompt", str(error)))


def _missing(line: Line, options: Mapping[str, Any]) -> Iterator[Problem]:
    """The pictures beside the layout that are not there."""
    keyed = (str(each).partition("=")[2] for each in options.get("guides") or ())
    for column, files in (
        ("reference", options.get("references") or ()),
        ("style", options.get("styles") or ()),
        ("guide", keyed),
    ):
        for each in files:
            if str(each) and not Path(each).is_file():
                yield Problem(line.number, column, f"there is no file {each}")


def _absolute(option: str, value: Any) -> Any:
    """The value of an option that names files, with those in the folder that the command runs in made absolute."""
    if isinstance(value, str):
        return absolute(option, value, Path())
    return tuple(absolute(option, str(each), Path()) for each in value or ())


def _candidates(line: Line, given: Given, found: list[Problem]) -> int:
    cells = line.cells.get("candidates")
    if cells is None:
        return given.candidates
    if len(cells) == 1 and cells[0].isascii() and cells[0].isdigit() and int(cells[0]) in CANDIDATES:
        return int(cells[0])
    words = f"a whole number from {CANDIDATES.start} to {CANDIDATES.stop - 1}, not {', '.join(cells)[:40]!r}"
    found.append(Problem(line.number, "candidates", words))
    return 1


def _file(
    line: Line, table: Table, column: str, cells: tuple[str, ...] | None, found: list[Problem]
) -> Path | None:
    if not cells:
        found.append(Problem(line.number, column, "it is empty; name a file"))
        return None
    path = table.folder / Path(cells[0]).expanduser()
    if not path.is_file():
        words = f"{path} is a folder; name a picture" if path.is_dir() else f"there is no file {path}"
        found.append(Problem(line.number, column, words))
        return None
    return path


def _value(option: click.Option, cells: tuple[str, ...], folder: Path) -> Any:
    """A cell as its option would read it on the command line; files are named from the sheet's folder."""
    context = click.Context(click.Command("row"))
    kind: click.ParamType[Any] = click.BOOL if option.is_flag else option.type
    if option.multiple:
        each = [part.strip() for cell in cells for part in cell.split(SEPARATOR) if part.strip()]
        named = [absolute(_python(option), text, folder) for text in each]
        return tuple(kind.convert(text, None, context) for text in named)
    if len(cells) > 1:
        raise click.UsageError(f"one value, not {len(cells)}")
    return kind.convert(absolute(_python(option), cells[0], folder), None, context)


def _message(error: Exception) -> str:
    """What is wrong with a cell; of the library's sentences about numbers, in everyday words."""
    if not isinstance(error, click.ClickException):
        return str(error)
    number = _NO_NUMBER.fullmatch(error.message)
    if number is None:
        return error.message
    comma = "; write it with a point, 0.7" if "," in number["said"] else ""
    return f"{number['said']} is no {'whole ' * (number['kind'] == 'integer')}number{comma}"


def _python(option: click.Option) -> str:
    assert option.name is not None
    return option.name


def _all_fields() -> Iterator[str]:
    code = job_of.__code__
    yield from code.co_varnames[: code.co_argcount]


_JOB_FIELDS = frozenset(_all_fields()) - {"out"}
