"""The layouts that come with Genzu: whose hand drew each, under which licence, and words to try it with.

The lines are OpenMoji's, drawn by the people named here; the SVG beside each PNG says which drawings they are and what
was changed. The names stand on the record as those of anybody else's layout do.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "house" / "layouts"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A shipped layout: title, file, who drew it, and a prompt that suits it."""

    title: str
    path: Path
    by: str
    prompt: str

    @property
    def credit_line(self) -> str:
        """What the licence of the drawing asks for (CC BY-SA 4.0)."""
        return f"Layout: {self.by} / OpenMoji, CC BY-SA 4.0"


RAILWAY = Drawing(
    "Mountain railway",
    FOLDER / "mountain_railway.png",
    "Nadja Grün",
    "blue sky, white snow, winter, railway, mountain",
)
HOUSE = Drawing(
    "House on a hill",
    FOLDER / "house_on_a_hill.png",
    "Martin Wehl",
    "golden evening, golden field, red house, green trees",
)
FIRST = HOUSE  # on the page when it opens, beside its painting
DRAWINGS = (FIRST, RAILWAY)
