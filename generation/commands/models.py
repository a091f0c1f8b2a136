"""`genzu models`: the models that this archive paints with, each under a name; and what every family of them does."""

from dataclasses import asdict, replace
from pathlib import Path

import click
from rich.table import Table

from generation.errors import ModelChanged, ModelError
from generation.extras import need
from generation.files.signature import checked, signature_in
from generation.model.model import HOUSE
from generation.model.shelf import Kept, Shelf, kept_of
from provenance.commands.group import Sentences
from provenance.commands.opening import as_json
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, styled
from provenance.statement.json_value import Json
from provenance.statement.untrusted import plain

CHANGED = 1
OURS = "The model that comes with Genzu is there without: house"
NOT_NOTED = "nobody noted what they should be, which `genzu models add` does"
_LABELS = {
    "source": "from",
    "revision": "revision",
    "pipeline": "class",
    "license": "licence",
    "training": "trained on",
    "credit": "credit",
    "signature": "signature",
    "digest": "digest",
    "added": "added",
}


@click.group("models", cls=Sentences)
def models_group() -> None:
    """The models that you paint with: add them under a name, and see whether they are still what you added."""


@models_group.command("add")
@click.argument("name")
@click.argument("source")
@click.option(
    "--config", type=click.Path(path_type=Path), help="For a .safetensors file: its configuration folder."
)
@click.option("--license", help="Its licence, where the model itself states none.")
@click.option("--training", help="What it was trained on, where the model itself does not say.")
@click.option("--credit", help="Whom to credit, where the model itself does not say.")
@click.option(
    "--signed-by",
    "key",
    type=click.Path(path_type=Path),
    metavar="KEY.pem",
    help="Check the model's signature (model.sig) with its maker's public key. Needs genzu[signature].",
)
@click.option("--replace", "over", is_flag=True, help="Let a name that exists mean this model from now on.")
@click.pass_obj
def add_command(
    settings: Settings,
    name: str,
    source: str,
    config: Path | None,
    license: str | None,  # noqa: A002 - the option's name
    training: str | None,
    credit: str | None,
    key: Path | None,
    over: bool,
) -> None:
    """Note the model SOURCE under NAME: a diffusers folder, HUB/ID@REVISION, a .safetensors file, or a name.

    Every file's SHA-256 is noted. A hub model that is not on this machine is fetched now; later nothing is. Afterwards
    `genzu paint --model NAME` paints with it, as long as none of its files has changed.
    """
    need("paint")
    from generation.model.pipelines import family_of

    shelf = Shelf.of(settings.home)
    shelf.check_free(name, over=over)
    model = shelf.find(source, config=config)
    painting = family_of(model)  # a model that cannot paint is told of now
    signature = checked(model.folder, key) if key else _unchecked(model.folder)
    said = {"license": license or "", "training": training or "", "credit": credit or ""}
    kept = kept_of(model, said, signature)
    shelf.put(name, kept, over=over)
    _show(name, kept)
    click.echo(f"It is painted with as {painting.pipeline}, which {painting.task}.")


@models_group.command("list")
@as_json
@click.pass_obj
def list_command(settings: Settings, as_json: bool) -> None:
    """Every model that was added, by name; `house`, which comes with Genzu, is there without. No file is read."""
    shelf = Shelf.of(settings.home)
    rows = {name: kept for name in shelf.names() if (kept := shelf.kept(name)) is not None}
    if as_json:
        print_json({"format": "genzu models 1", "models": {name: _json(kept) for name, kept in rows.items()}})
        return
    if not rows:
        click.echo(f"No model was added. {OURS}")
        return
    table = Table(box=None, pad_edge=False)
    for head in ("name", "from", "licence", "digest"):
        table.add_column(head)
    for name, kept in rows.items():
        table.add_row(*(styled(each) for each in (name, kept.source, kept.license, kept.digest[:16])))
    console().print(table)
    click.echo(OURS)


@models_group.command("show")
@click.argument("name")
@as_json
@click.pass_obj
def show_command(settings: Settings, name: str, as_json: bool) -> None:
    """One model: where it is from, its digests and licence, and whether its files look untouched (size and date).

    NAME is all that `genzu paint --model` takes: a name that was added, `house`, a folder, a file, or a hub id that is
    on this machine. Exits with 1 where a file looks like another one.
    """
    shelf = Shelf.of(settings.home)
    kept, model = shelf.kept(name), None
    if kept is None:
        model = shelf.find(name, fetch=False)
        kept = replace(kept_of(model, {}, _unchecked(model.folder)), added="")
    if as_json:
        print_json({"format": "genzu model 1", "name": name, **_json(kept)})
        return
    _show(name, kept)
    for path, digest in kept.files.items():
        click.echo(f"  {digest}  {plain(path)}")
    if model is not None:
        click.echo(
            "Its files are what its card states."
            if model.stated
            else f"{NOT_NOTED[0].upper()}{NOT_NOTED[1:]}."
        )
        return
    try:
        shelf.find(name)
    except ModelError as error:
        click.echo(str(error))
        raise SystemExit(CHANGED) from error
    click.echo("Its files are what was added.")


@models_group.command("verify")
@click.argument("names", nargs=-1, metavar="[NAME ...]")
@click.pass_obj
def verify_command(settings: Settings, names: tuple[str, ...]) -> None:
    """Read every file of these models, or of all, and compare it with what was added or what the model's card states.

    NAME is all that `genzu paint --model` takes. Exits with 1 where a file is another one.
    """
    shelf = Shelf.of(settings.home)
    here = ["house"] if HOUSE.is_dir() else []
    wrong = False
    for name in names or (*here, *shelf.names()):
        changed, words = _verified(shelf, name)
        wrong = wrong or changed
        click.echo(f"{plain(name)}: {words}")
    if wrong:
        raise SystemExit(CHANGED)


@models_group.command("families")
@click.option(
    "--all", "every", is_flag=True, help="Also the classes that make films or that diffusers gave up."
)
@as_json
def families_command(every: bool, as_json: bool) -> None:
    """Every class of the installed diffusers that takes a picture: what it does with a layout, or why it does not.

    Read from the classes' own signatures. "painted here" means that a small model of the class is painted with in the
    tests of this release; "not tried here" means that its signature fits and nobody has tried.
    """
    need("paint")
    from generation.model.families_table import rows

    found = rows(every=every)
    if as_json:
        print_json({"format": "genzu families 1", "classes": [asdict(each) for each in found]})
        return
    table = Table(box=None, pad_edge=False)
    for head in ("class", "with a layout it", "tried"):
        table.add_column(head)
    for each in found:
        table.add_row(each.name.removesuffix("Pipeline"), each.answer, each.tried)
    console().print(table)


def _verified(shelf: Shelf, name: str) -> tuple[bool, str]:
    """Whether a file of the model is another one than it should be, and that in words. Every file is read."""
    kept = shelf.kept(name)
    if kept is not None:
        found = shelf.state(name)
        return bool(found), "; ".join(found) or f"all {len(kept.files)} files are what was added"
    try:
        model = shelf.remembering_nothing.find(name, fetch=False)
    except ModelChanged as error:
        return True, str(error)
    known = "are what its card states" if model.stated else f"can be read; {NOT_NOTED}"
    return False, f"all {len(model.files)} files {known}"


def _unchecked(folder: Path) -> str:
    found = signature_in(folder)
    return f"{found.name} lies beside it and was not checked (--signed-by)" if found else "none"


def _show(name: str, kept: Kept) -> None:
    click.echo(plain(name))
    said = _json(kept)
    for field, label in _LABELS.items():
        if said[field] or field != "added":
            click.echo(f"  {label:<12}{plain(str(said[field]) or 'nobody named')}")


def _json(kept: Kept) -> dict[str, Json]:
    return {name: value if isinstance(value, str) else dict(value) for name, value in asdict(kept).items()}


COMMANDS = (models_group,)
