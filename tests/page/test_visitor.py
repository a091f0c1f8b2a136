"""Who is at the page, and how often an address may ask."""

import os
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from provenance.errors import StatementError, TooOften
from provenance.tabs.visits.visitor import ADDRESSES, UNKNOWN, Keeper, Pace, address_of, need_artist


def asking(address: str = "127.0.0.1", **headers: str) -> Any:
    given = {"host": "127.0.0.1:7860"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return SimpleNamespace(client=SimpleNamespace(host=address, port=1), headers=given)


def test_where_only_artists_paint_the_proxy_says_who_signed_in(settings):
    need_artist(asking(), settings)  # a public demo: everybody
    server = replace(settings, artists="X-Genzu-Artist", proxies=1)
    need_artist(asking(x_genzu_artist="aoi"), server)
    for stranger in (asking(), asking(x_genzu_artist=" "), asking(x_artist="aoi"), None):
        with pytest.raises(StatementError, match="sign in first"):
            need_artist(stranger, server)


def test_without_a_secret_the_keeper_is_whoever_sits_at_this_machine(settings):
    keeper = Keeper(settings)
    assert keeper.knows(asking())
    assert keeper.knows(asking("::1", host="[::1]:7860", origin="http://[::1]:7860"))
    assert not keeper.knows(asking("192.0.2.7"))
    assert not keeper.knows(None)
    assert not Keeper(replace(settings, hosted=True)).knows(asking())


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_for": "127.0.0.1"},
        {"x_real_ip": "127.0.0.1"},
        {"forwarded": "for=127.0.0.1"},
        {"host": "genzu.example.org"},  # a name that was made to resolve to this machine
        {"host": ""},
        {"origin": "https://elsewhere.example"},  # a foreign page in the keeper's own browser
        {"origin": "null"},
        {"origin": "http://127.0.0.1:8000"},  # another program's page on this machine
        {"origin": "http://localhost:7860"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_what_came_through_a_proxy_or_from_a_foreign_page_is_not_the_keeper(settings, headers):
    assert not Keeper(settings).knows(asking(**headers))


def test_a_secret_is_asked_for_at_this_machine_too_and_wrong_ones_never_lock_the_keeper_out(settings):
    waited = []
    keeper = Keeper(replace(settings, keeper_secret="原図 7 words"), pause=waited.append)
    assert keeper.knows(asking("192.0.2.7"), "原図 7 words")
    assert not keeper.knows(asking())
    for _ in range(10):
        assert not keeper.knows(asking("192.0.2.7"), "guess")
    assert waited == []
    # From here on each answer to that address takes its time, the right one, too; it opens all the same.
    assert not keeper.knows(asking("192.0.2.7"), "guess")
    assert keeper.knows(asking("192.0.2.7"), "原図 7 words") and waited == [1.0, 1.0]
    assert keeper.knows(asking("192.0.2.8"), "原図 7 words") and waited == [1.0, 1.0]
    assert "7 words" not in repr(keeper) and keeper.token not in repr(keeper)


def test_the_keeper_acts_by_their_own_page_only(settings):
    keeper = Keeper(settings)
    assert keeper.acts(asking(), "", keeper.token)
    for token in ("", None, "guess", keeper.token + "x"):
        assert not keeper.acts(asking(), "", token)
    assert not keeper.acts(asking(origin="http://127.0.0.1:8000"), "", keeper.token)
    assert not keeper.acts(asking("192.0.2.7"), "", keeper.token)
    with_secret = Keeper(replace(settings, keeper_secret="seven words"))
    assert not with_secret.acts(asking("192.0.2.7"), "seven words", keeper.token)
    assert with_secret.acts(asking("192.0.2.7"), "seven words", with_secret.token)


def test_a_forwarded_address_counts_only_as_far_as_our_own_proxies_wrote_it(settings):
    told = asking("10.0.0.2", x_forwarded_for="203.0.113.9, 198.51.100.4, 10.0.0.1")
    assert address_of(told, settings) == UNKNOWN
    assert address_of(told, replace(settings, proxies=2)) == "198.51.100.4"
    assert address_of(told, replace(settings, proxies=9)) == UNKNOWN
    assert address_of(asking("198.51.100.4"), settings) == "198.51.100.4"
    assert address_of(asking("2001:db8:1:2:3::4"), settings) == "2001:db8:1:2::/64"
    assert address_of(asking("2001:db8:1:2:ffff::1"), settings) == "2001:db8:1:2::/64"


@given(st.text(max_size=60), st.integers(0, 3))
def test_whatever_stands_in_the_header_is_an_address_or_nobodys(text, proxies):
    from provenance.settings import Settings

    settings = Settings(home=None, proxies=proxies)  # type: ignore[arg-type]
    assert len(address_of(asking("203.0.113.1", x_forwarded_for=text), settings)) <= 50


def test_an_address_has_its_share_an_hour_and_another_one_has_its_own():
    now = [0.0]
    pace = Pace(2, "claims", clock=lambda: now[0])
    pace.take("a")
    pace.take("a")
    with pytest.raises(TooOften, match="2 claims came from your address"):
        pace.take("a")
    pace.take("b")
    now[0] = 3601.0
    pace.take("a")


def test_what_came_to_nothing_does_not_count():
    pace = Pace(2, "claims")
    pace.give_back("a")
    for _ in range(5):
        pace.take("a")
        pace.give_back("a")
    pace.take("a")
    pace.take("a")
    with pytest.raises(TooOften):
        pace.take("a")


def test_a_flood_of_addresses_takes_a_bounded_amount_of_memory():
    pace = Pace(2, "claims")
    for number in range(ADDRESSES + 500):
        pace.take(f"address {number}")
    assert len(pace) == ADDRESSES


def test_a_picture_field_hands_over_the_file_itself_also_where_it_was_made_anew(tmp_path):
    from gradio.data_classes import ImageData
    from PIL import Image

    from provenance.tabs.fields.uploads import picture_input

    file = tmp_path / "clear.png"
    Image.new("RGBA", (8, 8), (1, 2, 3, 4)).save(file)
    field = picture_input("The picture")
    # As gradio does for a visitor whom a handler answered without the field.
    again = field.__class__(**{**field.constructor_args, "render": False})
    for each in (field, again):
        assert each.get_block_name() == "image"
        assert each.preprocess(ImageData(path=str(file))) == str(file)


def test_what_a_page_that_is_gone_left_behind_is_removed_and_what_runs_keeps_its_own(tmp_path):
    from provenance.tabs.fields.uploads import sweep

    gone, here, other = (
        tmp_path / name for name in ("genzu-page-4194999-a", f"genzu-page-{os.getpid()}-b", "mine")
    )
    for folder in (gone, here, other):
        folder.mkdir()
        (folder / "upload.png").write_bytes(b"x")
    sweep(tmp_path)
    assert not gone.exists() and here.exists() and other.exists()
