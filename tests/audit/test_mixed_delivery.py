"""A mixed delivery whose truth was written before it was looked at: every answer right, in every form of the report."""

import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import time
import zipfile
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from delivery_samples import deliver, wrong
from japanese_marks import half_width
from jsonschema import Draft202012Validator

from provenance.commands.audit import audit_command
from provenance.commands.legacy import import_command
from provenance.ledger.entries.kind import EntryKind
from provenance.release.opening import open_archive
from provenance.settings import Settings

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/reference/audit.schema.json").read_text("utf-8"))


def run(settings, *args, code=None):
    """The command's output; its exit code where one is wanted."""
    found = CliRunner().invoke(
        audit_command, [str(each) for each in args], obj=settings, catch_exceptions=False
    )
    if code is not None:
        assert found.exit_code == code, found.output
    return found.output


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    """Settings, the delivery with its truth, and a folder with the report in every form, signed."""
    place = tmp_path_factory.mktemp("mixed")
    settings = Settings(home=place / "home")
    with open_archive(settings) as archive:
        made = deliver(archive, place / "delivery", place / "work", 4)
    out = place / "out"
    out.mkdir()
    forms = [
        each for kind in ("html", "json", "csv", "xlsx", "pdf") for each in ("--report", out / f"r.{kind}")
    ]
    run(settings, made.folder, *forms, "--sign", "--title", "Snow <b>Station</b>", code=1)
    return settings, made, out


def told(out):
    return json.loads((out / "r.json").read_text("utf-8"))


def test_every_file_of_the_delivery_has_its_right_answer(studio):
    _, made, out = studio
    assert len(made.truth) > 30
    assert wrong(told(out)["rows"], made.truth) == []


def test_the_json_report_is_what_its_published_schema_says(studio):
    _, _, out = studio
    Draft202012Validator.check_schema(SCHEMA)
    assert [each.message for each in Draft202012Validator(SCHEMA).iter_errors(told(out))] == []


def test_the_first_screen_says_what_to_act_on_by_vendor_cut_and_stage(studio):
    _, made, out = studio
    summary = told(out)["summary"]
    wanted = {act: sum(act in each.act for each in made.truth.values()) for act in summary["act_first"]}
    assert summary["act_first"] == wanted and wanted["altered"] == 1
    unchecked = [each for each in told(out)["rows"] if "unchecked" in each["act"]]
    assert sum(summary["checked"].values()) == len(made.truth) - len(unchecked)
    to_act = sum(bool(each.act) for each in made.truth.values())
    assert summary["to_act"] == to_act == sum(each["to_act"] for each in summary["vendors"])
    assert {each["name"] for each in summary["vendors"]} == {
        "Studio Kita",
        "Atelier Sud",
        "背景工房",
        "Nordlys",
    }
    cuts = {each["name"]: each for each in summary["cuts"]}
    # Its records say episode 1, and no other is named here.
    answers = cuts["ep01 c001"]["answers"]
    assert answers["AI-assisted"] >= 2 and answers["recorded as human-made"] >= 1
    assert {"layout", "final"} <= {each["name"] for each in summary["stages"]}


def test_the_rules_name_what_shows_them_and_the_files_that_do_not(studio):
    _, _, out = studio
    rules = {each["rule"]: each for each in told(out)["summary"]["rules"]}
    assert rules["eu-mark"]["standing"] == "not met" and rules["eu-mark"]["shown"] >= 4
    assert any(path.endswith("_a1111.png") for path in rules["eu-mark"]["failing"])
    assert rules["eu-label"]["standing"] == "not checked"
    assert rules["academy"]["applies"] == rules["eu-mark"]["applies"]


def test_the_page_shows_each_cut_with_its_layout_beside_its_final(studio):
    _, _, out = studio
    html = (out / "r.html").read_text("utf-8")
    [card] = re.findall(r"<article><h3>(?:(?!</article>).)*?c001.*?</article>", html, re.DOTALL)
    assert card.index('alt="began from"') < card.index('alt=""')
    assert html.count("data:image/jpeg;base64,") > 40
    assert "Snow &lt;b&gt;Station&lt;/b&gt;" in html and "<b>Station" not in html


def test_copies_are_told(studio):
    _, _, out = studio
    copies = told(out)["summary"]["copies"]
    assert any({Path(path).name for path in each["paths"]} == {"c001_layout.png"} for each in copies)


def test_the_workbook_holds_every_file_and_no_formula(studio):
    _, made, out = studio
    with zipfile.ZipFile(out / "r.xlsx") as book:
        sheets = [
            book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")
        ]
    assert len(sheets) == 6
    assert sum(text.count("c001_bg_final.png") for text in sheets) >= 1
    assert not any("<f>" in text for text in sheets)
    named = [text.strip() for text in re.findall(r"<t[^>]*>([^<]*)</t>", sheets[1])]
    acts = [each for each in named if each in {"Altered", "Conflicting", "Could not be checked", "Unknown"}]
    assert named[3:5] == ["Why", "What to do"] and acts[0] == "Altered" and acts[-1] == "Unknown"
    assert sheets[2].count("<row ") == len(made.truth) + 1


def test_the_pdf_is_one(studio):
    _, _, out = studio
    data = (out / "r.pdf").read_bytes()
    assert data.startswith(b"%PDF-") and b"/Subtype /Image" in data


def test_a_signed_report_is_checked_with_its_receipt_alone(studio, tmp_path):
    settings, _, out = studio
    assert "holds" in run(settings, "--verify", out / "r.html", code=0)
    shutil.copytree(out, tmp_path / "sent")
    stranger = Settings(home=tmp_path / "nowhere")
    assert "whose key you check" in run(stranger, "--verify", tmp_path / "sent" / "r.pdf", code=0)
    changed = tmp_path / "sent" / "r.csv"
    changed.write_bytes(changed.read_bytes().replace(b"altered", b"unknown", 1))
    assert "not the file that was signed" in run(settings, "--verify", changed, code=1)
    (tmp_path / "sent" / "r.json.tlog-proof").unlink()
    assert "cannot be told" in run(settings, "--verify", tmp_path / "sent" / "r.json", code=2)


def test_the_entry_of_a_signed_report_names_no_file(studio):
    settings, made, _out = studio
    with open_archive(settings) as archive:
        [entry] = [each for each in archive.ledger.entries() if each.kind is EntryKind.REPORT_SIGNED]
    assert entry.body["pictures"] == len(made.truth)
    assert [each["kind"] for each in entry.body["files"]] == ["html", "json", "csv", "xlsx", "pdf"]
    assert "r.html" not in entry.leaf.decode()


def test_the_difference_with_the_last_delivery(studio, tmp_path):
    settings, made, out = studio
    today = tmp_path / "delivery"
    shutil.copytree(made.folder, today)
    final = today / "Atelier Sud/c001/c001_bg_final.png"
    final.rename(final.with_name("c001_bg_final_v2.png"))
    stripped = today / "Atelier Sud/c001/c001_bg_stripped.png"
    stripped.write_bytes((today / "Atelier Sud/c001/c001_layout.png").read_bytes())
    (today / "背景工房/c002/c002_layout.png").unlink()
    shutil.copy(today / "Nordlys/c003/c003_layout.png", today / "Nordlys/c003/c003_more.png")
    run(
        settings,
        today,
        "--report",
        tmp_path / "now.json",
        "--since",
        out / "r.json",
        "--report",
        tmp_path / "now.html",
    )
    since = json.loads((tmp_path / "now.json").read_text("utf-8"))["summary"]["since"]
    assert since["renamed"] == [
        {
            "from": "delivery/Atelier Sud/c001/c001_bg_final.png",
            "to": "delivery/Atelier Sud/c001/c001_bg_final_v2.png",
        }
    ]
    assert since["gone"] == ["delivery/背景工房/c002/c002_layout.png"]
    assert since["new"] == ["delivery/Nordlys/c003/c003_more.png"]
    assert since["changed"] == ["delivery/Atelier Sud/c001/c001_bg_stripped.png"]
    assert since["answered"][0]["now"] == "recorded as human-made"
    assert "Since the last delivery" in (tmp_path / "now.html").read_text("utf-8")


def test_deliveries_in_folders_of_other_names_are_compared_below_them(tmp_path):
    from delivery_samples import encoded, scene

    settings = Settings(home=tmp_path / "home")
    for folder, files in (("first", {"a": 1, "b": 2, "c": 3}), ("second", {"a": 1, "b": 9, "d": 3, "e": 4})):
        (tmp_path / folder / "kita").mkdir(parents=True)
        for name, seed in files.items():
            (tmp_path / folder / "kita" / f"{name}.png").write_bytes(encoded(scene(seed)))
    then, now = tmp_path / "then.json", tmp_path / "now.json"
    run(settings, tmp_path / "first", "--report", then)
    run(settings, tmp_path / "second", "--report", now, "--since", then)
    since = json.loads(now.read_text("utf-8"))["summary"]["since"]
    assert (since["same"], since["changed"], since["new"], since["gone"]) == (
        1, ["second/kita/b.png"], ["second/kita/e.png"], [],
    )  # fmt: skip
    assert since["renamed"] == [{"from": "first/kita/c.png", "to": "second/kita/d.png"}]
    run(settings, tmp_path / "first", tmp_path / "second", "--report", now, "--since", then, "--force")
    both = json.loads(now.read_text("utf-8"))["summary"]["since"]
    assert (both["same"], both["changed"], len(both["new"])) == (3, [], 4)


def test_fail_on_ends_with_one_where_such_a_file_is_there(studio, tmp_path):
    settings, made, _ = studio
    good = made.folder / "Atelier Sud" / "c001" / "c001_layout.png"
    plain = tmp_path / "plain.png"
    from delivery_samples import encoded, scene

    plain.write_bytes(encoded(scene(1)))
    run(settings, good, "--fail-on", "altered,unknown,unnamed", code=0)
    run(settings, plain, code=0)
    run(settings, plain, "--fail-on", "altered,unknown,unnamed", code=1)
    assert "knows altered" in run(settings, plain, "--fail-on", "ugly", code=2)


def test_the_report_is_in_japanese_when_asked(studio, tmp_path):
    settings, made, _ = studio
    run(settings, made.folder / "Nordlys", "--report", tmp_path / "ja.html", "--lang", "ja")
    html = (tmp_path / "ja.html").read_text("utf-8")
    assert '<html lang="ja">' in html and "最初に対応すること" in html and "AI使用：作画 森 あおい" in html


# Names of fields, of a licence and of kinds of files are the same in any language; a library's words stand in quotes.
_THE_SAME = re.compile(r"「.*?」|XMP DigitalSourceType \w+|CC BY-SA|\b[A-Z]{3,5}, ", re.DOTALL)
_ENGLISH = re.compile(r"[A-Za-z']{2,}(?:,? [A-Za-z'-]{2,}){2,}")


def english(texts):
    """Each run of three English words."""
    return [found for text in texts for found in _ENGLISH.findall(_THE_SAME.sub(" ", text))]


def test_no_english_sentence_is_left_in_a_japanese_report(studio, tmp_path):
    settings, made, _ = studio
    outs = [tmp_path / f"ja.{kind}" for kind in ("html", "xlsx")]
    options = [each for out in outs for each in ("--report", out)]
    run(settings, made.folder, *options, "--lang", "ja", code=1)
    page = (tmp_path / "ja.html").read_text("utf-8")
    page = re.sub(r"<(style|script|bdi|code)\b.*?</\1>", "", page, flags=re.DOTALL)
    said = re.findall(r'(?:alt|title|aria-label|data-label)="([^"]*)"', page)
    shown = [unescape(each) for each in (*re.split("<[^>]*>", page), *said)]
    assert english(shown) == []
    assert [each for text in shown for each in half_width(text)] == []
    with zipfile.ZipFile(tmp_path / "ja.xlsx") as book:
        cells = "".join(book.read(name).decode() for name in book.namelist() if "worksheets" in name)
    shown = [unescape(each) for each in re.findall(r"<t[^>]*>(.*?)</t>", cells)]
    assert english(shown) == []
    assert [each for text in shown for each in half_width(text)] == []
    assert "AI使用" in cells and "署名者" in cells


# What programs compare is the same in every language, and so are names.
_FOR_PROGRAMS = {
    "classification",
    "verdict",
    "source",
    "about",
    "place_is",
    "act",
    "then",
    "now",
    "sureness",
    "code",
}
_NAMES = {"path", "people", "models", "signers", "signed_by", "record", "elsewhere", "vendor", "production", "name",
          "tools", "paths", "renamed", "title"}  # fmt: skip


def sentences(data, key=""):
    """Each sentence that data holds."""
    if isinstance(data, dict):
        return [each for name, held in data.items() for each in sentences(held, name)]
    if isinstance(data, list):
        return [each for held in data for each in sentences(held, key)]
    return [data] if isinstance(data, str) and key not in _FOR_PROGRAMS | _NAMES else []


def test_no_english_sentence_is_left_where_programs_read_a_japanese_report(studio, tmp_path):
    settings, made, _ = studio
    outs = [tmp_path / "ja.json", tmp_path / "ja.csv"]
    options = [each for out in outs for each in ("--report", out)]
    printed = run(settings, made.folder, *options, "--lang", "ja", code=1)
    data = json.loads((tmp_path / "ja.json").read_text("utf-8"))
    assert english([*sentences(data["rows"]), *(each["why"] for each in data["left_out_files"])]) == []
    assert {each["classification"] for each in data["rows"]} > {"altered", "AI-assisted"}
    with (tmp_path / "ja.csv").open(encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    told = [line[name] for line in lines for name in ("because", "history", "evidence", "change")]
    assert english(re.sub("NOT AVAILABLE|DERIVED|OBSERVED|RECORDED", "", each) for each in told) == []
    assert {line["verdict"] for line in lines} > {"altered", "intact, known signer"}
    # The last cell of a line, and the counts.
    cells = [line.split("\t")[-1] for line in printed.splitlines() if "\t" in line]
    assert len(cells) == len(lines) and english(cells) == []
    assert "件：" in printed and "pictures" not in printed and "files:" not in printed


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_no_english_sentence_is_left_in_a_japanese_pdf(studio, tmp_path):
    settings, made, _ = studio
    run(settings, made.folder, "--report", tmp_path / "ja.pdf", "--lang", "ja", code=1)
    command = ["pdftotext", "-raw", str(tmp_path / "ja.pdf"), "-"]
    told = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert english(told.splitlines()) == [] and "最初に対応すること" in told


def test_a_large_delivery_has_pages_with_a_search_over_all_of_them(studio, tmp_path, monkeypatch):
    settings, made, _ = studio
    from provenance.audit import report, report_html

    monkeypatch.setattr(report, "FEW", 10)
    monkeypatch.setattr(report_html, "PAGE", 8)
    run(settings, made.folder, "--report", tmp_path / "big.html", "--sign")
    index = (tmp_path / "big.html").read_text("utf-8")
    pages = sorted((tmp_path / "big-files").iterdir())
    assert len(pages) == -(-len(made.truth) // 8)
    [held] = re.findall(r'<script type="application/json" id="index">(.*?)</script>', index, re.DOTALL)
    files = json.loads(held)
    assert {each[0] for each in files} == set(made.truth)
    for path, _, link, *_ in files:
        page, _, place = link.partition("#")
        assert f'id="{place}"' in (tmp_path / page).read_text("utf-8"), path
    assert "holds" in run(settings, "--verify", tmp_path / "big.html", code=0)
    pages[1].write_text(pages[1].read_text("utf-8") + " ")
    assert "is not the one that was signed" in run(settings, "--verify", tmp_path / "big.html", code=1)


def test_an_older_picture_is_taken_in_as_a_claim_and_found_again_without_its_metadata(tmp_path):
    from delivery_samples import encoded, scene
    from generator_samples import FORMS, png
    from PIL import Image

    settings = Settings(home=tmp_path / "home")
    with open_archive(settings):
        pass
    old = tmp_path / "old"
    old.mkdir()
    (old / "a.png").write_bytes(png(FORMS["comfy-over"].fields, scene(3)))
    (old / "b.png").write_bytes(encoded(scene(4)))
    (old / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")

    def taken(*args):
        return (
            CliRunner().invoke(import_command, [str(old), *args], obj=settings, catch_exceptions=False).output
        )

    assert "2 pictures would be taken in" in taken("--dry-run")
    assert "2 pictures taken in as claims; 1 left out" in taken()
    assert "0 pictures taken in" in taken() and "claim on this very file" in taken()
    with Image.open(io.BytesIO((old / "a.png").read_bytes())) as picture:
        (tmp_path / "bare.png").write_bytes(encoded(picture.convert("RGB")))
    out = tmp_path / "r.json"
    run(settings, tmp_path / "bare.png", old / "b.png", "--report", out)
    bare, plain = json.loads(out.read_text("utf-8"))["rows"]
    assert bare["classification"] == "AI-assisted" and "took it in as a claim" in bare["because"]
    assert "which came with it when our ledger took it in" in bare["history"]
    assert plain["classification"] == "unknown" and plain["people"] == []
    assert any("Nobody vouched for it" in each["words"] for each in plain["evidence"])


def test_a_film_an_exr_and_an_svg_are_taken_in_by_their_bytes_where_their_text_says_something(tmp_path):
    from generator_samples import COMFY_OVER, GENERATORS

    settings, old = Settings(home=tmp_path / "home"), tmp_path / "old"
    with open_archive(settings):
        pass
    old.mkdir()
    (old / "a.mp4").write_bytes((GENERATORS / "comfy.mp4").read_bytes())
    (old / "b.mp4").write_bytes((GENERATORS / "plain.mp4").read_bytes())
    (old / "c.exr").write_bytes(
        b"\x76\x2f\x31\x01\x02\0\0\0prompt\0string\0"
        + len(COMFY_OVER).to_bytes(4, "little")
        + COMFY_OVER.encode()
        + b"\0" * 9
    )
    found = CliRunner().invoke(import_command, [str(old)], obj=settings, catch_exceptions=False).output
    assert "2 pictures taken in as claims; 1 left out" in found
    assert "2 of them by the bytes alone" in found and "b.mp4: it is not a picture" in found
    with open_archive(settings) as archive:
        claims = archive.ledger.disclosed((EntryKind.PICTURE_CLAIMED,))
        outputs = [each.body["output"] for each in claims]
    assert [each["media_type"] for each in outputs] == ["video/mp4", "image/x-exr"]
    assert all(each["pixels"] is None and each["width"] is None for each in outputs)


def test_a_watched_folder_s_report_follows_and_looks_only_at_what_is_new(tmp_path, monkeypatch):
    from delivery_samples import encoded, scene

    from provenance.commands import watch

    settings, incoming, out = Settings(home=tmp_path / "home"), tmp_path / "incoming", tmp_path / "r.json"
    incoming.mkdir()
    old, kept = incoming / "c001.png", incoming / "c003.png"
    old.write_bytes(encoded(scene(1)))
    kept.write_bytes(encoded(scene(3)))
    waits = []

    def arriving(_seconds):
        waits.append(len(json.loads(out.read_text())["rows"]) if out.exists() else 0)
        if waits[-1] == 2 and not (incoming / "c002.png").exists():
            (incoming / "c002.png").write_bytes(encoded(scene(2)))
            # Other bytes under the same size and date, as nobody would see them who goes by these.
            stat = old.stat()
            old.write_bytes(bytes(stat.st_size))
            os.utime(old, ns=(stat.st_atime_ns, stat.st_mtime_ns))

    monkeypatch.setattr(time, "sleep", arriving)
    digests = [f"sha256:{hashlib.sha256(each.read_bytes()).hexdigest()}" for each in (old, kept)]
    args = [str(incoming), "--report", str(out), "--reports", "2", "--every", "0.1"]
    found = CliRunner().invoke(watch.watch_command, args, obj=settings, catch_exceptions=False)
    assert "1 of 3 files were looked at before" in found.output
    first, second, third = json.loads(out.read_text())["rows"]
    assert first["digest"] not in digests and third["digest"] == digests[1]
    assert second["path"] == "incoming/c002.png"
    assert waits.count(0) == 1 and waits.count(2) >= 2  # a file that has just come is waited for
    refused = CliRunner().invoke(
        watch.watch_command, [str(incoming), "--report", str(incoming / "r.html")], obj=settings
    )
    assert "where it would be looked at" in str(refused.exception)
