"""What an artist takes away: every credit with what AI did before and after, to print, and the receipts to keep.

    certificate.html         one page a printer takes; its QR code holds the checkpoint, or the address of a page
    certificate.json         the same for a program
    receipts/pic-….tlog-proof   one for each picture; `genzu receipt verify FILE` checks it without this ledger

Anyone with the printed checkpoint can show later that the ledger was rewritten.
"""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import segno

from provenance.errors import NotRecorded, StatementError
from provenance.exports.certificate_words import WORDS
from provenance.exports.public import PublicPerson, PublicPicture, public_person, public_picture, slug
from provenance.exports.roll import made_words
from provenance.inspection.lineage import disputes_behind, history_of_record
from provenance.inspection.translated import in_language
from provenance.ledger.ancestry import ancestry, descendants, recorded_again
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord
from provenance.people.claims import Claimed, claims_json
from provenance.people.credited import Later, PersonCredit, credits_of, later_from, openly
from provenance.people.person import Person
from provenance.people.receipt_given import receipt_given
from provenance.people.register import Register
from provenance.proof.receipt import SUFFIX
from provenance.show.templates import render
from provenance.statement.json_value import Json
from provenance.statement.statement import Project
from provenance.statement.vocabulary import BY_AI, Step
from provenance.statement.words import MARKS, ROLES


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """One credit: the picture, the roles in it, and the AI steps before, in and after it."""

    picture: PublicPicture
    roles: tuple[str, ...]
    before: tuple[str, ...]
    itself: str
    after: tuple[str, ...]
    claims: tuple[Claimed, ...]
    receipts: tuple[tuple[str, int], ...]  # a file's name, and the entry that it proves
    history: str  # who made the picture, in a sentence
    disputes: tuple[str, ...]  # which records in its history are disputed


@dataclass(frozen=True, slots=True)
class LaterPicture:
    """A picture made later from one that the person drew; they have no credit on it."""

    picture: PublicPicture
    source: str
    itself: str
    history: str
    disputes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Certificate:
    """A person's credits under one checkpoint (its text is the signed note)."""

    person: PublicPerson
    held: tuple[CertificateLine, ...]
    later: tuple[LaterPicture, ...]
    ledger: str
    key: str
    checkpoint: str
    size: int
    language: str = "en"
    disputes: tuple[str, ...] = ()  # whether the person's own record is disputed
    kept: bool = False  # whether something of it stays with the keeper of the record


def certify(
    ledger: AnyLedger, register: Register, person: Person, language: str = "en", *, called: str = ""
) -> Certificate:
    """The certificate of a person as the record stands; credits on pictures that never left are not in it.

    It is in one name. Pictures whose file has another for them are in the certificate of that one, which is asked for
    by `called` and says nothing else of the person; NotRecorded where no file calls them so. Its own words are in
    `language`, English or Japanese.
    """
    if language not in WORDS:
        raise StatementError(f"a certificate is written in {', '.join(WORDS)}, not in {language[:40]!r}")
    signed = ledger.checkpoint_covering(len(ledger))
    every = credits_of(ledger, register, person)
    credits = [each for each in every if each.in_file == called] if called else openly(every)
    if called and not credits:
        raise NotRecorded(
            f"no file of theirs calls this person {called[:60]!r}; leave it out for their own name"
        )
    by_picture: dict[str, list[PersonCredit]] = {}
    for each in credits:
        by_picture.setdefault(each.record.picture, []).append(each)
    held = [_held(ledger, register, mine, language) for mine in by_picture.values()]
    later = [_later(ledger, register, each, language) for each in later_from(ledger, credits)]
    return Certificate(
        PublicPerson(None, person.kind, called, "", "", ()) if called else public_person(person),
        tuple(each for each in held if each is not None),
        tuple(each for each in later if each is not None),
        ledger.id,
        str(ledger.verify_key),
        str(signed),
        signed.checkpoint.size,
        language,
        () if called else tuple(register.disputes_about(person)),
    )


def for_strangers(certificate: Certificate) -> Certificate:
    """The certificate without what a record keeps to itself: which production, episode and shot a picture belongs to,
    and the receipts of those entries, which can be checked only with all that stands in them.
    """
    held = tuple(_without_place(each) for each in certificate.held)
    return replace(certificate, held=held, kept=held != certificate.held)


def _without_place(held: CertificateLine) -> CertificateLine:
    if held.picture.project == Project():
        return held
    return replace(held, picture=replace(held.picture, project=Project()), receipts=())


def files_of(ledger: AnyLedger, certificate: Certificate, address: str = "") -> Mapping[str, bytes]:
    """The files of a certificate by their names; `address`: a page that the QR code leads to."""
    files = {
        "certificate.html": to_html(certificate, address).encode(),
        "certificate.json": (json.dumps(to_json(certificate), ensure_ascii=False, indent=2) + "\n").encode(),
        "checkpoint.txt": certificate.checkpoint.encode(),
    }
    for each in certificate.held:
        for name, seq in each.receipts:
            files[f"receipts/{name}"] = str(receipt_given(ledger, seq)).encode()
    return files


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as one zip, to hand over on a page."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def to_html(certificate: Certificate, address: str = "") -> str:
    """One page, to read and to print."""
    words = WORDS[certificate.language]
    return render(
        "certificate.html",
        title=f"{words['title']}{MARKS[certificate.language].colon}{certificate.person.name}",
        language=certificate.language,
        words=words,
        marks=MARKS[certificate.language],
        count=words["count"].format(
            count=len(certificate.held), ledger=certificate.ledger, size=certificate.size
        ),
        places=[place_words(each) for each in certificate.held],
        certificate=certificate,
        say=partial(in_language, language=certificate.language),
        address=address,
        qr=qr_code(qr_text(certificate, address)),
    )


def qr_text(certificate: Certificate, address: str = "") -> str:
    """What the QR code says: the address of a page, else the checkpoint without its signature."""
    return address or certificate.checkpoint.partition("\n\n")[0] + "\n"


def place_words(held: CertificateLine) -> str:
    """Production, episode and cut of a picture."""
    place = held.picture.project
    return " ".join(each for each in (place.production, place.episode, place.shot) if each)


def to_json(certificate: Certificate) -> dict[str, Json]:
    """The certificate as data, its sentences in its language."""
    say = partial(in_language, language=certificate.language)
    return {
        "format": "genzu certificate 1",
        "name": certificate.person.name,
        "person": certificate.person.person,
        "identifiers": [str(each) for each in certificate.person.identifiers],
        "ledger": certificate.ledger,
        "key": certificate.key,
        "entries": certificate.size,
        "disputes": [say(one) for one in certificate.disputes],
        "credits": [
            {
                "picture": each.picture.picture,
                "production": each.picture.project.production,
                "episode": each.picture.project.episode,
                "cut": each.picture.project.shot,
                "roles": list(each.roles),
                "claims": claims_json(each.claims),
                "released": each.picture.released_at,
                "file": str(each.picture.file),
                "ai_before": list(each.before),
                "history": each.history,
                "disputes": [say(one) for one in each.disputes],
                "this_step": each.itself,
                "ai_after": list(each.after),
                "receipts": [f"receipts/{name}" for name, _ in each.receipts],
            }
            for each in certificate.held
        ],
        "made_later": [
            {
                "picture": each.picture.picture,
                "from": each.source,
                "history": each.history,
                "disputes": [say(one) for one in each.disputes],
                "this_step": each.itself,
                "released": each.picture.released_at,
                "file": str(each.picture.file),
            }
            for each in certificate.later
        ],
        **({"kept": WORDS[certificate.language]["kept"]} if certificate.kept else {}),
    }


def qr_code(text: str) -> str:
    """The text as a QR code, in an SVG data address."""
    code = segno.make(text, error="m", micro=False)
    uri: str = code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    return uri


def receipts_about(picture: PublicPicture) -> list[tuple[str, int]]:
    """The receipts that a picture's credits need: of its request, and of whatever changed them since."""
    changed = [(f"{slug(picture.picture)}-entry-{seq}{SUFFIX}", seq) for seq in picture.changed]
    return [(f"{slug(picture.picture)}{SUFFIX}", picture.requested), *changed]


def _held(
    ledger: AnyLedger, register: Register, credits: Sequence[PersonCredit], language: str
) -> CertificateLine | None:
    """What the person holds of one picture; None where it never left, or credits them no more."""
    record = credits[0].record
    picture = public_picture(register, record)
    mine = [each.role for each in credits if each.role is not None]
    if picture is None or not mine:
        return None
    roles = tuple(each.value if language == "en" else ROLES[each].roll[language] for each in mine)
    before = tuple(_by_ai(each, language) for each in ancestry(ledger, record)[:-1] if _used_ai(each))
    after = tuple(_by_ai(each, language) for each in descendants(ledger, record) if _used_ai(each))
    claims = tuple(one for each in credits for one in each.claims)
    return CertificateLine(
        picture,
        roles,
        before,
        _itself(record, language),
        after,
        claims,
        tuple(receipts_about(picture)),
        history_of_record(ledger, record).sentence_in(language),
        tuple(disputes_behind(ledger, record)),
    )


def _later(ledger: AnyLedger, register: Register, later: Later, language: str) -> LaterPicture | None:
    picture = public_picture(register, later.record)
    if picture is None:
        return None
    sentence = history_of_record(ledger, later.record).sentence_in(language)
    disputes = tuple(disputes_behind(ledger, later.record))
    return LaterPicture(picture, later.source, _itself(later.record, language), sentence, disputes)


def _itself(record: PictureRecord, language: str) -> str:
    """How one picture was made, in a few words."""
    return _by_ai(record, language) if _used_ai(record) else made_words(record, language)


def _used_ai(record: PictureRecord) -> bool:
    if recorded_again(record) is not None:
        return False
    return record.statement.step is Step.PAINT or record.statement.source_type.maker in BY_AI


def _by_ai(record: PictureRecord, language: str) -> str:
    model, words = record.statement.model, WORDS[language]
    if model is None:
        return words["without"].format(picture=record.picture)
    return words["with"].format(picture=record.picture, model=model.public.name)
