"""What the page tells a stranger of a record, and what it keeps."""

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from provenance.tabs.told.discretion import discreet_record


def told(disclosure):
    return {
        "record": {
            "credits": [{"role": "layout", "name": "Mori Aoi"}],
            "prompt": {"text": "secret words", "negative": "more", "disclosure": disclosure},
            "project": {"production": "Unannounced"},
            "note": "a note",
        }
    }


@pytest.mark.parametrize("disclosure", ["digest", "absent"])
def test_a_withheld_prompt_stays_with_its_keeper(disclosure):
    shown = str(discreet_record(told(disclosure)))
    assert "secret words" not in shown and "more" not in shown


def test_productions_and_notes_stay_and_credits_are_told():
    shown = str(discreet_record(told("full")))
    assert "Unannounced" not in shown and "a note" not in shown
    assert "Mori Aoi" in shown and "secret words" in shown


def test_an_answer_without_a_record_is_left_as_it_is():
    assert discreet_record({"record": None, "verdict": "altered"}) == {"record": None, "verdict": "altered"}
