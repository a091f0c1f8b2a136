"""A model's parts in OpenVINO: converted once, kept under the digest of its weights, compiled when it is loaded.

    openvino/<digest of the model>-<digest of versions>/
        network.xml  network.bin  encoder.xml ...    as the library writes them, in float32
        digests.json                                 the SHA-256 of each of them, written last

The folder is made under another name and renamed, so it is whole or not there. What does not match its digests is
converted again. Where nothing can be kept, the conversion is made in memory at each loading.
"""

import hashlib
import json
import shutil
import sys
import tempfile
import time
import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any

from generation.engine.shortcuts import Shared, enlarge_at_once, in_halves, shares

Run = Callable[..., Any]  # arrays in, an array out

FORM = 2  # of how a part is traced
LIST = "digests.json"
PART = ".part"
ABANDONED = 24 * 3600  # seconds after which nobody is still writing one; a large model's takes gigabytes
# Networks kept in memory, one for each size of picture, as long as they are small; one at least.
MOST, MOST_BYTES = 8, 256_000_000


@dataclass(frozen=True, slots=True)
class Conversions:
    """Those of one model. `folder` holds the conversions of all models; None keeps nothing."""

    folder: Path | None
    model: str  # SHA-256 (hex) of its files

    @property
    def place(self) -> Path | None:
        """Where this model's lie, for the versions that are installed."""
        if self.folder is None:
            return None
        versions = [f"{name} {metadata.version(name)}" for name in ("openvino", "torch", "diffusers")]
        form = hashlib.sha256("\n".join([str(FORM), *versions]).encode()).hexdigest()
        return self.folder / f"{self.model[:32]}-{form[:12]}"

    @property
    def there(self) -> bool:
        """Whether a conversion lies there; whether it is whole is seen when it is read."""
        place = self.place
        return place is not None and (place / LIST).is_file()

    def read(self, names: Any) -> dict[str, Any] | None:
        """The parts of these names; None where one is missing, damaged or cannot be read."""
        openvino = _library()
        place = self.place
        try:
            if place is None:
                return None
            said = json.loads((place / LIST).read_bytes())
            if any(said[file] != _sha256(place / file) for name in names for file in _files(name)):
                return None
            core = openvino.Core()
            return {name: core.read_model(place / f"{name}.xml") for name in names}
        except (OSError, ValueError, LookupError, TypeError, RuntimeError, RecursionError):
            return None

    def keep(self, parts: Mapping[str, Any]) -> None:
        """Writes them whole or not at all, in the place of what lay there, and of those of older versions."""
        place = self.place
        if place is None:
            return
        part: Path | None = None
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            for left in place.parent.glob(f"{PART}*"):
                if time.time() - left.stat().st_mtime > ABANDONED:
                    shutil.rmtree(left, ignore_errors=True)
            part = Path(tempfile.mkdtemp(dir=place.parent, prefix=PART))
            for name, model in parts.items():
                _library().save_model(model, part / f"{name}.xml", compress_to_fp16=False)
            digests = {file: _sha256(part / file) for name in parts for file in _files(name)}
            (part / LIST).write_text(json.dumps(digests, indent=1), encoding="utf-8")
            for old in place.parent.glob(f"{self.model[:32]}-*"):
                shutil.rmtree(old, ignore_errors=True)
            part.rename(place)
        except (OSError, RuntimeError):  # a full disk, a folder that may not be written, a second process
            if part is not None:
                shutil.rmtree(part, ignore_errors=True)


def _library() -> Any:
    """OpenVINO without the package that tells its makers, unasked, that a model was converted on this machine."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # so that its import fails
    import openvino

    return openvino


def _files(name: str) -> tuple[str, str]:
    return f"{name}.xml", f"{name}.bin"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def converted(
    parts: Mapping[str, Any], conversions: Conversions, exact: Mapping[str, str], threads: int
) -> dict[str, Callable[..., Any]]:
    """What stands in for `forward` of each part. `exact` is the precision of each, as the library calls it."""
    models = conversions.read(parts)
    if models is None:
        models = {name: _traced(name, part) for name, part in parts.items()}
        conversions.keep(models)
        models = conversions.read(parts) or models  # from the disk it takes no memory until it is looked at
    made: dict[str, Callable[..., Any]] = {}
    for name, model in models.items():
        compiled = partial(_compiled, precision=exact[name], threads=threads)
        if name == "network":
            made[name] = _network(parts[name], _for_each_size(model, compiled, _most(parts[name])))
        else:
            made[name] = compiled(model)
    return made


def _for_each_size(model: Any, compiled: Callable[[Any], Run], most: int) -> Run:
    """The graph compiled for each size by itself, when the size is first asked for: a seventh less work a call.

    Every size has its own, so that no picture depends on what was painted before it. The last `most` are kept.
    """
    runs: OrderedDict[tuple[tuple[int, ...], ...], Run] = OrderedDict()

    def run(*tensors: Any) -> Any:
        shapes = tuple(tuple(each.shape) for each in tensors)
        if shapes not in runs:
            if len(runs) >= most:
                runs.popitem(last=False)
            own = model.clone()
            own.reshape({place: list(shape) for place, shape in zip(own.inputs, shapes, strict=True)})
            runs[shapes] = compiled(own)
        runs.move_to_end(shapes)
        return runs[shapes](*tensors)

    return run


def _most(part: Any) -> int:
    """How many compiled networks are kept."""
    size = sum(4 * int(each.numel()) for each in part.parameters())
    return max(1, min(MOST, MOST_BYTES // max(size, 1)))


def _traced(name: str, part: Any) -> Any:
    """The part as a graph for every size: traced at one that no halving divides, so that it takes any."""
    import torch

    openvino = _library()
    needing = [each for each in part.parameters() if each.requires_grad]
    part.requires_grad_(requires_grad=False)
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]), warnings.catch_warnings():
            # Of branches that a trace takes one way only: it is made at a size where they go the general way.
            warnings.simplefilter("ignore", torch.jit.TracerWarning)
            warnings.filterwarnings("ignore", message="`torch.jit", category=DeprecationWarning)
            if name == "network":
                return _traced_network(openvino, torch, part)
            enlarge_at_once(part)
            channels = next(each for each in part.modules() if hasattr(each, "in_channels")).in_channels
            size = (64, 48) if name == "encoder" else (17, 13)
            return openvino.convert_model(part, example_input=torch.randn(1, channels, *size))
    finally:
        for each in needing:
            each.requires_grad_(requires_grad=True)


def _traced_network(openvino: Any, torch: Any, network: Any) -> Any:
    """With the time already as an embedding: its sine is not computed in half precision.

    It takes fewer pictures than rows of words, where both halves of guidance share something.
    """
    shared = Shared(network) if shares(network) else None

    class Step(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, sample: Any, time: Any, words: Any) -> Any:
            if shared is not None:
                shared.begin(sample, words)
            return self.network(sample, time, words, return_dict=False)[0]

    config = network.config
    sample = torch.randn(1 if shared is not None else 2, config.in_channels, 17, 13)
    words = torch.randn(2, 5, config.cross_attention_dim)
    time = network.get_time_embed(sample, torch.tensor(500))
    network.get_time_embed = lambda sample, timestep: timestep  # noqa: ARG005 - called by name
    try:
        return openvino.convert_model(Step(), example_input=(sample, time, words))
    finally:
        del network.get_time_embed
        if shared is not None:
            shared.end()


def _compiled(model: Any, precision: str, threads: int) -> Run:
    import torch

    compiled = (
        _library()
        .Core()
        .compile_model(
            model,
            "CPU",
            {
                "PERFORMANCE_HINT": "LATENCY",
                "INFERENCE_PRECISION_HINT": precision,
                "INFERENCE_NUM_THREADS": threads,
                # Pinned threads wait for the core that another program has.
                "ENABLE_CPU_PINNING": False,
            },
        )
    )
    request = compiled.create_infer_request()

    def run(*tensors: Any) -> Any:
        given = [each.detach().float().contiguous().numpy() for each in tensors]
        return torch.from_numpy(request.infer(given, share_inputs=True)[0])

    return run


def _network(network: Any, run: Run) -> Callable[..., Any]:
    """In the place of the network's own call; what the graph has no room for is an error, never left out."""

    def forward(
        sample: Any, timestep: Any, encoder_hidden_states: Any, *, return_dict: bool = True, **more: Any
    ) -> Any:
        beyond = sorted(name for name, value in more.items() if value is not None and value != {})
        if beyond:
            raise RuntimeError(f"the network in OpenVINO takes no {', '.join(beyond)}")
        result = run(sample, network.get_time_embed(sample, timestep), encoder_hidden_states)
        if not return_dict:
            return (result,)
        from diffusers.models.unets.unet_2d_condition import UNet2DConditionOutput

        return UNet2DConditionOutput(sample=result)

    return in_halves(forward) if shares(network) else forward
