"""Credentials that are kept on a server: never fetched by themselves, and only from hosts that were named."""

import http.server
import io
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import c2pa
import pytest
from click.testing import CliRunner
from credential_samples import file, signer, trust

from provenance.commands.inspect import inspect_command
from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read import fetching
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import IdentityError
from provenance.settings import Settings


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


def test_inspect_asks_the_hosts_that_its_user_names(servers: tuple[Server, Server], tmp_path: Path) -> None:
    one, _ = servers
    data, one.store = kept_at(f"http://{one.host}/store")
    picture = tmp_path / "picture.png"
    picture.write_bytes(data)
    settings = Settings(home=tmp_path / "home")
    told = CliRunner().invoke(inspect_command, [str(picture)], obj=settings)
    assert told.exit_code == 2 and f"on the server {one.host}" in told.output and one.asked == []
    told = CliRunner().invoke(inspect_command, [str(picture), "--fetch", one.host], obj=settings)
    assert told.exit_code == 4 and f"they were read on the server {one.host}" in " ".join(told.output.split())
    assert one.asked == ["/store"]


def test_a_server_that_never_ends_fills_no_memory(
    servers: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "LIMIT", 100_000)
    one, _ = servers
    picture, one.store = kept_at(f"http://{one.host}/store")
    one.store += bytes(200_000)
    chain = read_chain(picture, trust=trust().reaching([one.host]))
    assert chain.verdict is Verdict.NOT_CHECKED and "more than 100,000 bytes" in chain.reasons[0].words


def test_a_server_that_never_answers_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        picture, _ = kept_at(f"http://{host}/store")
        chain = read_chain(picture, trust=trust().reaching([host]))
    assert chain.verdict is Verdict.NOT_CHECKED and "they were not fetched" in chain.reasons[0].words


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://a/b", "http://u:p@127.0.0.1:9/"])
def test_no_other_kind_of_address_is_asked(address: str) -> None:
    picture, _ = kept_at(address)
    chain = read_chain(picture, trust=trust().reaching(["127.0.0.1:9", "a"]))
    assert chain.verdict in {Verdict.NOT_CHECKED, Verdict.NO_CREDENTIALS} and not chain.steps


def test_a_host_is_the_same_in_capitals() -> None:
    assert Trust().reaching(["A.Example:8080"]).hosts == ("a.example:8080",)


@pytest.mark.parametrize(
    "host", ["", "http://a.example", "a.example/x", "*", "a b", "user@a.example", "[::1]"]
)
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(IdentityError, match="a host is written"):
        Trust().reaching([host])
