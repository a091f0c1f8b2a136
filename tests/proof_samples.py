"""One small log, always the same, and the files that tests of proofs are made of.

`python -m tests.proof_samples` writes them to tests/data/proof/; test_receipt.py holds that they never change.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from provenance.proof.checkpoint import (
    Checkpoint,
    Continuation,
    Misbehaviour,
    SignedCheckpoint,
    continuation,
    misbehaviour,
    origin_of,
)
from provenance.proof.merkle import inclusion_proof, leaf_hash, nodes_of, root
from provenance.proof.note import Signature, SigningKey, VerifyKey, public_of, to_base64
from provenance.proof.receipt import Included, Receipt
from provenance.statement.canonical import canonical
from provenance.statement.commitment import Opening, Private
from provenance.statement.json_value import Json

FOLDER = Path(__file__).parent / "data" / "proof"
SEED = hashlib.sha256(b"the log of the tests").digest()
KEY = SigningKey(origin_of(public_of(SEED)), SEED)
OTHER_SEED = hashlib.sha256(b"another log").digest()
OTHER = SigningKey(origin_of(public_of(OTHER_SEED)), OTHER_SEED)
IMPOSTOR = SigningKey(KEY.name, hashlib.sha256(b"somebody else").digest())
WITNESS = SigningKey("witness.example", hashlib.sha256(b"a witness").digest())


def opening(value: str, field: str, about: str) -> Opening:
    return Opening(Private(value, field, about), hashlib.sha256(f"salt of {value}".encode()).digest())


AOI = opening("森 葵", "name", "per-mori")
JUN = opening("Jun Kato", "name", "per-kato")
PROMPT = opening("a railway in deep snow, dusk", "prompt", "pic-snow")


def sealed(what: Opening) -> Json:
    return {"private": what.commitment}


def entry(seq: int, kind: str, body: Json) -> bytes:
    return canonical({"seq": seq, "at": f"2026-11-23T13:{seq:02}:00.000000Z", "kind": kind, "body": body})


def person(seq: int, name: str, value: Opening | None) -> bytes:
    body: Json = {"person": name, "kind": "person", "name": sealed(value) if value else None}
    return entry(seq, "person.added", body)


def requested(seq: int, artist: str) -> bytes:
    body: dict[str, Json] = {
        "picture": "pic-snow",
        "step": "paint",
        "credits": [{"role": "layout", "person": artist}, {"role": "retouch", "person": "per-kato"}],
        "prompt": {"text": sealed(PROMPT), "negative": "", "disclosure": "full"},
        "parameters": {"strength": 0.55, "seed": "7"},
        "project": {"production": "犬と少年", "episode": "", "shot": "c012", "stage": "final"},
    }
    return entry(seq, "picture.requested", body)


def leaves(artist: str = "per-mori") -> list[bytes]:
    """Nine entries. With another artist, the log of a keeper who took a credit out of entry 3."""
    first: list[bytes] = [
        entry(0, "ledger.created", {"ledger": KEY.name, "key": str(KEY.verify_key)}),
        person(1, "per-mori", AOI),
        person(2, "per-kato", JUN),
        requested(3, artist),
        entry(
            4, "picture.released", {"picture": "pic-snow", "requested": 3, "output": "sha256:" + "ab" * 32}
        ),
    ]
    return [
        *first,
        person(5, "per-anon", None),
        *(entry(seq, "note", {"text": f"{seq}"}) for seq in (6, 7, 8)),
    ]


HONEST, REWRITTEN = leaves(), leaves("per-anon")


def hashes(log: list[bytes]) -> list[bytes]:
    return [leaf_hash(each) for each in log]


def signed(log: list[bytes], size: int, *keys: SigningKey) -> SignedCheckpoint:
    checkpoint = Checkpoint(KEY.name, size, root(hashes(log)[:size]))
    return SignedCheckpoint.sign(checkpoint, *(keys or (KEY,)))


def included(log: list[bytes], index: int, size: int) -> Included:
    return Included(index, log[index], tuple(inclusion_proof(index, size, nodes_of(hashes(log)))))


def receipt(log: list[bytes], index: int, size: int, also: tuple[int, ...] = ()) -> Receipt:
    own = included(log, index, size)
    further = tuple(included(log, each, size) for each in also)
    return Receipt(index, own.leaf, own.proof, signed(log, size), KEY.verify_key, (), further)


def receipt_of_another_log() -> Receipt:
    leaf = entry(0, "ledger.created", {"ledger": OTHER.name})
    signed_there = SignedCheckpoint.sign(Checkpoint(OTHER.name, 1, leaf_hash(leaf)), OTHER)
    return Receipt(0, leaf, (), signed_there, OTHER.verify_key)


FULL = replace(receipt(HONEST, 3, 5, (1, 2, 4)), openings=(AOI, JUN, PROMPT))


def remade(text: str, change: Callable[[dict[str, Any]], object]) -> str:
    """A receipt whose extra data somebody changed who can encode."""
    lines = text.split("\n")
    extra = json.loads(base64.b64decode(lines[1].removeprefix("extra ")))
    change(extra)
    data = json.dumps(extra, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    lines[1] = "extra " + to_base64(data)
    return "\n".join(lines)


ONE_FORM = {  # the text of an entry 1, and whether it is in the one form of RFC 8785 that all verifiers ask for
    '{"a":[0,-1,1.5,0.00001,1e-7,2.5e-10,1e+21,1.5e+300,5e-324,9007199254740991],"seq":1}': True,
    '{"a":"\\u001f\\n\\"\\\\/\x7f\u2028森","seq":1}': True,
    '{"a":{"\U0001f600":1,"\uffff":2},"seq":1}': True,
    '{"a":{"\uffff":2,"\U0001f600":1},"seq":1}': False,
    '{"seq":1,"a":1}': False,
    '{"a":1,"a":1,"seq":1}': False,
    '{"a": 1,"seq":1}': False,
    '{"a":"\\u0041","seq":1}': False,
    '{"a":"\\u001F","seq":1}': False,
    '{"a":"\\/","seq":1}': False,
    '{"a":"\\ud800","seq":1}': False,
    **{
        f'{{"a":{each},"seq":1}}': False
        for each in ("1.0", "-0", "-0.0", "0.50", "1e5", "1E+21", "1e-07", "1e-05")
    },
    **{
        f'{{"a":{each},"seq":1}}': False
        for each in ("9007199254740992", "100000000000000000000", "1e+16", "1e400")
    },
    **{f'{{"a":{each},"seq":1}}': False for each in ("NaN", "Infinity", "01", "+1", ".5")},
    **{f'{{"a":0.5,"seq":{each}}}': False for each in ("true", "1.0", '"1"', "2", "[1]", "null")},
    '{"seq":1}\n': False,
    "[1]": False,
}


def hostile() -> dict[str, tuple[str, bool]]:
    """Receipts by a keeper who can sign whatever he likes, and whether they hold: all verifiers agree on each."""
    found = {}
    for text, holds in ONE_FORM.items():
        found[text] = str(receipt([HONEST[0], text.encode()], 1, 2)), holds
    plain = str(receipt(HONEST, 3, 9, (1,)))
    own = str(receipt([entry(0, "note", {})], 0, 1))
    signature = f"{to_base64(bytes(70))}\n"
    changed = {
        "further entries in an object": remade(own, lambda extra: extra.update(also={})),
        "further entries in a text": remade(own, lambda extra: extra.update(also="")),
        "openings in an object": remade(own, lambda extra: extra.update(openings={})),
        "a proof that is an object": remade(
            str(receipt(HONEST, 0, 2, (1,))),
            lambda extra: extra["also"][0].update(proof=dict.fromkeys(extra["also"][0]["proof"], 1)),
        ),
        "the number of a further entry as a decimal": remade(
            plain, lambda extra: extra["also"][0].update(index=1.0)
        ),
        "a signature by a name with a plus": f"{plain}— a+b {signature}",
        "a signature by nobody": f"{plain}—  {signature}",
        "too long": str(receipt([canonical({"a": "x" * 3_100_000, "seq": 0})], 0, 1)),
    }
    return found | {name: (text, False) for name, text in changed.items()}


def good() -> dict[str, str]:
    """Files that hold."""
    grown, forked = continuation_of(HONEST, 5), misbehaviour_of(5, 9)
    return {
        "receipt.tlog-proof": str(FULL),
        "closed.tlog-proof": str(FULL.closed()),
        "first.tlog-proof": str(receipt(HONEST, 0, 1)),
        "last.tlog-proof": str(receipt(HONEST, 8, 9)),
        "later.tlog-proof": str(receipt(HONEST, 3, 9, (1,))),
        "rewritten.tlog-proof": str(receipt(REWRITTEN, 3, 9)),
        "rewritten-elsewhere.tlog-proof": str(receipt(REWRITTEN, 4, 5)),
        "witnessed.tlog-proof": str(replace(FULL, checkpoint=signed(HONEST, 5, KEY, WITNESS))),
        "another-log.tlog-proof": str(receipt_of_another_log()),
        "checkpoint-5.txt": str(signed(HONEST, 5)),
        "checkpoint-9.txt": str(signed(HONEST, 9)),
        "checkpoint-5-rewritten.txt": str(signed(REWRITTEN, 5)),
        "checkpoint-9-rewritten.txt": str(signed(REWRITTEN, 9)),
        "continuation.txt": str(grown),
        "continuation-4.txt": str(continuation_of(HONEST, 4)),
        "continuation-rewritten.txt": str(continuation_of(REWRITTEN, 5)),
        "misbehaviour.txt": str(forked),
        "misbehaviour-4.txt": str(misbehaviour_of(4, 9)),
        "misbehaviour-same-size.txt": str(misbehaviour_of(9, 9)),
    }


def continuation_of(log: list[bytes], old: int) -> Continuation:
    return continuation(KEY.verify_key, signed(log, old), signed(log, 9), nodes_of(hashes(log)))


def misbehaviour_of(old: int, new: int) -> Misbehaviour:
    node = nodes_of(hashes(REWRITTEN)[:new])
    found = misbehaviour(KEY.verify_key, signed(HONEST, old), signed(REWRITTEN, new), node)
    assert found is not None
    return found


def broken() -> dict[str, str]:
    """Files that do not hold, each named by its one fault."""
    text = str(FULL)
    lines = text.split("\n")
    swapped = [*lines[:3], lines[4], lines[3], *lines[5:]]
    wrong = replace(FULL, openings=(Opening(Private("Somebody Else", "", ""), AOI.salt),))
    unsigned = replace(FULL.checkpoint, signatures=WITNESS_ONLY)
    two_faced = replace(FULL, checkpoint=signed(REWRITTEN, 5))
    grown = continuation_of(HONEST, 5)
    out_of_place = [HONEST[1], HONEST[0]]
    named_twice = [HONEST[0], HONEST[1].replace(b'"seq":1', b'"seq":7,"seq":1')]
    return {
        "another-name.tlog-proof": str(wrong),
        "another-salt.tlog-proof": str(replace(FULL, openings=(replace(AOI, salt=bytes(32)),))),
        "changed-entry.tlog-proof": str(replace(FULL, leaf=FULL.leaf.replace(b"per-mori", b"per-anon"))),
        "changed-further-entry.tlog-proof": remade(
            text, lambda x: x["also"][0].update(leaf=x["also"][0]["leaf"].replace("per-mori", "per-anon"))
        ),
        "another-number.tlog-proof": text.replace("index 3", "index 2"),
        "number-beyond-the-log.tlog-proof": text.replace("index 3", "index 9"),
        "number-with-a-zero.tlog-proof": text.replace("index 3", "index 03"),
        "number-in-wide-digits.tlog-proof": text.replace("index 3", "index ３"),
        "swapped-hashes.tlog-proof": "\n".join(swapped),
        "missing-hash.tlog-proof": "\n".join([*lines[:3], *lines[4:]]),
        "hash-too-many.tlog-proof": "\n".join([*lines[:4], *lines[3:]]),
        "loose-base64.tlog-proof": text.replace("=\n", "\n", 1),
        "log-grew-in-the-checkpoint.tlog-proof": text.replace(f"{KEY.name}\n5\n", f"{KEY.name}\n6\n"),
        "another-root.tlog-proof": str(replace(FULL, checkpoint=signed(REWRITTEN, 9))),
        "rewritten-log.tlog-proof": str(two_faced),
        "key-of-an-impostor.tlog-proof": str(
            replace(FULL, key=IMPOSTOR.verify_key, checkpoint=signed(HONEST, 5, IMPOSTOR))
        ),
        "signed-by-an-impostor.tlog-proof": str(replace(FULL, checkpoint=signed(HONEST, 5, IMPOSTOR))),
        "signed-by-a-witness-alone.tlog-proof": str(replace(FULL, checkpoint=unsigned)),
        "key-of-another-log.tlog-proof": str(replace(FULL, key=VerifyKey("genzu/0", FULL.key.public))),
        "signature-cut.tlog-proof": text[:-30] + "\n",
        "no-signature.tlog-proof": text[: text.rindex("— ")],
        "no-checkpoint.tlog-proof": text.split("\n\n", maxsplit=1)[0] + "\n",
        "no-extra-data.tlog-proof": "\n".join([lines[0], *lines[2:]]),
        "no-openings.tlog-proof": remade(text, lambda x: x.pop("openings")),
        "field-too-many.tlog-proof": remade(text, lambda x: x.update(surprise=1)),
        "label-on-an-opening.tlog-proof": remade(text, lambda x: x["openings"][0].update(field="name")),
        "later-format.tlog-proof": remade(text, lambda x: x.update(format="genzu/receipt@v2")),
        "further-entries-unsorted.tlog-proof": remade(text, lambda x: x["also"].reverse()),
        "further-entry-twice.tlog-proof": remade(text, lambda x: x["also"].append(x["also"][-1])),
        "further-entry-number-true.tlog-proof": remade(text, lambda x: x["also"][0].update(index=True)),
        "salt-in-capitals.tlog-proof": remade(
            text, lambda x: x["openings"][0].update(salt=AOI.salt.hex().upper())
        ),
        "value-not-text.tlog-proof": remade(text, lambda x: x["openings"][0].update(value=7)),
        "extra-data-not-json.tlog-proof": text.replace(lines[1], "extra AAAA"),
        "extra-data-nested.tlog-proof": text.replace(lines[1], "extra " + to_base64(b"[" * 200_000)),
        "entry-out-of-place.tlog-proof": str(receipt(out_of_place, 1, 2)),
        "field-twice-in-an-entry.tlog-proof": str(receipt(named_twice, 1, 2)),
        "entry-not-json.tlog-proof": str(receipt([b"hello"], 0, 1)),
        "entry-not-an-object.tlog-proof": str(receipt([b"[0]"], 0, 1)),
        "changed-signature.tlog-proof": str(replace(FULL, checkpoint=flipped(FULL.checkpoint))),
        "half-a-character.tlog-proof": text.replace(lines[1], lines[1][:6] + halved(lines[1][6:])),
        "label-on-a-further-entry.tlog-proof": remade(text, lambda x: x["also"][0].update(kind="person")),
        "further-entry-is-the-entry.tlog-proof": remade(
            text, lambda x: x["also"].insert(2, {"index": 3, "leaf": x["leaf"], "proof": lines[3:6]})
        ),
        "extra-data-with-a-space.tlog-proof": text.replace(lines[1], lines[1][:6] + spaced(lines[1][6:])),
        "base64-with-loose-bits.tlog-proof": text.replace(
            lines[3], lines[3][:-2] + loosened(lines[3][-2]) + "="
        ),
        **with_another_note(),
        "empty.tlog-proof": "",
        "not-a-receipt.tlog-proof": "hello\n",
        "header-alone.tlog-proof": f"{lines[0]}\n",
        "continuation-of-a-rewritten-log.txt": str(replace(grown, newer=signed(REWRITTEN, 9))),
        "continuation-backwards.txt": str(replace(grown, older=grown.newer, newer=grown.older)),
        "continuation-without-a-hash.txt": str(replace(grown, path=grown.path[1:])),
        "continuation-with-a-hash-too-many.txt": str(replace(grown, path=(*grown.path, grown.path[0]))),
        "continuation-by-an-impostor.txt": str(replace(grown, older=signed(HONEST, 5, IMPOSTOR))),
        "continuation-of-one-size-with-a-hash.txt": str(
            replace(grown, older=grown.newer, path=grown.path[:1])
        ),
        "continuation-from-nothing-with-a-hash.txt": str(
            replace(grown, older=signed(HONEST, 0), path=grown.path[:1])
        ),
        "root-of-an-empty-log.txt": noted(f"{KEY.name}\n0\n{to_base64(bytes(32))}\n"),
        "more-entries-than-a-log-has.txt": noted(f"{KEY.name}\n{2**63}\n{to_base64(bytes(32))}\n"),
        "continuation-from-a-rewritten-record.txt": str(replace(grown, older=signed(REWRITTEN, 5))),
        "continuation-from-four-with-a-hash-too-many.txt": str(
            replace(whole := continuation_of(HONEST, 4), path=(whole.path[0], *whole.path))
        ),
        "continuation-with-a-changed-signature.txt": str(replace(grown, older=flipped(grown.older))),
        "continuation-cut.txt": str(grown).rpartition("\n\n")[0] + "\n",
    }


def with_another_note() -> dict[str, str]:
    """Receipts whose entry is in the tree, and whose checkpoint is wrong, though the log's key signed it."""
    size, top = 5, to_base64(FULL.checkpoint.checkpoint.root)
    plain = f"{KEY.name}\n{size}\n{top}\n"
    own = str(FULL.checkpoint)
    text = str(FULL)
    notes = {
        "checkpoint-of-another-log": noted(f"genzu/0\n{size}\n{top}\n"),
        "checkpoint-with-a-tab": noted(f"{plain}a\tb\n"),
        "checkpoint-with-an-empty-line": noted(f"{plain}\nmore\n"),
        "signature-line-with-a-hyphen": f"{own}- witness.example AAAAAAAA\n",
        "signature-by-a-hidden-name": f"{own}— wit\u202eness AAAAAAAA\n",
        "signature-of-four-bytes": f"{own}— witness.example AAAAAA==\n",
        "too-many-signatures": own + "— w AAAAAAA=\n" * 100,
    }
    found = {f"{name}.tlog-proof": text.replace(own, note) for name, note in notes.items()}
    for name, kind, label in (("key-of-another-type", b"\2", None), ("key-label-invented", b"\1", bytes(4))):
        encoded = kind + FULL.key.public
        identity = label or hashlib.sha256(KEY.name.encode() + b"\n" + encoded).digest()[:4]
        line = Signature(KEY.name, identity, KEY.sign(plain).value)
        vkey = f"{KEY.name}+{identity.hex()}+{to_base64(encoded)}"
        forged = text.replace(own, f"{plain}\n{line}\n")
        found[f"{name}.tlog-proof"] = remade(forged, lambda x, vkey=vkey: x.update(key=vkey))
    return found


def noted(text: str) -> str:
    """Any text, signed by the log's key as if it were a checkpoint."""
    return f"{text}\n{KEY.sign(text)}\n"


def flipped(whole: SignedCheckpoint) -> SignedCheckpoint:
    """The same checkpoint, one bit of its signature changed."""
    (own,) = whole.signatures
    return replace(whole, signatures=(replace(own, value=bytes([own.value[0] ^ 1]) + own.value[1:]),))


def halved(encoded: str) -> str:
    """The same JSON with half a character in a name."""
    return to_base64(base64.b64decode(encoded).replace("森".encode(), b"\\ud800"))


def spaced(encoded: str) -> str:
    """The same JSON with a space where the canonical form has none."""
    return to_base64(base64.b64decode(encoded).replace(b'","', b'", "', 1))


def loosened(last: str) -> str:
    """The base64 digit next to `last`: it differs in a bit that decoding drops."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return digits[digits.index(last) + 1]


WITNESS_ONLY: tuple[Signature, ...] = signed(HONEST, 5, WITNESS).signatures


def main() -> None:
    for folder, files in ((FOLDER, good()), (FOLDER / "broken", broken())):
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
