"""Settings are taken from a picture: our record first, then its credentials, then what programs leave as text."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import draw_house
from PIL import Image, PngImagePlugin

import generation
from generation.cli import genzu
from generation.errors import LikeError, RequestError
from generation.studio.like import like
from provenance.credentials.identity.trust import Trust
from provenance.errors import PictureError
from provenance.release.opening import open_archive
from provenance.settings import Limits, Settings

A1111 = (
    "masterpiece, a house\nBREAK, snow\nNegative prompt: people,\ncars\n"
    "Steps: 20, Sampler: Euler a, CFG scale: 7.5, Seed: 18446744073709551615, Size: 512x768, Model: v1-5, "
    'Denoising strength: 0.55, Lora hashes: "a: b, c: d"'
)
COMFY = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "seed": 7,
            "steps": 12,
            "cfg": 3,
            "sampler_name": "dpmpp_2m",
            "denoise": 0.4,
            "positive": ["9", 0],
            "negative": ["6", 0],
        },
    },
    "9": {"class_type": "ControlNetApply", "inputs": {"strength": 1, "conditioning": ["5", 0]}},
    "5": {"class_type": "CLIPTextEncode", "inputs": {"text": "a pass in snow", "clip": ["1", 1]}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": ["8", 0], "clip": ["1", 1]}},
    "8": {"class_type": "StringConstant", "inputs": {"string": "blur"}},
}
INVOKE = {
    "positive_prompt": "x",
    "negative_prompt": "",
    "seed": 5,
    "steps": 9,
    "cfg_scale": 2,
    "strength": 0.7,
    "scheduler": "euler_a",
}


QUICK = ("--steps", "2", "--strength", "1", "--long-side", "64", "--by", "prompt: Abe Rin", "--seed", "3")


def test_our_record_brings_the_scheduler_and_tiles_and_names_what_went_in_besides(tmp_path):
    draw_house((96, 64)).save(tmp_path / "c.png")
    Image.new("L", (96, 64), 255).save(tmp_path / "mask.png")
    start = ["--home", str(tmp_path / "home")]
    first = ("--prompt", "snow", "--scheduler", "Euler", "--mask", str(tmp_path / "mask.png"), *QUICK)
    painted = [*start, "paint", str(tmp_path / "c.png"), "-o", str(tmp_path / "a.png")]
    assert CliRunner().invoke(genzu, [*painted, *first]).exit_code == 0
    again = [
        "-o",
        str(tmp_path / "b.png"),
        "--like",
        str(tmp_path / "a.png"),
        "--by",
        "prompt: Abe Rin",
        "--force",
    ]
    done = CliRunner().invoke(genzu, [*start, "paint", str(tmp_path / "c.png"), *again])
    assert done.exit_code == 0, done.output
    assert "scheduler EulerDiscreteScheduler" in done.stderr and "there went in a mask, sha256" in done.stderr
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        newest, before = archive.ledger.pictures(limit=2)
    assert newest.statement.parameters == before.statement.parameters
    assert newest.facts["scheduler"] == "EulerDiscreteScheduler"


def picture(path: Path, **texts: str) -> Path:
    info = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        info.add_text(name, text)
    draw_house().save(path, pnginfo=info)
    return path


def read(path: Path) -> dict[str, object]:
    return dict(like(path, Limits(), None, Trust()).settings)


def test_the_text_of_other_programs_is_read(tmp_path):
    assert read(picture(tmp_path / "a.png", parameters=A1111)) == {
        "prompt": "masterpiece, a house\nBREAK, snow", "negative_prompt": "people,\ncars", "num_inference_steps": 20,
        "guidance_scale": 7.5, "seed": 2**64 - 1, "strength": 0.55, "long_side": 768,
        "scheduler": "EulerAncestralDiscreteScheduler",
    }  # fmt: skip
    assert read(picture(tmp_path / "b.png", prompt=json.dumps(COMFY), workflow="{}")) == {
        "prompt": "a pass in snow", "negative_prompt": "blur", "num_inference_steps": 12, "guidance_scale": 3.0,
        "strength": 0.4, "seed": 7, "scheduler": "DPMSolverMultistepScheduler",
    }  # fmt: skip
    assert read(picture(tmp_path / "c.png", invokeai_metadata=json.dumps(INVOKE))) == {
        "prompt": "x", "seed": 5, "num_inference_steps": 9, "guidance_scale": 2.0, "strength": 0.7,
        "scheduler": "EulerAncestralDiscreteScheduler",
    }  # fmt: skip
    photo = tmp_path / "d.jpg"
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\x00" + A1111.encode("utf-16-be")
    draw_house().save(photo, exif=exif)
    assert read(photo)["seed"] == 2**64 - 1


@pytest.mark.parametrize(
    "text", ["", "Steps: 5 washes, then ink", '{"prompt": {"3": {"inputs": []}}}', "{" * 5000]
)
def test_a_picture_that_says_nothing_is_one_sentence(tmp_path, text):
    with pytest.raises(LikeError, match=r"a\.png says nothing of how it was painted"):
        read(picture(tmp_path / "a.png", parameters=text, prompt=text))


def test_a_graph_that_leads_in_a_circle_ends(tmp_path):
    graph = {
        "1": {"inputs": {"seed": 1, "steps": 2, "positive": ["2", 0], "negative": ["2", 0]}},
        "2": {"inputs": {"a": ["2", 0]}},
    }
    assert read(picture(tmp_path / "a.png", prompt=json.dumps(graph))) == {
        "num_inference_steps": 2,
        "seed": 1,
    }


def paint(folder: Path, home: str, *words: str) -> Result:
    arguments = [
        "--home",
        str(folder / home),
        "paint",
        str(folder / "layout.png"),
        "--by",
        "prompt: Abe Rin",
        *words,
    ]
    return CliRunner().invoke(genzu, arguments)


def test_a_painting_of_ours_gives_its_settings_from_the_record_and_elsewhere_from_its_credentials(
    layout, tmp_path
):
    first = tmp_path / "first.png"
    quick = ("--steps", "2", "--strength", "0.9", "--guidance", "2", "--seed", "11", "--long-side", "64")
    done = paint(tmp_path, "home", "--prompt", "night, snow", *quick, "-o", str(first))
    assert done.exit_code == 0, done.output
    again = paint(
        tmp_path,
        "home",
        "--like",
        str(first),
        "--seed",
        "12",
        "-o",
        str(tmp_path / "second.png"),
        "--dry-run",
    )
    assert again.exit_code == 0, again.output
    assert "from our record of it, pic-" in again.stderr
    for words in ("night, snow", "strength 0.9", "2 steps", "seed 12", "64 pixels wide"):
        assert words in again.stdout
    stranger = paint(tmp_path, "other", "--like", str(first), "-o", str(tmp_path / "third.png"), "--dry-run")
    assert "from its credentials (intact, unknown signer)" in stranger.stderr
    assert "seed 11" in stranger.stdout
    data = bytearray(first.read_bytes())
    data[-60] ^= 1
    first.write_bytes(bytes(data))
    altered = paint(tmp_path, "other", "--like", str(first), "-o", str(tmp_path / "fourth.png"), "--dry-run")
    assert "changed after it was signed" in str(altered.exception)


def test_without_like_a_prompt_is_needed(layout, tmp_path):
    done = paint(tmp_path, "home", "-o", str(tmp_path / "out.png"))
    assert done.exit_code == 2
    assert "Missing option '--prompt'" in done.output


@pytest.mark.parametrize(
    "words", ["", "   ", "\u3000", "\u200b\u2060", "\n\t", "\u3164", "\ufe0f", "\u00ad \u2800"]
)
def test_a_prompt_that_nobody_can_see_is_empty_however_it_is_given(layout, tmp_path, words):
    out, sentence = str(tmp_path / "out.png"), "the prompt is empty; say in a few words"
    done = paint(tmp_path, "home", "--prompt", words, "-o", out)
    assert sentence in str(done.exception)
    with pytest.raises(RequestError, match=sentence):
        generation.paint(
            tmp_path / "layout.png", out, prompt=words, by=["prompt: Abe Rin"], home=tmp_path / "home"
        )
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7 ", b"PK\x03\x04"])
def test_a_file_that_is_no_picture_is_not_said_to_say_nothing(layout, tmp_path, data):
    (tmp_path / "broken.png").write_bytes(data)
    done = paint(tmp_path, "home", "--like", str(tmp_path / "broken.png"), "-o", str(tmp_path / "out.png"))
    assert isinstance(done.exception, PictureError), done.output
    assert "broken.png" in str(done.exception) and "nothing of how" not in str(done.exception)
