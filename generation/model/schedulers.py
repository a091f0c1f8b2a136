"""Which schedulers a model can be painted with: its own and those that diffusers calls compatible with it.

They differ in how a step is computed, so the same number of steps looks another way; each starts from the model's own
configuration.
"""

from functools import lru_cache
from typing import Any

from generation.errors import RequestError
from generation.quiet import quietly


@lru_cache(maxsize=64)
def compatible(name: str) -> tuple[str, ...]:
    """The schedulers that fit a model of this scheduler, itself first; only those whose packages are installed."""
    own = _named(name)
    if own is None:
        return (name,) if name else ()
    others: list[Any] = own._get_compatibles() if hasattr(own, "_get_compatibles") else []
    usable = sorted(each.__name__ for each in others if _named(each.__name__) is not None)
    # EDM's weigh a network's answer in a way of their own; of one that was not trained so they make noise.
    edm = name.startswith("EDM")
    return (name, *(each for each in usable if each != name and each.startswith("EDM") == edm))


def chosen(text: str, fitting: tuple[str, ...]) -> str:
    """The scheduler meant by a name, with or without the word Scheduler; RequestError lists those that fit.

    >>> chosen("euler", ("DDIMScheduler", "EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler"))
    'EulerDiscreteScheduler'
    """
    asked = _bare(text)
    for each in fitting:
        if asked == _bare(each):
            return each
    known = ", ".join(each.removesuffix("Scheduler") for each in fitting) or "none"
    raise RequestError(f"this model has no scheduler {text[:60]!r}; it can be painted with {known}")


def made(name: str, own: Any) -> Any:
    """A scheduler of that name with the configuration of the model's own."""
    if type(own).__name__ == name:
        return own
    kind = _named(name)
    if kind is None:
        raise RequestError(f"the installed diffusers has no scheduler {name[:60]!r}")
    with quietly():
        return kind.from_config(own.config)


def _named(name: str) -> Any:
    with quietly():
        import diffusers

        found = getattr(diffusers, name, None)
    # Where a package is missing, diffusers has a stand-in that only says so.
    return found if found is not None and hasattr(found, "from_config") and _real(found) else None


def _real(kind: Any) -> bool:
    return "dummy" not in kind.__module__


def _bare(name: str) -> str:
    """Only what tells schedulers apart: `Euler` and `EulerDiscreteScheduler` are one."""
    plain = "".join(each for each in name.lower() if each.isalnum())
    return plain.removesuffix("scheduler").replace("discrete", "")
