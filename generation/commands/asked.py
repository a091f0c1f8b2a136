"""What is asked of one painting, as options: of `genzu paint`, and as the columns of a sheet for `genzu batch`.

One table for both: an option that is added here is a column, too. A field of PaintSettings is filled by the option of
its name, or by the one that `FIELDS` names.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click

from generation.errors import RequestError
from generation.layout.beside import NO_FILES, Files
from generation.layout.canvas import NO_SIDES, parse_sides
from generation.request.request import CHUNKS, CUT, PaintSettings
from generation.works.weight import parse_weight
from provenance.media.label import Language
from provenance.statement.blank import is_blank
from provenance.statement.vocabulary import Disclosure

ASKED = (
    click.option("--prompt", help="What to paint, in words. Needed, unless --like brings one."),
    click.option("--negative", default="", help="What to keep out, in words."),
    click.option(
        "--strength", type=float, help="How much may change: above 0, at most 1. Default: the model's own."
    ),
    click.option("--steps", type=int, help="Denoising steps; strength decides how many of them run."),
    click.option("--guidance", type=float, help="How closely to follow the words."),
    click.option("--seed", type=int, default=0, show_default=True, help="The same seed repeats a picture."),
    click.option(
        "--long-side", type=int, help="Pixels on the longer side. Default: what the model paints best."
    ),
    click.option(
        "--mask",
        type=click.Path(path_type=Path),
        help="Paint only where this picture is white; black keeps it, grey blends. It must be as large as LAYOUT.",
    ),
    click.option(
        "--clean",
        type=click.Choice(["auto", "on", "off"]),
        default="auto",
        show_default=True,
        help="Clean the layout first: square the page, even its light, firm its lines. auto: only a scan.",
    ),
    click.option(
        "--scheduler", help="Another scheduler that fits the model, such as Euler. A wrong name lists them."
    ),
    click.option(
        "--extend",
        metavar="SIDES",
        help="Add canvas and paint it: left=256,right=128 in the layout's pixels, or 128 for every side.",
    ),
    click.option(
        "--fill/--no-fill",
        default=None,
        help="Let the network see the mask, where the model's family has one that can. On for new canvas.",
    ),
    click.option(
        "--upscale",
        type=int,
        metavar="PIXELS",
        help="Make it larger: PIXELS on the longer side, in tiles and with little strength; broad colours stay. "
        "Goes before --long-side.",
    ),
    click.option(
        "--tile",
        type=int,
        help="Paint in square tiles of this many pixels, one after the other: for large pictures in little memory.",
    ),
    click.option(
        "--overlap", type=int, help="How many pixels neighbouring tiles share. Default: an eighth of a tile."
    ),
    click.option(
        "--long-prompt",
        type=click.Choice([CHUNKS, CUT]),
        help="A prompt that is longer than the model reads at once: in chunks (where it can), or cut off.",
    ),
    click.option(
        "--weigh",
        "weights",
        multiple=True,
        metavar="KEY=SCALE[@START-END]",
        help="How much something beside the model counts here: a LoRA by its file's name, a ControlNet by its kind, "
        "'style'. 0 leaves it out.",
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
        help="Draw a visible label about AI in a corner, in this language; eu: the EU's icon AI GENERATED or AI "
        "MODIFIED, by what is recorded; eu-basic: its icon AI. Off unless you ask.",
    ),
)
# Pictures that go in beside the layout: of one painting, and no columns of a sheet.
PICTURES = (
    click.option(
        "--reference",
        "references",
        multiple=True,
        type=click.Path(path_type=Path),
        help="A picture that an editing model also sees. Repeat for more. Its artists' consent is checked.",
    ),
    click.option(
        "--style",
        "styles",
        multiple=True,
        type=click.Path(path_type=Path),
        help="A picture that the IP-Adapter looks at. Repeat for more. Its artists' consent is checked.",
    ),
    click.option(
        "--guide",
        "guides",
        multiple=True,
        metavar="KIND=PICTURE",
        help="The picture to show a ControlNet, instead of one drawn from the layout.",
    ),
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
    beside: Files = NO_FILES


def with_options(command: Callable[..., Any]) -> Any:
    """The command with the options of ASKED and PICTURES, in their order."""
    for option in reversed((*ASKED, *PICTURES)):
        command = option(command)
    return command


def asked_from(options: Mapping[str, Any]) -> Asked:
    """What is asked, from the options by their names in Python (`long_side`)."""
    values: dict[str, Any] = {
        each.name: options.get(FIELDS.get(each.name, each.name)) for each in fields(PaintSettings)
    }
    if is_blank(values["negative_prompt"] or ""):
        values["negative_prompt"] = ""
    values["clean"] = _CLEAN[options["clean"]]
    if options.get("upscale") is not None:
        values["upscale"], values["long_side"] = True, options["upscale"]
    values["extend"] = parse_sides(options["extend"]) if options.get("extend") else NO_SIDES
    values["weights"] = tuple(
        parse_weight(*_parted(each, "--weigh")) for each in options.get("weights") or ()
    )
    settings = PaintSettings(**values)
    label = Language(options["label"]) if options["label"] else None
    guides = (_parted(each, "--guide") for each in options.get("guides") or ())
    beside = Files(
        tuple(options.get("references") or ()),
        tuple(options.get("styles") or ()),
        tuple((key, Path(picture)) for key, picture in guides),
    )
    return Asked(settings, options["mask"], Disclosure(options["disclose"]), label, beside)


def _parted(text: str, option: str) -> tuple[str, str]:
    """KEY=VALUE as the two."""
    key, separator, value = text.partition("=")
    if not separator or not key.strip() or not value.strip():
        raise RequestError(f"{option} is written KEY=VALUE, not {text[:60]!r}")
    return key.strip(), value.strip()


def option_names() -> list[str]:
    """The names in Python of all of them."""
    bare = click.Command("asked", params=with_options(lambda: None).__click_params__[::-1])
    return [each.name for each in bare.params if each.name is not None]


NAMES = frozenset(option_names())
