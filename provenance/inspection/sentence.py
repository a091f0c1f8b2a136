"""The one sentence on who made a picture: what it is made of, and its words in English and Japanese.

A table a language, every deed in each. provenance/inspection/history.py finds out what was done.

>>> drawn, painted = Part(Deed.DRAWN, ("Mori Aoi",)), Part(Deed.PAINTED, ("genzu-house",))
>>> worded(History(Classification.AI_ASSISTED, (drawn, painted, Part(Deed.REVISED))), "en")
'AI-assisted: drawn by Mori Aoi, painted by genzu-house, revised by hand (nobody is named for the revision).'
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from provenance.credentials.read.chain import Named
from provenance.inspection.answers import Classification
from provenance.inspection.translated import in_language
from provenance.statement.commitment import ERASED
from provenance.statement.json_value import Json
from provenance.statement.names import as_one
from provenance.statement.untrusted import plain

NAME_LIMIT = 100  # characters of one name in a sentence
NAMES_SHOWN = 4  # people of one deed; all of them stand in the credits
PARTS_SHOWN = 12


class Deed(StrEnum):
    """What somebody, or something, did to a picture."""

    DESIGNED = "designed"
    DRAWN = "drawn"
    PHOTOGRAPHED = "photographed"
    BRUSHED = "painted by hand"
    PAINTED = "painted by AI"
    COMPOSITED = "composited"
    REVISED = "revised"
    MADE = "made by people"
    PROGRAMMED = "drawn by a program"
    PROCESSED = "processed by software"
    UNSTATED = "not stated"
    PLACED = "not stated of a picture that was placed in"
    UNRECORDED = "not recorded"  # of a picture that went in: its own credentials may say more than the record


@dataclass(frozen=True, slots=True)
class Part:
    """One deed and who did it: names, models or programs. A name is None for somebody who asked not to be named.

    `by` is empty where nobody is named. `looked_at`: it was only a reference, nothing of it is in the picture.
    """

    deed: Deed
    by: tuple[str | None, ...] = ()
    looked_at: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """Who made a picture, part by part, oldest first. Names are untrusted text until they are worded.

    `own_word`: it is only the file that says so. `both`: it says two things that do not go together.
    `whose`: the other ledger that says so.
    """

    answer: Classification
    parts: tuple[Part, ...] = ()
    credits: tuple[Named, ...] = ()
    because: str = ""
    own_word: bool = False
    both: bool = False
    unsigned: str = ""  # the program whose unsigned text says so
    doubt: str = ""  # the program whose unsigned text says otherwise
    held_against: bool = (
        False  # something spoke against it when it was signed as the work of a hand or a camera
    )
    left_open: bool = False  # the file names a step of which nothing says that a hand or a camera made it
    whose: str = ""
    taken_in: bool = False  # `unsigned` text that came with it when our ledger took it in as a claim
    beside: bool = False  # the unsigned text lies in a file beside it
    alike: str = ""  # the record that the file looks like, where no record is its own
    marked: bool = False  # the faint mark of that record is in it

    @property
    def sentence(self) -> str:
        """The one sentence, in English."""
        return self.sentence_in("en")

    def sentence_in(self, language: str) -> str:
        """The one sentence, in a language of certificates and rolls: `en` or `ja`."""
        return worded(self, language)

    def to_json(self, language: str = "en") -> dict[str, Json]:
        """The sentence, and everybody who is named, as data."""
        return {
            "sentence": self.sentence_in(language),
            "credits": [{"role": each.role, "name": each.name} for each in self.credits],
        }


@dataclass(frozen=True, slots=True)
class _Words:
    """A language's words. A deed has them with names, and without anybody's."""

    named: Mapping[Deed, str]
    unnamed: Mapping[Deed, str]
    colon: str
    comma: str
    last: str  # between the last two names
    more: str
    steps: str
    hidden: str
    many_hidden: str
    erased: str
    reference: str
    shown: str  # a reference of which nothing is stated
    shown_unrecorded: str
    own_word: str
    unsigned: str
    unsigned_beside: str
    taken_in: str
    doubt: str
    doubt_beside: str
    held_against: str
    left_open: str
    both: str
    whose: str
    unknown: str
    no_record: str
    alike: str
    marked: str
    begun: str
    begun_unrecorded: str
    alone: str
    end: str
    language: str


_EN = _Words(
    named={
        Deed.DESIGNED: "designed by {}",
        Deed.DRAWN: "drawn by {}",
        Deed.PHOTOGRAPHED: "photographed by {}",
        Deed.BRUSHED: "painted by hand by {}",
        Deed.PAINTED: "painted by {}",
        Deed.COMPOSITED: "composited by {}",
        Deed.REVISED: "revised by {}",
        Deed.MADE: "made by {}",
        Deed.PROGRAMMED: "drawn by the program {}",
        Deed.PROCESSED: "processed by {}",
        Deed.UNSTATED: "worked on by {}, how is not stated",
        Deed.PLACED: "with a picture that {} worked on, how is not stated",
        Deed.UNRECORDED: "worked on by {}, how is not recorded",
    },
    unnamed={
        Deed.DESIGNED: "designed by hand (nobody is named for the design)",
        Deed.DRAWN: "drawn by hand (nobody is named for the drawing)",
        Deed.PHOTOGRAPHED: "photographed (nobody is named for the photograph)",
        Deed.BRUSHED: "painted by hand (nobody is named for the painting)",
        Deed.PAINTED: "painted by an AI model that is not named",
        Deed.COMPOSITED: "composited by hand (nobody is named for it)",
        Deed.REVISED: "revised by hand (nobody is named for the revision)",
        Deed.MADE: "made by people (nobody is named)",
        Deed.PROGRAMMED: "drawn by a program",
        Deed.PROCESSED: "processed by software",
        Deed.UNSTATED: "a further step, how it was done is not stated",
        Deed.PLACED: "with a picture of which nothing is stated",
        Deed.UNRECORDED: "with a picture of which nothing is recorded",
    },
    colon=": ",
    comma=", ",
    last=" and ",
    more="{} more",
    steps="{} further steps",
    hidden="somebody who asked not to be named",
    many_hidden="{} people who asked not to be named",
    erased="somebody whose name was erased",
    reference="with a reference {}",
    shown="with a reference of which nothing is stated",
    shown_unrecorded="with a reference of which nothing is recorded",
    own_word=", by the file's own word",
    unsigned=", by unsigned text in the file as {} writes it",
    unsigned_beside=", by unsigned text in a file beside it as {} writes it",
    taken_in=", by unsigned text as {} writes it, which came with it when our ledger took it in",
    doubt=", yet unsigned text in the file as {} writes it speaks of AI",
    doubt_beside=", yet unsigned text in a file beside it as {} writes it speaks of AI",
    held_against=", though something spoke against it when it was signed",
    left_open=", though the file names a step that is not stated as made by hand or camera",
    both=", by words of the file that do not go together",
    whose="No record here. The ledger {} says “{}”",
    unknown="{}; this does not mean human-made",
    no_record="no record",
    alike="this very file has no record; it looks like {}, which proves no origin and does not mean human-made",
    marked="this very file has no record; the faint mark of {} is in it, which alone does not prove how it was made",
    begun="begun from a picture of which nothing is stated",
    begun_unrecorded="begun from a picture of which nothing is recorded",
    alone="how it was made is not stated",
    end=".",
    language="en",
)
_JA = _Words(
    named={
        Deed.DESIGNED: "デザイン {}",
        Deed.DRAWN: "作画 {}",
        Deed.PHOTOGRAPHED: "写真 {}",
        Deed.BRUSHED: "手描き背景 {}",
        Deed.PAINTED: "AI描画 {}",
        Deed.COMPOSITED: "撮影 {}",
        Deed.REVISED: "加筆修正 {}",
        Deed.MADE: "制作 {}",
        Deed.PROGRAMMED: "プログラムによる描画 {}",
        Deed.PROCESSED: "ソフトウェア処理 {}",
        Deed.UNSTATED: "関与 {}（方法の記載なし）",
        Deed.PLACED: "{} が関与した画像を使用（方法の記載なし）",
        Deed.UNRECORDED: "関与 {}（方法の記録なし）",
    },
    unnamed={
        Deed.DESIGNED: "デザイン（氏名の記載なし）",
        Deed.DRAWN: "作画（氏名の記載なし）",
        Deed.PHOTOGRAPHED: "写真（氏名の記載なし）",
        Deed.BRUSHED: "手描き背景（氏名の記載なし）",
        Deed.PAINTED: "AI描画（モデル名の記載なし）",
        Deed.COMPOSITED: "撮影（氏名の記載なし）",
        Deed.REVISED: "加筆修正（氏名の記載なし）",
        Deed.MADE: "制作（氏名の記載なし）",
        Deed.PROGRAMMED: "プログラムによる描画",
        Deed.PROCESSED: "ソフトウェア処理",
        Deed.UNSTATED: "方法の記載がない工程",
        Deed.PLACED: "制作方法の記載がない画像を使用",
        Deed.UNRECORDED: "制作方法の記録がない画像を使用",
    },
    colon="：",
    comma="、",
    last="・",
    more="ほか{}名",
    steps="ほか{}工程",
    hidden="氏名非公開",
    many_hidden="氏名非公開{}名",
    erased="氏名消去済み",
    reference="参考：{}",
    shown="参考：制作方法の記載がない画像",
    shown_unrecorded="参考：制作方法の記録がない画像",
    own_word="（ファイル自身の記載による）",
    unsigned="（{}の形式の署名のない文字情報による）",
    unsigned_beside="（隣のファイルにある{}の形式の署名のない文字情報による）",
    taken_in="（台帳に取り込んだ時にあった{}の形式の署名のない文字情報による）",
    doubt="。ただし{}の形式の署名のない文字情報はAIを示す",
    doubt_beside="。ただし隣のファイルにある{}の形式の署名のない文字情報はAIを示す",
    held_against="。ただし署名時に反する記載あり",
    left_open="。ただしファイルには手作業・カメラによるとの記載がない工程がある",
    both="（ファイルの記載どうしが矛盾）",
    whose="当方に記録なし。台帳 {} によれば「{}」",
    unknown="{}。人の手による制作を意味しません",
    no_record="記録なし",
    alike="このファイル自体の記録はありません。{} に似ていますが、出所や人の手による制作の証明ではありません",
    marked="このファイル自体の記録はありません。{} の見えない印がありますが、それだけでは制作方法の証明になりません",
    begun="制作方法の記載がない画像から",
    begun_unrecorded="制作方法の記録がない画像から",
    alone="制作方法の記載なし",
    end="。",
    language="ja",
)
_LANGUAGES: Mapping[str, _Words] = {"en": _EN, "ja": _JA}


def worded(history: History, language: str) -> str:
    """The one sentence. KeyError for a language that has no table here."""
    words = _LANGUAGES[language]
    answer = in_language(history.answer.value, language)
    said = f"{answer[:1].upper()}{answer[1:]}{words.colon}{_said(history, words)}{words.end}"
    return words.whose.format(plain(history.whose, 60), said) if history.whose else said


def _reason(because: str, words: _Words) -> str:
    return in_language(plain(because, 300).rstrip("."), words.language)


def _said(history: History, words: _Words) -> str:
    if history.answer is Classification.ALTERED:
        return _reason(history.because, words)
    if not history.parts:
        return _nothing_known(history, words)
    shown = history.parts[:PARTS_SHOWN]
    # What was only looked at is told first; the picture itself begins behind it.
    begins = next((number for number, part in enumerate(shown) if not part.looked_at), 0)
    clauses = [
        _clause(part, len(history.parts) if number == begins else 0, words)
        for number, part in enumerate(shown)
    ]
    if len(history.parts) > len(shown):
        clauses.append(words.steps.format(len(history.parts) - len(shown)))
    said = words.comma.join(clauses)
    if history.both:
        said += words.both
    elif history.own_word and not all(_states_nothing(part) for part in history.parts):
        said += words.own_word
    if history.unsigned:
        by_text = words.unsigned_beside if history.beside else words.unsigned
        by_text = words.taken_in if history.taken_in else by_text
        said += by_text.format(in_language(plain(history.unsigned, 60), words.language))
    if history.doubt:
        doubted = words.doubt_beside if history.beside else words.doubt
        said += doubted.format(in_language(plain(history.doubt, 60), words.language))
    elif history.held_against:
        said += words.held_against
    elif history.left_open:
        said += words.left_open
    return said


def _nothing_known(history: History, words: _Words) -> str:
    """Why nothing is said of how it was made."""
    if history.because or not history.alike:
        return words.unknown.format(_reason(history.because, words) or words.no_record)
    likely = words.marked if history.marked else words.alike
    return likely.format(plain(history.alike, 60))


def _clause(part: Part, opens: int, words: _Words) -> str:
    """One part in words; `opens` that many parts where the picture begins with it, else 0."""
    unrecorded, nothing = part.deed is Deed.UNRECORDED, _states_nothing(part)
    if nothing and part.looked_at:
        return words.shown_unrecorded if unrecorded else words.shown
    if nothing and opens > 1 and part.deed is not Deed.PLACED:
        said = words.begun_unrecorded if unrecorded else words.begun
    elif nothing and opens == 1:
        said = words.alone
    elif part.by:
        said = words.named[part.deed].format(_names(part, words))
    else:
        said = words.unnamed[part.deed]
    return words.reference.format(said) if part.looked_at else said


def _states_nothing(part: Part) -> bool:
    """Whether all that is told of a part is that nothing is stated of it: nobody's word says so."""
    return not part.by and part.deed in {Deed.UNSTATED, Deed.PLACED, Deed.UNRECORDED}


def _names(part: Part, words: _Words) -> str:
    named = [each for each in part.by if each is not None]
    told = [words.erased if each == ERASED else as_one(plain(each, NAME_LIMIT)) for each in named]
    hidden = len(part.by) - len(named)
    if hidden:
        told.append(words.hidden if hidden == 1 else words.many_hidden.format(hidden))
    if len(told) > NAMES_SHOWN:
        told = [*told[: NAMES_SHOWN - 1], words.more.format(len(told) - NAMES_SHOWN + 1)]
    *first, last = told
    return words.comma.join(first) + words.last + last if first else last
