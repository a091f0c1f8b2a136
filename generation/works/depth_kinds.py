"""Which depth estimators we know how to read: whether their larger numbers are nearer or farther away."""

from collections.abc import Mapping
from typing import Any

from generation.errors import ModelError

# What the number of a pixel is: how near it is, or how far away in metres. The `depth_estimation_type` of a
# configuration says it; of older models their kind does.
_NEAR, _FAR = ("dpt", "depth_anything"), ("glpn", "zoedepth")


def is_near(name: str, config: Mapping[str, Any]) -> bool:
    """Whether a larger number is nearer; ModelError where that is not known."""
    kind = config.get("model_type")
    if kind in _FAR or (kind in _NEAR and config.get("depth_estimation_type") == "metric"):
        return False
    if kind in _NEAR:
        return True
    raise ModelError(
        f"{name} is of the kind {str(kind)[:40]}, of which we do not know whether near is light or dark; "
        f"use one of {', '.join((*_NEAR, *_FAR))}"
    )
