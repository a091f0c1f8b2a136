"""A report says what the rows say, in every form, and nothing in a row becomes a formula, a tag or a script."""

import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_samples import HOSTILE

from provenance.audit.columns import COLUMNS
from provenance.audit.delivery import LeftOut
from provenance.audit.place import place_of
from provenance.audit.report import tally, to_csv, to_html, to_json, write
from provenance.audit.report_html import About, one_page
from provenance.audit.report_words import REPORT_WORDS
from provenance.audit.row import Row
from provenance.audit.summary import summarised
from provenance.credentials.read.chain import Reason, Verdict
from provenance.errors import OutputError
from provenance.exports.audit_pdf import write_pdf
from provenance.exports.audit_xlsx import write_xlsx
from provenance.inspection.answers import Classification
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.sentence import History
from provenance.statement.untrusted import cell

LEFT_OUT = (LeftOut("a/theme.wav", "a sound"), LeftOut("b/<i>.txt", "not a picture"))


def row(path="c014/bg.png", answer=Classification.AI_ASSISTED, **more):
    verdict = more.pop("verdict", Verdict.INTACT_KNOWN)
    return Row(
        path, answer, "AI had a part in AI pass; a hand or a camera made Layout", verdict, 0,
        **{"people": ("layout: 森 葵",), "models": ("genzu-house",), "signers": ("Genzu",)} | more,
    )  # fmt: skip


def evil_row(text):
    return row(
        text, Classification.UNKNOWN, people=(text,), models=(text,), signers=(text,), record=text,
        evidence=(Finding(Evidence.OBSERVED, "x", text, fault=True),), reasons=(Reason(text, text),),
    )  # fmt: skip


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text.append(data)


def cells(rows):
    return list(csv.reader(io.StringIO(to_csv(rows).removeprefix("\ufeff"))))


def test_csv_has_one_line_a_picture_with_several_names_in_a_cell():
    head, line = cells([row(people=("layout: 森 葵", "retouch: Tanaka Yui"))])
    assert head == [column.name for column in COLUMNS]
    told = dict(zip(head, line, strict=True))
    assert told["people"] == "layout: 森 葵; retouch: Tanaka Yui"
    assert (told["classification"], told["exit_code"]) == ("AI-assisted", "0")


def test_csv_begins_with_the_mark_by_which_excel_reads_utf_8():
    assert to_csv([]).encode().startswith(b"\xef\xbb\xbfpath,")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "  =1", "|calc", "\t=1"])
def test_what_a_spreadsheet_would_run_stays_text(text):
    assert not cell(text).lstrip().startswith(("=", "+", "-", "@", "＝", "|"))


@given(st.text(max_size=200))
def test_any_text_is_one_cell_of_one_line(text):
    lines = cells([evil_row(text)])
    assert len(lines) == 2 and len(lines[1]) == len(COLUMNS)
    assert all(not each.startswith(("=", "+", "-", "@")) for each in lines[1])


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_hostile_row_becomes_markup(text):
    page = Page(to_html([evil_row(text)], title=text, maker=text, made=text))
    assert page.tags.count("script") == 1  # ours
    assert not {"img", "iframe", "link", "object", "form", "base"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name in {"src", "action"}]
    assert all(value.startswith("#") for name, value in page.attributes if name == "href")
    assert not any("\u202e" in each or "\x1b" in each or "\x00" in each for each in page.text)


def test_the_page_says_counts_rows_and_where_each_line_comes_from():
    rows = [
        row(),
        row("b.png", Classification.ALTERED, evidence=(Finding(Evidence.RECORDED, "ledger", "Found."),)),
    ]
    text = " ".join(" ".join(Page(to_html(rows, left_out=LEFT_OUT, made="2026-11-23")).text).split())
    assert "2 pictures: 1 AI-assisted, 1 altered; 2 other files left out · 2026-11-23" in text
    for words in (
        "a/theme.wav",
        "b/<i>.txt",
        "c014/bg.png",
        "AI-assisted",
        "altered",
        "森 葵",
        "genzu-house",
        "RECORDED Found.",
    ):
        assert words in text


def test_films_and_sounds_are_not_counted_as_pictures():
    assert tally([row(), row("b.png")], ()) == "2 pictures: 2 AI-assisted"
    assert tally([row(), row("theme.wav")], ()) == "2 files: 2 AI-assisted"


def test_the_page_needs_nothing_else_and_allows_no_script_but_ours():
    html = to_html([row()])
    [script] = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    [policy] = [value for _, value in Page(html).attributes if value and value.startswith("default-src")]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert f"script-src 'sha256-{allowed}'" in policy
    assert "http:" not in html and "https:" not in html


def test_an_empty_report_is_a_report():
    assert "0 pictures" in to_html([])
    assert to_json([])["rows"] == [] and len(cells([])) == 1


def test_json_holds_counts_first_then_rows():
    told = json.loads(json.dumps(to_json([row()], left_out=LEFT_OUT, made="now")))
    assert list(told) == [
        "format",
        "made",
        "pictures",
        "left_out",
        "left_out_files",
        "counts",
        "rows",
        "summary",
    ]
    assert told["left_out"] == 2 and told["left_out_files"][1] == {
        "path": "b/<i>.txt",
        "why": "not a picture",
    }
    assert told["counts"]["AI-assisted"] == 1 and told["rows"][0]["people"] == ["layout: 森 葵"]


@pytest.mark.parametrize("ending", [".html", ".csv", ".json"])
def test_the_ending_of_a_name_chooses_the_form_and_nothing_is_left_beside_it(tmp_path, ending):
    out = tmp_path / f"report{ending}"
    write(out, [row(), evil_row("\ud800")])
    assert [each.name for each in tmp_path.iterdir()] == [out.name]
    before = out.read_bytes()
    with pytest.raises(OutputError, match="exists"):
        write(out, [])
    assert out.read_bytes() == before
    write(out, [], force=True)


@pytest.mark.parametrize("ending", [".csv", ".json", ".xlsx"])
def test_two_who_write_one_report_at_once_leave_one_of_the_two(tmp_path, ending):
    def written(out, rows):
        if ending == ".xlsx":
            write_xlsx(out, rows, About(), summarised(rows))
        else:
            write(out, rows, force=True, summary=summarised(rows))

    class Others(list):
        """Rows that another audit writes its own report over, once ours is being written."""

        def __iter__(self):
            for each in super().__iter__():
                yield each
                if not others and any(part.name.startswith(".") for part in tmp_path.iterdir()):
                    others.append(out)
                    written(out, [row("other.png")] * 3)

    alone, out, others = tmp_path / f"alone{ending}", tmp_path / f"report{ending}", []
    mine = [row(f"{number}.png") for number in range(40)]
    written(alone, mine)
    written(out, Others(mine))
    assert others
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([alone.name, out.name])
    if ending == ".xlsx":
        assert zipfile.ZipFile(out).testzip() is None and abs(out.stat().st_size - alone.stat().st_size) < 9
    else:
        assert out.read_bytes() == alone.read_bytes()


def test_pages_that_cannot_be_made_are_told_in_a_sentence(tmp_path):
    (tmp_path / "many-files").write_text("a file of that name")
    with pytest.raises(OutputError, match="could not be written"):
        write(tmp_path / "many.html", [row(f"{number}.png") for number in range(302)], force=True)


def whole(first):
    """Whether a first page leads to the very pages that it was written with."""
    listed = re.findall(r"<li><code>([0-9a-f]{64}) ([^<]+)</code></li>", first.read_text("utf-8"))
    for digest, href in listed:
        page = first.parent / href
        assert page.is_file() and hashlib.sha256(page.read_bytes()).hexdigest() == digest, href
    return len(listed)


class Killing(list):
    """Rows that end the program where this one is asked for, or with the first that is read through all of them."""

    def __init__(self, rows, at):
        super().__init__(rows)
        self.at = at

    def __iter__(self):
        return super().__iter__() if self.at is not None else os._exit(9)

    def __getitem__(self, number):
        return super().__getitem__(number) if number != self.at else os._exit(9)


@pytest.mark.parametrize("at", [0, 150, 301, None])
def test_a_report_that_was_being_replaced_when_the_program_was_killed_is_whole(tmp_path, at):
    out, folder = tmp_path / "many.html", tmp_path / "many-files"
    old, new = ([row(f"{name}-{number}.png") for number in range(302)] for name in ("old", "new"))
    write(out, old)
    assert whole(out) == 3
    rows = Killing(new if at is not None else new[:2], at)
    child = os.fork()
    if not child:
        write(out, rows, force=True, summary=summarised(new[: len(rows)]))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert whole(out) == 3 and "old-7.png" in out.read_text("utf-8")
    write(out, new, force=True)
    assert whole(out) == 3 == len(list(folder.iterdir()))
    write(out, new[:2], force=True)
    assert whole(out) == 0 and not folder.exists()


@pytest.mark.parametrize("name", ["report.doc", "report", "gone/report.html"])
def test_a_form_or_place_that_cannot_be_is_refused(tmp_path, name):
    with pytest.raises(OutputError):
        write(tmp_path / name, [])


def test_where_one_file_is_asked_for_there_is_one_however_many_rows(tmp_path):
    rows = [row(f"{number}.png") for number in range(302)]
    write(tmp_path / "one.html", rows, one_file=True)
    write(tmp_path / "many.html", rows)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["many-files", "many.html", "one.html"]
    assert (tmp_path / "one.html").read_text("utf-8").count("<tr id=") == 302


def test_a_report_in_japanese_has_no_english_but_the_evidence_and_the_names():
    told = {
        "c001.png": History(Classification.UNKNOWN, because="it could not be checked"),
        "c002.png": History(Classification.ALTERED, because="Layout was changed after it was signed"),
        "c003.png": History(Classification.ALTERED, because="the file was changed after it was signed"),
    }
    rows = [
        row(path, each.answer, history=each.sentence_in("ja"), people=("retouch: Elin Lindqvist",))
        for path, each in told.items()
    ]
    page = one_page(rows, About(language="ja"))
    assert "確認できませんでした" in page and "レイアウトが署名後に変更されています" in page
    assert "加筆修正：Elin Lindqvist" in page and "署名：<bdi>Genzu" in page
    assert "signed by" not in page and "changed after" not in page and "retouch:" not in page


def test_rules_that_are_not_met_stand_on_top_and_nothing_is_said_only_where_there_is_nothing():
    signed = (
        "marked, signed",
        "provider",
        "system",
        "version",
        "time",
        "identifier",
        "source type",
        "AI system",
    )
    whole = row(facts=(*signed, "prompt writer", "somebody named"))
    bare = row("c015/bg.png", verdict=Verdict.NO_CREDENTIALS, facts=("somebody named",))
    words = REPORT_WORDS["en"]
    top = {
        name: "".join(Page(one_page(rows, About(language="en"))).text).partition("Rules")[0]
        for name, rows in (
            ("whole", [whole]),
            ("bare", [bare]),
            ("drawn", [row(answer=Classification.HUMAN_MADE)]),
        )
    }
    assert words.said["nothing"] in top["whole"] and words.said["nothing"] in top["drawn"]
    assert words.said["nothing"] not in top["bare"] and words.said["calm"] in top["bare"]
    page = one_page([bare], About(language="en"))
    [head] = re.findall(r'<li class="unmet">.*?</ul></li>', page, re.DOTALL)
    assert "<b>3</b>" in head and words.rules["eu-mark"].title in head and "1 file lacks it" in head
    assert words.rules["academy"].title not in head


def test_a_group_counts_each_file_to_act_on_once_however_much_there_is_to_do():
    both = row("kita/c1/a.png", Classification.UNKNOWN, unnamed=True, place=place_of("kita/c1/a.png"))
    told = summarised([both, row("kita/c1/b.png", place=place_of("kita/c1/b.png"))])
    [share] = told.vendors.values()
    assert share.acts.total() == 2 and share.to_act == 1
    page = one_page([both], About(language="en"), told)
    assert '<td class="n">2</td><td class="n">1</td>' in page


def test_cuts_are_told_in_the_order_of_their_numbers_in_each_form():
    rows = [
        row(f"kita/{cut}/a.png", place=place_of(f"kita/{cut}/a.png"))
        for cut in ("c10", "none", "c2", "c007a")
    ]
    told = to_json(rows)["summary"]["cuts"]
    assert [each["name"] for each in told] == ["c002", "c007a", "c010", None]
    assert re.findall(r"<article><h3><bdi>(c\w+)<", to_html(rows)) == ["c002", "c007a", "c010"]


def test_a_cut_of_which_a_layout_alone_was_delivered_shows_it():
    small = "data:image/jpeg;base64,AAAA"
    page = to_html(
        [row(path, small=small, place=place_of(path)) for path in ("kita/c001_layout.png", "kita/c002.png")]
    )
    cards = re.findall(r"<article>.*?</article>", page, re.DOTALL)
    assert [each.count(small) for each in cards] == [1, 1] and "→" not in "".join(cards)


def test_empty_files_are_no_copies_of_one_another():
    nothing, same = (f"sha256:{hashlib.sha256(each).hexdigest()}" for each in (b"", b"x"))
    rows = [row(f"{number}.png", digest=each) for number, each in enumerate([nothing, same, nothing, same])]
    assert [each.paths for each in summarised(rows).copies] == [["1.png", "3.png"]]


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_the_pdf_tells_copies_and_what_was_left_out_as_the_other_forms_do(tmp_path):
    same = f"sha256:{'ab' * 32}"
    rows = [row(name, digest=same) for name in ("one.png", "two.png")] + [row("three.png")]
    write_pdf(tmp_path / "a.pdf", rows, About(left_out=LEFT_OUT), summarised(rows))
    command = ["pdftotext", "-raw", str(tmp_path / "a.pdf"), "-"]
    told = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert "the same file: one.png, two.png" in told
    assert "a/theme.wav (a sound)" in told and "b/<i>.txt (not a picture)" in told
    assert REPORT_WORDS["en"].said["left_out_note"] in told and "left open" in told
