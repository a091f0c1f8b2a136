"""Files signed with any manifest at all, as other makers might write them; the signer is one that we know."""

import io
import json
from collections.abc import Mapping

import c2pa
from credential_samples import file, signer

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


def foreign(
    definition: Mapping[str, object], *ingredients: tuple[dict[str, object], bytes], seed: int = 1
) -> bytes:
    """A PNG signed with this manifest; each ingredient with the bytes of a picture. `seed`: which drawing it is."""
    # As strangers sign: the library's own check of what it has just signed is left out.
    loose = c2pa.Context.from_dict({"version": 1, "verify": {"verify_after_sign": False}})
    builder = c2pa.Builder(json.dumps({"format": "image/png", **definition}), loose)
    for about, data in ingredients:
        builder.add_ingredient(json.dumps(about), "image/png", io.BytesIO(data))
    target = io.BytesIO()
    builder.sign(signer().signer(), "image/png", io.BytesIO(file(seed=seed)), target)
    return target.getvalue()


def actions(*each: Mapping[str, object], label: str = "c2pa.actions.v2") -> dict[str, object]:
    """The assertion that lists these actions."""
    return {"label": label, "data": {"actions": list(each)}}


def action(name: str, kind: str = "", **more: object) -> dict[str, object]:
    """One action, with a source type where one is given."""
    typed = {"digitalSourceType": IPTC + kind} if kind else {}
    return {"action": f"c2pa.{name}", **typed, **more}


def assertion(label: str, **data: object) -> dict[str, object]:
    """Any other assertion."""
    return {"label": label, "data": data}
