"""How a picture was painted, to paint like it: from our record of it, its credentials, or the text that programs leave.

    our record            every setting, as it was asked
    its credentials       what its signer says; altered ones are not taken
    parameters, prompt    AUTOMATIC1111 and its kin, ComfyUI, InvokeAI: unsigned, so anybody can have written them

What is found is offered to the options that were left open. It never says that the picture was painted so.
"""

import io
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from PIL import Image

from generation.errors import LikeError
from generation.model.samplers import scheduler_of
from generation.studio.alike import Like, Used
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord
from provenance.media.generators.a1111 import read_settings
from provenance.media.generators.generator_trace import object_of
from provenance.media.picture import open_picture, read_file
from provenance.media.text_fields import text_fields
from provenance.settings import Limits
from provenance.statement.canonical import Digest
from provenance.statement.commitment import STAND_INS
from provenance.statement.statement import AdapterUse, InputRole
from provenance.statement.untrusted import plain

Settings = dict[str, str | int | float]
_SETTING = re.compile(r'([A-Za-z][\w /()-]{0,60}): ("(?:[^"\\]|\\.)*"|[^,]*)(?:,|$)')
_NEGATIVE = "Negative prompt:"
_RUN = {
    "strength": "strength",
    "guidance_scale": "guidance_scale",
    "num_inference_steps": "num_inference_steps",
    "seed": "seed",
}
_A1111 = {
    "Steps": "num_inference_steps",
    "CFG scale": "guidance_scale",
    "Seed": "seed",
    "Denoising strength": "strength",
}
_COMFY = {"steps": "num_inference_steps", "cfg": "guidance_scale", "denoise": "strength"}
_INVOKE = {
    "positive_prompt": "prompt", "negative_prompt": "negative_prompt", "seed": "seed", "steps": "num_inference_steps",
    "cfg_scale": "guidance_scale", "strength": "strength",
}  # fmt: skip
_WHOLE = frozenset({"seed", "num_inference_steps", "long_side"})
# Pictures that have to be given again: they are not in the record, but their digests are.
_ROLES = {
    InputRole.LAYOUT: "",
    InputRole.ORIGINAL: "",
    InputRole.PARENT: "",
    InputRole.REFERENCE: "a reference",
    InputRole.CONTROL: "a picture to steer by",
    InputRole.MASK: "a mask",
}
_FOLLOWED = 20  # links from a sampler to its words


_MORE = ("scheduler", "tile", "overlap", "long_prompt")  # of our own record and credentials


def like(path: Path, limits: Limits, ledger: AnyLedger | None, trust: Trust) -> Like:
    """How the picture at `path` says that it was painted; LikeError where it says nothing that can be asked again.

    PictureError where it is no picture at all.
    """
    data = read_file(path, limits.size)
    return (
        (_recorded(data, ledger) if ledger is not None else None)
        or _credited(data, trust)
        or _left(data)
        or _nothing(path, limits)
    )


def _recorded(data: bytes, ledger: AnyLedger) -> Like | None:
    record: PictureRecord | None = next(iter(ledger.pictures_with_file(Digest.of(data))), None)
    if record is None or record.statement.prompt is None:
        return None
    said = record.statement
    assert said.prompt is not None
    words = {"prompt": said.prompt.text, "negative_prompt": said.prompt.negative}
    held = {name: text for name, text in words.items() if text and text not in STAND_INS}
    return Like(
        {**held, **_values(said.parameters, _RUN), **_long_side(said.parameters), **_more(said.parameters)},
        f"our record of it, {record.picture}",
        said.model.name if said.model else "",
        tuple(_used(each) for each in said.adapters),
        tuple(
            f"{_ROLES[each.role]}, sha256 {each.resource.digest.hex[:12]}"
            for each in said.inputs
            if _ROLES[each.role]
        ),
        recorded=True,
    )


def _more(said: Mapping[str, object]) -> Settings:
    """What only we write down: how it was tiled and read; one that was made larger is made as large again."""
    found: Settings = {name: value for name in _MORE if isinstance(value := said.get(name), str | int)}
    large = _long_side(said).get("long_side") if said.get("upscaled") is True else None
    return {**found, "upscale": large} if large is not None else found


def _used(adapter: AdapterUse) -> Used:
    about = f" for {adapter.about}" if adapter.about else ""
    when = f" from {adapter.start:g} to {adapter.end:g}" if (adapter.start, adapter.end) != (0.0, 1.0) else ""
    digest = adapter.model.digest.hex
    words = (
        f"{adapter.kind.value} {adapter.model.name}{about} at {adapter.scale:g}{when} (sha256 {digest[:12]})"
    )
    return Used(digest, adapter.scale, adapter.start, adapter.end, plain(words, 200))


def _credited(data: bytes, trust: Trust) -> Like | None:
    chain = read_chain(data, trust=trust)
    step = next((each for each in reversed(chain.steps) if each.run and each.models), None)
    if step is None:
        return None
    if chain.verdict is Verdict.ALTERED:
        raise LikeError("this picture was changed after it was signed, so its settings are not taken")
    words = {"prompt": step.prompt or "", "negative_prompt": step.negative or ""}
    model = next((str(each["name"]) for each in step.models if isinstance(each.get("name"), str)), "")
    return Like(
        {
            **{name: text for name, text in words.items() if text},
            **_values(step.run, _RUN),
            **_long_side(step.run),
            **_more(step.run),
        },
        f"its credentials ({chain.verdict.value})",
        model,
    )


def _left(data: bytes) -> Like | None:
    """What a program left as text; the first form that holds any settings."""
    with suppress(Exception), Image.open(io.BytesIO(data)) as image:  # a decoder may trip in any way
        for each in text_fields(image, data):
            found = _of_text(each.name, each.text)
            if found is not None:
                return found
    return None


def _of_text(name: str, text: str) -> Like | None:
    said = object_of(text)
    if said is None:
        trace = next(read_settings(text, name), None)
        if trace is None:
            return None
        model = next(iter(trace.models), "")
        return Like(_of_parameters(text), f"the text that {trace.tool} leaves (unsigned)", model)
    if "positive_prompt" in said:
        return Like(
            _values(said, _INVOKE) | _sampled(said.get("scheduler")),
            "the text that InvokeAI leaves (unsigned)",
        )
    graph = said.get("prompt") if isinstance(said.get("prompt"), dict) else said
    found = _of_graph(graph) if isinstance(graph, dict) else {}
    return Like(found, "the graph that ComfyUI leaves (unsigned)") if found else None


def _of_parameters(text: str) -> Settings:
    """AUTOMATIC1111's form: the prompt, the negative prompt, and the line of settings last.

    >>> found = _of_parameters("a house\\nNegative prompt: people\\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1")
    >>> found["prompt"], found["negative_prompt"], found["guidance_scale"], found["scheduler"]
    ('a house', 'people', 7.0, 'EulerAncestralDiscreteScheduler')
    """
    lines = text.splitlines()
    last = max(at for at, line in enumerate(lines) if next(read_settings(line), None) is not None)
    words = "\n".join(lines[:last])
    prompt, _, negative = words.partition(_NEGATIVE)
    said = dict(_SETTING.findall(lines[last]))
    found: Settings = {"prompt": prompt.strip(), "negative_prompt": negative.strip()}
    size = re.fullmatch(r"(\d{2,5})x(\d{2,5})", said.get("Size", "").strip())
    sides: Settings = {"long_side": max(map(int, size.groups()))} if size else {}
    held: Settings = {name: value for name, value in found.items() if value}
    return held | _values(said, _A1111) | sides | _sampled(said.get("Sampler"))


def _of_graph(graph: Mapping[str, object]) -> Settings:
    """ComfyUI's nodes: the first sampler, and the words that its links lead to."""
    nodes = {
        key: each
        for key, each in graph.items()
        if isinstance(each, dict) and isinstance(each.get("inputs"), dict)
    }
    for node in nodes.values():
        given = node["inputs"]
        if "positive" in given and ("seed" in given or "noise_seed" in given) and "steps" in given:
            seed = given.get("seed", given.get("noise_seed"))
            words = {
                "prompt": _words(nodes, given["positive"]),
                "negative_prompt": _words(nodes, given.get("negative")),
            }
            return {
                **{name: text for name, text in words.items() if text},
                **_values(given, _COMFY),
                **_values({"seed": seed}, {"seed": "seed"}),
                **_sampled(given.get("sampler_name")),
            }
    return {}


def _words(nodes: Mapping[str, Mapping[str, object]], link: object) -> str:
    """The text that a link leads to, through nodes that pass it on."""
    for _ in range(_FOLLOWED):
        node = nodes.get(str(link[0])) if isinstance(link, list) and link else None
        given = node["inputs"] if node is not None else None
        if not isinstance(given, dict):
            return ""
        text = given.get("text", given.get("string"))
        if isinstance(text, str):
            return text.strip()
        link = (
            text
            if isinstance(text, list)
            else next((each for each in given.values() if isinstance(each, list)), None)
        )
    return ""


def _sampled(name: object) -> Settings:
    """Another program's sampler as a scheduler, where diffusers has it."""
    found = scheduler_of(name) if isinstance(name, str) else ""
    return {"scheduler": found} if found else {}


def _long_side(said: Mapping[str, object]) -> Settings:
    sides = [said.get("width"), said.get("height")]
    whole = [each for each in sides if isinstance(each, int) and not isinstance(each, bool)]
    return {"long_side": max(whole)} if len(whole) == 2 else {}


def _values(said: Mapping[str, object], names: Mapping[str, str]) -> Settings:
    """The settings among these values that a number or a text can be read from."""
    found: Settings = {}
    for theirs, ours in names.items():
        value = said.get(theirs)
        if isinstance(value, bool) or value is None:
            continue
        text = str(value).strip()
        if ours in ("prompt", "negative_prompt"):
            found |= {ours: text} if text else {}
            continue
        with suppress(ValueError, OverflowError):
            number = int(text) if ours in _WHOLE else float(text)
            if number >= 0:
                found[ours] = number
    return found


def _nothing(path: Path, limits: Limits) -> Like:
    open_picture(path, limits, layered=True)  # of a file that is no picture, that is said
    raise LikeError(
        f"{plain(path.name, 80)} says nothing of how it was painted: no record here, no credentials with settings, no "
        "text of a painting program that we read"
    )
