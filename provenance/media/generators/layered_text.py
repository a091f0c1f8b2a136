"""The texts in layered files that are zips: those of the merged picture, and what krita-ai-diffusion keeps in a .kra.

    OpenRaster, Krita   mergedimage.png: its PNG texts
    Krita               the annotation ai_diffusion/ui.json: the plugin's own state

    {"version": 1, "history": [{"kind": "diffusion", "in_use": {"0": true}, "params": {"metadata": {"checkpoint": …}}}]}

Each result of the model is in the history; `in_use` says which of them were put into the document. A plugin that is
there and was not used leaves none in use. The names are those in the plugin's source, version 1 of its form.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial

from provenance.media.generators.generator_trace import NAME, Trace, object_of
from provenance.media.text_fields import LONGEST, TextField, bounded, guarded, png_fields
from provenance.statement.vocabulary import Maker

FIELD = "Krita annotation ai_diffusion/ui.json"
_KINDS = (b"application/x-krita", b"image/openraster")
_MERGED = "mergedimage.png"
_PLACE = "ai_diffusion/ui.json"
MOST = 64 * 1024 * 1024  # bytes of a merged picture that are looked through
_HEAD = 100  # bytes: a .kra begins with its kind, not packed
_DRAWN = "control_layer"  # lines or a depth that were drawn off: nothing of it is a painting


def layered_fields(data: bytes) -> tuple[TextField, ...] | None:
    """The texts; None for what is no such file."""
    if not data.startswith(b"PK") or not any(each in data[:_HEAD] for each in _KINDS):
        return None
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return bounded(
            each
            for member in archive.infolist()
            for each in guarded(member.filename, partial(_in_member, archive, member))
        )


def _in_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[TextField]:
    name = member.filename.replace("%2F", "/")
    if name.endswith(_PLACE):
        with archive.open(member) as file:
            yield TextField(FIELD, file.read(LONGEST).decode("utf-8", "replace"))
    elif name == _MERGED:
        with archive.open(member) as file:
            yield from png_fields(file.read(MOST))


def read_state(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    """One trace where a result of the model was put into the document."""
    said = object_of(text) or {}
    history = said.get("history")
    used = [each for each in history if _used(each)] if isinstance(history, list) else []
    if used:
        models = dict.fromkeys(name for each in used for name in _checkpoint(each))
        yield Trace("krita-ai-diffusion", FIELD, Maker.AI_ASSISTED, tuple(models)[:8])


def _used(result: object) -> bool:
    if not isinstance(result, dict) or result.get("kind", "diffusion") == _DRAWN:
        return False
    in_use = result.get("in_use")
    return isinstance(in_use, dict) and any(each is True for each in in_use.values())


def _checkpoint(result: dict[str, object]) -> Iterator[str]:
    params = result.get("params")
    for held in (params, params.get("metadata") if isinstance(params, dict) else None):
        name = held.get("checkpoint") if isinstance(held, dict) else None
        if isinstance(name, str) and name.strip():
            yield name.strip()[:NAME]
