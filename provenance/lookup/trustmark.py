"""TrustMark, the open watermark on the C2PA's list: other people's detectors read it, and theirs is read here.

An extra, ``pip install 'genzu[trustmark]'``. Its weights are its maker's, about 65 MB on its maker's site; they are
fetched when somebody says so and not before (`genzu detect --fetch-trustmark`), and held against the digests in the
package.

It carries 100 bits: a payload, bits that mend wrong ones, and by which schema. So a code can be read where none is: if
the bits of an unmarked picture are as good as random, this happens as often as `by_chance` says. A code that stands in
a record of ours is told as that record's.

>>> value_of("pic-1")[:12], len(value_of("pic-1"))
('2*0110110010', 70)
"""

import contextlib
import hashlib
import io
import urllib.request
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image

from provenance.errors import IndexTrouble, why
from provenance.storage.atomic import save

FACT = "trustmark"  # of a released painting: its value, as the soft binding has it
VARIANT, SCHEMA, BITS = "P", 2, 68
FILES = ("trustmark_P.yaml", "encoder_P.ckpt", "decoder_P.ckpt")
INSTALL = "pip install 'genzu[trustmark]'"
NOT_HERE = "TrustMark's weights are not here: they have to be fetched first"
PATIENCE = 60.0  # seconds without a byte
# Of each schema: of how many unmarked pictures one seems to carry a code, if bits are random: the packets of 96 bits
# that its error correction mends, one in 2 ** (bits of error correction), and a quarter of all for the schema itself.
_MENDED = {0: (8, 56), 1: (5, 35), 2: (4, 28), 3: (3, 21)}


def why_not() -> str:
    """Why TrustMark can neither be read nor written here; "" where it can."""
    if find_spec("trustmark") is None:
        return f"TrustMark is not installed ({INSTALL})"
    lacking = [name for name in FILES if not (_folder() / name).is_file()]
    if lacking:
        return NOT_HERE
    return _trouble()


def value_of(picture: str) -> str:
    """What a painting of this id carries: the schema and 68 bits, as C2PA's soft binding writes them."""
    drawn = int.from_bytes(hashlib.sha256(f"genzu trustmark 1 {picture}".encode()).digest(), "big") >> (
        256 - BITS
    )
    return f"{SCHEMA}*{drawn:0{BITS}b}"


def by_chance(value: str) -> int:
    """Of how many pictures without a mark one seems to carry a code of this schema."""
    from math import comb

    wrong, mending = _MENDED[int(value.partition("*")[0])]
    mended = sum(comb(96, each) for each in range(wrong + 1))
    return round(4 * float(2**mending) / mended)


def read_in(image: Image.Image) -> str:
    """The code in a picture (RGB), as `value_of` writes it; "" where none is read. IndexTrouble where it cannot be."""
    bits, found, schema = _loaded().decode(image.convert("RGB"), MODE="binary")
    return f"{schema}*{bits}" if found else ""


def with_code(image: Image.Image, value: str) -> Image.Image:
    """A copy of the picture (RGB) that carries the code."""
    marked: Image.Image = _loaded().encode(image.convert("RGB"), value.partition("*")[2], MODE="binary")
    return marked


def fetch() -> None:
    """Fetches the weights that are missing from TrustMark's maker. IndexTrouble where that fails or they are others."""
    if find_spec("trustmark") is None:
        raise IndexTrouble(f"TrustMark is not installed ({INSTALL})")
    package = _package()
    for name in FILES:
        path = _folder() / name
        if path.is_file():
            continue
        try:
            # The address is the package's own, and https.
            with urllib.request.urlopen(package.MODEL_REMOTE_HOST + name, timeout=PATIENCE) as answer:  # noqa: S310
                data = answer.read()
            # MD5 is what the package gives; it is a check against accidents.
            if hashlib.md5(data, usedforsecurity=False).hexdigest() != package.MODEL_CHECKSUMS[name]:
                raise IndexTrouble(
                    f"{name} is not the file that the package trustmark names; nothing was kept"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            save(path, data)
        except OSError as error:
            raise IndexTrouble(f"TrustMark's weights could not be fetched: {why(error)}") from error


def _folder() -> Path:
    """Where the package looks for its weights."""
    found = find_spec("trustmark")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "models"


def _package() -> Any:
    try:
        return import_module("trustmark.trustmark")
    except Exception as error:  # a package of another torch breaks in any way it likes
        raise IndexTrouble(f"TrustMark is installed and does not load here: {error}") from error


def _trouble() -> str:
    try:
        _loaded()
    except IndexTrouble as error:
        return str(error)
    return ""


@cache
def _loaded() -> Any:
    """The encoder and the decoder, loaded once. The package tells its progress on the standard output: not here."""
    package = _package()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            mark = package.TrustMark(
                verbose=False,
                model_type=VARIANT,
                encoding_type=package.TrustMark.Encoding.BCH_4,
                loadRemover=False,
                device="cpu",
            )
    except Exception as error:
        raise IndexTrouble(f"TrustMark's weights do not load here: {error}") from error
    if mark.encoder is None or mark.decoder is None:
        raise IndexTrouble("TrustMark's weights do not load here: they have to be fetched again")
    return mark
