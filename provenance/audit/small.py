"""The small pictures of a report: of each file, of what a recorded one began from, and of what another looks like.

Drawn anew at a fixed small size, so that a report never hands on a stranger's bytes, nor a picture in full.
"""

import base64
import io
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from provenance.errors import NotRecorded, ProvenanceError
from provenance.ledger.ancestry import ancestry
from provenance.lookup.likeness import Likeness
from provenance.media.formats import DECODED
from provenance.media.picture import open_picture, pixels
from provenance.settings import Limits
from provenance.statement.statement import Input, InputRole
from provenance.statement.vocabulary import Step
from provenance.storage.vault import Vault

if TYPE_CHECKING:
    from provenance.ledger.any_ledger import AnyLedger
    from provenance.ledger.store.records import PictureRecord

SIDE = (192, 128)  # pixels
LAYOUTS = 2  # of one picture
_QUALITY = 68


def small_picture(source: Path | bytes, limits: Limits) -> str:
    """The picture as a `data:` address; "" where it cannot be shown."""
    try:
        data = source.read_bytes() if isinstance(source, Path) else source
        image = _drafted(data, limits) or pixels(open_picture(data, limits, layered=True))
    except (OSError, ProvenanceError):
        return ""
    image.thumbnail(SIDE, Image.Resampling.BILINEAR, reducing_gap=2.0)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"


def _drafted(data: bytes, limits: Limits) -> Image.Image | None:
    """A JPEG decoded at an eighth of its size, which takes a tenth of the time; None for all else."""
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=[each for each in DECODED if each == "JPEG"]) as image:
            if image.width * image.height > limits.pixels or image.getexif().get(0x0112, 1) != 1:
                return None
            image.draft("RGB", SIDE)
            return image.convert("RGB")
    except Exception:  # noqa: BLE001  (the gate for pictures says why, in words)
        return None


def layouts_of(record: "PictureRecord", ledger: "AnyLedger", vault: Vault, limits: Limits) -> list[str]:
    """What a recorded picture began from, where the vault has it."""
    found: list[str] = []
    for each in ancestry(ledger, record):
        for given in each.statement.inputs:
            if _begins(each, given, itself=each is record) and given.resource.digest in vault:
                found.append(small_picture(vault.path(given.resource.digest), limits))
        if len(found) >= LAYOUTS:
            break
    return [*dict.fromkeys(each for each in found if each)][:LAYOUTS]


def alike_of(found: Sequence[Likeness], ledger: "AnyLedger", vault: Vault, limits: Limits) -> str:
    """The recorded picture that a file looks like most; "" where there is none, or the vault does not have it."""
    for each in found[:1]:
        with suppress(NotRecorded):  # an index that was not made from this ledger
            output = ledger.picture(each.picture).output
            if output is not None and output.digest in vault:
                return small_picture(vault.path(output.digest), limits)
    return ""


def _begins(record: "PictureRecord", given: Input, *, itself: bool) -> bool:
    """Whether something was begun from this input: a drawing that was recorded, or a picture that no record has."""
    if given.role is InputRole.ORIGINAL:
        return record.statement.step is Step.RECORD and not itself
    return given.picture is None and given.role in {InputRole.LAYOUT, InputRole.PARENT}
