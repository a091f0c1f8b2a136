"""What of the record may leave in an export: pictures, steps and people as they are shown. One gate for every form.

Never: contacts, the name behind a pseudonym, ids beside a pseudonym, prompts, notes, reasons, claims, approvals.
Every export (prov.py, schema_org.py, usage.py, certificate.py, site.py) is made of these and of nothing else.
"""

import re
from dataclasses import dataclass, replace

from provenance.ledger.ancestry import ancestry, recorded_again
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord, State
from provenance.people.changes import changes_since
from provenance.people.claims import Claimed, claims_on
from provenance.people.person import Identifier, Person
from provenance.people.register import Register
from provenance.people.shots import EVERY
from provenance.statement.canonical import Digest
from provenance.statement.credit import NOT_NAMED, Kind, Role
from provenance.statement.statement import ModelUse, Project, Software
from provenance.statement.vocabulary import Maker, Relation, SourceType, Step

_SAFE = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}")


@dataclass(frozen=True, slots=True)
class PublicPerson:
    """`person` is the ledger's id; None for who asked not to be named, and where a picture's file names them
    otherwise than the record: their credits are not tied together.
    """

    person: str | None
    kind: Kind
    name: str
    reading: str
    romaji: str
    identifiers: tuple[Identifier, ...]

    @property
    def named(self) -> bool:
        return self.person is not None


@dataclass(frozen=True, slots=True)
class PublicCredit:
    """`corrected` is the entry that changed it; `claims` what was claimed and confirmed about it, by whom and when."""

    role: Role
    person: PublicPerson
    corrected: int | None = None
    claims: tuple[Claimed, ...] = ()
    changed: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicInput:
    """What went in; `picture` where it is on record."""

    role: str
    relation: Relation
    digest: Digest
    picture: str | None


@dataclass(frozen=True, slots=True)
class PublicPicture:
    """A released picture as everybody may know it."""

    picture: str
    step: Step
    maker: Maker
    source_type: SourceType
    credits: tuple[PublicCredit, ...]
    inputs: tuple[PublicInput, ...]
    model: ModelUse | None
    project: Project
    software: Software
    requested: int
    requested_at: str
    released: int
    released_at: str
    file: Digest
    media_type: str
    width: int | None
    height: int | None
    manifest: str
    disputes_open: int
    again: str | None = None  # the picture that this is only another record of
    changed: tuple[int, ...] = ()  # the entries that changed its credits since it was requested
    otherwise: bool = False  # its file names somebody otherwise, whose id stands in its entries


def public_person(person: Person) -> PublicPerson:
    """The person as shown; nothing else of them passes."""
    named = person.name is not None
    return PublicPerson(
        person=person.person or None if named else None,
        kind=person.kind,
        name=person.shown() or NOT_NAMED,
        reading=person.public_reading,
        romaji=person.public_romaji,
        identifiers=person.public_identifiers,
    )


def public_picture(register: Register, record: PictureRecord) -> PublicPicture | None:
    """The picture as everybody may know it; None where it was never released."""
    said = record.statement
    if record.state is not State.RELEASED or record.output is None:
        return None
    credits = register.credits(record)
    return PublicPicture(
        picture=record.picture,
        step=said.step,
        maker=said.source_type.maker,
        source_type=said.source_type,
        credits=tuple(
            PublicCredit(
                each.role,
                replace(public_person(each.person), person=None)
                if each.otherwise
                else public_person(each.person),
                each.corrected,
                claims_on(register, record, each.person, each.role),
                each.changed,
            )
            for each in credits
        ),
        inputs=tuple(
            PublicInput(each.role.value, each.relation, each.resource.digest, each.picture)
            for each in said.inputs
        ),
        model=said.model.public if said.model is not None else None,
        project=said.project,
        software=said.software,
        requested=record.requested,
        requested_at=record.requested_at,
        released=record.released if record.released is not None else record.requested,
        released_at=record.at,
        file=record.output.digest,
        media_type=record.output.media_type,
        width=record.output.width,
        height=record.output.height,
        manifest=record.manifest or "",
        disputes_open=sum(
            1 for each in register.disputes.values() if each.picture == record.picture and each.open
        ),
        again=recorded_again(record),
        changed=tuple(dict.fromkeys(each.seq for each in changes_since(register, record))),
        otherwise=any(each.otherwise for each in credits),
    )


def public_pictures(
    ledger: AnyLedger, register: Register, productions: tuple[str, ...] = ()
) -> list[PublicPicture]:
    """Released pictures, oldest first: of these productions and whatever is behind them, or all."""
    if not productions:
        records = ledger.pictures(state=State.RELEASED, limit=EVERY)
    else:
        found = [
            each
            for production in productions
            for each in ledger.pictures(state=State.RELEASED, production=production, limit=EVERY)
        ]
        records = list({step.picture: step for each in found for step in ancestry(ledger, each)}.values())
    pictures = [public_picture(register, each) for each in sorted(records, key=lambda one: one.requested)]
    return [each for each in pictures if each is not None]


def slug(text: str) -> str:
    """The id as a file name; an id that could leave the folder becomes its digest."""
    return text if _SAFE.fullmatch(text) else Digest.of(text.encode()).hex[:40]
