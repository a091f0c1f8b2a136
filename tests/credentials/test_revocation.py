"""Withdrawn certificates: asked about (OCSP) only where the host was named, and told."""

import base64
import datetime as dt
import http.server
import threading
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from credential_samples import file, png_chunks, record, with_good_checksums
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from provenance.credentials.identity.certificate import CLAIM_SIGNING, to_pem
from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.cose import byte_string, parse_signature
from provenance.credentials.read.jumbf import manifests_in, signature_of
from provenance.inspection.inspected import Inspection
from provenance.inspection.inspection import inspect

NOW = dt.datetime.now(dt.UTC)


def usage(*, sign: bool) -> x509.KeyUsage:
    return x509.KeyUsage(sign, False, False, False, False, not sign, not sign, False, False)


@dataclass
class Authority:
    """A root, the signer under it, and what the authority answers about that signer."""

    host: str = ""
    withdrawn: bool = False
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root_key, self.clerk_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        ca = x509.BasicConstraints(ca=True, path_length=None)
        self.root = (
            self.builder("root", self.root_key).add_extension(ca, critical=True)
            .add_extension(usage(sign=False), critical=True)
            .sign(self.root_key, hashes.SHA256())
        )  # fmt: skip
        self.clerk = (
            self.leaf("clerk", self.clerk_key, ExtendedKeyUsageOID.OCSP_SIGNING)
            .add_extension(x509.OCSPNoCheck(), critical=False)
            .sign(self.root_key, hashes.SHA256())
        )

    def signer(self) -> Identity:
        key = ec.generate_private_key(ec.SECP256R1())
        where = x509.UniformResourceIdentifier(f"http://{self.host}/")
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
        self.signing = (
            self.leaf("signer", key, ExtendedKeyUsageOID.EMAIL_PROTECTION, CLAIM_SIGNING)
            .add_extension(x509.AuthorityInformationAccess([access]), critical=False)
            .sign(self.root_key, hashes.SHA256())
        )
        return Identity(key, [self.signing, self.root], "es256", own=False)

    def builder(self, name: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        def full(common: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Studio Kita"),
                              x509.NameAttribute(NameOID.COMMON_NAME, common)])  # fmt: skip

        return (
            x509.CertificateBuilder().subject_name(full(name)).issuer_name(full("root"))
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(NOW - dt.timedelta(days=5)).not_valid_after(NOW + dt.timedelta(days=500))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )  # fmt: skip

    def leaf(
        self, name: str, key: ec.EllipticCurvePrivateKey, *uses: x509.ObjectIdentifier
    ) -> x509.CertificateBuilder:
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key())
        return (
            self.builder(name, key)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(usage(sign=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
            .add_extension(above, critical=False)
        )

    def answer(self) -> bytes:
        now = NOW.replace(tzinfo=None)
        gone = self.withdrawn
        built = ocsp.OCSPResponseBuilder().add_response(
            cert=self.signing, issuer=self.root, algorithm=hashes.SHA1(), this_update=now,
            cert_status=ocsp.OCSPCertStatus.REVOKED if gone else ocsp.OCSPCertStatus.GOOD,
            next_update=now + dt.timedelta(days=1),
            revocation_time=now - dt.timedelta(days=3) if gone else None,
            revocation_reason=x509.ReasonFlags.key_compromise if gone else None,
        )  # fmt: skip
        signed = built.responder_id(ocsp.OCSPResponderEncoding.HASH, self.clerk).certificates([self.clerk])
        return signed.sign(self.clerk_key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@pytest.fixture
def authority() -> Iterator[Authority]:
    told = Authority()

    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            ocsp.load_der_ocsp_request(base64.b64decode(urllib.parse.unquote(self.path.lstrip("/"))))
            reply = told.answer()
            self.send_response(200)
            self.send_header("Content-Type", "application/ocsp-response")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told.host = f"127.0.0.1:{server.server_port}"
        yield told
        server.shutdown()


def asked(authority: Authority, data: bytes, *, ask: bool) -> tuple[Inspection, str]:
    known = Trust().knowing(to_pem([authority.root]))
    told = inspect(data, trust=known.reaching([authority.host]) if ask else known, ledger=None)
    return told, " ".join(each.words for each in told.findings)


def test_nobody_is_asked_about_a_certificate_unless_the_host_is_named(authority: Authority) -> None:
    authority.withdrawn = True
    data = record(file(), identity=authority.signer()).data
    told, words = asked(authority, data, ask=False)
    assert told.chain.verdict is Verdict.INTACT_KNOWN and not authority.asked and "OCSP" not in words


def test_a_withdrawn_certificate_is_told(authority: Authority) -> None:
    data = record(file(), identity=authority.signer()).data
    authority.withdrawn = True
    told, words = asked(authority, data, ask=True)
    assert told.chain.verdict is Verdict.INTACT_UNKNOWN and authority.asked
    assert "signingCredential.ocsp.revoked" in {each.code for each in told.chain.reasons}
    # Whoever signed is no known signer by it, though a list of ours has the authority.
    assert told.chain.file is not None and told.chain.file.signer is not None
    assert told.chain.file.signer.standing == "with a certificate that does not count"
    assert "Signers known here" not in words


def test_a_question_that_nobody_answered_is_told(authority: Authority) -> None:
    data = record(file(), identity=authority.signer()).data
    known = Trust().knowing(to_pem([authority.root]))
    told = inspect(data, trust=known.reaching(["a.example"]), ledger=None)
    assert not authority.asked and told.chain.verdict is Verdict.INTACT_KNOWN
    assert any(each.words.startswith("Nobody answered whether") for each in told.findings)
    assert "Nobody answered" not in asked(authority, data, ask=True)[1]
    assert "Nobody answered" not in asked(authority, data, ask=False)[1]


def test_a_redirect_of_an_authority_is_not_followed(authority: Authority) -> None:
    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"http://{authority.host}/")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        real, authority.host = authority.host, f"127.0.0.1:{server.server_port}"
        data = record(file(), identity=authority.signer()).data
        authority.host = real
        told = inspect(
            data,
            trust=Trust().knowing(to_pem([authority.root])).reaching([f"127.0.0.1:{server.server_port}"]),
            ledger=None,
        )
        server.shutdown()
    assert not authority.asked
    assert any(each.words.startswith("Nobody answered whether") for each in told.findings)


def test_a_certificate_that_stands_is_told_to_have_been_asked_about(authority: Authority) -> None:
    data = record(file(), identity=authority.signer()).data
    told, words = asked(authority, data, ask=True)
    assert told.chain.verdict is Verdict.INTACT_KNOWN and "it was not withdrawn (OCSP)" in words


def bringing(data: bytes, answer: bytes) -> bytes:
    """The file with an answer beside its signature: nothing signs over that header, so whoever holds it can put one."""
    store = next(raw[8:-4] for kind, raw in png_chunks(data) if kind == b"caBX")
    ((box,),) = manifests_in(store).values()
    held = signature_of(box) or b""
    signature = parse_signature(held)
    assert signature is not None and set(signature.header) == {"pad"}
    told = b"\xa2\x65rVals\xa1\x68ocspVals\x81" + byte_string(answer) + b"\x63pad"

    def message(pad: int) -> bytes:
        header = told + byte_string(bytes(pad))
        return (
            b"\xd2\x84" + byte_string(signature.protected) + header + b"\xf6" + byte_string(signature.value)
        )

    new = next(each for each in map(message, range(len(held))) if len(each) == len(held))
    return with_good_checksums(data.replace(held, new))


@pytest.mark.parametrize("ask", [False, True])
def test_an_answer_that_came_with_the_file_is_not_told_as_one_that_was_asked_for(
    authority: Authority, ask: bool
) -> None:
    data = record(file(), identity=authority.signer()).data
    old = authority.answer()
    authority.withdrawn = True  # since then
    told, words = asked(authority, bringing(data, old), ask=ask)
    assert told.chain.verdict is Verdict.INTACT_KNOWN and not authority.asked
    said = "The file brings an answer of the authority that issued its certificate: it was not withdrawn when that was "
    assert f"{said}given (OCSP). Nobody was asked now." in words
    assert "was asked, and says" not in words and "Nobody answered" not in words


def test_a_withdrawal_that_came_with_the_file_is_told_and_one_by_another_authority_is_not(
    authority: Authority,
) -> None:
    data = record(file(), identity=authority.signer()).data
    authority.withdrawn = True
    told, _ = asked(authority, bringing(data, authority.answer()), ask=False)
    assert told.chain.verdict is Verdict.INTACT_UNKNOWN and not authority.asked
    assert "signingCredential.ocsp.revoked" in {each.code for each in told.chain.reasons}
    authority.clerk, authority.clerk_key = (other := Authority()).clerk, other.clerk_key
    told, words = asked(authority, bringing(data, authority.answer()), ask=False)
    assert told.chain.verdict is Verdict.INTACT_KNOWN and "OCSP" not in words and "withdrawn" not in words
