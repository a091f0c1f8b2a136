"""The signature itself: a definition, its ingredients and a picture go in, a signed file or a sidecar comes out.

From memory to memory, so a failure leaves nothing on disk; a last reading makes sure that what goes out validates.
"""

import contextlib
import io
import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import c2pa

from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.trust import NOBODY_KNOWN, Trust, context, signing_context
from provenance.credentials.read.values import listing, mapping, text
from provenance.credentials.read.verdicts import NO_CONTAINER, fits_its_file, statuses
from provenance.credentials.sign.ingredients import IngredientPart
from provenance.errors import ManifestError
from provenance.media.formats import OPAQUE
from provenance.statement.json_value import Json

TSA_PATIENCE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Signed:
    """The signed file, the label (URN) of its manifest, and whether a time stamp went in.

    With `picture`, that is the file, and `data` are the credentials that lie beside it.
    """

    data: bytes
    label: str
    time_stamped: bool
    picture: bytes | None = None
    notes: tuple[str, ...] = ()  # what somebody should know about the file


@dataclass(frozen=True, slots=True)
class Unsigned:
    """What is to be signed. `beside`: into a file of its own, for containers that hold no credentials. `artist`: whose
    own certificate vouches for `cawg.metadata` as well.
    """

    definition: Mapping[str, Json]
    parts: Sequence[IngredientPart]
    picture: bytes
    media_type: str
    beside: bool = False
    artist: Identity | None = None
    # Whom we know, so that what is found on an input says of its signer what reading it would say.
    trust: Trust = NOBODY_KNOWN


def sign(unsigned: Unsigned, identity: Identity, tsa_url: str | None = None) -> Signed:
    """Signed, read back, and time-stamped where the authority answers in time."""
    data = None
    if tsa_url is not None:
        hand = _hand(unsigned, identity, tsa_url)
        data = _in_time(lambda: _sign(unsigned, hand))
    stamped = data is not None
    if data is None:
        data = _sign(unsigned, _hand(unsigned, identity, None))
    return Signed(data, _label(data, unsigned), stamped, unsigned.picture if unsigned.beside else None)


@dataclass(frozen=True, slots=True)
class Hand:
    """A context, and who signs in it; no signer where the context holds one, together with an artist's."""

    context: "c2pa.Context"
    signer: "c2pa.Signer | None"


def _hand(unsigned: Unsigned, identity: Identity, tsa_url: str | None) -> Hand:
    if unsigned.artist is None:
        return Hand(context(unsigned.trust), identity.signer(tsa_url))
    local = identity.local() | ({"tsa_url": tsa_url} if tsa_url else {})
    return Hand(signing_context(local, unsigned.artist.local(), unsigned.trust), None)


def _in_time(sign: Callable[[], bytes]) -> bytes | None:
    """What `sign` gives; None where it fails or the authority keeps us waiting: painting never hangs on it.

    The library has no time limit of its own, so the waiting is left behind in a thread that ends with us.
    """
    given: list[bytes] = []

    def ask() -> None:
        with contextlib.suppress(ManifestError):  # said in `time_stamped`, and so in the ledger
            given.append(sign())

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(TSA_PATIENCE)
    return given[0] if given else None


def _sign(unsigned: Unsigned, hand: Hand) -> bytes:
    parts = unsigned.parts
    opaque = [part.definition for part in parts if part.media_type and part.data is None]
    target = io.BytesIO()
    try:
        builder = c2pa.Builder(json.dumps({**unsigned.definition, "ingredients": opaque}), hand.context)
        if unsigned.beside:
            builder.set_no_embed()
        for number, part in enumerate(parts):
            if part.media_type and part.data is not None:
                try:
                    _add_picture(builder, part, part.data, unsigned.trust)
                except c2pa.C2paError as error:
                    # A container that c2pa cannot take apart, or credentials too damaged to be read. The second
                    # must be told: else one more signature would wash off whatever they said.
                    damaged = not str(error).startswith(NO_CONTAINER) or _holds_store(part)
                    unread = part.unread(damaged=damaged)
                    rest = [*parts[:number], unread, *parts[number + 1 :]]
                    return _sign(replace(unsigned, parts=rest), hand)
            elif not part.media_type:
                # Words, not pictures. Added like them, since what the definition lists comes before: the first
                # ingredient has to be the layout, or readers take the whole for "of unknown provenance".
                if part.data is not None:
                    builder.add_resource(part.label, io.BytesIO(part.data))
                builder.add_ingredient(
                    json.dumps(part.definition), str(part.definition["format"]), io.BytesIO()
                )
        if hand.signer is None:
            # The library signs by its settings, which is its only way to an identity assertion; its Python wrapper
            # asks this flag, and sets it only for signers that it was given as objects (c2pa-python 0.38).
            builder._has_context_signer = True
            manifest = builder.sign(unsigned.media_type, io.BytesIO(unsigned.picture), target)
        else:
            manifest = builder.sign(hand.signer, unsigned.media_type, io.BytesIO(unsigned.picture), target)
    except c2pa.C2paError as error:
        # Some faults of an input's credentials come to light only now.
        rest = [part.unread(damaged=True) if _holds_store(part) else part for part in parts]
        if any(one is not other for one, other in zip(rest, parts, strict=True)):
            return _sign(replace(unsigned, parts=rest), hand)
        raise ManifestError(f"the picture could not be signed as {unsigned.media_type}: {error}") from error
    return manifest if unsigned.beside else target.getvalue()


def _add_picture(builder: "c2pa.Builder", part: IngredientPart, data: bytes, trust: Trust) -> None:
    """An input picture with its history: what lies beside it and fits it is newer than what lies in it."""
    found = _found_beside(part, data, trust) if part.beside is not None else None
    if part.beside is None or found is None:
        builder.add_ingredient(json.dumps(part.definition), part.media_type, io.BytesIO(data))
        return
    place = f"beside-{part.label}"
    history = {"manifest_data": {"format": "application/c2pa", "identifier": place}, **found}
    builder.add_resource(place, io.BytesIO(part.beside))
    # Without its bytes, which the library would look into, and forget what it is told here.
    builder.add_ingredient(json.dumps({**part.definition, **history}), OPAQUE, io.BytesIO())


def _found_beside(part: IngredientPart, data: bytes, trust: Trust) -> dict[str, Json] | None:
    """What the library finds on a picture by the credentials beside it; None where those in it are to be taken."""
    if not _inside(data):
        return _read_beside(part, data, trust)
    try:
        found = _read_beside(part, data, trust)
    except c2pa.C2paError:
        return None
    return found if fits_its_file(mapping(found.get("validation_results"))) else None


def _read_beside(part: IngredientPart, data: bytes, trust: Trust) -> dict[str, Json]:
    """Whose the credentials beside a picture are, and whether they hold."""
    kinds = list(dict.fromkeys([part.media_type, OPAQUE]))
    for kind in kinds:
        try:
            with c2pa.Reader(kind, io.BytesIO(data), part.beside, context=context(trust)) as reader:
                told = json.loads(reader.json())
                return {name: told[name] for name in ("active_manifest", "validation_results")}
        except c2pa.C2paError as error:
            if kind == kinds[-1] or not str(error).startswith(NO_CONTAINER):
                raise
        except (ValueError, RecursionError, KeyError) as error:
            raise c2pa.C2paError(
                f"the credentials beside it cannot be read: {type(error).__name__}"
            ) from error
    return {}


def _holds_store(part: IngredientPart) -> bool:
    """Whether an input came with credentials, be they ever so broken."""
    return part.data is not None and (part.beside is not None or _inside(part.data))


def _inside(data: bytes) -> bool:
    """Whether there is a manifest store somewhere in the bytes."""
    return b"jumb" in data and b"c2pa" in data


def _label(data: bytes, unsigned: Unsigned) -> str:
    """The label of the new manifest, once it has been read back: what goes out validates."""
    label = str(unsigned.definition["label"])
    picture, store = (unsigned.picture, data) if unsigned.beside else (data, None)
    try:
        with c2pa.Reader(
            unsigned.media_type, io.BytesIO(picture), store, context=context(unsigned.trust)
        ) as reader:
            document = mapping(json.loads(reader.json()))
    except (c2pa.C2paError, ValueError, RecursionError) as error:
        raise ManifestError(f"the signed picture could not be read back: {error}") from error
    manifests = mapping(document.get("manifests"))
    results = mapping(mapping(document.get("validation_results")).get("activeManifest"))
    # What is wrong with an input is told when the file is read; it keeps nobody from signing.
    found = statuses(results.get("failure"), label, manifests)
    failures = {each.code for each in found if each.owner == label}
    failures.discard("signingCredential.untrusted")  # who knows us is not the question here
    # An artist's certificate is never trusted by the library, whatever roots it has (c2pa-rs #2599).
    failures.discard("cawg.x509.credential.untrusted")
    said = {
        text(mapping(each).get("label")) for each in listing(mapping(manifests.get(label)).get("assertions"))
    }
    if unsigned.artist is not None and "cawg.identity" not in said:
        raise ManifestError("the artist's own certificate did not sign; leave it out with this library")
    if failures or document.get("active_manifest") != label:
        raise ManifestError(f"the signed picture does not validate: {', '.join(sorted(failures)) or label}")
    return label
