"""What the model says of itself: authors, licence, digests, loss curve and the card."""

import csv
import hashlib
import json
import unicodedata
from collections import Counter
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import cv2
import numpy as np

from . import clipart
from .japanese import JAPANESE
from .pictures import PACKAGE, VERSION, Picture
from .vocabulary import words

NAME, EDITION, LICENSE = "genzu-house", "3.0", "CC-BY-SA-4.0"
PUBLIC_DOMAIN = "public domain"
ATTRIBUTION = (
    "genzu-house, trained on OpenMoji 17.0.0 (openmoji.org) and drawings of the Open Clip Art Library by the authors "
    "in AUTHORS.csv, CC BY-SA 4.0"
)
STATEMENT = (
    "only scenes that a program composed and painted from {emoji} OpenMoji 17.0.0 pictures (CC BY-SA 4.0) and {clips} "
    "of the Open Clip Art Library (public domain) by {authors} credited authors, and from shapes drawn by rule; no "
    "other picture, text or pretrained weights"
)
DEFAULTS = {"strength": 0.8, "guidance_scale": 1.5, "num_inference_steps": 6, "long_side": 512}
BEGIN, END = "<!-- authors -->", "<!-- /authors -->"


@dataclass(frozen=True)
class Source:
    """A package of drawings: its name, where to get it, its version and licence."""

    name: str
    package: str
    version: str
    license: str


SOURCES = {
    PACKAGE: Source("OpenMoji", f"npm:{PACKAGE}", VERSION, LICENSE),
    clipart.PACKAGE: Source(
        "Open Clip Art Library", f"deb:{clipart.PACKAGE}", clipart.VERSION, PUBLIC_DOMAIN
    ),
}


@dataclass(frozen=True)
class Credit:
    """An author, the package of their pictures, and how many of them were used."""

    author: str
    source: str
    count: int


def authors(pictures: list[Picture]) -> list[Credit]:
    """Every author with the count of their pictures, most first; one spelling for each name."""
    counts = Counter(
        (unicodedata.normalize("NFC", " ".join(p.author.split())), SOURCES[p.package].name) for p in pictures
    )
    credits = [Credit(author, source, count) for (author, source), count in counts.items()]
    return sorted(credits, key=lambda c: (-c.count, c.author))


def write_authors(pictures: list[Picture], file: Path) -> None:
    """AUTHORS.csv: author, source, count."""
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("author", "source", "count"))
        writer.writerows(astuple(credit) for credit in authors(pictures))


def read_authors(file: Path) -> list[Credit]:
    """The rows of AUTHORS.csv."""
    with file.open(newline="", encoding="utf-8") as handle:
        return [Credit(row["author"], row["source"], int(row["count"])) for row in csv.DictReader(handle)]


def write_credits(card: Path, credited: list[Credit]) -> None:
    """Put every author between the card's two marks, so that the list cannot drift from AUTHORS.csv."""
    before, rest = card.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    paragraphs = "\n\n".join(
        f"{source.name}: " + ", ".join(f"{c.author} ({c.count})" for c in credited if c.source == source.name)
        for source in SOURCES.values()
    )
    card.write_text(f"{before}{BEGIN}\n{paragraphs}\n{END}{after}", encoding="utf-8")


def digests(weights: Path) -> dict[str, str]:
    """SHA-256 of every file of a model folder, by its path in it."""
    files = sorted(f for f in weights.rglob("*") if f.is_file())
    return {f.relative_to(weights).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def forget_origins(weights: Path) -> None:
    """Take out the paths on this machine that diffusers notes in the configurations."""
    for config in weights.glob("*/config.json"):
        values = json.loads(config.read_text(encoding="utf-8"))
        values.pop("_name_or_path", None)
        config.write_text(json.dumps(values, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def data(source: Source, credited: list[Credit]) -> dict[str, object]:
    """What model.json says of a package of drawings."""
    mine = [c for c in credited if c.source == source.name]
    counts = {"pictures": sum(c.count for c in mine), "authors": len(mine)}
    return asdict(source) | counts


def write_facts(home: Path) -> None:
    """model.json: what the provenance record of a picture says of this model."""
    credited = read_authors(home / "AUTHORS.csv")
    emoji, clips = (sum(c.count for c in credited if c.source == source.name) for source in SOURCES.values())
    people = len({c.author for c in credited})
    facts = {
        "name": NAME,
        "version": EDITION,
        "license": LICENSE,
        "attribution": ATTRIBUTION,
        "training_statement": STATEMENT.format(emoji=emoji, clips=clips, authors=people),
        "training_data": [data(source, credited) for source in SOURCES.values()],
        "defaults": DEFAULTS,
        "words": words(),
        "japanese": JAPANESE,
        "sha256": digests(home / "weights"),
    }
    (home / "model.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def draw_loss(log: Path, picture: Path) -> None:
    """The curve of a log's column `held` over its samples as a small PNG; of a run too short for it, none."""
    with log.open(newline="") as handle:
        rows = [(float(r["samples"]), float(r["held"])) for r in csv.DictReader(handle)]
    if len(rows) < 2:
        picture.unlink(missing_ok=True)
        return
    width, height, margin = 720, 300, 48
    page = np.full((height, width, 3), 255, np.uint8)
    x, y = np.array(rows).T
    low, high = 0.98 * y.min(), min(y.max(), np.percentile(y, 98)) * 1.02
    across = margin + (x - x.min()) / (x.max() - x.min()) * (width - 2 * margin)
    down = height - margin - np.clip((y - low) / (high - low), 0, 1) * (height - 2 * margin)
    cv2.rectangle(page, (margin, margin), (width - margin, height - margin), (200, 200, 200), 1)
    cv2.polylines(page, [np.stack([across, down], 1).astype(np.int32)], False, (160, 70, 30), 2, cv2.LINE_AA)
    text = cv2.FONT_HERSHEY_SIMPLEX
    for value, at in ((high, margin), (low, height - margin)):
        cv2.putText(page, f"{value:.2f}", (6, int(at) + 4), text, 0.4, (60, 60, 60), 1, cv2.LINE_AA)
    cv2.putText(
        page,
        f"samples {x.min():.0f} to {x.max():.0f}; mean squared error of v, unseen scenes",
        (margin, height - 18),
        text,
        0.4,
        (60, 60, 60),
        1,
        cv2.LINE_AA,
    )
    cv2.imwrite(str(picture), page)
