"""What is signed into a picture, checked by another maker's validator and by the rules of the conformance programme."""

import io
import json
import time
from functools import lru_cache

import c2pa
import pytest
from asset_rubric import RULES, of_unknown_provenance
from credential_samples import (
    AT,
    ENTRY,
    FORMATS,
    GENZU,
    KINDS,
    MODEL,
    drawing,
    every_kind,
    file,
    paint,
    record,
    retouch,
    signer,
    source,
    trust,
)
from manifest_samples import OF_A_SERVICE, second_opinion, seen
from PIL import Image

from provenance.credentials.identity.trust import context
from provenance.credentials.read.chain import Named, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.ingredients import EntryRef
from provenance.credentials.sign.manifest import Order, embed, has_manifest
from provenance.errors import ManifestError
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import InputRole, ModelUse, Prompt, Statement
from provenance.statement.vocabulary import Disclosure, Maker, Relation, SourceType, Step

AI_EDIT = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"


@lru_cache(maxsize=64)
def conformance_record(data: bytes, media_type: str = "image/png") -> dict[str, object]:
    """The active manifest as the input of the official asset rubric."""
    with c2pa.Reader(media_type, io.BytesIO(data), context=context(trust())) as reader:
        return json.loads(reader.crjson())["manifests"][0]


@pytest.mark.parametrize("media_type", FORMATS)
def test_another_makers_validator_accepts_every_kind_of_file(media_type: str) -> None:
    for name, data in every_kind(media_type).items():
        assert second_opinion(data, media_type) == ("Trusted", set()), name
        assert second_opinion(data, media_type, strict=True)[1] <= OF_A_SERVICE, name
        assert read_chain(data, trust=trust()).verdict is Verdict.INTACT_KNOWN, name


@pytest.mark.parametrize("media_type", FORMATS)
def test_signing_changes_no_pixel_and_not_its_source(media_type: str) -> None:
    data = file(media_type)
    before = bytes(data)
    signed = record(data, media_type).data
    assert data == before
    assert seen(signed) == seen(data)


@pytest.mark.parametrize("rule", list(RULES))
def test_every_kind_of_file_keeps_every_rule_of_the_asset_rubric(rule: str) -> None:
    assert len(RULES) == 31
    for media_type in FORMATS:
        for name, data in every_kind(media_type).items():
            assert RULES[rule](conformance_record(data, media_type)) == [], (media_type, name)


def test_a_picture_over_a_recorded_layout_is_not_of_unknown_provenance() -> None:
    for name, data in every_kind("image/png").items():
        unknown = of_unknown_provenance(conformance_record(data))
        assert unknown == (name in {"paint over an unsigned layout", "paint from words"}), name


@pytest.mark.parametrize("name", KINDS)
def test_no_picture_of_an_input_and_no_file_name_goes_out(name: str) -> None:
    manifest = conformance_record(every_kind("image/png")[name])
    assert not any("thumbnail" in label for label in manifest["assertions"])
    titles = {each.get("dc:title") for each in manifest["assertions"].values()}
    assert titles <= {None, "Layout", "Parent", "Reference", "Mask", "Prompt", "house", "As received"}
    created = {each["url"].rsplit("/", 1)[-1] for each in manifest["claim.v2"]["created_assertions"]}
    assert created == {"c2pa.actions.v2", "c2pa.hash.data", "org.genzu.record"}


def test_a_painted_picture_opens_its_layout_and_edits_it_with_a_model() -> None:
    actions = conformance_record(paint(record(file()).data, file(seed=3)).data)["assertions"][
        "c2pa.actions.v2"
    ]
    opened, edited = actions["actions"]
    assert (opened["action"], "digitalSourceType" in opened) == ("c2pa.opened", False)
    assert (edited["action"], edited["digitalSourceType"]) == ("c2pa.edited", AI_EDIT)
    assert edited["softwareAgent"] == {"name": "Genzu", "version": "0.1.0"}
    assert edited["when"] == opened["when"] == "2026-11-23T13:00:00Z"
    assert len(edited["parameters"]["ingredients"]) == 2  # the prompt and the model
    run = edited["parameters"]["org.genzu.run"]
    assert run == {"device": "cpu", "seconds": 1.5, "seed": str(2**60), "steps": 8, "strength": 0.6}


def test_a_visible_label_is_an_action_of_its_own_and_changes_no_answer() -> None:
    data = paint(record(file()).data, file(seed=3), label="ja").data
    *_, edited, added = conformance_record(data)["assertions"]["c2pa.actions.v2"]["actions"]
    assert (edited["digitalSourceType"], added["action"]) == (AI_EDIT, "c2pa.addedText")
    assert added["digitalSourceType"].endswith("/algorithmicMedia") and "'ja'" in added["description"]
    step = read_chain(data, trust=trust()).file
    assert step is not None and step.maker is Maker.AI_ASSISTED


def test_of_human_work_no_program_and_no_hour_are_invented() -> None:
    for data in (record(file()).data, retouch(record(file()).data, file(seed=4)).data):
        for action in conformance_record(data)["assertions"]["c2pa.actions.v2"]["actions"]:
            assert "softwareAgent" not in action and "when" not in action


def test_the_whole_way_of_a_picture_is_read_back() -> None:
    layout = file()
    painted = paint(record(layout).data, file(seed=3), references=[file(seed=8)]).data
    chain = read_chain(retouch(painted, file(seed=9)).data, trust=trust())
    recorded, reference, paint_step, retouch_step = chain.steps
    assert [each.maker for each in chain.steps] == [
        Maker.HUMAN,
        Maker.UNKNOWN,
        Maker.AI_ASSISTED,
        Maker.HUMAN,
    ]
    assert recorded.people == (Named("Mori Aoi", "layout"),)
    assert (reference.verdict, reference.digest) == (Verdict.NO_CREDENTIALS, str(Digest.of(file(seed=8))))
    assert paint_step.people == (Named("Abe Rin", "prompt"), Named("Mori Aoi", "layout"))
    assert (paint_step.prompt, paint_step.negative) == ("night sky, snow", "text")
    assert paint_step.models[0]["digest"] == str(MODEL.digest)
    assert paint_step.models[0]["training"] == MODEL.training
    assert set(paint_step.parents) == {(recorded.id, Relation.PARENT), (reference.id, Relation.INPUT)}
    assert paint_step.digest == str(Digest.of(painted))
    assert retouch_step.people == (Named(None, "retouch"),)
    assert retouch_step.record is not None and retouch_step.record["ledger"] == ENTRY.ledger
    assert (retouch_step.record["entry"], retouch_step.record["picture"]) == (7, "pic-3")


def test_a_file_carries_a_checkpoint_of_the_ledger_out_of_the_house() -> None:
    note = "genzu/0123456789abcdef\n8\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n\n— genzu AAAA\n"
    entry = EntryRef(ENTRY.ledger, 7, ENTRY.leaf_hash, checkpoint=note)
    step = read_chain(paint(None, file(), entry=entry).data, trust=trust()).file
    assert step is not None and step.record is not None and step.record["checkpoint"] == note


def test_the_prompts_writer_is_not_the_creator() -> None:
    said = conformance_record(paint(record(file()).data, file(seed=3)).data)["assertions"]["cawg.metadata"]
    assert said["dc:creator"] == ["Mori Aoi"]
    assert said["Iptc4xmpExt:AIPromptWriterName"] == "Abe Rin"


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_a_prompt_says_as_much_as_was_chosen(disclosure: Disclosure) -> None:
    prompt = Prompt("the murderer is the butler", "spoiler", disclosure)
    entry = EntryRef(ENTRY.ledger, 7, ENTRY.leaf_hash, "cd" * 32)
    signed = paint(record(file()).data, file(seed=3), prompt=prompt, entry=entry).data
    step = read_chain(signed, trust=trust()).file
    assert step is not None
    open_words = disclosure is Disclosure.FULL
    assert (b"butler" in signed, b"spoiler" in signed) == (open_words, open_words)
    assert step.prompt == ("the murderer is the butler" if open_words else None)
    assert step.prompt_digest == ("cd" * 32 if disclosure is Disclosure.DIGEST else None)


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_what_the_model_was_given_goes_out_only_with_the_prompt(disclosure: Disclosure) -> None:
    prompt = Prompt("雪、家", disclosure=disclosure, given="white snow, winter, house")
    entry = EntryRef(ENTRY.ledger, 7, ENTRY.leaf_hash, "cd" * 32)
    signed = paint(record(file()).data, file(seed=3), prompt=prompt, entry=entry).data
    step = read_chain(signed, trust=trust()).file
    assert step is not None
    told = disclosure is Disclosure.FULL
    assert (b"winter" in signed, "雪".encode() in signed) == (told, told)
    assert step.given == ("white snow, winter, house" if told else None)


def test_no_name_goes_out_of_somebody_who_asked_not_to_be_named() -> None:
    exif = Image.Exif()
    exif[0x013B] = "Mori Aoi"
    target = io.BytesIO()
    drawing().save(target, "PNG", exif=exif)
    signed = record(target.getvalue(), people=[Credit(Role.LAYOUT, None)]).data
    assert b"Mori" not in signed
    step = read_chain(signed, trust=trust()).file
    assert step is not None and step.people == (Named(None, "layout"),)


def test_a_signed_file_keeps_its_history_when_it_is_recorded_again() -> None:
    painted = paint(record(file()).data, file(seed=3)).data
    chain = read_chain(record(painted, kind=SourceType.DIGITAL_CREATION).data, trust=trust())
    assert Maker.AI_ASSISTED in chain.makers and len(chain.steps) == 3


def test_a_retouched_file_with_its_own_credentials_keeps_both_histories() -> None:
    parent = paint(record(file()).data, file(seed=3)).data
    edited = record(file(seed=5)).data
    chain = read_chain(retouch(parent, edited).data, trust=trust())
    assert chain.file is not None and {relation for _, relation in chain.file.parents} == {
        Relation.PARENT,
        Relation.INPUT,
    }
    assert second_opinion(retouch(parent, edited).data, "image/png") == ("Trusted", set())


@pytest.mark.parametrize(
    "parent", [b"no picture at all", file()[:-30], file("image/tiff")], ids=["none", "cut", "tiff"]
)
def test_a_parent_that_cannot_be_taken_apart_is_bound_by_its_digest(parent: bytes) -> None:
    chain = read_chain(paint(parent, file(seed=3)).data, trust=trust())
    before = chain.steps[0]
    assert (before.verdict, before.digest) == (Verdict.NO_CREDENTIALS, str(Digest.of(parent)))
    assert chain.verdict is Verdict.INTACT_KNOWN


def test_an_input_whose_bytes_are_missing_stops_the_picture() -> None:
    before = source(file())
    statement = Statement(
        "pic-3",
        Step.RETOUCH,
        SourceType.HUMAN_EDITS,
        GENZU,
        (Credit(Role.RETOUCH, "Mori Aoi"),),
        (before.input,),
    )
    with pytest.raises(ManifestError, match="their history would be lost"):
        embed(file(), "image/png", Order(statement, ENTRY, AT), signer())


def test_a_model_on_somebodys_disk_tells_no_path() -> None:
    local = ModelUse(
        "/home/mori/secret/model", "/home/mori/secret/model", "unpinned", "unknown", "unknown", MODEL.digest
    )
    before = source(record(file()).data)
    statement = Statement(
        "pic-2", Step.PAINT, SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA, GENZU,
        (Credit(Role.LAYOUT, "Mori Aoi"),), (before.input,), Prompt("sea"), local,
    )  # fmt: skip
    signed = embed(file(seed=2), "image/png", Order(statement, ENTRY, AT, (before,)), signer()).data
    assert b"/home/mori" not in signed
    step = read_chain(signed, trust=trust()).file
    assert step is not None and step.models[0]["name"] == "model"


def test_a_mask_and_several_references_enter_as_inputs() -> None:
    before, mask = source(record(file()).data), source(file(seed=7), InputRole.MASK, Relation.INPUT)
    placed = source(record(file(seed=8)).data, InputRole.REFERENCE, Relation.COMPONENT)
    statement = Statement(
        "pic-2", Step.PAINT, SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA, GENZU,
        (Credit(Role.LAYOUT, "Mori Aoi"),), (before.input, mask.input, placed.input), Prompt("sea"), MODEL,
    )  # fmt: skip
    signed = embed(
        file(seed=2), "image/png", Order(statement, ENTRY, AT, (before, mask, placed)), signer()
    ).data
    assert second_opinion(signed, "image/png") == ("Trusted", set())
    step = read_chain(signed, trust=trust()).file
    assert step is not None and step.actions == ("c2pa.opened", "c2pa.placed", "c2pa.edited")
    assert sorted(relation for _, relation in step.parents) == ["componentOf", "inputTo", "parentOf"]


def test_what_cannot_be_signed_says_so() -> None:
    for data, media_type in [
        (b"no picture", "image/png"),
        (file()[:50], "image/png"),
        (file(), "image/x-unknown"),
    ]:
        with pytest.raises(ManifestError, match="could not be signed"):
            record(data, media_type)


def test_whether_a_file_holds_credentials_is_known_without_judging_them() -> None:
    assert has_manifest(record(file()).data, "image/png")
    assert not has_manifest(file(), "image/png")
    assert not has_manifest(b"", "image/png")


def test_names_and_prompts_in_any_script_come_back_as_they_went_in() -> None:
    name, words = "Ōtomo 葵 أمل 𠮷", "夜空、雪 🌨 <script>alert(1)</script>\u202e"
    signed = paint(
        record(file()).data, file(seed=3), people=[Credit(Role.PROMPT, name)], prompt=Prompt(words)
    ).data
    step = read_chain(signed, trust=trust()).file
    assert step is not None and step.prompt == words and step.people == (Named(name, "prompt"),)


@pytest.mark.slow
def test_a_chain_of_fifty_steps_stays_usable() -> None:
    data = record(file()).data
    start = len(data)
    for step in range(50):
        began = time.process_time()
        data = paint(data, file(seed=step)).data
        took = time.process_time() - began
    began = time.process_time()
    chain = read_chain(data, trust=trust())
    assert len(chain.steps) == 51 and chain.verdict is Verdict.INTACT_KNOWN
    assert (len(data) - start) / 50 < 11_000  # bytes a step
    assert took < 3 and time.process_time() - began < 2
    assert second_opinion(data, "image/png") == ("Trusted", set())
