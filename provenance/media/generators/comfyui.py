"""ComfyUI's graphs: which nodes ran, with which models, and whether a picture went into the latent they began from.

The `prompt` is what ran, node by node; a link is [node, output]:

    {"3": {"class_type": "KSampler", "inputs": {"seed": 7, "latent_image": ["5", 0], "model": ["4", 0]}},
     "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sdxl.safetensors"}},
     "5": {"class_type": "VAEEncode", "inputs": {"pixels": ["6", 0]}},
     "6": {"class_type": "LoadImage", "inputs": {"image": "layout.png"}}}

The `workflow` is what lay on the editor's table: {"nodes": [{"id": 3, "type": "KSampler", …}], …}. A node may stand for
a subgraph, whose nodes lie in definitions.subgraphs under the id that is the node's type, or for a group, whose nodes
lie in extra.groupNodes. A picture that only steers (ControlNet, a style reference) does not make a run one over a
picture, just as a reference does not in our own record.

Other programs have graphs of nodes, too, so something must be ComfyUI's own, or generate. Nodes that nobody here knows
generate where no picture was loaded: what was saved came from nowhere else. Of a filter over a picture nothing is said.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from provenance.statement.vocabulary import Maker

NODES = 20_000
# Where a sampler takes what it begins from: a latent, a film's pictures, a pipe that brings it (Easy Use, tinyterra).
_LATENT = (
    "latent_image", "samples", "latent", "latents", "image_embeds", "image_cond_latents", "start_latent",
    "initial_samples", "optional_cond_images", "pipe",
)  # fmt: skip
_STEERING = frozenset(
    {"model", "clip", "vae", "positive", "negative", "conditioning", "control_net", "upscale_model"}
)
# Nodes whose pictures only steer; a pipe that goes through them brings what it brought.
_STEERS = re.compile(r"control_?net|ip_?adapter|instant_?id|pulid|style_?model", re.IGNORECASE)
_MODEL_KEYS = (
    "ckpt_name", "base_ckpt_name", "unet_name", "lora_name", "model_path", "model_name", "model"
)  # fmt: skip
# Models of nodes that do not paint: they read words, find things, draw lines, make larger.
_NOT_PAINTING = re.compile(
    r"clip|vae|control|upscale|detect|segment|\bsam|sam\d?(?:model)?loader|preproc|rembg|florence|tagger|depth|sampling"
    r"|llm|ollama|whisper|audio|interpolat|rife",
    re.IGNORECASE,
)
_MODEL_FILES = (".safetensors", ".ckpt", ".gguf", ".sft")
# Nodes that edit a picture by words: it goes in beside the words, not as the latent.
_EDITORS = ("Edit", "Kontext", "ReferenceLatent", "Inpaint")
# Nodes that move pictures about, enlarge them or draw their lines; a graph of these alone generates nothing.
_PLAIN = re.compile(
    r"(?:Load|Save|Preview|Image|Mask|Note|Markdown|Reroute|Primitive|String|Text|Show|Get|Set|Int|Float|Video|VHS_"
    r"|Upscale|Canny|Invert|Solid|Empty|Grow|Feather|Crop|Join|Split|Blur|Sharpen|Color).*"
    r"|.*(?:Preprocessor|Upscale|Resize|Scale|Composite|RemBG|Rembg)\w*",
    re.DOTALL,
)
# Whatever else they are called, these run a model that makes pictures, or ask a maker's server for one.
_GENERATING = re.compile(
    r"sampler|generat|checkpoint|unet|diffusion|latent|detailer|inpaint|image ?edit"
    r"|(?:text|txt|image|img) ?(?:to|2) ?(?:image|img|video|vid)"
    r"|flux|gpt-?image|dall-?e|gemini\w{0,12}image|imagen|ideogram|recraft|stability|seedream|seedance|qwen-?image|hunyuan"
    r"|hidream|kling|luma(?:image|video)|runway|veo\d|minimax|^vidu|pixverse|wanvideo|midjourney|grok\w{0,8}image",
    re.IGNORECASE,
)
# Nodes that every ComfyUI has: of a graph without one, and without one that generates, nobody can say whose it is.
_COMFYUI = re.compile(
    r"(?:Load|Save|Preview)(?:Image|Video|Audio|Latent|Animated)|VAE(?:En|De)code|CLIP(?:Text|Vision|Loader|Set)|VHS_"
    r"|Image(?:Scale|Crop|Upscale|Batch|Invert|Blend|Blur|Composite|Pad|Sharpen|Quantize)|Empty(?:Image|Latent)|UpscaleModel"
)
# Load Image, LoadImageOutput, VHS_LoadVideo, Image Load, Load Image Batch, ImageReceiver; no mask, and no model.
_LOADING = re.compile(
    r"load[ _]?(?:image|video)(?!.*mask$)|image[ _]?load(?!er)|^imagereceiver|imagefromurl", re.IGNORECASE
)


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
        return _loads(self.kind)


def read_graph(said: Mapping[str, object]) -> GeneratorGraph | None:
    """What ran, by a `prompt`; None where it is none."""
    nodes = dict(_nodes(said))
    kinds = [node.kind for node in nodes.values()]
    if not _is_comfyui(kinds):
        return None
    named = dict.fromkeys(each[:200] for node in nodes.values() for each in _models_of(node))
    return GeneratorGraph(_maker(kinds, _over_a_picture(nodes)), tuple(named))


def read_workflow(said: Mapping[str, object]) -> GeneratorGraph | None:
    """What lay on the table, by a `workflow`; None where it is none."""
    listed = said.get("nodes")
    if not isinstance(listed, list):
        return None
    nodes = _typed(listed)
    # n8n's workflows, which have nothing to do with pictures; and anybody's own list of steps.
    if any("typeVersion" in each or "id" not in each for each in nodes):
        return None
    nodes = _unfolded(nodes, _subgraphs(said) | _groups(said))
    kinds = [str(each["type"]) for each in nodes]
    if not _is_comfyui(kinds):
        return None
    encodes = any("VAEEncode" in kind or _edits(kind) for kind in kinds)
    loads = any(_loads(kind) for kind in kinds)
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


def _groups(said: Mapping[str, object]) -> dict[str, list[dict[str, object]]]:
    """The nodes of each group, by the type of the node that stands for it: `workflow>Name`, once `workflow/Name`."""
    extra = said.get("extra")
    held = extra.get("groupNodes") if isinstance(extra, dict) else None
    found: dict[str, list[dict[str, object]]] = {}
    for name, each in held.items() if isinstance(held, dict) else ():
        if isinstance(each, dict) and isinstance(each.get("nodes"), list):
            found |= dict.fromkeys((f"workflow>{name}", f"workflow/{name}"), _typed(each["nodes"]))
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


def _is_comfyui(kinds: list[str]) -> bool:
    return any(_COMFYUI.match(kind) or _GENERATING.search(kind) for kind in kinds)


def _maker(kinds: list[str], over: bool) -> Maker:
    generating = any(_GENERATING.search(kind) for kind in kinds)
    foreign = not all(_PLAIN.fullmatch(kind) for kind in kinds)
    if not generating and (not foreign or any(_loads(kind) for kind in kinds)):
        return Maker.UNKNOWN
    return Maker.AI_ASSISTED if over else Maker.AI


def _loads(kind: str) -> bool:
    return _LOADING.search(kind) is not None


def _models_of(node: _Node) -> Iterator[str]:
    """The models that paint, by the inputs of a node: a text, or an object that holds it (pysssss, rgthree)."""
    if _NOT_PAINTING.search(node.kind):
        return
    for key, value in node.inputs.items():
        held = value
        if isinstance(value, dict):
            held = value.get("lora") if value.get("on") else value.get("content")
        elif key not in _MODEL_KEYS:
            continue
        if isinstance(held, str) and held.strip() not in {"", "None"}:
            yield held


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
    narrow = node.samples or _STEERS.search(node.kind)
    keys = [key for key in _LATENT if key in node.inputs] if narrow else [*node.inputs]
    values = [node.inputs[key] for key in keys if key not in _STEERING]
    return [str(value[0]) for value in values if isinstance(value, list) and len(value) == 2]


def _edits(kind: str) -> bool:
    return any(word in kind for word in _EDITORS)


def _loaded(nodes: list[dict[str, object]]) -> Iterator[str]:
    """The files that loaders of models name."""
    for each in nodes:
        kind, values = str(each["type"]), each.get("widgets_values")
        if "loader" not in kind.lower() or _NOT_PAINTING.search(kind):
            continue
        for value in values if isinstance(values, list) else ():
            name = value.get("lora") if isinstance(value, dict) and value.get("on") else value
            if isinstance(name, str) and name.endswith(_MODEL_FILES):
                yield name[:200]
