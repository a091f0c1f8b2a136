"""The look-up itself: a picture in, the pictures of the index that it looks like out, the likest first.

    1 key points of the query, as it is and mirrored          keypoints.py
    2 their words vote for pictures of the index              vocabulary.py, postings.py; all in memory
    3 each candidate proved by its key points and their place keypoints.py
    4 laid over each other and compared part by part          alike.py
    5 variants of one layout told apart by light and colour

Votes propose and never decide. A picture without texture is neither indexed nor answered: two white sheets agree in
everything. Thresholds were set on other sources than those that they are measured on (bench/lookup).
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.lookup.alike import Agreement, compared
from provenance.lookup.index_file import Indexed, IndexFile
from provenance.lookup.keypoints import LONGEST, Keypoints, Matrix, Placement, found_in, grey, placed
from provenance.lookup.likeness import MARK_FOUND, Likeness, Sureness
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.mark_reading import strength_of_mark
from provenance.lookup.postings import Postings, coded
from provenance.lookup.vocabulary import vocabulary

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB

REFERENCE, QUALITY = (
    384,
    88,
)  # pixels of the longer side of what is kept to compare with, and how it is packed
POINTS_KEPT, WORDS_KEPT = 256, 192  # points of a record, and how many of them vote
ASKED, LOOKED_AT = 1000, 576  # points of a query, and pixels of its longer side when they are sought
CANDIDATES = 16  # pictures that are proved
FEWEST_POINTS = 40  # of a picture with texture
POINTS, CELLS = 7, 3  # that agree on a place, for which the two are laid over each other
AGREE, PARTS = 0.7, 8  # from which they are alike ...
AGREE_OF_MANY, MANY_PARTS = 0.6, 25  # ... or, of so many parts, fewer: words may lie over it
AGREE_WITH_MARK = 0.25  # the same where the record's faint mark is found
GIVEN_UP = 10  # candidates one after another that are not alike, after which no further one is tried
CERTAIN_AGREE, CERTAIN_PARTS = 0.75, 20
APART = 0.02  # by which the best of several variants has to be better than the next


@dataclass(frozen=True, slots=True)
class Search:
    """The index in memory. `pictures` are named as the postings number them."""

    file: IndexFile
    pictures: tuple[str, ...]
    postings: Postings

    @classmethod
    def of(cls, file: IndexFile) -> "Search":
        """All codes of a file, as they are now."""
        named = list(file.codes(vocabulary().name))
        return cls(file, tuple(name for name, _ in named), Postings.of(codes for _, codes in named))

    def candidates(self, query: "Query") -> list["Candidate"]:
        """The pictures with most votes first, as the query is and mirrored."""
        voted = [
            Candidate(self.pictures[owner], mirrored, votes)
            for mirrored in (False, True)
            for owner, votes in self.postings.votes(query.points(mirrored), CANDIDATES)
        ]
        return sorted(voted, key=lambda each: -each.votes)[:CANDIDATES]

    def look_up(self, image: Image.Image, key: MarkKey | None = None) -> tuple[Likeness, ...]:
        """What the picture looks like, the likest first; nothing where it has no texture. With a `key`, each likeness
        says how far the faint mark of its record stands out.
        """
        query = Query.of(image)
        if query is None:
            return ()
        return self.proofs(query, self.candidates(query), key)

    def proofs(
        self, query: "Query", candidates: Iterable["Candidate"], key: MarkKey | None
    ) -> tuple[Likeness, ...]:
        """The likenesses with those candidates that show the same."""
        found: dict[str, Likeness] = {}
        failed = 0
        for each in candidates:
            if failed == GIVEN_UP:
                break
            kept = self.file.get(each.picture)
            proof = None if kept is None else proved(query, kept, each.mirrored)
            failed += 1
            if kept is None or proof is None:
                continue
            likeness = proof.likeness if key is None else _with_mark(query, kept, proof, key)
            if not (proof.is_alike or _marks(likeness)):
                continue
            failed = 0
            if likeness.detail > getattr(found.get(each.picture), "detail", -1):
                found[each.picture] = likeness
        return tuple(ranked(found.values()))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that the query may be, mirrored or not, and how many votes say so."""

    picture: str
    mirrored: bool
    votes: float


@dataclass(frozen=True, slots=True)
class Proof:
    """A likeness, and where the query lies in the record (both LONGEST pixels long).

    `is_alike`: so much agrees that it needs no mark.
    """

    likeness: Likeness
    matrix: Matrix
    is_alike: bool


@dataclass(frozen=True, slots=True)
class Query:
    """A picture that is asked about, with its points as it is and mirrored. `width`: of the file, in pixels."""

    picture: Pixels
    width: int
    straight: Keypoints
    in_a_mirror: Keypoints

    @classmethod
    def of(cls, image: Image.Image) -> "Query | None":
        """None for a picture without texture."""
        picture = _pixels(image)
        found = found_in(grey(picture, LOOKED_AT), ASKED)
        if len(found) < FEWEST_POINTS:
            return None
        return cls(picture, image.width, found.keypoints(), found.keypoints(mirrored=True))

    def points(self, mirrored: bool) -> Keypoints:
        return self.in_a_mirror if mirrored else self.straight

    def seen(self, mirrored: bool) -> Pixels:
        return np.ascontiguousarray(self.picture[:, ::-1]) if mirrored else self.picture


def indexed(picture: str, image: Image.Image, plain: Image.Image | None = None) -> Indexed | None:
    """What is kept of a picture (RGB); None for one without texture, such as a white sheet or a clear sky.

    `plain`: the same picture without its faint mark, to be compared with.
    """
    found = found_in(grey(_pixels(image)), POINTS_KEPT)
    if len(found) < FEWEST_POINTS:
        return None
    points = found.keypoints()
    reference = _reference(image if plain is None else plain)
    width, height = image.size
    return Indexed(
        picture, width, height, coded(points, WORDS_KEPT), points.packed(), reference, vocabulary().name
    )


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


def proved(query: Query, kept: Indexed, mirrored: bool) -> Proof | None:
    """The likeness with one picture, or None where they do not show the same even if a mark should be found."""
    place = placed(query.points(mirrored), Keypoints.unpacked(kept.points))
    if place is None or place.points < POINTS or place.cells < CELLS or not 0.1 < place.scale < 10:
        return None
    found = compared(query.seen(mirrored), reference_of(kept), place.matrix)
    if found.blocks < PARTS or found.agree < AGREE_WITH_MARK:
        return None
    return Proof(_likeness(kept, place.points, found, query, mirrored), found.matrix, _is_alike(found))


def _is_alike(found: Agreement) -> bool:
    """Whether the two show the same, by their parts."""
    if found.blocks >= MANY_PARTS:
        return found.agree >= AGREE_OF_MANY
    return found.blocks >= PARTS and found.agree >= AGREE


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


def _with_mark(query: Query, kept: Indexed, proof: Proof, key: MarkKey) -> Likeness:
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
