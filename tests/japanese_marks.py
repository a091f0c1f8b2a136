"""Japanese is written with marks as wide as its letters: where a text stands half-width ones beside them."""

import re

_WIDE = "\u3000-\u30ff\u4e00-\u9fff\uff01-\uff60"  # kana, kanji and their marks
_HALF = re.compile(
    rf"[{_WIDE}}}][:;,!?](?!//)"  # behind a letter, or what is put in
    rf"|[{_WIDE}]\.(?![0-9A-Za-z])"  # a full stop, and no file's ending
    rf"|[:;,!?] ?[{_WIDE}]"
    rf"|[{_WIDE}]\(|\)[{_WIDE}]|\([^()]*[{_WIDE}][^()]*\)"
)
_JAPANESE = re.compile("[\u3041-\u30ff\u4e00-\u9fff]")
# What is typed and quoted keeps its own marks, and so do an address and the target of a link.
_QUOTED = re.compile(r"```.*?```|`[^`]*`|(?<=\])\([^()]*\)|'[^']*'|https?://\S*", re.DOTALL)


def half_width(text: str) -> list[str]:
    """Each place in a Japanese text where a half-width mark stands, with what is around it."""
    if not _JAPANESE.search(text):
        return []
    said = _QUOTED.sub("x", text)
    return [said[max(0, found.start() - 12) : found.end() + 12] for found in _HALF.finditer(said)]
