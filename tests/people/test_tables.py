"""A table is read in whichever form a spreadsheet saves it, by each command that takes one, and whole or not at all."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ledger_samples import open_ledger, painted, release

from provenance.commands import choose as choosing
from provenance.commands.choose import choose_command
from provenance.commands.people import people as people_command
from provenance.errors import StatementError
from provenance.people.register import register_of
from provenance.settings import Settings

FORMS = {
    "commas": (",", "utf-8"),
    "semicolons": (";", "utf-8-sig"),
    "Unicode text": ("\t", "utf-16"),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    with open_ledger(tmp_path) as ledger:
        for picture in ("pic-a", "pic-b"):
            ledger.request(painted(picture, by=("layout: 森 葵",)))
            release(ledger, picture)
    return Settings(home=tmp_path)


def written(folder: Path, form: str, *rows: tuple[str, ...]) -> Path:
    divider, encoding = FORMS[form]
    path = folder / "table.csv"
    path.write_bytes("".join(f"{divider.join(row)}\r\n" for row in rows).encode(encoding))
    return path


def genzu(settings: Settings, command: object, *words: str) -> Result:
    return CliRunner().invoke(command, words, obj=settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", FORMS)
def test_people_come_out_of_every_form(settings: Settings, tmp_path: Path, form: str):
    path = written(tmp_path, form, ("name", "reading"), ("田中 結衣", "たなか ゆい"))
    done = genzu(settings, people_command, "import", str(path))
    assert done.exit_code == 0, done.output
    with open_ledger(settings.home) as ledger:
        assert register_of(ledger).only("田中 結衣").reading == "たなか ゆい"


@pytest.mark.parametrize("form", FORMS)
def test_choices_come_out_of_every_form(settings: Settings, tmp_path: Path, form: str):
    path = written(tmp_path, form, ("picture", "chosen"), ("pic-a", ""), ("pic-b", "x"))
    done = genzu(settings, choose_command, str(path), "--by", "森 葵")
    assert done.exit_code == 0, done.output
    assert "pic-b" in done.stdout and "pic-a" not in done.stdout


def test_a_table_that_is_too_long_to_be_read_whole_chooses_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = written(tmp_path, "commas", ("picture", "chosen"), ("pic-a", "x"), ("pic-b", "x"))
    monkeypatch.setattr(choosing, "TABLE_LIMIT", path.stat().st_size - 9)
    done = genzu(settings, choose_command, str(path), "--by", "森 葵")
    assert isinstance(done.exception, StatementError) and "split it" in str(done.exception)
    assert done.stdout == ""


def test_a_table_that_breaks_off_adds_nobody_and_says_where(settings: Settings, tmp_path: Path):
    path = tmp_path / "people.csv"
    path.write_text('name,reading\nTanaka Yui,\n"Sato Ken,\n', encoding="utf-8")
    done = genzu(settings, people_command, "import", "--partial", str(path))
    assert isinstance(done.exception, StatementError) and "line 3" in str(done.exception)
    with open_ledger(settings.home) as ledger:
        assert [each.name for each in register_of(ledger).everybody()] == ["森 葵"]
