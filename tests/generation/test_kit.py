"""Works beside a model: found by name, weighed for a picture, and left out where they do nothing."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_samples import safetensors

from generation.errors import GenerationError, ModelError, ModelMissing, RequestError, UnsafeModel
from generation.layout.beside import Beside
from generation.works.adapter import Adapter, WorkKind
from generation.works.kit import Given, check_beside, in_use, weighed
from generation.works.weight import Weight, parse_weight
from generation.works.works import Works, check_called, find_kit


@pytest.fixture
def works(tmp_path: Path) -> Works:
    """A LoRA, a word, two ControlNets and a style adapter, of a few bytes."""
    (tmp_path / "ink.safetensors").write_bytes(safetensors(1))
    (tmp_path / "kita-style.safetensors").write_bytes(safetensors(2))
    for number, name in enumerate(("lines", "deep")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps({"_class_name": "ControlNetModel"}))
        (folder / "diffusion_pytorch_model.safetensors").write_bytes(safetensors(number))
    (tmp_path / "lines/model.json").write_text('{"name": "Lines", "author": "Kita Sora", "license": "MIT"}')
    encoder = tmp_path / "ip/image_encoder"
    encoder.mkdir(parents=True)
    (encoder / "config.json").write_text("{}")
    (encoder / "model.safetensors").write_bytes(safetensors(3))
    (tmp_path / "ip/adapter.safetensors").write_bytes(safetensors(4))
    return Works(
        (f"{tmp_path}/ink.safetensors:0.5",),
        (f"{tmp_path}/kita-style.safetensors",),
        (f"lineart={tmp_path}/lines:0.8@0-0.6", f"depth={tmp_path}/deep"),
        f"{tmp_path}/ip/adapter.safetensors:0.7",
    )


def by_key(kit: tuple[Adapter, ...]) -> dict[str, Adapter]:
    return {each.key: each for each in kit}


def test_every_work_is_known_by_its_key_its_files_and_its_maker(works: Works) -> None:
    kit = by_key(find_kit(works))
    assert list(kit) == ["ink", "kita-style", "lineart", "depth", "style"]
    lines = kit["lineart"]
    assert (lines.name, lines.author, lines.license, lines.scale, lines.start, lines.end) == (
        "Lines", "Kita Sora", "MIT", 0.8, 0.0, 0.6,
    )  # fmt: skip
    assert set(lines.files) == {"config.json", "diffusion_pytorch_model.safetensors"}
    assert len(lines.digest) == 64 and lines.digest not in lines.files.values()
    assert kit["ink"].digest == kit["ink"].files["ink.safetensors"]
    assert set(kit["style"].files) == {
        "adapter.safetensors", "image_encoder/config.json", "image_encoder/model.safetensors",
    }  # fmt: skip


def test_a_picture_weighs_works_anew_and_leaves_out_what_is_weighed_nothing(works: Works) -> None:
    kit = find_kit(works)
    asked = (Weight("ink", -1.5), Weight("lineart", 0.0), Weight("depth", 2.0, 0.2, 0.5))
    used = by_key(weighed(kit, asked))
    assert "lineart" not in used
    assert (used["ink"].scale, used["depth"].scale, used["depth"].start) == (-1.5, 2.0, 0.2)
    assert used["style"].scale == 0.7


@pytest.mark.parametrize(
    "weight",
    [
        Weight("ink", -5.0),
        Weight("ink", 4.1),
        Weight("lineart", -0.5),
        Weight("lineart", 2.5),
        Weight("style", 9.0),
        Weight("ink", 1.0, 0.0, 0.5),
        Weight("kita-style", 0.5),
        Weight("watercolour", 1.0),
    ],
)
def test_a_weight_that_a_work_does_not_take_is_refused(works: Works, weight: Weight) -> None:
    with pytest.raises(RequestError):
        weighed(find_kit(works), (weight,))


@pytest.mark.parametrize(
    "text", ["", "x", "nan", "inf", "-inf", "1@", "1@0", "1@0.5-0.5", "1@0.6-0.2", "1@-1-1", "1@0-2"]
)
def test_what_is_no_weight_is_refused(text: str) -> None:
    with pytest.raises(RequestError):
        parse_weight("lineart", text)


@given(st.floats(-4, 4), st.floats(0, 0.5, exclude_max=True), st.floats(0.5, 1))
def test_a_weight_is_read_as_it_is_written(scale: float, start: float, end: float) -> None:
    weight = (
        parse_weight("ink", f"{scale:.3f}@{start:.3f}-{end:.3f}") if f"{start:.3f}" != f"{end:.3f}" else None
    )
    if weight is not None:
        assert parse_weight("ink", str(weight)) == weight


def test_a_word_that_nobody_says_and_a_style_that_nobody_shows_are_not_in_use(works: Works) -> None:
    kit = find_kit(works)
    assert {"kita-style", "style"}.isdisjoint(by_key(in_use(kit, (), ("a house", ""), Given())))
    used = by_key(in_use(kit, (), ("a house", "kita-style, blurred"), Given(styled=True)))
    assert {"kita-style", "style"} <= set(used)


def test_a_word_is_called_only_as_a_word_of_its_own(works: Works) -> None:
    check_called(works.embeddings, ("a house, kita-style.", ""))
    for words in ("a house", "kita-styled", "nikita-style"):
        with pytest.raises(RequestError, match="nothing in the prompt calls"):
            check_called(works.embeddings, (words, ""))


def test_the_same_work_twice_is_refused_and_so_are_two_of_one_key(works: Works, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="the LoRA ink is named twice"):
        find_kit(Works((*works.loras, f"{tmp_path}/ink.safetensors:0.9")))
    other = tmp_path / "other/ink.safetensors"
    other.parent.mkdir()
    other.write_bytes(safetensors(9))
    with pytest.raises(ModelError, match="two works are called 'ink'"):
        find_kit(Works((*works.loras, str(other))))
    with pytest.raises(ModelError, match="two works are called 'lineart'"):
        find_kit(Works(controls=(f"lineart={tmp_path}/lines", f"lineart={tmp_path}/deep")))


def test_a_picture_that_no_work_looks_at_is_refused(works: Works) -> None:
    from PIL import Image

    picture = Image.new("RGB", (4, 4))
    kit = find_kit(works)
    lines = tuple(each for each in kit if each.key == "lineart")
    with pytest.raises(RequestError, match="needs an IP-Adapter"):
        check_beside(lines, Beside(styles=(picture,)))
    with pytest.raises(RequestError, match="no ControlNet for it is used"):
        check_beside(lines, Beside(guides=(("canny", picture),)))
    with pytest.raises(RequestError, match="depth cannot be drawn"):
        check_beside(kit, Beside())
    check_beside(kit, Beside(guides=(("depth", picture),)))


@pytest.mark.parametrize(
    "text",
    ["lineart", "=x", "pose=lines", "lineart=", "lineart=none", "lineart=a/b/c", "lineart=lines/config.json"],
)
def test_a_controlnet_that_is_not_there_is_told_with_how_one_is_named(
    works: Works, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=r"ControlNet"):
        find_kit(Works(controls=(text,)))


def test_a_base_model_is_no_controlnet(works: Works, tmp_path: Path) -> None:
    (tmp_path / "lines/config.json").write_text(json.dumps({"_class_name": "UNet2DConditionModel"}))
    with pytest.raises(ModelError, match="names UNet2DConditionModel; a base model is given as the model"):
        find_kit(works)


def test_pickles_and_missing_weights_are_refused(works: Works, tmp_path: Path) -> None:
    (tmp_path / "lines/diffusion_pytorch_model.safetensors").rename(tmp_path / "lines/pytorch_model.bin")
    with pytest.raises(UnsafeModel, match="only as a pickle"):
        find_kit(works)
    (tmp_path / "lines/pytorch_model.bin").unlink()
    with pytest.raises(ModelMissing, match="without weights"):
        find_kit(works)
    shutil.rmtree(tmp_path / "ip/image_encoder")
    with pytest.raises(ModelMissing, match="the encoder that looks at the style picture"):
        find_kit(Works(style=works.style))
    for name in ("word.pt", "two words.safetensors"):
        (tmp_path / name).write_bytes(safetensors(1))
        with pytest.raises(GenerationError, match=r"safetensors file|word of the prompt"):
            find_kit(Works(embeddings=(f"{tmp_path}/{name}",)))


def test_a_changed_file_of_a_work_is_noticed(works: Works, tmp_path: Path) -> None:
    lines = by_key(find_kit(works))["lineart"]
    assert lines.kind is WorkKind.CONTROL
    lines.check_untouched()
    (tmp_path / "lines/diffusion_pytorch_model.safetensors").write_bytes(safetensors(7))
    with pytest.raises(ModelError, match="was changed"):
        lines.check_untouched()
