"""A real RFC 3161 time-stamp authority: the openssl command line, behind a small web server."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# The certificates are as C2PA wants them, too: key identifiers, an organisation, an issuer's name of its own.
_CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
O = Clock
CN = root
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamper]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
serial = {folder}/serial
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
signer_digest = sha256
accuracy = secs:1, millisecs:500
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True)
class StampAuthority:
    """Its keys, certificates and counter lie in `folder`."""

    folder: Path

    @property
    def root_file(self) -> Path:
        return self.folder / "root.pem"

    @property
    def root(self) -> str:
        return self.root_file.read_text()

    def answer(self, request: bytes) -> bytes:
        (self.folder / "query").write_bytes(request)
        openssl(
            self.folder,
            "ts -reply -config config -section tsa -queryfile query "
            "-signer stamper.pem -inkey stamper.key -out reply",
        )
        return (self.folder / "reply").read_bytes()


@dataclass(frozen=True)
class Clock:
    """An authority that is asked at `url`; while `down` is set it answers 503."""

    url: str
    authority: StampAuthority
    down: threading.Event

    @property
    def root(self) -> str:
        return self.authority.root


def openssl(folder: Path, line: str) -> bytes:
    return subprocess.run(["openssl", *line.split()], cwd=folder, capture_output=True, check=True).stdout


def make_authority(folder: Path) -> StampAuthority:
    folder.mkdir(exist_ok=True)
    (folder / "config").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("1000\n")
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config config"
    openssl(folder, f"req -x509 {key} -keyout root.key -out root.pem -days 2 -extensions root")
    openssl(folder, f"req -new {key} -subj /O=Clock/CN=stamper -keyout stamper.key -out stamper.csr")
    sign = "-CA root.pem -CAkey root.key -CAcreateserial -days 1 -extfile config -extensions stamper"
    openssl(folder, f"x509 -req -in stamper.csr {sign} -out stamper.pem")
    return StampAuthority(folder)


@contextmanager
def serve(authority: StampAuthority) -> Iterator[Clock]:
    """The authority at /, and servers that misbehave at /big, /broken, /elsewhere and /hello."""
    down, one_at_a_time = threading.Event(), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            code = 503 if down.is_set() else {"/broken": 503, "/elsewhere": 302}.get(self.path, 200)
            body = {"/big": bytes(2_000_000), "/hello": b"hello"}.get(self.path, b"")
            if self.path == "/" and code == 200:
                with one_at_a_time:
                    body = authority.answer(request)
            self.send_response(code)
            if code == 302:
                self.send_header("Location", f"http://127.0.0.1:{server.server_port}/")
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield Clock(f"http://127.0.0.1:{server.server_port}/", authority, down)
        server.shutdown()
