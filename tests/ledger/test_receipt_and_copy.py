"""A receipt of another studio's ledger beside the copy of it that was imported: what changed, as far as that goes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from film_chain import Film

from provenance.commands.ledger import ledger_group
from provenance.commands.receipt import receipt_group
from provenance.errors import LedgerError, NotRecorded
from provenance.people.register import register_of
from provenance.people.roster import change_person
from provenance.release.opening import open_archive
from provenance.settings import Settings


class Artist:
    """Whoever holds a receipt of the film's ledger, with an archive of their own or without."""

    def __init__(self, film: Film, folder: Path, *, own: bool) -> None:
        self.film, self.folder = film, folder
        self.settings = Settings(home=folder / "elsewhere", signer_name="Somebody")
        self.held = folder / "held.tlog-proof"
        if own:
            with open_archive(self.settings):
                pass

    def receive(self) -> None:
        made = self.film.layout("layout: Mori Aio")
        self.held.write_text(str(self.film.archive.ledger.receipt(made.record.requested)))

    def rename(self) -> None:
        ledger = self.film.archive.ledger
        register = register_of(ledger)
        change_person(ledger, register, replace(register.only("Mori Aio"), name="Mori Aoi"))

    def take_in(self, *words: str) -> int:
        """Imports what the film's keeper exports; how many entries that are."""
        export = str(self.folder / f"{len(self.film.archive.ledger)}.jsonl")
        for whose, said in (
            (self.film.archive.settings, ("export", "-o", export, *words)),
            (self.settings, ("import", export)),
        ):
            done = CliRunner().invoke(ledger_group, said, obj=whose)
            assert done.exit_code == 0, done.output
        return len(self.film.archive.ledger)

    def compare(self, *words: str) -> Result:
        return CliRunner().invoke(receipt_group, ["compare", str(self.held), *words], obj=self.settings)


@pytest.mark.parametrize("own", [True, False])
def test_a_receipt_is_compared_with_the_copy_of_its_ledger(film: Film, tmp_path: Path, own: bool) -> None:
    artist = Artist(film, tmp_path, own=own)
    artist.receive()
    size = artist.take_in("--names")
    told = artist.compare().output
    copy = (
        f"Compared with the copy of {film.archive.ledger.id} here, which has {size} entries. Its keeper may"
    )
    assert copy in told and "nothing changed, as far as the copy goes" in told
    artist.rename()
    assert "as far as the copy goes" in artist.compare().output  # which it does not yet know
    size = artist.take_in("--names")
    told = artist.compare().output
    assert "layout: then Mori Aio, now Mori Aoi" in told and "nothing changed" not in told
    data = json.loads(artist.compare("--json").stdout)
    assert (data["ledger"], data["copy_of_entries"]) == (film.archive.ledger.id, size)
    assert [each["now"] for each in data["changes"]] == ["Mori Aoi"] and data["untold"] == []


def test_a_copy_without_names_does_not_say_whether_a_name_changed(film: Film, tmp_path: Path) -> None:
    artist = Artist(film, tmp_path, own=True)
    artist.receive()
    artist.take_in()
    done = artist.compare()
    told = done.output
    assert done.exit_code == 0 and "then Mori Aio; the copy came without the name of today" in told
    assert not any(each in told for each in ("changed", "as it was", "not disclosed"))
    data = json.loads(artist.compare("--json").stdout)
    assert data["changes"] == data["same"] == [] and data["untold"][0]["then"] == "Mori Aio"


def test_a_copy_that_is_older_than_the_receipt_is_no_ledger_that_was_cut_off(
    film: Film, tmp_path: Path
) -> None:
    artist = Artist(film, tmp_path, own=True)
    film.layout("layout: Sato Hana")
    size = artist.take_in("--names")
    artist.receive()
    error = artist.compare().exception
    assert isinstance(error, NotRecorded) and "cut off" not in str(error)
    assert f"here has {size} entries" in str(error) and "import what its keeper exported since" in str(error)


@pytest.mark.parametrize(
    ("own", "said"), [(True, "and ours is genzu/"), (False, "there is none of ours here")]
)
def test_a_receipt_of_a_ledger_that_is_not_here_says_what_to_do(
    film: Film, tmp_path: Path, own: bool, said: str
) -> None:
    artist = Artist(film, tmp_path, own=own)
    artist.receive()
    error = artist.compare().exception
    assert isinstance(error, NotRecorded) and said in str(error)
    assert "no copy of that one was imported" in str(error) and "export it for you to import" in str(error)


def test_a_copy_that_proves_nothing_speaks_neither_for_nor_against_a_receipt(
    film: Film, tmp_path: Path
) -> None:
    import sqlite3

    artist = Artist(film, tmp_path, own=True)
    artist.receive()
    artist.rename()
    artist.take_in("--names")
    (path,) = (artist.settings.home / "foreign").glob("*.sqlite3")
    with sqlite3.connect(path) as database:
        database.execute("DROP TRIGGER entries_are_not_changed")
        last = "SELECT max(seq) FROM entries WHERE kind = 'person.changed'"
        database.execute(f"UPDATE entries SET body = replace(body, '{{', '{{ ') WHERE seq = ({last})")
    done = artist.compare()
    assert isinstance(done.exception, LedgerError) and "does not hold" not in done.output
