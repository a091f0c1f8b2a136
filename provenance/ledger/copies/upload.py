"""Uploads that nobody waits for: a thread that sends a backup's files on, in the order in which they changed.

    with every commit   the files are on this disk already (backup.py); their names are offered here
    the thread          copies what was offered and what changed since, as it is then, and sends the copies: at most one
                        upload at a time, whatever changes meanwhile goes with the next one
    a failure           is kept with the names, and tried again after 1, 2, 4 … 60 seconds
    closing             waits for what is left, for one more attempt

Processes that write to one folder send one after another, too: an older copy that arrives last would bring back what
was erased, and take away what was counted. What was not sent is also noted in the folder (`.unsent`), so that the next
start goes on with it. Where the files go is a Remote: a data set of the Hugging Face hub.
"""

import hashlib
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from provenance.errors import StatementError
from provenance.ledger.copies.export import PRIVATE
from provenance.storage.atomic import replace
from provenance.storage.lock import locked

if TYPE_CHECKING:
    from huggingface_hub.hf_api import RepoFile, RepoFolder

LONGEST = 60.0  # seconds between two attempts
PATIENCE = 120.0  # seconds that closing waits
NOTE = ".unsent"
SENDING = ".sending"
HUB = "hf://datasets/"


class Remote(Protocol):
    """Where a folder's files go on to, and come from: the hub, or in tests another folder."""

    def fetch(self, folder: Path, have: Path) -> None:
        """Brings what is there into `folder`; a file that `have` holds in the very same bytes may come from there."""

    def send(self, folder: Path, names: Iterable[str]) -> None:
        """Takes these files of `folder`; an OSError means that they are not there yet."""


class Uploader:
    """The thread, begun with the first offer. `sent`: how many entries the remote place has; `trouble`: why no more."""

    def __init__(
        self, folder: Path, remote: Remote, copy: Callable[[Path, Iterable[str]], tuple[int, set[str]]]
    ) -> None:
        """`copy` puts the files of these names, and those they need, into another folder, none of them half-written.

        It answers how many entries that makes, and the names of all that it copied.
        """
        self._folder, self._remote, self._copy = folder, remote, copy
        self._pending: set[str] = set()
        self._under_way: set[str] = set()
        self._noted: set[str] | None = None
        self._changed = threading.Condition()
        self._sending = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = False
        self.sent = 0
        self.trouble = ""

    def left(self) -> set[str]:
        """The names that an earlier run could not send."""
        try:
            return set((self._folder / NOTE).read_text(encoding="utf-8").split())
        except OSError:
            return set()

    def offer(self, names: Iterable[str]) -> None:
        """Takes the names of files that changed. Returns at once."""
        with self._changed:
            self._pending |= set(names)
            self._note()
            running = self._thread is not None and self._thread.is_alive()
            if self._pending and not running and not self._closing:
                self._thread = threading.Thread(target=self._run, name="ledger backup", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def send(self) -> None:
        """Sends what is pending now, and waits for it; OSError where that fails, and the names stay pending."""
        with self._sending:
            with self._changed:
                self._under_way, self._pending = self._pending, set()
            try:
                if self._under_way:
                    with alone_in(self._folder / SENDING) as copies:
                        size, names = self._copy(copies, sorted(self._under_way))
                        self._under_way = names
                        self._remote.send(copies, sorted(names))
                    self.sent = size
                self.trouble = ""
            except BaseException as error:
                self.trouble = str(error) or type(error).__name__
                with self._changed:
                    self._pending |= self._under_way
                raise
            finally:
                with self._changed:
                    self._under_way = set()
                    self._note()
                    self._changed.notify_all()

    def settle(self, seconds: float = PATIENCE) -> None:
        """Waits until nothing is under way: all is sent, or the last attempt failed."""
        with self._changed:
            self._changed.wait_for(lambda: not self._pending or bool(self.trouble), seconds)
        with self._sending:
            pass

    def wait_for(self, size: int, seconds: float) -> None:
        """Waits until so many entries are sent, or the last attempt failed; not for what is offered meanwhile."""
        with self._changed:
            self._changed.wait_for(lambda: self.sent >= size or bool(self.trouble), seconds)

    def close(self) -> None:
        """Waits until all is sent, or one more attempt has failed. A second time does nothing."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def _run(self) -> None:
        pause = 1.0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._closing)
                last = self._closing
            try:
                self.send()
                pause = 1.0
            except OSError:
                if not last:
                    self._rest(pause)
                    pause = min(LONGEST, 2 * pause)
            with self._changed:
                if last and (self.trouble or not self._pending):
                    return

    def _rest(self, seconds: float) -> None:
        """Waits before the next attempt, but no longer once the ledger is being closed."""
        end = time.monotonic() + seconds
        with self._changed:
            while not self._closing and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)

    def _note(self) -> None:
        """Writes down what has not arrived. Without it the next start sends less than it could, and nothing is lost."""
        note, names = self._folder / NOTE, self._pending | self._under_way
        if names == self._noted:
            return
        try:
            if names:
                replace(note, ["\n".join(sorted(names)).encode()])
            else:
                note.unlink(missing_ok=True)
            self._noted = names
        except OSError:
            pass


@contextmanager
def alone_in(folder: Path) -> Iterator[Path]:
    """The folder, empty at first and gone at the end, held against other processes; what a kill left goes, too."""
    with folder.with_name(f"{folder.name}-turn").open("ab") as file, locked(file):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def copy_files(folder: Path, out: Path, names: Iterable[str]) -> None:
    """Copies those of the files that are there."""
    for name in names:
        if (folder / name).exists():
            shutil.copyfile(folder / name, out / name)


def _taken(listed: "RepoFile | RepoFolder", have: Path, folder: Path) -> bool:
    """Whether a file of the hub is in the folder now, from here; True for what is no file of a backup.

    The hub states a file's size and digest: of git for what lies in git, else its SHA-256.
    """
    ours = Path(listed.path).name == listed.path and listed.path.endswith((".jsonl", ".txt"))
    if not ours or not hasattr(listed, "size"):
        return True
    try:
        if (have / listed.path).stat().st_size != listed.size:
            return False
        data = (have / listed.path).read_bytes()
    except FileNotFoundError:
        return False
    same: bool
    if listed.lfs is not None:
        same = hashlib.sha256(data).hexdigest() == listed.lfs.sha256
    else:
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False)
        same = blob.hexdigest() == listed.blob_id
    if same:
        (folder / listed.path).write_bytes(data)
    return same


class Hub:
    """A private data set of the Hugging Face hub. What was erased is taken out of its history too."""

    def __init__(self, repository: str) -> None:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError
        from huggingface_hub.utils import validate_repo_id

        try:
            validate_repo_id(repository)
        except HFValidationError as error:
            raise StatementError(f"GENZU_BACKUP={HUB}{repository} names no data set: {error}") from error
        self._api = HfApi()
        # Its own errors, and those of the HTTP client that this version of it is built on.
        client = [each for each in HfHubHTTPError.__mro__ if each.__name__ == "HTTPError"]
        self._errors: tuple[type[Exception], ...] = (HfHubHTTPError, *client, OSError)
        self.repository = repository

    def fetch(self, folder: Path, have: Path) -> None:
        try:
            self._api.create_repo(self.repository, repo_type="dataset", private=True, exist_ok=True)
            listed = list(self._api.list_repo_tree(self.repository, repo_type="dataset"))
            lacking = [each.path for each in listed if not _taken(each, have, folder)]
            if lacking:
                # As they are by now: each goes on from what was listed, and _take_in compares all of them.
                self._api.snapshot_download(
                    self.repository, repo_type="dataset", local_dir=folder, allow_patterns=lacking
                )
        except self._errors as error:
            raise OSError(f"the hub did not answer: {error}") from error

    def send(self, folder: Path, names: Iterable[str]) -> None:
        listed = list(names)
        try:
            self._api.upload_folder(
                repo_id=self.repository,
                repo_type="dataset",
                folder_path=folder,
                allow_patterns=listed,
                commit_message=f"{len(listed)} files of the ledger",
            )
            if PRIVATE in listed:
                self._api.super_squash_history(self.repository, repo_type="dataset")
        except self._errors as error:
            raise OSError(f"the hub did not answer: {error}") from error
