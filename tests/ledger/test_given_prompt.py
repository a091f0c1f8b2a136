"""What a model was given in place of the words that were typed: kept beside them, and as private as they are."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_samples import open_ledger, painted, release

from provenance.credentials.sign.disclosure import USUAL, public_lines
from provenance.ledger.check.verify import verify
from provenance.ledger.records_json import record_json
from provenance.proof.receipt import verify as verify_receipt
from provenance.statement.commitment import ERASED
from provenance.statement.statement import Prompt, Statement
from provenance.statement.vocabulary import Disclosure
from provenance.tabs.told.discretion import WITHHELD, discreet_record

TYPED, GIVEN = "雪、赤い家", "white snow, winter, red house"
SEALED = {"text": WITHHELD, "negative": WITHHELD}


def said(disclosure: Disclosure = Disclosure.FULL, given: str = GIVEN) -> Statement:
    return replace(painted("pic-a"), prompt=Prompt(TYPED, disclosure=disclosure, given=given))


def test_the_record_holds_what_was_typed_and_what_was_given(tmp_path: Path):
    with open_ledger(tmp_path) as ledger:
        ledger.request(said())
        release(ledger, "pic-a")
        record = ledger.picture("pic-a")
        assert record.statement.prompt == Prompt(TYPED, given=GIVEN)
        assert record_json(record)["prompt"]["given"] == GIVEN
    assert verify(tmp_path / "ledger.sqlite3", thorough=True).ok


def test_an_entry_without_it_is_written_as_before(tmp_path: Path):
    with open_ledger(tmp_path) as ledger:
        ledger.request(said(given=""))
        (body,) = [each.body for each in ledger.entries() if each.kind == "picture.requested"]
        assert set(body["prompt"]) == {"text", "negative", "disclosure"}
        assert "given" not in record_json(ledger.picture("pic-a"))["prompt"]


def test_it_stands_in_no_entry_as_text_and_is_forgotten_with_the_prompt(tmp_path: Path):
    with open_ledger(tmp_path) as ledger:
        ledger.request(said())
        assert GIVEN not in json.dumps([each.body for each in ledger.entries()])
        ledger.erase("pic-a")
        prompt = ledger.picture("pic-a").statement.prompt
        assert prompt is not None
        assert (prompt.text, prompt.given) == (ERASED, ERASED)
    assert verify(tmp_path / "ledger.sqlite3", thorough=True).ok
    assert GIVEN.encode() not in b"".join(each.read_bytes() for each in tmp_path.rglob("*") if each.is_file())


@pytest.mark.parametrize("disclosure", list(Disclosure))
def test_it_is_told_to_others_only_where_the_prompt_is(tmp_path: Path, disclosure: Disclosure):
    public = disclosure is Disclosure.FULL
    with open_ledger(tmp_path) as ledger:
        asked = ledger.request(said(disclosure))
        release(ledger, "pic-a")
        ledger.checkpoint()
        told = discreet_record({"record": record_json(ledger.picture("pic-a"))})
        shown = told["record"]["prompt"]
        assert shown == ({**shown, "given": GIVEN} if public else {**SEALED, "disclosure": disclosure})
        opened = verify_receipt(ledger.receipt(asked.seq)).opened
        assert (GIVEN in str(opened)) == public
    assert (("as the model was given it", GIVEN) in public_lines(said(disclosure), USUAL)) == public
