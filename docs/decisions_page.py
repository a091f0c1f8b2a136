"""docs/decisions/README.md, printed: every decision in order, and why its numbers have gaps."""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "decisions"

# Numbers were handed out in blocks, so that several people could write at once and no number was taken twice.
PARTS = {
    range(1, 20): "the flow, the shipped model, the record",
    range(20, 40): "reading a picture",
    range(40, 60): "people, credits, what leaves",
    range(60, 80): "credentials",
    range(80, 100): "the page, hosting",
    range(100, 110): "whom we trust, how we read credentials",
    range(110, 120): "the ledger",
    range(120, 130): "releasing and archives",
    range(130, 140): "evidence and answers",
    range(140, 160): "people and names; files and formats",
    range(160, 170): "painting and the page",
    range(170, 180): "the command line, docs, the plan of the house",
    range(190, 200): "the shipped model and its words",
    range(200, 210): "models and their families",
    range(210, 220): "control: lines, references, masks, sizes",
    range(220, 230): "painting in quantity",
    range(230, 240): "looking pictures up, the faint mark",
    range(240, 250): "audits and reports",
    range(250, 260): "the page and how it holds",
    range(260, 270): "speed",
    range(270, 280): "programs, hooks, servers, the site",
    range(340, 350): "looking pictures up, the faint mark",
    range(350, 360): "audits and reports",
    range(360, 370): "models, loading and speed",
    range(370, 380): "the page and its security",
}
INTRODUCTION = """# Decisions

One page each: what was chosen, what else there was, why. A later page may overrule an earlier one and says so.

"""
GAPS = """
The numbers have gaps because they were handed out in blocks, one block to each part of the program. A number that is
not in the list was never used; no page was removed.

| numbers | about |
|---|---|
"""


@dataclass(frozen=True, slots=True)
class Decision:
    """One page: its number, its file's name, its heading without the number; which later one overruled all of it."""

    number: int
    file: str
    title: str
    overruled: str = ""


def decisions() -> list[Decision]:
    """All pages, in the order of their numbers."""
    found = []
    for path in sorted(FOLDER.glob("[0-9]*.md")):
        text = path.read_text(encoding="utf-8")
        heading = text.splitlines()[0]
        later = re.search(r"^Overruled by \[(\d{4})\]", text, re.MULTILINE)
        title = re.sub(r"^# \d{4}:? ", "", heading)
        found.append(
            Decision(int(path.name[:4]), path.name, title[:1].upper() + title[1:], later[1] if later else "")
        )
    return found


def part_of(number: int) -> str | None:
    """What the block of this number is about; None where no block has it."""
    return next((words for block, words in PARTS.items() if number in block), None)


def _end(each: Decision) -> str:
    return f" (overruled by {each.overruled})" if each.overruled else ""


def page() -> str:
    """The whole list."""
    rows = "".join(
        f"| [{each.number:04}]({each.file}) | {each.title}{_end(each)} |\n" for each in decisions()
    )
    blocks = "".join(
        f"| {block.start:04} to {block.stop - 1:04} | {words} |\n" for block, words in PARTS.items()
    )
    return f"{INTRODUCTION}| | |\n|---|---|\n{rows}{GAPS}{blocks}"
