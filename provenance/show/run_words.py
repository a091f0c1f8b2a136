"""How a recorded painting was computed, from the facts of its run: as one line.

>>> ran({"device": "cpu", "dtype": "mixed", "backend": "tuned", "scheduler": "DDIMScheduler", "torch": "2.13.0"})
'on cpu, in mixed precision, by torch 2.13.0 (tuned), scheduler DDIM'
>>> ran({"device": "cuda (H200)", "dtype": "float16", "offload": "model", "tiles": 45, "batch_size": 4})
'on cuda (H200), in float16, with offload model, in 45 tiles, 4 pictures at once'
>>> ran({})
''
"""

from collections.abc import Iterator, Mapping

from provenance.statement.json_value import Json

# A fact, and how it is said; of one that is true or false only the words.
_SAID = {
    "offload": "with offload {}",
    "quantized": "quantized to {}",
    "attention": "attention {}",
    "autoencoder_tiles": "the autoencoder in tiles",
    "compiled": "compiled",
    "tiles": "in {} tiles",
    "batch_size": "{} pictures at once",
    "memory_ran_out": "the memory did not reach ({})",
}


def ran(facts: Mapping[str, Json]) -> str:
    """On which device, how exact, by which library, and what was given up; "" where the record says none of it."""
    return ", ".join(_parts(facts))


def _parts(facts: Mapping[str, Json]) -> Iterator[str]:
    if device := facts.get("device"):
        yield f"on {device}"
    if dtype := facts.get("dtype"):
        yield "in mixed precision" if dtype == "mixed" else f"in {dtype}"
    if backend := facts.get("backend"):
        yield f"by OpenVINO {_version(backend)}" if str(backend).startswith("openvino") else _by_torch(facts)
    if scheduler := facts.get("scheduler"):
        yield f"scheduler {str(scheduler).removesuffix('Scheduler')}"
    for name, words in _SAID.items():
        if facts.get(name):
            yield words.format(facts[name])


def _version(backend: Json) -> str:
    return str(backend).partition(" ")[2] or "(version not recorded)"


def _by_torch(facts: Mapping[str, Json]) -> str:
    backend = str(facts["backend"])
    tuned = f" ({backend})" if backend.startswith("tuned") else ""
    return f"by torch {facts.get('torch') or ''}".rstrip() + tuned
