"""Which works a run over a sheet loads: those of all its rows together; and how much of each a row uses.

They are loaded once. A row that does not name one weighs it 0, which leaves it out of the picture and of the record. So
a recipe can draw along the lines in its first pass alone, and a sheet can give each shot its own LoRA.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generation.batch.row import Row
from generation.errors import SheetError
from generation.works.adapter import lora_parted
from generation.works.styles import KEY as STYLE
from generation.works.weight import CONTROL_MOST, STYLE_MOST, Weight, parted
from generation.works.works import Works, check_called


@dataclass(frozen=True, slots=True)
class _Named:
    """One work as a row names it: the option, the text without a weight, and the weight."""

    option: str
    text: str
    weight: Weight


@dataclass(frozen=True, slots=True)
class WorksOfRows:
    """What rows name together: `works` is what is loaded, without weights."""

    works: Works
    named: tuple[_Named, ...]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "WorksOfRows":
        """Of these rows; SheetError where two of them contradict each other."""
        named = {(each.option, each.text): each for row in rows for each in named_in(row.works)}
        _check_apart(named.values())
        _check_said(rows)

        def texts(option: str) -> tuple[str, ...]:
            return tuple(text for other, text in named if other == option)

        works = Works(
            loras=texts("lora"),
            embeddings=_distinct(each for row in rows for each in row.works.embeddings),
            controls=texts("control"),
            style=next(iter(texts("ip-adapter")), None),
            depth=next(iter(_depths(rows)), None),
        )
        return cls(works, tuple(named.values()))

    def weighed(self, rows: Iterable[Row]) -> list[Row]:
        """The rows with how much of each work they use."""
        return [replace(row, weights=_weights(row, self.named)) for row in rows]


def named_in(works: Works) -> Iterator[_Named]:
    """Each work that is weighed; ModelError or RequestError says which text is none."""
    for each in works.loras:
        name, scale = lora_parted(each)
        yield _Named("lora", name, Weight(Path(name).stem, scale))
    for each in works.controls:
        kind, _, rest = each.partition("=")
        name, weight = parted(rest, kind.strip().lower(), CONTROL_MOST)
        yield _Named("control", f"{kind}={name}", weight)
    if works.style:
        name, weight = parted(works.style, STYLE, STYLE_MOST)
        yield _Named("ip-adapter", name, weight)


def _weights(row: Row, every: Iterable[_Named]) -> tuple[Weight, ...]:
    """How this row weighs each of the works; what it says by --weigh goes before."""
    own = {(each.option, each.text): each.weight for each in named_in(row.works)}
    said = {each.key for each in row.settings.weights}
    found = (own.get((each.option, each.text), Weight(each.weight.key, 0.0)) for each in every)
    return tuple(each for each in found if each.key not in said)


def _check_apart(every: Iterable[_Named]) -> None:
    """Works are weighed by their keys, and a network looks at one style: a run has one of each."""
    seen: dict[str, _Named] = {}
    for each in every:
        other = seen.setdefault(each.weight.key, each)
        if other is not each:
            raise SheetError(
                f"two works of this run are called {each.weight.key} ({other.text} and {each.text}); "
                "give one of them another name, or paint those rows in a run of their own"
            )


def _check_said(rows: Sequence[Row]) -> None:
    depths = _depths(rows)
    if len(depths) > 1:
        raise SheetError(
            f"a run has one depth estimator, and its rows name {' and '.join(depths)}; choose one"
        )
    words = [text for row in rows for text in (row.settings.prompt, row.settings.negative_prompt)]
    check_called(_distinct(each for row in rows for each in row.works.embeddings), words)


def _depths(rows: Iterable[Row]) -> tuple[str, ...]:
    return _distinct(row.works.depth for row in rows if row.works.depth)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
