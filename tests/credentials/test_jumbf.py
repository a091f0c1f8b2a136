"""The certificates in a manifest store: found where there is one way to read it, left out where there are two."""

import struct

import pytest

from provenance.credentials.read.cose import signatures

LEAF, ROOT, OTHER = b"leaf" * 20, b"root" * 30, b"other" * 12


def certificates(store: bytes) -> dict[str, tuple[bytes, ...]]:
    return {label: signature.certificates for label, signature in signatures(store).items()}


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def labelled(label: str, *inner: bytes) -> bytes:
    return box(b"jumb", box(b"jumd", bytes(16) + b"\x03" + label.encode() + b"\0") + b"".join(inner))


def head(major: int, value: int) -> bytes:
    if value < 24:
        return bytes([major << 5 | value])
    return bytes([major << 5 | 25]) + struct.pack(">H", value)


def text(data: bytes) -> bytes:
    return head(2, len(data)) + data


def chain(*certificates: bytes) -> bytes:
    return head(4, len(certificates)) + b"".join(map(text, certificates))


def header(**entries: bytes) -> bytes:
    """A map from `k33` (a number) or `x5chain` (a text) to CBOR."""
    keys = {
        name: head(0, int(name[1:])) if name[0] == "k" else head(3, len(name)) + name.encode()
        for name in entries
    }
    return head(5, len(entries)) + b"".join(keys[name] + value for name, value in entries.items())


def cose(protected: bytes, unprotected: bytes = b"\xa0") -> bytes:
    return b"\xd2\x84" + text(protected) + unprotected + b"\xf6" + text(b"signature")


def store(*signatures: bytes, label: str = "urn:c2pa:a") -> bytes:
    boxes = [labelled("c2pa.signature", box(b"cbor", each)) for each in signatures]
    return labelled("c2pa", labelled(label, *boxes))


@pytest.mark.parametrize(
    "signature",
    [
        cose(header(k1=b"\x26", k33=chain(LEAF, ROOT))),  # version 2: protected
        cose(header(k1=b"\x26"), header(x5chain=chain(LEAF, ROOT))),  # version 1: not protected
        cose(header(k1=b"\x26"), header(k33=chain(LEAF, ROOT), sigTst=chain(OTHER))),
        cose(header(k1=b"\x26"), header(sigTst=chain(OTHER), k33=chain(LEAF, ROOT))),
    ],
)
def test_a_chain_is_found_in_either_header(signature: bytes) -> None:
    assert certificates(store(signature)) == {"urn:c2pa:a": (LEAF, ROOT)}


def test_a_single_certificate_is_a_chain_of_one() -> None:
    assert certificates(store(cose(header(k33=text(LEAF))))) == {"urn:c2pa:a": (LEAF,)}


@pytest.mark.parametrize(
    "signatures",
    [
        (cose(header(k33=chain(LEAF)), header(k33=chain(OTHER))),),
        (cose(header(k33=chain(LEAF)), header(x5chain=chain(OTHER))),),
        (cose(header(k33=chain(LEAF), x5chain=chain(OTHER))),),
        (cose(head(5, 2) + (head(0, 33) + chain(LEAF)) + (head(0, 33) + chain(OTHER))),),
        (cose(header(k33=chain(LEAF))), cose(header(k33=chain(OTHER)))),
    ],
    ids=["both headers", "two names", "two names in one", "a key twice", "two signatures"],
)
def test_what_can_be_read_in_two_ways_vouches_for_nobody(signatures: tuple[bytes, ...]) -> None:
    assert certificates(store(*signatures)) == {}


def test_a_label_twice_vouches_for_nobody() -> None:
    one = labelled("urn:c2pa:a", labelled("c2pa.signature", box(b"cbor", cose(header(k33=chain(LEAF))))))
    assert certificates(labelled("c2pa", one, one)) == {}
    assert certificates(labelled("c2pa", one)) == {"urn:c2pa:a": (LEAF,)}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\0\0\x08jumb",
        b"\0\0\0\x01jumb" + b"\xff" * 20,
        b"\xff\xff\xff\xffjumb" + b"x" * 40,
        store(b"\x9f" * 50),
        store(b"\xbb" + b"\xff" * 8),
        store(b"\x81" * 200),
        store(cose(b"\x5b" + b"\xff" * 8)),
        labelled("c2pa", *[labelled("c2pa")] * 50),
    ],
)
def test_bytes_that_make_no_sense_give_nothing(data: bytes) -> None:
    assert certificates(data) == {}
