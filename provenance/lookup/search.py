"""The look-up itself: a picture in, the pictures of the index that it looks like out, the likest first.

    1 key points of the query, as it is and mirrored          keypoints.py
    2 their words vote for pictures of the index              vocabulary.py, postings.py; all in memory
      and its whole is near some pictures' wholes             whole.py
      and, where none of those has its mark, their cuts,      cuts.py
      and again the words of the query seen from afar
    3 each candidate proved, by its points and their place    proof.py, keypoints.py
      and by its parts, laid over each other                  alike.py
    4 variants of one layout told apart by light and colour
    5 the faint mark read, beside the small reference         mark_reading.py
      where it is not found, beside the vault's own picture   copy_edits.py
    6 all of it for each panel of a collage                   panels.py

Votes propose and never decide. A picture without texture is not indexed, and asked about one is found with its mark
alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import cv2
from PIL import Image

from provenance.lookup.alike import compared
from provenance.lookup.candidate import Candidate, Way
from provenance.lookup.copy_edits import Marks, Plain
from provenance.lookup.cuts import ANY_SIZE, SIZES_OF_CUTS, Codes, codes_of, near_cuts, slid
from provenance.lookup.index_file import Indexed, IndexFile
from provenance.lookup.indexing import REFERENCE, reference_of
from provenance.lookup.keypoints import FEWEST, grey
from provenance.lookup.likeness import MARK_FOUND, MARK_NAMES, Likeness, Sureness
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.mark_reading import strength_of_mark
from provenance.lookup.postings import Postings
from provenance.lookup.proof import (
    AGREE_OF_FEW_PARTS,
    BY_LIGHT,
    Proof,
    far_apart,
    laid_over,
    likeness_at,
    proved,
    proved_whole,
)
from provenance.lookup.query import Query
from provenance.lookup.vocabulary import vocabulary
from provenance.lookup.whole import Wholes, nearest, wholes_of

CANDIDATES = 16  # pictures that are proved
UNPLACED = (
    2  # candidates of the query's proportions that are laid over it as wholes where no points found a place
)
SLID_OVER = 6  # pictures with most votes over which it is slid
TRIED, BESIDE = (
    16,
    6,
)  # places of all of them, and in how many the mark is read beside the vault's picture, too
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
                        self.pictures[owner], mirrored, Way.WHOLE, apart=apart, needs_mark=place > 0
                    )
                    near.setdefault((owner, mirrored), found)
        return sorted(near.values(), key=lambda each: each.apart)

    def cut_from(self, query: Query, voted: Iterable[Candidate] = ()) -> list[Candidate]:
        """The pictures that the query may be cut from, the nearest first; of those that were `voted` for, more."""
        voted = [each for each in voted if each.way is Way.POINTS]
        near = near_cuts(query.grey, self.cuts, {each.owner for each in voted})
        cuts = [
            Candidate(self.pictures[owner], mirrored, Way.CUT, apart=apart, needs_mark=True)
            for owner, mirrored, apart in near
        ]
        return [*cuts, *(replace(each, way=Way.ANYWHERE) for each in voted[:SLID_OVER])]

    def look_up(self, image: Image.Image, key: MarkKey | None = None) -> tuple[Likeness, ...]:
        """What the picture looks like, the likest first. With a `key`, each likeness says how far the faint mark of its
        record stands out; only with its mark is anything found that was cut and has no texture.
        """
        return self.answer(Query.of(image), key)

    def answer(self, query: Query, key: MarkKey | None) -> tuple[Likeness, ...]:
        """The same of a query, and of each of its panels."""
        found = self._answer(query, key)
        for panel in query.panels():
            found = joined(found, self._answer(panel, key))
        return found

    def _answer(self, query: Query, key: MarkKey | None) -> tuple[Likeness, ...]:
        candidates = self.candidates(query)
        found = self.proofs(query, candidates, key)
        if key is None or any(map(_marks, found)):
            return found
        # What is alike without its mark may lie a little elsewhere.
        names = {each.picture for each in found}
        alike = [replace(each, way=Way.ANYWHERE) for each in candidates if each.picture in names]
        cuts = [*alike, *self.cut_from(query, candidates)]
        found = self.slid_over(query, cuts, key, found)
        if any(map(_marks, found)):
            return found
        far = query.from_afar()
        voted = self._voted(far, SLID_OVER) if len(far.straight) >= FEWEST else []
        found = self.proofs(far, [replace(each, needs_mark=True) for each in voted], key, found)
        tried = {(each.picture, each.mirrored) for each in cuts if each.way is Way.ANYWHERE}
        more = [each for each in voted if (each.picture, each.mirrored) not in tried]
        return self.slid_over(far, [replace(each, way=Way.ANYWHERE) for each in more], key, found)

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
            if (each.way is Way.POINTS and failed >= GIVEN_UP) or _is_named(found.get(each.picture)):
                continue
            kept = self.file.get(each.picture)
            failed += 1
            # A file has one mark: where it was found, no further record's is sought for longer.
            plain = None if any(map(_marks, found.values())) or len(found) >= BESIDE else self.plain
            marks = None if key is None else Marks(key, plain)
            likeness = None if kept is None else _seen(query, kept, each, marks, also_whole=place < UNPLACED)
            if likeness is None:
                continue
            failed = 0
            other = found.get(each.picture)
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
        if any(map(_marks, found.values())):
            return tuple(before)
        places = []
        for each in {(each.picture, each.mirrored): each for each in candidates}.values():
            kept = self.file.get(each.picture)
            if kept is not None:
                sizes = SIZES_OF_CUTS if each.way is Way.CUT else ANY_SIZE
                light = query.light(each.mirrored)
                placed = slid(light, grey(reference_of(kept), REFERENCE), sizes)
                places += [(together, place, kept, each.mirrored) for place, together in placed]
        places.sort(key=lambda each: -each[0])
        for number, (together, place, kept, mirrored) in enumerate(places[:TRIED]):
            proof = laid_over(query, kept, mirrored, place, by_light=together >= BY_LIGHT)
            if proof is None:
                continue
            likeness = _with_mark(query, kept, proof, Marks(key, self.plain if number < BESIDE else None))
            if likeness.mark is not None and likeness.mark >= (MARK_FOUND if proof.is_alike else MARK_NAMES):
                found[kept.picture] = likeness
                break
        return tuple(ranked(found.values()))


def _seen(
    query: Query, kept: Indexed, candidate: Candidate, marks: Marks | None, *, also_whole: bool
) -> Likeness | None:
    """The likeness with a candidate: by its parts, or by fewer of them where the record's faint mark is found.

    `also_whole`: where no points find a place, the query is laid over it as a whole, and then only its mark counts.
    """
    proof, needs_mark = None, candidate.needs_mark
    if candidate.way is Way.POINTS:
        proof = proved(query, kept, candidate.mirrored)
    if proof is None and (candidate.way is Way.WHOLE or (also_whole and marks is not None)):
        proof = proved_whole(query, kept, candidate.mirrored)
        needs_mark = needs_mark or candidate.way is Way.POINTS
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
    seen, reference = query.seen(mirrored), reference_of(kept)
    strength = strength_of_mark(seen, proof.matrix, reference, size, key, kept.picture)
    if strength < MARK_NAMES and far_apart(before.matrix, proof.matrix):
        other = strength_of_mark(seen, before.matrix, reference, size, key, kept.picture)
        if other >= max(strength, MARK_FOUND):
            there = compared(seen, reference, before.matrix, settle=False)
            return replace(likeness_at(kept, before.points, there, query, mirrored), mark=other)
    if strength < MARK_NAMES and likeness.agree >= AGREE_OF_FEW_PARTS:
        strength = max(strength, marks.beside(seen, proof.matrix, kept.picture))
        if strength < MARK_FOUND and far_apart(before.matrix, proof.matrix):
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
