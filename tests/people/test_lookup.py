"""Credits on the page: found as they hold today, never by the name behind a pseudonym; and a dispute from there."""

import zipfile
from dataclasses import replace
from types import SimpleNamespace

import pytest
from film_chain import Film

from provenance.errors import NotRecorded, StatementError
from provenance.people.credited import records_crediting
from provenance.people.dispute import Reply
from provenance.people.disputes import answer_dispute, picture_meant
from provenance.people.person import Person, parse_identifier
from provenance.people.register import register_of
from provenance.people.roster import add_people, change_person, merge
from provenance.statement.vocabulary import Outcome

ORCID = parse_identifier("orcid:0000-0002-1825-0097")


def add(film: Film, *people: Person) -> None:
    add_people(film.archive.ledger, register_of(film.archive.ledger), people)


def test_everybody_finds_somebody_by_shown_names_and_public_ids_only(film):
    add(
        film,
        Person("per-open", name="森 あおい", romaji="Mori Aoi", also=("Aoi Kita",), identifiers=(ORCID,)),
        Person("per-kumo", name="Kumo", behind="Sato Hana", romaji="Kumo", also=("Hana",)),
        Person("per-none", behind="Kai"),
    )
    register = register_of(film.archive.ledger)
    for text in ("森 あおい", "Mori Aoi", "orcid:0000-0002-1825-0097", "per-open"):
        assert [each.person for each in register.shown_as(text)] == ["per-open"]
    assert [each.person for each in register.shown_as("Kumo")] == ["per-kumo"]
    for text in ("Sato Hana", "Hana", "Aoi Kita", "Kai", "per-none", ""):
        assert register.shown_as(text) == []


def test_a_merge_ties_no_real_name_to_a_pseudonym(film):
    add(film, Person("per-kumo", name="Kumo", behind="Sato Hana"), Person("per-real", name="Sato Hana"))
    merge(film.archive.ledger, register_of(film.archive.ledger), "per-real", "per-kumo", "per-kumo", "")
    register = register_of(film.archive.ledger)
    assert register.shown_as("Sato Hana") == []
    assert [each.person for each in register.shown_as("Kumo")] == ["per-kumo"]


def test_a_picture_is_meant_by_its_id_or_by_the_number_of_an_entry(film):
    record = film.layout("layout: Aoi").record
    ledger = film.archive.ledger
    for text in (record.picture, str(record.requested), f" {record.released} "):
        assert picture_meant(ledger, text).picture == record.picture
    for text in ("0", "99999", "pic-none", "9" * 40):
        with pytest.raises(NotRecorded):
            picture_meant(ledger, text)
    with pytest.raises(StatementError):
        picture_meant(ledger, "  ")


def test_a_corrected_name_finds_its_pictures(film):
    film.layout("layout: Mori Aio")
    ledger = film.archive.ledger
    register = register_of(ledger)
    change_person(ledger, register, replace(register.only("Mori Aio"), name="Mori Aoi"))
    register = register_of(ledger)
    assert len(records_crediting(ledger, register, register.only("Mori Aoi"))) == 1
    assert register.named("Mori Aio") == []


def test_the_page_answers_as_the_record_holds_today_and_hands_over_the_proofs(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import by_name, proofs_of

    film.layout("layout: Mori Aio")
    film.layout("layout: Mori Aio", "concept: -")
    ledger = film.archive.ledger
    register = register_of(ledger)
    change_person(ledger, register, replace(register.only("Mori Aio"), name="Mori Aoi"))
    assert 'data-total="2"' in by_name(film.archive, "Mori Aoi")
    assert 'data-total="0"' in by_name(film.archive, "Mori Aio")
    with zipfile.ZipFile(proofs_of(film.archive, "Mori Aoi", whole=True)) as taken:
        assert sum(name.endswith(".tlog-proof") for name in taken.namelist()) == 2
        assert b"Mori Aoi" in taken.read("certificate.html")


def test_the_certificate_that_the_page_makes_is_in_the_language_of_who_asks(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from gradio.context import LocalContext

    from provenance.tabs.told.credit_answers import proofs_of

    film.layout("layout: Mori Aoi")
    asks = LocalContext.request.set(
        SimpleNamespace(query_params={}, cookies={}, headers={"accept-language": "ja"})
    )
    try:
        with zipfile.ZipFile(proofs_of(film.archive, "Mori Aoi")) as taken:
            page = taken.read("certificate.html").decode()
    finally:
        LocalContext.request.reset(asks)
    assert "クレジット証明書" in page and "作画 Mori Aoi" in page and "Certificate" not in page


def test_a_dispute_from_the_page_is_on_the_record_for_the_keeper_alone(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.dispute import answer_to, hear_claim

    record = film.layout("layout: Mori Aoi").record
    said = hear_claim(film.archive, str(record.released), "I drew this", "rin@example.org", None)
    dispute = next(iter(register_of(film.archive.ledger).disputes.values()))
    assert dispute.dispute in said
    assert "I drew this" not in said
    assert (dispute.claim, dispute.picture) == ("I drew this", record.picture)
    assert "has not answered yet" in answer_to(film.archive, dispute.dispute)
    reply = Reply(
        Outcome.ACCEPTED, "you are <right>", register_of(film.archive.ledger).only("Mori Aoi").person
    )
    answer_dispute(film.archive.ledger, register_of(film.archive.ledger), dispute.dispute, reply)
    assert "you are &lt;right&gt;" in answer_to(film.archive, f" {dispute.dispute} ")
    with pytest.raises(NotRecorded):
        hear_claim(film.archive, "pic-none", "x", "y", None)


def test_who_shares_a_name_is_credited_by_id_and_who_was_erased_by_nobody(film):
    add(
        film,
        Person("per-one", name="Sato Yuki"),
        Person("per-two", name="Sato Yuki"),
        Person("per-x", name="Kai"),
    )
    with pytest.raises(StatementError, match="per-two"):
        film.layout("layout: Sato Yuki")
    record = film.layout("layout: per-two").record
    assert [(each.name, each.person) for each in record.statement.credits] == [("Sato Yuki", "per-two")]
    film.archive.ledger.erase("per-x")
    with pytest.raises(StatementError, match="erased"):
        film.layout("layout: per-x")


def test_evidence_in_the_vault_is_no_fault(film):
    from click.testing import CliRunner

    from provenance.commands.ledger import ledger_group
    from provenance.people.disputes import open_dispute

    record = film.layout("layout: Mori Aoi").record
    open_dispute(
        film.archive.ledger,
        film.archive.vault,
        claim="x",
        contact="y",
        picture=record.picture,
        evidence=b"a scan",
    )
    film.archive.ledger.checkpoint()
    told = CliRunner().invoke(ledger_group, ["verify", "--files"], obj=film.archive.settings)
    assert told.exit_code == 0, told.output
