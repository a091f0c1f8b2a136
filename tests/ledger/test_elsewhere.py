"""Two studios, one audit: the other's ledger imported beside ours, asked about a file, and told as theirs."""

import json
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from film_chain import Film
from PIL import Image

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from provenance.commands import audit, credits, inspect, ledger
from provenance.errors import ConsentError
from provenance.inspection.translated import in_language
from provenance.ledger import Ledger
from provenance.ledger.entries.kind import EntryKind
from provenance.people.consent import Consent, consent_body
from provenance.release.job import Job
from provenance.release.made import Released
from provenance.release.opening import open_archive
from provenance.release.permission import check_consent
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import parse_credit
from provenance.statement.vocabulary import Answer, Disclosure, SourceType
from provenance.tabs import audit as page_audit
from provenance.tabs import inspect as page_inspect
from provenance.tabs.credits import by_picture
from provenance.tabs.told.credit_answers import by_name
from provenance.tabs.told.discretion import WITHHELD

GOLDEN = Path(__file__).parents[1] / "golden"


@dataclass
class Studios:
    """The other studio's deliveries, its ledger's id and exports, and our home."""

    home: Path
    folder: Path
    id: str
    delivered: list[Released]

    def genzu(self, *words: str | Path) -> Result:
        group = click.Group(
            commands=[*ledger.COMMANDS, *audit.COMMANDS, *inspect.COMMANDS, *credits.COMMANDS]
        )
        return CliRunner().invoke(group, [str(each) for each in words], obj=Settings(home=self.home))

    def take_in(self, name: str = "sealed.jsonl") -> None:
        done = self.genzu("ledger", "import", self.folder / name)
        assert done.exit_code == 0, done.exception


@pytest.fixture
def studios(tmp_path: Path) -> Studios:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    with open_archive(Settings(home=theirs / "home")) as archive:
        delivered = Film(archive, theirs).chain()
        with Ledger.open(
            archive.settings.ledger,
            key=archive.settings.keys / "ledger.key",
            checkpoints=archive.settings.checkpoints,
        ) as opened:
            opened.export(theirs / "sealed.jsonl")
            opened.export(theirs / "named.jsonl", names=True)
        name = archive.ledger.id
    with open_archive(Settings(home=tmp_path / "ours")):
        pass
    return Studios(tmp_path / "ours", theirs, name, delivered)


def lines(told: str) -> list[str]:
    return [line for line in told.splitlines() if "another ledger" in line or "the ledger genzu/" in line]


def test_a_delivery_is_found_in_the_studios_ledger_and_told_as_theirs(studios: Studios):
    final = studios.delivered[-1]
    before = json.loads(studios.genzu("inspect", final.path, "--json").stdout)
    assert before["elsewhere"] == []
    assert any("ask its keeper" in each["words"] for each in before["findings"])
    studios.take_in()
    done = studios.genzu("inspect", final.path)
    assert f"Recorded by another ledger, {studios.id} (the same file, byte for byte)" in done.output
    assert "signed by its key" in done.output
    assert "credits: retouch: (not disclosed)" in done.output
    assert "ask its keeper" not in done.output
    told = json.loads(studios.genzu("inspect", final.path, "--json").stdout)
    (found,) = told["elsewhere"]
    assert found["ledger"] == studios.id
    assert found["key"].startswith(f"{studios.id}+")
    assert found["proved"]
    assert found["match"] == "file"
    assert found["record"]["picture"] == final.record.picture
    # Theirs is not ours: neither a record, nor the answer, nor the exit code.
    assert told["record"] is None
    for name in ("classification", "because", "exit_code", "verdict", "steps"):
        assert told[name] == before[name]


def test_stripped_of_its_credentials_it_is_found_by_its_pixels(studios: Studios, tmp_path: Path):
    studios.take_in("named.jsonl")
    Image.open(studios.delivered[1].path).save(tmp_path / "bare.png")
    told = json.loads(studios.genzu("inspect", tmp_path / "bare.png", "--json").stdout)
    (found,) = told["elsewhere"]
    assert (found["match"], found["same_file"]) == ("pixels", False)
    assert found["classification"] == "AI-assisted"
    assert {each["name"] for each in found["record"]["credits"]} == {"Sato Hana", None}
    assert told["classification"] == "unknown"  # their word decides nothing here
    assert told["exit_code"] == 3
    done = studios.genzu("inspect", tmp_path / "bare.png")
    assert "is not, byte for byte, the one that" in done.output


def test_a_file_that_was_changed_and_still_names_their_entry_is_told(studios: Studios, tmp_path: Path):
    studios.take_in()
    data = bytearray(studios.delivered[-1].path.read_bytes())
    data[data.rindex(b"IDAT") + 20] ^= 1
    (tmp_path / "changed.png").write_bytes(data)
    told = json.loads(studios.genzu("inspect", tmp_path / "changed.png", "--json").stdout)
    assert told["classification"] == "altered"
    assert [each["match"] for each in told["elsewhere"]] == ["manifest"]
    assert told["exit_code"] == 1


def test_one_audit_of_two_studios_tells_whose_each_picture_is(studios: Studios, tmp_path: Path):
    studios.take_in()
    with open_archive(Settings(home=studios.home)) as archive:
        film = Film(archive, tmp_path)
        film._count = 40  # another drawing than theirs
        own = film.layout("layout: Our Artist")
    (tmp_path / "cut").mkdir()
    own.path.rename(tmp_path / "cut" / "own.png")
    studios.delivered[-1].path.rename(tmp_path / "cut" / "theirs.png")
    Image.new("RGB", (20, 20)).save(tmp_path / "cut" / "nobody.png")
    done = studios.genzu("audit", tmp_path / "cut", "--json")
    rows = {each["path"].rsplit("/", maxsplit=1)[-1]: each for each in json.loads(done.stdout)["rows"]}
    assert rows["own.png"]["record"] == own.record.picture
    assert rows["own.png"]["elsewhere"] == []
    assert rows["theirs.png"]["record"] is None
    (elsewhere,) = rows["theirs.png"]["elsewhere"]
    assert elsewhere == f"{studios.id}: {studios.delivered[-1].record.picture}"
    assert rows["nobody.png"]["elsewhere"] == []
    for ending in ("html", "csv"):
        studios.genzu("audit", tmp_path / "cut", "--report", tmp_path / f"audit.{ending}")
    page = (tmp_path / "audit.html").read_text()
    assert "recorded by another ledger, <bdi>" + studios.id in page
    assert page.count("Recorded by another ledger") == 1
    assert elsewhere in (tmp_path / "audit.csv").read_text()


def test_credits_by_name_and_by_file_look_there_too(studios: Studios):
    studios.take_in("named.jsonl")
    told = json.loads(studios.genzu("credits", "Elin Lindqvist", "--json").stdout)
    assert told["people"] == []
    (there,) = told["elsewhere"]
    assert there["ledger"] == studios.id
    assert there["people"][0]["credits"][0]["role"] == "retouch"
    done = studios.genzu("credits", "Elin Lindqvist")
    assert f"In the ledger {studios.id} of another studio, by its word" in done.output
    done = studios.genzu("credits", studios.delivered[-1].path)
    assert "What other studios' ledgers say" in done.output
    assert json.loads(studios.genzu("credits", studios.delivered[-1].path, "--json").stdout)["elsewhere"]


def test_a_name_that_was_not_exported_is_found_by_nobody(studios: Studios):
    studios.take_in()
    told = json.loads(studios.genzu("credits", "Elin Lindqvist", "--json").stdout)
    assert told["elsewhere"] == []


def test_a_copy_that_was_tampered_with_proves_nothing_and_says_so(studios: Studios):
    studios.take_in()
    (copy,) = (studios.home / "foreign").glob("*.sqlite3")
    connection = sqlite3.connect(copy)
    connection.execute("UPDATE tree_nodes SET hash = zeroblob(32)")
    connection.commit()
    connection.close()
    told = json.loads(studios.genzu("inspect", studios.delivered[-1].path, "--json").stdout)
    assert told["elsewhere"][0]["proved"] is False
    words = [each for each in told["findings"] if each["about"] == "other ledger"]
    assert [each["source"] for each in words] == ["NOT AVAILABLE"]
    assert "Import it again" in words[0]["words"]
    rows = json.loads(studios.genzu("audit", studios.delivered[-1].path, "--json").stdout)["rows"]
    assert rows[0]["elsewhere"] == []


def test_a_copy_that_cannot_be_read_stops_nothing_and_is_told(studios: Studios):
    studios.take_in()
    (copy,) = (studios.home / "foreign").glob("*.sqlite3")
    copy.write_bytes(b"nothing of a database" * 100)
    done = studios.genzu("inspect", studios.delivered[-1].path)
    assert "An imported ledger could not be asked" in done.output
    assert done.exit_code == 4


def test_a_picture_made_after_the_export_is_not_held_against_them(studios: Studios, tmp_path: Path):
    studios.take_in()
    with open_archive(Settings(home=studios.folder / "home")) as archive:
        film = Film(archive, tmp_path)
        film._count = 40
        later = film.layout("layout: 森 あおい")
    done = studios.genzu("inspect", later.path)
    assert "may have exported it before this one was made" in done.output
    assert done.exit_code == 4


def test_a_copy_that_an_earlier_version_imported_is_still_asked(studios: Studios):
    copy = studios.home / "foreign" / "0123456789abcdef.sqlite3"
    copy.parent.mkdir()
    copy.write_bytes((GOLDEN / "ledger-v3.sqlite3").read_bytes())
    done = studios.genzu("inspect", studios.delivered[-1].path)
    assert "could not be asked" not in done.output


def test_a_no_that_stands_in_their_ledger_stops_our_model(studios: Studios, tmp_path: Path):
    with open_archive(Settings(home=studios.folder / "home")) as archive:
        (person,) = archive.ledger.people_named("森 あおい")
        consent = Consent(person.person, Answer.NO, Answer.NO, ask="aoi@example.org")
        archive.ledger.append(EntryKind.CONSENT_STATED, consent_body(consent))
        archive.ledger.export(studios.folder / "later.jsonl")
    with open_archive(Settings(home=studios.home)) as archive:
        film = Film(archive, tmp_path)
        statement, source = film.statement(studios.delivered[0].path, "prompt: Our Artist")
        assert check_consent(archive, statement, (source,)) == []
    studios.take_in("later.jsonl")
    with open_archive(Settings(home=studios.home)) as archive:
        film = Film(archive, tmp_path)
        # The layout itself, and a picture that they painted over it.
        for number in (0, 2):
            statement, source = film.statement(studios.delivered[number].path, "prompt: Our Artist")
            with pytest.raises(ConsentError) as refused:
                check_consent(archive, statement, (source,))
            assert f"of the ledger {studios.id}" in str(refused.value)
            assert f"ask the keeper of {studios.id}" in str(refused.value)
            assert "aoi@example.org" not in str(refused.value)


def test_the_page_looks_there_too_and_keeps_their_words_to_itself(studios: Studios):
    studios.take_in("named.jsonl")
    final, painted = studios.delivered[-1], studios.delivered[1]
    prompt = painted.record.statement.prompt
    with open_archive(Settings(home=studios.home)) as archive:
        told, data = page_inspect.answer_on(archive, final.path)
        assert f"Recorded by another ledger, {studios.id} (the same file, byte for byte)" in told
        assert f"The ledger {studios.id} of another studio has it" in told
        (there,) = json.loads(data)["elsewhere"]
        assert there["record"]["picture"] == final.record.picture
        assert there["record"]["note"] == there["record"]["project"] == WITHHELD
        _, data = page_inspect.answer_on(archive, painted.path)
        (there,) = json.loads(data)["elsewhere"]
        assert prompt is not None
        assert prompt.disclosure is not Disclosure.FULL
        assert there["record"]["prompt"]["text"] == WITHHELD
        named = by_name(archive, "Elin Lindqvist")
        assert f"1 record in the ledger {studios.id} of another studio, by its word" in named
        shown = by_picture(archive, painted.path)
        assert f"This picture: 1 record in the ledger {studios.id}" in shown
        assert f"Made with this picture: 1 record in the ledger {studios.id}" in shown
        unknown = by_name(archive, "Nobody Atall")
        assert f"the imported {studios.id} holds none either" in unknown and "without names" not in unknown
        *_, (table, *_) = page_audit.read_delivery(archive, [str(final.path)], whole_folder=False)
        assert f"recorded by another ledger, {studios.id}: {final.record.picture}" in table


def test_the_page_tells_of_a_copy_that_it_could_not_ask(studios: Studios):
    studios.take_in()
    (copy,) = (studios.home / "foreign").glob("*.sqlite3")
    copy.write_bytes(b"nothing of a database" * 100)
    with open_archive(Settings(home=studios.home)) as archive:
        assert "An imported ledger could not be asked" in by_name(archive, "Elin Lindqvist")
        told, _ = page_inspect.answer_on(archive, studios.delivered[-1].path)
        assert "An imported ledger could not be asked" in told


def test_a_name_is_not_told_by_a_copy_that_proves_nothing(studios: Studios):
    studios.take_in("named.jsonl")
    (copy,) = (studios.home / "foreign").glob("*.sqlite3")
    connection = sqlite3.connect(copy)
    connection.execute("UPDATE tree_nodes SET hash = zeroblob(32)")
    connection.commit()
    connection.close()
    told = json.loads(studios.genzu("credits", "Elin Lindqvist", "--json").stdout)
    assert told["elsewhere"] == []
    assert "import it again" in told["not_asked"][0]
    assert "could not be asked" in studios.genzu("credits", "Elin Lindqvist").output
    with open_archive(Settings(home=studios.home)) as archive:
        page = by_name(archive, "Elin Lindqvist")
    assert "An imported ledger could not be asked" in page
    assert "by its word" not in page


def of_ours(studios: Studios, by: str, kind: SourceType = SourceType.DIGITAL_CREATION) -> Released:
    """Our own record of the drawing that their chain begins with."""
    folder = studios.home.parent / "drawn-here"
    folder.mkdir()
    with open_archive(Settings(home=studios.home)) as archive:
        film = Film(archive, folder)
        return record(archive, film.draw(), Job(film.credits((by,)), film.out()), source_type=kind)


def test_a_name_that_was_not_exported_contradicts_nobody(studios: Studios):
    signed = of_ours(studios, "layout: Mori Aoi").path
    studios.take_in()
    told = studios.genzu("inspect", signed).output
    assert "credits: layout: (not disclosed)" in told
    assert "contradict" not in told and "names (not" not in told


def test_two_ledgers_that_name_other_people_contradict_each_other_whatever_the_file_says(studios: Studios):
    ours = of_ours(studios, "layout: Mori Aoi")
    studios.take_in("named.jsonl")
    words = (
        f"Two ledgers contradict each other: ours ({ours.record.picture}) names Mori Aoi; "
        f"the ledger {studios.id} names 森 あおい."
    )
    bare = studios.home.parent / "drawn-here" / "drawn-1.png"
    for path in (bare, ours.path):
        told = studios.genzu("inspect", path)
        assert words in told.output
        assert "Recorded as human-made: drawn by Mori Aoi." in told.output  # neither settles it
    assert not re.search("[A-Za-z]{3,} [a-z]{3,}", in_language(words, "ja").replace("Mori Aoi", ""))


def test_two_ledgers_that_name_the_same_person_contradict_each_other_in_nothing(studios: Studios):
    ours = of_ours(studios, "layout: 森 あおい")
    studios.take_in("named.jsonl")
    assert "contradict" not in studios.genzu("inspect", ours.path).output


def test_the_very_file_that_they_took_in_is_told_as_that(studios: Studios):
    studios.take_in()
    original = studios.folder / "drawn-1.png"
    told = studios.genzu("inspect", original).output
    words = f"It is the very file that was taken into the record of the ledger {studios.id}, before it was signed."
    assert words in told and "is not, byte for byte" not in told
    assert not re.search("[A-Za-z]{3,} [a-z]{3,}", in_language(words, "ja").replace(studios.id, ""))
    again = studios.home.parent / "again.png"
    Image.open(original).save(again, compress_level=1)
    told = studios.genzu("inspect", again).output
    assert (
        f"is not, byte for byte, the one that the ledger {studios.id} wrote down" in told
        and words not in told
    )


def test_a_record_does_not_say_that_the_program_which_wrote_it_painted(studios: Studios):
    ours = of_ours(studios, "concept: Mori Aoi", SourceType.TRAINED_ALGORITHMIC_MEDIA)
    bare = studios.home.parent / "drawn-here" / "drawn-1.png"
    for path in (ours.path, bare):
        told = studios.genzu("inspect", path).output
        assert "painted by an AI model that is not named" in told and "painted by Genzu" not in told


def test_of_a_file_recorded_twice_the_credentials_beside_it_say_which_record_is_meant(tmp_path: Path):
    gif = tmp_path / "cut.gif"
    Image.effect_noise((60, 40), 90).save(gif)
    with open_archive(Settings(home=tmp_path / "theirs")) as archive:
        made = [
            record(
                archive,
                gif,
                Job((parse_credit(by),), tmp_path / f"{number}.gif"),
                source_type=SourceType.DIGITAL_CREATION,
            )
            for number, by in enumerate(("layout: Mori Aoi", "background: Sato Hana"))
        ]
        archive.ledger.export(tmp_path / "named.jsonl", names=True)
        name = archive.ledger.id
    with open_archive(Settings(home=tmp_path / "ours")):
        pass
    ours = Studios(tmp_path / "ours", tmp_path, name, made)
    ours.take_in("named.jsonl")
    for each in made:
        (found,) = json.loads(ours.genzu("inspect", each.path, "--json").stdout)["elsewhere"]
        assert (found["match"], found["record"]["picture"]) == ("file", each.record.picture)
