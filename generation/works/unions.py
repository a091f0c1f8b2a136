"""ControlNets that were made for many kinds of pictures at once: by what number each calls a kind.

Such a network is told beside the picture which kind it is. The numbers are its makers', and stand in no file of it.

>>> from types import SimpleNamespace
>>> net = type("ControlNetUnionModel", (), {"config": SimpleNamespace(num_control_type=6)})()
>>> number(net, "scribble"), number(object(), "scribble")
(2, None)
>>> number(net, "tile")
Traceback (most recent call last):
    ...
generation.errors.ModelError: this ControlNet was not made for tile, but for lineart, canny, scribble, depth
"""

from typing import Any

from generation.errors import ModelError

UNION = "ControlNetUnionModel"
# SDXL's, as xinsir made it; its first form knows six kinds, its later one eight. FLUX's, as InstantX and Shakker did.
_KINDS = {
    UNION: {"lineart": 3, "canny": 3, "scribble": 2, "depth": 1, "tile": 6},
    "FluxControlNetModel": {"canny": 0, "tile": 1, "depth": 2},
}


def is_own_class(net: Any) -> bool:
    """Whether it is steered through classes of its own (SDXL's); FLUX's goes where every ControlNet goes."""
    return type(net).__name__ == UNION


def number(net: Any, key: str) -> int | None:
    """What a network calls the kind `key`; None where it was made for one kind. ModelError where not for this one."""
    many = getattr(
        getattr(net, "config", None), "num_control_type" if is_own_class(net) else "num_mode", None
    )
    if many is None:
        return None
    kinds = {kind: at for kind, at in _KINDS.get(type(net).__name__, {}).items() if at < many}
    if key not in kinds:
        raise ModelError(
            f"this ControlNet was not made for {key}, but for {', '.join(kinds) or 'no kind we know'}"
        )
    return kinds[key]


def of_lines(net: Any) -> int | None:
    """The number of what comes nearest to a line drawing, for a network that is part of its model."""
    for key in ("lineart", "canny"):
        try:
            return number(net, key)
        except ModelError:
            continue
    return None
