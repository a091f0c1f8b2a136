"""What a file's Content Credentials say, step by step, with our own verdict on each and on the whole chain.

Nothing of c2pa's types passes this file: reader.py fills these, everything else reads them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from provenance.credentials.read.record_ref import RecordRef
from provenance.statement.json_value import Json
from provenance.statement.vocabulary import Maker, Relation


class Verdict(StrEnum):
    """The five answers. ALTERED anywhere makes the chain ALTERED; missing credentials prove nothing."""

    INTACT_KNOWN = "intact, known signer"
    INTACT_UNKNOWN = "intact, unknown signer"
    ALTERED = "altered"
    NO_CREDENTIALS = "no credentials"
    NOT_CHECKED = "could not check"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: `code` for the engineer (the C2PA status code or ours), `words` for the painter."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time stamp (RFC 3161) on a signature. It proves its time where a list of ours knows the authority."""

    at: str  # RFC 3339
    authority: str  # the name in the certificate that stamped, "" where it could not be read
    known_by: str = ""  # the name of the list that knows the authority
    doubt: Reason | None = None  # why it does not count, whoever gave it

    @property
    def counts(self) -> bool:
        """Whether it proves when the signature was made."""
        return self.doubt is None and bool(self.known_by)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, as the certificate says; `known` when an authority for signers that we know stands behind it."""

    name: str
    issuer: str
    fingerprint: str  # "sha256:…" of the leaf certificate, "" where it could not be read
    known: bool
    time: str | None = None  # of the time stamp, whether it proves anything or not
    # Whoever issued the certificate was to be asked (OCSP) whether it was withdrawn; and said that it was not, in an
    # answer that came with the file: the library asks nobody then, and it may be of any day.
    asked: bool = False
    vouched: bool = False
    brought: bool = False
    known_by: str = ""  # the name of the list that knows the signer
    stamp: Stamp | None = None

    @property
    def standing(self) -> str:
        """Whether they are known, as words behind their name."""
        if self.known:
            return "known"
        return "with a certificate that does not count" if self.known_by else "not known to us"


@dataclass(frozen=True, slots=True)
class IdentityClaim:
    """A person whom a manifest names with a proof of their own (CAWG identity assertion).

    `holds` is True where the proof was checked and an authority for identities that we know stands behind it, False
    where the check failed, None where it could not be made: nobody here knows who vouches, or they were not asked.
    """

    name: str
    kind: str  # "certificate", or who vouches: a network, a verifier
    holds: bool | None
    why: Reason | None = None  # why it does not hold, or was not checked
    known_by: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A person named in a manifest, with the role that it gives them; name None: asked not to be named."""

    name: str | None
    role: str


@dataclass(frozen=True, slots=True)
class AIWord:
    """One statement of a manifest, beside its source types, that AI had a part; `model` as it is named there."""

    where: str
    model: str = ""


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One manifest, or one ingredient without a manifest. All text is untrusted: escape it before showing it.

    `parents` are ids of other steps with the relation by which they enter this one; inputs that are not
    pictures (prompt, model) are not steps: they stand in `prompt` and `models`.
    """

    id: str  # the manifest's label, or "<label>#<ingredient label>" for an unsigned ingredient
    title: str
    maker: Maker
    source_type: str | None  # the URI as written
    actions: tuple[str, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    signer: Signer | None = None
    software: str | None = None
    people: tuple[Named, ...] = ()
    prompt: str | None = None  # full text; None where absent
    prompt_digest: str | None = None
    models: tuple[Mapping[str, Json], ...] = ()
    when: str | None = None
    record: Mapping[str, Json] | None = None  # our own assertion: ledger, entry, picture
    digest: str | None = None  # SHA-256 of the ingredient's bytes, where our manifest states it
    # cawg.training-mining: entry -> allowed, notAllowed or constrained
    wishes: Mapping[str, str] = field(default_factory=dict)
    parents: tuple[tuple[str, Relation], ...] = ()
    negative: str | None = None  # the negative prompt
    given: str | None = None  # the prompt as the model was given it, where that is not as it was written
    run: Mapping[str, Json] = field(default_factory=dict)  # settings and facts: strength, seed …
    masks: frozenset[str] = frozenset()  # of the parents, those that only said where; our own manifests tell
    shares: frozenset[Maker] = frozenset()  # every maker that its source types tell of
    edited_by_hand: bool = False  # among its actions, after the first, is one by hand
    agent: str | None = (
        None  # the program that its decisive action names; `software` may be only what signed it
    )
    ai: tuple[AIWord, ...] = ()  # what says beside the source types that AI had a part
    both: bool = False  # it says two things that do not go together: all by hand or camera, and AI had a part
    update: bool = False  # an update manifest: it adds to what was said, and the picture is as it was
    # Who vouches for themselves; those that hold stand among the people too.
    identities: tuple[IdentityClaim, ...] = ()

    @property
    def ref(self) -> RecordRef | None:
        """The entry of a ledger that its manifest names."""
        return RecordRef.parse(self.record)


@dataclass(frozen=True, slots=True)
class Chain:
    """All steps, oldest first, the file itself last. No steps: no credentials, or could not check."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    steps: tuple[ChainStep, ...] = ()
    kept: str = ""  # where the credentials lie, if not in the file: "in a file beside it", "on the server …"

    @property
    def file(self) -> ChainStep | None:
        """The step that made this file."""
        return self.steps[-1] if self.steps else None

    @property
    def ref(self) -> RecordRef | None:
        """The entry of a ledger that the file itself names."""
        return self.file.ref if self.file is not None else None

    @property
    def strangers(self) -> frozenset[str]:
        """The names of those who signed a step and whom nobody here knows; of others the certificate may not count."""
        signers = (each.signer for each in self.steps if each.signer is not None)
        return frozenset(each.name for each in signers if not each.known and not each.known_by)

    @property
    def makers(self) -> frozenset[Maker]:
        return frozenset(step.maker for step in self.steps)


class ReadChain(Protocol):
    """Reads a file's credentials, as reader.py does, by whom somebody knows."""

    def __call__(
        self, source: Path | bytes, media_type: str | None = None, *, beside: bytes | None = None
    ) -> Chain: ...
