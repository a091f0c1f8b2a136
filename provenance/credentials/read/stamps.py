"""Time stamps beside a signature: who gave one, at what time, and whether we know them. Checked by us.

The library checks that a stamp is whole and is for this signature; that is its code `timeStamp.validated`. Whose it is
we do not take from it: to claims of version 1 it says "trusted" whoever stamped them (c2pa-rs 2317), and it keeps one
pool of authorities for signatures and stamps alike. So the stamp is read here again (RFC 3161), and the certificate
that signed it has to lead to an authority that we know for time stamps, by certificates that were valid at its time.

    sigTst    version 1: an answer (TimeStampResp) over the claim
    sigTst2   version 2: a token (TimeStampToken) over the signature's value
"""

import functools
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

import rfc3161_client as rfc3161
from cryptography import x509

from provenance.credentials.identity.certificate import subject_of
from provenance.credentials.identity.purposes import Purpose, valid_at
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Stamp
from provenance.credentials.read.cose import CoseSignature, byte_string, countersigned

STAMPS = frozenset({"sigTst", "sigTst2"})
_CERTIFICATES = 0xA0  # the tag of SignedData.certificates
_GRANTED = b"\x30\x03\x02\x01\x00"  # PKIStatusInfo: status 0
_HASHES = {
    "2.16.840.1.101.3.4.2.1": hashlib.sha256,
    "2.16.840.1.101.3.4.2.2": hashlib.sha384,
    "2.16.840.1.101.3.4.2.3": hashlib.sha512,
}


def stamp_of(signature: CoseSignature, claim: bytes | None, trust: Trust) -> Stamp | None:
    """The stamp beside a signature; None where there is none, or none that we can read and that is for it."""
    for name, payload in (("sigTst2", byte_string(signature.value)), ("sigTst", claim)):
        token = _token(signature, name)
        if token is not None and payload is not None:
            answer = token if name == "sigTst" else _sequence(_GRANTED + token)
            return _checked(answer, countersigned(signature, payload), trust)
    return None


def _token(signature: CoseSignature, name: str) -> bytes | None:
    """The only token under a name; two leave open which one counts."""
    held = signature.header.get(name)
    tokens = held.get("tstTokens") if isinstance(held, dict) else None
    if not isinstance(tokens, list) or len(tokens) != 1 or not isinstance(tokens[0], dict):
        return None
    value = tokens[0].get("val")
    return value if isinstance(value, bytes) else None


@functools.lru_cache(maxsize=512)
def _checked(answer: bytes, message: bytes, trust: Trust) -> Stamp | None:
    try:
        read = rfc3161.decode_timestamp_response(_in_der_order(answer))
        info = read.tst_info
        hashed = _HASHES[info.message_imprint.hash_algorithm.dotted_string](message).digest()
        if info.message_imprint.message != hashed:
            return None
        at = info.gen_time.replace(tzinfo=UTC)
        bag = [x509.load_der_x509_certificate(each) for each in read.signed_data.certificates]
        stamper = _stamper(read, bag)
    except Exception:  # noqa: BLE001 - odd tokens and certificates raise a dozen kinds of error; they prove no time
        return None
    if stamper is None:
        return None
    known_by = _known_by(stamper, bag, trust, at)
    return Stamp(at.isoformat(), subject_of(stamper), known_by)


def _stamper(read: rfc3161.TimeStampResponse, bag: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """The certificate that signed the stamp; None where two could be meant."""
    signers = list(read.signed_data.signer_infos)
    if len(signers) != 1:
        return None
    wanted = (signers[0].issuer, signers[0].serial_number)
    found = [each for each in bag if (each.issuer, each.serial_number) == wanted]
    return found[0] if len(found) == 1 else None


def _known_by(stamper: x509.Certificate, bag: Sequence[x509.Certificate], trust: Trust, at: datetime) -> str:
    """The name of the list that knows the authority behind a stamp; "" where none does."""
    if not valid_at(stamper, at):
        return ""
    return trust.known_by(stamper, bag, Purpose.TIME_STAMPS, at)


def _sequence(content: bytes) -> bytes:
    """Bytes as an ASN.1 sequence."""
    size = len(content)
    if size < 128:
        return b"\x30" + bytes([size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return b"\x30" + bytes([0x80 | len(length)]) + length + content


def _in_der_order(answer: bytes) -> bytes:
    """The answer with its certificates sorted, as DER wants a set; many authorities write them leaf first.

    They are not covered by any signature, and our reader of time stamps takes nothing but DER.
    """
    _, token = _items(answer, *_content(answer, 0))[:2]
    signed_data = _items(answer, *_content(answer, token[0]))[1]
    fields = _items(answer, *_content(answer, _content(answer, signed_data[0])[0]))
    for start, _ in fields:
        if answer[start] == _CERTIFICATES:
            low, high = _content(answer, start)
            ordered = sorted(answer[first:last] for first, last in _items(answer, low, high))
            return answer[:low] + b"".join(ordered) + answer[high:]
    return answer


def _items(data: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Where each ASN.1 item in a range begins and ends; ValueError where they do not fill it."""
    found: list[tuple[int, int]] = []
    while start < end:
        _, stop = _content(data, start)
        if stop > end:
            raise ValueError("an item is longer than what holds it")
        found.append((start, stop))
        start = stop
    return found


def _content(data: bytes, start: int) -> tuple[int, int]:
    """Where the content of the item that begins at `start` begins and ends."""
    first = data[start + 1]
    if first < 0x80:
        return start + 2, start + 2 + first
    width = first & 0x7F
    if not 0 < width <= 4:
        raise ValueError("an item without a length")
    low = start + 2 + width
    return low, low + int.from_bytes(data[start + 2 : low], "big")
