"""How much each recorded step changed the picture that it was made over: DERIVED from the files in the vault.

A step is compared with its parent, else with the layout that was given; masks and references are not. Nothing is said
of who did it, nor of how much work it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from provenance.errors import ProvenanceError
from provenance.ledger.ancestry import ancestry
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord
from provenance.media.change import Change, difference
from provenance.media.picture import open_picture, pixels
from provenance.settings import Limits
from provenance.statement.json_value import Json
from provenance.statement.statement import InputRole
from provenance.storage.vault import Vault

_OVER = frozenset({InputRole.LAYOUT, InputRole.PARENT})
NO_LABOUR = "Computed from the two pictures; it says nothing about how much work it was."


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step against the picture that it was made over."""

    picture: str  # of the record
    step: str
    change: Change

    def __str__(self) -> str:
        return f"Against the picture that it was made over, {self.change}. {NO_LABOUR}"

    def to_json(self) -> dict[str, Json]:
        found = self.change
        return {
            "picture": self.picture,
            "step": self.step,
            "changed": round(found.changed, 4),
            "likeness": round(found.likeness, 4),
            "lines": None if found.lines is None else round(found.lines, 4),
            "where": found.where or None,
            "moved": list(found.moved),
            "cropped": found.cropped,
        }


def changes_of(
    record: PictureRecord, ledger: AnyLedger, vault: Vault, limits: Limits
) -> Iterator[StepChange]:
    """Each step on the way to a picture, oldest first; steps whose files the vault does not have are left out."""
    for each in ancestry(ledger, record):
        made = change_of(each, vault, limits)
        if made is not None:
            yield made


def change_of(record: PictureRecord, vault: Vault, limits: Limits) -> StepChange | None:
    """One recorded step; None where it was made over nothing, or a file of it cannot be read."""
    given = next((each for each in record.statement.inputs if each.role in _OVER), None)
    if given is None or record.output is None:
        return None
    digests = (given.resource.digest, record.output.digest)
    if any(each not in vault for each in digests):
        return None
    try:
        earlier, later = (pixels(open_picture(vault.get(each), limits)) for each in digests)
    except ProvenanceError:
        return None
    return StepChange(record.picture, record.statement.step.value, difference(earlier, later))
