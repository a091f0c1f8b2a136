"""A host's policy: what is refused, in whose words, and what the record says of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import draw_house

from generation.cli import genzu
from generation.errors import PolicyError, PolicyRefused
from generation.studio.policy import Policy
from generation.words.spelling import Text, orders
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import State
from provenance.release.opening import open_archive
from provenance.settings import Settings

POLICY = """
[policy]
name = "Snow Country"

[[rule]]
words = ["gore", "血まみれ"]
why = "This demo is for all ages."

[[rule]]
artists = ["Mori Aoi", "森葵"]
why = "She has not agreed."

[[rule]]
words = ["logo"]
productions = ["Winter Railway"]
why = "Signs are painted by hand."
"""
QUICK = ("--steps", "2", "--strength", "1", "--long-side", "64", "--by", "prompt: Abe Rin")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    draw_house().save(tmp_path / "c.png")
    (tmp_path / "policy.toml").write_text(POLICY, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> Result:
    start = ["--home", str(folder / "home"), "--policy", str(folder / "policy.toml")]
    return CliRunner().invoke(genzu, [*start, *arguments])


def paint(folder: Path, prompt: str, *options: str) -> Result:
    asked = ("--prompt", prompt, "-o", str(folder / "out.png"), *QUICK, *options)
    return run(folder, "paint", str(folder / "c.png"), *asked)


@pytest.mark.parametrize(
    ("prompt", "refused"),
    [
        ("a room full of GORE", "'gore': This demo is for all ages."),
        ("血まみれの廊下、夜", "'血まみれ': This demo is for all ages."),
        ("a street, in the style of Aoi Mori", "the name 'Mori Aoi': She has not agreed."),
        ("森　葵風の雪景色", "the name '森葵': She has not agreed."),
        ("a folklore forest, explored", ""),
        ("a logo on a wall", ""),
    ],
)
def test_a_prompt_is_refused_in_the_hosts_own_words(folder, prompt, refused):
    policy = Policy.read(folder / "policy.toml")
    found = policy.refusal(prompt, "Film")
    assert str(found or "") == (refused and f"the policy 'Snow Country' of this host refuses {refused}")
    assert policy.refusal("a logo", "WINTER  railway") is not None


def test_the_names_of_works_beside_the_model_are_looked_at_for_artists(folder):
    policy = Policy.read(folder / "policy.toml")
    assert policy.refusal("snow", works=("mori_aoi-v2",)) is not None
    assert policy.refusal("snow", works=("gore",)) is None


def test_what_is_refused_is_on_the_record_by_rule_and_file_and_without_the_words(folder):
    done = paint(folder, "a room full of gore", "--disclose", "absent")
    assert isinstance(done.exception, PolicyRefused)
    assert not (folder / "out.png").exists()
    with open_archive(Settings(home=folder / "home")) as archive:
        (record,) = archive.ledger.pictures(limit=-1)
        closed = [each for each in archive.ledger.entries() if each.kind is EntryKind.PICTURE_FAILED]
        assert record.state is State.FAILED
        digest = Policy.read(folder / "policy.toml").digest
        assert record.facts["reason"] == f"PolicyRefused: rule 1 of sha256:{digest}"
        assert len(closed) == 1
        for each in archive.ledger.entries():
            assert "gore" not in each.body


def test_a_dry_run_says_so_and_writes_nothing(folder):
    assert paint(folder, "snow").exit_code == 0
    (folder / "out.png").unlink()
    before = sorted(each for each in (folder / "home").rglob("*") if each.is_file())
    done = paint(folder, "gore", "--dry-run")
    assert isinstance(done.exception, PolicyRefused)
    with open_archive(Settings(home=folder / "home")) as archive:
        assert len(archive.ledger.pictures(limit=-1)) == 1
    assert [each for each in before if "vault" in each.parts] == sorted(
        each for each in (folder / "home").rglob("*") if each.is_file() and "vault" in each.parts
    )


def test_a_row_of_a_sheet_is_refused_and_the_others_are_painted(folder):
    (folder / "sheet.csv").write_text("layout,prompt,shot\nc.png,snow,s1\nc.png,gore,s2\n")
    sheet = ("batch", str(folder / "sheet.csv"), "-o", str(folder / "out"), *QUICK)
    told = run(folder, *sheet, "--dry-run")
    assert "row 3  s2: not painted: the policy 'Snow Country'" in told.output
    done = run(folder, *sheet)
    assert done.exit_code == 1
    assert "refuses 'gore': This demo is for all ages." in done.output
    assert (folder / "out" / "s1.png").exists() and not (folder / "out" / "s2.png").exists()
    with open_archive(Settings(home=folder / "home")) as archive:
        states = [each.state for each in archive.ledger.pictures(limit=-1)]
    assert sorted(states) == sorted([State.RELEASED, State.FAILED])
    job = run(folder, *sheet, "--job", str(folder / "job"))
    assert "the job is not written: row 3  s2" in str(job.exception)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[rule]]\nwords = ['gore']", "rule 1 does not say why"),
        ("[[rule]]\nwhy = 'so'", "rule 1 names no words and no artists"),
        ("[[rule]]\nwords = 'gore'\nwhy = 'so'", "words of rule 1 is a list of texts"),
        ("[[rule]]\nwords = ['...']\nwhy = 'so'", "'...' of rule 1 holds no letter"),
        ("[[rule]]\nword = ['gore']\nwhy = 'so'", "'word', which is none of"),
        ("[rules]\n", "there is no [rules]"),
        ("", "there is no rule"),
        ("[[rule]\n", "line 1"),
        ("rule = [1]", "rule 1 is written [[rule]]"),
    ],
)
def test_a_policy_that_cannot_be_read_is_one_sentence_and_nothing_is_painted(folder, text, words):
    (folder / "policy.toml").write_text(text)
    done = paint(folder, "snow")
    assert isinstance(done.exception, PolicyError) and words in str(done.exception)
    assert "\n" not in str(done.exception) and not (folder / "out.png").exists()


def test_a_policy_that_is_not_there_or_no_text_is_said(folder):
    with pytest.raises(PolicyError, match="could not be read: there is no such file"):
        Policy.read(folder / "none.toml")
    (folder / "policy.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="is not UTF-8"):
        Policy.read(folder / "policy.toml")


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("ｇｏｒｅ", "gore", True),
        ("g*o*r*e everywhere", "gore", True),
        ("g\u200bore", "gore", True),
        ("g\0ore", "gore", True),  # a tokenizer throws these away, and paints the word
        ("go\ue000re", "gore", True),
        ("gor\ufffde", "gore", True),
        ("gor\u3164e", "gore", True),
        ("g\ud800ore", "gore", True),
        ("snow\ngore", "gore", True),
        ("gores", "gore", False),
        ("gоrе", "gore", True),  # Cyrillic o and e
        ("кровь и снег", "кровь", True),
        ("1998, night", "1998", True),
        ("ｸﾞﾛい絵", "グロ", True),
        ("エログロナンセンス", "グロ", False),
        ("がっこう", "かっこう", False),
        ("出血", "血", False),
        ("血の海", "血", True),
        ("画家森葵の絵", "森葵", True),
        ("スタジオ・ドロップ", "スタジオドロップ", True),
    ],
)
def test_a_word_is_found_as_a_whole_in_whatever_spelling(text, word, found):
    assert any(Text(text).holds(each) for each in orders(word)) is found


def test_the_settings_of_a_host_name_the_policy(folder, archive):
    from generation.studio.studio import Studio

    ruled = replace(archive, settings=replace(archive.settings, policy=folder / "policy.toml"))
    assert len(Studio.open(ruled, "house").policy.rules) == 3
