"""A table as a spreadsheet saves it: CSV, its cells divided by commas, semicolons or tabs, in UTF-8 or UTF-16.

Which of these it writes depends on its country and on the word in its menu; the first line has most of its divider.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from provenance.errors import OutputError, StatementError

_PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # XLSX, ODS and Numbers; XLS
_UTF16 = (b"\xff\xfe", b"\xfe\xff")  # as Excel begins its "Unicode text"


def text_of(path: Path, limit: int) -> str:
    """The text of a file of at most `limit` bytes; StatementError where it is none that can be read whole."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise OutputError.of(error, f"{path} could not be read") from error
    if len(data) > limit:
        raise StatementError(f"{path.name} is larger than {limit:,} bytes; split it")
    if data.startswith(_PACKED):
        raise StatementError(f"{path.name} is a spreadsheet or another packed file; save it as CSV UTF-8")
    try:
        return data.decode("utf-16" if data.startswith(_UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise StatementError(f"{path.name} is not UTF-8 text (line {line}); save it as CSV UTF-8") from error


def rows_in(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with the number of the line that it begins on, counted from 1 as editors do.

    StatementError at the place from which it is no CSV.
    """
    head = next((each for each in text.splitlines() if each.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(each.strip() for each in cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        raise StatementError(f"line {reader.line_num}: this is no CSV that can be read: {error}") from error
