"""A recorded picture signed again with the credits of today: a new file over the old one, and both on the record."""

import tempfile
from pathlib import Path

from provenance.credentials.sign.disclosure import Publication
from provenance.errors import NotRecorded, StatementError
from provenance.media.sidecar import FACT, place_beside
from provenance.people.register import register_of
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.made import Released
from provenance.release.release import record
from provenance.statement.canonical import Digest
from provenance.statement.commitment import STAND_INS
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
    credited = [
        # A person whose name was erased is not named in a new file either.
        Credit(each.role, None)
        if each.person.erased
        else Credit(each.role, each.person.name, each.person.person or None)
        for each in register.credits(found)
    ]
    if not credited:
        raise StatementError(f"nobody is left in the credits of {picture}; correct them first")
    suffix = out.suffix or ".png"
    # Whom the old file names otherwise, the new one does too: no correction of one name tells another.
    shown = {
        register.person(each.person).person: each.shown
        for each in found.statement.credits
        if each.person and each.shown and each.shown not in STAND_INS
    }
    pseudonyms = {each.name: shown[each.person] for each in credited if each.name and each.person in shown}
    terms = Terms(Publication(pseudonyms=pseudonyms, credit_line=credit_line))
    with tempfile.TemporaryDirectory(prefix="genzu-") as folder:
        source = Path(folder) / f"signed{suffix}"
        source.write_bytes(archive.vault.get(found.output.digest))
        if isinstance(sidecar := found.facts.get(FACT), str):
            place_beside(source).write_bytes(archive.vault.get(Digest.parse(sidecar)))
        note = f"signed again with the credits of entry {len(archive.ledger) - 1}; was {picture}"
        job = Job(tuple(credited), out, found.statement.project, note, terms, force=force)
        return record(archive, source, job, source_type=found.statement.source_type)
