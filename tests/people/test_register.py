"""What the entries about people add up to: the same however they are read, and never a circle."""

from hypothesis import given
from hypothesis import strategies as st

from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.opened import Disclosed
from provenance.people.register import Register

PEOPLE = [f"per-{letter}" for letter in "abcde"]
person = st.sampled_from(PEOPLE)


@st.composite
def sayings(draw: st.DrawFn) -> list[Disclosed]:
    """Everybody is added; then anything may be said, in any order, as two processes at once might."""
    said = [
        Disclosed(
            number,
            "2026-11-23T12:00:00Z",
            EntryKind.PERSON_ADDED,
            {"person": each, "kind": "person", "name": each},
        )
        for number, each in enumerate(PEOPLE)
    ]
    for kind, one, other, pictures in draw(
        st.lists(
            st.tuples(
                st.sampled_from(["merge", "unmerge", "split", "rename"]),
                person,
                person,
                st.lists(st.sampled_from(["pic-1", "pic-2"]), unique=True),
            ),
            max_size=12,
        )
    ):
        bodies = {
            "merge": (EntryKind.PERSON_MERGED, {"person": one, "into": other}),
            "unmerge": (EntryKind.PERSON_SPLIT, {"person": one, "into": None, "pictures": []}),
            "split": (EntryKind.PERSON_SPLIT, {"person": one, "into": other, "pictures": pictures}),
            "rename": (EntryKind.PERSON_CHANGED, {"person": one, "name": f"{one} the second"}),
        }
        entry, body = bodies[kind]
        said.append(Disclosed(len(said), "2026-11-23T12:00:00Z", entry, body))  # type: ignore[arg-type]
    return said


@given(sayings())
def test_everybody_stands_for_themselves_or_for_one_other_and_never_in_a_circle(said):
    register = Register.of(said)
    leading = {each.person for each in register.everybody()}
    assert leading
    for each in PEOPLE:
        assert register.person(each).person in leading
        assert each in {one.person for one in register.together(each)}
    assert sum(len(register.together(each)) for each in leading) == len(PEOPLE)


@given(sayings(), st.integers(0, 17))
def test_reading_on_gives_what_reading_anew_gives_and_changes_no_register_given_out(said, at):
    first = Register.of(said[:at])
    before = repr(first)
    names = [first.named(each) for each in PEOPLE]
    extended = first.extended(said[at:])
    assert repr(extended) == repr(Register.of(said))
    assert repr(first) == before
    assert [first.named(each) for each in PEOPLE] == names
