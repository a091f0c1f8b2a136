"""A mixed delivery with its truth: signed, stripped, tampered, foreign, unsigned, hand-made, broken, twice; by script.

The truth is written down with each file, before anything is looked at: its answer, and what somebody should act on.
"""

import io
import json
import random
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from film_chain import Film
from foreign_manifests import action, actions, foreign
from generator_samples import FORMS, GENERATORS, HUMAN_TEXTS, PLACES, png
from PIL import Image, ImageDraw

from provenance.release.archive import Archive
from provenance.statement.vocabulary import Maker, Stage

VENDORS = ("Studio Kita", "Atelier Sud", "背景工房", "Nordlys")
AI, ASSISTED, HUMAN = "AI-generated", "AI-assisted", "recorded as human-made"
ALTERED, UNKNOWN = "altered", "unknown"
_ANSWER = {Maker.AI: AI, Maker.AI_ASSISTED: ASSISTED}


@dataclass(frozen=True)
class Truth:
    """What is right to say of a file."""

    answer: str
    act: tuple[str, ...] = ()
    why: str = ""


@dataclass
class Delivery:
    """The folder, and the truth by a file's path in the report."""

    folder: Path
    truth: dict[str, Truth] = field(default_factory=dict)

    def add(self, path: str, data: bytes, truth: Truth) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.truth[f"{self.folder.name}/{path}"] = truth

    def save(self, out: Path) -> None:
        said = {
            path: {"answer": each.answer, "act": list(each.act), "why": each.why}
            for path, each in self.truth.items()
        }
        out.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def scene(seed: int, size: tuple[int, int] = (320, 180), *, drawing: bool = False) -> Image.Image:
    """A background: sky, hills, a house, snow; or its layout in lines."""
    pick = random.Random(seed)
    wide, high = size
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    hues = [tuple(pick.randrange(40, 225) for _ in range(3)) for _ in range(4)]
    for y in range(high if not drawing else 0):
        share = y / high
        pen.line(
            (0, y, wide, y),
            fill=tuple(int(a * (1 - share) + b * share) for a, b in zip(hues[0], hues[1], strict=True)),
        )
    far = [(x, high * 0.5 + pick.randrange(-high // 6, high // 6)) for x in range(0, wide + 40, 40)]
    at, roof = pick.randrange(wide // 2), pick.randrange(high // 3, high // 2)
    house = [(at, roof), (at + wide // 5, roof), (at + wide // 5, high * 0.8), (at, high * 0.8)]
    if drawing:
        pen.line(far, fill="black", width=2)
        pen.polygon(house, outline="black")
        pen.line([house[0], (at + wide // 10, roof - high // 8), house[1]], fill="black", width=2)
        return picture
    pen.polygon([*far, (wide, high), (0, high)], fill=hues[2])
    pen.polygon(house, fill=hues[3])
    pen.polygon([house[0], (at + wide // 10, roof - high // 8), house[1]], fill=(90, 50, 40))
    for _ in range(60):
        x, y = pick.randrange(wide), pick.randrange(high)
        pen.ellipse((x, y, x + 2, y + 2), fill="white")
    return picture


def encoded(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


class SceneFilm(Film):
    """A film whose drawings are scenes."""

    def draw(self, *, over: Path | None = None) -> Path:
        self._count += 1
        path = self.folder / f"drawn-{self._count}.png"
        scene(self._count * 7919, drawing=over is None).save(path)
        return path


def deliver(archive: Archive, folder: Path, work: Path, cuts: int) -> Delivery:
    """A delivery of so many cuts, about seven files each. `work` holds what is made on the way."""
    folder.mkdir(parents=True)
    work.mkdir(parents=True)
    made, film = Delivery(folder), SceneFilm(archive, work)
    recipes = _recipes(film)
    for number in range(1, cuts + 1):
        vendor = VENDORS[number % len(VENDORS)]
        for name, data, truth in _cut(film, f"c{number:03}"):
            made.add(f"{vendor}/c{number:03}/c{number:03}_{name}", data, truth)
        for _ in range(4):
            name, data, truth = next(recipes)
            made.add(f"{vendor}/c{number:03}/c{number:03}_{name}", data, truth)
    _archive_of(made)
    (folder / VENDORS[0] / "notes.txt").write_text("delivery 1\n")
    return made


def _cut(film: SceneFilm, shot: str) -> Iterator[tuple[str, bytes, Truth]]:
    """What every cut has: its layout, its final, and the final with its credentials stripped."""
    first = film.layout("layout: 森 あおい", shot=shot)
    second = film.paint(first.path, "prompt: Sato Hana", shot=shot)
    last = film.retouch(second.path, "retouch: Elin Lindqvist", shot=shot, stage=Stage.FINAL)
    yield "layout.png", first.path.read_bytes(), Truth(HUMAN)
    yield "bg_final.png", last.path.read_bytes(), Truth(ASSISTED)
    with Image.open(second.path) as picture:
        yield (
            "bg_stripped.png",
            encoded(picture.convert("RGB")),
            Truth(ASSISTED, why="the ledger has its pixels"),
        )


def _recipes(film: SceneFilm) -> Iterator[tuple[str, bytes, Truth]]:
    """Everything else that comes, over and over, each time another picture."""
    seed = 0
    while True:
        for name, form in FORMS.items():
            seed += 1
            answer = _ANSWER[form.maker]
            yield f"v{seed}_{name}.png", png(form.fields, scene(seed)), Truth(answer)
            if seed % 3 == 0 and form.whole_text:
                place = list(PLACES)[seed % len(PLACES)]
                yield f"v{seed}_{place}", PLACES[place](form.whole_text, scene(seed + 1)), Truth(answer)
            if seed % 2 == 0:
                yield from _others(film, seed)


def _others(film: SceneFilm, seed: int) -> Iterator[tuple[str, bytes, Truth]]:
    pick = seed // 2 % 12
    plain, unknown = scene(seed + 5000), Truth(UNKNOWN, ("unknown",))
    if pick == 0:
        yield f"v{seed}_photo.jpg", encoded(plain, "JPEG"), unknown
    elif pick == 1:
        texts = HUMAN_TEXTS[seed // 24 % len(HUMAN_TEXTS)]
        yield f"v{seed}_by-hand.png", png(texts, plain), unknown
    elif pick == 2:
        data = bytearray(film.layout("layout: 森 あおい").path.read_bytes())
        data[data.rindex(b"IDAT") + 40] ^= 1
        yield f"v{seed}_tampered.png", bytes(data), Truth(ALTERED, ("altered",))
    elif pick == 3:
        yield f"v{seed}_cut-off.png", encoded(plain)[:900], Truth(UNKNOWN, ("unchecked",))
    elif pick == 4:
        yield f"v{seed}_layers.xcf", b"gimp xcf v011\0" + bytes(200), Truth(UNKNOWN, ("unchecked",))
    elif pick == 5:
        data = foreign({"assertions": [actions(action("created", "trainedAlgorithmicMedia"))]})
        yield f"v{seed}_signed-ai.png", data, Truth(AI, why="a signer that we do not know; AI needs no more")
    elif pick == 6:
        data = foreign({"assertions": [actions(action("created", "digitalCreation"))]})
        yield (
            f"v{seed}_signed-hand.png",
            data,
            Truth(UNKNOWN, ("unnamed", "unknown"), "an unknown signer vouches for nothing"),
        )
    elif pick == 7:
        data = foreign(
            {
                "assertions": [
                    actions(action("created", "trainedAlgorithmicMedia"), action("edited", "humanEdits"))
                ]
            }
        )
        yield f"v{seed}_ai-and-hand.png", data, Truth(ASSISTED, ("unnamed",))
    elif pick == 8:
        with Image.open(film.layout("layout: 森 あおい").path) as picture:
            data = png(FORMS["a1111"].fields, picture.convert("RGB"))
        yield (
            f"v{seed}_contradiction.png",
            data,
            Truth(UNKNOWN, ("conflict",), "recorded by hand, and a generator's text"),
        )
    elif pick == 9:
        data = encoded(plain, "TIFF")
        yield f"v{seed}_once.tif", data, unknown
        yield f"v{seed}_twice.tif", data, unknown
    elif pick == 10:
        yield f"v{seed}_film.mp4", (GENERATORS / "comfy.mp4").read_bytes(), Truth(ASSISTED, ("unchecked",))
    else:
        with Image.open(
            film.paint(film.layout("layout: 森 あおい").path, "prompt: Sato Hana").path
        ) as picture:
            data = encoded(picture.convert("RGB"), "JPEG", quality=60)
        yield (
            f"v{seed}_resaved.jpg",
            data,
            Truth(UNKNOWN, ("unknown",), "its pixels are others now; what looks like it is no proof"),
        )


def _archive_of(made: Delivery) -> None:
    """A zip with copies of some files, and a member that is broken."""
    picked = [path for path in made.truth if path.endswith(("layout.png", "_a1111.png"))][:6]
    target = made.folder / "Nordlys" / "retakes.zip"
    target.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(target, "w") as inside:
        for path in picked:
            inside.write(made.folder.parent / path, Path(path).name)
            made.truth[f"{made.folder.name}/Nordlys/retakes.zip/{Path(path).name}"] = made.truth[path]
        inside.writestr("empty.png", b"")
        made.truth[f"{made.folder.name}/Nordlys/retakes.zip/empty.png"] = Truth(UNKNOWN, ("unchecked",))


def wrong(rows: Iterator[dict[str, object]], truth: dict[str, Truth]) -> list[str]:
    """What the report says otherwise than the truth, as lines; a file without a row, and a row without a file, too."""
    lines, left = [], dict(truth)
    for row in rows:
        path = str(row["path"])
        right = left.pop(path, None)
        if right is None:
            lines.append(f"{path}: is in no truth")
        elif row["classification"] != right.answer:
            lines.append(f"{path}: {row['classification']}, and it is {right.answer} ({row['because']})")
        elif set(row["act"]) != set(right.act):  # type: ignore[arg-type]
            lines.append(f"{path}: to act on {row['act']}, and it is {list(right.act)}")
    return lines + [f"{path}: has no row" for path in left]


def forget(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
