"""`genzu index`: an index of an earlier version, and what `genzu who` says of it."""

import json
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner
from lookup_samples import cut, landscape

import provenance
from generation.cli import genzu

pytest.importorskip("cv2", reason="looking up needs genzu[lookup]")


def test_an_index_of_an_earlier_version_is_told_and_made_again_from_the_vault(tmp_path: Path) -> None:
    home = tmp_path / "home"
    landscape(21).save(tmp_path / "layout.png")
    made = provenance.record(
        tmp_path / "layout.png", tmp_path / "signed.png", by=["layout: Mori Aoi"], source="print", home=home
    )
    cut(landscape(21), 0.2).save(tmp_path / "found.jpg", quality=70)

    def said(*words: str) -> str:
        done = CliRunner().invoke(genzu, ["--home", str(home), *words])
        assert done.exit_code in {0, 3}, done.output  # 3: inspect of what is unknown
        return " ".join(done.output.split())

    def found() -> list[str]:
        return [
            each["picture"]
            for each in json.loads(said("who", str(tmp_path / "found.jpg"), "--json"))["looks_like"]
        ]

    assert found() == [made["picture"]]
    with sqlite3.connect(home / "lookup.sqlite3") as file:
        file.execute("UPDATE pictures SET descriptor = 'earlier'")
    assert found() == []
    for told in (
        said("who", str(tmp_path / "found.jpg")),
        said("index", "status"),
        said("inspect", str(tmp_path / "found.jpg")),
    ):
        assert "made by an earlier version of Genzu; `genzu index build` makes it again" in told
    built = said("index", "build")
    assert "1 picture taken out: an earlier version of Genzu had put them in 1 picture put in" in built
    assert found() == [made["picture"]]
    assert "earlier version" not in said("index", "build")
