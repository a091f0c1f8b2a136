"""`genzu serve`: the web page."""

import click

from generation.commands.how_loaded import how_it_is_loaded
from generation.commands.with_works import with_works
from generation.engine.loading import Loading
from generation.extras import need
from generation.importing import uncollected
from generation.works.works import Works
from provenance.settings import Settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets other machines in.")
@click.option("--port", type=click.IntRange(1, 65535), default=7860, show_default=True, help="The port.")
@click.option("--root-path", "root", metavar="PATH", help="Where a proxy shows the page, such as /genzu.")
@click.option(
    "--mcp", is_flag=True, help="Also offer its tools to agents (MCP): paint, inspect, who, credits …"
)
@with_works
@how_it_is_loaded
@click.option("--open/--no-open", "open_page", default=True, help="Open the page in your browser.")
@click.pass_obj
def serve_command(
    settings: Settings,
    /,
    host: str,
    port: int,
    open_page: bool,
    works: Works,
    loading: Loading,
    root: str | None,
    mcp: bool,
) -> None:
    """Open the web page: paint, record, inspect, credits, audit, and the keeper's tab.

    GENZU_MODEL names its model.
    """
    need("paint", "app", *(["lora"] if works.loras else []), *(["mcp"] if mcp else []))
    click.echo("Genzu loads the painter and the page; this takes some seconds …")
    with uncollected():
        from generation.app import Place, main

    place = Place(host, port, open_page, root, mcp)
    main(settings, place, works=works, loading=loading)


COMMANDS = (serve_command,)
