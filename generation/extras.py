"""The packages that painting and the page need beyond a plain `pip install genzu`: are they there?

Asked before anything is opened or made, so that a machine without them is left as it was.
"""

from importlib.util import find_spec

from generation.errors import PackagesMissing

# As pyproject.toml lists them; a test holds the two together.
PACKAGES = {
    "paint": ("accelerate", "diffusers", "huggingface_hub", "numpy", "safetensors", "torch", "transformers"),
    "lora": ("peft",),
    "cluster": ("ray",),
    "app": ("gradio",),
    "mcp": ("mcp",),
    "signature": ("model_signing", "OpenSSL"),
    "quantize": ("torchao",),
    "fast": ("openvino",),
}
_TASKS = {
    "paint": "painting",
    "lora": "a LoRA",
    "cluster": "a Ray cluster",
    "app": "the page",
    "mcp": "tools for agents",
    "signature": "checking a model's signature",
    "quantize": "quantizing a model",
    "fast": "painting in OpenVINO",
}


def need(*extras: str) -> None:
    """PackagesMissing says what to install where a package of these extras is not there."""
    lacking = {each: [name for name in PACKAGES[each] if not is_there(name)] for each in extras}
    wanted = [each for each, names in lacking.items() if names]
    if not wanted:
        return
    what = " and ".join(_TASKS[each] for each in wanted)
    names = ", ".join(name for each in wanted for name in lacking[each])
    raise PackagesMissing(
        f"packages for {what} are not installed ({names}); "
        f"install them with: pip install 'genzu[{','.join(wanted)}]'"
    )


def is_there(name: str) -> bool:
    """Whether a package of that name can be imported; nothing is."""
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # blocked, or half gone
        return False
