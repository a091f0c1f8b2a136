"""The devices of this machine, as torch sees them."""

import inspect
import os
from typing import Any

from generation.errors import RequestError


def devices_here() -> tuple[str, ...]:
    """Every GPU of this machine where there are several; else one word, "auto"."""
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    return tuple(f"cuda:{at}" for at in range(count)) if count > 1 else ("auto",)


def use_threads(count: int) -> None:
    """How many threads of the processor this process paints with."""
    import torch

    torch.set_num_threads(count)


def lost(error: BaseException) -> bool:
    """Whether a device is gone: nothing on it answers any more in this process."""
    return type(error).__name__ == "AcceleratorError" or "CUDA error" in str(error)


def names_here() -> tuple[str, ...]:
    """What a device of this machine can be called."""
    import torch

    cards = [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    apple = ["mps"] if torch.backends.mps.is_available() else []
    return ("cpu", *(["cuda"] if cards else []), *cards, *apple)


def checked(device: str) -> str:
    """The device, if it is here; RequestError names those that are."""
    here = names_here()
    if device not in here:
        raise RequestError(f"there is no device {device!r} here; there is {', '.join(here)}")
    return device


def picked(torch: Any) -> str:
    """The device where none is named."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def free_memory(torch: Any, device: str) -> int | None:
    """A GPU's free memory in bytes; None where the device is none."""
    return int(torch.cuda.mem_get_info(device)[0]) if device.startswith("cuda") else None


def machine_memory() -> int | None:
    """This machine's memory in bytes; None where the system does not say."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def half_of(pipeline: Any) -> str:
    """The half precision that a class stands: transformers (FLUX, Qwen-Image) overflow in float16."""
    return "bfloat16" if "transformer" in inspect.signature(pipeline.__init__).parameters else "float16"


def device_name(torch: Any, device: str) -> str:
    """The device as the record has it."""
    return f"{device} ({torch.cuda.get_device_name(device)})" if device.startswith("cuda") else device
