"""What axe-core finds on every tab, in both languages, on desktop and phone: nothing serious; no target too small."""

import pytest
from page_driving import PATIENCE, tab, upload

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core is not installed")

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TABS = ("paint", "record", "inspect", "credits", "audit", "keeper")
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
SERIOUS = {"serious", "critical"}
# 24 px, with the exceptions of WCAG 2.5.8: links within a sentence, what the browser draws itself, what is hidden.
SMALL = """() => [...document.querySelectorAll('button, a[href], summary, [role=tab], select')]
  .filter(each => each.tabIndex >= 0 && each.checkVisibility({opacityProperty: true}))
  .filter(each => !each.closest('p, dd, td, li, .gz-graph'))
  .map(each => [each.getBoundingClientRect(), each])
  .filter(([place]) => place.width && place.height && (place.width < 24 || place.height < 24))
  .map(([place, each]) => `${each.outerHTML.slice(0, 160)} ${place.width.toFixed()} x ${place.height.toFixed()}`)"""


def opened(browser, address, size, language, scheme="light"):
    context = browser.new_context(viewport=SIZES[size], color_scheme=scheme, locale=language)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.wait_for_selector("button[role=tab]")
    return page


def findings(page):
    """What axe says, a line for each node that something serious is said of."""
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:200]}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("language", ["en-GB", "ja-JP"])
@pytest.mark.parametrize("size", SIZES)
def test_no_tab_has_a_serious_finding_or_a_target_that_is_too_small(browser, site, size, language):
    page = opened(browser, site.url, size, language)
    told = []
    for name in TABS:
        page.locator(f"#gz-tab-{name}-button").click()
        page.wait_for_function(
            "name => document.getElementById(`gz-tab-${name}-button`).getAttribute('aria-selected') === 'true'",
            arg=name,
        )
        if name == "paint":
            page.locator("#gz-more > button").click()
            for fold in ("gz-settings", "gz-part", "gz-people", "gz-publicity", "gz-place"):
                page.locator(f"#{fold} > button").click()
            page.wait_for_selector(".gz-public")
        told += [f"{name}: {each}" for each in findings(page)]
        told += [f"{name}: small {each}" for each in page.evaluate(SMALL)]
    page.context.close()
    assert not told, "\n".join(told)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_stands_there_after_work_has_none_either(browser, site, painted, scheme):
    page = opened(browser, site.url, "desktop", "en-GB", scheme)
    told = []
    tab(page, "Inspect")
    upload(page, "#gz-inspect", painted)
    page.locator(".gz-answer").wait_for()
    for fold in page.locator(".gz-answer summary").all():
        fold.click()
    told += [f"inspect: {each}" for each in findings(page)]
    tab(page, "Credits")
    page.get_by_label("A name").fill("Mori Aoi")
    page.get_by_role("button", name="Look it up").click()
    page.locator(".gz-credited").wait_for()
    page.get_by_text("Something is wrong here").click()
    page.get_by_role("button", name="Send to the keeper").click()
    page.locator(".gz-wrong-words").first.wait_for()
    told += [f"credits: {each}" for each in findings(page)]
    tab(page, "Audit")
    upload(page, "#gz-audit", painted)
    page.locator(".gz-audited[data-total='1']").wait_for()
    told += [f"audit: {each}" for each in findings(page)]
    page.context.close()
    assert not told, "\n".join(told)
