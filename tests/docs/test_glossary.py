"""docs/glossary.md explains words that the program and its pages use, each once."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
LINES = re.findall(r"^- (\*\*.+)$", GLOSSARY.replace("\n  ", " "), re.MULTILINE)
WORDS = [word for line in LINES for word in re.findall(r"\*\*([^*]+)\*\*", line.split(": ")[0])]
PROGRAM = "\n".join(
    path.read_text(encoding="utf-8").lower()
    for folder in ("provenance", "generation")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".html", ".css"}
)
PAGES = "\n".join(
    path.read_text(encoding="utf-8").lower()
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
    if path.name != "glossary.md"
)


def test_each_word_is_explained_once_in_a_whole_sentence():
    assert len(WORDS) == len(set(WORDS)) >= 50
    for line in LINES:
        assert ": " in line
        assert line.endswith(".")


@pytest.mark.parametrize("word", WORDS)
def test_each_word_is_used_by_the_program_and_by_a_page(word):
    pattern = re.compile(rf"\b{re.escape(word.lower())}", re.IGNORECASE)
    assert pattern.search(PROGRAM)
    assert pattern.search(PAGES)
