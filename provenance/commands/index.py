"""`genzu index`: what pictures are found by when their metadata is gone."""

from itertools import islice

import click

from provenance.commands.group import Sentences
from provenance.commands.opening import as_json, reading
from provenance.errors import NotRecorded
from provenance.ledger.store.records import State
from provenance.lookup.door import need_libraries
from provenance.release.indexing import build, forget_looks
from provenance.release.keys import build_keys, without_key
from provenance.release.opening import open_archive
from provenance.release.shelf import erased
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, progress, styled
from provenance.statement.counted import counted
from provenance.statement.json_value import Json
from provenance.statement.untrusted import plain

TOLD = 5  # pictures that are named one by one


@click.group("index", cls=Sentences)
def index() -> None:
    """The look-up index: what `genzu who` and `genzu inspect` find a picture by when its metadata is gone."""


@index.command("build")
@click.option("--anew", is_flag=True, help="Make all of it again, from the vault.")
@click.pass_obj
def build_command(settings: Settings, anew: bool) -> None:
    """Add every released picture that is missing. What was erased or removed stays out.

    Keys over first rows of pixels are made, too: with them an audit decodes fewer files.
    """
    with open_archive(settings) as archive, progress() as bar:
        task = bar.add_task("first rows", total=None)
        keys = build_keys(archive.ledger, settings, lambda at, of: bar.update(task, completed=at, total=of))
    if keys:
        click.echo(f"{counted(keys, 'picture')} got a key over the first rows of pixels, for audits")
    need_libraries()
    with open_archive(settings) as archive, progress() as bar:
        task = bar.add_task("indexing", total=None)
        done = build(archive, anew=anew, on_picture=lambda at, of: bar.update(task, completed=at, total=of))
    if done.outdated:
        click.echo(
            f"{counted(done.outdated, 'picture')} taken out: an earlier version of Genzu had put them in"
        )
    click.echo(f"{counted(done.added, 'picture')} put in")
    if done.plain:
        click.echo(f"{done.plain:,} left out: they have no texture, or their pixels are not read here")
    if done.kept_out:
        click.echo(f"{done.kept_out:,} kept out: they were erased, or removed from the index")
    for picture, why in islice(done.unread.items(), TOLD):
        click.echo(f"not put in: {plain(f'{picture}: {why}', 300)}", err=True)
    if len(done.unread) > TOLD:
        click.echo(f"and {len(done.unread) - TOLD:,} more", err=True)


@index.command("status")
@as_json
@click.pass_obj
def status_command(settings: Settings, as_json: bool) -> None:
    """How many pictures are in the index, and how many released ones are not."""
    with reading(settings) as opened:
        released = {each.picture for each in opened.held.pictures(state=State.RELEASED, limit=-1)}
        out = erased(opened.held) & released
        why_not = opened.index.why_not
        keyless = len(without_key(opened.held, settings))
    said: dict[str, Json] = {
        "format": "genzu index 1",
        "path": str(settings.lookup),
        "why_not": why_not or None,
        "without_key": keyless,
    }
    if not why_not:
        said |= _counted(settings, released, out)
    if as_json:
        print_json(said)
        return
    screen = console()
    if keyless:
        screen.print(
            f"{counted(keyless, 'released picture')} without a key over the first rows: "
            "an audit decodes each file of that size; `genzu index build` makes it"
        )
    if why_not:
        screen.print(styled(f"No picture can be looked up here: {why_not}."))
        if "genzu index build" not in why_not:
            screen.print("`genzu index build` makes the index.")
        return
    screen.print(styled(f"index     {settings.lookup}", limit=1_000))
    screen.print(f"pictures  {said['pictures']} of {len(released)} that were released")
    if said["missing"]:
        screen.print(
            f"missing   {said['missing']}: they have no texture, or `genzu index build` puts them in"
        )
    if said["unread"]:
        screen.print(
            f"unread    {said['unread']}: their files could not be read; `genzu index build` tries again"
        )
    if said["stale"]:
        screen.print(
            f"stale     {said['stale']}: made by an earlier version of Genzu; `genzu index build` makes them again"
        )
    if said["kept_out"]:
        screen.print(f"kept out  {said['kept_out']}: erased, or removed from the index")


def _counted(settings: Settings, released: set[str], out: frozenset[str] | set[str]) -> dict[str, Json]:
    from provenance.lookup.index_file import IndexFile
    from provenance.lookup.vocabulary import vocabulary

    with IndexFile(settings.lookup, read_only=True) as file:
        held, kept_out, unread = file.pictures(), file.kept_out() | out, file.unread()
    stale = sum(of != vocabulary().name for of in held.values())
    lacking = released - held.keys() - kept_out
    missing, failed = len(lacking - unread.keys()), len(lacking & unread.keys())
    told = {"pictures": len(held), "missing": missing, "unread": failed, "stale": stale}
    return {**told, "kept_out": len(kept_out)}


@index.command("remove")
@click.argument("picture")
@click.pass_obj
def remove_command(settings: Settings, picture: str) -> None:
    """Take PICTURE (pic-…) out of the index, for good: it is then found by its bytes, pixels or credentials alone."""
    with open_archive(settings) as archive:
        archive.ledger.picture(picture)
        if not settings.lookup.is_file():
            raise NotRecorded("there is no look-up index here; `genzu index build` makes it")
        was_in = forget_looks(archive, picture)
    words = "is out of the index" if was_in else "was not in the index, and stays out of it"
    click.echo(f"{plain(picture, 60)} {words}")


COMMANDS = (index,)
