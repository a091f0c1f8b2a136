"""Thumbnails out of a file's credentials: drawn beside their steps, decoded anew, and none of ours anywhere."""

import io
import json
from pathlib import Path

import c2pa
import pytest
from click.testing import CliRunner
from credential_samples import every_kind, file, signer
from PIL import Image

from provenance.commands.audit import audit_command
from provenance.commands.inspect import inspect_command
from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read.reader import read_chain
from provenance.credentials.read.thumbnails import thumbnails
from provenance.settings import Settings

CREATED = {
    "action": "c2pa.created",
    "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation",
}


def foreign(thumbnail: bytes) -> bytes:
    """A file as other makers write it: with a small picture of itself, and one of what it was made from."""
    definition = {
        "format": "image/png",
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [CREATED]}}],
        "thumbnail": {"format": "image/jpeg", "identifier": "self.jpg"},
        "ingredients": [
            {
                "title": "before.jpg", "format": "image/jpeg", "relationship": "componentOf", "label": "before",
                "thumbnail": {"format": "image/jpeg", "identifier": "before.jpg"},
            }
        ],
    }  # fmt: skip
    builder = c2pa.Builder(json.dumps(definition), context(Trust()))
    builder.add_resource("self.jpg", io.BytesIO(thumbnail))
    builder.add_resource("before.jpg", io.BytesIO(file("image/jpeg", 7)))
    target = io.BytesIO()
    builder.sign(signer().signer(), "image/png", io.BytesIO(file()), target)
    return target.getvalue()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(foreign(file("image/jpeg")))
    return path


def test_each_step_has_the_small_picture_that_the_credentials_hold(picture: Path) -> None:
    found = thumbnails(picture)
    steps = [each.id for each in read_chain(picture, trust=Trust()).steps]
    assert sorted(found) == sorted(steps) and len(found) == 2
    assert all(each.startswith("data:image/jpeg;base64,") for each in found.values())


def test_a_thumbnail_that_is_no_picture_is_left_out() -> None:
    assert len(thumbnails(foreign(b"<svg onload=alert(1)>"), "a.png")) == 1
    bomb = io.BytesIO()
    Image.new("1", (9000, 9000)).save(bomb, "PNG")
    assert len(thumbnails(foreign(bomb.getvalue()), "a.png")) == 1


def test_our_own_files_hold_none() -> None:
    assert not any(thumbnails(data, "a.png") for data in every_kind("image/png").values())


@pytest.mark.parametrize("data", [b"", b"x", file(), file()[:60]])
def test_a_file_without_any_has_none(data: bytes) -> None:
    assert thumbnails(data, "a.png") == {}


def test_drawing_and_report_show_them(picture: Path, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    CliRunner().invoke(inspect_command, [str(picture), "--graph", str(tmp_path / "way.svg")], obj=settings)
    assert (tmp_path / "way.svg").read_text().count("data:image/jpeg") == 2
    CliRunner().invoke(audit_command, [str(picture), "--report", str(tmp_path / "report.html")], obj=settings)
    # Those of its two steps, and the file itself.
    assert (tmp_path / "report.html").read_text().count('<img src="data:image/jpeg') == 3
