"""What a model understands: which words of a prompt it knows, which it does not, and Japanese words in its English.

A small model swallows what it does not know and paints something else. `model.json` lists its words by kind under
``words`` and Japanese ones under ``japanese``; this reads a prompt against them, without any model.

>>> words = Words({"time": ["night"], "thing": ["house", "roof"], "colour": ["red"]}, {"夜": "night", "家": "house"})
>>> read("night, red houses, dragon", words).unknown
('dragon',)
>>> read("夜、家", words).prompt
'night, house'
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

# Words that join others and mean nothing to paint.
JOINING = frozenset(
    "a an the and or with of in on at by to some in-front over under background scene".split()
)
TOKEN = re.compile(r"[a-z']+(?:-[a-z']+)*")
# Kana, kanji, the long vowel mark, and the marks of Japanese punctuation.
JAPANESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff々ー]+")
PARTICLES = re.compile(r"[、。・の と が に を は で]|\u3000")


@dataclass(frozen=True)
class Words:
    """A model's words by kind, and Japanese words with what they are in English."""

    kinds: Mapping[str, Sequence[str]]
    japanese: Mapping[str, str]

    @classmethod
    def of(cls, facts: Mapping[str, object]) -> "Words | None":
        """The words in a model's facts (`model.json`), or None when it lists none."""
        kinds, japanese = facts.get("words"), facts.get("japanese")
        if not isinstance(kinds, Mapping):
            return None
        return cls(kinds, japanese if isinstance(japanese, Mapping) else {})

    @property
    def single(self) -> frozenset[str]:
        """Every single word in any of the phrases."""
        return frozenset(
            token for kind in self.kinds.values() for phrase in kind for token in TOKEN.findall(phrase)
        )


@dataclass(frozen=True)
class Reading:
    """A prompt as the model is given it, the words it knows and does not know, and what was translated."""

    prompt: str
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    translated: tuple[tuple[str, str], ...] = ()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the person who wrote the prompt should know of it; nothing, where the model knows every word."""
        told = []
        if self.translated:
            pairs = "; ".join(f"{said} = {english}" for said, english in dict.fromkeys(self.translated))
            told.append(f"The model reads English. It is given: {self.prompt} ({pairs}).")
        if self.unknown:
            words = ", ".join(self.unknown)
            told.append(f"The model was not taught: {words}. It paints by the other words.")
        return tuple(told)


def understood(prompt: str, words: Words | None) -> Reading:
    """A prompt as the model is to be given it: as it was typed, where there are no words to put it into."""
    if words is None:
        return Reading(prompt, (), ())
    reading = read(prompt, words)
    return reading if reading.translated else replace(reading, prompt=prompt)


def read(prompt: str, words: Words) -> Reading:
    """A prompt read against a model's words; each word is named once, in the order it came."""
    english, translated, strange = into_english(prompt, words)
    known: dict[str, None] = {}
    unknown: dict[str, None] = dict.fromkeys(strange)
    single = words.single
    for token in TOKEN.findall(english.lower()):
        if token in JOINING:
            continue
        (known if _is_known(token, single) else unknown)[token] = None
    return Reading(english, tuple(known), tuple(unknown), tuple(translated))


def into_english(prompt: str, words: Words) -> tuple[str, list[tuple[str, str]], list[str]]:
    """A prompt with its Japanese words in English, the pairs that were found, and what was not understood."""
    pairs: list[tuple[str, str]] = []
    strange: list[str] = []

    def exchange(found: re.Match[str]) -> str:
        said, unread = _translate(found.group(), words)
        pairs.extend(said)
        strange.extend(unread)
        return _joined([english for _, english in said], words)

    english = JAPANESE.sub(exchange, prompt)
    if pairs or strange:
        parts = [part.strip() for part in english.split(",")]
        english = ", ".join(part for part in parts if part)
    return english, pairs, strange


def _translate(text: str, words: Words) -> tuple[list[tuple[str, str]], list[str]]:
    """Japanese text cut into known words, the longest first, and what is left over."""
    entries = sorted(words.japanese, key=len, reverse=True)
    said: list[tuple[str, str]] = []
    unread = ""
    left: list[str] = []
    at = 0
    while at < len(text):
        entry = next((word for word in entries if text.startswith(word, at)), None)
        if entry is None:
            unread += text[at]
            at += 1
            continue
        left += _leftover(unread)
        unread = ""
        said.append((entry, words.japanese[entry]))
        at += len(entry)
    return said, left + _leftover(unread)


def _leftover(text: str) -> list[str]:
    """What of untranslated text is a word at all."""
    return [part for part in PARTICLES.split(text) if part]


def _joined(english: list[str], words: Words) -> str:
    """English words with commas between them; a colour stands before its thing without one.

    A colour takes the place of the one that a thing is called by of itself: red before "green grass" is "red grass".
    """
    colours = sorted(words.kinds.get("colour", ()), key=len, reverse=True)
    out, coloured = ", ", False
    for word in english:
        own = next((colour for colour in colours if coloured and word.startswith(f"{colour} ")), "")
        out += word.removeprefix(f"{own} ") if own else word
        coloured = word in colours
        out += " " if coloured else ", "
    return out


def _is_known(token: str, single: frozenset[str]) -> bool:
    """Whether a word, or its singular or plural, is among the model's."""
    forms = {token, token + "s", token.removesuffix("s"), token.removesuffix("es"), token.removesuffix("'s")}
    return not forms.isdisjoint(single)
