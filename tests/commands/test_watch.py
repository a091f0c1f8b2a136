"""A folder that is watched goes on being watched, whatever others do with the ledger meanwhile."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import draw_house

from generation.cli import genzu
from provenance.commands import watch
from provenance.ledger.store import database
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.storage.lock import lock_now, unlock


def test_a_ledger_that_others_write_to_for_long_ends_no_watch_and_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = Settings(home=tmp_path / "home")
    open_archive(settings).close()
    turnstile = settings.ledger.with_name(f"{settings.ledger.name}-turn")
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    (tmp_path / "in").mkdir()
    draw_house().save(tmp_path / "in" / "drawn.png")
    words = ["--by", "layout: Mori Aoi", "--source", "print", "--sign-to", str(tmp_path / "out")]
    look, looks = watch.snapshot, list[Path]()
    with turnstile.open("r+b") as held:
        lock_now(held)

        def looked(folder: Path) -> watch.Snapshot:
            looks.append(folder)
            if len(looks) == 4:
                unlock(held)
            return look(folder)

        monkeypatch.setattr(watch, "snapshot", looked)
        done = CliRunner().invoke(
            genzu,
            [
                "--home",
                str(settings.home),
                "watch",
                str(tmp_path / "in"),
                "--every",
                "0.1",
                "--reports",
                "1",
                *words,
            ],
        )
    assert done.exit_code == 0, done.output
    assert "writing for 0 s; it is tried again in 0.1 s" in done.output
    assert "signed, pic-" in done.output and (tmp_path / "out" / "drawn.png").is_file()
