"""Text in a drawing, where no font is known: how wide it will be, and what of it fits.

Wide scripts take one em, others what an average sans serif takes; a little too much rather than too little.
"""

import unicodedata
from collections.abc import Iterator

from provenance.statement.untrusted import plain, xml

LONGEST = 400  # characters of one fact that are looked at
EAST_ASIA = 0x2E80  # where its scripts begin
# Marks that belong to the letter before them, and small kana; marks that belong to the letter behind them.
NEVER_FIRST = frozenset(
    "、。，．・：；？！゛゜ヽヾゝゞ々〻ー〜…‥％°）〕］｝〉》」』】〙〗｠»”’,.:;?!)]}›"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
)
_NEVER_LAST = frozenset("（〔［｛〈《「『【〘〖｟«“‘([{‹＃＄￥＠〒§")


def folded(text: str, room: float, size: float, limit: int) -> Iterator[str]:
    """The text in at most `limit` lines."""
    rest = plain(text, LONGEST)
    for number in range(limit):
        end = _fitting(rest, room / size)
        if end == len(rest) or number == limit - 1:
            yield fit(rest, room, size)
            return
        cut = _cut(rest, max(end, 1))
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()


def may_break(before: str, after: str) -> bool:
    """Whether a line may end between two letters: behind a space, and beside a letter of East Asia where no rule of its
    typesetting (kinsoku) keeps the two together. Words of other scripts stay whole.

    >>> [may_break(*pair) for pair in ("絵。", "（絵", "絵A", "AB", " A")]
    [False, False, True, False, True]
    """
    if before.isspace():
        return not after.isspace()
    if after.isspace() or after in NEVER_FIRST or before in _NEVER_LAST:
        return False
    if unicodedata.category(after)[0] == "M":
        return False
    return ord(before) >= EAST_ASIA or ord(after) >= EAST_ASIA


def _cut(text: str, end: int) -> int:
    """Where a line ends of which `end` characters fit: behind a hyphen, too; anywhere before it becomes too short."""
    last = end + 1 if text[end].isspace() else end
    for at in range(min(last, len(text) - 1), end // 3, -1):
        if may_break(text[at - 1], text[at]) or (at <= end and text[at - 1] in "-/_"):
            return at
    return end


def fit(text: str, room: float, size: float) -> str:
    """The text, shortened with an ellipsis where it is wider than `room`."""
    shown = plain(text, LONGEST)
    if _fitting(shown, room / size) == len(shown):
        return shown
    return shown[: _fitting(shown, room / size - _em("…"))].rstrip() + "…"


def _fitting(text: str, ems: float) -> int:
    """How many characters go into that many em."""
    for index, character in enumerate(text):
        ems -= _em(character)
        if ems < 0:
            return index
    return len(text)


def em(text: str) -> float:
    """About how wide a text is, in em; a little too much rather than too little."""
    return sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF" or character == "…":
        return 1.03
    if character in " .,:;|!'ijl()[]It":
        return 0.34
    return 0.88 if character in "mwMW@%—" else 0.68 if character.isupper() else 0.58


def lettered(
    x: float,
    y: float,
    words: str,
    size: float,
    style: str,
    *,
    bold: bool = False,
    end: bool = False,
    middle: bool = False,
) -> str:
    anchor = ' text-anchor="end"' if end else ' text-anchor="middle"' if middle else ""
    weight = ' font-weight="600"' if bold else ""
    # unicode-bidi: a name in Hebrew or Arabic must not turn its neighbours round.
    return (
        f'<text class="{style}" x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{weight}{anchor} '
        f'style="unicode-bidi:isolate">{xml(words, 500)}</text>'
    )
