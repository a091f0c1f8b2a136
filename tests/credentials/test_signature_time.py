"""Time stamps of signatures, from a real authority (openssl), and what happens when there is none."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import encypher_c2pa
import pytest
from authorities import Guild, signed_by
from credential_samples import file, paint, png_chunks, record, signer, trust
from hypothesis import given
from hypothesis import strategies as st
from stamp_authority import Clock

from provenance.credentials.identity.purposes import Purpose
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.cose import Cbor, CoseSignature, parse_signature
from provenance.credentials.read.jumbf import claim_of, manifests_in, signature_of
from provenance.credentials.read.reader import read_chain
from provenance.credentials.read.stamps import stamp_of
from provenance.credentials.sign import signing
from provenance.inspection.inspection import inspect


def test_a_signature_is_stamped_with_the_time(clock: Clock) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=clock.url)
    assert signed.time_stamped
    chain = read_chain(signed.data, trust=trust().knowing(clock.root, Purpose.TIME_STAMPS))
    assert chain.verdict is Verdict.INTACT_KNOWN and not chain.reasons
    step = chain.file
    assert step is not None and step.signer is not None and step.signer.time is not None
    stamped = datetime.fromisoformat(step.signer.time)
    assert abs(datetime.now(UTC) - stamped) < timedelta(minutes=5)


def test_another_makers_validator_accepts_the_stamp(clock: Clock) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=clock.url)
    report = encypher_c2pa.verify(
        signed.data, "image/png", trust_pem=signer().root_pem, tsa_trust_pem=clock.root,
        no_default_trust=True, telemetry=False,
    )  # fmt: skip
    assert report["validation_state"] == "Trusted"
    assert "timeStamp.trusted" in {each["code"] for each in report["validation_results"]["success"]}


def test_a_stamp_of_an_authority_that_we_do_not_know_is_told(clock: Clock) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=clock.url)
    chain = read_chain(signed.data, trust=trust())
    assert chain.verdict is Verdict.INTACT_KNOWN
    assert [each.code for each in chain.reasons] == ["timeStamp.untrusted"]


def test_only_a_clock_that_we_know_proves_a_time(clock: Clock) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=clock.url).data

    def said(data: bytes, known: Trust) -> str:
        findings = inspect(data, trust=known, ledger=None).findings
        (words,) = [each.words for each in findings if each.about == "time"]
        return words

    assert said(signed, trust().knowing(clock.root, Purpose.TIME_STAMPS)).startswith(
        "A time-stamp authority that we know saw"
    )
    assert said(signed, trust()).startswith("Somebody who is not known here stamped the signature at 20")
    assert said(signed, trust()).endswith("that time is not proved.")
    assert said(record(file()).data, trust()).startswith("No time stamp")


@given(st.binary(max_size=80), st.sampled_from(["sigTst", "sigTst2"]))
def test_any_bytes_in_the_place_of_a_stamp_prove_no_time(junk: bytes, name: str) -> None:
    for token in (junk, b"\x30" + junk, _granted(junk)):
        signature = CoseSignature((), b"", b"x", {name: {"tstTokens": [{"val": token}]}})
        assert stamp_of(signature, b"claim", Trust()) is None


def _granted(content: bytes) -> bytes:
    body = b"\x30\x03\x02\x01\x00\x30" + bytes([len(content)]) + content
    return b"\x30" + bytes([len(body)]) + body


@pytest.mark.parametrize(
    "header",
    [
        {"sigTst2": []},
        {"sigTst2": {"tstTokens": []}},
        {"sigTst2": {"tstTokens": [{"val": b"a"}, {"val": b"b"}]}},
        {"sigTst2": {"tstTokens": [{"val": "text"}]}},
    ],
)
def test_a_stamp_of_an_odd_shape_proves_no_time(header: dict[int | str, Cbor]) -> None:
    assert stamp_of(CoseSignature((), b"", b"x", header), b"claim", Trust()) is None


def test_of_two_stamps_beside_a_signature_none_counts(clock: Clock) -> None:
    """Whoever holds the file can put another one beside it: nothing signs over the stamps."""
    data = signed_by(Guild().signer(), tsa_url=clock.url)
    store = next(raw[8:-4] for kind, raw in png_chunks(data) if kind == b"caBX")
    ((box,),) = manifests_in(store).values()
    signature, claim = parse_signature(signature_of(box) or b""), claim_of(box)
    assert signature is not None
    known = trust().knowing(clock.root, Purpose.TIME_STAMPS)
    found = stamp_of(signature, claim, known)
    assert found is not None and found.known_by
    (stamp,) = signature.header["sigTst2"]["tstTokens"]  # type: ignore[index,call-overload]
    for more in (stamp, {"val": b"another"}):
        for both in ([stamp, more], [more, stamp]):
            header: dict[int | str, Cbor] = {**signature.header, "sigTst2": {"tstTokens": both}}
            assert stamp_of(replace(signature, header=header), claim, known) is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "no address", "http://name.invalid/"])
def test_an_authority_that_is_down_never_stops_a_picture(url: str) -> None:
    signed = paint(record(file()).data, file(seed=3), tsa_url=url)
    assert not signed.time_stamped
    assert read_chain(signed.data, trust=trust()).verdict is Verdict.INTACT_KNOWN


def test_an_authority_that_never_answers_never_stops_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "TSA_PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert not paint(record(file()).data, file(seed=3), tsa_url=url).time_stamped
