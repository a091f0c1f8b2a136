"""Witnesses (c2sp.org/tlog-cosignature, tlog-policy): who else has seen a checkpoint, and whom a reader wants to have.

A witness signs a checkpoint only if it continues the one that it saw before. So a log that was rewritten gets no
further signature, and nobody has to hold a checkpoint by hand. The signed message, and the bytes behind the key id:

    Ed25519      cosignature/v1\\n               u64 time, big-endian, seconds since 1970
                 time 1679315147\\n              64 bytes Ed25519
                 <the checkpoint's text>
    ML-DSA-44    "subtree/v1\\n\\0", name, u64   u64 time
                 time, origin, u64 0, u64 size,  2,420 bytes ML-DSA-44
                 32 bytes root                   (name and origin each behind a byte with their length)

>>> key = WitnessKey("witness.example/w1", bytes(32))
>>> WitnessKey.parse(str(key)) == key
True
"""

import datetime
import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from provenance.errors import NoteError, ProofError
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint
from provenance.proof.note import Signature, to_base64, unbase64

ED25519, ML_DSA = b"\x04", b"\x06"  # key types of a cosigner
_KEY_SIZES = {ED25519: 32, ML_DSA: 1312}  # bytes
_SIGNATURE_SIZES = {ED25519: 64, ML_DSA: 2420}
NONE = "none"
_FORMS = {"log": (2, 3), "witness": (3, 4), "group": (4, 100), "quorum": (2, 2)}


@dataclass(frozen=True, slots=True)
class WitnessKey:
    """A witness's public key and name. str() is its C2SP vkey."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> "WitnessKey":
        """NoteError unless it is the vkey of an Ed25519 or ML-DSA-44 cosigner, written in its one form."""
        name, _, rest = text.partition("+")
        encoded = unbase64(rest.partition("+")[2])
        if not name or encoded is None or len(encoded) - 1 != _KEY_SIZES.get(encoded[:1]):
            raise NoteError(
                "a witness's key is '<name>+<8 hex digits>+<base64 of 33 bytes, of type 4, or of 1,313, of type 6>', "
                f"not {text[:120]!r}"
            )
        key = cls(name, encoded[1:])
        if str(key) != text:
            raise NoteError(
                f"this key is written {str(key)[:120]!r}, not {text[:120]!r}: it was altered or cut"
            )
        return key

    @property
    def kind(self) -> bytes:
        """The key's type; the two have keys of different sizes."""
        return ED25519 if len(self.public) == _KEY_SIZES[ED25519] else ML_DSA

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def seen(self, checkpoint: Checkpoint, signatures: Sequence[Signature]) -> datetime.datetime | None:
        """When this witness saw the checkpoint, by its own word; None where it did not sign it.

        NoteError where a line says that it is of this witness and does not hold.
        """
        for each in signatures:
            if (each.name, each.key_id) == (self.name, self.key_id):
                return self._time_of(checkpoint, each.value)
        return None

    def _time_of(self, checkpoint: Checkpoint, value: bytes) -> datetime.datetime:
        expected = 8 + _SIGNATURE_SIZES[self.kind]
        if len(value) != expected:
            raise NoteError(f"the cosignature of {self.name} has {expected} bytes, this one {len(value)}")
        seconds = int.from_bytes(value[:8], "big")
        try:
            self._verify(value[8:], checkpoint, seconds)
            return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
        except (InvalidSignature, ValueError, OverflowError, OSError) as error:
            raise NoteError(
                f"the cosignature of {self.name} does not hold: checkpoint or signature was altered"
            ) from error

    def _verify(self, signature: bytes, checkpoint: Checkpoint, seconds: int) -> None:
        if self.kind == ED25519:
            signed = f"cosignature/v1\ntime {seconds}\n{checkpoint}".encode()
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, signed)
            return
        try:
            from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

            key = MLDSA44PublicKey.from_public_bytes(self.public)
        except (ImportError, UnsupportedAlgorithm) as error:
            raise NoteError(
                f"the cosignature of {self.name} is of ML-DSA-44, which this installation cannot check: "
                "a newer `cryptography` can"
            ) from error
        key.verify(signature, subtree_message(self.name, checkpoint, seconds))

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(self.kind + self.public)}"


def subtree_message(name: str, checkpoint: Checkpoint, seconds: int) -> bytes:
    """What an ML-DSA-44 cosigner signs of a checkpoint: its cosigned message, by c2sp.org/tlog-cosignature."""
    told = [each.encode() for each in (name, checkpoint.origin)]
    if not all(1 <= len(each) <= 255 for each in told):
        raise NoteError("the names of a witness and a log have 1 to 255 bytes")
    cosigner, origin = (bytes([len(each)]) + each for each in told)
    place = struct.pack(">QQ", 0, checkpoint.size)
    return b"subtree/v1\n\0" + cosigner + struct.pack(">Q", seconds) + origin + place + checkpoint.root


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these members, each a witness or a group before it."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Which logs and which witnesses a reader wants (c2sp.org/tlog-policy). No logs: any."""

    logs: tuple[str, ...]
    witnesses: dict[str, WitnessKey]
    groups: dict[str, Group]
    quorum: str

    @classmethod
    def parse(cls, text: str) -> "Policy":
        """ProofError says which line is wrong."""
        policy, quorum = cls((), {}, {}, ""), ""
        logs: list[str] = []
        for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
            words = line.split()
            if not words or words[0].startswith("#"):
                continue
            try:
                least, most = _FORMS.get(words[0], (0, 0))
                if not least <= len(words) <= most:
                    raise NoteError(
                        f"a line is {' or '.join(_FORMS)} with what belongs to it, not {line[:80]!r}"
                    )
                if words[0] == "log":
                    logs.append(words[1])
                elif words[0] == "quorum":
                    if quorum:
                        raise NoteError("there is one quorum")
                    quorum = policy.known(words[1], none=True)
                else:
                    policy.add(words)
            except ProofError as error:
                raise ProofError(f"the policy's line {number}: {error}") from error
        if not quorum:
            raise ProofError("a policy has a line 'quorum <name>', or 'quorum none'")
        return cls(tuple(logs), policy.witnesses, policy.groups, quorum)

    def add(self, words: Sequence[str]) -> None:
        """A witness or a group more."""
        name = words[1]
        if name == NONE or name in self.witnesses or name in self.groups:
            raise NoteError(f"the name {name[:60]!r} is taken")
        if words[0] == "witness":
            key = WitnessKey.parse(words[2])
            if any(each.public == key.public for each in self.witnesses.values()):
                raise NoteError("this witness's key stands there already")
            self.witnesses[name] = key
            return
        members = tuple(self.known(each) for each in words[3:])
        wanted = {"any": "1", "all": str(len(members))}.get(words[2], words[2])
        if (
            not wanted.isdecimal()
            or not 1 <= int(wanted) <= len(members)
            or len(set(members)) != len(members)
        ):
            raise NoteError(f"a group is so many (1 to {len(members)}, any, all) of members named once")
        self.groups[name] = Group(int(wanted), members)

    def known(self, name: str, *, none: bool = False) -> str:
        """The name, where a line before it gave it."""
        if name in self.witnesses or name in self.groups or (none and name == NONE):
            return name
        raise NoteError(f"no line before it names {name[:60]!r}")

    def seen_by(self, signed: SignedCheckpoint) -> dict[str, datetime.datetime]:
        """The witnesses that saw a checkpoint, and when; ProofError where quorum or log is not the wanted one."""
        if self.logs and not any(log.partition("+")[0] == signed.checkpoint.origin for log in self.logs):
            raise ProofError(f"the policy does not name the log {signed.checkpoint.origin}")
        times = {name: key.seen(signed.checkpoint, signed.signatures) for name, key in self.witnesses.items()}
        found = {name: at for name, at in times.items() if at is not None}
        if not self._met(self.quorum, set(found)):
            who = ", ".join(found) or "none"
            raise ProofError(f"the policy's quorum {self.quorum} is not met; of its witnesses signed: {who}")
        return found

    def _met(self, name: str, found: set[str]) -> bool:
        if name == NONE or name in found:
            return True
        group = self.groups.get(name)
        return group is not None and sum(self._met(each, found) for each in group.members) >= group.threshold
