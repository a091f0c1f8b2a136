"""A prompt is read against a model's words: known, unknown, and Japanese in its English."""

import json
from pathlib import Path

import pytest

from generation.words.lexicon import Words, read

WORDS = Words(
    {
        "time": ["night", "sunset, orange sky", "blue sky"],
        "ground": ["white snow, winter", "green grass"],
        "thing": ["house", "roof", "trees", "mountains", "railway", "woods"],
        "colour": ["red", "blue"],
    },
    {
        "青い空": "blue sky",
        "夕焼け": "sunset, orange sky",
        "夜": "night",
        "赤い": "red",
        "青い": "blue",
        "屋根": "roof",
        "家": "house",
        "山": "mountains",
        "雪": "white snow, winter",
        "線路": "railway",
        "森": "woods",
    },
)
FACTS = Path(__file__).resolve().parents[2] / "generation" / "house" / "model.json"


def test_words_that_the_model_knows_are_known_in_either_number():
    found = read("A red house with a tree, blue sky", WORDS)
    assert found.known == ("red", "house", "tree", "blue", "sky")
    assert found.unknown == ()


def test_an_unknown_word_is_said():
    assert read("night, dragons over the castle", WORDS).unknown == ("dragons", "castle")


def test_english_is_given_to_the_model_as_it_was_typed():
    prompt = "Night,  red house (old)"
    assert read(prompt, WORDS).prompt == prompt


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("青い空", "blue sky"),
        ("夜、家", "night, house"),
        ("赤い屋根の家", "red roof, house"),
        ("雪山と森", "white snow, winter, mountains, woods"),
        ("夕焼け, 線路", "sunset, orange sky, railway"),
        ("night, 赤い家", "night, red house"),
    ],
)
def test_japanese_is_put_into_the_models_english(said, english):
    assert read(said, WORDS).prompt == english


def test_the_longest_word_wins():
    assert read("青い空", WORDS).translated == (("青い空", "blue sky"),)


def test_japanese_that_is_not_known_is_said_and_left_out():
    found = read("夜、怪獣", WORDS)
    assert (found.prompt, found.unknown) == ("night", ("怪獣",))


def test_a_model_without_a_list_has_no_words():
    assert Words.of({"name": "other"}) is None


def test_every_japanese_word_of_the_shipped_model_means_words_that_it_knows():
    words = Words.of(json.loads(FACTS.read_text(encoding="utf-8")))
    assert words is not None
    strange = {said: read(english, words).unknown for said, english in words.japanese.items()}
    assert {said: unknown for said, unknown in strange.items() if unknown} == {}


@pytest.mark.parametrize("said", "青い空 雪 夕焼け 夜 家 森 山 線路".split())
def test_the_shipped_model_knows_the_common_japanese_words(said):
    words = Words.of(json.loads(FACTS.read_text(encoding="utf-8")))
    assert words is not None
    assert read(said, words).translated


@pytest.mark.parametrize(
    ("said", "english"),
    [
        ("緑の草", "green grass"),
        ("赤い草、家", "red grass, house"),
        ("白い雪", "white snow, winter"),
        ("青い海", "blue sea"),
        ("緑の海", "green sea"),
        ("青い屋根、草", "blue roof, green grass"),
    ],
)
def test_a_colour_takes_the_place_of_the_one_that_a_thing_is_called_by(said, english):
    words = Words.of(json.loads(FACTS.read_text(encoding="utf-8")))
    assert read(said, words).prompt == english
