"""Depth is drawn from the layout by an estimator that the person names, and is a work on the record."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tiny_pipelines
from conftest import draw_house
from PIL import Image

from generation.engine.engine_depth import DepthModel
from generation.errors import GenerationError, ReplayError, UnsafeModel
from generation.layout.beside import Files
from generation.request.request import PaintSettings
from generation.studio.replay import ReplayOutcome, replay
from generation.studio.studio import Studio
from generation.works.depth_model import find_depth
from generation.works.weight import Weight
from generation.works.works import Works
from provenance.credentials.read.reader import read_chain
from provenance.errors import ProvenanceError
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.statement.credit import parse_credit
from provenance.statement.vocabulary import AdapterKind

QUICK = PaintSettings("a house", strength=0.8, num_inference_steps=2, long_side=96, seed=7)
BY = (parse_credit("layout: Mori Aoi"), parse_credit("prompt: Sato Hana"))


@pytest.fixture(scope="module")
def studio_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("studio")
    base = tiny_pipelines.stable_diffusion(folder / "tiny")
    tiny_pipelines.control_net(folder / "net", base)
    estimator = tiny_pipelines.depth_estimator(folder / "near")
    (estimator / "model.json").write_text('{"name": "Far sight", "author": "Kita Sora", "license": "MIT"}')
    tiny_pipelines.depth_estimator(folder / "far", "metric")
    return folder


def test_a_picture_steered_by_estimated_depth_names_the_estimator_and_is_painted_again(
    archive: Archive, studio_folder: Path, layout: Path, tmp_path: Path
) -> None:
    works = Works(controls=(f"depth={studio_folder / 'net'}",), depth=str(studio_folder / "near"))
    studio = Studio.open(archive, str(studio_folder / "tiny"), works=works)
    made = studio.paint(layout, QUICK, Job(BY, tmp_path / "out.png"))
    used = {each.kind: each for each in made.record.statement.adapters}
    estimator = used[AdapterKind.DEPTH].model
    assert (estimator.name, estimator.attribution, estimator.license) == ("Far sight", "Kita Sora", "MIT")
    assert estimator.digest.hex == studio.adapters[1].digest and "model.safetensors" in estimator.files
    chain = read_chain(made.path, trust=archive.trust)
    assert chain.file is not None
    assert {"Far sight"} <= {each.get("name") for each in chain.file.models}
    assert replay(studio, made.record).outcome is ReplayOutcome.IDENTICAL
    alone = Studio.open(archive, str(studio_folder / "tiny"), works=replace(works, depth=None))
    with pytest.raises(ReplayError, match="was painted with the depth estimator Far sight; name the same"):
        replay(alone, made.record)
    # Where the depth is given, or nobody looks at it, the estimator has no part in the picture.
    given = tmp_path / "depth.png"
    Image.linear_gradient("L").resize(draw_house().size).save(given)
    shown = studio.paint(
        layout, QUICK, Job(BY, tmp_path / "two.png"), beside=Files(guides=(("depth", given),))
    )
    unseen = replace(QUICK, weights=(Weight("depth", 0.0),))
    left = studio.paint(layout, unseen, Job(BY, tmp_path / "three.png"))
    for each in (shown, left):
        assert AdapterKind.DEPTH not in {one.kind for one in each.record.statement.adapters}
    looks = {each.record.output.pixels for each in (made, shown, left) if each.record.output}
    assert len(looks) == 3


def drawn(folder: Path, picture: Image.Image) -> Any:
    import numpy as np

    return np.asarray(DepthModel.load(find_depth(str(folder)), "cpu").draw(picture).convert("L"), int)


def test_depth_is_as_large_as_the_layout_and_near_is_white_whichever_way_the_network_counts(
    studio_folder: Path,
) -> None:
    import numpy as np

    picture = draw_house((120, 64))
    # The same network, telling how near and how far in metres.
    near, far = (drawn(studio_folder / each, picture) for each in ("near", "far"))
    for each in (near, far):
        assert each.shape == (64, 120) and (each.min(), each.max()) == (0, 255)
    assert np.corrcoef(near.ravel(), far.ravel())[0, 1] < -0.5


def empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def no_estimator(folder: Path) -> Path:
    tiny_pipelines.control_net(folder, tiny_pipelines.stable_diffusion(folder.parent / "base"))
    (folder / "preprocessor_config.json").write_text("{}")
    return folder


def strange(folder: Path) -> Path:
    made = tiny_pipelines.depth_estimator(folder)
    config = made / "config.json"
    config.write_text(
        config.read_text().replace('"model_type": "depth_anything"', '"model_type": "deep_sea"')
    )
    return made


def pickled(folder: Path) -> Path:
    made = tiny_pipelines.depth_estimator(folder)
    (made / "model.safetensors").rename(made / "pytorch_model.bin")
    return made


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (empty, "is no depth estimator that can be used: it has no config.json"),
        (no_estimator, "is no depth estimator: its config.json names"),
        (strange, "of which we do not know whether near is light or dark"),
        (pickled, "comes only as a pickle"),
    ],
)
def test_what_is_no_depth_estimator_is_one_sentence(tmp_path: Path, made: Any, words: str) -> None:
    with pytest.raises(GenerationError, match=words):
        find_depth(str(made(tmp_path / "estimator")))
    with pytest.raises(UnsafeModel, match="is a pickle"):
        find_depth(str(tmp_path / "estimator.pt"))


def test_a_depth_network_without_any_depth_says_what_to_name(
    archive: Archive, studio_folder: Path, layout: Path, tmp_path: Path
) -> None:
    studio = Studio.open(
        archive, str(studio_folder / "tiny"), works=Works(controls=(f"depth={studio_folder / 'net'}",))
    )
    with pytest.raises((GenerationError, ProvenanceError), match="name a depth estimator"):
        studio.paint(layout, QUICK, Job(BY, tmp_path / "out.png"))
