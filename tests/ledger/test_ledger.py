"""The ledger through its public methods: what is written down is what is read back."""

import json
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_samples import PROMPT, model, open_ledger, painted, recorded, release, resource

from provenance.errors import (
    IdentityError,
    LedgerDamaged,
    LedgerError,
    NotRecorded,
    OutputError,
    ProvenanceError,
    StatementError,
)
from provenance.ledger import Ledger
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.key_files import parse_checkpoints
from provenance.ledger.store.records import State
from provenance.proof.merkle import root
from provenance.proof.receipt import Receipt, verify
from provenance.statement.canonical import Digest, canonical
from provenance.statement.commitment import Body, Private
from provenance.statement.credit import Credit, Role, parse_credit


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def ledger(home: Path):
    with open_ledger(home) as opened:
        yield opened


# -- opening ---------------------------------------------------------------------------------------


def test_the_first_start_makes_the_key_and_an_entry_that_names_it(ledger: Ledger, home: Path):
    assert len(ledger) == 1
    assert ledger.entry(0).kind is EntryKind.LEDGER_CREATED
    assert ledger.entry(0).body == {"ledger": ledger.id, "key": str(ledger.verify_key)}
    assert (home / "keys" / "ledger.key").stat().st_mode & 0o777 == 0o600
    assert (home / "ledger.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_second_opening_goes_on_with_the_same_log(home: Path):
    with open_ledger(home) as first:
        asked = first.request(recorded())
        name = first.id
    with open_ledger(home) as second:
        assert second.id == name
        assert second.entry(asked.seq) == asked
        assert second.request(recorded()).seq == asked.seq + 1


def test_reading_only_creates_nothing_and_needs_no_key(home: Path):
    path = home / "ledger.sqlite3"
    with pytest.raises(NotRecorded):
        Ledger.open(path, key=home / "none", read_only=True)
    assert not home.exists()
    with open_ledger(home) as ledger:
        ledger.request(painted("pic-a"))
        ledger.checkpoint()
    before = sorted(each.name for each in home.iterdir())
    with Ledger.open(path, key=home / "none", read_only=True) as reader:
        assert reader.picture("pic-a").state is State.REQUESTED
        assert reader.receipt(3).index == 3
        with pytest.raises(LedgerError):
            reader.request(painted())
        assert sorted(each.name for each in home.iterdir()) == before
    assert sorted(each.name for each in home.iterdir()) == before


def test_a_reader_sees_what_a_writer_adds_while_it_is_open(home: Path):
    open_ledger(home).close()
    with Ledger.open(home / "ledger.sqlite3", key=home / "none", read_only=True) as reader:
        assert len(reader) == 1
        with open_ledger(home) as writer:
            writer.request(painted("pic-a"))
            assert reader.picture("pic-a").state is State.REQUESTED
            release(writer, "pic-a")
        assert reader.picture("pic-a").state is State.RELEASED


def test_without_create_a_missing_ledger_is_told(home: Path):
    with pytest.raises(NotRecorded):
        Ledger.open(home / "ledger.sqlite3", key=home / "key", create=False)


def test_writing_without_the_key_or_with_another_is_refused(home: Path, tmp_path: Path):
    open_ledger(home).close()
    open_ledger(tmp_path / "other").close()
    with pytest.raises(IdentityError, match="missing"):
        Ledger.open(home / "ledger.sqlite3", key=home / "keys" / "gone")
    assert not (home / "keys" / "gone").exists()
    with pytest.raises(IdentityError, match="its own key"):
        Ledger.open(home / "ledger.sqlite3", key=tmp_path / "other" / "keys" / "ledger.key")


def test_a_damaged_key_is_told_and_never_replaced(home: Path):
    open_ledger(home).close()
    key = home / "keys" / "ledger.key"
    key.write_text("PRIVATE+KEY+x")
    with pytest.raises(IdentityError):
        open_ledger(home)
    assert key.read_text() == "PRIVATE+KEY+x"


def test_files_that_are_no_ledger_are_refused(tmp_path: Path):
    text, other = tmp_path / "text", tmp_path / "other.sqlite3"
    text.write_bytes(b"this is no database, and long enough to have had a header of one hundred bytes" * 9)
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE shopping (item)")
    connection.close()
    for path in (text, other):
        for read_only in (True, False):
            with pytest.raises(LedgerDamaged):
                Ledger.open(path, key=tmp_path / "key", read_only=read_only)
    with pytest.raises(ProvenanceError):
        Ledger.open(tmp_path, key=tmp_path / "key")


def test_a_ledger_of_a_later_version_is_refused(home: Path):
    open_ledger(home).close()
    connection = sqlite3.connect(home / "ledger.sqlite3")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(LedgerDamaged, match="999"):
        open_ledger(home)


def test_a_ledger_that_vanished_is_not_begun_again_over_its_checkpoints(home: Path):
    with open_ledger(home) as ledger:
        ledger.checkpoint()
    (home / "ledger.sqlite3").unlink()
    with pytest.raises(LedgerDamaged, match="restore"):
        open_ledger(home)
    assert not (home / "ledger.sqlite3").exists()


def test_a_ledger_put_back_to_an_older_copy_is_refused(home: Path):
    with open_ledger(home) as ledger:
        ledger.checkpoint()
    old = (home / "ledger.sqlite3").read_bytes()
    with open_ledger(home) as ledger:
        ledger.request(painted())
        ledger.checkpoint()
    (home / "ledger.sqlite3").write_bytes(old)
    with pytest.raises(LedgerDamaged, match="older copy"):
        open_ledger(home)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError):
        Ledger.open(tmp_path / "file" / "ledger.sqlite3", key=tmp_path / "key")


# -- writing and reading back ----------------------------------------------------------------------


def test_a_painted_picture_reads_back_as_it_was_stated(ledger: Ledger):
    statement = painted(note="the client asked for more snow")
    asked = ledger.request(statement)
    record = ledger.picture(statement.picture)
    assert record.state is State.REQUESTED
    assert (record.requested, record.requested_at) == (asked.seq, asked.at)
    people = {each.person for each in record.statement.credits}
    assert replace(record.statement, credits=()) == replace(statement, credits=())
    assert [str(each) for each in record.statement.credits] == [str(each) for each in statement.credits]
    assert people == {each.person for each in ledger.people()}


def test_a_released_picture_tells_its_file_signer_and_facts(ledger: Ledger):
    ledger.request(painted("pic-a"))
    release(ledger, "pic-a", "signed")
    record = ledger.picture("pic-a")
    assert record.state is State.RELEASED
    assert record.output == resource("signed")
    assert record.signer == Digest.of(b"certificate")
    assert record.facts == {"seconds": 2.5, "device": "cpu", "effective_steps": 11}
    assert record.released == record.requested + 1
    assert record.released_at is not None


@pytest.mark.parametrize(
    ("kind", "state"),
    [(EntryKind.PICTURE_CANCELLED, State.CANCELLED), (EntryKind.PICTURE_FAILED, State.FAILED)],
)
def test_a_picture_that_was_not_made_says_why(ledger: Ledger, kind: EntryKind, state: State):
    ledger.request(painted("pic-a"))
    ledger.close_without("pic-a", kind, "called off")
    record = ledger.picture("pic-a")
    assert (record.state, record.facts, record.output) == (state, {"reason": "called off"}, None)


def test_a_picture_is_closed_once(ledger: Ledger):
    ledger.request(painted("pic-a"))
    release(ledger, "pic-a")
    size = len(ledger)
    for again in (
        lambda: release(ledger, "pic-a"),
        lambda: ledger.close_without("pic-a", EntryKind.PICTURE_FAILED, "x"),
        lambda: ledger.request(painted("pic-a")),
    ):
        with pytest.raises(LedgerError):
            again()
    assert len(ledger) == size


def test_nothing_is_released_that_was_not_requested(ledger: Ledger):
    with pytest.raises(NotRecorded):
        release(ledger, "pic-never")
    assert len(ledger) == 1


def test_a_refused_entry_leaves_no_trace_and_the_next_one_fits(ledger: Ledger):
    with pytest.raises(ProvenanceError):
        ledger.append_all(
            [
                (EntryKind.PERSON_ADDED, {"person": "per-a", "kind": "person", "name": None}),
                (EntryKind.PICTURE_FAILED, {"picture": "pic-a", "requested": 0, "reason": "x"}),
            ]
        )
    assert ledger.people() == []
    ledger.request(painted())
    assert ledger.checkpoint().checkpoint.root == root(each.leaf_hash for each in ledger.entries())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (EntryKind.PERSON_ADDED, {"person": "per-a", "kind": "software", "name": None}),
        (EntryKind.PERSON_ADDED, {"person": "per-a", "kind": "person"}),
        (EntryKind.PERSON_ADDED, {"person": "per-a", "kind": "person", "name": "in the clear"}),
        (EntryKind.PERSON_ADDED, {"person": "per-a", "kind": "person", "name": {"private": "0" * 64}}),
        (EntryKind.LEDGER_CREATED, {"ledger": "genzu/0", "key": "x"}),
        (EntryKind.PICTURE_REQUESTED, {}),
        (EntryKind.PICTURE_REQUESTED, None),
        (EntryKind.PICTURE_RELEASED, {"picture": 1}),
        (EntryKind.MODEL_RECORDED, {"model": "sha256:0"}),
    ],
)
def test_an_entry_that_cannot_be_true_is_refused(ledger: Ledger, kind: EntryKind, body):
    with pytest.raises(StatementError):
        ledger.append(kind, body)
    assert len(ledger) == 1


def test_a_fact_cannot_pose_as_a_sealed_text(ledger: Ledger):
    ledger.request(painted("pic-a"))
    with pytest.raises(StatementError, match="private"):
        ledger.release(
            "pic-a",
            output=resource("x"),
            signer=Digest.of(b""),
            manifest="urn:c2pa:x",
            time_stamped=False,
            facts={"deep": [{"private": "0" * 64}]},
        )


def test_a_seed_above_two_to_the_53_keeps_every_digit(ledger: Ledger):
    ledger.request(replace(painted("pic-a"), parameters={"seed": 2**64 - 1}))
    assert ledger.picture("pic-a").statement.parameters == {"seed": str(2**64 - 1)}


def test_no_name_and_no_prompt_stands_in_an_entry(ledger: Ledger):
    ledger.request(painted(note="a secret wish"))
    text = b"\n".join(each.leaf for each in ledger.entries()).decode()
    for words in ("Mori", PROMPT, "people", "secret"):
        assert f'"{words}' not in text


def test_the_leaf_is_the_canonical_json_of_the_four_columns(ledger: Ledger):
    ledger.request(painted(by=("layout: 森 葵",)))
    for entry in ledger.entries():
        value = {"seq": entry.seq, "at": entry.at, "kind": entry.kind.value, "body": entry.body}
        assert entry.leaf == canonical(value)


# -- people and models -----------------------------------------------------------------------------


def test_a_name_is_one_person_and_those_not_named_are_each_their_own(ledger: Ledger):
    ledger.request(painted("pic-a"))
    ledger.request(painted("pic-b"))
    assert [each.name for each in ledger.people()] == ["Mori Aoi", None, None]
    (mori,) = ledger.people_named("Mori Aoi")
    assert ledger.person(mori.person) == mori
    assert [each.record.picture for each in ledger.credits_of(mori.person)] == ["pic-b", "pic-a"]
    assert {each.role for each in ledger.credits_of(mori.person)} == {Role.LAYOUT}


def test_one_person_in_two_roles_is_added_once(ledger: Ledger):
    ledger.request(painted(by=("layout: Mori Aoi", "retouch: Mori Aoi")))
    assert len(ledger.people()) == 1


def test_a_credit_may_name_a_person_by_id_and_must_agree_with_the_record(ledger: Ledger):
    ledger.request(painted())
    named, unnamed = ledger.people()
    ledger.request(recorded(by=[Credit(Role.LAYOUT, "Mori Aoi", named.person)]))
    ledger.request(recorded(by=[Credit(Role.LAYOUT, None, unnamed.person)]))
    assert len(ledger.people()) == 2
    with pytest.raises(StatementError):
        ledger.request(recorded(by=[Credit(Role.LAYOUT, "Somebody Else", named.person)]))
    with pytest.raises(NotRecorded):
        ledger.request(recorded(by=[Credit(Role.LAYOUT, "Mori Aoi", "per-unknown")]))


def test_a_name_that_reads_as_erased_is_refused(ledger: Ledger):
    with pytest.raises(StatementError):
        ledger.request(recorded(by=[parse_credit("layout: (erased)")]))


def test_a_model_is_recorded_once_and_again_when_its_licence_changes(ledger: Ledger):
    first = painted("pic-a")
    ledger.request(first)
    ledger.request(painted("pic-b"))
    changed = replace(model(), license="CC-BY-4.0")
    ledger.request(replace(painted("pic-c"), model=changed))
    kinds = [each.kind for each in ledger.entries()]
    assert kinds.count(EntryKind.MODEL_RECORDED) == 2
    assert ledger.model(changed.digest) == changed
    assert ledger.picture("pic-a").statement.model == model()
    with pytest.raises(NotRecorded):
        ledger.model(Digest.of(b"unknown"))


# -- finding ---------------------------------------------------------------------------------------


def test_pictures_come_newest_first_and_by_each_filter(ledger: Ledger):
    for number in range(4):
        ledger.request(painted(f"pic-{number}", layout=f"layout {number}"))
    release(ledger, "pic-1")
    ledger.request(
        replace(painted("pic-x"), project=replace(painted().project, shot="c099", production="Two"))
    )
    ids = lambda found: [each.picture for each in found]  # noqa: E731
    assert ids(ledger.pictures()) == ["pic-x", "pic-3", "pic-2", "pic-1", "pic-0"]
    assert ids(ledger.pictures(limit=2)) == ["pic-x", "pic-3"]
    assert ids(ledger.pictures(state=State.RELEASED)) == ["pic-1"]
    assert ids(ledger.pictures(shot="c099")) == ["pic-x"]
    assert ids(ledger.pictures(production="Two", shot="c014")) == []
    assert ids(ledger.pictures(production="The Long Way", limit=1)) == ["pic-3"]


def test_common_words_are_found_like_rare_ones(ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    for number in range(6):
        ledger.request(
            painted(f"pic-{number}", by=(f"layout: Painter {number % 2}",), prompt=f"snow, take {number}")
        )
    asked = ("snow", "snow 3", "painter", "painter 1 snow", "take 2", "harbour")
    rare = [[each.picture for each in ledger.pictures(text=text)] for text in asked]
    assert [len(found) for found in rare] == [6, 1, 6, 3, 1, 0]
    monkeypatch.setattr("provenance.ledger.store.reader.COMMON", 1)
    assert [[each.picture for each in ledger.pictures(text=text)] for text in asked] == rare


def test_words_are_found_in_prompts_notes_and_names_in_any_script(ledger: Ledger):
    ledger.request(painted("pic-a", by=("layout: 森 葵",), prompt="雪の駅、夜明け", note="sent back"))
    ledger.request(painted("pic-b", by=("layout: José Nuñez",), prompt="a harbour AND a crane"))
    found = lambda text: [each.picture for each in ledger.pictures(text=text)]  # noqa: E731
    assert found("夜明") == ["pic-a"]
    assert found("森") == ["pic-a"]
    assert found("back") == ["pic-a"]
    assert found("HARBOUR jose") == ["pic-b"]
    assert found("harbour 葵") == []
    for hostile in ('"', "AND", "crane*", "NEAR(", "words:crane", "'); DROP TABLE entries", "\x00", "-"):
        found(hostile)
    assert found("") == ["pic-b", "pic-a"]


def test_pictures_are_found_by_file_by_pixels_by_parent_and_by_what_they_were_made_from(ledger: Ledger):
    ledger.request(painted("pic-a"))
    release(ledger, "pic-a", "signed a")
    ledger.request(painted("pic-b", layout="signed a", parent="pic-a"))
    ids = lambda found: [each.picture for each in found]  # noqa: E731
    out = resource("signed a")
    assert ids(ledger.pictures_with_file(out.digest)) == ["pic-a"]
    assert out.pixels is not None
    assert ids(ledger.pictures_with_pixels(out.pixels)) == ["pic-a"]
    assert ids(ledger.pictures_made_from(out.digest)) == ["pic-b"]
    assert ids(ledger.children("pic-a")) == ["pic-b"]
    assert ledger.pictures_with_file(Digest.of(b"?")) == ledger.children("pic-?") == []


def test_an_input_that_claims_an_unknown_picture_is_refused(ledger: Ledger):
    with pytest.raises(StatementError, match="not recorded"):
        ledger.request(painted(parent="pic-never"))


def test_what_is_not_there_is_not_recorded(ledger: Ledger):
    for ask in (
        lambda: ledger.entry(99),
        lambda: ledger.entry(-1),
        lambda: ledger.entry(10**30),
        lambda: ledger.picture("\ud800"),
        lambda: ledger.picture("pic-?"),
        lambda: ledger.person("per-?"),
        lambda: ledger.credits_of("per-?"),
        lambda: ledger.receipt(99),
        lambda: ledger.receipt(-1),
    ):
        with pytest.raises(NotRecorded):
            ask()


def test_entries_are_read_in_order_and_in_parts(ledger: Ledger):
    ledger.append_all(
        [
            (EntryKind.PERSON_ADDED, {"person": f"per-{i}", "kind": "person", "name": None})
            for i in range(1200)
        ]
    )
    assert [each.seq for each in ledger.entries()] == list(range(1201))
    assert [each.seq for each in ledger.entries(498, 503)] == [498, 499, 500, 501, 502]
    assert [each.seq for each in ledger.entries(1199)] == [1199, 1200]


# -- proofs ----------------------------------------------------------------------------------------


def test_the_root_is_that_of_all_leaves_at_every_size(ledger: Ledger):
    leaves: list[bytes] = [ledger.entry(0).leaf_hash]
    for number in range(70):
        entry = ledger.append(
            EntryKind.PERSON_ADDED,
            {"person": f"per-{number}", "kind": "person", "name": Private("x", "name", "y")},
        )
        leaves.append(entry.leaf_hash)
        assert ledger.checkpoint().checkpoint.root == root(leaves)


def test_a_checkpoint_is_signed_once_for_a_size_and_stands_in_the_file(ledger: Ledger, home: Path):
    first = ledger.checkpoint()
    assert ledger.checkpoint() == first
    ledger.request(painted())
    second = ledger.checkpoint()
    held = list(parse_checkpoints((home / "checkpoints.txt").read_text()))
    assert held == [first, second]
    assert second.verify(ledger.verify_key).size == len(ledger)


def test_a_checkpoint_file_that_lost_its_end_is_filled_up_again(ledger: Ledger, home: Path):
    file = home / "checkpoints.txt"
    signed = [ledger.checkpoint()]
    for _ in range(3):
        ledger.request(painted())
        signed.append(ledger.checkpoint())
    text = file.read_text()
    file.write_text(text[: len(text) // 2])
    ledger.request(painted())
    signed.append(ledger.checkpoint())
    assert set(parse_checkpoints(file.read_text())) == set(signed)


def test_every_entry_has_a_receipt_that_verifies_without_the_ledger(ledger: Ledger):
    ledger.request(painted("pic-a", note="not shown"))
    release(ledger, "pic-a")
    for seq in range(len(ledger)):
        text = str(ledger.receipt(seq))
        proved = verify(Receipt.parse(text), ledger.verify_key)
        assert proved.entries[0].index == seq
        assert "not shown" not in text
    asked = ledger.picture("pic-a").requested
    shown = {each.value for each in verify(ledger.receipt(asked)).opened}
    assert shown == {"Mori Aoi", PROMPT, "people"}
    assert [each.value["kind"] for each in verify(ledger.receipt(asked)).entries[1:]] == [
        "person.added",
        "person.added",
        "picture.released",
    ]
    assert verify(ledger.receipt(asked, opened=False)).opened == ()


def test_the_view_of_credits_tells_which_entries_corrected_them(ledger: Ledger, home: Path):
    ledger.request(painted("pic-a"))
    aoi, other = (each.person for each in ledger.people())
    body: dict[str, Body] = {"picture": "pic-a", "role": "layout", "before": aoi, "after": other, "by": aoi}
    said = ledger.append(EntryKind.CREDIT_CORRECTED, body | {"dispute": None, "why": ""})
    question = "SELECT credits, credits_corrected_by FROM pictures_with_credits"
    with closing(sqlite3.connect(home / "ledger.sqlite3")) as connection:
        ((credits, corrected),) = connection.execute(question)
    assert credits == "layout: Mori Aoi; prompt: (asked not to be named)"
    assert corrected == str(said.seq)


def test_an_edited_row_is_not_read_as_an_entry(home: Path):
    with open_ledger(home) as ledger:
        ledger.request(painted("pic-a"))
    connection = sqlite3.connect(home / "ledger.sqlite3")
    connection.execute("DROP TRIGGER entries_are_not_changed")
    connection.execute("UPDATE entries SET body = replace(body, 'c014', 'c015')")
    connection.commit()
    connection.close()
    with open_ledger(home) as ledger, pytest.raises(LedgerDamaged, match="entry 4"):
        ledger.picture("pic-a")


def test_an_edited_name_is_not_read_as_the_name(home: Path):
    with open_ledger(home) as ledger:
        ledger.request(painted("pic-a"))
    connection = sqlite3.connect(home / "ledger.sqlite3")
    connection.execute("UPDATE private SET value = 'Somebody Else' WHERE field = 'name'")
    connection.commit()
    connection.close()
    with open_ledger(home) as ledger, pytest.raises(LedgerDamaged):
        ledger.picture("pic-a")


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE entries SET at = 'never' WHERE seq = 0",
        "DELETE FROM entries WHERE seq = 1",
        "INSERT INTO entries SELECT 99, at, kind, body, leaf_hash FROM entries WHERE seq = 0",
        "INSERT OR REPLACE INTO entries SELECT 1, at, kind, body, leaf_hash FROM entries WHERE seq = 0",
        "DELETE FROM checkpoints",
        "UPDATE checkpoints SET size = 7",
    ],
)
def test_plain_sql_cannot_change_entries_by_accident(home: Path, attempt: str):
    with open_ledger(home) as ledger:
        ledger.request(painted())
        ledger.checkpoint()
    connection = sqlite3.connect(home / "ledger.sqlite3")
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(attempt)
    connection.close()


# -- at once ---------------------------------------------------------------------------------------


def test_many_threads_write_and_read_one_ledger(ledger: Ledger):
    gate = threading.Barrier(8)

    def work(number: int) -> None:
        gate.wait()
        for turn in range(5):
            picture = f"pic-{number}-{turn}"
            ledger.request(painted(picture, by=(f"layout: Painter {number}",)))
            assert ledger.picture(picture).state is State.REQUESTED
            release(ledger, picture)
            ledger.pictures(text="snow", limit=3)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert len(ledger.pictures(state=State.RELEASED, limit=100)) == 40
    assert ledger.checkpoint().checkpoint.root == root(each.leaf_hash for each in ledger.entries())


def test_a_reader_never_waits_for_a_writer(ledger: Ledger):
    ledger.request(painted("pic-a"))
    with ledger._db.write() as connection:
        connection.execute("INSERT INTO housekeeping VALUES ('test', '')")
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(ledger.picture, "pic-a").result(timeout=5).picture == "pic-a"


def test_two_openings_of_one_file_take_turns_on_one_tree(home: Path):
    with open_ledger(home) as one, open_ledger(home) as other:
        for number in range(10):
            (one, other)[number % 2].request(painted(f"pic-{number}"))
        assert len(one) == len(other)
        assert one.checkpoint() == other.checkpoint()
        assert one.checkpoint().checkpoint.root == root(each.leaf_hash for each in other.entries())


def test_a_closed_ledger_says_so(home: Path):
    ledger = open_ledger(home)
    ledger.close()
    ledger.close()
    for ask in (lambda: len(ledger), lambda: ledger.request(painted())):
        with pytest.raises(LedgerError, match="closed"):
            ask()


def test_an_entry_is_a_value():
    entry = Entry(0, "2026-11-23T13:05:07.123456Z", EntryKind.LEDGER_CREATED, {"ledger": "x"})
    assert json.loads(entry.leaf)["seq"] == 0
