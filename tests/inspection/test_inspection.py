"""One picture read in full: every row of the tamper table, with and without a ledger, each with its exit code."""

import io
import json
import os
import random
from dataclasses import replace

import c2pa
import pytest
from conftest import draw_house
from credential_samples import file, signer
from foreign_manifests import action, actions, foreign
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from reading_samples import DRAWN, HOSTILE, chain, hostile, step

from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Verdict
from provenance.credentials.sign.disclosure import Publication
from provenance.errors import PictureError
from provenance.inspection.answers import Classification
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.ledger import NO_RECORD
from provenance.inspection.evidence.observed import Match, Observed
from provenance.inspection.inspected import to_json
from provenance.inspection.inspection import conclude, inspect
from provenance.ledger.entries.kind import EntryKind
from provenance.media.containers.png import with_chunk
from provenance.media.picture import encode
from provenance.people.disputes import correct_credit
from provenance.people.register import register_of
from provenance.people.ties import Correction
from provenance.release.job import Job, Terms, software
from provenance.release.made import Made
from provenance.release.opening import open_archive
from provenance.release.reissue import reissue
from provenance.release.release import open_input, record, release, retouch, source_of
from provenance.settings import Limits, Settings
from provenance.statement.canonical import Contents, Digest, new_id
from provenance.statement.commitment import ERASED, Private
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import InputRole, ModelUse, Prompt, Statement
from provenance.statement.vocabulary import PAINTED_OVER, Relation, SourceType, Step

MODEL = ModelUse("genzu-house", "house", "1" * 40, "CC BY-SA 4.0", "OpenMoji 17", Digest.of(b"weights"))
AOI, REN, YUI = (
    Credit(Role.LAYOUT, "森 葵"),
    Credit(Role.PROMPT, "Sato Ren"),
    Credit(Role.RETOUCH, "Tanaka Yui"),
)


def painted(archive, before, out, shade):
    """An AI pass, its pixels made by hand here."""
    source = source_of(archive, open_input(archive, before), InputRole.LAYOUT, Relation.PARENT)
    statement = Statement(
        new_id("pic"), Step.PAINT, PAINTED_OVER, software(), (REN,), (source.input,),
        Prompt("pink sky, a house"), MODEL,
    )  # fmt: skip
    pixels = Image.eval(Image.open(before).convert("RGB"), lambda value: value * shade // 255)
    return release(
        archive,
        statement,
        (source,),
        lambda: Made(encode(pixels, "image/png"), "image/png"),
        Job(statement.credits, out),
    )


def make_film(archive, folder):
    """Layout, pass, hand revision: three signed files."""
    drawn, edited = folder / "layout.png", folder / "edited.png"
    draw_house().save(drawn)
    first = record(archive, drawn, Job((AOI,), folder / "1.png"), source_type=SourceType.DIGITAL_CREATION)
    second = painted(archive, first.path, folder / "2.png", 200)
    picture = Image.open(second.path).convert("RGB")
    picture.putpixel((3, 3), (255, 0, 0))
    picture.save(edited)
    credits = (YUI, Credit(Role.SUPERVISION, None))
    return first, second, retouch(archive, second.path, edited, Job(credits, folder / "3.png"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """One archive for all who only look."""
    with open_archive(Settings(home=tmp_path_factory.mktemp("archive") / "home")) as opened:
        yield opened


@pytest.fixture(scope="module")
def film(archive, tmp_path_factory):
    return make_film(archive, tmp_path_factory.mktemp("film"))


@pytest.fixture
def fresh(settings, tmp_path):
    """An archive and a film of a test's own, to write into."""
    with open_archive(settings) as opened:
        yield opened, make_film(opened, tmp_path)


def look(path, archive, **more):
    return inspect(path, trust=archive.trust, ledger=archive.ledger, **more)


def lines(told, evidence):
    return [each.words for each in told.findings if each.evidence is evidence]


def test_a_signed_picture_is_told_step_by_step_and_agrees_with_the_ledger(archive, film):
    told = look(film[2].path, archive)
    assert told.exit_code == 0 and told.agrees
    assert told.match is Match.FILE and told.record.picture == film[2].record.picture
    assert told.classified.answer is Classification.AI_ASSISTED
    assert [node.label for node in told.graph.nodes] == ["Layout", "AI pass", "Hand revision"]
    assert [each.name for node in told.graph.nodes for each in node.people] == [
        "森 葵",
        "Sato Ren",
        "Tanaka Yui",
        None,
    ]
    assert told.graph.nodes[1].models == ("genzu-house",)
    assert "File and ledger name the same people for its last step." in lines(told, Evidence.DERIVED)


def test_a_recorded_layout_is_recorded_as_human_made(archive, film):
    told = look(film[0].path, archive)
    assert (told.exit_code, told.classified.answer) == (0, Classification.HUMAN_MADE)


def test_on_a_strangers_machine_it_is_intact_by_an_unknown_signer(film):
    told = inspect(film[2].path, trust=Trust(), ledger=None)
    assert told.exit_code == 4
    assert told.chain.verdict is Verdict.INTACT_UNKNOWN
    assert told.classified.answer is Classification.AI_ASSISTED
    assert any("name entry" in words for words in lines(told, Evidence.OBSERVED))
    assert "No ledger was asked: there is none here." in lines(told, Evidence.NOT_AVAILABLE)


def test_where_no_ledger_was_asked_nothing_says_that_there_is_no_record(tmp_path):
    draw_house().save(tmp_path / "found.png")
    told = inspect(tmp_path / "found.png", trust=Trust(), ledger=None)
    assert told.history.sentence == "Unknown: no ledger was asked; this does not mean human-made."
    assert (
        told.history.sentence_in("ja")
        == "不明：台帳には問い合わせていません。人の手による制作を意味しません。"
    )
    assert "no record" not in json.dumps(to_json(told)).lower()


def test_a_stranger_who_was_given_our_root_knows_us(archive, film):
    told = inspect(film[2].path, trust=Trust().knowing(archive.identity.root_pem or ""), ledger=None)
    assert told.exit_code == 0


def test_a_human_step_by_an_unknown_signer_is_not_recorded_as_human_made(film):
    assert inspect(film[0].path, trust=Trust(), ledger=None).classified.answer is Classification.UNKNOWN


def test_any_picture_without_credentials_is_unknown_and_told_honestly(archive, tmp_path):
    path = tmp_path / "plain.png"
    Image.new("RGB", (9, 9), "pink").save(path)
    told = look(path, archive)
    assert (told.exit_code, told.classified.answer) == (3, Classification.UNKNOWN)
    assert NO_RECORD in lines(told, Evidence.NOT_AVAILABLE)
    assert told.graph.nodes == ()


def test_a_picture_whose_credentials_were_stripped_is_found_by_its_pixels(archive, film, tmp_path):
    bare = tmp_path / "bare.png"
    Image.open(film[2].path).save(bare)
    told = look(bare, archive)
    assert told.exit_code == 3
    assert told.match is Match.PIXELS and told.record.picture == film[2].record.picture
    assert told.classified.answer is Classification.AI_ASSISTED
    assert [node.label for node in told.graph.nodes] == ["Layout", "AI pass", "Hand revision"]
    assert any("without credentials" in words for words in lines(told, Evidence.DERIVED))


def test_a_re_encoded_picture_is_a_stranger_again(archive, film, tmp_path):
    copy = tmp_path / "copy.jpg"
    Image.open(film[2].path).convert("RGB").save(copy, quality=60)
    told = look(copy, archive)
    assert (told.exit_code, told.record) == (3, None)


def test_the_unsigned_original_is_recognised(archive, film):
    told = look(film[0].path.parent / "layout.png", archive)
    assert told.exit_code == 3
    assert told.classified.answer is Classification.HUMAN_MADE
    assert "It is the very file that was taken into the record, before it was signed." in lines(
        told, Evidence.DERIVED
    )


def test_a_layout_that_was_only_painted_over_is_told_to_have_gone_in(archive, revised, tmp_path):
    out = painted(archive, revised, tmp_path / "out.png", 100)
    told = look(revised, archive)
    assert told.record is None and told.classified.answer is Classification.UNKNOWN
    assert any(out.record.picture in words for words in lines(told, Evidence.RECORDED))


def flipped(data, at):
    data = bytearray(data)
    data[at] ^= 1
    return bytes(data)


def test_one_changed_pixel_byte_is_told_as_altered(archive, film):
    data = film[2].path.read_bytes()
    told = look(flipped(data, data.rindex(b"IDAT") + 40), archive)
    assert told.exit_code == 1
    assert told.classified.answer is Classification.ALTERED
    assert told.match is Match.MANIFEST and told.record.picture == film[2].record.picture


def test_a_name_changed_within_the_credentials_is_told_as_altered(archive, film):
    told = look(film[2].path.read_bytes().replace(b"Tanaka Yui", b"Tanaka Yuu"), archive)
    assert (told.exit_code, told.classified.answer) == (1, Classification.ALTERED)


def test_a_text_chunk_added_after_signing_is_told_as_altered(archive, film):
    data = film[2].path.read_bytes()
    chunk = PngInfo()
    chunk.add_text("Comment", "hello")
    spare = io.BytesIO()
    Image.new("RGB", (1, 1)).save(spare, "PNG", pnginfo=chunk)
    text = spare.getvalue()
    start = text.index(b"tEXt") - 4
    piece = text[start : start + 12 + int.from_bytes(text[start : start + 4])]
    end = data.rindex(b"IEND") - 4
    told = look(data[:end] + piece + data[end:], archive)
    assert told.exit_code == 1 and told.chain.verdict is not Verdict.INTACT_KNOWN


def test_an_unsigned_ancestor_is_among_the_evidence_of_an_intact_file(archive, tmp_path):
    drawn = tmp_path / "drawn.png"
    draw_house().save(drawn)
    told = look(painted(archive, drawn, tmp_path / "over.png", 190).path, archive)
    assert told.chain.verdict is Verdict.INTACT_KNOWN and told.exit_code == 0
    assert any("genzu.ingredient.unsigned" in words for words in lines(told, Evidence.OBSERVED))


def test_an_altered_ancestor_makes_the_whole_chain_altered(archive, film):
    told = look(film[2].path.read_bytes().replace("森 葵".encode(), "森 蒼".encode()), archive)
    assert (told.exit_code, told.classified.answer) == (1, Classification.ALTERED)


def test_bytes_outside_the_hash_that_differ_from_the_record_are_a_failed_check(archive, film):
    observed = replace(look(film[2].path, archive).observed, contents=Contents(b"other bytes"), exact=None)
    told = conclude(observed, archive.ledger)
    assert told.chain.verdict is Verdict.INTACT_KNOWN
    assert told.exit_code == 1 and not told.agrees
    assert told.classified.answer is Classification.ALTERED


def test_other_names_in_the_file_than_in_the_ledger_are_a_failed_check(archive, film):
    seen = look(film[2].path, archive).observed
    steps = seen.chain.steps
    forged = replace(steps[-1], people=(replace(steps[-1].people[0], name="Somebody Else"),))
    told = conclude(replace(seen, chain=replace(seen.chain, steps=(*steps[:-1], forged))), archive.ledger)
    [fault] = [each.words for each in told.findings if each.fault]
    assert "Somebody Else" in fault and "Tanaka Yui" in fault
    assert told.exit_code == 1


def test_a_name_that_changed_in_the_ledger_since_is_told_and_no_failure(fresh):
    archive, film = fresh
    person = film[2].record.statement.credits[0].person
    archive.ledger.append(
        EntryKind.PERSON_CHANGED,
        {"person": person, "name": Private("Suzuki Yui", "name", person)},
    )
    told = look(film[2].path, archive)
    assert told.exit_code == 0
    assert any("another name" in words and "Suzuki Yui" in words for words in lines(told, Evidence.RECORDED))


def test_a_name_that_is_another_in_the_file_by_choice_is_told_and_stays_one_when_signed_again(
    archive, film, tmp_path
):
    drawn, terms = tmp_path / "drawn.png", Terms(Publication(pseudonyms={"Mori Haru": "Kitsune"}))
    draw_house().save(drawn)
    job = Job((Credit(Role.LAYOUT, "Mori Haru"),), tmp_path / "signed.png", terms=terms)
    first = record(archive, drawn, job, source_type=SourceType.PRINT)
    again = reissue(archive, first.record.picture, tmp_path / "again.png")
    for made in (first, again):
        told = look(made.path, archive)
        assert (told.exit_code, [each.name for each in told.graph.nodes[-1].people]) == (0, ["Kitsune"])
        assert "Credits: layout: Kitsune." in lines(told, Evidence.RECORDED)
        assert b"Mori Haru" not in made.path.read_bytes()
    assert b"Kitsune" not in json.dumps(archive.ledger.entry(first.record.requested).body).encode()
    archive.ledger.erase(first.record.statement.credits[0].person)
    assert look(first.path, archive).exit_code == 0
    assert archive.ledger.picture(first.record.picture).statement.credits[0].shown == ERASED


def test_a_credit_that_was_corrected_since_is_told_and_no_failure(fresh):
    archive, film = fresh
    record = film[2].record
    before, after = record.statement.credits[0].person, film[0].record.statement.credits[0].person
    correction = Correction(record.picture, Role.RETOUCH, before, after, by=after, why="mixed up", dispute="")
    correct_credit(archive.ledger, register_of(archive.ledger), correction)
    told = look(film[2].path, archive)
    assert told.exit_code == 0
    assert any("Tanaka Yui became 森 葵" in words for words in lines(told, Evidence.RECORDED))


def test_a_picture_that_was_signed_again_is_no_further_pass(archive, film, tmp_path):
    again = record(
        archive,
        film[1].path,
        Job((REN,), tmp_path / "again.png"),
        source_type=SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
    )
    told = look(again.path, archive)
    assert [node.label for node in told.graph.nodes] == ["Layout", "AI pass", "Signed again"]
    assert [node.label for node in told.recorded.nodes] == ["Layout", "AI pass", "Signed again"]
    assert (told.exit_code, told.classified.answer) == (0, Classification.AI_ASSISTED)
    assert told.classified.because == "AI had a part in AI pass; a hand or a camera made Layout"


def test_a_step_whose_record_was_taken_out_of_the_file_is_not_said_to_be_unrecorded(archive, film):
    """A redaction leaves our ledger as it was: what is told is how many steps were found there."""
    before = film[1].path.read_bytes()
    label = json.loads(c2pa.Reader("image/png", io.BytesIO(before)).json())["active_manifest"]
    taken = f"self#jumbf=/c2pa/{label}/c2pa.assertions/org.genzu.record"
    redacted = action("redacted", reason="c2pa.PII.present", parameters={"redacted": taken})
    opened = action("opened", parameters={"ingredientIds": ["before"]})
    about = {"title": "2.png", "label": "before", "relationship": "parentOf"}
    told = look(
        foreign({"assertions": [actions(opened, redacted)], "redactions": [taken]}, (about, before)), archive
    )
    assert "Of the earlier steps, 1 of 2 were found in this ledger." in lines(told, Evidence.RECORDED)
    assert told.history.sentence.startswith(
        "AI-assisted: drawn by 森 葵, painted by genzu-house, a further step, how it was done is not stated"
    )


def test_an_impostor_who_names_our_entry_is_caught_by_the_signature(archive, film, layout, tmp_path):
    with open_archive(Settings(home=tmp_path / "impostor")) as other:
        forged = record(
            other, layout, Job((AOI,), tmp_path / "forged.png"), source_type=SourceType.DIGITAL_CREATION
        )
    seen = look(forged.path, archive).observed
    claim = {**seen.chain.file.record, "ledger": archive.ledger.id, "picture": film[0].record.picture}
    claimed = replace(seen.chain, steps=(replace(seen.chain.file, record=claim),))
    told = conclude(replace(seen, chain=claimed), archive.ledger)
    assert told.exit_code == 1
    assert any("another certificate" in each.words for each in told.findings if each.fault)


def test_a_claim_of_an_entry_that_is_not_there_is_a_failed_check(archive, film):
    seen = look(film[0].path, archive).observed
    claim = replace(
        seen.chain.file, record={"ledger": archive.ledger.id, "picture": "pic-nothere", "entry": 99}
    )
    odd = replace(
        seen, chain=replace(seen.chain, steps=(claim,)), contents=Contents(b"x"), pixels=None, exact=None
    )
    told = conclude(odd, archive.ledger)
    assert told.exit_code == 1 and "pic-nothere" in next(each.words for each in told.findings if each.fault)


def test_a_record_made_by_hand_yet_with_a_generators_text_is_left_open(archive, tmp_path):
    path = tmp_path / "doubtful.png"
    note = PngInfo()
    note.add_text("parameters", "a house\nSteps: 20, Sampler: Euler a, Seed: 7, Model: v1-5")
    Image.new("RGB", (32, 32), "orange").save(path, pnginfo=note)
    out = record(archive, path, Job((AOI,), tmp_path / "out.png"), source_type=SourceType.DIGITAL_CREATION)
    told = look(out.path, archive)
    assert told.classified.answer is Classification.UNKNOWN
    assert any("AUTOMATIC1111" in words for words in lines(told, Evidence.OBSERVED))


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n", b"II*\0" + b"\xff" * 40])
def test_what_is_no_picture_could_not_be_checked(archive, content):
    told = look(content, archive)
    assert told.exit_code == 2
    assert told.classified.answer is Classification.UNKNOWN


def test_a_signed_picture_that_was_cut_off_is_never_called_fine(archive, film):
    data = film[2].path.read_bytes()
    for part in (0.2, 0.5, 0.9, 0.99):
        assert look(data[: int(len(data) * part)], archive).exit_code in {1, 2}


def test_no_mutation_of_a_signed_file_is_called_fine_or_stops_the_look(archive, film):
    chance = random.Random(20261123)
    whole = film[2].path.read_bytes()
    for number in range(90):
        data = bytearray(whole)
        at = chance.randrange(len(data))
        if number % 3 == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif number % 3 == 1:
            data[at:at] = chance.randbytes(chance.randrange(1, 40))
        else:
            del data[at : at + chance.randrange(1, 400)]
        told = look(bytes(data), archive)
        assert told.exit_code in {1, 2}
        json.dumps(to_json(told))


def test_a_path_that_cannot_be_read_is_one_sentence(archive, tmp_path):
    for path in (tmp_path, tmp_path / "gone.png"):
        with pytest.raises(PictureError):
            look(path, archive)
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(PictureError, match="not a file"):
        look(tmp_path / "pipe.png", archive)  # nobody ever writes into it
    big = tmp_path / "big.png"
    big.write_bytes(b"x" * 2000)
    with pytest.raises(PictureError, match="1,000"):
        look(big, archive, limits=Limits(size=1000))


def test_the_ledger_is_not_changed_by_looking(archive, film):
    before = len(archive.ledger)
    look(film[2].path, archive)
    assert len(archive.ledger) == before


def test_a_hostile_chain_is_concluded_and_its_json_is_json(archive):
    observed = Observed(HOSTILE[0], Contents(b""), hostile(), None, None, None)
    for ledger in (None, archive.ledger):
        told = conclude(observed, ledger)
        assert json.loads(json.dumps(to_json(told)))["exit_code"] == 4
        assert not any("\x1b" in each.words or "\u202e" in each.words for each in told.findings)


def test_the_json_has_the_documented_shape(archive, film):
    told = json.loads(json.dumps(to_json(look(film[1].path, archive))))
    stated = told["steps"][-1]["stated"]
    assert (
        stated["actions"] == ["c2pa.opened", "c2pa.edited"]
        and stated["models"][0]["license"] == "CC BY-SA 4.0"
    )
    assert stated["record"]["picture"] == film[1].record.picture
    assert set(told) == {
        "format", "file", "verdict", "reasons", "exit_code", "classification", "because", "steps", "edges",
        "findings", "match", "record", "elsewhere", "history", "looks_like",
    }  # fmt: skip
    assert told["format"] == "genzu inspection 1"
    assert told["history"]["sentence"] == "AI-assisted: drawn by 森 葵, painted by genzu-house."
    assert told["history"]["credits"] == [
        {"role": "layout", "name": "森 葵"},
        {"role": "prompt", "name": "Sato Ren"},
    ]
    assert told["file"]["digest"] == str(film[1].digest) and told["file"]["width"] == 96
    assert told["record"]["credits"] == [
        {"role": "prompt", "name": "Sato Ren", "person": told["record"]["credits"][0]["person"]}
    ]
    assert told["record"]["model"]["license"] == "CC BY-SA 4.0"
    assert {each["source"] for each in told["findings"]} <= {each.value for each in Evidence}


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.INTACT_KNOWN, 0),
        (Verdict.ALTERED, 1),
        (Verdict.NOT_CHECKED, 2),
        (Verdict.NO_CREDENTIALS, 3),
        (Verdict.INTACT_UNKNOWN, 4),
    ],
)
def test_each_verdict_has_its_own_exit_code(verdict, code):
    observed = Observed("x", Contents(b""), chain(step("a", DRAWN), verdict=verdict), None, None, None)
    assert conclude(observed, None).exit_code == code


def test_a_stranger_s_word_for_a_hand_beside_text_of_ai_is_a_conflict_and_the_history_tells_of_ai():
    text = b"parameters\0a house\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Model: v1-5"
    noted = with_chunk(file(seed=1), b"tEXt", text)
    hand = {"format": "image/png", "assertions": [actions(action("created", "digitalCreation"))]}
    target = io.BytesIO()
    loose = c2pa.Context.from_dict({"version": 1, "verify": {"verify_after_sign": False}})
    c2pa.Builder(json.dumps(hand), loose).sign(signer().signer(), "image/png", io.BytesIO(noted), target)
    told = inspect(target.getvalue(), trust=Trust(), ledger=None)
    assert told.chain.verdict is Verdict.INTACT_UNKNOWN
    assert told.classified.answer is Classification.AI_GENERATED and told.classified.both
    assert "a signature that does not count here says" in told.classified.because
    sentence = told.history.sentence_in("en")
    assert sentence.startswith("AI-generated: painted by v1-5, by unsigned text") and "hand" not in sentence
