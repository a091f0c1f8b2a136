"""A recorded picture signed again with the credits of today: a new file over the old one, and both on the record."""

import tempfile
from pathlib import Path

from provenance.credentials.sign.disclosure import Publication
from provenance.errors import NotRecorded, StatementError
from provenance.media.sidecar import FACT, place_beside
from provenance.people.register import Register, register_of
from provenance.people.ties import Credited
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.made import Released
from provenance.release.release import record
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit


def reissue(
    archive: Archive, picture: str, out: Path, *, credit_line: str = "", force: bool = False
) -> Released:
    """The signed file of `picture` once more, with its corrected credits; the old file is its history.

    The line of credit is given anew: the old one may hold the very name that was corrected.
    StatementError where nobody is left in the credits.
    """
    found = archive.ledger.picture(picture)
    if found.output is None:
        raise NotRecorded(f"{picture} was never released; there is no file to sign again")
    register = register_of(archive.ledger)
    credits = register.credits(found)
    credited = [_anew(register, each) for each in credits]
    if not credited:
        raise StatementError(f"nobody is left in the credits of {picture}; correct them first")
    suffix = out.suffix or ".png"
    # Whom the old file names otherwise, the new one does too: no correction of one name tells another.
    pseudonyms = {
        new.name: old.person.name
        for old, new in zip(credits, credited, strict=True)
        if old.otherwise and new.name and old.person.name
    }
    terms = Terms(Publication(pseudonyms=pseudonyms, credit_line=credit_line))
    with tempfile.TemporaryDirectory(prefix="genzu-") as folder:
        source = Path(folder) / f"signed{suffix}"
        source.write_bytes(archive.vault.get(found.output.digest))
        if isinstance(sidecar := found.facts.get(FACT), str):
            place_beside(source).write_bytes(archive.vault.get(Digest.parse(sidecar)))
        note = f"signed again with the credits of entry {len(archive.ledger) - 1}; was {picture}"
        job = Job(tuple(credited), out, found.statement.project, note, terms, force=force)
        return record(archive, source, job, source_type=found.statement.source_type)


def _anew(register: Register, credit: Credited) -> Credit:
    """The credit for a new file. Whose name was erased, or whose other name was lost, is not named in it either."""
    person = credit.person
    if person.erased or (credit.otherwise and person.name is None):
        return Credit(credit.role, None)
    name = register.person(person.person).name if credit.otherwise else person.name
    return Credit(credit.role, name, person.person or None)
