"""Reading Content Credentials without mercy: every manifest, every ingredient, a verdict on each and on all.

Bytes may come from anybody. Whatever they are, the answer is a Chain; an exception means that the file could
not be opened, or a fault of ours. Nothing is fetched unasked. Text in a Chain is cut to bounded lengths and still
untrusted: escape it before it is shown.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

import c2pa

from provenance.credentials.identity.trust import Trust, context
from provenance.credentials.read import lately
from provenance.credentials.read.chain import Chain, ChainStep, Reason, Verdict
from provenance.credentials.read.fetching import fetch, host_of, remote_address
from provenance.credentials.read.judging import ingredient_manifests, judge
from provenance.credentials.read.newest import BESIDE, ELSEWHERE, newest
from provenance.credentials.read.steps import Store, add_step, store_bytes
from provenance.credentials.read.values import mapping, text
from provenance.credentials.read.verdicts import (
    NO_CONTAINER,
    NO_CREDENTIALS,
    PRERELEASE,
    changes_first,
    of_step,
    vouched,
    worse,
)
from provenance.errors import NotFetched, PictureError
from provenance.media.formats import (
    HEAD,
    OPAQUE,
    Credentials,
    Format,
    media_type_of,
    media_type_of_bytes,
    of_bytes,
)
from provenance.media.sidecar import sidecar_of
from provenance.statement.json_value import read_json

STEPS_LIMIT = 2_000
IN_MEMORY = 256 * 1024 * 1024  # bytes of a file; a larger one, such as a film, is read where it lies
STORE_LIMIT = 64 * 1024 * 1024  # bytes of JSON or of manifests; a step of ours takes 9 kB


def read_chain(
    source: Path | bytes, media_type: str | None = None, *, trust: Trust, beside: bytes | None = None
) -> Chain:
    """Every step that the file's credentials tell, oldest first, with a verdict on each and on all.

    Those `beside` the file are read too: a manifest store, or of a path the `.c2pa` of the same name. Where both are
    there, the newer that fit the file's bytes count (newest.py). Credentials kept on a server are fetched where the
    trust names it, and only then.
    """
    if isinstance(source, bytes):
        return _read_stream(io.BytesIO(source), media_type, trust, beside)
    try:
        if not source.is_file():
            raise PictureError(f"{source} could not be read: there is no such file")
        with source.open("rb") as file:
            # In memory where it fits: the library asks for thousands of small pieces.
            stream = io.BytesIO(file.read()) if source.stat().st_size <= IN_MEMORY else file
            kind = media_type or media_type_of(source.name)
            return _read_stream(stream, kind, trust, beside or sidecar_of(source))
    except OSError as error:
        raise PictureError.of(error, f"{source} could not be read") from error
    except ValueError as error:
        raise PictureError(f"{source} could not be read: {error}") from error


def _read_stream(stream: BinaryIO, media_type: str | None, trust: Trust, beside: bytes | None) -> Chain:
    head = stream.read(HEAD)
    stream.seek(0)
    if not head:
        return _unreadable("genzu.file.empty", "the file is empty")
    if head[4:8] == b"jumb":
        return _unreadable(
            "genzu.credentials.alone", "it holds the credentials of another file; look at that one, beside it"
        )
    kind = media_type_of_bytes(head) or media_type
    inside = _inside(stream, head, kind, trust)
    if beside is None:
        return inside
    return newest(inside, replace(_apart(stream, kind, beside, trust), kept=BESIDE))


def _inside(stream: BinaryIO, head: bytes, kind: str | None, trust: Trust) -> Chain:
    """The chain of what lies in the file, or on the server that it names."""
    try:
        if lately.may_be_known(trust):
            with _opened(stream, kind, context(trust, followed=False)) as reader:
                found = _by_known(reader, trust)
            if found is not None:
                return found
            stream.seek(0)
        with _opened(stream, kind, context(trust)) as reader:
            if reader is None:
                return Chain(Verdict.NO_CREDENTIALS, (NO_CREDENTIALS,))
            return _chain(reader, trust)
    except c2pa.C2paError as error:
        address = remote_address(str(error))
        if address is not None:
            return _fetched(address, stream, kind, trust)
        return _refused(str(error), of_bytes(head))


@contextmanager
def _opened(stream: BinaryIO, kind: str | None, known: "c2pa.Context") -> "Iterator[c2pa.Reader | None]":
    """The library's reader, closed at the end; None where the file holds no credentials."""
    reader = c2pa.Reader.try_create(kind, stream, context=known)
    with nullcontext() if reader is None else reader:
        yield reader


def _by_known(reader: "c2pa.Reader | None", trust: Trust) -> Chain | None:
    """The chain where each signer was found trusted just before; None where it has to be read in full."""
    if reader is None:
        return Chain(Verdict.NO_CREDENTIALS, (NO_CREDENTIALS,))
    told = _told(reader)
    if isinstance(told, Chain):
        return told
    return _chain_of(told, reader, trust) if lately.are_known(told.store, trust) else None


def _apart(stream: BinaryIO, kind: str | None, store: bytes, trust: Trust) -> Chain:
    """The chain of a file whose credentials lie elsewhere. A container that is beyond the library counts as bytes."""
    message = ""
    for each in dict.fromkeys([kind or OPAQUE, OPAQUE]):
        stream.seek(0)
        try:
            with c2pa.Reader(each, stream, store, context=context(trust)) as reader:
                return _chain(reader, trust)
        except c2pa.C2paError as error:
            message = str(error)
            if not message.startswith(NO_CONTAINER):
                break
    return _refused(message)


def _fetched(address: str, stream: BinaryIO, kind: str | None, trust: Trust) -> Chain:
    """The chain by credentials that are kept on a server, where it was named as one to ask."""
    where = f"on the server {host_of(address)}"
    try:
        store = fetch(address, trust.hosts)
    except NotFetched as refused:
        words = f"its credentials are kept {where}; they were not fetched from there: {refused}"
        return _unreadable(ELSEWHERE, words)
    return replace(_apart(stream, kind, store, trust), kept=where)


class _Told(NamedTuple):
    """What the library tells of a file's manifests, which of them is the file's own, and the store that they lie in."""

    document: Mapping[str, object]
    active: str
    store: bytes


def _chain(reader: "c2pa.Reader", trust: Trust) -> Chain:
    told = _told(reader)
    if isinstance(told, Chain):
        return told
    lately.remember(told.document, told.active, told.store, trust)
    return _chain_of(told, reader, trust)


def _told(reader: "c2pa.Reader") -> _Told | Chain:
    """What the library tells; a chain without steps where that cannot be looked through."""
    told = reader.json()
    if len(told) > STORE_LIMIT:
        return _unreadable("genzu.credentials.large", "its credentials are too large to look through")
    try:
        document = mapping(read_json(told))
    except (ValueError, RecursionError):
        return _unreadable("genzu.credentials.nested", "its credentials are nested too deep to look through")
    active = text(document.get("active_manifest"))
    if active is None or active not in mapping(document.get("manifests")):
        return _unreadable("claim.missing", "its credentials name no manifest for this file")
    return _Told(document, active, store_bytes(reader, active, STORE_LIMIT))


def _chain_of(told: _Told, reader: "c2pa.Reader", trust: Trust) -> Chain:
    document, active, data = told
    manifests = mapping(document.get("manifests"))
    order = _oldest_first(manifests, active)
    if len(order) > STEPS_LIMIT:
        return _unreadable("genzu.credentials.many", f"its credentials tell more than {STEPS_LIMIT:,} steps")
    judged = judge(document, active, order, data, trust)
    if judged is None:
        return _unreadable(
            "genzu.credentials.many", "its credentials are tied together in too many ways to be checked"
        )
    store = Store(reader, manifests, active, judged, trust, data, vouched(document, active))
    for label in order:
        add_step(store, label)
    return _judged(tuple(store.steps.values()))


def _judged(steps: tuple[ChainStep, ...]) -> Chain:
    """The gravest verdict, and every reason with the step that it is about."""
    verdict = Verdict.INTACT_KNOWN
    reasons: dict[Reason, None] = {}
    for step in reversed(steps):
        verdict = worse(verdict, step.verdict)
        for each in step.reasons:
            reasons[each if step is steps[-1] else of_step(each, step)] = None
    return Chain(verdict, changes_first(reasons), steps)


def _oldest_first(manifests: Mapping[str, object], active: str) -> list[str]:
    """Manifests reachable from the file's own, ingredients first; a cycle is walked once."""
    order: list[str] = []
    seen = {active}
    stack: list[tuple[str, Iterator[str]]] = [(active, _below(manifests, active))]
    while stack:
        label, below = stack[-1]
        child = next((each for each in below if each not in seen), None)
        if child is None:
            order.append(label)
            stack.pop()
        else:
            seen.add(child)
            stack.append((child, _below(manifests, child)))
    return order


def _below(manifests: Mapping[str, object], label: str) -> Iterator[str]:
    return (each for each in ingredient_manifests(mapping(manifests[label])) if each in manifests)


def _refused(message: str, found: Format | None = None) -> Chain:
    if PRERELEASE in message:
        words = "it holds credentials of a draft of the standard, from before its first version; we cannot read them"
        return _unreadable("genzu.credentials.draft", words)
    if message.startswith(NO_CONTAINER) and found is not None and found.credentials is Credentials.BESIDE:
        words = f"a file of this kind ({found.name}) cannot hold Content Credentials, and none were found beside it"
        return Chain(Verdict.NO_CREDENTIALS, (Reason("genzu.credentials.none", words),))
    if message.startswith(NO_CONTAINER):
        return _unreadable(
            "genzu.file.unreadable", "the file is cut off, damaged, or of a kind that holds no credentials"
        )
    return _unreadable("genzu.credentials.damaged", "it holds credentials that are too damaged to be read")


def _unreadable(code: str, words: str) -> Chain:
    return Chain(Verdict.NOT_CHECKED, (Reason(code, words),))
