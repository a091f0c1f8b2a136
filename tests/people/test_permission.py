"""A use that somebody forbids stops before the model runs; an override has a name, a reason and an entry."""

import datetime
import re
from dataclasses import replace

import pytest
from film_chain import PRODUCTION, Film
from foreign_manifests import action, actions, assertion, foreign

from provenance.credentials.read.chain import ChainStep, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import ConsentError, StatementError
from provenance.ledger.entries.kind import EntryKind
from provenance.people.consent import (
    KEEPER,
    Consent,
    consent_body,
    objection,
    standing,
    strictest,
    wish_objection,
    wishes_of,
)
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people
from provenance.release.job import Announced, Job, Terms
from provenance.release.made import Made
from provenance.release.override import Override
from provenance.release.permission import check_consent, data_mining_wish, wishes_to_carry
from provenance.release.release import release
from provenance.statement.statement import InputRole
from provenance.statement.vocabulary import Answer, Maker, Subject, Wish
from provenance.statement.words import wished

TODAY = datetime.date(2026, 11, 23)
NO = Consent("per-aoi", Answer.NO, Answer.NO, seq=5)
YES = replace(NO, ai_use=Answer.YES)


@pytest.fixture
def aoi(film: Film) -> Film:
    person = Person("per-aoi", name="Mori Aoi", contact="aoi@example.org")
    add_people(film.archive.ledger, register_of(film.archive.ledger), [person])
    return film


def state(film: Film, consent: Consent) -> None:
    film.archive.ledger.append(EntryKind.CONSENT_STATED, consent_body(consent))


def test_a_forbidden_use_stops_with_the_reason_and_whom_to_ask(aoi):
    first = aoi.layout("layout: Mori Aoi")
    state(aoi, NO)
    statement, source = aoi.statement(first.path, "prompt: Sato Hana")
    entries = len(aoi.archive.ledger)
    with pytest.raises(ConsentError, match=r"Mori Aoi does not allow AI use .*ask aoi@example\.org"):
        check_consent(aoi.archive, statement, (source,))
    assert len(aoi.archive.ledger) == entries


def test_the_no_of_somebody_two_steps_back_counts(aoi):
    first = aoi.layout("layout: Mori Aoi")
    second = aoi.paint(first.path, "prompt: Sato Hana")
    state(aoi, NO)
    statement, source = aoi.statement(second.path, "prompt: Sato Hana", role=InputRole.PARENT)
    with pytest.raises(ConsentError):
        check_consent(aoi.archive, statement, (source,))


def test_a_layout_that_was_never_recorded_is_asked_about_by_its_credit(aoi):
    state(aoi, NO)
    statement, source = aoi.statement(aoi.draw(), "layout: Mori Aoi", "prompt: Sato Hana")
    with pytest.raises(ConsentError):
        check_consent(aoi.archive, statement, (source,))
    other, source = aoi.statement(aoi.draw(), "layout: Somebody", "prompt: Mori Aoi")
    assert check_consent(aoi.archive, other, (source,)) == []


def test_an_override_names_who_and_why_and_is_an_entry(aoi):
    first = aoi.layout("layout: Mori Aoi")
    state(aoi, NO)
    statement, source = aoi.statement(first.path, "prompt: Sato Hana")
    overridden = check_consent(aoi.archive, statement, (source,), Override("Kai O'Neil", "agreed by phone"))
    assert len(overridden) == 1
    entry = list(aoi.archive.ledger.entries())[-1]
    assert entry.kind is EntryKind.CONSENT_OVERRIDDEN
    assert b"agreed by phone" not in entry.leaf
    said = register_of(aoi.archive.ledger).overrides[0]
    assert said.text("reason") == "agreed by phone"
    assert register_of(aoi.archive.ledger).person(said.text("by")).name == "Kai O'Neil"
    for by, reason in (("Kai O'Neil", " "), ("ChatGPT", "fine"), ("", "fine")):
        with pytest.raises(StatementError):
            Override(by, reason)


def test_a_hand_revision_asks_nobody(aoi):
    state(aoi, NO)
    made = aoi.retouch(aoi.layout("layout: Mori Aoi").path, "retouch: Elin")
    assert check_consent(aoi.archive, made.record.statement) == []


def test_silence_neither_allows_nor_forbids(aoi):
    statement, source = aoi.statement(aoi.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    assert check_consent(aoi.archive, statement, (source,)) == []
    assert wishes_to_carry(aoi.archive, statement, (source,)) == {}


def test_the_strictest_wish_goes_into_the_new_manifest(aoi):
    state(aoi, replace(YES, training=Answer.NO))
    statement, source = aoi.statement(aoi.layout("layout: Mori Aoi").path, "prompt: Sato Hana")
    carried = wishes_to_carry(aoi.archive, statement, (source,))
    assert carried[Wish.GENERATIVE_TRAINING] == "notAllowed"
    assert carried[Wish.INFERENCE] == "allowed"


def test_a_statement_for_the_production_comes_before_a_general_one_and_the_newest_before_the_oldest():
    here = replace(YES, production=PRODUCTION, seq=1)
    newest = replace(YES, seq=9)
    style = replace(NO, subject=Subject.STYLE, seq=2)
    assert standing([NO, here], Subject.LAYOUT, PRODUCTION) == here
    assert standing([NO, here], Subject.LAYOUT, "Another") == NO
    assert standing([NO, newest], Subject.LAYOUT, "") == newest
    assert standing([newest, style], Subject.STYLE, "") == style
    assert standing([newest, style], Subject.LAYOUT, "") == newest
    assert standing([], Subject.LAYOUT, "") is None


@pytest.mark.parametrize("typed", ["the dog & the boy", f"{PRODUCTION} ", "The Dog ＆ The Boy"])
def test_a_no_for_a_production_is_heard_however_its_name_is_spelled(aoi, typed):
    first = aoi.layout("layout: Mori Aoi")
    state(aoi, replace(NO, production=typed))
    statement, source = aoi.statement(first.path, "prompt: Sato Hana")
    with pytest.raises(ConsentError, match="Mori Aoi does not allow AI use"):
        check_consent(aoi.archive, statement, (source,))


def test_a_yes_that_ran_out_forbids_and_a_no_that_ran_out_is_silent():
    before = TODAY - datetime.timedelta(days=1)
    assert objection(replace(YES, until=TODAY), "Aoi", "", TODAY) is None
    assert "ended on 2026-11-22" in str(objection(replace(YES, until=before), "Aoi", "", TODAY))
    assert objection(replace(NO, until=before), "Aoi", "", TODAY) is None
    assert objection(NO, "Aoi", "", TODAY) is not None


def test_a_condition_stops_and_says_itself():
    with pytest.raises(StatementError, match="--conditions"):
        replace(NO, ai_use=Answer.CONDITIONS)
    held = replace(NO, ai_use=Answer.CONDITIONS, conditions="backgrounds only")
    assert "backgrounds only" in str(objection(held, "Aoi", "", TODAY))


@pytest.mark.parametrize(
    ("answer", "stops"), [("allowed", False), ("notAllowed", True), ("constrained", True)]
)
@pytest.mark.parametrize("prefix", ["cawg", "c2pa"])
def test_the_wish_in_an_inputs_credentials_counts(answer, stops, prefix):
    step = ChainStep(
        "id", "Sky", Maker.HUMAN, None, (), Verdict.INTACT_KNOWN, wishes={f"{prefix}.ai_inference": answer}
    )
    assert (wish_objection(step.wishes, step.title) is not None) is stops
    training = {f"{prefix}.ai_generative_training": "notAllowed"}
    assert wish_objection(training, "Sky") is None


@pytest.mark.parametrize("stricter", ["cawg", "c2pa"])
def test_a_no_under_one_name_is_not_taken_back_by_a_yes_under_the_other(stricter):
    other = "c2pa" if stricter == "cawg" else "cawg"
    both = {f"{stricter}.ai_inference": "notAllowed", f"{other}.ai_inference": "allowed"}
    for stated in (both, dict(reversed(both.items()))):
        assert wish_objection(stated, "Sky") is not None
        assert "not for" in wished(stated)


def test_wishes_are_joined_by_the_strictest_and_never_widened():
    assert strictest([{"cawg.ai_training": "allowed"}, {"c2pa.ai_training": "constrained"}]) == {
        "cawg.ai_training": "constrained"
    }
    assert wishes_of([], TODAY) == {}


def asked_with(film, *stated, **terms):
    """What is released from a stranger's signed picture whose credentials hold these assertions of wishes."""
    created = actions(action("created", "digitalCreation"))
    given = film.out()
    given.write_bytes(foreign({"title": "Sky", "assertions": [created, *stated]}))
    statement, source = film.statement(given, "layout: Nobody Known", "prompt: Sato Hana")
    job = Job(statement.credits, film.out(), terms=Terms(**terms))
    return release(film.archive, statement, (source,), lambda: Made(given.read_bytes(), "image/png"), job)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("not allowed", "“not allowed”"),
        ("Allowed", "“Allowed”"),
        ("<b>no</b>\u202e", "“<b>no</b>"),
        ("", "nothing"),
        (False, "nothing"),
    ],
)
@pytest.mark.parametrize("where", ["cawg", "c2pa"])
def test_a_wish_in_words_that_are_not_the_standards_stops_as_a_no_and_goes_on_as_one(
    aoi, where, answer, told
):
    stated = assertion(f"{where}.training-mining", entries={f"{where}.ai_inference": {"use": answer}})
    with pytest.raises(ConsentError) as stopped:
        asked_with(aoi, stated)
    assert f"answer {told}" in str(stopped.value) and "counts as a no" in str(stopped.value)
    assert "say that it may not" not in str(stopped.value)  # it does not say that
    assert "\u202e" not in str(stopped.value)
    released = asked_with(aoi, stated, override=Override("Kai O'Neil", "agreed by phone"))
    assert wishes_in(aoi, released) == {Wish.INFERENCE: "notAllowed"}


def test_each_objection_is_told_in_japanese_wherever_the_page_tells_it(aoi):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from generation.tabs.objection import forbidden
    from provenance.tabs.text.language import say, translated
    from provenance.tabs.text.sentences import sentence

    objections = [
        wish_objection({Wish.INFERENCE: answer}, "Sky")
        for answer in ("notAllowed", "constrained", "いいえ", "")
    ]
    held = replace(NO, ai_use=Answer.CONDITIONS, conditions="背景のみ")
    for consent in (NO, held, replace(YES, until=TODAY)):
        stated = objection(consent, "Aoi", "a@b", TODAY + datetime.timedelta(days=1))
        objections += [stated, replace(stated, where=f"{stated.where} of the ledger abc", ask=KEEPER)]
    error = ConsentError("this use is not allowed", objections)
    told = [say(sentence(error), "ja")]
    told += [translated(forbidden(error, keeper=each, may_open=each), "ja") for each in (True, False)]
    for each in told:
        left = re.sub("<[^>]*>", " ", each)
        assert left.count("項目5") == 6 and left.count("台帳abc") == 3
        assert not re.search("[a-z]{2,} [a-z]{2,}", left), left


def test_a_no_goes_on_into_the_next_file_whatever_else_its_credentials_answer(aoi):
    both = [
        assertion("cawg.training-mining", entries={"cawg.ai_training": {"use": "notAllowed"}}),
        assertion("c2pa.training-mining", entries={"c2pa.ai_training": {"use": "gibberish"}}),
    ]
    for stated in (both, both[::-1]):
        assert wishes_in(aoi, asked_with(aoi, *stated)) == {"cawg.ai_training": "notAllowed"}


@pytest.mark.parametrize("labels", [("cawg", "c2pa"), ("c2pa", "cawg")])
def test_one_wish_stated_twice_under_one_name_counts_by_its_stricter_answer(aoi, labels):
    stricter, wider = (f"{each}.training-mining" for each in labels)
    stated = [
        assertion(stricter, entries={"c2pa.ai_inference": {"use": "notAllowed"}}),
        assertion(wider, entries={"c2pa.ai_inference": {"use": "allowed"}}),
    ]
    with pytest.raises(ConsentError, match="may not go into an AI model"):
        asked_with(aoi, *stated)


def wishes_in(film, released):
    chain = read_chain(released.path, trust=film.archive.trust)
    assert chain.file is not None
    return chain.file.wishes


def test_a_condition_is_still_one_after_two_steps_and_no_further_wish_comes_to_it(aoi):
    state(aoi, replace(YES, training=Answer.CONDITIONS, conditions="with a fee"))
    stated = {
        Wish.GENERATIVE_TRAINING: "constrained",
        Wish.TRAINING: "constrained",
        Wish.INFERENCE: "allowed",
    }
    first = aoi.layout("layout: Mori Aoi")
    second = aoi.paint(first.path, "prompt: Sato Hana")
    third = aoi.retouch(second.path, "retouch: Elin")
    assert [wishes_in(aoi, each) for each in (first, second, third)] == [stated] * 3


def test_the_iptc_field_of_whoever_allows_training_says_no_no_to_training(aoi):
    state(aoi, replace(NO, training=Answer.YES))
    first = aoi.layout("layout: Mori Aoi")
    assert wishes_in(aoi, first)[Wish.INFERENCE] == "notAllowed"
    assert b"DMI-" not in first.path.read_bytes()
    assert wishes_in(aoi, aoi.retouch(first.path, "retouch: Elin")) == wishes_in(aoi, first)


@pytest.mark.parametrize(
    ("code", "entries"),
    [
        ("DMI-PROHIBITED-GENAIMLTRAINING", {"cawg.ai_generative_training"}),
        ("DMI-PROHIBITED-AIMLTRAINING", {"cawg.ai_generative_training", "cawg.ai_training"}),
        ("DMI-PROHIBITED", {"cawg.ai_generative_training", "cawg.ai_training", "cawg.data_mining"}),
        ("DMI-ALLOWED", set()),
    ],
)
def test_the_iptc_data_mining_field_is_read_as_attribute_and_as_element(code, entries):
    uri = f"http://ns.useplus.org/ldf/vocab/{code}"
    for xmp in (f'plus:DataMining="{uri}"', f"<plus:DataMining>{uri}</plus:DataMining>",
                f'<plus:DataMining rdf:resource="{uri}"/>'):  # fmt: skip
        assert set(data_mining_wish(xmp.encode())) == entries
    assert data_mining_wish(b"DataMining=" * 100_000) == {}


def test_the_model_never_runs_and_nothing_is_requested_where_somebody_says_no(aoi):
    first = aoi.layout("layout: Mori Aoi")
    state(aoi, NO)
    statement, source = aoi.statement(first.path, "prompt: Sato Hana")
    entries, called = len(aoi.archive.ledger), []

    def make() -> Made:
        called.append(True)
        return Made(first.path.read_bytes(), "image/png")

    class Rehearsed(Exception):
        pass

    def rehearse(told: Announced) -> None:
        assert ("signature", f"{aoi.archive.identity.name}, and the time") in told.lines
        raise Rehearsed

    out = aoi.out()
    with pytest.raises(ConsentError) as stopped:
        release(aoi.archive, statement, (source,), make, Job(statement.credits, out))
    assert [each.who for each in stopped.value.objections] == ["Mori Aoi"]
    assert not called
    assert not out.exists()
    assert len(aoi.archive.ledger) == entries
    terms = Terms(override=Override("Kai O'Neil", "agreed by phone"))
    rehearsed = replace(terms, announce=rehearse)
    with pytest.raises(Rehearsed):
        release(aoi.archive, statement, (source,), make, Job(statement.credits, out, terms=rehearsed))
    assert len(aoi.archive.ledger) == entries and not called  # not even who took it on is written down
    released = release(aoi.archive, statement, (source,), make, Job(statement.credits, out, terms=terms))
    kinds = [each.kind for each in aoi.archive.ledger.entries(entries)]
    assert kinds.index(EntryKind.CONSENT_OVERRIDDEN) < kinds.index(EntryKind.PICTURE_REQUESTED)
    chain = read_chain(released.path, trust=aoi.archive.trust)
    assert chain.file is not None
    assert chain.file.wishes[Wish.INFERENCE] == "notAllowed"


def test_a_no_that_comes_while_somebody_thinks_over_what_is_announced_counts(aoi, tmp_path):
    first = aoi.layout("layout: Mori Aoi")
    statement, source = aoi.statement(first.path, "prompt: Sato Hana")

    def think(_: Announced) -> None:
        state(aoi, NO)

    job = Job(statement.credits, tmp_path / "out.png", terms=Terms(announce=think))
    with pytest.raises(ConsentError):
        release(aoi.archive, statement, (source,), lambda: pytest.fail("it was painted"), job)
    assert [each.picture for each in aoi.archive.ledger.pictures()] == [first.record.picture]
