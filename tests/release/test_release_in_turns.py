"""A release beside others: journals, chains of inputs and outputs that another thread or process is at, too."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Thread
from typing import IO

import pytest

from provenance.errors import OutputError
from provenance.release import inputs, journal
from provenance.release.archive import Archive
from provenance.release.journal import Journal, deliver, recover
from provenance.statement.canonical import Digest


def left(archive: Archive, picture: str) -> Path:
    """The journal of a maker that died."""
    made = Journal(archive.settings.staging, picture, archive.settings.outputs / "out.png", force=False)
    made.leave()
    return made.path


def test_a_picture_that_is_finished_while_others_are_recovered_stops_no_start(archive: Archive):
    archive.vault.put(b"signed")
    first, second = left(archive, "pic-a"), left(archive, "pic-b")
    first.write_text(first.read_text().replace("null", f'"{Digest.of(b"signed")}"'))

    class Ledger:
        """While the first is looked up, the maker of the second comes to its end."""

        def __getattr__(self, name: str) -> object:
            second.unlink(missing_ok=True)
            return getattr(archive.ledger, name)

    assert list(recover(archive.settings.staging, Ledger(), archive.vault)) == []  # type: ignore[arg-type]
    assert list(archive.settings.staging.iterdir()) == []


def test_a_journal_that_has_just_been_made_is_not_taken_for_a_dead_makers(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
):
    usual = journal.lock_now

    def between(file: IO[str]) -> None:
        """Between the file and its lock another process starts."""
        monkeypatch.setattr(journal, "lock_now", usual)
        starting.start()
        starting.join(0.5)
        usual(file)

    starting = Thread(target=lambda: list(recover(archive.settings.staging, archive.ledger, archive.vault)))
    monkeypatch.setattr(journal, "lock_now", between)
    made = Journal(archive.settings.staging, "pic-new", archive.settings.outputs / "out.png", force=False)
    starting.join(30)
    assert made.path.exists()
    made.close()


def test_a_chain_that_another_thread_takes_out_meanwhile_is_read_again(film, monkeypatch: pytest.MonkeyPatch):
    made = film.layout("layout: Mori Aoi")
    _, source = film.statement(made.path, "prompt: Sato Hana")

    class Small(dict):  # type: ignore[type-arg]
        """Whatever is in it is gone by the time that it is used."""

        def __contains__(self, key: object) -> bool:
            found = super().__contains__(key)
            self.clear()
            return found

    monkeypatch.setattr(inputs, "_CHAINS", Small())
    first = inputs.chain_of_input(film.archive, source.input, source)
    assert inputs.chain_of_input(film.archive, source.input, source) == first


@pytest.fixture
def without_links(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A file system such as exFAT."""

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    yield


def test_of_two_that_deliver_to_one_name_at_once_one_is_told_that_it_is_taken(
    tmp_path: Path, without_links: None, monkeypatch: pytest.MonkeyPatch
):
    out, both_here, usual = tmp_path / "out.png", Barrier(2), Path.replace
    refused: list[str] = []

    def replace(self: Path, target: Path) -> Path:
        """Whoever is about to take the name waits for the other."""
        with suppress(BrokenBarrierError):
            both_here.wait(0.5)
        return usual(self, target)

    def give(name: str) -> None:
        try:
            deliver(name.encode(), out, name, force=False)
        except OutputError:
            refused.append(name)

    monkeypatch.setattr(Path, "replace", replace)
    both = [Thread(target=give, args=(name,)) for name in ("pic-one", "pic-two")]
    for each in both:
        each.start()
    for each in both:
        each.join(30)
    assert len(refused) == 1
    assert out.read_bytes().decode() not in refused
    assert list(tmp_path.iterdir()) == [out]
