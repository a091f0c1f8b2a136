"""A ledger driven at random: whatever happens to it, each checkpoint ever signed stays a prefix of what it holds."""

import json
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from ledger_samples import open_ledger, painted, release

from provenance.errors import LedgerError
from provenance.ledger.check.checkpoints import Kept
from provenance.ledger.check.verify import verify
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.foreign import foreign_ledgers, import_log
from provenance.ledger.store.records import State
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.merkle import leaf_hash, root
from provenance.proof.receipt import Receipt
from provenance.proof.receipt import verify as verify_receipt
from provenance.statement.canonical import canonical, parse_canonical
from provenance.statement.json_value import Json

NAMES = ("Mori Aoi", "森 葵", "José Nuñez")


class LedgerMachine(RuleBasedStateMachine):
    """Appends, reopens, crashes, erases and imports, beside a plain list of what was acknowledged."""

    pictures = Bundle("pictures")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.home = self.folder / "home"
        self.ledger = open_ledger(self.home)
        self.entries: list[Entry] = list(self.ledger.entries())
        self.states: dict[str, State] = {}
        self.signed: list[SignedCheckpoint] = []
        self.receipts: list[str] = []
        self.erased: set[str] = set()
        self.count = 0

    def caught_up(self) -> None:
        self.entries += list(self.ledger.entries(len(self.entries)))

    @rule(target=pictures, name=st.sampled_from(NAMES))
    def request(self, name: str) -> str:
        picture = f"pic-{self.count}"
        self.count += 1
        self.ledger.request(painted(picture, by=(f"layout: {name}",), prompt=f"words of {picture}"))
        self.states[picture] = State.REQUESTED
        self.caught_up()
        return picture

    @rule(picture=pictures)
    def release(self, picture: str) -> None:
        if self.states[picture] is not State.REQUESTED:
            try:
                release(self.ledger, picture)
            except LedgerError:
                return
            raise AssertionError("a closed picture was released")
        release(self.ledger, picture)
        self.states[picture] = State.RELEASED
        self.caught_up()

    @rule(picture=pictures)
    def fail(self, picture: str) -> None:
        if self.states[picture] is State.REQUESTED:
            self.ledger.close_without(picture, EntryKind.PICTURE_FAILED, "test")
            self.states[picture] = State.FAILED
            self.caught_up()

    @rule(picture=pictures)
    def erase(self, picture: str) -> None:
        self.ledger.erase(picture)
        self.erased.add(picture)
        self.caught_up()

    @rule()
    def sign(self) -> None:
        self.signed.append(self.ledger.checkpoint())
        self.receipts.append(str(self.ledger.receipt(len(self.entries) - 1)))

    @rule()
    def reopen(self) -> None:
        self.ledger.close()
        self.ledger = open_ledger(self.home)

    @rule()
    def crash(self) -> None:
        """The files as they lie while the ledger is open: what a power cut leaves."""
        self.count += 1
        after = self.folder / f"after-{self.count}"
        shutil.copytree(self.home, after)
        (after / "ledger.sqlite3-shm").unlink(missing_ok=True)
        self.ledger.close()
        self.home = after
        self.ledger = open_ledger(after)

    @rule()
    def rebuild(self) -> None:
        self.ledger.rebuild()

    @rule()
    def export_and_import(self) -> None:
        self.count += 1
        out = self.folder / f"{self.count}.jsonl"
        self.ledger.export(out)
        loaded = import_log(self.folder / "foreign", [out], own=None, held=self.signed)
        assert loaded.size == len(self.ledger)
        with foreign_ledgers(self.folder / "foreign") as (theirs,):
            assert {each.picture for each in theirs.pictures(limit=1000)} == set(self.states)

    @invariant()
    def holds_what_was_acknowledged(self) -> None:
        assert list(self.ledger.entries()) == self.entries
        for picture, state in self.states.items():
            record = self.ledger.picture(picture)
            assert record.state is state
            prompt = record.statement.prompt
            assert prompt is not None
            assert prompt.text == ("(erased)" if picture in self.erased else f"words of {picture}")

    def teardown(self) -> None:
        leaves = [leaf_hash(each.leaf) for each in self.entries]
        for each in self.signed:
            stated = each.verify(self.ledger.verify_key)
            assert root(leaves[: stated.size]) == stated.root
        for text in self.receipts:
            verify_receipt(Receipt.parse(text), self.ledger.verify_key)
        self.ledger.close()
        held = [Kept(each, "kept") for each in self.signed]
        report = verify(
            self.home / "ledger.sqlite3",
            checkpoints=self.home / "checkpoints.txt",
            against=held,
            thorough=True,
        )
        assert report.ok, report.faults
        shutil.rmtree(self.folder)


TestLedgerMachine = LedgerMachine.TestCase
TestLedgerMachine.settings = settings(
    max_examples=5,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

NUMBERS = (
    st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        [0.0, -0.0, 1.0, 1e15, 1e16, 1e21, 1e-4, 1e-5, 1e-7, 5e-324, 123456789012345.6, 0.1 + 0.2]
    )
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_the_fast_canonical_form_is_the_standards(value: Json):
    import rfc8785

    from provenance.errors import StatementError

    try:
        expected = rfc8785.dumps(value)
        rfc8785.dumps(json.loads(expected))
    except rfc8785.CanonicalizationError:
        try:
            canonical(value)
        except StatementError:
            return
        raise AssertionError("refused by RFC 8785, and accepted here") from None
    assert canonical(value) == expected
    assert canonical(parse_canonical(expected)) == expected
