"""Works beside a model, on small pipelines of the real classes: each changes the picture, or is refused by its name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny_pipelines
from conftest import draw_house
from PIL import Image

from generation.engine.engine import Engine
from generation.errors import ModelError, RequestError
from generation.layout.beside import Beside
from generation.layout.canvas import Sides
from generation.layout.colour import Colours
from generation.model.model import find_model
from generation.request.asking import request_for
from generation.request.request import CHUNKS, CUT, PaintSettings, Render
from generation.works.weight import Weight
from generation.works.works import Works, find_kit

pytest.importorskip("peft", reason="a LoRA needs genzu[lora]")

LAYOUT = draw_house((96, 64))
QUICK = PaintSettings("a house", strength=0.8, num_inference_steps=3, long_side=96, seed=7)
ALONE = (Weight("lineart", 0.0), Weight("canny", 0.0), Weight("ink", 0.0), Weight("wash", 0.0))
LONG = "a red house in the green hills, " * 9


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pipelines.stable_diffusion(tmp_path_factory.mktemp("base") / "tiny")


@pytest.fixture(scope="module")
def works(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Works:
    folder = tmp_path_factory.mktemp("works")
    net = tiny_pipelines.control_net(folder / "net", base)
    loras = [tiny_pipelines.lora(folder / f"{name}.safetensors", base, len(name)) for name in ("ink", "wash")]
    return Works(
        tuple(map(str, loras)),
        (str(tiny_pipelines.embedding(folder / "kita-style.safetensors")),),
        (f"lineart={net}", f"canny={net}"),
        str(tiny_pipelines.ip_adapter(folder / "ip", base)),
    )


@pytest.fixture(scope="module")
def engine(base: Path, works: Works) -> Engine:
    return Engine.load(find_model(str(base)), adapters=find_kit(works))


@pytest.fixture(scope="module")
def plain(engine: Engine) -> Render:
    return painted(engine, replace(QUICK, weights=ALONE))


def painted(engine: Engine, settings: PaintSettings, mask: Image.Image | None = None, **said: Any) -> Render:
    beside = said.pop("beside", Beside())
    return engine.render(request_for(engine.capabilities, Colours(LAYOUT), settings, mask, beside), **said)


def weights(**scales: float) -> tuple[Weight, ...]:
    return (*(each for each in ALONE if each.key not in scales), *(Weight(*each) for each in scales.items()))


def test_works_that_are_weighed_nothing_leave_the_model_as_it_is(plain: Render, base: Path) -> None:
    bare = painted(Engine.load(find_model(str(base))), QUICK)
    assert plain.image.tobytes() == bare.image.tobytes()
    assert plain.facts["pipeline"] == "StableDiffusionImg2ImgPipeline"


def test_a_controlnet_steers_by_the_layouts_lines_and_by_what_it_is_given(
    engine: Engine, plain: Render
) -> None:
    drawn = painted(engine, replace(QUICK, weights=weights(lineart=1.0)))
    assert drawn.facts["pipeline"] == "StableDiffusionControlNetImg2ImgPipeline"
    assert drawn.facts["control_lineart"] == "the layout's own lines"
    black = Beside(guides=(("lineart", Image.new("RGB", LAYOUT.size)),))
    given = painted(engine, replace(QUICK, weights=weights(lineart=1.0)), beside=black)
    assert given.facts["control_lineart"] == "a picture given for it"
    assert len({each.image.tobytes() for each in (plain, drawn, given)}) == 3


def test_weight_and_range_of_several_controlnets_are_kept_apart(engine: Engine) -> None:
    both = painted(engine, replace(QUICK, weights=weights(lineart=1.0, canny=0.5)))
    assert both.facts["control_canny"] == "the edges of the layout (Canny)"
    less = painted(engine, replace(QUICK, weights=weights(lineart=1.0, canny=0.1)))
    late = (*weights(lineart=1.0, canny=0.5)[:-1], Weight("canny", 0.5, 0.9, 1.0))
    later = painted(engine, replace(QUICK, weights=late))
    assert len({each.image.tobytes() for each in (both, less, later)}) == 3


def test_several_loras_are_weighed_by_themselves(engine: Engine, plain: Render) -> None:
    looks = [painted(engine, replace(QUICK, weights=weights(**each))).image.tobytes()
             for each in ({"ink": 1.0}, {"wash": 1.0}, {"ink": 1.0, "wash": 1.0}, {"ink": -1.0})]  # fmt: skip
    assert len({*looks, plain.image.tobytes()}) == 5
    assert painted(engine, replace(QUICK, weights=ALONE)).image.tobytes() == plain.image.tobytes()


def test_a_textual_inversion_acts_where_its_word_is_said(engine: Engine) -> None:
    said = painted(engine, replace(QUICK, prompt="a house, kita-style", weights=ALONE))
    other = painted(engine, replace(QUICK, prompt="a house, kita style", weights=ALONE))
    assert said.image.tobytes() != other.image.tobytes()


def test_a_style_picture_changes_the_painting_and_so_does_its_weight(engine: Engine, plain: Render) -> None:
    style = Beside(styles=(Image.new("RGB", (30, 50), "teal"),))
    strong = painted(engine, replace(QUICK, weights=weights(style=1.0)), beside=style)
    weak = painted(engine, replace(QUICK, weights=weights(style=0.2)), beside=style)
    two = painted(
        engine, replace(QUICK, weights=weights(style=1.0)), beside=Beside(styles=(*style.styles, LAYOUT))
    )
    assert len({each.image.tobytes() for each in (plain, strong, weak, two)}) == 4


def test_a_base_model_fills_a_mask_by_a_class_of_its_family_and_keeps_what_is_black(engine: Engine) -> None:
    mask = Image.new("L", LAYOUT.size)
    mask.paste(255, (32, 0, 64, 64))
    filled = painted(engine, replace(QUICK, fill=True, strength=None, weights=ALONE), mask)
    assert (filled.facts["pipeline"], filled.facts["strength"]) == ("StableDiffusionInpaintPipeline", 1.0)
    assert filled.image.crop((64, 0, 96, 64)).tobytes() == LAYOUT.crop((64, 0, 96, 64)).tobytes()
    laid = painted(engine, replace(QUICK, strength=1.0, weights=ALONE), mask)
    assert laid.image.tobytes() != filled.image.tobytes()
    steered = painted(engine, replace(QUICK, fill=True, weights=weights(lineart=1.0)), mask)
    assert steered.facts["pipeline"] == "StableDiffusionControlNetInpaintPipeline"


def test_new_canvas_is_filled_and_the_layout_stays_value_for_value(engine: Engine) -> None:
    settings = replace(
        QUICK, long_side=160, extend=Sides(left=32, right=32, bottom=16), strength=None, weights=ALONE
    )
    larger = painted(engine, settings)
    assert larger.image.size == (160, 80)
    assert larger.image.crop((32, 0, 128, 64)).tobytes() == LAYOUT.tobytes()
    assert larger.facts["filled"] is True


def test_tiles_paint_a_large_picture_step_by_step_with_a_seed_each(engine: Engine) -> None:
    told: list[tuple[int, int]] = []
    settings = replace(QUICK, long_side=120, tile=64, overlap=16, weights=weights(lineart=1.0))
    tiled = painted(engine, settings, on_step=lambda done, total, _: told.append((done, total)))
    assert tiled.image.size == (120, 80) and tiled.facts["tiles"] == 6
    assert told == [(number, 12) for number in range(1, 13)]
    assert painted(engine, settings).image.tobytes() == tiled.image.tobytes()
    left, right = (tiled.image.crop((x, 0, x + 40, 40)).tobytes() for x in (0, 56))
    assert left != right


def test_a_tile_that_the_mask_keeps_is_not_painted(engine: Engine) -> None:
    mask = Image.new("L", LAYOUT.size)
    mask.paste(255, (70, 0, 80, 10))
    told: list[tuple[int, int]] = []
    settings = replace(QUICK, tile=64, overlap=0, weights=ALONE)
    tiled = painted(engine, settings, mask, on_step=lambda done, total, _: told.append((done, total)))
    assert told == [(1, 2), (2, 2)] and tiled.facts["tiles"] == 1
    assert tiled.image.crop((0, 0, 70, 64)).tobytes() == LAYOUT.crop((0, 0, 70, 64)).tobytes()


def test_another_scheduler_paints_another_picture_and_the_models_own_comes_back(
    engine: Engine, plain: Render
) -> None:
    euler = painted(engine, replace(QUICK, scheduler="euler", weights=ALONE))
    assert euler.facts["scheduler"] == "EulerDiscreteScheduler"
    heun = painted(engine, replace(QUICK, scheduler="HeunDiscreteScheduler", weights=ALONE))
    assert heun.facts["steps_effective"] == heun.facts["steps_run"] > plain.facts["steps_effective"]
    again = painted(engine, replace(QUICK, weights=ALONE))
    assert (again.facts["scheduler"], again.image.tobytes()) == ("DDIMScheduler", plain.image.tobytes())
    with pytest.raises(
        RequestError, match="this model has no scheduler 'flow'; it can be painted with DDIM, "
    ):
        painted(engine, replace(QUICK, scheduler="flow"))


def test_a_long_prompt_is_read_whole_in_chunks_and_what_is_cut_is_named(engine: Engine) -> None:
    able = engine.capabilities
    long = replace(QUICK, prompt=LONG + "under a violet moon", weights=ALONE)
    assert able.filled_in(long).long_prompt == CHUNKS
    assert able.filled_in(QUICK).long_prompt is None
    cut = replace(long, long_prompt=CUT)
    (missing,) = able.unread(cut)
    assert missing.words.endswith("under a violet moon") and long.prompt.endswith(missing.words)
    other = replace(long, prompt=LONG + "under a yellow sun")
    whole = [painted(engine, each).image.tobytes() for each in (long, other)]
    kept = [painted(engine, replace(each, long_prompt=CUT)).image.tobytes() for each in (long, other)]
    assert whole[0] != whole[1] and kept[0] == kept[1]
    assert painted(engine, long).facts["prompt_truncated"] is False


def test_a_prompt_that_fits_reads_the_same_in_one_chunk(engine: Engine, plain: Render) -> None:
    from generation.engine.chunks import in_chunks

    words = in_chunks(engine.pipe, "a house", "")
    own = engine.pipe.encode_prompt("a house", "cpu", 1, True, "")
    for mine, theirs in zip((words["prompt_embeds"], words["negative_prompt_embeds"]), own, strict=True):
        assert (mine - theirs).abs().max() < 1e-5


def sdxl(base: Path, folder: Path) -> Works:
    other = tiny_pipelines.stable_diffusion_xl(folder / "xl")
    return Works(controls=(f"lineart={tiny_pipelines.control_net(folder / 'net', other)}",))


def wide_word(base: Path, folder: Path) -> Works:
    return Works(embeddings=(str(tiny_pipelines.embedding(folder / "wide.safetensors", width=48)),))


def foreign_style(base: Path, folder: Path) -> Works:
    other = tiny_pipelines.stable_diffusion_xl(folder / "xl")
    return Works(style=str(tiny_pipelines.ip_adapter(folder / "ip", other)))


def word_as_style(base: Path, folder: Path) -> Works:
    made = tiny_pipelines.ip_adapter(folder / "ip", base)
    tiny_pipelines.embedding(made)
    return Works(style=str(made))


@pytest.mark.parametrize("made", [sdxl, wide_word, foreign_style, word_as_style])
def test_a_work_of_another_architecture_is_refused_by_its_name(
    base: Path, tmp_path: Path, made: Callable[[Path, Path], Works]
) -> None:
    (work,) = kit = find_kit(made(base, tmp_path))
    with pytest.raises(ModelError, match=f"the {work.kind} {work.name} (does not fit|was made for another)"):
        Engine.load(find_model(str(base)), adapters=kit)


def test_a_long_prompt_is_read_in_chunks_by_both_readers_of_sdxl(tmp_path: Path) -> None:
    engine = Engine.load(find_model(str(tiny_pipelines.stable_diffusion_xl(tmp_path / "xl"))))
    looks = {painted(engine, replace(QUICK, prompt=LONG + end)).image.tobytes() for end in ("moon", "sun")}
    assert len(looks) == 2


def test_a_class_without_a_sibling_that_fills_says_so(tmp_path: Path) -> None:
    engine = Engine.load(find_model(str(tiny_pipelines.instruct(tmp_path / "instruct"))))
    mask = Image.new("L", LAYOUT.size, 255)
    with pytest.raises(RequestError, match="no class of this model's family sees a mask"):
        painted(engine, PaintSettings("snow", fill=True, long_side=96), mask)
    with pytest.raises(RequestError, match="looks at the layout alone; leave the reference pictures out"):
        painted(engine, PaintSettings("snow", long_side=96), beside=Beside(references=(LAYOUT,)))
    with pytest.raises(RequestError, match="tiles need a model that takes a strength"):
        painted(engine, PaintSettings("snow", long_side=96, tile=64))
