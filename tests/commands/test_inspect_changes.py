"""`genzu inspect --changes`: each recorded step against the one before, measured from the vault."""

import json

from click.testing import CliRunner
from delivery_samples import SceneFilm, encoded, scene
from PIL import Image

from provenance.commands.inspect import inspect_command


def inspected(settings, *args):
    found = CliRunner().invoke(
        inspect_command, [str(each) for each in args], obj=settings, catch_exceptions=False
    )
    return found.output


def test_each_step_is_compared_with_the_picture_that_it_was_made_over(archive, settings, tmp_path):
    film = SceneFilm(archive, tmp_path)
    layout, *_, last = film.chain()
    told = inspected(settings, last.path, "--changes")
    assert told.count("of its pixels changed") == 3 and "nothing about how much work it was" in told
    data = json.loads(inspected(settings, last.path, "--changes", "--json"))
    assert [each["step"] for each in data["changes"]] == ["paint", "paint", "retouch"]
    assert all(0 <= each["likeness"] <= 1 for each in data["changes"])
    assert "changes" not in json.loads(inspected(settings, last.path, "--json"))
    assert "nothing can be compared" in inspected(settings, layout.path, "--changes")


def test_where_the_last_step_changed_is_drawn(archive, settings, tmp_path):
    film = SceneFilm(archive, tmp_path)
    last = film.chain()[-1]
    inspected(settings, last.path, "--heat", tmp_path / "heat.png")
    with Image.open(tmp_path / "heat.png") as drawn:
        assert drawn.size == (320, 180)


def test_a_picture_without_a_record_is_compared_with_nothing(archive, settings, tmp_path):
    plain = tmp_path / "plain.png"
    plain.write_bytes(encoded(scene(2)))
    assert "nothing can be compared" in inspected(settings, plain, "--changes")
