"""Options of a command that say how the model is brought into memory."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

import click

from generation.engine.loading import BACKENDS, DTYPES, OFFLOADS, QUANTIZED, Loading

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--device",
        default="auto",
        show_default=True,
        help="cpu, cuda, cuda:1 or mps. auto: a GPU, if any.",
    ),
    click.option(
        "--dtype",
        type=click.Choice(["auto", *DTYPES]),
        default="auto",
        show_default=True,
        help="How exact the numbers are. mixed: the network in bfloat16, the rest in float32. auto: mixed on a "
        "processor with instructions for bfloat16, float32 on others, half on a GPU.",
    ),
    click.option(
        "--backend",
        type=click.Choice(BACKENDS),
        default="auto",
        show_default=True,
        help="What computes on a processor: diffusers as it is (plain), the same tuned, or OpenVINO (needs "
        "genzu[fast]). auto: tuned, and OpenVINO where the model is converted already.",
    ),
    click.option(
        "--offload",
        type=click.Choice(OFFLOADS),
        default="auto",
        show_default=True,
        help="Keep parts of the model outside the GPU: a part or a layer at a time. auto: only if it does not fit.",
    ),
    click.option(
        "--quantize",
        type=click.Choice(QUANTIZED),
        default="none",
        show_default=True,
        help="Keep each of the network's weights in one byte. Needs genzu[quantize].",
    ),
    click.option(
        "--attention",
        default="auto",
        show_default=True,
        help="sliced (less memory, slower), or a backend of diffusers by name, such as flash.",
    ),
    click.option("--tiles", is_flag=True, help="Let the autoencoder work in tiles: less memory."),
    click.option(
        "--compile", is_flag=True, help="Compile the network: the first picture takes longer, the rest less."
    ),
)


def how_it_is_loaded(command: Command) -> Command:
    """Adds the options, and hands them over as one `loading`."""

    @functools.wraps(command)
    def taken(*args: Any, **options: Any) -> Any:
        chosen = {name: options.pop(name) for name in Loading.__slots__}
        return command(*args, loading=Loading(**chosen), **options)

    for option in reversed(_OPTIONS):
        taken = option(taken)
    return cast(Command, taken)
