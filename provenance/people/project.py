"""A production as its client sees it: the five answers, approval and notice, and what they leave open.

The questions follow what Netflix asks of its partners since August 2025 ("yes" to each is the low-risk answer); they
are ours in wording, and no legal advice.

Each kind of production asks for something else; the kinds follow how such productions are delivered.

    plain        nothing beyond the credits
    streaming    the five answers of a streaming client, and a written approval of what stays in the film
    feature      the same, and the notice to the crew (a guild asks for it in writing)
    series       the same as streaming, and each final picture names its episode and cut
    commercial   the client's approval of what stays; what it shows is owned; nobody is replaced without consent
    game         each final picture names its scene; the tools keep nothing; what it shows is owned
    demo         a short that anybody may see: only that nothing protected is shown
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from provenance.errors import StatementError
from provenance.ledger.entries.limits import REMARK_LIMIT as TEXT_LIMIT
from provenance.ledger.entries.opened import Disclosed
from provenance.statement.commitment import Body, Private
from provenance.statement.credit import Role
from provenance.statement.vocabulary import Preset

QUESTIONS: Mapping[str, str] = {
    "outputs": "The outputs do not reproduce identifiable, unowned or protected material.",
    "data": "The tools neither keep nor reuse nor train on what goes in and what comes out.",
    "environment": "The tools run where the production's material is protected.",
    "temporary": "What is generated is temporary and no part of the delivered film.",
    "people": "Nothing replaces performances or union-covered work without consent.",
}


ORDER = (
    Role.CONCEPT,
    Role.LAYOUT,
    Role.KEY_DRAWING,
    Role.BACKGROUND,
    Role.RETOUCH,
    Role.COMPOSITING,
    Role.ART_DIRECTION,
    Role.SUPERVISION,
    Role.PROMPT,
    Role.MODEL_TRAINING,
    Role.OTHER,
)
_ALL = ("outputs", "data", "environment", "temporary", "people")


@dataclass(frozen=True, slots=True)
class Obligations:
    """What a kind of production asks. `place`: what a final picture says of where it belongs."""

    questions: tuple[str, ...] = ()
    approval: bool = False
    notice: bool = False
    place: tuple[str, ...] = ()
    first: tuple[Role, ...] = ()  # who opens the roll


OBLIGATIONS: Mapping[Preset, Obligations] = {
    Preset.PLAIN: Obligations(),
    Preset.STREAMING: Obligations(_ALL, approval=True),
    Preset.FEATURE: Obligations(_ALL, approval=True, notice=True),
    Preset.SERIES: Obligations(
        _ALL, approval=True, place=("episode", "shot"), first=(Role.ART_DIRECTION, Role.SUPERVISION)
    ),
    Preset.COMMERCIAL: Obligations(("outputs", "people"), approval=True, first=(Role.ART_DIRECTION,)),
    Preset.GAME: Obligations(
        ("outputs", "data", "environment"), place=("shot",), first=(Role.ART_DIRECTION, Role.CONCEPT)
    ),
    Preset.DEMO: Obligations(("outputs",)),
}


def in_order(first: tuple[Role, ...]) -> tuple[Role, ...]:
    """Every role once: these first, the others after them in the order of a film's roll."""
    return tuple(dict.fromkeys((*first, *ORDER, *Role)))


@dataclass(frozen=True, slots=True)
class Production:
    """What is stated about a production. `answers` maps a question to "yes", "no" or "unknown"."""

    production: str
    preset: Preset = Preset.PLAIN
    approval: str = ""
    notice: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    order: tuple[Role, ...] = ()  # who opens the roll; () is as the preset says
    seq: int = -1
    at: str = ""

    def __post_init__(self) -> None:
        if not self.production.strip() or len(self.production) > 200:
            raise StatementError("a production has a name of at most 200 characters")
        for name in (*self.answers, *self.remarks):
            if name not in QUESTIONS:
                raise StatementError(f"{name[:40]!r} is no question; they are {', '.join(QUESTIONS)}")
        for answer in self.answers.values():
            if answer not in {"yes", "no", "unknown"}:
                raise StatementError(f"an answer is yes, no or unknown, not {answer[:40]!r}")
        for text in (self.approval, self.notice, *self.remarks.values()):
            if len(text) > TEXT_LIMIT:
                raise StatementError(f"a remark or reference has at most {TEXT_LIMIT:,} characters")

    @property
    def roles(self) -> tuple[Role, ...]:
        """Every role in the order of this production's roll."""
        return in_order(self.order or OBLIGATIONS[self.preset].first)

    def open_points(self) -> list[str]:
        """What a client would still ask, in sentences; empty for a plain production."""
        asks = OBLIGATIONS[self.preset]
        points: list[str] = []
        for name in asks.questions:
            statement, answer = QUESTIONS[name], self.answers.get(name, "")
            if answer == "":
                points.append(f"not answered: {statement}")
            elif answer != "yes":
                points.append(f"answered {answer}: {statement}")
        if asks.approval and not self.approval:
            points.append("no reference to a written approval")
        if asks.notice and not self.notice:
            points.append("no reference to a notice that was given")
        return points


def production_body(production: Production) -> dict[str, Body]:
    """Free words may name people, so they lie apart; the answers themselves do not."""
    about = production.production

    def private(text: str, what: str) -> Private | str:
        return Private(text, what, f"production:{about}") if text else ""

    return {
        "production": production.production,
        "preset": production.preset.value,
        "approval": private(production.approval, "approval"),
        "notice": private(production.notice, "notice"),
        "answers": dict(production.answers),
        **({"order": [each.value for each in production.order]} if production.order else {}),
        "remarks": {name: private(text, "remark") for name, text in production.remarks.items() if text},
    }


def read_production(said: Disclosed) -> Production:
    try:
        preset = Preset(said.text("preset"))
        order = tuple(Role(each) for each in said.texts("order"))
    except ValueError as error:
        raise StatementError(f"entry {said.seq} is no production: {error}") from error
    return Production(
        production=said.text("production"),
        preset=preset,
        approval=said.text("approval"),
        notice=said.text("notice"),
        answers=said.text_map("answers"),
        remarks=said.text_map("remarks"),
        order=order,
        seq=said.seq,
        at=said.at,
    )
