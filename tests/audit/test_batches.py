"""Pictures that are looked at together: each has the row that it has alone, whatever is wrong with another."""

import os
import sqlite3
from pathlib import Path

import pytest
from film_chain import Film

from provenance.audit.audit import Loaded, Look
from provenance.audit.row import Row
from provenance.ledger.remembered import remembered
from provenance.release.archive import Archive


def look_at(archive: Archive, paths: list[Path]) -> list[Row]:
    look = Look(archive.trust, remembered(archive.ledger), limits=archive.settings.limits)
    return look([(path.name, Loaded(path)) for path in paths])


@pytest.fixture
def paths(film: Film) -> list[Path]:
    """Three recorded steps, a file that is none, one that is gone."""
    recorded = [each.path for each in film.chain()]
    broken = recorded[0].with_name("broken.png")
    broken.write_bytes(recorded[0].read_bytes()[:900])
    return [*recorded, broken, recorded[0].with_name("gone.png")]


def test_together_they_have_the_rows_that_each_has_alone(film: Film, paths: list[Path]) -> None:
    together = look_at(film.archive, paths)
    assert together == [row for path in paths for row in look_at(film.archive, [path])]
    assert [row.exit_code for row in together[-2:]] == [2, 2]
    assert all(row.record for row in together[:-2]) and len({row.record for row in together[:-2]}) >= 3


def test_a_record_that_was_changed_costs_its_own_row(film: Film) -> None:
    paths = [film.layout("layout: Mori Aoi").path for _ in range(3)]
    record = look_at(film.archive, paths)[1].record
    entry = film.archive.ledger.picture(record).released
    with sqlite3.connect(os.fspath(film.archive.settings.ledger)) as connection:
        connection.execute("DROP TRIGGER entries_are_not_changed")
        connection.execute("UPDATE entries SET body = replace(body, ':', ': ') WHERE seq = ?", (entry,))
    rows = look_at(film.archive, paths)
    assert f"entry {entry} is not what its hash was taken over" in rows[1].trouble
    assert [bool(row.record) for row in rows] == [True, False, True]
