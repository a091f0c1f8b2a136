"""Receipts (c2sp.org/tlog-proof): one text file that proves an entry of a log to somebody who has nothing else.

    c2sp.org/tlog-proof@v1
    extra eyJhbHNvIjpbXSwiZm9ybWF0IjoiZ2VuenUvcmVjZWlwdEB2MSIsImtleSI6…
    index 1
    hwDbTtOm1h9bC+9cNQk9RTP2rs9QuSaLuyE5GiOgpgE=

    genzu/1d9e5c2a74d5b1f0
    2
    IiAEtGyM4qWO2QVkJy8d8fTYXv/O4rPXJ7eo8gqcc5c=

    — genzu/1d9e5c2a74d5b1f0 5mUZ5p0m4uG1…

From above: our extra data (below), the entry's number, the inclusion proof from the leaf up, the checkpoint
as the log signed it. `extra` is base64 of canonical JSON (RFC 8785):

    {"also":[{"index":0,"leaf":"{…}","proof":["<base64>",…]},…],
     "format":"genzu/receipt@v1",
     "key":"<the log's key>",
     "leaf":"{\\"at\\":…,\\"body\\":…,\\"kind\\":\\"picture.requested\\",\\"seq\\":1}",
     "openings":[{"salt":"<64 hex digits>","value":"Mori Aoi"},…]}

`leaf` is the entry itself: its SHA-256 with a zero byte in front is the leaf hash. `also` are further entries
under the same checkpoint that it speaks of, such as the person's. An opening shows the text behind a
`{"private": "<hex>"}` of these entries: HMAC-SHA256(salt, value) is that hex.

>>> from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint, origin_of
>>> from provenance.proof.merkle import leaf_hash, nodes_of, inclusion_proof, root
>>> from provenance.proof.note import SigningKey, public_of
>>> log = SigningKey(origin_of(public_of(bytes(32))), bytes(32))
>>> leaves = [b'{"seq":0}', b'{"body":"a railway in the snow","seq":1}']
>>> hashes = [leaf_hash(each) for each in leaves]
>>> checkpoint = SignedCheckpoint.sign(Checkpoint(log.name, 2, root(hashes)), log)
>>> proof = tuple(inclusion_proof(1, 2, nodes_of(hashes)))
>>> text = str(Receipt(1, leaves[1], proof, checkpoint, log.verify_key))
>>> proved = verify(Receipt.parse(text))
>>> proved.entries[0].value["body"], proved.checkpoint.size, proved.key_known
('a railway in the snow', 2, False)
"""

from dataclasses import dataclass, replace

from provenance.errors import NoteError, ProofError, StatementError
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint, check_own_key
from provenance.proof.merkle import leaf_hash, verify_inclusion
from provenance.proof.note import VerifyKey, to_base64, unbase64
from provenance.statement.canonical import canonical, parse_canonical
from provenance.statement.commitment import Opening, Private
from provenance.statement.json_value import Json

HEADER = "c2sp.org/tlog-proof@v1"
FORMAT = "genzu/receipt@v1"
SUFFIX = ".tlog-proof"
MAX_RECEIPT = 4_000_000  # characters; one of a picture with ten people has about 10,000


@dataclass(frozen=True, slots=True)
class Included:
    """A further entry under the receipt's checkpoint, with its own inclusion proof."""

    index: int
    leaf: bytes
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """An entry and all that it takes to check it; str() is the file. Nothing is checked yet: see `verify`.

    What an opening says it is about is dropped: nobody signed that. `verify` says where its text stands.
    """

    index: int
    leaf: bytes
    proof: tuple[bytes, ...]
    checkpoint: SignedCheckpoint
    key: VerifyKey
    openings: tuple[Opening, ...] = ()
    also: tuple[Included, ...] = ()

    def __post_init__(self) -> None:
        if self.index < 0:
            raise ProofError(f"an entry's number is 0 or more, not {self.index}")
        numbers = [each.index for each in self.also]
        if numbers != sorted(set(numbers)) or self.index in numbers:
            raise ProofError("the further entries of a receipt are in order, each once")
        bare = tuple(Opening(Private(each.private.value, "", ""), each.salt) for each in self.openings)
        object.__setattr__(self, "openings", bare)

    @classmethod
    def parse(cls, text: str) -> "Receipt":
        """Accepts exactly what str() writes. For a file that was mailed or retyped, see `read_receipt`."""
        head, _, note = text.partition("\n\n")
        lines = head.split("\n")
        if lines[0] != HEADER or len(text) > MAX_RECEIPT:
            raise ProofError(f"a receipt begins with {HEADER}, this one with {lines[0][:80]!r}")
        if len(lines) < 3 or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
            raise ProofError("a receipt has a line 'extra …' and a line 'index …'; one is missing or cut")
        extra = _parse_extra(lines[1].removeprefix("extra "))
        receipt = cls(
            index=_number(lines[2].removeprefix("index ")),
            leaf=_text(extra, "leaf").encode(),
            proof=_hashes(list(lines[3:])),
            checkpoint=SignedCheckpoint.parse(note),
            key=VerifyKey.parse(_text(extra, "key")),
            openings=tuple(_parse_opening(each) for each in _list(extra, "openings")),
            also=tuple(_parse_included(each) for each in _list(extra, "also")),
        )
        if str(receipt) != text:
            raise ProofError("this receipt is not written in its one form: it was altered or retyped")
        return receipt

    def closed(self) -> "Receipt":
        """The same receipt without any name or text in it, to show to others."""
        return replace(self, openings=())

    def __str__(self) -> str:
        lines = [
            HEADER,
            f"extra {to_base64(_extra(self))}",
            f"index {self.index}",
            *map(to_base64, self.proof),
        ]
        return "\n".join(lines) + f"\n\n{self.checkpoint}"


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry that is in the log: its number and the JSON of its leaf."""

    index: int
    value: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Opened:
    """A text that an entry committed to. `place` is where, such as "body.name"."""

    index: int
    place: str
    value: str


@dataclass(frozen=True, slots=True)
class Proved:
    """What a receipt proves: these entries stood in the log of `key` when it signed `checkpoint`.

    `entries[0]` is the receipt's own. `key_known` False: the key came with the receipt. It is then the one
    that the log is named after, so it remains to compare the log's name with what its keeper publishes.
    """

    checkpoint: Checkpoint
    key: VerifyKey
    key_known: bool
    entries: tuple[Shown, ...]
    opened: tuple[Opened, ...]


def verify(receipt: Receipt, key: VerifyKey | None = None) -> Proved:
    """What the receipt proves; ProofError (a more exact one below it) when anything in it does not hold."""
    if key is None:
        check_own_key(receipt.key)
    elif key != receipt.key:
        raise NoteError(f"the receipt is of {receipt.key}, the key that was given is {key}")
    checkpoint = receipt.checkpoint.verify(receipt.key)
    every = (Included(receipt.index, receipt.leaf, receipt.proof), *receipt.also)
    for each in every:
        verify_inclusion(each.index, checkpoint.size, leaf_hash(each.leaf), each.proof, checkpoint.root)
    entries = tuple(_shown(each) for each in every)
    sealed = {hexes: (entry.index, place) for entry in entries for place, hexes in _sealed(entry.value)}
    opened = []
    for opening in receipt.openings:
        if opening.commitment not in sealed:
            raise ProofError("the receipt shows a text that none of its entries commits to: it was altered")
        opened.append(Opened(*sealed[opening.commitment], opening.private.value))
    return Proved(checkpoint, receipt.key, key is not None, entries, tuple(opened))


def read_receipt(data: bytes) -> Receipt:
    """The receipt in a file, whatever mail and editors did to its line ends. Nothing is checked yet."""
    return Receipt.parse(tidy(data))


def tidy(data: bytes) -> str:
    """The text of a file with one newline after each line: no byte order mark, no CR, no blank ends."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProofError("this file is not UTF-8 text") from error
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"


def _shown(each: Included) -> Shown:
    try:
        value = parse_canonical(each.leaf)
    except StatementError as error:
        raise ProofError(f"entry {each.index} cannot be read: {error}") from error
    if not isinstance(value, dict) or (type(value.get("seq")), value.get("seq")) != (int, each.index):
        raise ProofError(f"entry {each.index} does not state its own number")
    return Shown(each.index, value)


def _sealed(value: Json) -> list[tuple[str, str]]:
    """Every commitment in an entry, and where it stands."""
    found, waiting = [], [("", value)]  # no recursion: a stranger's JSON may be as deep as it likes
    while waiting:
        place, each = waiting.pop()
        if isinstance(each, dict):
            sealed = each.get("private")
            if isinstance(sealed, str) and len(each) == 1:
                found.append((place, sealed))
            else:
                waiting += [(f"{place}.{name}" if place else name, one) for name, one in each.items()]
        elif isinstance(each, list):
            waiting += [(f"{place}[{number}]", one) for number, one in enumerate(each)]
    return found


def _extra(receipt: Receipt) -> bytes:
    openings: list[Json] = [
        {"salt": each.salt.hex(), "value": each.private.value} for each in receipt.openings
    ]
    also: list[Json] = [
        {"index": each.index, "leaf": each.leaf.decode(), "proof": [to_base64(one) for one in each.proof]}
        for each in receipt.also
    ]
    return canonical(
        {
            "also": also,
            "format": FORMAT,
            "key": str(receipt.key),
            "leaf": receipt.leaf.decode(),
            "openings": openings,
        }
    )


def _parse_extra(text: str) -> dict[str, Json]:
    data = unbase64(text)
    if data is None:
        raise ProofError("the line 'extra …' of this receipt is not base64: it was altered or cut")
    try:
        extra = parse_canonical(data)
    except StatementError as error:
        raise ProofError(f"the extra data of this receipt cannot be read: {error}") from error
    if not isinstance(extra, dict) or extra.get("format") != FORMAT:
        raise ProofError(f"this proof carries no {FORMAT}: not a receipt of ours, or a later one")
    return extra


def _parse_opening(value: Json) -> Opening:
    if not isinstance(value, dict):
        raise ProofError("an opening in this receipt is not an object")
    try:
        salt = bytes.fromhex(_text(value, "salt"))
    except ValueError as error:
        raise ProofError("a salt in this receipt is not hexadecimal") from error
    return Opening(Private(_text(value, "value"), "", ""), salt)


def _parse_included(value: Json) -> Included:
    if not isinstance(value, dict):
        raise ProofError("a further entry in this receipt is not an object")
    index = value.get("index")
    if not isinstance(index, int) or isinstance(index, bool):
        raise ProofError("a further entry in this receipt has no number")
    return Included(index, _text(value, "leaf").encode(), _hashes(_list(value, "proof")))


def _hashes(values: list[Json] | list[str]) -> tuple[bytes, ...]:
    found = [unbase64(each) if isinstance(each, str) else None for each in values]
    if None in found:
        raise ProofError("a hash in this receipt is not base64: it was altered or cut")
    return tuple(each for each in found if each is not None)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 19:
        raise ProofError(f"an entry's number is written in digits, not {text[:40]!r}")
    return int(text)


def _text(value: dict[str, Json], name: str) -> str:
    found = value.get(name)
    if not isinstance(found, str):
        raise ProofError(f"this receipt states no {name}")
    return found


def _list(value: dict[str, Json], name: str) -> list[Json]:
    found = value.get(name)
    if not isinstance(found, list):
        raise ProofError(f"this receipt has no list of {name}")
    return found
