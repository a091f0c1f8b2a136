"""The recorded way of a picture: what it was made from, and from what that was, oldest first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Chain, ChainStep, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import NotRecorded
from provenance.ledger import Ledger
from provenance.ledger.store.records import PictureRecord
from provenance.release.archive import Archive
from provenance.statement.canonical import Digest
from provenance.statement.credit import Role
from provenance.statement.statement import Input, InputRole, ModelUse
from provenance.statement.vocabulary import Maker, Step

# Roles by which a hand in an input is named; a prompt, a direction or a training draws nothing.
DRAWING = frozenset(Role) - {Role.PROMPT, Role.ART_DIRECTION, Role.SUPERVISION, Role.MODEL_TRAINING}
REMEMBERED = 8  # chains of inputs
_CHAINS: dict[tuple[Digest, Trust], Chain] = {}
_REMEMBERING = Lock()
BY_AI = frozenset({Maker.AI, Maker.AI_ASSISTED})


@dataclass(frozen=True, slots=True)
class StepBehind:
    """One step behind a picture, from the ledger or from an input's own credentials.

    `people` counts who is named or asked not to be; `direct` when it went straight into the picture in question.
    """

    what: str
    maker: Maker
    people: int
    direct: bool = False
    model: ModelUse | None = None
    model_name: str = ""

    @property
    def ai(self) -> bool:
        return self.maker in BY_AI


def way(ledger: Ledger, record: PictureRecord) -> list[PictureRecord]:
    """The picture and every recorded picture behind it, oldest first; the picture itself is the last."""
    return [*behind(ledger, record.statement.inputs), record]


def behind(ledger: Ledger, inputs: Iterable[Input]) -> list[PictureRecord]:
    """Every recorded picture that these inputs come from, oldest first."""
    found: dict[str, PictureRecord] = {}
    waiting = list(inputs)
    while waiting:
        record = recorded(ledger, waiting.pop())
        if record is not None and record.picture not in found:
            found[record.picture] = record
            waiting += record.statement.inputs
    return sorted(found.values(), key=lambda each: each.requested)


def looked_at(ledger: Ledger, records: Iterable[PictureRecord]) -> set[str]:
    """Of the way of these pictures, those that went in as a reference, and what they were made from."""
    given = (each for record in records for each in record.statement.inputs)
    return {
        each.picture for each in behind(ledger, (one for one in given if one.role is InputRole.REFERENCE))
    }


def recorded(ledger: Ledger, given: Input) -> PictureRecord | None:
    """The record of an input picture, where there is one."""
    if given.picture is not None:
        try:
            return ledger.picture(given.picture)
        except NotRecorded:
            return None
    return next(iter(ledger.pictures_with_file(given.resource.digest)), None)


def recorded_again(record: PictureRecord) -> str | None:
    """The picture that this is only another record of, such as one signed again after a correction."""
    if record.statement.step is not Step.RECORD:
        return None
    return next((each.picture for each in record.statement.inputs if each.role is InputRole.ORIGINAL), None)


def step_of_record(record: PictureRecord, *, direct: bool = False) -> StepBehind:
    statement = record.statement
    maker = statement.source_type.maker
    if statement.step is Step.PAINT and maker not in BY_AI:
        maker = Maker.AI_ASSISTED
    what = f"the {statement.step.value} step {record.picture}"
    return StepBehind(what, maker, len(statement.credits), direct, statement.model)


def steps_of_chain(chain: Chain, role: InputRole) -> list[StepBehind]:
    """What an input's own credentials say; without any, one step of unknown making by nobody.

    A picture before we signed it is no step of its own: without credentials it has no past.
    """
    if not chain.steps and role is InputRole.ORIGINAL:
        return []
    if not chain.steps:
        return [StepBehind(f"the input {role.value} picture", Maker.UNKNOWN, 0, direct=True)]
    # A mask shows nothing that somebody made; one that was recorded by itself names its maker all the same.
    masks = frozenset[str]().union(*(each.masks for each in chain.steps))
    return [
        _step_of(each, direct=each is chain.file)
        for each in chain.steps
        if each.id not in masks or each.verdict is not Verdict.NO_CREDENTIALS
    ]


def _step_of(step: ChainStep, *, direct: bool) -> StepBehind:
    named = next((str(each["name"]) for each in step.models if isinstance(each.get("name"), str)), "")
    return StepBehind(
        f"the input {step.title[:60]!r}", step.maker, len(step.people), direct, model_name=named
    )


def chain_of_input(archive: Archive, given: Input, data: bytes | None = None) -> Chain | None:
    """An input's own credentials, from its bytes or the vault; None where neither holds it.

    A release asks three times for the same few files (lint, consent, wishes): the last ones are remembered.
    """
    key = (given.resource.digest, archive.trust)
    if key in _CHAINS:
        return _CHAINS[key]
    if data is None and given.resource.digest in archive.vault:
        data = archive.vault.get(given.resource.digest)
    if data is None:
        return None
    chain = read_chain(data, given.resource.media_type, trust=archive.trust)
    with _REMEMBERING:
        while len(_CHAINS) >= REMEMBERED:
            _CHAINS.pop(next(iter(_CHAINS)))
        _CHAINS[key] = chain
    return chain


def shown_inputs(inputs: Sequence[Input]) -> list[Input]:
    """Inputs that carry somebody's work: masks are left out."""
    return [each for each in inputs if each.role is not InputRole.MASK]
