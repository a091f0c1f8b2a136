"""The look-up itself: a picture in, the pictures of the index that it looks like out, the likest first.

    1 key points of the query, as it is and mirrored          keypoints.py
    2 their words vote for pictures of the index              vocabulary.py, postings.py; all in memory
      and its whole is near some pictures' wholes             whole.py
      and, where none of those has its mark, their cuts       cuts.py
    3 each candidate proved by its key points and their place keypoints.py
    4 laid over each other and compared part by part          alike.py
    5 variants of one layout told apart by light and colour
    6 the faint mark read, beside the small reference            mark_reading.py
      where it is not found, beside the vault's own picture      copy_edits.py

Votes propose and never decide. A picture without texture is not indexed, and asked about one is found with its mark
alone: two white sheets agree in everything. Thresholds were set on other sources than those that they are measured on
(bench/lookup).
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.lookup.alike import Agreement, compared
from provenance.lookup.copy_edits import Marks, Plain
from provenance.lookup.cuts import Codes, codes_of, cut_codes, near_cuts, slid
from provenance.lookup.index_file import Indexed, IndexFile
from provenance.lookup.keypoints import LONGEST, Keypoints, Matrix, Placement, found_in, grey, placed
from provenance.lookup.likeness import FEW_PARTS, MARK_FOUND, MARK_NAMES, Likeness, Sureness
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.mark_reading import strength_of_mark
from provenance.lookup.postings import Postings, coded
from provenance.lookup.query import Query, pixels_of
from provenance.lookup.vocabulary import vocabulary
from provenance.lookup.whole import (
    Wholes,
    nearest,
    waves_of,
    whole_code,
    wholes_of,
)

Pixels = NDArray[np.uint8]  # (height, width, 3), RGB

REFERENCE, QUALITY = 384, 88  # pixels of the longer side of what is kept to compare with; how it is packed
POINTS_KEPT, WORDS_KEPT = 256, 192  # points of a record, and how many of them vote
CANDIDATES = 16  # pictures that are proved
FEWEST_POINTS = 40  # of a picture with texture, to be indexed
POINTS, CELLS = 7, 3  # that agree on a place, for which the two are laid over each other
CUT_TOGETHER = (
    0.6  # from which a query that may be a cut is laid over the record (correlation, of small pictures)
)
OF_ONE_SHAPE = 0.08  # by which the proportions of two wholes laid over each other may differ (log)
AGREE, PARTS = 0.7, FEW_PARTS  # from which they are alike ...
AGREE_OF_MANY, MANY_PARTS = 0.6, 25  # ... or, of so many parts, fewer: words may lie over it
# Where fewer points found the place, so much has to agree, and one has to lie in the other: poles are all alike.
FEW_POINTS, AGREE_OF_FEW, MOST_OF_ONE = 15, 0.85, 0.8
# The same where the record's faint mark is found; of strangers laid over each other a tenth of the parts agrees. With
# few parts, or only in a part of the sky, more of them.
AGREE_WITH_MARK, AGREE_OF_FEW_PARTS = 0.15, 0.5
MOVED = 1.0  # pixels of LONGEST from which it is worth while to read the mark at both places
UNPLACED = (
    2  # candidates of the query's proportions that are laid over it as wholes where no points found a place
)
GIVEN_UP = 6  # candidates one after another that are not alike, after which no further one is tried
CERTAIN_AGREE, CERTAIN_PARTS = 0.75, 20
APART = 0.02  # by which the best of several variants has to be better than the next


@dataclass(frozen=True, slots=True)
class Search:
    """The index in memory. `pictures` are named as the postings and the wholes number them.

    `plain`: from where a mark that the small reference does not show is read (the vault).
    """

    file: IndexFile
    pictures: tuple[str, ...]
    postings: Postings
    wholes: Wholes
    cuts: Codes
    plain: Plain | None = None

    @classmethod
    def of(cls, file: IndexFile, plain: Plain | None = None) -> "Search":
        """All codes of a file, as they are now."""
        named = list(file.codes(vocabulary().name))
        names = tuple(name for name, _, _ in named)
        postings = Postings.of(codes for _, codes, _ in named)
        wholes = [whole for _, _, whole in named]
        return cls(file, names, postings, wholes_of(wholes), codes_of(wholes), plain)

    def candidates(self, query: Query) -> list["Candidate"]:
        """The pictures with most votes first, as the query is and mirrored; then those whose whole is near. None for a
        query without texture.
        """
        if not query.has_texture:
            return []
        voted = [
            Candidate(self.pictures[owner], mirrored, votes, owner=owner)
            for mirrored in (False, True)
            for owner, votes in self.postings.votes(query.points(mirrored), CANDIDATES)
        ]
        voted = sorted(voted, key=lambda each: -each.votes)[:CANDIDATES]
        return [*voted, *self._near(query)]

    def _near(self, query: Query) -> list["Candidate"]:
        """The pictures whose whole is near, the nearest first."""
        near: dict[tuple[int, bool], Candidate] = {}
        for mirrored in (False, True):
            for place, code in enumerate(query.wholes(mirrored)):
                for owner, apart in nearest(code, self.wholes):
                    found = Candidate(self.pictures[owner], mirrored, 0, apart, needs_mark=place > 0)
                    near.setdefault((owner, mirrored), found)
        return sorted(near.values(), key=lambda each: each.apart)

    def cut_from(self, query: Query, voted: Iterable["Candidate"] = ()) -> list["Candidate"]:
        """The pictures that the query may be cut from, the nearest first; of those that were `voted` for, more."""
        near = near_cuts(query.grey, self.cuts, {each.owner for each in voted if each.is_voted})
        return [
            Candidate(self.pictures[owner], mirrored, 0, apart, needs_mark=True, is_cut=True)
            for owner, mirrored, apart in near
        ]

    def look_up(self, image: Image.Image, key: MarkKey | None = None) -> tuple[Likeness, ...]:
        """What the picture looks like, the likest first. With a `key`, each likeness says how far the faint mark of its
        record stands out; only with its mark is anything found that was cut and has no texture.
        """
        return self.answer(Query.of(image), key)

    def answer(self, query: Query, key: MarkKey | None) -> tuple[Likeness, ...]:
        """The same of a query."""
        candidates = self.candidates(query)
        found = self.proofs(query, candidates, key)
        if key is None or any(map(_marks, found)):
            return found
        return self.proofs(query, self.cut_from(query, candidates), key, found)

    def proofs(
        self,
        query: Query,
        candidates: Iterable["Candidate"],
        key: MarkKey | None,
        before: Iterable[Likeness] = (),
    ) -> tuple[Likeness, ...]:
        """The likenesses with those candidates that show the same, and those found `before`."""
        found = {each.picture: each for each in before}
        failed = 0
        for place, each in enumerate(candidates):
            if (each.is_voted and failed >= GIVEN_UP) or _is_named(found.get(each.picture)):
                continue
            if each.is_cut and any(map(_marks, found.values())):
                break
            kept = self.file.get(each.picture)
            failed += 1
            # A file has one mark: where it was found, no further record's is sought for longer.
            plain = None if any(map(_marks, found.values())) else self.plain
            marks = None if key is None else Marks(key, plain)
            likeness = None if kept is None else _seen(query, kept, each, marks, also_whole=place < UNPLACED)
            if likeness is None:
                continue
            failed = 0
            other = found.get(each.picture)
            if other is None or _rank(likeness) < _rank(other):
                found[each.picture] = likeness
        return tuple(ranked(found.values()))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that the query may be, mirrored or not: by so many votes, or since so few bits of the wholes differ, or
    of a cut of it.
    """

    picture: str
    mirrored: bool
    votes: float
    apart: int = -1  # bits of the codes; of one that was voted for -1
    needs_mark: bool = False  # it is proposed by a cut, or by what is left of the query without its strokes
    is_cut: bool = False
    owner: int = -1  # its number in the postings, if it was voted for

    @property
    def is_voted(self) -> bool:
        return self.apart < 0


@dataclass(frozen=True, slots=True)
class Proof:
    """A likeness, and where the query lies in the record (both LONGEST pixels long).

    `is_alike`: so much agrees that it needs no mark. `before`: the place before the query was moved into it by its
    light, which words written across it may lead astray.
    """

    likeness: Likeness
    matrix: Matrix
    before: Placement
    is_alike: bool


def indexed(picture: str, image: Image.Image, plain: Image.Image | None = None) -> Indexed | None:
    """What is kept of a picture (RGB); None for one without texture, such as a white sheet or a clear sky.

    `plain`: the same picture without its faint mark, to be compared with.
    """
    seen = grey(pixels_of(image))
    found = found_in(seen, POINTS_KEPT, evenly=True)
    if len(found) < FEWEST_POINTS:
        return None
    points = found.keypoints()
    return Indexed(
        picture,
        *image.size,
        codes=coded(points, WORDS_KEPT),
        points=points.packed(),
        reference=_reference(image if plain is None else plain),
        descriptor=vocabulary().name,
        whole=whole_code(waves_of(seen)) + cut_codes(seen),
    )


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
    if place is None:
        return None
    proof = _laid_over(query, kept, mirrored, place)
    if proof is None:
        return None
    seen = proof.likeness
    clear = seen.agree >= AGREE_OF_FEW and max(seen.shown, seen.filled) >= MOST_OF_ONE
    spread = place.points >= POINTS and place.cells >= CELLS
    return replace(proof, is_alike=proof.is_alike and spread and (clear or place.points >= FEW_POINTS))


def proved_whole(query: Query, kept: Indexed, mirrored: bool) -> Proof | None:
    """The same where the query is taken for the whole of the record, so that no point has to be found again."""
    if not _is_of_one_shape(query, kept):
        return None
    across, down = _shown(kept.width, kept.height) / _shown(*query.picture.shape[1::-1])
    place = Placement(np.array([[across, 0.0, 0.0], [0.0, down, 0.0]]), 0, 0)
    return _laid_over(query, kept, mirrored, place)


def proved_cut(query: Query, kept: Indexed, mirrored: bool) -> Proof | None:
    """The same where the query is taken for a cut of the record, of its proportions."""
    if not _is_of_one_shape(query, kept):
        return None
    place, together = slid(query.light(mirrored), grey(reference_of(kept), REFERENCE))
    return _laid_over(query, kept, mirrored, place) if together >= CUT_TOGETHER else None


def _is_of_one_shape(query: Query, kept: Indexed) -> bool:
    across, down = _shown(kept.width, kept.height) / _shown(*query.picture.shape[1::-1])
    return bool(abs(np.log(across / down)) <= OF_ONE_SHAPE)


def _shown(width: int, height: int) -> NDArray[np.float64]:
    """(width, height) of a picture made LONGEST pixels long."""
    return np.array([width, height]) * LONGEST / max(width, height)


def _laid_over(query: Query, kept: Indexed, mirrored: bool, place: Placement) -> Proof | None:
    """The proof at a place."""
    seen, reference = query.seen(mirrored), reference_of(kept)
    found = compared(seen, reference, place.matrix)
    is_alike = _is_alike(found)
    if not _may_be(found) and _far(place.matrix, found.matrix):
        found = compared(seen, reference, place.matrix, settle=False)
    if not _may_be(found):
        return None
    return Proof(_likeness(kept, place.points, found, query, mirrored), found.matrix, place, is_alike)


def _may_be(found: Agreement) -> bool:
    """Whether so much agrees that the record's faint mark, if it is found there, names it."""
    return found.agree >= (AGREE_WITH_MARK if found.blocks >= PARTS else AGREE_OF_FEW_PARTS)


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


def _seen(
    query: Query, kept: Indexed, candidate: Candidate, marks: Marks | None, *, also_whole: bool
) -> Likeness | None:
    """The likeness with a candidate: by its parts, or by fewer of them where the record's faint mark is found.

    `also_whole`: where no points find a place, the query is laid over it as a whole, and then only its mark counts.
    """
    mirrored, needs_mark = candidate.mirrored, candidate.needs_mark
    how = proved if candidate.is_voted else proved_cut if candidate.is_cut else proved_whole
    proof = how(query, kept, mirrored)
    if proof is None and candidate.is_voted and also_whole and marks is not None:
        proof, needs_mark = proved_whole(query, kept, mirrored), True
    if proof is None:
        return None
    likeness = proof.likeness if marks is None else _with_mark(query, kept, proof, marks)
    enough = MARK_FOUND if proof.is_alike and candidate.is_cut else MARK_NAMES
    is_named = likeness.mark is not None and likeness.mark >= enough
    return likeness if (proof.is_alike and not needs_mark) or is_named else None


def _with_mark(query: Query, kept: Indexed, proof: Proof, marks: Marks) -> Likeness:
    """The likeness, and how far its mark stands out: at the place before the last step, where only that has it; and
    beside the record's own picture, where nothing else shows it.
    """
    likeness, before, key = proof.likeness, proof.before, marks.key
    size, mirrored = (kept.width, kept.height), likeness.mirrored
    seen, reference = query.seen(mirrored), reference_of(kept)
    strength = strength_of_mark(seen, proof.matrix, reference, size, key, kept.picture)
    if strength < MARK_NAMES and _far(before.matrix, proof.matrix):
        other = strength_of_mark(seen, before.matrix, reference, size, key, kept.picture)
        if other >= max(strength, MARK_FOUND):
            there = compared(seen, reference, before.matrix, settle=False)
            return replace(_likeness(kept, before.points, there, query, mirrored), mark=other)
    if strength < MARK_NAMES and likeness.agree >= AGREE_OF_FEW_PARTS:
        strength = max(strength, marks.beside(seen, proof.matrix, kept.picture))
    return replace(likeness, mark=strength)


def _far(one: Matrix, two: Matrix) -> bool:
    """Whether two places differ so much that the mark may be seen at one of them only."""
    corners = np.array([[0, 0, 1], [LONGEST, 0, 1], [0, LONGEST, 1]])
    return bool(np.abs(corners @ (one - two).T).max() > MOVED)


def ranked(found: Iterable[Likeness]) -> Iterator[Likeness]:
    """The likest first. A mark that was found decides; else light and colour, and where the next is about as like,
    none of the two is certain.
    """
    order = sorted(found, key=_rank)
    for place, each in enumerate(order):
        others = (other for other in order if other is not each)
        rivals = any(_marks(other) >= _marks(each) and other.detail > each.detail - APART for other in others)
        yield replace(each, sureness=Sureness.NEAR) if rivals or place > 0 else each


def _rank(likeness: Likeness) -> tuple[bool, float]:
    """Sorts the one whose mark is found first, then the likest."""
    return not _marks(likeness), -likeness.detail


def _is_named(likeness: Likeness | None) -> bool:
    return likeness is not None and _marks(likeness)


def _marks(likeness: Likeness) -> bool:
    return likeness.mark is not None and likeness.mark >= MARK_FOUND


cv2.setNumThreads(1)
