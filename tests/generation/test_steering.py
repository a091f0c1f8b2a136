"""The fold "Lines, style, canvas" of the form: what it asks for, what it refuses, and what of it becomes public."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from form_samples import read

from generation.errors import RequestError
from generation.files.weights import Seal
from generation.layout.beside import Files
from generation.layout.canvas import Sides
from generation.model.model import find_model
from generation.model.pipelines import capabilities_of
from generation.tabs.form import Fields, asked, made_public, settings_of
from generation.tabs.steering import NOTHING, Steering
from generation.tabs.words import remarks
from generation.words.reader import Unread
from generation.works.adapter import Adapter, WorkKind
from generation.works.weight import Weight
from provenance.tabs.fields.people import PersonRow

HOUSE = capabilities_of(find_model("house"))
GOOD = Fields(
    layout="/tmp/layout.png", origin="", prompt="sunset", negative="", strength=0.7, steps=24, guidance=2.5,
    long_side=256, seed="7", count=1, clean="auto", disclosure="full", no_training=False, mask=None, label="",
    other_names="", credit_line="", production="", episode="", shot="", stage="temp",
    people=(PersonRow("layout", "Mori Aoi"),),
)  # fmt: skip
ANYTHING = st.none() | st.text(max_size=5) | st.floats() | st.integers() | st.booleans()


def steered(**said: Any) -> Any:
    return replace(GOOD, steering=Steering(**said))


def test_a_fold_that_nobody_opens_changes_nothing() -> None:
    settings = settings_of(GOOD, HOUSE)
    assert (settings.long_side, settings.tile, settings.scheduler, settings.fill) == (256, None, None, None)
    assert settings.extend == Sides() and settings.weights == ()
    assert asked(GOOD, HOUSE).beside == Files() and NOTHING.uploads == (None, None)


def test_the_fold_is_read_into_settings_and_files() -> None:
    form = steered(
        weights=[["lineart", 0.8, 0, 0.6], ["ink", None, "", None]], style="/tmp/style.png", depth="/tmp/depth.png",
        scheduler="EulerDiscreteScheduler", fill=True, extend_left=64, extend_top=8.0, large=4096,
    )  # fmt: skip
    ask = asked(form, HOUSE)
    assert ask.settings.weights == (Weight("lineart", 0.8, 0, 0.6), Weight("ink", 0.0))
    assert (ask.settings.extend, ask.settings.fill) == (Sides(top=8, left=64), True)
    assert (ask.settings.long_side, ask.settings.upscale, ask.settings.strength) == (4096, True, None)
    assert ask.settings.scheduler == "EulerDiscreteScheduler"
    assert ask.beside == Files(styles=(Path("/tmp/style.png"),), guides=(("depth", Path("/tmp/depth.png")),))
    assert form.uploads == ("/tmp/layout.png", None, "/tmp/style.png", "/tmp/depth.png")


def test_a_depth_network_without_its_picture_is_left_out() -> None:
    rows = [["lineart", 0.8, 0, 1], ["depth", 0.5, 0, 0.6]]
    assert settings_of(steered(weights=rows), HOUSE).weights[1] == Weight("depth", 0.0, 0, 0.6)
    for there in ({"depth": "/tmp/depth.png"}, {"draws_depth": True}):
        shown = steered(weights=rows, **there)
        assert settings_of(shown, HOUSE).weights[1] == Weight("depth", 0.5, 0, 0.6)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("extend_left", "extend_top", "large"), ANYTHING)),
       st.lists(st.lists(ANYTHING, min_size=1, max_size=4), max_size=2))  # fmt: skip
def test_whatever_a_browser_sends_is_settings_or_a_sentence(
    said: dict[str, Any], weights: list[list[Any]]
) -> None:
    try:
        settings = settings_of(steered(**said, weights=weights), HOUSE)
    except RequestError as error:
        assert str(error)
    else:
        assert isinstance(settings.extend, Sides)


def test_new_canvas_pictures_and_works_are_told_before_they_become_public(tmp_path: Path) -> None:
    paths = {}
    for name, size in (("layout", (100, 50)), ("style", (9, 9))):
        paths[name] = tmp_path / f"{name}.png"
        Image.new("RGB", size).save(paths[name])
    files, seals = {"ink": paths["style"]}, {"ink": Seal("ab" * 32, (0, 0, 0, 0))}
    style = Adapter(
        "Ink style", paths["style"], files, seals, 0.6, author="Kita Sora", kind=WorkKind.STYLE, key="style"
    )
    form = replace(steered(style=str(paths["style"]), extend_right=100), layout=str(paths["layout"]))
    told = made_public(form, find_model("house"), HOUSE, "Genzu", kit=(style,))
    text = read(told)
    assert "256 pixels wide, 64 high" in text  # 200 x 50
    assert "the canvas extended (right=100 pixels)" in text
    assert "<em>Reference:</em>" in told and "the pictures beside it" in text
    assert "<em>IP-Adapter:</em>" in told and "Ink style, by Kita Sora" in text and "scale 0.6" in text


def test_words_that_the_model_will_not_read_are_told_while_they_are_typed() -> None:
    class Five:
        """Reads five words, one a token."""

        chunks = False

        def __call__(self, prompt: str) -> Unread | None:
            words = prompt.split()
            return Unread(" ".join(words[5:]), len(words), 5) if len(words) > 5 else None

    able = replace(HOUSE, reader=Five())
    assert remarks("a house in the snow", None, able) == ""
    told = remarks("a house in the snow at <dusk>", None, able)
    assert "The model reads 5 of 7 tokens; it will not read: “at &lt;dusk&gt;”." in told
    assert remarks("a house in the snow at <dusk>", None, replace(able, reader=None)) == ""
