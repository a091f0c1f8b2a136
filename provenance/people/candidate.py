"""Many pictures for one shot, one of them chosen: by whom and why. All are kept, and a later choice replaces it."""

from dataclasses import dataclass
from typing import Self

from provenance.ledger.entries.opened import Disclosed
from provenance.statement.commitment import Body, Private
from provenance.statement.cut import CutName, cut_meant
from provenance.statement.names import folded
from provenance.statement.statement import Project


@dataclass(frozen=True, slots=True)
class Cut:
    """A cut by the studio's own names."""

    production: str
    episode: str
    shot: str

    @classmethod
    def of(cls, place: Project) -> Self:
        """The cut that a picture was made for."""
        return cls(place.production, place.episode, place.shot)

    @property
    def key(self) -> tuple[str, CutName]:
        """By what two cuts are the same: their names, in any spelling of them."""
        return folded(self.production), cut_meant(self.episode, self.shot)

    def __str__(self) -> str:
        return " ".join(each for each in (self.production, self.episode, self.shot) if each)


@dataclass(frozen=True, slots=True)
class Choice:
    """`chosen` among `among` (picture ids, the chosen one included), by a person, for a reason."""

    cut: Cut
    chosen: str
    among: tuple[str, ...]
    by: str
    why: str
    seq: int = -1
    at: str = ""


def choice_body(choice: Choice) -> dict[str, Body]:
    return {
        "production": choice.cut.production,
        "episode": choice.cut.episode,
        "shot": choice.cut.shot,
        "chosen": choice.chosen,
        "among": list(choice.among),
        "by": choice.by,
        "why": Private(choice.why, "reason", choice.chosen) if choice.why else "",
    }


def read_choice(said: Disclosed) -> Choice:
    return Choice(
        cut=Cut(said.text("production"), said.text("episode"), said.text("shot")),
        chosen=said.text("chosen"),
        among=said.texts("among"),
        by=said.text("by"),
        why=said.text("why"),
        seq=said.seq,
        at=said.at,
    )
