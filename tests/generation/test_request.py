"""A request that exists can be run; one that cannot says what to change."""

import math
import pickle
import subprocess
import sys

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from PIL import Image
from request_samples import ask, asked

from generation.errors import GenerationError, RequestError
from generation.layout.output_size import SIDES
from generation.request.request import PROMPT_LIMIT, Capabilities

LAYOUT = Image.new("RGB", (160, 90), "white")
HOUSE_LIKE = Capabilities(
    strength=0.7,
    guidance_scale=2.5,
    num_inference_steps=24,
    negative_prompt=True,
    control_image=False,
    preview=True,
    long_side=256,
    long_sides=(192, 512),
)
EDITOR = Capabilities(
    strength=None,
    guidance_scale=None,
    num_inference_steps=8,
    negative_prompt=False,
    control_image=False,
    preview=False,
    long_side=1024,
    long_sides=(512, 1536),
)


@given(strength=st.floats(0, 1, exclude_min=True), steps=st.integers(1, 1000))
def test_either_a_step_is_left_or_the_sentence_names_settings_that_leave_one(
    strength: float, steps: int
) -> None:
    try:
        request = asked(LAYOUT, "night", strength=strength, num_inference_steps=steps)
    except RequestError as error:
        advice = str(error).split("; try ")[1].replace("steps or", "").replace("strength", "").split()
        stronger = float(advice[-1])
        assert asked(LAYOUT, "night", strength=stronger, num_inference_steps=steps).effective_steps >= 1
        if len(advice) == 2:
            enough = int(advice[0])
            assert asked(LAYOUT, "night", strength=strength, num_inference_steps=enough).effective_steps >= 1
    else:
        assert 1 <= request.effective_steps <= steps
        assert request.effective_steps == min(int(steps * strength), steps)


@pytest.mark.parametrize("strength", [0, -0.1, 1.0001, math.nan, math.inf, True, "0.5"])
def test_a_strength_outside_zero_to_one_is_refused(strength: float) -> None:
    with pytest.raises(RequestError, match="strength is above 0 and at most 1"):
        asked(LAYOUT, "night", strength=strength)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("num_inference_steps", 0),
        ("num_inference_steps", 1001),
        ("num_inference_steps", 24.0),
        ("num_inference_steps", True),
        ("seed", -1),
        ("seed", 2**64),
        ("seed", 1.5),
        ("guidance_scale", -1),
        ("guidance_scale", math.nan),
        ("guidance_scale", 101),
        ("long_side", 31),
        ("long_side", 4097),
        ("width", 0),
        ("preview_every", -1),
    ],
)
def test_a_number_out_of_its_range_is_refused_with_the_number(field: str, value: float) -> None:
    with pytest.raises(RequestError, match=r"from \d+ to \d+, not " + repr(value).replace(".", r"\.")):
        asked(LAYOUT, "night", **{field: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("field", ["prompt", "negative_prompt"])
def test_a_prompt_of_more_than_ten_thousand_characters_is_refused(field: str) -> None:
    asked(LAYOUT, **{field: "x" * PROMPT_LIMIT})
    with pytest.raises(RequestError, match="at most 10,000 characters, this one 100,000"):
        asked(LAYOUT, **{field: "x" * 100_000})


def test_half_a_character_in_a_prompt_is_refused() -> None:
    with pytest.raises(RequestError, match="half a character"):
        asked(LAYOUT, "moon \ud83c")


def test_a_picture_that_is_not_rgb_is_refused() -> None:
    with pytest.raises(RequestError, match="RGB, this one is RGBA"):
        asked(Image.new("RGBA", (64, 64)), "night")


@given(
    width=st.integers(1, 3000), height=st.integers(1, 3000), side=st.sampled_from([32, 256, 512, 1000, 4096])
)
def test_the_output_keeps_the_proportions_to_half_a_pixel(width: int, height: int, side: int) -> None:
    layout = Image.new("RGB", (width, height))
    try:
        size = asked(layout, "night", long_side=side).size
    except RequestError:
        assert side * min(width, height) / max(width, height) < SIDES.start
        return
    assert max(size) == side
    longest = max(width, height)
    assert 2 * abs(size[0] * longest - width * side) <= longest
    assert 2 * abs(size[1] * longest - height * side) <= longest


@given(width=st.integers(64, 400), height=st.integers(64, 400), wide=st.integers(64, 800))
@example(width=110, height=165, wide=159)  # 238.5 high
def test_width_or_height_alone_gives_the_same_picture_as_both(width: int, height: int, wide: int) -> None:
    layout = Image.new("RGB", (width, height))
    other = round(height * wide / width)
    assume(other in SIDES)
    assert asked(layout, width=wide).size == (wide, other)
    assert asked(layout, width=wide, height=other).size == (wide, other)


def test_other_proportions_are_refused_with_the_ones_that_fit() -> None:
    with pytest.raises(RequestError, match=r"would stretch a picture of 160 x 90; .*\(256 x 144 fits\)"):
        asked(LAYOUT, "night", width=256, height=256)


def test_a_long_side_together_with_a_width_is_refused() -> None:
    with pytest.raises(RequestError, match="not both"):
        asked(LAYOUT, "night", width=256, long_side=256)


def test_a_strip_that_would_be_painted_too_thin_is_refused() -> None:
    with pytest.raises(RequestError, match="painted at 256 x 3"):
        asked(Image.new("RGB", (2000, 20)), "night", long_side=256)


def test_without_a_size_the_picture_keeps_its_own() -> None:
    assert asked(LAYOUT, "night").size == (160, 90)


def test_a_model_fills_in_what_was_not_asked() -> None:
    request = ask(HOUSE_LIKE, LAYOUT, "night", seed=2**64 - 1)
    filled = request.settings
    assert (filled.strength, filled.guidance_scale, filled.num_inference_steps) == (0.7, 2.5, 24)
    assert request.size == (256, 144)
    assert ask(HOUSE_LIKE, LAYOUT, "night", guidance_scale=0).settings.guidance_scale == 0


def test_a_model_without_strength_runs_every_step() -> None:
    request = ask(EDITOR, LAYOUT, "night")
    assert request.settings.strength is None
    assert request.effective_steps == 8


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"strength": 0.5}, "strength"),
        ({"negative_prompt": "people"}, "negative"),
        ({"guidance_scale": 3.0}, "guidance"),
    ],
)
def test_a_setting_that_the_model_would_ignore_is_refused(said: dict[str, float], word: str) -> None:
    with pytest.raises(RequestError, match=f"takes no {word}"):
        ask(EDITOR, LAYOUT, "night", **said)  # type: ignore[arg-type]


def test_a_negative_prompt_that_guidance_would_ignore_is_refused() -> None:
    with pytest.raises(RequestError, match="works only with guidance above 1"):
        ask(HOUSE_LIKE, LAYOUT, "night", negative_prompt="people", guidance_scale=1)


def test_a_model_with_strength_refuses_a_request_without() -> None:
    with pytest.raises(RequestError, match=r"needs a strength, such as 0\.7"):
        HOUSE_LIKE.check(asked(LAYOUT, "night", strength=None))


def test_a_request_travels_to_another_process_unchanged() -> None:
    request = asked(LAYOUT, "night", seed=2**64 - 1, long_side=256)
    assert pickle.loads(pickle.dumps(request)) == request


def test_every_refusal_is_a_generation_error() -> None:
    assert issubclass(RequestError, GenerationError)


def test_neither_requests_nor_models_load_torch() -> None:
    program = (
        "import sys, generation.request.request, generation.model.model, generation.errors;"
        "heavy = ('torch', 'diffusers', 'transformers', 'huggingface_hub', 'numpy');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
