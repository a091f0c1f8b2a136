"""What the record says of a painting: its words, model, adapters and settings, by their names and digests."""

from collections.abc import Sequence

from generation.adapter import Adapter
from generation.errors import ModelError
from generation.model import Model
from generation.request import Request
from provenance.release.job import How
from provenance.statement.canonical import Digest
from provenance.statement.statement import AdapterUse, ModelUse, Prompt
from provenance.statement.vocabulary import Disclosure


def how(
    model: Model,
    request: Request,
    disclosure: Disclosure,
    adapters: Sequence[Adapter] = (),
    cleaned: Sequence[str] = (),
    *,
    typed: str | None = None,
) -> How:
    """With what the record will say that a picture was painted; `typed` is the prompt, where the model has another."""
    given = request.settings.prompt
    text = given if typed is None else typed
    words = Prompt(text, request.settings.negative_prompt, disclosure, "" if given == text else given)
    asked = parameters(request)
    if cleaned:
        asked["cleaned"] = ", ".join(cleaned)
    return How(words, model_use(model), asked, adapters_used(adapters))


def adapters_used(adapters: Sequence[Adapter]) -> tuple[AdapterUse, ...]:
    """The adapters over a model, as the record names them."""
    return tuple(AdapterUse(adapter_use(each), each.scale) for each in adapters)


def adapter_use(adapter: Adapter) -> ModelUse:
    """An adapter as the record names it: a work of its own, by its file's SHA-256 (`sha256sum` prints it)."""
    digest = Digest(bytes.fromhex(adapter.seal.sha256))
    return ModelUse(
        name=adapter.name,
        source="a local file",
        revision="unpinned",
        license=adapter.license,
        training=adapter.training,
        digest=digest,
        files={adapter.path.name: digest},
        attribution=adapter.author,
    )


def model_use(model: Model) -> ModelUse:
    """The model as the record names it."""
    if not model.files:
        raise ModelError(
            f"{model.name} has no files to name in the record; give a model by folder, file or revision"
        )
    return ModelUse(
        name=model.name,
        source=model.source,
        revision=model.revision,
        license=model.license,
        training=model.training,
        digest=Digest(bytes.fromhex(model.digest)),
        files={path: Digest(bytes.fromhex(sha256)) for path, sha256 in model.files.items()},
        attribution=model.attribution,
    )


def parameters(request: Request) -> dict[str, str | int | float | bool | None]:
    """What was asked for, as the record holds it."""
    width, height = request.size
    asked = request.settings
    return {
        "width": width,
        "height": height,
        "strength": asked.strength,
        "guidance_scale": asked.guidance_scale,
        "num_inference_steps": asked.num_inference_steps,
        "effective_steps": request.effective_steps,
        "seed": str(asked.seed),  # canonical JSON loses integers above 2**53
    }
