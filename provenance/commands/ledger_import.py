"""`genzu ledger import` and `find`: other studios' ledgers beside ours."""

import os
from contextlib import suppress
from pathlib import Path

import click

from provenance.commands.opening import as_json, read_ledger
from provenance.errors import LogForked, PictureError
from provenance.inspection.evidence.other_ledgers import ask_each
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.foreign import FOLDER, import_log, imported, others_in, withdraw
from provenance.ledger.key_files import read_checkpoints
from provenance.ledger.store.records import PictureRecord
from provenance.media.picture import open_picture, resource
from provenance.people.register import register_of
from provenance.proof.note import VerifyKey
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, progress, styled
from provenance.statement.canonical import Digest
from provenance.statement.counted import counted
from provenance.statement.credit import credit_text
from provenance.statement.untrusted import plain
from provenance.storage.atomic import save_new

CHECK_FAILED = 1
FILE = click.Path(path_type=Path)


@click.command("import")
@click.argument("files", type=FILE, nargs=-1)
@click.option("--key", help="The other ledger's public key, as its keeper publishes it.")
@click.option(
    "--against", type=FILE, multiple=True, metavar="FILE", help="Checkpoints of that ledger that you kept."
)
@click.option(
    "--misbehaviour", type=FILE, metavar="OUT", help="Where to write the proof, if that log forked."
)
@click.option(
    "--withdraw",
    "withdrawn",
    metavar="LEDGER",
    help="Ask the imported ledger of this id no more. Its copy is kept without names and words, and what is imported "
    "later must continue it.",
)
@click.option("--list", "listed", is_flag=True, help="Show what was imported.")
@click.pass_context
def import_command(
    context: click.Context,
    files: tuple[Path, ...],
    key: str | None,
    against: tuple[Path, ...],
    misbehaviour: Path | None,
    withdrawn: str | None,
    listed: bool,
) -> None:
    """Import another studio's exported ledger beside ours. It is checked, searched, and never mixed with ours.

    An entry about people that cannot be read is set aside, and named; everything else about it counts. Exit
    code 1 if the log contradicts itself: then it is not imported.
    """
    settings: Settings = context.obj
    if len([each for each in (files, withdrawn, listed) if each]) != 1:
        raise click.UsageError("give FILES to import, or --withdraw LEDGER, or --list")
    if listed:
        _list(settings)
        return
    if withdrawn is not None:
        done = withdraw(settings.home / FOLDER, withdrawn)
        click.echo(f"{plain(done.ledger, 80)}: withdrawn, it is asked no more; {done.told}")
        return
    own = None
    if os.path.isfile(settings.ledger):  # noqa: PTH113  (Path would raise where the folder is closed to us)
        with read_ledger(settings) as ledger:
            own = ledger.id
    held = [signed for path in against for signed in read_checkpoints(path)]
    known = VerifyKey.parse(key) if key else None
    try:
        with progress() as bar:
            task = bar.add_task("lines", total=None)
            loaded = import_log(
                settings.home / FOLDER,
                files,
                own=own,
                key=known,
                held=held,
                on_line=lambda number: bar.update(task, completed=number),
            )
    except LogForked as error:
        how = "" if misbehaviour else "; --misbehaviour OUT writes the proof, for anyone to check"
        click.echo(f"not imported, the log contradicts itself: {plain(str(error), 500)}{how}")
        if misbehaviour is not None:
            save_new(misbehaviour, error.proof)
        context.exit(CHECK_FAILED)
    for words in loaded.skipped:
        click.echo(plain(words, 500))
    entries = counted(loaded.size, "entry", "entries")
    click.echo(f"{loaded.ledger}: {entries}, all under its checkpoint of size {loaded.signed:,}")


def _list(settings: Settings) -> None:
    found = imported(settings.home / FOLDER)
    for each in found:
        if each.trouble:
            name = each.path.stem
            words = f"{name}: {each.trouble}; import it again, or: genzu ledger import --withdraw {name}"
            click.echo(plain(words, 500))
        else:
            entries = counted(each.size, "entry", "entries")
            click.echo(f"{plain(each.ledger, 80)}: {entries}, signed for up to {each.signed:,}")
    if not found:
        click.echo("no other ledger was imported")


@click.command("find")
@click.argument("file", type=FILE)
@as_json
@click.pass_context
def find_command(context: click.Context, file: Path, as_json: bool) -> None:
    """Look up FILE by its bytes, or else its pixels, in our ledger and the imported ones. Exit code 1 if unknown."""
    settings: Settings = context.obj
    digest, pixels = Digest.of_file(file), None
    # Files that we cannot read as pictures may be on record too: .psd, .svg, .exr.
    with suppress(PictureError):
        pixels = resource(open_picture(file, settings.limits)).pixels

    def ask(ledger: AnyLedger) -> list[tuple[PictureRecord, str]]:
        records = ledger.pictures_with_file(digest)
        if not records and pixels:
            records = ledger.pictures_with_pixels(pixels)
        return [(each, _people(ledger, each)) for each in records]

    with others_in(settings.home) as others:
        answers, unread = ask_each(others, ask)
    if os.path.isfile(settings.ledger):  # noqa: PTH113
        with read_ledger(settings) as ledger:
            answers = [(ledger, ask(ledger)), *answers]
    found = [(ledger.id, record, people) for ledger, records in answers for record, people in records]
    for words in unread:
        click.echo(plain(words, 500), err=True)
    if as_json:
        print_json(
            [
                {"ledger": name, "picture": each.picture, "state": each.state.value, "entry": each.requested}
                for name, each, _ in found
            ]
        )
    for name, each, people in found if not as_json else ():
        console().print(styled(f"{name}  {each.picture}  {each.statement.step}  {people}", limit=1000))
    if not found and not as_json:
        which = "no ledger that could be asked here" if unread else "no ledger here"
        click.echo(f"{which} knows this file; that does not tell how it was made")
    context.exit(0 if found else CHECK_FAILED)


def _people(ledger: AnyLedger, record: PictureRecord) -> str:
    """Whom a ledger credits on a picture today, by the names of its file."""
    credits = register_of(ledger).credits(record)
    return "; ".join(credit_text(each.role.value, each.person.shown()) for each in credits)
