"""One small file for each picture under way, so that a crash at any moment leaves nothing half done.

    staging/pic-4x7….json      {"out": "/films/c014.png", "force": false, "signed": "sha256:…" | null}

It is written before the request enters the ledger and removed after the picture stands at `out`. Its writer holds a
lock on it: a journal that can be locked belongs to nobody who is still alive. The crash table in
docs/architecture.md says what `recover` does in each state.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from provenance.errors import NotRecorded, OutputError, ProvenanceError, Remedy, Way
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PictureRecord, State
from provenance.media.sidecar import FACT, place_beside
from provenance.release.archive import Recovered
from provenance.statement.canonical import Digest
from provenance.storage.atomic import move_new, sync_folder
from provenance.storage.lock import lock_now, locked, unlock
from provenance.storage.vault import Vault

SUFFIX = ".json"
DELIVERED = "delivered"


class Journal:
    """The journal of one picture, locked while its maker lives."""

    def __init__(self, folder: Path, picture: str, out: Path, *, force: bool) -> None:
        self.path = folder / f"{picture}{SUFFIX}"
        self.out, self.force = out, force
        self.signed: Digest | None = None
        try:
            with _turn(folder):
                self._file = self.path.open("x", encoding="utf-8")
                lock_now(self._file)
            self._write()
        except OSError as error:
            raise OutputError.of(error, f"{folder} cannot be written") from error

    def will_sign(self, digest: Digest) -> None:
        """Notes the signed file before it enters the vault, so that an orphan can be found."""
        self.signed = digest
        self._write()

    def leave(self) -> None:
        """Unlocks the journal and leaves it for the next start."""
        unlock(self._file)
        self._file.close()

    def close(self) -> None:
        self.path.unlink(missing_ok=True)
        self.leave()

    def _write(self) -> None:
        content = {
            "out": str(self.out),
            "force": self.force,
            "signed": str(self.signed) if self.signed else None,
        }
        self._file.seek(0)
        self._file.truncate()
        json.dump(content, self._file)
        self._file.flush()
        os.fsync(self._file.fileno())


def claim(out: Path, *, force: bool = False) -> Path:
    """The absolute output path, after making sure that a file can be put there."""
    out = Path(os.path.abspath(out.expanduser()))  # noqa: PTH100  (resolve() would follow a link at `out`)
    if out.is_dir():
        raise OutputError(f"{out} is a folder; give the name of a file")
    if out.exists() and not force:
        raise OutputError(f"{out} exists already", remedies=(Remedy(Way.ANOTHER_NAME),))
    if not out.parent.is_dir():
        raise OutputError(f"the folder {out.parent} is not there; make it first")
    if not os.access(out.parent, os.W_OK):
        raise OutputError(f"the folder {out.parent} cannot be written to; choose another place")
    return out


def deliver(data: bytes, out: Path, picture: str, *, force: bool) -> None:
    """Puts the bytes at `out` in one move: a reader sees the whole file or none. OutputError when it is taken."""
    part = part_of(out, picture)
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if force:
            part.replace(out)
        else:
            move_new(part, out)
        sync_folder(out.parent)
    except FileExistsError:
        raise OutputError(f"{out} exists already", remedies=(Remedy(Way.ANOTHER_NAME),)) from None
    except OSError as error:
        raise OutputError.of(error, f"{out} could not be written") from error
    finally:
        part.unlink(missing_ok=True)


def hand_over(record: PictureRecord, out: Path, vault: Vault, *, force: bool) -> None:
    """Puts the signed file of a released picture at `out`; its credentials beside it where it holds none."""
    if record.output is None:
        raise NotRecorded(
            f"{record.picture} was never released ({record.state.value}); there is no signed file"
        )
    beside = record.facts.get(FACT)
    if isinstance(beside, str):
        # First, so that the file never stands there without them; after a crash they may stand there already.
        place, digest = place_beside(out), Digest.parse(beside)
        if force or not place.is_file() or Digest.of_file(place) != digest:
            deliver(vault.get(digest), place, record.picture, force=force)
    deliver(vault.get(record.output.digest), out, record.picture, force=force)


def part_of(out: Path, picture: str) -> Path:
    """The name under which the bytes gather beside `out`."""
    return out.parent / f".{picture}.part"


def recover(
    folder: Path, ledger: AnyLedger, vault: Vault, on_out: Callable[[PictureRecord], None] = lambda _: None
) -> Iterator[Recovered]:
    """Finishes or closes every picture whose maker is gone; pictures still under way are left alone.

    `on_out` hears of each that stands at its output.
    """
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        file = _left(path)
        if file is None:
            continue
        with file:
            outcome = _recover_one(path.stem, file.read(), ledger, vault, on_out)
            path.unlink(missing_ok=True)
            unlock(file)
        if outcome:
            yield outcome


def _left(path: Path) -> IO[str] | None:
    """The journal, locked; None where its maker is alive, or somebody has finished with it meanwhile."""
    with _turn(path.parent):
        try:
            file = path.open("r+", encoding="utf-8")
        except FileNotFoundError:
            return None
        try:
            lock_now(file)
        except OSError:
            file.close()
            return None
    if path.exists():
        return file
    unlock(file)
    file.close()
    return None


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Held while a journal is made or taken up: one that is there and not locked yet looks like a dead maker's."""
    with folder.with_name(f"{folder.name}-turn").open("ab") as file, locked(file):
        yield


def _recover_one(
    picture: str, text: str, ledger: AnyLedger, vault: Vault, on_out: Callable[[PictureRecord], None]
) -> Recovered | None:
    try:
        content = json.loads(text)
        out, force = Path(content["out"]), bool(content["force"])
        signed = Digest.parse(content["signed"]) if content["signed"] else None
    except (ValueError, KeyError, TypeError, ProvenanceError):
        out, force, signed = (
            None,
            False,
            None,
        )  # torn while being written: before the request, nothing was made
    if out is not None:
        for place in (out, place_beside(out)):
            part_of(place, picture).unlink(missing_ok=True)
    try:
        record = ledger.picture(picture)
    except NotRecorded:
        return None
    if record.state is State.RELEASED and record.output and out is not None:
        late = _deliver_late(record, record.output.digest, out, vault, force=force)
        if late is None or late.outcome == DELIVERED:
            on_out(record)
        return late
    if signed is not None and not ledger.pictures_with_file(signed):
        vault.discard(signed)
    if record.state is State.REQUESTED:
        ledger.close_without(
            picture, EntryKind.PICTURE_FAILED, "the program ended before the picture was released"
        )
        return Recovered(picture, "closed", "it was requested and never released; the record says so")
    return None


def _deliver_late(
    record: PictureRecord, digest: Digest, out: Path, vault: Vault, *, force: bool
) -> Recovered | None:
    picture = record.picture
    if out.is_file() and Digest.of_file(out) == digest:
        return None
    try:
        hand_over(record, out, vault, force=force)
    except ProvenanceError as error:
        return Recovered(
            picture, "kept in the vault", f"{error}; `genzu export {picture} -o FILE` writes it out"
        )
    return Recovered(picture, DELIVERED, f"it was released before the program ended, and now stands at {out}")
