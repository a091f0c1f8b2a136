"""`genzu roll`: the credit roll of a production, and the draft for a copyright office."""

from pathlib import Path

import click

from provenance.commands.opening import reading
from provenance.commands.project import parse_order
from provenance.errors import OutputError, Remedy, Way
from provenance.exports import roll_sheet
from provenance.exports.copyright import draft_statement
from provenance.exports.roll import roll_of
from provenance.people.register import register_of
from provenance.settings import Settings
from provenance.storage.atomic import save

FORMATS = ("text", "csv", "json", "html", "png", "copyright")


@click.command("roll")
@click.option("--production", required=True, help="The production, by its name in any spelling.")
@click.option("--lang", default="en", show_default=True, help="en, ja, or both: en,ja.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="'copyright' is a draft statement of what people made and what is excluded.",
)
@click.option(
    "--order",
    default="",
    metavar="ROLE,ROLE,…",
    help="The roles that open the roll. Without it, as `genzu project` says, or as in a film.",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="The file to write. Without it, the terminal."
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.pass_obj
def roll_command(
    settings: Settings, production: str, lang: str, form: str, order: str, out: Path | None, force: bool
) -> None:
    """The credit roll of a production: people by role, models separately, and the history of each shot."""
    languages = roll_sheet.parse_languages(lang)
    if out is None and form == "png":
        raise OutputError("a picture goes into a file; say which with -o")
    if out is not None and out.exists() and not force:
        raise OutputError(f"{out} exists already", remedies=(Remedy(Way.ANOTHER_NAME),))
    with reading(settings) as opened:
        register = register_of(opened.held)
        roll = roll_of(opened.held, register, production, parse_order(order))
        if form == "copyright":
            data = draft_statement(opened.held, register, roll, languages[0]).encode()
        elif form == "png":
            data = roll_sheet.to_png(roll, languages)
        else:
            make = {
                "text": roll_sheet.to_text,
                "csv": roll_sheet.to_csv,
                "json": roll_sheet.to_json,
                "html": roll_sheet.to_html,
            }[form]
            data = make(roll, register, languages).encode("utf-8", "backslashreplace")
    if out is None:
        click.echo(data.decode("utf-8"), nl=False)
    else:
        save(out, data)
        click.echo(f"{out}")


COMMANDS = (roll_command,)
