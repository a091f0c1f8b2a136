"""How a verdict and an answer are shown: a row a word; the style in a terminal, the tone and the title on the page."""

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.credentials.read.chain import Verdict
from provenance.inspection.answers import Classification


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """`terminal` is a style of rich; `tone` a class of the page; `title` heads an answer there."""

    terminal: str
    tone: str
    title: str


VERDICTS: Mapping[Verdict, VerdictWords] = {
    Verdict.INTACT_KNOWN: VerdictWords("green", "good", "Intact, and signed by somebody we know"),
    Verdict.INTACT_UNKNOWN: VerdictWords("yellow", "warn", "Intact, but we do not know who signed it"),
    Verdict.ALTERED: VerdictWords("red", "bad", "Altered after it was signed"),
    Verdict.NO_CREDENTIALS: VerdictWords("dim", "plain", "No Content Credentials"),
    Verdict.NOT_CHECKED: VerdictWords("yellow", "warn", "Could not be checked"),
}

ANSWER_STYLES: Mapping[Classification, str] = {
    Classification.AI_GENERATED: "magenta",
    Classification.AI_ASSISTED: "magenta",
    Classification.HUMAN_MADE: "green",
    Classification.ALTERED: "red",
    Classification.UNKNOWN: "yellow",
}
