"""A time-stamp authority that was down when a picture was signed: the ledger notes it, asks again, and tells."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from stamp_authority import Clock

from provenance.commands.ledger import ledger_group as ledger_command
from provenance.credentials.identity.purposes import Purpose
from provenance.inspection.inspection import inspect
from provenance.ledger.timestamps import anchors
from provenance.release.job import Job
from provenance.release.made import Released
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType

BY = (Credit(Role.LAYOUT, "Mori Aoi"),)


@pytest.fixture
def stamping(settings: Settings, clock: Clock) -> Settings:
    return replace(settings, tsa_url=clock.url)


def taken(settings: Settings, picture: Path, out: Path) -> Released:
    with open_archive(settings) as archive:
        return record(archive, picture, Job(BY, out), source_type=SourceType.DIGITAL_CREATION)


def told(settings: Settings, path: Path, *roots: str) -> list[str]:
    """The lines about time."""
    with open_archive(settings) as archive:
        known = archive.trust
        for root in roots:
            known = known.knowing(root, Purpose.TIME_STAMPS)
        found = inspect(path, trust=known, ledger=archive.ledger).findings
    return [each.words for each in found if each.about == "time"]


def test_a_missing_stamp_is_noted_and_the_next_picture_fetches_it(
    stamping: Settings,
    clock: Clock,
    layout: Path,
    revised: Path,
    tmp_path: Path,
) -> None:
    clock.down.set()
    first = taken(stamping, layout, tmp_path / "1.png")
    words = told(stamping, first.path, clock.root)
    assert words[0].startswith("No time stamp") and words[1].endswith("has not come.")
    clock.down.clear()
    second = taken(stamping, revised, tmp_path / "2.png")
    assert told(stamping, second.path, clock.root)[0].startswith("A time-stamp authority that we know saw")
    words = told(stamping, first.path, clock.root)
    assert words[1].startswith("It was in the ledger by 20") and "Clock" in words[1]
    assert "was not checked" in told(stamping, first.path)[1]  # by somebody who does not know that clock
    with open_archive(stamping) as archive:
        (only,) = anchors(archive.ledger)
        assert only.time_stamp is not None
        assert only.checkpoint.checkpoint.size == (first.record.released or 0) + 1


def test_a_missing_stamp_comes_by_hand_too(
    stamping: Settings,
    clock: Clock,
    layout: Path,
    tmp_path: Path,
) -> None:
    clock.down.set()
    out = taken(stamping, layout, tmp_path / "1.png").path
    assert "waits" in CliRunner().invoke(ledger_command, ["anchor"], obj=stamping).output
    clock.down.clear()
    assert "stamped by" in CliRunner().invoke(ledger_command, ["anchor"], obj=stamping).output
    assert told(stamping, out, clock.root)[1].startswith("It was in the ledger by 20")


def test_nothing_waits_where_nobody_was_to_be_asked(settings: Settings, layout: Path, tmp_path: Path) -> None:
    taken(settings, layout, tmp_path / "1.png")
    with open_archive(settings) as archive:
        assert anchors(archive.ledger) == []
