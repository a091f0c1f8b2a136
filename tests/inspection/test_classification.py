"""One answer for a whole chain: AI needs little evidence, human-made needs all of it, the rest is unknown."""

import pytest
from reading_samples import (
    ALL_AI,
    DRAWN,
    EDITED,
    LOOKED_AT,
    OVER,
    PARENT,
    PART,
    PHOTO,
    STRANGER,
    chain,
    film,
    step,
)  # fmt: skip

from provenance.credentials.read.chain import Chain, Verdict
from provenance.inspection.answers import Classification, Classified
from provenance.inspection.classification import classify, weigh
from provenance.inspection.lineage import lineage
from provenance.statement.vocabulary import Maker, SourceType

AI, ASSISTED, HUMAN = Classification.AI_GENERATED, Classification.AI_ASSISTED, Classification.HUMAN_MADE
ALTERED, UNKNOWN = Classification.ALTERED, Classification.UNKNOWN


def answer(*steps, **more):
    return classify(lineage(chain(*steps, **more))).answer


def test_the_films_way_is_ai_assisted_whoever_touched_it_last():
    assert classify(lineage(film())).answer is ASSISTED
    assert "Layout, Hand revision" in classify(lineage(film())).because


def test_a_file_without_credentials_is_unknown_and_never_human():
    assert answer() is UNKNOWN
    assert answer(verdict=Verdict.NOT_CHECKED) is UNKNOWN


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([step("a", DRAWN)], HUMAN),
        ([step("a", PHOTO), step("b", EDITED, [("a", PARENT)])], HUMAN),
        ([step("a", DRAWN), step("b", PHOTO), step("c", EDITED, [("a", PARENT), ("b", PART)])], HUMAN),
        # A revision of something that nobody states.
        ([step("a", EDITED, actions=("c2pa.opened", "c2pa.edited"))], UNKNOWN),
        ([step("a", EDITED, actions=())], UNKNOWN),
        # Human by a signer whom we do not know, or by nobody.
        ([step("a", DRAWN, signer=STRANGER)], UNKNOWN),
        ([step("a", DRAWN, signer=STRANGER), step("b", EDITED, [("a", PARENT)])], UNKNOWN),
        ([step("a", DRAWN, signer=None), step("b", EDITED, [("a", PARENT)])], UNKNOWN),
        # An unsigned layout under a human revision: its making is not stated.
        ([step("a", signer=None), step("b", EDITED, [("a", PARENT)])], UNKNOWN),
        # A step that states nothing, or software without AI.
        ([step("a", DRAWN), step("b", None, [("a", PARENT)])], UNKNOWN),
        ([step("a", DRAWN), step("b", SourceType.ALGORITHMICALLY_ENHANCED, [("a", PARENT)])], UNKNOWN),
    ],
)
def test_human_made_needs_every_step_from_the_origin(steps, expected):
    assert answer(*steps) is expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([step("a", ALL_AI)], AI),
        ([step("a", ALL_AI, signer=STRANGER)], AI),
        # Passes over a picture that was all AI stay AI: nobody's hand is in it.
        ([step("a", ALL_AI), step("b", OVER, [("a", PARENT)])], AI),
        ([step("a", ALL_AI), step("b", None, [("a", PARENT)])], AI),
        # What the step itself calls all AI holds nothing of what came before.
        ([step("a", DRAWN), step("b", ALL_AI, [("a", LOOKED_AT)])], AI),
        ([step("a", ALL_AI), step("b", EDITED, [("a", PARENT)])], ASSISTED),
        ([step("a", OVER, actions=("c2pa.opened", "c2pa.edited"))], ASSISTED),
        ([step("a", signer=None), step("b", OVER, [("a", PARENT)])], ASSISTED),
        ([step("a", DRAWN), step("b", ALL_AI), step("c", EDITED, [("a", PARENT), ("b", PART)])], ASSISTED),
        # AI went in as a reference only: it is told all the same.
        ([step("a", ALL_AI), step("b", DRAWN, [("a", LOOKED_AT)])], ASSISTED),
        ([step("a", SourceType.COMPOSITE_SYNTHETIC)], ASSISTED),
    ],
)
def test_ai_anywhere_is_told(steps, expected):
    assert answer(*steps) is expected


def test_a_hand_that_an_all_ai_step_leaves_behind_is_named_and_not_denied():
    told = classify(lineage(chain(step("a", PHOTO), step("b", ALL_AI, [("a", PARENT)]))))
    assert told.answer is AI and "Photograph went in before" in told.because and "no hand" not in told.because
    assert "no hand or camera is stated" in classify(lineage(chain(step("a", ALL_AI)))).because


def test_an_altered_step_anywhere_makes_the_picture_altered():
    assert answer(step("a", DRAWN, verdict=Verdict.ALTERED), step("b", EDITED, [("a", PARENT)])) is ALTERED
    assert answer(step("a", ALL_AI, verdict=Verdict.ALTERED)) is ALTERED
    assert classify(lineage(Chain(Verdict.ALTERED, ()))).answer is ALTERED


def test_the_answer_does_not_depend_on_the_order_of_steps():
    steps = film().steps
    assert {
        classify(lineage(Chain(Verdict.INTACT_KNOWN, (), steps[turn:] + steps[:turn]))).answer
        for turn in range(4)
    } == {ASSISTED}


def said(what):
    return Classified(what, "")


@pytest.mark.parametrize(
    ("file", "record", "hints", "expected"),
    [
        (UNKNOWN, None, [], UNKNOWN),
        (UNKNOWN, HUMAN, [], HUMAN),
        (UNKNOWN, ASSISTED, [], ASSISTED),
        (HUMAN, ASSISTED, [], ASSISTED),
        (AI, ASSISTED, [], AI),
        (ALTERED, HUMAN, [], ALTERED),
        (UNKNOWN, None, [Maker.AI], AI),
        (UNKNOWN, None, [Maker.AI_ASSISTED], ASSISTED),
        # Unsigned words for human work prove nothing; against a record of human work they leave it open.
        (UNKNOWN, None, [Maker.HUMAN], UNKNOWN),
        # Nor do they take anything from a signature that says the same.
        (HUMAN, None, [Maker.HUMAN], HUMAN),
        (UNKNOWN, HUMAN, [Maker.AI], UNKNOWN),
        (ASSISTED, None, [Maker.AI], ASSISTED),
    ],
)
def test_file_ledger_and_hints_are_weighed_together(file, record, hints, expected):
    assert weigh(said(file), said(record) if record else None, hints).answer is expected
