"""What others make of a signed file: another maker's validator, its pixels, its XMP as another program reads it."""

import io

import encypher_c2pa
from credential_samples import signer
from PIL import Image

from provenance.media.picture import open_picture, pixel_digest, pixels
from provenance.settings import Limits
from provenance.statement.canonical import Digest

# What the conformance programme asks of a service, not of a file: a public time stamp and a revocation service.
OF_A_SERVICE = {
    "com.encypher.conformance.revocationInformationMissing",
    "com.encypher.conformance.trustedTimeStampMissing",
}


def second_opinion(data: bytes, media_type: str, *, strict: bool = False) -> tuple[str, set[str]]:
    report = encypher_c2pa.verify(
        data,
        media_type,
        trust_pem=signer().root_pem,
        no_default_trust=True,
        telemetry=False,
        strict_conformance=strict,
    )
    return report["validation_state"], {each["code"] for each in report["validation_results"]["failure"]}


def seen(data: bytes) -> Digest:
    return pixel_digest(pixels(open_picture(data, Limits())))


def description(data: bytes) -> dict[str, object]:
    """The XMP of a file as another program (Pillow) reads it."""
    with Image.open(io.BytesIO(data)) as image:
        found = image.getxmp()["xmpmeta"]["RDF"]["Description"]
    assert isinstance(found, dict)
    return found
