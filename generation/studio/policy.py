"""What a host paints for nobody, or not in this production: blocked words and artists' names, each with an explanation.

A TOML file, given as `genzu --policy FILE` or GENZU_POLICY:

    [policy]
    name = "Snow Country"

    [[rule]]
    words = ["gore", "血まみれ"]
    why = "This demo paints backgrounds for all ages."

    [[rule]]
    artists = ["Mori Aoi", "森葵"]
    productions = ["Film"]          # without it: everywhere
    why = "She has not agreed; write to her studio."

A prompt is looked at, and for artists the names of LoRAs and textual inversions too. How a word is found says
generation/words/spelling.py.
"""

import hashlib
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from generation.errors import PolicyError, PolicyRefused
from generation.words.spelling import Text, orders
from provenance.errors import why
from provenance.statement.names import folded

LIMIT, WHY_LIMIT, MOST = (
    1_000_000,
    500,
    10_000,
)  # bytes of a file, characters of an explanation, words of all rules
_KEYS = {"words", "artists", "why", "productions"}


@dataclass(frozen=True, slots=True)
class Rule:
    """Words or artists' names, as the host wrote them, and why they are refused. No productions: in all of them."""

    words: tuple[str, ...]
    artists: tuple[str, ...]
    why: str
    productions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """A host's rules. `digest` is the SHA-256 (hex) of the file that they were read from."""

    name: str = ""
    rules: tuple[Rule, ...] = ()
    digest: str = ""

    @classmethod
    def read(cls, path: Path | None) -> "Policy":
        """The policy in a file, none without one; PolicyError says what is wrong with it."""
        if path is None:
            return cls()
        try:
            data = path.expanduser().read_bytes()[: LIMIT + 1]
        except OSError as error:
            raise PolicyError(f"the policy {path} could not be read: {why(error)}") from error
        if len(data) > LIMIT:
            raise PolicyError(f"{path.name} is larger than {LIMIT:,} bytes; a policy is a few lines")
        try:
            said = tomllib.loads(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise PolicyError(f"{path.name} is not UTF-8 text; save it as that") from None
        except tomllib.TOMLDecodeError as error:
            raise PolicyError(f"{path.name}: {error}") from None
        return cls(*_read(path.name, said), hashlib.sha256(data).hexdigest())

    def refusal(self, prompt: str, production: str = "", works: Collection[str] = ()) -> PolicyRefused | None:
        """Why these words are not painted in this production; None where nothing speaks against them.

        `works` are the names of the LoRAs and textual inversions that are used.
        """
        words, named = Text(prompt), [Text(each) for each in works]
        for number, rule in enumerate(self.rules, start=1):
            if rule.productions and folded(production) not in {folded(each) for each in rule.productions}:
                continue
            found = next((each for each in rule.words if words.holds(each)), None)
            found = found or next((each for each in rule.artists if _named(each, (words, *named))), None)
            if found is not None:
                return self._refused(number, rule, found)
        return None

    def _refused(self, number: int, rule: Rule, found: str) -> PolicyRefused:
        whose = f"the policy {self.name!r} of this host" if self.name else "the policy of this host"
        what = f"the name {found!r}" if found in rule.artists else repr(found)
        return PolicyRefused(f"{whose} refuses {what}: {rule.why}", rule=number, policy=self.digest)


NO_POLICY = Policy()


def _named(artist: str, texts: Iterable[Text]) -> bool:
    return any(text.holds(each) for text in texts for each in orders(artist))


def _read(file: str, said: Mapping[str, Any]) -> tuple[str, tuple[Rule, ...]]:
    strange = sorted(set(said) - {"policy", "rule"})
    if strange:
        _wrong(file, f"there is no [{strange[0]}]; write [policy] and [[rule]]")
    about, rules = said.get("policy", {}), said.get("rule", [])
    if not isinstance(about, dict) or set(about) - {"name"} or not isinstance(about.get("name", ""), str):
        _wrong(file, "[policy] holds a name, and no more")
    if not isinstance(rules, list) or not rules:
        _wrong(file, "there is no rule; write [[rule]] with words or artists, and why")
    found = tuple(_rule(file, at, each) for at, each in enumerate(rules, start=1))
    if sum(len(each.words) + len(each.artists) for each in found) > MOST:
        _wrong(file, f"it names more than {MOST:,} words")
    return " ".join(about.get("name", "").split())[:80], found


def _rule(file: str, number: int, said: Any) -> Rule:
    where = f"rule {number}"
    if not isinstance(said, dict):
        _wrong(file, f"{where} is written [[rule]], with words or artists, and why")
    strange = sorted(set(said) - _KEYS)
    if strange:
        _wrong(file, f"{where} has {strange[0]!r}, which is none of {', '.join(sorted(_KEYS))}")
    lists = {
        each: _texts(file, where, each, said.get(each, [])) for each in ("words", "artists", "productions")
    }
    if not lists["words"] and not lists["artists"]:
        _wrong(file, f"{where} names no words and no artists")
    why = said.get("why")
    if not isinstance(why, str) or not why.strip() or len(why) > WHY_LIMIT:
        _wrong(
            file, f"{where} does not say why, in up to {WHY_LIMIT} characters: whoever is refused reads it"
        )
    return Rule(lists["words"], lists["artists"], " ".join(why.split()), lists["productions"])


def _texts(file: str, where: str, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        _wrong(file, f'{key} of {where} is a list of texts, such as ["gore"]')
    if key != "productions":
        for each in value:
            if not Text(each).words:
                _wrong(file, f"{each!r} of {where} holds no letter")
    return tuple(" ".join(each.split()) for each in value)


def _wrong(file: str, words: str) -> NoReturn:
    raise PolicyError(f"{file}: {words}")
