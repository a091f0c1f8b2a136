"""What is used beside a model, as options: of `genzu paint`, `replay`, `serve`, and of every row of a sheet."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

import click

from generation.works.works import Works

Command = TypeVar("Command", bound=Callable[..., Any])

WORKS = (
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
        help="A ControlNet beside the model: a folder, HUB/ID@REVISION, or a .safetensors file. KIND: lineart, "
        "scribble, canny and tile are drawn from the layout, depth is estimated (--depth-model) or given "
        "(--guide). Repeat for more.",
    ),
    click.option(
        "--depth-model",
        "depth_model",
        metavar="MODEL",
        help="A depth estimator of transformers (Depth Anything, DPT), a folder or HUB/ID@REVISION: it draws what a "
        "ControlNet for depth is shown.",
    ),
    click.option(
        "--ip-adapter",
        "style_adapter",
        metavar="FILE[:SCALE]",
        help="An IP-Adapter (.safetensors, its image_encoder/ beside it), which looks at --style pictures.",
    ),
)
# Field of Works -> the option that fills it.
FIELDS = {
    "loras": "loras",
    "embeddings": "embeddings",
    "controls": "controls",
    "style": "style_adapter",
    "depth": "depth_model",
}


def works_from(options: Mapping[str, Any]) -> Works:
    """The works that these options name; an option that is not among them names none."""
    return Works(**{field: options[name] for field, name in FIELDS.items() if options.get(name)})


def with_works(command: Command) -> Command:
    """The options; the command gets them as one value, `works`."""

    @functools.wraps(command)
    def parsed(*args: Any, **options: Any) -> Any:
        own = {name: options.pop(name) for name in FIELDS.values()}
        return command(*args, works=works_from(own), **options)

    for option in reversed(WORKS):
        parsed = option(parsed)
    return cast(Command, parsed)
