"""Files between the browser and us, byte for byte: credentials die of any re-encoding."""

import atexit
import base64
import binascii
import os
import shutil
import tempfile
import time
import zipfile
from abc import ABCMeta
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, TypeVar

import gradio as gr

from provenance.errors import NotHandedOver, OutputError, ProvenanceError
from provenance.media.formats import of_media_type, of_name
from provenance.media.picture import Picture, open_picture
from provenance.media.sidecar import ENDING, place_beside
from provenance.media.xmp_beside import ENDINGS
from provenance.settings import Settings
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import QUIET
from provenance.tabs.text.language import say, stopped
from provenance.tabs.text.sentences import sentence

T = TypeVar("T")
# Decoded pictures take hundreds of megabytes: so many visitors are answered at once, the others wait their turn.
TURNS = BoundedSemaphore(4)
_FOLDER = "genzu-page-"
_BESIDE = frozenset({ENDING, *ENDINGS})  # of files that are read with another one
KEPT = 3600  # seconds


def picture_input(label: str, **options: Any) -> gr.Image:
    """A place to drop a picture that hands the file's own path to a handler, whatever the file is.

    gr.Image opens and re-encodes transparent, grey and CMYK pictures, and answers a broken one itself. No clipboard:
    the browser re-encodes what is pasted.
    """
    return _AS_IT_IS(
        type="filepath", image_mode=None, sources=["upload"], buttons=["fullscreen"],
        label=label, alt_text=label, **options,
    )  # fmt: skip


_PRESSABLE = '(picture) => ({__type__: "update", interactive: Boolean(picture)})'


def waits_for(button: gr.Button, upload: gr.Image) -> None:
    """The button can be pressed once the upload has arrived, and not before."""
    button.interactive = False
    # In the browser: of two answers of the server on their way, the older may arrive last.
    upload.change(None, upload, button, js=_PRESSABLE, **QUIET)


def _own_bytes(payload: Any) -> str | None:
    if payload is None:
        return None
    if payload.path:
        return str(payload.path)
    head, _, body = (payload.url or "").partition(",")
    if not head.startswith("data:"):
        return None
    try:
        data = base64.b64decode(body, validate=True)
    except binascii.Error:
        words = say("The picture did not arrive whole; choose the file again.")
        raise gr.Error(words, title=say("Not taken")) from None
    return served("pasted", data)


# gr.Image with our own way in. Of the class, not of a component: gradio makes a component anew, by its class, for each
# visitor whom a handler answered without it. Past gradio's metaclass, which writes a .pyi beside the source of a class.
_AS_IT_IS: Any = ABCMeta.__new__(
    type(gr.Image), "Image", (gr.Image,), {"preprocess": staticmethod(_own_bytes), "__module__": __name__}
)


def gate(path: str | Path | None, settings: Settings) -> Picture:
    """The uploaded picture, checked and within the limits; a sentence for the page where it is none."""
    if not path:
        raise gr.Error("Choose a picture first.", title="No picture")
    return attempt(lambda: opened(path, settings), "Not taken", path)


def opened(path: str | Path, settings: Settings) -> Picture:
    """The uploaded picture; PictureError where it is none, or too large."""
    return open_picture(Path(path), settings.limits)


def named_after(path: Path, picture: Picture) -> Path:
    """The upload under a name with its kind's ending: a phone's HEIC may come as .jpg, and an ending decides whether
    credentials go inside a file or beside it."""
    if of_name(path.name) == of_media_type(picture.media_type):
        return path
    kind = of_media_type(picture.media_type)
    with making_room():
        target = delivery_folder() / f"picture{kind.endings[0] if kind is not None else path.suffix}"
        shutil.copyfile(path, target)
    return target


def complaint(error: Exception, title: str, *paths: str | Path | None) -> gr.Error:
    """An error's sentence for the page. Where files lie on this machine is nobody's business: names stay."""
    title = "Signed, and not handed over" if isinstance(error, NotHandedOver) else title
    return gr.Error(sentence(error, *paths), title=say(title), duration=12, print_exception=False)


def attempt(make: Callable[[], T], title: str, *paths: str | Path | None) -> T:
    """What `make` gives; our own errors become a sentence on the page."""
    try:
        return make()
    except ProvenanceError as error:
        raise complaint(error, title, *paths) from error


def deliver(path: Path, picture: str, name: str | None = None) -> str:
    """A copy of a signed file where the page may serve it from; a zip with its credentials where they lie beside it.

    The archive itself is served to nobody. Where it cannot be copied, the sentence says that `picture` is on record.
    """
    with making_room(picture):
        target = delivery_folder() / (name or path.name)
        sidecar = place_beside(path)
        if not sidecar.is_file():
            shutil.copyfile(path, target)
            return str(target)
        both = target.with_name(f"{target.name}.zip")
        with zipfile.ZipFile(both, "w") as archive:
            archive.write(path, target.name)
            archive.write(sidecar, place_beside(target).name)
        return str(both)


def served(name: str, data: bytes) -> str:
    """A new file of these bytes where the page may serve it from."""
    with making_room():
        target = delivery_folder() / name
        target.write_bytes(data)
    return str(target)


def alone(path: Path) -> str:
    """A copy of the file where the page may serve it from, for a field that takes a picture."""
    with making_room():
        target = delivery_folder() / path.name
        shutil.copyfile(path, target)
    return str(target)


@contextmanager
def making_room(signed: str = "") -> Iterator[None]:
    """Whatever keeps the page from writing a file of its own, as a sentence; `signed`: the picture that it is of."""
    try:
        yield
    except OSError as error:
        trouble = OutputError.of(error, "the page could not write its copy of the file")
        raise complaint(
            NotHandedOver.because(trouble, signed) if signed else trouble, "Not handed over"
        ) from error


def refusal(error: gr.Error) -> str:
    """Why there is no answer, as HTML for the answer's place: an older one, of another file, stays there otherwise."""
    return fragment("sentence", kind="bad", title=stopped(str(error.title)), words=error.message)


def delivery_folder() -> Path:
    """A fresh folder below the page's own; what was delivered long ago goes. OSError where there can be none."""
    for old in _deliveries().iterdir():
        with suppress(FileNotFoundError):  # another visitor's delivery was faster
            if time.time() - old.stat().st_mtime > KEPT:
                shutil.rmtree(old, ignore_errors=True)
    return Path(tempfile.mkdtemp(dir=_deliveries()))


def run_folder() -> Path:
    """A folder of the page's own that is removed by who asked for it. OSError where there can be none."""
    return Path(tempfile.mkdtemp(dir=_own_folder()))


def ready_for_another() -> Any:
    """A field after its picture was read and removed: empty, for the next one. The answer shows what it is about."""
    return gr.update(value=None, label=say("Another picture"))


def brought_together(paths: Sequence[Path]) -> list[Path]:
    """The uploads, credentials and XMP beside the file whose name they have: each comes in a folder of its own.

    Where two files have that name, whose they are is not known, and they stay where they are.
    """
    whole: dict[str, list[Path]] = {}
    short: dict[str, list[Path]] = {}
    for each in paths:
        whole.setdefault(each.name, []).append(each)
        if each.suffix not in _BESIDE:
            short.setdefault(each.stem, []).append(each)
    placed = []
    for each in paths:
        owners = (whole.get(each.stem) or short.get(each.stem, [])) if each.suffix in _BESIDE else []
        target = owners[0].with_name(each.name) if len(owners) == 1 else each
        placed.append(target if target.exists() else each.rename(target))
    return placed


def discard(paths: Iterable[str | Path | None]) -> None:
    """Removes uploads once they were read: the page keeps nothing."""
    for path in paths:
        if path:
            Path(path).unlink(missing_ok=True)


def _deliveries() -> Path:
    # Below gradio's own folder: from elsewhere it would copy each file once more, and tell of a full disk itself.
    folder = _own_folder() / "uploads" / "deliveries"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def own_uploads() -> Path:
    """Where this process keeps what visitors send; what a process that is gone left behind goes."""
    sweep(Path(tempfile.gettempdir()))
    return _own_folder() / "uploads"


@cache
def _own_folder() -> Path:
    folder = tempfile.mkdtemp(prefix=f"{_FOLDER}{os.getpid()}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def sweep(parent: Path) -> None:
    """Removes the folders of this page's earlier processes, where they ended without doing so themselves."""
    for old in parent.glob(f"{_FOLDER}*"):
        number = old.name.removeprefix(_FOLDER).partition("-")[0]
        if old.is_dir() and not old.is_symlink() and number.isdecimal() and not _runs(int(number)):
            shutil.rmtree(old, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
