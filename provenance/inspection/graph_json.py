"""The lineage graph as data, for --json, reports and other programs."""

from provenance.credentials.read.chain import ChainStep, Stamp
from provenance.inspection.classification import classify
from provenance.inspection.graph import Graph, Node
from provenance.inspection.translated import in_language
from provenance.statement.json_value import Json


def graph_json(graph: Graph, language: str = "en") -> dict[str, Json]:
    """The graph as data, its sentences in a language. Texts are as the file has them; escape them to show them."""
    answer = classify(graph)
    return {
        "classification": answer.answer.value,
        "because": in_language(answer.because, language),
        "steps": [node_json(node, language) for node in graph.nodes],
        "edges": [
            {
                "parent": each.parent,
                "child": each.child,
                "relation": each.relation.value,
                **({"mask": True} if each.mask else {}),
            }
            for each in graph.edges
        ],
    }


def node_json(node: Node, language: str = "en") -> dict[str, Json]:
    """One step as data; what is not stated is null or empty, never guessed."""
    signer = node.signer
    return {
        "id": node.id,
        "label": node.label,
        "maker": node.maker.value,
        "source": node.evidence.value,
        "source_type": node.source_type,
        "verdict": node.verdict.value if node.verdict else None,
        "reasons": [{"code": each.code, "words": in_language(each.words, language)} for each in node.reasons],
        "signer": None
        if signer is None
        else {
            "name": signer.name,
            "issuer": signer.issuer,
            "fingerprint": signer.fingerprint,
            "known": signer.known,
            "time": signer.time,
            "known_by": signer.known_by or None,
            "stamp": _stamp_json(signer.stamp) if signer.stamp is not None else None,
        },
        "people": [{"role": each.role, "name": each.name} for each in node.people],
        "models": list(node.models),
        "software": node.software,
        "prompt": node.prompt,
        "when": node.when,
        "title": node.title,
        "picture": node.picture,
        "note": node.note,
        "stated": stated_json(node.said) if node.said else None,
    }


def _stamp_json(stamp: Stamp) -> dict[str, Json]:
    return {
        "time": stamp.at,
        "authority": stamp.authority or None,
        "known_by": stamp.known_by or None,
        "counts": stamp.counts,
    }


def stated_json(step: ChainStep) -> dict[str, Json]:
    """All of it as data; what is not stated is null or empty."""
    return {
        "actions": list(step.actions),
        "settings": dict(step.run),
        "negative": step.negative,
        "given": step.given,
        "prompt_commitment": step.prompt_digest,
        "models": [dict(each) for each in step.models],
        "wishes": dict(step.wishes),
        "record": dict(step.record) if step.record is not None else None,
        "digest": step.digest,
        "identities": [
            {"name": each.name, "kind": each.kind, "holds": each.holds, "known_by": each.known_by or None}
            for each in step.identities
        ],
    }
