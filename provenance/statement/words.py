"""The words for the standards' words: a row a role, a row a maker; English, Japanese (terms.py), badge and colours.

Whatever shows a role or a maker (page, terminal, drawing, roll, certificate) takes its words from here. A new role is
one row here and one there: tests/house/test_tables.py holds that each table has a row for every word.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provenance.statement import terms
from provenance.statement.credit import Role
from provenance.statement.statement import InputRole
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Maker, Stage, Use, Wish

LANGUAGES = ("en", "ja")  # of rolls and certificates
Words = Mapping[str, str]  # by language


@dataclass(frozen=True, slots=True)
class RoleWords:
    """`page` is the word in a form; `roll` heads the names in a credit roll, by language."""

    page: str
    roll: Words


@dataclass(frozen=True, slots=True)
class MakerWords:
    """`made` ends "this step was made …", by language; `table` is the word in the tables that a client asks for.

    `terminal` is a style of rich; `light` and `dark` are colours of drawings and of the page.
    """

    badge: str
    made: Words
    table: str
    terminal: str
    light: str
    dark: str
    node: str  # the shape in a Graphviz drawing
    page: str  # who or what made a step, on the page


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands between words that a program puts together. Japanese has marks of its own, as wide as its letters."""

    colon: str
    comma: str
    semicolon: str
    stop: str  # between two sentences
    brackets: str  # behind a word, around another

    def within(self, word: str, more: str) -> str:
        """The word, and more of it in brackets."""
        return word + self.brackets.format(more)

    def together(self, sentences: Iterable[str]) -> str:
        """Sentences that have their stops, one behind the other."""
        return self.stop[1:].join(sentences)


MARKS: Mapping[str, Marks] = {
    "en": Marks(": ", ", ", "; ", ". ", " ({})"),
    "ja": Marks("：", "、", "、", "。", "（{}）"),
}

# In a form, and at the head of the names in a roll.
_ROLES: Mapping[Role, tuple[str, str]] = {
    Role.LAYOUT: ("Layout", "Layout"),
    Role.BACKGROUND: ("Background", "Background"),
    Role.CONCEPT: ("Concept", "Concept"),
    Role.KEY_DRAWING: ("Key drawing", "Key drawing"),
    Role.PROMPT: ("Prompt", "Prompts"),
    Role.COMPOSITING: ("Compositing", "Compositing"),
    Role.RETOUCH: ("Retouch", "Retouch"),
    Role.ART_DIRECTION: ("Art direction", "Art direction"),
    Role.SUPERVISION: ("Supervision", "Supervision"),
    Role.MODEL_TRAINING: ("Model training", "Model training"),
    Role.OTHER: ("Other", "With the help of"),
}
ROLES: Mapping[Role, RoleWords] = {
    role: RoleWords(page, {"en": roll, "ja": terms.ROLES[role.value]})
    for role, (page, roll) in _ROLES.items()
}

MAKERS: Mapping[Maker, MakerWords] = {
    Maker.HUMAN: MakerWords(
        "HUMAN", {"en": "by hand", "ja": "手描き"}, "by hand", "green", "#0b6e5f", "#4cc7b0", "ellipse",
        "by hand",
    ),
    Maker.AI: MakerWords("AI", {"en": "AI", "ja": "AI"}, "AI", "magenta", "#7a2fc4", "#c49bf5", "diamond", "AI"),
    Maker.AI_ASSISTED: MakerWords(
        "AI OVER A PICTURE", {"en": "AI", "ja": "AI"}, "AI over an input",
        "magenta", "#a8246e", "#f08fc2", "diamond", "AI over a picture",
    ),
    Maker.CAMERA: MakerWords(
        "CAMERA", {"en": "by camera", "ja": "撮影（カメラ）"}, "camera", "blue", "#1f55b5", "#8cb4ff", "box",
        "camera",
    ),
    Maker.SOFTWARE: MakerWords(
        "SOFTWARE", {"en": "by software", "ja": "ソフトウェアによる処理"}, "software",
        "cyan", "#55524b", "#b8b3a7", "octagon", "software",
    ),
    Maker.UNKNOWN: MakerWords(
        "UNKNOWN", {"en": "not stated how", "ja": "制作方法の記載なし"}, "unknown",
        "dim", "#6b675f", "#b8b3a7", "octagon", "not stated",
    ),
}  # fmt: skip

# What an input picture was for, and whether a picture stays in the film; in English by the words of a record.
INPUTS: Mapping[InputRole, Words] = {
    role: {"en": role.value, "ja": terms.INPUTS[role.value]} for role in InputRole
}
STAGES: Mapping[Stage, Words] = {
    Stage.TEMP: {"en": "temporary", "ja": terms.STAGES["temp"]},
    Stage.FINAL: {"en": "final", "ja": terms.STAGES["final"]},
}

# Steps that say how a picture came about whatever its source type is.
SIGNED_AGAIN: Words = {"en": "signed again", "ja": "再署名"}
REVISED: Words = {"en": "revised by hand", "ja": "手作業による加筆"}


# A wish about use by AI, as a file states it.
USES: Mapping[Use, str] = {
    Use.ALLOWED: "allowed for",
    Use.NOT_ALLOWED: "not for",
    Use.CONSTRAINED: "ask before using it for",
}
WISHES: Mapping[Wish, str] = {
    Wish.GENERATIVE_TRAINING: "training generative AI",
    Wish.TRAINING: "training AI",
    Wish.INFERENCE: "use as an input of AI",
    Wish.MINING: "data mining",
}


def wished(wishes: Mapping[str, str]) -> str:
    """Wishes as a file states them, name to answer, in words; the first eight that have none here as they are.

    A file that states one under its older name, too, is told with both answers.

    >>> wished({"cawg.ai_training": "notAllowed", "cawg.data_mining": "notAllowed", "cawg.printing": "allowed"})
    'not for training AI, data mining; cawg.printing: allowed'
    >>> wished({"cawg.ai_training": "notAllowed", "c2pa.ai_training": "allowed"})
    'allowed for training AI; not for training AI'
    """
    about: dict[str, dict[str, None]] = {use: {} for use in Use}
    others = []
    for name, said in wishes.items():
        wish = re.sub(r"^c2pa\.", "cawg.", name)
        if wish in WISHES and said in about:
            about[said][wish] = None
        else:
            others.append(f"{plain(name, 60)}: {plain(said, 30) or 'nothing'}")
    told = [
        f"{words} {', '.join(WISHES[wish] for wish in Wish if wish in about[use])}"
        for use, words in USES.items()
        if about[use]
    ]
    return "; ".join([*told, *others[:8]])
