"""The credit roll of a production: people by role, models apart, and how each cut came about.

What stands in it holds today: corrected, merged, renamed. What is not known is said in `gaps`, never filled in.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from provenance.inspection.translated import in_language, name_in
from provenance.ledger.ancestry import record_of, recorded_again, shown_inputs
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord
from provenance.people.person import Person
from provenance.people.project import in_order
from provenance.people.register import Register
from provenance.people.shots import Shot, shots_of, ways_of
from provenance.release.inputs import step_of_record
from provenance.statement.commitment import ERASED
from provenance.statement.counted import counted
from provenance.statement.credit import NOT_NAMED, Role
from provenance.statement.names import as_one
from provenance.statement.statement import InputRole, ModelUse
from provenance.statement.vocabulary import BY_AI, Maker, Step
from provenance.statement.words import INPUTS, MAKERS, MARKS, REVISED, ROLES, SIGNED_AGAIN

WITH_AI = {"en": "With generative AI", "ja": "生成AI使用モデル"}
NO_MODEL = {"en": "a model that is not named", "ja": "名前の記載がないモデル"}
LICENCE = {"en": "licence", "ja": "ライセンス"}
TRAINED_ON = {"en": "trained on", "ja": "学習データ"}
NOBODY = {"en": "nobody stated", "ja": "担当者の記載なし"}
GAPS: Mapping[str, Mapping[str, str]] = {
    "choice": {
        "en": "{cut}: {what} candidates and no choice on record; all are counted",
        "ja": "{cut}：候補が{what}件あり、選択の記録がないため、すべて数えています",
    },
    "input": {
        "en": "{cut}: the {role} picture of {what} is not on record by itself",
        "ja": "{cut}：{what} に使われた{role}は、単独では記録されていません",
    },
    "model": {
        "en": "{cut}: {what} was made with AI and no model is on record",
        "ja": "{cut}：{what} はAIで作られましたが、モデルの記録がありません",
    },
    "licence": {
        "en": "{cut}: the licence of the model {what} is unknown",
        "ja": "{cut}：モデル {what} のライセンスは不明です",
    },
    "training": {
        "en": "{cut}: the training data of the model {what} is unknown",
        "ja": "{cut}：モデル {what} の学習データは不明です",
    },
}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that nobody stated: which of GAPS, of which cut and what, and the role of an input."""

    kind: str
    cut: str
    what: str
    role: InputRole | None = None

    def told(self, language: str) -> str:
        """A sentence about it, without its stop."""
        role = INPUTS[self.role][language] if self.role else ""
        return GAPS[self.kind][language].format(cut=self.cut, what=self.what, role=role)


@dataclass(frozen=True, slots=True)
class RollLine:
    """One role: who did it, each once; and how many asked not to be named, or were erased."""

    role: Role
    people: tuple[Person, ...]
    unnamed: int = 0
    erased: int = 0

    def names(self, language: str) -> list[str]:
        """The names as they stand in a roll, the count of the unnamed last."""
        names = [name_in(each.shown(language) or "", language) for each in self.people]
        return names + unnamed_words(self.unnamed, self.erased, language)


@dataclass(frozen=True, slots=True)
class CutLine:
    """One cut: the steps of each counted picture, with names, in words."""

    shot: Shot
    steps: tuple[PictureRecord, ...]
    credited: tuple[tuple[Role, Person], ...]
    models: tuple[ModelUse, ...]
    by_unnamed_ai: tuple[str, ...] = ()  # pictures made with AI of which no model is on record


@dataclass(frozen=True, slots=True)
class Roll:
    """The whole roll. `gaps` are what nobody stated, `doubts` sentences on entries that could not be read."""

    production: str
    lines: tuple[RollLine, ...]
    models: tuple[ModelUse, ...]
    cuts: tuple[CutLine, ...]
    gaps: tuple[Gap, ...]
    doubts: tuple[str, ...] = ()

    def not_stated(self, language: str) -> list[str]:
        """A sentence for each gap and doubt."""
        return [
            *(each.told(language) for each in self.gaps),
            *(in_language(each, language) for each in self.doubts),
        ]

    @property
    def unnamed_ai(self) -> bool:
        """Whether AI was used of which no model is on record."""
        return any(cut.by_unnamed_ai for cut in self.cuts)


def roll_of(ledger: AnyLedger, register: Register, production: str, first: tuple[Role, ...] = ()) -> Roll:
    """The roll of a production from the record as it stands today; `first` are the roles that open it.

    Without them the production's own order counts, or its preset's, or that of a film.
    """
    stated = register.production(production)
    order = in_order(first) if first or stated is None else stated.roles
    cuts, gaps = [], list[Gap]()
    for shot in shots_of(ledger, register, production):
        steps = ways_of(ledger, shot)
        credited = [(each.role, each.person) for step in steps for each in register.credits(step)]
        models = {each.digest: each.public for step in steps for each in step.statement.models}
        unnamed = tuple(each.picture for each in steps if _by_unnamed_ai(each))
        people = tuple(dict.fromkeys(credited))
        cuts.append(CutLine(shot, tuple(steps), people, tuple(models.values()), unnamed))
        gaps += _gaps(ledger, shot, steps)
    everybody = [each for cut in cuts for each in cut.credited]
    lines = [_line(role, [person for found, person in everybody if found is role]) for role in order]
    used = {model.digest: model for cut in cuts for model in cut.models}
    return Roll(
        production,
        tuple(each for each in lines if each is not None),
        tuple(used.values()),
        tuple(cuts),
        tuple(gaps),
        tuple(register.doubts),
    )


def step_words(register: Register, record: PictureRecord, language: str = "en") -> str:
    """One step with who did it: `AI (genzu-house) by prompts: Sato` or `layout by Mori Aoi`."""
    statement, marks = record.statement, MARKS[language]
    people = [
        f"{ROLES[each.role].roll[language].lower()}{marks.colon}"
        f"{as_one(name_in(each.person.shown(language) or NOT_NAMED, language))}"
        for each in register.credits(record)
    ]
    what = made_words(record, language)
    if statement.model is not None:
        what = marks.within(what, statement.model.public.name)
    return marks.comma.join([what, *(people or [NOBODY[language]])])


def made_words(record: PictureRecord, language: str = "en") -> str:
    """How a step was made, in two or three words."""
    if recorded_again(record) is not None:
        return SIGNED_AGAIN[language]
    if record.statement.step is Step.PAINT:
        return MAKERS[Maker.AI].made[language]
    if record.statement.step is Step.RETOUCH:
        return REVISED[language]
    return MAKERS[record.statement.source_type.maker].made[language]


def unnamed_words(unnamed: int, erased: int, language: str) -> list[str]:
    """How a roll says that there are more people than names."""
    words = []
    # Nobody can tell whether two of them are one person: credits are counted, not people.
    if unnamed and language == "ja":
        words.append(f"本人の希望により非公開 {unnamed}件")
    elif unnamed:
        words.append(f"{counted(unnamed, 'credit')} of people who asked not to be named")
    if erased:
        words.append(
            f"氏名消去済み {erased}名" if language == "ja" else f"{erased} whose name was erased on request"
        )
    return words


def _line(role: Role, people: list[Person]) -> RollLine | None:
    if not people:
        return None
    # Somebody whom one file names otherwise stands here by both names, and nothing says that they are one person's.
    found = {(each.person, each.name): each for each in people}
    shown = [each for each in found.values() if each.shown() not in (None, ERASED)]
    erased = sum(1 for each in found.values() if each.shown() == ERASED)
    return RollLine(role, tuple(shown), len(found) - len(shown) - erased, erased)


def _gaps(ledger: AnyLedger, shot: Shot, steps: list[PictureRecord]) -> list[Gap]:
    gaps: list[Gap] = []
    cut = str(shot.cut)
    if not shot.settled:
        gaps.append(Gap("choice", cut, str(len(shot.counted))))
    for step in steps:
        gaps += [
            Gap("input", cut, step.picture, each.role)
            for each in shown_inputs(step.statement.inputs)
            if each.role is not InputRole.ORIGINAL and record_of(ledger, each) is None
        ]
        model = step.statement.model
        if _by_unnamed_ai(step):
            gaps.append(Gap("model", cut, step.picture))
        elif model is not None:
            gaps += [
                Gap(kind, cut, model.public.name)
                for kind, text in (("licence", model.license), ("training", model.training))
                if text.strip().casefold() == "unknown"
            ]
    return list(dict.fromkeys(gaps))


def _by_unnamed_ai(step: PictureRecord) -> bool:
    by_ai = recorded_again(step) is None and step_of_record(step).maker in BY_AI
    return by_ai and step.statement.model is None


def by_role(credited: tuple[tuple[Role, Person], ...]) -> dict[Role, list[Person]]:
    """The people of a cut under their roles."""
    grouped: dict[Role, list[Person]] = defaultdict(list)
    for role, person in credited:
        grouped[role].append(person)
    return grouped
