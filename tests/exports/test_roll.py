"""The credit roll: everybody by role, models apart, nothing that was not stated, nothing that is private."""

import csv
import io
import json
import re
from html import unescape

import pytest
from click.testing import CliRunner, Result
from conftest import draw_house
from film_chain import PRODUCTION, SECRET_PROMPT, STRANGER, Film
from japanese_marks import half_width
from PIL import Image

from provenance.commands.audit import audit_command
from provenance.commands.people import people as people_command
from provenance.commands.project import project as project_command
from provenance.commands.roll import roll_command
from provenance.errors import NotRecorded, OutputError, StatementError
from provenance.exports import roll_sheet
from provenance.exports.roll import roll_of
from provenance.exports.site import site_files
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people
from provenance.people.shots import shots_of
from provenance.release.job import Job
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import parse_credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType, Stage


def genzu(settings: Settings, command, *words: str) -> Result:  # type: ignore[no-untyped-def]
    return CliRunner().invoke(command, words, obj=settings)


def roll(film: Film, languages: str = "en", form: str = "text") -> str:
    register = register_of(film.archive.ledger)
    found = roll_of(film.archive.ledger, register, PRODUCTION)
    make = {
        "text": roll_sheet.to_text,
        "csv": roll_sheet.to_csv,
        "json": roll_sheet.to_json,
        "html": roll_sheet.to_html,
    }
    return make[form](found, register, roll_sheet.parse_languages(languages))


def test_the_films_chain_is_credited_in_two_languages(film):
    add_people(
        film.archive.ledger,
        register_of(film.archive.ledger),
        [Person("per-aoi", name="森 あおい", reading="もり あおい", romaji="Mori Aoi")],
    )
    film.chain()
    english, japanese, both = (" ".join(roll(film, each).split()) for each in ("en", "ja", "en,ja"))
    assert "Layout Mori Aoi" in english
    assert "1 credit of people who asked not to be named" in english
    assert "With generative AI genzu-house (licence: CC BY-SA 4.0; trained on: 4,000 OpenMoji" in english
    assert "レイアウト" in japanese
    assert "森 あおい" in japanese
    assert "非公開 1件" in japanese
    assert "Layout / レイアウト" in both
    assert "Mori Aoi / 森 あおい" in both
    for name in ("Sato Hana", "Elin Lindqvist", "Kai O'Neil"):
        assert name in english
        assert name in japanese
    assert "Not stated: no gap was found in the record" in english


_FOR_PROGRAMS = re.compile(
    r"pic-\w+|per-\w+|genzu-house|CC BY-SA 4.0|OpenMoji authors|4,000 OpenMoji[^、<]*|"
    + re.escape(PRODUCTION)
)
_SAME = {"format", "production", "role", "name", "source", "revision", "digest", "licence", "training", "attribution",
         "person", "episode", "cut", "picture", "pictures", "models"}  # fmt: skip


def sentences(data, key=""):  # type: ignore[no-untyped-def]
    """Each text in data that is told in a language."""
    if isinstance(data, dict):
        return [each for name, held in data.items() for each in sentences(held, name)]
    if isinstance(data, list):
        return [each for held in data for each in sentences(held, key)]
    return [data] if isinstance(data, str) and key not in _SAME else []


def test_a_japanese_roll_has_no_english_words_but_names(film):
    film.chain("c014")
    film.paint(film.draw(), "prompt: Sato Hana", shot="c015")
    film.paint(film.draw(), "prompt: Sato Hana", shot="c015")
    page = re.sub(r"<style>.*?</style>", "", roll(film, "ja", "html"), flags=re.DOTALL)
    told = {
        "text": roll(film, "ja"),
        "html": unescape(" ".join(re.split("<[^>]*>", page))),
        "json": " ".join(sentences(json.loads(roll(film, "ja", "json")))),
    }
    for name in ("Sato Hana", "Elin Lindqvist", "Kai O'Neil", "Mori Aoi", "c014", "c015"):
        told = {form: text.replace(name, "") for form, text in told.items()}
    for form, text in told.items():
        left = re.findall(r"[A-Za-z]{3,}", _FOR_PROGRAMS.sub(" ", text))
        assert left == [], (form, left)
        assert "記録されていません" in text and "選択の記録がない" in text, form
    both = roll(film, "en,ja")
    assert (
        "Cuts / カット" in both
        and "is not on record by itself / " in both
        and "Not stated / 記載のない事項" in both
    )


def test_a_japanese_roll_says_that_a_name_was_erased_in_japanese(film):
    film.chain("c014")
    ledger = film.archive.ledger
    ledger.erase(ledger.people_named("Elin Lindqvist")[0].person)
    for form in ("text", "html", "json"):
        told = roll(film, "ja", form)
        assert "加筆修正：（消去済み）" in told
        assert "(erased)" not in told.replace('"ja": "(erased)"', "")
    draft = genzu(
        film.archive.settings,
        roll_command,
        "--production",
        PRODUCTION,
        "--lang",
        "ja",
        "--format",
        "copyright",
    )
    assert "（消去済み）" in draft.stdout and "(erased)" not in draft.stdout
    assert "(erased)" in roll(film, "en")


def test_each_person_stands_once_in_a_role_and_a_prompt_writer_is_no_artist(film):
    film.chain("c014")
    film.chain("c015")
    told = json.loads(roll(film, form="json"))
    roles = {each["role"]: [one["name"]["en"] for one in each["people"]] for each in told["roles"]}
    assert roles["layout"] == ["森 あおい"]
    assert roles["prompt"] == ["Sato Hana"]
    assert "background" not in roles
    assert [each["cut"] for each in told["cuts"]] == ["c014", "c015"]
    assert len(told["cuts"][0]["steps"]) == 4
    assert [each["name"] for each in told["generative_ai"]] == ["genzu-house"]


def test_what_nobody_stated_is_said(film):
    stray = film.draw()
    film.paint(stray, "prompt: Sato Hana", model=STRANGER)
    film.paint(stray, "prompt: Sato Hana", model=STRANGER)
    text = roll(film)
    assert "2 candidates and no choice on record" in text
    assert "is not on record by itself" in text
    assert "the training data of the model some-model is unknown" in text


def test_one_of_many_is_chosen_and_the_others_are_kept(film, settings):
    film.chain()
    base = film.layout("layout: 森 あおい", shot="c020")
    made = [film.paint(base.path, f"prompt: Writer {number}", shot="c020") for number in range(3)]
    chosen = made[1].record.picture
    genzu(settings, project_command, "choose", chosen, "--by", "Sato Hana", "--why", "the snow is right")
    ledger = film.archive.ledger
    shot = next(each for each in shots_of(ledger, register_of(ledger), PRODUCTION) if each.cut.shot == "c020")
    assert [each.picture for each in shot.counted] == [chosen]
    assert {each.picture for each in shot.candidates} == {each.record.picture for each in made}
    assert shot.choice.why == "the snow is right"
    assert "Writer 1" in roll(film)
    assert "Writer 2" not in roll(film)
    told = genzu(settings, project_command, "candidates", "--production", PRODUCTION, "--shot", "c020").stdout
    assert "3 candidates" in told
    assert "by Sato Hana: the snow is right" in told
    again = made[2].record.picture
    genzu(settings, project_command, "choose", again, "--by", "Sato Hana")
    assert "Writer 2" in roll(film)


def test_a_merge_and_a_correction_reach_the_roll(film, settings):
    film.chain()
    genzu(settings, people_command, "add", "Aoi Mori")
    genzu(settings, people_command, "merge", "森 あおい", "Aoi Mori", "--by", "Sato Hana")
    assert "Layout Aoi Mori" in " ".join(roll(film).split())


def test_a_csv_roll_has_a_line_for_each_person_and_model(film):
    film.chain()
    rows = list(csv.DictReader(io.StringIO(roll(film, "en,ja", "csv").removeprefix("\ufeff"))))
    assert {each["role"] for each in rows} == {
        "layout", "prompt", "art direction", "retouch", "supervision", "generative AI"
    }  # fmt: skip
    assert next(each for each in rows if each["kind"] == "model")["training"] == "4,000 OpenMoji pictures"


def test_no_form_of_the_roll_tells_a_prompt_a_note_or_a_contact(film, settings):
    genzu(settings, people_command, "add", "Real Name", "--pseudonym", "Kumo", "--contact", "kumo@example.org",
          "--id", "orcid:0000-0002-1825-0097")  # fmt: skip
    film.chain()
    film.layout("layout: Real Name", shot="c030")
    for form in ("text", "csv", "json", "html"):
        told = roll(film, "en,ja", form)
        assert "Kumo" in told
        for secret in (SECRET_PROMPT, "private note", "kumo@example.org", "Real Name", "0000-0002-1825-0097"):
            assert secret not in told


def test_hostile_names_are_text_in_a_page(film):
    film.layout("layout: <script>alert(1)</script> & Söhne")
    page = roll(film, form="html")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_roll_becomes_a_picture(film, settings, tmp_path):
    pytest.importorskip("resvg_py")
    film.chain()
    out = tmp_path / "roll.png"
    assert genzu(settings, roll_command, "--production", PRODUCTION, "--lang", "en,ja", "--format", "png",
                 "-o", str(out)).exit_code == 0  # fmt: skip
    with Image.open(out) as picture:
        assert picture.width == roll_sheet.WIDTH
        assert len(picture.convert("L").histogram()) - picture.convert("L").histogram().count(0) > 2


def test_the_draft_for_an_office_says_what_people_made_and_what_is_excluded(film, settings):
    film.chain()
    draft = genzu(settings, roll_command, "--production", PRODUCTION, "--format", "copyright").stdout
    made, excluded = draft.split("MATERIAL EXCLUDED")
    assert "drawn by hand by 森 あおい" in made
    assert "revised by hand over the picture before it by Elin Lindqvist (retouch)" in made
    assert "generated with genzu-house, over the input at strength 0.55" in excluded
    assert "No legal advice" in made
    assert "sha256:" in excluded


def test_the_draft_speaks_japanese_and_gives_the_same_evidence(film, settings):
    film.chain()
    words = ("--production", PRODUCTION, "--format", "copyright")
    draft = genzu(settings, roll_command, *words, "--lang", "ja").stdout
    assert "手描き、森 あおい（レイアウト）" in draft
    assert "genzu-house による生成（入力画像への適用強度 0.55）" in draft
    assert "法的助言ではありません" in draft and "drawn by hand" not in draft and half_width(draft) == []
    english = genzu(settings, roll_command, *words).stdout
    assert draft.count("sha256:") == english.count("sha256:") > 0


def test_the_order_of_a_roll_is_asked_for_or_the_productions_or_its_presets(film, settings):
    film.chain()
    film.archive.close()

    def roles(*words):
        told = genzu(settings, roll_command, "--production", PRODUCTION, "--format", "json", *words).stdout
        return [each["role"] for each in json.loads(told)["roles"]]

    usual = roles()
    assert usual[0] == "layout"
    assert genzu(settings, project_command, "new", PRODUCTION, "--preset", "series").exit_code == 0
    assert roles()[:2] == ["art direction", "supervision"]
    assert genzu(settings, project_command, "set", PRODUCTION, "--order", "retouch, prompt").exit_code == 0
    assert roles()[:2] == ["retouch", "prompt"]
    assert roles("--order", "supervision")[:2] == ["supervision", "layout"]
    assert sorted(roles()) == sorted(usual)
    assert genzu(settings, roll_command, "--production", PRODUCTION, "--order", "chef").exit_code != 0


def test_what_is_stated_of_a_production_counts_for_pictures_that_spell_it_otherwise(film, settings):
    painted = film.paint(film.layout("layout: Mori Aoi").path, "prompt: Abe Rin")
    made = film.retouch(painted.path, "retouch: Abe Rin", stage=Stage.FINAL)
    film.archive.close()
    stated = PRODUCTION.upper()
    words = ("new", stated, "--order", "prompt", "--approval", "mail 14")
    assert genzu(settings, project_command, *words).exit_code == 0
    told = genzu(settings, roll_command, "--production", PRODUCTION, "--format", "json").stdout
    assert [each["role"] for each in json.loads(told)["roles"]] == ["prompt", "layout", "retouch"]
    told = genzu(settings, audit_command, str(made.path), "--json", "--jobs", "1").stdout
    rules = {each["rule"]: each["standing"] for each in json.loads(told)["summary"]["rules"]}
    assert (rules["client"], rules["guild"]) == ("met", "not met")
    again = genzu(settings, project_command, "new", PRODUCTION).exception
    assert str(again) == f"{stated} is on record; change it with `genzu project set`"


def test_a_production_and_a_cut_in_another_spelling_are_the_same_ones(film, settings, tmp_path):
    base = film.layout("layout: Mori Aoi", shot="c020")
    made = film.paint(base.path, "prompt: Abe Rin", shot="c020")
    source = tmp_path / "by_hand.png"
    draw_house((88, 62)).save(source)
    place = Project(PRODUCTION.upper(), "1", "C020", Stage.FINAL)
    job = Job((parse_credit("layout: Kita Jun"),), tmp_path / "signed.png", place)
    by_hand = record(film.archive, source, job, source_type=SourceType.DIGITAL_CREATION)
    ledger = film.archive.ledger
    for production in (PRODUCTION, PRODUCTION.upper()):
        (shot,) = shots_of(ledger, register_of(ledger), production)
        assert [each.picture for each in shot.counted] == [by_hand.record.picture]
        assert len(shot.pictures) == 3
    chosen = made.record.picture
    told = genzu(settings, project_command, "choose", chosen, "--by", "Abe Rin", "--why", "the snow")
    assert told.exit_code == 0, told.output
    for production in (PRODUCTION, PRODUCTION.upper()):
        (shot,) = shots_of(ledger, register_of(ledger), production)
        assert [each.picture for each in shot.counted] == [chosen]
        words = ("candidates", "--production", production, "--shot", "C020")
        assert "the snow" in genzu(settings, project_command, *words).stdout
        told = genzu(settings, roll_command, "--production", production).stdout
        assert "Abe Rin" in told and "Kita Jun" not in told
    shots = site_files(ledger, register_of(ledger))["shots.csv"]
    text = shots if isinstance(shots, str) else shots.decode()
    assert len([line for line in text.splitlines() if "c020" in line.casefold()]) == 1


def test_a_cut_is_its_number_however_many_zeros_somebody_wrote_before_it(film, settings):
    spelt = [film.layout("layout: Mori Aoi", shot=each) for each in ("c7", "cut_0007", "カット７")]
    apart = [film.layout("layout: Mori Aoi", shot=each) for each in ("c007 left", "c007b", "c10", "rooftop")]
    ledger = film.archive.ledger
    shots = shots_of(ledger, register_of(ledger), PRODUCTION)
    found = [[each.picture for each in shot.pictures] for shot in shots]
    assert [each.record.picture for each in spelt] in found
    assert all([each.record.picture] in found for each in apart)
    assert len(found) == 1 + len(apart)
    names = [shot.cut.shot for shot in shots]
    assert names.index("c7") < names.index("c007b") < names.index("c10")
    chosen = spelt[1].record.picture
    genzu(settings, project_command, "choose", chosen, "--by", "Mori Aoi", "--why", "the snow")
    for shot in ("7", "C007", "cut 7"):
        told = genzu(settings, project_command, "candidates", "--production", PRODUCTION, "--shot", shot)
        assert "the snow" in told.stdout
        assert {each.picture for each in ledger.pictures(shot=shot)} == {
            each.record.picture for each in spelt
        }


def test_wrong_words_are_one_sentence(film, settings, tmp_path):
    film.chain()
    there = tmp_path / "there.txt"
    there.touch()
    for words, error in (
        (("--production", "Another"), NotRecorded),
        (("--production", PRODUCTION, "--lang", "tlh"), StatementError),
        (("--production", PRODUCTION, "--format", "png"), OutputError),
        (("--production", PRODUCTION, "-o", str(there)), OutputError),
        (("--production", PRODUCTION, "-o", str(tmp_path / "no" / "where.txt")), OutputError),
    ):
        assert isinstance(genzu(settings, roll_command, *words).exception, error)
    assert there.read_bytes() == b""


def test_a_streaming_client_asks_five_questions(settings, archive):
    answers = [f"--answer={each}=yes" for each in ("outputs", "data", "environment", "people")]
    made = genzu(settings, project_command, "new", "Film", "--preset", "streaming", *answers)
    assert made.exit_code == 0
    assert "not answered: What is generated is temporary" in made.stdout
    assert "no reference to a written approval" in made.stdout
    genzu(
        settings,
        project_command,
        "set",
        "Film",
        "--answer",
        "temporary=no: one cut stays",
        "--approval",
        "mail 14",
    )
    told = json.loads(genzu(settings, project_command, "show", "Film", "--json").stdout)
    assert told["open"] == ["answered no: What is generated is temporary and no part of the delivered film."]
    assert told["remarks"] == {"temporary": "one cut stays"}
    for words in (
        ("new", "Film"),
        ("set", "Film", "--answer", "mood=yes"),
        ("set", "Film", "--answer", "data=maybe"),
    ):
        assert isinstance(genzu(settings, project_command, *words).exception, StatementError)


@pytest.mark.parametrize(
    ("source_type", "words"),
    [
        (SourceType.DIGITAL_CAPTURE, "by camera"),
        (SourceType.SCREEN_CAPTURE, "by software"),
        (SourceType.COMPOSITE, "not stated how"),
        (SourceType.PRINT, "by hand"),
    ],
)
def test_how_a_picture_was_made_is_told_alike_by_roll_and_site_and_never_as_by_hand_unless_it_was(
    film, source_type, words
):
    job = Job(film.credits(("layout: Rin",)), film.out(), project=Project(PRODUCTION, "1", "c014"))
    made = record(film.archive, film.draw(), job, source_type=source_type)
    ledger = film.archive.ledger
    assert f"{words}, layout: Rin" in roll(film)
    page = site_files(ledger, register_of(ledger))[f"pictures/{made.record.picture}.html"].decode()
    assert words in page
    assert words == "by hand" or "by hand" not in page
