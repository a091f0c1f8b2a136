"""How a model is brought into memory: where, how exact, and what is given up to make it fit. No torch here.

>>> Loading(device="cuda:1", offload="model").facts()
{'offload': 'model'}
>>> Loading(quantize="int3")
Traceback (most recent call last):
    ...
generation.errors.RequestError: quantize is none or int8, not 'int3'
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from generation.errors import ModelError, RequestError
from generation.extras import need

DTYPES = ("mixed", "float32", "bfloat16", "float16")
BACKENDS = ("auto", "plain", "tuned", "openvino")
FIRST_FORM = "tuned 1"  # a backend that older records name; nobody chooses it anew
OFFLOADS = ("auto", "none", "model", "sequential")
QUANTIZED = ("none", "int8")
ROOM = 0.9  # of a GPU's free memory; the picture itself needs the rest


@dataclass(frozen=True, slots=True)
class Loading:
    """What a person may choose; all of it is on the record.

    `offload` keeps parts in the machine's memory while another works on the GPU: "model" a part at a time, "sequential"
    a layer at a time; "auto" only where the weights do not fit. `quantize` "int8" keeps the network's weights in a byte
    each (a quarter of float32). `attention` "sliced" computes it in pieces; else a backend of diffusers by its name,
    for transformers. `tiles` lets the autoencoder work in tiles. `compile` compiles the network: the first picture
    takes long, the others less. `backend` is what computes on a processor (generation/engine/tuning.py).
    """

    device: str = "auto"
    dtype: str = "auto"
    backend: str = "auto"
    offload: str = "auto"
    quantize: str = "none"
    attention: str = "auto"
    tiles: bool = False
    compile: bool = False

    def __post_init__(self) -> None:
        _one_of("dtype", self.dtype, ("auto", *DTYPES))
        if self.backend != FIRST_FORM:
            _one_of("backend", self.backend, BACKENDS)
        _one_of("offload", self.offload, OFFLOADS)
        _one_of("quantize", self.quantize, QUANTIZED)

    def facts(self) -> dict[str, str | bool]:
        """What differs from an ordinary loading; device and dtype are facts of every run."""
        chosen: dict[str, str | bool] = {}
        if self.offload not in ("auto", "none"):
            chosen["offload"] = self.offload
        if self.quantize != "none":
            chosen["quantized"] = self.quantize
        if self.attention != "auto":
            chosen["attention"] = self.attention
        if self.tiles:
            chosen["autoencoder_tiles"] = True
        if self.compile:
            chosen["compiled"] = True
        return chosen


def _one_of(name: str, value: str, allowed: Collection[str]) -> None:
    if value not in allowed:
        *most, last = allowed
        raise RequestError(f"{name} is {', '.join(most)} or {last}, not {value!r}")


AS_IT_COMES = Loading()


def decided(loading: Loading, device: str, pipe: Any, free: int | None) -> str:
    """The offload for this device. `free` is its free memory in bytes, None where there is no GPU."""
    if free is None:
        if loading.offload in ("model", "sequential"):
            raise RequestError(
                f"offload moves weights between a GPU and memory, and {device} is no GPU; leave it out"
            )
        return "none"
    if loading.offload != "auto":
        return loading.offload
    parts = [_bytes(part) for part in _modules(pipe)]
    if sum(parts) <= ROOM * free:
        return "none"
    return "model" if max(parts) <= ROOM * free else "sequential"


def placed(pipe: Any, loading: Loading, device: str, offload: str) -> Any:
    """The pipeline on its device, as `loading` says; `offload` is decided."""
    if loading.quantize != "none":
        _quantize(pipe)
    if loading.attention != "auto":
        _attend(pipe, loading.attention)
    if loading.tiles:
        _tile(pipe)
    if loading.compile:
        network_of(pipe).compile()
    if offload == "model":
        pipe.enable_model_cpu_offload(device=device)
    elif offload == "sequential":
        pipe.enable_sequential_cpu_offload(device=device)
    else:
        pipe = pipe.to(device)
    return pipe


def step_down(pipe: Any, done: Iterable[str]) -> str | None:
    """Gives up speed for memory, one step at a call; the step's name, None where nothing is left to give up."""
    steps = {
        "autoencoder in tiles": _can_tile(pipe),
        "attention in slices": hasattr(pipe, "enable_attention_slicing"),
    }
    for step, possible in steps.items():
        if possible and step not in done:
            (_tile if step == "autoencoder in tiles" else _slice)(pipe)
            return step
    return None


def step_up(pipe: Any, steps: Iterable[str]) -> None:
    """Takes back what `step_down` gave up."""
    for step in steps:
        if step == "autoencoder in tiles":
            pipe.vae.disable_tiling()
        else:
            pipe.disable_attention_slicing()


def network_of(pipe: Any) -> Any:
    """The part that runs at each step."""
    return getattr(pipe, "unet", None) or pipe.transformer


def _quantize(pipe: Any) -> None:
    need("quantize")
    from torchao.quantization import Int8WeightOnlyConfig, quantize_

    quantize_(network_of(pipe), Int8WeightOnlyConfig())


def _attend(pipe: Any, name: str) -> None:
    if name == "sliced":
        _slice(pipe)
        return
    network = network_of(pipe)
    if not hasattr(network, "set_attention_backend"):
        raise ModelError(f"{type(network).__name__} lets nobody choose its attention; leave that out")
    try:
        network.set_attention_backend(name)
    except (ValueError, RuntimeError, ImportError) as error:
        words = next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
        raise ModelError(f"the attention {name!r} cannot be used here ({words}); leave it out") from error


def _slice(pipe: Any) -> None:
    pipe.enable_attention_slicing()


def _can_tile(pipe: Any) -> bool:
    autoencoder: Any = getattr(pipe, "vae", None)
    # diffusers 0.42 gives the tiles of an AutoencoderTiny four channels, however many it has.
    narrow = type(autoencoder).__name__ == "AutoencoderTiny" and autoencoder.config.latent_channels != 4
    return hasattr(autoencoder, "enable_tiling") and not narrow


def _tile(pipe: Any) -> None:
    if not _can_tile(pipe):
        raise ModelError(f"the autoencoder of {type(pipe).__name__} cannot work in tiles; leave them out")
    pipe.vae.enable_tiling()


def _modules(pipe: Any) -> list[Any]:
    return [part for part in pipe.components.values() if hasattr(part, "parameters")]


def _bytes(part: Any) -> int:
    return sum(each.numel() * each.element_size() for each in part.parameters())
