"""A report says of a file that looks like a recorded picture that it does, and leaves its answer as it is."""

import csv
import json
from pathlib import Path

from click.testing import CliRunner, Result
from jsonschema import validate
from lookup_samples import cut, landscape

from provenance.commands.audit import audit_command
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType


def recorded(archive: Archive, folder: Path, seed: int) -> str:
    drawn = folder / "drawn.png"
    landscape(seed).save(drawn)
    job = Job((Credit(Role.BACKGROUND, "Mori Aoi"),), folder / f"signed-{seed}.png")
    return record(archive, drawn, job, source_type=SourceType.DIGITAL_CREATION).record.picture


def audited(settings: Settings, *args: object) -> Result:
    return CliRunner().invoke(audit_command, [str(each) for each in args], obj=settings)


def test_a_cut_jpeg_is_unknown_and_its_row_names_the_picture_that_it_looks_like(
    archive: Archive, settings: Settings, tmp_path: Path
) -> None:
    pictures = [recorded(archive, tmp_path, seed) for seed in (1, 2)]
    delivery = tmp_path / "delivery"
    delivery.mkdir()
    cut(landscape(2), 0.1).save(delivery / "c001_bg.jpg", quality=60)
    landscape(9).save(delivery / "c002_bg.png")
    outs = [tmp_path / f"report.{ending}" for ending in ("json", "csv", "html")]
    told = audited(settings, delivery, *(each for out in outs for each in ("--report", out)))
    assert told.exit_code == 0 and f"it looks like {pictures[1]}" in told.output
    data = json.loads(outs[0].read_text())
    validate(data, json.loads(Path("docs/reference/audit.schema.json").read_text()))
    cut_one, stranger = data["rows"]
    assert cut_one["classification"] == "unknown" and stranger["looks_like"] == []
    assert [(each["picture"], each["sureness"]) for each in cut_one["looks_like"]] == [
        (pictures[1], "certain")
    ]
    assert any(each.startswith("cut to about") for each in cut_one["looks_like"][0]["differs"])
    assert data["summary"]["look_like_a_record"]["unknown"] == 1
    lines = list(csv.DictReader(outs[1].read_text("utf-8-sig").splitlines()))
    assert [each["looks_like"] for each in lines] == [f"{pictures[1]} (certain)", ""]
    page = outs[2].read_text()
    assert page.startswith("<!doctype html>")
    assert "1 of them looks like a picture on record" in page and "which proves no origin" in page
    assert page.count("≈") == 1  # the recorded picture, small, stands beside the file
