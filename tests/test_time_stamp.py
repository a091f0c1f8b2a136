"""RFC 3161 time stamps from a real authority (openssl on this machine), and what happens when there is none."""

import http.server
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import encypher_c2pa
import pytest
from credential_samples import file, paint, record, signer, trust
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provenance.credentials import signing
from provenance.credentials.chain import Verdict
from provenance.credentials.reader import read_chain
from provenance.credentials.trust import Trust
from provenance.inspection import inspect

CONFIG = """
[tsa]
default_tsa = main
[main]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class Authority:
    url: str
    root: str
    down: threading.Event  # set: it answers 503


def certificates(folder: Path) -> str:
    """A root and a certificate for time stamping under it; gives the root."""
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    now, pem = datetime.now(UTC), serialization.Encoding.PEM

    def made(common: str, number: int) -> x509.CertificateBuilder:
        def name(text: str) -> x509.Name:
            return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Clock"),
                              x509.NameAttribute(NameOID.COMMON_NAME, text)])  # fmt: skip

        return (
            x509.CertificateBuilder()
            .subject_name(name(common)).issuer_name(name("root"))
            .public_key(keys[number].public_key()).serial_number(number + 1)
            .not_valid_before(now - timedelta(days=2)).not_valid_after(now + timedelta(days=90))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(keys[number].public_key()), critical=False)
        )  # fmt: skip

    root = (
        made("root", 0)
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .sign(keys[0], hashes.SHA256())
    )
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key())
    leaf = (
        made("clock", 1)
        .add_extension(x509.BasicConstraints(False, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(above, critical=False)
        .sign(keys[0], hashes.SHA256())
    )
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    (folder / "clock.pem").write_bytes(leaf.public_bytes(pem))
    secret = keys[1].private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    (folder / "serial").write_text("01\n")
    (folder / "config").write_text(CONFIG.format(folder=folder))
    return root.public_bytes(pem).decode()


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    root, down = certificates(tmp_path), threading.Event()

    class Clock(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if down.is_set():
                self.send_error(503)
                return
            query = tmp_path / "query"
            query.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            reply = subprocess.run(
                ["openssl", "ts", "-reply", "-config", tmp_path / "config", "-section", "main", "-queryfile", query,
                 "-signer", tmp_path / "clock.pem", "-inkey", tmp_path / "key.pem"],
                capture_output=True, check=True,
            ).stdout  # fmt: skip
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Clock) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Authority(f"http://127.0.0.1:{server.server_port}/", root, down)
        server.shutdown()


def test_a_signature_is_stamped_with_the_time(authority: Authority) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=authority.url)
    assert signed.time_stamped
    chain = read_chain(signed.data, trust=Trust(trust().pem + authority.root))
    assert chain.verdict is Verdict.INTACT_KNOWN and not chain.reasons
    step = chain.file
    assert step is not None and step.signer is not None and step.signer.time is not None
    stamped = datetime.fromisoformat(step.signer.time)
    assert abs(datetime.now(UTC) - stamped) < timedelta(minutes=5)


def test_another_makers_validator_accepts_the_stamp(authority: Authority) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=authority.url)
    report = encypher_c2pa.verify(
        signed.data, "image/png", trust_pem=signer().root_pem, tsa_trust_pem=authority.root,
        no_default_trust=True, telemetry=False,
    )  # fmt: skip
    assert report["validation_state"] == "Trusted"
    assert "timeStamp.trusted" in {each["code"] for each in report["validation_results"]["success"]}


def test_a_stamp_of_an_authority_that_we_do_not_know_is_told(authority: Authority) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=authority.url)
    chain = read_chain(signed.data, trust=trust())
    assert chain.verdict is Verdict.INTACT_KNOWN
    assert [each.code for each in chain.reasons] == ["timeStamp.untrusted"]


def test_only_a_clock_that_we_know_proves_a_time(authority: Authority) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=authority.url).data

    def said(data: bytes, known: Trust) -> str:
        findings = inspect(data, trust=known, ledger=None).findings
        (words,) = [each.words for each in findings if each.about == "time"]
        return words

    assert said(signed, Trust(trust().pem + authority.root)).startswith(
        "A time-stamp authority that we know saw"
    )
    assert said(signed, trust()).startswith("Somebody who is not known here stamped the signature at 20")
    assert said(signed, trust()).endswith("that time is not proved.")
    assert said(record(file()).data, trust()).startswith("No time stamp")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "no address", "http://name.invalid/"])
def test_an_authority_that_is_down_never_stops_a_picture(url: str) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=url)
    assert not signed.time_stamped
    assert read_chain(signed.data, trust=trust()).verdict is Verdict.INTACT_KNOWN


def test_an_authority_that_never_answers_never_stops_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "TSA_PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert not paint(record(file()).data, file(seed=3), tsa_url=url).time_stamped
