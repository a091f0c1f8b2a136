"""What two commands tell of one picture or person is the same, and every pipe takes it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ledger_samples import open_ledger, painted, release

from provenance.commands.credits import credits_command
from provenance.commands.log import show_command
from provenance.commands.people import people as people_command
from provenance.inspection.inspection import inspect
from provenance.ledger.store import writer
from provenance.people.register import register_of
from provenance.people.roster import change_person, merge
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType
from provenance.tabs.told.released import story

AOI = "森 葵"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def told(settings: Settings, command: Any, *words: str, charset: str = "utf-8") -> str:
    done = CliRunner(charset=charset).invoke(command, words, obj=settings, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def over_midnight(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A picture that was asked for just before midnight and released after it."""
    times = iter(
        datetime.fromisoformat(each) for each in ("2026-11-23T23:59:58.5Z", "2026-11-24T00:00:07.25Z")
    )

    class Clock(datetime):
        shown = next(times)

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return cls.shown

    monkeypatch.setattr(writer, "datetime", Clock)
    with open_ledger(settings.home) as ledger:
        ledger.request(painted("pic-midnight", by=(f"layout: {AOI}",)))
        Clock.shown = next(times)
        release(ledger, "pic-midnight")
        ledger.checkpoint()
        (person,) = register_of(ledger).everybody()
        yield person.person


def test_a_picture_has_one_date_wherever_it_is_told(settings: Settings, over_midnight: str):
    for command, words in (
        (credits_command, (AOI,)),
        (show_command, (over_midnight,)),
        (show_command, ("pic-midnight",)),
    ):
        line = next(each for each in told(settings, command, *words).splitlines() if "pic-midnight" in each)
        assert "2026-11-24" in line
        assert "2026-11-23" not in line


@pytest.fixture
def merged(settings: Settings) -> tuple[str, str]:
    """Two records of one person, the first counted as the second: their ids."""
    with open_ledger(settings.home) as ledger:
        for picture, name in (("pic-first", "Mori Aoi"), ("pic-second", "Kumo")):
            ledger.request(painted(picture, by=(f"layout: {name}",)))
            release(ledger, picture)
        register = register_of(ledger)
        first, second = register.only("Mori Aoi").person, register.only("Kumo").person
        merge(ledger, register, first, second, by=second, why="one painter")
        ledger.checkpoint()
    return first, second


def test_a_record_that_is_counted_as_another_person_is_told_under_their_name(
    settings: Settings, merged: tuple[str, str]
):
    first, second = merged
    head, merge_line, *credits = told(settings, show_command, first).splitlines()
    assert head.startswith(f"Kumo  {second}")
    assert first in merge_line
    assert len(credits) == 2
    said = json.loads(told(settings, show_command, first, "--json"))
    assert (said["person"], said["name"]) == (second, "Kumo")
    shown = json.loads(told(settings, people_command, "show", first, "--json"))
    assert said.items() >= {name: shown[name] for name in ("person", "name", "reading", "entry")}.items()
    numbers = [each["entry"] for each in shown["entries"]]
    assert (
        numbers == sorted(set(numbers))
        and [each["kind"] for each in shown["entries"]].count("person.merged") == 1
    )


def test_who_asked_not_to_be_named_is_told_so_and_no_field_reads_none(settings: Settings):
    with open_ledger(settings.home) as ledger:
        ledger.request(painted("pic-one", by=(f"layout: {AOI}",)))
        person = register_of(ledger).only(AOI)
        change_person(ledger, register_of(ledger), replace(person, name=None, behind=AOI))
    for command, words in ((people_command, ("show", person.person)), (show_command, (person.person,))):
        lines = told(settings, command, *words)
        assert "(asked not to be named)" in lines
        assert "None" not in lines and AOI not in lines


def test_a_file_that_is_known_by_its_bytes_alone_is_told_without_sides(settings: Settings, tmp_path: Path):
    scan = tmp_path / "scan.dpx"
    scan.write_bytes(b"SDPX" + bytes(60))
    with open_archive(settings) as archive:
        job = Job((Credit(Role.LAYOUT, AOI),), tmp_path / "signed.dpx")
        released = record(archive, scan, job, source_type=SourceType.DIGITAL_CREATION)
        on_page = story(released, inspect(released.path, trust=archive.trust, ledger=archive.ledger))
    printed = told(settings, show_command, released.record.picture)
    assert "64 bytes" in on_page and str(released.digest) in printed
    assert "None" not in on_page and "None" not in printed


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (people_command, ("list", "--json")),
        (people_command, ("show", AOI, "--json")),
        (credits_command, (AOI, "--json")),
        (show_command, ("pic-one", "--json")),
    ],
    ids=["list", "person", "credits", "picture"],
)
def test_json_is_ascii_so_that_every_pipe_takes_it_and_no_name_steers_a_terminal(
    settings: Settings, command: Any, words: tuple[str, ...]
):
    with open_ledger(settings.home) as ledger:
        ledger.request(painted("pic-one", by=(f"layout: {AOI}",)))
    answer = told(settings, command, *words, charset="ascii")
    assert answer.isascii()
    assert AOI in json.dumps(json.loads(answer), ensure_ascii=False)
