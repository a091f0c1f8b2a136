"""Where a model lies on a disk is told by no signed file, by no export, and by no answer to a stranger."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from credential_samples import AT, ENTRY, GENZU, MODEL, NIGHT, file, signer
from ledger_samples import open_ledger, painted, release

from provenance.credentials.sign.disclosure import Publication
from provenance.credentials.sign.manifest import Order, embed
from provenance.exports.public import public_picture
from provenance.inspection.lineage import lineage
from provenance.ledger.records_json import record_json
from provenance.ledger.store.records import PictureRecord
from provenance.people.register import Register, register_of
from provenance.statement.credit import parse_credit
from provenance.statement.statement import AdapterUse, Statement
from provenance.statement.vocabulary import SourceType, Step
from provenance.tabs.told.discretion import public

PLACES = (
    "/srv/kept-secret/sd",
    "~/kept-secret/sd",
    "./kept-secret/sd",
    r"C:\kept-secret\sd",
    "D:/kept-secret/sd",
    r"\\kept-secret\sd",
    "file:///srv/kept-secret/sd",
)


@pytest.mark.parametrize("place", PLACES)
def test_no_signed_file_tells_it(place: str):
    model = replace(MODEL, name=place, source=place)
    credits = (parse_credit("prompt: Abe Rin"),)
    kind = SourceType.TRAINED_ALGORITHMIC_MEDIA
    statement = Statement(
        "pic-1", Step.PAINT, kind, GENZU, credits, (), NIGHT, model, {}, adapters=(AdapterUse(model, 0.5),)
    )
    order = Order(statement, ENTRY, AT, publication=Publication(parameters_text=True))
    assert b"kept-secret" not in embed(file(), "image/png", order, signer()).data


@pytest.fixture(params=PLACES)
def recorded(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[PictureRecord, Register]:
    """A released picture of such a model, as another program may have recorded it."""
    said = painted("pic-1")
    assert said.model is not None
    with open_ledger(tmp_path) as ledger:
        ledger.request(replace(said, model=replace(said.model, name=request.param, source=request.param)))
        release(ledger, "pic-1")
        return ledger.picture("pic-1"), register_of(ledger)


def test_no_export_and_no_answer_to_a_stranger_tells_it(recorded: tuple[PictureRecord, Register]):
    record, register = recorded
    told = public_picture(register, record)
    assert told is not None and told.model is not None and told.model.name == "sd"
    assert "kept-secret" not in str(told.model)
    assert "kept-secret" not in json.dumps(public({"record": record_json(record)}, register))
    assert lineage(record).nodes[-1].models == ("sd",)
