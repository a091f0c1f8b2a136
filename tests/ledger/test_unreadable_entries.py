"""An entry that nobody can read: refused at append, named by verify, skipped and told of by everything that reads."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from conftest import draw_house
from film_chain import Film
from ledger_attacks import slip_in

from provenance.commands import credits, inspect, ledger, log, people, record
from provenance.errors import StatementError
from provenance.ledger import Ledger
from provenance.ledger.check.verify import verify
from provenance.ledger.entries.kind import EntryKind
from provenance.people.register import register_of
from provenance.release.opening import open_archive
from provenance.release.permission import objections_elsewhere
from provenance.settings import Settings
from provenance.statement.commitment import Body, Private
from provenance.statement.statement import Input, InputRole
from provenance.statement.vocabulary import Relation

Bodies = dict[str, Body]


def consent(person: str, **changed: Body) -> Bodies:
    body: Bodies = {
        "person": person, "subject": "any", "ai_use": "no", "training": "no", "conditions": "",
        "production": "", "until": None, "ask": "",
    }  # fmt: skip
    return body | changed


def correction(picture: str, person: str, **changed: Body) -> Bodies:
    body: Bodies = {
        "picture": picture, "role": "layout", "before": None, "after": person, "by": person, "why": "",
        "dispute": None,
    }  # fmt: skip
    return body | changed


# Each made from the id of a person and of a picture that are on record.
UNREADABLE: dict[str, tuple[EntryKind, Callable[[str, str], Body]]] = {
    "a consent about a subject that there is not": (
        EntryKind.CONSENT_STATED,
        lambda who, _: consent(who, subject="voice"),
    ),
    "a consent of somebody who is not on record": (
        EntryKind.CONSENT_STATED,
        lambda *_: consent("per-nobody"),
    ),
    "a consent with an answer that is none": (
        EntryKind.CONSENT_STATED,
        lambda who, _: consent(who, ai_use="perhaps"),
    ),
    "a consent that ends on no day": (
        EntryKind.CONSENT_STATED,
        lambda who, _: consent(who, until="the thirtieth of February"),
    ),
    "a consent with conditions, and none": (
        EntryKind.CONSENT_STATED,
        lambda who, _: consent(who, ai_use="conditions"),
    ),
    "a consent with conditions of no words": (
        EntryKind.CONSENT_STATED,
        lambda who, _: consent(who, ai_use="conditions", conditions=Private(" ", "conditions", who)),
    ),
    "a consent with endless conditions": (
        EntryKind.CONSENT_STATED,
        lambda who, _: consent(who, ai_use="conditions", conditions=Private("x" * 2001, "conditions", who)),
    ),
    "a correction of a picture that is not on record": (
        EntryKind.CREDIT_CORRECTED,
        lambda who, _: correction("pic-nowhere", who),
    ),
    "a correction for a role that there is not": (
        EntryKind.CREDIT_CORRECTED,
        lambda who, picture: correction(picture, who, role="robot"),
    ),
    "a correction by nobody on record": (
        EntryKind.CREDIT_CORRECTED,
        lambda who, picture: correction(picture, who, by="per-nobody"),
    ),
    "a merge into nobody": (
        EntryKind.PERSON_MERGED,
        lambda who, _: {"person": who, "into": "per-nobody", "by": who, "why": ""},
    ),
    "a split of pictures that are not on record": (
        EntryKind.PERSON_SPLIT,
        lambda who, _: {"person": who, "into": who, "pictures": ["pic-nowhere"], "by": who, "why": ""},
    ),
    "a change of nobody": (EntryKind.PERSON_CHANGED, lambda *_: {"person": "per-nobody", "name": None}),
    "an identifier in a passport": (
        EntryKind.PERSON_CHANGED,
        lambda who, _: {
            "person": who,
            "identifiers": [{"scheme": "passport", "value": Private("1", "identifier", who)}],
        },
    ),
    "a claim by nobody on record": (
        EntryKind.CREDIT_CLAIMED,
        lambda who, picture: {
            "picture": picture, "person": who, "role": "layout", "by": "per-nobody", "hours": "", "share": "",
        },
    ),
    "a credit confirmed by the credited": (
        EntryKind.CREDIT_CONFIRMED,
        lambda who, picture: {
            "picture": picture, "person": who, "role": "layout", "by": who, "hours": "", "share": "",
        },
    ),
    "a production with a question that nobody asks": (
        EntryKind.PROJECT_STATED,
        lambda *_: {
            "production": "x", "preset": "plain", "approval": "", "notice": "", "answers": {"weather": "yes"},
            "remarks": {},
        },
    ),
    "a choice of a picture that is not on record": (
        EntryKind.CANDIDATE_CHOSEN,
        lambda who, picture: {
            "production": "", "episode": "", "shot": "c1", "chosen": "pic-nowhere", "among": [picture],
            "by": who, "why": "",
        },
    ),
    "an answer to a dispute that nobody opened": (
        EntryKind.DISPUTE_ANSWERED,
        lambda who, _: {"dispute": "dis-0", "outcome": "noted", "words": "", "by": who, "corrections": []},
    ),
    "a dispute about nothing": (
        EntryKind.DISPUTE_OPENED,
        lambda *_: {
            "dispute": "dis-1", "picture": None, "person": None, "claim": Private("x", "claim", "dis-1"),
            "contact": "", "evidence": None,
        },
    ),
    "a body that is no object": (EntryKind.CONSENT_STATED, lambda *_: ["consent"]),
    "a field that nobody knows": (
        EntryKind.CONSENT_STATED,
        lambda who, _: consent(who, mood="fine"),
    ),
}  # fmt: skip


RECORDED = ("--by", "layout: Somebody New", "--source", "print")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with a film in it."""
    folder = tmp_path_factory.mktemp("made")
    with open_archive(Settings(home=folder / "home")) as archive:
        Film(archive, folder).chain()
    return folder / "home"


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


def open_ledger(home: Path) -> Ledger:
    return Ledger.open(
        home / "ledger.sqlite3", key=home / "keys" / "ledger.key", checkpoints=home / "checkpoints.txt"
    )


def bodies(opened: Ledger) -> dict[str, tuple[EntryKind, Body]]:
    """Every unreadable entry, about a person and a picture of this ledger."""
    person, picture = opened.people()[0].person, opened.pictures()[0].picture
    return {name: (kind, make(person, picture)) for name, (kind, make) in UNREADABLE.items()}


def slip_all_in(home: Path) -> list[int]:
    """The numbers of the unreadable entries, which are now in the ledger and signed for."""
    with open_ledger(home) as opened:
        numbers = [slip_in(opened, kind, body) for kind, body in bodies(opened).values()]
        opened.rebuild()  # its tables and its index, as that program would have filled them
        opened.checkpoint()
    return numbers


def genzu(home: Path, *words: str | Path) -> Result:
    commands = [
        *ledger.COMMANDS, *credits.COMMANDS, *inspect.COMMANDS, *people.COMMANDS, *log.COMMANDS,
        *record.COMMANDS,
    ]  # fmt: skip
    group = click.Group(commands=commands)
    return CliRunner().invoke(group, [str(each) for each in words], obj=Settings(home=home))


def test_each_is_refused_at_append_and_leaves_no_trace(home: Path):
    with open_ledger(home) as opened:
        before = len(opened)
        for name, (kind, body) in bodies(opened).items():
            with pytest.raises(StatementError):
                pytest.fail(f"{name}: {opened.append(kind, body)}")
        assert len(opened) == before
    assert verify(home / "ledger.sqlite3", thorough=True).ok


def test_each_is_named_by_verify_and_by_nothing_else_there(home: Path):
    numbers = slip_all_in(home)
    for thorough in (False, True):
        report = verify(home / "ledger.sqlite3", thorough=thorough)
        assert {fault.code for fault in report.faults} == {"entry"}
        assert {fault.entry for fault in report.faults} == set(numbers)


def test_each_is_skipped_by_the_register_and_told_of(home: Path):
    numbers = slip_all_in(home)
    with open_ledger(home) as opened:
        told = register_of(opened).skipped
        assert [each.seq for each in told] == numbers
        for each in told:
            assert str(each).startswith(f"entry {each.seq} cannot be read, and is skipped (")


def test_none_stops_a_command_and_each_command_says_that_some_are_skipped(home: Path, tmp_path: Path):
    numbers = slip_all_in(home)
    with open_archive(Settings(home=home)) as archive:
        delivered = archive.ledger.pictures()[0]
        person = next(each.name for each in archive.ledger.people() if each.name)
        assert delivered.output is not None
        (tmp_path / "delivered.png").write_bytes(archive.vault.get(delivered.output.digest))
    draw_house().save(tmp_path / "new.png")
    for words in (
        ("people", "list"),
        ("people", "list", "--json"),
        ("credits", person),
        ("credits", tmp_path / "delivered.png"),
        ("inspect", tmp_path / "delivered.png", "--json"),
        ("show", delivered.picture),
        ("record", tmp_path / "new.png", *RECORDED, "-o", tmp_path / "out.png"),
    ):
        done = genzu(home, *words)
        assert done.exit_code == 0, (words, done.output, done.exception)
        assert f"entry {numbers[0]} cannot be read" in done.stderr, words
        if "--json" in words:
            json.loads(done.stdout)
        if words[0] == "inspect":
            (told,) = [
                each["words"] for each in json.loads(done.stdout)["findings"] if "skipped" in each["words"]
            ]
            assert f"entry {numbers[0]} cannot be read" in told


def test_a_rebuild_passes_over_them(home: Path):
    slip_all_in(home)
    with open_ledger(home) as opened:
        opened.rebuild()
        assert opened.people()
    assert "projection" not in {each.code for each in verify(home / "ledger.sqlite3", thorough=True).faults}


@pytest.mark.parametrize("names", [False, True])
def test_in_another_studios_export_they_are_set_aside_and_never_stop_us(
    home: Path, tmp_path: Path, names: bool
):
    numbers = slip_all_in(home)
    with open_ledger(home) as theirs:
        theirs.export(tmp_path / "log.jsonl", names=names)
        person = next(each.name for each in theirs.people() if each.name)
        output = theirs.pictures()[0].output
    ours = tmp_path / "ours"
    with open_archive(Settings(home=ours)):
        pass
    done = genzu(ours, "ledger", "import", tmp_path / "log.jsonl")
    assert done.exit_code == 0, (done.output, done.exception)
    assert f"entry {numbers[0]} cannot be read, and is set aside" in done.output
    done = genzu(ours, "credits", person)
    assert done.exit_code == 0, done.exception
    assert "could not be asked" not in done.output
    assert output is not None
    given = Input(InputRole.LAYOUT, Relation.PARENT, output)
    with open_archive(Settings(home=ours)) as archive:
        objections_elsewhere(archive, [given], "", datetime.now(UTC).date())


def test_a_name_that_could_be_nobodys_is_not_taken_from_another_studios_export(home: Path, tmp_path: Path):
    with open_ledger(home) as theirs:
        who = {"person": "per-machine", "kind": "person", "name": Private("ChatGPT", "name", "per-machine")}
        slip_in(theirs, EntryKind.PERSON_ADDED, who)
        theirs.checkpoint()
        theirs.export(tmp_path / "log.jsonl", names=True)
    ours = tmp_path / "ours"
    with open_archive(Settings(home=ours)):
        pass
    done = genzu(ours, "ledger", "import", tmp_path / "log.jsonl")
    assert done.exit_code == 0, done.exception
    assert "names software" in done.output
    assert "Nobody called ChatGPT" in genzu(ours, "credits", "ChatGPT").output
