"""Somebody says that the record is wrong: it is answered, corrected by a new entry, and nothing before it is lost."""

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from film_chain import PRODUCTION, Film

from provenance.commands.dispute import dispute as dispute_command
from provenance.commands.people import people as people_command
from provenance.commands.publish import certificate_command
from provenance.commands.receipt import receipt_group
from provenance.commands.roll import roll_command
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import NotRecorded, OutputError, StatementError
from provenance.ledger import Ledger
from provenance.ledger.entries.limits import CLAIM_LIMIT
from provenance.people.dispute import (
    EVIDENCE_LIMIT,
    OPEN_PER_PICTURE,
    PER_HOUR,
    Dispute,
    refuse_flood,
)
from provenance.people.disputes import forget_dispute, open_dispute
from provenance.people.receipt_today import compare
from provenance.people.register import register_of
from provenance.proof.receipt import read_receipt, verify
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.statement.commitment import ERASED
from provenance.statement.credit import Role

CLAIM = "I drew this layout, not Mori Aoi"


def genzu(settings: Settings, command, *words: str) -> Result:  # type: ignore[no-untyped-def]
    return CliRunner().invoke(command, words, obj=settings)


def say(film: Film, picture: str, **changed: object) -> Dispute:
    given = {"claim": CLAIM, "contact": "rin@example.org", "picture": picture} | changed
    return open_dispute(film.archive.ledger, film.archive.vault, **given)  # type: ignore[arg-type]


def names(film: Film, picture: str, role: Role = Role.LAYOUT) -> list[str | None]:
    credits = register_of(film.archive.ledger).credits(film.archive.ledger.picture(picture))
    return [each.person.name for each in credits if each.role is role]


def test_a_name_is_corrected_and_the_old_receipt_shows_the_change(film, settings, tmp_path):
    made = film.layout("layout: Mori Aio")
    picture, ledger = made.record.picture, film.archive.ledger
    held = tmp_path / "receipt.tlog-proof"
    held.write_text(str(ledger.receipt(made.record.requested, opened=True)))
    opened = genzu(settings, dispute_command, "open", "--picture", picture, "--claim", "it is Aoi, not Aio",
                   "--contact", "aoi@example.org").stdout.split()[0]  # fmt: skip
    genzu(settings, people_command, "set", "Mori Aio", "--name", "Mori Aoi", "--dispute", opened)
    entry = register_of(ledger).changes()[-1].seq
    answered = genzu(settings, dispute_command, "answer", opened, "--outcome", "accepted", "--words", "sorry",
                     "--correction", str(entry), "--by", "Mori Aoi")  # fmt: skip
    assert answered.exit_code == 0, answered.exception
    assert names(film, picture) == ["Mori Aoi"]
    told = json.loads(genzu(settings, receipt_group, "compare", str(held), "--json").stdout)
    assert told["changes"] == [{"about": "layout", "then": "Mori Aio", "now": "Mori Aoi", "entries": [entry]}]
    assert "then Mori Aio, now Mori Aoi" in genzu(settings, receipt_group, "compare", str(held)).stdout
    fresh = ledger.receipt(made.record.requested, opened=True)
    assert [each.value for each in verify(fresh).opened] == ["Mori Aoi"]
    assert compare(ledger, register_of(ledger), fresh).changes == ()
    shown = json.loads(genzu(settings, dispute_command, "show", opened, "--json").stdout)
    assert shown["state"] == "accepted"
    assert shown["replies"][0]["words"] == "sorry"


def test_a_credit_goes_to_another_person_and_every_proof_still_holds(film, settings):
    made = film.chain()[0]
    picture, ledger = made.record.picture, film.archive.ledger
    receipt = ledger.receipt(made.record.requested, opened=True)
    opened = say(film, picture).dispute
    corrected = genzu(settings, dispute_command, "correct", picture, "--role", "layout", "--was", "森 あおい",
                      "--is", "Rin", "--by", "Sato Hana", "--dispute", opened)  # fmt: skip
    assert corrected.exit_code == 0, corrected.exception
    assert names(film, picture) == ["Rin"]
    found = compare(ledger, register_of(ledger), receipt)
    assert [(each.about, each.then, each.now) for each in found.changes] == [("layout", "森 あおい", "Rin")]
    assert ledger.picture(picture).statement.credits[0].name == "森 あおい"
    verify(receipt)


def test_whoever_was_credited_by_a_correction_takes_home_the_proof_of_it(film, settings, tmp_path):
    picture = film.layout("layout: Mori Aoi").record.picture
    genzu(settings, dispute_command, "correct", picture, "--role", "layout", "--was", "Mori Aoi", "--is", "Rin",
          "--by", "Mori Aoi", "--why", "a private reason")  # fmt: skip
    done = genzu(settings, certificate_command, "Rin", "-o", str(tmp_path / "rin"))
    assert done.exit_code == 0, done.exception
    receipts = sorted((tmp_path / "rin" / "receipts").iterdir())
    assert len(receipts) == 2
    proved = verify(read_receipt(receipts[0].read_bytes()))
    assert proved.entries[0].value["kind"] == "credit.corrected"
    assert {each.value for each in proved.opened} == {"Rin", "Mori Aoi"}
    for each in receipts:
        compared = genzu(settings, receipt_group, "compare", str(each))
        assert compared.exit_code == 0
        assert "not credited" not in compared.stdout


def test_a_credit_is_added_and_taken_away(film, settings):
    picture = film.layout("layout: Mori Aoi").record.picture
    receipt = film.archive.ledger.receipt(film.archive.ledger.picture(picture).requested, opened=True)
    genzu(
        settings, dispute_command, "correct", picture, "--role", "concept", "--is", "Rin", "--by", "Mori Aoi"
    )
    genzu(
        settings, dispute_command, "correct", picture, "--role", "layout", "--was", "Mori Aoi", "--by", "Rin"
    )
    assert names(film, picture) == []
    assert names(film, picture, Role.CONCEPT) == ["Rin"]
    register = register_of(film.archive.ledger)
    changes = {
        (each.about, each.then, each.now) for each in compare(film.archive.ledger, register, receipt).changes
    }
    assert changes == {("layout", "Mori Aoi", "not credited"), ("concept", "not credited", "Rin")}


def test_a_correction_that_cannot_be_true_is_refused(film, settings):
    picture = film.layout("layout: Mori Aoi").record.picture
    film.layout("layout: Rin")
    for words, error in (
        (("--role", "layout", "--was", "Rin", "--by", "Rin"), NotRecorded),
        (("--role", "layout", "--is", "Mori Aoi", "--by", "Rin"), StatementError),
        (("--role", "layout", "--by", "Rin"), StatementError),
        (("--role", "layout", "--is", "ChatGPT", "--by", "Rin"), StatementError),
        (("--role", "prince", "--is", "Rin", "--by", "Rin"), StatementError),
        (("--role", "layout", "--is", "Rin", "--by", "Nobody"), NotRecorded),
        (("--role", "layout", "--is", "Rin", "--by", "Rin", "--dispute", "dis-none"), NotRecorded),
    ):
        assert isinstance(genzu(settings, dispute_command, "correct", picture, *words).exception, error), (
            words
        )
    assert names(film, picture) == ["Mori Aoi"]


def test_what_a_stranger_wrote_is_private_and_can_be_erased(film, tmp_path):
    picture = film.layout("layout: Mori Aoi").record.picture
    opened = say(film, picture, evidence=b"a scan of my sketch")
    ledger, home = film.archive.ledger, film.archive.settings.home
    assert all(CLAIM.encode() not in each.leaf and b"rin@" not in each.leaf for each in ledger.entries())
    assert film.archive.vault.get(Digest.of(b"a scan of my sketch")) == b"a scan of my sketch"
    receipt = ledger.receipt(opened.seq)
    forget_dispute(film.archive.ledger, film.archive.vault, register_of(ledger), opened.dispute)
    assert Digest.of(b"a scan of my sketch") not in film.archive.vault
    found = register_of(ledger).disputes[opened.dispute]
    assert (found.claim, found.contact) == ("(erased)", "(erased)")
    verify(receipt)
    for file in home.glob("ledger.sqlite3*"):
        assert b"rin@example.org" not in file.read_bytes()


def test_an_id_that_is_typed_with_a_capital_means_that_dispute_to_whoever_answers_corrects_or_erases(
    film, settings
):
    picture, ledger = film.layout("layout: Mori Aoi").record.picture, film.archive.ledger
    dispute = say(film, picture).dispute
    typed = f" {dispute.capitalize()}"
    corrected = genzu(settings, dispute_command, "correct", picture, "--role", "layout", "--by", "Mori Aoi",
                      "--was", "Mori Aoi", "--dispute", typed)  # fmt: skip
    assert corrected.exit_code == 0, corrected.exception
    named = genzu(
        settings, people_command, "set", "Mori Aoi", "--contact", "aoi@example.org", "--dispute", typed
    )
    assert named.exit_code == 0, named.exception
    for said in list(ledger.entries())[-2:]:
        assert said.body["dispute"] == dispute
    answered = genzu(settings, dispute_command, "answer", typed, "--outcome", "accepted", "--by", "Mori Aoi")
    assert answered.stdout.startswith(f"{dispute}: accepted")
    assert register_of(ledger).disputes[dispute].state == "accepted"
    assert genzu(settings, dispute_command, "erase", typed, "--yes").stdout.startswith(
        f"forgotten: {dispute}"
    )
    assert CLAIM.encode() not in b"".join(p.read_bytes() for p in settings.home.glob("ledger.sqlite3*"))
    assert register_of(ledger).disputes[dispute].claim == ERASED


def test_a_change_of_a_person_names_a_dispute_that_is_on_record(film, settings):
    film.layout("layout: Mori Aio")
    done = genzu(
        settings, people_command, "set", "Mori Aio", "--name", "Mori Aoi", "--dispute", "dis-nowhere"
    )
    assert isinstance(done.exception, NotRecorded) and "no dispute 'dis-nowhere'" in str(done.exception)
    assert register_of(film.archive.ledger).only("Mori Aio").name == "Mori Aio"


def test_evidence_that_is_a_recorded_picture_stays_when_the_dispute_is_erased(film):
    made = film.layout("layout: Mori Aoi")
    opened = say(film, made.record.picture, evidence=made.path.read_bytes())
    forget_dispute(film.archive.ledger, film.archive.vault, register_of(film.archive.ledger), opened.dispute)
    assert made.digest in film.archive.vault


@pytest.mark.parametrize(
    "changed",
    [
        {"claim": ""},
        {"claim": "x" * (CLAIM_LIMIT + 1)},
        {"claim": "hidden\u202e"},
        {"contact": " "},
        {"contact": "x" * 10_000},
        {"evidence": b"x" * (EVIDENCE_LIMIT + 1)},
        {"about": ""},
    ],
)
def test_a_claim_that_says_nothing_or_too_much_is_refused(film, changed):
    picture = film.layout("layout: Mori Aoi").record.picture
    with pytest.raises(StatementError):
        say(film, changed.pop("about", picture), **changed)
    assert register_of(film.archive.ledger).disputes == {}


def test_a_dispute_about_nothing_is_refused(film):
    with pytest.raises(NotRecorded):
        say(film, "pic-none")
    with pytest.raises(NotRecorded):
        say(film, "", person="per-none")


def test_a_flood_is_refused():
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    one = Dispute("dis-0", CLAIM, "rin@example.org", "pic-1", at="2026-11-23T09:00:00Z")
    crowd = [
        replace(one, dispute=f"dis-{n}", claim=f"{n}", contact=f"{n}@x.org") for n in range(OPEN_PER_PICTURE)
    ]
    with pytest.raises(StatementError, match="open here"):
        refuse_flood(crowd, one, now)
    burst = [replace(each, at="2026-11-23T11:30:00Z", picture=f"pic-{n}") for n, each in
             enumerate(crowd * (PER_HOUR // OPEN_PER_PICTURE + 1))]  # fmt: skip
    with pytest.raises(StatementError, match="last hour"):
        refuse_flood(burst, replace(one, picture="pic-new"), now)
    refuse_flood(
        [replace(each, at="2026-11-23T10:00:00Z") for each in burst], replace(one, picture="pic-new"), now
    )


def test_a_stranger_does_not_learn_from_the_form_who_disputes_what(film):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from provenance.tabs.dispute import hear_claim

    about = [film.layout(f"layout: {name}").record.picture for name in ("Mori Aoi", "Sato Hana")]
    for number in range(7):
        say(film, about[0], claim=f"{CLAIM} {number}", contact="rin@example.org")
    # Somebody who types her contact, also with her own words, is told what everybody is.
    for words in (f"{CLAIM} 0", "Another claim"):
        for picture in about:
            told = [hear_claim(film.archive, picture, words, who, None)
                    for who in ("rin@example.org", "nobody@example.org")]  # fmt: skip
            assert len({re.sub(r"dis-\w+|\d+", "…", each) for each in told}) == 1


def test_a_receipt_that_the_ledger_contradicts_is_no_correction(film, settings, tmp_path):
    made = film.layout("layout: Mori Aoi")
    held = tmp_path / "receipt.tlog-proof"
    held.write_text(str(film.archive.ledger.receipt(made.record.requested)))
    other = tmp_path / "other"
    other.mkdir()
    with Ledger.open(other / "ledger.sqlite3", key=other / "keys" / "ledger.key"):
        pass
    against_another = genzu(Settings(home=other), receipt_group, "compare", str(held))
    assert (
        isinstance(against_another.exception, NotRecorded) and "does not hold" not in against_another.stdout
    )
    held.write_text("no receipt")
    assert genzu(settings, receipt_group, "compare", str(held)).exit_code != 0
    assert isinstance(
        genzu(settings, receipt_group, "compare", str(tmp_path / "none")).exception, OutputError
    )


def test_a_corrected_picture_is_signed_again_over_the_old_file(film, settings, tmp_path):
    made = film.layout("layout: Mori Aio")
    genzu(settings, people_command, "set", "Mori Aio", "--name", "Mori Aoi")
    out = tmp_path / "again.png"
    line = ("--credit-line", "Studio Kita")
    done = genzu(settings, dispute_command, "reissue", made.record.picture, "-o", str(out), *line)
    assert done.exit_code == 0, done.exception
    assert b"Studio Kita" in out.read_bytes()
    chain = read_chain(out, trust=film.archive.trust)
    assert chain.verdict is Verdict.INTACT_KNOWN
    assert [step.people[0].name for step in chain.steps] == ["Mori Aio", "Mori Aoi"]
    again = film.archive.ledger.pictures_with_file(Digest.of_file(out))[0]
    assert again.statement.inputs[0].picture == made.record.picture


def test_a_picture_signed_again_is_no_new_step_of_anybody(film, settings, tmp_path):
    last = film.chain()[-1]
    genzu(settings, people_command, "set", "Elin Lindqvist", "--name", "Elin Lind")
    done = genzu(settings, dispute_command, "reissue", last.record.picture, "-o", str(tmp_path / "again.png"))
    assert done.exit_code == 0, done.exception
    told = genzu(settings, roll_command, "--production", PRODUCTION).stdout
    assert "signed again, retouch: Elin Lind" in told
    assert "no gap was found" in told
    draft = genzu(settings, roll_command, "--production", PRODUCTION, "--format", "copyright").stdout
    assert draft.split("EVIDENCE")[0].count("by hand") == 2
    assert "signed again" in draft.split("EVIDENCE")[1]


def test_a_person_is_erased_and_every_proof_stays_valid(film, settings):
    made = film.chain()
    ledger = film.archive.ledger
    receipts = [ledger.receipt(seq) for seq in range(len(ledger))]
    done = genzu(settings, people_command, "erase", "森 あおい", "--yes")
    assert done.exit_code == 0, done.exception
    for receipt in receipts:
        verify(receipt)
    assert [each.person.shown() for each in register_of(ledger).credits(made[0].record)] == ["(erased)"]
    for file in film.archive.settings.home.glob("ledger.sqlite3*"):
        assert "森 あおい".encode() not in file.read_bytes()
    assert not Path(film.archive.settings.checkpoints).read_text().count("森")


def test_an_erasure_that_a_reader_holds_up_is_not_said_to_be_done(film, settings, monkeypatch):
    film.layout("layout: Uranai Kazamatsuri")
    monkeypatch.setattr("provenance.ledger.store.database.PATIENCE", 0.2)
    path = settings.home / "ledger.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM private").fetchone()
        held_up = genzu(settings, people_command, "erase", "Uranai Kazamatsuri", "--yes")
    assert "still in the database file" in held_up.output
    Ledger.open(path, key=settings.keys / "ledger.key").close()
    assert b"Kazamatsuri" not in path.read_bytes()


def test_two_people_under_one_record_are_split_by_picture(film, settings):
    first, second = film.layout("layout: Sato Yuki"), film.layout("layout: Sato Yuki")
    done = genzu(settings, people_command, "split", "Sato Yuki", "--picture", second.record.picture,
                 "--to", "Sato Yuki", "--by", "Sato Yuki")  # fmt: skip
    assert done.exit_code == 0, done.exception
    register = register_of(film.archive.ledger)
    one, other = (register.credits(each.record)[0].person for each in (first, second))
    assert one.person != other.person
    assert one.name == other.name == "Sato Yuki"


def test_a_credit_is_confirmed_by_another_hand(film, settings):
    picture = film.chain()[0].record.picture
    for by, kind in (("森 あおい", "credit.claimed"), ("Sato Hana", "credit.confirmed")):
        done = genzu(settings, people_command, "confirm", picture, "森 あおい", "--role", "layout", "--by", by,
                     "--hours", "6.5 h")  # fmt: skip
        assert kind in done.stdout
    claims = register_of(film.archive.ledger).claims[picture]
    assert [each.confirmed for each in claims] == [False, True]
    wrong = genzu(
        settings, people_command, "confirm", picture, "Sato Hana", "--role", "layout", "--by", "Sato Hana"
    )
    assert isinstance(wrong.exception, StatementError)
