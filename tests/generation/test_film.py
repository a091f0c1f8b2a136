"""The demonstration, as a person runs it: four files, every one accepted by another maker's validator."""

import subprocess
import sys
from pathlib import Path

import encypher_c2pa
import pytest
from rich.console import Console

from generation.studio.film import make
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import Stopped
from provenance.ledger.store.records import State
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.vocabulary import Maker

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

FILES = ("1-layout.png", "2-pass.png", "3-pass.png", "4-final.png")
# Who drew the layout is real; of the others each place says that they are not.
PEOPLE = ("Nadja Grün", "Tanaka Ren (invented)", "Sato Hana (invented)", "Elin Lindqvist (invented)")
GENZU = [sys.executable, "-m", "generation"]


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("film") / "demo"
    done = subprocess.run(
        [*GENZU, "demo", "-o", str(folder)], capture_output=True, text=True, check=False, timeout=580
    )
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_the_end_roll_names_four_people_and_the_model_apart(film):
    _, told = film
    for name in PEOPLE:
        assert name in told
    assert "generative AI   genzu-house" in told


def test_each_step_is_told_as_human_or_ai_with_names(film):
    folder, _ = film
    with open_archive(Settings(home=folder / "archive")) as archive:
        chain = read_chain(folder / "4-final.png", trust=archive.trust)
    assert chain.verdict is Verdict.INTACT_KNOWN
    assert [step.maker for step in chain.steps] == [
        Maker.HUMAN,
        Maker.AI_ASSISTED,
        Maker.AI_ASSISTED,
        Maker.HUMAN,
    ]
    drew, wrote, revised, _ = PEOPLE
    assert [step.people[0].name for step in chain.steps] == [drew, wrote, wrote, revised]


@pytest.mark.parametrize("name", FILES)
def test_another_makers_validator_accepts_each_file(film, name):
    folder, _ = film
    report = encypher_c2pa.verify(
        (folder / name).read_bytes(),
        "image/png",
        trust_pem=(folder / "archive" / "keys" / "root.pem").read_text(),
        no_default_trust=True,
        telemetry=False,
    )
    assert report["validation_state"] == "Trusted", report


def test_the_graph_is_there_as_a_picture(film):
    folder, _ = film
    assert (folder / "lineage.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (folder / "lineage.svg").read_text(encoding="utf-8")


def test_a_folder_that_is_there_is_not_touched(film):
    folder, _ = film
    done = subprocess.run([*GENZU, "demo", "-o", str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "exists already" in done.stderr


def test_an_interrupt_that_python_swallowed_ends_a_demonstration(tmp_path, monkeypatch):
    monkeypatch.setattr("generation.studio.film.was_asked", lambda: True)
    with pytest.raises(Stopped):
        make(Settings(home=tmp_path / "home"), tmp_path / "demo", Console())
    with open_archive(Settings(home=tmp_path / "demo" / "archive")) as archive:
        assert [each.state for each in archive.ledger.pictures()] == [State.CANCELLED, State.RELEASED]


def test_the_layout_is_signed_with_the_credit_that_its_licence_asks_for(film):
    folder, _ = film
    for name in FILES:
        assert b"Nadja Gr\xc3\xbcn / OpenMoji, CC BY-SA 4.0" in (folder / name).read_bytes()
