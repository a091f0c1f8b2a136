"""docs/reading.md says of every sentence what it rests on: the sentences are taken from the program's own source."""

import re
from pathlib import Path

import pytest
from spoken_sentences import GAP, PARTS, fixed_parts, sentences

from provenance.credentials.read import verdicts

ROOT = Path(__file__).parents[2]
PAGE = re.sub(r"\s+", " ", (ROOT / "docs/reading.md").read_text(encoding="utf-8"))
SPOKEN = [
    *sorted((ROOT / "provenance/inspection/evidence").glob("*.py")),
    ROOT / "provenance/inspection/classification.py",
    ROOT / "provenance/credentials/read/verdicts.py",
]


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.name)
def test_each_sentence_of_an_inspection_stands_on_the_page(path):
    said = [each for each in sentences(path) if not PARTS.match(each)]
    missing = [piece for each in said for piece in fixed_parts(each) if piece not in PAGE]
    assert missing == []


def test_each_reason_stands_beside_its_code():
    for code, words in (verdicts._ALTERED | verdicts._UNKNOWN_SIGNER).items():
        assert re.search(rf"\| [^|]*{re.escape(words)}[^|]*\| [^|]*`{re.escape(code)}`", PAGE), code


def test_a_sentence_that_is_not_there_is_missed():
    assert fixed_parts(f"It was drawn by a cat of {GAP}.") == ["It was drawn by a cat of"]
    assert "It was drawn by a cat of" not in PAGE
