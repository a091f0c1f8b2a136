"""Bodies of entries: what is written is what is read back, and nothing else can be read."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_samples import model, painted, resource

from provenance.errors import StatementError
from provenance.ledger.entries import bodies as reading
from provenance.ledger.entries import wording
from provenance.statement.canonical import Digest, Json, canonical, parse_canonical
from provenance.statement.commitment import seal
from provenance.statement.credit import Credit, Kind, Role
from provenance.statement.statement import (
    Input,
    InputRole,
    ModelUse,
    Project,
    Prompt,
    Resource,
    Software,
    Statement,
)
from provenance.statement.vocabulary import Disclosure, Relation, SourceType, Stage, Step

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SAID = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
DIGEST = st.binary(min_size=32, max_size=32).map(Digest)
SIZE = st.integers(0, 2**50)
RESOURCE = st.builds(Resource, DIGEST, TEXT, SIZE, st.none() | SIZE, st.none() | SIZE, st.none() | DIGEST)
INPUT = st.builds(
    Input,
    st.sampled_from(InputRole),
    st.sampled_from([Relation.COMPONENT, Relation.INPUT]),
    RESOURCE,
    st.none() | SAID,
)
SCALAR = st.none() | st.booleans() | TEXT | st.integers(-(2**50), 2**50) | st.floats(-1e6, 1e6)
MODEL = st.builds(
    ModelUse, TEXT, TEXT, TEXT, SAID, SAID, DIGEST, st.dictionaries(SAID, DIGEST, max_size=3), TEXT
)
STATEMENT = st.builds(
    Statement,
    picture=SAID,
    step=st.just(Step.PAINT),
    source_type=st.sampled_from(SourceType),
    software=st.builds(Software, TEXT, TEXT),
    credits=st.lists(st.builds(Credit, st.sampled_from(Role), st.none()), max_size=3).map(tuple),
    inputs=st.lists(INPUT, max_size=3).map(tuple),
    prompt=st.builds(Prompt, TEXT, TEXT, st.sampled_from(Disclosure)),
    model=MODEL,
    parameters=st.dictionaries(SAID.filter(lambda name: name not in {"seed", "private"}), SCALAR, max_size=4),
    project=st.builds(Project, TEXT, TEXT, TEXT, st.sampled_from(Stage)),
    note=TEXT,
)


@given(STATEMENT)
@settings(deadline=None, max_examples=40, derandomize=True)
def test_a_statement_comes_back_as_it_was(statement: Statement):
    people = [f"per-{number}" for number in range(len(statement.credits))]
    sealed, openings = seal(wording.requested_body(statement, people))
    texts = {each.commitment: each.private.value for each in openings}
    assert sorted(reading.commitments(sealed)) == sorted(texts)
    read = reading.read_requested(parse_canonical(canonical(sealed)))
    assert statement.model is not None
    back = read.statement(lambda _: None, lambda _: statement.model, lambda one: texts[one] if one else "")  # type: ignore[arg-type,return-value]
    assert back.inputs == statement.inputs
    assert [each.role for each in back.credits] == [each.role for each in statement.credits]
    assert [each.person for each in back.credits] == people
    for name in ("picture", "step", "source_type", "software", "prompt", "parameters", "project", "note"):
        assert getattr(back, name) == getattr(statement, name), name


@given(MODEL)
@settings(deadline=None, max_examples=30, derandomize=True)
def test_a_model_comes_back_as_it_was(model: ModelUse):
    assert reading.read_model(parse_canonical(canonical(seal(wording.model_body(model))[0]))) == model


def bodies() -> dict[str, tuple[Any, Json]]:
    """A reader and a body that it reads, of each kind."""
    released = wording.released_body(
        "pic-a",
        4,
        output=resource("x"),
        signer=Digest.of(b"c"),
        manifest="urn:x",
        time_stamped=True,
        facts={"s": 1.5},
    )
    written = {
        "requested": (reading.read_requested, wording.requested_body(painted(note="n"), ["per-a", "per-b"])),
        "released": (reading.read_released, released),
        "closed": (reading.read_closed, wording.closed_body("pic-a", 4, "x")),
        "added": (reading.read_added, wording.added_body("per-a", "Mori Aoi", Kind.ORGANISATION)),
        "model": (reading.read_model, wording.model_body(model())),
        "created": (reading.read_created, wording.created_body("genzu/0", "key")),
        "erased": (reading.read_erased, wording.erased_body("per-a", [(1, "name")])),
    }
    return {name: (read, seal(body)[0]) for name, (read, body) in written.items()}


FREE = {"parameters", "facts", "files"}  # objects that may hold any names


def places(value: Json, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = [path]
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in FREE:
                found += places(each, (*path, name))
    if isinstance(value, list):
        for number, each in enumerate(value):
            found += places(each, (*path, number))
    return found


def changed(value: Json, path: tuple[Any, ...], new: object) -> Json:
    whole: Any = [copy.deepcopy(value)]
    at: Any = whole
    for step in (0, *path)[:-1] if path else ():
        at = at[step]
    at[path[-1] if path else 0] = new
    return whole[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", bodies())
def test_a_body_with_a_field_too_many_too_few_or_of_another_type_is_refused(name: str):
    read, body = bodies()[name]
    read(body)
    chance = random.Random(name)
    for path in places(body):
        value: Any = body
        for step in path:
            value = value[step]
        if isinstance(value, dict):
            with pytest.raises(StatementError):
                read(changed(body, path, {**value, "extra": 1}))
            for gone in [each for each in value if each not in FREE or path == ()]:
                with pytest.raises(StatementError):
                    read(changed(body, path, {key: each for key, each in value.items() if key != gone}))
        wrong = [each for each in (1.5, [[]], {"x": 1}, -1) if type(each) is not type(value)]
        with pytest.raises(StatementError):
            read(changed(body, path, chance.choice(wrong)))


def test_software_is_read_into_no_persons_slot():
    _, body = bodies()["added"]
    with pytest.raises(StatementError, match="software"):
        reading.read_added(changed(body, ("kind",), "software"))
