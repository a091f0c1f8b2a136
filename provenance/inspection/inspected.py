"""The answer on one file: what was seen, how it was made, what speaks for and against it, and the exit code.

Exit codes (docs/decisions/0020): 0 intact and known; 1 altered, or file and ledger disagree;
2 could not check; 3 no credentials; 4 intact, but a signer is not known to us.
"""

from dataclasses import dataclass, field, replace
from functools import partial

from provenance.credentials.read.chain import Chain, Named, Verdict
from provenance.inspection.answers import Classification, Classified
from provenance.inspection.evidence.conflict import contradiction
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.evidence.observed import Elsewhere, Match, Observed
from provenance.inspection.graph import Graph
from provenance.inspection.graph_json import graph_json
from provenance.inspection.history import History
from provenance.inspection.translated import in_language
from provenance.ledger.records_json import record_json
from provenance.ledger.store.records import PictureRecord
from provenance.statement.json_value import Json

_EXITS = {
    Verdict.INTACT_KNOWN: 0,
    Verdict.ALTERED: 1,
    Verdict.NOT_CHECKED: 2,
    Verdict.NO_CREDENTIALS: 3,
    Verdict.INTACT_UNKNOWN: 4,
}


@dataclass(frozen=True, slots=True)
class Inspection:
    """The answer on one file. All text in it is untrusted: provenance/show/terminal.py before it is shown."""

    observed: Observed
    told: Graph  # by the file
    classified: Classified
    findings: tuple[Finding, ...]
    record: PictureRecord | None = None
    match: Match | None = None
    recorded: Graph = field(default_factory=lambda: Graph(()))
    elsewhere: tuple[Elsewhere, ...] = ()  # what other studios' ledgers have of it
    history: History = field(default_factory=lambda: History(Classification.UNKNOWN))
    answering: Graph = field(
        default_factory=lambda: Graph(())
    )  # whose steps the answer and the history rest on

    @property
    def chain(self) -> Chain:
        return self.observed.chain

    @property
    def graph(self) -> Graph:
        """The history of the picture: as the file tells it, else as the ledger does."""
        return self.told if self.chain.steps else self.recorded

    @property
    def own_record(self) -> PictureRecord | None:
        """Our record of this very picture; not one that its credentials merely name (evidence/ledger.py, is_of)."""
        return self.record if self.recorded.nodes else None

    @property
    def people(self) -> list[Named]:
        """Everybody in the history that it is answered by, by the names that hold today where our ledger has them."""
        return [each for node in self.answering.nodes for each in node.people]

    @property
    def agrees(self) -> bool:
        """Whether no comparison of file and ledger failed."""
        return not any(finding.fault for finding in self.findings)

    @property
    def contradicted(self) -> bool:
        """Whether our record of the same picture tells another history than the file."""
        return contradiction(self.findings) is not None

    @property
    def exit_code(self) -> int:
        return _EXITS[self.chain.verdict] if self.agrees else 1


def to_json(inspection: Inspection, language: str = "en") -> dict[str, Json]:
    """The documented shape (docs/reading.md), its sentences in a language. Texts are as the file has them."""
    seen, say = inspection.observed, partial(in_language, language=language)
    return {
        "format": "genzu inspection 1",
        "file": {
            "name": seen.name,
            "digest": str(seen.digest),
            "size": seen.size,
            "media_type": seen.picture.media_type if seen.picture else None,
            "width": seen.picture.width if seen.picture else None,
            "height": seen.picture.height if seen.picture else None,
            "pixels": str(seen.pixels) if seen.pixels else None,
        },
        "verdict": seen.chain.verdict.value,
        "reasons": [{"code": each.code, "words": say(each.words)} for each in seen.chain.reasons],
        "exit_code": inspection.exit_code,
        **graph_json(inspection.graph, language),
        "classification": inspection.classified.answer.value,
        "because": say(inspection.classified.because),
        "history": inspection.history.to_json(language),
        "findings": [replace(each, words=say(each.words)).to_json() for each in inspection.findings],
        "match": inspection.match.name.lower() if inspection.match else None,
        "record": record_json(inspection.record) if inspection.record else None,
        "looks_like": [each.to_json() for each in seen.looks_like],
        "elsewhere": [each.to_json() for each in inspection.elsewhere],
    }
