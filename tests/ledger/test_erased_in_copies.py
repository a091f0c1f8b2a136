"""What a studio erased on request goes from another's imported copy with the entry that says so, and stays gone."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from film_chain import Film

from provenance.commands.credits import credits_command
from provenance.commands.ledger import ledger_group
from provenance.ledger.check.verify import verify
from provenance.ledger.foreign import foreign_ledgers
from provenance.people.register import register_of
from provenance.release.opening import open_archive
from provenance.settings import Settings


class Third:
    """A studio that imports what the film's keeper exports, with the names."""

    def __init__(self, film: Film, folder: Path) -> None:
        self.film, self.folder = film, folder
        self.settings = Settings(home=folder / "third", signer_name="Third")
        with open_archive(self.settings):
            pass

    def export(self, start: int = 0) -> Path:
        out = self.folder / f"{len(self.film.archive.ledger)}-{start}.jsonl"
        words = ("export", "-o", str(out), "--names", "--from", str(start))
        done = CliRunner().invoke(ledger_group, words, obj=self.film.archive.settings)
        assert done.exit_code == 0, done.output
        return out

    def take_in(self, export: Path) -> Result:
        done = CliRunner().invoke(ledger_group, ("import", str(export)), obj=self.settings)
        assert done.exit_code == 0, done.exception
        return done

    def asked(self, name: str) -> str:
        return CliRunner().invoke(credits_command, [name], obj=self.settings).output

    def bytes(self) -> bytes:
        return b"".join(
            each.read_bytes() for each in (self.settings.home / "foreign").iterdir() if each.is_file()
        )


@pytest.mark.parametrize("whole", [True, False], ids=["the whole ledger", "what came since"])
def test_an_erased_name_goes_from_the_copy_and_an_old_export_does_not_bring_it_back(
    film: Film, tmp_path: Path, whole: bool
) -> None:
    third, ledger = Third(film, tmp_path), film.archive.ledger
    film.layout("layout: Sato Hana")
    film.layout("layout: Mori Aoi")
    old = third.export()
    third.take_in(old)
    assert "Sato Hana  per-" in third.asked("Sato Hana") and b"Sato Hana" in third.bytes()
    before, person = len(ledger), ledger.people_named("Sato Hana")[0].person
    ledger.erase(person)
    third.take_in(third.export(0 if whole else before))
    for _ in range(2):
        assert "Sato" not in third.asked("Sato Hana").replace("Nobody called Sato Hana is in this ledger", "")
        assert b"Sato Hana" not in third.bytes()
        assert "Mori Aoi  per-" in third.asked("Mori Aoi")
        with foreign_ledgers(third.settings.home / "foreign") as (copy,):
            assert register_of(copy).raw(person).erased
            assert copy.pictures(text="Sato") == [] and len(copy.pictures(text="Mori")) == 1
        (path,) = (third.settings.home / "foreign").glob("*.sqlite3")
        assert not verify(path, thorough=True).faults
        third.take_in(old)
