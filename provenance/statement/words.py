"""The words for the standards' words: a row a role, a row a maker; English, Japanese, badge and colours.

Whatever shows a role or a maker (page, terminal, drawing, roll, certificate) takes its words from here. A new role is
one row: tests/house/test_tables.py holds that each table has a row for every word.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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

ROLES: Mapping[Role, RoleWords] = {
    Role.LAYOUT: RoleWords("Layout", {"en": "Layout", "ja": "レイアウト"}),
    Role.BACKGROUND: RoleWords("Background", {"en": "Background", "ja": "背景"}),
    Role.CONCEPT: RoleWords("Concept", {"en": "Concept", "ja": "コンセプト"}),
    Role.KEY_DRAWING: RoleWords("Key drawing", {"en": "Key drawing", "ja": "原図"}),
    Role.PROMPT: RoleWords("Prompt", {"en": "Prompts", "ja": "プロンプト"}),
    Role.COMPOSITING: RoleWords("Compositing", {"en": "Compositing", "ja": "撮影"}),
    Role.RETOUCH: RoleWords("Retouch", {"en": "Retouch", "ja": "加筆修正"}),
    Role.ART_DIRECTION: RoleWords("Art direction", {"en": "Art direction", "ja": "美術監督"}),
    Role.SUPERVISION: RoleWords("Supervision", {"en": "Supervision", "ja": "監修"}),
    Role.MODEL_TRAINING: RoleWords("Model training", {"en": "Model training", "ja": "モデル学習"}),
    Role.OTHER: RoleWords("Other", {"en": "With the help of", "ja": "協力"}),
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
    InputRole.LAYOUT: {"en": "layout", "ja": "レイアウト"},
    InputRole.PARENT: {"en": "parent", "ja": "元の画像"},
    InputRole.REFERENCE: {"en": "reference", "ja": "参考画像"},
    InputRole.MASK: {"en": "mask", "ja": "マスク画像"},
    InputRole.CONTROL: {"en": "control", "ja": "制御画像"},
    InputRole.ORIGINAL: {"en": "original", "ja": "署名前の画像"},
}
STAGES: Mapping[Stage, Words] = {
    Stage.TEMP: {"en": "temporary", "ja": "仮"},
    Stage.FINAL: {"en": "final", "ja": "完成"},
}

# Steps that say how a picture came about whatever its source type is.
SIGNED_AGAIN: Words = {"en": "signed again", "ja": "再署名"}
REVISED: Words = {"en": "revised by hand", "ja": "手作業による加筆"}


def terms(language: str) -> dict[str, str]:
    """These words in another language by those of a record, as rows of provenance/statement/translation.py."""
    rows = {role.value: words.roll[language] for role, words in ROLES.items()}
    for role, words in INPUTS.items():
        for row in (role.value, f"{role.value} picture"):
            rows[row] = words[language]
        rows[f"{role.value} picture {{#}}"] = f"{words[language]} {{}}"
    for stage, words in STAGES.items():
        rows[stage.value] = rows[words["en"]] = words[language]
    return rows


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
