"""Public lists of authorities: fetched when asked, from a server of this test, and kept with their dates."""

import base64
import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from authorities import STAMPING, Guild, signed_by
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from full_disk import full_after
from stamp_authority import Clock

from provenance.commands.inspect import inspect_command
from provenance.commands.trust import trust as command
from provenance.credentials.identity.authorities import lists_folder
from provenance.credentials.identity.lists import SIGNERS_URL, TIME_STAMPS_URL, parse_list, read_lists
from provenance.credentials.identity.purposes import Purpose
from provenance.errors import IdentityError
from provenance.settings import Settings

ISSUED, DUE = "2026-11-26T00:12:13Z", "2099-02-24T00:12:13Z"


def lote(
    name: str, *certificates: x509.Certificate, issued: str = ISSUED, due: str = DUE, status: str = "trusted"
) -> bytes:
    """A list in the C2PA's own form."""
    services = [
        {
            "ServiceInformation": {
                "ServiceStatus": f"http://c2pa.org/conformance/trust-list/{status}",
                "ServiceDigitalIdentity": {
                    "X509Certificates": [{"val": base64.b64encode(each.public_bytes(Encoding.DER)).decode()}]
                },
            }
        }
        for each in certificates
    ]
    about = {"SchemeName": [{"lang": "en", "value": name}], "ListIssueDateTime": issued, "NextUpdate": due}
    entities = [{"TrustedEntityServices": services}]
    return json.dumps({"LoTE": {"ListAndSchemeInformation": about, "TrustedEntitiesList": entities}}).encode()


@dataclass
class Publisher:
    """Serves what `pages` holds, and counts who asked."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    host: str = ""

    def run(self, settings: Settings) -> Result:
        words = ["update", "--signers-url", f"http://{self.host}/signers.json"]
        words += ["--time-stamps-url", f"http://{self.host}/stamps.json"]
        return CliRunner().invoke(command, words, obj=settings)


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    told = Publisher()

    class Pages(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            body = told.pages.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        told.host = f"127.0.0.1:{server.server_port}"
        yield told
        server.shutdown()


@pytest.fixture
def maker() -> Guild:
    return Guild("Camera maker")


def serve_both(publisher: Publisher, maker: Guild, clock: Clock, **more: str) -> None:
    stamps = x509.load_pem_x509_certificate(clock.root.encode())
    publisher.pages["/signers.json"] = lote("C2PA Trust List", maker.root, **more)
    publisher.pages["/stamps.json"] = lote("C2PA TSA Trust List", stamps, **more)


def inspected(settings: Settings, path: Path) -> tuple[int, str]:
    done = CliRunner().invoke(inspect_command, [str(path)], obj=settings)
    return done.exit_code, " ".join(done.output.split())


def test_after_an_update_strangers_are_known_and_the_list_is_named(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock, tmp_path: Path
) -> None:
    path = tmp_path / "camera.png"
    path.write_bytes(signed_by(maker.signer("Camera"), kind="digitalCapture", tsa_url=clock.url))
    code, told = inspected(settings, path)
    assert code == 4 and "Somebody who is not known here stamped" in told
    assert "genzu trust update" in told
    serve_both(publisher, maker, clock)
    done = publisher.run(settings)
    assert done.exit_code == 0, done.output
    assert (
        "C2PA Trust List of 2026-11-26: 1 authorities for signers; the next one is due on 2099-02-24"
        in done.output
    )
    code, told = inspected(settings, path)
    assert code == 0
    assert "Signers known here: Camera maker, by C2PA Trust List of 2026-11-26." in told
    assert "A time-stamp authority that we know saw the signature" in told
    assert "by C2PA TSA Trust List of 2026-11-26" in told


def test_nothing_is_fetched_until_somebody_asks(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock, tmp_path: Path
) -> None:
    serve_both(publisher, maker, clock)
    (tmp_path / "a.png").write_bytes(signed_by(maker.signer()))
    inspected(settings, tmp_path / "a.png")
    CliRunner().invoke(command, ["list"], obj=settings)
    assert publisher.asked == []
    publisher.run(settings)
    assert publisher.asked == ["/signers.json", "/stamps.json"]


def test_each_list_counts_for_its_own_purpose_alone(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock, tmp_path: Path
) -> None:
    stamps = x509.load_pem_x509_certificate(clock.root.encode())
    publisher.pages["/signers.json"] = lote("C2PA Trust List", stamps)
    publisher.pages["/stamps.json"] = lote("C2PA TSA Trust List", maker.root)
    publisher.run(settings)
    (tmp_path / "a.png").write_bytes(signed_by(maker.signer(), tsa_url=clock.url))
    code, told = inspected(settings, tmp_path / "a.png")
    assert code == 4 and "Somebody who is not known here stamped" in told


def test_a_list_that_is_out_of_date_is_told_wherever_it_knows_somebody(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock, tmp_path: Path
) -> None:
    serve_both(publisher, maker, clock, issued="2026-01-01T00:00:00Z", due="2026-04-01T00:00:00Z")
    assert "out of date since 2026-04-01: `genzu trust update`" in publisher.run(settings).output
    listed = CliRunner().invoke(command, ["list"], obj=settings).output
    assert listed.count("out of date since 2026-04-01") == 2
    (tmp_path / "a.png").write_bytes(signed_by(maker.signer()))
    code, told = inspected(settings, tmp_path / "a.png")
    assert code == 0 and "C2PA Trust List of 2026-01-01, out of date since 2026-04-01" in told


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (None, "the server answered 404"),
        (b"", "the server answered nothing"),
        (b"<html>moved</html>", "neither a trust list nor PEM"),
        (b'{"LoTE": {}}', "no trust list that we can read"),
        (b'{"LoTE": {"ListAndSchemeInformation": {"SchemeName": []}}}', "no trust list that we can read"),
        (b'{"LoTE": ' * 3000, "no trust list that we can read"),
        (lote("Empty"), "names no authority for signers"),
        (lote("Withdrawn", Guild().root, status="withdrawn"), "names no authority for signers"),
        (lote("Dated", Guild().root, issued="yesterday"), "which is no time"),
    ],
)
def test_what_is_no_list_changes_nothing(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock, page: bytes | None, words: str
) -> None:
    serve_both(publisher, maker, clock)
    publisher.run(settings)
    kept = read_lists(lists_folder(settings))
    publisher.pages.pop("/signers.json")
    if page is not None:
        publisher.pages["/signers.json"] = page
    done = publisher.run(settings)
    assert isinstance(done.exception, IdentityError) and words in str(done.exception)
    assert read_lists(lists_folder(settings)) == kept


def test_an_older_list_never_takes_the_place_of_a_newer_one(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock
) -> None:
    serve_both(publisher, maker, clock)
    publisher.run(settings)
    serve_both(publisher, maker, clock, issued="2026-10-01T00:00:00Z")
    done = publisher.run(settings)
    assert "is older than C2PA Trust List of 2026-11-26" in str(done.exception)
    # Nor does one that does not say of when it is, from the same place.
    publisher.pages["/signers.json"] = maker.pem.encode()
    done = publisher.run(settings)
    assert "is older than C2PA Trust List of 2026-11-26" in str(done.exception)


def test_a_disk_that_is_full_leaves_the_list_before_and_a_trust_that_opens(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock
) -> None:
    serve_both(publisher, maker, clock)
    assert publisher.run(settings).exit_code == 0
    before = read_lists(lists_folder(settings))
    serve_both(publisher, Guild("Another maker"), clock, issued="2026-12-01T00:00:00Z")
    with full_after(300):
        failed = publisher.run(settings)
    assert isinstance(failed.exception, IdentityError) and "could not be written" in str(failed.exception)
    assert read_lists(lists_folder(settings)) == before
    assert CliRunner().invoke(command, ["list"], obj=settings).exit_code == 0
    assert publisher.run(settings).exit_code == 0
    assert read_lists(lists_folder(settings)) != before


@pytest.mark.parametrize("left", [".signers.json", ".genzu-x1y2.json"])
def test_what_a_kill_left_beside_the_lists_is_none_of_them(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock, left: str
) -> None:
    serve_both(publisher, maker, clock)
    publisher.run(settings)
    (lists_folder(settings) / left).write_text('{"format": "genzu tr')
    assert CliRunner().invoke(command, ["list"], obj=settings).exit_code == 0
    assert publisher.run(settings).exit_code == 0


def test_a_damaged_list_is_fetched_anew_as_the_error_says(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock
) -> None:
    serve_both(publisher, maker, clock)
    publisher.run(settings)
    (lists_folder(settings) / "signers.json").write_text('{"format": "genzu tr')
    said = CliRunner().invoke(command, ["list"], obj=settings)
    assert "`genzu trust update` fetches it anew" in str(said.exception)
    assert publisher.run(settings).exit_code == 0
    assert {each.purpose for each in read_lists(lists_folder(settings))} == {
        Purpose.SIGNERS,
        Purpose.TIME_STAMPS,
    }


def test_a_list_in_pem_has_no_date_and_says_so() -> None:
    guild, now = Guild(), datetime(2026, 11, 28, tzinfo=UTC)
    found = parse_list(guild.pem.encode(), Purpose.SIGNERS, "https://a.example/anchors.pem", now)
    assert found.titled == "anchors.pem, fetched 2026-11-28"
    assert found.stale_since(datetime(2026, 12, 28, tzinfo=UTC)) is None
    assert found.stale_since(datetime(2027, 3, 28, tzinfo=UTC)) is not None


def test_an_authority_for_something_else_is_not_taken_from_a_list() -> None:
    guild = Guild()
    stamper = guild.issue("TSA CA", ec.generate_private_key(ec.SECP256R1()), STAMPING, authority=True)
    now = datetime.now(UTC)
    with pytest.raises(IdentityError, match="names no authority for signers"):
        parse_list(lote("List", stamper), Purpose.SIGNERS, "a", now)
    assert parse_list(lote("List", stamper, guild.root), Purpose.SIGNERS, "a", now).pem == guild.pem
    assert parse_list(lote("List", stamper), Purpose.TIME_STAMPS, "a", now).pem.count("BEGIN") == 1


def test_a_list_can_be_forgotten(
    settings: Settings, publisher: Publisher, maker: Guild, clock: Clock, tmp_path: Path
) -> None:
    serve_both(publisher, maker, clock)
    publisher.run(settings)
    (tmp_path / "a.png").write_bytes(signed_by(maker.signer()))
    assert inspected(settings, tmp_path / "a.png")[0] == 0
    CliRunner().invoke(command, ["remove", "signers"], obj=settings)
    assert inspected(settings, tmp_path / "a.png")[0] == 4
    again = CliRunner().invoke(command, ["remove", "signers"], obj=settings)
    assert isinstance(again.exception, IdentityError)


def test_the_lists_come_from_the_c2pas_own_place_unless_told_otherwise() -> None:
    for each in (SIGNERS_URL, TIME_STAMPS_URL):
        assert each.startswith("https://raw.githubusercontent.com/c2pa-org/conformance-public/")
