"""What a person allows for their work, and whether a use may go on. Silence is neither yes nor no, and is said so.

    genzu people consent "Mori Aoi" --ai-use no --ask mori@example.org
    genzu people consent "Mori Aoi" --ai-use conditions --conditions "backgrounds only" --production "The Dog & The Boy"

The newest statement for the production comes before the newest general one. A "yes" that has run out forbids; a "no"
that has run out says nothing any more.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provenance.errors import Objection, StatementError
from provenance.ledger.entries.limits import CONDITIONS_LIMIT
from provenance.ledger.entries.opened import Disclosed
from provenance.statement.commitment import Body, Private
from provenance.statement.names import folded
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Answer, Subject, Use, Wish

KEEPER = "the keeper of this ledger"  # who is asked where nobody else is named


@dataclass(frozen=True, slots=True)
class Consent:
    """One statement of what a person allows. `production` "" is every production; `until` None has no end."""

    person: str
    ai_use: Answer
    training: Answer
    subject: Subject = Subject.ANY
    conditions: str = ""
    production: str = ""
    until: datetime.date | None = None
    ask: str = ""
    seq: int = -1
    at: str = ""

    def __post_init__(self) -> None:
        if Answer.CONDITIONS in (self.ai_use, self.training) and not self.conditions.strip():
            raise StatementError("consent with conditions says which: add --conditions TEXT")
        if len(self.conditions) > CONDITIONS_LIMIT:
            raise StatementError(f"conditions have at most {CONDITIONS_LIMIT:,} characters")

    def over(self, on: datetime.date) -> bool:
        """Whether the last day of this statement has passed."""
        return self.until is not None and on > self.until


def consent_body(consent: Consent) -> dict[str, Body]:
    about = consent.person
    return {
        "person": consent.person,
        "subject": consent.subject.value,
        "ai_use": consent.ai_use.value,
        "training": consent.training.value,
        "conditions": Private(consent.conditions, "conditions", about) if consent.conditions else "",
        "production": consent.production,
        "until": consent.until.isoformat() if consent.until else None,
        "ask": Private(consent.ask, "contact", about) if consent.ask else "",
    }


def read_consent(said: Disclosed) -> Consent:
    until = said.text("until")
    try:
        return Consent(
            person=said.text("person"),
            subject=Subject(said.text("subject")),
            ai_use=Answer(said.text("ai_use")),
            training=Answer(said.text("training")),
            conditions=said.text("conditions"),
            production=said.text("production"),
            until=datetime.date.fromisoformat(until) if until else None,
            ask=said.text("ask"),
            seq=said.seq,
            at=said.at,
        )
    except ValueError as error:
        raise StatementError(f"entry {said.seq} is no consent: {error}") from error


def standing(consents: Iterable[Consent], subject: Subject, production: str) -> Consent | None:
    """The statement that counts among one person's: for this production first, then for this subject, then
    the newest. A production in another spelling is the same one: a "no" must not be passed over for a capital.
    """
    meant = {"", folded(production)}
    fitting = [
        each
        for each in consents
        if folded(each.production) in meant and each.subject in (Subject.ANY, subject)
    ]
    return max(
        fitting,
        key=lambda each: (bool(each.production), each.subject is not Subject.ANY, each.seq),
        default=None,
    )


def objection(consent: Consent, who: str, reach: str, on: datetime.date) -> Objection | None:
    """The objection that follows from a standing consent to use with AI on a day; None where it is allowed."""
    ask = consent.ask or reach or who
    where = f"stated in entry {consent.seq}"
    if consent.over(on):
        if consent.ai_use is Answer.NO:
            return None
        return Objection(who, f"{who}'s consent to AI use ended on {consent.until}", ask, where)
    if consent.ai_use is Answer.NO:
        return Objection(who, f"{who} does not allow AI use of their {_thing(consent.subject)}", ask, where)
    if consent.ai_use is Answer.CONDITIONS:
        outline = f"{who} allows AI use on a condition"
        return Objection(who, f"{outline}: {consent.conditions}", ask, where, outline)
    return None


def wish_objection(wishes: Mapping[str, str], who: str) -> Objection | None:
    """The objection in an input's own credentials (`cawg.training-mining`); only AI inference is a use that we make."""
    said = [answer for name, answer in wishes.items() if _entry(name) == Wish.INFERENCE]
    counted = strictest([wishes]).get(Wish.INFERENCE, Use.ALLOWED)
    if counted is Use.ALLOWED:
        return None
    if counted is Use.CONSTRAINED:
        words = "allow AI use under constraints only"
    elif Use.NOT_ALLOWED in said:
        words = "say that it may not go into an AI model"
    else:
        other = next(each for each in said if each not in set(Use))
        answer = f"“{plain(other, 30)}”" if other else "nothing"
        words = (
            f"answer {answer} to whether it may go into an AI model, which counts as a no: the standard has no such "
            "answer"
        )
    return Objection(who, f"the credentials of {who} {words}", "its signer", "in the file")


def wishes_of(consents: Iterable[Consent], on: datetime.date) -> dict[str, Use]:
    """Standing consents as `cawg.training-mining` entries, the strictest of each; empty where nobody said anything."""
    answers = {Answer.YES: Use.ALLOWED, Answer.CONDITIONS: Use.CONSTRAINED, Answer.NO: Use.NOT_ALLOWED}
    stated: list[Mapping[str, str]] = []
    for each in consents:
        if each.over(on):
            continue
        said: dict[str, str] = dict.fromkeys(
            (Wish.GENERATIVE_TRAINING, Wish.TRAINING), answers[each.training]
        )
        said[Wish.INFERENCE] = answers[each.ai_use]
        stated.append(said)
    return strictest(stated)


def strictest(stated: Iterable[Mapping[str, str]]) -> dict[str, Use]:
    """What counts for each entry: the strictest answer given. An answer that the standard does not have is a no.

    An entry has two names, an older and a newer one, and one file may state both.
    """
    together: dict[str, Use] = {}
    for wishes in stated:
        for name, answer in wishes.items():
            counted = Use.counted(answer)
            if counted.stricter_than(together.setdefault(_entry(name), counted)):
                together[_entry(name)] = counted
    return together


def _entry(name: str) -> str:
    """The name of an entry in CAWG's training and data mining assertion 1.1; older files write it under c2pa."""
    return name.replace("c2pa.", "cawg.", 1)


def _thing(subject: Subject) -> str:
    return {Subject.LAYOUT: "layouts", Subject.STYLE: "style", Subject.LIKENESS: "likeness"}.get(
        subject, "work"
    )
