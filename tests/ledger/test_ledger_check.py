"""Attacks on a ledger by its own keeper, and what the check says: with and without a checkpoint from outside."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from ledger_attacks import Attack, attack, regrow, rehash, sign_again
from ledger_samples import open_ledger, painted, recorded, release, resource

from provenance.errors import LedgerBusy, LedgerDamaged, NotRecorded
from provenance.ledger import Ledger
from provenance.ledger import timestamps as anchors
from provenance.ledger.check import checkpoints as held_module
from provenance.ledger.check.checkpoints import Kept
from provenance.ledger.check.entries import Walk
from provenance.ledger.check.fast import fast_pass
from provenance.ledger.check.verify import Report, verify
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.key_files import read_key
from provenance.ledger.store import database, tree
from provenance.ledger.store.database import Database
from provenance.proof.checkpoint import Checkpoint, Misbehaviour, SignedCheckpoint
from provenance.statement.canonical import canonical
from provenance.statement.commitment import Private
from provenance.storage.vault import Vault

PICTURES = 6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SignedCheckpoint]:
    """A ledger with a checkpoint after each picture, and the last of them, kept by somebody else."""
    home = tmp_path_factory.mktemp("made")
    with open_ledger(home) as ledger:
        for number in range(PICTURES):
            ledger.request(painted(f"pic-{number}", note=f"note {number}"))
            release(ledger, f"pic-{number}")
            signed = ledger.checkpoint()
    return home, signed


@pytest.fixture
def home(made: tuple[Path, SignedCheckpoint], tmp_path: Path) -> Path:
    shutil.copytree(made[0], tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def held(made: tuple[Path, SignedCheckpoint]) -> list[Kept]:
    return [Kept(made[1], "an artist's copy")]


def check(home: Path, held: list[Kept] | None = None, *, thorough: bool = False) -> Report:
    return verify(
        home / "ledger.sqlite3", checkpoints=home / "checkpoints.txt", against=held or [], thorough=thorough
    )


EDIT = "UPDATE entries SET body = replace(body, 'c014', 'c015') WHERE seq = 10"
CUT = "DELETE FROM entries WHERE seq > 12"
CUT_PRIVATE = "DELETE FROM private WHERE entry > 12"
SWAP = (
    "UPDATE entries SET seq = 10000 WHERE seq = 10",
    "UPDATE entries SET seq = 10 WHERE seq = 7",
    "UPDATE entries SET seq = 7 WHERE seq = 10000",
)


def test_an_untouched_ledger_has_no_fault(home: Path, held: list[Kept]):
    report = check(home, held, thorough=True)
    assert report.ok
    assert report.faults == ()
    assert (report.size, report.checkpoints, report.outside) == (report.size, PICTURES, report.size)
    assert check(home).outside is None


def test_the_quick_pass_answers_for_a_sound_ledger_as_the_thorough_one_does(home: Path):
    """Else every check would take twice as long, and no other test would tell."""
    with open_ledger(home) as ledger:
        ledger.erase("pic-2")
        ledger.request(painted("pic-9", parent="pic-1"))
        size = ledger.checkpoint().checkpoint.size
    database = Database(home / "ledger.sqlite3", read_only=True)
    with database.read() as connection:
        found = fast_pass(connection, frozenset({5, size}), None)
        walk = Walk(connection, frozenset({5, size}), None)
        walk.search()
    database.close()
    assert found is not None
    assert walk.faults == []
    assert (found.size, found.edge, found.roots) == (walk.size, walk.edge, walk.roots)
    assert found.checkpoints == walk.checkpoints == PICTURES + 1


def test_after_a_gap_no_checkpoint_is_said_to_cover_what_is_not_there(home: Path):
    attack(home, "DELETE FROM entries WHERE seq = 4")
    told = [fault.words for fault in check(home).faults if fault.code == "checkpoint"]
    assert told == []


# What the keeper does without covering the tracks is found without anything from outside.
CLUMSY: dict[str, tuple[tuple[str | Attack, ...], str, int | None]] = {
    "an edited entry": ((EDIT,), "entry", 10),
    "an edited time": (("UPDATE entries SET at = replace(at, '2', '1') WHERE seq = 9",), "entry", 9),
    "another kind": (("UPDATE entries SET kind = 'picture.failed' WHERE seq = 10",), "entry", 10),
    "an edited entry and its hash": ((EDIT, rehash), "tree", 10),
    "an edited entry, its hash and the tree": ((EDIT, rehash, regrow), "checkpoint", 9),
    "a deleted entry": (("DELETE FROM entries WHERE seq = 9",), "entry", 9),
    "deleted entries at the end": ((CUT,), "tree", 13),
    "entries cut off, the tree made to fit": ((CUT, CUT_PRIVATE, regrow), "checkpoint", 13),
    "two entries swapped": (SWAP, "entry", 7),
    "two entries swapped and rehashed": ((*SWAP, rehash), "tree", 6),
    "an edited name": (("UPDATE private SET value = 'Somebody Else' WHERE field = 'name'",), "private", 1),
    "another salt": (("UPDATE private SET salt = zeroblob(32) WHERE entry = 1",), "private", 1),
    "a name that vanished": (("DELETE FROM private WHERE entry = 1",), "private", 1),
    "a text moved to another person": (
        ("UPDATE private SET about = 'pic-0' WHERE field = 'prompt' AND entry > 4",),
        "private",
        None,
    ),
    "a subtree that was edited": (
        ("UPDATE tree_nodes SET hash = zeroblob(32) WHERE number = 3",),
        "tree",
        None,
    ),
    "a subtree that is gone": (("DELETE FROM tree_nodes WHERE number = 3",), "tree", None),
    "a root in a checkpoint": (("UPDATE checkpoints SET root = zeroblob(32)",), "checkpoint", None),
    "a note in a checkpoint": (
        ("UPDATE checkpoints SET note = replace(note, '=', 'A')",),
        "checkpoint",
        None,
    ),
    "a checkpoint that is gone": (("DELETE FROM checkpoints WHERE size < 9",), "checkpoint", None),
    "a trigger that is gone": (
        (lambda db: db.execute("CREATE TRIGGER extra AFTER INSERT ON entries BEGIN SELECT 1; END") and None,),
        "database",
        None,
    ),
    "a table of somebody else's": (("CREATE TABLE notes (words)",), "database", None),
}


@pytest.mark.parametrize("name", CLUMSY)
def test_a_clumsy_rewrite_is_found_and_named(home: Path, name: str):
    steps, code, entry = CLUMSY[name]
    attack(home, *steps)
    report = check(home)
    assert not report.ok
    found = [fault for fault in report.faults if fault.code == code]
    assert found, report.faults
    if entry is not None:
        assert entry in {fault.entry for fault in found}, found


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE pictures SET shot = 'c999' WHERE picture = 'pic-3'",
        "UPDATE credits SET role = 'retouch'",
        "DELETE FROM credits WHERE picture = 4",
        "UPDATE inputs SET relation = 'componentOf'",
        "UPDATE models SET license = 'MIT'",
        "UPDATE people SET kind = 'organisation'",
        "INSERT INTO search (rowid, words) VALUES (1, 'somebody else')",
        "INSERT INTO search (search) VALUES ('delete-all')",
    ],
)
def test_an_edited_projection_is_found_and_made_good_by_a_rebuild(home: Path, change: str):
    attack(home, change)
    report = check(home, thorough=True)
    assert {fault.code for fault in report.faults} == {"projection"}
    with open_ledger(home) as ledger:
        ledger.rebuild()
    assert check(home, thorough=True).ok


def test_a_rebuild_makes_nothing_false_look_right(home: Path):
    attack(home, EDIT, rehash)
    with pytest.raises(LedgerDamaged), open_ledger(home) as ledger:
        ledger.rebuild()
    assert not check(home).ok


# A keeper who has the key can make every part agree. Only what others hold tells.
THOROUGH: dict[str, tuple[str | Attack, ...]] = {
    "an edited entry": (EDIT, rehash, regrow),
    "entries cut off": (CUT, CUT_PRIVATE, regrow),
}


@pytest.mark.parametrize("name", THOROUGH)
def test_a_rewrite_with_the_key_is_found_by_a_checkpoint_from_outside_and_by_nothing_else(
    home: Path, held: list[Kept], name: str
):
    attack(home, *THOROUGH[name], sign_again(home))
    assert check(home, thorough=True).ok  # honest: without an outside checkpoint this cannot be seen
    report = check(home, held, thorough=True)
    assert {fault.code for fault in report.faults} == {"checkpoint"}
    assert report.outside is None


def test_a_rolled_back_ledger_is_found_by_a_checkpoint_from_outside(home: Path, tmp_path: Path):
    shutil.copytree(home, tmp_path / "old")
    with open_ledger(home) as ledger:
        ledger.request(recorded())
        later = ledger.checkpoint()
    assert check(tmp_path / "old").ok
    report = check(tmp_path / "old", [Kept(later, "a mail")])
    assert [fault.code for fault in report.faults] == ["checkpoint"]
    assert "are left" in report.faults[0].words


def test_the_checkpoints_file_is_compared_with_the_ledger(home: Path):
    file = home / "checkpoints.txt"
    text = file.read_text()
    file.write_text("torn by a full\ndisk\n\n" + text)
    assert check(home).ok
    file.write_text(text.replace("\n6\n", "\n8\n"))
    assert {fault.code for fault in check(home).faults} == {"checkpoint"}
    key = read_key(home / "keys" / "ledger.key")
    assert key is not None
    other = SignedCheckpoint.sign(Checkpoint(key.name, 6, b"x" * 32), key)
    file.write_text(f"{text}\n{other}")
    assert "two checkpoints of size 6" in check(home).faults[0].words


def test_a_split_view_gives_a_file_that_proves_it_without_the_ledger(home: Path, held: list[Kept]):
    attack(home, EDIT, rehash, regrow, sign_again(home))
    report = check(home, held)
    assert report.misbehaviour is not None
    text = str(report.misbehaviour)
    assert "two different records" in Misbehaviour.parse(text).verify()


def test_a_fork_that_went_on_gives_the_proof_too(home: Path, held: list[Kept]):
    attack(home, EDIT, rehash, regrow, sign_again(home))
    with open_ledger(home) as ledger:
        ledger.request(recorded())
        ledger.checkpoint()
    report = check(home, held)
    assert report.misbehaviour is not None
    Misbehaviour.parse(str(report.misbehaviour)).verify()


def test_a_checkpoint_of_another_ledger_or_with_a_false_signature_is_a_fault(
    home: Path, held: list[Kept], tmp_path: Path
):
    with open_ledger(tmp_path / "other") as other:
        foreign = other.checkpoint()
    assert not check(home, [Kept(foreign, "x")]).ok
    key = read_key(tmp_path / "other" / "keys" / "ledger.key")
    assert key is not None
    forged = SignedCheckpoint.sign(held[0].signed.checkpoint, key)
    assert not check(home, [Kept(forged, "x")]).ok


def test_only_the_entries_after_the_outside_checkpoint_are_in_doubt(home: Path, held: list[Kept]):
    with open_ledger(home) as ledger:
        ledger.request(recorded())
    report = check(home, held)
    assert report.ok
    assert report.outside == held[0].signed.checkpoint.size == report.size - 1


def test_missing_and_damaged_files_of_the_vault_are_named_with_their_entry(home: Path, tmp_path: Path):
    vault = Vault(tmp_path / "vault")
    for number in range(PICTURES):
        vault.put(b"layout")
        vault.put(f"signed pic-{number}".encode())
    report = verify(home / "ledger.sqlite3", vault=vault)
    assert report.ok, report.faults
    vault.discard(resource("signed pic-2").digest)
    vault.path(resource("signed pic-4").digest).write_bytes(b"torn")
    report = verify(home / "ledger.sqlite3", vault=vault)
    assert [fault.code for fault in report.faults] == ["vault", "vault"]
    with open_ledger(home) as ledger:
        named = {fault.entry for fault in report.faults}
        assert named == {ledger.picture("pic-2").released, ledger.picture("pic-4").released}


def test_an_entry_that_fits_the_tree_and_cannot_be_true_is_found(home: Path):
    body = canonical({"picture": "pic-?", "requested": 1, "reason": "x"}).decode()
    attack(
        home,
        f"UPDATE entries SET kind = 'picture.failed', body = '{body}' WHERE seq = 10",
        rehash,
        tree.rebuild,
    )
    codes = {(fault.code, fault.entry) for fault in check(home, thorough=True).faults}
    assert ("entry", 10) in codes


def test_no_ledger_is_no_answer(tmp_path: Path):
    with pytest.raises(NotRecorded):
        verify(tmp_path / "none")


def test_progress_reaches_the_end(home: Path):
    seen: list[tuple[str, int, int]] = []
    verify(home / "ledger.sqlite3", thorough=True, on_progress=lambda *step: seen.append(step))
    assert {name for name, _, _ in seen} == {"entries", "checkpoints", "projections"}
    assert all(done <= total for _, done, total in seen)


# -- a writer beside the check --------------------------------------------------------------------


def verify_beside_a_writer(home: Path) -> Report:
    """The report of a check in whose middle somebody else opens the ledger, writes to it, and closes it."""
    wrote = False

    def write(*_: object) -> None:
        nonlocal wrote
        if not wrote:
            wrote = True
            with open_ledger(home) as ledger:
                for _ in range(10):
                    ledger.request(painted())
                    ledger.checkpoint()

    path, checkpoints = home / "ledger.sqlite3", home / "checkpoints.txt"
    return verify(path, checkpoints=checkpoints, thorough=True, on_progress=write)


def test_a_writer_who_begins_in_the_middle_of_a_check_is_no_fault(home: Path):
    with open_ledger(home) as ledger:
        before = len(ledger)
    report = verify_beside_a_writer(home)
    assert report.ok, report.faults
    assert report.size > before, "what was read of two states is read again"


def test_a_writer_who_goes_on_during_a_check_is_no_fault(home: Path):
    with open_ledger(home) as ledger:
        before = len(ledger)
        report = verify_beside_a_writer(home)
    assert report.ok, report.faults
    assert report.size == before, "one state, that of the beginning"


def test_without_a_write_ahead_log_a_writer_in_the_middle_of_a_check_is_no_fault(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database, "file_system", lambda path, mounts: "nfs4")
    with open_ledger(home) as ledger:
        before = len(ledger)
        report = verify_beside_a_writer(home)
    assert report.ok, report.faults
    assert report.size > before


def test_what_is_overtaken_each_time_is_told_as_such(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "file_system", lambda path, mounts: "nfs4")
    with (
        open_ledger(home) as ledger,
        Ledger.open(home / "ledger.sqlite3", key=home / "none", read_only=True) as reader,
        pytest.raises(LedgerBusy, match="in the meantime"),
    ):
        reader.ask(lambda db: ledger.request(painted()))


# -- what follows from no entry -------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE anchors SET time_stamp = zeroblob(9)",
        "UPDATE anchors SET asked_at = replace(asked_at, '2', '1')",
        "UPDATE anchors SET authority = 'https://elsewhere.example'",
        "UPDATE anchors SET digest = zeroblob(32)",
        "UPDATE _sqlite_migrations SET applied_at = '2026'",
        "INSERT INTO housekeeping VALUES ('scrub', '2026-11-23T13:05:07.123456Z')",
        "INSERT INTO housekeeping VALUES ('foreign', 'x')",
        "INSERT INTO housekeeping VALUES ('else', '')",
    ],
)
def test_what_follows_from_no_entry_is_checked_too(home: Path, change: str):
    with open_ledger(home) as ledger:
        anchors.ask(ledger, "http://127.0.0.1:9/tsa")
        list(anchors.send(ledger, lambda data, _: b"a time stamp over " + data))
    assert check(home).ok
    attack(home, change)
    assert {fault.code for fault in check(home).faults} <= {"anchor", "database"}
    assert not check(home).ok


def test_an_erasure_that_a_reader_holds_up_is_a_task_that_the_check_knows(home: Path):
    reader = sqlite3.connect(home / "ledger.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entries").fetchone()
    with open_ledger(home) as ledger:
        ledger.erase("pic-1")
        assert check(home).ok
    assert reader.execute("SELECT 1").fetchone()
    reader.close()


def test_the_evidence_of_a_dispute_is_looked_for_until_it_is_erased(home: Path, tmp_path: Path):
    vault = Vault(tmp_path / "vault")
    for name in ("layout", *(f"signed pic-{number}" for number in range(PICTURES))):
        vault.put(name.encode())
    evidence = vault.put(b"a sketch")
    body = {
        "dispute": "dis-1", "picture": "pic-1", "person": None, "claim": Private("mine", "claim", "dis-1"),
        "contact": "", "evidence": str(evidence),
    }  # fmt: skip
    with open_ledger(home) as ledger:
        opened = ledger.append(EntryKind.DISPUTE_OPENED, body)
    assert verify(home / "ledger.sqlite3", vault=vault).ok
    vault.path(evidence).write_bytes(b"torn")
    (fault,) = verify(home / "ledger.sqlite3", vault=vault).faults
    assert (fault.code, fault.entry) == ("vault", opened.seq)
    vault.discard(evidence)
    (fault,) = verify(home / "ledger.sqlite3", vault=vault).faults
    assert (fault.code, fault.entry) == ("vault", opened.seq)
    with open_ledger(home) as ledger:
        ledger.erase("dis-1")
    assert verify(home / "ledger.sqlite3", vault=vault).ok


def test_an_old_signature_that_only_the_database_lost_is_found_without_a_rebuild(
    home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(held_module, "SIGNATURES", 1)
    assert check(home).ok
    first = "(SELECT min(size) FROM checkpoints)"
    cut = "substr(note, 1, length(note) - 9) || 'AAAAAAA=' || char(10)"
    attack(home, f"UPDATE checkpoints SET note = {cut} WHERE size = {first}")
    assert {fault.code for fault in check(home).faults} == {"checkpoint"}
    # In both places alike it is told by --rebuild alone; the entries are held by every later checkpoint.
    connection = sqlite3.connect(home / "ledger.sqlite3")
    notes = [row[0] for row in connection.execute("SELECT note FROM checkpoints ORDER BY size")]
    connection.close()
    (home / "checkpoints.txt").write_text("\n".join(notes))
    assert check(home).ok
    assert {fault.code for fault in check(home, thorough=True).faults} == {"checkpoint"}
