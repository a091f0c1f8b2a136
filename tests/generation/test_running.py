"""How the model runs: told to everybody, and chosen by whoever serves the page on their own machine alone."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import tiny_pipelines

pytest.importorskip("gradio", reason="the page needs genzu[app]")

import gradio as gr

from generation.engine.loading import Loading
from generation.studio.studio import Studio
from generation.tabs.running import Choices, wire_running
from provenance.release.archive import Archive
from provenance.settings import Settings
from provenance.tabs.visits.visitor import Keeper


def asking(address: str = "127.0.0.1", **headers: str) -> Any:
    given = {"host": "127.0.0.1:7860"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(client=SimpleNamespace(host=address, port=1), headers=given)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pipelines.stable_diffusion(tmp_path_factory.mktemp("base") / "tiny")


@pytest.fixture
def studio(archive: Archive, model: Path) -> Studio:
    return Studio.open(archive, str(model))


class Fold:
    """The fold as it stands on a page, and what its two handlers answer."""

    def __init__(self, studio: Studio, settings: Settings, *, busy: bool = False) -> None:
        with gr.Blocks() as page:
            self.choices = Choices(studio)
            wire_running(studio, self.choices, page, Keeper(settings), lambda: busy)
        self.arrive, self.load = (each.fn for each in page.fns.values())

    def loaded(self, request: Any, **chosen: Any) -> str:
        values = {each: each.value for each in self.choices.named.values()}
        values |= {self.choices.named[name]: value for name, value in chosen.items()}
        answer: str = self.load(request, values)[self.choices.told]
        return answer

    def shown(self, request: Any) -> tuple[str, bool]:
        told = self.arrive(request)
        return told[self.choices.told], told[self.choices.group]["visible"]


@pytest.fixture
def here() -> Any:
    return asking()


def test_whoever_serves_the_page_loads_the_model_another_way_and_is_told_how_it_runs(
    studio: Studio, archive: Archive, here: Any
) -> None:
    fold = Fold(studio, archive.settings)
    told, choosable = fold.shown(here)
    assert "tiny is not loaded yet" in told and choosable
    assert "tiny runs on cpu, in bfloat16, by torch" in fold.loaded(here, dtype="bfloat16")
    assert studio.engine.dtype == "bfloat16"
    assert "attention sliced" in fold.loaded(here, dtype="float32", attention="sliced", backend="plain")


def test_what_cannot_be_loaded_so_is_told_and_the_model_stays_as_it_was(
    studio: Studio, archive: Archive, here: Any
) -> None:
    fold = Fold(studio, archive.settings)
    fold.loaded(here, dtype="float32")
    told = fold.loaded(here, dtype="float32", attention="flash")
    assert "gz-bad" in told and "attention" in told
    assert studio.loading == Loading(dtype="float32")
    assert "in float32" in studio.how_it_runs or "not loaded yet" in studio.how_it_runs


@pytest.mark.parametrize("case", ["elsewhere", "hosted", "proxy", "busy"])
def test_nobody_else_chooses_and_nothing_is_loaded_while_a_picture_is_painted(
    studio: Studio, archive: Archive, here: Any, case: str
) -> None:
    request = {
        "elsewhere": asking("203.0.113.7"),
        "proxy": asking(x_forwarded_for="203.0.113.7"),
    }.get(case, here)
    fold = Fold(studio, replace(archive.settings, hosted=case == "hosted"), busy=case == "busy")
    assert fold.shown(request)[1] is (case == "busy")
    with pytest.raises(gr.Error):
        fold.loaded(request, dtype="bfloat16")
    assert studio.loading is None
