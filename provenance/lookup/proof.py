"""Whether a query and a picture of the index show the same: where the one lies in the other, and what agrees there.

Two white sheets agree in everything, so with few parts that can be compared only the record's faint mark names it.
Thresholds were set on other sources than those that they are measured on (bench/lookup).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from provenance.lookup.alike import Agreement, compared
from provenance.lookup.index_file import Indexed
from provenance.lookup.indexing import reference_of
from provenance.lookup.keypoints import LONGEST, Keypoints, Matrix, Placement, placed
from provenance.lookup.likeness import FEW_PARTS, Likeness, Sureness
from provenance.lookup.query import Query

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
    proof = laid_over(query, kept, mirrored, place)
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
    return laid_over(query, kept, mirrored, place)


def _is_of_one_shape(query: Query, kept: Indexed) -> bool:
    across, down = _shown(kept.width, kept.height) / _shown(*query.picture.shape[1::-1])
    return bool(abs(np.log(across / down)) <= OF_ONE_SHAPE)


def _shown(width: int, height: int) -> NDArray[np.float64]:
    """(width, height) of a picture made LONGEST pixels long."""
    return np.array([width, height]) * LONGEST / max(width, height)


def laid_over(
    query: Query, kept: Indexed, mirrored: bool, place: Placement, *, by_light: bool = False
) -> Proof | None:
    """The proof at a place. `by_light`: their light goes together there, so few parts may be too few to ask."""
    seen, reference = query.seen(mirrored), reference_of(kept)
    found = compared(seen, reference, place.matrix)
    is_alike = _is_alike(found)
    if not _may_be(found) and far_apart(place.matrix, found.matrix):
        found = compared(seen, reference, place.matrix, settle=False)
    if not _may_be(found) and not (by_light and found.blocks < PARTS):
        return None
    return Proof(likeness_at(kept, place.points, found, query, mirrored), found.matrix, place, is_alike)


def _may_be(found: Agreement) -> bool:
    """Whether so much agrees that the record's faint mark, if it is found there, names it."""
    return found.agree >= (AGREE_WITH_MARK if found.blocks >= PARTS else AGREE_OF_FEW_PARTS)


def _is_alike(found: Agreement) -> bool:
    """Whether the two show the same, by their parts."""
    if found.blocks >= MANY_PARTS:
        return found.agree >= AGREE_OF_MANY
    return found.blocks >= PARTS and found.agree >= AGREE


def likeness_at(kept: Indexed, points: int, found: Agreement, query: Query, mirrored: bool) -> Likeness:
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


def far_apart(one: Matrix, two: Matrix) -> bool:
    """Whether two places differ so much that the mark may be seen at one of them only."""
    corners = np.array([[0, 0, 1], [LONGEST, 0, 1], [0, LONGEST, 1]])
    return bool(np.abs(corners @ (one - two).T).max() > MOVED)
