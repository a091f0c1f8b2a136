"""Signed notes (c2sp.org/signed-note): text that Ed25519 keys signed, and the keys as text.

    This is an example message.

    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

The signature line is an em dash, the key's name, and base64 of four bytes of key id and the signature over
the text. The key id is SHA-256(name || 0x0A || 0x01 || public key)[:4]: a label, too short to be a proof.

>>> key = VerifyKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
>>> note = Note.parse('''This is an example message.
...
... — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
... ''')
>>> [each.name for each in note.verify(key)]
['example.com/foo']
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from provenance.errors import NoteError

ED25519 = b"\x01"  # signature type; no other is supported, so none can be confused with it
MAX_SIGNATURES = 100
MAX_NOTE = 1_000_000  # characters


@dataclass(frozen=True, slots=True)
class VerifyKey:
    """A public key and the name it signs under. str() is the C2SP vkey: `<name>+<key id>+<base64>`."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.public) != 32:
            raise NoteError(f"an Ed25519 public key has 32 bytes, this one {len(self.public)}")

    @classmethod
    def parse(cls, text: str) -> "VerifyKey":
        """Accepts exactly what str() writes."""
        name, _, rest = text.partition("+")
        encoded = unbase64(rest.partition("+")[2])
        if encoded is None or encoded[:1] != ED25519 or len(encoded) != 33:
            raise NoteError(f"a key is '<name>+<8 hex digits>+<base64 of 33 bytes>', not {text[:120]!r}")
        key = cls(name, encoded[1:])
        if str(key) != text:
            raise NoteError(f"this key is written {str(key)!r}, not {text[:120]!r}: it was altered or cut")
        return key

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def holds(self, text: str, signature: bytes) -> bool:
        """Whether this key made this signature over the text's UTF-8 bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and the name it signs under. `to_text` shows the secret, repr never does."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.seed) != 32:
            raise NoteError(f"an Ed25519 private key has 32 bytes, this one {len(self.seed)}")

    @classmethod
    def generate(cls, name: str) -> "SigningKey":
        """A fresh key from the system's randomness."""
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def from_text(cls, text: str) -> "SigningKey":
        """Accepts exactly what to_text() writes. The text never appears in an error."""
        words = text.split("+", 4)
        encoded = unbase64(words[4]) if len(words) == 5 else None
        key = cls(words[2], encoded[1:]) if encoded is not None and len(encoded) == 33 else None
        if key is None or key.to_text() != text:
            raise NoteError("a signing key is 'PRIVATE+KEY+<name>+<key id>+<base64>'; this text is not one")
        return key

    def to_text(self) -> str:
        """`PRIVATE+KEY+<name>+<key id>+<base64>`: anyone who reads it can sign as this log."""
        secret = to_base64(ED25519 + self.seed)
        return f"PRIVATE+KEY+{self.name}+{self.verify_key.key_id.hex()}+{secret}"

    @property
    def verify_key(self) -> VerifyKey:
        return VerifyKey(self.name, public_of(self.seed))

    def sign(self, text: str) -> "Signature":
        """This key's signature over the text's UTF-8 bytes."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return Signature(self.name, self.verify_key.key_id, signature)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. Its bytes are not 64 where another kind of key signed."""

    name: str
    key_id: bytes
    value: bytes

    def __post_init__(self) -> None:
        _check_name(self.name)
        if len(self.key_id) != 4 or not self.value:
            raise NoteError("a signature is four bytes of key id and at least one of signature")

    @classmethod
    def parse(cls, line: str) -> "Signature":
        """From a line without its newline."""
        words = line.split(" ")
        data = unbase64(words[2]) if len(words) == 3 and words[0] == "—" else None
        if data is None or len(data) < 5:
            raise NoteError(f"a signature line is '— <name> <base64>', not {line[:120]!r}")
        return cls(words[1], data[:4], data[4:])

    def __str__(self) -> str:
        return f"— {self.name} {to_base64(self.key_id + self.value)}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if not self.text.endswith("\n") or len(self.text) > MAX_NOTE:
            raise NoteError(f"a note's text ends in a newline and has at most {MAX_NOTE:,} characters")
        if any(each < " " and each != "\n" for each in self.text):
            raise NoteError("a note's text has no control characters but newlines")
        if not self.text.isascii():
            try:
                self.text.encode()
            except UnicodeEncodeError as error:
                raise NoteError("a note's text is UTF-8; this one holds half a character") from error
        if not 1 <= len(self.signatures) <= MAX_SIGNATURES:
            raise NoteError(f"a note has 1 to {MAX_SIGNATURES} signatures, this one {len(self.signatures)}")

    @classmethod
    def parse(cls, text: str) -> "Note":
        """Accepts exactly what str() writes. The signatures are read, not checked: see `verify`."""
        if len(text) > 2 * MAX_NOTE:
            raise NoteError(f"this note is longer than {2 * MAX_NOTE:,} characters")
        body, blank, lines = text.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise NoteError("a note is a text, an empty line, and signature lines, each ending in a newline")
        note = cls(body + "\n", tuple(Signature.parse(each) for each in lines[:-1].split("\n")))
        if str(note) != text:
            raise NoteError("this note is not written in its one form: it was altered or retyped")
        return note

    def verify(self, *keys: VerifyKey) -> tuple[VerifyKey, ...]:
        """The keys that signed this text. NoteError when none did, or when one's signature does not hold.

        Signatures by other keys are passed over, as C2SP asks: they may be a witness's.
        """
        known = {(key.name, key.key_id): key for key in keys}
        found = []
        for each in self.signatures:
            key = known.get((each.name, each.key_id))
            if key is None:
                continue
            if not key.holds(self.text, each.value):
                raise NoteError(f"the signature of {key.name} does not hold: text or signature was altered")
            if key not in found:
                found.append(key)
        if not found:
            wanted = ", ".join(f"{key.name}+{key.key_id.hex()}" for key in keys) or "no key"
            signers = ", ".join(f"{each.name}+{each.key_id.hex()}" for each in self.signatures)
            raise NoteError(f"known is {wanted}; this note is signed by {signers}")
        return tuple(found)

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{each}\n" for each in self.signatures)


def sign(text: str, *keys: SigningKey) -> Note:
    """The text as a note, signed by each key."""
    return Note(text, tuple(key.sign(text) for key in keys))


def public_of(seed: bytes) -> bytes:
    """The 32 bytes of public key that belong to a private one."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def to_base64(data: bytes) -> str:
    """Standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode()


def unbase64(text: str) -> bytes | None:
    """The bytes of standard base64, None for anything that `to_base64` would not write."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if to_base64(data) == text else None


def _check_name(name: str) -> None:
    printable = name.isprintable() and not any(each.isspace() for each in name)
    if not name or "+" in name or not printable:
        raise NoteError(f"a key's name has no spaces, plus signs or control characters: {name[:80]!r}")
