"""What a studio asks in Japanese comes in Japanese: no label of ours is left in English in any paper or answer.

Left as they are: what people and files wrote, ids, digests, codes, file names, commands, and the standards' own names.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from credential_samples import with_other_pixels
from film_chain import MODEL, PRODUCTION, STRANGER, Film
from foreign_manifests import action, actions, foreign
from japanese_marks import half_width
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from provenance.audit.report_words import REPORT_WORDS
from provenance.commands.audit import audit_command
from provenance.commands.credits import credits_command
from provenance.commands.inspect import inspect_command
from provenance.commands.publish import certificate_command, publish_command
from provenance.commands.roll import roll_command
from provenance.exports.certificate_words import WORDS as CERTIFICATE
from provenance.people.disputes import open_dispute
from provenance.release.job import Job
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType

NAMES = ("Sato Hana", "Elin Lindqvist", "Kai O'Neil", "Yamada Taro", "Aurora Pictures")
# All that is put into these answers by others: names, the words of a model's card, titles, the signer.
WRITTEN = (
    *NAMES, PRODUCTION, MODEL.name, MODEL.license, MODEL.training, MODEL.attribution, STRANGER.name, "unknown",
    "Genzu", "DSC_0041", "anything", "cropped", "parameters", "Content Credentials", "Elin Lindqvi",
)  # fmt: skip
LEFT_AS_IT_IS = re.compile(
    r"[\w/*-]+(?:\.[\w-]+)+|`[^`]*`"  # codes and file names
    r"|genzu [a-z]+(?: [-\w'…./*]+)*|--[a-z]+|https?://\S+"  # what is typed
    r"|\b(?:pic|per|dis)-\w+|\bgenzu/\w+\S*|sha256:\w+|[0-9a-f]{40,}|\d\dT[\d:.]+Z"
    r"|\b\w*[a-z][A-Z]\w*|\b\w*[A-Z]\w*[A-Z\d]\w*",  # XMP, DigitalSourceType
    re.ASCII,
)


def left_in_english(text: str) -> list[str]:
    """Words of three letters that nobody but us can have said."""
    for each in sorted(WRITTEN, key=len, reverse=True):
        text = text.replace(each, " ")
    return re.findall("[A-Za-z]{3,}", LEFT_AS_IT_IS.sub(" ", text))


def read(page: str) -> str:
    """What is read of a page."""
    page = re.sub(r"<(style|script).*?</\1>|<pre>.*?</pre>", "", page, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", "\n", page))


@dataclass(frozen=True)
class Studio:
    """A production with a drawing, paintings, a revision, a photograph, a dispute; and files of every verdict."""

    settings: Settings
    files: dict[str, Path]
    picture: str

    def asked(self, command, *words) -> str:  # type: ignore[no-untyped-def]
        found = CliRunner().invoke(command, [*map(str, words), "--lang", "ja"], obj=self.settings)
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        return found.stdout


@pytest.fixture
def studio(film: Film, tmp_path: Path) -> Studio:
    archive = film.archive
    *_, last = film.chain("c014")
    alone = film.paint(film.draw(), "prompt: Sato Hana", shot="c015", model=STRANGER)
    film.paint(film.draw(), "prompt: Sato Hana", shot="c015", model=STRANGER)
    camera = record(
        archive,
        film.draw(),
        Job(film.credits(("other: Yamada Taro",)), film.out(), project=Project(PRODUCTION, "1", "c016")),
        source_type=SourceType.DIGITAL_CAPTURE,
    )
    open_dispute(archive.ledger, archive.vault, claim="no", contact="a@b", picture=last.record.picture)
    folder = tmp_path / "納品"
    folder.mkdir()
    text = PngInfo()
    text.add_text("parameters", "pink sky\nSteps: 20, Sampler: DDIM, CFG scale: 7, Seed: 1, Model: anything")
    Image.new("RGB", (64, 48), "teal").save(folder / "text.png", pnginfo=text)
    Image.new("RGB", (64, 48), "white").save(folder / "bare.png")
    signed = last.path.read_bytes()
    made = actions(action("created", "trainedAlgorithmicMedia"), action("cropped"))
    files = {
        "known": signed,
        "over": alone.path.read_bytes(),
        "camera": camera.path.read_bytes(),
        "altered": with_other_pixels(signed),
        "stranger": foreign({"title": "DSC_0041", "assertions": [made]}),
        "cut": signed[:2000],
    }
    for name, data in files.items():
        (folder / f"{name}.png").write_bytes(data)
    return Studio(
        archive.settings, {each.stem: each for each in sorted(folder.iterdir())}, last.record.picture
    )


def answers(studio: Studio) -> Iterator[tuple[str, str]]:
    """Each answer of a command, by what was asked."""
    for name, path in studio.files.items():
        yield f"inspect {name}", studio.asked(inspect_command, path, "--changes")
        yield f"credits {name}", studio.asked(credits_command, path)
    paper = studio.settings.home.parent / "paper.html"
    yield "certificate", studio.asked(credits_command, "森 あおい", "--certificate", paper)
    for who in (*NAMES[:4], "森 あおい", "Elin Lindqvi", "だれか", studio.picture):
        yield f"credits {who}", studio.asked(credits_command, who)
    for form in ("text", "copyright"):
        yield f"roll {form}", studio.asked(roll_command, "--production", PRODUCTION, "--format", form)


def test_no_label_of_an_answer_is_left_in_english(studio):
    told = dict(answers(studio))
    assert {name: left_in_english(text) for name, text in told.items() if left_in_english(text)} == {}
    wide = {name: half_width(LEFT_AS_IT_IS.sub("x", text)) for name, text in told.items()}
    assert {name: each for name, each in wide.items() if each} == {}
    verdicts = (
        "改変なし、確認済みの署名者",
        "改変なし、未確認の署名者",
        "改変あり",
        "認証情報なし",
        "確認できず",
    )
    for name, verdict in zip(("known", "stranger", "altered", "bare", "cut"), verdicts, strict=True):
        assert verdict in told[f"inspect {name}"].splitlines() and verdict in told[f"credits {name}"]


def test_no_label_of_a_paper_is_left_in_english(studio, tmp_path):
    site, paper, report = tmp_path / "site", tmp_path / "paper", tmp_path / "r.html"
    studio.asked(publish_command, site)
    studio.asked(certificate_command, "森 あおい", "-o", paper)
    studio.asked(
        audit_command,
        studio.files["known"].parent,
        "--report",
        report,
        "--report",
        report.with_suffix(".pdf"),
    )
    pages = [*site.rglob("*.html"), paper / "certificate.html", report]
    left = {each.name: left_in_english(read(each.read_text("utf-8"))) for each in pages}
    assert len(pages) > 10 and {name: each for name, each in left.items() if each} == {}
    if shutil.which("pdftotext") is None:
        return
    english = REPORT_WORDS["en"]
    labels = [
        *CERTIFICATE["en"].values(),
        *english.said.values(),
        *english.columns.values(),
        *english.verdicts.values(),
    ]
    ours = set(
        re.findall("[A-Za-z]{4,}", " ".join([*labels, *english.answers.values(), *english.stages.values()]))
    )
    for each in (paper / "certificate.pdf", report.with_suffix(".pdf")):
        # An id that a narrow column breaks is no word of ours; a label would be.
        said = subprocess.run(
            ["pdftotext", "-raw", each, "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "書き出し日" in said or "監査" in said
        assert not set(left_in_english(said)) & ours


def test_the_sentences_of_data_are_japanese_and_what_programs_compare_is_not(studio):
    for command in (credits_command, inspect_command):
        told = json.loads(studio.asked(command, studio.files["known"], "--json"))
        assert told["verdict"] == "intact, known signer"
        history = told["history"] if isinstance(told["history"], str) else told["history"]["sentence"]
        assert history.startswith("AI使用：作画 森 あおい")
        assert not left_in_english(" ".join(told.get("disputes", [])))
        assert not left_in_english(" ".join(each["words"] for each in told.get("findings", [])))


def test_a_photograph_is_not_said_to_be_drawn_and_who_supervised_drew_nothing(studio):
    words = ("--production", PRODUCTION, "--format", "copyright")
    told = studio.asked(roll_command, *words)
    english = CliRunner().invoke(roll_command, words, obj=studio.settings).stdout
    assert "撮影（カメラ）、Yamada Taro（協力）" in told and "photographed by Yamada Taro" in english
    assert "加筆、Elin Lindqvist（加筆修正）。ほかのクレジット：Kai O'Neil（監修）" in told
    assert "by Elin Lindqvist (retouch); further credits: Kai O'Neil (supervision)" in english
