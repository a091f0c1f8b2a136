"""The shipped model: its files are what its facts say, everyone is credited, and it paints what the words say."""

import csv
import hashlib
import json
from pathlib import Path

import pytest
from PIL import Image

HOUSE = Path(__file__).resolve().parents[2] / "generation" / "house"
WEIGHTS = HOUSE / "weights"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def facts() -> dict:
    return json.loads((HOUSE / "model.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def credited() -> list[dict[str, str]]:
    with (HOUSE / "AUTHORS.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def paint():
    """The shipped house layout, painted by stock diffusers under given words: (H, W, 3) floats."""
    pytest.importorskip("diffusers")
    import numpy as np
    import torch
    from diffusers import AutoPipelineForImage2Image

    pipeline = AutoPipelineForImage2Image.from_pretrained(WEIGHTS, torch_dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    layout = Image.open(HOUSE / "layouts" / "house_on_a_hill.png").convert("RGB")

    def painted(words: str):
        generator = torch.Generator().manual_seed(1)
        out = pipeline(
            words, image=layout, strength=0.7, guidance_scale=2.5, num_inference_steps=12, generator=generator
        )
        return np.asarray(out.images[0], dtype=np.float32)

    return painted


def test_every_file_of_the_weights_has_the_digest_that_the_facts_state(facts):
    found = {
        file.relative_to(WEIGHTS).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in WEIGHTS.rglob("*")
        if file.is_file()
    }
    assert found == facts["sha256"]


def test_the_weights_are_at_most_forty_megabytes():
    assert sum(file.stat().st_size for file in WEIGHTS.rglob("*") if file.is_file()) <= 40 * MEGABYTE


def test_the_facts_count_the_pictures_and_authors_that_are_credited(facts, credited):
    for data in facts["training_data"]:
        mine = [row for row in credited if row["source"] == data["name"]]
        assert (data["pictures"], data["authors"]) == (sum(int(row["count"]) for row in mine), len(mine))
    assert {row["source"] for row in credited} == {data["name"] for data in facts["training_data"]}


def test_the_facts_state_each_sources_licence(facts):
    stated = {data["name"]: data["license"] for data in facts["training_data"]}
    assert stated == {"OpenMoji": "CC-BY-SA-4.0", "Open Clip Art Library": "public domain"}
    assert facts["license"] == "CC-BY-SA-4.0"


def test_the_statement_counts_as_the_facts_do(facts, credited):
    statement, people = facts["training_statement"], len({row["author"] for row in credited})
    for data in facts["training_data"]:
        assert f"{data['pictures']} " in statement
    assert f"{people} credited authors" in statement


def test_the_card_names_every_author(credited):
    card = (HOUSE / "README.md").read_text(encoding="utf-8")
    assert [row["author"] for row in credited if row["author"] not in card] == []


def test_no_author_is_listed_twice_under_two_spellings(credited):
    names = {(" ".join(row["author"].casefold().split()), row["source"]) for row in credited}
    assert len(names) == len(credited)


@pytest.mark.parametrize("name", ["house_on_a_hill.png", "mountain_railway.png"])
def test_a_shipped_layout_is_dark_lines_on_light_paper(name):
    file = HOUSE / "layouts" / name
    grey = Image.open(file).convert("L").histogram()
    assert file.stat().st_size <= 150_000
    assert sum(grey[200:]) > 10 * sum(grey[:120]) > 0


def test_night_and_a_pink_sunset_paint_two_skies_and_keep_the_drawn_lines(paint):
    night, sunset = paint("night"), paint("sunset, pink sky")
    red, green, blue = night[:48].mean((0, 1))
    assert max(red, green) + 15 < blue < 130, "a night sky is dark blue"
    # A sunset is blue overhead: the pink lies lower.
    red, green, blue = sunset[64:112, :96].mean((0, 1))
    assert red > 170 and red > green + 25 and blue > green, "a pink sky is light and pink"
    assert _lines_stand_out(sunset) > 25


def _lines_stand_out(painting) -> float:
    """How much darker the painting is under the drawn lines than over the whole, in levels of 255."""
    import numpy as np

    drawn = np.asarray(Image.open(HOUSE / "layouts" / "house_on_a_hill.png").convert("L"))
    return float(painting.mean() - painting[drawn < 110].mean())
