"""The page for artists, in a real Chromium with the network off, over the same files as the other verifiers."""

import base64
import hashlib
import re
from pathlib import Path

import pytest

from provenance.errors import KeyMissing, ProofError
from provenance.ledger import Ledger
from provenance.ledger.entries.kind import EntryKind
from provenance.proof.checkpoint import MISBEHAVIOUR, Misbehaviour
from provenance.proof.comparison import Standing, compare, read_claims
from provenance.proof.note import VerifyKey
from provenance.statement.commitment import Private
from tests import proof_samples as samples
from tests.ledger_samples import painted, release

PAGE = Path(__file__).parents[2] / "docs" / "verify" / "index.html"
KEY = str(samples.KEY.verify_key)
GOOD, BROKEN = samples.good(), samples.broken()
EXPECTED = {0: "holds", 1: "fails", 2: "open"}


def inline(tag):
    (found,) = re.findall(f"<{tag}>(.*?)</{tag}>", PAGE.read_text("utf-8"), re.DOTALL)
    return found


@pytest.mark.parametrize("tag", ["script", "style"])
def test_the_page_allows_only_its_own_script_and_style(tag):
    digest = base64.b64encode(hashlib.sha256(inline(tag).encode()).digest()).decode()
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', PAGE.read_text("utf-8"))
    assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_the_page_names_no_address_to_load_from():
    text = PAGE.read_text("utf-8")
    assert not re.findall(r"(?:src|href|action)=\"(?!data:,)", text)
    assert not re.findall(
        r"https?:|fetch\(|XMLHttpRequest|WebSocket|sendBeacon|import\(|innerHTML|eval\(", text
    )


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(offline=True)
    opened = context.new_page()
    said, asked = [], []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.route("http*://**", lambda route: route.abort())
    opened.goto(PAGE.as_uri())
    yield opened
    assert said == []
    assert [each for each in asked if not each.startswith(("file:", "data:"))] == []
    context.close()


def state(page, text="", key="", other=""):
    """The page's answer about a pasted text."""
    page.evaluate(
        """([text, key, other]) => {
            for (const [id, value] of [["text", text], ["key", key], ["other", other]])
                document.getElementById(id).value = value;
            document.getElementById("text").dispatchEvent(new Event("input"));
        }""",
        [text, key, other],
    )
    page.wait_for_function("document.getElementById('answer').dataset.state !== 'busy'")
    return page.locator("#answer").get_attribute("data-state")


def ours(text, key="", other=""):
    known = VerifyKey.parse(key) if key else None
    try:
        if text.startswith(MISBEHAVIOUR):
            Misbehaviour.parse(text).verify(known)
            return "fails"
        claims = read_claims(text, known)
        standing = compare(claims, read_claims(other, known)).standing if other else Standing.AGREE
    except KeyMissing:
        return "open"
    except ProofError:
        return "fails"
    return {Standing.AGREE: "holds", Standing.CONTRADICT: "fails", Standing.OPEN: "open"}[standing]


@pytest.mark.browser
def test_the_page_answers_as_we_do_about_every_file(page):
    for name, text in (GOOD | BROKEN).items():
        if text.strip():
            assert state(page, text) == ours(text), name
            assert state(page, text, KEY) == ours(text, KEY), name


@pytest.mark.browser
def test_the_page_answers_as_we_do_about_what_a_hostile_keeper_signs(page):
    for name, (text, holds) in samples.hostile().items():
        assert (state(page, text) == "holds") == holds, name


@pytest.mark.browser
def test_what_a_browser_cannot_count_is_left_open(page):
    grown = samples.signed(samples.HONEST, 1).checkpoint
    far = samples.SignedCheckpoint.sign(samples.replace(grown, size=2**60), samples.KEY)
    assert state(page, str(far), KEY) == "open"


@pytest.mark.browser
def test_the_page_compares_as_we_do(page):
    text = GOOD["receipt.tlog-proof"]
    for name, other in GOOD.items():
        assert state(page, text, KEY, other) == ours(text, KEY, other), name
    assert state(page, GOOD["misbehaviour.txt"], KEY, text) == "fails"
    other = GOOD["another-log.tlog-proof"]
    assert state(page, text, "", other) == ours(text, "", other) == "fails"


@pytest.mark.browser
def test_the_page_tells_names_roles_and_shot_in_plain_words(page):
    assert state(page, GOOD["receipt.tlog-proof"]) == "holds"
    card = page.locator(".entry").first.inner_text()
    for each in ("layout", "森 葵", "Jun Kato", "犬と少年", "c012", "a railway in deep snow, dusk"):
        assert each in card
    assert state(page, GOOD["closed.tlog-proof"]) == "holds"
    assert "森 葵" not in page.locator("#answer").inner_text()


@pytest.mark.browser
def test_a_misbehaviour_file_reads_as_an_accusation_of_the_log(page):
    for name in ("misbehaviour.txt", "misbehaviour-4.txt", "misbehaviour-same-size.txt"):
        assert state(page, GOOD[name]) == "fails"
        assert "This log contradicts itself." in page.locator("#answer").inner_text()
    honest = GOOD["continuation.txt"].replace("continuation@", "misbehaviour@")
    state(page, honest)
    assert "do not contradict each other" in page.locator("#answer").inner_text()


@pytest.mark.browser
def test_a_file_is_chosen_and_the_picture_is_told_from_another(page, tmp_path):
    data = b"not really a picture"
    log = [
        samples.entry(
            0, "picture.released", {"output": {"digest": f"sha256:{hashlib.sha256(data).hexdigest()}"}}
        )
    ]
    (tmp_path / "snow.tlog-proof").write_bytes(str(samples.receipt(log, 0, 1)).replace("\n", "\r\n").encode())
    (tmp_path / "snow.png").write_bytes(data)
    (tmp_path / "other.png").write_bytes(data + b".")
    page.reload()
    page.set_input_files("#file", tmp_path / "snow.tlog-proof")
    page.get_by_text("This receipt holds.").wait_for()
    page.set_input_files("#picture", tmp_path / "other.png")
    page.get_by_text("It is about another file.").wait_for()
    page.set_input_files("#picture", tmp_path / "snow.png")
    page.get_by_text("It is about this very file.").wait_for()
    page.set_input_files("#file", tmp_path / "snow.png")
    page.get_by_text("This cannot be told.").wait_for()
    page.reload()


@pytest.mark.browser
def test_a_receipt_that_a_ledger_makes_now_holds_on_the_page(page, tmp_path):
    with Ledger.open(tmp_path / "ledger.sqlite3", key=tmp_path / "ledger.key") as ledger:
        statement = painted(by=("layout: 森 葵", "prompt: (asked not to be named)"))
        asked = ledger.request(statement)
        release(ledger, statement.picture)
        old = str(ledger.receipt(asked.seq))
        release(ledger, ledger.request(painted()).body["picture"])
        new, key = str(ledger.receipt(asked.seq)), str(ledger.verify_key)
    assert state(page, old, key) == ours(old, key) == "holds"
    said = page.locator(".entry").first.inner_text()
    assert "森 葵" in said
    assert "asked not to be named" in said
    assert state(page, old, key, new) == ours(old, key, new) == "open"


@pytest.mark.browser
def test_a_correction_and_a_new_name_are_told_in_plain_words(page, tmp_path):
    with Ledger.open(tmp_path / "ledger.sqlite3", key=tmp_path / "ledger.key") as ledger:
        asked = ledger.request(painted(by=("layout: Mori Aoi", "background: Jun Kato")))
        aoi, jun = (each.person for each in ledger.people())
        renamed = {"person": aoi, "name": Private("Mori A.", "name", aoi)}
        ledger.append(EntryKind.PERSON_CHANGED, renamed)
        corrected = {
            "picture": asked.body["picture"],
            "role": "layout",
            "before": aoi,
            "after": jun,
            "by": jun,
        }
        ledger.append(EntryKind.CREDIT_CORRECTED, corrected | {"dispute": None, "why": ""})
        text = str(ledger.receipt(asked.seq))
    assert state(page, text) == ours(text) == "holds"
    first, second = (page.locator(".entry").nth(each).inner_text() for each in (0, 1))
    assert "A picture was written down before it was made" in first
    assert "Mori A." in first
    assert "A credit was corrected" in second
    assert "Jun Kato, no longer Mori A." in second


@pytest.mark.browser
def test_a_strangers_text_is_shown_as_text_and_steers_nothing(page):
    hostile = "<img src=x onerror=alert(1)>\u202egnp.exe\x1b"
    log = [samples.entry(0, "person.added", {"person": "x", "kind": "person", "name": hostile})]
    assert state(page, str(samples.receipt(log, 0, 1))) == "holds"
    assert page.locator("#answer img").count() == 0
    said = page.locator("#answer").inner_text()
    assert "<img src=x onerror=alert(1)>‹U+202E›gnp.exe‹U+001B›" in said


@pytest.mark.browser
def test_a_browser_without_ed25519_says_so_and_claims_nothing(browser):
    opened = browser.new_page(offline=True)
    opened.add_init_script(
        "const old = crypto.subtle.importKey.bind(crypto.subtle);"
        "SubtleCrypto.prototype.importKey = (form, data, kind, ...rest) => kind.name === 'Ed25519'"
        " ? Promise.reject(new DOMException('no', 'NotSupportedError')) : old(form, data, kind, ...rest);"
    )
    opened.goto(PAGE.as_uri())
    opened.get_by_text("This browser cannot check signatures.").wait_for()
    assert state(opened, GOOD["receipt.tlog-proof"]) == "open"
    opened.close()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_read_and_used_without_a_mouse(browser, scheme):
    opened = browser.new_page(offline=True, color_scheme=scheme, viewport={"width": 360, "height": 800})
    opened.goto(PAGE.as_uri())
    assert state(opened, GOOD["receipt.tlog-proof"]) == "holds"
    assert opened.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    unnamed = opened.evaluate(
        "[...document.querySelectorAll('input, textarea')].filter((each) =>"
        " !each.labels.length && !each.ariaLabel).map((each) => each.id)"
    )
    assert unnamed == []
    for background, ink in (("--paper", "--ink"), ("--card", "--soft"), ("--good-paper", "--good"),
                            ("--bad-paper", "--bad"), ("--open-paper", "--open"), ("--card", "--accent")):  # fmt: skip
        colours = opened.evaluate(
            "(names) => names.map((name) => getComputedStyle(document.documentElement).getPropertyValue(name))",
            [background, ink],
        )
        assert contrast(*colours) >= 4.5, (background, ink, colours)
    opened.close()


def contrast(one, other):
    """WCAG 2 contrast of two #rrggbb colours."""

    def light(colour):
        parts = [int(colour.strip()[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
        return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)
