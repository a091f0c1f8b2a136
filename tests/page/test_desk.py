"""The keeper's tab: disputes listed, a credit corrected, an answer written down, all by somebody who is named."""

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

import gradio as gr

from provenance.errors import NotRecorded, StatementError
from provenance.people.disputes import open_dispute, picture_meant
from provenance.people.register import register_of
from provenance.tabs.dispute import answer_to
from provenance.tabs.keeper import answer_it, correct_it, listed, need_chosen, need_credit
from provenance.tabs.told.credit_answers import by_name


@pytest.fixture
def disputed(film):
    """A layout credited to the wrong person, and the dispute about it."""
    made = film.layout("layout: Mori Aio")
    opened = open_dispute(
        film.archive.ledger,
        film.archive.vault,
        claim="I drew it",
        contact="aoi@example.org",
        picture=made.record.picture,
    )
    return film.archive, made.record, opened.dispute


def test_a_dispute_is_corrected_answered_and_gone_from_the_open_ones(disputed):
    archive, record, which = disputed
    assert [value for _, value in listed(archive, every=False)] == [which]
    seq = correct_it(archive, which, "layout", "Mori Aio", "Mori Aoi", "Sato Hana", "mixed up")
    answer_it(archive, which, "accepted", "You are right.", f"{seq}", "Sato Hana")
    register = register_of(archive.ledger)
    assert [each.person.name for each in register.credits(record)] == ["Mori Aoi"]
    assert listed(archive, every=False) == []
    assert "accepted" in listed(archive, every=True)[0][0]
    told = answer_to(archive, which)
    assert "You are right." in told and f"corrected in entry {seq}" in told
    assert "aoi@example.org" not in told


@pytest.mark.parametrize(
    ("outcome", "corrections", "by", "words"),
    [
        ("", "", "Sato Hana", "choose an answer"),
        ("accepted", "", " ", "who decides"),
        ("accepted", "41; 42", "Sato Hana", "entries are numbers"),
        ("accepted", "１", "Sato Hana", "entries are numbers"),
    ],
)
def test_an_answer_that_says_too_little_is_refused(disputed, outcome, corrections, by, words):
    archive, _, which = disputed
    entries = len(archive.ledger)
    with pytest.raises(StatementError, match=words):
        answer_it(archive, which, outcome, "", corrections, by)
    assert len(archive.ledger) == entries


def test_an_entry_that_is_no_correction_and_a_stranger_dispute_are_refused(disputed):
    archive, _, which = disputed
    with pytest.raises(NotRecorded, match="no correction"):
        answer_it(archive, which, "accepted", "", "0", "Sato Hana")
    with pytest.raises(NotRecorded, match="no dispute"):
        correct_it(archive, "dis-none", "layout", "", "Rin", "Sato Hana", "")


def test_an_id_is_found_as_a_phone_types_it_and_a_blank_one_is_asked_for(disputed):
    archive, record, which = disputed
    for typed in (f" {which.capitalize()} ", which.upper(), which.replace("-", "－")):
        assert "not answered yet" in answer_to(archive, typed)
    for typed in (
        record.picture.capitalize(),
        str(record.requested).translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ):
        assert picture_meant(archive.ledger, typed) == record
    assert record.picture in by_name(archive, record.picture.capitalize())
    with pytest.raises(gr.Error, match=r"Say which dispute is meant: its id \(dis-…\)"):
        answer_to(archive, " ")


@pytest.mark.parametrize(
    ("role", "was"), [("layout", "Nobody Here"), ("prompt", "Mori Aio"), ("layout", "Sato Hana")]
)
def test_the_keeper_is_told_which_credits_there_are_and_not_to_ask_the_keeper(disputed, film, role, was):
    archive, _, which = disputed
    film.layout("layout: Sato Hana")
    with pytest.raises(NotRecorded, match=f"no credit of this picture is {role}: {was}; .* “credited today”"):
        need_credit(archive, which, role, was)
    need_credit(archive, which, "layout", "Mori Aio")
    need_credit(archive, which, "layout", "")


def test_with_no_dispute_chosen_the_keeper_is_asked_for_one(disputed):
    archive, _, _ = disputed
    with pytest.raises(StatementError, match="which dispute"):
        answer_it(archive, "", "accepted", "", "", "Sato Hana")
    with pytest.raises(StatementError, match="choose a dispute first"):
        need_chosen(None)
