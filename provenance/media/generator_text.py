"""What other painting programs leave in a picture: unsigned text, so a hint that anybody can write or remove.

    PNG text   parameters         AUTOMATIC1111, Forge, SD.Next, SwarmUI
               prompt, workflow   ComfyUI
               invokeai_metadata  InvokeAI        fooocus_scheme  Fooocus        Comment + Software  NovelAI
    EXIF       UserComment        the same `parameters` text in JPEG and WebP
    XMP        DigitalSourceType  the IPTC word, from any program

>>> [trace] = read_parameters("a house\\nSteps: 20, Sampler: Euler a, Denoising strength: 0.5, Model: v1-5")
>>> trace.maker, trace.model
(<Maker.AI_ASSISTED: 'ai-assisted'>, 'v1-5')
"""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PIL import Image

from provenance.errors import StatementError
from provenance.media.picture import Picture
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Maker, SourceType

LONGEST = 1_000_000  # characters of one text that are looked at
_USER_COMMENT, _EXIF, _ORIENTATION = 0x9286, 0x8769, 0x0112
_STEPS = re.compile(r"\bSteps: \d+")
_MODEL = re.compile(r"\bModel: ([^,\n]{1,200})")
_COMFY_MODEL = re.compile(r'"(?:ckpt_name|unet_name)":\s*"([^"]{1,200})"')
_XMP_SOURCE = re.compile(r"digitalsourcetype/([A-Za-z]{3,60})")


@dataclass(frozen=True, slots=True)
class Trace:
    """One hint: which program, in which field, and who it says made the picture."""

    tool: str
    field: str
    maker: Maker
    model: str | None = None
    words: str = ""

    def __str__(self) -> str:
        model = f", model {plain(self.model, 100)}" if self.model else ""
        return f"{self.field} as {self.tool} writes it{model} (unsigned: anybody can write or remove it)"


def traces(data: bytes) -> tuple[Trace, ...]:
    """The hints in a picture's metadata; none where it cannot be read."""
    return look_at(data)[1]


def glance(data: bytes) -> Picture | None:
    """Kind and size by the header alone, without the bytes; None where Pillow cannot tell."""
    return look_at(data)[0]


def look_at(data: bytes) -> tuple[Picture | None, tuple[Trace, ...]]:
    """Both, by opening the picture once. A decoder may trip over a stranger's metadata in any way."""
    seen: Picture | None = None
    try:
        with Image.open(io.BytesIO(data)) as image:
            exif = _exif(image)
            turned = exif is not None and exif.get(_ORIENTATION, 1) in {5, 6, 7, 8}
            width, height = image.size[::-1] if turned else image.size
            several = bool(getattr(image, "is_animated", False))
            seen = Picture(b"", Image.MIME[str(image.format)], width, height, several)
            texts = {str(key): _text(value) for key, value in image.info.items()}
            comment = exif.get_ifd(_EXIF).get(_USER_COMMENT) if exif else None
    except Exception:  # noqa: BLE001  (picture.py judges the picture itself)
        return seen, ()
    hints = (*_from_texts(texts), *read_parameters(_comment(comment), "EXIF UserComment"), *_from_xmp(texts))
    return seen, hints


def _exif(image: Image.Image) -> Image.Exif | None:
    """The EXIF data, where reading it does not decode the whole picture: for a PNG it might."""
    return None if image.format == "PNG" and "exif" not in image.info else image.getexif()


def read_parameters(text: str, field: str = "parameters") -> Iterator[Trace]:
    """The trace in a `parameters` text, where it is one."""
    if '"sui_image_params"' in text:
        found = re.search(r'"model":\s*"([^"]{1,200})"', text)
        over = '"initimage' in text.lower()
        yield Trace("SwarmUI", field, _maker(over), found and found.group(1), plain(text, 200))
    elif _STEPS.search(text):
        found = _MODEL.search(text)
        # A second pass over its own picture ("Hires") is still from words alone.
        over = "Denoising strength: " in text and "Hires" not in text
        yield Trace("AUTOMATIC1111", field, _maker(over), found and found.group(1).strip(), plain(text, 200))


def _from_texts(texts: Mapping[str, str]) -> Iterator[Trace]:
    yield from read_parameters(texts.get("parameters", ""))
    if '"class_type"' in (flow := texts.get("prompt", "")):
        found = _COMFY_MODEL.search(flow)
        yield Trace("ComfyUI", "prompt", _maker('"LoadImage' in flow), found and found.group(1))
    elif '"nodes"' in texts.get("workflow", ""):
        yield Trace("ComfyUI", "workflow", Maker.AI)
    for field, tool in (
        ("invokeai_metadata", "InvokeAI"),
        ("sd-metadata", "InvokeAI"),
        ("fooocus_scheme", "Fooocus"),
    ):
        if field in texts:
            over = re.search(r'"(?:type|generation_mode)":\s*"[a-z_]*img2img', texts[field]) is not None
            yield Trace(tool, field, _maker(over))
    if texts.get("Software", "").startswith("NovelAI"):
        yield Trace("NovelAI", "Software", _maker('"strength"' in texts.get("Comment", "")))


def _from_xmp(texts: Mapping[str, str]) -> Iterator[Trace]:
    for key in ("xmp", "XML:com.adobe.xmp"):
        found = _XMP_SOURCE.search(texts.get(key, ""))
        if found:
            try:
                maker = SourceType.parse(found.group(1)).maker
            except StatementError:
                maker = Maker.UNKNOWN
            yield Trace("IPTC", f"XMP DigitalSourceType {found.group(1)}", maker)
            return


def _maker(over: bool) -> Maker:
    return Maker.AI_ASSISTED if over else Maker.AI


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value[:LONGEST].decode("utf-8", "replace")
    return value[:LONGEST] if isinstance(value, str) else ""


def _comment(value: object) -> str:
    """EXIF UserComment: eight bytes of encoding, then the text."""
    if not isinstance(value, bytes):
        return _text(value)
    if value.startswith(b"UNICODE"):
        # The byte order is not stated; Latin text shows it by where its zeros are.
        order = "utf-16-le" if value[9:10] == b"\0" else "utf-16-be"
        return value[8 : 8 + LONGEST].decode(order, "replace")
    return _text(value[8:])
