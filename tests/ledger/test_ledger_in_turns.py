"""What is decided at one moment and used at another, while other threads and processes write to the same ledger."""

from pathlib import Path
from threading import Thread

import pytest
from ledger_samples import open_ledger, recorded

from provenance.errors import StatementError
from provenance.ledger import timestamps, witnesses
from provenance.ledger.any_entries import AnyEntries
from provenance.ledger.check.verify import verify
from provenance.ledger.entries.kind import EntryKind
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people
from provenance.statement.canonical import new_id
from provenance.statement.commitment import Body

AUTHORITY = "http://stamps.example/tsr"


def test_a_person_who_is_added_while_the_register_is_read_is_counted_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with open_ledger(tmp_path) as ledger:
        known = register_of(ledger)
        person, usual = Person(new_id("per"), name="Sato Ken"), type(ledger).disclosed

        def read(self: AnyEntries, *asked: object) -> object:
            """Between the size and the entries somebody writes."""
            monkeypatch.setattr(type(ledger), "disclosed", usual)
            ledger.request(recorded("pic-one"))
            return usual(self, *asked)  # type: ignore[arg-type]

        add_people(ledger, known, [person])
        monkeypatch.setattr(type(ledger), "disclosed", read)
        register_of(ledger)
        add_people(ledger, register_of(ledger), [Person(new_id("per"), name="Kita Yu")])
        now = register_of(ledger)
        assert {name: len(said) for name, said in now.history.items()} == dict.fromkeys(now.history, 1)
        assert len(now.history) == 3


@pytest.mark.parametrize("again", [True, False])
def test_a_stamp_whose_request_was_withdrawn_meanwhile_is_kept_only_where_it_was_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: bool
):
    class Later(timestamps.datetime):
        @classmethod
        def now(cls, tz: object = None) -> "Later":  # type: ignore[override]
            return cls(2030, 1, 1, tzinfo=timestamps.UTC)

    with open_ledger(tmp_path) as ledger:
        timestamps.ask(ledger, AUTHORITY)

        def stamp(data: bytes, authority: str) -> bytes:
            """What another process does while the authority thinks."""
            timestamps.withdraw(ledger, authority)
            monkeypatch.setattr(timestamps, "datetime", Later)
            if again:
                timestamps.ask(ledger, authority)
            return b"a stamp"

        ((_, trouble),) = timestamps.send(ledger, stamp)
        assert ("withdrawn" in trouble) is not again
        assert [each.time_stamp for each in timestamps.anchors(ledger)] == ([b"a stamp"] if again else [])
    faults = verify(tmp_path / "ledger.sqlite3", thorough=True).faults
    assert not [each for each in faults if "digest" in str(each) or "changed" in str(each)], faults


def test_two_witnesses_that_answer_at_once_are_both_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept, put = tmp_path / "cosigned.txt", witnesses.put
    with open_ledger(tmp_path) as ledger:
        first = ledger.checkpoint()
        ledger.request(recorded("pic-one"))
        second = ledger.checkpoint()
    other = Thread(target=witnesses._keep, args=(kept, second))

    def slow(path: Path, pieces: list[bytes]) -> None:
        """Before one is written the other is ready, too."""
        monkeypatch.setattr(witnesses, "put", put)
        other.start()
        other.join(1)
        put(path, pieces)

    monkeypatch.setattr(witnesses, "put", slow)
    witnesses._keep(kept, first)
    other.join(30)
    assert {each.checkpoint.size for each in witnesses.read(kept)} == {
        first.checkpoint.size,
        second.checkpoint.size,
    }


def unnamed() -> tuple[EntryKind, Body]:
    """Somebody who asked not to be named, as an entry."""
    return EntryKind.PERSON_ADDED, {"person": new_id("per"), "kind": "person", "name": None}


def test_what_was_undone_here_is_not_in_the_tree_that_goes_on_behind_anothers_entry(tmp_path: Path):
    with open_ledger(tmp_path) as ours, open_ledger(tmp_path) as theirs:
        with pytest.raises(StatementError):
            ours.append_all([unnamed(), (EntryKind.PERSON_ADDED, {"person": "nobody"})])
        theirs.append(*unnamed())
        ours.append_all([unnamed(), unnamed()])  # the second completes the subtree over all four
        ours.checkpoint()
    assert verify(tmp_path / "ledger.sqlite3").ok
