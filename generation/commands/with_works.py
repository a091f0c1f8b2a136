"""What is used beside a model, as options: of `genzu paint`, of `genzu replay`, of `genzu serve`."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from generation.works import Works

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--lora",
        "loras",
        multiple=True,
        metavar="FILE[:SCALE]",
        help="A LoRA (.safetensors) over the model. It gets its own credit, from FILE's header or a card beside it "
        "(style.json). Repeat for more. Needs genzu[lora].",
    ),
    click.option(
        "--embedding",
        "embeddings",
        multiple=True,
        metavar="FILE",
        help="A textual inversion (.safetensors). The file's name is the word that calls it in the prompt.",
    ),
    click.option(
        "--control",
        "controls",
        multiple=True,
        metavar="KIND=MODEL[:SCALE[@START-END]]",
        help="A ControlNet beside the model, a folder or HUB/ID@REVISION. KIND: lineart, scribble, canny and tile "
        "are drawn from the layout, depth is given (--guide). Repeat for more.",
    ),
    click.option(
        "--ip-adapter",
        "style_adapter",
        metavar="FILE[:SCALE]",
        help="An IP-Adapter (.safetensors, its image_encoder/ beside it), which looks at --style pictures.",
    ),
)


def with_works(command: Command) -> Command:
    """The options; the command gets them as one value, `works`."""

    @functools.wraps(command)
    def parsed(
        *args: Any,
        loras: tuple[str, ...],
        embeddings: tuple[str, ...],
        controls: tuple[str, ...],
        style_adapter: str | None,
        **options: Any,
    ) -> Any:
        return command(*args, works=Works(loras, embeddings, controls, style_adapter), **options)

    for option in reversed(_OPTIONS):
        parsed = option(parsed)
    return cast(Command, parsed)
