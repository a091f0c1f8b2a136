"""What derives from a private name is as private as the name: reading, romaji, further names, wherever it leaves."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from film_chain import PRODUCTION, Film

from provenance.commands.credits import credits_command
from provenance.commands.dispute import dispute as dispute_command
from provenance.commands.inspect import inspect_command
from provenance.commands.ledger import ledger_group
from provenance.commands.log import show_command as show_picture
from provenance.commands.people import people as people_command
from provenance.commands.people_consent import confirm_command
from provenance.commands.publish import certificate_command, publish_command, usage_command
from provenance.commands.roll import roll_command
from provenance.credentials.sign.disclosure import Publication
from provenance.inspection.lineage import history_of_record
from provenance.people.disputes import correct_by_name
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people, change_person
from provenance.proof.receipt import read_receipt
from provenance.release.job import Job, Terms
from provenance.release.made import Released
from provenance.release.release import record
from provenance.statement.credit import Role
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType

OLD = ("佐藤 花", "さとう はな", "Sato Hana", "Hanako Old")


def genzu(film: Film, command, *words: str) -> Result:  # type: ignore[no-untyped-def]
    result = CliRunner().invoke(command, words, obj=film.archive.settings)
    assert result.exit_code == 0, (words, result.output, result.exception)
    return result


def opened(file: Path) -> str:
    if file.suffix == ".pdf":
        return file.read_bytes().decode("latin-1")
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".tlog-proof":
        receipt = read_receipt(file.read_bytes())
        text += "".join(each.private.value for each in receipt.openings)
    return text


def everything_that_leaves(film: Film, who: str, folder: Path) -> dict[str, str]:
    """Every export and every list, by where it was found."""
    told: dict[str, str] = {}
    for form in ("text", "csv", "json", "html", "copyright"):
        for language in ("en", "ja", "en,ja"):
            words = ("--production", PRODUCTION, "--lang", language, "--format", form)
            told[f"roll {form} {language}"] = genzu(film, roll_command, *words).stdout
    for form in ("register", "ai", "shots", "prov"):
        told[f"usage {form}"] = genzu(
            film, usage_command, "--production", PRODUCTION, "--format", form
        ).stdout
    told["people list"] = genzu(film, people_command, "list").stdout
    told["people list --json"] = genzu(film, people_command, "list", "--json").stdout
    told["people show"] = genzu(film, people_command, "show", who).stdout
    told["people show --json"] = genzu(film, people_command, "show", who, "--json").stdout
    told["credits"] = genzu(film, credits_command, who).stdout
    told["credits --json"] = genzu(film, credits_command, who, "--json").stdout
    genzu(film, publish_command, str(folder / "site"))
    for language in ("en", "ja"):
        genzu(film, certificate_command, who, "-o", str(folder / language), "--lang", language)
    for file in folder.rglob("*"):
        if file.is_file():
            told[str(file.relative_to(folder))] = f"{file.name} {opened(file)}"
    return told


def leaks(told: dict[str, str], secrets: tuple[str, ...]) -> list[tuple[str, str]]:
    forms = [(each, json.dumps(each)[1:-1]) for each in secrets]
    return [
        (where, each[0])
        for where, text in told.items()
        for each in forms
        if each[0] in text or each[1] in text
    ]


def add_openly(film: Film) -> None:
    genzu(film, people_command, "add", OLD[0], "--reading", OLD[1], "--romaji", OLD[2], "--also", OLD[3])


def later_a_pseudonym(film: Film) -> str:
    add_openly(film)
    film.layout(f"layout: {OLD[0]}")
    genzu(film, people_command, "set", OLD[0], "--pseudonym", "Kumo")
    return "Kumo"


def a_pseudonym_from_the_start(film: Film) -> str:
    words = ("--reading", OLD[1], "--romaji", OLD[2], "--also", OLD[3], "--pseudonym", "Kumo")
    genzu(film, people_command, "add", OLD[0], *words)
    film.layout(f"layout: {OLD[0]}")
    return "Kumo"


def not_named_from_now_on(film: Film) -> str:
    add_openly(film)
    film.layout(f"layout: {OLD[0]}")
    genzu(film, people_command, "set", OLD[0], "--not-named")
    return register_of(film.archive.ledger).only(OLD[0]).person


def not_named_from_the_start(film: Film) -> str:
    words = ("--reading", OLD[1], "--romaji", OLD[2], "--also", OLD[3], "--not-named")
    genzu(film, people_command, "add", OLD[0], *words)
    film.layout(f"layout: {OLD[0]}")
    return register_of(film.archive.ledger).only(OLD[0]).person


def another_name(film: Film) -> str:
    add_openly(film)
    film.layout(f"layout: {OLD[0]}")
    genzu(film, people_command, "set", OLD[0], "--name", "北 りん", "--also", "Rin")
    return "北 りん"


def a_second_pseudonym(film: Film) -> str:
    later_a_pseudonym(film)
    genzu(film, people_command, "set", "Kumo", "--pseudonym", "Hoshi", "--reading", "ほし")
    return "Hoshi"


def merged_into_a_pseudonym(film: Film) -> str:
    add_openly(film)
    film.layout(f"layout: {OLD[0]}")
    genzu(film, people_command, "add", "Real", "--pseudonym", "Kumo")
    genzu(film, people_command, "merge", OLD[0], "Kumo", "--by", "Kumo")
    return "Kumo"


WAYS = [
    later_a_pseudonym,
    a_pseudonym_from_the_start,
    not_named_from_now_on,
    not_named_from_the_start,
    another_name,
    a_second_pseudonym,
    merged_into_a_pseudonym,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda each: each.__name__)
def test_nothing_that_derives_from_a_name_outlives_it_in_what_leaves(film, tmp_path, way):
    who = way(film)
    told = everything_that_leaves(film, who, tmp_path / "out")
    if way is merged_into_a_pseudonym:
        told.pop("credits --json")  # the keeper's own copy of the record, as it was requested
    assert leaks(told, OLD) == []


@pytest.mark.parametrize("way", WAYS[:4], ids=lambda each: each.__name__)
def test_any_form_of_the_private_name_still_credits_its_person(film, way):
    way(film)
    person = register_of(film.archive.ledger).only(OLD[0])
    for form in (*OLD, OLD[2].upper(), OLD[1].replace(" ", "")):
        record = film.layout(f"layout: {form}").record
        assert [each.person for each in record.statement.credits] == [person.person]
        assert [each.name for each in record.statement.credits] == [person.name]


@pytest.mark.parametrize("way", WAYS, ids=lambda each: each.__name__)
def test_the_page_answers_no_form_of_a_private_name(film, way):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import by_name

    way(film)
    for form in (*OLD, *(each.upper() for each in OLD), OLD[1].replace(" ", "")):
        told = by_name(film.archive, form)
        assert 'data-total="0"' in told
        assert "Kumo" not in told
        assert "Hoshi" not in told


def test_further_names_are_for_the_keeper_alone(film):
    add_openly(film)
    film.layout(f"layout: {OLD[0]}")
    register = register_of(film.archive.ledger)
    assert register.shown_as(OLD[3]) == []
    assert [each.name for each in register.named(OLD[3])] == [OLD[0]]
    for form in OLD[:3]:
        assert [each.name for each in register.shown_as(form)] == [OLD[0]]


def test_a_reading_that_is_stated_with_the_new_name_is_the_new_names(film):
    add_openly(film)
    genzu(film, people_command, "set", OLD[0], "--pseudonym", "雲", "--romaji", "Kumo")
    person = register_of(film.archive.ledger).only("雲")
    assert (person.public_romaji, person.public_reading) == ("Kumo", "")
    assert person.shown("en") == "Kumo"


def test_the_same_romaji_can_be_stated_again_for_a_corrected_name(film):
    add_openly(film)
    genzu(film, people_command, "set", OLD[0], "--name", "佐藤 華", "--romaji", OLD[2])
    assert register_of(film.archive.ledger).only("佐藤 華").shown("en") == OLD[2]


def test_an_entry_of_an_earlier_version_that_left_the_reading_is_read_so_too(film):
    ledger = film.archive.ledger
    add_people(ledger, register_of(ledger), [Person("per-1", name=OLD[0], reading=OLD[1], romaji=OLD[2])])
    before = register_of(ledger).only("per-1")
    from provenance.ledger.entries.kind import EntryKind
    from provenance.people.person_entry import changed_body

    changed = replace(before, name="Kumo", behind=OLD[0])
    ledger.append(EntryKind.PERSON_CHANGED, changed_body(changed, ["name", "behind"]))
    person = register_of(ledger).only("per-1")
    assert person.shown("en") == "Kumo"
    assert person.public_reading == ""
    assert set(person.hidden) == {OLD[1], OLD[2]}


def test_a_table_asks_whose_reading_stands_beside_a_name_behind(film, tmp_path):
    table = tmp_path / "people.csv"
    table.write_text(f"name,reading,romaji,behind\nKumo,くも,Kumo,{OLD[0]}\n", encoding="utf-8")
    result = CliRunner().invoke(people_command, ["import", str(table)], obj=film.archive.settings)
    assert result.exit_code == 1
    assert "line 2, column reading" in result.stderr
    assert "column romaji" not in result.stderr


def test_a_changed_name_leaves_nothing_of_itself_to_change_person(film):
    ledger = film.archive.ledger
    add_people(ledger, register_of(ledger), [Person("per-1", name=OLD[0], reading=OLD[1], romaji=OLD[2])])
    register = register_of(ledger)
    change_person(ledger, register, replace(register.only("per-1"), name=None, behind=OLD[0]))
    person = register_of(ledger).only("per-1")
    assert person.shown("en") is None
    assert person.public_names == ()


def test_inspect_on_the_page_ties_no_name_to_a_pseudonym(film, tmp_path):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from PIL import Image

    from provenance.tabs.inspect import answer_on

    merged_into_a_pseudonym(film)
    signed = next(film.folder.glob("signed-*.png"))
    bare = tmp_path / "bare.png"
    Image.open(signed).save(bare)
    told = " ".join(answer_on(film.archive, bare))
    assert "Kumo" in told
    assert leaks({"inspect": told}, OLD) == []


def test_a_receipt_of_a_picture_keeps_a_name_sealed_that_was_merged_into_a_pseudonym(film, tmp_path):
    merged_into_a_pseudonym(film)
    picture = film.archive.ledger.pictures(limit=1)[0].picture
    for what in (picture, register_of(film.archive.ledger).written(OLD[0])[0].person):
        out = tmp_path / f"{what}.tlog-proof"
        genzu(film, ledger_group, "prove", what, "-o", str(out))
        assert leaks({"receipt": opened(out)}, OLD) == []


def named_otherwise(film: Film, *by: str, name: str = OLD[0]) -> Released:
    """A picture whose file was given another name for who drew it."""
    add_openly(film)
    publication = Publication(pseudonyms={name: "Kumo"})
    job = Job(
        film.credits(by or (f"layout: {name}",)),
        film.out(),
        project=Project(PRODUCTION, "1", "c020"),
        terms=Terms(publication),
    )
    return record(film.archive, film.draw(), job, source_type=SourceType.DIGITAL_CREATION)


def test_no_receipt_of_such_a_picture_opens_the_name_of_a_further_record_of_that_person(film, tmp_path):
    picture = named_otherwise(film).record.picture
    held = tmp_path / "held.tlog-proof"
    genzu(film, ledger_group, "prove", picture, "-o", str(held))
    genzu(film, people_command, "add", "Sato the Younger")
    corrected = genzu(film, dispute_command, "correct", picture, "--role", "layout", "--was", OLD[0],
                      "--is", "Sato the Younger", "--by", OLD[0]).stdout  # fmt: skip
    genzu(film, people_command, "merge", "Sato the Younger", OLD[0], "--by", OLD[0])
    for what in (picture, corrected.rstrip(")\n").split()[-1]):
        genzu(film, ledger_group, "prove", what, "-o", str(tmp_path / f"{what}.tlog-proof"))
    today = tmp_path / "today.tlog-proof"
    genzu(film, ledger_group, "continue", str(held), "-o", str(tmp_path / "grown"), "--receipt", str(today))
    assert (
        history_of_record(film.archive.ledger, film.archive.ledger.picture(picture)).credits[0].name == "Kumo"
    )
    told = {each.name: opened(each) for each in tmp_path.glob("*.tlog-proof")}
    assert len(told) == 4 and leaks(told, ("Sato the Younger", *OLD)) == []


def about(told: dict[str, str], picture: str) -> dict[str, str]:
    """Of what left, the parts that speak of this picture, or that are made for it."""
    return {where: text for where, text in told.items() if picture in text or picture in where}


def test_a_name_that_a_file_was_not_to_show_leaves_with_no_form_of_its_picture(film, tmp_path):
    released = named_otherwise(film)
    told = everything_that_leaves(film, OLD[0], tmp_path / "out")
    for asked_by_name in (
        "people list",
        "people list --json",
        "people show",
        "people show --json",
        "credits",
    ):
        told.pop(asked_by_name)
    told.pop("credits --json")  # the keeper's own copy of the record, as it was requested
    left = about(told, released.record.picture)
    assert {"site/index.html", "usage prov", "roll json ja"} <= left.keys()
    assert leaks(left, OLD) == []
    assert "Kumo" in told["roll text en"] and "Kumo" in told["usage register"]
    person = register_of(film.archive.ledger).only(OLD[0]).person
    assert leaks({where: text for where, text in left.items() if where.startswith("site/")}, (person,)) == []


def test_a_certificate_is_in_one_name_and_the_file_s_other_name_has_one_of_its_own(film, tmp_path):
    hidden = named_otherwise(film).record.picture
    openly = film.layout(f"layout: {OLD[0]}").record.picture
    for called, own, other in (((), openly, hidden), (("--called", "Kumo"), hidden, openly)):
        out = tmp_path / "-".join(("certificate", *called))
        genzu(film, certificate_command, OLD[0], "-o", str(out), *called)
        told = {file.name: opened(file) for file in out.rglob("*") if file.is_file()}
        assert own in told["certificate.html"] and other not in told["certificate.html"]
        assert other not in told["certificate.json"]
        assert leaks(told, OLD if called else ("Kumo",)) == []
        assert "Kumo" in told["certificate.json"] or not called
    receipt = next((tmp_path / "certificate---called-Kumo").rglob(f"*{hidden}*.tlog-proof"))
    assert "Kumo" in opened(receipt) and OLD[0] not in opened(receipt)
    refused = CliRunner().invoke(
        certificate_command,
        (OLD[0], "-o", str(tmp_path / "no"), "--called", "Nobody"),
        obj=film.archive.settings,
    )
    assert "no file of theirs" in str(refused.exception)


def merged(film: Film, _: Released) -> None:
    genzu(film, people_command, "add", "北 りん")
    genzu(film, people_command, "merge", OLD[0], "北 りん", "--by", "北 りん")


def corrected(film: Film, released: Released) -> None:
    correct_by_name(
        film.archive.ledger, picture=released.record.picture, role=Role.LAYOUT, was=OLD[0], now="北 りん",
        by="北 りん", why="",
    )  # fmt: skip


def in_another_role_too(film: Film, released: Released) -> None:
    correct_by_name(
        film.archive.ledger, picture=released.record.picture, role=Role.BACKGROUND, was="", now=OLD[0],
        by="北 りん", why="",
    )  # fmt: skip


def split(film: Film, released: Released) -> None:
    words = (OLD[0], "--picture", released.record.picture, "--to", "北 りん", "--by", "北 りん")
    genzu(film, people_command, "add", "北 りん")
    genzu(film, people_command, "split", *words)


def claimed(film: Film, released: Released) -> None:
    genzu(
        film,
        confirm_command,
        released.record.picture,
        OLD[0],
        "--role",
        "layout",
        "--by",
        OLD[0],
        "--hours",
        "3",
    )


@pytest.mark.parametrize(
    "then", [merged, corrected, in_another_role_too, split, claimed], ids=lambda each: each.__name__
)
def test_what_later_happens_to_the_credit_tells_the_name_in_no_form(film, tmp_path, then):
    released = named_otherwise(film)
    then(film, released)
    genzu(film, publish_command, str(tmp_path / "site"))
    told = {file.name: opened(file) for file in (tmp_path / "site").rglob("*") if file.is_file()}
    told["inspect"] = genzu(film, inspect_command, str(released.path)).output
    told["roll"] = genzu(film, roll_command, "--production", PRODUCTION).output
    told["show"] = genzu(film, show_picture, released.record.picture).output
    assert "Kumo" in told["inspect"] and "Kumo" in told["show"]
    assert leaks(about(told, released.record.picture) | {"inspect": told["inspect"]}, OLD) == []


def test_the_page_finds_no_picture_by_the_name_that_its_file_was_not_to_show(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.credits import by_picture
    from provenance.tabs.inspect import answer_on
    from provenance.tabs.told.credit_answers import by_name

    hidden = named_otherwise(film)
    openly = film.layout(f"layout: {OLD[0]}").record.picture
    told = by_name(film.archive, OLD[0])
    assert openly in told and hidden.record.picture not in told
    told = by_name(film.archive, hidden.record.picture) + by_picture(film.archive, hidden.path)
    told += "".join(answer_on(film.archive, hidden.path))
    assert "Kumo" in told and leaks({"page": told}, OLD) == []


def test_the_page_finds_a_picture_by_the_name_in_its_file_and_does_not_tell_whose_it_is(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import by_name, looked_up, said_of_name

    hidden = named_otherwise(film)
    openly = film.layout(f"layout: {OLD[0]}").record.picture
    person = register_of(film.archive.ledger).only(OLD[0]).person
    for asked in ("Kumo", " kumo "):
        told = by_name(film.archive, asked)
        assert hidden.record.picture in told and openly not in told
        assert leaks({"page": told}, (*OLD, person)) == []
        said = said_of_name(film.archive, asked)
        assert [line.roles for line in said.groups[0].lines] == [("layout",)] and said.near == []
    # A certificate is of a person, and whose name it is is not told.
    assert looked_up(film.archive, "Kumo")[1] is False
    film.archive.ledger.erase(person)
    assert hidden.record.picture not in by_name(film.archive, "Kumo")
