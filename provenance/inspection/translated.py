"""What an inspection or an audit says, in another language: its sentences out of ja.po, one row each.

>>> in_language("Credits: layout: Mori Aoi, prompt: (asked not to be named).", "ja")
'クレジット：レイアウト：Mori Aoi、プロンプト：（名前を出さないことを希望）。'
"""

from functools import cache
from pathlib import Path

from provenance.statement import terms
from provenance.statement.translation import Translation, rows_of

TABLE = Path(__file__).with_name("ja.po")


def in_language(text: str, language: str) -> str:
    """The text in a language of reports; as it is in English, and where it has no row."""
    return text if language == "en" else _table()(text)


def name_in(name: str, language: str) -> str:
    """A name as it is; what stands for one that is not shown, in a language of reports."""
    # Each of them is a few words in brackets: “(erased)”. A name in brackets that is none of them has no row.
    return in_language(name, language) if name.startswith("(") and name.endswith(")") else name


@cache
def sentences() -> dict[str, str]:
    """Every row in Japanese, by its English: the terms of a record, and the sentences about it."""
    return {**terms.rows(), **rows_of(TABLE)}


@cache
def _table() -> Translation:
    return Translation(sentences())
