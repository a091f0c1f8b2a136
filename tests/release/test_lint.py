"""No picture stays in the film as "AI (+Human)": whose hand is not named, and which model says nothing, is found."""

from dataclasses import replace

import pytest
from film_chain import MODEL, PRODUCTION, STRANGER, Film
from ledger_samples import painted

from provenance.errors import StatementError
from provenance.ledger.entries.kind import EntryKind
from provenance.people.project import Production, production_body
from provenance.release.final import check_release, release_findings
from provenance.release.inputs import EarlierStep
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import parse_credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import Maker, Preset, SourceType, Stage

DRAWN = EarlierStep("the layout", Maker.HUMAN, 1, direct=True)


def test_a_chain_in_which_everybody_is_named_may_be_final(film):
    made = film.chain()
    assert made[-1].record.statement.project.stage is Stage.FINAL
    assert check_release(film.archive, made[-1].record.statement) == []


def test_an_unnamed_hand_refuses_a_final_picture_and_is_told_for_a_temporary_one(film):
    stray = film.draw()
    statement, source = film.statement(stray, "prompt: Sato Hana", stage=Stage.FINAL)
    with pytest.raises(StatementError, match="nobody is named for the layout that went in"):
        check_release(film.archive, statement, (source,))
    statement, source = film.statement(stray, "prompt: Sato Hana")
    assert len(check_release(film.archive, statement, (source,))) == 1


@pytest.mark.parametrize("layout", ["layout: Mori Aoi", "layout: -", "key drawing: Mori Aoi"])
def test_naming_the_hand_in_the_same_step_is_enough_and_so_is_asking_not_to_be_named(film, layout):
    statement, source = film.statement(film.draw(), "prompt: Sato Hana", layout, stage=Stage.FINAL)
    assert check_release(film.archive, statement, (source,)) == []


def test_a_prompt_writer_does_not_stand_in_for_the_hand_that_drew():
    statement = _painted("prompt: Sato Hana")
    assert [each.code for each in release_findings(statement, [replace(DRAWN, people=0)])] == ["unnamed-hand"]
    assert [each.code for each in release_findings(_painted("layout: Aoi"), [DRAWN])] == ["unnamed-prompt"]


def test_a_hand_further_back_is_not_named_by_the_last_step():
    behind = [
        replace(DRAWN, people=0, direct=False),
        EarlierStep("pass 1", Maker.AI_ASSISTED, 1, model=MODEL),
    ]
    found = release_findings(_painted("prompt: Sato", "layout: Aoi"), behind)
    assert [each.code for each in found] == ["unnamed-hand"]


@pytest.mark.parametrize("words", ["unknown", "Unknown ", "n/a", "不明"])
def test_a_model_that_says_nothing_of_itself_is_found_anywhere_on_the_way(words):
    silent = replace(MODEL, training=words)
    behind = [DRAWN, EarlierStep("pass 1", Maker.AI_ASSISTED, 1, model=silent)]
    found = release_findings(_retouched(), behind)
    assert [each.code for each in found] == ["silent-model"]
    assert "no training statement" in found[0].words


def test_the_model_of_a_stranger_and_its_unnamed_operator_are_found(film):
    made = film.paint(film.layout("layout: Aoi").path, "prompt: Sato", model=STRANGER)
    statement, source = film.statement(made.path, "prompt: Sato", stage=Stage.FINAL)
    with pytest.raises(StatementError, match="some-model has no licence and no training statement"):
        check_release(film.archive, statement, (source,))
    foreign = EarlierStep("the input 'x'", Maker.AI, 0, direct=True)
    assert {each.code for each in release_findings(_retouched(), [foreign])} == {
        "unnamed-operator",
        "silent-model",
    }


def test_a_picture_without_ai_needs_none_of_this(film):
    made = record(
        film.archive,
        film.draw(),
        Job((parse_credit("layout: -"),), film.out(), project=Project(PRODUCTION, "1", "c1", Stage.FINAL)),
        source_type=SourceType.DIGITAL_CREATION,
    )
    assert check_release(film.archive, made.record.statement) == []


def test_a_streaming_client_wants_an_approval_of_what_stays(film):
    first = film.layout("layout: Aoi")
    production = Production(PRODUCTION, Preset.STREAMING)
    film.archive.ledger.append(EntryKind.PROJECT_STATED, production_body(production))
    statement, source = film.statement(first.path, "prompt: Sato", stage=Stage.FINAL)
    typed = replace(statement, project=replace(statement.project, production=f"{PRODUCTION.lower()} "))
    for each in (statement, typed):
        with pytest.raises(StatementError, match="written approval"):
            check_release(film.archive, each, (source,))
    temporary, source = film.statement(first.path, "prompt: Sato")
    assert check_release(film.archive, temporary, (source,)) == []
    approved = replace(production, approval="mail of 14 May")
    film.archive.ledger.append(EntryKind.PROJECT_STATED, production_body(approved))
    assert check_release(film.archive, statement, (source,)) == []


@pytest.mark.parametrize(
    ("preset", "asked"),
    [
        (Preset.PLAIN, set()),
        (Preset.STREAMING, {"no-approval"}),
        (Preset.FEATURE, {"no-approval", "no-notice"}),
        (Preset.SERIES, {"no-approval", "no-episode"}),
        (Preset.COMMERCIAL, {"no-approval"}),
        (Preset.GAME, set()),
        (Preset.DEMO, set()),
    ],
)
def test_each_kind_of_production_asks_for_its_own(preset, asked):
    final = painted(by=("layout: Aoi", "prompt: Sato"), project=Project("P", "", "c1", Stage.FINAL))
    production = Production("P", preset)
    found = {each.code for each in release_findings(final, [], production)}
    assert found - {"silent-model"} == asked
    nowhere = replace(final, project=Project("P", "", "", Stage.FINAL))
    without = {each.code for each in release_findings(nowhere, [], production)}
    assert ("no-shot" in without) is (preset in {Preset.SERIES, Preset.GAME})
    assert len(production.open_points()) == {
        Preset.PLAIN: 0, Preset.STREAMING: 6, Preset.FEATURE: 7, Preset.SERIES: 6,
        Preset.COMMERCIAL: 3, Preset.GAME: 3, Preset.DEMO: 1,
    }[preset]  # fmt: skip


def _painted(*by: str):  # type: ignore[no-untyped-def]
    return painted(by=by, project=Project("P", "1", "c1", Stage.FINAL))


def _retouched():  # type: ignore[no-untyped-def]
    from ledger_samples import recorded

    return recorded()


def test_a_finished_picture_that_comes_in_is_read_for_who_made_it(film, tmp_path):
    """What a vendor delivers as final is not "(+Human)" either, only because it was finished elsewhere."""
    with open_archive(Settings(home=tmp_path / "vendor")) as other:
        vendor = Film(other, tmp_path / "elsewhere")
        vendor.folder.mkdir()
        first = vendor.layout("layout: Aoi")
        delivered = vendor.paint(first.path, "prompt: Sato", model=STRANGER)
    with pytest.raises(StatementError, match="has no licence"):
        record(
            film.archive,
            delivered.path,
            Job(
                (parse_credit("supervision: Kai"),),
                film.out(),
                project=Project(PRODUCTION, "1", "c1", Stage.FINAL),
            ),
            source_type=SourceType.DIGITAL_CREATION,
        )
