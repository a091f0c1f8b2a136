"""Each manifest is judged by us, now: what a stranger stored about another's manifest is not believed."""

import io
import json
from collections.abc import Mapping

import c2pa
import pytest
from authorities import Guild, signed_by
from credential_samples import (
    AT,
    ENTRY,
    GENZU,
    edited,
    file,
    paint,
    record,
    retouch,
    signer,
    source,
    trust,
    with_other_pixels,
)

from provenance.credentials.identity.purposes import Purpose
from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read.chain import Chain, Verdict
from provenance.credentials.read.judging import MOST_TIES, judge
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.manifest import Order, embed
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import InputRole, Statement
from provenance.statement.vocabulary import SourceType, Step


def stored(data: bytes) -> list[str]:
    """Every failure that a file has stored about what it was made from."""
    with c2pa.Reader("image/png", io.BytesIO(data), context=context(Trust())) as reader:
        manifests = json.loads(reader.json())["manifests"]
    results = [
        each.get("validation_results", {})
        for manifest in manifests.values()
        for each in manifest.get("ingredients", [])
    ]
    return [code["code"] for each in results for code in each.get("activeManifest", {}).get("failure", [])]


def codes(chain: Chain) -> list[str]:
    return [each.code for each in chain.reasons]


def smearing(parent: bytes, codes: list[str], by: Guild, *, hidden: bool = False) -> bytes:
    """A stranger's file over somebody's, with results about it that the stranger made up."""
    with c2pa.Reader("image/png", io.BytesIO(parent), context=context(Trust())) as reader:
        document = json.loads(reader.json())
    label = document["active_manifest"]
    found = [{"code": code, "url": f"self#jumbf=/c2pa/{label}/c2pa.signature"} for code in codes]
    results = {"success": found if hidden else [], "informational": [], "failure": [] if hidden else found}
    told = {
        "claim_version": 2,
        "format": "image/png",
        "claim_generator_info": [{"name": "Stranger", "version": "1"}],
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": [{"action": "c2pa.opened", "parameters": {"ingredientIds": ["p"]}}]},
            }
        ],
    }
    builder = c2pa.Builder(json.dumps(told), context(Trust()))
    about: Mapping[str, object] = {
        "title": "parent",
        "label": "p",
        "relationship": "parentOf",
        "manifest_data": {"format": "application/c2pa", "identifier": "history"},
        "active_manifest": label,
        "validation_results": {"activeManifest": results},
    }
    with c2pa.Reader("image/png", io.BytesIO(parent), context=context(Trust())) as reader:
        store = io.BytesIO()
        reader.resource_to_stream(f"self#jumbf=/c2pa/{label}", store)
    builder.add_resource("history", io.BytesIO(store.getvalue()))
    builder.add_ingredient(json.dumps(about), "application/octet-stream", io.BytesIO())
    target = io.BytesIO()
    builder.sign(by.signer().signer(), "image/png", io.BytesIO(file(seed=4)), target)
    return target.getvalue()


MADE_UP = [
    "claimSignature.mismatch",
    "assertion.hashedURI.mismatch",
    "signingCredential.revoked",
    "signingCredential.expired",
    "ingredient.manifest.mismatch",
    "timeStamp.mismatch",
    "cawg.x509.signature.mismatch",
]


@pytest.mark.parametrize("code", MADE_UP)
def test_what_a_stranger_stored_about_our_manifest_is_not_believed(code: str) -> None:
    guild = Guild()
    chain = read_chain(smearing(record(file()).data, [code], guild), trust=trust().knowing(guild.pem))
    assert chain.steps[0].verdict is Verdict.INTACT_KNOWN and not chain.steps[0].reasons
    assert chain.verdict is Verdict.INTACT_KNOWN


def test_a_stranger_cannot_hide_what_is_wrong_with_an_earlier_manifest() -> None:
    """The library leaves out every code that stands already among the stored results, successes too."""
    guild, parent = Guild(), edited(paint(record(file()).data, file(seed=3)).data, b"Painted", b"Printed")
    assert "claimSignature.mismatch" in codes(read_chain(parent, trust=trust()))
    child = smearing(parent, ["claimSignature.mismatch"], guild, hidden=True)
    chain = read_chain(child, trust=trust().knowing(guild.pem))
    assert chain.verdict is Verdict.ALTERED
    assert "claimSignature.mismatch" in [each.code for each in chain.steps[-2].reasons]


def test_whether_an_earlier_picture_fitted_is_the_word_of_whoever_signed_next() -> None:
    changed = with_other_pixels(record(file()).data)
    ours = read_chain(retouch(changed, file(seed=12)).data, trust=trust())
    assert ours.verdict is Verdict.ALTERED
    assert ours.steps[0].reasons[0].words == "the file was changed after it was signed"
    stranger = smearing(record(file()).data, ["assertion.dataHash.mismatch"], Guild())
    told = read_chain(stranger, trust=trust())
    assert told.verdict is Verdict.ALTERED
    assert told.steps[0].reasons[0].words.endswith("by the word of the signer of the next step")


def test_our_own_files_store_no_false_failure_about_their_parents(settings: Settings) -> None:
    with open_archive(settings) as archive:
        known = archive.trust
        parent = record(file(), identity=archive.identity).data
    told = retouch_with(parent, known)
    assert stored(told) == []
    # A parent whose signer nobody knows is stored as that, and as nothing else.
    assert stored(retouch_with(parent, Trust())) == ["signingCredential.untrusted"]


def retouch_with(parent: bytes, known: Trust) -> bytes:
    before = source(parent, InputRole.PARENT, picture="pic-2")
    credits = (Credit(Role.RETOUCH, None),)
    statement = Statement("pic-3", Step.RETOUCH, SourceType.HUMAN_EDITS, GENZU, credits, (before.input,))
    return embed(
        file(seed=9), "image/png", Order(statement, ENTRY, AT, (before,), trust=known), signer()
    ).data


def test_a_makers_file_reads_the_same_below_our_retouch_as_by_itself() -> None:
    guild = Guild("Camera maker")
    camera = signed_by(guild.signer("Camera"), kind="digitalCapture")
    known = trust().knowing(guild.pem, Purpose.SIGNERS, name="C2PA Trust List")
    alone, below = read_chain(camera, trust=known), read_chain(retouch_with(camera, known), trust=known)
    assert alone.steps[0].signer == below.steps[0].signer
    assert below.steps[0].signer is not None and below.steps[0].signer.known_by == "C2PA Trust List"
    assert (alone.steps[0].verdict, below.verdict) == (Verdict.INTACT_KNOWN, Verdict.INTACT_KNOWN)
    # Whoever knows nobody reads both as unknown, whatever was stored when it was signed.
    assert read_chain(retouch_with(camera, known), trust=trust()).verdict is Verdict.INTACT_UNKNOWN


def test_a_long_history_is_judged_step_by_step() -> None:
    data = record(file()).data
    for seed in range(2, 9):
        data = retouch(data, file(seed=seed)).data
    assert [each.verdict for each in read_chain(data, trust=trust()).steps] == [Verdict.INTACT_KNOWN] * 8
    broken = edited(data, b"Mori Aoi", b"Maru Aoi")
    steps = read_chain(broken, trust=trust()).steps
    assert [each.verdict for each in steps] == [Verdict.ALTERED, *[Verdict.INTACT_KNOWN] * 7]


@pytest.mark.parametrize(("ties", "is_judged"), [(MOST_TIES, True), (MOST_TIES + 1, False)])
def test_more_ties_between_manifests_than_are_looked_through_are_no_judgement(
    ties: int, is_judged: bool
) -> None:
    """A stranger may tie each manifest to all others: what is to be looked at grows with their square."""
    labels = [f"urn:c2pa:{number}" for number in range(8)]
    share = [ties // len(labels) + (number < ties % len(labels)) for number in range(len(labels))]
    manifests = {
        label: {"ingredients": [{"active_manifest": f"urn:c2pa:below-{each}"} for each in range(count)]}
        for label, count in zip(labels, share, strict=True)
    }
    judged = judge({"manifests": manifests}, labels[-1], labels, b"", trust())
    assert (judged is not None) is is_judged
