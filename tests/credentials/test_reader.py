"""What is read from files of anybody: the right verdict for every kind of damage, and never a foreign exception."""

import io
import json
import multiprocessing
import os
import random
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import c2pa
import pytest
from credential_samples import (
    FORMATS,
    edited,
    every_kind,
    file,
    paint,
    png_chunk,
    png_chunks,
    record,
    reencoded,
    repainted,
    retouch,
    signer,
    trust,
    with_good_checksums,
    with_other_pixels,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read import contents, lately, reader
from provenance.credentials.read.chain import Chain, Named, Verdict
from provenance.credentials.read.cose import signatures
from provenance.credentials.read.making import maker_of
from provenance.credentials.read.reader import read_chain
from provenance.errors import PictureError
from provenance.people.consent import strictest
from provenance.statement.vocabulary import Maker, SourceType, Use

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def read(data: bytes) -> Chain:
    return read_chain(data, trust=trust())


def painted() -> bytes:
    return every_kind("image/png")["paint"]


def impostor(parent: bytes | None = None) -> bytes:
    """A file by somebody else who bears our name."""
    return paint(parent or record(file()).data, file(seed=3), identity=signer(place="b")).data


def with_text(data: bytes) -> bytes:
    return data[:33] + png_chunk(b"tEXt", b"Comment\0added later") + data[33:]


def in_a_child(make: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """The same damage, hidden under one more honest step."""
    return lambda data: retouch(make(data), file(seed=12)).data


# Damage -> the verdict on the chain, the number of the step that is to blame (0: the file itself), a reason's code.
TAMPERS: dict[str, tuple[Callable[[bytes], bytes], Verdict, int, str]] = {
    "untouched": (lambda data: data, Verdict.INTACT_KNOWN, 0, ""),
    "a pixel": (with_other_pixels, Verdict.ALTERED, 0, "assertion.dataHash.mismatch"),
    "a text chunk": (with_text, Verdict.ALTERED, 0, "assertion.dataHash.mismatch"),
    "credentials of another picture": (repainted, Verdict.ALTERED, 0, "assertion.dataHash.mismatch"),
    "a name": (
        lambda data: edited(data, b"Mori Aoi", b"Maru Aoi", 2),
        Verdict.ALTERED,
        0,
        "assertion.hashedURI.mismatch",
    ),
    "a name in an earlier step": (
        lambda data: edited(data, b"Mori Aoi", b"Maru Aoi"),
        Verdict.ALTERED,
        2,
        "ingredient.manifest.mismatch",
    ),
    "the prompt": (
        lambda data: edited(data, b"night sky, snow", b"night sky, rain"),
        Verdict.ALTERED,
        0,
        "assertion.hashedURI.mismatch",
    ),
    "the claim": (
        lambda data: edited(data, b"Painted picture", b"Printed picture"),
        Verdict.ALTERED,
        0,
        "claimSignature.mismatch",
    ),
    "the settings": (
        lambda data: edited(data, b"1152921504606846976", b"1152921504606846977"),
        Verdict.ALTERED,
        0,
        "",
    ),
    "re-encoded": (reencoded, Verdict.NO_CREDENTIALS, 0, "genzu.credentials.none"),
    "cut off": (lambda data: data[: len(data) // 2], Verdict.NOT_CHECKED, 0, "genzu.file.unreadable"),
    "cut off at the end": (lambda data: data[:-20], Verdict.NOT_CHECKED, 0, "genzu.file.unreadable"),
    "emptied": (lambda _data: b"", Verdict.NOT_CHECKED, 0, "genzu.file.empty"),
    "signed again by an impostor": (impostor, Verdict.INTACT_UNKNOWN, 0, "signingCredential.untrusted"),
    "a pixel, then a child over it": (
        in_a_child(with_other_pixels),
        Verdict.ALTERED,
        1,
        "assertion.dataHash.mismatch",
    ),
    "a name, then a child over it": (
        in_a_child(lambda data: edited(data, b"Mori Aoi", b"Maru Aoi", 2)),
        Verdict.ALTERED,
        1,
        "assertion.hashedURI.mismatch",
    ),
    "a name in an earlier step, then a child over it": (
        in_a_child(lambda data: edited(data, b"Mori Aoi", b"Maru Aoi")),
        Verdict.ALTERED,
        3,
        "ingredient.manifest.mismatch",
    ),
    "a name in an earlier step, then two children over it": (
        in_a_child(in_a_child(lambda data: edited(data, b"Mori Aoi", b"Maru Aoi"))),
        Verdict.ALTERED,
        4,
        "ingredient.manifest.mismatch",
    ),
    "an impostor, then a child over it": (
        in_a_child(impostor),
        Verdict.INTACT_UNKNOWN,
        1,
        "signingCredential.untrusted",
    ),
    "stripped, then a child over it": (
        in_a_child(reencoded),
        Verdict.INTACT_KNOWN,
        1,
        "genzu.ingredient.unsigned",
    ),
}


@pytest.mark.parametrize("name", list(TAMPERS))
def test_each_kind_of_damage_gets_its_verdict(name: str) -> None:
    damage, verdict, blamed, code = TAMPERS[name]
    chain = read(damage(painted()))
    assert chain.verdict is verdict
    if code:
        assert code in [each.code for each in chain.reasons]
        if chain.steps:
            assert code in [each.code for each in chain.steps[-1 - blamed].reasons]
    others = [step for number, step in enumerate(reversed(chain.steps)) if number != blamed]
    assert all(step.verdict in (Verdict.INTACT_KNOWN, Verdict.NO_CREDENTIALS) for step in others)


def with_damaged_credentials(data: bytes) -> bytes:
    """The credentials are still there, and too broken to be read."""
    at = data.index(b"caBX") + 30
    return with_good_checksums(data[:at] + b"\xff\xff\xff" + data[at + 3 :])


def test_damaged_credentials_are_not_washed_off_by_one_more_signature() -> None:
    damaged = with_damaged_credentials(painted())
    assert read(damaged).reasons[0].code == "genzu.credentials.damaged"
    for made in (retouch(damaged, file(seed=12)).data, record(damaged).data):
        chain = read(made)
        assert chain.verdict is Verdict.NOT_CHECKED
        assert "genzu.ingredient.unread" in [each.code for each in chain.steps[0].reasons]


def as_a_draft(data: bytes) -> bytes:
    """The claim as drafts of the standard wrote it, before 1.0: in JSON."""
    at = data.index(b"cbor", data.index(b"c2pa.claim.v2\0"))
    return with_good_checksums(data[:at] + b"json" + data[at + 4 :])


@pytest.mark.parametrize("kind", ["record", "paint", "retouch"])
def test_credentials_of_a_draft_are_told_as_that_and_not_as_damaged(kind: str) -> None:
    chain = read(as_a_draft(every_kind("image/png")[kind]))
    assert (chain.verdict, chain.reasons[0].code) == (Verdict.NOT_CHECKED, "genzu.credentials.draft")
    assert "draft of the standard" in chain.reasons[0].words and "damaged" not in chain.reasons[0].words


def test_the_library_alone_would_trust_a_child_over_a_tampered_parent() -> None:
    child = retouch(with_other_pixels(painted()), file(seed=12)).data
    with c2pa.Reader("image/png", io.BytesIO(child), context=context(trust())) as reader:
        assert reader.get_validation_state() == "Trusted"
    assert read(child).verdict is Verdict.ALTERED


def test_an_impostor_is_shown_with_who_vouches_for_them() -> None:
    step = read(impostor()).file
    assert step is not None and step.signer is not None
    assert step.signer.name == "Genzu" and not step.signer.known
    assert step.signer.fingerprint != str(signer().fingerprint)
    assert step.signer.issuer == "CN=Genzu Root,O=Genzu"


def test_an_earlier_step_is_told_by_its_place_in_the_words() -> None:
    plain = paint(record(file()).data, file(seed=3)).data
    reasons = read(in_a_child(with_other_pixels)(plain)).reasons
    assert [each.words for each in reasons] == [
        "an earlier step, 'Painted picture': the file was changed after it was signed"
    ]


def test_what_was_altered_is_said_before_that_a_signer_is_not_known() -> None:
    told = read_chain(with_other_pixels(painted()), "image/png", trust=Trust())
    assert told.verdict is Verdict.ALTERED
    for reasons in (told.reasons, told.steps[-1].reasons):
        assert [each.code for each in reasons][:2] == [
            "assertion.dataHash.mismatch",
            "signingCredential.untrusted",
        ]


def test_missing_credentials_claim_nothing() -> None:
    chain = read(file())
    assert (chain.verdict, chain.steps, chain.file, chain.makers) == (
        Verdict.NO_CREDENTIALS,
        (),
        None,
        frozenset(),
    )
    assert "does not say who or what made it" in chain.reasons[0].words


@pytest.mark.parametrize("media_type", FORMATS)
def test_every_format_is_recognised_by_its_bytes(media_type: str, tmp_path: Path) -> None:
    data = record(file(media_type), media_type).data
    assert read_chain(data, "image/wrong", trust=trust()).verdict is Verdict.INTACT_KNOWN
    path = tmp_path / "misnamed.txt"
    path.write_bytes(data)
    assert read_chain(path, trust=trust()).verdict is Verdict.INTACT_KNOWN


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_changed_pixel_is_found_in_every_format(media_type: str) -> None:
    data = bytearray(record(file(media_type), media_type).data)
    plain = file(media_type)
    middle = data.find(plain[len(plain) // 2 :][:12])
    data[middle + 4] ^= 0x55
    assert read(bytes(data)).verdict in (Verdict.ALTERED, Verdict.NOT_CHECKED)


def test_a_file_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    for path in (tmp_path / "none.png", tmp_path, tmp_path / "a\0b"):
        with pytest.raises(PictureError, match="could not be read"):
            read_chain(path, trust=trust())


def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="could not be read"):
        read_chain(tmp_path / "pipe.png", trust=trust())


def test_a_very_large_file_is_read_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "IN_MEMORY", 100)
    (tmp_path / "a.png").write_bytes(painted())
    assert read_chain(tmp_path / "a.png", trust=trust()) == read(painted())


def test_a_forked_child_reads_and_signs_on_its_own() -> None:
    read(painted())  # the parent has its context by now
    with multiprocessing.get_context("fork").Pool(2) as pool:
        verdicts = pool.map(_signed_and_read, range(6))
    assert verdicts == [Verdict.INTACT_KNOWN] * 6


def test_threads_sign_and_read_side_by_side() -> None:
    with ThreadPoolExecutor(6) as pool:
        verdicts = list(pool.map(_signed_and_read, range(24)))
    assert verdicts == [Verdict.INTACT_KNOWN] * 24


def _signed_and_read(seed: int) -> Verdict:
    return read(paint(record(file()).data, file(seed=seed)).data).verdict


def test_without_any_root_nobody_is_known() -> None:
    chain = read_chain(painted(), trust=Trust())
    assert chain.verdict is Verdict.INTACT_UNKNOWN
    assert [step.signer.known for step in chain.steps if step.signer is not None] == [False, False]


def test_the_certificates_stand_in_the_store_where_the_library_gives_it() -> None:
    with c2pa.Reader("image/png", io.BytesIO(painted()), context=context(trust())) as reader:
        target = io.BytesIO()
        reader.resource_to_stream(f"self#jumbf=/c2pa/{json.loads(reader.json())['active_manifest']}", target)
        assert set(signatures(target.getvalue())) == set(json.loads(reader.json())["manifests"])


# --- Files of other makers: the same signer, other people's manifests -------------------------------------------


def foreign(definition: Mapping[str, object], *ingredients: tuple[dict[str, object], bytes]) -> bytes:
    """A file signed with any manifest at all."""
    builder = c2pa.Builder(json.dumps({"format": "image/png", **definition}), context(trust()))
    for about, data in ingredients:
        builder.add_ingredient(json.dumps(about), "image/png", io.BytesIO(data))
    target = io.BytesIO()
    builder.sign(signer().signer(), "image/png", io.BytesIO(file(seed=1)), target)
    return target.getvalue()


def acted(*actions: dict[str, object], label: str = "c2pa.actions.v2") -> dict[str, object]:
    return {"label": label, "data": {"actions": list(actions)}}


def created(kind: str, agent: object = "Camera 1.0") -> dict[str, object]:
    return {"action": "c2pa.created", "digitalSourceType": kind, "softwareAgent": agent}


@pytest.mark.parametrize(
    ("kind", "maker"),
    [
        (IPTC + "trainedAlgorithmicMedia", Maker.AI),
        ("https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia", Maker.AI),
        (IPTC + "compositeWithTrainedAlgorithmicMedia", Maker.AI_ASSISTED),
        ("http://c2pa.org/digitalsourcetype/trainedAlgorithmicData", Maker.AI),
        (IPTC + "digitalCapture", Maker.CAMERA),
        (IPTC + "computationalCapture", Maker.CAMERA),
        (IPTC + "digitalArt", Maker.UNKNOWN),
        (IPTC + "minorHumanEdits", Maker.HUMAN),
        (IPTC + "algorithmicMedia", Maker.SOFTWARE),
        (IPTC + "somethingNew", Maker.UNKNOWN),
        ("", Maker.UNKNOWN),
    ],
)
def test_who_made_it_is_told_by_the_source_type(kind: str, maker: Maker) -> None:
    assert maker_of(kind) is maker


def test_a_brand_decides_nothing() -> None:
    for agent in ("Adobe Firefly", {"name": "DALL-E", "version": "3"}):
        step = read(foreign({"assertions": [acted(created(IPTC + "digitalCapture", agent))]})).file
        assert step is not None and step.maker is Maker.CAMERA


@pytest.mark.parametrize("turned", [False, True])
def test_a_model_that_painted_into_a_photograph_is_told_whatever_comes_first(turned: bool) -> None:
    edits: list[dict[str, object]] = [
        {"action": "c2pa.edited", "digitalSourceType": IPTC + "humanEdits"},
        {
            "action": "c2pa.edited",
            "digitalSourceType": IPTC + "trainedAlgorithmicMedia",
            "softwareAgent": "Fill",
        },
    ]
    actions = [created(IPTC + "digitalCapture"), *(reversed(edits) if turned else edits)]
    step = read(foreign({"assertions": [acted(*actions)]})).file
    assert step is not None and (step.maker, step.software) == (Maker.AI_ASSISTED, "Fill")


def test_an_ai_picture_stays_one_after_human_edits() -> None:
    actions = [
        created(IPTC + "trainedAlgorithmicMedia"),
        {"action": "c2pa.edited", "digitalSourceType": IPTC + "humanEdits"},
    ]
    step = read(foreign({"assertions": [acted(*actions)]})).file
    assert step is not None and step.maker is Maker.AI


def test_an_ai_step_is_found_anywhere_in_the_graph() -> None:
    ai = foreign({"assertions": [acted(created(IPTC + "trainedAlgorithmicMedia"))]})
    camera = foreign({"assertions": [acted(created(IPTC + "digitalCapture"))]})
    collage = foreign(
        {
            "assertions": [
                acted(
                    created(IPTC + "digitalCreation"),
                    {"action": "c2pa.placed", "parameters": {"ingredientIds": ["a", "b"]}},
                )
            ]
        },
        ({"title": "b", "label": "b", "relationship": "componentOf"}, camera),
        ({"title": "a", "label": "a", "relationship": "componentOf"}, ai),
    )
    assert read(collage).makers == {Maker.AI, Maker.CAMERA, Maker.HUMAN}


def test_what_was_taken_out_of_an_earlier_step_is_told() -> None:
    author = {"label": "stds.schema-org.CreativeWork", "data": {"author": [{"name": "Jane"}]}}
    camera = foreign({"assertions": [acted(created(IPTC + "digitalCapture")), author]})
    earlier = read(camera).steps[0].id
    place = f"self#jumbf=/c2pa/{earlier}/c2pa.assertions/stds.schema-org.CreativeWork"
    opened: dict[str, object] = {"action": "c2pa.opened", "parameters": {"ingredientIds": ["a"]}}
    redacted: dict[str, object] = {"action": "c2pa.redacted", "parameters": {"redacted": place}}
    told = read(
        foreign(
            {"redactions": [place], "assertions": [acted(opened, redacted)]},
            ({"title": "a", "label": "a", "relationship": "parentOf"}, camera),
        )
    )
    assert told.verdict is Verdict.INTACT_KNOWN
    [why] = [each for each in told.steps[1].reasons if each.code == "genzu.redacted"]
    assert "stds.schema-org.CreativeWork" in why.words


def test_schemas_of_older_days_are_understood() -> None:
    definition = {
        "claim_version": 1,
        "claim_generator_info": [{"name": "Old_Tool", "version": "1.0"}],
        "assertions": [
            acted(
                {
                    "action": "c2pa.created",
                    "parameters": {"digitalSourceType": IPTC + "trainedAlgorithmicMedia"},
                },
                label="c2pa.actions",
            ),
            {
                "label": "stds.schema-org.CreativeWork",
                "kind": "Json",
                "data": {
                    "@context": "https://schema.org",
                    "@type": "CreativeWork",
                    "author": [{"@type": "Person", "name": "Kato Jun"}],
                },
            },
            {
                "label": "c2pa.training-mining",
                "data": {"entries": {"c2pa.ai_training": {"use": "notAllowed"}}},
            },
        ],
    }
    step = read(foreign(definition)).file
    assert step is not None and step.maker is Maker.AI
    assert step.people == (Named("Kato Jun", "author"),)
    assert step.wishes == {"c2pa.ai_training": "notAllowed"}
    assert step.software == "Old_Tool 1.0"


# --- Hostile files ----------------------------------------------------------------------------------------------


def test_a_huge_manifest_is_cut_to_a_size_that_can_be_shown() -> None:
    long = "<script>" + "x" * 20_000
    definition = {
        "title": long,
        "assertions": [
            acted(created(IPTC + "digitalCreation", {"name": long})),
            {
                "label": "cawg.metadata",
                "kind": "Json",
                "data": {"@context": {"dc": "http://purl.org/dc/elements/1.1/"}, "dc:creator": [long] * 30},
            },
            {"label": "org.genzu.record", "data": {"ledger": long, "entry": {"a": [1]}}},
        ],
    }
    step = read(foreign(definition)).file
    assert step is not None and len(repr(step)) < 20_000


def test_hundreds_of_ingredients_are_read_in_bounded_time() -> None:
    many = [
        {"title": f"i{number}", "format": "image/png", "relationship": "componentOf", "label": f"l{number}"}
        for number in range(400)
    ]
    actions = [
        created(IPTC + "digitalCreation"),
        {"action": "c2pa.placed", "parameters": {"ingredientIds": ["l0"]}},
    ]
    chain = read(foreign({"ingredients": many, "assertions": [acted(*actions)]}))
    assert len(chain.steps) == 401


def told(manifests: object, active: object = "a", **more: object) -> object:
    return {"active_manifest": active, "manifests": manifests, **more}


class Told:
    """A reader that tells what we like: the library's JSON, as hostile as it can be."""

    def __init__(self, document: object) -> None:
        self._document = document

    def json(self) -> str:
        return self._document if isinstance(self._document, str) else json.dumps(self._document)

    def resource_to_stream(self, _place: str, _stream: object) -> int:
        raise c2pa.C2paError("nothing there")


def judged(document: object) -> Chain:
    from provenance.credentials.read.reader import _chain

    return _chain(Told(document), trust())


def test_cycles_are_walked_once() -> None:
    ring = {
        "a": {
            "ingredients": [{"active_manifest": "b", "relationship": "parentOf"}, {"active_manifest": "a"}]
        },
        "b": {"ingredients": [{"active_manifest": "c"}]},
        "c": {"ingredients": [{"active_manifest": "a"}]},
    }
    chain = judged(told(ring))
    assert [step.id for step in chain.steps if "#" not in step.id] == ["c", "b", "a"]


def test_a_very_long_chain_ends_in_an_answer() -> None:
    chain = {str(number): {"ingredients": [{"active_manifest": str(number + 1)}]} for number in range(5000)}
    assert judged(told(chain, "0")).reasons[0].code == "genzu.credentials.many"


def test_a_web_of_steps_ends_in_an_answer() -> None:
    names = [str(number) for number in range(90)]
    web = {name: {"ingredients": [{"active_manifest": each} for each in names]} for name in names}
    assert judged(told(web, "0")).reasons[0].code == "genzu.credentials.many"


def test_json_nested_beyond_reason_ends_in_an_answer() -> None:
    deep = '{"active_manifest":"a","manifests":{"a":{"x":' + "[" * 200_000 + "]" * 200_000 + "}}}"
    assert judged(deep).verdict is Verdict.NOT_CHECKED


def test_a_code_that_nobody_knows_never_counts_as_fine() -> None:
    results = {"activeManifest": {"failure": [{"code": "assertion.newRule.broken"}]}}
    chain = judged(told({"a": {}}, validation_results=results))
    assert chain.verdict is Verdict.NOT_CHECKED
    assert chain.reasons[0].code == "assertion.newRule.broken"


def test_a_fault_of_a_manifest_that_is_no_step_counts_against_the_file() -> None:
    fault = {"code": "assertion.hashedURI.mismatch", "url": "self#jumbf=/c2pa/z/c2pa.claim.v2"}
    for found in (
        {"validation_status": [fault]},
        {"validation_results": {"activeManifest": {"failure": [fault]}}},
    ):
        chain = judged(told({"a": {}, "z": {}}, **found))
        assert [step.id for step in chain.steps] == ["a"] and chain.verdict is Verdict.ALTERED


def failed(*codes: str, explanation: str = "") -> Chain:
    failure = [{"code": code, "explanation": explanation} for code in codes]
    return judged(told({"a": {}}, validation_results={"activeManifest": {"failure": failure}}))


def test_an_identity_that_cannot_be_looked_up_offline_says_nothing_of_the_picture() -> None:
    offline = failed("cawg.ica.did_unavailable")  # as in every file of Adobe Content Authenticity
    assert offline.verdict is Verdict.INTACT_UNKNOWN
    assert "was not looked up" in offline.reasons[0].words
    false = failed("cawg.ica.signer_payload.mismatch")
    assert false.verdict is Verdict.INTACT_UNKNOWN and "does not hold" in false.reasons[0].words


@pytest.mark.parametrize(
    ("place", "holds"),
    [
        ("", [False, False]),  # one that names no proof is about each
        ("self#jumbf=/c2pa/a/c2pa.claim.v2", [False, False]),
        ("self#jumbf=/c2pa/a/c2pa.assertions/cawg.identity", [False, None]),
        ("self#jumbf=/c2pa/a/c2pa.assertions/cawg.identity__1", [None, False]),
    ],
)
def test_a_failed_proof_of_a_person_is_told_of_the_proof_that_it_is_about(
    place: str, holds: list[bool | None]
) -> None:
    proofs = [{"label": label, "data": {}} for label in ("cawg.identity", "cawg.identity__1")]
    fault = {"code": "cawg.ica.signer_payload.mismatch", "url": place}
    results = {"activeManifest": {"failure": [fault]}}
    [step] = judged(told({"a": {"assertions": proofs}}, validation_results=results)).steps
    # Two that say the same are told once.
    assert [each.holds for each in step.identities] == list(dict.fromkeys(holds))


@pytest.mark.parametrize(
    "explanation", ["", "data hash exclusion does not match the manifest location in the asset"]
)
def test_a_hash_that_does_not_fit_is_an_alteration_whatever_the_library_adds(explanation: str) -> None:
    chain = failed("assertion.dataHash.mismatch", explanation=explanation)
    assert chain.verdict is Verdict.ALTERED
    assert chain.reasons[0].words == "the file was changed after it was signed"


def test_an_expired_certificate_is_not_called_an_alteration() -> None:
    for code in ("signingCredential.expired", "claimSignature.outsideValidity", "signingCredential.invalid"):
        assert failed(code).verdict is Verdict.INTACT_UNKNOWN


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    "title ingredients assertions signature_info claim_generator_info claim_generator label data "
    "actions action digitalSourceType softwareAgent parameters when org.genzu.run active_manifest "
    "relationship metadata data_types org.genzu.ingredient org.genzu.model org.genzu.prompt digest "
    "validation_results validation_status identifier activeManifest failure code url "
    "Iptc4xmpExt:Contributor Iptc4xmpExt:Name Iptc4xmpExt:Role dc:creator author name entries use "
    "informational_URI format issuer time type Iptc4xmpExt:AIPromptWriterName "
).split()  # fmt: skip
LABELS = ["c2pa.actions", "c2pa.actions.v2", "cawg.metadata", "org.genzu.record", "cawg.training-mining",
          "stds.schema-org.CreativeWork", "a", "b", "self#jumbf=/c2pa/a/x"]  # fmt: skip
HOSTILE = st.recursive(
    JUNK | st.sampled_from(LABELS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), HOSTILE, min_size=1), HOSTILE, HOSTILE)
def test_any_type_in_any_field_gives_an_answer(manifests: object, results: object, status: object) -> None:
    chain = judged(told(manifests, validation_results=results, validation_status=status))
    assert isinstance(chain, Chain)
    json.dumps([dict(step.record or {}) for step in chain.steps])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 20_000), st.integers(0, 255))
def test_the_certificate_reader_takes_any_bytes(junk: bytes, at: int, value: int) -> None:
    signatures(junk)
    store = bytearray(next(raw[8:-4] for kind, raw in png_chunks(painted()) if kind == b"caBX"))
    assert len(signatures(bytes(store))) == 2
    store[at % len(store)] = value
    for signature in signatures(bytes(store)).values():
        assert all(isinstance(each, bytes) for each in signature.certificates)


def mutate(data: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice([1, 1, 1, 2, 8, 64])):
        place, way = chance.randrange(len(damaged)), chance.randrange(5)
        if way == 0:
            damaged[place] ^= 1 << chance.randrange(8)
        elif way == 1:
            damaged[place] = chance.choice([0, 0xFF, 0x7F, 0x80])
        elif way == 2:
            del damaged[place : place + chance.randrange(1, 40)]
        elif way == 3:
            damaged[place:place] = chance.randbytes(chance.randrange(1, 40))
        else:
            start = chance.randrange(len(damaged))
            damaged[place:place] = damaged[start : start + chance.randrange(1, 200)]
    return bytes(damaged) if chance.random() > 0.1 else bytes(damaged[: chance.randrange(len(damaged))])


def fuzz(rounds: int, seed: int) -> dict[Verdict, int]:
    chance = random.Random(seed)
    counts = dict.fromkeys(Verdict, 0)
    for number in range(rounds):
        media_type = FORMATS[number % len(FORMATS)]
        kind = every_kind(media_type)["paint"]
        damaged = mutate(kind, chance)
        if media_type == "image/png" and number % 2:
            damaged = with_good_checksums(damaged)
        chain = read_chain(damaged, media_type, trust=trust())
        assert isinstance(chain, Chain) and all(each.words for each in chain.reasons)
        counts[chain.verdict] += 1
    return counts


def test_damaged_files_always_get_an_answer() -> None:
    counts = fuzz(400, seed=20261123)
    assert counts[Verdict.ALTERED] > 40 and counts[Verdict.NOT_CHECKED] > 50
    assert counts[Verdict.INTACT_KNOWN] < 40  # bytes that no hash covers: padding, box names


@pytest.mark.slow
def test_thousands_of_damaged_files_always_get_an_answer() -> None:
    counts = fuzz(6000, seed=41)
    assert counts[Verdict.INTACT_KNOWN] < 600


def washed(rounds: int, seed: int) -> list[int]:
    """The damaged files that an honest child would make look sound."""
    chance, found = random.Random(seed), []
    for number in range(rounds):
        damaged = with_good_checksums(mutate(painted(), chance))
        if read(damaged).verdict in (Verdict.INTACT_KNOWN, Verdict.NO_CREDENTIALS):
            continue  # nothing that is signed was hit, or the credentials are off altogether: both are told as such
        if read(retouch(damaged, file(seed=12)).data).verdict is Verdict.INTACT_KNOWN:
            found.append(number)
    return found


def test_no_damage_is_washed_off_by_a_child() -> None:
    assert washed(60, seed=5) == []


@pytest.mark.slow
def test_no_damage_of_a_thousand_is_washed_off_by_a_child() -> None:
    assert washed(1000, seed=6) == []


def test_a_signer_without_time_stamp_counts_as_long_as_its_certificate() -> None:
    assert signer().expires - timedelta(days=4 * 365) > signer().expires - timedelta(days=5 * 365)


def test_odd_people_are_left_out_and_an_odd_wish_is_no_answer() -> None:
    manifest = {
        "assertions": [
            {
                "label": "cawg.metadata",
                "data": {
                    "Iptc4xmpExt:Contributor": [7, {"Iptc4xmpExt:Name": ["x"]}],
                    "dc:creator": {"@value": "Sato Mai"},
                },
            },
            {
                "label": "cawg.training-mining",
                "data": {"entries": {"cawg.ai_training": 4, "cawg.data_mining": "allowed"}},
            },
        ]
    }
    assert Named("Sato Mai", "creator") in contents.people(manifest)
    # What is no answer counts as a no, and is not passed over.
    assert contents.wishes(manifest) == {"cawg.ai_training": "", "cawg.data_mining": "allowed"}
    assert strictest([contents.wishes(manifest)])["cawg.ai_training"] is Use.NOT_ALLOWED
    assert SourceType.parse("print").maker is Maker.HUMAN


# -- signers whom the library has just found trusted are not followed to their root again (lately.py)


def others() -> Iterator[Trust]:
    """The same authorities, by values that nobody was found trusted under: read by these, a file is read in full."""
    for number in range(10_000):
        yield replace(trust(), fingerprints=frozenset({f"sha256:{number:064x}"}))


IN_FULL = others()


def both(data: bytes, media_type: str = "image/png") -> tuple[Chain, Chain]:
    """The answer of a reading in full, and that of one just after our signer was found trusted."""
    in_full = read_chain(data, media_type, trust=next(IN_FULL))
    assert read_chain(painted(), "image/png", trust=trust()).verdict is Verdict.INTACT_KNOWN
    assert lately.may_be_known(trust())
    return in_full, read_chain(data, media_type, trust=trust())


@pytest.mark.parametrize("name", TAMPERS)
def test_each_kind_of_damage_gets_the_same_answer(name: str) -> None:
    make, _, _, _ = TAMPERS[name]
    in_full, quickly = both(make(painted()))
    assert quickly == in_full


@pytest.mark.parametrize("media_type", FORMATS)
def test_every_step_in_every_format_gets_the_same_answer(media_type: str) -> None:
    for data in every_kind(media_type).values():
        in_full, quickly = both(data, media_type)
        assert quickly == in_full


def test_damaged_files_get_the_same_answer() -> None:
    chance = random.Random(17)
    for _ in range(150):
        in_full, quickly = both(with_good_checksums(mutate(painted(), chance)))
        assert quickly == in_full


def test_somebody_of_the_same_name_is_not_known_because_we_are() -> None:
    in_full, quickly = both(impostor())
    assert quickly == in_full and quickly.verdict is Verdict.INTACT_UNKNOWN


def test_a_signer_who_is_not_known_is_not_remembered() -> None:
    nobody = Trust(fingerprints=frozenset({"sha256:" + "0" * 64}))
    first = read_chain(painted(), "image/png", trust=nobody)
    assert read_chain(painted(), "image/png", trust=nobody) == first
    assert first.verdict is Verdict.INTACT_UNKNOWN


def test_where_hosts_may_be_asked_each_file_is_read_in_full() -> None:
    both(painted())
    assert not lately.may_be_known(trust().reaching(["ocsp.example"]))
