"""What has left and where its record stands, as data: `--json`, the Python verbs and the endpoints say the same."""

from collections.abc import Callable

from provenance.inspection.inspected import Inspection
from provenance.ledger.any_ledger import AnyLedger
from provenance.media.sidecar import FACT, place_beside
from provenance.release.made import FinalFinding, Released
from provenance.statement.json_value import Json

FORMAT = "genzu released 1"
CREDITS_OF_THE_PAGE = (
    "genzu page credits 1"  # whose fields are those of provenance/tabs/addresses/endpoints.py
)


def released_json(
    released: Released, ledger: AnyLedger, told: Inspection, worded: Callable[[FinalFinding], str]
) -> dict[str, Json]:
    """The documented shape (docs/how-to/programs.md). `told` is what an inspection says of the signed file, `worded`
    says what still keeps it from being final.
    """
    beside = FACT in released.record.facts
    return {
        "format": FORMAT,
        "picture": released.record.picture,
        "path": str(released.path),
        "digest": str(released.digest),
        "credentials": str(place_beside(released.path) if beside else released.path),
        "ledger": ledger.id,
        "requested": released.record.requested,
        "released": released.record.released,
        "tree_size": ledger.signed,
        "findings": [worded(each) for each in released.findings],
        "notes": list(released.notes),
        "history": told.history.sentence,
    }
