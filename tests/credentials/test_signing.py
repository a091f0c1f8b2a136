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
from manifest_samples import description, second_opinion, seen

from provenance.credentials.read.chain import Named, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.manifest import Order, Signed, sign_beside
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Statement
from provenance.statement.vocabulary import Maker, SourceType, Step


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
    return sign_beside(picture, media_type, Order(statement, ENTRY, AT, (before,)), signer())


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


def test_a_sidecar_by_itself_is_told_to_be_anothers_credentials() -> None:
    told = read_chain(beside(bitmap()).data, trust=trust())
    assert (told.verdict, told.reasons[0].code) == (Verdict.NOT_CHECKED, "genzu.credentials.alone")


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


def corrected(old: bytes, media_type: str, *people: Credit) -> bytes:
    """The signed picture signed once more, with the credits as they are now known to be."""
    kind = SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
    return record(old, media_type, people=people, kind=kind).data


def wrong(media_type: str) -> bytes:
    return paint(
        record(file()).data, file(media_type, 3), media_type, people=[Credit(Role.LAYOUT, "Mori Aio")]
    ).data


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_corrected_file_says_what_is_right_and_links_what_was_said(media_type: str) -> None:
    old = wrong(media_type)
    new = corrected(old, media_type, Credit(Role.LAYOUT, "Mori Aoi"), Credit(Role.PROMPT, "Abe Rin"))
    chain = read_chain(new, trust=trust())
    assert chain.verdict is Verdict.INTACT_KNOWN and seen(new) == seen(old)
    assert chain.file is not None
    assert chain.file.people == (Named("Mori Aoi", "layout"), Named("Abe Rin", "prompt"))
    assert chain.file.maker is Maker.AI_ASSISTED
    assert chain.steps[-2].people == (Named("Mori Aio", "layout"),)
    assert chain.steps[-2].prompt == "night sky, snow"
    assert second_opinion(new, media_type) == ("Trusted", set())


@pytest.mark.parametrize("media_type", [each for each in FORMATS if each != "image/avif"])
def test_other_programs_read_the_corrected_names_only(media_type: str) -> None:
    told = description(corrected(wrong(media_type), media_type, Credit(Role.LAYOUT, "Mori <&> Aoi")))
    assert told["creator"] == {"Seq": {"li": "Mori <&> Aoi"}}
    assert told["AISystemUsed"] == "house" and told["DigitalSourceType"]
    assert str(told["AIPromptInformation"]).split() == "night sky, snow Excluded: text".split()


def test_an_erased_name_is_in_no_field_of_the_corrected_file() -> None:
    told = str(description(corrected(wrong("image/png"), "image/png", Credit(Role.LAYOUT, None))))
    assert "Mori" not in told
