"""People out of a CSV file: every bad cell is named by line and column, and nothing goes in unless asked.

    name,kind,reading,romaji,behind,also,orcid,isni,site,social,contact
    森 あおい,person,もり あおい,Mori Aoi,,,0000-0002-1825-0097,,,,aoi@example.org

Only `name` is needed. `also` holds further names with "; " between; a name of "-" asked not to be named. Lines are
counted as an editor counts them, from 1, the heading included.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from provenance.errors import ProvenanceError, StatementError
from provenance.people.person import (
    Identifier,
    Person,
    clean_contact,
    clean_optional,
    clean_reading,
    parse_identifier,
)
from provenance.people.register import Register
from provenance.people.roster import new_person_id
from provenance.statement.blank import is_blank
from provenance.statement.credit import Kind, clean_name
from provenance.statement.names import folded
from provenance.statement.vocabulary import Scheme
from provenance.storage.table_file import rows_in, text_of

COLUMNS = (
    "name",
    "kind",
    "reading",
    "romaji",
    "behind",
    "also",
    *(each.value for each in Scheme),
    "contact",
)
FILE_LIMIT = 16 * 1024 * 1024  # bytes
ROW_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class BadCell:
    """What is wrong in one place. `column` is the heading's word, or "" for the row as a whole."""

    line: int
    column: str
    words: str

    def __str__(self) -> str:
        place = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{place}: {self.words}"


@dataclass(slots=True)
class PeopleSheet:
    """The people of a file, with their lines, and what could not be taken."""

    people: list[Person] = field(default_factory=list)
    bad: list[BadCell] = field(default_factory=list)


def read_table(path: Path, register: Register) -> PeopleSheet:
    """The people in a CSV file, checked against each other and against the register."""
    return parse_table(text_of(path, FILE_LIMIT), register)


def parse_table(text: str, register: Register) -> PeopleSheet:
    """The people in a CSV text."""
    rows, table = rows_in(text), PeopleSheet()
    _, names_of_columns = next(rows, (1, []))
    heading = [each.strip().lower() for each in names_of_columns]
    _check_heading(heading)
    holders = {one: each.person for each in register.everybody() for one in each.identifiers}
    names = {folded(name) for each in register.everybody() for name in each.every_name}
    for line, row in rows:
        if len(table.people) + len(table.bad) >= ROW_LIMIT:
            raise StatementError(f"a file has at most {ROW_LIMIT:,} people; split it")
        _take(table, line, heading, row, holders, names)
    return table


def _check_heading(heading: list[str]) -> None:
    unknown = [each for each in heading if each not in COLUMNS]
    if "name" not in heading or unknown or len(set(heading)) != len(heading):
        found = ", ".join(each[:30] for each in heading[:20]) or "nothing"
        raise StatementError(
            f"the first line names the columns, each once, of {', '.join(COLUMNS)}; found {found}"
        )


def _take(
    table: PeopleSheet,
    line: int,
    heading: list[str],
    row: list[str],
    holders: dict[Identifier, str],
    names: set[str],
) -> None:
    """Adds the row's person, or what is wrong with it."""
    if len(row) > len(heading):
        table.bad.append(
            BadCell(line, "", f"{len(row)} cells under {len(heading)} headings; is a comma unquoted?")
        )
        return
    cells = dict(zip(heading, row, strict=False))
    bad: list[BadCell] = []
    person = _person(cells, line, bad)
    if person is not None:
        for one in person.identifiers:
            if one in holders:
                bad.append(BadCell(line, one.scheme.value, f"{one} belongs to somebody else already"))
        for column, name in (("name", person.name), ("behind", person.behind)):
            if name and folded(name) in names:
                words = (
                    f"{name} is on record or stands above already, in this or another spelling; if these are two, "
                    "add the second with `genzu people add --same-name`"
                )
                bad.append(BadCell(line, column, words))
        bad += _whose_reading(person, line)
    if bad or person is None:
        table.bad += bad
        return
    holders |= dict.fromkeys(person.identifiers, person.person)
    names |= {folded(name) for name in person.every_name}
    table.people.append(person)


def _whose_reading(person: Person, line: int) -> list[BadCell]:
    """A reading beside a pseudonym: of which name it is nobody can tell, and of one it would be private."""
    if not person.behind or person.name is None:
        return []
    return [
        BadCell(line, column, f"{form} may be of the name behind; leave it out, and state that of {person.name} "
                "with `genzu people set`")
        for column, form in (("reading", person.reading), ("romaji", person.romaji))
        if form and folded(form) != folded(person.name)
    ]  # fmt: skip


def _person(cells: Mapping[str, str], line: int, bad: list[BadCell]) -> Person | None:
    """The row's person; None, and the reasons in `bad`, where a cell cannot be true."""

    def cell(name: str, read: Callable[[str], object], empty: object) -> object:
        text = cells.get(name, "").strip()
        if is_blank(text):
            return empty
        try:
            return read(text)
        except ProvenanceError as error:
            bad.append(BadCell(line, name, str(error)))
            return empty

    before = len(bad)
    fields: dict[str, object] = {
        "name": cell("name", _shown_name, None),
        "kind": cell("kind", _kind, Kind.PERSON),
        "reading": cell("reading", clean_reading, ""),
        "romaji": cell("romaji", clean_optional, ""),
        "behind": cell("behind", clean_optional, ""),
        "also": cell("also", _names, ()),
        "identifiers": tuple(
            one
            for scheme in Scheme
            if isinstance(one := cell(scheme.value, partial(_identifier, scheme), None), Identifier)
        ),
        "contact": cell("contact", clean_contact, ""),
    }
    if is_blank(cells.get("name", "")):
        bad.append(
            BadCell(line, "name", 'the name is empty; write "-" for somebody who asked not to be named')
        )
    if len(bad) > before:
        return None
    try:
        return Person(new_person_id(), **fields)  # type: ignore[arg-type]  # the keys above are its fields
    except StatementError as error:
        bad.append(BadCell(line, "", str(error)))
        return None


def _shown_name(text: str) -> str | None:
    return None if text == "-" else clean_name(text)


def _names(text: str) -> tuple[str, ...]:
    return tuple(clean_name(each) for each in text.split(";"))


def _identifier(scheme: Scheme, text: str) -> Identifier:
    return parse_identifier(f"{scheme.value}:{text}")


def _kind(text: str) -> Kind:
    try:
        return Kind(text.strip().lower())
    except ValueError:
        raise StatementError(f"{text[:40]!r} is no kind; it is person or organisation") from None
