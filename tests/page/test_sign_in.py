"""Signing in on a hosted space: the account claims the name, in words that say no more; elsewhere no button."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from page_driving import PATIENCE, fill, paint, served, steps, unfold
from stand_in_hub import CLIENT, stand_in_hub

from generation.app import build
from generation.studio.studio import Studio
from provenance.ledger.entries.kind import EntryKind
from provenance.people.accounts import Account
from provenance.people.claims import claims_on
from provenance.people.register import register_of
from provenance.settings import settings_from_environment
from provenance.tabs.visits.sign_in import account_of, offered

SPACE = {"SYSTEM": "spaces", "SPACE_ID": "studio/demo", **CLIENT}


def signed_in(**info):
    told = {"preferred_username": "ren-t", "name": "Tanaka Ren"}
    return SimpleNamespace(session={"oauth_info": {"userinfo": told, "expires_at": 2**40, **info}})


def test_only_a_space_that_was_given_a_client_offers_it():
    space = {"GENZU_HOME": "/x", **SPACE, "OPENID_PROVIDER_URL": "https://hub.example"}
    assert offered(settings_from_environment(space))
    for name in (*SPACE, "OPENID_PROVIDER_URL"):
        assert not offered(settings_from_environment({**space, name: ""})), name


def test_without_it_the_page_asks_gradio_for_nothing_and_believes_no_session(archive):
    assert not build(Studio.open(archive, "house")).expects_oauth
    assert account_of(signed_in(), archive.settings) is None


def test_an_account_is_believed_for_its_hours_and_by_names_that_a_record_takes(settings):
    hosted = replace(settings, hosted=True, sign_in=True)
    assert account_of(signed_in(), hosted) == Account("ren-t", "Tanaka Ren")
    assert account_of(SimpleNamespace(session={}), hosted) is None
    assert account_of(signed_in(expires_at=1), hosted) is None
    assert account_of(signed_in(userinfo={"preferred_username": "a\u202eb", "name": "x"}), hosted) is None
    # A name that is no person's: the account's own stands in.
    told = {"preferred_username": "ren-t", "name": "ChatGPT"}
    assert account_of(signed_in(userinfo=told), hosted) == Account("ren-t", "ren-t")


@pytest.mark.browser
@pytest.mark.slow
def test_a_visitor_signs_in_paints_and_the_account_claims_the_name(browser, tmp_path):
    with (
        stand_in_hub("ren-t", "Tanaka Ren") as hub,
        served(tmp_path, **SPACE, OPENID_PROVIDER_URL=hub) as site,
    ):
        context = browser.new_context()
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(site.url)
        page.get_by_role("link", name="Sign in with your hub account").click()
        page.locator(".gz-account", has_text="Signed in to the hub as ren-t").wait_for()
        field = page.get_by_label("Your name", exact=True)
        # It stays, too: what gradio draws late would take it away.
        for _ in range(2):
            page.wait_for_function(
                "document.querySelector('#gz-your-name :is(input, textarea)').value === 'Tanaka Ren'"
            )
            page.wait_for_timeout(1500)
        # What the visitor does with it stands.
        field.fill("")
        page.wait_for_timeout(1500)
        assert field.input_value() == ""
        unfold(page, name="Tanaka Ren")
        fill(page, "Words", "night, house")
        steps(page, 2)
        paint(page)
        with site.ledger() as ledger:
            record = ledger.pictures(limit=1)[0]
            register = register_of(ledger)
            (credit,) = [each for each in register.credits(record) if each.role.value == "prompt"]
            (claim,) = claims_on(register, record, credit.person, credit.role)
            assert str(claim).startswith("claimed by ren-t (hub account)") and not claim.confirmed
            claims = [each for each in ledger.entries() if each.kind is EntryKind.CREDIT_CLAIMED]
        # Who asks not to be named claims nothing.
        page.get_by_label("I ask not to be named").check()
        paint(page)
        with site.ledger() as ledger:
            assert [each for each in ledger.entries() if each.kind is EntryKind.CREDIT_CLAIMED] == claims
        page.get_by_role("link", name="Sign out").click()
        page.get_by_role("link", name="Sign in with your hub account").wait_for()
        context.close()
