"""How an inspection becomes a row: everything of it that a report, a rule or a count asks for later."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from provenance.audit.place import place_of
from provenance.audit.row import LooksLike, Row
from provenance.credentials.read.chain import Verdict
from provenance.inspection.evidence.claimed import hints_of
from provenance.inspection.evidence.looks import TOLD
from provenance.inspection.graph import Node
from provenance.inspection.inspected import Inspection
from provenance.inspection.sentence import Deed
from provenance.statement.credit import Role, credit_text
from provenance.statement.vocabulary import BY_AI

T = TypeVar("T")
_INTACT = frozenset({Verdict.INTACT_KNOWN, Verdict.INTACT_UNKNOWN})
_BY_HAND = frozenset(
    {Deed.DESIGNED, Deed.DRAWN, Deed.PHOTOGRAPHED, Deed.BRUSHED, Deed.COMPOSITED, Deed.REVISED, Deed.MADE}
)
_VERSION = re.compile(r"\d")
_PINS = ("digest", "revision")  # of a model, in a manifest ...
_PINNED = re.compile(r"(sha256:)?[0-9a-f]{40,64}")  # ... where it names one model and no other


@dataclass(frozen=True, slots=True)
class Small:
    """The small pictures of a row, as `data:` addresses: those of its credentials, itself, and what it began from."""

    held: Sequence[str] = ()
    itself: str = ""
    layouts: Sequence[str] = ()
    change: str = ""  # how much its last step changed, in words
    alike: str = ""  # the recorded picture that it looks like most


def row_of(
    path: str,
    inspection: Inspection,
    small: Small = Small(),
    *,
    digest: bool = True,
    language: str = "en",
) -> Row:
    """The row for an inspection."""
    nodes, seen = inspection.graph.nodes, inspection.observed
    record = inspection.own_record
    project = record.statement.project if record else None
    return Row(
        path=path,
        classification=inspection.classified.answer,
        because=inspection.classified.because,
        verdict=inspection.chain.verdict,
        exit_code=inspection.exit_code,
        history=inspection.history.sentence_in(language),
        digest=str(seen.digest) if digest else "",
        signers=_once(node.signer.name for node in nodes if node.signer is not None),
        people=_once(credit_text(each.role, each.name) for each in inspection.people),
        models=_once(
            [*(model for node in inspection.answering.nodes for model in node.models), *_hinted(inspection)]
        ),
        record=record.picture if record else "",
        elsewhere=_once(
            f"{each.ledger}: {each.record.picture}" for each in inspection.elsewhere if not each.broken
        ),
        evidence=inspection.findings,
        reasons=inspection.chain.reasons,
        pictures=tuple(small.held),
        size=seen.size,
        width=seen.picture.width if seen.picture else None,
        height=seen.picture.height if seen.picture else None,
        pixels=str(seen.shown) if seen.shown else "",
        place=place_of(path, project),
        production=project.production if project else "",
        tools=_once(each.tool for each in seen.traces),
        facts=_facts(inspection),
        unnamed=any(part.deed in _BY_HAND and not part.by for part in inspection.history.parts),
        conflict=inspection.classified.both or any(each.first for each in inspection.findings),
        small=small.itself,
        layouts=tuple(small.layouts),
        change=small.change,
        looks_like=tuple(_looks_like(inspection)),
        alike=small.alike,
    )


def _looks_like(inspection: Inspection) -> Iterator[LooksLike]:
    """What the inspection tells of it: nothing where a record was found by something surer."""
    if inspection.own_record is None:
        for each in inspection.observed.looks_like[:TOLD]:
            yield LooksLike(each.picture, each.sureness.value, each.differs)


def _facts(inspection: Inspection) -> tuple[str, ...]:
    """What a rule asks for and this file or its record states, by the names that rules.py lists."""
    by_ai = [node for node in inspection.graph.nodes if node.maker in BY_AI]
    iptc = [each for each in inspection.observed.traces if each.tool == "IPTC" and each.maker in BY_AI]
    signed = [node for node in by_ai if node.said is not None and inspection.chain.verdict in _INTACT]
    people = [each for node in inspection.graph.nodes for each in node.people if each.name]
    stated = {
        "marked, signed": any(node.source_type for node in signed),
        "marked, unsigned": bool(iptc),
        "provider": any(node.signer is not None for node in signed),
        "system": any(node.models or node.program for node in signed),
        "version": any(_VERSION.search(_system(node)) for node in signed),
        "time": any(node.when for node in signed),
        "identifier": bool(signed),
        "source type": bool(iptc) or any(node.source_type for node in signed),
        "AI system": any(each.models for each in iptc) or any(node.models for node in signed),
        "prompt writer": any(each.writer for each in iptc)
        or any(each.role == Role.PROMPT.value for each in people),
        "somebody named": bool(people),
    }
    return tuple(name for name, holds in stated.items() if holds)


def _system(node: Node) -> str:
    return " ".join([*node.models, node.program or ""])


def _hinted(inspection: Inspection) -> Iterator[str]:
    """Models that unsigned text names. One that ends with a known model's digest or commit is that model once more."""
    known = set(_versions(inspection))
    seen = inspection.observed
    by_claim = seen.claim is not None and inspection.history.taken_in
    hints = hints_of(seen.claim) if by_claim and seen.claim is not None else seen.traces
    named = (model for trace in hints for model in trace.models)
    return (model for model in named if model.rpartition(" ")[2] not in known)


def _versions(inspection: Inspection) -> Iterator[str]:
    """The digests and commits of the models in the chain and on record."""
    stated = [model.get(key) for step in inspection.chain.steps for model in step.models for key in _PINS]
    used = inspection.own_record.statement.models if inspection.own_record else ()
    recorded = [pin for model in used for pin in (str(model.digest), model.revision)]
    return (pin for pin in (*stated, *recorded) if isinstance(pin, str) and _PINNED.fullmatch(pin))


def _once(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))
