"""Credentials that are kept on a server: never fetched by themselves, and only from hosts that were named."""

import http.server
import io
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import c2pa
import pytest
from credential_samples import file, signer, trust

from provenance.credentials.chain import Verdict
from provenance.credentials.reader import read_chain
from provenance.credentials.trust import Trust, context
from provenance.errors import IdentityError


@dataclass
class Server:
    host: str
    store: bytes = b""
    asked: list[str] = field(default_factory=list)
    elsewhere: str = ""


@pytest.fixture
def servers() -> Iterator[tuple[Server, Server]]:
    """Two servers; the first one sends whoever asks for /moved to the second."""
    made: list[Server] = []
    running = []
    for _ in range(2):
        server = Server("")

        class Answers(http.server.BaseHTTPRequestHandler):
            told = server

            def do_GET(self) -> None:
                self.told.asked.append(self.path)
                if self.path == "/moved":
                    self.send_response(302)
                    self.send_header("Location", f"http://{self.told.elsewhere}/store")
                    self.end_headers()
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(self.told.store)))
                self.end_headers()
                self.wfile.write(self.told.store)

            def log_message(self, *_: object) -> None:
                pass

        http_server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        threading.Thread(target=http_server.serve_forever, daemon=True).start()
        running.append(http_server)
        server.host = f"127.0.0.1:{http_server.server_port}"
        made.append(server)
    made[0].elsewhere = made[1].host
    yield made[0], made[1]
    for each in running:
        each.shutdown()


def kept_at(address: str) -> tuple[bytes, bytes]:
    """A picture that names an address for its credentials, and those."""
    kind = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation"
    actions = {"actions": [{"action": "c2pa.created", "digitalSourceType": kind}]}
    definition = {"format": "image/png", "assertions": [{"label": "c2pa.actions.v2", "data": actions}]}
    builder = c2pa.Builder(json.dumps(definition), context(Trust()))
    builder.set_no_embed()
    builder.set_remote_url(address)
    target = io.BytesIO()
    store = builder.sign(signer().signer(), "image/png", io.BytesIO(file()), target)
    return target.getvalue(), store


def test_nothing_is_fetched_by_itself(servers: tuple[Server, Server]) -> None:
    one, _ = servers
    picture, one.store = kept_at(f"http://{one.host}/store")
    chain = read_chain(picture, trust=trust())
    assert chain.verdict is Verdict.NOT_CHECKED and one.asked == []
    assert chain.reasons[0].code == "genzu.credentials.elsewhere"
    assert f"on the server {one.host}" in chain.reasons[0].words


def test_a_host_that_was_named_is_asked(servers: tuple[Server, Server]) -> None:
    one, _ = servers
    picture, one.store = kept_at(f"http://{one.host}/store")
    assert read_chain(picture, trust=trust().reaching([one.host])).verdict is Verdict.INTACT_KNOWN
    assert one.asked == ["/store"]


def test_no_other_host_is_asked_not_even_by_a_redirect(servers: tuple[Server, Server]) -> None:
    one, two = servers
    picture, two.store = kept_at(f"http://{two.host}/store")
    assert read_chain(picture, trust=trust().reaching([one.host])).verdict is Verdict.NOT_CHECKED
    moved, two.store = kept_at(f"http://{one.host}/moved")
    assert read_chain(moved, trust=trust().reaching([one.host])).verdict is Verdict.NOT_CHECKED
    assert (one.asked, two.asked) == (["/moved"], [])


@pytest.mark.parametrize(
    "host", ["", "http://a.example", "a.example/x", "*", "a b", "user@a.example", "[::1]"]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(IdentityError, match="a host is written"):
        Trust().reaching([host])
