"""The lineage graph as a drawing and as data: readable, self-contained, and nothing in it runs."""

import io
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from reading_samples import (
    ALL_AI,
    DRAWN,
    HOSTILE,
    KNOWN,
    LOOKED_AT,
    OVER,
    PARENT,
    PART,
    PHOTO,
    STRANGER,
    chain,
    film,
    hostile,
    long_chain,
    step,
)  # fmt: skip

from provenance.credentials.read.chain import Verdict
from provenance.errors import OutputError
from provenance.inspection.graph_json import graph_json
from provenance.inspection.lineage import lineage
from provenance.show.graph import to_dot, to_png, to_svg, write
from provenance.show.lettering import em, fit, folded

SVG = "{http://www.w3.org/2000/svg}"
PIXEL = (  # one pixel
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlE"
    "QVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def drawn(which, **more):
    return ElementTree.fromstring(to_svg(lineage(which), **more))


def texts(root):
    return [each.text for each in root.iter(f"{SVG}text")]


def test_every_step_stands_there_with_a_word_for_its_maker_and_its_people():
    found = texts(drawn(film()))
    for words in (
        "Layout",
        "HUMAN",
        "AI OVER A PICTURE",
        "layout: Mori Aoi",
        "with genzu-house",
        "Hand revision",
    ):
        assert words in found
    assert "supervision: (asked not to be named)" in found
    assert "AI-assisted · 4 steps" in found


def test_a_maker_is_told_by_shape_and_word_and_not_by_colour_alone():
    svg = to_svg(
        lineage(chain(step("a", DRAWN), step("b", ALL_AI), step("c", OVER), step("d", PHOTO), step("e")))
    )
    shapes = {
        re.sub(r'class="[^"]*"|[\d.-]+', "", each)
        for each in re.findall(r"<(?:circle|path|rect)[^>]*gz-(?:human|ai|camera)[^>]*>", svg)
    }
    assert len(shapes) >= 3
    assert {"HUMAN", "AI", "AI OVER A PICTURE", "CAMERA", "UNKNOWN"} <= set(
        texts(ElementTree.fromstring(svg))
    )


def test_the_whole_way_is_told_to_a_screen_reader():
    root = drawn(film(), title="原図 c014")
    name, described = root.get("aria-labelledby").split()
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").get("id") == name and root.find(f"{SVG}title").text == "原図 c014"
    told = root.find(f"{SVG}desc")
    assert told.get("id") == described and "prompt: Sato Ren" in told.text


def test_an_altered_step_says_so_in_words():
    way = chain(step("a", DRAWN), step("b", OVER, [("a", PARENT)], verdict=Verdict.ALTERED))
    told = to_dot(lineage(way))
    assert "ALTERED after signing; signed as Genzu, known" in told
    unchecked = chain(step("a", DRAWN, verdict=Verdict.NOT_CHECKED))
    assert "could not check; signed as Genzu, known" in to_dot(lineage(unchecked))
    assert any(each.startswith("altered") for each in texts(drawn(way)))


def test_a_strangers_step_is_told_with_its_title_and_what_it_did():
    actions = ("c2pa.opened", "c2pa.cropped", "com.adobe.fill")
    told = texts(drawn(chain(step("a", PHOTO, title="DSC_1.jpg", actions=actions, signer=STRANGER))))
    assert "titled “DSC_1.jpg”" in told and "actions: cropped, com.adobe.fill" in told
    ours = texts(
        drawn(chain(step("a", OVER, record={"picture": "pic-a"}, actions=("c2pa.edited.metadata",))))
    )
    assert not any(each.startswith(("titled", "actions")) for each in ours)


def test_an_unnamed_human_or_ai_step_says_that_nobody_is_named():
    assert texts(drawn(chain(step("a", OVER)))).count("nobody is named") == 1


@pytest.mark.parametrize(
    "which", [film(), long_chain(), hostile(), chain()], ids=["film", "fifty", "hostile", "none"]
)
def test_nothing_is_wider_than_the_drawing(which):
    root = drawn(which)
    width = float(root.get("width"))
    for each in root.iter(f"{SVG}text"):
        long = em(each.text or "") * float(each.get("font-size"))
        start = float(each.get("x"))
        assert start >= 0
        if each.get("text-anchor") is None:
            assert start + long <= width + 1, each.text


def test_fifty_steps_do_not_overlap():
    boxes = sorted(
        (float(each.get("y")), float(each.get("height")))
        for each in drawn(long_chain()).iter(f"{SVG}rect")
        if "gz-card" in each.get("class")
    )
    assert len(boxes) == 50
    assert all(top + height < below for (top, height), (below, _) in itertools.pairwise(boxes))


def test_two_thousand_steps_are_drawn_as_the_last_four_hundred_and_say_so():
    root = drawn(long_chain(2000))
    assert "AI-assisted · 2000 steps, the last 400 drawn" in texts(root)


def test_a_hundred_references_still_leave_room_for_words():
    many = [step(f"r{n}", PHOTO, signer=STRANGER) for n in range(100)]
    root = drawn(chain(*many, step("top", OVER, [(each.id, LOOKED_AT) for each in many])))
    cards = [float(each.get("width")) for each in root.iter(f"{SVG}rect") if "gz-card" in each.get("class")]
    assert min(cards) > 200


def test_nothing_in_a_hostile_file_becomes_markup():
    root = drawn(hostile(), title=HOSTILE[0])
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "text", "g", "circle", "path",
    }  # fmt: skip
    for each in root.iter():
        assert not any(name.lower().startswith("on") or "href" in name for name in each.attrib)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80), st.text(max_size=80), st.lists(st.text(max_size=120), max_size=4))
def test_any_text_gives_a_drawing_that_parses(identifier, name, people):
    way = chain(
        step(identifier or "x", DRAWN, people=[(name, each) for each in people], software=name, title=name)
    )
    drawn(way, title=name)
    to_dot(lineage(way))


def test_two_drawings_in_one_page_do_not_share_ids():
    first, second = to_svg(lineage(film())), to_svg(lineage(long_chain()))
    assert not set(re.findall(r' id="([^"]+)"', first)) & set(re.findall(r' id="([^"]+)"', second))


def test_a_thumbnail_is_embedded_and_only_as_a_picture():
    svg = to_svg(
        lineage(film()),
        thumbnails={"layout": PIXEL, "pass-1": "javascript:alert(1)", "final": "https://x.example/a.png"},
    )
    assert svg.count("<image") == 1 and PIXEL in svg
    assert "javascript" not in svg and "x.example" not in svg


def test_a_drawing_asks_nothing_of_the_network():
    svg = to_svg(lineage(film()), thumbnails={"layout": PIXEL})
    assert re.findall(r"(?:src|url|import)\s*[=(]", svg) == []
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")


def test_the_picture_is_sharp_and_shows_more_than_paper():
    picture = Image.open(io.BytesIO(to_png(lineage(film()))))
    assert picture.width == 840
    assert len(picture.convert("RGB").getcolors(1 << 20)) > 100


def test_letters_are_drawn_on_a_machine_without_any_font(tmp_path):
    script = (
        "import sys, resvg_py; draw = resvg_py.svg_to_bytes;"
        "resvg_py.svg_to_bytes = lambda **kw: draw(**kw, skip_system_fonts=True);"
        "from reading_samples import film; from provenance.show.graph import *;"
        "from provenance.inspection.lineage import lineage;"
        "open(sys.argv[1], 'wb').write(to_png(lineage(film())))"
    )
    out = tmp_path / "bare.png"
    root = Path(__file__).parents[1]
    subprocess.run(
        [sys.executable, "-c", script, str(out)],
        check=True,
        cwd=root.parent,
        env={"PYTHONPATH": f"{root}:{root.parent}"},
    )
    title = Image.open(out).convert("L").crop((20, 20, 500, 64))
    assert title.getextrema()[0] < 80  # ink where the title stands


@pytest.mark.slow
def test_a_very_long_graph_is_drawn_smaller_rather_than_refused():
    picture = Image.open(io.BytesIO(to_png(lineage(long_chain(400)))))
    assert picture.width * picture.height <= 16_500_000


def test_dot_names_each_step_and_edge_and_quotes_what_it_is_given():
    dot = to_dot(
        lineage(
            chain(
                step('a"b', DRAWN, title='my "sky"', people=[("layout", "hi \\ bye")]),
                step("c", OVER, [('a"b', PART)]),
            )
        )
    )
    assert dot.startswith("digraph lineage {") and "n0 -> n1 [style=dashed];" in dot
    assert 'my \\"sky\\"' in dot and "hi \\\\ bye" in dot


def test_json_holds_every_step_and_edge():
    told = json.loads(json.dumps(graph_json(lineage(film()))))
    assert [each["label"] for each in told["steps"]] == ["Layout", "AI pass 1", "AI pass 2", "Hand revision"]
    assert told["steps"][0]["people"] == [{"role": "layout", "name": "Mori Aoi"}]
    assert told["edges"][0] == {"parent": "layout", "child": "pass-1", "relation": "parentOf"}
    assert told["classification"] == "AI-assisted"


@pytest.mark.parametrize(
    ("ending", "start"), [(".svg", b"<svg"), (".png", b"\x89PNG"), (".dot", b"digraph"), (".json", b"{")]
)
def test_the_ending_of_a_name_chooses_the_form(tmp_path, ending, start):
    out = tmp_path / f"graph{ending}"
    write(lineage(film()), out)
    assert out.read_bytes().startswith(start)
    with pytest.raises(OutputError, match="exists"):
        write(lineage(film()), out)
    write(lineage(film()), out, force=True)


@pytest.mark.parametrize("name", ["graph.pdf", "graph", "gone/graph.svg"])
def test_a_place_or_form_that_cannot_be_written_is_one_sentence(tmp_path, name):
    with pytest.raises(OutputError):
        write(lineage(film()), tmp_path / name)


def test_a_known_and_an_unknown_signer_read_differently():
    known, stranger = (drawn(chain(step("a", DRAWN, signer=who))) for who in (KNOWN, STRANGER))
    assert "signed by Genzu, known" in texts(known)
    assert "signed by Adobe Inc., not known to us" in texts(stranger)


@given(st.text(max_size=300), st.floats(20, 400))
def test_what_is_shortened_fits(text, room):
    assert em(fit(text, room, 12)) * 12 <= room + 13
    assert len(list(folded(text, room, 12, 3))) <= 3
