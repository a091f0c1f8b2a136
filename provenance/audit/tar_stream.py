"""The bytes of a tar archive as one stream, whatever packs it: read forward, and from the start again.

The reader of tar headers (`tarfile`) asks for as many bytes at once as a header claims, and skips members by seeking.
Both are answered here without believing them: no read is larger than a few megabytes, and what came out is counted.
"""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol

from provenance.errors import PictureError

_PIECE = 1024 * 1024
_LARGEST_READ = 4 * _PIECE  # a header of more is no name of a file
_XZ_MEMORY = 128 * 1024**2  # an xz may ask for 4 GiB before its first byte


class Unpacker(Protocol):
    """What the three of the standard library have in common, as bz2 and lzma have it."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Gzip:
    """zlib's, with the manners of the other two."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max_length)


class _Plain:
    """A tar that nothing packs."""

    eof = False
    unused_data = b""
    needs_input = True

    def decompress(self, data: bytes, _max_length: int) -> bytes:
        return data


_UNPACKERS: dict[str, Callable[[], Unpacker]] = {
    "tar": _Plain,
    "gzip": _Gzip,
    "bzip2": bz2.BZ2Decompressor,
    "xz": partial(lzma.LZMADecompressor, lzma.FORMAT_XZ, _XZ_MEMORY),
}


def unpacker_of(packing: str) -> Callable[[], Unpacker] | None:
    """What unpacks archives of a kind (a name in media/formats.py); None where none is known here."""
    return _UNPACKERS.get(packing)


class TarStream(io.RawIOBase):
    """The unpacked bytes. Backwards means from the start again: read members in their order.

    PictureError past `most` bytes. The errors of damaged streams are those of zlib, bz2 and lzma. `passed` hears how
    much is unpacked, each time anew.
    """

    def __init__(
        self, path: Path, unpacker: Callable[[], Unpacker], most: int, passed: Callable[[int], None]
    ) -> None:
        self._file = path.open("rb")
        self._make = unpacker
        self._most = most
        self._passed = passed
        self._start()

    def _start(self) -> None:
        self._file.seek(0)
        self._unpacker = self._make()
        self._ahead = b""
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        target = offset if whence == io.SEEK_SET else self._at + offset
        if target < self._at:
            self._start()
        while self._at < target:
            if not self._take(min(_PIECE, target - self._at)):
                break
        return self._at

    def read(self, size: int = -1) -> bytes:
        """Exactly `size` bytes, fewer only at the end."""
        if not 0 <= size <= _LARGEST_READ:
            raise PictureError("a header of it claims more than any header takes")
        pieces, left = [], size
        while left:
            piece = self._take(left)
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self.read(min(len(buffer), _LARGEST_READ))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _take(self, most: int) -> bytes:
        """Some of the next bytes, b"" at the end."""
        while not self._ahead:
            fresh = self._next_piece()
            if fresh is None:
                return b""
            self._ahead = fresh
        piece, self._ahead = self._ahead[:most], self._ahead[most:]
        self._at += len(piece)
        self._passed(len(piece))
        if self._at > self._most:
            raise PictureError(f"the archive unpacks to more than {self._most:,} bytes")
        return piece

    def _next_piece(self) -> bytes | None:
        """What one more step of unpacking gives, maybe nothing; None at the end."""
        if self._unpacker.eof:
            # Another packed stream may follow: `cat a.gz b.gz` is one file.
            rest = self._unpacker.unused_data + self._file.read(_PIECE)
            if not rest.strip(b"\0"):
                return None
            self._unpacker = self._make()
            return self._unpacker.decompress(rest, _PIECE)
        data = self._file.read(_PIECE) if self._unpacker.needs_input else b""
        if not data and self._unpacker.needs_input:
            if isinstance(self._unpacker, _Plain):
                return None
            raise EOFError("the packed stream ends before its end")
        return self._unpacker.decompress(data, _PIECE)
