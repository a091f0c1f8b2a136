"""Credits by id and by picture: the whole chain, a link, "this is wrong", and pictures where they may be shown."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from delivery_samples import SceneFilm

from provenance.commands.credits import credits_command
from provenance.tabs.audit import read_delivery
from provenance.tabs.credits import by_picture
from provenance.tabs.inspect import answer_on
from provenance.tabs.told.credit_answers import by_name
from provenance.tabs.told.record_pictures import address_of_small, may_see, small_record

STRANGER = SimpleNamespace(
    headers={"host": "genzu.example"}, client=SimpleNamespace(host="203.0.113.7"), query_params={}
)


@pytest.fixture
def chain(archive, tmp_path):
    return SceneFilm(archive, tmp_path).chain()


def credits(settings, *args):
    found = CliRunner().invoke(credits_command, [*map(str, args)], obj=settings, catch_exceptions=False)
    return found.output


def test_the_id_of_a_picture_gives_its_whole_chain_and_what_to_do_where_it_is_wrong(chain, settings):
    picture = chain[-1].record.picture
    told = credits(settings, picture)
    assert "drawn by 森 あおい" in told and f"genzu dispute open --picture {picture}" in told
    assert "作画 森 あおい" in credits(settings, picture, "--lang", "ja")
    data = json.loads(credits(settings, picture, "--json"))
    assert data["record"]["picture"] == picture and "retouch" in {each["role"] for each in data["everybody"]}


def test_on_the_page_each_row_has_a_link_and_opens_a_dispute_about_it(chain, archive):
    picture = chain[-1].record.picture
    for told in (
        by_name(archive, picture),
        by_name(archive, "Elin Lindqvist"),
        by_picture(archive, chain[-1].path),
    ):
        assert f'data-wrong="{picture}"' in told and f'name={picture}"' in told
    assert f'data-asked="{picture}"' in by_picture(archive, chain[-1].path)
    assert 'data-total="0"' in by_name(archive, "pic-aaaaaaaaaaaaaaaaaaaa")


def test_the_pictures_of_the_record_are_shown_to_those_alone_who_may_see_them(chain, archive, settings):
    picture = chain[-1].record.picture
    assert address_of_small(picture) not in by_name(archive, "Elin Lindqvist")
    assert address_of_small(picture) in by_name(archive, "Elin Lindqvist", seen=True)
    small = small_record(archive, picture)
    assert small is not None and small.startswith(b"\xff\xd8") and small_record(archive, "pic-none") is None
    assert not may_see(settings, STRANGER) and may_see(replace(settings, public_pictures=True), STRANGER)


def test_whoever_asks_with_a_picture_sees_it_and_not_what_it_was_made_over(chain, archive):
    asked, _, told = by_picture(archive, chain[-1].path).partition("</figure>")
    assert asked.count("<img") == told.count("<img") == 1 and "data:image/jpeg" in told


def test_how_much_each_step_changed_is_shown_to_the_keeper_alone(chain, archive):
    shown, _ = answer_on(archive, chain[-1].path, seen=True)
    assert shown.count('class="gz-heat"') == 3 and "nothing about how much work it was" in shown
    assert "gz-heat" not in answer_on(archive, chain[-1].path)[0]


def test_a_stranger_s_audit_tells_no_production_cut_or_stage_of_a_record(chain, archive, tmp_path):
    copy = tmp_path / "found.png"
    copy.write_bytes(chain[-1].path.read_bytes())
    *_, last = read_delivery(archive, [str(copy)], whole_folder=False)
    [row] = csv.DictReader(Path(last[1]["value"]).read_text("utf-8-sig").splitlines())
    assert row["record"] == chain[-1].record.picture
    assert (row["production"], row["cut"], row["stage"]) == ("", "", "")
