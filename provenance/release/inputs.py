"""What the inputs of a release say of themselves: the steps in their own credentials, and their records as steps."""

from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Chain, ChainStep, ReadChain, Verdict
from provenance.credentials.sign.ingredients import Source
from provenance.ledger.store.records import PictureRecord
from provenance.statement.canonical import Digest
from provenance.statement.statement import Input, InputRole, ModelUse
from provenance.statement.vocabulary import BY_AI, Maker, Step
from provenance.storage.vault import Vault

REMEMBERED = 8  # chains of inputs
_CHAINS: dict[tuple[Digest, Trust, Digest | None], Chain] = {}
_REMEMBERING = Lock()


@dataclass(frozen=True, slots=True)
class EarlierStep:
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


def step_of_record(record: PictureRecord, *, direct: bool = False) -> EarlierStep:
    statement = record.statement
    maker = statement.source_type.maker
    if statement.step is Step.PAINT and maker not in BY_AI:
        maker = Maker.AI_ASSISTED
    what = f"the {statement.step.value} step {record.picture}"
    return EarlierStep(what, maker, len(statement.credits), direct, statement.model)


def steps_of_chain(chain: Chain, role: InputRole) -> list[EarlierStep]:
    """What an input's own credentials say; without any, one step of unknown making by nobody.

    A picture before we signed it is no step of its own: without credentials it has no past.
    """
    if not chain.steps and role is InputRole.ORIGINAL:
        return []
    if not chain.steps:
        return [EarlierStep(f"the {role.value} that went in", Maker.UNKNOWN, 0, direct=True)]
    # A mask shows nothing that somebody made; one that was recorded by itself names its maker all the same.
    masks = frozenset[str]().union(*(each.masks for each in chain.steps))
    return [
        _step_of(each, direct=each is chain.file)
        for each in chain.steps
        if each.id not in masks or each.verdict is not Verdict.NO_CREDENTIALS
    ]


def _step_of(step: ChainStep, *, direct: bool) -> EarlierStep:
    named = next((str(each["name"]) for each in step.models if isinstance(each.get("name"), str)), "")
    return EarlierStep(
        f"the input {step.title[:60]!r}", step.maker, len(step.people), direct, model_name=named
    )


class ReadsInputs(Protocol):
    """Whoever can read an input: by whom it knows, and with the files that it keeps. An archive is one."""

    @property
    def trust(self) -> Trust: ...

    @property
    def vault(self) -> Vault: ...

    @property
    def read_chain(self) -> ReadChain: ...


def chain_of_input(archive: ReadsInputs, given: Input, source: Source | None = None) -> Chain | None:
    """An input's own credentials, in it or beside it, from its bytes or the vault's; None where neither holds it.

    A release asks four times for the same few files (final, consent, wishes, doubts): the last ones are remembered.
    """
    data, beside = (source.data, source.beside) if source is not None else (None, None)
    key = (given.resource.digest, archive.trust, Digest.of(beside) if beside is not None else None)
    known = _CHAINS.get(key)
    if known is not None:
        return known
    if data is None and given.resource.digest in archive.vault:
        data = archive.vault.get(given.resource.digest)
    if data is None:
        return None
    chain = archive.read_chain(data, given.resource.media_type, beside=beside)
    with _REMEMBERING:
        while len(_CHAINS) >= REMEMBERED:
            _CHAINS.pop(next(iter(_CHAINS)))
        _CHAINS[key] = chain
    return chain
