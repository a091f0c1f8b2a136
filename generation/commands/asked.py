"""What is asked of one painting, as options: of `genzu paint`, and as the columns of a sheet for `genzu batch`.

One table for both: an option that is added here is a column, too. A field of PaintSettings is filled by the option of
its name, or by the one that `FIELDS` names.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar, cast

import click
from click.core import ParameterSource

from generation.request import PaintSettings
from provenance.commands.opening import reading
from provenance.media.label import Language
from provenance.settings import Settings
from provenance.statement.vocabulary import Disclosure

Command = TypeVar("Command", bound=Callable[..., Any])

ASKED = (
    click.option("--prompt", help="What to paint, in words. Needed, unless --like brings one."),
    click.option("--negative", default="", help="What to keep out, in words."),
    click.option(
        "--strength", type=float, help="How much may change: above 0, at most 1. Without it, the model's own."
    ),
    click.option("--steps", type=int, help="Denoising steps; strength decides how many of them run."),
    click.option("--guidance", type=float, help="How closely to follow the words."),
    click.option("--seed", type=int, default=0, show_default=True, help="The same seed repeats a picture."),
    click.option(
        "--long-side", type=int, help="Pixels of the longer side. Without it, what the model paints best."
    ),
    click.option(
        "--mask",
        type=click.Path(path_type=Path),
        help="Paint only where this picture is white; black keeps the layout, grey blends. As large as LAYOUT.",
    ),
    click.option(
        "--clean",
        type=click.Choice(["auto", "on", "off"]),
        default="auto",
        show_default=True,
        help="Clean the layout first: square the page, even its light, firm its lines. auto: only a scan.",
    ),
    click.option(
        "--disclose",
        type=click.Choice([each.value for each in Disclosure]),
        default=Disclosure.FULL.value,
        show_default=True,
        help="How much of the prompt the signed file says. The ledger keeps it either way.",
    ),
    click.option(
        "--label",
        type=click.Choice([each.value for each in Language]),
        help="Draw a visible label about AI into a corner, in this language. Off unless you ask.",
    ),
)
LIKE = click.option(
    "--like",
    type=click.Path(path_type=Path),
    help="Take what is left open from this picture: its record here, its credentials, or the text that AUTOMATIC1111, "
    "ComfyUI and InvokeAI leave. The model is not taken.",
)
# Field of PaintSettings -> the option that fills it, where its name is another one.
FIELDS = {"negative_prompt": "negative", "guidance_scale": "guidance", "num_inference_steps": "steps"}
_CLEAN = {"auto": None, "on": True, "off": False}


@dataclass(frozen=True, slots=True)
class Asked:
    """One painting as it was asked for, but for its layout, its job and its model."""

    settings: PaintSettings
    mask: Path | None
    disclosure: Disclosure
    label: Language | None


def what_is_asked(command: Command) -> Command:
    """The options of ASKED; the command gets them as one value, `asked`."""

    @functools.wraps(command)
    def parsed(*args: Any, **options: Any) -> Any:
        options = with_like(options)
        own = {name: options.pop(name) for name in list(options) if name not in NAMES}
        if not options["prompt"]:
            raise click.UsageError("Missing option '--prompt'.")
        return command(*args, asked=asked_from(options), **own)

    return cast(Command, LIKE(with_options(parsed)))


def with_like(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options without `like`, filled from the picture that it names where they were not given."""
    given = dict(options)
    path = given.pop("like", None)
    if path is None:
        return given
    from generation.like import like
    from generation.like import told as told_of

    context = click.get_current_context()
    settings: Settings = context.obj
    with reading(settings) as opened:
        found = like(path, settings.limits.size, opened.ledger, opened.trust)
    taken = []
    for name, value in found.settings.items():
        option = FIELDS.get(name, name)
        if context.get_parameter_source(option) is not ParameterSource.COMMANDLINE:
            given[option] = value
            taken.append(name)
    click.echo(told_of(found, iter(taken)), err=True)
    return given


def with_options(command: Callable[..., Any]) -> Any:
    """The command with the options of ASKED, in their order."""
    for option in reversed(ASKED):
        command = option(command)
    return command


def asked_from(options: Mapping[str, Any]) -> Asked:
    """What is asked, from the options by their names in Python (`long_side`)."""
    values: dict[str, Any] = {
        each.name: options.get(FIELDS.get(each.name, each.name)) for each in fields(PaintSettings)
    }
    values["clean"] = _CLEAN[options["clean"]]
    settings = PaintSettings(**values)
    label = Language(options["label"]) if options["label"] else None
    return Asked(settings, options["mask"], Disclosure(options["disclose"]), label)


def option_names() -> list[str]:
    """The names in Python of the options of ASKED."""
    bare = click.Command("asked", params=with_options(lambda: None).__click_params__[::-1])
    return [each.name for each in bare.params if each.name is not None]


NAMES = frozenset(option_names())
