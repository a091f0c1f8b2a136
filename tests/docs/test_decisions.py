"""The list of decisions: complete, in order, its gaps explained."""

import re
from pathlib import Path

from docs.decisions_page import decisions, part_of

DECISIONS = Path(__file__).parents[2] / "docs/decisions"


def test_the_list_of_decisions_has_every_page_once_and_in_order():
    listed = re.findall(r"\| \[(\d{4})\]\((\S+)\) \|", (DECISIONS / "README.md").read_text(encoding="utf-8"))
    there = sorted(path.name for path in DECISIONS.glob("[0-9]*.md"))
    assert [name for _, name in listed] == there
    assert all(name.startswith(number) for number, name in listed)


def test_each_decision_stands_in_a_part_of_the_numbers_that_the_list_explains():
    assert [page.number for page in decisions() if part_of(page.number) is None] == []


def test_a_page_that_was_overruled_says_so_at_its_top_and_in_the_list():
    for page in DECISIONS.glob("[0-9]*.md"):
        text = page.read_text(encoding="utf-8")
        for earlier in re.findall(r"[Oo]verrules [^\[]{0,60}\[(\d{4})\]", text):
            (told,) = DECISIONS.glob(f"{earlier}-*.md")
            top = "\n".join(told.read_text(encoding="utf-8").splitlines()[:4])
            assert page.name[:4] in top, (earlier, page.name)
    listed = (DECISIONS / "README.md").read_text(encoding="utf-8")
    for each in decisions():
        assert not each.overruled or f"{each.title} (overruled by {each.overruled})" in listed


def test_no_number_of_a_decision_is_given_twice():
    numbers = [page.number for page in decisions()]
    assert len(numbers) == len(set(numbers))
