"""The shots of a production for a timeline, Kitsu and AYON: read back by OpenTimelineIO and as each form is written."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from film_chain import PRODUCTION, SECRET_PROMPT

from provenance.commands.publish import usage_command
from provenance.errors import OutputError

otio = pytest.importorskip("opentimelineio", reason="timelines need genzu[otio]")


@pytest.fixture
def usage(film):
    film.chain("c014")
    film.layout("layout: Mori Aoi", shot="c015")
    settings = film.archive.settings

    def ask(form: str, *more: object):
        words = ["--production", PRODUCTION, "--format", form, *map(str, more)]
        return CliRunner().invoke(usage_command, words, obj=settings)

    return ask


def test_a_new_timeline_tells_the_ai_use_of_each_shot(usage):
    timeline = otio.adapters.read_from_string(usage("otio").output, "otio_json")
    first, second = timeline.find_clips()
    assert (first.name, second.name) == ("c014", "c015")
    told = first.metadata["genzu"]
    assert list(told["ai_use"]) == ["AI-assisted"] and (told["ai_steps"], told["steps_by_hand"]) == (2, 2)
    assert "layout: 森 あおい" in list(told["credits"]) and list(told["models"]) == ["genzu-house"]
    assert len(told["generative"]) == 3 and list(second.metadata["genzu"]["ai_use"]) == [
        "recorded as human-made"
    ]
    assert "not known" in timeline.metadata["genzu"]["durations"]


def test_a_studio_s_own_timeline_keeps_everything_and_its_clips_are_told_by_their_names(usage, tmp_path):
    own = otio.schema.Timeline(name="cut 7")
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    own.tracks.append(track)
    span = otio.opentime.TimeRange(otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(48, 25))
    for name in ("c014", "c099"):
        track.append(otio.schema.Clip(name=name, source_range=span, metadata={"studio": {"take": 3}}))
    path = tmp_path / "cut.otio"
    otio.adapters.write_to_file(own, str(path))
    told = otio.adapters.read_from_string(usage("otio", "--timeline", path).output, "otio_json")
    known, unknown = told.find_clips()
    assert list(known.metadata["genzu"]["ai_use"]) == ["AI-assisted"]
    assert "genzu" not in unknown.metadata and known.metadata["studio"]["take"] == 3
    assert known.source_range == span and told.name == "cut 7"
    path.write_text("no timeline")
    found = usage("otio", "--timeline", path)
    assert isinstance(found.exception, OutputError) and "no OpenTimelineIO file" in str(found.exception)


def test_kitsu_gets_a_row_a_shot_and_ayon_its_links(usage):
    rows = list(csv.DictReader(io.StringIO(usage("kitsu").output)))
    assert [(each["Episode"], each["Name"], each["AI use"]) for each in rows] == [
        ("1", "c014", "AI-assisted"),
        ("1", "c015", "recorded as human-made"),
    ]
    told = json.loads(usage("ayon").output)
    assert {each["linkType"] for each in told["links"]} == {"generative|version|version"}
    assert all(each["input"].startswith("pic-") for each in told["links"])


@pytest.mark.parametrize("form", ["otio", "kitsu", "ayon"])
def test_what_stays_with_the_keeper_is_in_none_of_them(usage, form):
    text = usage(form).output
    assert SECRET_PROMPT not in text and "private note" not in text and "secret" not in text
