"""One picture as schema.org JSON-LD, for the head of its credit page (https://schema.org/ImageObject).

Those who drew or revised are `creator`; a prompt writer, a director or a supervisor is a `contributor`, as IPTC says.
A model is no creator: it stands in `mentions`, with its licence and what it was trained on.
"""

import json

from provenance.exports.public import PublicPerson, PublicPicture
from provenance.statement.credit import DRAWING, Kind, credit_text
from provenance.statement.json_value import Json


def to_schema_org(picture: PublicPicture, ledger: str, page: str = "") -> dict[str, Json]:
    """The picture as an ImageObject; `page` is the address of its credit page, where it has one."""
    creators: list[Json] = [
        _role("creator", each.role.value, each.person) for each in picture.credits if each.role in DRAWING
    ]
    others: list[Json] = [
        _role("contributor", each.role.value, each.person)
        for each in picture.credits
        if each.role not in DRAWING
    ]
    told: dict[str, Json] = {
        "@context": "https://schema.org",
        "@type": "ImageObject",
        "identifier": picture.picture,
        "sha256": picture.file.hex,
        "encodingFormat": picture.media_type,
        "dateCreated": picture.released_at,
        "creditText": "; ".join(credit_text(each.role.value, each.person.name) for each in picture.credits),
        "digitalSourceType": picture.source_type.uri,
        "publication": {"@type": "PublicationEvent", "description": f"{ledger}, entry {picture.released}"},
    }
    if picture.width and picture.height:
        told |= {"width": picture.width, "height": picture.height}
    if page:
        told["url"] = page
    if creators:
        told["creator"] = creators
    if others:
        told["contributor"] = others
    if picture.project.production:
        told["isPartOf"] = {"@type": "CreativeWork", "name": picture.project.production}
    parents: list[Json] = [
        {"@type": "ImageObject", "identifier": each.picture or str(each.digest)} for each in picture.inputs
    ]
    if parents:
        told["isBasedOn"] = parents
    if picture.model is not None:
        told["mentions"] = {
            "@type": "SoftwareApplication",
            "name": picture.model.name,
            "softwareVersion": picture.model.revision,
            "license": picture.model.license,
            "description": f"generative model, trained on: {picture.model.training}",
        }
    return told


def for_a_page(told: dict[str, Json]) -> str:
    """The JSON as it can stand inside a script element: no text in it can end the element."""
    text = json.dumps(told, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _role(what: str, role: str, person: PublicPerson) -> Json:
    kind = "Organization" if person.kind is Kind.ORGANISATION else "Person"
    named: dict[str, Json] = {"@type": kind, "name": person.name}
    same: list[Json] = [one.url for one in person.identifiers if one.url]
    if person.romaji and person.romaji != person.name:
        named["alternateName"] = person.romaji
    if same:
        named["sameAs"] = same
    return {"@type": "Role", "roleName": role, what: named}
