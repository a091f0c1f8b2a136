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
from crash_driver import kill_at

from provenance.errors import StatementError
from provenance.release import webhook
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.release.webhook import GIVEN_UP, Courier
from provenance.settings import Settings, settings_from_environment
from provenance.statement.canonical import Digest
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
    open: threading.Event = field(default_factory=threading.Event)  # it answers nobody before

    def __post_init__(self) -> None:
        self.open.set()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
            found.news.set()
            assert found.open.wait(60)
            self.send_response(found.answers.pop(0) if found.answers else 200)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

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


def test_a_word_that_comes_at_the_end_of_a_round_is_waited_for(settings, monkeypatch):
    rounds, second, go = [], threading.Event(), threading.Event()

    def carry(self: Courier) -> bool:
        rounds.append(self)
        if len(rounds) == 1:
            self.wake()  # the word was written just now
        else:
            second.set()
            assert go.wait(60)
        return True

    monkeypatch.setattr(Courier, "carry", carry)
    monkeypatch.setattr(webhook, "AT_THE_END", 60.0)
    courier = Courier(settings.outbox, "http://127.0.0.1:9/hook", SECRET)
    courier.wake()
    assert second.wait(60)
    leaving = threading.Thread(target=courier.leave)
    leaving.start()
    leaving.join(0.2)
    assert leaving.is_alive()
    go.set()
    leaving.join(60)
    assert not leaving.is_alive()


def test_a_word_that_comes_while_another_process_sends_is_sent_too(settings, receiver):
    settings.outbox.mkdir(parents=True)
    (settings.outbox / "000000000001-pic-a.json").write_text("{}")
    receiver.open.clear()
    page, command = (Courier(settings.outbox, receiver.address, SECRET) for _ in range(2))
    said: dict[str, bool] = {}
    rounds = [
        threading.Thread(target=lambda: said.update(page=page.carry())),
        threading.Thread(target=lambda: said.update(command=command.carry())),
    ]
    rounds[0].start()
    assert receiver.news.wait(60)  # the page has read what there is, and waits for the receiver
    (settings.outbox / "000000000003-pic-b.json").write_text("{}")
    rounds[1].start()
    rounds[1].join(0.2)
    receiver.open.set()
    for each in rounds:
        each.join(60)
    assert said == {"page": False, "command": True}  # the page looks again: something came meanwhile
    assert [headers["webhook-id"] for headers, _ in receiver.heard] == ["pic-a", "pic-b"]


@pytest.mark.parametrize("point", ["released", "told", "linked"])
def test_a_picture_that_left_is_told_of_though_its_maker_was_killed(settings, layout, tmp_path, point):
    out = tmp_path / "signed.png"
    away = replace(settings, webhook="http://127.0.0.1:9/hook", webhook_secret=SECRET)
    kill_at(point, settings, layout, out, away.webhook)
    with open_archive(away) as archive:
        (made,) = archive.ledger.pictures()
        assert out.is_file() and made.output.digest == Digest.of_file(out)
        assert [each.partition("-")[2] for each in waiting(away)] == [f"{made.picture}.json"]


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
