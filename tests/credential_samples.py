"""Pictures, statements and a signer for the tests of the credentials, and ways to damage what was signed."""

import io
import struct
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

from provenance.credentials.identity.authorities import trust_in_files
from provenance.credentials.identity.identity import Identity, open_identity
from provenance.credentials.identity.trust import Trust
from provenance.credentials.sign.disclosure import USUAL, Publication
from provenance.credentials.sign.ingredients import EntryRef, Source
from provenance.credentials.sign.manifest import Order, Signed, embed
from provenance.errors import PictureError
from provenance.media.picture import encode, open_picture, resource
from provenance.settings import Limits, Settings
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit, Role, parse_credit
from provenance.statement.json_value import Json
from provenance.statement.statement import Input, InputRole, ModelUse, Prompt, Resource, Software, Statement
from provenance.statement.vocabulary import Disclosure, Relation, SourceType, Step

FORMATS = ("image/png", "image/jpeg", "image/webp", "image/tiff", "image/avif")
GENZU = Software("Genzu", "0.1.0")
ENTRY = EntryRef("genzu/0123456789abcdef", 7, "ab" * 32)
AT = datetime(2026, 11, 23, 13, tzinfo=UTC)
MODEL = ModelUse(
    "house", "house", "unpinned", "CC BY-SA 4.0", "OpenMoji 17, every author credited", Digest.of(b"weights")
)

KINDS = (
    "record",
    "paint",
    "retouch",
    "paint over an unsigned layout",
    "paint from words",
    "paint, prompt as a digest",
    "record of a signed file",
    "paint with a mask",
    "paint with a label",
    "record with references",
    "retouch with references",
)
NIGHT = Prompt("night sky, snow", "text")


@lru_cache
def signer(name: str = "Genzu", place: str = "a") -> Identity:
    """A signing identity made once; another `place` is somebody else, who may bear the same name."""
    home = Path(tempfile.mkdtemp(prefix=f"signer-{place}-"))
    return open_identity(Settings(home=home, signer_name=name))


@lru_cache
def trust() -> Trust:
    return trust_in_files([], signer())


def drawing(seed: int = 0, size: tuple[int, int] = (64, 48)) -> Image.Image:
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    ImageDraw.Draw(picture).line((seed % size[0], 0, size[0] - 1, size[1] - 1), fill=(200, 30, 30), width=3)
    return picture


def file(media_type: str = "image/png", seed: int = 0, size: tuple[int, int] = (64, 48)) -> bytes:
    return encode(drawing(seed, size), media_type)


def described(data: bytes) -> Resource:
    """The resource of a picture; of bytes that no gate would let in, the digest alone."""
    try:
        return resource(open_picture(data, Limits()))
    except PictureError:
        return Resource(Digest.of(data), "image/png", len(data))


def source(
    data: bytes, role: InputRole = InputRole.LAYOUT, relation: Relation = Relation.PARENT, picture: str = ""
) -> Source:
    return Source(data, Input(role, relation, described(data), picture or None))


def record(
    data: bytes,
    media_type: str = "image/png",
    *,
    people: Sequence[Credit] = (Credit(Role.LAYOUT, "Mori Aoi"),),
    kind: SourceType = SourceType.DIGITAL_CREATION,
    identity: Identity | None = None,
    publication: Publication = USUAL,
    references: Sequence[bytes] = (),
) -> Signed:
    looked_at = tuple(source(each, InputRole.REFERENCE, Relation.INPUT) for each in references)
    given = tuple(each.input for each in looked_at)
    statement = Statement("pic-1", Step.RECORD, kind, GENZU, tuple(people), given)
    order = Order(statement, ENTRY, AT, looked_at, publication=publication)
    return embed(data, media_type, order, identity or signer())


def paint(
    parent: bytes | None,
    data: bytes,
    media_type: str = "image/png",
    *,
    prompt: Prompt = NIGHT,
    references: Sequence[bytes] = (),
    mask: bytes | None = None,
    label: str | None = None,
    entry: EntryRef = ENTRY,
    identity: Identity | None = None,
    tsa_url: str | None = None,
    people: Sequence[Credit] = (parse_credit("prompt: Abe Rin"), parse_credit("layout: Mori Aoi")),
    parameters: dict[str, str | int | float | bool | None] | None = None,
    publication: Publication = USUAL,
) -> Signed:
    sources = [source(parent, picture="pic-1")] if parent is not None else []
    sources += [source(each, InputRole.REFERENCE, Relation.INPUT) for each in references]
    sources += [source(mask, InputRole.MASK, Relation.INPUT)] if mask is not None else []
    kind = (
        SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
        if parent is not None
        else SourceType.TRAINED_ALGORITHMIC_MEDIA
    )
    statement = Statement(
        "pic-2",
        Step.PAINT,
        kind,
        GENZU,
        tuple(people),
        tuple(each.input for each in sources),
        prompt,
        MODEL,
        parameters if parameters is not None else {"strength": 0.6, "seed": 2**60, "steps": 8},
    )
    facts: dict[str, Json] = {"device": "cpu", "seconds": 1.5, **({"label": label} if label else {})}
    order = Order(statement, entry, AT, tuple(sources), facts, publication, tsa_url)
    return embed(data, media_type, order, identity or signer())


def retouch(
    parent: bytes,
    data: bytes,
    media_type: str = "image/png",
    *,
    identity: Identity | None = None,
    references: Sequence[bytes] = (),
) -> Signed:
    sources = [source(parent, InputRole.PARENT, picture="pic-2")]
    sources += [source(each, InputRole.REFERENCE, Relation.INPUT) for each in references]
    given = tuple(each.input for each in sources)
    statement = Statement(
        "pic-3", Step.RETOUCH, SourceType.HUMAN_EDITS, GENZU, (Credit(Role.RETOUCH, None),), given
    )
    return embed(data, media_type, Order(statement, ENTRY, AT, tuple(sources)), identity or signer())


@lru_cache
def every_kind(media_type: str) -> dict[str, bytes]:
    """One signed file of each kind that we write, in one format."""
    drawn = file(media_type)
    recorded = record(drawn, media_type).data
    painted = paint(recorded, file(media_type, 9), media_type, references=[drawn]).data
    retouched = retouch(painted, file(media_type, 20), media_type).data
    return {
        "record": recorded,
        "paint": painted,
        "retouch": retouched,
        "paint over an unsigned layout": paint(drawn, file(media_type, 5), media_type).data,
        "paint from words": paint(None, file(media_type, 5), media_type).data,
        "paint, prompt as a digest": paint(
            recorded,
            file(media_type, 6),
            media_type,
            prompt=Prompt("secret", disclosure=Disclosure.DIGEST),
            entry=EntryRef(ENTRY.ledger, 7, ENTRY.leaf_hash, "cd" * 32),
        ).data,
        "record of a signed file": record(retouched, media_type).data,
        "paint with a mask": paint(recorded, file(media_type, 7), media_type, mask=file(media_type, 8)).data,
        "paint with a label": paint(recorded, file(media_type, 15), media_type, label="ja").data,
        "record with references": record(
            file(media_type, 11), media_type, references=[painted, file(media_type, 12)]
        ).data,
        "retouch with references": retouch(
            painted, file(media_type, 13), media_type, references=[recorded, file(media_type, 14)]
        ).data,
    }


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        yield data[at + 4 : at + 8], data[at : at + 12 + length]
        at += 12 + length


def png_chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def with_good_checksums(data: bytes) -> bytes:
    """The PNG with its CRCs recomputed: the work of somebody who edits on purpose."""
    chunks = [png_chunk(kind, raw[8:-4]) for kind, raw in png_chunks(data)]
    return data[:8] + b"".join(chunks)


def with_other_pixels(data: bytes) -> bytes:
    damaged = bytearray(data)
    damaged[-60] ^= 1
    return with_good_checksums(bytes(damaged))


def edited(data: bytes, old: bytes, new: bytes, which: int = 0) -> bytes:
    """One occurrence of some bytes replaced by others of the same length."""
    at = -1
    for _ in range(which + 1):
        at = data.index(old, at + 1)
    return with_good_checksums(data[:at] + new + data[at + len(old) :])


def repainted(data: bytes, seed: int = 31) -> bytes:
    """Other pixels under the same credentials."""
    credentials = next(raw for kind, raw in png_chunks(data) if kind == b"caBX")
    other = file("image/png", seed)
    return other[:33] + credentials + other[33:]


def reencoded(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return encode(image.convert("RGB"), "image/png")
