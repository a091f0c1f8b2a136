"""`--like`: what is left open is taken from a picture. With it, all that `genzu paint` asks of one painting."""

import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from click.core import ParameterSource

from generation.commands.asked import FIELDS, NAMES, asked_from, with_options
from generation.request.request import check_prompt
from provenance.commands.opening import reading
from provenance.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

LIKE = click.option(
    "--like",
    type=click.Path(path_type=Path),
    help="Take every setting that you do not give from this picture: its record here, its credentials, or the text "
    "that AUTOMATIC1111, ComfyUI and InvokeAI leave. The model is not taken.",
)


def what_is_asked(command: Command) -> Command:
    """The options of ASKED and PICTURES; the command gets them as one value, `asked`."""

    @functools.wraps(command)
    def parsed(*args: Any, **options: Any) -> Any:
        options = with_like(options)
        own = {name: options.pop(name) for name in list(options) if name not in NAMES}
        if options["prompt"] is None:
            raise click.UsageError("Missing option '--prompt'.")
        check_prompt(options["prompt"])  # before an archive is opened or a model is read
        return command(*args, asked=asked_from(options), **own)

    return cast(Command, LIKE(with_options(parsed)))


def with_like(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options without `like`, filled from the picture that it names where they were not given."""
    given = dict(options)
    path = given.pop("like", None)
    if path is None:
        return given
    from generation.studio.alike import told as told_of
    from generation.studio.like import like

    context = click.get_current_context()
    settings: Settings = context.obj
    with reading(settings) as opened:
        found = like(path, settings.limits, opened.ledger, opened.trust)
    taken = []
    for name, value in found.settings.items():
        option = FIELDS.get(name, name)
        if context.get_parameter_source(option) is not ParameterSource.COMMANDLINE:
            given[option] = value
            taken.append(name)
    click.echo(told_of(found, iter(taken)), err=True)
    return given
