"""What a manifest says of its record, taken apart once: any field of a stranger's may have any type."""

from hypothesis import given
from hypothesis import strategies as st

from provenance.credentials.read.record_ref import RecordRef

JUNK = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.integers(), max_size=2)


@given(st.dictionaries(st.sampled_from(["ledger", "picture", "entry", "leaf_hash", "x"]), JUNK))
def test_any_type_in_any_field_gives_a_reference_to_a_ledger_or_none(said: dict[str, object]) -> None:
    found = RecordRef.parse(said)  # type: ignore[arg-type]
    if isinstance(said.get("ledger"), str) and said["ledger"]:
        assert found is not None and found.ledger == said["ledger"]
        assert found.entry == (str(said["entry"]) if type(said.get("entry")) is int else "")
    else:
        assert found is None


def test_no_assertion_names_no_record() -> None:
    assert RecordRef.parse(None) is None
