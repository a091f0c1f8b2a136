"""The front door: what is let in, how often, and what each answer tells the browser."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from conftest import run_apart
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route, Router
from starlette.testclient import TestClient

from provenance.settings import Limits, Settings
from provenance.tabs.visits.door import BODY, Bucket, Door
from provenance.tabs.visits.pictures import COOKIE

PAGE = "<!doctype html><html lang='en'><body>" + "a page of some length " * 200 + "</body></html>"
made = []


async def front(_: Request) -> HTMLResponse:
    made.append(1)
    return HTMLResponse(PAGE)


async def taken(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def broken(_: Request) -> PlainTextResponse:
    raise KeyError("fn_index")


async def breaks_off(_: Request) -> StreamingResponse:
    async def pieces():
        yield "data: begun"
        raise KeyError("event_id")

    return StreamingResponse(pieces())


def client(settings: Settings, address: str = "203.0.113.5") -> TestClient:
    routes = [
        Route("/config", front),
        Route("/gradio_api/cancel", broken, methods=["POST"]),
        Route("/gradio_api/queue/data", breaks_off),
        Route("/genzu/broken", broken),
        Route("/genzu/p/{key}", front),
        Route("/", front),
        Route("/gradio_api/queue/join", taken, methods=["POST"]),
        Route("/gradio_api/upload", taken, methods=["POST"]),
    ]
    app = Router(routes)  # as in gradio's app, what a route raises comes back to the door
    door = Door(app, settings, lambda html, language: html.replace("'en'", f"'{language}'"), lambda _: "en")
    made.clear()
    return TestClient(door, client=(address, 1))


@pytest.fixture
def small(settings):
    return replace(settings, limits=Limits(size=1_000_000))


def test_the_page_is_made_once_sent_packed_and_not_sent_again_to_who_has_it(small):
    visitor = client(small)
    first = visitor.get("/", headers={"accept-encoding": "gzip"})
    assert first.text == PAGE and first.headers["content-encoding"] == "gzip"
    assert int(first.headers["content-length"]) < len(PAGE) / 4
    visitor.get("/")
    assert len(made) == 1
    again = visitor.get("/", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304 and not again.content
    plain = visitor.get("/", headers={"accept-encoding": "identity"})
    assert plain.text == PAGE and "content-encoding" not in plain.headers


def test_a_browser_is_given_a_word_of_its_own_once(small):
    visitor = client(small)
    word = visitor.get("/").cookies[COOKIE]
    assert len(word) >= 20
    assert COOKIE not in visitor.get("/").cookies
    assert client(small).get("/").cookies[COOKIE] != word


def test_each_answer_says_who_may_frame_it_and_that_it_is_what_it_says(small):
    for path in ("/", "/nothing"):
        headers = client(small).get(path).headers
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "huggingface" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin"
    hosted = client(replace(small, hosted=True)).get("/").headers["content-security-policy"]
    assert "frame-ancestors 'self' https://huggingface.co" in hosted


def test_a_body_is_refused_before_it_is_read_and_cut_off_where_its_size_was_not_told(small):
    visitor = client(small)
    assert visitor.post("/gradio_api/queue/join", content=b"x" * 1000).text == "1000"
    told = visitor.post("/gradio_api/queue/join", content=b"x" * (BODY + 1))
    assert told.status_code == 413 and "more than this server takes" in told.json()["error"]

    def pieces():
        for _ in range(40):
            yield b"x" * 100_000

    assert visitor.post("/gradio_api/queue/join", content=pieces()).status_code == 413
    assert visitor.post("/gradio_api/upload", content=pieces()).text == "4000000"
    assert visitor.post("/gradio_api/upload", content=b"x" * 4_000_001).status_code == 413


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": "http://testserver:81"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
    ],
)
def test_another_site_cannot_make_the_page_do_anything(small, headers):
    assert client(small).post("/gradio_api/queue/join", content=b"{}", headers=headers).status_code == 403
    assert client(small).get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"},
     {"origin": "https://kita.example", "x-forwarded-host": "kita.example"}],
)  # fmt: skip
def test_the_page_itself_and_programs_get_through(small, headers):
    assert client(small).post("/gradio_api/queue/join", content=b"{}", headers=headers).status_code == 200


def test_an_address_that_asks_without_end_is_asked_to_wait_and_another_one_is_not(small):
    hostile = client(small)
    hostile.app.events = Bucket(120, 0)
    codes = [hostile.post("/gradio_api/queue/join", content=b"{}").status_code for _ in range(200)]
    assert codes.count(200) == 120
    refused = hostile.post("/gradio_api/queue/join", content=b"{}")
    assert "wait a moment" in refused.json()["error"] and refused.headers["retry-after"]
    assert hostile.get("/").status_code == 200  # the page can still be read
    door = hostile.app
    other = TestClient(door, client=("198.51.100.7", 1))
    assert other.post("/gradio_api/queue/join", content=b"{}").status_code == 200


@pytest.mark.parametrize(
    "path", ["call/paint", "call/v2/inspect", "run/credits", "api/who", "mcp/", "mcp/messages/"]
)
def test_a_program_that_asks_without_end_is_measured_like_a_page(small, path):
    hostile = client(small)
    hostile.app.events = Bucket(3, 0)
    codes = [hostile.post(f"/gradio_api/{path}", content=b"{}").status_code for _ in range(5)]
    assert codes[3:] == [429, 429] and 429 not in codes[:3]


def test_uploads_are_measured_by_their_bytes(small):
    visitor = client(small)
    codes = [visitor.post("/gradio_api/upload", content=b"x" * 3_900_000).status_code for _ in range(14)]
    assert codes[:10] == [200] * 10 and codes[-1] == 429


def test_a_measure_fills_again():
    now = [0.0]
    bucket = Bucket(2, 0.5, clock=lambda: now[0])
    assert [bucket.take("a") for _ in range(3)] == [True, True, False]
    assert bucket.take("b")
    now[0] = 2.0
    assert bucket.take("a") and not bucket.take("a")


def test_what_gradio_cannot_do_anything_with_ends_in_a_sentence_and_one_line_in_the_log(small, caplog):
    hostile = client(small)
    refused = hostile.post("/gradio_api/cancel", content=b"{}")
    assert refused.status_code == 400 and "does not understand" in refused.json()["error"]
    assert hostile.get("/gradio_api/queue/data").text == "data: begun"
    assert "Traceback" not in caplog.text and caplog.text.count("not understood") == 2
    with pytest.raises(KeyError):  # a fault of our own is not hidden
        hostile.get("/genzu/broken")


def test_nobody_makes_the_page_anew_without_end_by_naming_hosts(small):
    hostile = client(small)
    hostile.app.made = Bucket(5, 0)
    hosts = [{"host": f"{number}.example"} for number in range(9)]
    codes = [hostile.get("/", headers=host).status_code for host in hosts]
    assert codes == [200] * 5 + [429] * 4 and len(made) == 5
    assert hostile.get("/", headers=hosts[0]).status_code == 200  # one that is kept costs nothing
    assert hostile.get("/config").status_code == 429


def test_a_refusal_at_the_door_is_in_the_language_of_who_asks(small):
    app = Router([Route("/gradio_api/queue/join", taken, methods=["POST"])])
    visitor = TestClient(Door(app, small, lambda html, _: html, lambda _: "ja"), client=("203.0.113.5", 1))
    refused = visitor.post("/gradio_api/queue/join", content=b"{}", headers={"origin": "https://x.example"})
    assert refused.json()["error"].startswith("他のサイト")


@pytest.mark.parametrize("root", ["", "/genzu", "/kita"])
def test_pictures_are_found_below_any_path_that_a_proxy_takes_off(small, root):
    visitor = client(small)
    below = TestClient(visitor.app, root_path=root, client=("203.0.113.5", 1))
    assert below.get("/genzu/p/0123456789abcdef").status_code == 200  # as the proxy hands it on
    assert visitor.get(f"{root}/genzu/p/0123456789abcdef").status_code == (404 if root else 200)


async def held(client: Door, path: str, address: str, first: list[dict[str, Any]]) -> None:
    """Opens a stream and leaves it open until it is called off; what came of it is put into `first`."""
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"genzu.example")], "client": (address, 1), "scheme": "http", "root_path": "",
        "server": ("genzu.example", 80), "http_version": "1.1", "asgi": {"version": "3.0", "spec_version": "2.3"},
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    async def send(message: dict[str, Any]) -> None:
        first.append(dict(message))

    await client(scope, receive, send)


@pytest.mark.parametrize(
    "path", ["/gradio_api/heartbeat/a", "/gradio_api/call/paint/7", "/gradio_api/queue/data"]
)
def test_an_address_holds_so_many_streams_and_a_closed_one_makes_room(small, path):
    async def open_for_ever(_: Request) -> StreamingResponse:
        async def pieces():
            yield "data: {}\n\n"
            await asyncio.Event().wait()

        return StreamingResponse(pieces())

    async def walk() -> list[int]:
        door = Door(
            Router([Route(path, open_for_ever)]),
            replace(small, streams=2),
            lambda html, _: html,
            lambda _: "en",
        )
        seen = []
        tasks = []
        for address in ("203.0.113.5", "203.0.113.5", "203.0.113.5", "203.0.113.6"):
            came: list[dict[str, Any]] = []
            tasks.append(asyncio.create_task(held(door, path, address, came)))
            await asyncio.sleep(0)
            while not came:
                await asyncio.sleep(0)
            seen.append(came)
        tasks[0].cancel()
        await asyncio.gather(tasks[0], return_exceptions=True)
        came = []
        tasks.append(asyncio.create_task(held(door, path, "203.0.113.5", came)))
        while not came:
            await asyncio.sleep(0)
        seen.append(came)
        while len(seen[2]) < 2:
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert "Too many pages are open here" in b"".join(each.get("body", b"") for each in seen[2]).decode()
        return [each[0]["status"] for each in seen]

    refused = (
        200 if path.endswith("data") else 429
    )  # a page shows its visitor what is told on the stream it reads
    assert run_apart(walk) == [200, 200, refused, 200, 200]


def test_streams_are_not_counted_where_nobody_can_tell_visitors_apart(small):
    settings = replace(small, streams=1)
    behind = {"X-Forwarded-For": "203.0.113.9"}
    door = client(settings)
    for _ in range(3):
        assert door.get("/gradio_api/heartbeat/a", headers=behind).status_code == 404


def test_the_host_is_told_once_of_a_proxy_that_was_not_counted(small, caplog):
    behind = {"X-Forwarded-For": "203.0.113.9, 10.0.0.2"}
    counted, door = client(replace(small, proxies=2)), client(small)
    for each in (counted, door, door):
        each.get("/", headers=behind)
    told = [each.getMessage() for each in caplog.records if "GENZU_PROXIES" in each.getMessage()]
    assert len(told) == 1 and "held 2 just now" in told[0] and "203.0.113.9" not in told[0]
