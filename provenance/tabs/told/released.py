"""A signed picture as the page tells it: in one sentence who made it, then its details, and its way as a drawing."""

from dataclasses import dataclass

from provenance.credentials.read.chain import Chain, Verdict
from provenance.inspection.inspected import Inspection
from provenance.inspection.lineage import lineage
from provenance.release.made import Released
from provenance.show.graph import to_svg
from provenance.show.run_words import ran
from provenance.statement.credit import NOT_NAMED
from provenance.tabs.look.fragments import fragment, trusted
from provenance.tabs.text.language import now, say
from provenance.tabs.text.remedies import with_remedies


@dataclass(frozen=True, slots=True)
class Opening:
    """How an answer on a picture opens: who made it, who signed it and whether it is unchanged, what is missing."""

    words: str
    signed: str
    findings: tuple[str, ...] = ()


def opening(released: Released, told: Inspection) -> Opening:
    """Of a picture of our record, by what an inspection says of its file as it is now."""
    findings = [
        with_remedies(each.words, [each.remedy] if each.remedy is not None else [])
        for each in released.findings
    ]
    return Opening(told.history.sentence_in(now()), signed_by(told.chain), tuple(findings))


def signed_by(chain: Chain) -> str:
    """Who signed a file and whether it is as it was signed, as far as that was checked."""
    signer = chain.file.signer if chain.file is not None else None
    if chain.verdict is Verdict.ALTERED:
        return "Changed since it was signed."
    if signer is None or chain.verdict not in {Verdict.INTACT_KNOWN, Verdict.INTACT_UNKNOWN}:
        return ""
    return f"Signed by {signer.name}, unchanged since."


def done(released: Released, told: Inspection) -> str:
    """A picture that was just signed and stands beside nothing: its sentence and what is still missing; HTML."""
    return fragment("signed", made=released, sentence=opening(released, told))


def story(released: Released, told: Inspection) -> str:
    """Its whole way as its own credentials tell it, drawn, and its details, once; HTML."""
    record = released.record
    return fragment(
        "story",
        graph=trusted(to_svg(lineage(told.chain), say=say, language=now())),
        record=record,
        digest=str(released.digest),
        people=[(each.role, each.name or NOT_NAMED) for each in told.history.credits],
        model=record.statement.model,
        facts=record.facts,
        computed=ran(record.facts),
        parameters=record.statement.parameters,
    )
