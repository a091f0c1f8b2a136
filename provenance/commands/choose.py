"""`genzu choose`: the candidates that stay, one or many at once; all others are kept and told as not chosen."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from provenance.commands.opening import writing
from provenance.errors import NotRecorded, StatementError
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord, State
from provenance.people.candidate import Cut
from provenance.people.register import register_of
from provenance.people.shots import choose
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.statement.cut import CutName
from provenance.statement.untrusted import plain
from provenance.storage.table_file import rows_in, text_of

TABLE_LIMIT = 50_000_000  # bytes
PICTURE, CHOSEN = "picture", "chosen"  # columns of a table of results


@click.command("choose")
@click.argument("what", nargs=-1, required=True, metavar="PICTURE|FILE|TABLE ...")
@click.option("--by", required=True, metavar="NAME|ID", help="Who chose; they must be on record.")
@click.option("--why", default="", help="The reason; private.")
@click.pass_obj
def choose_command(settings: Settings, /, what: tuple[str, ...], by: str, why: str) -> None:
    """Choose the picture that stays for its shot: by its id, by its signed file, or many at once from a table.

    A table is the result.csv that `genzu batch` leaves, with a mark in its column `chosen`. If one of them
    cannot be chosen, nothing is written. All other candidates are kept, and a later choice replaces this one.
    """
    with writing(settings) as ledger:
        person = register_of(ledger).only(by).person
        records = [record for each in what for record in _meant(ledger, each)]
        _check(records)
        for record in records:
            choice = choose(ledger, register_of(ledger), record.picture, person, why)
            told = f"{choice.cut}: {record.picture}, one of {len(choice.among)}  (entry {choice.seq})"
            click.echo(plain(told, 400))


def _meant(ledger: AnyLedger, text: str) -> Iterator[PictureRecord]:
    """The pictures that one word of the command line stands for."""
    path = Path(text)
    if text.startswith("pic-"):
        yield ledger.picture(text)
    elif path.suffix.lower() == ".csv":
        ids = _marked(path)
        if not ids:
            raise StatementError(f"{path.name} marks none: put an x into the column `{CHOSEN}`")
        yield from (ledger.picture(each) for each in ids)
    elif path.is_file():
        found = ledger.pictures_with_file(Digest.of_file(path))
        if not found:
            raise NotRecorded(f"this ledger has not released {path.name}, or the file was changed since")
        yield found[0]
    else:
        raise NotRecorded(
            f"there is no file {plain(text, 80)}, and it is no pic-…; `genzu log` lists pictures"
        )


def _marked(path: Path) -> list[str]:
    """The ids in a table's column `picture` where its column `chosen` has a mark."""
    rows = rows_in(text_of(path, TABLE_LIMIT))
    _, columns = next(rows, (1, []))
    lacking = {PICTURE, CHOSEN} - set(columns)
    if lacking:
        raise StatementError(f"{path.name} lacks the column {' and '.join(sorted(lacking))}")
    lines = [dict(zip(columns, cells, strict=False)) for _, cells in rows]
    return [each.get(PICTURE, "").strip() for each in lines if each.get(CHOSEN, "").strip()]


def _check(records: Sequence[PictureRecord]) -> None:
    """StatementError where one cannot be chosen, or two are meant for one shot."""
    cuts: dict[tuple[str, CutName], str] = {}
    for record in records:
        place = record.statement.project
        if record.state is not State.RELEASED:
            raise StatementError(f"{record.picture} is {record.state.value}; a released picture is chosen")
        if not place.shot:
            raise StatementError(f"{record.picture} belongs to no shot; it was released without --shot")
        cut = Cut.of(place)
        first = cuts.setdefault(cut.key, record.picture)
        if first != record.picture:
            raise StatementError(
                f"{first} and {record.picture} are both for {cut}; one stays: choose it alone"
            )


COMMANDS = (choose_command,)
