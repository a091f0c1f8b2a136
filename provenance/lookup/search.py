"""The look-up itself: a picture in, the pictures of the index that it looks like out, the likest first.

    1 key points of the query, as it is and mirrored          keypoints.py
    2 their words vote for pictures of the index              vocabulary.py, postings.py; all in memory
      and its whole is near some pictures' wholes             whole.py
      and, where none of those has its mark, their cuts,      cuts.py, sliding.py
      and again the words of the query seen from afar
    3 each candidate proved, by its points and their place    keypoints.py
      and by its parts, laid over each other                  alike.py
    4 variants of one layout told apart by light and colour
    5 the faint mark read, beside the small reference         mark_reading.py
      where it is not found, beside the vault's own picture   copy_edits.py
    6 all of it for each panel of a collage                   panels.py

Votes propose and never decide. A picture without texture is not indexed, and asked about one is found with its mark
alone: two white sheets agree in everything. Thresholds were set on other sources than those that they are measured on
(bench/lookup).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from provenance.lookup.alike import Agreement, compared
from provenance.lookup.candidate import Candidate, Proposal
from provenance.lookup.copy_edits import Marks, Plain
from provenance.lookup.cuts import Codes, codes_of, near_cuts
from provenance.lookup.index_file import Indexed, IndexFile
from provenance.lookup.keypoints import FEWEST, LONGEST, Keypoints, Matrix, Placement, grey, placed
from provenance.lookup.likeness import FEW_PARTS, MARK_FOUND, MARK_NAMES, Likeness, Sureness
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.mark_reading import strength_of_mark
from provenance.lookup.postings import Postings
from provenance.lookup.query import Query
from provenance.lookup.reference import REFERENCE, unpacked
from provenance.lookup.sliding import ANY_SIZE, SIZES_OF_CUTS, slid
from provenance.lookup.vocabulary import vocabulary
from provenance.lookup.whole import Wholes, nearest, wholes_of

CANDIDATES = 16  # pictures that are proved
POINTS, CELLS = 7, 3  # that agree on a place, for which the two are laid over each other
OF_ONE_SHAPE = 0.08  # by which the proportions of two wholes laid over each other may differ (log)
AGREE, PARTS = 0.7, FEW_PARTS  # from which they are alike ...
AGREE_OF_MANY, MANY_PARTS = 0.6, 25  # ... or, of so many parts, fewer: words may lie over it
# Where fewer points found the place, so much has to agree, and one has to lie in the other: poles are all alike.
FEW_POINTS, AGREE_OF_FEW, MOST_OF_ONE = 15, 0.85, 0.8
# The same where the record's faint mark is found; of strangers laid over each other a tenth of the parts agrees. With
# few parts, or only in a part of the sky, more of them.
AGREE_WITH_MARK, AGREE_OF_FEW_PARTS = 0.15, 0.5
BY_LIGHT = 0.8  # from which few parts may be too few to ask (correlation)
MOVED = 1.0  # pixels of LONGEST from which it is worth while to read the mark at both places
CERTAIN_AGREE, CERTAIN_PARTS = 0.75, 20
UNPLACED = (
    2  # candidates of the query's proportions that are laid over it as wholes where no points found a place
)
SLID_OVER = 6  # pictures with most votes over which it is slid
# Places of all of them that are tried, and in how many the mark is read beside the vault's picture, too.
TRIED, BESIDE = 6, 4
GIVEN_UP = 6  # candidates one after another that are not alike, after which no further one is tried
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

    def candidates(self, query: Query) -> list[Candidate]:
        """The pictures with most votes first, as the query is and mirrored; then those whose whole is near. None for a
        query without texture.
        """
        if not query.has_texture:
            return []
        return [*self._voted(query, CANDIDATES), *self._near(query)]

    def _voted(self, query: Query, most: int) -> list[Candidate]:
        voted = [
            Candidate(self.pictures[owner], mirrored, votes=votes, owner=owner)
            for mirrored in (False, True)
            for owner, votes in self.postings.votes(query.points(mirrored), most)
        ]
        return sorted(voted, key=lambda each: -each.votes)[:most]

    def _near(self, query: Query) -> list[Candidate]:
        """The pictures whose whole is near, the nearest first."""
        near: dict[tuple[int, bool], Candidate] = {}
        for mirrored in (False, True):
            for place, code in enumerate(query.wholes(mirrored)):
                for owner, apart in nearest(code, self.wholes):
                    found = Candidate(
                        self.pictures[owner], mirrored, Proposal.WHOLE, apart=apart, needs_mark=place > 0
                    )
                    near.setdefault((owner, mirrored), found)
        return sorted(near.values(), key=lambda each: each.apart)

    def cut_from(self, query: Query, voted: Iterable[Candidate] = ()) -> list[Candidate]:
        """The pictures that the query may be cut from, the nearest first; of those that were `voted` for, more."""
        voted = [each for each in voted if each.by is Proposal.POINTS]
        near = near_cuts(query.grey, self.cuts, {each.owner for each in voted})
        cuts = [
            Candidate(self.pictures[owner], mirrored, Proposal.CUT, apart=apart, needs_mark=True)
            for owner, mirrored, apart in near
        ]
        return [*cuts, *(replace(each, by=Proposal.ANYWHERE) for each in voted[:SLID_OVER])]

    def look_up(self, image: Image.Image, key: MarkKey | None = None) -> tuple[Likeness, ...]:
        """What the picture looks like, the likest first. With a `key`, each likeness says how far the faint mark of its
        record stands out; only with its mark is anything found that was cut and has no texture.
        """
        return self.answer(Query.of(image), key)

    def answer(self, query: Query, key: MarkKey | None) -> tuple[Likeness, ...]:
        """The same of a query, and what has its mark in one of its panels."""
        found = self._answer(query, key)
        for panel in query.panels() if key is not None else ():
            found = joined(found, (each for each in self._answer(panel, key) if each.has_mark))
        return found

    def _answer(self, query: Query, key: MarkKey | None) -> tuple[Likeness, ...]:
        candidates = self.candidates(query)
        found = self.proofs(query, candidates, key)
        if key is None or any(each.has_mark for each in found):
            return found
        # What is alike without its mark may lie a little elsewhere.
        names = {each.picture for each in found}
        alike = [replace(each, by=Proposal.ANYWHERE) for each in candidates if each.picture in names]
        cuts = [*alike, *self.cut_from(query, candidates)]
        found = self.slid_over(query, cuts, key, found)
        if any(each.has_mark for each in found):
            return found
        far = query.from_afar()
        voted = self._voted(far, SLID_OVER) if len(far.straight) >= FEWEST else []
        found = self.proofs(far, [replace(each, needs_mark=True) for each in voted], key, found)
        tried = {(each.picture, each.mirrored) for each in cuts if each.by is Proposal.ANYWHERE}
        more = [each for each in voted if (each.picture, each.mirrored) not in tried]
        return self.slid_over(far, [replace(each, by=Proposal.ANYWHERE) for each in more], key, found)

    def proofs(
        self,
        query: Query,
        candidates: Iterable[Candidate],
        key: MarkKey | None,
        before: Iterable[Likeness] = (),
    ) -> tuple[Likeness, ...]:
        """The likenesses with those candidates that show the same, and those found `before`."""
        found = {each.picture: each for each in before}
        failed = 0
        for place, each in enumerate(candidates):
            other = found.get(each.picture)
            if (each.by is Proposal.POINTS and failed >= GIVEN_UP) or (other is not None and other.has_mark):
                continue
            kept = self.file.get(each.picture)
            failed += 1
            # A file has one mark: where it was found, no further record's is sought for longer.
            plain = None if any(one.has_mark for one in found.values()) else self.plain
            marks = None if key is None else Marks(key, plain)
            likeness = None if kept is None else _seen(query, kept, each, marks, also_whole=place < UNPLACED)
            if likeness is None:
                continue
            failed = 0
            if other is None or _rank(likeness) < _rank(other):
                found[each.picture] = likeness
        return tuple(ranked(found.values()))

    def slid_over(
        self, query: Query, candidates: Iterable[Candidate], key: MarkKey, before: Iterable[Likeness] = ()
    ) -> tuple[Likeness, ...]:
        """Those found `before`, and the one whose mark is in the query where the two go together. The best places of
        all candidates are tried, no more: so whatever is asked takes its time and no longer.
        """
        found = {each.picture: each for each in before}
        if any(one.has_mark for one in found.values()):
            return tuple(before)
        places = []
        for each in {(each.picture, each.mirrored): each for each in candidates}.values():
            kept = self.file.get(each.picture)
            if kept is not None:
                sizes = SIZES_OF_CUTS if each.by is Proposal.CUT else ANY_SIZE
                light = query.light(each.mirrored)
                placed = slid(light, grey(unpacked(kept.reference), REFERENCE), sizes)
                places += [(together, place, kept, each.mirrored) for place, together in placed]
        places.sort(key=lambda each: -each[0])
        for number, (together, place, kept, mirrored) in enumerate(places[:TRIED]):
            proof = _laid_over(query, kept, mirrored, place, by_light=together >= BY_LIGHT)
            if proof is None:
                continue
            likeness = _with_mark(query, kept, proof, Marks(key, self.plain if number < BESIDE else None))
            if likeness.mark is not None and likeness.mark >= (MARK_FOUND if proof.is_alike else MARK_NAMES):
                found[kept.picture] = likeness
                break
        return tuple(ranked(found.values()))


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


def _is_of_one_shape(query: Query, kept: Indexed) -> bool:
    across, down = _shown(kept.width, kept.height) / _shown(*query.picture.shape[1::-1])
    return bool(abs(np.log(across / down)) <= OF_ONE_SHAPE)


def _shown(width: int, height: int) -> NDArray[np.float64]:
    """(width, height) of a picture made LONGEST pixels long."""
    return np.array([width, height]) * LONGEST / max(width, height)


def _laid_over(
    query: Query, kept: Indexed, mirrored: bool, place: Placement, *, by_light: bool = False
) -> Proof | None:
    """The proof at a place. `by_light`: their light goes together there, so few parts may be too few to ask."""
    seen, reference = query.seen(mirrored), unpacked(kept.reference)
    found = compared(seen, reference, place.matrix)
    is_alike = _is_alike(found)
    if not _may_be(found) and _far(place.matrix, found.matrix):
        found = compared(seen, reference, place.matrix, settle=False)
    if not _may_be(found) and not (by_light and found.blocks < PARTS):
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
        found.filled * query.share,
        mirrored,
        -degrees if mirrored else degrees,
        scale,
        found.brighter,
        found.grey,
    )


def _far(one: Matrix, two: Matrix) -> bool:
    """Whether two places differ so much that the mark may be seen at one of them only."""
    corners = np.array([[0, 0, 1], [LONGEST, 0, 1], [0, LONGEST, 1]])
    return bool(np.abs(corners @ (one - two).T).max() > MOVED)


def _seen(
    query: Query, kept: Indexed, candidate: Candidate, marks: Marks | None, *, also_whole: bool
) -> Likeness | None:
    """The likeness with a candidate: by its parts, or by fewer of them where the record's faint mark is found.

    `also_whole`: where no points find a place, the query is laid over it as a whole, and then only its mark counts.
    """
    proof, needs_mark = None, candidate.needs_mark
    if candidate.by is Proposal.POINTS:
        proof = proved(query, kept, candidate.mirrored)
    if proof is None and (candidate.by is Proposal.WHOLE or (also_whole and marks is not None)):
        proof = proved_whole(query, kept, candidate.mirrored)
        needs_mark = needs_mark or candidate.by is Proposal.POINTS
    if proof is None:
        return None
    likeness = proof.likeness if marks is None else _with_mark(query, kept, proof, marks)
    is_named = likeness.mark is not None and likeness.mark >= MARK_NAMES
    return likeness if is_named or (proof.is_alike and not needs_mark) else None


def _with_mark(query: Query, kept: Indexed, proof: Proof, marks: Marks) -> Likeness:
    """The likeness, and how far its mark stands out: at the place before the last step, where only that has it; and
    beside the record's own picture, where nothing else shows it.
    """
    likeness, before, key = proof.likeness, proof.before, marks.key
    size, mirrored = (kept.width, kept.height), likeness.mirrored
    seen, reference = query.seen(mirrored), unpacked(kept.reference)
    strength = strength_of_mark(seen, proof.matrix, reference, size, key, kept.picture)
    if strength < MARK_NAMES and _far(before.matrix, proof.matrix):
        other = strength_of_mark(seen, before.matrix, reference, size, key, kept.picture)
        if other >= max(strength, MARK_FOUND):
            there = compared(seen, reference, before.matrix, settle=False)
            return replace(_likeness(kept, before.points, there, query, mirrored), mark=other)
    if strength < MARK_NAMES and likeness.agree >= AGREE_OF_FEW_PARTS:
        strength = max(strength, marks.beside(seen, proof.matrix, kept.picture))
        if strength < MARK_FOUND and _far(before.matrix, proof.matrix):
            strength = max(strength, marks.beside(seen, before.matrix, kept.picture))
    return replace(likeness, mark=strength)


def joined(whole: Iterable[Likeness], panel: Iterable[Likeness]) -> tuple[Likeness, ...]:
    """Both, each picture once: as more of the file shows it, with the mark that stands out more."""
    found = {each.picture: each for each in whole}
    for each in panel:
        known = found.get(each.picture, each)
        marks = [one.mark for one in (known, each) if one.mark is not None]
        most = known if known.filled >= each.filled else each
        found[each.picture] = replace(most, mark=max(marks, default=None))
    return tuple(ranked(found.values()))


def ranked(found: Iterable[Likeness]) -> Iterator[Likeness]:
    """The likest first. A mark that was found decides; else light and colour, and where the next is about as like,
    none of the two is certain.
    """
    order = sorted(found, key=_rank)
    for place, each in enumerate(order):
        others = (other for other in order if other is not each)
        rivals = any(
            other.has_mark >= each.has_mark and other.detail > each.detail - APART for other in others
        )
        yield replace(each, sureness=Sureness.NEAR) if rivals or place > 0 else each


def _rank(likeness: Likeness) -> tuple[bool, float]:
    """Sorts the one whose mark is found first, then the likest."""
    return not likeness.has_mark, -likeness.detail


cv2.setNumThreads(1)
