"""What a signed file will tell anyone who has it, as the form is filled in: shown before it is signed.

The lines are those of the very statement that will be signed (provenance/credentials/sign/disclosure.py).
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from provenance.credentials.sign.disclosure import BY_DIGEST, NOTHING, Publication
from provenance.media.generators.generator_text import glance
from provenance.statement.canonical import Digest
from provenance.statement.credit import NOT_NAMED
from provenance.statement.statement import Input, InputRole, Resource
from provenance.statement.vocabulary import Relation
from provenance.tabs.look.fragments import fragment

_THEIR_WORDS = frozenset({"as the model was given it", "negative prompt", "credit line"})
_NO_PICTURE = Resource(Digest.of(b""), "application/octet-stream", 0, 1, 1)


def told_before(
    lines: Sequence[tuple[str, str]],
    publication: Publication,
    *,
    problem: str = "",
    kept: Sequence[str] = (),
    against: Sequence[str] = (),
) -> str:
    """What everybody will read, what is still missing, what speaks against it, and what stays in the record; HTML."""
    return fragment(
        "made_public",
        lines=[(heading, words, _theirs(heading, words)) for heading, words in lines],
        problem=problem,
        kept=kept,
        renamed=bool(publication.pseudonyms),
        against=against,
    )


def _theirs(heading: str, words: str) -> bool:
    """Whether the words of a line are what a person wrote: in no language they are told otherwise."""
    if heading.startswith("credit, "):
        return words != NOT_NAMED
    if heading == "prompt":
        return words not in {BY_DIGEST, NOTHING}
    return heading in _THEIR_WORDS


def places_kept(*places: object) -> list[str]:
    """Production, episode and shot, as far as they are filled in, and the stage: no file tells them."""
    said = [str(each) for each in places if str(each or "").strip()]
    return [*([f"where it belongs ({', '.join(said)})"] if said else []), "whether it is temporary or final"]


def given(path: str | None, role: InputRole, relation: Relation) -> Input:
    """An upload as a statement's input; a small square where there is none, or none that can be read."""
    try:
        data = _described(path, Path(path).stat().st_mtime_ns) if path else _NO_PICTURE
    except OSError:
        data = _NO_PICTURE
    return Input(role, relation, data)


@lru_cache(maxsize=16)
def _described(path: str, _written: int) -> Resource:
    """An upload by its bytes and its header: read once, though the form is asked at every key that is pressed."""
    data = Path(path).read_bytes()
    seen = glance(data)
    if seen is None:
        return _NO_PICTURE
    return Resource(Digest.of(data), seen.media_type, len(data), seen.width, seen.height)
