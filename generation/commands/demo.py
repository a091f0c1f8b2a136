"""`genzu demo`: the whole way of a film's background on a layout that ships with Genzu."""

from pathlib import Path

import click

from generation.extras import need
from provenance.settings import Settings


@click.command("demo")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("genzu-demo"),
    show_default=True,
    help="The folder that the pictures and their archive go to.",
)
@click.pass_obj
def demo_command(settings: Settings, /, out: Path) -> None:
    """Follow one background from layout to credits: two paintings and a revision of a layout that ships with Genzu.

    It uses an archive of its own in that folder, so nothing is added to your ledger.
    """
    need("paint")
    from generation.studio.film import show

    show(settings, out)


COMMANDS = (demo_command,)
