"""The credit roll of a production: people by role, models apart, and how each cut came about.

What stands in it holds today: corrected, merged, renamed. What is not known is said in `gaps`, never filled in.
"""

from collections import defaultdict
from dataclasses import dataclass

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
from provenance.statement.statement import InputRole, ModelUse
from provenance.statement.vocabulary import BY_AI, Maker, Step
from provenance.statement.words import MAKERS, REVISED, ROLES, SIGNED_AGAIN

WITH_AI = {"en": "With generative AI", "ja": "生成AI使用モデル"}
NO_MODEL = {"en": "a model that is not named", "ja": "名前の記載がないモデル"}
LICENCE = {"en": "licence", "ja": "ライセンス"}
TRAINED_ON = {"en": "trained on", "ja": "学習データ"}


@dataclass(frozen=True, slots=True)
class RollLine:
    """One role: who did it, each once; and how many asked not to be named, or were erased."""

    role: Role
    people: tuple[Person, ...]
    unnamed: int = 0
    erased: int = 0

    def names(self, language: str) -> list[str]:
        """The names as they stand in a roll, the count of the unnamed last."""
        names = [each.shown(language) or "" for each in self.people]
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
    """The whole roll. `gaps` are sentences about what nobody stated."""

    production: str
    lines: tuple[RollLine, ...]
    models: tuple[ModelUse, ...]
    cuts: tuple[CutLine, ...]
    gaps: tuple[str, ...]

    @property
    def unnamed_ai(self) -> bool:
        """Whether AI was used of which no model is on record."""
        return any(cut.by_unnamed_ai for cut in self.cuts)


def roll_of(ledger: AnyLedger, register: Register, production: str, first: tuple[Role, ...] = ()) -> Roll:
    """The roll of a production from the record as it stands today; `first` are the roles that open it.

    Without them the production's own order counts, or its preset's, or that of a film.
    """
    stated = register.productions.get(production)
    order = in_order(first) if first or stated is None else stated.roles
    cuts, gaps = [], []
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
        (*gaps, *register.doubts),
    )


def step_words(register: Register, record: PictureRecord, language: str = "en") -> str:
    """One step with who did it: `AI (genzu-house) by prompts: Sato` or `layout by Mori Aoi`."""
    statement = record.statement
    people = [
        f"{ROLES[each.role].roll[language].lower()}: {each.person.shown(language) or NOT_NAMED}"
        for each in register.credits(record)
    ]
    what = made_words(record)
    if statement.model is not None:
        what += f" ({statement.model.public.name})"
    return f"{what}, {', '.join(people)}" if people else f"{what}, nobody stated"


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
        words.append(f"本人の希望により非公表 {unnamed}件")
    elif unnamed:
        words.append(f"{counted(unnamed, 'credit')} of people who asked not to be named")
    if erased:
        words.append(
            f"氏名削除済み {erased}名" if language == "ja" else f"{erased} whose name was erased on request"
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


def _gaps(ledger: AnyLedger, shot: Shot, steps: list[PictureRecord]) -> list[str]:
    gaps: list[str] = []
    if not shot.settled:
        gaps.append(f"{shot.cut}: {len(shot.counted)} candidates and no choice on record; all are counted")
    for step in steps:
        strangers = [
            each
            for each in shown_inputs(step.statement.inputs)
            if each.role is not InputRole.ORIGINAL and record_of(ledger, each) is None
        ]
        for each in strangers:
            gaps.append(
                f"{shot.cut}: the {each.role.value} picture of {step.picture} is not on record by itself"
            )
        model = step.statement.model
        if _by_unnamed_ai(step):
            gaps.append(f"{shot.cut}: {step.picture} was made with AI and no model is on record")
        elif model is not None:
            gaps += [
                f"{shot.cut}: {what} of the model {model.public.name} is unknown"
                for what, text in (("the licence", model.license), ("the training data", model.training))
                if text.strip().casefold() == "unknown"
            ]
    unique: dict[str, None] = dict.fromkeys(gaps)
    return list(unique)


def _by_unnamed_ai(step: PictureRecord) -> bool:
    by_ai = recorded_again(step) is None and step_of_record(step).maker in BY_AI
    return by_ai and step.statement.model is None


def by_role(credited: tuple[tuple[Role, Person], ...]) -> dict[Role, list[Person]]:
    """The people of a cut under their roles."""
    grouped: dict[Role, list[Person]] = defaultdict(list)
    for role, person in credited:
        grouped[role].append(person)
    return grouped
