"""What people looked at while they drew: on the record with its own history, and never taken for their own work."""

import io
import json
from pathlib import Path

import c2pa
import encypher_c2pa
import pytest
from asset_rubric import RULES
from click.testing import CliRunner, Result
from conftest import draw_house
from film_chain import Film
from manifest_samples import OF_A_SERVICE
from PIL import Image, ImageDraw

from generation.cli import genzu
from provenance.credentials.identity.trust import context
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import ConsentError, PictureError, StatementError
from provenance.inspection.answers import Classification
from provenance.inspection.classification import classify
from provenance.inspection.lineage import lineage
from provenance.ledger.entries.kind import EntryKind
from provenance.people.consent import Consent, consent_body
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people
from provenance.release.archive import Archive
from provenance.release.final import check_release
from provenance.release.job import How, Job
from provenance.release.made import Made
from provenance.release.opening import open_archive
from provenance.release.permission import check_consent
from provenance.release.release import open_input, record, release, retouch, source_of
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.statement.credit import parse_credit
from provenance.statement.statement import Input, InputRole
from provenance.statement.vocabulary import Answer, Maker, Relation, SourceType, Step, Subject

BY = ("--by", "layout: Mori Aoi")


@pytest.fixture
def run(tmp_path: Path):
    def call(*words: object, code: int = 0) -> Result:
        done = CliRunner().invoke(genzu, ["--home", str(tmp_path / "home"), *(str(each) for each in words)])
        assert (done.exit_code == 0) is (code == 0), (done.output, done.exception)
        return done

    return call


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    path = tmp_path / "a house in Hakodate.png"
    Image.radial_gradient("L").resize((80, 60)).convert("RGB").save(path)
    return path


@pytest.fixture
def recorded_photograph(run, photograph: Path, tmp_path: Path) -> Path:
    out = tmp_path / "photograph.png"
    run("record", photograph, "--source", "digitalCapture", "--by", "other: Kai O'Neil", "-o", out)
    return out


def drawn(film: Film, *references: Path):
    job = Job(film.credits(("layout: Sato Hana",)), film.out())
    return record(
        film.archive, film.draw(), job, source_type=SourceType.DIGITAL_CREATION, references=references
    )


def answers(archive: Archive, made) -> set[Classification]:
    """By the file alone, and by the ledger."""
    file = lineage(read_chain(made.path, trust=archive.trust))
    return {classify(file).answer, classify(lineage(made.record, archive.ledger)).answer}


def test_a_recorded_drawing_names_what_was_looked_at(run, layout, recorded_photograph, tmp_path):
    out = tmp_path / "out.png"
    asked = ("record", layout, "--source", "print", *BY, "--reference", recorded_photograph, "-o", out)
    line = "reference: its digests, size and id, and its own credentials; not the picture itself"
    assert line in run(*asked, "--dry-run").stdout and not out.exists()
    told = json.loads(run(*asked, "--json").stdout)
    answer = run("inspect", out).stdout
    assert "recorded as human-made" in answer and "Kai O'Neil" in answer and "looking at 1" in answer
    shown = json.loads(run("show", told["picture"], "--json").stdout)
    original, reference = shown["inputs"]
    assert (original["role"], reference["role"], reference["relation"]) == (
        "original",
        "reference",
        "inputTo",
    )
    assert reference["digest"] == str(Digest.of_file(recorded_photograph)) and reference["picture"]
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        kept = archive.ledger.picture(told["picture"]).statement.inputs[1]
        assert archive.vault.get(kept.resource.digest) == recorded_photograph.read_bytes()
        assert [each.picture for each in archive.ledger.children(kept.picture)] == [told["picture"]]


def test_a_revision_keeps_the_history_of_its_parent_and_of_each_reference(
    run, layout, revised, photograph, recorded_photograph, tmp_path
):
    signed, out = tmp_path / "signed.png", tmp_path / "out.png"
    run("record", layout, "--source", "print", *BY, "-o", signed)
    run("retouch", signed, revised, "--by", "retouch: Sato Hana", "--reference", recorded_photograph,
        "--reference", photograph, "-o", out)  # fmt: skip
    data = out.read_bytes()
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        root, trust = archive.identity.root_pem, archive.trust
    chain = read_chain(data, trust=trust)
    assert chain.verdict is Verdict.INTACT_KNOWN and chain.file.maker is Maker.HUMAN
    assert sorted(relation for _, relation in chain.file.parents) == ["inputTo", "inputTo", "parentOf"]
    assert {each.name for step in chain.steps for each in step.people} == {
        "Mori Aoi",
        "Kai O'Neil",
        "Sato Hana",
    }
    assert b"Hakodate" not in data
    report = encypher_c2pa.verify(
        data, "image/png", trust_pem=root, no_default_trust=True, telemetry=False, strict_conformance=True
    )
    assert {each["code"] for each in report["validation_results"]["failure"]} <= OF_A_SERVICE
    with c2pa.Reader("image/png", io.BytesIO(data), context=context(trust)) as reader:
        manifest = json.loads(reader.crjson())["manifests"][0]
    assert {name: rule(manifest) for name, rule in RULES.items() if rule(manifest)} == {}
    opened, edited = manifest["assertions"]["c2pa.actions.v2"]["actions"]
    assert (opened["action"], edited["action"]) == ("c2pa.opened", "c2pa.edited")
    held = {
        label: each for label, each in manifest["assertions"].items() if label.startswith("c2pa.ingredient")
    }
    looked_at = {label for label, each in held.items() if each["dc:title"] == "Reference"}
    named = {each["url"].rsplit("/", 1)[-1] for each in edited["parameters"]["ingredients"]}
    assert len(looked_at) == 2 and looked_at == named
    assert {held[label]["relationship"] for label in named} == {"inputTo"}


def test_a_file_that_holds_no_credentials_names_its_references_beside_it(run, recorded_photograph, tmp_path):
    scene = tmp_path / "scene.psd"
    scene.write_bytes(b"8BPS" + bytes(200))
    out = tmp_path / "out.psd"
    run("record", scene, "--source", "digitalCreation", *BY, "--reference", recorded_photograph, "-o", out)
    assert out.read_bytes() == scene.read_bytes()
    assert "looking at 1" in run("inspect", out).stdout


@pytest.mark.parametrize("ai", [False, True])
def test_ai_that_was_looked_at_is_told_and_work_of_people_stays_theirs(film, ai):
    first = film.layout("layout: Mori Aoi")
    looked_at = film.paint(first.path, "prompt: Abe Rin") if ai else first
    expected = Classification.AI_ASSISTED if ai else Classification.HUMAN_MADE
    made = drawn(film, looked_at.path)
    assert made.record.statement.source_type.maker is Maker.HUMAN
    assert answers(film.archive, made) == {expected}
    over = film.layout("layout: Mori Aoi")
    job = Job(film.credits(("retouch: Elin",)), film.out())
    revised = retouch(film.archive, over.path, film.draw(over=over.path), job, references=[looked_at.path])
    assert answers(film.archive, revised) == {expected}


def test_where_nobody_states_how_a_reference_was_made_the_answer_is_unknown(film):
    assert answers(film.archive, drawn(film, film.draw())) == {Classification.UNKNOWN}


def test_a_reference_is_another_picture_and_is_named_once(film):
    first, second = film.layout("layout: Mori Aoi"), film.layout("layout: Mori Aoi")
    job = Job(film.credits(("retouch: Elin",)), film.out())
    edited = film.draw(over=first.path)
    for references in ([first.path], [second.path, second.path]):
        with pytest.raises(StatementError, match="went in already"):
            retouch(film.archive, first.path, edited, job, references=references)
    (film.folder / "words.png").write_text("no picture")
    with pytest.raises(PictureError, match="not a picture"):
        retouch(film.archive, first.path, edited, job, references=[film.folder / "words.png"])
    assert len(film.archive.ledger.pictures()) == 2


def test_a_record_has_no_other_input_than_itself_and_what_was_looked_at(film):
    (original,) = film.layout("layout: Mori Aoi").record.statement.inputs
    job = Job(film.credits(("layout: Mori Aoi",)), film.out())
    for role, relation in (
        (InputRole.LAYOUT, Relation.PARENT),
        (InputRole.REFERENCE, Relation.COMPONENT),
        (InputRole.MASK, Relation.INPUT),
    ):
        beside = [Input(role, relation, original.resource)]
        with pytest.raises(StatementError, match="what was made over another is a retouch"):
            job.statement(Step.RECORD, SourceType.PRINT, original, beside=beside)


# --- whose wish it is --------------------------------------------------------------------------------------


@pytest.fixture
def kai(film: Film) -> Film:
    add_people(film.archive.ledger, register_of(film.archive.ledger), [Person("per-kai", name="Kai O'Neil")])
    return film


def say(film: Film, subject: Subject, **said: Answer) -> None:
    consent = Consent(
        "per-kai", said.get("ai", Answer.YES), said.get("training", Answer.YES), subject=subject
    )
    film.archive.ledger.append(EntryKind.CONSENT_STATED, consent_body(consent))


def test_the_wish_about_style_goes_along_and_people_are_asked_nothing(kai):
    looked_at = kai.layout("layout: Kai O'Neil")
    say(kai, Subject.STYLE, ai=Answer.NO, training=Answer.NO)
    made = drawn(kai, looked_at.path)
    step = read_chain(made.path, trust=kai.archive.trust).file
    assert step.wishes["cawg.ai_generative_training"] == "notAllowed"


@pytest.mark.parametrize("subject", [Subject.STYLE, Subject.LAYOUT, Subject.ANY])
def test_a_no_of_whoever_was_looked_at_stops_a_model_later(kai, subject):
    made = drawn(kai, kai.layout("layout: Kai O'Neil").path)
    statement, source = kai.statement(made.path, "prompt: Abe Rin")
    assert check_consent(kai.archive, statement, (source,)) == []
    say(kai, subject, ai=Answer.NO)
    with pytest.raises(ConsentError, match="Kai O'Neil does not allow AI use"):
        check_consent(kai.archive, statement, (source,))


def test_a_word_about_style_is_no_word_about_a_layout(kai):
    say(kai, Subject.STYLE, ai=Answer.NO)
    statement, source = kai.statement(kai.layout("layout: Kai O'Neil").path, "prompt: Abe Rin")
    assert check_consent(kai.archive, statement, (source,)) == []


def test_a_mask_on_the_way_of_a_delivery_is_no_unnamed_hand(tmp_path, layout, revised):
    """Another studio's masked picture, revised here for good: nobody has to be named for a mask."""
    mask = tmp_path / "mask.png"
    Image.new("L", (96, 64), 255).save(mask)
    painted = draw_house()
    ImageDraw.Draw(painted).rectangle((0, 0, 95, 20), fill="pink")
    buffer = io.BytesIO()
    painted.save(buffer, "PNG")
    with open_archive(Settings(home=tmp_path / "theirs")) as theirs:
        film = Film(theirs, tmp_path)
        statement, source = film.statement(film.layout("layout: Mori Aoi").path, "prompt: Abe Rin")
        over = source_of(theirs, open_input(theirs, mask), InputRole.MASK, Relation.INPUT)
        job = Job(statement.credits, film.out())
        masked = job.statement(
            Step.PAINT, statement.source_type, source.input, beside=[over.input],
            how=How(statement.prompt, statement.model),
        )  # fmt: skip
        made = release(theirs, masked, (source, over), lambda: Made(buffer.getvalue(), "image/png"), job)
    with open_archive(Settings(home=tmp_path / "ours")) as ours:
        job = Job((parse_credit("retouch: Sato Hana"),), tmp_path / "final.png")
        final = retouch(ours, made.path, revised, job)
        assert not any(
            "nobody is named" in each.words for each in check_release(ours, final.record.statement)
        )
        assert [step.title for step in read_chain(final.path, trust=ours.trust).steps].count("Mask") == 1


def test_a_no_about_style_in_another_studios_ledger_stops_our_model_too(run, tmp_path):
    with open_archive(Settings(home=tmp_path / "theirs")) as archive:
        theirs = Film(archive, tmp_path)
        made = drawn(theirs, theirs.layout("layout: Kai O'Neil").path)
        (kai,) = archive.ledger.people_named("Kai O'Neil")
        consent = Consent(kai.person, Answer.NO, Answer.NO, subject=Subject.STYLE)
        archive.ledger.append(EntryKind.CONSENT_STATED, consent_body(consent))
        archive.ledger.export(tmp_path / "theirs.jsonl")
    run("init")
    run("ledger", "import", tmp_path / "theirs.jsonl")
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        statement, source = Film(archive, tmp_path).statement(made.path, "prompt: Abe Rin")
        with pytest.raises(ConsentError, match="does not allow AI use of their style"):
            check_consent(archive, statement, (source,))
