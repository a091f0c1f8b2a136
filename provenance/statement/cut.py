"""Which cut a name speaks of: its number, and what cuts are counted in by that name.

A cut is its number, however many zeros somebody wrote before it, and is told with three digits at least:

>>> [str(cut_named([each])) for each in ("c7.png", "cut_0007.png", "sh1200.png")]
['c007', 'c007', 'c1200']

Cuts are numbered anew in each episode, and in some studios in each scene. What a name says of that is part of the
cut's name; nothing is added where a name does not say it.

>>> str(cut_named(["EP1_c007.png"])), str(cut_named(["第3話", "カット007.png"]))
('ep01 c007', 'ep03 c007')
>>> str(cut_named(["s01e02_sc003_c012.png"]))
's01 ep02 sc003 c012'
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from provenance.statement.names import folded

# No cut is Cinema 4D, a day ("rough cut 2026-11-30", "Screen Shot 2026-…") or a size ("final_cut_1080p", "cut_4k").
_NO_CUT = r"(?!4d(?![^\W_])|\d{3,4}[pi](?![^\W_])|[248]k(?![^\W_])|(?:19|20)\d\d([-_. ]?)\d\d\1\d\d(?!\d))"
# What studios write behind it without a mark: C012BG, c012LO, c012t2, C012改, カット12背景.
_BEHIND = r"[tv]\d|(?:bg|lo|book|key)\d{0,3}(?:$|[\W_])|[\u3040-\u30ff\u4e00-\u9fff]"
_CUT = re.compile(
    rf"(?:^|[\W_])(?:cut|shot|sht|sh|カット|c)[ _-]?{_NO_CUT}(?P<number>\d{{1,5}})(?P<letter>[a-z]?)"
    rf"(?=$|[\W_]|{_BEHIND})",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d{1,5}[a-z]?", re.IGNORECASE)
_NUMBERS = re.compile(r"(\D*)(\d{0,12})")
# EP01C007, 第3話カット7: two names with nothing between them.
_JOINED = re.compile(
    r"((?<![^\W_])(?:(?:s\d{1,2})?(?:ep?|sc|sq|s)\d{1,4}|#\d{1,3})|[話回期]|パート)"
    r"(?=(?:sc|sq|cut|sh|c|カット)[ _-]?\d)",
    re.IGNORECASE,
)
_KANJI = {numeral: number for number, numeral in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True, slots=True)
class _Level:
    """What cuts are counted in, by its number or name: the group that is not empty. `sure` means it anywhere in a path;
    `loose` is a letter or two, and means it before a cut's number alone.
    """

    told: str
    sure: re.Pattern[str]
    loose: re.Pattern[str] | None = None

    def named(self, name: str, before: int) -> str:
        """As it is told, “ep03”; "" where the name does not say it. `before`: where the cut's number begins."""
        found = self.sure.search(name)
        if found is None and self.loose is not None:
            found = self.loose.search(name, 0, before)
        what = next(filter(None, found.groups()), "") if found is not None else ""
        number = _number(what)
        return "" if not what else self.told.format(what.lower() if number is None else number)


def _level(told: str, sure: str, loose: str = "") -> _Level:
    apart = re.compile(rf"(?:^|[_.-])(?:{loose})(?=$|[_.-])", re.IGNORECASE) if loose else None
    return _Level(told, re.compile(sure, re.IGNORECASE), apart)


# Outermost first. “s03” alone is a season to one studio and a scene to another: it is told as it stands there.
_LEVELS = (
    _level(
        "s{:02}",
        r"(?<![^\W_])(?:season[ _.-]?(\d{1,2})(?![^\W_])|s(\d{1,2})(?=[ _.-]?ep?\d))|シーズン ?(\d{1,2})|(\d{1,2})期",
        r"s(\d{1,3})",
    ),
    _level(
        "ep{:02}",
        r"(?<![^\W_])(?:(?:episode|ep)[ _.-]{0,2}(\d{1,4})|s\d{1,2}[ _.-]?ep?(\d{1,4}))[a-f]?(?![^\W_])"
        r"|(?:エピソード|話数)[ _.-]?(\d{1,4})|(\d{1,4})[話回]|第([一二三四五六七八九十]{1,3})[話回]",
        r"e(\d{1,4})|#(\d{1,4})",
    ),
    _level("{}", r"(アバン|予告)", r"((?:nc)?(?:op|ed)\d?)"),
    _level(
        "part {}",
        r"(?<![^\W_])(?:([a-f])パート|part[ _.-]?([a-f])(?![^\W_])|ep\d{1,4}([a-f])(?![^\W_]))|パート([a-f])(?![^\W_])",
        r"([a-f])part",
    ),
    _level("sq{:03}", r"(?<![^\W_])(?:sequence|seq|sq)[ _.-]?(\d{1,4})(?![^\W_])|シーケンス ?(\d{1,4})"),
    _level("sc{:03}", r"(?<![^\W_])(?:scene|scn|sc)[ _.-]?(\d{1,4})(?![^\W_])|シーン ?(\d{1,4})"),
)
_NO_LEVELS = ("",) * len(_LEVELS)


@dataclass(frozen=True, slots=True)
class CutName:
    """What is said of a cut: `own` is its number, or a studio's word for it; `within` what it is counted in."""

    within: str = ""
    own: str = ""

    def __str__(self) -> str:
        return f"{self.within} {self.own}".strip() if self.own else ""

    def may_be(self, other: "CutName") -> bool:
        """Whether the other has this number, and more is said of where it is counted.

        >>> [CutName(each, "c007").may_be(CutName("s01 ep02", "c007")) for each in ("", "ep02", "ep01", "s01 ep02")]
        [True, True, False, False]
        """
        return self.own == other.own and set(self.within.split()) < set(other.within.split())


NO_CUT = CutName()


def cut_named(parts: Sequence[str]) -> CutName:
    """By the names of a file and its folders; the name that is nearest to the file counts."""
    read = [_read(each) for each in parts]
    at = next((number for number in reversed(range(len(read))) if read[number][0]), len(read))
    levels = list(_NO_LEVELS)
    for number in reversed(range(len(read))):
        # A letter and a number below the folder of a cut, e01.png, is a part of it.
        _, sure, loose = read[number]
        found = sure if number > at else loose
        levels = [one or other for one, other in zip(levels, found, strict=True)]
    return CutName(" ".join(filter(None, levels)), read[at][0] if at < len(read) else "")


def cut_recorded(episode: str, shot: str) -> CutName:
    """By a record's own words for its episode and cut, which may be numbers alone."""
    episode, shot = episode.strip(), shot.strip()
    number = _number(episode)
    found = cut_named(
        [episode if number is None else f"ep{number}", f"c{shot}" if _NUMBERED.fullmatch(shot) else shot]
    )
    return CutName(found.within or episode.casefold(), found.own or shot.casefold())


def cut_meant(episode: str, shot: str) -> CutName:
    """The cut that two records share: its number alone counts where nothing else is written, else every word.

    >>> {cut_meant("1", shot) for shot in ("c7", "C007", "cut_0007", "7")} == {cut_meant("EP01", "c007")}
    True
    >>> cut_meant("1", "c007 left") == cut_meant("1", "c007 right")
    False
    """
    said = cut_recorded(episode, shot)
    return CutName(
        said.within if _is_number(episode) or not episode.strip() else folded(episode),
        said.own if _is_number(shot) else folded(shot),
    )


def _is_number(text: str) -> bool:
    text = text.strip()
    return bool(_NUMBERED.fullmatch(text)) or _number(text) is not None or says_no_more(text)


def says_no_more(name: str) -> bool:
    """Whether a name says a cut, or what cuts are counted in, and nothing else: `c014`, `第3話`."""
    text = _plain(name)
    patterns = [_CUT, *(each for level in _LEVELS for each in (level.sure, level.loose) if each is not None)]
    found = [match for match in (each.search(text) for each in patterns) if match is not None]
    letters = set(range(len(text))).difference(*(range(*each.span()) for each in found))
    return bool(found) and not any(text[at].isalpha() and text[at] != "第" for at in letters)


def cut_order(name: str) -> tuple[bool, list[tuple[str, int]]]:
    """What cuts are put in order by: numbers by their value, and last what belongs to no cut.

    >>> sorted(["ep02 c1", "c10", "", "ep01 c2", "c007a", "c7"], key=cut_order)
    ['c7', 'c007a', 'c10', 'ep01 c2', 'ep02 c1', '']
    """
    parts = _NUMBERS.findall(name)
    return not name, [(words, int(number or 0)) for words, number in parts]


# The names of folders come with each file in them.
@lru_cache(maxsize=256)
def _read(name: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The cut in a name, and what it is counted in: by what is sure alone, and by what stands before the cut, too."""
    text = _plain(name)
    found = _CUT.search(text)
    cut = f"c{int(found['number']):03}{found['letter'].lower()}" if found is not None else ""
    before = found.start() if found is not None else len(text)
    sure = tuple(each.named(text, 0) for each in _LEVELS)
    return cut, sure, tuple(each.named(text, before) for each in _LEVELS)


def _plain(name: str) -> str:
    """In one form of its letters, ３ as 3, and with a mark between names that are written as one."""
    return _JOINED.sub(r"\1_", unicodedata.normalize("NFKC", name))


def _number(text: str) -> int | None:
    """A number in figures, or up to 99 in Japanese numerals; None for any other text."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    digits = [_KANJI.get(each) for each in (tens, ones) if each]
    if not (ten or ones) or None in digits:
        return None
    return (_KANJI.get(tens, 1) * 10 if ten else 0) + _KANJI.get(ones, 0)
