"""What the entries about people, consents, choices and disputes say. Everything marked * is sealed.

    person.changed                     person, and what changed of: kind, name*, reading*, romaji*, behind*, also [*],
                                       identifiers [{scheme, value*}], contact*; dispute
    person.merged                      person, into, by, why*
    person.split                       person, into (null: a merge is taken back), pictures, by, why*
    credit.claimed, credit.confirmed   picture, person, role, by, hours, share (as claimed)
    credit.corrected                   picture, role, before, after, by, why*, dispute
    consent.stated                     person, subject, ai_use, training, conditions*, production, until, ask*
    consent.overridden                 picture, by, reason*, objections [{reason*, where}]
    project.stated                     production, preset, approval*, notice*, answers, remarks {question: *}; order
    candidate.chosen                   production, episode, shot, chosen, among, by, why*
    dispute.opened                     dispute, picture, person, claim*, contact*, evidence (a digest in the vault)
    dispute.answered                   dispute, outcome, words*, by, corrections

They are written in provenance/people/, each beside the noun that it is about.
"""

import datetime
from typing import Annotated, Literal, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from provenance.errors import StatementError
from provenance.ledger.entries.limits import FIGURE_LIMIT, IDENTIFIERS_LIMIT, NAMES_LIMIT, PRODUCTION_LIMIT
from provenance.ledger.entries.shape import Hash, Id, References, Sealed, Shape, Text, Whole
from provenance.statement.credit import Kind, Role, refuse_marks
from provenance.statement.vocabulary import Answer, Outcome, Preset, Question, Scheme, Subject

Figure: TypeAlias = Annotated[str, Meta(max_length=FIGURE_LIMIT)]


class IdentifierSaid(Shape, frozen=True):
    """An identifier: what it is one in, and its sealed value."""

    scheme: Scheme
    value: Sealed


class PersonChanged(Shape, frozen=True):
    """person.changed: a field that is not mentioned stays."""

    person: Id
    kind: Kind | UnsetType = UNSET
    name: Sealed | UnsetType | None = UNSET
    reading: Text | UnsetType = UNSET
    romaji: Text | UnsetType = UNSET
    behind: Text | UnsetType = UNSET
    also: Annotated[list[Sealed], Meta(max_length=NAMES_LIMIT)] | UnsetType = UNSET
    identifiers: Annotated[list[IdentifierSaid], Meta(max_length=IDENTIFIERS_LIMIT)] | UnsetType = UNSET
    contact: Text | UnsetType = UNSET
    dispute: str | UnsetType = UNSET

    def __post_init__(self) -> None:
        if self.kind is Kind.SOFTWARE:
            raise StatementError("software takes no person's slot")

    def speaks_of(self) -> References:
        return References(people=(self.person,))


class PersonMerged(Shape, frozen=True):
    """person.merged: `person` counts as `into`."""

    person: Id
    into: Id
    by: Id
    why: Text

    def speaks_of(self) -> References:
        return References(people=(self.person, self.into, self.by))


class PersonSplit(Shape, frozen=True):
    """person.split: the credits on these pictures go to `into`; without it a merge is taken back."""

    person: Id
    into: Id | None
    pictures: list[Id]
    by: Id
    why: Text

    def speaks_of(self) -> References:
        return References(people=_known(self.person, self.into, self.by), pictures=tuple(self.pictures))


class CreditClaimed(Shape, frozen=True):
    """credit.claimed: `person` did `role` on `picture`, says `by`."""

    picture: Id
    person: Id
    role: Role
    by: Id
    hours: Figure
    share: Figure

    def __post_init__(self) -> None:
        for figure in (self.hours, self.share):
            refuse_marks(figure, "figure")

    def speaks_of(self) -> References:
        return References(people=(self.person, self.by), pictures=(self.picture,))


class CreditConfirmed(CreditClaimed, frozen=True):
    """credit.confirmed: the same, by another hand than the claim's."""

    def __post_init__(self) -> None:
        CreditClaimed.__post_init__(self)
        if self.by == self.person:
            raise StatementError("a credit is confirmed by somebody else than the person credited")


class CreditCorrected(Shape, frozen=True):
    """credit.corrected: `before` null adds a credit, `after` null takes one away."""

    picture: Id
    role: Role
    before: Id | None
    after: Id | None
    by: Id
    why: Text
    dispute: Id | None

    def __post_init__(self) -> None:
        if self.before is None and self.after is None:
            raise StatementError("a correction adds, removes or replaces somebody; name one person at least")

    def speaks_of(self) -> References:
        return References(
            people=_known(self.before, self.after, self.by),
            pictures=(self.picture,),
            disputes=_known(self.dispute),
        )


class ConsentStated(Shape, frozen=True):
    """consent.stated: what a person allows; `production` "" is every production, `until` null has no end."""

    person: Id
    subject: Subject
    ai_use: Answer
    training: Answer
    conditions: Text
    production: str
    until: datetime.date | None
    ask: Text

    def __post_init__(self) -> None:
        if Answer.CONDITIONS in (self.ai_use, self.training) and self.conditions == "":
            raise StatementError("consent with conditions says which")

    def speaks_of(self) -> References:
        return References(people=(self.person,))


class ObjectionSaid(Shape, frozen=True):
    """Why a use was stopped, and where that is stated."""

    reason: Sealed
    where: str


class ConsentOverridden(Shape, frozen=True):
    """consent.overridden: somebody takes it on; written before the picture is requested."""

    picture: Id
    by: Id
    reason: Sealed
    objections: list[ObjectionSaid]

    def speaks_of(self) -> References:
        return References(people=(self.by,))


class ProjectStated(Shape, frozen=True):
    """project.stated: a production, its kind and its answers."""

    production: Annotated[str, Meta(max_length=PRODUCTION_LIMIT)]
    preset: Preset
    approval: Text
    notice: Text
    answers: dict[Question, Literal["yes", "no", "unknown"]]
    remarks: dict[Question, Sealed]
    order: list[Role] | UnsetType = UNSET

    def __post_init__(self) -> None:
        if not self.production.strip():
            raise StatementError("a production has a name")


class CandidateChosen(Shape, frozen=True):
    """candidate.chosen: one picture among those of a cut."""

    production: str
    episode: str
    shot: str
    chosen: Id
    among: list[Id]
    by: Id
    why: Text

    def speaks_of(self) -> References:
        return References(people=(self.by,), pictures=(self.chosen, *self.among))


class DisputeOpened(Shape, frozen=True):
    """dispute.opened: somebody says that the record of a picture or a person is wrong."""

    dispute: Id
    picture: Id | None
    person: Id | None
    claim: Text
    contact: Text
    evidence: Hash | None

    def __post_init__(self) -> None:
        if self.picture is None and self.person is None:
            raise StatementError("a dispute is about a picture or a person; name one")
        if self.claim == "":
            raise StatementError("a dispute says what is wrong: add a claim")

    def speaks_of(self) -> References:
        return References(people=_known(self.person), pictures=_known(self.picture))


class DisputeAnswered(Shape, frozen=True):
    """dispute.answered: the keeper's answer, and the entries that follow from it."""

    dispute: Id
    outcome: Outcome
    words: Text
    by: Id
    corrections: list[Whole]

    def speaks_of(self) -> References:
        return References(people=(self.by,), disputes=(self.dispute,), entries=tuple(self.corrections))


def _known(*ids: str | None) -> tuple[str, ...]:
    return tuple(each for each in ids if each is not None)
