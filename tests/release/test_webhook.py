"""Word of a release: what is sent, that it is signed, that it comes again, and that nothing waits for it."""

import base64
import hashlib
import hmac
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from provenance.errors import StatementError
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.release.webhook import GIVEN_UP, Courier
from provenance.settings import Settings, settings_from_environment
from provenance.statement.credit import parse_credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType

SECRET = "a secret of the host, long enough"


@dataclass
class Receiver:
    """A receiver of webhooks; `answers` are its next status codes, then 200."""

    address: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    news: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.answers.pop(0) if found.answers else 200)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            found.news.set()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    found.address = f"http://127.0.0.1:{server.server_port}/hook"
    yield found
    server.shutdown()


def waiting(settings: Settings) -> list[str]:
    return sorted(each.name for each in settings.outbox.glob("*.json")) if settings.outbox.is_dir() else []


def recorded(archive: Archive, layout, out):
    job = Job(
        (parse_credit("layout: Mori Aoi"),), out, Project("Kita", "1", "c014"), note="not for strangers"
    )
    return record(archive, layout, job, source_type=SourceType.PRINT)


def told(settings: Settings, receiver: Receiver) -> Settings:
    return replace(settings, webhook=receiver.address, webhook_secret=SECRET)


def until_empty(settings: Settings) -> None:
    for _ in range(600):
        if not waiting(settings):
            return
        time.sleep(0.05)
    pytest.fail("the word was not carried away")


def test_a_release_is_told_with_its_ids_signed_and_with_nothing_private(settings, layout, tmp_path, receiver):
    settings = told(settings, receiver)
    with open_archive(settings) as archive:
        made = recorded(archive, layout, tmp_path / "signed.png")
    until_empty(settings)
    ((headers, body),) = receiver.heard
    said = json.loads(body)
    assert said == {
        "format": "genzu webhook 1", "type": "picture.released", "ledger": said["ledger"],
        "picture": made.record.picture, "requested": made.record.requested, "released": made.record.released,
        "digest": str(made.digest), "media_type": "image/png", "step": "record", "source_type": SourceType.PRINT.uri,
    }  # fmt: skip

    assert headers["webhook-id"] == made.record.picture
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    for private in ("Mori", "Kita", "c014", "strangers", str(tmp_path)):
        assert private not in body.decode()


def test_where_no_webhook_is_named_nothing_is_sent_or_kept(archive, layout, tmp_path):
    recorded(archive, layout, tmp_path / "signed.png")
    assert not archive.settings.outbox.exists()


def test_a_receiver_that_is_away_keeps_nobody_waiting_and_is_told_by_a_later_try(
    settings, layout, tmp_path, receiver
):
    away = replace(settings, webhook="http://127.0.0.1:9/hook", webhook_secret=SECRET)
    with open_archive(away) as archive:
        made = recorded(archive, layout, tmp_path / "signed.png")
    assert made.path.is_file() and len(waiting(away)) == 1
    receiver.answers = [500, 302]
    later = tmp_path / "later"  # as the next start finds it
    shutil.copytree(settings.outbox, later)
    courier = Courier(later, receiver.address, SECRET)
    assert [courier.carry() for _ in range(3)] == [False, False, True]
    assert [*later.glob("*.json")] == []
    # The same word each time, under the same id: a receiver can tell that it has it already. No redirect is followed.
    assert len({body for _, body in receiver.heard}) == 1 and len(receiver.heard) == 3
    assert len({headers["webhook-id"] for headers, _ in receiver.heard}) == 1


def test_after_three_days_it_stays_as_undelivered_and_the_others_go_on(settings, receiver):
    settings.outbox.mkdir(parents=True)
    for name, age in (("000000000001-pic-a", GIVEN_UP + 60), ("000000000003-pic-b", 0.0)):
        path = settings.outbox / f"{name}.json"
        path.write_text("{}")
        os.utime(path, (time.time() - age, time.time() - age))
    receiver.answers = [500]
    assert Courier(settings.outbox, receiver.address, SECRET).carry()
    assert [each.name for each in settings.outbox.glob("*.undelivered")] == ["000000000001-pic-a.undelivered"]
    assert [headers["webhook-id"] for headers, _ in receiver.heard] == ["pic-a", "pic-b"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"GENZU_WEBHOOK": "https://kita.example/hook"},
            "GENZU_WEBHOOK needs GENZU_WEBHOOK_SECRET, 24 characters",
        ),
        ({"GENZU_WEBHOOK": "file:///etc/passwd", "GENZU_WEBHOOK_SECRET": SECRET}, "is an https:// address"),
    ],
)
def test_a_webhook_that_nobody_could_trust_is_refused(given, words):
    with pytest.raises(StatementError, match=words):
        settings_from_environment(given)


def test_the_secret_is_not_shown(settings):
    assert SECRET not in repr(replace(settings, webhook="https://kita.example", webhook_secret=SECRET))
