"""Two studios hand over to a third: what their copies cannot tell is said as that, and nobody is given away."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from film_chain import SECRET_PROMPT, Film
from PIL import Image

from provenance.commands.credits import credits_command
from provenance.commands.inspect import inspect_command
from provenance.commands.ledger import ledger_group
from provenance.commands.people import people
from provenance.commands.publish import usage_command
from provenance.commands.who import who_command
from provenance.credentials.sign.disclosure import Publication
from provenance.errors import LedgerError, NotRecorded
from provenance.inspection.translated import in_language
from provenance.ledger.entries.kind import EntryKind
from provenance.people.consent import Consent, consent_body
from provenance.people.disputes import correct_by_name, open_dispute
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people, change_person
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.made import Released
from provenance.release.opening import open_archive
from provenance.release.permission import wishes_to_carry
from provenance.release.release import record, retouch
from provenance.settings import Settings
from provenance.statement.credit import Role, parse_credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import Answer, SourceType, Wish
from provenance.verbs import credits as credits_verb


class Third:
    """The studio that imports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(home=folder / "third", signer_name="Third")
        with open_archive(self.settings):
            pass

    def take_in(self, theirs: Archive, *words: str) -> None:
        out = str(self.folder / f"{len(list(self.folder.iterdir()))}.jsonl")
        for whose, said in (
            (theirs.settings, ("export", "-o", out, *words)),
            (self.settings, ("import", out)),
        ):
            done = CliRunner().invoke(ledger_group, said, obj=whose)
            assert done.exit_code == 0, done.output

    def told(self, command, *words: str | Path) -> str:  # type: ignore[no-untyped-def]
        done = CliRunner().invoke(command, [str(each) for each in words], obj=self.settings)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return " ".join(done.output.split())


@pytest.fixture
def third(tmp_path: Path) -> Third:
    return Third(tmp_path)


def drawn(film: Film, name: str, shown: str = "") -> Released:
    terms = Terms(Publication(pseudonyms={name: shown} if shown else {}))
    job = Job((parse_credit(f"layout: {name}"),), film.out(), terms=terms)
    return record(film.archive, film.draw(), job, source_type=SourceType.DIGITAL_CREATION)


def test_a_copy_without_names_is_not_said_to_credit_nobody(film: Film, third: Third) -> None:
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import by_name

    film.layout("layout: Mori Aoi")
    third.take_in(film.archive)
    copy = f"The copy of the ledger {film.archive.ledger.id} came without the names of some people"
    words = f"{copy}: whether one of them is"
    assert f"{words} called Mori Aoi cannot be told here." in third.told(credits_command, "Mori Aoi")
    data = json.loads(third.told(credits_command, "Mori Aoi", "--json"))
    assert data["without_names"] == [film.archive.ledger.id]
    with open_archive(third.settings) as archive:
        page = by_name(archive, "Mori Aoi")
    assert f"{words} called “Mori Aoi” cannot be told here." in page
    assert "none either" not in page and "no other ledger was asked" not in page
    third.take_in(film.archive, "--names")
    assert "without the names" not in third.told(credits_command, "Nobody Atall")
    with open_archive(third.settings) as archive:
        assert "holds none either" in by_name(archive, "Nobody Atall")
        assert "as far as the copy here goes (" in by_name(archive, "Mori Aoi")


def test_a_picture_or_person_of_a_copy_is_found_by_its_id_wherever_it_is_asked_for(
    film: Film, third: Third
) -> None:
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import by_name, said_of_name

    record, ledger = film.layout("layout: Mori Aoi").record, film.archive.ledger
    person = record.statement.credits[0].person
    third.take_in(film.archive, "--names")
    copy = f"In the ledger {ledger.id} of another studio, by its word, as far as the copy here goes (4 entries): "
    shown = third.told(credits_command, record.picture)
    ours = "Our ledger has no record of it; another studio's has, by its word."
    assert f"{record.picture} {ours} {copy}Recorded as human-made: drawn by Mori Aoi." in shown
    assert "layout: Mori Aoi" in shown and "dispute open" not in shown
    assert f"{copy}Mori Aoi {person}, 1 credit" in third.told(credits_command, person)
    told = json.loads(third.told(credits_command, record.picture, "--json"))
    assert told == credits_verb(record.picture, home=third.settings.home)
    (there,) = told["elsewhere"]
    assert told["record"] is None and there["ledger"] == ledger.id
    assert there["record"]["picture"] == record.picture
    assert there["everybody"] == [{"role": "layout", "name": "Mori Aoi"}]
    with open_archive(third.settings) as archive:
        for asked in (record.picture, person):
            (group,) = said_of_name(archive, asked).groups
            assert (group.whose, [each.record.picture for each in group.lines]) == (
                ledger.id,
                [record.picture],
            )
            assert f"1 record in the ledger {ledger.id} of another studio" in by_name(archive, asked)


def test_a_picture_that_no_copy_has_is_refused_with_what_was_asked(film: Film, third: Third) -> None:
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.told.credit_answers import said_of_name

    third.take_in(film.archive)
    nobodys = f"pic-{'a' * 20}"
    refused = CliRunner().invoke(credits_command, [nobodys], obj=third.settings).exception
    none = f"the imported {film.archive.ledger.id} has none either"
    assert str(refused) == f"the ledger has no picture {nobodys!r}; {none}"
    (copy,) = (third.settings.home / "foreign").glob("*.sqlite3")
    copy.write_bytes(b"nothing of a database" * 100)
    refused = CliRunner().invoke(credits_command, [nobodys], obj=third.settings).exception
    assert "an imported ledger could not be asked: " in str(refused) and none not in str(refused)
    with open_archive(third.settings) as archive:
        (closed,) = said_of_name(archive, "Mori Aoi").not_asked
    assert copy.stem in closed


def test_another_studio_s_copy_tells_no_name_that_its_people_do_not_show(film: Film, third: Third) -> None:
    picture = drawn(film, "Sato Hana", shown="Kitsune").record.picture
    withdrawn = film.layout("layout: Per Ek").record.picture
    ledger = film.archive.ledger
    change_person(
        ledger,
        register_of(ledger),
        replace(register_of(ledger).only("Per Ek"), name=None, behind="Per Ek"),
    )
    third.take_in(film.archive, "--names")
    assert picture not in third.told(credits_command, "Sato Hana")
    assert withdrawn not in third.told(credits_command, "Per Ek")
    assert picture in third.told(credits_command, "Kitsune")


def test_the_file_s_name_and_the_corrected_credit_are_found_with_a_picture(film: Film, third: Third) -> None:
    hidden, wrong = drawn(film, "Sato Hana", shown="Kitsune"), film.layout("layout: Mori Aio")
    correct_by_name(
        film.archive.ledger, picture=wrong.record.picture, role=Role.LAYOUT, was="Mori Aio", now="Sato Hana",
        by="Sato Hana", why="",
    )  # fmt: skip
    third.take_in(film.archive, "--names")
    assert "layout: Kitsune" in third.told(ledger_group, "find", hidden.path)
    # Her name would tell who Kitsune is: both credits have her id.
    assert "layout: (not disclosed)" in third.told(ledger_group, "find", wrong.path)


def test_a_picture_that_another_ledger_has_is_not_said_to_be_on_no_record(film: Film, third: Third) -> None:
    made = film.layout("layout: Mori Aoi")
    third.take_in(film.archive, "--names")
    bare = third.folder / "bare.png"
    Image.open(made.path).save(bare)
    words = "Our ledger has no record of it; another studio's has, by its word."
    for command in (inspect_command, who_command, credits_command):
        for path in (made.path, bare):
            said = third.told(command, path)
            assert words in said and "No record was found" not in said
    assert in_language(words, "ja") != words
    other = third.folder / "other.png"
    Image.new("RGB", (70, 50), "red").save(other)
    assert "No record was found. That says nothing" in third.told(who_command, other)


def test_steps_by_a_program_or_signed_again_are_no_steps_by_hand(film: Film) -> None:
    job = Job((parse_credit("concept: Mori Aoi"),), film.out(), project=Project("Snow", "1", "c001"))
    record(film.archive, film.draw(), job, source_type=SourceType.ALGORITHMIC_MEDIA)
    words = ("--production", "Snow", "--format", "kitsu")
    done = CliRunner().invoke(usage_command, words, obj=film.archive.settings)
    (row,) = csv.DictReader(io.StringIO(done.output))
    assert (row["AI steps"], row["Steps by hand"]) == ("0", "0")


def test_a_wish_that_stands_in_an_imported_ledger_goes_into_our_painting(film: Film, third: Third) -> None:
    """They may paint over it, and nobody may train on what comes of that: as stated after it was signed."""
    made, ledger = film.layout("layout: Mori Aoi"), film.archive.ledger
    third.take_in(film.archive)

    def wishes() -> dict[str, str]:
        with open_archive(third.settings) as archive:
            painting = Film(archive, third.folder)
            statement, source = painting.statement(made.path, "prompt: Abe Rin")
            return dict(wishes_to_carry(archive, statement, (source,)))

    assert wishes() == {}
    person = ledger.people_named("Mori Aoi")[0].person
    consent = Consent(person, ai_use=Answer.YES, training=Answer.NO)
    ledger.append(EntryKind.CONSENT_STATED, consent_body(consent))
    third.take_in(film.archive)
    said = wishes()
    assert said[Wish.GENERATIVE_TRAINING] == "notAllowed" and said[Wish.INFERENCE] == "allowed"


@pytest.mark.parametrize("how", ["retouch", "record", "a reference"])
def test_a_wish_that_stands_in_an_imported_ledger_goes_into_what_people_make_of_it(
    film: Film, third: Third, how: str
) -> None:
    """Nobody is asked whether people may revise it, or record it again; what its artist says of training goes along."""
    made, ledger = film.layout("layout: Mori Aoi"), film.archive.ledger
    person, out = ledger.people_named("Mori Aoi")[0].person, third.folder / "out.png"
    ledger.append(EntryKind.CONSENT_STATED, consent_body(Consent(person, Answer.NO, Answer.NO)))
    third.take_in(film.archive)
    job = Job((parse_credit("retouch: Abe Rin"),), out)
    edited = film.draw(over=made.path)
    with open_archive(third.settings) as archive:
        if how == "retouch":
            retouch(archive, made.path, edited, job)
        elif how == "record":
            record(archive, made.path, job, source_type=SourceType.DIGITAL_CREATION)
        else:
            record(
                archive, edited, job, source_type=SourceType.DIGITAL_CREATION,
                references=[made.path],
            )  # fmt: skip
    assert "Wishes about use by AI: not for training generative AI" in third.told(inspect_command, out)


def test_a_wish_in_a_copy_that_cannot_be_read_is_not_passed_over(film: Film, third: Third) -> None:
    made, out = film.layout("layout: Mori Aoi"), third.folder / "out.png"
    third.take_in(film.archive)
    (copy,) = (third.settings.home / "foreign").glob("*.sqlite3")
    copy.write_bytes(b"nothing of a database" * 100)
    job = Job((parse_credit("retouch: Abe Rin"),), out)
    with open_archive(third.settings) as archive:
        with pytest.raises(LedgerError, match=f"import it again, or withdraw {copy.stem}"):
            retouch(archive, made.path, film.draw(over=made.path), job)
        assert not out.exists()


def bytes_of(film: Film, out: Path, *words: str) -> tuple[str, str]:
    """What an export holds, and what is told of it."""
    done = CliRunner().invoke(ledger_group, ("export", "-o", str(out), *words), obj=film.archive.settings)
    assert done.exit_code == 0, done.exception
    return out.read_text("utf-8"), " ".join(done.output.split())


def test_an_export_for_another_studio_opens_no_name_behind_a_pseudonym(film: Film, third: Third) -> None:
    ledger = film.archive.ledger
    known = [
        Person("per-kumo", name="Kumo", behind="Sato Hana", contact="hana@a.example", also=("H. Sato",),
               reading="さとう はな"),
        Person("per-ek", name="Per Ek", reading="ぺる えく"),
        Person("per-aoi", name="森 あおい", reading="もり あおい", romaji="Mori Aoi"),
        Person("per-two", name="Abe Rin"),
    ]  # fmt: skip
    add_people(ledger, register_of(ledger), known)
    change_person(
        ledger, register_of(ledger), replace(register_of(ledger).only("Per Ek"), name=None, behind="Per Ek")
    )
    for name in ("Kumo", "森 あおい"):
        film.layout(f"layout: {name}")
    otherwise = drawn(film, "Abe Rin", shown="Kitsune").record.picture
    film.paint(film.draw(), "prompt: 森 あおい")
    open_dispute(ledger, film.archive.vault, claim="this is wrong", contact="rin@a.example", person="per-aoi")
    private = ("Sato Hana", "hana@a.example", "H. Sato", "さとう", "Per Ek", "ぺる", "Abe Rin", "this is wrong",
               "rin@a.example", SECRET_PROMPT)  # fmt: skip
    shown = ("Kumo", "森 あおい", "もり あおい", "Mori Aoi", "Kitsune")
    told, said = bytes_of(film, third.folder / "shown.jsonl", "--names")
    assert [each for each in private if each in told] == [] and [
        each for each in shown if each not in told
    ] == []
    assert "Names behind pseudonyms, contacts and all other private texts stay sealed" in said
    told, said = bytes_of(film, third.folder / "own.jsonl", "--private")
    assert [each for each in (*private, *shown) if each not in told] == []
    assert "It opens every private text" in said and "Keep it to yourself" in said
    told, _ = bytes_of(film, third.folder / "sealed.jsonl")
    assert [each for each in (*private, *shown) if each in told] == []
    third.take_in(film.archive, "--names")
    for path in third.settings.home.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert [each for each in private if each.encode() in data] == []
    assert "layout" in third.told(credits_command, "Mori Aoi") and "1 credit" in third.told(
        credits_command, "Kumo"
    )
    assert otherwise in third.told(credits_command, "Kitsune")


def test_a_person_of_an_imported_ledger_is_merged_by_its_keeper_and_that_is_told(
    film: Film, third: Third
) -> None:
    film.layout("layout: Mori Aoi")
    third.take_in(film.archive, "--names")
    theirs = film.archive.ledger.people_named("Mori Aoi")[0].person
    for words in (("add", "Mori Aoi"), ("add", "Boss"), ("set", "Mori Aoi", "--also", "M. Aoi")):
        assert CliRunner().invoke(people, words, obj=third.settings).exit_code == 0
    for pair in ((theirs, "Mori Aoi"), ("Mori Aoi", theirs)):
        done = CliRunner().invoke(people, ("merge", *pair, "--by", "Boss"), obj=third.settings)
        assert isinstance(done.exception, NotRecorded) and not done.exception.remedies
        assert f"nobody in this ledger has the id '{theirs}'" in str(done.exception)
    # What its keeper merged and split counts in the copy as soon as it is here.
    ledger = film.archive.ledger
    add_people(ledger, register_of(ledger), [Person("per-aoi", name="森 あおい")])
    for words, who in (
        (("merge", theirs, "per-aoi", "--by", "per-aoi"), "森 あおい"),
        (("split", theirs, "--by", "per-aoi"), "Mori Aoi"),
    ):
        assert CliRunner().invoke(people, words, obj=film.archive.settings).exit_code == 0
        third.take_in(film.archive, "--names")
        assert f"Recorded as human-made: drawn by {who}." in third.told(credits_command, who)
