"""What an inspection and an audit say stands in the Japanese table, sentence by sentence; names stay as they are."""

import re
from pathlib import Path

import pytest
from spoken_sentences import PARTS, fixed_parts, sentences

from provenance.credentials.sign.manifest import TITLES
from provenance.inspection.translated import TABLE, in_language
from provenance.inspection.translated import sentences as rows
from provenance.statement.commitment import STAND_INS
from provenance.statement.credit import NOT_NAMED, Role
from provenance.statement.terms import rows as terms
from provenance.statement.translation import rows_of
from provenance.statement.words import INPUTS, ROLES, STAGES

ROOT = Path(__file__).parents[2] / "provenance"
SPOKEN = [
    *sorted((ROOT / "inspection/evidence").glob("*.py")),
    *(
        ROOT / each
        for each in (
            "inspection/classification.py",
            "credentials/read/verdicts.py",
            "credentials/read/identities.py",
            "credentials/read/newest.py",
            "credentials/read/reader.py",
            "credentials/read/steps.py",
            "credentials/read/fetching.py",
            "lookup/likeness.py",
            "lookup/door.py",
            "media/change.py",
            "media/layers.py",
            "media/generators/generator_trace.py",
            "media/sidecar.py",
            "media/xmp_beside.py",
            "audit/archives.py",
            "audit/delivery.py",
            "audit/tar_stream.py",
            "people/changes.py",
            "people/claims.py",
        )
    ),
]
# Said to somebody who gave a name or a wrong command, or to a developer: never in a report.
ELSEWHERE = re.compile(
    r"pip install|^AnyLedger|^c2pa\.Reader|^Iterator\[|^application/|^bytes \||^Remote: \."
)
FILLED = {"most in the middle"}  # a row with a place has it
KEYS = re.sub(r"\{[=#,;]?\}", "…", "\n".join(rows())).lower()


def stands(piece: str) -> bool:
    """Whether a piece stands in a row, whole or in parts that are put together of several."""
    return (
        piece in FILLED
        or piece.lower() in KEYS
        or all(each.lower() in KEYS for each in re.split("[:;] ", piece))
    )


@pytest.mark.parametrize("path", SPOKEN, ids=lambda path: path.name)
def test_each_sentence_has_a_row(path):
    said = [each for each in sentences(path) if not PARTS.match(each) and not ELSEWHERE.search(each)]
    missing = [piece for each in said for piece in fixed_parts(each) if not stands(piece)]
    assert missing == []


def test_each_row_keeps_what_is_put_into_it():
    written = rows_of(TABLE)
    assert len(re.findall("^msgid ", TABLE.read_text("utf-8"), re.MULTILINE)) == len(written)
    assert not written.keys() & terms().keys(), "decided in provenance/statement/terms.py"
    for english, japanese in rows().items():
        places = re.findall(r"\{[=#,;]?\}", english)
        told = re.findall(r"\{(\d?)\}", japanese)
        assert len(places) == len(told), english
        japanese.format(*places)
        assert not re.search("[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}", re.sub("`[^`]*`", "", japanese)), japanese


def test_each_role_input_and_stage_is_called_as_it_is_decided_and_each_stand_in_has_a_row():
    assert {each.value: in_language(each.value, "ja") for each in Role} == {
        each.value: words.roll["ja"] for each, words in ROLES.items()
    }
    for role, words in INPUTS.items():
        assert in_language(f"{role.value.capitalize()} picture 2", "ja") == f"{words['ja']} 2"
    assert [in_language(each.value, "ja") for each in STAGES] == [words["ja"] for words in STAGES.values()]
    for each in (NOT_NAMED, *STAND_INS):
        assert in_language(f"layout: {each}", "ja").startswith("レイアウト：（")


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        (
            "Credits: layout: Mori, Aoi, prompt: Sato and Sons.",
            "クレジット：レイアウト：Mori, Aoi、プロンプト：Sato and Sons。",
        ),
        (
            "AI-assisted: AI had a part in AI picture, edited by hand, AI pass 2; a hand or a camera made Layout.",
            "AI使用：AIが関わった工程は手で加筆されたAI生成画像、AI描画 2。"
            "手作業またはカメラによる工程はレイアウト。",
        ),
        (
            "The credentials are intact, and a signer that we know made them: Unknown.",
            "認証情報に変更はなく、署名者も確認できました：Unknown。",
        ),
        ("The file was changed after it was signed (a.b)", "ファイルが署名後に変更されています（a.b）"),
        (
            "Corrected by entry 41: layout: Layout became Nobody.",
            "項目41による訂正：レイアウト：Layout → Nobody。",
        ),
        ("Layout", "レイアウト"),
        ("森 あおい", "森 あおい"),
        ("A picture by somebody (unknown)", "A picture by somebody (unknown)"),
    ],
)
def test_a_sentence_is_said_and_names_stay(english, japanese):
    assert in_language(english, "ja") == japanese
    assert in_language(english, "en") == english


@pytest.mark.parametrize("title", TITLES.values())
def test_the_title_of_our_own_manifest_is_said_in_japanese_and_a_strangers_stays(title: str) -> None:
    for sentence in (
        "an earlier step, '{}': it was changed after it was signed",
        "“{}”",
        "An identity is claimed in “{}” and was not proved here: Mori Aoi, by cawg.x509: it was not checked.",
        "Mori Aoi vouches for “{}” with a certificate of their own, known here by the list of Genzu.",
    ):
        assert title not in in_language(sentence.format(title), "ja")
        assert "DSC_0041.jpg" in in_language(sentence.format("DSC_0041.jpg"), "ja")
