"""What one manifest says, read from JSON that strangers wrote (values.py).

Older schemas are understood: `c2pa.actions` of version 1, `stds.schema-org.CreativeWork`, `c2pa.training-mining`.
"""

from collections.abc import Iterator, Mapping

from provenance.credentials.own_labels import RECORD
from provenance.credentials.read.chain import Named
from provenance.credentials.read.values import TEXT_LIMIT, listing, mapping, text
from provenance.statement.credit import NOT_NAMED
from provenance.statement.json_value import Json
from provenance.statement.vocabulary import Use

IDENTITY = "identity, "  # how a role begins that is no credit: somebody who vouches for what is said
PROMPT_LIMIT = 20_000

CREATIVE_WORK = "stds.schema-org.CreativeWork"
METADATA = ("cawg.metadata", "c2pa.metadata", "stds.iptc", "stds.iptc.photo-metadata", "stds.metadata")
_MINING = ("cawg.training-mining", "c2pa.training-mining")
_IPTC_EXT = "Iptc4xmpExt:"


def plain(value: object, depth: int = 3) -> Json:
    """JSON of bounded depth and size, for values that are only shown."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return value[:TEXT_LIMIT]
    if depth and isinstance(value, list):
        return [plain(each, depth - 1) for each in value[:64]]
    if depth and isinstance(value, dict):
        return {str(name)[:200]: plain(each, depth - 1) for name, each in list(value.items())[:64]}
    return None


def assertions(manifest: Mapping[str, object], *labels: str) -> Iterator[Mapping[str, object]]:
    """The data of assertions by label; a second of a kind is labelled `…__1`."""
    for label, data in _labelled(manifest):
        if label in labels:
            yield data


# The assertions of the manifest that was asked about last: each is asked a dozen times in a row.
_LAST: list[tuple[Mapping[str, object], list[tuple[str, Mapping[str, object]]]]] = [({}, [])]


def _labelled(manifest: Mapping[str, object]) -> list[tuple[str, Mapping[str, object]]]:
    held, known = _LAST[0]
    if held is manifest:
        return known
    told = [mapping(each) for each in listing(manifest.get("assertions"))]
    named = ((text(each.get("label")), mapping(each.get("data"))) for each in told)
    known = [(label.split("__", 1)[0], data) for label, data in named if label is not None]
    _LAST[0] = (manifest, known)  # one step, so that threads only ever take each other's place
    return known


def people(manifest: Mapping[str, object]) -> tuple[Named, ...]:
    """Everybody who is credited, each role once; who vouches for themselves stands apart (identities.py)."""
    found: dict[Named, None] = {}
    for data in assertions(manifest, *METADATA):
        for each in listing(data.get(_IPTC_EXT + "Contributor")):
            person = mapping(each)
            name = _words(person.get(_IPTC_EXT + "Name"))
            roles = [_words(role) for role in listing(person.get(_IPTC_EXT + "Role"))] or ["contributor"]
            for role in roles:
                found[Named(None if name in (None, NOT_NAMED) else name, role or "contributor")] = None
        named = {each.name for each in found}
        writer = text(data.get(_IPTC_EXT + "AIPromptWriterName"), 400)
        # IPTC has one field for all of them; ours is the names of the contributors once more.
        together = "; ".join(
            dict.fromkeys(each.name for each in found if each.role == "prompt" and each.name)
        )
        if writer is not None and writer not in named and writer != together[:400]:
            found[Named(writer, "prompt")] = None
        for each in listing(data.get("dc:creator")):
            creator = _words(each)
            if creator is not None and creator not in named:
                found[Named(creator, "creator")] = None
    for data in assertions(manifest, CREATIVE_WORK):
        for each in listing(data.get("author")):
            author = text(mapping(each).get("name"), 400)
            if author is not None:
                found[Named(author, "author")] = None
    return tuple(found)[:200]


def wishes(manifest: Mapping[str, object]) -> dict[str, str]:
    """What the maker wishes about training and mining, by the name of each entry: the answer as it is written, "" where
    there is none. Of two answers under one name the stricter one counts.
    """
    said: dict[str, str] = {}
    for data in assertions(manifest, *_MINING):
        for name, entry in list(mapping(data.get("entries")).items())[:64]:
            answer = text(mapping(entry).get("use"), 64) or text(entry, 64) or ""
            before = said.setdefault(name[:200], answer)
            if Use.counted(answer).stricter_than(Use.counted(before)):
                said[name[:200]] = answer
    return said


def record(manifest: Mapping[str, object]) -> Mapping[str, Json] | None:
    """Our own assertion: which ledger, entry and picture."""
    for data in assertions(manifest, RECORD):
        return {name[:200]: plain(value, 0) for name, value in list(data.items())[:32]}
    return None


def prompt_information(manifest: Mapping[str, object]) -> str | None:
    """The prompt as IPTC 2025.1 writes it."""
    for data in assertions(manifest, *METADATA):
        found = text(data.get(_IPTC_EXT + "AIPromptInformation"), PROMPT_LIMIT)
        if found is not None:
            return found
    return None


def _words(value: object) -> str | None:
    """A text, plain or as a JSON-LD value or language map."""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("x-default") or next(iter(value.values()), None)
    return text(value, 400)
