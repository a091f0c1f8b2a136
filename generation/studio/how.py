"""What the record says of a painting: its words, model, works beside it and settings, by their names and digests."""

from collections.abc import Sequence

from generation.errors import ModelError
from generation.layout.tiles import Tiling
from generation.model.model import Model
from generation.request.request import PaintSettings, Request
from generation.works.adapter import Adapter, WorkKind
from generation.works.kit import NOTHING_GIVEN, Given, Kit, check_beside, in_use
from provenance.release.job import How
from provenance.statement.canonical import Digest
from provenance.statement.statement import AdapterUse, ModelUse, Prompt
from provenance.statement.vocabulary import AdapterKind, Disclosure


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
    given_beside = Given.of(request.beside)
    check_beside(_acting(adapters, request.settings, given_beside), request.beside)
    return How(words, model_use(model), asked, adapters_used(adapters, request.settings, given_beside))


def adapters_used(
    adapters: Sequence[Adapter], settings: PaintSettings, given: Given = NOTHING_GIVEN
) -> tuple[AdapterUse, ...]:
    """The works that act on a picture of these settings, as the record names them."""
    return tuple(_used(each) for each in _acting(adapters, settings, given))


def _acting(adapters: Sequence[Adapter], settings: PaintSettings, given: Given) -> Kit:
    words = (settings.prompt, settings.negative_prompt)
    return in_use(tuple(adapters), settings.weights, words, given)


def _used(adapter: Adapter) -> AdapterUse:
    about = adapter.key if adapter.kind is WorkKind.CONTROL else ""
    kind = AdapterKind(adapter.kind.value)
    return AdapterUse(adapter_use(adapter), adapter.scale, kind, about, adapter.start, adapter.end)


def adapter_use(adapter: Adapter) -> ModelUse:
    """An adapter as the record names it: a work of its own, by its file's SHA-256 (`sha256sum` prints it)."""
    return ModelUse(
        name=adapter.name,
        source=adapter.source,
        revision=adapter.revision,
        license=adapter.license,
        training=adapter.training,
        digest=Digest(bytes.fromhex(adapter.digest)),
        files={path: Digest(bytes.fromhex(sha256)) for path, sha256 in adapter.files.items()},
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
    more: dict[str, str | int | bool | None] = {
        "scheduler": asked.scheduler,
        "tile": asked.tile,
        "overlap": tiling.overlap if (tiling := Tiling.of(asked.tile, asked.overlap)) else None,
        "extended": str(asked.extend) or None,
        "filled": asked.fill or None,
        "long_prompt": asked.long_prompt,
        "upscaled": asked.upscale or None,
        "guided": ",".join(key for key, _ in request.beside.guides) or None,
    }
    return {
        "width": width,
        "height": height,
        "strength": asked.strength,
        "guidance_scale": asked.guidance_scale,
        "num_inference_steps": asked.num_inference_steps,
        "effective_steps": request.effective_steps,
        "seed": str(asked.seed),  # canonical JSON loses integers above 2**53
        **{name: value for name, value in more.items() if value is not None},
    }
