"""The page in two languages: which one a browser gets, that the table is complete, that people's words stay."""

import json
import re
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from credential_samples import GENZU, MODEL, file, record, source

from generation.app import build
from generation.studio.policy import Policy, Rule
from generation.studio.studio import Studio
from generation.tabs.first import STAGE, STORY
from generation.words.lexicon import understood
from generation.words.reader import Unread
from provenance.audit.row import Row
from provenance.credentials.read.chain import Verdict
from provenance.credentials.sign.disclosure import Publication, no_training, public_lines
from provenance.errors import Remedy, Way
from provenance.inspection.answers import Classification
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import DISPUTE, Finding
from provenance.inspection.translated import sentences
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Input, InputRole, Prompt, Resource, Statement
from provenance.statement.vocabulary import Disclosure, Relation, SourceType, Step
from provenance.tabs.look.fragments import fragment
from provenance.tabs.text.japanese import SENTENCES, TABLE
from provenance.tabs.text.language import say, told, translated, wanted
from provenance.tabs.text.remedies import on_page
from provenance.tabs.told.public import places_kept, told_before

FRAGMENTS = sorted((Path(__file__).parents[2] / "provenance" / "tabs" / "look" / "fragments").glob("*.html"))
# Names, terms and examples of input that are the same in any language.
SAME = {
    "Genzu", "JSON", "English", "Deutsch", "Français", "Español", "Sato Hana = Kumo", "SHA-256", "c014", "41, 42",
    "Studio Kita / The Dog & The Boy", "people, text", "UTC", "IPTC",
    "cpu", "cuda", "mps", "float32", "bfloat16", "float16", "int8", "flash", "sage", "xformers",
}  # fmt: skip
KEYS = " ".join([*SENTENCES, *sentences()]).lower()
# A scheduler's class has one name in every language.
CLASS = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Z][A-Za-z0-9]+")


def asking(query=None, cookies=None, accept=""):
    return SimpleNamespace(
        query_params=query or {}, cookies=cookies or {}, headers={"accept-language": accept}
    )


@pytest.mark.parametrize(
    ("request_", "language"),
    [
        (asking(), "en"),
        (asking(accept="ja-JP,ja;q=0.9,en;q=0.8"), "ja"),
        (asking(accept="fr,de;q=0.9"), "en"),
        (asking(accept="en;q=0.5, ja;q=0.7"), "ja"),
        (asking(accept="ja;q=0, en"), "en"),
        (asking(accept="ja;q=x,,;;"), "en"),
        (asking(cookies={"genzu-language": "en"}, accept="ja"), "en"),
        (asking({"lang": "ja"}, {"genzu-language": "en"}), "ja"),
        (asking({"lang": "tlh"}, accept="ja"), "ja"),
    ],
)
def test_the_language_is_the_switchs_then_the_browsers(request_, language):
    assert wanted(request_) == language


def test_each_row_of_the_table_keeps_what_is_put_into_it():
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    assert [each for each in lines if each and not re.match(r'(#|msgid "|msgstr ")', each)] == []
    assert len(SENTENCES) == len([each for each in lines if each.startswith("msgid ")])
    for english, japanese in SENTENCES.items():
        assert len(re.findall(r"\{[=#,;]?\}", english)) == len(re.findall(r"\{\d?\}", japanese)), english
        assert japanese.strip(), english


def test_a_sentence_stands_in_one_table_and_so_has_one_wording():
    assert set(SENTENCES) & set(sentences()) == set()


def test_what_is_missing_and_what_to_do_are_two_sentences_in_japanese():
    remedy = on_page(Remedy(Way.NAME_A_HAND, "layout"))
    said = say(f"nobody is named for the layout that went in. {remedy}", "ja")
    assert said.startswith("使われたレイアウトに誰の名前もありません。描いた人を") and "Drawn" not in said


def test_every_label_of_the_page_has_a_row(archive):
    page = build(Studio.open(archive, "house"))
    missing = set()
    for component in page.get_config_file()["components"]:
        props = component["props"]
        texts = [props.get(name) for name in ("label", "info", "placeholder", "submit_btn")]
        if component["type"] in {"button", "downloadbutton", "uploadbutton"}:
            texts.append(props.get("value"))
        texts += [each[0] for each in props.get("choices") or [] if isinstance(each, (list, tuple))]
        visible = props.get("visible") is not False or props.get("elem_id")
        missing |= {
            text
            for text in texts
            if isinstance(text, str) and visible and re.search("[A-Za-z]{2}", text)
            if text not in SAME and not CLASS.fullmatch(text) and say(text, "ja") == text
        }
    assert not missing, "\n".join(sorted(missing))


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.name)
def test_every_sentence_of_a_fragment_stands_in_a_row(path):
    source = re.sub(r"\{#.*?#\}|\{%.*?%\}", "\0", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    missing = []
    for text in re.split(r"<[^>]*>|\{\{.*?\}\}|\0", source):
        said = " ".join(text.split()).strip(" ,.;:()“”")
        if len(re.findall("[A-Za-z]{2,}", said)) > 1 and said.lower() not in KEYS and said not in SAME:
            missing.append(said)
    assert not missing, "\n".join(sorted(missing))


def test_a_sentence_is_said_with_what_was_put_into_it():
    assert say(f"{24} people are waiting already; try again in about {5} min", "ja").startswith("すでに24人")
    assert say("Write your name, or tick that you ask not to be named.", "ja").startswith("名前を書くか")
    assert say("a sentence that nobody has translated", "ja") == "a sentence that nobody has translated"
    assert say("Paint", "en") == "Paint" and say("Paint") == "Paint"


def test_what_people_wrote_is_never_translated():
    hostile = '<b translate="no">Cancel &lt;script&gt;</b><span>Cancel</span><code>Cancel</code>'
    assert (
        translated(hostile, "ja")
        == '<b translate="no">Cancel &lt;script&gt;</b><span>取り消す</span><code>Cancel</code>'
    )


def test_translating_keeps_markup_and_escapes():
    shown = fragment("sentence", kind="bad", title="Not painted.", words="<img src=x> & Cancel")
    said = translated(shown, "ja")
    assert "<img" not in said and "&lt;img src=x&gt; &amp; Cancel" in said and "描いていません" in said
    assert translated(shown, "en") == shown


def test_what_a_file_will_tell_everybody_is_said_in_japanese_and_names_and_prompts_stay():
    who = (*(Credit(role, "Final Cancel") for role in Role), Credit(Role.LAYOUT, None))
    given = source(record(file()).data).input
    asked = {
        "width": 512,
        "height": 320,
        "strength": 0.6,
        "num_inference_steps": 12,
        "seed": "7",
        "tile": 512,
    }
    words = Prompt("Cancel", "Paint", Disclosure.FULL, "Audit")
    photograph = Resource(Digest.of(b"x"), "image/heic", 1, 96, 64)
    original = Input(InputRole.ORIGINAL, Relation.INPUT, photograph)
    painted = SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
    statements = [
        Statement("pic-1", Step.PAINT, painted, GENZU, who, (given,), words, MODEL, asked),
        Statement("pic-2", Step.RECORD, SourceType.PRINT, GENZU, who, (original,)),
        Statement("pic-3", Step.RETOUCH, SourceType.HUMAN_EDITS, GENZU, who, (given,)),
    ]
    told_of = Publication(wishes=no_training(), credit_line="Final / Paint", keep_private=True)
    lines = []
    for each in statements:
        lines += public_lines(each, told_of, signer="Genzu", artist="Final Cancel")
    markup = told_before(lines, told_of, kept=["the note", *places_kept("Kita", "", "c014")])
    said = translated(markup, "ja")
    theirs = re.findall(r'<span translate="no">([^<]*)</span>', said)
    assert theirs.count("Final Cancel") == 3 * len(Role)
    assert {"Cancel", "Paint", "Audit", "Final / Paint"} <= set(theirs)
    assert "（名前を出さないことを希望）" in said and "幅 512 画素" in said
    ours = re.sub(r'<span translate="no">[^<]*</span>|<[^>]*>', "\n", said)
    for name in ("Final Cancel", MODEL.name, MODEL.license, MODEL.training):
        ours = ours.replace(name, "")
    assert re.findall(r"[A-Za-z]{3,}(?: [A-Za-z]{3,})+", ours) == []


def test_the_page_names_its_language_and_gives_gradio_the_same():
    button = {"type": "button", "props": {"value": "Paint"}}
    words = {"type": "textbox", "props": {"value": "Paint", "label": "Words"}}
    config = json.dumps({"components": [button, words]})
    head = '<!doctype html>\n<html\n\tlang="en"><head></head>'
    html = f"{head}<script>window.gradio_config = {config};</script>"
    page = told(html, "ja", {})
    assert 'lang="ja"' in page and "描く" in page and '"value": "Paint"' in page and "言葉" in page
    assert 'defineProperty(navigator,"language"' in page
    assert 'lang="en"' in told(html, "en", {}) and "描く" not in told(html, "en", {})


@pytest.mark.slow
def test_the_first_screen_is_japanese_in_the_html_itself_before_any_script_has_run(site):
    asked = urllib.request.Request(site.url, headers={"Accept-Language": "ja-JP,ja;q=0.9,en;q=0.8"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        page = answer.read().decode()
    config = json.loads(re.search(r"window.gradio_config = (.*?);</script>", page)[1])
    shown = [each["props"] for each in config["components"] if each["type"] == "html"]
    first = [each for each in shown if each.get("elem_id") in {STAGE, STORY} or "gz-masthead" in str(each)]
    assert len(first) == 3
    text = " ".join(each["value"] for each in first)
    assert "作画 Martin Wehl" in text
    ours = re.sub(r"<(\w+)[^>]*translate=.no.[^>]*>[^<]*</\1>|<code.*?</code>|<[^>]*>", "\n", text)
    assert re.findall(r"[A-Za-z]{2,}(?: [A-Za-z]{2,}){2,}", ours) == []


def test_what_is_said_of_a_prompt_while_it_is_typed_is_japanese_on_a_japanese_page(archive):
    words = Studio.open(archive, "house").model.words
    for typed in ("夕焼け、森葵 風、家", "gore, red house", "夜、家"):
        said = [*understood(typed, words).remarks, str(Unread("a house", 90, 77))]
        assert [each for each in said if say(each, "ja") == each] == []
    for name in ("", "Demo"):
        policy = Policy(name, (Rule(("gore",), ("森葵",), "全年齢向けです。"),))
        for typed in ("gore", "森葵 風"):
            refused = policy.refusal(typed)
            assert refused is not None and "方針" in say(str(refused), "ja")


@pytest.mark.parametrize(
    "title",
    [
        "This picture",
        "Made with this picture",
        "Looks like this picture, which proves no origin",
        "Made later with pictures of “森 葵”",
    ],
)
def test_a_heading_on_the_tab_credits_is_japanese(title):
    assert not re.search("[A-Za-z]{2}", say(f"{title}: 5 records", "ja"))


def test_every_person_of_a_row_is_told_in_japanese_on_the_tab_audit():
    disputed = "The record of pic-a is disputed: a dispute is open (entry 7), and not decided yet."
    row = Row(
        "a.png", Classification.UNKNOWN, "", Verdict.NO_CREDENTIALS, 3,
        people=("layout: 森 葵", "prompt: (asked not to be named)"),
        evidence=(Finding(Evidence.RECORDED, DISPUTE, disputed),),
    )  # fmt: skip
    html = fragment(
        "audited", rows=[row], counts=[], total=1, cut=0, left_out=[], left_out_count=0, more_left_out=0, tally="",
        altered=Classification.ALTERED,
    )  # fmt: skip
    told = translated(html, "ja")
    assert "レイアウト：森 葵" in told and "プロンプト：（名前を出さないことを希望）" in told
    assert "pic-a の記録には異議が出ています" in told
