"""Somebody says that the record is wrong; the keeper answers; a correction follows. All of it stays on the record."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from provenance.errors import StatementError
from provenance.ledger.entries.limits import CLAIM_LIMIT
from provenance.ledger.entries.opened import Disclosed
from provenance.people.person import clean_contact
from provenance.statement.blank import is_blank
from provenance.statement.canonical import Digest
from provenance.statement.commitment import Body, Private
from provenance.statement.credit import refuse_marks
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Outcome

EVIDENCE_LIMIT = 10 * 1024 * 1024  # bytes
OPEN_PER_PICTURE = 20
PER_HOUR = 60  # over the whole ledger: a flood stops itself, and the keeper's own work goes on


@dataclass(frozen=True, slots=True)
class Reply:
    """The keeper's answer; `corrections` are the entries that followed from it."""

    outcome: Outcome
    words: str
    by: str
    corrections: tuple[int, ...] = ()
    seq: int = -1
    at: str = ""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A claim about a picture or a person. `contact` is for the keeper alone."""

    dispute: str
    claim: str
    contact: str
    picture: str = ""
    person: str = ""
    evidence: Digest | None = None
    replies: tuple[Reply, ...] = ()
    seq: int = -1
    at: str = ""

    def __post_init__(self) -> None:
        if not self.picture and not self.person:
            raise StatementError("a dispute is about a picture or a person; name one")
        need_claim(self.claim)

    @property
    def open(self) -> bool:
        return not self.replies or self.replies[-1].outcome is Outcome.NOTED

    @property
    def state(self) -> str:
        return self.replies[-1].outcome.value if self.replies else "open"

    def with_reply(self, reply: Reply) -> "Dispute":
        return replace(self, replies=(*self.replies, reply))


def need_claim(claim: str) -> None:
    """StatementError where it says nothing, or too much."""
    if is_blank(claim):
        raise StatementError("a dispute says what is wrong: add a claim")
    if len(claim) > CLAIM_LIMIT:
        raise StatementError(f"a claim has at most {CLAIM_LIMIT:,} characters, this one {len(claim):,}")


def clean_claim(text: str) -> str:
    """The claim with its line ends kept; refuses invisible marks."""
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").split("\n")]
    for line in lines:
        refuse_marks(line, "claim")
    return "\n".join(lines).strip()


def refuse_flood(disputes: Iterable[Dispute], new: Dispute, now: datetime) -> None:
    """Raises StatementError when a picture or the hour has had its fill of disputes.

    Nothing here depends on the contact or on the words (decision 0376): a stranger can type anybody's.
    """
    known = list(disputes)
    about = [each for each in known if each.open and (each.picture, each.person) == (new.picture, new.person)]
    if len(about) >= OPEN_PER_PICTURE:
        raise StatementError(f"{OPEN_PER_PICTURE} disputes are open here already; they are answered first")
    since = (now.astimezone(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    if sum(1 for each in known if each.at > since) >= PER_HOUR:
        raise StatementError(f"{PER_HOUR} disputes came in the last hour; try again later")


def open_disputes(disputes: Iterable[Dispute], about: Iterable[str]) -> list[str]:
    """A sentence for each of these pictures or people of whose record a dispute is open, in their order: for everybody.

    Never what it says, nor its id, with which the answer can be read. Anybody can open one, so that one is open says
    nothing of who is right.
    """
    entries: dict[str, list[str]] = {}
    for each in disputes:
        for one in filter(None, (each.picture, each.person)):
            if each.open:
                entries.setdefault(one, []).append(str(each.seq))
    return [_disputed(each, entries[each]) for each in dict.fromkeys(about) if each in entries]


def _disputed(about: str, entries: list[str]) -> str:
    number = "a dispute is" if len(entries) == 1 else f"{len(entries)} disputes are"
    where = f"entr{'y' if len(entries) == 1 else 'ies'} {', '.join(entries)}"
    return f"The record of {plain(about, 60)} is disputed: {number} open ({where}), and not decided yet."


def dispute_body(dispute: Dispute) -> dict[str, Body]:
    """Everything that a stranger wrote is private: it can be erased by the dispute's id."""
    return {
        "dispute": dispute.dispute,
        "picture": dispute.picture or None,
        "person": dispute.person or None,
        "claim": Private(dispute.claim, "claim", dispute.dispute),
        "contact": Private(clean_contact(dispute.contact), "contact", dispute.dispute),
        "evidence": str(dispute.evidence) if dispute.evidence else None,
    }


def read_dispute(said: Disclosed) -> Dispute:
    evidence = said.text("evidence")
    return Dispute(
        dispute=said.text("dispute"),
        picture=said.text("picture"),
        person=said.text("person"),
        claim=said.text("claim"),
        contact=said.text("contact"),
        evidence=Digest.parse(evidence) if evidence else None,
        seq=said.seq,
        at=said.at,
    )


def reply_body(dispute: str, reply: Reply) -> dict[str, Body]:
    return {
        "dispute": dispute,
        "outcome": reply.outcome.value,
        "words": Private(reply.words, "answer", dispute) if reply.words else "",
        "by": reply.by,
        "corrections": list(reply.corrections),
    }


def read_reply(said: Disclosed) -> Reply:
    corrections = said.body.get("corrections") or []
    if not isinstance(corrections, list):
        raise StatementError(f"entry {said.seq}: corrections are entry numbers")
    try:
        outcome = Outcome(said.text("outcome"))
    except ValueError as error:
        raise StatementError(f"entry {said.seq} is no answer: {error}") from error
    numbers = tuple(each for each in corrections if isinstance(each, int))
    return Reply(outcome, said.text("words"), said.text("by"), numbers, said.seq, said.at)
