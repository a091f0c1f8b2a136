"""Backups, exports and other studios' logs: what goes out comes back, and nothing that was changed gets in."""

import hashlib
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from ledger_samples import open_ledger, painted, recorded, release, resource

from provenance.errors import (
    ConsistencyError,
    IdentityError,
    LedgerDamaged,
    LedgerError,
    LogForked,
    NotRecorded,
    OutputError,
    ProofError,
    StatementError,
)
from provenance.ledger import Ledger
from provenance.ledger.check.verify import verify
from provenance.ledger.copies.backup import Backup, open_backup
from provenance.ledger.foreign import foreign_ledgers, import_log
from provenance.ledger.store.records import State
from provenance.proof.checkpoint import Misbehaviour
from provenance.proof.merkle import leaf_hash, root


def backed_up(home: Path, folder: Path, remote: "Elsewhere | None" = None) -> Ledger:
    return Ledger.open(
        home / "ledger.sqlite3",
        key=home / "keys" / "ledger.key",
        checkpoints=home / "checkpoints.txt",
        backup=Backup(folder, remote),
    )


class Elsewhere:
    """A folder that stands for the hub: it takes files and gives them back, and can be out of reach."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reachable = True
        folder.mkdir()

    def fetch(self, folder: Path, _have: Path) -> None:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)

    def send(self, folder: Path, names: Iterable[str]) -> None:
        if not self.reachable:
            raise OSError("out of reach")
        for name in names:
            shutil.copy(folder / name, self.folder / name)


def until(true: Callable[[], bool]) -> None:
    """Waits for a thread, a minute at most."""
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def lose_disk(home: Path) -> None:
    """Everything but the key, which comes from elsewhere."""
    for path in home.iterdir():
        if path.is_file():
            path.unlink()


def dump(ledger: Ledger) -> list[object]:
    return [*ledger.entries(), *ledger.pictures(), *ledger.people()]


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    with open_ledger(tmp_path / "theirs") as ledger:
        for number in range(5):
            ledger.request(painted(f"pic-{number}"))
            release(ledger, f"pic-{number}", f"file {number}")
        ledger.export(tmp_path / "sealed.jsonl")
        ledger.export(tmp_path / "named.jsonl", names=True)
    return tmp_path / "sealed.jsonl"


# -- export ---------------------------------------------------------------------------------------


def test_an_exported_line_is_the_leaf_that_was_hashed(exported: Path, tmp_path: Path):
    lines = exported.read_bytes().splitlines()
    leaves = [line for line in lines if line.startswith(b'{"at"')]
    with open_ledger(tmp_path / "theirs") as ledger:
        assert root(leaf_hash(each) for each in leaves) == ledger.checkpoint().checkpoint.root
    assert b"Mori" not in exported.read_bytes()


def test_an_export_never_replaces_a_file_and_refuses_a_start_beyond_the_end(exported: Path, tmp_path: Path):
    with open_ledger(tmp_path / "theirs") as ledger:
        with pytest.raises(OutputError):
            ledger.export(exported)
        with pytest.raises(NotRecorded):
            ledger.export(tmp_path / "x.jsonl", start=10_000)
        assert not (tmp_path / "x.jsonl").exists()


# -- other studios' logs --------------------------------------------------------------------------


def test_a_foreign_log_is_looked_up_beside_ours_and_not_mixed_in(exported: Path, tmp_path: Path):
    with open_ledger(tmp_path / "ours") as ours:
        before = len(ours)
        loaded = import_log(tmp_path / "foreign", [exported], own=ours.id)
        assert len(ours) == before
        assert ours.pictures() == []
    with foreign_ledgers(tmp_path / "foreign") as (theirs,):
        (record,), name = theirs.pictures_with_file(resource("file 3").digest), theirs.id
        assert theirs.pictures_with_file(resource("unknown").digest) == []
    assert (name, record.picture, record.state) == (loaded.ledger, "pic-3", State.RELEASED)
    assert str(record.statement.credits[0]) == "layout: (not disclosed)"
    (path,) = (tmp_path / "foreign").glob("*.sqlite3")
    assert verify(path, thorough=True).ok


def test_a_foreign_log_with_names_tells_them(exported: Path, tmp_path: Path):
    import_log(tmp_path / "foreign", [tmp_path / "named.jsonl"], own=None)
    with foreign_ledgers(tmp_path / "foreign") as (theirs,):
        assert theirs.people_named("Mori Aoi")
        assert theirs.pictures(text="aoi")


def test_a_foreign_log_is_continued_by_a_later_export(exported: Path, tmp_path: Path):
    first = import_log(tmp_path / "foreign", [exported], own=None)
    with open_ledger(tmp_path / "theirs") as theirs:
        theirs.request(recorded("pic-new"))
        theirs.export(tmp_path / "more.jsonl", start=first.size)
        theirs.export(tmp_path / "whole.jsonl")
        size = len(theirs)
    assert import_log(tmp_path / "foreign", [tmp_path / "more.jsonl"], own=None).size == size
    assert import_log(tmp_path / "foreign", [tmp_path / "whole.jsonl"], own=None).size == size
    with foreign_ledgers(tmp_path / "foreign") as (ledger,):
        assert ledger.picture("pic-new").state is State.REQUESTED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"c014", b"c015"),
        (b'"seq":3', b'"seq":4'),
        (b"picture.released", b"picture.abandoned"),
        (b'"kind":"person"', b'"kind":"software"'),
        (b'{"at":', b'{ "at":'),
        (b"genzu/segment@v1", b"genzu/segment@v2"),
        (b"\n{", b"\n\n{"),
        (b'"checkpoint"', b'"checkpoynt"'),
    ],
)
def test_a_changed_export_is_refused_and_leaves_nothing(
    exported: Path, tmp_path: Path, old: bytes, new: bytes
):
    data = exported.read_bytes()
    assert old in data
    exported.write_bytes(data.replace(old, new, 1))
    with pytest.raises((ProofError, LedgerError)):
        import_log(tmp_path / "foreign", [exported], own=None)
    assert not [each for each in (tmp_path / "foreign").glob("*") if each.stat().st_size]


@pytest.mark.parametrize("keep", [1, 3, -1])
def test_a_cut_export_is_refused(exported: Path, tmp_path: Path, keep: int):
    lines = exported.read_bytes().splitlines(keepends=True)
    exported.write_bytes(b"".join(lines[:keep]))
    with pytest.raises(ProofError):
        import_log(tmp_path / "foreign", [exported], own=None)
    exported.write_bytes(b"".join(lines)[:-5])
    with pytest.raises(ProofError, match="middle"):
        import_log(tmp_path / "foreign", [exported], own=None)


@pytest.mark.parametrize("further", [0, 1, 5])
def test_a_log_that_forked_after_the_first_import_is_refused_with_the_proof(
    exported: Path, tmp_path: Path, further: int
):
    """The keeper goes back to an old copy, writes another history, and signs it with the same key."""
    home = tmp_path / "theirs"
    shutil.copytree(home, tmp_path / "kept")
    with open_ledger(home) as ledger:
        for name in ("pic-one", "pic-one-more"):
            ledger.request(recorded(name))
        ledger.export(tmp_path / "one.jsonl")
    with open_ledger(tmp_path / "kept") as ledger:
        for number in range(further + 1):
            ledger.request(recorded(f"pic-two-{number}"))
        ledger.export(tmp_path / "two.jsonl")
    import_log(tmp_path / "foreign", [tmp_path / "one.jsonl"], own=None)
    with pytest.raises(LogForked) as caught:
        import_log(tmp_path / "foreign", [tmp_path / "two.jsonl"], own=None)
    assert Misbehaviour.parse(caught.value.proof).verify()
    with foreign_ledgers(tmp_path / "foreign") as (ledger,):
        assert ledger.picture("pic-one")
    if further:  # where what was kept is the longer one, only its own entries could show it
        with open_ledger(home) as ledger:
            held = [ledger.checkpoint()]
        with pytest.raises(LogForked) as caught:
            import_log(tmp_path / "fresh", [tmp_path / "two.jsonl"], own=None, held=held)
        assert Misbehaviour.parse(caught.value.proof).verify()


def test_a_log_that_somebody_else_changed_is_not_said_to_have_forked(exported: Path, tmp_path: Path):
    import_log(tmp_path / "foreign", [exported], own=None)
    exported.write_bytes(exported.read_bytes().replace(b"c014", b"c015", 1))
    with pytest.raises(ConsistencyError, match="this file was changed, or") as caught:
        import_log(tmp_path / "foreign", [exported], own=None)
    assert not isinstance(caught.value, LogForked)


def test_a_checkpoint_that_was_kept_holds_an_imported_log_to_it(exported: Path, tmp_path: Path):
    with open_ledger(tmp_path / "theirs") as theirs:
        early = theirs.checkpoint()
        theirs.request(recorded())
        later = theirs.checkpoint()
        key = theirs.verify_key
    assert import_log(tmp_path / "foreign", [exported], own=None, key=key, held=[early]).size
    with pytest.raises(ConsistencyError):
        import_log(tmp_path / "other", [exported], own=None, held=[later])
    with open_ledger(tmp_path / "ours") as ours, pytest.raises(ProofError):
        import_log(tmp_path / "other", [exported], own=ours.id, key=ours.verify_key)


def test_our_own_export_is_not_imported_beside_us(exported: Path, tmp_path: Path):
    with open_ledger(tmp_path / "theirs") as ledger, pytest.raises(LedgerError, match="this very ledger"):
        import_log(tmp_path / "foreign", [exported], own=ledger.id)


def test_a_hostile_name_in_a_header_chooses_no_path(exported: Path, tmp_path: Path):
    lines = exported.read_bytes().splitlines(keepends=True)
    header = json.loads(lines[0])
    header["ledger"] = "../../escape"
    exported.write_bytes(json.dumps(header).encode() + b"\n" + b"".join(lines[1:]))
    with pytest.raises(ProofError):
        import_log(tmp_path / "foreign", [exported], own=None)


# -- backup ---------------------------------------------------------------------------------------


def test_a_lost_ledger_comes_back_whole(tmp_path: Path):
    home, folder = tmp_path / "home", tmp_path / "backup"
    with backed_up(home, folder) as ledger:
        for number in range(3):
            ledger.request(painted(f"pic-{number}", note="a note"))
            release(ledger, f"pic-{number}")
            ledger.checkpoint()
        ledger.request(recorded("pic-after-the-checkpoint"))
        before, name = dump(ledger), ledger.id
        assert ledger.durability == f"all {len(ledger)} entries are on this disk and in the backup"
    lose_disk(home)
    with backed_up(home, folder) as ledger:
        assert ledger.id == name
        assert dump(ledger) == before
        ledger.request(recorded())
        ledger.checkpoint()
    assert verify(home / "ledger.sqlite3", checkpoints=home / "checkpoints.txt", thorough=True).ok


def test_a_ledger_put_back_to_an_older_copy_catches_up_from_its_backup(tmp_path: Path):
    home, folder = tmp_path / "home", tmp_path / "backup"
    with backed_up(home, folder) as ledger:
        ledger.request(recorded("pic-old"))
    old = (home / "ledger.sqlite3").read_bytes()
    with backed_up(home, folder) as ledger:
        ledger.request(recorded("pic-new"))
        before = dump(ledger)
    (home / "ledger.sqlite3").write_bytes(old)
    with backed_up(home, folder) as ledger:
        assert dump(ledger) == before


def test_without_its_key_a_backup_is_not_overwritten_by_a_new_ledger(tmp_path: Path):
    home, folder = tmp_path / "home", tmp_path / "backup"
    backed_up(home, folder).close()
    shutil.rmtree(home)
    with pytest.raises(IdentityError, match="key"):
        backed_up(home, folder)
    assert not (home / "ledger.sqlite3").exists()


def test_the_backup_of_another_ledger_is_refused(tmp_path: Path):
    backed_up(tmp_path / "one", tmp_path / "backup").close()
    open_ledger(tmp_path / "two").close()
    shutil.rmtree(tmp_path / "one")
    (tmp_path / "two" / "ledger.sqlite3").unlink()
    with pytest.raises(LedgerDamaged):
        backed_up(tmp_path / "two", tmp_path / "backup")


def test_a_torn_last_line_costs_one_entry_at_most_and_is_written_again(tmp_path: Path):
    home, folder = tmp_path / "home", tmp_path / "backup"
    with backed_up(home, folder) as ledger:
        ledger.request(recorded())
    (segment,) = folder.glob("entries-*.jsonl")
    segment.write_bytes(segment.read_bytes()[:-20])
    with backed_up(home, folder) as ledger:
        ledger.request(recorded())
        before = dump(ledger)
    lose_disk(home)
    with backed_up(home, folder) as ledger:
        assert dump(ledger) == before


def test_a_backup_that_cannot_be_written_never_stops_the_record(tmp_path: Path):
    home, folder = tmp_path / "home", tmp_path / "backup"
    with backed_up(home, folder) as ledger:
        shutil.rmtree(folder)
        folder.write_bytes(b"a file in the way")
        ledger.request(recorded())
        assert "failed" in ledger.durability
        folder.unlink()
        ledger.request(recorded("pic-last"))
        assert ledger.durability.startswith("all ")
        before = dump(ledger)
    lose_disk(home)
    with backed_up(home, folder) as ledger:
        assert dump(ledger) == before


def test_what_is_erased_leaves_the_backup_too(tmp_path: Path):
    home, folder = tmp_path / "home", tmp_path / "backup"
    with backed_up(home, folder) as ledger:
        ledger.request(painted())
        (mori,) = ledger.people_named("Mori Aoi")
        assert b"Mori Aoi" in (folder / "private.jsonl").read_bytes()
        ledger.erase(mori.person)
    assert not any(b"Mori" in each.read_bytes() for each in folder.iterdir())
    lose_disk(home)
    with backed_up(home, folder) as ledger:
        assert ledger.person(mori.person).erased
    assert verify(home / "ledger.sqlite3", thorough=True).ok


def test_what_was_erased_while_the_backup_was_away_leaves_it_later_and_never_comes_back(tmp_path: Path):
    home, folder = tmp_path / "home", tmp_path / "backup"
    with backed_up(home, folder) as ledger:
        ledger.request(painted())
    stale = (folder / "private.jsonl").read_bytes()
    with open_ledger(home) as ledger:
        (mori,) = ledger.people_named("Mori Aoi")
        ledger.erase(mori.person)
    backed_up(home, folder).close()
    assert not any(b"Mori" in each.read_bytes() for each in folder.iterdir())
    (folder / "private.jsonl").write_bytes(stale)  # somebody puts an old copy back
    lose_disk(home)
    with backed_up(home, folder) as ledger:
        assert ledger.person(mori.person).erased
        assert ledger.people_named("Mori Aoi") == []


def test_entries_roll_over_into_further_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("provenance.ledger.copies.backup.ROLL", 4)
    home, folder = tmp_path / "home", tmp_path / "backup"
    with backed_up(home, folder) as ledger:
        for _ in range(5):
            ledger.request(painted())
        before = dump(ledger)
    assert len(list(folder.glob("entries-*.jsonl"))) > 2
    lose_disk(home)
    with backed_up(home, folder) as ledger:
        assert dump(ledger) == before


def test_a_remote_backup_follows_and_brings_a_lost_disk_back(tmp_path: Path):
    home, mirror = tmp_path / "home", tmp_path / "mirror"
    hub = Elsewhere(tmp_path / "hub")
    with backed_up(home, mirror, hub) as ledger:
        ledger.request(painted())
        ledger.settle()
        first = len(ledger)
        assert ledger.durability == f"all {first} entries are on this disk and in the remote backup"
        hub.reachable = False
        ledger.request(painted())
        ledger.settle()
        assert ledger.durability.startswith(f"{first} of {len(ledger)} entries are in the remote backup; ")
        assert "out of reach" in ledger.durability
        hub.reachable = True
        ledger.request(painted())
        until(lambda: ledger.durability.endswith("and in the remote backup"))
        before = dump(ledger)
    lose_disk(home)
    shutil.rmtree(mirror)
    with backed_up(home, mirror, hub) as ledger:
        assert dump(ledger) == before


class Slow(Elsewhere):
    """Takes nothing until it is let; tells what each upload brought and how many ran at once."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.free, self.sends, self.at_once, self.most = threading.Event(), [], 0, 0

    def send(self, folder: Path, names: Iterable[str]) -> None:
        listed = list(names)
        self.sends.append(listed)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        assert self.free.wait(10)
        super().send(folder, listed)
        self.at_once -= 1


def test_no_append_waits_for_an_upload_and_many_go_in_one(tmp_path: Path):
    hub = Slow(tmp_path / "hub")
    with backed_up(tmp_path / "home", tmp_path / "mirror", hub) as ledger:
        for _ in range(10):
            ledger.request(recorded())
        assert ledger.durability.startswith(f"0 of {len(ledger)} entries are in the remote backup")
        assert len(hub.sends) == 1
        hub.free.set()
        until(lambda: ledger.durability.startswith("all "))
        assert (len(hub.sends), hub.most) == (2, 1)
        before = dump(ledger)
    lose_disk(tmp_path / "home")
    shutil.rmtree(tmp_path / "mirror")
    with backed_up(tmp_path / "home", tmp_path / "mirror", hub) as ledger:
        assert dump(ledger) == before


def test_closing_waits_until_all_is_sent(tmp_path: Path):
    hub = Slow(tmp_path / "hub")
    threading.Timer(0.5, hub.free.set).start()
    with backed_up(tmp_path / "home", tmp_path / "mirror", hub) as ledger:
        for _ in range(3):
            ledger.request(recorded())
        size = len(ledger)
    (segment,) = (tmp_path / "hub").glob("entries-*.jsonl")
    assert segment.read_bytes().count(b"\n") == size + 1
    assert not (tmp_path / "mirror" / ".unsent").exists()


def test_what_could_not_be_sent_before_closing_is_sent_by_the_next_start(tmp_path: Path):
    hub = Elsewhere(tmp_path / "hub")
    hub.reachable = False
    with backed_up(tmp_path / "home", tmp_path / "mirror", hub) as ledger:
        ledger.request(recorded())
        size = len(ledger)
    assert list((tmp_path / "hub").iterdir()) == []
    hub.reachable = True
    with backed_up(tmp_path / "home", tmp_path / "mirror", hub) as ledger:
        ledger.settle()
        assert ledger.durability == f"all {size} entries are on this disk and in the remote backup"
    assert list((tmp_path / "hub").glob("entries-*.jsonl"))


def test_an_upload_that_fails_is_tried_again_without_a_new_entry(tmp_path: Path):
    hub = Elsewhere(tmp_path / "hub")
    hub.reachable = False
    with backed_up(tmp_path / "home", tmp_path / "mirror", hub) as ledger:
        ledger.settle()
        assert "out of reach" in ledger.durability
        hub.reachable = True
        until(lambda: ledger.durability == "the one entry is on this disk and in the remote backup")


def test_an_erasure_that_the_remote_place_did_not_hear_of_is_told(tmp_path: Path):
    hub = Elsewhere(tmp_path / "hub")
    with backed_up(tmp_path / "home", tmp_path / "mirror", hub) as ledger:
        ledger.request(painted())
        ledger.settle()
        (mori,) = ledger.people_named("Mori Aoi")
        hub.reachable = False
        with pytest.raises(OutputError, match="still in the backup"):
            ledger.erase(mori.person)
        hub.reachable = True
        until(lambda: not any(b"Mori" in each.read_bytes() for each in (tmp_path / "hub").iterdir()))


def test_a_hub_that_refuses_the_connection_is_trouble_and_no_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The real client, against a port that is closed: nothing leaves this machine."""
    from huggingface_hub import constants

    from provenance.ledger.copies.upload import Hub

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    hub = Hub("studio/ledger")
    hub._api.endpoint = "http://127.0.0.1:9"
    with pytest.raises(OSError, match="the hub did not answer"):
        hub.fetch(tmp_path, tmp_path)
    with pytest.raises(StatementError, match="names no data set"):
        Hub("not a name/at all/")


class HubOfFolder:
    """The hub's client, with a folder where the hub would be; `downloaded` are the files that were asked for."""

    there: Path
    downloaded: list[str]
    squashed: int

    def create_repo(self, repo_id: str, *, repo_type: str, private: bool, exist_ok: bool) -> None:
        assert (repo_id, repo_type, private, exist_ok) == ("studio/ledger", "dataset", True, True)

    def list_repo_tree(self, repo_id: str, *, repo_type: str) -> Iterator[object]:
        from huggingface_hub.hf_api import RepoFile, RepoFolder

        yield RepoFolder(path="notes", oid="0" * 40)
        for path in sorted(self.there.iterdir()):
            data = path.read_bytes()
            blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
            # Beyond 10 MB, and where a data set says so, a file is kept beside git, by its SHA-256.
            large = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
            beside = {"lfs": large} if path.name.startswith("entries-") else {}
            yield RepoFile(path=path.name, size=len(data), oid="1" * 40 if beside else blob, **beside)

    def snapshot_download(
        self, repo_id: str, *, repo_type: str, local_dir: Path, allow_patterns: list[str]
    ) -> None:
        self.downloaded += allow_patterns
        for name in allow_patterns:
            shutil.copy(self.there / name, local_dir / name)

    def upload_folder(self, *, folder_path: Path, allow_patterns: list[str], **_: object) -> None:
        for name in allow_patterns:
            shutil.copy(folder_path / name, self.there / name)

    def super_squash_history(self, repo_id: str, *, repo_type: str) -> None:
        type(self).squashed += 1


@pytest.fixture
def hub_of_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[HubOfFolder]:
    monkeypatch.setattr("huggingface_hub.HfApi", HubOfFolder)
    HubOfFolder.there, HubOfFolder.downloaded, HubOfFolder.squashed = tmp_path / "there", [], 0
    HubOfFolder.there.mkdir()
    return HubOfFolder


def at_the_hub(home: Path) -> Ledger:
    backup = open_backup("hf://datasets/studio/ledger", home / "mirror")
    return Ledger.open(home / "ledger.sqlite3", key=home / "keys" / "ledger.key", backup=backup)


def test_a_hub_is_asked_only_for_the_files_that_differ_from_those_here(
    tmp_path: Path, hub_of_folder: type[HubOfFolder]
):
    home, other = tmp_path / "home", tmp_path / "other"
    with at_the_hub(home) as ledger:
        ledger.request(painted())
    hub_of_folder.downloaded.clear()
    with at_the_hub(home) as ledger:
        assert hub_of_folder.downloaded == []
        ledger.request(painted())
        before = dump(ledger)
    shutil.copytree(home, other)
    with at_the_hub(home) as ledger:  # the other disk is behind by now
        ledger.request(painted())
        before = dump(ledger)
    hub_of_folder.downloaded.clear()
    with at_the_hub(other) as ledger:
        assert dump(ledger) == before
    assert hub_of_folder.downloaded == ["entries-000000000000.jsonl", "private.jsonl"]


def test_a_file_of_the_hub_that_differs_in_a_letter_is_not_taken_for_ours(
    tmp_path: Path, hub_of_folder: type[HubOfFolder]
):
    home = tmp_path / "home"
    with at_the_hub(home) as ledger:
        ledger.request(painted())
    entries = hub_of_folder.there / "entries-000000000000.jsonl"
    entries.write_bytes(entries.read_bytes().replace(b"picture.requested", b"picture.requesteD"))
    with pytest.raises(LedgerDamaged, match="two ledgers"):
        at_the_hub(home)


def test_a_hub_data_set_is_private_follows_and_forgets_its_history(
    tmp_path: Path, hub_of_folder: type[HubOfFolder]
):
    home = tmp_path / "home"
    with at_the_hub(home) as ledger:
        ledger.request(painted())
        (mori,) = ledger.people_named("Mori Aoi")
        ledger.erase(mori.person)
        before = dump(ledger)
    assert hub_of_folder.squashed
    assert not any(b"Mori" in each.read_bytes() for each in hub_of_folder.there.iterdir())
    lose_disk(home)
    shutil.rmtree(home / "mirror")
    with at_the_hub(home) as ledger:
        assert dump(ledger) == before
