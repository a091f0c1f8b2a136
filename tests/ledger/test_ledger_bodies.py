"""Bodies of entries: what is written is what is read back, and nothing else can be read."""

import copy
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_samples import model, painted, resource

from provenance.errors import StatementError
from provenance.ledger.entries import bodies as writing
from provenance.ledger.entries.adapter_said import AdapterSaid
from provenance.ledger.entries.audit_bodies import claimed_body, hint_body, report_body
from provenance.ledger.entries.bodies import Recorded, Requested, adapter_body, adapter_of
from provenance.ledger.entries.codec import SHAPES, read_text
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.entries.sealed import check_text, places
from provenance.ledger.entries.shape import read
from provenance.people.candidate import Choice, Cut, choice_body
from provenance.people.claim import Claim, claim_body
from provenance.people.consent import Consent, consent_body
from provenance.people.dispute import Dispute, Reply, dispute_body, reply_body
from provenance.people.person import Person, parse_identifier
from provenance.people.person_entry import changed_body
from provenance.people.project import Production, production_body
from provenance.people.ties import Correction, correction_body
from provenance.statement.canonical import Digest, canonical, parse_canonical
from provenance.statement.commitment import Body, Private, seal
from provenance.statement.credit import Credit, Kind, Role
from provenance.statement.json_value import Json
from provenance.statement.statement import (
    AdapterUse,
    Input,
    InputRole,
    ModelUse,
    Project,
    Prompt,
    Resource,
    Software,
    Statement,
)
from provenance.statement.vocabulary import (
    AdapterKind,
    Answer,
    Disclosure,
    Maker,
    Outcome,
    Preset,
    Relation,
    SourceType,
    Stage,
    Step,
    Subject,
)

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
    sealed, openings = seal(writing.requested_body(statement, people))
    texts = {each.commitment: each.private.value for each in openings}
    assert sorted(each for each, _ in places(sealed)) == sorted(texts)
    asked = read(Requested, parse_canonical(canonical(sealed)))
    assert statement.model is not None
    back = asked.statement(lambda _: None, lambda _: statement.model, lambda one: texts[one] if one else "")  # type: ignore[arg-type,return-value]
    assert back.inputs == statement.inputs
    assert [each.role for each in back.credits] == [each.role for each in statement.credits]
    assert [each.person for each in back.credits] == people
    for name in ("picture", "step", "source_type", "software", "prompt", "parameters", "project", "note"):
        assert getattr(back, name) == getattr(statement, name), name


LORA = ModelUse("Ink", "a local file", "unpinned", "CC BY 4.0", "unknown", Digest.of(b"ink"))
ADAPTER = st.builds(
    AdapterUse,
    MODEL,
    st.floats(-4, 4),
    st.sampled_from(AdapterKind),
    TEXT,
    st.floats(0, 0.5, exclude_max=True),
    st.floats(0.5, 1),
)


@given(ADAPTER)
@settings(deadline=None, max_examples=40, derandomize=True)
def test_a_work_beside_the_model_comes_back_as_it_was(adapter: AdapterUse):
    body = parse_canonical(canonical(seal(adapter_body(adapter))[0]))
    assert adapter_of(read(AdapterSaid, body), lambda _: adapter.model) == adapter


def test_a_lora_is_written_as_it_was_before_there_were_other_works():
    assert adapter_body(AdapterUse(LORA, 0.8)) == {"model": str(LORA.digest), "scale": 0.8}


@pytest.mark.parametrize("reach", [(0.5, 0.5), (0.6, 0.2), (-0.1, 1.0), (0.0, 1.5), (float("nan"), 1.0)])
def test_a_work_that_acts_in_no_part_of_the_steps_is_refused(reach: tuple[float, float]):
    body = {"model": str(Digest.of(b"m")), "scale": 1.0, "start": reach[0], "end": reach[1]}
    with pytest.raises(StatementError):
        read(AdapterSaid, body)
    with pytest.raises(StatementError):
        AdapterUse(LORA, 1.0, start=reach[0], end=reach[1])


@given(MODEL)
@settings(deadline=None, max_examples=30, derandomize=True)
def test_a_model_comes_back_as_it_was(model: ModelUse):
    assert read(Recorded, parse_canonical(canonical(seal(writing.model_body(model))[0]))).use == model


def written() -> dict[EntryKind, Body]:
    """One body of each kind, as the program writes it."""
    released = writing.released_body(
        "pic-a",
        4,
        output=resource("x"),
        signer=Digest.of(b"c"),
        manifest="urn:x",
        time_stamped=True,
        facts={"s": 1.5},
    )
    aoi = Person(
        "per-a",
        Kind.ORGANISATION,
        "Mori Aoi",
        "もりあおい",
        also=("Aoi", "A. M."),
        identifiers=(parse_identifier("orcid:0000-0002-1825-0097"),),
    )
    claim = Claim("pic-a", "per-a", Role.LAYOUT, "per-b", hours="6.5 h")
    merged: dict[str, Body] = {"person": "per-a", "into": "per-b", "by": "per-b", "why": ""}
    split: dict[str, Body] = merged | {"pictures": ["pic-a"], "why": Private("two people", "reason", "per-a")}
    objection: dict[str, Body] = {"reason": Private("no", "objection", "pic-a"), "where": "entry 3"}
    override: dict[str, Body] = {
        "picture": "pic-a",
        "by": "per-b",
        "reason": Private("asked", "reason", "pic-a"),
        "objections": [objection],
    }
    return {
        EntryKind.LEDGER_CREATED: writing.created_body("genzu/0", "key"),
        EntryKind.PERSON_ADDED: writing.added_body("per-a", "Mori Aoi"),
        EntryKind.MODEL_RECORDED: writing.model_body(model()),
        EntryKind.PICTURE_REQUESTED: writing.requested_body(painted(note="n"), ["per-a", "per-b"]),
        EntryKind.PICTURE_RELEASED: released,
        EntryKind.PICTURE_CANCELLED: writing.closed_body("pic-a", 4, "x"),
        EntryKind.PICTURE_FAILED: writing.closed_body("pic-a", 4, "x"),
        EntryKind.PRIVATE_ERASED: writing.erased_body("per-a", [(1, "name")]),
        EntryKind.PERSON_CHANGED: changed_body(
            aoi, ["kind", "name", "reading", "also", "identifiers", "contact"]
        ),
        EntryKind.PERSON_MERGED: merged,
        EntryKind.PERSON_SPLIT: split,
        EntryKind.CREDIT_CLAIMED: claim_body(claim),
        EntryKind.CREDIT_CONFIRMED: claim_body(claim),
        EntryKind.CREDIT_CORRECTED: correction_body(
            Correction("pic-a", Role.LAYOUT, "per-a", None, "per-b", "not hers", "dis-1")
        ),
        EntryKind.CONSENT_STATED: consent_body(
            Consent(
                "per-a", Answer.CONDITIONS, Answer.NO, Subject.STYLE, "backgrounds only", ask="a@example.org"
            )
        ),
        EntryKind.CONSENT_OVERRIDDEN: override,
        EntryKind.PROJECT_STATED: production_body(
            Production(
                "The Long Way",
                Preset.SERIES,
                "mail of today",
                answers={"data": "yes"},
                remarks={"data": "seen"},
                order=(Role.LAYOUT,),
            )
        ),
        EntryKind.CANDIDATE_CHOSEN: choice_body(
            Choice(Cut("The Long Way", "1", "c014"), "pic-a", ("pic-a", "pic-b"), "per-b", "the light")
        ),
        EntryKind.DISPUTE_OPENED: dispute_body(
            Dispute("dis-1", "mine", "a@example.org", "pic-a", evidence=Digest.of(b"e"))
        ),
        EntryKind.DISPUTE_ANSWERED: reply_body("dis-1", Reply(Outcome.ACCEPTED, "so it is", "per-b", (7,))),
        EntryKind.PICTURE_CLAIMED: claimed_body(
            resource("old"),
            "AI-assisted",
            "by unsigned text",
            [hint_body("ComfyUI", "prompt", Maker.AI_ASSISTED, ["sdxl"])],
            "old/c001.png",
        ),
        EntryKind.REPORT_SIGNED: report_body([("html", Digest.of(b"r"), 9)], 40, "2026-11-28 18:00 UTC"),
    }


SEALED = {kind: seal(body)[0] for kind, body in written().items()}


def test_every_kind_of_entry_has_one_shape_and_what_is_written_of_it_is_read():
    assert SHAPES.keys() == set(EntryKind) == SEALED.keys()
    for kind, body in SEALED.items():
        assert read(SHAPES[kind], body) == read_text(kind, canonical(body))


@pytest.mark.parametrize("kind", EntryKind)
def test_each_sealed_text_is_known_by_the_field_that_it_was_sealed_as(kind: EntryKind):
    sealed, openings = seal(written()[kind])
    assert list(places(sealed)) == [(each.commitment, each.private.field) for each in openings]
    for each in openings:
        check_text(each.private.field, each.private.value)


FREE = {"parameters", "facts", "files"}  # objects that may hold any names
OPTIONAL = {"adapters", "shown", "order", "kind", "name", "reading", "also", "identifiers", "contact"}
PLAIN = {
    "picture",
    "person",
    "dispute",
    "evidence",
    "into",
    "before",
    "after",
    "until",
    "name",
    "prompt",
    "model",
}


def paths(value: Json, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = [path]
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in FREE:
                found += paths(each, (*path, name))
    if isinstance(value, list):
        for number, each in enumerate(value):
            found += paths(each, (*path, number))
    return found


def changed(value: Json, path: tuple[Any, ...], new: object) -> Json:
    whole: Any = [copy.deepcopy(value)]
    at: Any = whole
    for step in (0, *path)[:-1] if path else ():
        at = at[step]
    at[path[-1] if path else 0] = new
    return whole[0]  # type: ignore[no-any-return]


def refused(kind: EntryKind, body: Json) -> None:
    with pytest.raises(StatementError):
        read(SHAPES[kind], body)
    with pytest.raises(StatementError):
        read_text(kind, canonical(body))


@pytest.mark.parametrize("kind", EntryKind)
def test_a_body_with_a_field_too_many_too_few_or_of_another_type_is_refused(kind: EntryKind):
    body = SEALED[kind]
    chance = random.Random(kind)
    for path in paths(body):
        value: Any = body
        for step in path:
            value = value[step]
        if isinstance(value, dict):
            refused(kind, changed(body, path, {**value, "extra": 1}))
            for gone in value:
                may_lack = kind is EntryKind.PERSON_CHANGED and gone in OPTIONAL
                if may_lack or gone in OPTIONAL & {"shown", "order", "adapters"} or path[-1:] in _MAPS:
                    continue
                refused(kind, changed(body, path, {key: each for key, each in value.items() if key != gone}))
        wrong = [each for each in (1.5, [[]], {"x": 1}, -1) if type(each) is not type(value)]
        refused(kind, changed(body, path, chance.choice(wrong)))


_MAPS = [("answers",), ("remarks",), ("facts",), ("files",), ("parameters",)]


# What is of the right type and cannot be true all the same.
IMPOSSIBLE: list[tuple[EntryKind, dict[str, Any], str]] = [
    (EntryKind.PERSON_ADDED, {"kind": "software"}, "software"),
    (EntryKind.PERSON_CHANGED, {"kind": "software"}, "software"),
    (
        EntryKind.PERSON_CHANGED,
        {"identifiers": [{"scheme": "passport", "value": {"private": "0" * 64}}]},
        "passport",
    ),
    (EntryKind.CONSENT_STATED, {"subject": "voice"}, "voice"),
    (EntryKind.CONSENT_STATED, {"ai_use": "perhaps"}, "perhaps"),
    (EntryKind.CONSENT_STATED, {"conditions": ""}, "says which"),
    (EntryKind.CONSENT_STATED, {"conditions": "in the clear"}, "conditions"),
    (EntryKind.CONSENT_STATED, {"until": "2026-02-30"}, "until"),
    (EntryKind.CONSENT_STATED, {"person": ""}, "person"),
    (EntryKind.CREDIT_CLAIMED, {"hours": "x" * 41}, "hours"),
    (EntryKind.CREDIT_CLAIMED, {"share": "a\u202eb"}, "invisible"),
    (EntryKind.CREDIT_CONFIRMED, {"by": "per-a"}, "somebody else"),
    (EntryKind.CREDIT_CORRECTED, {"before": None, "after": None}, "one person"),
    (EntryKind.CREDIT_CORRECTED, {"role": "robot"}, "robot"),
    (EntryKind.PROJECT_STATED, {"production": " "}, "name"),
    (EntryKind.PROJECT_STATED, {"answers": {"weather": "yes"}}, "weather"),
    (EntryKind.PROJECT_STATED, {"answers": {"data": "maybe"}}, "maybe"),
    (EntryKind.DISPUTE_OPENED, {"picture": None, "person": None}, "picture or a person"),
    (EntryKind.DISPUTE_OPENED, {"evidence": "sha256:ab"}, "evidence"),
    (EntryKind.DISPUTE_ANSWERED, {"outcome": "won"}, "won"),
    (EntryKind.PICTURE_REQUESTED, {"prompt": None}, "prompt"),
    (EntryKind.PICTURE_REQUESTED, {"step": "retouch", "inputs": []}, "retouch"),
    (EntryKind.MODEL_RECORDED, {"license": ""}, "license"),
]


@pytest.mark.parametrize(("kind", "fields", "words"), IMPOSSIBLE)
def test_what_is_of_the_right_type_and_cannot_be_true_is_refused(
    kind: EntryKind, fields: dict[str, Any], words: str
):
    body = SEALED[kind]
    assert isinstance(body, dict)
    with pytest.raises(StatementError, match=words):
        read(SHAPES[kind], {**body, **fields})
    refused(kind, {**body, **fields})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "ChatGPT"),
        ("name", "(erased)"),
        ("name", "(missing)"),
        ("name in the file", "Mori\u202eioA"),
        ("name", "cafe\u0301"),
        ("conditions", "x" * 2001),
        ("claim", "  "),
        ("prompt", "x" * 10_001),
    ],
)
def test_a_text_that_could_not_be_read_back_is_refused(field: str, value: str):
    with pytest.raises(StatementError):
        check_text(field, value)
