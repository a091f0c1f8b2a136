"""The table of families is whole, says the true reason, and claims nothing that was not painted."""

import inspect
import re
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import tiny_families
import tiny_vision
from PIL import Image, ImageDraw, ImageOps

from generation.engine.engine import Engine
from generation.errors import ModelError
from generation.layout.beside import Beside
from generation.model.families import Task, class_named, family, painter, sibling
from generation.model.families_table import PAINTED, names, rows
from generation.model.model import find_model
from generation.model.pipelines import capabilities_of
from generation.model.references import references_of
from generation.quiet import quietly
from generation.request.request import PaintSettings

DRAWING = Image.new("RGB", (96, 64), "white")
ImageDraw.Draw(DRAWING).polygon([(20, 60), (20, 30), (45, 10), (70, 30), (70, 60)], outline="black", width=3)
BUILDERS = tiny_families.BUILDERS | tiny_vision.BUILDERS
MASK = Image.new("L", DRAWING.size)
MASK.paste(255, (0, 0, 48, 64))


def exported() -> dict[str, Any]:
    import diffusers

    with quietly():
        found = {name: getattr(diffusers, name) for name in dir(diffusers)}
    return {name: each for name, each in found.items() if inspect.isclass(each) and "Pipeline" in name}


def test_no_class_that_is_given_a_picture_is_missing() -> None:
    """By what the library itself writes beside its parameters, not by their names."""
    wanted = re.compile(r"PipelineImageInput|PIL\.Image|Image\.Image")
    films = re.compile(r"mask|video|frames|conditions|controls")
    given = {
        name
        for name, kind in exported().items()
        for each in inspect.signature(kind.__call__).parameters.values()
        if wanted.search(str(each.annotation)) and not films.search(each.name)
    }
    assert len(given) > 100
    assert given <= set(names())


def test_every_row_says_what_the_class_does_or_why_it_does_not() -> None:
    found = {each.name: each for each in rows(every=True)}
    assert len(found) == len(names())
    for each in found.values():
        assert bool(each.task) != each.answer.startswith("refused: "), each
    assert found["StableVideoDiffusionPipeline"].answer == "refused: it makes a film, not a picture"
    assert found["StableDiffusionUpscalePipeline"].task == Task.LARGER
    assert found["LDMSuperResolutionPipeline"].answer.startswith("refused: it makes a picture larger")
    assert found["Kandinsky5I2IPipeline"].answer.startswith("refused: it paints at seven sizes of its own")
    assert found["MarigoldDepthPipeline"].answer.startswith("refused: it gives no picture, but")
    assert "a prior makes" in found["KandinskyV22Img2ImgPipeline"].answer
    assert found["FluxFillPipeline"].task == Task.FILL
    assert found["FluxPipeline"].answer == "is opened as FluxImg2ImgPipeline"
    assert "deprecated" in found["UniDiffuserPipeline"].answer
    if not class_named("KolorsImg2ImgPipeline").__module__.endswith("img2img"):
        assert "it needs sentencepiece, which is not installed" in found["KolorsImg2ImgPipeline"].answer


def test_what_is_claimed_as_painted_is_what_these_tests_paint() -> None:
    assert set(BUILDERS) >= PAINTED
    assert all(family(name).task is not None for name in PAINTED)


@pytest.mark.skipif(find_spec("torchvision") is not None, reason="torchvision is installed here")
def test_a_class_that_reads_pictures_with_a_package_says_which_extra_holds_it() -> None:
    with pytest.raises(
        ModelError, match=r"needs torchvision, which is not installed: pip install 'genzu\[edit\]'"
    ):
        painter("QwenImageEditPipeline", None, QWEN_EDIT)
    assert family("ChronoEditPipeline").packages == ("ftfy",)
    assert family("Flux2Pipeline").packages == ("torchvision",)  # its PixtralProcessor


QWEN_EDIT = ("transformer", "vae", "text_encoder", "tokenizer", "processor", "scheduler")


@pytest.mark.parametrize(
    ("name", "task", "control", "found"),
    [
        ("StableDiffusionPipeline", Task.FILL, None, "StableDiffusionInpaintPipeline"),
        ("StableDiffusionXLPipeline", Task.OVER, "ControlNet", "StableDiffusionXLControlNetImg2ImgPipeline"),
        (
            "StableDiffusion3ControlNetPipeline",
            Task.FILL,
            None,
            "StableDiffusion3ControlNetInpaintingPipeline",
        ),
        ("FluxControlNetPipeline", Task.OVER, "", "FluxImg2ImgPipeline"),
        ("ChromaPipeline", Task.FILL, None, None),
        ("AuraFlowPipeline", Task.OVER, None, None),
    ],
)
def test_the_class_for_another_task_is_found_by_its_family(
    name: str, task: Task, control: str | None, found: str | None
) -> None:
    assert sibling(name, task, control) == found


def test_a_sibling_that_the_models_parts_cannot_build_is_not_taken() -> None:
    parts = ("unet", "scheduler", "movq")
    assert painter("KandinskyV22CombinedPipeline", None, (*parts, *PRIOR)).pipeline.endswith(
        "CombinedPipeline"
    )
    with pytest.raises(Exception, match="paints no picture over another"):
        painter("KandinskyV22CombinedPipeline", None, parts)


PRIOR = tuple(
    f"prior_{each}"
    for each in ("prior", "image_encoder", "text_encoder", "tokenizer", "scheduler", "image_processor")
)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PAINTED))
def test_a_small_model_of_the_class_is_painted_with(name: str, tmp_path: Path) -> None:
    import diffusers
    import torch

    if name in tiny_vision.BUILDERS:
        pytest.importorskip(
            "torchvision", reason="it reads pictures with torchvision: pip install 'genzu[edit]'"
        )
    torch.set_num_threads(1)
    with quietly():
        model = find_model(str(tiny_families.save(name, tmp_path, BUILDERS[name])))
    able, engine = capabilities_of(model), Engine.load(model)
    kind = getattr(diffusers, name)
    if able.pipeline != name:
        # A base model's own class, opened as its sibling: the class itself is painted with as well.
        engine.easel.pipe = kind(**engine.pipe.components)
        engine.easel.pipe.set_progress_bar_config(disable=True)
    takes = inspect.signature(kind.__call__).parameters
    strength = 0.6 if "strength" in takes else None
    engine._able = able = replace(engine.capabilities, strength=strength, needs_mask=False)
    mask = MASK if family(name).mask else None
    # These take no smaller picture.
    side = 96 if re.search("Flux2|Sana|Omni|QwenImage21", name) else 48
    settings = PaintSettings("night sky", long_side=side, num_inference_steps=4, strength=strength)
    seen: list[int] = []

    def painted(layout: Image.Image) -> Image.Image:
        request = engine.capabilities.request(layout, settings, mask=mask)
        render = engine.render(request, on_step=lambda done, *_: seen.append(done))
        assert render.facts["pipeline"] == name
        assert render.facts["steps_run"] == render.facts["steps_effective"] == seen[-1]
        assert render.image.size == request.size
        return render.image

    left = (0, 0, 20, 32)
    first, second = painted(DRAWING), painted(ImageOps.invert(DRAWING))
    assert first.crop(left).tobytes() != second.crop(left).tobytes()  # it looks at the layout


def loaded(name: str, folder: Path) -> Engine:
    import torch

    torch.set_num_threads(1)
    with quietly():
        return Engine.load(find_model(str(tiny_families.save(name, folder, BUILDERS[name]))))


def rendered(
    engine: Engine, words: str, long_side: int = 64, references: tuple[Image.Image, ...] = ()
) -> Any:
    settings = PaintSettings(words, long_side=long_side, num_inference_steps=2)
    return engine.render(engine.capabilities.request(DRAWING, settings, beside=Beside(references)))


LOOKS_AT = {
    "BriaFibo2Pipeline": 4, "BriaFiboEditPipeline": 9, "Flux2Pipeline": 9, "Flux2KleinPipeline": 3,
    "Flux2KleinKVPipeline": 3, "GlmImagePipeline": 9, "QwenImage21Pipeline": 9, "QwenImageEditPlusPipeline": 2,
    "ZImageOmniPipeline": 9,
}  # fmt: skip


def test_how_many_pictures_a_class_looks_at_beside_the_layout_is_read_from_its_code() -> None:
    editors = [name for name in names() if family(name).task is Task.EDIT]
    found = {name: references_of(class_named(name)) for name in editors}
    assert {name: most for name, most in found.items() if most} == LOOKS_AT
    assert {"FluxKontextPipeline", "StableDiffusionInstructPix2PixPipeline"} <= set(found) - set(LOOKS_AT)
    assert references_of(class_named("StableDiffusionImg2ImgPipeline")) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(LOOKS_AT) - {"Flux2Pipeline"}))
def test_each_reference_picture_of_another_size_changes_what_is_painted(name: str, tmp_path: Path) -> None:
    if name in tiny_vision.BUILDERS:
        pytest.importorskip(
            "torchvision", reason="it reads pictures with torchvision: pip install 'genzu[edit]'"
        )
    engine = loaded(name, tmp_path)
    teal, plum = Image.new("RGB", (128, 96), "teal"), ImageOps.invert(DRAWING).resize((96, 128))
    ways = [(), (teal,), (teal, plum)]
    looks = {rendered(engine, "night sky", 96, each).image.tobytes() for each in ways}
    assert len(looks) == len(ways)


@pytest.mark.slow
def test_words_are_counted_with_what_reads_them_and_not_with_what_reads_a_signs_letters(
    tmp_path: Path,
) -> None:
    engine = loaded("GlmImagePipeline", tmp_path)
    long = 'a shop with the sign "Kita" ' + "in the evening light " * 200
    facts = rendered(engine, long).facts
    assert facts["prompt_tokens"] < len(long) / 2 and facts["prompt_truncated"] is False
    assert engine.capabilities.unread(PaintSettings(long)) == []


@pytest.mark.slow
def test_words_for_a_class_that_reads_json_are_its_instruction_and_json_is_left_as_it_is(
    tmp_path: Path,
) -> None:
    engine = loaded("BriaFiboEditPipeline", tmp_path)
    words = rendered(engine, 'a "red" roof')
    assert (
        words.image.tobytes() == rendered(engine, '{"edit_instruction": "a \\"red\\" roof"}').image.tobytes()
    )
    assert words.image.tobytes() != rendered(engine, "a blue roof").image.tobytes()


@pytest.mark.slow
def test_a_class_that_wants_larger_multiples_than_its_cells_gives_the_size_that_was_asked(
    tmp_path: Path,
) -> None:
    render = rendered(loaded("GlmImagePipeline", tmp_path), "night sky", long_side=72)
    assert render.image.size == (72, 48)
    assert (render.facts["width_painted"], render.facts["height_painted"]) == (96, 64)


@pytest.mark.slow
def test_a_class_that_paints_at_a_size_of_its_own_is_scaled_back_and_the_record_says_both(
    tmp_path: Path,
) -> None:
    pytest.importorskip("torchvision", reason="it reads pictures with torchvision: pip install 'genzu[edit]'")
    render = rendered(loaded("LongCatImageEditPipeline", tmp_path), "night sky", long_side=96)
    facts = render.facts
    assert render.image.size == (facts["width_after"], facts["height_after"]) == (96, 64)
    assert (facts["width_painted"], facts["height_painted"]) == (1264, 848)
