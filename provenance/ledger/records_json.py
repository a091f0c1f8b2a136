"""A ledger's record of a picture as data, for the commands' --json and the reports' JSON."""

from provenance.ledger.store.records import PictureRecord
from provenance.statement.json_value import Json
from provenance.statement.statement import AdapterUse, ModelUse


def record_json(record: PictureRecord) -> dict[str, Json]:
    """All that the ledger holds on a picture, names and prompts opened where they are still held."""
    said = record.statement
    prompt: Json = None
    if said.prompt is not None:
        prompt = {
            "text": said.prompt.text,
            "negative": said.prompt.negative,
            "disclosure": said.prompt.disclosure.value,
            **({"given": said.prompt.given} if said.prompt.given else {}),
        }
    return {
        "picture": record.picture,
        "state": record.state.value,
        "step": said.step.value,
        "source_type": said.source_type.value,
        "maker": said.source_type.maker.value,
        "requested": {"entry": record.requested, "at": record.requested_at},
        "released": None if record.released is None else {"entry": record.released, "at": record.released_at},
        "credits": [
            {
                "role": each.role.value,
                "name": each.name,
                "person": each.person,
                **({"shown": each.shown} if each.shown else {}),
            }
            for each in said.credits
        ],
        "inputs": [dict[str, Json](each.to_json()) for each in said.inputs],
        "prompt": prompt,
        "model": None if said.model is None else _model(said.model),
        "adapters": [_adapter(each) for each in said.adapters],
        "parameters": dict(said.parameters),
        "project": {
            "production": said.project.production,
            "episode": said.project.episode,
            "shot": said.project.shot,
            "stage": said.project.stage.value,
        },
        "software": {"name": said.software.name, "version": said.software.version},
        "note": said.note,
        "output": None if record.output is None else dict[str, Json](record.output.to_json()),
        "signer": None if record.signer is None else str(record.signer),
        "manifest": record.manifest,
        "facts": dict(record.facts),
    }


def _adapter(use: AdapterUse) -> dict[str, Json]:
    return {
        **_model(use.model),
        "scale": use.scale,
        "kind": use.kind.value,
        "about": use.about,
        "start": use.start,
        "end": use.end,
    }


def _model(model: ModelUse) -> dict[str, Json]:
    return {
        "name": model.name,
        "source": model.source,
        "revision": model.revision,
        "license": model.license,
        "training": model.training,
        "attribution": model.attribution,
        "digest": str(model.digest),
        "files": {path: str(digest) for path, digest in model.files.items()},
    }
