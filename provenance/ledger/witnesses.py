"""Asking a witness to sign the checkpoint of now (c2sp.org/tlog-witness, add-checkpoint), and what was signed.

The answers lie in `cosigned.txt` beside the ledger: each checkpoint as a note with the witnesses' lines, a line
of U+001E between them. The file may be deleted: a witness says itself what it saw last.
"""

import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from provenance.errors import ConsistencyError, LedgerError, NoteError, ProofError, why
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.tree import nodes_in
from provenance.proof.checkpoint import SignedCheckpoint
from provenance.proof.cosignature import WitnessKey
from provenance.proof.merkle import consistency_proof
from provenance.proof.note import Signature, to_base64
from provenance.storage.atomic import replace as put
from provenance.storage.lock import locked

TIMEOUT = 20.0  # seconds
MAX_ANSWER = 100_000  # bytes
CONFLICT = 409
BETWEEN = "\n\x1e\n"  # a record separator: no note holds one

# The status and the body of the answer to a body that is sent.
Post = Callable[[str, bytes], tuple[int, bytes]]


def ask(
    ledger: AnyLedger, url: str, key: WitnessKey, kept: Path, post: Post | None = None
) -> SignedCheckpoint:
    """The checkpoint of now with this witness's signature, which is kept. ProofError where it gives none.

    ConsistencyError where it has seen another history: the ledger was rewritten, or an older copy put back.
    """
    signed, send = ledger.checkpoint(), post or _post
    address = f"{url.rstrip('/')}/add-checkpoint"
    last = max((each.checkpoint.size for each in seen_by(kept, key)), default=0)
    status, answer = send(address, request_of(ledger, signed, min(last, signed.checkpoint.size)))
    if status == CONFLICT:
        size = _size_of(answer, url)
        if size > signed.checkpoint.size:
            raise ConsistencyError(
                f"{url} has seen {size:,} entries, and {signed.checkpoint.size:,} are here: an older copy was put "
                "back, or entries were cut off"
            )
        status, answer = send(address, request_of(ledger, signed, size))
    if status == 422:
        raise ConsistencyError(
            f"{url} has seen another history of this ledger: it was rewritten, and `genzu ledger verify` may say where"
        )
    if status != 200:
        raise ProofError(f"{url} answered {status}: {_words(status)}")
    found = replace(signed, signatures=(*signed.signatures, _signature(answer, key, signed)))
    _keep(kept, found)
    return found


def request_of(ledger: AnyLedger, signed: SignedCheckpoint, old: int) -> bytes:
    """The body of a request: what the witness saw last, why the checkpoint continues it, and the checkpoint."""
    size = signed.checkpoint.size
    path = ledger.ask(lambda db: consistency_proof(old, size, nodes_in(db))) if 0 < old < size else []
    own = replace(
        signed, signatures=tuple(each for each in signed.signatures if each.name == signed.checkpoint.origin)
    )
    return "".join([f"old {old}\n", *(f"{to_base64(each)}\n" for each in path), f"\n{own}"]).encode()


def newest(kept: Path) -> SignedCheckpoint | None:
    """The longest checkpoint that a witness signed, with all of their lines."""
    return max(read(kept), key=lambda each: each.checkpoint.size, default=None)


def seen_by(kept: Path, key: WitnessKey) -> list[SignedCheckpoint]:
    """The checkpoints that this witness signed."""
    return [each for each in read(kept) if key.seen(each.checkpoint, each.signatures) is not None]


def read(kept: Path) -> list[SignedCheckpoint]:
    """Every checkpoint of the file; LedgerError where it cannot be read."""
    if not os.path.isfile(kept):  # noqa: PTH113 - False where a folder is closed to us
        return []
    try:
        return [
            SignedCheckpoint.parse(each) for each in kept.read_text(encoding="utf-8").split(BETWEEN) if each
        ]
    except (OSError, UnicodeDecodeError, ProofError) as error:
        raise LedgerError(
            f"{kept} cannot be read ({why(error)}); it may be deleted: witnesses say what they saw"
        ) from error


def _keep(kept: Path, signed: SignedCheckpoint) -> None:
    """Joins the witness's line to those of others over the same checkpoint; another process may be at it, too."""
    with kept.with_name(f"{kept.name}-turn").open("ab") as file, locked(file):
        others = read(kept)
        for number, each in enumerate(others):
            if each.checkpoint == signed.checkpoint:
                lines = dict.fromkeys((*each.signatures, *signed.signatures))
                newer = {(line.name, line.key_id): line for line in lines}
                others[number] = replace(each, signatures=tuple(newer.values()))
                break
        else:
            others.append(signed)
        put(kept, [BETWEEN.join(str(each) for each in others).encode()])


def _signature(answer: bytes, key: WitnessKey, signed: SignedCheckpoint) -> Signature:
    """The line of the witness that was asked; those of others are passed over, as C2SP asks."""
    try:
        lines = [Signature.parse(line) for line in answer.decode().split("\n") if line]
    except (UnicodeDecodeError, NoteError) as error:
        raise ProofError(f"the answer is no signature line: {error}") from error
    if key.seen(signed.checkpoint, lines) is None:
        raise ProofError(
            f"the answer holds no signature of {key.name}: it is another witness, or another key"
        )
    return next(each for each in lines if (each.name, each.key_id) == (key.name, key.key_id))


def _size_of(answer: bytes, url: str) -> int:
    text = answer.decode("ascii", "replace").rstrip("\n")
    if not text.isdecimal() or len(text) > 19:
        raise ProofError(f"{url} does not say how many entries it has seen")
    return int(text)


def _words(status: int) -> str:
    return {
        403: "it does not trust the key of this ledger",
        404: "it does not know this ledger; its operator adds it by the line of `genzu ledger key`",
    }.get(status, "no signature")


def _post(address: str, body: bytes) -> tuple[int, bytes]:
    if not address.startswith(("https://", "http://")):
        raise ProofError(f"a witness has an https:// address, not {address[:80]!r}")
    # S310 fears file: addresses; the scheme was checked above, and no redirect is followed.
    request = urllib.request.Request(address, data=body, method="POST")  # noqa: S310
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT) as answer:
            return answer.status, answer.read(MAX_ANSWER)
    except urllib.error.HTTPError as error:
        return error.code, error.read(MAX_ANSWER)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise ProofError(f"{address} could not be reached: {why(error)}") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None
