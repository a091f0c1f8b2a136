"""How a model runs on a processor: in which library, how exact, and what it works out only once.

    plain      diffusers as it is
    tuned      weights in the order of memory that a processor reads best, sums made shorter (shortcuts.py);
               a layout is encoded once for all its pictures
    openvino   the network and the autoencoder in OpenVINO (extra `fast`), the rest as in tuned

"mixed" is bfloat16 in the network and the tiny autoencoder, float32 in all else. Both are on the record of each
picture.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from generation.engine.loading import DTYPES, FIRST_FORM, Loading
from generation.engine.shortcuts import Shared, enlarge_at_once, in_halves, in_one_go, shares
from generation.errors import ModelError
from generation.extras import PACKAGES, is_there, need
from generation.request.facts import version_of
from generation.works.adapter import WorkKind
from generation.works.kit import Kit

FLOAT32, MIXED = "float32", "mixed"
# What was compared with torch, picture by picture; others change how their network works.
CONVERTED = {"StableDiffusionImg2ImgPipeline", "StableDiffusionInpaintPipeline"}
NETWORK = "UNet2DConditionModel"
AUTOENCODERS = ("AutoencoderTiny", "AutoencoderKL")
FORM = 2  # of both but plain; in the first, "tuned" alone, no sums were made shorter
WORTH_IT = 2_000_000  # values of a network; a smaller one is called faster than it is handed over
ROOM = 6  # times the weights: torch keeps its own while the others are converted and compiled


class Backend(StrEnum):
    """What computes the network and the autoencoder."""

    PLAIN = "plain"
    TUNED = "tuned"
    FIRST = FIRST_FORM  # tuned as in its first form: only records ask for it
    OPENVINO = "openvino"


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was decided for one loaded model. `dtype` is "mixed", or that of the whole pipeline."""

    backend: Backend
    dtype: str

    @property
    def whole(self) -> str:
        """The precision that the pipeline is loaded in."""
        return FLOAT32 if self.dtype == MIXED else self.dtype

    def facts(self) -> dict[str, str]:
        """As they go into the record."""
        said = self.backend.value
        if self.backend is Backend.TUNED:
            said = f"tuned {FORM}"
        if self.backend is Backend.FIRST:
            said = "tuned"
        if self.backend is Backend.OPENVINO:
            said = f"openvino {version_of('openvino')}, form {FORM}"
        return {"dtype": self.dtype, "backend": said}


def tuning_of(loading: Loading, device: str, half: str) -> Tuning:
    """What `loading` leaves open, decided before the weights are read; OpenVINO is decided by `settled`.

    `half` is the dtype for a GPU. On a processor bfloat16 is taken only where it has instructions for it: elsewhere
    each value is converted back and forth, which takes longer than float32.
    """
    if device != "cpu":
        if MIXED in loading.dtype or loading.backend not in ("auto", Backend.PLAIN):
            raise ModelError(f"backend and mixed precision are for a processor; leave them out for {device}")
        return Tuning(Backend.PLAIN, half if loading.dtype == "auto" else loading.dtype)
    changed = loading.quantize != "none" or loading.compile or loading.attention != "auto"
    plain = loading.backend == Backend.PLAIN or (loading.backend == "auto" and changed)
    backend = Backend.FIRST if loading.backend == Backend.FIRST else Backend.TUNED
    backend = Backend.PLAIN if plain else backend
    if loading.dtype != "auto":
        return Tuning(backend, loading.dtype)
    return Tuning(backend, MIXED if native_bfloat16() and not plain else FLOAT32)


def recorded(facts: Mapping[str, Any]) -> Loading | None:
    """How to load the model that painted a picture with these facts; None where that is not for us to choose.

    Where OpenVINO is not installed it is torch in the same precision, which comes within a tolerance.
    """
    dtype = facts.get("dtype")
    if (
        facts.get("device") != "cpu"
        or dtype not in DTYPES
        or {"quantized", "compiled", "attention"} & set(facts)
    ):
        return None
    said = str(facts.get("backend", Backend.PLAIN))
    backend = said.partition(" ")[0]
    if backend not in set(Backend):
        return None
    if said == Backend.TUNED:
        backend = Backend.FIRST
    if backend == Backend.OPENVINO and not installed():
        backend = Backend.TUNED
    return Loading(device="cpu", dtype=str(dtype), backend=backend)


def installed() -> bool:
    """Whether OpenVINO is there."""
    return all(map(is_there, PACKAGES["fast"]))


def native_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 itself (AVX-512 BF16 or AMX), as torch reads it from the processor."""
    import torch

    asked = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in asked)


def settled(
    tuning: Tuning, loading: Loading, pipe: Any, kit: Kit, *, ready: bool, memory: int | None
) -> Tuning:
    """The tuning of a pipeline that is loaded: mixed and OpenVINO only where its class is known to stand them.

    `ready` says that a conversion lies there or is worth making. ModelError where OpenVINO was asked for and cannot be.
    """
    network = getattr(pipe, "unet", None)
    # Others hand their latents on in the network's precision (Kandinsky's to its own decoder).
    known = type(network).__name__ == NETWORK and autoencoder_is_known(pipe)
    if tuning.dtype == MIXED and not known:
        if loading.dtype == MIXED:
            autoencoders = " or ".join(AUTOENCODERS)
            raise ModelError(
                f"mixed precision is for a {NETWORK} with an {autoencoders}, which {type(pipe).__name__} has not"
            )
        tuning = Tuning(tuning.backend, FLOAT32)
    if loading.backend == Backend.OPENVINO:
        need("fast")
        why = _not_in_openvino(pipe, kit)
        if tuning.dtype not in (MIXED, FLOAT32):
            why = f"OpenVINO computes here in {MIXED} or {FLOAT32}, and not in {tuning.dtype}"
        if why:
            raise ModelError(f"{why}; leave the backend out")
        return Tuning(Backend.OPENVINO, tuning.dtype)
    asks = loading.backend == "auto" and tuning.backend is Backend.TUNED and tuning.dtype in (MIXED, FLOAT32)
    if not asks or not ready or not installed() or _not_in_openvino(pipe, kit):
        return tuning
    size = _bytes(pipe)
    fits = memory is None or ROOM * size <= memory
    return Tuning(Backend.OPENVINO, tuning.dtype) if fits and _values(network) >= WORTH_IT else tuning


def _not_in_openvino(pipe: Any, kit: Kit) -> str:
    """Why this pipeline is not run in OpenVINO; "" where it can be."""
    if type(pipe).__name__ not in CONVERTED or type(pipe.unet).__name__ != NETWORK:
        return f"OpenVINO runs {' and '.join(sorted(CONVERTED))} here, and not {type(pipe).__name__}"
    if any(each.kind is not WorkKind.WORD for each in kit):
        return "OpenVINO runs a model by itself, and there are works beside this one"
    config = pipe.unet.config
    if config.time_cond_proj_dim is not None or config.class_embed_type or config.addition_embed_type:
        return f"the network of {type(pipe).__name__} is given more than words and time here"
    return ""


def tune(pipe: Any, tuning: Tuning, converted: Any = None) -> None:
    """Makes a pipeline on a processor run so. `converted` are its parts in OpenVINO, by their names."""
    if tuning.backend is Backend.PLAIN:
        return
    parts = parts_of(pipe)
    if converted is not None:
        for name, part in parts.items():
            part.forward = converted[name]
            # The library has weights of its own; those of torch would only take memory.
            for each in part.parameters():
                each.data = each.data.new_empty(0)
    else:
        short = tuning.backend is not Backend.FIRST
        for name, part in parts.items():
            if short:
                enlarge_at_once(part)
                in_one_go(part)
            _in_order(part)
            if tuning.dtype == MIXED and name in narrow(pipe):
                _narrow(part, its_second_is_time=name == "network")
            if short and name == "network" and shares(part):
                part.forward = in_halves(part.forward, Shared(part))
    if "encoder" in parts:
        parts["encoder"].forward = _once(parts["encoder"].forward)
    if "decoder" in parts:
        parts["decoder"].forward = _of_numbers(parts["decoder"].forward)


def autoencoder_is_known(pipe: Any) -> bool:
    """Whether its autoencoder is of a class that was tried in other precisions."""
    return type(getattr(pipe, "vae", None)).__name__ in AUTOENCODERS


def parts_of(pipe: Any) -> dict[str, Any]:
    """The parts that take a picture's time, by name: the network, and both halves of the autoencoder."""
    autoencoder = getattr(pipe, "vae", None)
    found = {
        "network": getattr(pipe, "unet", None),
        "encoder": getattr(autoencoder, "encoder", None),
        "decoder": getattr(autoencoder, "decoder", None),
    }
    known = autoencoder_is_known(pipe)
    return {
        name: part
        for name, part in found.items()
        if part is not None and (known if name != "network" else type(part).__name__ == NETWORK)
    }


def narrow(pipe: Any) -> Collection[str]:
    """The parts that are bfloat16 where the whole is mixed. Larger autoencoders are kept exact, as their makers ask."""
    tiny = type(getattr(pipe, "vae", None)).__name__ == "AutoencoderTiny"
    return ("network", "encoder", "decoder") if tiny else ("network",)


def _in_order(part: Any) -> None:
    import torch

    part.to(memory_format=torch.channels_last)


def _narrow(part: Any, *, its_second_is_time: bool) -> None:
    """The part in bfloat16; what it is given is rounded on the way in, and what it gives is float32 again."""
    import torch

    part.to(torch.bfloat16)
    plain = part.forward

    def forward(*given: Any, **named: Any) -> Any:
        # A step's number stays as it is: bfloat16 has no 981.
        rounded = [
            each if number == 1 and its_second_is_time else _cast(each, torch.bfloat16)
            for number, each in enumerate(given)
        ]
        named = {
            name: value if name == "timestep" else _cast(value, torch.bfloat16)
            for name, value in named.items()
        }
        result = plain(*rounded, **named)
        if hasattr(result, "sample"):
            return type(result)(sample=result.sample.float())
        return _cast(result, torch.float32)

    part.forward = forward


def _cast(value: Any, dtype: Any) -> Any:
    """The value, and the values in it, in another precision; whole numbers stay."""
    if hasattr(value, "is_floating_point"):
        return value.to(dtype) if value.is_floating_point() else value
    if isinstance(value, tuple | list):
        return type(value)(_cast(each, dtype) for each in value)
    if isinstance(value, dict):
        return {name: each if name == "time_ids" else _cast(each, dtype) for name, each in value.items()}
    return value


def _once(encode: Any) -> Any:
    """Encodes a layout once: its candidates, and the next picture over it, get the same values again."""
    last: list[Any] = []

    def forward(picture: Any) -> Any:
        import torch

        if not last or last[0].shape != picture.shape or not torch.equal(last[0], picture):
            last[:] = [picture.clone(), encode(picture)]
        return last[1].clone()

    return forward


def _of_numbers(decode: Any) -> Any:
    """Decodes what is no number as no number: in one go with other sums it is cut at zero, and looks like a picture."""

    def forward(latents: Any) -> Any:
        picture = decode(latents)
        return picture if latents.isfinite().all() else picture * float("nan")

    return forward


def _values(part: Any) -> int:
    return sum(each.numel() for each in part.parameters())


def _bytes(pipe: Any) -> int:
    return sum(4 * _values(part) for part in parts_of(pipe).values())
