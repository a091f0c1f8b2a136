"""ComfyUI's graphs: which nodes ran, with which models, and whether a picture went into the latent they began from.

The `prompt` is what ran, node by node; a link is [node, output]:

    {"3": {"class_type": "KSampler", "inputs": {"seed": 7, "latent_image": ["5", 0], "model": ["4", 0]}},
     "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sdxl.safetensors"}},
     "5": {"class_type": "VAEEncode", "inputs": {"pixels": ["6", 0]}},
     "6": {"class_type": "LoadImage", "inputs": {"image": "layout.png"}}}

The `workflow` is what lay on the editor's table: {"nodes": [{"id": 3, "type": "KSampler", …}], …}. A node may stand for
a subgraph, whose nodes lie in definitions.subgraphs under the id that is the node's type. A picture that only steers
(ControlNet, a style reference) does not make a run one over a picture, just as a reference does not in our own record.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provenance.statement.vocabulary import Maker

NODES = 20_000
_LATENT = ("latent_image", "samples", "latent", "latents")
_STEERING = frozenset(
    {"model", "clip", "vae", "positive", "negative", "conditioning", "control_net", "upscale_model"}
)
_MODEL_KEYS = ("ckpt_name", "unet_name", "lora_name")
# Nodes that edit a picture by words: it goes in beside the words, not as the latent.
_EDITORS = ("Edit", "Kontext", "ReferenceLatent", "Inpaint")
# Nodes that move pictures about, enlarge them or draw their lines; a graph of these alone generates nothing.
_PLAIN = re.compile(
    r"(?:Load|Save|Preview|Image|Mask|Note|Markdown|Reroute|Primitive|String|Text|Show|Get|Set|Int|Float|Video|VHS_"
    r"|Upscale|Canny|Invert|Solid|Empty|Grow|Feather|Crop|Join|Split|Blur|Sharpen|Color).*"
    r"|.*(?:Preprocessor|Upscale|Resize|Scale|Composite|RemBG|Rembg)\w*",
    re.DOTALL,
)
# Whatever else they are called, these run a model that makes pictures.
_GENERATING = re.compile(r"sampler|generat|checkpoint|unet|diffusion|latent", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class GeneratorGraph:
    """What a graph says: UNKNOWN where nothing in it generates."""

    maker: Maker
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    kind: str
    inputs: Mapping[str, object]

    @property
    def samples(self) -> bool:
        return "sampler" in self.kind.lower() and "select" not in self.kind.lower()

    @property
    def loads(self) -> bool:
        return "LoadImage" in self.kind and not self.kind.endswith("Mask")


def read_graph(said: Mapping[str, object]) -> GeneratorGraph | None:
    """What ran, by a `prompt`; None where it is none."""
    nodes = dict(_nodes(said))
    if not nodes:
        return None
    models = (value for node in nodes.values() for key in _MODEL_KEYS if (value := node.inputs.get(key)))
    named = tuple(dict.fromkeys(each[:200] for each in models if isinstance(each, str)))
    return GeneratorGraph(_maker([node.kind for node in nodes.values()], _over_a_picture(nodes)), named)


def read_workflow(said: Mapping[str, object]) -> GeneratorGraph | None:
    """What lay on the table, by a `workflow`; None where it is none."""
    listed = said.get("nodes")
    if not isinstance(listed, list):
        return None
    nodes = _typed(listed)
    # n8n's workflows, which have nothing to do with pictures; and anybody's own list of steps.
    if any("typeVersion" in each or "id" not in each for each in nodes):
        return None
    nodes = _unfolded(nodes, _subgraphs(said))
    kinds = [str(each["type"]) for each in nodes]
    encodes = any("VAEEncode" in kind or _edits(kind) for kind in kinds)
    loads = any(_Node(kind, {}).loads for kind in kinds)
    return GeneratorGraph(_maker(kinds, loads and encodes), tuple(dict.fromkeys(_loaded(nodes))))


def _typed(listed: list[object]) -> list[dict[str, object]]:
    return [each for each in listed[:NODES] if isinstance(each, dict) and isinstance(each.get("type"), str)]


def _subgraphs(said: Mapping[str, object]) -> dict[str, list[dict[str, object]]]:
    """The nodes of each subgraph, by its id."""
    defined = said.get("definitions")
    listed = defined.get("subgraphs") if isinstance(defined, dict) else None
    found = {}
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict) and isinstance(each.get("nodes"), list):
            found[str(each.get("id"))] = _typed(each["nodes"])
    return found


def _unfolded(
    nodes: list[dict[str, object]], subgraphs: Mapping[str, list[dict[str, object]]]
) -> list[dict[str, object]]:
    """The nodes that are switched on, each subgraph's in its place; a subgraph that is used often counts once."""
    found, waiting, seen = [], [*reversed(nodes)], set()
    while waiting:
        node = waiting.pop()
        kind = str(node["type"])
        if node.get("mode") in {2, 4}:  # switched off, passed by
            continue
        if kind not in subgraphs:
            found.append(node)
        elif kind not in seen:
            seen.add(kind)
            waiting += reversed(subgraphs[kind])
    return found


def _nodes(said: Mapping[str, object]) -> Iterator[tuple[str, _Node]]:
    for name, each in list(said.items())[:NODES]:
        if isinstance(each, dict):
            kind, inputs = each.get("class_type"), each.get("inputs")
            if isinstance(kind, str) and isinstance(inputs, dict):
                yield name, _Node(kind, inputs)


def _maker(kinds: list[str], over: bool) -> Maker:
    if all(_PLAIN.fullmatch(kind) and not _GENERATING.search(kind) for kind in kinds):
        return Maker.UNKNOWN
    return Maker.AI_ASSISTED if over else Maker.AI


def _over_a_picture(nodes: Mapping[str, _Node]) -> bool:
    samplers = [node for node in nodes.values() if node.samples]
    if not samplers:
        return any(node.loads for node in nodes.values())
    begun = [link for node in samplers for link in _links(node)]
    edited = [link for node in nodes.values() if _edits(node.kind) for link in _links(node)]
    return any(nodes[name].loads for name in _behind(nodes, [*begun, *edited]))


def _behind(nodes: Mapping[str, _Node], names: list[str]) -> set[str]:
    """These nodes and all that their pictures came from."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name in nodes and name not in found:
            found.add(name)
            names += _links(nodes[name])
    return found


def _links(node: _Node) -> list[str]:
    """The nodes that a node's picture comes from; what only steers it is left out."""
    keys = [key for key in _LATENT if key in node.inputs] if node.samples else [*node.inputs]
    values = [node.inputs[key] for key in keys if key not in _STEERING]
    return [str(value[0]) for value in values if isinstance(value, list) and len(value) == 2]


def _edits(kind: str) -> bool:
    return any(word in kind for word in _EDITORS)


def _loaded(nodes: list[dict[str, object]]) -> Iterator[str]:
    """The files that loaders of models name."""
    for each in nodes:
        kind, values = str(each["type"]), each.get("widgets_values")
        if not kind.startswith(("CheckpointLoader", "UNETLoader", "UnetLoader", "LoraLoader")):
            continue
        for value in values if isinstance(values, list) else ():
            if isinstance(value, str) and value.endswith((".safetensors", ".ckpt", ".gguf", ".sft")):
                yield value[:200]
