"""Signed beside a file that holds no credentials, and signed again after a correction."""

import io
from pathlib import Path

import encypher_c2pa
import pytest
from credential_samples import (
    AT,
    ENTRY,
    FORMATS,
    GENZU,
    MODEL,
    NIGHT,
    drawing,
    file,
    paint,
    record,
    signer,
    source,
    trust,
)
from test_manifest import second_opinion, seen

from provenance.credentials.chain import Named, Verdict
from provenance.credentials.manifest import EntryRef, Signed, reissue, sign_beside
from provenance.credentials.publication import Publication
from provenance.credentials.reader import read_chain
from provenance.credits import Credit, Role
from provenance.errors import ManifestError
from provenance.statement import Statement
from provenance.vocabulary import Maker, SourceType, Step

CORRECTION = EntryRef(ENTRY.ledger, 12, "cd" * 32)


def bitmap() -> bytes:
    target = io.BytesIO()
    drawing().save(target, "BMP")
    return target.getvalue()


def beside(picture: bytes, media_type: str = "image/bmp") -> Signed:
    before = source(record(file()).data)
    statement = Statement(
        "pic-2", Step.PAINT, SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA, GENZU,
        (Credit(Role.LAYOUT, "Mori Aoi"),), (before.input,), NIGHT, MODEL,
    )  # fmt: skip
    return sign_beside(picture, media_type, statement, [before], ENTRY, signer(), at=AT)


def test_a_file_that_holds_no_credentials_gets_them_beside_it() -> None:
    picture, signed = bitmap(), beside(bitmap())
    chain = read_chain(picture, "image/bmp", trust=trust(), beside=signed.data)
    assert chain.verdict is Verdict.INTACT_KNOWN
    assert [step.maker for step in chain.steps] == [Maker.HUMAN, Maker.AI_ASSISTED]


def test_another_makers_validator_accepts_credentials_beside_a_file() -> None:
    report = encypher_c2pa.verify(
        file(), "image/png", manifest_store=beside(file(), "image/png").data, trust_pem=signer().root_pem,
        no_default_trust=True, telemetry=False,
    )  # fmt: skip
    assert report["validation_state"] == "Trusted"


@pytest.mark.parametrize("name", ["scene.bmp.c2pa", "scene.c2pa"])
@pytest.mark.parametrize("ending", ["bmp", "kra", "png"])
def test_a_sidecar_next_to_a_file_is_found(tmp_path: Path, ending: str, name: str) -> None:
    path, picture = tmp_path / f"scene.{ending}", file() if ending == "png" else bitmap()
    path.write_bytes(picture)
    assert read_chain(path, trust=trust()).verdict in (Verdict.NO_CREDENTIALS, Verdict.NOT_CHECKED)
    path.with_name(name.replace("bmp", ending)).write_bytes(beside(picture, "application/octet-stream").data)
    assert read_chain(path, trust=trust()).verdict is Verdict.INTACT_KNOWN
    path.write_bytes(picture[:-1] + b"!" if ending != "png" else file(seed=9))
    assert read_chain(path, trust=trust()).verdict is Verdict.ALTERED


def test_a_sidecar_that_may_be_anothers_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "scene.png").write_bytes(file())
    (tmp_path / "scene.bmp").write_bytes(bitmap())
    (tmp_path / "scene.c2pa").write_bytes(beside(bitmap()).data)
    assert read_chain(tmp_path / "scene.png", trust=trust()).verdict is Verdict.NO_CREDENTIALS


def test_a_damaged_sidecar_ends_in_an_answer() -> None:
    store = beside(bitmap()).data
    for junk in (b"", b"x", store[: len(store) // 2], store[:300] + b"\xff" * 40 + store[340:]):
        chain = read_chain(bitmap(), "image/bmp", trust=trust(), beside=junk or None)
        assert chain.verdict is not Verdict.INTACT_KNOWN


def corrected(*people: Credit) -> Statement:
    """The statement of the painted picture, with the credits as they are now known to be."""
    before = source(file())
    return Statement(
        "pic-2", Step.PAINT, SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA, GENZU, people,
        (before.input,), NIGHT, MODEL,
    )  # fmt: skip


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_corrected_file_says_what_is_right_and_links_what_was_said(media_type: str) -> None:
    old = paint(
        record(file()).data, file(media_type, 3), media_type, people=[Credit(Role.LAYOUT, "Mori Aio")]
    ).data
    now = corrected(Credit(Role.LAYOUT, "Mori Aoi"), Credit(Role.PROMPT, "Abe Rin"))
    new = reissue(old, media_type, now, CORRECTION, signer(), at=AT)
    chain = read_chain(new.data, trust=trust())
    assert chain.verdict is Verdict.INTACT_KNOWN and seen(new.data) == seen(old)
    assert chain.file is not None
    assert chain.file.people == (Named("Mori Aoi", "layout"), Named("Abe Rin", "prompt"))
    assert chain.file.maker is Maker.AI_ASSISTED and chain.file.record is not None
    assert chain.file.record["entry"] == 12
    assert chain.steps[-2].people == (Named("Mori Aio", "layout"),)
    assert chain.steps[-2].prompt == "night sky, snow"
    assert second_opinion(new.data, media_type) == ("Trusted", set())


@pytest.mark.parametrize("media_type", [each for each in FORMATS if each != "image/avif"])
def test_other_programs_read_the_corrected_names_only(media_type: str) -> None:
    from test_publication import description

    old = paint(
        record(file()).data, file(media_type, 3), media_type, people=[Credit(Role.LAYOUT, "Mori Aio")]
    ).data
    now = corrected(Credit(Role.LAYOUT, "Mori Aoi"))
    new = reissue(
        old, media_type, now, CORRECTION, signer(), at=AT, publication=Publication(credit_line="Kita")
    ).data
    assert description(new)["creator"] == {"Seq": {"li": "Mori Aoi"}}
    assert description(new)["AISystemUsed"] == "house" and description(new)["Credit"] == "Kita"


def test_only_a_signed_file_is_issued_again() -> None:
    with pytest.raises(ManifestError, match="sign this one first"):
        reissue(file(), "image/png", corrected(Credit(Role.LAYOUT, "Mori Aoi")), CORRECTION, signer(), at=AT)
