"""The flow by which a picture leaves: write down, make, sign, write down, hand over. None leaves without an entry.

    1 journal, vault(inputs), ledger.request     durable before anything is made
    2 make()                                      pure; may run in another process or on another machine
    3 embed -> vault(signed file)                 the bytes are safe before the record speaks of them
    4 ledger.release                              with the digest of the signed file
    5 link beside `out`                           only now has the picture left

The manifest names the requested entry; the released entry names the signed file: that breaks the circle.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from provenance.credentials.sign.disclosure import Publication
from provenance.credentials.sign.ingredients import EntryRef, Source
from provenance.credentials.sign.manifest import Order, embed, sign_beside
from provenance.errors import (
    NotHandedOver,
    OutputError,
    PictureError,
    ProvenanceError,
    Remedy,
    StatementError,
    Stopped,
    Way,
)
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import HELD_AGAINST, PictureRecord, State
from provenance.media.formats import is_one_format, of_name
from provenance.media.picture import Picture, open_picture, pixels, read_file, resource
from provenance.media.sidecar import FACT, goes_beside, holds_credentials, kind_of, place_beside, sidecar_of
from provenance.media.xmp_beside import xmp_beside
from provenance.people.consent import strictest
from provenance.people.roster import known_credits
from provenance.release.archive import Archive
from provenance.release.doubts import doubts, doubts_on_inputs
from provenance.release.final import check_release
from provenance.release.indexing import after_release
from provenance.release.job import Announced, Job, Terms
from provenance.release.journal import Journal, claim, hand_over
from provenance.release.keys import keep_key
from provenance.release.late_timestamps import after_signing
from provenance.release.made import FinalFinding, Made, Released
from provenance.release.permission import check_consent, wishes_to_carry
from provenance.release.webhook import tell_released
from provenance.statement.canonical import Digest
from provenance.statement.statement import Input, InputRole, Resource, Statement
from provenance.statement.vocabulary import Relation, SourceType, Step, Wish


@dataclass(frozen=True, slots=True)
class Begun:
    """A picture that is asked for on the record and not yet made. Its journal is held until it is finished."""

    statement: Statement
    sources: Sequence[Source]
    requested: Entry
    terms: Terms
    journal: Journal
    findings: Sequence[FinalFinding]
    against: Sequence[str]


def open_input(archive: Archive, path: Path) -> Picture:
    """The picture at `path`, within the limits of the settings, with the credentials beside it."""
    picture = open_picture(path, archive.settings.limits)
    return replace(picture, beside=sidecar_of(path))


def source_of(archive: Archive, picture: Picture, role: InputRole, relation: Relation) -> Source:
    """An input picture with its bytes, and with its id where our ledger knows it by file or by pixels."""
    res = resource(picture)
    known = archive.ledger.pictures_with_file(res.digest)
    if not known and res.pixels:
        known = archive.ledger.pictures_with_pixels(res.pixels)
    given = Input(role, relation, res, _meant(archive, known, picture.data, res.media_type, picture.beside))
    return Source(picture.data, given, picture.beside)


def _meant(
    archive: Archive, known: Sequence[PictureRecord], data: bytes, media_type: str, beside: bytes | None
) -> str | None:
    """The id of a picture; of several records of the same one, that which its own credentials name, else the newest."""
    ids = [each.picture for each in known]
    if len(ids) > 1:
        ref = archive.read_chain(data, media_type, beside=beside).ref
        if ref is not None and ref.ledger == archive.ledger.id and ref.picture in ids:
            return ref.picture
    return next(iter(ids), None)


def record(
    archive: Archive, path: Path, job: Job, *, source_type: SourceType, references: Sequence[Path] = ()
) -> Released:
    """A signed copy of a picture made by people, in the record. The original stays as it is. Credentials that it
    already carries are kept as its history. A kind of file that can hold none keeps its bytes, and has them beside it.

    `references` are pictures that its makers looked at.
    """
    claim(job.out, force=job.force)
    if not holds_credentials(path):
        return _record_beside(archive, path, job, source_type, references)
    picture = open_input(archive, path)
    source = source_of(archive, picture, InputRole.ORIGINAL, Relation.INPUT)
    made = replace(_as_it_is(picture, job.out), xmp=xmp_beside(path))
    return _by_people(archive, Step.RECORD, source_type, source, references, made, job)


def retouch(
    archive: Archive, parent: Path, edited: Path, job: Job, *, references: Sequence[Path] = ()
) -> Released:
    """A signed copy of `edited`, recorded as a revision by hand over `parent`; `references` were looked at. A kind
    that holds no credentials (HEIC, GIF) keeps its bytes, and has them beside it.

    Where the job names no production, episode or shot, it belongs where its parent does.
    """
    claim(job.out, force=job.force)
    before, after = open_input(archive, parent), open_input(archive, edited)
    if goes_beside(after.media_type):
        claim(place_beside(job.out), force=job.force)
    source = source_of(archive, before, InputRole.PARENT, Relation.PARENT)
    if resource(after).pixels == source.input.resource.pixels:
        raise StatementError(f"{edited} shows the same pixels as {parent}; a retouch changes the picture")
    made = replace(_as_it_is(after, job.out), xmp=xmp_beside(edited))
    job, note = _placed_as_its_parent(archive, job, source.input.picture)
    made = replace(made, notes=(*made.notes, *note))
    return _by_people(archive, Step.RETOUCH, SourceType.HUMAN_EDITS, source, references, made, job)


def _placed_as_its_parent(archive: Archive, job: Job, parent: str | None) -> tuple[Job, tuple[str, ...]]:
    """The job in the production and shot of its parent, and that in words; as it is where it names one of its own.

    The stage is not taken over: what is final is said of each picture.
    """
    own = job.project
    if parent is None or own.production or own.episode or own.shot:
        return job, ()
    theirs = archive.ledger.picture(parent).statement.project
    named = [each for each in (theirs.production, theirs.episode, theirs.shot) if each]
    if not named:
        return job, ()
    words = f"it is recorded where its parent is: {', '.join(named)}; for another place give --production"
    return replace(job, project=replace(theirs, stage=own.stage)), (words,)


def release(
    archive: Archive,
    statement: Statement,
    sources: Sequence[Source],
    make: Callable[[], Made],
    job: Job,
    against: Sequence[str] = (),
) -> Released:
    """Makes, signs and records one picture, and puts it at `job.out`; `against` is what speaks against its statement.

    Before anything is made it raises OutputError where that cannot be taken, IdentityError where our certificate is
    not valid today, ConsentError where somebody does not
    allow the use, StatementError where a final picture leaves a hand unnamed. Whatever stops the maker is on the
    record as cancelled or failed, and leaves no file.
    """
    return finish_release(archive, begin_release(archive, statement, sources, job, against), make)


def begin_release(
    archive: Archive,
    statement: Statement,
    sources: Sequence[Source],
    job: Job,
    against: Sequence[str] = (),
) -> Begun:
    """Step 1 of a release: everything is checked, and what was asked is written down. `finish_release` must follow."""
    out, terms, force = claim(job.out, force=job.force), job.terms, job.force
    archive.identity.need_valid()
    asked_at = len(archive.ledger)
    # Everybody on record under their id and public name: no real name behind a pseudonym goes into a file.
    known = known_credits(archive.ledger, statement.credits)
    statement = replace(statement, credits=terms.publication.noted(known))
    findings = check_release(archive, statement, sources)
    if terms.override is None:
        check_consent(archive, statement, sources)
    publication = _carrying_wishes(archive, statement, sources, terms.publication)
    against = (*against, *doubts_on_inputs(archive, sources))
    artist = terms.artist.name if terms.artist else ""
    terms.announce(Announced(statement, publication, archive.identity.name, artist, against))
    # An override is put on the record, so only once everything else is settled. And somebody may have thought over what
    # was announced for as long as others needed to say no.
    if terms.override is not None or len(archive.ledger) != asked_at:
        check_consent(archive, statement, sources, terms.override)
    for source in sources:
        archive.vault.put(source.data)
    journal = Journal(archive.settings.staging, statement.picture, out, force=force)
    try:
        requested = archive.ledger.request(statement)
    except BaseException as error:
        _give_up(archive, statement.picture, journal, error)
        raise
    terms = replace(terms, publication=publication)
    return Begun(statement, sources, requested, terms, journal, findings, against)


def finish_release(
    archive: Archive, begun: Begun, make: Callable[[], Made], *, indexed: bool = True
) -> Released:
    """Steps 2 to 5. What `make` raises closes the picture on the record as cancelled or failed, and goes on up.

    Without `indexed` it is left to the caller to put the picture into the look-up index, with others.
    """
    statement, journal = begun.statement, begun.journal
    try:
        order = _order(archive, statement, begun.sources, begun.requested, begun.terms)
        record, notes = _make_and_sign(archive, order, lambda: _with_doubts(make(), begun.against), journal)
        hand_over(record, journal.out, archive.vault, force=journal.force)
        # While there is a journal: where the program is killed here, the next start tells it.
        notes = (*notes, *tell_released(archive.settings, archive.ledger.id, record))
    except BaseException as error:
        released = _give_up(archive, statement.picture, journal, error)
        if released and isinstance(error, Exception):
            raise NotHandedOver.because(error, statement.picture) from error
        raise
    journal.close()
    after_signing(archive.ledger, record, archive.settings.tsa_url)
    if indexed:
        after_release(archive, record)
    assert record.output is not None
    return Released(record, journal.out, record.output.digest, tuple(begun.findings), notes)


def _give_up(archive: Archive, picture: str, journal: Journal, error: BaseException) -> bool:
    """Closes the picture on the record; True for one that was released already: the next start hands it over."""
    released = _released(archive, picture)
    if released:
        journal.leave()
    else:
        _close(archive, picture, error)
        journal.close()
    return released


def _with_doubts(made: Made, against: Sequence[str]) -> Made:
    """What was made, with what speaks against it among its facts: so it stands in the file and in the record."""
    return replace(made, facts={**made.facts, HELD_AGAINST: [*against]}) if against else made


def _by_people(
    archive: Archive,
    step: Step,
    source_type: SourceType,
    source: Source,
    references: Sequence[Path],
    made: Made,
    job: Job,
) -> Released:
    """Releases what people made of one picture, with what they looked at."""
    sources = [source]
    for path in references:
        looked_at = source_of(archive, open_input(archive, path), InputRole.REFERENCE, Relation.INPUT)
        if any(each.input.resource.digest == looked_at.input.resource.digest for each in sources):
            raise StatementError(f"{path} went in already; a reference is another picture, named once")
        sources.append(looked_at)
    given, *beside = (each.input for each in sources)
    statement = job.statement(step, source_type, given, beside=beside)
    against = doubts(archive, made, source_type, step)
    return release(archive, statement, sources, lambda: made, job, against)


def _record_beside(
    archive: Archive, path: Path, job: Job, source_type: SourceType, references: Sequence[Path]
) -> Released:
    """A file that is not looked into: known by its bytes, its credentials in a file of their own."""
    claim(place_beside(job.out), force=job.force)
    if not is_one_format(path.name, job.out.name):
        raise OutputError(
            f"the copy keeps the file's own format; give {job.out.name} the ending {path.suffix}"
        )
    data = read_file(path, archive.settings.limits.size)
    if not 0 < len(data) <= archive.settings.limits.size:
        if not data:
            raise PictureError(f"{path} is empty (0 bytes)")
        words = f"{path} is larger than the {archive.settings.limits.size:,} bytes let in"
        raise PictureError(words, remedies=(Remedy(Way.ALLOW_BYTES),))
    kind = kind_of(path)
    original = Resource(Digest.of(data), kind, len(data))
    beside = sidecar_of(path)
    known = archive.ledger.pictures_with_file(original.digest)
    given = Input(InputRole.ORIGINAL, Relation.INPUT, original, _meant(archive, known, data, kind, beside))
    made = Made(data, kind, beside=beside, xmp=xmp_beside(path))
    return _by_people(archive, Step.RECORD, source_type, Source(data, given), references, made, job)


def _as_it_is(picture: Picture, out: Path) -> Made:
    """A picture that people made keeps its bytes, so its name must keep its format."""
    named = of_name(out.name)
    if named is None or named.media_type != picture.media_type:
        raise OutputError(
            f"the signed copy keeps the picture's own format, {picture.media_type}; name {out.name} after it"
        )
    several = "the file holds several pictures: it is recorded whole, and known by the pixels of the first"
    notes = (several,) if picture.first_of_several else ()
    return Made(picture.data, picture.media_type, beside=picture.beside, notes=notes)


def _make_and_sign(
    archive: Archive, order: Order, make: Callable[[], Made], journal: Journal
) -> tuple[PictureRecord, tuple[str, ...]]:
    """Steps 2 to 4; with the record, what somebody should know about the file."""
    made = make()
    order = replace(order, at=datetime.now(UTC), facts=made.facts, beside=made.beside)
    opaque = goes_beside(made.media_type)
    sign = sign_beside if opaque else embed
    signed = sign(made.data, made.media_type, order, archive.identity)
    file, facts = signed.data, made.facts
    if signed.picture is not None:
        claim(place_beside(journal.out), force=journal.force)
        file, facts = signed.picture, {**made.facts, FACT: str(Digest.of(signed.data))}
        archive.vault.put(file)
    output = Resource(Digest.of(file), made.media_type, len(file)) if opaque else _as_read(archive, file)
    journal.will_sign(Digest.of(signed.data))
    archive.vault.put(signed.data)
    picture = order.statement.picture
    archive.ledger.release(
        picture,
        output=output,
        signer=archive.identity.fingerprint,
        manifest=signed.label,
        time_stamped=signed.time_stamped,
        facts=facts,
    )
    archive.ledger.checkpoint()
    return archive.ledger.picture(picture), (*made.notes, *signed.notes)


def _as_read(archive: Archive, file: bytes) -> Resource:
    """A signed picture by its digests and sizes; what was let in may have grown by its history."""
    picture = open_picture(file, archive.settings.limits.for_our_own())
    shown = pixels(picture)
    read = resource(picture, shown)
    if read.pixels is not None:
        keep_key(archive.settings, read.pixels, shown)
    return read


def _order(
    archive: Archive,
    statement: Statement,
    sources: Sequence[Source],
    requested: Entry,
    terms: Terms,
) -> Order:
    """What will be signed, but for what the maker gives."""
    prompt = requested.commitment("prompt", "text")
    given = archive.ledger.checkpoint_to_give()  # anyone with the file can hold the ledger to it
    checkpoint = str(given) if given is not None else None
    entry = EntryRef(archive.ledger.id, requested.seq, requested.leaf_hash.hex(), prompt, checkpoint)
    # A recorded original is no ingredient: it is the picture itself.
    shown = tuple(each for each in sources if each.input.role is not InputRole.ORIGINAL)
    return Order(
        statement,
        entry,
        datetime.now(UTC),
        shown,
        publication=terms.publication,
        tsa_url=archive.settings.tsa_url,
        artist=terms.artist,
        trust=archive.trust,
    )


def _carrying_wishes(
    archive: Archive, statement: Statement, sources: Sequence[Source], publication: Publication
) -> Publication:
    """The publication with the wishes of the people and inputs behind the picture; a stricter one of its own stays."""
    own = {wish.value: use.value for wish, use in publication.wishes.items()}
    together = strictest([own, wishes_to_carry(archive, statement, sources)])
    wishes = {Wish(wish): use for wish, use in together.items() if wish in set(Wish)}
    return replace(publication, wishes=wishes)


def _released(archive: Archive, picture: str) -> bool:
    try:
        return archive.ledger.picture(picture).state is State.RELEASED
    except ProvenanceError:
        return False


def _close(archive: Archive, picture: str, error: BaseException) -> None:
    """Writes down why there is no picture; where even that fails, the journal of the next start does it."""
    called_off = isinstance(error, Stopped | KeyboardInterrupt)
    kind = EntryKind.PICTURE_CANCELLED if called_off else EntryKind.PICTURE_FAILED
    # The message may hold a path or a prompt, and an entry is for ever: its kind is enough, or what it has for it.
    reason = "called off" if called_off else getattr(error, "on_record", type(error).__name__)
    try:
        archive.ledger.close_without(picture, kind, reason)
    except ProvenanceError:
        return
