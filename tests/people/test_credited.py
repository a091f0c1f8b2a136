"""One answer to what somebody is credited on, and one to what changed since, wherever either is asked."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from click.testing import CliRunner
from film_chain import PRODUCTION, Film
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.commands.credits import credits_command
from provenance.commands.inspect import inspect_command
from provenance.commands.log import show_command
from provenance.commands.people import people as people_command
from provenance.commands.roll import roll_command
from provenance.errors import ProvenanceError
from provenance.exports.certificate import certify
from provenance.people.changes import changes_since
from provenance.people.credited import credits_of, later_from
from provenance.people.disputes import correct_credit
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people, change_person, merge, split, unmerge
from provenance.people.ties import Correction
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.credit import Role


def genzu(film: Film, command, *words: str) -> str:  # type: ignore[no-untyped-def]
    result = CliRunner().invoke(command, words, obj=film.archive.settings)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return " ".join(result.stdout.split())


def counts(film: Film, name: str) -> set[int]:
    """How many credits each place says that somebody has."""
    ledger = film.archive.ledger
    register = register_of(ledger)
    person = register.only(name)
    told = json.loads(genzu(film, credits_command, name, "--json"))
    shown = json.loads(genzu(film, people_command, "show", name, "--json"))
    by_id = json.loads(genzu(film, show_command, person.person, "--json"))
    roll = json.loads(genzu(film, roll_command, "--production", PRODUCTION, "--format", "json"))
    on_roll = any(one["person"] == person.person for role in roll["roles"] for one in role["people"])
    found = {
        sum(each["role"] is not None for each in told["people"][0]["credits"]),
        len(certify(ledger, register, person).held),
        shown["credits"],
        len(by_id["credits"]),
    }
    return found | ({0} if not on_roll else set())


def people_of(film: Film, *names: str) -> list[str]:
    """People on record, by ids that tell them apart."""
    ids = [f"per-{name.lower().replace(' ', '-')}" for name in names]
    people = [Person(one, name=name) for one, name in zip(ids, names, strict=True)]
    add_people(film.archive.ledger, register_of(film.archive.ledger), people)
    return ids


@pytest.fixture
def two(film: Film) -> tuple[Film, str]:
    """A picture by Sato Yuki, and Yuki Sato beside them on record."""
    people_of(film, "Sato Yuki", "Yuki Sato", "Keeper")
    return film, film.layout("layout: Sato Yuki").record.picture


def test_a_split_credit_counts_for_its_new_person_everywhere(two):
    film, picture = two
    ledger = film.archive.ledger
    register = register_of(ledger)
    split(ledger, register, "per-sato-yuki", [picture], register.only("Yuki Sato"), "per-keeper", "")
    assert counts(film, "Yuki Sato") == {1}
    assert counts(film, "Sato Yuki") == {0}


def test_a_merged_credit_counts_for_the_leading_person_everywhere(two):
    film, _ = two
    ledger = film.archive.ledger
    merge(ledger, register_of(ledger), "per-sato-yuki", "per-yuki-sato", "per-keeper", "")
    assert counts(film, "Yuki Sato") == {1}
    unmerge(ledger, register_of(ledger), "per-sato-yuki", "per-keeper", "")
    assert counts(film, "Yuki Sato") == {0}
    assert counts(film, "Sato Yuki") == {1}


def test_a_credit_that_came_by_a_merge_can_be_split_off_again(two):
    film, picture = two
    ledger = film.archive.ledger
    merge(ledger, register_of(ledger), "per-sato-yuki", "per-yuki-sato", "per-keeper", "")
    register = register_of(ledger)
    split(ledger, register, "per-yuki-sato", [picture], Person("per-rin", name="Rin"), "per-keeper", "")
    assert counts(film, "Rin") == {1}
    assert counts(film, "Yuki Sato") == {0}


def test_a_split_credit_is_split_again_and_then_merged(two):
    film, picture = two
    ledger = film.archive.ledger
    register = register_of(ledger)
    split(ledger, register, "per-sato-yuki", [picture], register.only("Yuki Sato"), "per-keeper", "")
    split(
        ledger,
        register_of(ledger),
        "per-yuki-sato",
        [picture],
        Person("per-rin", name="Rin"),
        "per-keeper",
        "",
    )
    merge(ledger, register_of(ledger), "per-rin", "per-keeper", "per-keeper", "")
    assert counts(film, "Keeper") == {1}
    told = [str(each) for each in changes_since(register_of(ledger), ledger.picture(picture))]
    assert [each.split(" by entry")[0] for each in told] == ["Split", "Split", "Merged"]
    assert "Yuki Sato became Rin" in told[1]


def test_a_corrected_credit_counts_for_who_did_it_and_is_withdrawn_from_who_did_not(two):
    film, picture = two
    ledger = film.archive.ledger
    wrong = Correction(picture, Role.LAYOUT, "per-sato-yuki", "per-yuki-sato", "per-keeper")
    correct_credit(ledger, register_of(ledger), wrong)
    assert counts(film, "Yuki Sato") == {1}
    assert counts(film, "Sato Yuki") == {0}
    assert "(withdrawn)" in genzu(film, credits_command, "Sato Yuki")


@pytest.mark.parametrize("how", ["split", "merge", "correction"])
def test_what_changed_since_is_told_by_inspect_show_credits_and_the_certificate(two, how):
    film, picture = two
    ledger = film.archive.ledger
    register = register_of(ledger)
    if how == "split":
        entry = split(
            ledger, register, "per-sato-yuki", [picture], register.only("Yuki Sato"), "per-keeper", ""
        )
    elif how == "merge":
        entry = merge(ledger, register, "per-sato-yuki", "per-yuki-sato", "per-keeper", "")
    else:
        wrong = Correction(picture, Role.LAYOUT, "per-sato-yuki", "per-yuki-sato", "per-keeper")
        entry = correct_credit(ledger, register, wrong)
    file = str(next(film.folder.glob("signed-*.png")))
    for told in (
        genzu(film, inspect_command, file),
        genzu(film, credits_command, file),
        genzu(film, show_command, picture),
        genzu(film, show_command, picture, "--json"),
        genzu(film, credits_command, file, "--json"),
    ):
        assert f"by entry {entry.seq}: layout:" in told
        assert "Yuki Sato" in told
    held = certify(ledger, register_of(ledger), register_of(ledger).only("Yuki Sato")).held
    assert any(seq == entry.seq for _, seq in held[0].receipts)


def test_later_pictures_from_somebodys_layout_are_told_as_such(film):
    first, second, _, last = film.chain()
    film.layout("layout: Rin", shot="c099")
    ledger = film.archive.ledger
    register = register_of(ledger)
    credits = credits_of(ledger, register, register.only("森 あおい"))
    later = later_from(ledger, credits)
    assert [each.record.picture for each in credits] == [first.record.picture]
    assert [each.source for each in later] == [first.record.picture] * 3
    assert later[0].record.picture == second.record.picture
    told = genzu(film, credits_command, "森 あおい")
    assert ", 1 credit " in told
    assert last.record.picture in told.partition("Made later with these pictures:")[2]
    certificate = certify(ledger, register, register.only("森 あおい"))
    assert [each.picture.picture for each in certificate.later] == [each.record.picture for each in later]
    assert len(certificate.held) == 1


def test_who_only_wrote_words_has_no_later_pictures(film):
    film.chain()
    ledger = film.archive.ledger
    register = register_of(ledger)
    assert later_from(ledger, credits_of(ledger, register, register.only("Sato Hana"))) == []


def test_a_merge_into_a_pseudonym_is_told_without_the_name_behind(film):
    people_of(film, "Sato Hana", "Keeper")
    kumo = Person("per-kumo", name="Kumo", behind="Sato Hana")
    ledger = film.archive.ledger
    add_people(ledger, register_of(ledger), [kumo])
    record = film.layout("layout: per-sato-hana").record
    merge(ledger, register_of(ledger), "per-sato-hana", "per-kumo", "per-keeper", "")
    told = [str(each) for each in changes_since(register_of(ledger), record)]
    assert len(told) == 1
    assert "Kumo" in told[0]
    assert "Sato Hana" not in told[0]
    receipt = str(ledger.receipt(record.requested, hidden=register_of(ledger).concealed))
    assert "Sato Hana" not in receipt


def test_a_new_name_is_no_change_of_a_credit(film):
    people_of(film, "Mori Aio")
    record = film.layout("layout: Mori Aio").record
    ledger = film.archive.ledger
    register = register_of(ledger)
    change_person(ledger, register, replace(register.only("Mori Aio"), name="Mori Aoi"))
    assert changes_since(register_of(ledger), record) == []
    assert counts(film, "Mori Aoi") == {1}


def test_who_made_a_finished_chain_is_the_whole_chain_wherever_it_is_asked(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.exports.certificate import to_html, to_json
    from provenance.tabs.credits import by_picture
    from provenance.tabs.told.credit_answers import by_name

    *_, last = film.chain()
    ledger = film.archive.ledger
    register = register_of(ledger)
    certificate = certify(ledger, register, register.only("Elin Lindqvist"))
    sentence = "AI-assisted: drawn by 森 あおい, painted by genzu-house, revised by Elin Lindqvist."
    for told in (
        genzu(film, credits_command, str(last.path)),
        genzu(film, credits_command, "Elin Lindqvist"),
        by_picture(film.archive, last.path),
        by_name(film.archive, "Elin Lindqvist"),
        " ".join(to_html(certificate).split()),
        str(to_json(certificate)),
    ):
        assert sentence in told
    for told in (genzu(film, credits_command, str(last.path)), by_picture(film.archive, last.path)):
        for name in ("森 あおい", "Sato Hana", "Elin Lindqvist", "Kai O&#39;Neil"):
            assert name in told or name.replace("&#39;", "'") in told


def test_the_page_tells_later_pictures_beside_the_credits_and_not_among_them(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import by_name

    film.chain()
    told = by_name(film.archive, "森 あおい")
    assert 'data-total="1"' in told
    assert "Made later with pictures of “森 あおい”: 3 records" in told


@st.composite
def deeds(draw: st.DrawFn) -> list[tuple[str, int, int, int]]:
    """Merges, splits and corrections in any order, as three keepers might decide them."""
    kinds = st.sampled_from(["merge", "unmerge", "split", "correct"])
    three = st.integers(0, 2)
    return draw(st.lists(st.tuples(kinds, three, three, three), max_size=8))


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    folder = tmp_path_factory.mktemp("studio")
    with open_archive(Settings(home=folder / "home")) as archive:
        yield Film(archive, folder)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds(), st.integers(0, 10**9))
def test_what_a_person_is_credited_on_is_what_the_pictures_credit_them_for(studio, told, seed):
    ledger = studio.archive.ledger
    ids = [f"per-{seed}-{len(ledger)}-{letter}" for letter in "abc"]
    add_people(ledger, register_of(ledger), [Person(each, name=each) for each in ids])
    pictures = [studio.layout(f"layout: {each}").record for each in ids]
    for kind, one, other, which in told:
        picture = pictures[which].picture
        with contextlib.suppress(ProvenanceError):
            register = register_of(ledger)
            match kind:
                case "merge":
                    merge(ledger, register, ids[one], ids[other], ids[0], "")
                case "unmerge":
                    unmerge(ledger, register, ids[one], ids[0], "")
                case "split":
                    split(ledger, register, ids[one], [picture], register.raw(ids[other]), ids[0], "")
                case _:
                    wrong = Correction(picture, Role.LAYOUT, ids[one], ids[other], ids[0])
                    correct_credit(ledger, register, wrong)
    register = register_of(ledger)
    leading = {register.person(each).person for each in ids}
    by_person = {
        (person, each.record.picture)
        for person in leading
        for each in credits_of(ledger, register, register.person(person))
        if each.role is not None
    }
    by_picture = {
        (each.person.person, record.picture) for record in pictures for each in register.credits(record)
    }
    assert by_person == by_picture
    for record in pictures:
        changed = {seq for each in register.credits(record) for seq in each.changed}
        assert changed <= {each.seq for each in changes_since(register, record)}
