"""The way into the look-up: whether it can be asked here, and the index opened when the first picture asks for it.

Reading a picture never needs it. Its libraries (numpy, OpenCV) are the extra `lookup`; they are loaded with the
first question, and not at all where there is no index.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PIL import Image

from provenance.errors import IndexTrouble, Remedy, Way
from provenance.lookup.likeness import Likeness
from provenance.lookup.mark_key import MarkKey

if TYPE_CHECKING:
    from provenance.lookup.index_file import IndexFile
    from provenance.lookup.search import Search

LIBRARIES = {"cv2": "OpenCV", "numpy": "numpy"}
INSTALL = "pip install 'genzu[lookup]'"
OUTDATED = "the look-up index was made by an earlier version of Genzu; `genzu index build` makes it again"


def missing() -> Sequence[str]:
    """The libraries of the look-up that are not installed."""
    return [name for module, name in LIBRARIES.items() if not _is_there(module)]


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ImportError:
        return False
    except ValueError:  # another thread is just loading it
        return True


def opened_index(path: Path, *, read_only: bool = False) -> "IndexFile":
    """The index; made where there is none, unless it is `read_only`. IndexTrouble where its libraries are missing."""
    need_libraries()
    from provenance.lookup.index_file import IndexFile

    return IndexFile(path, read_only=read_only)


def need_libraries() -> None:
    """IndexTrouble that says what to install, where something is missing."""
    lacking = missing()
    if lacking:
        raise IndexTrouble(f"looking pictures up needs {', '.join(lacking)}: {INSTALL}")


@dataclass(eq=False)
class LookUp:
    """The index at `path`, to be asked from any thread. With the `key` of our ledger, its faint marks are read too.

    `catching_up` is called first: it puts in what was released last, and says what hinders that. `plain` gives a
    record's own picture without its mark, or None: a mark that the index's small one does not show is read beside it.
    """

    path: Path
    key: MarkKey | None = None
    catching_up: Callable[[], str] | None = field(default=None, repr=False)
    plain: Callable[[str], Image.Image | None] | None = field(default=None, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)
    _turn: Lock = field(default_factory=Lock, repr=False)  # to catch up
    _search: "Search | None" = field(default=None, repr=False)
    _state: tuple[int, int] = (-1, -1)
    _file: tuple[int, int] = (-1, -1)  # which file is open, where another may have taken its name
    _is_current: bool = False

    def caught_up(self) -> str:
        """Puts in what was released last. Why some of it may be missing all the same; "" where nothing is."""
        if self.catching_up is None or missing():
            return ""
        with self._turn:
            return self.catching_up()

    @property
    def why_not(self) -> str:
        """Why no picture can be looked up here; "" where one can."""
        self.caught_up()  # which may make the file
        # os.path answers False where a folder is closed to us; Path would raise.
        if not os.path.isfile(self.path):  # noqa: PTH113
            return "there is no look-up index here"
        lacking = missing()
        if lacking:
            return f"{', '.join(lacking)} is not installed ({INSTALL})"
        return OUTDATED if self._is_outdated() else ""

    def _is_outdated(self) -> bool:
        """Whether some of the index cannot be compared any more. What was found to be current is not asked again."""
        from provenance.lookup.index_file import IndexFile
        from provenance.lookup.vocabulary import vocabulary

        if not self._is_current:
            try:
                with IndexFile(self.path, read_only=True) as file:
                    self._is_current = file.outdated(vocabulary().name) == 0
            except IndexTrouble:
                return False  # `ask` says what is wrong with it
        return not self._is_current

    @property
    def state(self) -> tuple[int, int]:
        """Changes when the index file does; what was answered by it may then be answered anew."""
        self.caught_up()
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0)
        return found.st_mtime_ns, found.st_size

    def ask(self, image: Image.Image) -> tuple[Likeness, ...]:
        """What the picture (RGB) looks like, the likest first. IndexTrouble where the index cannot be read."""
        if self.why_not:
            return ()
        with self._lock:
            try:
                return self._current().look_up(image, self.key)
            except FileNotFoundError:
                return ()  # it was deleted just now
            except IndexTrouble:
                raise
            except (
                Exception
            ) as error:  # rows that are damaged break numpy, OpenCV and Pillow in any way they like
                words = f"the index {self.path} holds rows that are damaged"
                raise IndexTrouble(words, remedies=(Remedy(Way.INDEX_ANEW),)) from error

    def _current(self) -> "Search":
        """The codes in memory, read again once the file has changed."""
        from provenance.lookup.index_file import IndexFile
        from provenance.lookup.search import Search

        there = self.path.stat()
        if self._search is not None and (there.st_dev, there.st_ino) != self._file:
            self.close()  # it was deleted and made again
        if self._search is None:
            self._file, self._is_current = (there.st_dev, there.st_ino), False
            file = IndexFile(self.path, read_only=True)
        else:
            file = self._search.file
        now = file.state, len(file)  # before it is read: what comes meanwhile is read the next time
        if self._search is None or now != self._state:
            self._search, self._state = Search.of(file, self.plain), now
        return self._search

    def close(self) -> None:
        """Lets go of the file."""
        if self._search is not None:
            self._search.file.close()
            self._search = None
