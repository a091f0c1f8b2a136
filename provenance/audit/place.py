"""Where a file of a delivery belongs: whose it is, which cut, which stage. By the ledger, else by its name.

    delivery/Studio Kita/c014/bg_final.png      vendor Studio Kita, cut c014, stage final (by its name)

A name is a vendor's word: what is read from it is told as that, and decides no answer.

>>> place_of("delivery/Studio Kita/c014/bg_final.png")
Place(vendor='Studio Kita', cut='c014', stage='final', recorded=False)
>>> place_of("kita/EP01_Cut-007A_layout.tif").cut, place_of("kita/背景/カット012_原図.png").stage
('c007a', 'layout')

A cut is its number, however many zeros somebody wrote before it, and is told with three digits at least:

>>> place_of("kita/c7.png").cut, place_of("kita/cut_0007.png").cut, place_of("kita/sh1200.png").cut
('c007', 'c007', 'c1200')
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from provenance.statement.statement import Project
from provenance.statement.vocabulary import Stage

_CUT = re.compile(r"(?:^|[\W_])(?:cut|shot|sht|sh|カット|c)[ _-]?(\d{1,5})([a-z]?)(?=$|[\W_])", re.IGNORECASE)
_NUMBERS = re.compile(r"(\D*)(\d{0,12})")
# By how often studios write them. The first that is found counts; the file's own name before its folders'.
_STAGES = (
    ("layout", re.compile(r"(?:^|[\W_\d])(?:layouts?|lo|genzu)(?=$|[\W_\d])|原図|レイアウト", re.IGNORECASE)),
    ("reference", re.compile(r"(?:^|[\W_\d])(?:refs?|references?)(?=$|[\W_\d])|参考", re.IGNORECASE)),
    ("temp", re.compile(r"(?:^|[\W_\d])(?:temp|tmp|wip|rough|draft)(?=$|[\W_\d])|仮", re.IGNORECASE)),
    (
        "final",
        re.compile(r"(?:^|[\W_\d])(?:final|fin|fix|master|comp)(?=$|[\W_\d])|完成|決定", re.IGNORECASE),
    ),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A file's place; "" where nothing says it. `recorded`: cut and stage are the ledger's."""

    vendor: str = ""
    cut: str = ""
    stage: str = ""
    recorded: bool = False


NOWHERE = Place()


def place_of(path: str, project: Project | None = None) -> Place:
    """By the record's project where there is one, and by the path for what it leaves out."""
    parts = PurePosixPath(path).parts
    named = Place(_vendor(parts), _cut(parts), _stage(parts))
    if project is None:
        return named
    cut = _cut((project.shot,)) or project.shot.casefold() or named.cut
    final = project.stage is Stage.FINAL
    # Temporary is what nobody has said otherwise: the name of a layout says more.
    stage = project.stage.value if final or named.stage not in {"layout", "reference"} else named.stage
    return Place(named.vendor, cut, stage, recorded=True)


def cut_order(name: str) -> tuple[bool, list[tuple[str, int]]]:
    """What cuts are put in order by: numbers by their value, and last what belongs to no cut.

    >>> sorted(["c10", "", "c2", "c007a", "c7"], key=cut_order)
    ['c2', 'c7', 'c007a', 'c10', '']
    """
    parts = _NUMBERS.findall(name)
    return not name, [(words, int(number or 0)) for words, number in parts]


def _vendor(parts: tuple[str, ...]) -> str:
    """The first folder below the one that was given; that one where the next is a cut's or a stage's; "" where that one
    is a cut's or a stage's by its whole name.
    """
    first, *below = [*parts[:-1], ""]
    named = [each for each in below[:1] if each and not _cut((each,)) and not _stage((each,))]
    return named[0] if named else "" if _is_no_more(first) else first


def _cut(parts: tuple[str, ...]) -> str:
    return next(filter(None, map(_cut_in, reversed(parts))), "")


def _stage(parts: tuple[str, ...]) -> str:
    return next(filter(None, map(_stage_in, reversed(parts))), "")


def _is_no_more(name: str) -> bool:
    """Whether a name is a cut's or a stage's and says nothing else: `c014` and `final`, and not `Kita_final`."""
    patterns = (_CUT, *(pattern for _, pattern in _STAGES))
    found = [each for each in (pattern.search(name) for pattern in patterns) if each is not None]
    return any(not re.search(r"[^\W\d_]", name[: each.start()] + name[each.end() :]) for each in found)


# The names of folders come with each file in them.
@lru_cache(maxsize=256)
def _cut_in(name: str) -> str:
    found = _CUT.search(name)
    return f"c{int(found.group(1)):03}{found.group(2).lower()}" if found is not None else ""


@lru_cache(maxsize=256)
def _stage_in(name: str) -> str:
    return next((stage for stage, pattern in _STAGES if pattern.search(name)), "")
