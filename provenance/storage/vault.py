"""The bytes themselves, by their digest: every input and every signed picture, each stored once.

    vault/
      b7/28b7e775f708faf513b988271e39176d3efb8efcb6523124e0592d7c7b4165   two hex digits name the folder
      incoming/                                                           files being written

A file appears under its digest whole or not at all, and `put` returns only when it would survive a power cut:
temporary file -> fsync -> rename -> fsync of the folder, and of the folder above where that is new.
"""

import re
import time
from collections.abc import Iterator
from pathlib import Path

from provenance.errors import LedgerDamaged, LedgerError, NotRecorded, OutputError, PictureError, Remedy, Way
from provenance.statement.canonical import Digest
from provenance.storage.atomic import staged, sync_folder

INCOMING = "incoming"
ABANDONED = 24 * 60 * 60  # seconds after which a file in `incoming` belongs to nobody who is still writing
_FOLDER = re.compile(r"[0-9a-f]{2}")
_NAME = re.compile(r"[0-9a-f]{62}")


class Vault:
    """Files by digest under one folder, readable by their owner only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, data: bytes) -> Digest:
        """The digest of `data`, which is now on disk; storing the same bytes again repairs a damaged file."""
        digest = Digest.of(data)
        path = self.path(digest)
        if self._holds(path, digest, len(data)):
            return digest
        try:
            self._make(path.parent)
            self._make(self.folder / INCOMING)
            self._write(path, data)
        except OSError as error:
            raise OutputError.of(error, f"{self.folder} could not take {len(data):,} bytes") from error
        return digest

    def get(self, digest: Digest) -> bytes:
        """The bytes with this digest. NotRecorded when absent, LedgerDamaged when they are other bytes."""
        path = self.path(digest)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise NotRecorded(f"the vault holds no file {digest}") from None
        except OSError as error:
            raise LedgerError.of(error, f"{path} could not be read") from error
        if Digest.of(data) != digest:
            words = f"{path} does not hold the bytes that its name says"
            raise LedgerDamaged(words, remedies=(Remedy(Way.RESTORE),))
        return data

    def discard(self, digest: Digest) -> None:
        """Removes a file that no entry names; nothing happens where it is not there."""
        path = self.path(digest)
        try:
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                sync_folder(path.parent)
        except OSError as error:
            raise OutputError.of(error, f"{path} could not be removed") from error

    def __contains__(self, digest: Digest) -> bool:
        return self.path(digest).is_file()

    def digests(self) -> Iterator[Digest]:
        """What the vault holds by name, in order; files with other names are not ours and are passed over."""
        try:
            folders = sorted(each for each in self.folder.iterdir() if _FOLDER.fullmatch(each.name))
            for folder in folders:
                for name in sorted(each.name for each in folder.iterdir()):
                    if _NAME.fullmatch(name):
                        yield Digest(bytes.fromhex(folder.name + name))
        except FileNotFoundError:
            return
        except OSError as error:
            raise LedgerError.of(error, f"{self.folder} could not be read") from error

    def check(self) -> Iterator[tuple[Digest, bool]]:
        """Re-hashes every file: whether each still holds the bytes that its name says."""
        for digest in self.digests():
            try:
                intact = Digest.of_file(self.path(digest)) == digest
            except PictureError:
                intact = False  # a file that cannot be read is as good as damaged
            yield digest, intact

    def sweep(self) -> int:
        """Removes what writers that died left in `incoming`; returns how many files that were."""
        gone = 0
        try:
            for path in (self.folder / INCOMING).iterdir():
                if time.time() - path.stat().st_mtime > ABANDONED:
                    path.unlink(missing_ok=True)
                    gone += 1
        except OSError:
            return gone  # tidying up never stops a start
        return gone

    def path(self, digest: Digest) -> Path:
        """Where the file with this digest stands, or would stand."""
        return self.folder / digest.hex[:2] / digest.hex[2:]

    def _holds(self, path: Path, digest: Digest, size: int) -> bool:
        try:
            return path.stat().st_size == size and Digest.of(path.read_bytes()) == digest
        except OSError:
            return False

    def _make(self, folder: Path) -> None:
        if folder.is_dir():
            return
        if folder != self.folder:
            self._make(self.folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sync_folder(folder.parent)

    def _write(self, path: Path, data: bytes) -> None:
        part = staged(self.folder / INCOMING, [data], prefix="")
        try:
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        sync_folder(path.parent)
