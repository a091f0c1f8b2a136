"""All that a manifest says of AI is read, and where it says two things the contradiction is told."""

import pytest
from credential_samples import file, paint, record, trust
from foreign_manifests import action, actions, assertion, foreign

from provenance.inspection.answers import Classification
from provenance.inspection.inspection import inspect

AI, ASSISTED, HUMAN = Classification.AI_GENERATED, Classification.AI_ASSISTED, Classification.HUMAN_MADE
DRAWN = action("created", "digitalCreation")
PHOTO = action("created", "digitalCapture")
GENERATED = action("created", "trainedAlgorithmicMedia")
DISCLOSED = assertion("c2pa.ai-disclosure", modelType="c2pa.types.model.pytorch", modelName="sd")
FIREFLY = assertion("com.adobe.generative-ai", description="Adobe Firefly", version="1.0")
BING = {"action": "c2pa.created", "softwareAgent": "Bing Image Creator", "description": "AI Generated Image"}


def look(*assertions, ingredients=()):
    return inspect(foreign({"assertions": list(assertions)}, *ingredients), trust=trust(), ledger=None)


def given(kind, title="sd"):
    about = {"title": title, "relationship": "inputTo", "data_types": [{"type": kind}]}
    return (about, file(seed=4))


@pytest.mark.parametrize(
    ("edits", "hand"),
    [
        ([action("edited", "humanEdits")], True),
        ([action("edited", "minorHumanEdits")], True),
        ([action("cropped"), action("drawing", "digitalCreation")], True),
        ([action("cropped")], False),
        ([action("edited", "trainedAlgorithmicMedia")], False),
    ],
)
def test_a_model_and_then_a_hand_in_one_manifest_both_speak(edits, hand):
    told = look(actions(GENERATED, *edits))
    assert told.classified.answer is (ASSISTED if hand else AI)
    assert ("no hand" in told.classified.because) is not hand
    assert ("revised by hand" in told.history.sentence) is hand
    assert not told.classified.both


@pytest.mark.parametrize(
    "assertions",
    [
        [actions(DRAWN), DISCLOSED],
        [actions(PHOTO), DISCLOSED],
        [actions(DRAWN), FIREFLY],
        [actions(DRAWN), assertion("cawg.metadata", **{"Iptc4xmpExt:AISystemUsed": "sd", "@context": {}})],
        [
            actions(DRAWN),
            assertion("stds.iptc", **{"Iptc4xmpExt:AIPromptInformation": "a house", "@context": {}}),
        ],
        [actions(GENERATED), assertion("stds.schema-org.CreativeWork", digitalSourceType="digitalCreation")],
        [
            actions(DRAWN),
            assertion("stds.schema-org.CreativeWork", digitalSourceType="trainedAlgorithmicMedia"),
        ],
    ],
)
def test_a_hand_alone_and_ai_in_one_manifest_is_told_first_as_both(assertions):
    told = look(*assertions)
    assert told.classified.answer is ASSISTED and told.classified.both
    because = told.classified.because
    assert because.startswith(("the file says both that", "one of the file's words on the whole picture"))
    assert told.findings[0].words == f"{because[:1].upper()}{because[1:]}."
    assert told.history.sentence.endswith(", by words of the file that do not go together.")
    assert told.exit_code == 0


@pytest.mark.parametrize(
    "kind",
    ["c2pa.types.model.pytorch", "c2pa.types.model", "c2pa.types.generator", "c2pa.types.generator.prompt"],
)
def test_an_ingredient_that_only_a_generator_has_contradicts_a_hand_alone(kind):
    told = look(actions(DRAWN), ingredients=[given(kind)])
    assert told.classified.answer is ASSISTED and told.classified.both


@pytest.mark.parametrize("kind", ["c2pa.types.classifier", "c2pa.types.dataset.pytorch"])
def test_an_ingredient_that_makes_no_pictures_contradicts_nothing(kind):
    told = look(actions(DRAWN), ingredients=[given(kind)])
    assert not told.classified.both


@pytest.mark.parametrize(
    ("assertions", "answer", "named"),
    [
        ([actions(action("created")), FIREFLY], AI, "Adobe Firefly 1.0"),
        ([actions(action("opened")), FIREFLY], ASSISTED, "Adobe Firefly 1.0"),
        ([actions(BING)], AI, "Bing Image Creator"),
        (
            [actions({**BING, "softwareAgent": "Image Creator from Designer"})],
            AI,
            "Image Creator from Designer",
        ),
        ([actions({**BING, "softwareAgent": "x", "description": "AI Generated Image"})], AI, "x"),
        ([actions(action("created")), DISCLOSED], ASSISTED, "sd"),
    ],
)
def test_makers_older_words_count_where_no_source_type_is_given(assertions, answer, named):
    told = look(*assertions)
    assert told.classified.answer is answer and not told.classified.both
    assert named in told.history.sentence


def test_a_program_s_name_decides_nothing_beside_a_source_type():
    told = look(actions({**PHOTO, "softwareAgent": "Bing Image Creator"}))
    assert told.classified.answer is HUMAN


def test_a_generated_part_in_a_photograph_is_ai_assisted_and_the_photograph_is_told():
    placed = action("placed", "trainedAlgorithmicMedia", softwareAgent="Fill")
    part = ({"title": "part", "relationship": "componentOf"}, file(seed=5))
    told = look(actions(PHOTO, placed), ingredients=[part])
    assert told.classified.answer is ASSISTED
    assert "not stated" not in told.classified.because
    assert told.history.sentence.startswith(
        "AI-assisted: photographed (nobody is named for the photograph), painted by Fill"
    )


def test_a_generated_part_in_a_picture_that_was_opened_leaves_the_rest_of_it():
    """As in one manifest: the type of what was placed is told of that part alone."""
    opened = action("opened", parameters={"ingredientIds": ["photo"]})
    placed = action(
        "placed", "trainedAlgorithmicMedia", softwareAgent="Fill", parameters={"ingredientIds": ["part"]}
    )
    photo = (
        {"title": "photo", "relationship": "parentOf", "label": "photo"},
        foreign({"assertions": [actions(PHOTO)]}),
    )
    part = ({"title": "part", "relationship": "componentOf", "label": "part"}, file(seed=5))
    told = look(actions(opened, placed), ingredients=[photo, part])
    assert told.classified.answer is ASSISTED and "all of it" not in told.classified.because
    assert told.history.sentence == (
        "AI-assisted: photographed (nobody is named for the photograph), with a picture of which nothing is stated, "
        "painted by Fill."
    )
    repainted = look(actions(opened, action("edited", "trainedAlgorithmicMedia")), ingredients=[photo])
    assert repainted.classified.answer is AI


def test_digital_art_says_neither_hand_nor_machine():
    told = look(actions(action("created", "digitalArt")))
    assert told.classified.answer is Classification.UNKNOWN
    assert "neither hand nor machine" in told.classified.because
    assert look(actions(action("created", "digitalArt")), DISCLOSED).classified.answer is ASSISTED


def test_what_a_template_says_holds_for_its_actions():
    data = {
        "actions": [{"action": "c2pa.edited"}],
        "templates": [{"action": "c2pa.edited", "digitalSourceType": DRAWN["digitalSourceType"]}],
    }
    step = look({"label": "c2pa.actions.v2", "data": data}).chain.file
    assert step is None or step.source_type in {DRAWN["digitalSourceType"], None}


def test_our_own_files_contradict_nothing():
    drawn = record(file()).data
    for data in (drawn, paint(drawn, file(seed=3)).data):
        assert not inspect(data, trust=trust(), ledger=None).classified.both
