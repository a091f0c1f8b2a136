"""A second mixed delivery, by other hands than the first: other names, containers and forms; its truth written first.

Vendors who name files in four writings, programs whose forms the first delivery has not, text that only looks like
theirs, words that contradict each other, sidecars, archives in archives, links, and files that are no pictures at all.
"""

import io
import json
import os
import random
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
from delivery_samples import AI, ALTERED, ASSISTED, HUMAN, UNKNOWN, Delivery, SceneFilm, Truth, encoded, scene
from foreign_manifests import action, actions, assertion, foreign
from generator_samples import CODE, RDF, png
from PIL import Image, TiffImagePlugin
from PIL.PngImagePlugin import PngInfo

from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.release import record
from provenance.statement.credit import parse_credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType, Stage

HOUSES = ("Østen & Fils", "美術スタジオ雪", "حبر", "Студия-7", "studio with spaces and (brackets)")
ASK, LOOK = ("unknown",), ("unchecked",)
NOBODY = Truth(UNKNOWN, ASK)
BROKEN = Truth(UNKNOWN, LOOK)
Found = Iterator[tuple[str, bytes, Truth]]

# -- the texts of programs, as their sources write them

_LINE = "a mill by the river\nNegative prompt: people\n"
ONE_TEXT = {
    "sd.cpp": (
        _LINE + "Steps: 30, CFG scale: 5.000000, Guidance: 3.500000, Eta: 0.000000, Seed: 197583933, Size: 512x512, "
        "Model: v1-5-pruned-emaonly.safetensors, RNG: cuda, Sampler: dpm++2mv2 karras, Version: stable-diffusion.cpp",
        AI,
    ),
    "civitai": (
        _LINE + "Steps: 25, Sampler: DPM++ 2M Karras, CFG scale: 4, Seed: 88, Size: 832x1216, Clip skip: 2, "
        'Created Date: 2026-08-01T10:00:00.000Z, Civitai resources: [{"type":"checkpoint","modelVersionId":290640}], '
        "Civitai metadata: {}",
        AI,
    ),
    "adetailer": (
        _LINE + "Steps: 28, Sampler: Euler a, Schedule type: Karras, CFG scale: 6, Seed: 5, Size: 768x512, "
        'Model hash: 6ce0161689, Model: sdxl, ADetailer model: face_yolov8n.pt, ADetailer prompt: "a face, Steps: 3", '
        "ADetailer denoising strength: 0.4, Version: v1.10.1",
        AI,
    ),
    "template": (
        "Steps: the stairs of a temple\nNegative prompt: fog\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 1, "
        "Size: 640x360, Model: m, Denoising strength: 0.61\nTemplate: {a|b} temple",
        ASSISTED,
    ),
    "mflux": (json.dumps({"mflux_version": "0.18.0", "model": "dev", "seed": 3, "steps": 20, "image_path": None}), AI),
    "mflux-over": (
        json.dumps({"mflux_version": "0.18.0", "model": "dev", "seed": 3, "steps": 20, "image_path": "in.png"}),
        ASSISTED,
    ),
    "swarm": (
        json.dumps(
            {
                "sui_image_params": {"prompt": "a mill", "model": "flux1-dev", "seed": 4, "swarm_version": "0.9"},
                "sui_extra_data": {"date": "2026-09-01", "generation_time": "8 sec"},
            }
        ),
        AI,
    ),
    "label": (json.dumps({"AIGC": {"Label": "1", "ContentProducer": "x", "ProduceID": "y"}}), AI),
}  # fmt: skip
_FLUX = json.dumps(
    {
        "5": {"class_type": "EmptySD3LatentImage", "inputs": {"width": 1024}},
        "13": {
            "class_type": "SamplerCustomAdvanced",
            "inputs": {"latent_image": ["5", 0], "guider": ["22", 0]},
        },
        "22": {"class_type": "BasicGuider", "inputs": {"model": ["12", 0]}},
        "12": {"class_type": "UNETLoader", "inputs": {"unet_name": "flux1-dev.safetensors"}},
    }
)
_BY_API = json.dumps(
    {
        "1": {"class_type": "LoadImage", "inputs": {"image": "layout.png"}},
        "2": {"class_type": "GeminiImageNode", "inputs": {"prompt": "snow", "images": ["1", 0]}},
        "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0]}},
    }
)
_ENLARGED = json.dumps(
    {
        "1": {"class_type": "LoadImage", "inputs": {"image": "layout.png"}},
        "2": {"class_type": "ImageScaleBy", "inputs": {"image": ["1", 0]}},
        "3": {"class_type": "SaveImage", "inputs": {"images": ["2", 0]}},
    }
)
_INVOKE = {
    "generation_mode": "flux_txt2img", "positive_prompt": "a mill", "width": 1024, "seed": 9, "steps": 30,
    "model": {"key": "k", "hash": "blake3:1", "name": "FLUX.1 schnell", "base": "flux", "type": "main"},
    "app_version": "6.12.0",
}  # fmt: skip
PNG_FORMS = {
    "comfy-flux": ({"prompt": _FLUX}, AI),
    "comfy-api": ({"prompt": _BY_API}, ASSISTED),
    "comfy-enlarged": ({"prompt": _ENLARGED}, UNKNOWN),
    "invoke-6": ({"invokeai_metadata": json.dumps(_INVOKE)}, AI),
    "invoke-inpaint": (
        {"invokeai_metadata": json.dumps({**_INVOKE, "generation_mode": "sdxl_inpaint"})},
        ASSISTED,
    ),
    "midjourney": (
        {
            "Author": "u",
            "Description": "a mill --ar 16:9 --v 7 Job ID: 7b6cdd8f-1c2d-4e3f-8a9b-0c1d2e3f4a5b",
            "XMP": RDF.format(
                attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}trainedAlgorithmicMedia"', elements=""
            ),
        },
        AI,
    ),
    "forged-hand": (
        {"XMP": RDF.format(attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}digitalCreation"', elements="")},
        UNKNOWN,
    ),
}
LOOKALIKES = (
    {"parameters": "Steps: 3, Sampler: no, it was brushed"},
    {"Comment": "Seed: sunflower. Sampler: embroidery. Steps: see page 4"},
    {"Software": "Adobe Photoshop 2026 (Firefly panel not used)"},
    {"Description": "Job ID: 4471, cut 12, take 3"},
    {"prompt": "Paint the house first"},
    {
        "workflow": json.dumps(
            {"nodes": [{"type": "n8n-nodes-base.start", "typeVersion": 1}], "connections": {}}
        )
    },
    {"Dream": "I dreamt of -s 50 houses"},
    {"AIGC": json.dumps({"Label": "0"})},
    {"Comment": json.dumps({"seed": 7, "steps": 3, "sampler": "by ear", "for": "a song"})},
    {"XMP": RDF.format(attributes='Iptc4xmpExt:AISystemUsed="N/A"', elements="")},
    {"XMP": RDF.format(attributes='xmp:CreatorTool="Clip Studio Paint 3.1"', elements="")},
    {"Source": "NovelAI is a word in this note"},
    {"sd-metadata": json.dumps({"card": "SanDisk", "image": 12})},
)
_AI_XMP = RDF.format(attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}trainedAlgorithmicMedia"', elements="")
_OVER_XMP = RDF.format(
    attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}compositeWithTrainedAlgorithmicMedia"', elements=""
)
_HAND_XMP = RDF.format(attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}digitalCapture"', elements="")
_NO_XMP = RDF.format(attributes='Iptc4xmpExt:AISystemUsed="none"', elements="")


# -- containers


def _with_comment(kind: str, text: str, picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + text.encode("utf-16-be")
    return encoded(picture, kind, exif=exif.tobytes())


def _tiff(text: str, picture: Image.Image) -> bytes:
    """The packet in tag 700, in a TIFF of several strips."""
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[700] = text.encode()
    return encoded(picture, "TIFF", tiffinfo=tags, compression="tiff_lzw")


def _hidden(text: str, picture: Image.Image) -> bytes:
    """NovelAI's text in the lowest bits of the alpha channel, and no other."""
    body = zlib.compress(text.encode(), wbits=31)
    bits = "".join(f"{each:08b}" for each in b"stealth_pngcomp" + struct.pack(">I", 8 * len(body)) + body)
    high = picture.height
    alpha = Image.new("L", picture.size, 255)
    for number, bit in enumerate(bits):
        alpha.putpixel((number // high, number % high), 254 + int(bit))
    made = picture.convert("RGBA")
    made.putalpha(alpha)
    return encoded(made)


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def _jxl(text: str, *, packed: bool) -> bytes:
    """A JPEG XL of boxes, whose codestream nobody here reads, with an XMP packet as it is or packed by Brotli."""
    box = _box(b"brob", b"xml " + brotli.compress(text.encode())) if packed else _box(b"xml ", text.encode())
    begin = _box(b"JXL ", b"\r\n\x87\n") + _box(b"ftyp", b"jxl \0\0\0\0jxl ")
    return begin + box + _box(b"jxlc", b"\xff\x0a" + bytes(40))


def _moving(kind: str, seed: int) -> bytes:
    frames = [scene(seed + number) for number in range(3)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=80)


def _deep(seed: int, info: PngInfo | None = None) -> bytes:
    """16 bits of grey a pixel."""
    pick = random.Random(seed)
    wide, high = 64, 40
    values = struct.pack(f"<{wide * high}H", *(pick.randrange(65536) for _ in range(wide * high)))
    return encoded(Image.frombytes("I;16", (wide, high), values), pnginfo=info)


def _claims_to_be_huge(seed: int) -> bytes:
    head = struct.pack(">IIBBBBB", 200_000 + seed, 200_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + bytes(40)
    )


def _text_after_signing(signed: bytes, text: str) -> bytes:
    at = signed.index(b"IDAT") - 4
    body = b"tEXtComment\0" + text.encode("latin-1")
    return (
        signed[:at]
        + struct.pack(">I", len(body) - 4)
        + body
        + struct.pack(">I", zlib.crc32(body))
        + signed[at:]
    )


# -- what the vendors send


def deliver_second(archive: Archive, folder: Path, work: Path, rounds: int) -> Delivery:
    """So many rounds of about 75 files. `work` holds what is made on the way."""
    folder.mkdir(parents=True)
    work.mkdir(parents=True)
    made, film = Delivery(folder), SceneFilm(archive, work)
    for number in range(1, rounds + 1):
        where = f"{HOUSES[number % len(HOUSES)]}/カット{number:03}"
        for kind in (_signed, _unsigned, _foreign, _hard, _beside):
            for name, data, truth in kind(film, number * 1000, made, where):
                made.add(f"{where}/{name}", data, truth)
        _linked(made, where, number)
    _packed(made)
    return made


def _by(text: str) -> tuple:
    return (parse_credit(text),)


def _taken(film: SceneFilm, name: str, data: bytes, kind: SourceType, by: str) -> bytes:
    """The signed copy of a picture that people made, in its own format."""
    path = film.folder / name
    path.write_bytes(data)
    job = Job(
        _by(by), film.folder / f"signed-{name}", project=Project("Snow Station", "2", name.partition(".")[0])
    )
    return record(film.archive, path, job, source_type=kind).path.read_bytes()


def _signed(film: SceneFilm, seed: int, made: Delivery, where: str) -> Found:
    """Ours, in each container, and what happens to it on the way."""
    first = film.layout("layout: Nguyễn Thị Ánh", shot=f"c{seed}")
    second = film.paint(first.path, "prompt: Søren Ø", shot=f"c{seed}")
    last = film.retouch(second.path, "retouch: 山田 花子", shot=f"c{seed}", stage=Stage.FINAL)
    whole = last.path.read_bytes()
    yield "原図.png", first.path.read_bytes(), Truth(HUMAN)
    yield "完成 \u202egnp.png", whole, Truth(ASSISTED, why="a name that runs from right to left")
    yield "x" * 180 + ".png", second.path.read_bytes(), Truth(ASSISTED)
    yield "wrong-ending.jpg", whole, Truth(ASSISTED, why="a PNG by its bytes")
    yield "no-ending", whole, Truth(ASSISTED)
    yield "appended.png", whole + b"one more line", Truth(ALTERED, ("altered",))
    yield "noted.png", _text_after_signing(whole, "checked by QC"), Truth(ALTERED, ("altered",))
    with Image.open(second.path) as picture:
        plain = picture.convert("RGB")
    yield (
        "stripped.tif",
        encoded(plain, "TIFF", compression="tiff_lzw"),
        Truth(ASSISTED, why="the same pixels"),
    )
    yield "stripped.webp", encoded(plain, "WEBP", lossless=True), Truth(ASSISTED, why="the same pixels")
    yield "stripped.bmp", encoded(plain, "BMP"), Truth(ASSISTED, why="the same pixels")
    yield "smaller.png", encoded(plain.resize((160, 90))), NOBODY
    yield "cropped.png", encoded(plain.crop((20, 20, 300, 160))), NOBODY
    yield (
        "relabelled.png",
        png({"XMP": _HAND_XMP}, plain),
        Truth(ASSISTED, ("conflict",), "the ledger has its pixels"),
    )
    for name, kind in (
        ("photo.jpg", "JPEG"),
        ("painted.webp", "WEBP"),
        ("scan.tif", "TIFF"),
        ("sky.avif", "AVIF"),
    ):
        data = encoded(scene(seed + len(name)), kind)
        taken = _taken(film, f"{seed}-{name}", data, SourceType.DIGITAL_CREATION, "background: Zoë Brontë")
        yield f"signed-{name}", taken, Truth(HUMAN)
    yield (
        "cmyk.jpg",
        _taken(
            film,
            f"{seed}-cmyk.jpg",
            encoded(scene(seed + 30).convert("CMYK"), "JPEG"),
            SourceType.PRINT,
            "layout: Ö",
        ),
        Truth(HUMAN),
    )
    yield (
        "deep.png",
        _taken(film, f"{seed}-deep.png", _deep(seed), SourceType.DIGITAL_CREATION, "layout: Ö"),
        Truth(HUMAN),
    )
    yield (
        "elsewhere.png",
        _taken(
            film,
            f"{seed}-ai.png",
            encoded(scene(seed + 31)),
            SourceType.TRAINED_ALGORITHMIC_MEDIA,
            "prompt: Ö",
        ),
        Truth(AI),
    )


def _unsigned(film: SceneFilm, seed: int, made: Delivery, where: str) -> Found:
    """Text of programs, each in the container whose turn it is, and text that only looks like it."""
    kinds: list[tuple[str, Callable[[str, Image.Image], bytes]]] = [
        ("p.png", lambda text, picture: png({"parameters": text}, picture)),
        ("j.jpg", lambda text, picture: _with_comment("JPEG", text, picture)),
        ("w.webp", lambda text, picture: _with_comment("WEBP", text, picture)),
        ("a.avif", lambda text, picture: _with_comment("AVIF", text, picture)),
        ("c.jpg", lambda text, picture: _with_comment("JPEG", text, picture.convert("CMYK"))),
        ("h.png", _hidden),
    ]
    for number, (name, (text, answer)) in enumerate(ONE_TEXT.items()):
        ending, put = kinds[(seed // 1000 + number) % len(kinds)]
        yield f"{name} {ending}", put(text, scene(seed + 40 + number)), Truth(answer)
    for number, (name, (fields, answer)) in enumerate(PNG_FORMS.items()):
        truth = NOBODY if answer == UNKNOWN else Truth(answer)
        yield f"{name}.png", png(fields, scene(seed + 60 + number), after=seed // 1000 % 2 == 1), truth
    for number in range(4):
        fields = LOOKALIKES[(seed // 1000 * 4 + number) % len(LOOKALIKES)]
        yield f"hand {number}.png", png(fields, scene(seed + 80 + number)), NOBODY
    yield "tag700.tif", _tiff(_OVER_XMP, scene(seed + 90)), Truth(ASSISTED)
    yield (
        "both.png",
        png({"XMP": _HAND_XMP, "parameters": ONE_TEXT["sd.cpp"][0]}, scene(seed + 91)),
        Truth(AI, ("conflict",), "unsigned text says both"),
    )
    info = PngInfo()
    info.add_text("parameters", ONE_TEXT["civitai"][0])
    yield "deep-ai.png", _deep(seed + 92, info), Truth(AI)
    for packed in (True, False):
        yield (
            f"boxes-{packed}.jxl",
            _jxl(_OVER_XMP, packed=packed),
            Truth(ASSISTED, LOOK, "its text is read, its pixels are not"),
        )


def _foreign(film: SceneFilm, seed: int, made: Delivery, where: str) -> Found:
    """Credentials of signers whom this archive does not know."""
    ai, hand, over = "trainedAlgorithmicMedia", "digitalCreation", "compositeWithTrainedAlgorithmicMedia"
    title = {"title": f"shot {seed}"}
    yield "f-over.png", foreign({**title, "assertions": [actions(action("created", over))]}), Truth(ASSISTED)
    yield "f-art.png", foreign({**title, "assertions": [actions(action("created", "digitalArt"))]}), NOBODY
    yield (
        "f-photo.png",
        foreign({**title, "assertions": [actions(action("created", "digitalCapture"))]}),
        Truth(UNKNOWN, ("unnamed", "unknown"), "an unknown signer vouches for nothing"),
    )
    yield (
        "f-fill.png",
        foreign({**title, "assertions": [actions(action("created", hand), action("edited", over))]}),
        Truth(ASSISTED, ("unnamed",), "a hand is stated and nobody named"),
    )
    told = foreign(
        {**title, "assertions": [actions(action("created", ai)), assertion("org.x.note", words="hi")]}
    )
    yield "f-ai.png", told, Truth(AI)
    broken = bytearray(told)
    broken[broken.rindex(b"IDAT") + 30] ^= 4
    yield "f-broken.png", bytes(broken), Truth(ALTERED, ("altered",))
    with Image.open(io.BytesIO(told)) as picture:
        yield "f-stripped.png", encoded(picture.convert("RGB")), NOBODY


def _hard(film: SceneFilm, seed: int, made: Delivery, where: str) -> Found:
    """What is no whole picture, or none that is read here."""
    yield "nothing.png", b"", BROKEN
    yield "nothing.jpg", b"", BROKEN
    yield "huge.png", _claims_to_be_huge(seed), BROKEN
    yield "half.jpg", encoded(scene(seed + 1), "JPEG")[:2000], BROKEN
    yield "not really.png", b"this is a text\n", BROKEN
    yield "layers.psd", b"8BPS\0\1" + bytes(30), BROKEN
    yield "plate.exr", b"v/1\1" + bytes(60), BROKEN
    yield "moving.webp", _moving("WEBP", seed + 2), NOBODY
    yield "moving.gif", _moving("GIF", seed + 5), NOBODY
    yield (
        "moving.png",
        _moving("PNG", seed + 8),
        Truth(UNKNOWN, ASK, "its first picture is that of signed-scan.tif; nothing is known of the others"),
    )
    yield ".hidden.png", encoded(scene(seed + 12)), BROKEN
    yield "one.png", encoded(Image.new("RGB", (1, 1), (seed % 256, 1, 2))), NOBODY
    yield "palette.png", encoded(scene(seed + 13).quantize(32)), NOBODY
    yield "grey.tif", encoded(scene(seed + 14).convert("L"), "TIFF"), NOBODY


def _beside(film: SceneFilm, seed: int, made: Delivery, where: str) -> Found:
    """Files that belong to others: what a program wrote beside a picture."""
    home = made.folder / where

    def put(name: str, text: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")

    put("s1.png.xmp", _AI_XMP)
    yield "s1.png", encoded(scene(seed + 21)), Truth(AI, why="by the XMP beside it")
    put("s2.xmp", _OVER_XMP)
    yield "s2.tif", encoded(scene(seed + 22), "TIFF"), Truth(ASSISTED, why="by the XMP beside it")
    put("s3.jpg.xmp", _NO_XMP)
    yield "s3.jpg", encoded(scene(seed + 23), "JPEG"), NOBODY
    put("s4.xmp", _AI_XMP)
    yield "s4.png", encoded(scene(seed + 24)), NOBODY
    yield "s4.jpg", encoded(scene(seed + 24), "JPEG"), NOBODY
    put("s5.png.xmp", _AI_XMP)
    yield (
        "s5.png",
        film.layout("layout: Ö").path.read_bytes(),
        Truth(UNKNOWN, ("conflict",), "signed as drawn by hand, and the file beside it says AI"),
    )
    put("s6.png.xmp", "<x:xmpmeta no end")
    yield "s6.png", encoded(scene(seed + 26)), NOBODY


def _linked(made: Delivery, where: str, number: int) -> None:
    home = made.folder / where
    (home / "latest.png").symlink_to("原図.png")
    made.truth[f"{made.folder.name}/{where}/latest.png"] = BROKEN
    (home / "notes.txt").write_text("c001: snow\n")
    (home / ".DS_Store").write_bytes(bytes(12))
    if number == 1:
        os.link(home / "原図.png", home / "原図 (copy).png")
        made.truth[f"{made.folder.name}/{where}/原図 (copy).png"] = Truth(HUMAN)


def _packed(made: Delivery) -> None:
    """Archives: of several writings, with sidecars, with an archive in them."""
    place = made.folder / "packed"
    place.mkdir()
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as nested:
        nested.writestr("deep.png", encoded(scene(1)))
    with zipfile.ZipFile(place / "all.zip", "w") as outer:
        outer.writestr("inner.zip", inner.getvalue())
        outer.writestr("s.png", encoded(scene(2)))
        outer.writestr("s.png.xmp", _AI_XMP)
        outer.writestr("t.png", encoded(scene(3)))
        outer.writestr("t.xmp", _OVER_XMP)
        outer.writestr("alone.xmp", _AI_XMP)
        outer.writestr("../out.png", encoded(scene(4)))
    with tarfile.open(place / "more.tar.gz", "w:gz") as tape:
        for name, data in (("背景/u.png", encoded(scene(5))), ("背景/u.png.xmp", _AI_XMP.encode())):
            about = tarfile.TarInfo(name)
            about.size = len(data)
            tape.addfile(about, io.BytesIO(data))
    home = f"{made.folder.name}/packed"
    made.truth |= {
        f"{home}/all.zip/inner.zip": BROKEN,
        f"{home}/all.zip/s.png": Truth(AI, why="by the XMP beside it"),
        f"{home}/all.zip/t.png": Truth(ASSISTED, why="by the XMP beside it"),
        f"{home}/all.zip/../out.png": NOBODY,
        f"{home}/more.tar.gz/背景/u.png": Truth(AI, why="by the XMP beside it"),
    }
