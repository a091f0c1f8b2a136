"""Files that hold no credentials leave byte for byte, with their credentials beside them, and are found with them."""

import random
import zipfile
from pathlib import Path

import encypher_c2pa
import pytest
from conftest import draw_house
from credential_samples import AT, ENTRY, GENZU, file

from provenance.audit.audit import Look, audit
from provenance.audit.delivery import survey
from provenance.audit.row import Row
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.ingredients import Source
from provenance.credentials.sign.manifest import Order, embed
from provenance.errors import OutputError, PictureError
from provenance.inspection.answers import Classification
from provenance.inspection.evidence.observed import Match
from provenance.inspection.inspection import inspect
from provenance.media.sidecar import LIMIT
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.journal import hand_over
from provenance.release.made import Released
from provenance.release.reissue import reissue
from provenance.release.release import record, retouch
from provenance.statement.canonical import Digest
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Input, InputRole, Resource, Statement
from provenance.statement.vocabulary import Relation, SourceType, Step

BY = (Credit(Role.BACKGROUND, "Mori Aoi"),)
SCENES = {
    "scene.psd": b"8BPS\0\1" + bytes(range(256)) * 4,
    "scene.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0L9 9"/></svg>',
    "scene.pdf": b"%PDF-1.4\nno reader takes this one apart\n%%EOF",
    "scene.exr": b"v/1\1" + bytes(80),
    "scene": b"no ending at all",
}


def taken(archive: Archive, folder: Path, name: str = "scene.psd") -> Released:
    source = folder / name
    source.write_bytes(SCENES[name])
    (folder / "out").mkdir(exist_ok=True)
    job = Job(BY, folder / "out" / name)
    return record(archive, source, job, source_type=SourceType.DIGITAL_CREATION)


@pytest.mark.parametrize("name", SCENES)
def test_a_file_of_any_kind_is_recorded_with_its_credentials_beside_it(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    out = taken(archive, tmp_path, name).path
    assert out.read_bytes() == SCENES[name]
    told = inspect(out, trust=archive.trust, ledger=archive.ledger)
    assert told.chain.verdict is Verdict.INTACT_KNOWN and told.exit_code == 0
    assert told.match is Match.FILE
    assert any("in a file beside it" in each.words for each in told.findings)
    assert [(each.role, each.name) for each in told.chain.steps[-1].people] == [("background", "Mori Aoi")]


def test_a_changed_file_beside_its_credentials_is_altered(archive: Archive, tmp_path: Path) -> None:
    out = taken(archive, tmp_path).path
    out.write_bytes(out.read_bytes().replace(b"\x07", b"\x08"))
    told = inspect(out, trust=archive.trust, ledger=archive.ledger)
    assert told.chain.verdict is Verdict.ALTERED and told.exit_code == 1


def test_a_file_without_its_sidecar_is_still_known_to_the_ledger(archive: Archive, tmp_path: Path) -> None:
    out = taken(archive, tmp_path).path
    out.with_name("scene.psd.c2pa").unlink()
    told = inspect(out, trust=archive.trust, ledger=archive.ledger)
    assert told.match is Match.FILE and told.chain.steps == ()


def test_credentials_inside_a_file_win_over_those_beside_it(
    archive: Archive, tmp_path: Path, layout: Path
) -> None:
    out = record(archive, layout, Job(BY, tmp_path / "in.png"), source_type=SourceType.DIGITAL_CREATION).path
    stranger = taken(archive, tmp_path)
    out.with_name("in.png.c2pa").write_bytes(stranger.path.with_name("scene.psd.c2pa").read_bytes())
    told = inspect(out, trust=archive.trust, ledger=archive.ledger)
    assert told.chain.verdict is Verdict.INTACT_KNOWN and told.chain.kept == ""


def test_what_lies_beside_a_file_stays_its_history_when_it_is_signed_again_or_painted_over(
    archive: Archive, tmp_path: Path
) -> None:
    drawn = tmp_path / "drawn.gif"
    draw_house().save(drawn)
    first = record(archive, drawn, Job(BY, tmp_path / "first.gif"), source_type=SourceType.PRINT)
    again = reissue(archive, first.record.picture, tmp_path / "again.gif")
    third = record(archive, again.path, Job(BY, tmp_path / "third.gif"), source_type=SourceType.PRINT)
    ways = [inspect(each.path, trust=archive.trust, ledger=archive.ledger) for each in (first, again, third)]
    assert [len(told.chain.steps) for told in ways] == [1, 2, 3]
    assert {told.exit_code for told in ways} == {0}
    assert ways[2].chain.steps[0].record["picture"] == first.record.picture

    revised = tmp_path / "revised.png"
    draw_house().rotate(180).save(revised)
    made = retouch(archive, again.path, revised, Job(BY, tmp_path / "made.png"))
    told = inspect(made.path, trust=archive.trust, ledger=archive.ledger)
    assert [step.verdict for step in told.chain.steps] == [Verdict.INTACT_KNOWN] * 3
    assert told.classified.answer is Classification.HUMAN_MADE
    report = encypher_c2pa.verify(
        made.path.read_bytes(),
        "image/png",
        trust_pem=archive.trust.pem,
        no_default_trust=True,
        telemetry=False,
    )
    assert report["validation_state"] == "Trusted" and not report["validation_results"]["failure"]


def test_no_damage_beside_a_file_is_washed_off_by_one_more_signature(
    archive: Archive, tmp_path: Path
) -> None:
    out = taken(archive, tmp_path).path
    store, whole = out.with_name("scene.psd.c2pa"), out.read_bytes()
    job = Job(BY, tmp_path / "again.psd", force=True)
    for data, credentials, verdict in (
        (whole.replace(b"\x07", b"\x08"), store.read_bytes(), Verdict.ALTERED),
        (whole, store.read_bytes()[:300], Verdict.NOT_CHECKED),
        (whole, b"junk", Verdict.NOT_CHECKED),
    ):
        out.write_bytes(data)
        store.write_bytes(credentials)
        again = record(archive, out, job, source_type=SourceType.PRINT)
        assert read_chain(again.path, trust=archive.trust).verdict is verdict


def test_no_damage_of_many_beside_a_file_is_washed_off(archive: Archive, tmp_path: Path) -> None:
    out = taken(archive, tmp_path).path
    whole, store, chance = out.read_bytes(), out.with_name("scene.psd.c2pa").read_bytes(), random.Random(4)
    given = Input(InputRole.PARENT, Relation.PARENT, Resource(Digest.of(whole), "image/x", len(whole)))
    statement = Statement("pic-9", Step.RETOUCH, SourceType.HUMAN_EDITS, GENZU, BY, (given,))
    for _ in range(60):
        damaged = bytearray(store)
        damaged[chance.randrange(len(store))] ^= 1 << chance.randrange(8)
        before = read_chain(whole, trust=archive.trust, beside=bytes(damaged)).verdict
        order = Order(statement, ENTRY, AT, (Source(whole, given, bytes(damaged)),))
        after = read_chain(
            embed(file(seed=9), "image/png", order, archive.identity).data, trust=archive.trust
        )
        assert after.verdict is before or after.verdict in {Verdict.ALTERED, Verdict.NOT_CHECKED}


@pytest.mark.parametrize("junk", [b"", b"x", bytes(5000), b"jumb" * 400])
def test_junk_beside_a_file_is_an_answer(archive: Archive, tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "a.psd"
    path.write_bytes(SCENES["scene.psd"])
    path.with_name("a.psd.c2pa").write_bytes(junk)
    assert inspect(path, trust=archive.trust, ledger=None).chain.verdict in {
        Verdict.NOT_CHECKED,
        Verdict.NO_CREDENTIALS,
    }


def rows(archive: Archive, *paths: Path) -> dict[str, Row]:
    found = audit(survey(paths).items, Look(archive.trust, None))
    return {each.path.rsplit("/", 1)[-1]: each for each in found}


def test_an_audit_finds_sidecars_in_folders_and_in_archives(archive: Archive, tmp_path: Path) -> None:
    for name in ("scene.psd", "scene.pdf"):
        taken(archive, tmp_path, name)
    found = rows(archive, tmp_path / "out")
    assert {each.verdict for each in found.values()} == {Verdict.INTACT_KNOWN}
    assert set(found) == {"scene.psd", "scene.pdf"} and survey([tmp_path / "out"]).left_out == ()
    with zipfile.ZipFile(tmp_path / "delivery.zip", "w") as packed:
        for path in (tmp_path / "out").iterdir():
            packed.write(path, path.name)
    assert survey([tmp_path / "delivery.zip"]).left_out == ()
    found = rows(archive, tmp_path / "delivery.zip")
    assert {name: each.verdict for name, each in found.items()} == {
        "scene.psd": Verdict.INTACT_KNOWN,
        "scene.pdf": Verdict.INTACT_KNOWN,
    }


def test_both_files_come_out_of_the_vault_again(archive: Archive, tmp_path: Path) -> None:
    released = taken(archive, tmp_path)
    again = tmp_path / "again.psd"
    hand_over(released.record, again, archive.vault, force=False)
    assert again.read_bytes() == SCENES["scene.psd"]
    assert Digest.of_file(tmp_path / "again.psd.c2pa") == Digest.parse(str(released.record.facts["sidecar"]))


def test_a_corrected_file_is_signed_again_beside_the_same_bytes(archive: Archive, tmp_path: Path) -> None:
    first = taken(archive, tmp_path)
    other = tmp_path / "again.psd"
    again = record(
        archive, first.path, Job((Credit(Role.BACKGROUND, "Sato Hana"),), other), source_type=SourceType.PRINT
    )
    assert again.record.statement.inputs[0].picture == first.record.picture
    for path, released, name in ((first.path, first, "Mori Aoi"), (other, again, "Sato Hana")):
        told = inspect(path, trust=archive.trust, ledger=archive.ledger)
        assert told.record is not None and told.record.picture == released.record.picture
        assert told.exit_code == 0 and told.chain.steps[-1].people[0].name == name


def test_no_damage_to_a_sidecar_reads_as_fine_or_breaks_out(archive: Archive, tmp_path: Path) -> None:
    out = taken(archive, tmp_path).path
    place = out.with_name("scene.psd.c2pa")
    whole, dice = place.read_bytes(), random.Random(4)
    fine = 0
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(dice.randint(1, 4)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        cut = dice.choice((len(damaged), dice.randrange(1, len(damaged))))
        chain = read_chain(SCENES["scene.psd"], trust=archive.trust, beside=bytes(damaged[:cut]))
        fine += chain.verdict is Verdict.INTACT_KNOWN
    # Padding and box labels are outside of every signature; about one byte in thirty.
    assert fine < 30


def test_nothing_is_overwritten_and_a_picture_is_not_taken_for_a_mere_file(
    archive: Archive, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "scene.psd.c2pa").write_bytes(b"mine")
    with pytest.raises(OutputError, match="exists already"):
        taken(archive, tmp_path)
    with pytest.raises(OutputError, match="own format"):
        record(
            archive,
            tmp_path / "scene.psd",
            Job(BY, tmp_path / "x.png"),
            source_type=SourceType.DIGITAL_CREATION,
        )
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(PictureError):
        record(archive, broken, Job(BY, tmp_path / "y.png"), source_type=SourceType.DIGITAL_CREATION)
    assert not list(archive.settings.staging.iterdir())


def test_credentials_beside_a_file_that_are_there_and_not_read_are_told_to_be_just_that(
    archive: Archive, tmp_path: Path
) -> None:
    path = tmp_path / "house.png"
    draw_house().save(path)
    with (tmp_path / "house.png.c2pa").open("wb") as file:
        file.truncate(LIMIT + 1)
    told = inspect(path, trust=archive.trust, ledger=archive.ledger)
    assert told.chain.verdict is Verdict.NOT_CHECKED and told.exit_code == 2
    assert "the credentials beside it are larger than" in told.chain.reasons[0].words
    assert not any("carries no Content Credentials" in each.words for each in told.findings)
