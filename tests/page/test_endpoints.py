"""The page for programs: its named endpoints over real HTTP, what they answer, refuse and keep to themselves."""

import base64
import hashlib
import json
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import httpx
import pytest
from conftest import draw_house, run_apart
from lookup_samples import cut, landscape
from PIL import Image

pytest.importorskip("gradio", reason="the page needs genzu[app]")
import gradio_client as client

from generation.tabs.line import Line
from provenance.ledger import Ledger
from provenance.ledger.store.records import State
from provenance.settings import Settings
from provenance.verbs import inspect as inspect_here

pytestmark = pytest.mark.slow
NAMES = {"/paint", "/inspect", "/who", "/detect", "/credits", "/record"}


@dataclass
class Served:
    url: str
    settings: Settings
    line: Line

    def call(self, endpoint: str, /, **given: object):
        asked = client.Client(self.url, verbose=False, download_files=str(self.settings.home.parent / "got"))
        return asked.predict(**given, api_name=endpoint)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    from generation.app import build, launch_options
    from generation.studio.studio import Studio
    from provenance.release.opening import open_archive

    settings = Settings(home=tmp_path_factory.mktemp("served") / "home")
    line = Line()
    with open_archive(settings) as archive:
        page = build(Studio.open(archive, "house"), line)
        options = launch_options(archive, line)
        _, url, _ = page.launch(
            server_name="127.0.0.1", prevent_thread_lock=True, mcp_server=_agents_can_ask(), **options
        )
        yield Served(url, settings, line)
        page.close()
        line.stop()


def _agents_can_ask() -> bool:
    from importlib.util import find_spec

    return find_spec("mcp") is not None


@pytest.fixture(scope="module")
def painted(served: Served, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    layout = tmp_path_factory.mktemp("drawn") / "layout.png"
    draw_house((64, 64)).save(layout)
    path, told = served.call(
        "/paint", layout=client.handle_file(layout), prompt="a secret sunset", by="layout: Mori Aoi; prompt: 安部 凛",
        shot="c014",
        strength=1.0, steps=2, guidance=None, long_side=64, mask=None, disclose="digest", production="Kita",
    )  # fmt: skip
    return Path(path), told


def test_the_endpoints_are_named_and_described_and_no_handler_of_the_page_is_among_them(served):
    told = client.Client(served.url, verbose=False).view_api(return_format="dict", print_info=False)
    assert set(told["named_endpoints"]) == NAMES and told["unnamed_endpoints"] == {}
    for name, each in told["named_endpoints"].items():
        assert len(each["description"]) > 40, name
    with urllib.request.urlopen(f"{served.url}gradio_api/openapi.json") as answer:
        schema = json.load(answer)
    assert {path.rpartition("/")[2] for path in schema["paths"]} >= {each.strip("/") for each in NAMES}


def test_a_program_paints_and_gets_the_signed_bytes_with_their_record(served, painted):
    path, told = painted
    assert told["digest"] == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert "painted by genzu-house" in told["history"] and "path" not in told
    with urllib.request.urlopen(served.url + told["address"]) as answer:
        assert answer.read() == path.read_bytes()
    here = inspect_here(path, home=served.settings.home)
    assert here["verdict"] == "intact, known signer" and here["record"]["project"]["shot"] == "c014"


def test_a_stranger_is_told_what_is_public_and_not_the_words_the_note_or_the_production(served, painted):
    path, made = painted
    told = served.call("/inspect", picture=client.handle_file(path))
    assert (told["format"], told["classification"]) == ("genzu inspection 1", "AI-assisted")
    assert told["record"]["picture"] == made["picture"]
    whose = served.call("/who", picture=client.handle_file(path))
    assert whose["how"] == "file" and whose["record"]["picture"] == made["picture"]
    for answer in (told, whose):
        text = json.dumps(answer, ensure_ascii=False)
        assert "secret" not in text and "Kita" not in text and str(served.settings.home) not in text
        assert "安部 凛" in text
    marks = served.call("/detect", picture=client.handle_file(path))
    assert marks["credentials"] == "intact, known signer" and "painted by genzu-house" in marks["history"]
    assert "record" not in marks  # a null would say that there is none
    credited = served.call("/credits", name="安部 凛")
    assert [each["picture"] for each in credited["groups"][0]["pictures"]] == [made["picture"]]
    assert credited["near"] == []
    assert served.call("/credits", name="Nobody Here")["groups"] == []


def test_a_stranger_with_a_cut_copy_is_told_no_more_than_with_the_file(served, tmp_path):
    """Found by its looks alone, a record gives away its public history: no words, no note, no production."""
    pytest.importorskip("cv2", reason="looking up needs genzu[lookup]")
    landscape(31, (256, 160)).save(tmp_path / "layout.png")
    path, made = served.call(
        "/paint", layout=client.handle_file(tmp_path / "layout.png"), prompt="a secret valley",
        by="layout: Mori Aoi; prompt: 安部 凛", shot="c015", strength=0.5, steps=2, guidance=None,
        long_side=256, mask=None, disclose="digest", production="Kita",
    )  # fmt: skip
    cut(Image.open(path).convert("RGB"), 0.15).save(tmp_path / "found.jpg", quality=80)
    whose = served.call("/who", picture=client.handle_file(tmp_path / "found.jpg"))
    assert (whose["how"], whose["record"]) == ("looks", None)
    assert [each["picture"] for each in whose["looks_like"]] == [made["picture"]]
    marks = served.call("/detect", picture=client.handle_file(tmp_path / "found.jpg"))
    told = served.call("/inspect", picture=client.handle_file(tmp_path / "found.jpg"))
    assert any("looks like" in each["words"] for each in told["findings"])
    for answer in (whose, marks, told):
        text = json.dumps(answer, ensure_ascii=False)
        assert "secret" not in text and "Kita" not in text and str(served.settings.home) not in text
    assert "安部 凛" in json.dumps(whose, ensure_ascii=False)


def test_a_program_records_what_people_made(served, tmp_path):
    draw_house((80, 48)).save(tmp_path / "drawing.png")
    path, told = served.call(
        "/record",
        picture=client.handle_file(tmp_path / "drawing.png"),
        by="layout: Sato Hana",
        source="print",
    )
    assert "Sato Hana" in told["history"] and told["ledger"].startswith("genzu/")
    assert inspect_here(path, home=served.settings.home)["classification"] == "recorded as human-made"


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("/paint", {"by": ""}, "Nobody is named: give `by`"),
        ("/paint", {"by": "painter: Abe"}, "is no role"),
        ("/paint", {"seed": "-1"}, "The seed is a whole number"),
        ("/paint", {"strength": 3.0}, "Strength is above 0"),
        ("/record", {"by": "Abe Rin", "source": "print"}, "role"),
        ("/credits", {"name": " "}, "Write a name first"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(served, layout, name, given, words):
    if name != "/credits":
        given = {("layout" if name == "/paint" else "picture"): client.handle_file(layout), **given}
    if name == "/paint":
        given = {
            "prompt": "snow",
            "by": "prompt: Abe Rin",
            "mask": None,
            "guidance": None,
            "steps": 2,
            **given,
        }
    with pytest.raises(client.exceptions.AppError) as told:
        served.call(name, **given)
    assert words in str(told.value) and "Traceback" not in str(told.value)
    assert "/home" not in str(told.value)


@pytest.mark.parametrize(("name", "field"), [("/paint", "layout"), ("/record", "picture")])
def test_a_refusal_names_the_file_and_not_where_the_server_keeps_it(served, tmp_path, name, field):
    (tmp_path / "words.png").write_text("no picture at all")
    given = {field: client.handle_file(tmp_path / "words.png"), "by": "layout: Abe Rin"}
    given |= {"source": "print"} if name == "/record" else {"prompt": "x", "mask": None, "guidance": None}
    with pytest.raises(client.exceptions.AppError) as told:
        served.call(name, **given)
    assert str(told.value).startswith("words.png is not a picture") and "/" not in str(told.value)


def test_a_program_is_told_by_its_own_parameter_who_is_missing(served, layout):
    _, told = served.call(
        "/paint", layout=client.handle_file(layout), prompt="snow", by="prompt: Abe Rin", strength=1.0, steps=1,
        guidance=None, long_side=64, mask=None,
    )  # fmt: skip
    (finding,) = told["findings"]
    assert finding == 'nobody is named for the layout that went in: add "layout: NAME" to `by`'


def test_what_is_no_picture_is_an_answer_and_no_error(served, tmp_path):
    (tmp_path / "words.png").write_text("no picture at all")
    told = served.call("/inspect", picture=client.handle_file(tmp_path / "words.png"))
    assert told["verdict"] == "could not check" and told["exit_code"] == 2


def test_a_call_to_paint_stands_in_the_line_and_whoever_hangs_up_is_called_off(served, layout):
    busy = Event()
    served.line.join("somebody else", "198.51.100.7", 1, lambda *_: busy.wait(60))
    asked = client.Client(served.url, verbose=False)
    try:
        job = asked.submit(
            layout=client.handle_file(layout), prompt="snow", by="prompt: Abe Rin", guidance=None, mask=None,
            api_name="/paint",
        )  # fmt: skip
        until(job.outputs)
        told = job.outputs()[-1][1]
        assert (told["state"], told["before"], served.line.waiting) == ("waiting", 1, 1)
        job.cancel()
        until(lambda: served.line.waiting == 0)
    finally:
        busy.set()
    with Ledger.open(served.settings.ledger, key=served.settings.keys / "unused", read_only=True) as ledger:
        assert not [each for each in ledger.pictures() if each.state is State.REQUESTED]


def until(there) -> None:
    """Waits for it, at most a minute."""
    for _ in range(600):
        if there():
            return
        time.sleep(0.1)
    pytest.fail("it did not come")


@pytest.mark.parametrize("endpoint", ["inspect", "who", "detect"])
def test_a_file_of_the_server_is_read_for_nobody(served, painted, endpoint):
    inside = [served.settings.ledger, *served.settings.keys.iterdir(), Path("/etc/passwd"), painted[0]]
    for path in inside:
        given = {"path": str(path), "orig_name": "picture.png", "meta": {"_type": "gradio.FileData"}}
        with httpx.Client(base_url=served.url, timeout=60, trust_env=False) as asking:
            called = asking.post(f"gradio_api/call/{endpoint}", json={"data": [given]})
            told = called.text
            if called.is_success:
                told = asking.get(f"gradio_api/call/{endpoint}/{called.json()['event_id']}").text
        assert "event: complete" not in told and "digest" not in told, path
        assert str(served.settings.home) not in told.replace(str(path), "") and path.exists()


def test_nothing_that_was_asked_stays_on_the_server(served, painted):
    from provenance.tabs.fields.uploads import own_uploads

    kept = [each for each in own_uploads().rglob("*") if each.is_file() and each.name == "drawing.png"]
    assert kept == []
    with Ledger.open(served.settings.ledger, key=served.settings.keys / "unused", read_only=True) as ledger:
        assert all(each.state is State.RELEASED for each in ledger.pictures())


def test_an_agent_finds_the_same_tools_with_what_they_check(served, painted):
    pytest.importorskip("mcp", reason="tools for agents need genzu[mcp]")
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def ask():
        async with (
            streamablehttp_client(f"{served.url}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            answer = await session.call_tool("credits", {"name": "安部 凛"})
            inside = await session.call_tool("inspect", {"picture": f"{served.url}{painted[1]['address']}"})
            given = base64.b64encode(painted[0].read_bytes()).decode()
            looked = inside
            for _ in range(5):  # gradio asks itself over HTTP, and has little patience on a loaded machine
                looked = await session.call_tool("inspect", {"picture": f"data:image/png;base64,{given}"})
                if "timed out" not in looked.content[0].text:
                    break
            return tools, answer, inside, looked

    tools, answer, inside, looked = run_apart(ask)
    assert {f"/{each.name}" for each in tools} == NAMES
    told = {each.name: each.description for each in tools}
    assert "Not checked" in told["inspect"] and "which proves no origin" in told["who"]
    assert painted[1]["picture"] in answer.content[0].text
    assert "AI-assisted" in looked.content[0].text
    # An address inside the server's own network is not fetched for anybody.
    assert inside.isError and "AI-assisted" not in inside.content[0].text


def node(number: int, role: str, port: str, **more: object) -> dict[str, object]:
    """A node of Gradio's Workflow (its graph files, schema 2) with one port on each side."""
    ports = {
        "inputs": [{"id": "in", "label": port, "type": port}],
        "outputs": [{"id": "out", "label": port, "type": port}],
    }
    return {
        "id": f"n{number}",
        "role": role,
        "label": f"node {number}",
        "asset_type": port,
        "data": {},
        **ports,
        **more,
    }


@pytest.mark.filterwarnings("ignore:gr.Workflow is currently in beta")
def test_an_endpoint_is_a_node_of_a_graph_of_gradio_apps(served, painted, tmp_path):
    import gradio as gr

    def history(picture: str) -> str:
        given = picture["path"] if isinstance(picture, dict) else picture
        return served.call("/inspect", picture=client.handle_file(given))["history"]["sentence"]

    graph = {
        "schema_version": "2",
        "references": [node(1, "reference", "image")],
        "operators": [node(2, "operator", "image", kind="fn", fn="history")],
        "subjects": [node(3, "subject", "text")],
        "edges": [
            {"id": f"e{at}", "from_node_id": f"n{at}", "from_port_id": "out", "to_node_id": f"n{at + 1}",
             "to_port_id": "in", "type": kind}
            for at, kind in ((1, "image"), (2, "text"))
        ],
    }  # fmt: skip
    graph["operators"][0]["outputs"][0]["type"] = "text"
    (tmp_path / "graph.json").write_text(json.dumps(graph))
    flow = gr.Workflow(str(tmp_path / "graph.json"), bind={"history": history})
    _, url, _ = flow.launch(server_name="127.0.0.1", prevent_thread_lock=True, quiet=True, inbrowser=False)
    try:
        told = client.Client(url, verbose=False).predict(client.handle_file(painted[0]), api_name="/node_3")
    finally:
        flow.close()
    assert told == served.call("/inspect", picture=client.handle_file(painted[0]))["history"]["sentence"]
    assert "genzu-house" in told
