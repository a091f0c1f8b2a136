"""What a look-up answers: a picture of the index that a file looks like, how sure that is, and what differs.

    It looks like pic-…, certainly: the picture is in the file, cut (about 64 % of it is shown) and mirrored.

It says what can be seen and nothing of where a file comes from: somebody may have painted the record's picture over,
or both may come from a third. Plain values; no numpy here, since every reader of a picture imports this.
"""

from dataclasses import dataclass
from enum import StrEnum

from provenance.statement.counted import counted
from provenance.statement.json_value import Json

# Standard deviations from which a mark counts as found in a picture that is alike: by chance once in 3.5 million
# readings. Where the mark alone names the record: once in a thousand million.
MARK_FOUND, MARK_NAMES = 5.0, 6.0
FEW_PARTS = 8  # that can be compared: with fewer, only the mark names the record
HALF_SEEN = 0.6  # of the parts; where fewer agree, the mark says that it is there, and not why so little of it is seen
NOT_COMPARED = "the colour of each and small differences are not compared"
ALL = 0.995  # of the parts that agree, from which it is told as all of them


class Sureness(StrEnum):
    """How sure a likeness is."""

    CERTAIN = "certain"  # most of the picture agrees, part by part, and no other record agrees as well
    NEAR = "near"  # it agrees, but in a small part only, or several records agree about as well


@dataclass(frozen=True, slots=True)
class Likeness:
    """One picture that a file looks like. `picture` is its id in the ledger.

    `agree`: the share of its parts within the file that agree, of so many `parts`; `points`: key points in place.
    `shown`: the share of it that the file shows; `filled`: the share of the file that it fills. `degrees`: how far the
    file is turned, clockwise. `scale`: how many times as wide as the record the file shows it. `mark`: how far its
    faint mark stands out of chance, in standard deviations; None where that was not looked at.
    """

    picture: str
    sureness: Sureness
    agree: float
    parts: int
    points: int
    detail: float
    shown: float
    filled: float
    mirrored: bool
    degrees: float
    scale: float
    brighter: float
    grey: bool
    mark: float | None = None

    @property
    def has_mark(self) -> bool:
        """Whether the faint mark of the record counts as found in the file."""
        return self.mark is not None and self.mark >= MARK_FOUND

    @property
    def differs(self) -> tuple[str, ...]:
        """What differs between the file and the record, as far as it can be seen."""
        said = []
        if self.mirrored:
            said.append("mirrored")
        if abs(self.degrees) >= 1:
            said.append(f"turned by {counted(round(abs(self.degrees)), 'degree')}")
        if self.shown < 0.97:
            said.append(f"cut to about {self.shown:.0%} of the record's picture")
        if self.filled < 0.97:
            said.append(f"a part of the file, about {self.filled:.0%} of it")
        if not 0.97 < self.scale < 1.03:
            said.append(f"{'smaller' if self.scale < 1 else 'larger'}, {self.scale:.0%} of its size")
        if self.grey:
            said.append("without colour")
        if abs(self.brighter) >= 6:
            said.append("brighter" if self.brighter > 0 else "darker")
        if not self.parts:
            said.append("so even that none of its parts can be compared")
        elif self.parts < FEW_PARTS:
            said.append(f"so even that only {self.parts} of its parts can be compared")
        if self.parts and self.agree < 0.9:
            how = "other in places" if self.agree >= HALF_SEEN else "small, covered or other in places"
            said.append(f"{how}: {self.agree:.0%} of the parts that can be compared agree")
        return tuple(said)

    @property
    def words(self) -> str:
        """The likeness as a sentence."""
        sure = "certainly" if self.sureness is Sureness.CERTAIN else "nearly"
        how = "; ".join(self.differs) or self._no_difference
        return f"It looks like {self.picture} ({sure}): {how}."

    @property
    def _no_difference(self) -> str:
        """What is said where nothing differs that is told one by one. A mouse pointer lies in one part of a hundred;
        the parts of a layout agree with those of a painting over it, whose lines it keeps.
        """
        if self.agree >= ALL:
            return f"its parts agree in shape; {NOT_COMPARED}"
        return f"{self.agree:.0%} of the parts that can be compared agree in shape; {NOT_COMPARED}"

    def to_json(self) -> dict[str, Json]:
        """The likeness as data."""
        return {
            "picture": self.picture,
            "sureness": self.sureness.value,
            "differs": list(self.differs),
            "agree": round(self.agree, 3),
            "parts": self.parts,
            "points": self.points,
            "detail": round(self.detail, 3),
            "shown": round(self.shown, 3),
            "filled": round(self.filled, 3),
            "mirrored": self.mirrored,
            "degrees": round(self.degrees, 1),
            "scale": round(self.scale, 3),
            "mark": None if self.mark is None else round(self.mark, 1),
        }
