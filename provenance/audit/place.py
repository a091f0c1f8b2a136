"""Where a file of a delivery belongs: whose it is, which cut, which stage. By the ledger, else by its name.

    delivery/Studio Kita/c014/bg_final.png      vendor Studio Kita, cut c014, stage final (by its name)

A name is a vendor's word: what is read from it is told as that, and decides no answer. Which cut it names: cut.py.

>>> found = place_of("delivery/Studio Kita/c014/bg_final.png")
>>> found.vendor, found.cut, found.stage, found.basis
('Studio Kita', 'c014', 'final', 'named')
>>> place_of("kita/EP01_Cut-007A_layout.tif").cut, place_of("kita/背景/カット012_原図.png").stage
('ep01 c007a', 'layout')
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from provenance.statement.cut import NO_CUT, CutName, cut_named, cut_recorded, says_no_more
from provenance.statement.statement import Project
from provenance.statement.vocabulary import Stage

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
    """A file's place; "" where nothing says it. What is `recorded` of it the ledger says, and not a name."""

    vendor: str = ""
    named: CutName = NO_CUT
    stage: str = ""
    cut_recorded: bool = False
    stage_recorded: bool = False

    @property
    def cut(self) -> str:
        """The cut, with what it is counted in where that is said."""
        return str(self.named)

    @property
    def basis(self) -> str:
        """What says it: "recorded" or "named" where cut and stage, or the one that is told, rest on the same."""
        words = {True: "recorded", False: "named"}
        cut, stage = words[self.cut_recorded], words[self.stage_recorded]
        if not self.cut or not self.stage or cut == stage:
            return cut if self.cut else stage
        return f"cut {cut}, stage {stage}"


NOWHERE = Place()


def place_of(path: str, project: Project | None = None) -> Place:
    """By the record's project where there is one, and by the path for what it leaves out."""
    parts = PurePosixPath(path).parts
    cut, stage = cut_named(parts), _stage(parts)
    if project is None:
        return Place(_vendor(parts), cut, stage)
    recorded = cut_recorded(project.episode, project.shot)
    told = CutName(recorded.within or cut.within, recorded.own or cut.own)
    # Temporary is what nobody has said otherwise: the name of a layout says more.
    by_name = project.stage is not Stage.FINAL and stage in {"layout", "reference"}
    return Place(
        _vendor(parts),
        told,
        stage if by_name else project.stage.value,
        bool(recorded.own) and told == recorded,
        not by_name,
    )


def _vendor(parts: tuple[str, ...]) -> str:
    """The first folder below the one that was given; that one where the next is a cut's, an episode's or a stage's; ""
    where that one is so by its whole name.
    """
    first, *below = [*parts[:-1], ""]
    named = [each for each in below[:1] if each and not _is_place(each)]
    return named[0] if named else "" if _is_no_more(first) else first


def _stage(parts: tuple[str, ...]) -> str:
    return next(filter(None, map(_stage_in, reversed(parts))), "")


def _is_place(name: str) -> bool:
    return bool(cut_named((name,)).own or _stage((name,)) or says_no_more(name))


def _is_no_more(name: str) -> bool:
    """Whether a name is a cut's, an episode's or a stage's and no more: `c014`, `ep01`, and not `Kita_final`."""
    found = [each for each in (pattern.search(name) for _, pattern in _STAGES) if each is not None]
    alone = (name[: each.start()] + name[each.end() :] for each in found)
    return says_no_more(name) or any(not re.search(r"[^\W\d_]", each) for each in alone)


# The names of folders come with each file in them.
@lru_cache(maxsize=256)
def _stage_in(name: str) -> str:
    return next((stage for stage, pattern in _STAGES if pattern.search(name)), "")
