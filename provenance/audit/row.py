"""What a report says of one file, as plain data: a row.

path              classification   verdict                signer   people              model
cut01/bg.png      AI-assisted      intact, known signer   Genzu    layout: Mori Aoi    genzu-house
cut02/bg.png      unknown          no credentials
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from provenance.credentials.read.chain import Reason, Verdict
from provenance.errors import ProvenanceError
from provenance.inspection.answers import Classification
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.graph import Evidence
from provenance.inspection.inspection import Inspection
from provenance.statement.canonical import Json
from provenance.statement.credit import NOT_NAMED

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """What a report says of one picture. All text is untrusted."""

    path: str
    classification: Classification
    because: str
    verdict: Verdict
    exit_code: int
    history: str = ""  # who made it, in one sentence
    digest: str = ""
    signers: tuple[str, ...] = ()  # of each step, oldest first, without repeats
    people: tuple[str, ...] = ()  # "role: name"
    models: tuple[str, ...] = ()
    record: str = ""  # the picture's id in the ledger
    elsewhere: tuple[str, ...] = ()  # "ledger: id", of other studios' ledgers that have it
    evidence: tuple[Finding, ...] = ()
    reasons: tuple[Reason, ...] = ()
    pictures: tuple[str, ...] = ()  # small ones that its credentials hold, oldest first, as `data:` addresses

    @property
    def trouble(self) -> str:
        """Why it could not be checked; "" where it was."""
        if self.verdict is not Verdict.NOT_CHECKED:
            return ""
        return self.reasons[0].words if self.reasons else self.because


def row_of(path: str, inspection: Inspection, pictures: Sequence[str] = (), digest: bool = True) -> Row:
    """The row for an inspection."""
    nodes = inspection.graph.nodes
    people = [each for node in nodes for each in node.people]
    return Row(
        path=path,
        classification=inspection.classified.answer,
        because=inspection.classified.because,
        verdict=inspection.chain.verdict,
        exit_code=inspection.exit_code,
        history=inspection.history.sentence,
        digest=str(inspection.observed.digest) if digest else "",
        signers=_once(node.signer.name for node in nodes if node.signer is not None),
        people=_once(f"{each.role}: {NOT_NAMED if each.name is None else each.name}" for each in people),
        models=_once([*(model for node in nodes for model in node.models), *_hinted(inspection)]),
        record=inspection.record.picture if inspection.record else "",
        elsewhere=_once(
            f"{each.ledger}: {each.record.picture}" for each in inspection.elsewhere if not each.broken
        ),
        evidence=inspection.findings,
        reasons=_once([*inspection.chain.reasons, *(reason for node in nodes for reason in node.reasons)]),
        pictures=tuple(pictures),
    )


def counts(rows: Sequence[Row]) -> dict[Classification, int]:
    """How many rows of each answer, in the order of the answers, zeros included."""
    found = Counter(row.classification for row in rows)
    return {answer: found[answer] for answer in Classification}


def row_json(row: Row) -> dict[str, Json]:
    """A row as data."""
    return {
        "path": row.path,
        "classification": row.classification.value,
        "because": row.because,
        "history": row.history or None,
        "verdict": row.verdict.value,
        "exit_code": row.exit_code,
        "digest": row.digest or None,
        "signers": list(row.signers),
        "people": list(row.people),
        "models": list(row.models),
        "record": row.record or None,
        "elsewhere": list(row.elsewhere),
        "evidence": [
            {"source": each.evidence.value, "about": each.about, "words": each.words, "fault": each.fault}
            for each in row.evidence
        ],
        "reasons": [{"code": each.code, "words": each.words} for each in row.reasons],
    }


def row_of_failure(path: str, error: Exception) -> Row:
    """The row for a file that could not be looked at."""
    words = str(error) if isinstance(error, ProvenanceError) else f"an error of ours, {type(error).__name__}"
    finding = Finding(Evidence.NOT_AVAILABLE, "picture", f"It could not be checked: {words}.")
    return Row(
        path,
        Classification.UNKNOWN,
        words,
        Verdict.NOT_CHECKED,
        exit_code=2,
        evidence=(finding,),
        reasons=(Reason("genzu.notRead", words),),
    )


def _hinted(inspection: Inspection) -> Iterator[str]:
    return (model for trace in inspection.observed.traces for model in trace.models)


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
