"""Candidates on the page: who sees which, who may choose, and that all are kept."""

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from provenance.errors import StatementError
from provenance.people.register import register_of
from provenance.tabs.fields.candidates import choose_one, file_of, shot_of
from provenance.tabs.visits.pictures import find, ids_of, kept_by, new_path, parent_of


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
    assert file_of(film.archive, record).path.read_bytes() == cut[2].path.read_bytes()
    assert parent_of(film.archive, record).width == 96
    # Its address is the same each time, and cannot be told from the picture.
    assert file_of(film.archive, record) == file_of(film.archive, record)
    assert file_of(film.archive, record).key not in str(record.output.digest)


def test_the_pictures_of_a_browser_are_found_by_their_names_and_by_their_addresses(film, cut, settings):
    archive = film.archive
    for number, made in enumerate(cut):
        browser = "a" * 16 if number < 2 else "b" * 16
        new_path(settings, "picture", browser).write_bytes(made.path.read_bytes())
    assert ids_of(archive, "a" * 16) == ids(cut)[:2]
    assert ids_of(archive, "c" * 16) == []
    (kept,) = kept_by(settings, "b" * 16)
    assert find(settings, kept.key) == kept
    for stranger in ("", None, "0" * 16, "*", "../../keys", kept.key[:-1], kept.key.upper() + "A", ["a"]):
        assert find(settings, stranger) is None
