"""The ledger as Datasette shows it with the metadata that ships: names in the views, nothing of `private`."""

import json
import warnings
from pathlib import Path

import pytest
from conftest import run_apart
from ledger_samples import open_ledger, painted, release

METADATA = Path(__file__).parents[2] / "docs" / "datasette.json"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """Status and body of each address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from datasette.app import Datasette
    home = tmp_path_factory.mktemp("home")
    with open_ledger(home) as ledger:
        ledger.request(painted("pic-a"))
        release(ledger, "pic-a")
        ledger.request(painted("pic-b", prompt="a harbour at night", layout="signed pic-a", parent="pic-a"))
        ledger.checkpoint()

    async def ask() -> dict[str, tuple[int, str]]:
        datasette = Datasette(
            [str(home / "ledger.sqlite3")],
            metadata=json.loads(METADATA.read_text()),
            settings={"default_allow_sql": False},
        )
        await datasette.invoke_startup()
        found = {}
        for address in (
            "/ledger.json",
            "/ledger",
            "/ledger/private.json",
            "/ledger.json?sql=select+value+from+private",
            "/ledger/pictures_with_credits.json?_search=harbour&_shape=array",
            "/ledger/pictures_with_credits",
            "/ledger/people_with_names.json?_shape=array&_search=mori",
            "/ledger/by_person.json?name=Mori+Aoi&_shape=array",
            "/ledger/made_from.json?picture=pic-a&_shape=array",
            "/ledger/still_open.json?_shape=array",
            "/ledger/entries",
        ):
            response = await datasette.client.get(address)
            found[address] = (response.status_code, response.text)
        return found

    return run_apart(ask)


def test_private_texts_are_hidden_and_refused(answers: dict[str, tuple[int, str]]):
    tables = {each["name"]: each for each in json.loads(answers["/ledger.json"][1])["tables"]}
    assert tables.get("private", {"hidden": True})["hidden"]
    assert not tables["entries"]["hidden"]
    assert answers["/ledger/private.json"][0] == 403
    assert answers["/ledger.json?sql=select+value+from+private"][0] == 403


def test_pictures_are_found_by_the_words_of_their_prompts(answers: dict[str, tuple[int, str]]):
    status, text = answers["/ledger/pictures_with_credits.json?_search=harbour&_shape=array"]
    assert status == 200, text
    assert [each["picture"] for each in json.loads(text)] == ["pic-b"]
    assert answers["/ledger/pictures_with_credits"][0] == 200


def test_people_and_the_prepared_questions_answer(answers: dict[str, tuple[int, str]]):
    people = json.loads(answers["/ledger/people_with_names.json?_shape=array&_search=mori"][1])
    assert [each["name"] for each in people] == ["Mori Aoi"]
    rows = {address: json.loads(answers[address][1]) for address in answers if "_shape=array" in address}
    assert [each["picture"] for each in rows["/ledger/by_person.json?name=Mori+Aoi&_shape=array"]] == [
        "pic-b",
        "pic-a",
    ]
    assert [each["picture"] for each in rows["/ledger/made_from.json?picture=pic-a&_shape=array"]] == [
        "pic-b"
    ]
    assert [each["picture"] for each in rows["/ledger/still_open.json?_shape=array"]] == ["pic-b"]


def test_every_page_opens(answers: dict[str, tuple[int, str]]):
    assert {address: status for address, (status, _) in answers.items() if status not in {200, 403}} == {}
