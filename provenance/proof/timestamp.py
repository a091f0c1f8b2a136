"""Time stamps (RFC 3161) over a signed checkpoint: somebody else's word for when a log held what it holds.

What is stamped is the SHA-256 of the checkpoint's file, as str(SignedCheckpoint) writes it. The answer stays
as it came (DER, a `.tsr` file), so that others check it without us:

    openssl ts -verify -data checkpoint.txt -in checkpoint.tsr -CAfile authority.pem

Only `send` uses the network, and only to the address that it is given.
"""

import datetime
import http.client
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import rfc3161_client as rfc3161
from cryptography import x509

from provenance.errors import TimeStampError, TimeStampRefused, why

TIMEOUT = 20.0  # seconds
MAX_ANSWER = 1_000_000  # bytes; one with three certificates has about 6,000
SENT, ANSWERED = "application/timestamp-query", "application/timestamp-reply"


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """What an authority attests: the stamped bytes existed at `at` (UTC, give or take `accuracy`)."""

    at: datetime.datetime
    accuracy: datetime.timedelta | None
    authority: str  # the signing certificate's name, RFC 4514
    policy: str  # OID


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it is sent (DER), and what the answer must repeat."""

    der: bytes
    digest: bytes
    nonce: int | None


def build_request(data: bytes) -> Request:
    """A request for a time stamp over `data`, with a fresh nonce. The authority learns the SHA-256 alone."""
    if not data:
        raise TimeStampError("there is nothing to stamp: the file is empty")
    builder = rfc3161.TimestampRequestBuilder().data(data).hash_algorithm(rfc3161.HashAlgorithm.SHA256)
    built = builder.build()
    return Request(built.as_bytes(), built.message_imprint.message, built.nonce)


def stamp(data: bytes, url: str, *, timeout: float = TIMEOUT) -> bytes:
    """A time stamp (DER) over `data` from the authority at `url`. Its signer is not checked: see `verify`."""
    request = build_request(data)
    response = send(request, url, timeout=timeout)
    check_answer(response, request)
    return response


def send(request: Request, url: str, *, timeout: float = TIMEOUT) -> bytes:
    """The authority's answer (DER), not checked yet. TimeStampRefused when there is none."""
    check_address(url)
    try:
        # S310 fears file: addresses; the scheme was checked above, and no redirect is followed.
        headers = {"Content-Type": SENT, "Accept": ANSWERED}
        post = urllib.request.Request(url, data=request.der, headers=headers)  # noqa: S310
        with urllib.request.build_opener(_NoRedirect).open(post, timeout=timeout) as answer:
            data: bytes = answer.read(MAX_ANSWER + 1)
    except urllib.error.HTTPError as error:
        raise TimeStampRefused(f"{url} answered {error.code} {error.reason}") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise TimeStampRefused(f"{url} could not be reached: {why(error)}") from error
    if len(data) > MAX_ANSWER:
        raise TimeStampRefused(f"{url} answered more than {MAX_ANSWER:,} bytes: that is no time stamp")
    return data


def check_address(url: str) -> None:
    """Raises TimeStampError unless this can be an authority's address."""
    if not url.lower().startswith(("http://", "https://")):
        raise TimeStampError(f"a time-stamping authority has an http or https address, not {url[:200]!r}")


def check_answer(response: bytes, request: Request) -> None:
    """Raises unless the answer grants just this request: its digest, its nonce."""
    info = _decode(response).tst_info
    if (info.message_imprint.message, info.nonce) != (request.digest, request.nonce):
        raise TimeStampError("the answer is to another request: its digest or its nonce differs")


def verify(response: bytes, data: bytes, roots: Sequence[x509.Certificate]) -> TimeStamp:
    """What the time stamp attests about `data`, where an authority under one of `roots` gave it. Offline."""
    answer = _decode(response)
    if not roots:
        raise TimeStampError(
            "no authority's root certificate was given: nobody is known to have stamped this"
        )
    builder = rfc3161.VerifierBuilder(roots=list(roots))
    try:
        builder.build().verify_message(answer, data)
        info = answer.tst_info
        return TimeStamp(
            at=info.gen_time.replace(tzinfo=datetime.UTC),
            accuracy=_length(info.accuracy),
            authority=_signer(answer),
            policy=info.policy.dotted_string,
        )
    except rfc3161.VerificationError as error:
        raise TimeStampError(f"this time stamp does not hold: {error}") from error
    except ValueError as error:
        raise TimeStampError(f"this time stamp cannot be read: {error}") from error


def read_roots(pem: bytes) -> list[x509.Certificate]:
    """The certificates of a PEM file."""
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as error:
        raise TimeStampError(f"these are no certificates in PEM form: {error}") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Nothing is sent to an address that nobody gave."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _decode(response: bytes) -> rfc3161.TimeStampResponse:
    try:
        answer = rfc3161.decode_timestamp_response(response)
        granted = rfc3161.PKIStatus(answer.status) in (
            rfc3161.PKIStatus.GRANTED,
            rfc3161.PKIStatus.GRANTED_WITH_MODS,
        )
    except ValueError as error:
        raise TimeStampError(f"this is no time stamp (RFC 3161): {error}") from error
    if not granted:
        raise TimeStampRefused(f"the authority refused: {answer.status_string or answer.status}")
    return answer


def _signer(answer: rfc3161.TimeStampResponse) -> str:
    """The name of the certificate that signed, as RFC 4514 writes it."""
    (signer,) = answer.signed_data.signer_infos
    for der in answer.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) == (signer.issuer, signer.serial_number):
            return certificate.subject.rfc4514_string()
    raise TimeStampError("the time stamp does not hold the certificate that signed it")


def _length(accuracy: rfc3161.Accuracy | None) -> datetime.timedelta | None:
    if accuracy is None:  # the field is optional (RFC 3161, 2.4.2)
        return None
    return datetime.timedelta(
        seconds=accuracy.seconds or 0, milliseconds=accuracy.millis or 0, microseconds=accuracy.micros or 0
    )
