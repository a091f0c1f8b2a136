"""Candidates on the page: who sees which, who may choose, and that all are kept."""

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from provenance.errors import StatementError
from provenance.people.register import register_of
from provenance.tabs.candidates import choose_one, file_of, parent_of, shot_of


@pytest.fixture
def cut(film):
    """Three candidates over one layout of a cut."""
    layout = film.layout("layout: Mori Aoi", shot="c014")
    return [film.paint(layout.path, "prompt: Sato Hana", shot="c014") for _ in range(3)]


def ids(cut):
    return [each.record.picture for each in cut]


def test_who_made_all_candidates_of_a_cut_chooses_and_all_are_kept(film, cut):
    archive, mine = film.archive, ids(cut)
    seq = choose_one(archive, mine[1], "Elin Lindqvist", "the snow is right", mine, keeper=False)
    assert archive.ledger.entry(seq).kind == "candidate.chosen"
    shot = shot_of(archive, mine[0])
    assert [each.picture for each in shot.candidates] == mine
    assert [each.picture for each in shot.counted] == [mine[1]]
    assert set(shot.choice.among) == set(mine) and shot.choice.why == "the snow is right"
    assert register_of(archive.ledger).person(shot.choice.by).name == "Elin Lindqvist"


def test_a_visitor_does_not_choose_where_others_have_pictures_and_the_keeper_does(film, cut):
    archive, mine = film.archive, ids(cut)[:2]
    entries = len(archive.ledger)
    with pytest.raises(StatementError, match="made by others"):
        choose_one(archive, mine[0], "Sato Hana", "", mine, keeper=False)
    assert len(archive.ledger) == entries
    choose_one(archive, mine[0], "Sato Hana", "", [], keeper=True)
    assert shot_of(archive, mine[0]).choice.chosen == mine[0]


def test_a_choice_names_somebody_and_somebody_known_stays_one_person(film, cut):
    archive, mine = film.archive, ids(cut)
    with pytest.raises(StatementError, match="who chooses"):
        choose_one(archive, mine[0], " ", "", mine, keeper=True)
    people = len(archive.ledger.people())
    choose_one(archive, mine[0], "Sato Hana", "", mine, keeper=True)
    assert len(archive.ledger.people()) == people


def test_a_candidate_is_handed_out_as_its_signed_file_with_what_it_was_made_over(film, cut):
    record = film.archive.ledger.picture(ids(cut)[2])
    assert file_of(film.archive, record).read_bytes() == cut[2].path.read_bytes()
    assert parent_of(film.archive, record).width == 96
