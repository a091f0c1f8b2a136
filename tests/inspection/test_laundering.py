"""A picture of ours that comes back with another history: the contradiction is told first, whoever signed it."""

import io

import pytest
from credential_samples import edited
from film_chain import Film
from foreign_manifests import IPTC, action, actions, assertion
from PIL import Image

from provenance.credentials.identity.trust import Trust
from provenance.inspection.answers import Classification
from provenance.inspection.evidence.conflict import CONFLICT
from provenance.inspection.inspection import inspect
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import parse_credit
from provenance.statement.vocabulary import SourceType

DRAWN = action("created", "digitalCreation")


@pytest.fixture
def made(archive, tmp_path):
    """A film's layout and its painting, recorded."""
    film = Film(archive, tmp_path)
    drawn = film.layout("layout: Mori Aoi")
    return drawn, film.paint(drawn.path, "prompt: Sato Ren")


def stripped(path, target, **options):
    """The same pixels in a file without credentials."""
    with Image.open(path) as picture:
        picture.convert("RGB").save(target, **options)
    return target


def signed_anew(path, tmp_path, *assertions):
    """The same pixels with a stranger's manifest."""
    import json

    import c2pa
    from credential_samples import signer

    loose = c2pa.Context.from_dict({"version": 1, "verify": {"verify_after_sign": False}})
    builder = c2pa.Builder(json.dumps({"format": "image/png", "assertions": list(assertions)}), loose)
    bare, target = stripped(path, tmp_path / "bare.png"), io.BytesIO()
    builder.sign(signer("Mallory", "c").signer(), "image/png", io.BytesIO(bare.read_bytes()), target)
    return target.getvalue()


def look(data, archive, **more):
    return inspect(data, trust=archive.trust, ledger=archive.ledger, **more)


def test_our_painting_signed_anew_as_hand_drawn_is_a_contradiction_and_told_first(archive, made, tmp_path):
    told = look(signed_anew(made[1].path, tmp_path, actions(DRAWN)), archive)
    first = told.findings[0]
    assert first.fault and first.words.startswith("File and ledger contradict each other: ")
    assert "made by hand or camera alone" in first.words and "painted by genzu-house" in first.words
    assert told.exit_code == 1 and not told.agrees
    assert told.classified.answer is Classification.AI_ASSISTED
    assert told.classified.because.startswith("file and ledger contradict each other")
    assert told.history.sentence == "AI-assisted: drawn by Mori Aoi, painted by genzu-house."


@pytest.mark.parametrize("kind", ["digitalCapture", "print", "humanEdits"])
def test_every_word_for_a_hand_or_a_camera_alone_contradicts_our_record_of_ai(archive, made, tmp_path, kind):
    told = look(signed_anew(made[1].path, tmp_path, actions(action("created", kind))), archive)
    assert told.exit_code == 1 and told.findings[0].fault


def test_our_drawing_signed_anew_as_ai_settles_nothing(archive, made, tmp_path):
    told = look(
        signed_anew(made[0].path, tmp_path, actions(action("created", "trainedAlgorithmicMedia"))), archive
    )
    assert told.findings[0].words.startswith("File and ledger contradict each other: ")
    assert (told.exit_code, told.classified.answer) == (1, Classification.UNKNOWN)
    assert told.history.sentence == (
        "Unknown: file and ledger contradict each other; this does not mean human-made."
    )


def test_a_stranger_who_leaves_the_hand_out_or_the_making_or_names_others_is_told_first(
    archive, made, tmp_path
):
    for assertions, words in (
        ([actions(action("created", "trainedAlgorithmicMedia"))], "its credentials say AI-generated"),
        ([actions(action("opened"))], "do not say how it was made"),
        (
            [
                actions(action("created", "compositeWithTrainedAlgorithmicMedia")),
                assertion("cawg.metadata", **{"@context": {}, "dc:creator": ["Mallory"]}),
            ],
            "its credentials name Mallory",
        ),
    ):
        told = look(signed_anew(made[1].path, tmp_path, *assertions), archive)
        assert words in told.findings[0].words, assertions
        assert told.findings[0].first and told.classified.answer in {
            Classification.AI_ASSISTED,
            Classification.AI_GENERATED,
        }


def test_our_painting_signed_anew_and_changed_after_that_is_altered_and_no_contradiction(
    archive, made, tmp_path
):
    anew = signed_anew(made[1].path, tmp_path, actions(DRAWN))
    told = look(edited(anew, b"c2pa-rs", b"c2pa-xs"), archive)
    assert told.classified.answer is Classification.ALTERED and told.exit_code == 1
    assert not [each for each in told.findings if each.about == CONFLICT]


def test_unsigned_words_for_a_hand_over_our_painting_are_told_first(archive, made, tmp_path):
    xmp = f"<x>{IPTC}digitalCreation</x>".encode()
    data = stripped(made[1].path, tmp_path / "bare.webp", lossless=True, xmp=xmp).read_bytes()
    told = look(data, archive)
    assert told.findings[0].first and "unsigned text in the file" in told.findings[0].words
    assert told.classified.answer is Classification.AI_ASSISTED


def test_a_stripped_painting_and_our_own_files_contradict_nothing(archive, made, tmp_path):
    for data in (made[0].path, made[1].path, stripped(made[1].path, tmp_path / "bare.png")):
        told = look(data, archive)
        assert told.agrees and not any(each.first for each in told.findings)


def test_a_finished_revision_whose_xmp_is_left_contradicts_nothing(archive, made, tmp_path):
    folder = tmp_path / "revision"
    folder.mkdir()
    final = Film(archive, folder).retouch(made[1].path, "retouch: Tanaka Yui")
    xmp = f"<x>{IPTC}humanEdits</x>".encode()
    data = stripped(final.path, tmp_path / "bare.webp", lossless=True, xmp=xmp).read_bytes()
    assert not any(each.first for each in look(data, archive).findings)
    told = look(
        signed_anew(final.path, tmp_path, actions(action("opened"), action("edited", "humanEdits"))), archive
    )
    assert "do not say what it was made over" in told.findings[0].words and told.agrees


def test_a_picture_signed_on_by_somebody_who_keeps_our_history_contradicts_nothing(archive, made, tmp_path):
    with open_archive(Settings(home=tmp_path / "other")) as other:
        again = record(
            other,
            made[1].path,
            Job((parse_credit("compositing: Kita Jun"),), tmp_path / "again.png"),
            source_type=SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
        )
    told = look(again.path, archive)
    assert told.agrees and not any(each.first for each in told.findings)


def test_a_stripped_painting_without_any_ledger_is_unknown(made, tmp_path):
    told = inspect(stripped(made[1].path, tmp_path / "bare.png"), trust=Trust(), ledger=None)
    assert told.history.sentence == "Unknown: no ledger was asked; this does not mean human-made."
