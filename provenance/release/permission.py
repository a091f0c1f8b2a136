"""Whether the people behind the inputs allow this use: asked before the model runs, answered with whom to ask.

Their wishes come from three places: what they stated in the ledger, what the inputs' own credentials say
(`cawg.training-mining`), and what they stated in other studios' ledgers that were imported. A use that is forbidden,
or allowed on a condition, stops; a named person may override with a reason, and that is an entry of its own.
"""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from provenance.credentials.read.chain import Chain
from provenance.credentials.sign.assertions import PLUS, data_mining_of
from provenance.credentials.sign.ingredients import Source
from provenance.errors import ConsentError, Objection
from provenance.ledger.ancestry import ancestors, references_of, shown_inputs
from provenance.ledger.any_ledger import AnyLedger, asking
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PictureRecord
from provenance.people.consent import (
    KEEPER,
    Consent,
    objection,
    standing,
    strictest,
    wish_objection,
    wishes_of,
)
from provenance.people.person import Person
from provenance.people.register import Register, register_of
from provenance.people.roster import named_or_new
from provenance.release.archive import Archive
from provenance.release.inputs import chain_of_input
from provenance.release.override import Override
from provenance.statement.commitment import STAND_INS, Private
from provenance.statement.credit import DRAWING
from provenance.statement.names import folded
from provenance.statement.statement import Input, InputRole, Statement
from provenance.statement.vocabulary import Step, Subject, Use, Wish

UNNAMED = "a person who asked not to be named"
OTHERWISE_NAMED = "somebody on record who is not shown under that name"
# IPTC Data Mining (PLUS): the value stands in XMP as an attribute or as an element.
_DATA_MINING = re.compile(
    rb"(?:DataMining\s*(?:=\s*[\"']|>\s*|[^>]{0,80}resource=[\"']))[^\"'<]{0,80}?(DMI-[A-Z-]{1,60})"
)
XMP_REACH = 2 * 1024 * 1024  # bytes searched for it


def check_consent(
    archive: Archive, statement: Statement, sources: Sequence[Source] = (), override: Override | None = None
) -> list[Objection]:
    """Nothing where the use is allowed. Raises ConsentError where it is not, unless it is overridden: that is recorded.

    Only painting is a use by AI; recording and retouching ask nobody.
    """
    if statement.step is not Step.PAINT:
        return []
    register = register_of(archive.ledger)
    objections = objections_to(archive, register, statement, sources)
    if not objections:
        return []
    if override is None:
        told = "; ".join(str(each) for each in objections)
        raise ConsentError(f"this use is not allowed: {told}. Nothing was painted", objections)
    _record_override(archive, register, statement, objections, override)
    return objections


def objections_to(
    archive: Archive, register: Register, statement: Statement, sources: Sequence[Source] = ()
) -> list[Objection]:
    """Every objection to putting this statement's inputs through a model, each once; those of imported ledgers too."""
    today = datetime.datetime.now(datetime.UTC).date()
    found: dict[str, Objection] = {}
    for each in concerned(archive, register, statement, sources):
        consent = standing(
            register.consents_of(each.person.person), each.subject, statement.project.production
        )
        if consent is not None:
            against = objection(consent, each.who, _reach(each.person), today)
            if against is not None:
                found.setdefault(str(against), replace(against, person=each.person.person))
    for title, chain in chains_of(archive, statement, sources):
        for step in chain.steps:
            against = wish_objection(step.wishes, step.title[:60] or title)
            if against is not None:
                found.setdefault(str(against), against)
    for against in objections_elsewhere(
        archive, shown_inputs(statement.inputs), statement.project.production, today
    ):
        found.setdefault(str(against), against)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody whose work goes in, and as what.

    `called` is the name by which they were found, "" where the record itself credits them; `sure` unless only
    somebody who is called so is credited.
    """

    person: Person
    subject: Subject
    called: str = ""
    sure: bool = True

    @property
    def who(self) -> str:
        """How an objection names them: never a pseudonym where the name behind it was given."""
        shown = self.person.shown() or UNNAMED
        known = {folded(name) for name in self.person.public_names}
        if self.called and folded(self.called) not in known:
            return UNNAMED if self.person.name is None else OTHERWISE_NAMED
        return shown if self.sure else f"{shown} ({self.person.person})"


def concerned(
    archive: Archive, register: Register, statement: Statement, sources: Sequence[Source] = ()
) -> list[Concerned]:
    """Whose work goes in: from the records behind the inputs, this statement, and foreign credentials.

    Everybody who is called as one of them is asked as well: whether they are one person nobody has said.
    """
    people: dict[tuple[str, Subject], Concerned] = {}
    for each in _credited(archive, register, statement, sources):
        if each.person.person:
            people.setdefault((each.person.person, each.subject), each)
    for each in list(people.values()):
        for other in register.namesakes(each.person):
            called = each.called or each.person.name or each.person.behind
            namesake = Concerned(other, each.subject, called, sure=False)
            people.setdefault((other.person, each.subject), namesake)
    return list(people.values())


def _credited(
    archive: Archive, register: Register, statement: Statement, sources: Sequence[Source]
) -> Iterator[Concerned]:
    for given in shown_inputs(statement.inputs):
        subjects = subjects_of(given.role, statement.step)
        records = ancestors(archive.ledger, [given])
        references = references_of(archive.ledger, records)
        for record in records:
            for each in register.credits(record):
                if each.role in DRAWING:
                    # Whoever drew what was only looked at may have spoken of their style, and of nothing else.
                    style = (Subject.STYLE,) if record.picture in references else ()
                    yield from (Concerned(each.person, about) for about in (*subjects, *style))
        for credit in statement.credits:
            named = credit.person or credit.name
            if named and credit.role in DRAWING:
                called = "" if credit.person else named
                found = register.named(named)
                yield from (Concerned(person, about, called) for about in subjects for person in found)
    for _, chain in chains_of(archive, statement, sources):
        for step in chain.steps:
            for name in filter(None, (named.name for named in step.people)):
                yield from (Concerned(person, Subject.LAYOUT, name) for person in register.named(name))


def chains_of(
    archive: Archive, statement: Statement, sources: Sequence[Source]
) -> Iterable[tuple[str, Chain]]:
    """The credentials of the inputs that the ledger does not know itself."""
    at_hand = {source.input.resource.digest: source for source in sources}
    for given in shown_inputs(statement.inputs):
        chain = chain_of_input(archive, given, at_hand.get(given.resource.digest))
        if chain is not None:
            yield given.role.value, chain


def wishes_to_carry(
    archive: Archive, statement: Statement, sources: Sequence[Source] = ()
) -> Mapping[str, str]:
    """The `cawg.training-mining` entries for the new manifest: the strictest of what people and inputs wish.

    What is stated in imported ledgers counts as what is stated in ours, whatever is made of it. Empty where nobody said
    anything: an absent wish is not turned into a permission.
    """
    register = register_of(archive.ledger)
    today = datetime.datetime.now(datetime.UTC).date()
    stated: list[Mapping[str, str]] = []
    for each in concerned(archive, register, statement, sources):
        consent = standing(
            register.consents_of(each.person.person), each.subject, statement.project.production
        )
        if consent is not None:
            stated.append(wishes_of([consent], today))
    inputs = shown_inputs(statement.inputs)
    elsewhere = consents_elsewhere(archive, inputs, statement.project.production, statement.step)
    stated += [wishes_of([each.consent], today) for each in elsewhere]
    for _, chain in chains_of(archive, statement, sources):
        stated += [step.wishes for step in chain.steps]
    stated += [_wish_in_iptc(archive, source) for source in sources]
    return strictest(stated)


def _wish_in_iptc(archive: Archive, source: Source) -> dict[str, str]:
    """The wish in an input's XMP; nothing where that is only PLUS's nearest word for what its own credentials state.

    A condition has no word of its own there: taken up again from step to step, it would become a no.
    """
    chain = chain_of_input(archive, source.input, source)
    stated = strictest([chain.file.wishes]) if chain is not None and chain.file is not None else {}
    nearest = data_mining_of({Wish(name): use for name, use in stated.items() if name in set(Wish)})
    return {} if nearest == f"{PLUS}{_data_mining_code(source.data)}" else data_mining_wish(source.data)


def data_mining_wish(data: bytes) -> dict[str, str]:
    """The wish in a picture's XMP (IPTC Data Mining), as the CAWG entry that it matches; empty where there is none.

    >>> said = b'<x plus:DataMining="http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-GENAIMLTRAINING"/>'
    >>> [f"{wish}: {use}" for wish, use in data_mining_wish(said).items()]
    ['cawg.ai_generative_training: notAllowed']
    """
    code = _data_mining_code(data)
    said: dict[str, str] = {}
    if code.startswith("DMI-PROHIBITED"):
        said[Wish.GENERATIVE_TRAINING] = Use.NOT_ALLOWED
        if "GENAIMLTRAINING" not in code:
            said[Wish.TRAINING] = Use.NOT_ALLOWED
        if "AIMLTRAINING" not in code:
            said[Wish.MINING] = Use.CONSTRAINED if "SEECONSTRAINT" in code else Use.NOT_ALLOWED
    return said


def _data_mining_code(data: bytes) -> str:
    found = _DATA_MINING.search(data[:XMP_REACH])
    return found[1].decode() if found else ""


def _record_override(
    archive: Archive,
    register: Register,
    statement: Statement,
    objections: Sequence[Objection],
    override: Override,
) -> None:
    by, items = named_or_new(register, override.by)
    items.append(
        (
            EntryKind.CONSENT_OVERRIDDEN,
            {
                "picture": statement.picture,
                "by": by,
                "reason": Private(override.reason.strip(), "reason", statement.picture),
                "objections": [
                    {
                        "reason": Private(each.reason, "objection", each.person or statement.picture),
                        "where": each.where,
                    }
                    for each in objections
                ],
            },
        )
    )
    archive.ledger.append_all(items)


def _reach(person: Person) -> str:
    # A contact is private: the sentence is shown at the keeper's machine, never written into a file.
    return person.contact or KEEPER


def subjects_of(role: InputRole, step: Step) -> tuple[Subject, ...]:
    """What a use of an input is a use of. A reference is looked at for its style; a model is given its picture, too."""
    if role is not InputRole.REFERENCE:
        return (Subject.LAYOUT,)
    return (Subject.LAYOUT, Subject.STYLE) if step is Step.PAINT else (Subject.STYLE,)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What somebody whose work goes in stated in an imported ledger."""

    ledger: str
    person: Person
    consent: Consent


def objections_elsewhere(
    archive: Archive, inputs: Iterable[Input], production: str, today: datetime.date
) -> list[Objection]:
    """The objections to painting of those whom imported ledgers credit on these inputs, and on what went into them."""
    stated = consents_elsewhere(archive, inputs, production, Step.PAINT)
    found = (_objection(each, today) for each in stated)
    return [each for each in found if each is not None]


def consents_elsewhere(
    archive: Archive, inputs: Iterable[Input], production: str, step: Step
) -> list[Elsewhere]:
    """What counts of the statements of those whom imported ledgers credit on these inputs, and on what went into them.

    LedgerError where an imported ledger cannot be read: a wish that stands in it must not be passed over unheard.
    """
    given = list(inputs)
    with archive.others() as ledgers:
        found: list[Elsewhere] = []
        for ledger in ledgers:
            with asking(ledger):
                found += _stated(ledger, given, production, step)
        return found


def _stated(ledger: AnyLedger, inputs: Iterable[Input], production: str, step: Step) -> Iterator[Elsewhere]:
    register = register_of(ledger)
    for given in inputs:
        subjects = subjects_of(given.role, step)
        records = _records(ledger, given)
        references = references_of(ledger, records)
        for record in records:
            # As above: of what was only looked at, a word about style counts, too.
            style = (Subject.STYLE,) if record.picture in references else ()
            about = dict.fromkeys((*subjects, *style))
            for credit in register.credits(record):
                if credit.role in DRAWING:
                    stated = register.consents_of(credit.person.person)
                    for consent in (standing(stated, each, production) for each in about):
                        if consent is not None:
                            yield Elsewhere(ledger.id, credit.person, consent)


def _objection(said: Elsewhere, today: datetime.date) -> Objection | None:
    """What follows from one statement, told as that ledger's."""
    consent = said.consent
    # Their contact is sealed; the keeper of that ledger can ask them.
    asked = replace(consent, ask="" if consent.ask in STAND_INS else consent.ask)
    name = said.person.name or f"a person of {said.ledger} ({said.person.person})"
    against = objection(asked, name, f"the keeper of {said.ledger}", today)
    return None if against is None else replace(against, where=f"{against.where} of the ledger {said.ledger}")


def _records(ledger: AnyLedger, given: Input) -> list[PictureRecord]:
    """That ledger's record of an input, by its bytes, else its pixels, and all that it came from."""
    known = ledger.pictures_with_file(given.resource.digest)
    if not known and given.resource.pixels is not None:
        known = ledger.pictures_with_pixels(given.resource.pixels)
    return [*known, *(each for one in known for each in ancestors(ledger, one.statement.inputs))]
