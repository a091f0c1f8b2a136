"""A mask: the layout stays where it is black, the painting stands where it is white, and the record says so."""

import io
import json
import re
from pathlib import Path
from typing import Any

import c2pa
import pytest
import tiny_pipelines
from asset_rubric import RULES
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from manifest_samples import OF_A_SERVICE
from PIL import Image, ImageChops, ImageDraw
from request_samples import ask, asked

from generation.cli import genzu
from generation.engine.engine import Engine
from generation.errors import RequestError
from generation.layout.mask import fitted
from generation.model.model import find_model
from generation.request.fit import finished, fit
from generation.request.request import PaintSettings
from generation.studio.ready import mask_of
from generation.studio.studio import Studio
from provenance.credentials.identity.trust import context
from provenance.inspection.lineage import lineage
from provenance.media.picture import open_picture, pixels
from provenance.release.opening import open_archive
from provenance.settings import Limits, Settings
from provenance.show.graph import to_svg
from provenance.statement.canonical import Digest
from provenance.statement.statement import InputRole
from provenance.statement.vocabulary import Relation

SIZE = (96, 64)
BOX = (24, 16, 72, 48)  # where the mask is white


def boxed(size: tuple[int, int] = SIZE, grey: int = 255) -> Image.Image:
    mask = Image.new("L", size)
    mask.paste(grey, BOX)
    return mask


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    path = tmp_path / "mask.png"
    boxed().save(path)
    return path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pipelines.stable_diffusion(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def engine(tiny: Path) -> Engine:
    return Engine.load(find_model(str(tiny)))


@pytest.fixture
def run(tmp_path: Path, tiny: Path):
    def call(*words: object, code: int = 0) -> Result:
        own = ["--model", tiny, "--steps", 2, "--strength", 1, "--long-side", 96, "--by", "layout: Mori Aoi",
               "--by", "prompt: Abe Rin"] if words[0] == "paint" else []  # fmt: skip
        done = CliRunner().invoke(
            genzu, ["--home", str(tmp_path / "home"), *(str(each) for each in [*words, *own])]
        )
        assert (done.exit_code == 0) is (code == 0), (done.output, done.exception)
        return done

    return call


def drawing(size: tuple[int, int] = SIZE) -> Image.Image:
    image = Image.radial_gradient("L").resize(size).convert("RGB")
    ImageDraw.Draw(image).line((0, 0, *size), fill=(10, 200, 90), width=3)
    return image


def outside(image: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    image = image.copy()
    image.paste("black", box)
    return image


# --- pixels ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", [96, 100, 150, 48])
def test_the_layout_stays_as_fitted_under_black_value_for_value(engine: Engine, side: int) -> None:
    said = {"long_side": side, "num_inference_steps": 2, "strength": 1.0}
    request = ask(engine.capabilities, drawing(), mask=boxed(), **said)
    render = engine.render(request)
    whole = engine.render(ask(engine.capabilities, drawing(), **said))
    layout = fit(request, 1)
    black = fitted(boxed(), request.size).point(lambda value: 255 if value == 0 else 0)
    assert (
        ImageChops.multiply(ImageChops.difference(render.image, layout), black.convert("RGB")).getbbox()
        is None
    )
    # Well inside the white, it is what the model paints without a mask.
    scale = side / SIZE[0]
    inside = tuple(round(at * scale) for at in (27, 19, 69, 45))
    assert render.image.crop(inside).tobytes() == whole.image.crop(inside).tobytes()
    assert render.image.tobytes() != whole.image.tobytes()
    assert render.facts["masked"] is True and "masked" not in whole.facts


@settings(max_examples=40)
@given(
    st.integers(64, 160),
    st.integers(64, 160),
    st.integers(32, 300),
    st.sampled_from([1, 8, 16]),
    st.integers(0, 255),
)
def test_black_keeps_white_paints_and_grey_blends_at_any_size(
    width: int, height: int, side: int, multiple: int, grey: int
) -> None:
    mask = Image.new("L", (width, height))
    mask.paste(255, (0, 0, width // 3, height))
    mask.paste(grey, (width - width // 3, 0, width, height))
    if round(min(width, height) * side / max(width, height)) < 32:
        return
    request = asked(drawing((width, height)), "night", long_side=side, mask=mask)
    layout = fit(request, multiple)
    result = finished(request, layout, Image.new("RGB", layout.size, (255, 0, 0)))
    assert result.size == request.size
    kept, middle = layout.crop((0, 0, *request.size)), result.height // 2
    last = result.width - 1
    assert result.getpixel((0, middle)) == (255, 0, 0)
    assert result.getpixel((last // 2, middle)) == kept.getpixel((last // 2, middle))
    red, before = result.getpixel((last, middle))[0], kept.getpixel((last, middle))[0]
    assert abs(red - (before * (255 - grey) + 255 * grey) / 255) <= 1


def test_a_scaled_mask_leaves_no_ring_in_the_black() -> None:
    mask = Image.new("L", (480, 320))
    mask.paste(255, (240, 0, 480, 320))
    small = fitted(mask, (117, 78))
    assert small.crop((0, 0, 58, 78)).getbbox() is None


def test_a_model_that_chooses_its_own_size_is_brought_to_the_layouts() -> None:
    request = asked(drawing(), "night", mask=boxed())
    result = finished(request, fit(request, 8), Image.new("RGB", (64, 64), "red"))
    assert result.size == SIZE and result.getpixel((48, 32)) == (255, 0, 0)
    assert outside(result, BOX).tobytes() == outside(drawing(), BOX).tobytes()


def test_previews_are_laid_over_the_layout_too(engine: Engine) -> None:
    seen: list[Image.Image] = []
    request = ask(
        engine.capabilities,
        drawing(),
        "night",
        mask=boxed(),
        long_side=96,
        num_inference_steps=4,
        strength=1.0,
        preview_every=1,
    )
    engine.render(request, on_step=lambda _, __, preview: seen.append(preview) if preview else None)
    assert seen
    for preview in seen:
        assert outside(preview, BOX).tobytes() == outside(drawing(), BOX).tobytes()


@pytest.mark.parametrize(
    ("paint", "white"),
    [
        ((255, 255, 255, 0), False),  # transparent is not white, whatever colour lies under it
        ((255, 255, 255, 255), True),
        ((0, 0, 0, 255), False),
    ],
)
def test_what_is_transparent_in_a_mask_keeps_the_layout(paint: tuple[int, ...], white: bool) -> None:
    target = io.BytesIO()
    Image.new("RGBA", (4, 4), paint).save(target, "PNG")
    mask = mask_of(open_picture(target.getvalue(), Limits(100, 10_000)))
    assert mask.mode == "L" and mask.getextrema() == ((255, 255) if white else (0, 0))


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (
            Image.new("L", (64, 96), 255),
            r"the mask is 64 x 96 pixels and the layout 96 x 64; .*save both at one size",
        ),
        (Image.new("L", SIZE), "black all over, so nothing would be painted; make it white where"),
        (Image.new("RGB", SIZE, "white"), "has to be grey"),
    ],
)
def test_a_mask_that_cannot_be_used_is_refused_in_a_sentence(mask: Image.Image, words: str) -> None:
    with pytest.raises(RequestError, match=words):
        asked(drawing(), "night", mask=mask)


def test_a_dot_that_is_gone_at_the_size_asked_for_is_no_mask() -> None:
    mask = Image.new("L", (4000, 3000))
    mask.putpixel((7, 7), 255)
    asked(drawing((4000, 3000)), "night", mask=mask)
    with pytest.raises(RequestError, match="black all over"):
        asked(drawing((4000, 3000)), "night", mask=mask, long_side=128)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda path: Image.new("L", (10, 10), 255).save(path),
            "the mask is 10 x 10 pixels and the layout 96 x 64",
        ),
        (lambda path: Image.new("L", SIZE).save(path), "black all over"),
        (lambda path: path.write_text("no picture"), r"mask\.png is not a picture"),
        (lambda path: None, r"mask\.png could not be read"),
    ],
)
def test_a_refused_mask_leaves_nothing_on_the_record(run, layout, tmp_path, make, words):
    make(tmp_path / "mask.png")
    out = tmp_path / "out.png"
    done = run("paint", layout, "--mask", tmp_path / "mask.png", "--prompt", "night", "-o", out, code=2)
    assert re.search(words, str(done.exception)), done.exception
    assert not out.exists()
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        assert archive.ledger.pictures() == []


# --- the record --------------------------------------------------------------------------------------------


def test_a_masked_picture_keeps_the_layout_and_names_its_mask_everywhere(run, layout, mask, tmp_path):
    out = tmp_path / "out.png"
    told = json.loads(run("paint", layout, "--mask", mask, "--prompt", "night", "-o", out, "--json").stdout)
    kept = Image.open(out).convert("RGB")
    assert outside(kept, BOX).tobytes() == outside(Image.open(layout).convert("RGB"), BOX).tobytes()
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        record = archive.ledger.picture(told["picture"])
        before, over = record.statement.inputs
        assert (before.role, over.role, over.relation) == (InputRole.LAYOUT, InputRole.MASK, Relation.INPUT)
        assert over.resource.digest == Digest.of_file(mask)
        assert archive.vault.get(over.resource.digest) == mask.read_bytes()
        assert record.facts["masked"] is True
    shown = json.loads(run("show", told["picture"], "--json").stdout)
    assert [(each["role"], each["relation"]) for each in shown["inputs"]] == [
        ("layout", "parentOf"), ("mask", "inputTo"),
    ]  # fmt: skip
    for answer in (run("show", told["picture"]).stdout, run("inspect", out).stdout):
        assert re.search(r"Mask picture +UNKNOWN", answer) and "through the mask 2" in answer
    graph = json.loads(run("inspect", out, "--json").stdout)
    assert [(each["relation"], each.get("mask")) for each in graph["edges"]] == [
        ("parentOf", None),
        ("inputTo", True),
    ]
    assert graph["classification"] == "AI-assisted"


def test_the_mask_is_an_ingredient_that_the_edit_names(run, layout, mask, tmp_path):
    signed, out = tmp_path / "signed.png", tmp_path / "out.png"
    run("record", layout, "--source", "print", "--by", "layout: Mori Aoi", "-o", signed)
    run("paint", signed, "--mask", mask, "--prompt", "night", "-o", out)
    data = out.read_bytes()
    with c2pa.Reader("image/png", io.BytesIO(data)) as reader:
        said = json.loads(reader.json())
    manifest = said["manifests"][said["active_manifest"]]
    (held,) = [each for each in manifest["ingredients"] if each["title"] == "Mask"]
    assert held["relationship"] == "inputTo" and "thumbnail" not in held
    bound = held["metadata"]["org.genzu.ingredient"]
    assert (bound["role"], bound["digest"]) == ("mask", str(Digest.of_file(mask)))
    (actions,) = [
        each["data"]["actions"] for each in manifest["assertions"] if each["label"] == "c2pa.actions.v2"
    ]
    opened, edited = actions
    named = {each["url"].rsplit("/", 1)[-1] for each in edited["parameters"]["ingredients"]}
    assert held["label"] in named and len(named) == 3  # prompt, model, mask
    assert held["label"] not in {
        each["url"].rsplit("/", 1)[-1] for each in opened["parameters"]["ingredients"]
    }
    assert b"mask.png" not in data


def test_another_makers_validator_and_the_rubric_accept_what_the_command_made(run, layout, mask, tmp_path):
    import encypher_c2pa

    signed, out = tmp_path / "signed.png", tmp_path / "out.png"
    run("record", layout, "--source", "print", "--by", "layout: Mori Aoi", "-o", signed)
    run("paint", signed, "--mask", mask, "--prompt", "night", "-o", out)
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        root, trust = archive.identity.root_pem, archive.trust
    report = encypher_c2pa.verify(
        out.read_bytes(),
        "image/png",
        trust_pem=root,
        no_default_trust=True,
        telemetry=False,
        strict_conformance=True,
    )
    assert {each["code"] for each in report["validation_results"]["failure"]} <= OF_A_SERVICE
    with c2pa.Reader("image/png", io.BytesIO(out.read_bytes()), context=context(trust)) as reader:
        manifest: dict[str, Any] = json.loads(reader.crjson())["manifests"][0]
    assert {name: rule(manifest) for name, rule in RULES.items() if rule(manifest)} == {}


def test_a_dry_run_tells_of_the_mask_before_anything_is_made(run, layout, mask, tmp_path):
    asked = ("paint", layout, "--mask", mask, "--prompt", "night", "-o", tmp_path / "out.png", "--dry-run")
    line = "its digests, size and id, and its own credentials; not the picture itself"
    assert f"mask: {line}" in run(*asked).stdout
    told = json.loads(run(*asked, "--json").stdout)
    assert {"about": "mask", "words": line} in told["public"]
    assert not (tmp_path / "home").exists()


def test_a_layout_may_be_its_own_mask(run, layout, tmp_path):
    out = tmp_path / "out.png"
    run("paint", layout, "--mask", layout, "--prompt", "night", "-o", out)
    assert "intact" in run("inspect", out).stdout
    before, after = (Image.open(path).convert("L") for path in (layout, out))
    black = before.point(lambda value: 255 if value == 0 else 0)
    assert black.getbbox() and ImageChops.multiply(after, black).getbbox() is None


def test_takes_of_one_cut_go_through_the_same_mask(archive, layout, mask, tiny, tmp_path):
    from provenance.release.job import Job
    from provenance.statement.credit import parse_credit

    studio = Studio.open(archive, str(tiny))
    by = (parse_credit("prompt: Abe Rin"),)
    made = [
        studio.paint(
            layout,
            PaintSettings("night", strength=1.0, num_inference_steps=2, seed=seed, long_side=96),
            Job(by, tmp_path / f"{seed}.png"),
            mask=mask,
        )
        for seed in (1, 2)
    ]  # fmt: skip
    assert len({each.record.statement.inputs[1].resource.digest for each in made}) == 1
    one, two = (pixels(open_picture(each.path, Limits())) for each in made)
    assert outside(one, BOX).tobytes() == outside(two, BOX).tobytes()
    assert one.crop(BOX).tobytes() != two.crop(BOX).tobytes()
    assert "used as mask" in to_svg(lineage(made[0].record, archive.ledger))
