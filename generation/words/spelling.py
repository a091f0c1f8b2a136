"""Whether a text holds a word, however it is spelled: upper or lower case, full or half width, accents, letters of
another alphabet or numbers that look alike, letters with dots or spaces between. English and Japanese.

A word is found as a whole: "ore" is not in "explore". Japanese has no spaces; there a word of one kanji has to stand
without other kanji beside it, one in katakana without other katakana, and all others are found wherever they stand.

>>> Text("a GÓRE scene").holds("gore"), Text("gorе, with a Cyrillic е").holds("gore"), Text("explore").holds("ore")
(True, True, False)
>>> Text("血まみれの廊下").holds("血まみれ"), Text("血管").holds("血"), Text("グロッキー").holds("グロ")
(True, False, False)
>>> Text("by mori-aoi").holds("Mori Aoi"), Text("g.o.r.e").holds("gore"), Text("g0re").holds("gore")
(True, True, True)
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property, lru_cache

from provenance.statement.blank import BLANKS

# Letters that look like Latin ones, after case and accents are folded.
_ALIKE = str.maketrans(
    "абвгдеёзикмнорстухьѕіјһԁԛԝαβγεηικμνορτυχωıłøđħŧſ",
    "a6brдeeзиkmhopctyxьsijhdqwabyenikuvoptuxwilodhts",
)
_NUMBERS = str.maketrans("013457@$!|", "oieastasil")
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff々〆ー]")
_KANJI, _KATAKANA = (
    re.compile(r"[\u3400-\u9fff\uf900-\ufaff々〆]"),
    re.compile(r"[\u30a1-\u30fa\u30fc-\u30ff]"),
)
_LINES = "\t\n\v\f\r\x85"  # controls that part words
_LETTER = re.compile(r"[^\W_]")
_BETWEEN_JAPANESE = re.compile(rf"(?<={_JAPANESE.pattern}) (?={_JAPANESE.pattern})")
_SPELLED = re.compile(r"(?<!\S)(?:[^\W\d_] ){2,}[^\W\d_](?!\S)")  # g o r e


class Text:
    """A text to look for words in."""

    def __init__(self, text: str) -> None:
        self.words = _plain(text)

    @cached_property
    def _forms(self) -> tuple[str, ...]:
        together = _SPELLED.sub(lambda found: found[0].replace(" ", ""), self.words)
        return (self.words,) if together == self.words else (self.words, together)

    def holds(self, word: str) -> bool:
        """Whether the word is in it as a whole, in whatever spelling."""
        sought = _remembered(word)
        return any(_is_whole(text, start, sought) for text in self._forms for start in _starts(text, sought))


def orders(name: str) -> Iterator[str]:
    """A name as it may be written: as it is, its last part first, and without spaces."""
    parts = name.replace(",", " ").split()
    yield name
    if len(parts) > 1:
        yield " ".join([parts[-1], *parts[:-1]])
        yield " ".join([*parts[1:], parts[0]])
        yield "".join(parts)


@lru_cache(maxsize=1 << 14)
def _remembered(word: str) -> str:
    return _plain(word)


def _plain(text: str) -> str:
    """Lower case, one width, without accents and signs, look-alikes as what they look like; single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(_folded(each) for each in unicodedata.normalize("NFD", folded) if _counts(each))
    joined = unicodedata.normalize("NFC", letters).translate(_ALIKE)
    words = " ".join(_numbers_as_letters(each) for each in joined.split())
    spaced = " ".join("".join(each if _LETTER.match(each) or each == "ー" else " " for each in words).split())
    return _BETWEEN_JAPANESE.sub("", spaced)


def _counts(letter: str) -> bool:
    """An accent is left out; a Japanese sound mark makes another letter, and stays.

    What nobody sees is no part of a word to a model either: tokenizers throw it away, and paint what is left.
    """
    if letter in _LINES:
        return True
    category = unicodedata.category(letter)
    unseen = category.startswith("C") or letter in BLANKS or letter == "\ufffd"
    return not unseen and (category not in {"Mn", "Me"} or letter in "\u3099\u309a")


def _folded(letter: str) -> str:
    return " " if letter == "_" else letter


def _numbers_as_letters(word: str) -> str:
    """g0re as gore; 1998 and 4 stay numbers."""
    return word.translate(_NUMBERS) if re.search(r"[a-z]", word) else word


def _starts(text: str, sought: str) -> Iterator[int]:
    start = text.find(sought) if sought else -1
    while start >= 0:
        yield start
        start = text.find(sought, start + 1)


def _is_whole(text: str, start: int, sought: str) -> bool:
    end = start + len(sought)
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return not _goes_on(sought, sought[0], before) and not _goes_on(sought, sought[-1], after)


def _goes_on(sought: str, edge: str, beside: str) -> bool:
    """Whether what stands beside a word belongs to the same word."""
    if not beside or beside == " ":
        return False
    for script in (_KATAKANA, _KANJI):
        if script.match(edge):
            alone = script is _KATAKANA or len(sought) == 1
            return alone and script.match(beside) is not None
    return not _JAPANESE.match(edge) and not _JAPANESE.match(beside)
