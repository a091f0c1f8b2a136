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
from itertools import islice

import cv2
from PIL import Image

from provenance.lookup.alike import compared
from provenance.lookup.candidate import Candidate, Way
from provenance.lookup.copy_edits import Marks, Plain
from provenance.lookup.cuts import ANY_SIZE, SIZES_OF_CUTS, Codes, codes_of, near_cuts
from provenance.lookup.index_file import Indexed, IndexFile
from provenance.lookup.indexing import reference_of
from provenance.lookup.keypoints import FEWEST
from provenance.lookup.likeness import MARK_FOUND, MARK_NAMES, Likeness, Sureness
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.mark_reading import strength_of_mark
from provenance.lookup.postings import Postings
from provenance.lookup.proof import (
    AGREE_OF_FEW_PARTS,
    Proof,
    far_apart,
    likeness_at,
    proved,
    proved_cuts,
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
        return [*cuts, *_anywhere(voted)]

    def less_sure(self, query: Query) -> list[Candidate]:
        """The pictures with most votes, though it has few points."""
        voted = self._voted(query, SLID_OVER) if len(query.straight) >= FEWEST else []
        return [*(replace(each, needs_mark=True) for each in voted), *_anywhere(voted)]

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
        found = self.proofs(query, self.cut_from(query, candidates), key, found)
        if any(map(_marks, found)):
            return found
        far = query.from_afar()
        return self.proofs(far, self.less_sure(far), key, found)

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


def _seen(
    query: Query, kept: Indexed, candidate: Candidate, marks: Marks | None, *, also_whole: bool
) -> Likeness | None:
    """The likeness with a candidate: by its parts, or by fewer of them where the record's faint mark is found.

    `also_whole`: where no points find a place, the query is laid over it as a whole, and then only its mark counts.
    """
    for proof in _proofs(query, kept, candidate, also_whole=also_whole and marks is not None):
        likeness = proof.likeness if marks is None else _with_mark(query, kept, proof, marks)
        enough = MARK_FOUND if proof.is_alike and candidate.is_cut else MARK_NAMES
        is_named = likeness.mark is not None and likeness.mark >= enough
        needs_mark = candidate.needs_mark or (candidate.way is Way.POINTS and not proof.before.points)
        if is_named or (proof.is_alike and not needs_mark):
            return likeness
    return None


def _proofs(query: Query, kept: Indexed, candidate: Candidate, *, also_whole: bool) -> Iterator[Proof]:
    """Where the query may lie in the candidate, the likest first."""
    mirrored = candidate.mirrored
    if candidate.is_cut:
        sizes = SIZES_OF_CUTS if candidate.way is Way.CUT else ANY_SIZE
        yield from proved_cuts(query, kept, mirrored, sizes)
        return
    proof = proved(query, kept, mirrored) if candidate.way is Way.POINTS else None
    if proof is None and (candidate.way is Way.WHOLE or also_whole):
        proof = proved_whole(query, kept, mirrored)
    if proof is not None:
        yield proof


def _anywhere(voted: Iterable[Candidate]) -> list[Candidate]:
    return [replace(each, way=Way.ANYWHERE, needs_mark=True) for each in islice(voted, SLID_OVER)]


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
