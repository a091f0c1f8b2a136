"""A table of sentences in another language: a sentence is looked up whole, and what was put into it is kept.

    msgid "Found in the ledger ({}): {=}, {=} UTC."     {}   what was put in: looked up, too
    msgstr "台帳にあります（{}）：{}、{} UTC。"            {=}  a name or numbers: as they are
                                                        {,}  several with commas between them, each looked up
                                                        {;}  the same with semicolons
                                                        {#}  a number

A row without a capital and a full stop serves the whole sentence, too. What has no row stays as it is. What stands for
a name that is not shown, in brackets, is looked up wherever a name may be.

>>> table = Translation({"AI made {,}": "AIの{}", "AI pass {=}": "AI彩色 {}", "it is cut off": "途中で切れています"})
>>> table("AI made AI pass 1, AI pass 2"), table("It is cut off."), table("Mori Aoi")
('AIのAI彩色 1、AI彩色 2', '途中で切れています。', 'Mori Aoi')
>>> table("AI made AI pass 1. It is cut off.")
'AIのAI彩色 1。途中で切れています。'
"""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_ROW = re.compile(r'^msgid (".*")\nmsgstr (".*")$', re.MULTILINE)
_PLACE = re.compile(r"\{([=#,;]?)\}")
_NUMBERS = re.compile(r"\d+(?:, \d+)+")
_LETTERS = re.compile(r"[A-Za-z]{2}")
_SENTENCES = re.compile(r"(?<=[.!?]) (?=[A-Z“(])")
_FEW = 2  # words: a row with names in it that says no more fits only where the rest of it is known, too
_COMMA, _STOP = "、", "。"


class _Row(NamedTuple):
    """A row with places in it: its longest piece, what it matches, the kind of each place, the words."""

    literal: str
    pattern: re.Pattern[str]
    kinds: tuple[str, ...]
    words: str
    vague: bool
    begins: bool  # with a place
    ends: bool  # with one


def rows_of(path: Path) -> dict[str, str]:
    """The rows of a .po file, each on two lines, as translators keep such tables."""
    found = _ROW.findall(path.read_text(encoding="utf-8"))
    return {json.loads(english): json.loads(other) for english, other in found}


class Translation:
    """The table, to be called with a text. Longer rows are tried first."""

    def __init__(self, rows: Mapping[str, str]) -> None:
        self._whole = {english: words for english, words in rows.items() if not _PLACE.search(english)}
        places = [each for each in rows.items() if _PLACE.search(each[0])]
        made = [_row(*each) for each in sorted(places, key=lambda row: -len(row[0]))]
        self._rows = [each for each in made if not each.begins]
        self._named = [each for each in made if each.begins]
        self._said = lru_cache(maxsize=8192)(self._find)

    def __call__(self, text: str) -> str:
        """The text in the language; with the white space around it, or as it is where it has no row."""
        whole = " ".join(text.split())
        if not _LETTERS.search(whole):
            return text
        found = self._said(whole)
        if found is None:
            return text
        return text[: len(text) - len(text.lstrip())] + found + text[len(text.rstrip()) :]

    def _find(self, whole: str) -> str | None:
        # What is put in is seldom more than a sentence: a row that would take the next one with it comes later.
        # A row that begins with a name could take the beginning of another sentence for one: those come last.
        for find in (self._by_short_row, self._by_sentences, self._by_row, self._by_name):
            found = find(whole)
            if found is not None:
                return found
        return None

    def _by_short_row(self, whole: str) -> str | None:
        return self._by_row(whole, short=True)

    def _by_row(self, whole: str, *, short: bool = False) -> str | None:
        """By a row that begins with words: as it is written, or as part of a longer sentence would be.

        `short`: nothing that is put in goes on into another sentence.
        """
        small = whole[:1].lower() + whole[1:]
        texts = [(whole, ""), (small, "")]
        if whole.endswith("."):
            texts += [(whole[:-1], _STOP), (small[:-1], _STOP)]
        for text, stop in texts:
            if text in self._whole:
                return self._whole[text] + stop
        for row in self._rows:
            # What was put in at the end would take the full stop with it.
            for text, stop in texts[-2:] if row.ends else texts:
                said = self._filled(row, text, short=short)
                if said is not None:
                    return said + stop
        return None

    def _by_name(self, whole: str) -> str | None:
        """By a row that begins with what was put into it."""
        texts = [(whole[:-1], _STOP), (whole, "")] if whole.endswith(".") else [(whole, "")]
        for row in self._named:
            for text, stop in texts[:1] if row.ends else texts:
                said = self._filled(row, text)
                if said is not None:
                    return said + stop
        return None

    def _filled(self, row: _Row, text: str, *, short: bool = False) -> str | None:
        """The row's words with what the text has in its places; None where it does not fit."""
        found = row.pattern.fullmatch(text) if row.literal in text else None
        if found is None or (short and any(map(_SENTENCES.search, found.groups()))):
            return None
        said = []
        for kind, value in zip(row.kinds, found.groups(), strict=True):
            new = self._placed(kind, value)
            if row.vague and kind not in {"=", "#"} and new == value and _LETTERS.search(value):
                return None
            said.append(new)
        return row.words.format(*said)

    def _placed(self, kind: str, value: str) -> str:
        """What a place of this kind holds, in the language."""
        if kind in {",", ";"}:
            return self._listed(value, f"{kind} ")
        if not kind or (value.startswith("(") and value.endswith(")")):
            return self(value)
        return value.replace(", ", _COMMA) if _NUMBERS.fullmatch(value) else value

    def _by_sentences(self, whole: str) -> str | None:
        """Several sentences one after the other, each by itself; None unless all have a row."""
        parts = _SENTENCES.split(whole)
        if len(parts) < 2:
            return None
        said = [self._said(each) for each in parts]
        return None if None in said else "".join(each for each in said if each is not None)

    def _listed(self, value: str, between: str) -> str:
        """Each part by its row; one without a row may belong to the part before it, whose words hold a comma."""
        told: list[str] = []
        waiting = value.split(between)
        while waiting:
            part = waiting.pop(0)
            while waiting and self._said(waiting[0]) is None and self._said(part + between + waiting[0]):
                part += between + waiting.pop(0)
            told.append(self(part))
            if waiting:
                told.append(_COMMA if self._said(waiting[0]) else between)
        return "".join(told)


def _matched(piece: str, before: str | None) -> str:
    """A piece of a row as a pattern, behind what is put in before it; None for the first piece."""
    place = "" if before is None else {"#": r"(\d[\d,]*)"}.get(before, "(.+?)")
    return place + re.escape(piece)


def _row(english: str, words: str) -> _Row:
    pieces, kinds = _PLACE.split(english)[::2], tuple(_PLACE.split(english)[1::2])
    return _Row(
        max(pieces, key=len),
        re.compile("".join(map(_matched, pieces, [None, *kinds])), re.DOTALL),
        kinds,
        words,
        len(re.findall(r"[A-Za-z]{2,}", " ".join(pieces))) <= (_FEW if any(kinds) else 0),
        not pieces[0],
        not pieces[-1],
    )
