"""How many pictures a class looks at beside the layout.

A signature calls a batch of pictures as it calls a set of them: `image: list[PIL.Image.Image]`. What a class does with
a list stands in its code.
"""

import inspect
import re
from typing import Any

from generation.model.families import Task, family

# `for img in image:`: each picture of one prompt is prepared by itself; a batch goes through as it is.
_ONE_BY_ONE = re.compile(r"for \w+ in (image|references|prompt_images)\b")
_LIMIT = re.compile(r"self\.max_num_images = (\d+)")
# What makers say of their models, with the layout, where the code sets no limit.
_SAID = {
    "Flux2Pipeline": 10,
    "Flux2KleinPipeline": 4,
    "Flux2KleinKVPipeline": 4,
    "QwenImageEditPlusPipeline": 3,
}
MOST = 10  # where neither says anything: what the most able of them takes


def references_of(kind: Any) -> int:
    """The most pictures that go in after the layout; 0 where a class looks at the layout alone."""
    if family(kind.__name__).task is not Task.EDIT:
        return 0
    code = inspect.getsource(kind)
    if not _ONE_BY_ONE.search(code):
        return 0
    said = _LIMIT.search(code)
    most = int(said[1]) if said else _SAID.get(kind.__name__, MOST)
    return most - 1
