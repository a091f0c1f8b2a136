"""When two spellings are one name: the one rule by which names are asked for, recorded, and kept apart.

A name stays as it was written. Only comparisons use its folded form, in which these make no difference:

    upper and lower case              MORI AOI, Mori Aoi
    how Unicode composes a letter     é as one character or as two (macOS writes file names so)
    full and half width               ﾔﾏﾀﾞ, ヤマダ; Ａｏｉ, Aoi
    accents and their like            Björk, Bjork; Łukasz, Lukasz; Işık, ISIK; مُحَمَّد, محمد
    hiragana and katakana             やまだ, ヤマダ
    quotes, hyphens and dots          O’Brien, O'Brien; Jean‐Luc, Jean-Luc, Jean Luc
    spaces                            two for one; between characters of East and South-East Asia any at all

>>> folded("MORI  Aoi") == folded("Mori Aoi")
True
>>> folded("か") == folded("が")
False

What is only alike (高橋 and 髙橋, Oshima and Ohshima, a surname alone) is `near`: it may be offered, never assumed.
"""

import re
import unicodedata
from functools import lru_cache

# What ends a name in our sentences and lists: a mark, a full stop behind a whole word, or “and” before the next name.
_ENDS = re.compile(r"[,;:“”\"、，；：。「」]|[^\W\d_]{4}[.!?…]+ | and ")
_QUOTES_INSIDE = str.maketrans('“”"', "‘’'")
REMEMBERED = 1 << 16  # folded names

# Letters that Unicode does not take apart, as they are written without their stroke or bow.
_PLAIN_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŧ": "t",
     "ŋ": "n", "ک": "ك", "ی": "ي", "ى": "ي"}
)  # fmt: skip
_QUOTES = str.maketrans(dict.fromkeys("'’‘‛ʼʻʹʾʿ′`´＇", ""))
_SOUND_MARKS = str.maketrans({"゛": "\u3099", "゜": "\u309a"})
_ACCENTED = ("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")  # elsewhere a mark is a part of the letter
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
_KATAKANA = {ord(letter): ord(letter) - 0x60 for letter in map(chr, range(0x30A1, 0x30F7))}
# One name in two characters (異体字): a different person as often as the same, so only near.
_VARIANTS = str.maketrans(
    "髙﨑邉邊齋齊斉澤濵濱櫻嶋嶌眞廣國淵德瀨曾槙條惠榮壽龍冨峯薮桒𠮷萬學檜禮藏嶽埜礒",
    "高崎辺辺斎斎斎沢浜浜桜島島真広国渕徳瀬曽槇条恵栄寿竜富峰藪桑吉万学桧礼蔵岳野磯",
)
_FOREIGN_KANA = (("ゔぁ", "ば"), ("ゔぃ", "び"), ("ゔぇ", "べ"), ("ゔぉ", "ぼ"), ("ゔ", "ぶ"), ("ー", ""))
_LONG = (("ou", "o"), ("aa", "a"), ("ii", "i"), ("uu", "u"), ("ee", "e"), ("oo", "o"))


@lru_cache(maxsize=REMEMBERED)
def folded(name: str) -> str:
    """The name as it is compared. Folding it again changes nothing; a name of nothing but marks stays itself."""
    return "".join(_words(name, spaced=True)) or " ".join(name.casefold().split())


def as_one(name: str) -> str:
    """A name as it stands among other words: in quotation marks where it could be read as more than one name.

    >>> as_one("Mori Aoi"), as_one("Mori Aoi; layout: Kita Jun")
    ('Mori Aoi', '“Mori Aoi; layout: Kita Jun”')
    """
    return f"“{name.translate(_QUOTES_INSIDE)}”" if _ENDS.search(name) else name


def near(asked: str, name: str) -> bool:
    """Whether somebody who asked for one may have meant the other: a slip, another order, or a part of the name."""
    mine, theirs = _loose_words(asked), _loose_words(name)
    if not mine or not theirs:
        return folded(asked) == folded(name)
    if all(mine.count(each) <= theirs.count(each) for each in mine):
        return True
    return _a_slip("".join(mine), "".join(theirs))


@lru_cache(maxsize=REMEMBERED)
def _loose_words(name: str) -> tuple[str, ...]:
    return tuple(_loose(each) for each in _words(name))


def _words(name: str, *, spaced: bool = False) -> list[str]:
    """The folded words of a name; `spaced` with a space after each that needs one before the next."""
    words = _plain(name).split()
    if not spaced:
        return words
    told = []
    for number, word in enumerate(words):
        last = number + 1 == len(words)
        joined = last or _is_unspaced(word[-1]) or _is_unspaced(words[number + 1][0])
        told.append(word if joined else word + " ")
    return told


def _plain(name: str) -> str:
    """Case, width, accents and punctuation taken away; words with single spaces between."""
    text = name
    # Some letters need a second pass: what the first leaves may fold once more.
    for _ in range(3):
        before = text
        text = unicodedata.normalize("NFKC", text.translate(_SOUND_MARKS).translate(_QUOTES)).casefold()
        text = _without_accents(unicodedata.normalize("NFKC", text))
        text = text.translate(_PLAIN_LETTERS).translate(_KATAKANA)
        if text == before:
            break
    return text


def _without_accents(text: str) -> str:
    if text.isascii():
        return "".join(letter if letter.isalnum() else _mark(letter) for letter in text)
    kept: list[str] = []
    accented = False
    for letter in unicodedata.normalize("NFD", text):
        category = unicodedata.category(letter)
        if category in {"Mn", "Me"}:
            if not accented and not _is_selector(letter):
                kept.append(letter)
            continue
        accented = unicodedata.name(letter, "").startswith(_ACCENTED)
        kept.append(letter if category[0] in "LMN" else _mark(letter))
    return unicodedata.normalize("NFC", "".join(kept))


def _mark(letter: str) -> str:
    """What is left of a character that is no letter: nothing of an invisible one, a space of a hyphen or dot."""
    category = unicodedata.category(letter)
    if category in {"Cf", "Sk"} or letter in "'’‘":
        return ""
    if category in {"Pd", "Zs", "Pc", "Cc"} or letter in ".,・·•":
        return " "
    return letter


def _is_selector(letter: str) -> bool:
    """A variation selector chooses a drawing of a character, not another character."""
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def _is_unspaced(letter: str) -> bool:
    """Whether a script puts no spaces between the words of a name, or does as it likes."""
    return not letter.isascii() and unicodedata.name(letter, "").startswith(_UNSPACED)


def _loose(word: str) -> str:
    """A folded word without what romanisations and variants of characters differ in."""
    text = word.translate(_VARIANTS)
    for found, instead in (*_FOREIGN_KANA, *_LONG):
        text = text.replace(found, instead)
    # Ohshima, Itoh: an h after o that no vowel follows only makes it long.
    letters = [
        letter
        for place, letter in enumerate(text)
        if not (
            letter == "h"
            and text[place - 1 : place] == "o"
            and text[place + 1 : place + 2] not in tuple("aiueo")
        )
    ]
    return "".join(letters)


def _a_slip(one: str, other: str) -> bool:
    """Whether few letters were mistyped: one in a short name, two in a longer one."""
    shorter = min(len(one), len(other))
    allowed = 0 if shorter < 3 else 1 + (shorter >= 8)
    if allowed == 0 or abs(len(one) - len(other)) > allowed:
        return False
    if len(set(one) - set(other)) > allowed or len(set(other) - set(one)) > allowed:
        return False
    return _distance(one, other) <= allowed


def _distance(one: str, other: str) -> int:
    """How many letters are put in, left out, replaced, or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        earlier, before, row = before, row, [number]
        for place, against in enumerate(other, 1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != against))
            swapped = number > 1 and place > 1 and letter == other[place - 2] and one[number - 2] == against
            if swapped:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
    return row[-1]
