"""The texts of HEIC and AVIF, which lie in them as items beside the pictures (ISO 14496-12 and 23008-12).

    pitm   which picture is shown
    infe   each item's type: Exif, or mime with its media type and, at times, how it is packed
    iloc   where its pieces lie: in the file, or in `idat`
    iref   cdsc: which picture a text describes; dimg: what one is put together from; thmb, auxl: what belongs to one

A text of the picture that is shown, or of nothing in particular, speaks of the file; one of another picture speaks of
that part. One of a thumbnail or a gain map is left out. Numbers are a stranger's word: no more than `MOST` pieces.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from provenance.media.containers.boxes import MOST, boxes

OTHER = "another picture in it"
EXIF, MIME = b"Exif", b"mime"
_XMP_TYPE = b"application/rdf+xml"
_IN_FILE, _IN_META = 0, 1


@dataclass(frozen=True, slots=True)
class Item:
    """A text. `packed`: the name of how; `part`: what of the file it speaks of, "" for all of it; `body`: None where it
    is kept in a way that is not read here.
    """

    kind: bytes
    packed: bytes
    part: str
    body: bytes | None


def text_items(data: bytes, held: Mapping[bytes, tuple[int, int]], most: int) -> Iterator[Item]:
    """The texts among the items of a `meta` box, whose own boxes are `held`: EXIF and XMP, each up to `most` bytes."""
    places = dict(_places(data, *held[b"iloc"]))
    about = _About(data, held)
    for number, kind, packed in _texts(data, *held[b"iinf"]):
        part = about.part(number)
        if part is not None:
            yield Item(kind, packed, part, _joined(data, held, places.get(number), most))


def _texts(data: bytes, at: int, end: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Of each item that is a text its number, its type and how it is packed."""
    for kind, start, stop in boxes(data, at + (6 if data[at] == 0 else 8), end):
        if kind != b"infe" or data[start] not in (2, 3):
            continue
        wide = 2 if data[start] == 2 else 4
        number, at_kind = int.from_bytes(data[start + 4 : start + 4 + wide]), start + 6 + wide
        what = data[at_kind : at_kind + 4]
        # Behind the type: the item's name, of a mime its media type and how it is packed, each ended by a zero.
        words = (*data[at_kind + 4 : stop].split(b"\0"), b"", b"", b"")
        if what == EXIF:
            yield number, what, b""
        elif what == MIME and words[1].strip().lower() == _XMP_TYPE:
            yield number, what, words[2].strip()


class _About:
    """Which picture a text describes."""

    def __init__(self, data: bytes, held: Mapping[bytes, tuple[int, int]]) -> None:
        links = _links(data, *held[b"iref"]) if b"iref" in held else {}
        main = _main(data, *held[b"pitm"]) if b"pitm" in held else None
        made_of = links.get(b"dimg", {})
        shown = _with_tiles(made_of, main)
        self._shown = shown | {number for number, parts in made_of.items() if main in parts}
        self._described = links.get(b"cdsc", {})
        self._belonging = {*links.get(b"thmb", {}), *links.get(b"auxl", {})}

    def part(self, text: int) -> str | None:
        """What of the file a text speaks of, "" for all of it; None where it speaks of no picture."""
        described = self._described.get(text, set())
        if not described or described & self._shown:
            return ""
        return None if described <= self._belonging else OTHER


def _main(data: bytes, at: int, end: int) -> int:
    return int.from_bytes(data[at + 4 : min(end, at + (8 if data[at] else 6))])


def _with_tiles(made_of: Mapping[int, set[int]], main: int | None) -> set[int]:
    found: set[int] = set()
    waiting = [] if main is None else [main]
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += made_of.get(number, ())
    return found


def _links(data: bytes, at: int, end: int) -> dict[bytes, dict[int, set[int]]]:
    """By the kind of a link, from each item to the others."""
    wide = 4 if data[at] else 2
    found: dict[bytes, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for kind, start, stop in boxes(data, at + 4, end):
        numbers = _numbers(data[start:stop], wide)
        if numbers:
            found[kind][numbers[0]].update(numbers[1:])
    return found


def _numbers(body: bytes, wide: int) -> list[int]:
    """The item that a link comes from, and those that it goes to; between them stands how many they are."""
    to = [int.from_bytes(body[at : at + wide]) for at in range(wide + 2, len(body) - wide + 1, wide)]
    return [int.from_bytes(body[:wide]), *to] if to else []


# Where an item lies: 0 in the file, 1 in `idat`, else elsewhere; and from where to where each of its pieces reaches.
_Place = tuple[int, list[tuple[int, int]]]


def _places(data: bytes, at: int, end: int) -> Iterator[tuple[int, _Place]]:
    version = data[at]
    offset_size, length_size = data[at + 4] >> 4, data[at + 4] & 15
    base_size, index_size = data[at + 5] >> 4, data[at + 5] & 15 if version else 0
    wide = 2 if version < 2 else 4
    at += 6

    def number(size: int) -> int:
        nonlocal at
        at += size
        return int.from_bytes(data[at - size : at])

    left = MOST
    for _ in range(min(number(wide), MOST)):
        if at >= end or left <= 0:
            return
        item = number(wide)
        where = number(2) & 15 if version else _IN_FILE
        number(2)
        base, many = number(base_size), min(number(2), left)
        left -= many
        pieces = []
        for _ in range(many):
            number(index_size)
            offset, length = base + number(offset_size), number(length_size)
            pieces.append((offset, offset + length))
        yield item, (where, pieces)


def _joined(
    data: bytes, held: Mapping[bytes, tuple[int, int]], place: _Place | None, most: int
) -> bytes | None:
    """The pieces of an item, one after the other; None where they lie elsewhere."""
    if (
        place is None
        or place[0] not in {_IN_FILE, _IN_META}
        or (place[0] == _IN_META and b"idat" not in held)
    ):
        return None
    begin, end = (0, len(data)) if place[0] == _IN_FILE else held[b"idat"]
    return b"".join(_within((data[begin + one : min(end, begin + two)] for one, two in place[1]), most))


def _within(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The first pieces that together are no longer than this."""
    for each in pieces:
        if most <= 0:
            return
        yield each[:most]
        most -= len(each)
