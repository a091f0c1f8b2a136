"""Time stamps from a real authority: the openssl command line behind a small web server."""

import datetime
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from provenance.errors import TimeStampError, TimeStampRefused
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint, new_log_key
from provenance.proof.merkle import leaf_hash
from provenance.proof.timestamp import build_request, check_answer, read_roots, send, stamp, verify

KEY = new_log_key()
DATA = str(SignedCheckpoint.sign(Checkpoint(KEY.name, 1, leaf_hash(b"{}")), KEY)).encode()
CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = Root of a test
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamper]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256
signer_digest = sha256
accuracy = secs:1, millisecs:500
ess_cert_id_alg = sha256
"""


def openssl(folder: Path, line: str) -> bytes:
    return subprocess.run(["openssl", *line.split()], cwd=folder, capture_output=True, check=True).stdout


def make_authority(folder: Path) -> Path:
    (folder / "c.cnf").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("1000\n")
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config c.cnf"
    openssl(folder, f"req -x509 {key} -keyout root.key -out root.pem -days 2 -extensions root")
    openssl(folder, f"req -new {key} -subj /CN=stamper -keyout stamper.key -out stamper.csr")
    sign = "-CA root.pem -CAkey root.key -CAcreateserial -days 1 -extfile c.cnf -extensions stamper"
    openssl(folder, f"x509 -req -in stamper.csr {sign} -out stamper.pem")
    return folder


def answer(folder: Path, request: bytes) -> bytes:
    (folder / "query").write_bytes(request)
    key = "-signer stamper.pem -inkey stamper.key"
    openssl(folder, f"ts -reply -config c.cnf -section tsa -queryfile query {key} -out reply")
    return (folder / "reply").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def roots(authority):
    return read_roots((authority / "root.pem").read_bytes())


@pytest.fixture(scope="module")
def address(authority):
    """A server with one authority and several that misbehave, each under its path."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            data = {"/tsa": lambda: answer(authority, body), "/big": lambda: bytes(2_000_000)}.get(
                self.path, lambda: b"hello"
            )()
            code = {"/broken": 503, "/elsewhere": 302}.get(self.path, 200)
            self.send_response(code)
            if code == 302:
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/tsa")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture(scope="module")
def stamped(authority):
    return answer(authority, build_request(DATA).der)


def test_a_stamp_from_a_real_authority_says_when_and_who(address, roots):
    response = stamp(DATA, f"{address}/tsa")
    found = verify(response, DATA, roots)
    assert abs(datetime.datetime.now(datetime.UTC) - found.at) < datetime.timedelta(minutes=1)
    assert found.authority == "CN=stamper"
    assert found.policy == "1.2.3.4.1"
    assert found.accuracy == datetime.timedelta(seconds=1.5)


def test_openssl_agrees_with_what_we_kept(authority, stamped, tmp_path):
    (tmp_path / "checkpoint").write_bytes(DATA)
    (tmp_path / "checkpoint.tsr").write_bytes(stamped)
    root = authority / "root.pem"
    said = openssl(tmp_path, f"ts -verify -data checkpoint -in checkpoint.tsr -CAfile {root}")
    assert b"OK" in said


def test_a_stamp_of_one_checkpoint_does_not_pass_for_another(stamped, roots):
    with pytest.raises(TimeStampError, match="Mismatch"):
        verify(stamped, DATA + b"\n", roots)


def test_an_answer_to_another_request_is_not_kept(stamped):
    with pytest.raises(TimeStampError, match="another request"):
        check_answer(stamped, build_request(DATA))


def test_an_answer_with_the_right_nonce_for_other_bytes_is_not_kept(authority):
    request = build_request(DATA)
    swapped = request.der.replace(request.digest, bytes(32))
    with pytest.raises(TimeStampError, match="another request"):
        check_answer(answer(authority, swapped), request)


def test_an_authority_that_nobody_named_is_not_believed(stamped, tmp_path):
    stranger = read_roots((make_authority(tmp_path) / "root.pem").read_bytes())
    with pytest.raises(TimeStampError, match="does not hold"):
        verify(stamped, DATA, stranger)
    with pytest.raises(TimeStampError, match="no authority's root"):
        verify(stamped, DATA, [])


def test_every_changed_byte_of_a_stamp_is_noticed(stamped, roots):
    for place in range(0, len(stamped), 7):
        changed = bytearray(stamped)
        changed[place] ^= 1
        try:
            found = verify(bytes(changed), DATA, roots)
        except TimeStampError:
            continue
        # A few bytes are under no signature, such as the status: then nothing that we say changes.
        assert found == verify(stamped, DATA, roots)


@pytest.mark.parametrize("data", [b"", b"hello", bytes(100), b"\x30\x80"])
def test_what_is_no_time_stamp_is_refused(data, roots):
    with pytest.raises(TimeStampError):
        verify(data, DATA, roots)


def test_an_authority_that_refuses_is_told_apart(authority):
    sha256, sha384 = (bytes.fromhex("60864801650304020" + last) for last in "12")
    refused = answer(authority, build_request(DATA).der.replace(sha256, sha384))
    with pytest.raises(TimeStampRefused, match="refused"):
        check_answer(refused, build_request(DATA))


@pytest.mark.parametrize(
    ("path", "match"),
    [
        ("/broken", "503"),
        ("/elsewhere", "302"),
        ("/big", "more than"),
    ],
)
def test_a_server_that_gives_no_answer_may_later(address, path, match):
    with pytest.raises(TimeStampRefused, match=match):
        stamp(DATA, address + path)


def test_a_server_that_answers_something_else_is_no_authority(address):
    with pytest.raises(TimeStampError, match="no time stamp"):
        stamp(DATA, f"{address}/hello")


def test_nobody_there_may_be_there_later():
    with pytest.raises(TimeStampRefused, match="could not be reached"):
        stamp(DATA, "http://127.0.0.1:9/", timeout=2)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/", "", "example.com", "http://", "http://[x"]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(TimeStampError):
        send(build_request(DATA), url)


def test_nothing_and_no_certificates_are_refused():
    with pytest.raises(TimeStampError, match="nothing to stamp"):
        build_request(b"")
    with pytest.raises(TimeStampError, match="no certificates"):
        read_roots(b"hello")
