"""The look-up itself: a picture in, the pictures of the index that it looks like out, the likest first.

    1 codes of the query's parts, as they are and mirrored   windows.py, descriptor.py
    2 the nearest codes of the index, searched exactly        64 bytes each, all in memory (faiss)
    3 each candidate proved by its key points and its place   keypoints.py
    4 laid over each other and compared part by part          alike.py
    5 variants of one layout told apart by light and colour

A code proposes and never decides. A picture without texture is neither indexed nor answered: two white sheets agree in
everything. Thresholds were set on the sources that the descriptor learnt from and measured on others (bench/lookup).
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.lookup.alike import Agreement, compared
from provenance.lookup.descriptor import BITS, descriptor
from provenance.lookup.index_file import Indexed, IndexFile
from provenance.lookup.keypoints import LONGEST, Keypoints, Matrix, Placement, grey, keypoints_of, placed
from provenance.lookup.likeness import MARK_FOUND, Likeness, Sureness
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.mark_reading import strength_of_mark
from provenance.lookup.windows import Box, Pixels, of_a_query, of_a_record, query_boxes

REFERENCE, QUALITY = (
    384,
    88,
)  # pixels of the longer side of what is kept to compare with, and how it is packed
NEAREST = 12  # codes that each part of a query is compared further with
CANDIDATES = 24  # pictures that are proved
ASKED = 1200  # key points of a query: more than of a record, since a part of it may be all that matters
FEWEST_POINTS = 40  # of a picture with texture
POINTS, CELLS = 7, 3  # that agree on a place, for which the two are laid over each other
AGREE, PARTS = 0.45, 8  # from which they are alike ...
AGREE_OF_MANY, MANY_PARTS = 0.3, 25  # ... or, of so many parts, fewer: words may lie over it
AGREE_UNPLACED = 0.35  # the same where no points told the place, and the query was laid over the whole
UNPLACED = 6  # candidates for which that is tried
CERTAIN_AGREE, CERTAIN_PARTS = 0.75, 20
APART = 0.02  # by which the best of several variants has to be better than the next


@dataclass(frozen=True, slots=True)
class Search:
    """The index in memory. `pictures` names the row of each group of codes."""

    file: IndexFile
    pictures: tuple[str, ...]
    owners: NDArray[np.int64]  # of each code: which of `pictures`
    codes: Any  # faiss.IndexBinaryFlat

    @classmethod
    def of(cls, file: IndexFile) -> "Search":
        """All codes of a file, as they are now."""
        import faiss

        names: list[str] = []
        owners: list[int] = []
        parts: list[NDArray[np.uint8]] = []
        for picture, codes in file.codes(descriptor().name):
            part = np.frombuffer(codes, np.uint8).reshape(-1, BITS // 8)
            owners += [len(names)] * len(part)
            names.append(picture)
            parts.append(part)
        index = faiss.IndexBinaryFlat(BITS)
        if parts:
            index.add(np.concatenate(parts))
        return cls(file, tuple(names), np.array(owners, np.int64), index)

    def candidates(self, query: "Query") -> list["Candidate"]:
        """The pictures with the nearest codes, nearest first, each with the part of the query that found it."""
        if not self.pictures:
            return []
        codes = descriptor().codes(of_a_query(query.picture, query.boxes))
        far, rows = self.codes.search(codes, min(NEAREST, len(self.owners)))
        best: dict[tuple[int, bool], tuple[int, int]] = {}
        for part, (distances, found) in enumerate(zip(far, rows, strict=True)):
            box, mirrored = part % len(query.boxes), part >= len(query.boxes)
            for distance, row in zip(distances, found, strict=True):
                key = (int(self.owners[row]), mirrored)
                best[key] = min(best.get(key, (BITS, 0)), (int(distance), box))
        near = sorted(best.items(), key=lambda each: each[1])[:CANDIDATES]
        return [
            Candidate(self.pictures[owner], mirrored, box, distance)
            for (owner, mirrored), (distance, box) in near
        ]

    def look_up(self, image: Image.Image, key: MarkKey | None = None) -> tuple[Likeness, ...]:
        """What the picture looks like, the likest first; nothing where it has no texture. With a `key`, each likeness
        says how far the faint mark of its record stands out.
        """
        query = Query.of(image)
        if query is None:
            return ()
        found: dict[str, Likeness] = {}
        for place, each in enumerate(self.candidates(query)):
            kept = self.file.get(each.picture)
            proof = None if kept is None else proved(query, kept, each, unplaced=place < UNPLACED)
            if kept is None or proof is None:
                continue
            likeness = proof.likeness if key is None else _with_mark(query, kept, proof, key)
            if likeness.detail > getattr(found.get(each.picture), "detail", -1):
                found[each.picture] = likeness
        return tuple(ranked(found.values()))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture whose code is near: which part of the query found it, mirrored or not, and how many bits differ."""

    picture: str
    mirrored: bool
    box: int
    distance: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """A likeness, and where the query lies in the record (both LONGEST pixels long)."""

    likeness: Likeness
    matrix: Matrix


@dataclass(frozen=True)
class Query:
    """A picture that is asked about, with the parts that are looked at by themselves."""

    picture: Pixels
    width: int  # of the file
    boxes: tuple[Box, ...]
    _points: dict[tuple[int, bool], Keypoints] = field(default_factory=dict)

    @classmethod
    def of(cls, image: Image.Image) -> "Query | None":
        """None for a picture without texture."""
        picture = _pixels(image)
        query = cls(picture, image.width, tuple(query_boxes(picture)))
        return None if len(query.points(0, mirrored=False)) < FEWEST_POINTS else query

    def points(self, box: int, *, mirrored: bool) -> Keypoints:
        """The key points of one part, their places told in the whole picture."""
        if (box, mirrored) not in self._points:
            self._points[box, mirrored] = self._found(self.boxes[box], mirrored)
        return self._points[box, mirrored]

    def seen(self, mirrored: bool) -> Pixels:
        return np.ascontiguousarray(self.picture[:, ::-1]) if mirrored else self.picture

    def _found(self, box: Box, mirrored: bool) -> Keypoints:
        whole, part = self.seen(mirrored), box.mirrored if mirrored else box
        cut = part.of(whole)
        points = keypoints_of(grey(cut), ASKED)
        scale = np.float32(max(cut.shape[:2]) / max(whole.shape[:2]))
        height, width = whole.shape[:2]
        begin = np.array([part.left * width, part.top * height], np.float32) * (LONGEST / max(height, width))
        return Keypoints(points.places * scale + begin.astype(np.float32), points.looks)


def indexed(picture: str, image: Image.Image, plain: Image.Image | None = None) -> Indexed | None:
    """What is kept of a picture (RGB); None for one without texture, such as a white sheet or a clear sky.

    `plain`: the same picture without its faint mark, to be compared with.
    """
    pixels = _pixels(image)
    points = keypoints_of(grey(pixels))
    if len(points) < FEWEST_POINTS:
        return None
    codes = descriptor().codes(of_a_record(pixels))
    reference = _reference(image if plain is None else plain)
    width, height = image.size
    return Indexed(picture, width, height, codes.tobytes(), points.packed(), reference, descriptor().name)


def _pixels(image: Image.Image) -> Pixels:
    """The picture as numbers; a large one made smaller, since nothing looks closer."""
    small = image.convert("RGB")
    if max(small.size) > 2 * LONGEST:
        small = small.copy()
        small.thumbnail((2 * LONGEST, 2 * LONGEST), Image.Resampling.BOX, reducing_gap=None)
    return np.asarray(small)


def _reference(image: Image.Image) -> bytes:
    small = image.convert("RGB").copy()
    small.thumbnail((REFERENCE, REFERENCE), Image.Resampling.LANCZOS)
    target = io.BytesIO()
    small.save(target, "WEBP", quality=QUALITY, method=3)
    return target.getvalue()


def reference_of(kept: Indexed) -> Pixels:
    """The small picture that is kept to compare with."""
    with Image.open(io.BytesIO(kept.reference)) as image:
        return np.asarray(image.convert("RGB"))


def proved(query: Query, kept: Indexed, candidate: Candidate, *, unplaced: bool = False) -> Found | None:
    """The likeness with one picture, or None where they do not show the same.

    First by the whole query; then, where what lies around drowns it, by the part that found it; and last, if
    `unplaced`, with that part laid over the whole record, since a picture of few points has no other way.
    """
    record, reference = Keypoints.unpacked(kept.points), reference_of(kept)
    seen = query.seen(candidate.mirrored)
    for box in dict.fromkeys((0, candidate.box)):
        place = placed(query.points(box, mirrored=candidate.mirrored), record)
        if place is None or place.points < POINTS or place.cells < CELLS or not 0.1 < place.scale < 10:
            continue
        found = compared(seen, reference, place.matrix)
        if _is_alike(found):
            return Found(_likeness(kept, place.points, found, query, candidate.mirrored), found.matrix)
    matrix = _over(query, candidate, reference) if unplaced else None
    if matrix is None:
        return None
    found = compared(seen, reference, matrix)
    if found.agree < AGREE_UNPLACED or found.blocks < MANY_PARTS:
        return None
    return Found(_likeness(kept, 0, found, query, candidate.mirrored), found.matrix)


def _is_alike(found: Agreement) -> bool:
    """Whether the two show the same, by their parts."""
    if found.blocks >= MANY_PARTS:
        return found.agree >= AGREE_OF_MANY
    return found.blocks >= PARTS and found.agree >= AGREE


def _over(query: Query, candidate: Candidate, reference: Pixels) -> Matrix | None:
    """The part of the query laid over the whole record; None where their shapes differ by more than an eighth."""
    height, width = query.picture.shape[:2]
    box = query.boxes[candidate.box]
    part = box.mirrored if candidate.mirrored else box
    tall, wide = (part.bottom - part.top) * height, (part.right - part.left) * width
    rows, columns = reference.shape[:2]
    if not 7 / 8 < (wide / tall) / (columns / rows) < 8 / 7:
        return None
    here, there = LONGEST / max(height, width), LONGEST / max(rows, columns)
    x, y = columns * there / (wide * here), rows * there / (tall * here)
    return np.array([[x, 0, -part.left * width * here * x], [0, y, -part.top * height * here * y]])


def _likeness(kept: Indexed, points: int, found: Agreement, query: Query, mirrored: bool) -> Likeness:
    sure = found.agree >= CERTAIN_AGREE and found.blocks >= CERTAIN_PARTS
    degrees = Placement(found.matrix, 0, 0).degrees
    # Both were measured LONGEST pixels long; the file's own width says how large it shows the record.
    height, width = query.picture.shape[:2]
    of_query = query.width / width * max(height, width) / LONGEST
    of_record = max(kept.width, kept.height) / LONGEST
    scale = of_query / (Placement(found.matrix, 0, 0).scale * of_record)
    return Likeness(
        kept.picture,
        Sureness.CERTAIN if sure else Sureness.NEAR,
        found.agree,
        found.blocks,
        points,
        found.detail,
        found.shown,
        found.filled,
        mirrored,
        -degrees if mirrored else degrees,
        scale,
        found.brighter,
        found.grey,
    )


def _with_mark(query: Query, kept: Indexed, proof: Found, key: MarkKey) -> Likeness:
    likeness = proof.likeness
    size = (kept.width, kept.height)
    seen, reference = query.seen(likeness.mirrored), reference_of(kept)
    strength = strength_of_mark(seen, proof.matrix, reference, size, key, kept.picture)
    return replace(likeness, mark=strength)


def ranked(found: Iterable[Likeness]) -> Iterator[Likeness]:
    """The likest first. A mark that was found decides; else light and colour, and where the next is about as like,
    none of the two is certain.
    """
    order = sorted(found, key=lambda each: (-_marks(each), -each.detail))
    for place, each in enumerate(order):
        others = (other for other in order if other is not each)
        rivals = any(_marks(other) >= _marks(each) and other.detail > each.detail - APART for other in others)
        yield replace(each, sureness=Sureness.NEAR) if rivals or place > 0 else each


def _marks(likeness: Likeness) -> bool:
    return likeness.mark is not None and likeness.mark >= MARK_FOUND


cv2.setNumThreads(1)
