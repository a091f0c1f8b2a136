"""What leaves: credit pages, certificates, PROV, schema.org and tables; and nothing private in any of their files."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from film_chain import MODEL, PRODUCTION, SECRET_PROMPT, Film

from provenance.commands.people import people as people_command
from provenance.commands.project import project as project_command
from provenance.commands.publish import certificate_command, publish_command, usage_command
from provenance.commands.receipt import receipt_group
from provenance.errors import NotRecorded, OutputError, StatementError
from provenance.exports.prov import to_prov
from provenance.exports.public import public_pictures, slug
from provenance.exports.site import LIST, site_files
from provenance.people.disputes import open_dispute
from provenance.people.register import register_of
from provenance.proof.receipt import read_receipt, verify
from provenance.release.opening import open_archive
from provenance.settings import Settings

SECRETS = (
    SECRET_PROMPT, "private note of the studio", "Real Name", "real@example.org", "0000-0002-1825-0097",
    "claim of a stranger", "stranger@example.org", "reason of a choice", "approval of May", "/home/studio/weights",
    "Unnamed Person", "condition of a consent", "Former Name",
)  # fmt: skip


def genzu(settings: Settings, command, *words: str) -> Result:  # type: ignore[no-untyped-def]
    return CliRunner().invoke(command, words, obj=settings)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("studio") / "home")


@pytest.fixture(scope="module")
def studio(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    """A production with everything in it that must stay private; only read by the tests."""
    with open_archive(settings) as archive:
        yield fill(Film(archive, tmp_path_factory.mktemp("pictures")), settings)


def fill(film: Film, settings: Settings) -> Film:
    for words in (
        ("add", "Real Name", "--pseudonym", "Kumo", "--contact", "real@example.org",
         "--id", "orcid:0000-0002-1825-0097"),
        ("add", "Unnamed Person", "--not-named", "--contact", "real@example.org"),
        ("add", "Former Name", "--romaji", "Kita Rin"),
    ):  # fmt: skip
        assert genzu(settings, people_command, *words).exit_code == 0
    film.chain()
    base = film.layout("layout: Real Name", "concept: Unnamed Person", shot="c020")
    local = replace(MODEL, source="/home/studio/weights")
    made = film.paint(base.path, "prompt: Former Name", shot="c020", model=local)
    genzu(settings, people_command, "set", "Former Name", "--name", "北 りん")
    genzu(
        settings,
        project_command,
        "choose",
        made.record.picture,
        "--by",
        "北 りん",
        "--why",
        "reason of a choice",
    )
    genzu(settings, project_command, "new", PRODUCTION, "--approval", "approval of May")
    open_dispute(
        film.archive.ledger,
        film.archive.vault,
        claim="claim of a stranger",
        contact="stranger@example.org",
        picture=base.record.picture,
    )
    return film


class Page(HTMLParser):
    """Links and scripts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.scripts: list[str | None] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        if tag == "a":
            self.links.append(found.get("href") or "")
        if tag == "script":
            self.scripts.append(found.get("type"))


def test_nothing_private_is_in_any_file_that_leaves(studio, settings, tmp_path):
    site, papers, tables = tmp_path / "site", tmp_path / "papers", tmp_path / "tables"
    tables.mkdir()
    assert genzu(settings, publish_command, str(site)).exit_code == 0
    for who in ("Kumo", "北 りん"):
        assert genzu(settings, certificate_command, who, "-o", str(papers / who)).exit_code == 0
    for form in ("register", "ai", "shots", "prov"):
        words = ("--production", PRODUCTION, "--format", form, "-o", str(tables / form))
        assert genzu(settings, usage_command, *words).exit_code == 0
    files = [each for folder in (site, papers, tables) for each in folder.rglob("*") if each.is_file()]
    assert len(files) > 25
    for file in files:
        text = _opened(file)
        for secret in SECRETS:
            assert secret not in text, f"{secret!r} is in {file}"
            assert json.dumps(secret)[1:-1] not in text


def test_who_asked_not_to_be_named_is_not_tied_together(studio, settings, tmp_path):
    person = register_of(studio.archive.ledger).only("Unnamed Person").person
    genzu(settings, publish_command, str(tmp_path / "site"))
    for file in (tmp_path / "site").rglob("*"):
        if file.suffix in {".html", ".csv", ".jsonld", ".json"}:
            assert person not in file.read_text(encoding="utf-8")


def test_every_link_leads_somewhere_and_no_script_runs(studio, settings, tmp_path):
    site = tmp_path / "site"
    genzu(settings, publish_command, str(site))
    pages = list(site.rglob("*.html"))
    assert len(pages) == 1 + 6 + 6
    for path in pages:
        page = Page(path.read_text(encoding="utf-8"))
        assert set(page.scripts) <= {"application/ld+json"}
        for link in page.links:
            if not link.startswith("https://"):
                assert (path.parent / link).is_file(), f"{link} in {path}"


def test_each_picture_has_its_schema_org_and_its_receipt(studio, settings, tmp_path):
    site = tmp_path / "site"
    genzu(settings, publish_command, str(site), "--address", "https://credits.example.org/")
    made = studio.archive.ledger.pictures(production=PRODUCTION)[0]
    page = (site / "pictures" / f"{made.picture}.html").read_text(encoding="utf-8")
    told = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert told["@type"] == "ImageObject"
    assert told["sha256"] == made.output.digest.hex
    assert told["url"] == f"https://credits.example.org/pictures/{made.picture}.html"
    assert "creator" not in told
    assert told["contributor"][0]["contributor"]["name"] == "北 りん"
    assert told["mentions"]["name"] == "genzu-house"
    receipt = site / "receipts" / f"{made.picture}.tlog-proof"
    assert verify(read_receipt(receipt.read_bytes())).entries[0].value["body"]["picture"] == made.picture
    assert "1 open" in (site / "pictures" / f"{_layout(studio)}.html").read_text(encoding="utf-8")


def test_prov_ties_pictures_steps_people_and_models(studio):
    ledger = studio.archive.ledger
    graph = json.loads(to_prov(public_pictures(ledger, register_of(ledger)), ledger.id))["@graph"]
    nodes = {each["@id"]: each for each in graph}
    assert len(nodes) == len(graph)
    activities = [each for each in graph if each["@type"] == "prov:Activity"]
    assert len(activities) == 6
    for each in activities:
        for used in each["prov:used"]:
            assert used["@id"] in nodes
        for association in each["prov:qualifiedAssociation"]:
            assert "prov:Agent" in nodes[association["prov:agent"]["@id"]]["@type"]
    people = {each["schema:name"] for each in graph if "prov:Person" in each["@type"]}
    assert {"森 あおい", "Kumo", "北 りん", "Sato Hana"} <= people
    assert "Genzu" not in people


def test_the_tables_have_a_line_for_each_use_and_each_cut(studio, settings):
    def table(form: str) -> list[dict[str, str]]:
        text = genzu(settings, usage_command, "--production", PRODUCTION, "--format", form).stdout
        return list(csv.DictReader(io.StringIO(text)))

    assert len(table("register")) == 6
    assert [each["how"] for each in table("ai")] == ["AI over an input"] * 3
    assert {each["model_source"] for each in table("ai")} == {"embedded", "a local folder"}
    shots = {each["cut"]: each for each in table("shots")}
    assert shots["c014"]["stage"] == "final"
    assert (shots["c020"]["with_ai"], shots["c020"]["by_hand"]) == ("1", "1")
    assert shots["c020"]["chosen_in_entry"]


def test_a_certificate_says_what_ai_did_before_and_after(studio, settings, tmp_path):
    genzu(settings, certificate_command, "森 あおい", "-o", str(tmp_path / "aoi"))
    told = json.loads((tmp_path / "aoi" / "certificate.json").read_text(encoding="utf-8"))
    assert [each["roles"] for each in told["credits"]] == [["layout"]]
    credit = told["credits"][0]
    assert (credit["ai_before"], credit["this_step"], len(credit["ai_after"])) == ([], "by hand", 2)
    checked = genzu(settings, receipt_group, "verify", str(tmp_path / "aoi" / credit["receipts"][0]))
    assert checked.exit_code == 0
    page = (tmp_path / "aoi" / "certificate.html").read_text(encoding="utf-8")
    assert page.count("data:image/svg+xml") == 1
    assert Page(page).scripts == []
    genzu(settings, certificate_command, "Elin Lindqvist", "-o", str(tmp_path / "elin"))
    told = json.loads((tmp_path / "elin" / "certificate.json").read_text(encoding="utf-8"))
    assert len(told["credits"][0]["ai_before"]) == 2


def test_a_later_run_replaces_its_own_files_and_touches_no_others(tmp_path):
    settings, site = Settings(home=tmp_path / "home"), tmp_path / "site"
    with open_archive(settings) as archive:
        Film(archive, tmp_path).layout("layout: Kumo", "retouch: Sato Hana")
    genzu(settings, publish_command, str(site))
    before = set(site.rglob("*"))
    genzu(settings, people_command, "set", "Sato Hana", "--not-named")
    assert genzu(settings, publish_command, str(site)).exit_code == 0
    assert len(before - set(site.rglob("*"))) == 1
    assert all("Sato Hana" not in _opened(each) for each in site.rglob("*") if each.is_file())
    strange = tmp_path / "mine"
    strange.mkdir()
    (strange / "thesis.txt").touch()
    for command, words in (
        (publish_command, (str(strange),)),
        (certificate_command, ("Kumo", "-o", str(strange))),
    ):
        assert isinstance(genzu(settings, command, *words).exception, OutputError)
    assert [each.name for each in strange.iterdir()] == ["thesis.txt"]
    (site / LIST).write_text('{"files": ["../mine/thesis.txt", "/etc/passwd"]}')
    genzu(settings, publish_command, str(site))
    assert (strange / "thesis.txt").exists()


def test_hostile_names_stay_text(tmp_path):
    settings = Settings(home=tmp_path / "home")
    with open_archive(settings) as archive:
        Film(archive, tmp_path).layout(
            'layout: "><script>alert(1)</script>', "concept: </script><img src=x onerror=alert(2)>"
        )
    genzu(settings, publish_command, str(tmp_path / "site"))
    for path in (tmp_path / "site").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "<img" not in text
        assert "<script>" not in text
        assert set(Page(text).scripts) <= {"application/ld+json"}
    assert slug("../../etc/passwd").isalnum()


def test_nothing_to_publish_is_one_sentence(tmp_path):
    settings = Settings(home=tmp_path / "home")
    assert isinstance(genzu(settings, publish_command, str(tmp_path / "site")).exception, NotRecorded)
    assert not (tmp_path / "site").exists()
    wrong = genzu(settings, publish_command, str(tmp_path / "site"), "--address", "javascript:alert(1)")
    assert isinstance(wrong.exception, StatementError)


def test_one_production_can_be_published_alone(studio, settings):
    ledger = studio.archive.ledger
    register = register_of(ledger)
    assert (
        len([each for each in site_files(ledger, register, (PRODUCTION,)) if each.startswith("pictures/")])
        == 6
    )
    with pytest.raises(NotRecorded):
        site_files(ledger, register, ("Another",))


@pytest.mark.slow
@pytest.mark.browser
def test_the_site_reads_in_a_browser_without_javascript(browser, studio, settings, tmp_path):
    genzu(settings, publish_command, str(tmp_path / "site"))
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    page = context.new_page()
    page.goto((tmp_path / "site" / "index.html").as_uri())
    page.get_by_role("link", name="森 あおい").click()
    page.get_by_role("link", name="pic-").first.click()
    assert "森 あおい" in page.locator("dl").first.inner_text()
    page.get_by_role("link", name="All pictures").click()
    assert page.locator("table tbody tr").count() == 6
    context.close()


def test_a_real_name_behind_a_pseudonym_goes_into_no_signed_file(studio):
    files = list(studio.folder.glob("signed-*.png"))
    assert len(files) == 6
    for file in files:
        for secret in ("Real Name", "Unnamed Person", "real@example.org", SECRET_PROMPT):
            assert secret.encode() not in file.read_bytes()
    assert any(b"Kumo" in file.read_bytes() for file in files)


def _layout(film: Film) -> str:
    return film.archive.ledger.pictures(shot="c020")[-1].picture


def _opened(file: Path) -> str:
    """The text of a file, with what a receipt carries inside its base64."""
    if file.suffix == ".pdf":
        return file.read_bytes().decode("latin-1")
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".tlog-proof":
        return text
    receipt = read_receipt(file.read_bytes())
    leaves = [receipt.leaf, *(each.leaf for each in receipt.also)]
    return (
        text
        + "".join(each.decode() for each in leaves)
        + "".join(each.private.value for each in receipt.openings)
    )
