"""SwarmUI's text: {"sui_image_params": {"prompt": …, "model": …, "initimagecreativity": 0.6, …}}.

Beside a prompt there may be pictures (`promptimages`): for a model that edits them, or to steer with. Earlier versions
leave them out of the text, so a model that is called an editing one counts as begun from a picture, too.
"""

import re
from collections.abc import Iterator, Mapping

from provenance.media.generators.generator_trace import Trace, by_ai, first_text, object_of
from provenance.statement.untrusted import plain

_STEERS = ("useipadapterforrevision", "revisionstrength", "usestylemodel", "usereferenceonly")
_OFF = frozenset({"0", "0.0", "None", "False"})
_EDITING_MODEL = re.compile(r"image[-_ ]?edit(?![a-z])|kontext", re.IGNORECASE)


def of_params(said: Mapping[str, object], field: str, text: str) -> Iterator[Trace]:
    """The trace in the object of its settings."""
    yield Trace("SwarmUI", field, by_ai(_over_a_picture(said)), first_text(said, "model"), plain(text, 200))


def of_text(text: str, _fields: Mapping[str, str]) -> Iterator[Trace]:
    """The same in its first versions: the settings as a text of their own."""
    said = object_of(text)
    if said is not None and "model" in said:
        yield from of_params(said, "sui_image_params", text)


def _over_a_picture(said: Mapping[str, object]) -> bool:
    if any(str(key).startswith("initimage") for key in said):
        return True
    if any(str(said.get(key) or "0") not in _OFF for key in _STEERS):
        return False
    return bool(said.get("promptimages")) or _EDITING_MODEL.search(str(said.get("model", ""))) is not None
