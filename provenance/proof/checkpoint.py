"""Checkpoints (c2sp.org/tlog-checkpoint): how long a log is and what it holds, signed.

    genzu/3bb3ab3d9bd1c4b4
    7
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — genzu/3bb3ab3d9bd1c4b4 Az3grlgtzPICa5OS8npVmf1M…

Origin, number of entries, base64 of the Merkle root. Our origin is made from the key (`origin_of`): only that
log's key can sign for its name, even where nobody handed the key over first.

Anyone with a checkpoint can hold the log to it. Two of them go into one file, with the hashes that show how
they stand to each other, to be checked without the log. A log that grew gives a `Continuation`; one that signed
two that no one history leads to has forked, and gives a `Misbehaviour`:

    genzu/continuation@v1                       or genzu/misbehaviour@v1
    key genzu/3bb3ab3d9bd1c4b4+…
    <base64 hashes, one a line; none when both have one size>

    <a signed checkpoint>

    <another, at least as long>
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from provenance.errors import ConsistencyError, NoteError, ProofError
from provenance.proof.merkle import (
    EMPTY_ROOT,
    HASH_SIZE,
    Lookup,
    consistency_proof,
    prefix_proof,
    prefix_roots,
    verify_consistency,
)
from provenance.proof.note import Note, Signature, SigningKey, VerifyKey, public_of, to_base64, unbase64

MAX_SIZE = 2**63 - 1
CONTINUATION = "genzu/continuation@v1"
MISBEHAVIOUR = "genzu/misbehaviour@v1"

_Pair: TypeAlias = "tuple[VerifyKey, SignedCheckpoint, SignedCheckpoint, tuple[bytes, ...]]"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log holds: str() is the text that is signed. `extensions` are further lines, opaque to us."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.origin, *self.extensions):
            if not line or "\n" in line:
                raise ProofError("a checkpoint's lines are not empty")
        if not 0 <= self.size <= MAX_SIZE:
            raise ProofError(f"a log has 0 to {MAX_SIZE} entries, not {self.size}")
        if len(self.root) != HASH_SIZE:
            raise ProofError(f"a root has {HASH_SIZE} bytes, this one {len(self.root)}")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise ProofError("a log of no entries has the root of nothing, this checkpoint another")

    @classmethod
    def parse(cls, text: str) -> "Checkpoint":
        """Accepts exactly what str() writes."""
        lines = text.split("\n")
        size = lines[1] if len(lines) >= 4 else ""
        root = unbase64(lines[2]) if len(lines) >= 4 else None
        if not (size.isdecimal() and len(size) <= 19) or root is None or lines[-1]:
            raise ProofError(
                "a checkpoint has three lines or more: origin, number of entries, base64 of the root"
            )
        checkpoint = cls(lines[0], int(size), root, tuple(lines[3:-1]))
        if str(checkpoint) != text:
            raise ProofError("this checkpoint is not written in its one form: it was altered or retyped")
        return checkpoint

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint and its signatures: the log's own, and maybe a witness's. str() is the signed note."""

    checkpoint: Checkpoint
    signatures: tuple[Signature, ...]

    @classmethod
    def sign(cls, checkpoint: Checkpoint, *keys: SigningKey) -> "SignedCheckpoint":
        """Signed by each key. The signer answers for it, so never sign one that does not continue the last."""
        text = str(checkpoint)
        return cls(checkpoint, tuple(key.sign(text) for key in keys))

    @classmethod
    def parse(cls, text: str) -> "SignedCheckpoint":
        """Accepts exactly what str() writes. The signatures are read, not checked: see `verify`."""
        note = Note.parse(text)
        return cls(Checkpoint.parse(note.text), note.signatures)

    def verify(self, key: VerifyKey) -> Checkpoint:
        """The checkpoint, where `key` signed it and is its log's key; NoteError otherwise."""
        if key.name != self.checkpoint.origin:
            raise NoteError(f"this checkpoint is of log {self.checkpoint.origin}, the key is of {key.name}")
        Note(str(self.checkpoint), self.signatures).verify(key)
        return self.checkpoint

    def __str__(self) -> str:
        return str(Note(str(self.checkpoint), self.signatures))


@dataclass(frozen=True, slots=True)
class Continuation:
    """Two checkpoints of one log, and the consistency proof that the newer one continues the older."""

    key: VerifyKey
    older: SignedCheckpoint
    newer: SignedCheckpoint
    path: tuple[bytes, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Continuation":
        """Accepts exactly what str() writes. Nothing is checked yet: see `verify`."""
        return cls(*_parse_pair(text, CONTINUATION))

    def verify(self, key: VerifyKey | None = None) -> Checkpoint:
        """The newer checkpoint, proved to continue the older; ProofError otherwise.

        Without a `key` known from elsewhere, the one in the file must be that which the log is named after.
        """
        older, newer = _verify_pair(self.key, key, self.older, self.newer)
        check_continues(older, newer, self.path)
        return newer

    def __str__(self) -> str:
        return _write_pair(CONTINUATION, self.key, self.path, self.older, self.newer)


@dataclass(frozen=True, slots=True)
class Misbehaviour:
    """Two checkpoints that one log signed and no one history leads to; `path` shows it if sizes differ.

    The path leads to the newer root, so it is what the newer log holds. It leads to the root of its first
    entries as well, as many as the older checkpoint has; and that is not the root which the older one states.
    """

    key: VerifyKey
    older: SignedCheckpoint
    newer: SignedCheckpoint
    path: tuple[bytes, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Misbehaviour":
        """Accepts exactly what str() writes. Nothing is checked yet: see `verify`."""
        return cls(*_parse_pair(text, MISBEHAVIOUR))

    def verify(self, key: VerifyKey | None = None) -> str:
        """What it proves, in one sentence; ProofError when it proves nothing.

        Without a `key` known from elsewhere, the one in the file must be that which the log is named after.
        """
        older, newer = _verify_pair(self.key, key, self.older, self.newer)
        if older.size == newer.size and not self.path:
            if older.root == newer.root:
                raise ConsistencyError("both checkpoints state the same: nothing is wrong with them")
            return f"{self.key.name} signed two different records of {older.size} entries"
        prefix, top = prefix_roots(older.size, newer.size, self.path)
        if top != newer.root:
            raise ConsistencyError(
                f"the path leads to root {top.hex()}, the newer one says {newer.root.hex()}"
            )
        if prefix == older.root:
            raise ConsistencyError("the newer checkpoint continues the older one: nothing is wrong with them")
        return (
            f"{self.key.name} signed a record of {older.size} entries, and later one of {newer.size} entries "
            f"whose first {older.size} are not those"
        )

    def __str__(self) -> str:
        return _write_pair(MISBEHAVIOUR, self.key, self.path, self.older, self.newer)


def origin_of(public: bytes) -> str:
    """The name of the log of a public key: "genzu/" and 16 hex digits of the key's SHA-256."""
    return "genzu/" + hashlib.sha256(public).hexdigest()[:16]


def new_log_key() -> SigningKey:
    """A fresh key under the name that is made from it."""
    seed = SigningKey.generate("new").seed
    return SigningKey(origin_of(public_of(seed)), seed)


def check_own_key(key: VerifyKey) -> None:
    """Raises NoteError unless the key's name is made from the key, as all our logs' names are."""
    if key.name != origin_of(key.public):
        raise NoteError(f"the key given for {key.name} belongs to {origin_of(key.public)}")


def check_continues(older: Checkpoint, newer: Checkpoint, proof: Sequence[bytes]) -> None:
    """Raises ConsistencyError unless `newer` is the same log, grown."""
    if older.origin != newer.origin:
        raise ConsistencyError(f"these are checkpoints of two logs, {older.origin} and {newer.origin}")
    verify_consistency(older.size, newer.size, older.root, newer.root, proof)


def continuation(
    key: VerifyKey, older: SignedCheckpoint, newer: SignedCheckpoint, node: Lookup
) -> Continuation:
    """The proof that `newer` continues `older`; `node` looks up the subtrees of the newer tree.

    Where it does not, the hashes cannot show it, and ConsistencyError is raised: ask `misbehaviour`.
    """
    path = consistency_proof(older.checkpoint.size, newer.checkpoint.size, node)
    found = Continuation(key, older, newer, tuple(path))
    found.verify(key)
    return found


def misbehaviour(
    key: VerifyKey, one: SignedCheckpoint, other: SignedCheckpoint, node: Lookup | None = None
) -> Misbehaviour | None:
    """The proof that the log of `key` forked, None where these two do not show it.

    `node` looks up the subtrees of the longer one's tree; it is needed where the sizes differ.
    """
    older, newer = sorted((one, other), key=lambda each: each.checkpoint.size)
    small, large = older.checkpoint.size, newer.checkpoint.size
    path = prefix_proof(small, large, node) if node and 0 < small < large else []
    found = Misbehaviour(key, older, newer, tuple(path))
    try:
        found.verify(key)
    except ProofError:
        return None
    return found


def _parse_pair(text: str, header: str) -> _Pair:
    parts = text.split("\n\n")
    lines = parts[0].split("\n")
    path = [unbase64(line) for line in lines[2:]]
    if len(parts) != 5 or lines[0] != header or not lines[1:] or None in path:
        raise ProofError(f"this file is not of the form {header}")
    found = (
        VerifyKey.parse(lines[1].removeprefix("key ")),
        SignedCheckpoint.parse(f"{parts[1]}\n\n{parts[2]}\n"),
        SignedCheckpoint.parse(f"{parts[3]}\n\n{parts[4]}"),
        tuple(each for each in path if each is not None),
    )
    if _write_pair(header, found[0], found[3], found[1], found[2]) != text:
        raise ProofError("this file is not written in its one form: it was altered or retyped")
    return found


def _write_pair(
    header: str, key: VerifyKey, path: Sequence[bytes], older: SignedCheckpoint, newer: SignedCheckpoint
) -> str:
    return "\n".join([header, f"key {key}", *map(to_base64, path)]) + f"\n\n{older}\n{newer}"


def _verify_pair(
    stated: VerifyKey, known: VerifyKey | None, older: SignedCheckpoint, newer: SignedCheckpoint
) -> tuple[Checkpoint, Checkpoint]:
    if known is None:
        check_own_key(stated)
    elif known != stated:
        raise NoteError(f"this file is of {stated}, the key that was given is {known}")
    return older.verify(stated), newer.verify(stated)
