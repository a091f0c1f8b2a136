"""`genzu serve`: the web page."""

import click

from generation.extras import need
from provenance.settings import Settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("--port", type=click.IntRange(1, 65535), default=7860, show_default=True)
@click.option("--open/--no-open", "open_page", default=True, help="Open the page in your browser.")
@click.pass_obj
def serve_command(settings: Settings, /, host: str, port: int, open_page: bool) -> None:
    """Open the web page: paint, record, inspect, credits, audit, and the keeper's tab."""
    need("paint", "app")
    from generation.app import main

    main(settings, host=host, port=port, open_page=open_page)


COMMANDS = (serve_command,)
