"""What an inspection tells first of a file stands in each form of a report, beside its answer; and whose a file is."""

import csv
import html
import json
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner
from delivery_samples import scene
from film_chain import Film
from generator_samples import CODE, FORMS, RDF, png
from lookup_samples import cut, landscape
from PIL import Image

from provenance.commands.audit import audit_command
from provenance.commands.credits import COMMANDS as CREDITS
from provenance.commands.inspect import inspect_command
from provenance.commands.ledger import COMMANDS as LEDGER
from provenance.commands.who import COMMANDS as WHO
from provenance.inspection.translated import in_language
from provenance.people.disputes import answer_by_name, open_dispute
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import parse_credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import Outcome, SourceType
from provenance.tabs.audit import read_delivery

FORMS_OF_A_REPORT = ("json", "csv", "html", "xlsx", "pdf")


def audited(settings: Settings, folder: Path, out: Path, *words: str) -> str:
    """What the command prints; the report lies in `out` in each form."""
    reports = [each for form in FORMS_OF_A_REPORT for each in ("--report", str(out / f"r.{form}"))]
    given = [str(folder), "--force", "--no-look-up", *reports, *words]
    return CliRunner().invoke(audit_command, given, obj=settings).output


def told_of(page: str, path: str) -> str:
    """What the page's row of a file says before it is opened."""
    row = next(each for each in page.split("<tr id=")[1:] if path in each)
    return html.unescape(re.sub(r"<details>.*?</details>|<[^>]+>", " ", row.partition("</tr>")[0]))


def pdf_text(path: Path) -> str:
    """What stands in a PDF."""
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext (poppler-utils) is not there")
    command = ["pdftotext", "-layout", path, "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def to_act_on(path: Path) -> str:
    """The workbook's sheet of what to act on, as it lies in the file."""
    with zipfile.ZipFile(path) as book:
        return html.unescape(book.read("xl/worksheets/sheet2.xml").decode())


def disputed(film: Film) -> tuple[Path, Path, Path]:
    """Of three drawings the first is disputed, and the second was; the third is painted over the first."""
    made = [film.layout(f"layout: {name}") for name in ("Per Ek", "Ane Bo")]
    archive = film.archive
    found = [
        open_dispute(
            archive.ledger, archive.vault, claim="mine", contact="rin@a.example", picture=each.record.picture
        )
        for each in made
    ]
    answer_by_name(
        archive.ledger, found[1].dispute, outcome=Outcome.DECLINED, words="no", by="Per Ek", corrections=()
    )
    return made[0].path, made[1].path, film.paint(made[0].path, "prompt: Sato Hana").path


def test_what_contradicts_and_what_is_disputed_is_told_beside_the_answer_in_every_form(
    film: Film, archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    for name, path in zip(("open", "answered", "painted"), disputed(film), strict=True):
        shutil.copy(path, folder / f"{name}.png")
    by_hand = RDF.format(attributes=f'Iptc4xmpExt:DigitalSourceType="{CODE}digitalCapture"', elements="")
    (folder / "both.png").write_bytes(png({"XMP": by_hand, **FORMS["a1111"].fields}, scene(1)))
    printed = audited(settings, folder, tmp_path)
    rows = {each["path"]: each for each in json.loads((tmp_path / "r.json").read_text("utf-8"))["rows"]}
    page, book = (tmp_path / "r.html").read_text("utf-8"), to_act_on(tmp_path / "r.xlsx")
    acts = {name: rows[f"delivery/{name}.png"]["act"] for name in ("open", "answered", "painted", "both")}
    assert acts == {"open": ["disputed"], "answered": [], "painted": ["disputed"], "both": ["conflict"]}
    for line in csv.DictReader((tmp_path / "r.csv").read_text("utf-8-sig").splitlines()):
        assert line["act"] == "; ".join(rows[line["path"]]["act"])
    counted = json.loads((tmp_path / "r.json").read_text("utf-8"))["summary"]["act_first"]
    assert (counted["disputed"], counted["conflict"]) == (2, 1)
    if shutil.which("pdftotext"):
        command = ["pdftotext", "-layout", tmp_path / "r.pdf", "-"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert text.count("Disputed") == 3 and text.count("Conflicting") == 2
        assert text.count("a dispute is open") == 2 and text.count("Its unsigned text says") == 1
    first = []
    for name, begins in (
        ("open", "The record of "),
        ("painted", "The record of "),
        ("both", "Its unsigned text says"),
    ):
        done = CliRunner().invoke(inspect_command, [str(folder / f"{name}.png"), "--json"], obj=settings)
        findings = json.loads(done.output)["findings"]
        words = next(each["words"] for each in findings if each["words"].startswith(begins))
        assert words in told_of(page, f"{name}.png") and words in book and words in printed
        first.append((f"{name}.png", words))
    audited(settings, folder, tmp_path, "--lang", "ja")
    page = (tmp_path / "r.html").read_text("utf-8")
    for name, words in first:
        assert in_language(words, "ja") != words and in_language(words, "ja") in told_of(page, name)
    assert in_language(first[0][1], "ja")[-10:] not in told_of(page, "answered.png")


def test_a_japanese_report_says_that_a_name_was_erased_in_japanese(film: Film, tmp_path: Path) -> None:
    made, ledger, out = film.layout("layout: Mori Aoi"), film.archive.ledger, tmp_path / "delivery"
    ledger.erase(ledger.people_named("Mori Aoi")[0].person)
    out.mkdir()
    shutil.copy(made.path, out / "c014.png")
    audited(film.archive.settings, out, tmp_path, "--lang", "ja")
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        cells = "".join(book.read(name).decode() for name in book.namelist() if "worksheets" in name)
    for told in ((tmp_path / "r.html").read_text("utf-8"), cells):
        assert "：（消去済み）" in told and "(erased)" not in told
    assert "(erased)" not in pdf_text(tmp_path / "r.pdf")


def test_two_ledgers_that_contradict_each_other_are_something_to_act_on(
    film: Film, archive: Archive, tmp_path: Path
) -> None:
    painted = film.paint(film.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    folder, export = tmp_path / "delivery", str(tmp_path / "theirs.jsonl")
    folder.mkdir()
    Image.open(painted.path).save(folder / "bare.png")
    other = Settings(home=tmp_path / "elsewhere", signer_name="Somebody")
    with open_archive(other) as theirs:
        job = Job((parse_credit("layout: Fake Hand"),), tmp_path / "signed.png")
        record(theirs, folder / "bare.png", job, source_type=SourceType.DIGITAL_CREATION)
    (ledger,) = LEDGER
    for whose, words in (
        (archive.settings, ("export", "-o", export, "--names")),
        (other, ("import", export)),
    ):
        assert CliRunner().invoke(ledger, words, obj=whose).exit_code == 0
    audited(other, folder, tmp_path)
    (row,) = json.loads((tmp_path / "r.json").read_text("utf-8"))["rows"]
    assert row["act"] == ["conflict"]
    assert "Two ledgers contradict each other" in told_of(
        (tmp_path / "r.html").read_text("utf-8"), "bare.png"
    )


def test_a_dispute_that_is_open_in_an_imported_ledger_is_something_to_act_on_as_far_as_the_copy_goes(
    film: Film, archive: Archive, tmp_path: Path
) -> None:
    first, second, third = disputed(film)
    folder, export = tmp_path / "delivery", str(tmp_path / "theirs.jsonl")
    folder.mkdir()
    for name, path in (("open", first), ("answered", second), ("painted", third)):
        shutil.copy(path, folder / f"{name}.png")
    other = Settings(home=tmp_path / "elsewhere", signer_name="Somebody")
    (ledger,) = LEDGER
    with open_archive(other):
        pass
    size = len(archive.ledger)
    for whose, words in (
        (archive.settings, ("export", "-o", export, "--names")),
        (other, ("import", export)),
    ):
        assert CliRunner().invoke(ledger, words, obj=whose).exit_code == 0
    printed = audited(other, folder, tmp_path)
    rows = {
        Path(each["path"]).stem: each for each in json.loads((tmp_path / "r.json").read_text("utf-8"))["rows"]
    }
    disputes = {name: "disputed" in row["act"] for name, row in rows.items()}
    assert disputes == {"open": True, "answered": False, "painted": True}
    begins = (
        f"By the ledger {archive.ledger.id}, as far as the copy here goes ({size} entries): the record of "
    )
    words = next(each["words"] for each in rows["open"]["evidence"] if each["words"].startswith(begins))
    assert words in told_of((tmp_path / "r.html").read_text("utf-8"), "open.png")
    assert words in to_act_on(tmp_path / "r.xlsx") and words in printed
    assert "ここにある写しは" in in_language(words, "ja") and "disputed" not in in_language(words, "ja")
    (who, _), (credits,) = WHO, CREDITS
    for command in (who, credits):
        asked = CliRunner().invoke(command, [str(folder / "open.png")], obj=other).output
        assert "".join(asked.split()).count("".join(words.split())) == 1
        data = CliRunner().invoke(command, [str(folder / "open.png"), "--json"], obj=other).output
        assert json.loads(data)["disputes"] == [words]


def test_the_page_s_table_tells_what_is_disputed_and_a_likeness_once(
    film: Film, archive: Archive, tmp_path: Path
) -> None:
    path = disputed(film)[0]
    assert archive.index is not None
    big = tmp_path / "big.png"
    landscape(2).save(big)
    job = Job((parse_credit("background: Mori Aoi"),), tmp_path / "signed-big.png")
    picture = record(archive, big, job, source_type=SourceType.DIGITAL_CREATION).record.picture
    folder = tmp_path / "up"
    folder.mkdir()
    shutil.copy(path, folder / "bg.png")
    cut(landscape(2), 0.1).save(folder / "alike.jpg", quality=60)
    given = [str(each) for each in sorted(folder.iterdir())]
    *_, (shown, *_) = read_delivery(archive, given, whole_folder=False)
    assert shown.count("is disputed: a dispute is open") == 1
    assert shown.count(f"looks like {picture}") == 1 and "Likeness: certain." in shown


@pytest.mark.parametrize(
    ("given", "vendor"),
    [
        ("c014", None),
        ("final", None),
        ("Kogane Works", "Kogane Works"),
        ("Kita_final", "Kita_final"),
        ("2026-11 カット", "2026-11 カット"),
    ],
)
def test_a_cut_s_or_a_stage_s_folder_that_is_given_alone_is_no_vendor(
    settings: Settings, tmp_path: Path, given: str, vendor: str | None
) -> None:
    folder = tmp_path / given
    for below in (folder, folder / "c015"):
        below.mkdir()
        scene(len(below.parts)).save(below / "bg.png")
    audited(settings, folder, tmp_path)
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))["summary"]["vendors"]
    assert [(each["name"], each["files"]) for each in told] == [(vendor, 2)]
    shown = "no vendor's folder" if vendor is None else vendor
    assert f"<bdi>{html.escape(shown)}</bdi>".replace("&#x27;", "&#39;") in (tmp_path / "r.html").read_text(
        "utf-8"
    )


def test_a_cut_is_its_number_however_many_zeros_it_is_written_with(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "delivery"
    names = (
        "c7.png",
        "C07_bg.png",
        "c007_final.png",
        "カット7.png",
        "cut 0007.png",
        "c007A.png",
        "c70.png",
        "sh1200.png",
    )
    folder.mkdir()
    for number, name in enumerate(names):
        scene(number).save(folder / name)
    audited(settings, folder, tmp_path)
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    cuts = {each["name"]: each["files"] for each in told["summary"]["cuts"]}
    assert cuts == {"c007": 5, "c007a": 1, "c070": 1, "c1200": 1}
    assert {each["cut"] for each in told["rows"]} == set(cuts)


# As studios write them: the name, and its cut by that name alone.
NAMES = {
    "EP01_c007_final.png": "ep01 c007",
    "ep1-C07.png": "ep01 c007",
    "第1話_カット007.png": "ep01 c007",
    "#01/c007/bg.png": "ep01 c007",
    "EP02_c007.png": "ep02 c007",
    "EP02C007_layout.png": "ep02 c007",
    "第二話/Ｃ００７.png": "ep02 c007",
    "s01e02_sc003_c012.png": "s01 ep02 sc003 c012",
    "s01e02_sc004_c012.png": "s01 ep02 sc004 c012",
    "OP_c007.png": "op c007",
    "BG_c007_v02.png": "c007",
    "c007/e01.png": "c007",
    "Ed Works/c007.png": "c007",
    "final/x.png": "",
}


def test_cuts_of_two_episodes_are_two_and_what_no_name_tells_is_said(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "delivery"
    for number, name in enumerate(NAMES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        scene(number).save(folder / name)
    audited(settings, folder, tmp_path)
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert {each["path"].partition("/")[2]: each["cut"] or "" for each in told["rows"]} == NAMES
    cuts = {each["name"] or "": each["files"] for each in told["summary"]["cuts"]}
    assert cuts == Counter(NAMES.values()) and told["summary"]["cuts_named_in_part"] == ["c007"]
    assert {each["vendor"] for each in told["rows"]} == {"delivery", "Ed Works"}
    said = "Of 1 cut no name or record says the episode, scene or production"
    with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
        assert said in book.read("xl/worksheets/sheet1.xml").decode()
    page = (tmp_path / "r.html").read_text("utf-8")
    assert said in page and 'data-cut="ep02 c007"' in page
    paper = " ".join(pdf_text(tmp_path / "r.pdf").split())
    assert said in paper and "no cut in name or record" in paper
    (folder / "BG_c007_v02.png").unlink()
    (folder / "c007/e01.png").unlink()
    (folder / "Ed Works/c007.png").unlink()
    audited(settings, folder, tmp_path)
    assert "no name or record says" not in (tmp_path / "r.html").read_text("utf-8")


# What stands behind a number without a mark; days, sizes and Cinema 4D, which look like a cut's number.
RUN_TOGETHER = {
    "C012BG.png": "c012",
    "c012LO02.png": "c012",
    "EP01_C012改.png": "ep01 c012",
    "カット12背景_v02.png": "c012",
    "Apart_C012.png": "part a c012",
    "#05_C120_BG.png": "ep05 c120",
    "EP101_SC012_SH0030.png": "ep101 sc012 c030",
    "c012 2026-11-30.png": "c012",
    "C4D_c012_4k.png": "c012",
    "C4D_scene.png": "",
    "Screen Shot 2026-11-30 at 10.00.00.png": "",
    "rough cut 2026-11-30.png": "",
    "cut_20261130.png": "",
    "final_cut_1080p.png": "",
    "final_cut_4k.png": "",
    "shot_1920x1080.png": "",
    "c012bgm.png": "",
}


def test_what_looks_like_a_cut_is_told_from_one(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    for number, name in enumerate(RUN_TOGETHER):
        scene(number).save(folder / name)
    CliRunner().invoke(audit_command, [str(folder), "--report", str(tmp_path / "r.json")], obj=settings)
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert {each["path"].partition("/")[2]: each["cut"] or "" for each in told["rows"]} == RUN_TOGETHER


def test_the_record_s_episode_and_production_tell_cuts_apart_and_a_name_is_told_as_that(
    archive: Archive, tmp_path: Path
) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    places = {
        "a.png": Project("Night Train", "1", "c7"),
        "b.png": Project("Night Train", "第2話", "007"),
        "c.png": Project("Snow", "EP01", "c007"),
        "EP01_c007.png": Project("Night Train"),
    }
    for number, (name, place) in enumerate(places.items()):
        scene(number).save(tmp_path / f"in{name}")
        job = Job((parse_credit("layout: Mori Aoi"),), folder / name, project=place)
        record(archive, tmp_path / f"in{name}", job, source_type=SourceType.DIGITAL_CREATION)
    scene(9).save(folder / "ep1_c007_layout.png")
    audited(archive.settings, folder, tmp_path)
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert {Path(each["path"]).name: (each["cut"], each["place_is"]) for each in told["rows"]} == {
        "a.png": ("ep01 c007", "recorded"),
        "b.png": ("ep02 c007", "recorded"),
        "c.png": ("ep01 c007", "recorded"),
        "EP01_c007.png": ("ep01 c007", "cut named, stage recorded"),
        "ep1_c007_layout.png": ("ep01 c007", "named"),
    }
    cuts = {each["name"]: each["files"] for each in told["summary"]["cuts"]}
    assert cuts == {
        "Night Train ep01 c007": 2, "Night Train ep02 c007": 1, "Snow ep01 c007": 1, "ep01 c007": 1
    }  # fmt: skip
    (folder / "c.png").unlink()
    audited(archive.settings, folder, tmp_path)
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert {each["name"]: each["files"] for each in told["summary"]["cuts"]} == {
        "ep01 c007": 3,
        "ep02 c007": 1,
    }


def test_models_people_signer_and_place_of_a_file_stand_in_each_form(
    film: Film, archive: Archive, tmp_path: Path
) -> None:
    painted = film.paint(film.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    folder = tmp_path / "delivery"
    folder.mkdir()
    shutil.copy(painted.path, folder / "bg.png")
    for language, headings in (("en", ("Model", "People")), ("ja", ("モデル", "関わった人"))):
        audited(archive.settings, folder, tmp_path, "--lang", language)
        (row,) = json.loads((tmp_path / "r.json").read_text("utf-8"))["rows"]
        assert row["models"] and row["signers"] and row["production"]
        told = [*row["models"], *row["signers"], row["cut"], row["production"], "Mori Aoi"]
        with zipfile.ZipFile(tmp_path / "r.xlsx") as book:
            sheet = book.read("xl/worksheets/sheet3.xml").decode()
        forms = {
            "csv": (tmp_path / "r.csv").read_text("utf-8-sig"),
            "html": told_of((tmp_path / "r.html").read_text("utf-8"), "bg.png"),
            "xlsx": html.unescape(sheet),
            "pdf": pdf_text(tmp_path / "r.pdf"),
        }
        for form, text in forms.items():
            flat = "".join(text.split())
            assert [each for each in told if "".join(each.split()) not in flat] == [], form
        assert all(each in forms["pdf"] for each in headings)
