"""The names in an archive, for people: zip and tar keep bytes, and seldom say in which writing.

    94 77 8C 69 2F 63 30 30 31 5F 95 5C 2E 70 6E 67    背景/c001_表.png, by a Japanese Windows

The second byte of 表, ソ and 能 is a backslash there: a name is decoded whole before anything looks at its parts.
In the order of certainty: the zip's own flag for UTF-8, its Unicode field (0x7075), UTF-8 where all of it decodes,
and then the East Asian writing that makes the most everyday letters of all names together. The last is a guess: it is
good enough to find a file by, and no name decides which bytes are read.
"""

import struct
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

# By how often deliveries come in them. The last takes every byte there is.
_WRITINGS = ("cp932", "cp949", "gb18030", "big5", "euc_jp")
_LAST = "cp437"
_UNICODE_PATH = 0x7075


def readable(names: Sequence[bytes]) -> list[str]:
    """The names of one archive, decoded: each by UTF-8 where it is that, the others all in one writing."""
    others = [name for name in names if not _is_utf8(name)]
    writing = _writing_of(others)
    return [name.decode("utf-8" if _is_utf8(name) else writing, "replace") for name in names]


def is_hidden(name: str) -> bool:
    """Whether a member or a folder around it is hidden; programs for Windows may write folders with backslashes."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith(".") and part not in {".", ".."} for part in parts)


def unicode_path(extra: bytes, name: bytes) -> str | None:
    """The name in a zip entry's Unicode field: version 1, the CRC-32 of the plain name, and UTF-8."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        field = extra[at + 4 : at + 4 + size]
        at += 4 + size
        if kind != _UNICODE_PATH or len(field) < 5 or field[0] != 1:
            continue
        (checksum,) = struct.unpack_from("<I", field, 1)
        if checksum == zlib.crc32(name):
            try:
                return field[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def apart(names: Iterable[str]) -> list[str]:
    """The same names, with a number behind each that stood before: ` (2)`, ` (3)`."""
    seen: dict[str, int] = {}
    told = []
    taken = set()
    for name in names:
        number = seen.get(name, 0) + 1
        shown = name if number == 1 else f"{name} ({number})"
        while shown in taken:
            number += 1
            shown = f"{name} ({number})"
        seen[name] = number
        taken.add(shown)
        told.append(shown)
    return told


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _writing_of(names: Sequence[bytes]) -> str:
    """The writing in which these names make the most everyday letters; the first of several alike."""
    scores = {writing: _score(names, writing) for writing in _WRITINGS} if names else {}
    best = max(scores, key=lambda writing: scores[writing], default=_LAST)
    return best if scores.get(best, 0) > 0.5 else _LAST


def _score(names: Sequence[bytes], writing: str) -> float:
    """The share of everyday letters among those that are not ASCII; 0 where a name is no text in this writing."""
    letters = everyday = 0
    for name in names:
        try:
            text = name.decode(writing)
        except UnicodeDecodeError:
            return 0
        for letter in text:
            if letter < "\x80":
                continue
            letters += 1
            everyday += _everyday(letter, writing)
    return everyday / letters if letters else 0


def _everyday(letter: str, writing: str) -> bool:
    """Whether people write this letter often in the language of the writing: its first level, kana, Hangul."""
    if unicodedata.category(letter) in ("Co", "Cn", "Cc") or "\uff61" <= letter <= "\uff9f":
        return False  # half-width kana is what other writings look like when read as Japanese
    if "\u3041" <= letter <= "\u30ff":
        return writing in ("cp932", "euc_jp")
    try:
        lead = letter.encode("euc_jp" if writing == "cp932" else _LEVELS[writing])[0]
    except UnicodeEncodeError:
        return False
    first, last = _FIRST_LEVEL[writing]
    return first <= lead <= last


# Where each standard keeps the letters of every day: JIS level 1, Hangul of KS X 1001, GB 2312 level 1, Big5 level 1.
_LEVELS = {"euc_jp": "euc_jp", "cp949": "euc_kr", "gb18030": "gb2312", "big5": "big5"}
_FIRST_LEVEL = {
    "cp932": (0xB0, 0xCF),
    "euc_jp": (0xB0, 0xCF),
    "cp949": (0xB0, 0xC8),
    "gb18030": (0xB0, 0xD7),
    "big5": (0xA4, 0xC6),
}
