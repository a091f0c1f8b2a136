"""Which pictures credit somebody, as the record holds today."""

from provenance.errors import NotRecorded, StatementError
from provenance.ledger import Ledger
from provenance.ledger.store.records import PictureRecord
from provenance.people.person import Person
from provenance.people.register import Register


def records_crediting(ledger: Ledger, register: Register, person: Person) -> list[PictureRecord]:
    """The pictures on which somebody is, or was made by a correction, credited; oldest first."""
    ids = {each.person for each in register.together(person.person)}
    found = {each.record.picture: each.record for one in ids for each in ledger.credits_of(one)}
    for (moved, picture), into in register.moved.items():
        if into in ids or moved in ids:
            found[picture] = ledger.picture(picture)
    for picture, corrections in register.corrections.items():
        if any(each.after in ids for each in corrections):
            found[picture] = ledger.picture(picture)
    return sorted(found.values(), key=lambda each: each.requested)


def picture_meant(ledger: Ledger, text: str) -> PictureRecord:
    """The picture that somebody means by its id or by the number of one of its entries."""
    wanted = text.strip()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 16:
        body = ledger.entry(int(wanted)).body
        picture = body.get("picture") if isinstance(body, dict) else None
        if not isinstance(picture, str):
            raise NotRecorded(f"entry {wanted} is about no picture")
        return ledger.picture(picture)
    if not wanted:
        raise StatementError("say which picture is meant: its id (pic-…) or the number of its entry")
    return ledger.picture(wanted)
