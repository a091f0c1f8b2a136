"""The page as a whole: addresses, phones, nothing from elsewhere, nothing that is served or called past its doors."""

import urllib.error
import urllib.request

import pytest
from page_driving import PATIENCE, tab, unfold

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_each_tab_has_an_address(page, site):
    tab(page, "Credits")
    page.wait_for_url("**/?tab=credits")
    tab(page, "Audit")
    page.go_back()
    page.wait_for_selector("button[role=tab][aria-selected=true]:has-text('Credits')")
    page.reload()
    page.wait_for_selector("button[role=tab][aria-selected=true]:has-text('Credits')")


def test_nothing_is_fetched_from_elsewhere_and_nothing_stays_in_the_browser(browser, site):
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url)
    unfold(page)
    for name in ("Record", "Inspect", "Credits", "Audit", "Paint"):
        tab(page, name)
    assert [url for url in asked if not url.startswith((site.url, "data:", "blob:"))] == []
    kept = page.evaluate("JSON.stringify({...localStorage})")
    assert "golden field" not in kept and "Wehl" not in kept
    context.close()


def test_the_page_fits_a_phone_in_light_and_dark(browser, site):
    for scheme in ("light", "dark"):
        context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(site.url)
        page.wait_for_selector("#gz-paint")
        for name in ("Paint", "Record", "Inspect", "Credits", "Audit"):
            tab(page, name)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        context.close()


def test_the_archive_is_served_to_nobody(painted, site):
    keys = [path for path in site.settings.home.rglob("*") if path.is_file()]
    assert keys
    for path in keys:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{site.url}/gradio_api/file={path}")
        assert refused.value.code in {403, 404}


def test_handlers_cannot_be_called_past_the_queue(site):
    for route in ("run/begin", "run/paint", "run/0", "run/predict"):
        call = urllib.request.Request(
            f"{site.url}/gradio_api/{route}",
            data=b'{"data": []}',
            headers={"Content-Type": "application/json"},
        )
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(call)


# Each text in a field of one line that has not the room it takes.
CUT = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const fields = document.querySelectorAll("input:not([type=range], [type=checkbox], [type=radio], [type=file])");
  return [...fields].filter((each) => each.getBoundingClientRect().width > 1).map((each) => {
    const style = getComputedStyle(each);
    pen.font = style.font;
    const room = each.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    return [each.value || each.placeholder, pen.measureText(each.value || each.placeholder).width - room];
  }).filter(([_, over]) => over > 1).map(([text]) => text);
}"""
# What an example fills in, and anybody would change.
EXAMPLES = {"Layout: Martin Wehl / OpenMoji, CC BY-SA 4.0"}


@pytest.mark.parametrize("language", ["en-GB", "ja-JP"])
def test_no_text_is_cut_short_in_its_field(browser, site, language):
    context = browser.new_context(locale=language, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(site.url)
    page.wait_for_selector("#gz-paint")
    cut = set()
    for name in ("paint", "record", "inspect", "credits", "audit"):
        page.locator(f"#gz-tab-{name}-button").click()
        for _ in range(3):
            page.evaluate(
                "document.querySelectorAll('button.label-wrap:not(.open)').forEach((each) => each.click())"
            )
            page.wait_for_timeout(300)
        for width in (1280, 1024, 768, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(200)
            cut |= {(name, width, text) for text in page.evaluate(CUT) if text not in EXAMPLES}
        page.set_viewport_size({"width": 1280, "height": 900})
    assert not cut
    context.close()
