"""docs/credentials.md, printed by the program: it signs a small chain, reads it back, and damages it."""

import io
import json
import struct
import tempfile
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import c2pa
from PIL import Image, ImageDraw

from provenance.credentials.identity.authorities import trust_in_files
from provenance.credentials.identity.identity import Identity, open_identity
from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read.chain import Chain, ChainStep
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.disclosure import Publication, no_training, public_lines
from provenance.credentials.sign.ingredients import EntryRef, Source
from provenance.credentials.sign.manifest import Order, embed
from provenance.media.picture import encode, open_picture, resource
from provenance.settings import Limits, Settings
from provenance.statement.canonical import Digest
from provenance.statement.credit import NOT_NAMED, Credit, Role
from provenance.statement.statement import Input, InputRole, ModelUse, Prompt, Software, Statement
from provenance.statement.vocabulary import Relation, SourceType, Step

AT = datetime(2026, 11, 23, 13, tzinfo=UTC)
WISHES = Publication(wishes=no_training())
GENZU = Software("Genzu", "0.1.0")  # a fixed one, so that a release does not make this page stale
MODEL = ModelUse(
    "house", "house", "unpinned", "CC BY-SA 4.0", "OpenMoji 17, every author credited", Digest.of(b"weights")
)

INTRODUCTION = """# What a file says

Every picture that leaves Genzu carries Content Credentials (C2PA 2.4). This page is printed by the program: it signs a
layout, paints over it, has it revised by hand, and reads the result as `genzu inspect` does.
"""

BEFORE = """## What was told before painting

Shown to the person who paints, before anything is made:

"""
MANIFEST = """
## The painted picture's manifest

Word for word, with `…` in place of what differs each time.
"""
DAMAGE = """
## What damage reads as

| what was done | verdict | why, in the words that a painter sees |
|---|---|---|
"""
POLICY = """
## What never goes out

- Thumbnails and pixels of an input. An input is named by its SHA-256 and size, and brings its own credentials.
- File names (titles are neutral) and the folders of models on your disk.
- GPS and place, the camera's owner and serial numbers, maker notes, the host computer. They are blanked in EXIF, XMP
  and IPTC before signing, unless you ask to keep them (`--keep-private`). So are artist and copyright, if somebody
  asked not to be named or uses a pseudonym. Pixels, colour profile, orientation and 16-bit depth of a recorded file
  stay as they are, byte for byte.
- The prompt, if you choose so: it is there in full, as the ledger's salted commitment, or not at all.

`genzu paint`, `record` and `retouch` show the list above in a terminal before they start; `--dry-run` prints it and
stops, with nothing made or written. The page shows the same lines beside the form.

## What may be added

- A mask (`genzu paint --mask mask.png`, and on the page): an input of the run (`inputTo`), with its SHA-256 and size
  and no pixel. It is as large as the layout; black keeps the layout value for value, grey blends.
- Pictures that people looked at (`--reference photo.jpg` of `genzu record` and `retouch`, once for each): inputs in
  the same way, each with its own credentials.
- A LoRA (`genzu paint --lora ink.safetensors:0.8`) is an ingredient of its own: its file's SHA-256, its strength, and
  its author and licence as the file's header or a card beside it (`ink.json`) gives them. So are a ControlNet, an
  IP-Adapter, a depth estimator and a textual inversion.
- Pictures that a model is given besides the layout (`--reference`, `--style`, `--guide` of `genzu paint`): inputs with
  their own credentials, like pictures that people looked at. No pixel of them is in the file.
- An artist's own certificate (`--as-artist chain.pem,key.pem`): a CAWG X.509 identity over the credits. The library
  never calls such a certificate trusted, whatever roots it is given, so its readers say "Valid" instead of "Trusted".
  Ours names the artist among the people once their root was added with `genzu trust add root.pem --for identities`;
  until then the name is told as claimed.
- A visible label in a corner (`--label ja`), listed as an action of its own, `c2pa.addedText`.
- The faint mark in the pixels of what a model painted, unless it is off (`--no-mark`): the action
  `c2pa.watermarked.unbound`, and `org.genzu.mark` with its form, the ledger and the picture. With a TrustMark also
  `c2pa.watermarked.bound` and `c2pa.soft-binding`.
- A line of credit, another name for somebody, a wish about training.

## Where it is written

| container | credentials | IPTC 2025.1 as XMP | `parameters` text, on request |
|---|---|---|---|
| PNG | inside | yes | yes |
| JPEG, WebP, TIFF | inside | yes | no |
| TIFF of several pages | beside it, `<file>.c2pa` | yes | no |
| AVIF | inside | over a packet that is there, where it has room (what we paint has 8 kB) | no |
| anything else (PSD, SVG, PDF, EXR …) | beside it, `<file>.c2pa` | no | no |

A file that has an XMP packet keeps it, and the fields join it: makers are named beside those who are there, and a
source type that says AI stays. Where the packet cannot be read or has no room, that is said when it is signed.

`genzu record scene.psd … -o out/scene.psd` writes an unchanged copy and `out/scene.psd.c2pa`; `genzu inspect` and
`genzu audit` read the two together, in folders and in zip archives. Signed again, painted over or looked at, such a
file keeps its history. Genzu does not look into it: whatever it says about its maker stays in it, and it cannot be
found again by its pixels.

## Limits

- With a mask the model still sees the whole layout, and paints all of it unless `--fill` is given; where the mask is
  black, the result is the layout as it was scaled for the painting, not as it arrived.
- What people say they looked at is their word. If nobody states how a reference was made, the answer about the whole
  picture is "unknown". To avoid that, `genzu record` the reference first and name the signed copy. Nobody has to be
  asked before people look at a picture. The wishes of its makers are carried into the file, and their "no", about
  style too, stops a model later.
- Our digest of the pixels is not written as `c2pa.soft-binding`: it is not on the list of algorithms that this allows.
- A TIFF of several pages has its credentials beside it, in `<file>.c2pa`: with them inside, no other program could open
  it. Every signed file is read back by another program (Pillow), each picture in it, before it leaves.
- Anybody can remove credentials. A file without them says nothing about who or what made it.
- "Known signer" says who signed, not that it is true. "Intact" covers what was signed. Padding and some headers of a
  container are not signed (the ledger's digest of the whole file covers them).
- Of an earlier picture whose file is not at hand, nobody can check again that it fitted its credentials: that is the
  word of whoever signed the next step. Everything else in its credentials is checked each time.
- Without a time stamp (`GENZU_TSA_URL`) a signature counts as long as its certificate does: five years for our own.
  An authority that is down stops no picture. The ledger notes that a checkpoint waits for its stamp, and asks again
  with the next picture or `genzu ledger anchor`. `genzu inspect` then says by when the file was in the ledger.
- A time stamp that a later step carries for an earlier one (`c2pa.time-stamp`) does not count here, and one whose form
  breaks the rules of DER is told as not readable.
- Nothing is fetched unasked. Credentials kept on a server read as "could not check", and nobody is asked whether a
  certificate was withdrawn. `genzu inspect FILE --fetch HOST` asks that host for both, and no other, redirects
  included. Answers are limited in size and time. One answer, about certificates (OCSP), is read by the library, which
  limits its time (30 seconds) but not its size, and which asks about the file's own signer only.
"""


def page() -> str:
    """The whole page; the same text each time."""
    with tempfile.TemporaryDirectory() as folder:
        ours = open_identity(Settings(home=Path(folder) / "ours"))
        theirs = open_identity(Settings(home=Path(folder) / "theirs"))
        trust = trust_in_files([], ours)
        recorded = _signed(_statement(Step.RECORD, None), [], _picture(0), ours)
        before = _source(recorded, InputRole.LAYOUT)
        painting = _statement(Step.PAINT, before.input)
        painted = _signed(painting, [before], _picture(9), ours)
        before = _source(painted, InputRole.PARENT)
        final = _signed(_statement(Step.RETOUCH, before.input), [before], _picture(20), ours)
        impostor = _signed(painting, [_source(recorded, InputRole.LAYOUT)], _picture(9), theirs)
        parts = [
            INTRODUCTION,
            "\n## The chain, as it is read\n\n",
            *(_step(number, step) for number, step in enumerate(read_chain(final, trust=trust).steps, 1)),
            BEFORE,
            *(f"- {heading}: {words}\n" for heading, words in public_lines(painting, WISHES)),
            MANIFEST,
            *_assertions(painted),
            DAMAGE,
            _row("nothing", read_chain(final, trust=trust)),
            _row("a pixel was changed", read_chain(_with_other_pixels(final), trust=trust)),
            _row("the picture was saved anew", read_chain(_saved_anew(final), trust=trust)),
            _row("the file was cut off", read_chain(final[:-500], trust=trust)),
            _row("somebody else signed it, under our name", read_chain(impostor, trust=trust)),
            _row(
                "the painting was changed, then honestly retouched",
                read_chain(_retouched(_with_other_pixels(painted), ours), trust=trust),
            ),
            _row(
                "the credentials were taken off, then it was honestly retouched",
                read_chain(_retouched(_saved_anew(painted), ours), trust=trust),
            ),
            POLICY,
        ]
    return "".join(parts)


def _statement(step: Step, parent: Input | None) -> Statement:
    kinds = {
        Step.RECORD: (SourceType.DIGITAL_CREATION, (Credit(Role.LAYOUT, "Mori Aoi"),)),
        Step.PAINT: (
            SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
            (Credit(Role.LAYOUT, "Mori Aoi"), Credit(Role.PROMPT, "Abe Rin")),
        ),
        Step.RETOUCH: (SourceType.HUMAN_EDITS, (Credit(Role.RETOUCH, None),)),
    }
    kind, people = kinds[step]
    inputs = (parent,) if parent else ()
    if step is not Step.PAINT:
        return Statement(f"pic-{step.value}", step, kind, GENZU, people, inputs)
    asked: dict[str, str | int | float | bool | None] = {
        "strength": 0.6,
        "num_inference_steps": 8,
        "seed": "7",
    }
    prompt = Prompt("a house under the night sky, snow", "text")
    return Statement(f"pic-{step.value}", step, kind, GENZU, people, inputs, prompt, MODEL, asked)


def _signed(statement: Statement, sources: Sequence[Source], picture: bytes, identity: Identity) -> bytes:
    entry = EntryRef("genzu/0123456789abcdef", 7, "ab" * 32)
    order = Order(statement, entry, AT, tuple(sources), publication=WISHES)
    return embed(picture, "image/png", order, identity).data


def _retouched(painted: bytes, identity: Identity) -> bytes:
    before = _source(painted, InputRole.PARENT)
    return _signed(_statement(Step.RETOUCH, before.input), [before], _picture(20), identity)


def _source(data: bytes, role: InputRole) -> Source:
    opened = open_picture(data, Limits())
    return Source(data, Input(role, Relation.PARENT, resource(opened)))


def _picture(seed: int) -> bytes:
    image = Image.linear_gradient("L").resize((64, 48)).convert("RGB")
    ImageDraw.Draw(image).line((seed, 0, 63, 47), fill=(200, 30, 30), width=3)
    return encode(image, "image/png")


def _step(number: int, step: ChainStep) -> str:
    people = ", ".join(f"{each.role}: {each.name or NOT_NAMED}" for each in step.people)
    lines = [
        f"{number}. **{step.title}** · {step.maker.value} · {step.verdict.value}",
        f"   - source type `{(step.source_type or '').rsplit('/', 1)[-1]}`, actions `{', '.join(step.actions)}`",
        f"   - people: {people}",
        f"   - signed by {step.signer.name if step.signer else 'nobody'}",
    ]
    if step.prompt:
        lines.append(f"   - prompt: “{step.prompt}”, not: “{step.negative}”")
    lines += [
        f"   - model: {each['name']}, {each['license']}; trained on {each['training']}"
        for each in step.models
    ]
    if step.run:
        lines.append(
            f"   - settings: {', '.join(f'{name} {value}' for name, value in sorted(step.run.items()))}"
        )
    if step.record:
        lines.append(
            f"   - record: {step.record['picture']}, entry {step.record['entry']} of {step.record['ledger']}"
        )
    return "\n".join(lines) + "\n\n"


def _assertions(data: bytes) -> list[str]:
    with c2pa.Reader("image/png", io.BytesIO(data), context=context(Trust())) as reader:
        said = json.loads(reader.crjson())["manifests"][0]["assertions"]
    parts = []
    for label in (
        "c2pa.actions.v2",
        "cawg.metadata",
        "cawg.training-mining",
        "c2pa.ai-disclosure",
        "org.genzu.record",
    ):
        text = json.dumps(_masked(said[label]), indent=2, ensure_ascii=False, sort_keys=True)
        parts.append(f"\n`{label}`\n\n```json\n{text}\n```\n")
    return parts


def _masked(value: object) -> object:
    if isinstance(value, dict):
        return {name: "…" if name == "hash" else _masked(each) for name, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list) else value


def _row(done: str, chain: Chain) -> str:
    why = "; ".join(f"{each.words} (`{each.code}`)" for each in chain.reasons) or "–"
    return f"| {done} | {chain.verdict.value} | {why} |\n"


def _with_other_pixels(data: bytes) -> bytes:
    """One bit of the compressed pixels, with the checksum made good again."""
    at = data.index(b"IDAT")
    (length,) = struct.unpack_from(">I", data, at - 4)
    body = bytearray(data[at : at + 4 + length])
    body[-6] ^= 1
    return data[:at] + bytes(body) + struct.pack(">I", zlib.crc32(body)) + data[at + 8 + length :]


def _saved_anew(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return encode(image.convert("RGB"), "image/png")
