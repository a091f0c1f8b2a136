"""How an entry writes a work beside the model: a LoRA, a ControlNet, an IP-Adapter, a textual inversion.

    {"model": "sha256:…", "scale": 0.8}                                                        a LoRA
    {"model": "sha256:…", "scale": 0.9, "kind": "ControlNet", "about": "lineart", "start": 0.0, "end": 0.6}

What says nothing is left out, so that older entries stay what they are.
"""

from msgspec import UNSET, UnsetType

from provenance.errors import StatementError
from provenance.ledger.entries.shape import Hash, Shape
from provenance.statement.vocabulary import AdapterKind


class AdapterSaid(Shape, frozen=True):
    """A work beside the model, and how strongly it was used; without a kind it is a LoRA."""

    model: Hash
    scale: float
    kind: AdapterKind | UnsetType = UNSET
    about: str | UnsetType = UNSET
    start: float | UnsetType = UNSET
    end: float | UnsetType = UNSET

    def __post_init__(self) -> None:
        start = 0.0 if isinstance(self.start, UnsetType) else self.start
        end = 1.0 if isinstance(self.end, UnsetType) else self.end
        if not 0 <= start < end <= 1:
            raise StatementError(f"a work acts between two shares of the steps, not {start!r} and {end!r}")
