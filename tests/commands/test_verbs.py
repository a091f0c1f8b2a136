"""The verbs for pipelines: they answer as the commands do, load nothing until they are called, and refuse in words."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import draw_house

import generation
import provenance
from generation.cli import genzu
from generation.errors import GenerationError
from provenance.errors import OutputError, ProvenanceError, StatementError

QUICK = {"strength": 1.0, "num_inference_steps": 2, "long_side": 64}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def signed(layout: Path, tmp_path: Path, home: Path) -> Path:
    made = provenance.record(
        layout, tmp_path / "signed.png", by=["layout: Mori Aoi"], source="print", shot="c014", home=home
    )
    assert made["picture"].startswith("pic-") and made["findings"] == []
    return Path(made["path"])


def command(home: Path, *words: object) -> object:
    done = CliRunner().invoke(genzu, ["--home", str(home), *map(str, words), "--json"])
    assert done.exit_code in {0, 3}, done.output
    return json.loads(done.stdout)


def test_each_verb_that_reads_answers_as_its_command_does(signed, home):
    assert provenance.inspect(signed, home=home) == command(home, "inspect", signed)
    assert provenance.who(str(signed), home=home) == command(home, "who", signed)
    assert provenance.detect(signed, home=home) == command(home, "detect", signed)
    assert provenance.credits("Mori Aoi", home=home) == command(home, "credits", "Mori Aoi")
    assert provenance.credits(file=signed, home=home) == command(home, "credits", signed)
    assert provenance.verify(home=home) == command(home, "ledger", "verify")


def test_a_pipeline_records_revises_and_gates_on_the_answer(signed, revised, tmp_path, home):
    made = provenance.retouch(signed, revised, tmp_path / "final.png", by=["retouch: Sato Hana"], home=home)
    told = provenance.inspect(made["path"], home=home)
    assert (told["verdict"], told["classification"]) == ("intact, known signer", "recorded as human-made")
    assert "Mori Aoi" in told["history"]["sentence"] and "Sato Hana" in told["history"]["sentence"]
    kept = tmp_path / "home" / "checkpoints.txt"
    report = provenance.verify(against=[kept], thorough=True, files=True, home=home)
    assert report["ok"] and report["files"] and report["outside"] == report["entries"]
    data = bytearray(Path(made["path"]).read_bytes())
    data[-60] ^= 1
    Path(made["path"]).write_bytes(data)
    assert provenance.inspect(made["path"], home=home)["exit_code"] == 1


def test_what_is_wrong_is_one_sentence_and_nothing_is_written(layout, tmp_path, home):
    out = tmp_path / "out.png"
    with pytest.raises(StatementError, match="`by` is a list"):
        provenance.record(layout, out, by="layout: Mori Aoi", source="print", home=home)
    with pytest.raises(StatementError, match="nothing is called shots; there is production, episode, shot"):
        provenance.record(layout, out, by=["layout: Mori Aoi"], source="print", home=home, shots="c014")
    with pytest.raises(StatementError, match="for a name or for a file"):
        provenance.credits(home=home)
    with pytest.raises(ProvenanceError, match="there is no ledger"):
        provenance.credits("Mori Aoi", home=home)
    assert not out.exists() and not home.exists()
    with pytest.raises(AttributeError, match="no attribute 'paint'"):
        provenance.paint  # noqa: B018


def test_nothing_of_it_is_loaded_before_a_verb_is_called():
    loaded = "[each for each in ('click', 'c2pa', 'torch', 'PIL') if each in sys.modules]"
    code = f"import sys, provenance, generation; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert {"inspect", "who", "credits", "verify"} <= set(dir(provenance)) and "paint" in dir(generation)


def test_a_painter_keeps_the_model_between_pictures_and_each_is_on_the_record(tmp_path, home):
    draw_house((64, 64)).save(tmp_path / "layout.png")
    asked = {"prompt": "snow, dusk", "by": ["prompt: Abe Rin"], **QUICK}
    with generation.painter(home=home) as paint:
        made = [
            paint(tmp_path / "layout.png", tmp_path / f"{shot}.png", shot=shot, seed=3, **asked)
            for shot in ("c014", "c015")
        ]
        with pytest.raises(
            GenerationError, match="nothing is called steps; there is negative_prompt, strength"
        ):
            paint(tmp_path / "layout.png", tmp_path / "c016.png", steps=2, **asked)
        with pytest.raises(OutputError):
            paint(tmp_path / "layout.png", tmp_path / "c014.png", **asked)
    assert made[0]["picture"] != made[1]["picture"]
    told = provenance.inspect(tmp_path / "c015.png", home=home)
    assert told["classification"] == "AI-assisted" and told["record"]["project"]["shot"] == "c015"
    assert len(provenance.credits("Abe Rin", home=home)["people"][0]["credits"]) == 2


def test_one_painting_is_one_call(layout, tmp_path, home):
    made = generation.paint(
        layout,
        tmp_path / "out.png",
        prompt="snow",
        by=["prompt: Abe Rin"],
        disclose="absent",
        home=home,
        **QUICK,
    )
    assert "painted by genzu-house" in made["history"]
    assert b"snow" not in (tmp_path / "out.png").read_bytes()
