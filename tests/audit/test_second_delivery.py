"""A second mixed delivery, its truth written before it was looked at, by other forms, containers and names."""

import json

import pytest
from click.testing import CliRunner
from delivery_samples import wrong
from second_delivery import deliver_second

from provenance.commands.audit import audit_command
from provenance.release.opening import open_archive
from provenance.settings import Settings


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The delivery with its truth, and its report as JSON."""
    place = tmp_path_factory.mktemp("second")
    settings = Settings(home=place / "home")
    with open_archive(settings) as archive:
        made = deliver_second(archive, place / "delivery", place / "work", 1)
    out = place / "r.json"
    options = [str(made.folder), "--report", str(out), "--no-look-up", "--jobs", "1"]
    CliRunner().invoke(audit_command, options, obj=settings, catch_exceptions=False)
    return made, json.loads(out.read_text("utf-8"))


def test_every_file_of_the_second_delivery_has_its_right_answer(told):
    made, report = told
    assert len(made.truth) > 70
    assert wrong(report["rows"], made.truth) == []


def test_what_has_no_row_is_left_out_by_name(told):
    _, report = told
    left_out = {each["path"].rsplit("/", 1)[-1]: each["why"] for each in report["left_out_files"]}
    assert set(left_out) == {"notes.txt", ".DS_Store", "s4.xmp", "alone.xmp"}
    assert "the one picture that it belongs to is not here" in left_out["s4.xmp"]
