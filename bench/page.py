"""How the page holds: many visitors at once, and one who asks without end. Loopback only, bounded, its own home.

    python -m bench.page [--visitors 200] [--seconds 30]

It serves the page in a process of its own (`genzu serve`), lets each visitor open it, look names up and inspect a
picture, with a pause between, first without and then with a hostile visitor who sends as much as the server takes, and
prints what each part of it took at the median and at the 95th percentile. Each visitor has an address of their own, by
X-Forwarded-For behind one known proxy.
"""

import argparse
import asyncio
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from generation.layout.drawings import FIRST
from generation.tabs.first import PAINTED

PAUSE = (2.0, 8.0)  # seconds between two things that a visitor does
PATIENCE = 60.0  # seconds


@dataclass
class Told:
    """What was asked and how it went."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def line(self, what: str) -> str:
        took = sorted(self.seconds[what])
        if not took:
            return f"{what:22} none answered, {self.refused[what]} refused"
        middle, late = took[len(took) // 2], took[min(len(took) - 1, int(len(took) * 0.95))]
        how_many = f"{len(took):5} answered, {self.refused[what]:4} refused"
        return f"{what:22} {how_many}; median {middle:6.3f} s, 95 % {late:6.3f} s"


async def timed(told: Told, what: str, call) -> httpx.Response | None:  # type: ignore[no-untyped-def]
    started = time.monotonic()
    try:
        answer = await call
    except httpx.HTTPError:
        told.refused[what] += 1
        return None
    if answer.status_code >= 400:
        told.refused[what] += 1
        return None
    told.seconds[what].append(time.monotonic() - started)
    return answer


async def visitor(client: httpx.AsyncClient, told: Told, number: int, until: float) -> None:
    """Opens the page, then looks up names and fetches a picture, with pauses."""
    headers = {"X-Forwarded-For": f"198.51.{number // 250}.{number % 250 + 1}", "Accept-Encoding": "br"}
    await asyncio.sleep(random.uniform(0, PAUSE[0]))
    await timed(told, "the page", client.get("/", headers=headers))
    while time.monotonic() < until:
        await timed(
            told, "a look-up by name", client.get("/genzu/credits?name=Nadja+Gr%C3%BCn", headers=headers)
        )
        await asyncio.sleep(random.uniform(*PAUSE))
        await timed(told, "a picture", client.get("/genzu/first/after.png", headers=headers))
        await asyncio.sleep(random.uniform(*PAUSE))


async def inspector(client: httpx.AsyncClient, told: Told, number: int, until: float, handler: int) -> None:
    """Sends a picture to Inspect through gradio's own events, as the page does."""
    headers = {"X-Forwarded-For": f"192.0.2.{number + 1}"}
    while time.monotonic() < until:
        await timed(told, "inspect a picture", inspected(client, headers, handler, number))
        await asyncio.sleep(random.uniform(*PAUSE))


async def inspected(
    client: httpx.AsyncClient, headers: dict[str, str], handler: int, number: int
) -> httpx.Response:
    sent = await client.post(
        "/gradio_api/upload",
        headers=headers,
        files={"files": ("picture.png", PAINTED.read_bytes(), "image/png")},
    )
    sent.raise_for_status()
    session = f"bench{number}{random.random()}"
    file = {"path": sent.json()[0], "orig_name": "picture.png", "meta": {"_type": "gradio.FileData"}}
    body = {
        "data": [file],
        "fn_index": handler,
        "session_hash": session,
        "trigger_id": None,
        "event_data": None,
    }
    joined = await client.post("/gradio_api/queue/join", headers=headers, json=body)
    joined.raise_for_status()
    async with client.stream(
        "GET", f"/gradio_api/queue/data?session_hash={session}", headers=headers
    ) as stream:
        async for line in stream.aiter_lines():
            if '"process_completed"' in line:
                return stream
    raise httpx.ReadError("the answer did not come")


async def hostile(client: httpx.AsyncClient, told: Told, until: float) -> None:
    """One address that asks without end: events, large bodies, look-ups."""
    headers = {"X-Forwarded-For": "203.0.113.66"}

    async def one() -> None:
        while time.monotonic() < until:
            for what, call in (
                (
                    "hostile event",
                    client.post(
                        "/gradio_api/queue/join",
                        headers=headers,
                        json={"data": [], "fn_index": 0, "session_hash": "x"},
                    ),
                ),
                (
                    "hostile body",
                    client.post("/gradio_api/queue/join", headers=headers, content=b"x" * 3_000_000),
                ),
                ("hostile look-up", client.get("/genzu/credits?name=A", headers=headers)),
            ):
                await timed(told, what, call)
                await asyncio.sleep(0.02)

    await asyncio.gather(*(one() for _ in range(8)))


async def load(url: str, visitors: int, seconds: float, *, attacked: bool) -> Told:
    told, until = Told(), time.monotonic() + seconds
    limits = httpx.Limits(max_connections=visitors + 50)
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits) as client:
        handler = await inspect_handler(client)
        asking = [visitor(client, told, number, until) for number in range(visitors)]
        asking += [
            inspector(client, told, number, until, handler) for number in range(max(1, visitors // 20))
        ]
        if attacked:
            asking.append(hostile(client, told, until))
        await asyncio.gather(*asking)
    return told


async def inspect_handler(client: httpx.AsyncClient) -> int:
    """The number of the handler behind the drop on the tab Inspect."""
    config = (await client.get("/config")).json()
    (drop,) = [each["id"] for each in config["components"] if each["props"].get("elem_id") == "gz-inspect"]
    return next(
        each["id"] for each in config["dependencies"] if [drop, "upload"] in map(list, each["targets"])
    )


def ready(server: subprocess.Popen[str]) -> None:
    """Waits until the page answers and its model has been loaded, as a page that has run for a while."""
    assert server.stdout is not None
    for line in server.stdout:
        if "is ready to paint" in line:
            return
    raise SystemExit("genzu serve has ended before it was ready to paint")


def memory(process: int) -> int:
    """Resident memory in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--visitors", type=int, default=200)
    asked.add_argument("--seconds", type=float, default=30)
    options = asked.parse_args()
    visitors, seconds = min(options.visitors, 400), min(options.seconds, 120)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="genzu-bench-") as home:
        start = "import sys; sys.argv[0] = 'genzu'; from generation.cli import main; main()"
        words = [
            sys.executable,
            "-c",
            start,
            "record",
            str(FIRST.path),
            "--source",
            "digitalCreation",
            "--by",
            f"layout: {FIRST.by}",
            "-o",
            f"{home}/signed.png",
        ]
        environment = os.environ | {"GENZU_HOME": f"{home}/home", "GENZU_PROXIES": "1"}
        subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
        server = subprocess.Popen(
            [sys.executable, "-c", start, "serve", "--no-open", "--port", str(port)],
            env=environment | {"PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            ready(server)
            for attacked in (False, True):
                before = memory(server.pid)
                told = asyncio.run(load(url, visitors, seconds, attacked=attacked))
                beside = ", and a hostile one" if attacked else ""
                grown = f"memory {before} -> {memory(server.pid)} MB"
                print(f"{visitors} visitors for {seconds:g} s{beside}; {grown}")
                for what in sorted(set(told.seconds) | set(told.refused)):
                    print("  " + told.line(what))
        finally:
            server.terminate()
            server.wait(60)


if __name__ == "__main__":
    main()
