"""The flow: what is written down, what is handed over, and what stays when something goes wrong."""

from pathlib import Path

import pytest
from PIL import Image

from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.disclosure import Publication
from provenance.errors import OutputError, PictureError, StatementError, Stopped
from provenance.inspection.lineage import history_of_record
from provenance.ledger.store.records import State
from provenance.release.archive import Archive
from provenance.release.job import Job, software
from provenance.release.made import Made
from provenance.release.opening import open_archive
from provenance.release.release import record, release, retouch
from provenance.statement.canonical import Digest, new_id
from provenance.statement.credit import Credit, Role, parse_credit
from provenance.statement.statement import Project, Statement
from provenance.statement.vocabulary import Maker, SourceType, Stage, Step

BY = (Credit(Role.LAYOUT, "Mori Aoi"),)


def recorded(archive: Archive, layout: Path, out: Path):
    return record(archive, layout, Job(BY, out), source_type=SourceType.DIGITAL_CREATION)


def statement() -> Statement:
    return Statement(new_id("pic"), Step.RECORD, SourceType.DIGITAL_CREATION, software(), BY)


def nothing_left_behind(archive: Archive, folder: Path) -> bool:
    return not list(archive.settings.staging.iterdir()) and not list(folder.glob(".*.part"))


def test_a_recorded_layout_is_signed_and_the_original_stays_untouched(archive, layout, tmp_path):
    before = layout.read_bytes()
    out = recorded(archive, layout, tmp_path / "signed.png")
    assert layout.read_bytes() == before
    assert out.digest == Digest.of_file(out.path) == out.record.output.digest
    assert out.record.state is State.RELEASED
    chain = read_chain(out.path, trust=archive.trust)
    assert chain.verdict is Verdict.INTACT_KNOWN
    assert [(named.name, named.role) for named in chain.file.people] == [("Mori Aoi", "layout")]
    assert chain.file.maker is Maker.HUMAN


def test_the_ledger_knows_the_signed_file_and_the_unsigned_original_by_its_bytes(archive, layout, tmp_path):
    out = recorded(archive, layout, tmp_path / "signed.png")
    assert [each.picture for each in archive.ledger.pictures_with_file(out.digest)] == [out.record.picture]
    assert archive.vault.get(Digest.of_file(layout)) == layout.read_bytes()
    assert archive.vault.get(out.digest) == out.path.read_bytes()


def test_a_retouch_keeps_its_parents_history(archive, layout, revised, tmp_path):
    first = recorded(archive, layout, tmp_path / "signed.png")
    out = retouch(
        archive, first.path, revised, Job((parse_credit("retouch: Sato Hana"),), tmp_path / "final.png")
    )
    chain = read_chain(out.path, trust=archive.trust)
    assert chain.verdict is Verdict.INTACT_KNOWN
    assert [step.people[0].name for step in chain.steps] == ["Mori Aoi", "Sato Hana"]
    assert out.record.statement.parent.picture == first.record.picture
    assert [each.picture for each in archive.ledger.children(first.record.picture)] == [out.record.picture]


def test_of_a_file_that_was_recorded_twice_a_revision_has_the_record_that_its_credentials_name(
    archive, layout, revised, tmp_path
):
    drawing = (
        tmp_path / "layout.gif"
    )  # which holds no credentials and keeps its bytes: one digest, two records
    Image.open(layout).save(drawing)
    two = [recorded(archive, drawing, tmp_path / f"{number}.gif") for number in range(2)]
    again = recorded(archive, two[1].path, tmp_path / "again.gif")
    for number, first in enumerate((*two, again)):
        job = Job((parse_credit("retouch: Sato Hana"),), tmp_path / f"final-{number}.png")
        out = retouch(archive, first.path, revised, job)
        assert out.record.statement.parent.picture == first.record.picture
        assert history_of_record(archive.ledger, out.record).sentence == (
            "Recorded as human-made: drawn by Mori Aoi, revised by Sato Hana."
        )
    assert [each.record.statement.inputs[0].picture for each in (*two, again)] == [
        None, two[0].record.picture, two[1].record.picture
    ]  # fmt: skip


def revised_in(archive, layout, revised, tmp_path, own):
    """The revision, for a job in `own`, of a layout that is recorded as the final one of a cut."""
    place = Project("Snow Station", "2", "c014", Stage.FINAL)
    first = record(
        archive, layout, Job(BY, tmp_path / "1.png", place), source_type=SourceType.DIGITAL_CREATION
    )
    return retouch(
        archive, first.path, revised, Job((parse_credit("retouch: Sato Hana"),), tmp_path / "2.png", own)
    )


def test_a_retouch_belongs_where_its_parent_does_and_says_so(archive, layout, revised, tmp_path):
    out = revised_in(archive, layout, revised, tmp_path, Project())
    assert out.record.statement.project == Project("Snow Station", "2", "c014", Stage.TEMP)
    assert (
        "it is recorded where its parent is: Snow Station, 2, c014; for another place give --production"
        in out.notes
    )


@pytest.mark.parametrize("own", [Project("Another Film"), Project(shot="c015"), Project(episode="3")])
def test_a_retouch_that_is_given_a_place_has_that_alone(archive, layout, revised, tmp_path, own):
    out = revised_in(archive, layout, revised, tmp_path, own)
    assert out.record.statement.project == own and out.notes == ()


def test_a_retouch_of_what_the_ledger_does_not_have_belongs_nowhere(archive, layout, revised, tmp_path):
    out = retouch(archive, layout, revised, Job((parse_credit("retouch: Sato Hana"),), tmp_path / "2.png"))
    assert out.record.statement.project == Project() and out.notes == ()


def test_recording_a_signed_picture_again_keeps_its_credentials_as_history(archive, layout, tmp_path):
    first = recorded(archive, layout, tmp_path / "once.png")
    again = record(
        archive,
        first.path,
        Job((Credit(Role.SUPERVISION, "Elin Lindqvist"),), tmp_path / "twice.png"),
        source_type=SourceType.DIGITAL_CREATION,
    )
    chain = read_chain(again.path, trust=archive.trust)
    assert chain.verdict is Verdict.INTACT_KNOWN
    assert [step.people[0].name for step in chain.steps] == ["Mori Aoi", "Elin Lindqvist"]


def test_a_retouch_that_changes_no_pixel_is_refused(archive, layout, tmp_path):
    with pytest.raises(StatementError, match="same pixels"):
        retouch(archive, layout, layout, Job(BY, tmp_path / "out.png"))
    assert archive.ledger.pictures() == []


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("taken.png", "exists already"),
        ("no/such/folder.png", "make it first"),
        (".", "is a folder"),
        ("out.jpg", "format"),
    ],
)
def test_an_output_that_cannot_be_taken_is_refused_before_anything_is_written_down(
    archive, layout, tmp_path, name, match
):
    (tmp_path / "taken.png").write_bytes(b"mine")
    with pytest.raises(OutputError, match=match):
        recorded(archive, layout, tmp_path / name)
    assert (tmp_path / "taken.png").read_bytes() == b"mine"
    assert archive.ledger.pictures() == []


def test_force_replaces_the_output_in_one_move(archive, layout, tmp_path):
    out = tmp_path / "out.png"
    out.write_bytes(b"old")
    record(archive, layout, Job(BY, out, force=True), source_type=SourceType.PRINT)
    assert Image.open(out).size == (96, 64)


def test_nobody_named_is_refused(archive, layout, tmp_path):
    with pytest.raises(StatementError, match="nobody is named"):
        record(archive, layout, Job((), tmp_path / "out.png"), source_type=SourceType.PRINT)


def test_a_maker_that_is_called_off_leaves_a_cancelled_record_and_no_file(archive, tmp_path):
    said = statement()

    def make() -> Made:
        raise Stopped

    with pytest.raises(Stopped):
        release(archive, said, (), make, Job(said.credits, tmp_path / "out.png"))
    assert archive.ledger.picture(said.picture).state is State.CANCELLED
    assert not (tmp_path / "out.png").exists()
    assert nothing_left_behind(archive, tmp_path)


def test_a_maker_that_fails_leaves_a_failed_record_and_no_file(archive, tmp_path):
    said = statement()

    def make() -> Made:
        raise MemoryError

    with pytest.raises(MemoryError):
        release(archive, said, (), make, Job(said.credits, tmp_path / "out.png"))
    assert archive.ledger.picture(said.picture).state is State.FAILED
    assert nothing_left_behind(archive, tmp_path)


def test_a_maker_that_returns_no_picture_is_an_error_and_leaves_no_file(archive, tmp_path):
    said = statement()
    with pytest.raises((PictureError, Exception), match=r"picture|PNG|png"):
        release(
            archive,
            said,
            (),
            lambda: Made(b"not a picture", "image/png"),
            Job(said.credits, tmp_path / "out.png"),
        )
    assert archive.ledger.picture(said.picture).state is State.FAILED
    assert not (tmp_path / "out.png").exists()
    assert nothing_left_behind(archive, tmp_path)


def test_an_output_taken_while_the_picture_was_made_is_not_overwritten_and_the_picture_is_kept(
    archive, settings, layout, tmp_path
):
    said, out = statement(), tmp_path / "out.png"

    def make() -> Made:
        out.write_bytes(b"somebody else's")
        return Made(layout.read_bytes(), "image/png")

    with pytest.raises(OutputError, match="exists already"):
        release(archive, said, (), make, Job(said.credits, out))
    found = archive.ledger.picture(said.picture)
    assert found.state is State.RELEASED
    assert out.read_bytes() == b"somebody else's"
    assert Digest.of(archive.vault.get(found.output.digest)) == found.output.digest
    archive.close()
    with open_archive(settings) as again:
        assert [each.outcome for each in again.recovered] == ["kept in the vault"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (lambda: Job(BY, Path("out.png"), Project(production="Kita\ud800")), "the production holds half"),
        (lambda: Job(BY, Path("out.png"), Project(shot="c\udcff")), "the shot holds half"),
        (lambda: Job(BY, Path("out.png"), note="seen\ud800"), "the note holds half"),
        (
            lambda: Job(BY, Path("out.png"), Project(episode="1\u202e")),
            r"the episode holds the invisible mark U\+202E",
        ),
        (
            lambda: Publication(credit_line="Kita \u202e atiK"),
            r"the credit line holds the invisible mark U\+202E",
        ),
    ],
)
def test_what_no_record_or_file_can_hold_is_told_before_anything_is_written(asked, words):
    with pytest.raises(StatementError, match=words):
        asked()
