"""TrustMark, without its package: the door says what is missing, and what a file says of a code that it carries."""

import io
import json
from pathlib import Path

import c2pa
import pytest
from click.testing import CliRunner
from lookup_samples import landscape

from generation.cli import genzu
from generation.errors import RequestError
from generation.request.request import PaintSettings
from generation.studio.studio import Studio
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.inspection.whose import OtherMark
from provenance.ledger.store.releases import released_with
from provenance.lookup.trustmark import BITS, by_chance, value_of, why_not
from provenance.media.picture import encode
from provenance.release.archive import Archive
from provenance.release.job import Job, software
from provenance.release.made import Made
from provenance.release.opening import open_archive
from provenance.release.release import release
from provenance.settings import settings_from_environment
from provenance.statement.canonical import new_id
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Statement
from provenance.statement.vocabulary import SourceType, Step

BY = (Credit(Role.LAYOUT, "Mori Aoi"),)


def test_each_picture_has_a_code_of_its_own_in_the_form_of_a_soft_binding() -> None:
    schema, _, bits = value_of("pic-a").partition("*")
    assert schema == "2"
    assert len(bits) == BITS
    assert set(bits) <= {"0", "1"}
    assert len({value_of(f"pic-{number}") for number in range(1000)}) == 1000


def test_a_code_of_no_record_is_told_with_how_often_chance_makes_one() -> None:
    assert [by_chance(f"{schema}*") for schema in (1, 2, 3)] == [2128, 309, 57]
    assert by_chance("0*") > 1_000_000
    told = OtherMark(value_of("pic-a")).words
    assert "that no record of ours has; by chance one is read in one of 309 pictures without" in told
    assert OtherMark(value_of("pic-a"), ("pic-a",)).words.startswith("found: that of pic-a (2*")
    assert OtherMark().words == "none was read"


def test_a_signed_file_says_its_code_as_a_soft_binding_and_the_ledger_finds_it(
    archive: Archive, tmp_path: Path
) -> None:
    said = Statement(new_id("pic"), Step.RECORD, SourceType.DIGITAL_CREATION, software(), BY)
    value = value_of(said.picture)
    data = encode(landscape(4), "image/png")
    made = Made(data, "image/png", {"trustmark": value, "mark": "faint 2"})
    released = release(archive, said, (), lambda: made, Job(BY, tmp_path / "signed.png"))
    reader = c2pa.Reader("image/png", io.BytesIO(released.path.read_bytes()))
    manifest = json.loads(reader.json())["manifests"][released.record.manifest]
    held = {each["label"]: each["data"] for each in manifest["assertions"]}
    assert held["c2pa.soft-binding"] == {
        "alg": "com.adobe.trustmark.P",
        "blocks": [{"scope": {}, "value": value}],
    }
    actions = [each["action"] for each in held["c2pa.actions.v2"]["actions"]]
    assert actions[-2:] == ["c2pa.watermarked.unbound", "c2pa.watermarked.bound"]
    assert archive.ledger.ask(lambda db: released_with(db, "trustmark", value)) == [said.picture]
    assert archive.ledger.ask(lambda db: released_with(db, "trustmark", value_of("pic-other"))) == []
    assert read_chain(released.path, trust=archive.trust).verdict is Verdict.INTACT_KNOWN


needs_none = pytest.mark.skipif(not why_not(), reason="TrustMark can be used here")


@needs_none
def test_without_its_extra_detect_says_what_to_install(tmp_path: Path) -> None:
    landscape(5).save(tmp_path / "found.png")
    words = ["--home", str(tmp_path / "home"), "detect", str(tmp_path / "found.png")]
    done = CliRunner().invoke(genzu, words)
    assert done.exit_code == 0, done.output
    told = " ".join(done.output.split())
    assert f"trustmark not looked for: {why_not()}" in told
    answer = json.loads(CliRunner().invoke(genzu, [*words, "--json"]).output)
    assert answer["trustmark"] == {"value": None, "pictures": [], "why_not": why_not()}


@needs_none
def test_a_painting_that_shall_have_one_and_cannot_is_not_begun(tmp_path: Path) -> None:
    settings = settings_from_environment({"GENZU_TRUSTMARK": "on"}, tmp_path / "home")
    landscape(6).save(tmp_path / "layout.png")
    with open_archive(settings) as archive:
        before = len(archive.ledger.pictures())
        with pytest.raises(RequestError, match="TrustMark is asked for here, and TrustMark"):
            Studio.open(archive, "house").paint(
                tmp_path / "layout.png",
                PaintSettings("sunset", num_inference_steps=2),
                Job(BY, tmp_path / "out.png"),
            )
        assert len(archive.ledger.pictures()) == before
    assert not (tmp_path / "out.png").exists()
