"""Canonical JSON (RFC 8785) and digests: the bytes that every hash is taken over.

>>> canonical({"b": 1, "a": [True, None, "原図"]})
b'{"a":[true,null,"\\xe5\\x8e\\x9f\\xe5\\x9b\\xb3"],"b":1}'
>>> str(Digest.of(b"ink"))
'sha256:b728b7e775f708faf513b988271e39176d3efb8efcb6523124e0592d7c7b4165'
"""

import base64
import hashlib
import json
import re
import secrets
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import rfc8785

from provenance.errors import PictureError, StatementError
from provenance.statement.json_value import Json

_PICTURE = re.compile(r"pic-[a-z0-9]{8,40}")


@dataclass(frozen=True, slots=True, order=True)
class Digest:
    """A SHA-256 over bytes, written `sha256:` and 64 hex digits."""

    value: bytes

    def __post_init__(self) -> None:
        if len(self.value) != 32:
            raise StatementError(f"a SHA-256 has 32 bytes, this one {len(self.value)}")

    @classmethod
    def of(cls, data: bytes) -> "Digest":
        return cls(hashlib.sha256(data).digest())

    @classmethod
    def of_file(cls, path: Path) -> "Digest":
        """The digest of a file's bytes, read in chunks."""
        try:
            with path.open("rb") as file:
                return cls(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise PictureError.of(error, f"{path} could not be read") from error

    @classmethod
    def parse(cls, text: str) -> "Digest":
        """Accepts exactly what str() writes, nothing else."""
        try:
            digest = cls(bytes.fromhex(text.removeprefix("sha256:")))
        except ValueError:
            digest = None
        if digest is None or str(digest) != text:
            raise StatementError(f"a digest is 'sha256:' and 64 lower-case hex digits, not {text[:80]!r}")
        return digest

    @property
    def hex(self) -> str:
        return self.value.hex()

    def __str__(self) -> str:
        return f"sha256:{self.value.hex()}"


@dataclass(frozen=True)
class Contents:
    """A file's bytes. Their digest is taken when asked for: it costs a quarter of what checking credentials does."""

    data: bytes = field(repr=False)

    @cached_property
    def digest(self) -> Digest:
        return Digest.of(self.data)


def canonical(value: Json) -> bytes:
    """RFC 8785 bytes. Integers above 2**53 are refused: write them as text."""
    try:
        if _is_plain(value):
            # The same bytes from C, ten times as fast; a test compares the two under hypothesis.
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    except (UnicodeEncodeError, RecursionError):
        pass  # rfc8785 says what is wrong
    try:
        data = rfc8785.dumps(value)
        # A float such as 1e16 is written as an integer that no reader accepts: find that out before it is signed.
        rfc8785.dumps(json.loads(data))
        return data
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise StatementError(f"this cannot be written as canonical JSON: {error}") from error


def _is_plain(value: Json) -> bool:
    """Whether json.dumps writes this value as RFC 8785 does: no number that the two spell differently."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if isinstance(value, dict):
        return all(type(name) is str and name.isascii() and _is_plain(each) for name, each in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    if isinstance(value, float):
        return 1e-4 <= abs(value) < 1e15 and not value.is_integer()
    return isinstance(value, int) and -(2**53) < value < 2**53


def parse_canonical(data: bytes) -> Json:
    """The value of canonical JSON bytes; any other spelling of the same value is refused."""
    try:
        value: Json = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise StatementError(f"this is not JSON: {error}") from error
    if canonical(value) != data:
        raise StatementError("this JSON is not in its canonical form (RFC 8785)")
    return value


def id_typed(text: str) -> str:
    """An id as somebody typed it, as it is written: phones begin with a capital, and some keyboards write full width.

    >>> id_typed(" Pic-4x7ｑ ")
    'pic-4x7q'
    """
    return unicodedata.normalize("NFKC", text).strip().lower()


def picture_typed(text: str) -> str | None:
    """The id of a picture as it is written, where that is what somebody typed; None for any other text.

    >>> picture_typed(" Pic-4X7qab2c"), picture_typed("Pic")
    ('pic-4x7qab2c', None)
    """
    typed = id_typed(text)
    return typed if _PICTURE.fullmatch(typed) else None


def new_id(prefix: str) -> str:
    """A fresh identifier: `prefix` and 100 random bits in lower-case base32, such as `pic-4x7…`."""
    return f"{prefix}-{base64.b32encode(secrets.token_bytes(13)).decode().lower()[:20]}"
