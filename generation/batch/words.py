"""Words with places to fill: `{weather}` from a sheet's column, and `{dusk|night}` for each in turn.

>>> fill("{weather} over the {place}", {"weather": "snow", "place": "pass"})
'snow over the pass'
>>> list(patterns("a {red|blue} house, {day|night}"))
['a red house, day', 'a red house, night', 'a blue house, day', 'a blue house, night']
"""

import itertools
import re
from collections.abc import Iterator, Mapping

from generation.errors import SheetError

_PLACE = re.compile(r"\{([A-Za-z][\w -]*)\}")
_EITHER = re.compile(r"\{([^{}|]*(?:\|[^{}|]*)+)\}")
_NESTED = re.compile(r"\{[^{}]*\|[^{}]*\{|\}[^{}]*\|[^{}]*\}")
MOST = 10_000  # prompts of one pattern


def column_name(text: str) -> str:
    """A column's name as options are written.

    >>> column_name(" Long_Side ")
    'long-side'
    """
    return re.sub(r"[\s_]+", "-", text.strip().lower())


def places(words: str) -> list[str]:
    """The names that are to be filled in, as columns are named."""
    return [column_name(each) for each in _PLACE.findall(words)]


def fill(words: str, variables: Mapping[str, str]) -> str:
    """The words with every place filled; SheetError names one that nothing is given for, or tells an open brace."""

    def one(found: re.Match[str]) -> str:
        name = column_name(found[1])
        if name not in variables:
            known = ", ".join(sorted(variables)) or "none"
            raise SheetError(f"nothing is given for {{{found[1]}}}; the columns that can fill it: {known}")
        return variables[name]

    if words.count("{") != words.count("}"):
        raise SheetError(
            f"a brace is open in {words[:60]!r}; write {{name}} for a column, {{a|b}} for each in turn"
        )
    return _PLACE.sub(one, words)


def patterns(words: str) -> Iterator[str]:
    """The words once for each way of choosing among what stands between bars.

    SheetError where that is too many, or where one choice stands inside another.
    """
    if _NESTED.search(words):
        raise SheetError("one choice stands inside another, {a|{b|c}}; write {a|b|c}, or one after the other")
    parts = _EITHER.split(words)  # plain, choices, plain, choices, … plain
    choices = [[each.strip() for each in part.split("|")] for part in parts[1::2]]
    count = 1
    for each in choices:
        count *= len(each)
    if count > MOST:
        raise SheetError(f"this pattern stands for {count:,} prompts, and at most {MOST:,} are painted")
    for chosen in itertools.product(*choices):
        yield "".join(itertools.chain.from_iterable(itertools.zip_longest(parts[::2], chosen, fillvalue="")))
