"""A depth estimator of transformers (Depth Anything, DPT …), found by name; engine_depth.py draws with it.

A folder with `config.json`, its weights and `preprocessor_config.json`, or HUB/ID@REVISION. It is a work with an author
of its own: recorded with its digest, licence and credit wherever what it drew steers a picture.
"""

from dataclasses import replace
from pathlib import Path

from generation.errors import ModelError
from generation.files.folder import CONFIG, read_index
from generation.files.part_files import place_of_part, weights_of_part
from generation.works.adapter import Adapter, WorkKind, of_files
from generation.works.depth_kinds import is_near

KEY = "depth-model"
PROCESSOR = "preprocessor_config.json"


def find_depth(text: str, *, cache: Path | None = None) -> Adapter:
    """The estimator of that name; ModelError says what is wrong with it."""
    folder, source, revision = place_of_part(text, "a depth estimator")
    found = of_files(folder, _files(folder), WorkKind.DEPTH, KEY, cache=cache)
    return replace(found, name=text.partition("@")[0], source=source, revision=revision) if source else found


def _files(folder: Path) -> dict[str, Path]:
    """Its configurations and its weights."""
    name = folder.resolve().name
    for each in (CONFIG, PROCESSOR):
        if not (folder / each).is_file():
            raise ModelError(f"{name} is no depth estimator that can be used: it has no {each}")
    said = read_index(folder / CONFIG)
    kinds = said.get("architectures")
    if not isinstance(kinds, list) or not any("DepthEstimation" in str(each) for each in kinds):
        raise ModelError(
            f"{name} is no depth estimator: its {CONFIG} names {str(kinds or 'no class')[:60]}; "
            "look for one such as Depth Anything"
        )
    is_near(name, said)
    return {each: folder / each for each in (CONFIG, PROCESSOR, *weights_of_part(folder))}
