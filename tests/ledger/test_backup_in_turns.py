"""A backup that several threads and processes write at once, or that a kill stopped in the middle: nothing is lost."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from threading import Event, Thread

import pytest
from ledger_samples import open_ledger, recorded

from provenance.ledger import Ledger
from provenance.ledger.copies.backup import Backup
from provenance.ledger.copies.upload import Uploader
from provenance.statement.credit import Credit, Role

MORI = "Mori Aoi"


class Hub:
    """Stands for the hub. `before` is called when files are about to arrive there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reached = True
        folder.mkdir(exist_ok=True)

    def before(self) -> None:
        """Nothing, unless a test says so."""

    def fetch(self, folder: Path, _have: Path) -> None:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)

    def send(self, folder: Path, names: Iterable[str]) -> None:
        listed = list(names)
        self.before()
        if not self.reached:
            raise OSError("out of reach")
        for name in listed:
            shutil.copy(folder / name, self.folder / name)

    def says(self, words: str) -> bool:
        return any(words.encode() in path.read_bytes() for path in self.folder.glob("*.jsonl"))


def backed_up(home: Path, hub: Hub | None = None) -> Ledger:
    """One process's opening; its backup is a folder of the home, as GENZU_BACKUP=hf://… has it."""
    return Ledger.open(
        home / "ledger.sqlite3",
        key=home / "keys" / "ledger.key",
        checkpoints=home / "checkpoints.txt",
        backup=Backup(home / "backup", hub),
    )


def lose_disk(home: Path) -> None:
    """All but the key and the backup."""
    for path in home.iterdir():
        if path.is_file():
            path.unlink()


def by(name: str) -> tuple[Credit, ...]:
    return (Credit(Role.LAYOUT, name),)


def test_a_text_that_a_full_disk_tore_spoils_none_that_follows(tmp_path: Path):
    home = tmp_path / "home"
    with backed_up(home) as ledger:
        ledger.request(recorded("pic-one"))
        with (home / "backup" / "private.jsonl").open("ab") as file:
            file.write(b'{"about":"per-')
        ledger.request(recorded("pic-two", by("Sato Ken")))
    lose_disk(home)
    with backed_up(home) as ledger:
        assert {each.name for each in ledger.people()} == {MORI, "Sato Ken"}


def test_what_the_hub_has_does_not_replace_what_this_disk_has_beyond_it(tmp_path: Path):
    home, hub = tmp_path / "home", Hub(tmp_path / "hub")
    with backed_up(home, hub) as ledger:
        ledger.request(recorded("pic-one"))
    hub.reached = False
    with backed_up(home, hub) as ledger:
        ledger.request(recorded("pic-two", by("Sato Ken")))
        size = len(ledger)
    (home / "ledger.sqlite3").unlink()
    with backed_up(home, hub) as ledger:
        assert len(ledger) == size
        assert ledger.people_named("Sato Ken")


def test_an_opening_that_fetches_takes_no_text_from_an_entry_that_is_added_meanwhile(tmp_path: Path):
    home, hub = tmp_path / "home", Hub(tmp_path / "hub")

    class Slow(Hub):
        """Between the entries and the texts that it fetches, somebody else writes."""

        def fetch(self, folder: Path, _have: Path) -> None:
            for path in sorted(self.folder.glob("entries-*")):
                shutil.copy(path, folder / path.name)
            first.request(recorded("pic-two", by("Sato Ken")))
            shutil.copy(self.folder / "private.jsonl", folder / "private.jsonl")

    with backed_up(home, hub) as first:
        first.request(recorded("pic-one"))
        first.settle()
        hub.reached = False
        backed_up(home, Slow(hub.folder)).close()
        hub.reached = True
    lose_disk(home)
    with backed_up(home, hub) as ledger:
        assert {each.name for each in ledger.people()} == {MORI, "Sato Ken"}


def test_a_hub_that_answers_slowly_keeps_no_other_writer_waiting(tmp_path: Path):
    home, hub = tmp_path / "home", Hub(tmp_path / "hub")
    asked, written = Event(), Event()

    class Slow(Hub):
        def fetch(self, folder: Path, _have: Path) -> None:
            asked.set()
            assert written.wait(30)
            super().fetch(folder, _have)

    with backed_up(home, hub) as first:
        opening = Thread(target=lambda: backed_up(home, Slow(hub.folder)).close())
        opening.start()
        assert asked.wait(30)
        first.request(recorded("pic-one"))
        written.set()
        opening.join(30)


def test_what_was_erased_does_not_come_back_with_an_older_upload_of_another_process(tmp_path: Path):
    home, hub = tmp_path / "home", Hub(tmp_path / "hub")
    copied, go_on = Event(), Event()

    class Slow(Hub):
        def before(self) -> None:
            copied.set()
            assert go_on.wait(30)

    with backed_up(home, hub) as other:
        other.settle()
        go_on.set()
        with backed_up(home, Slow(hub.folder)) as slow:
            slow.settle()
            go_on.clear()
            copied.clear()
            slow.request(recorded("pic-one"))
            assert copied.wait(30)
            (person,) = slow.people()
            erasing = Thread(target=other.erase, args=(person.person,))
            erasing.start()
            erasing.join(1)
            go_on.set()
            erasing.join(30)
            assert not erasing.is_alive()
        assert not hub.says(MORI)


def test_what_one_thread_wrote_is_offered_though_another_has_just_offered_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home, hub = tmp_path / "home", Hub(tmp_path / "hub")
    with backed_up(home, hub) as ledger:
        ledger.settle()
        usual, second_offers, go_on = Uploader.offer, Event(), Event()
        calls: list[int] = []

        def offer(self: Uploader, names: Iterable[str]) -> None:
            calls.append(1)
            if len(calls) == 1:
                usual(self, names)
                self.wait_for(1_000_000, 0.5)  # so long the thread has for these, if it may have them
                second.start()
                second_offers.wait(1)
            else:
                second_offers.set()
                assert go_on.wait(30)
                usual(self, names)

        second = Thread(target=ledger.request, args=(recorded("pic-two", by("Sato Ken")),))
        monkeypatch.setattr(Uploader, "offer", offer)
        ledger.request(recorded("pic-one"))
        go_on.set()
        second.join(30)
        ledger.settle()
        assert hub.says("Sato Ken")


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the program heeds it."""


def test_a_kill_in_the_middle_of_an_erasure_leaves_no_text_in_the_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = tmp_path / "home"
    ledger = backed_up(home)
    ledger.request(recorded("pic-one"))
    (person,) = ledger.people()
    usual = Backup._write_texts

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(Backup, "_write_texts", die)
    with pytest.raises(Killed):
        ledger.erase(person.person)
    ledger.close()
    monkeypatch.setattr(Backup, "_write_texts", usual)
    backed_up(home).close()
    assert MORI.encode() not in (home / "backup" / "private.jsonl").read_bytes()


def test_who_asks_what_a_backup_holds_cuts_no_line_that_is_being_written(tmp_path: Path):
    home = tmp_path / "home"
    with backed_up(home) as ledger:
        ledger.request(recorded("pic-one"))
    folder = home / "backup"
    (entries,) = folder.glob("entries-*.jsonl")
    whole = entries.read_bytes() + b'{"at":"2026"}\n'
    writing = Backup(folder)
    with writing._locked(), entries.open("ab", buffering=0) as file:
        file.write(whole[-14:-5])
        asking = Thread(target=Backup(folder).holds_entries)
        asking.start()
        asking.join(0.3)
        file.write(whole[-5:])
    asking.join(30)
    assert entries.read_bytes() == whole


def test_a_ledger_that_comes_back_is_not_mixed_with_what_a_kill_left_of_the_lost_one(tmp_path: Path):
    home, left = tmp_path / "home", b""
    with backed_up(home) as ledger:
        for number in range(30):
            ledger.request(recorded(f"pic-{number}", by(f"Painter {number}")))
            left = left or (home / "ledger.sqlite3-wal").read_bytes()
        size = len(ledger)
    lose_disk(home)
    (home / "ledger.sqlite3-wal").write_bytes(left)  # a kill leaves it, and somebody removed the ledger alone
    with backed_up(home) as ledger:
        assert len(ledger) == size
        assert len(ledger.people()) == 30


def test_entries_that_another_process_pushes_are_no_sign_of_another_ledger(tmp_path: Path):
    home = tmp_path / "home"
    with backed_up(home) as one, backed_up(home) as two:
        for number in range(3):
            one.request(recorded(f"pic-one-{number}"))
            two.request(recorded(f"pic-two-{number}"))
        assert one.durability.startswith("all ") or "last copy failed" not in one.durability
    with open_ledger(home) as ledger:
        assert len(ledger) > 6
