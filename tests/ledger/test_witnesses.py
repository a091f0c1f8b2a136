"""Witnesses: a small one of the specification's shape over real HTTP, and what a reader makes of its signatures."""

import base64
import hashlib
import json
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from provenance.commands.ledger import ledger_group
from provenance.commands.receipt import receipt_group
from provenance.errors import NoteError, ProofError
from provenance.ledger.log import Ledger
from provenance.people.person import Person
from provenance.people.register import register_of
from provenance.people.roster import add_people
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint
from provenance.proof.cosignature import Policy, WitnessKey, subtree_message
from provenance.proof.merkle import verify_consistency
from provenance.proof.note import Signature, VerifyKey
from provenance.release.opening import open_archive
from provenance.statement.canonical import new_id


@dataclass
class Witness:
    """As c2sp.org/tlog-witness says: one log's key, and the last checkpoint that it signed."""

    name: str
    log: VerifyKey | None = None
    secret: Ed25519PrivateKey | MLDSA44PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    size: int = 0
    root: bytes = b""
    url: str = ""
    asked: list[bytes] = field(default_factory=list)
    answer: bytes | None = None

    @property
    def public(self) -> bytes:
        return self.secret.public_key().public_bytes_raw()

    @property
    def vkey(self) -> str:
        encoded = base64.b64encode(self.kind + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    @property
    def kind(self) -> bytes:
        return b"\x04" if isinstance(self.secret, Ed25519PrivateKey) else b"\x06"

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def add(self, body: bytes) -> tuple[int, bytes]:
        self.asked.append(body)
        head, _, note = body.decode().partition("\n\n")
        first, *path = head.split("\n")
        old, signed = int(first.removeprefix("old ")), SignedCheckpoint.parse(note)
        checkpoint = signed.checkpoint
        if self.log is None or checkpoint.origin != self.log.name:
            return 404, b""
        try:
            signed.verify(self.log)
        except NoteError:
            return 403, b""
        if old != self.size:
            return 409, f"{self.size}\n".encode()
        if self.size == checkpoint.size and self.root != checkpoint.root:
            return 422, b""
        try:
            if 0 < old < checkpoint.size:
                proof = [base64.b64decode(each) for each in path]
                verify_consistency(old, checkpoint.size, self.root, checkpoint.root, proof)
        except ProofError:
            return 422, b""
        self.size, self.root = checkpoint.size, checkpoint.root
        return 200, self.answer if self.answer is not None else self.line(str(checkpoint))

    def line(self, text: str) -> bytes:
        now = int(time.time())
        message = f"cosignature/v1\ntime {now}\n{text}".encode()
        if self.kind == b"\x06":
            # The struct cosigned_message, as the specification draws it.
            origin, size, root = text.split("\n")[:3]
            name = self.name.encode()
            message = b"subtree/v1\n\x00" + struct.pack(f">B{len(name)}sQ", len(name), name, now)
            message += struct.pack(f">B{len(origin)}s", len(origin), origin.encode())
            message += struct.pack(">QQ32s", 0, int(size), base64.b64decode(root))
        made = struct.pack(">Q", now) + self.secret.sign(message)
        return f"— {self.name} {base64.b64encode(self.key_id + made).decode()}\n".encode()


@pytest.fixture(params=[Ed25519PrivateKey, MLDSA44PrivateKey], ids=["Ed25519", "ML-DSA-44"])
def witness(request: pytest.FixtureRequest) -> Iterator[Witness]:
    yield from _served(Witness("witness.example/w1", secret=request.param.generate()))


@pytest.fixture
def second() -> Iterator[Witness]:
    yield from _served(Witness("other.example/w2"))


def _served(made: Witness) -> Iterator[Witness]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, body = made.add(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status if self.path == "/sub/add-checkpoint" else 405)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    made.url = f"http://127.0.0.1:{server.server_port}/sub"
    yield made
    server.shutdown()


@pytest.fixture
def ledger(settings) -> Iterator[Ledger]:
    with open_archive(settings) as archive:
        add(archive.ledger, "Mori Aoi")
        yield archive.ledger


def add(ledger, name: str) -> None:
    add_people(ledger, register_of(ledger), [Person(new_id("per"), name=name)])


def ledger_says(settings, *words: object):
    return CliRunner().invoke(ledger_group, [*map(str, words)], obj=settings)


def receipt_says(*words: object):
    return CliRunner().invoke(receipt_group, ["verify", *map(str, words)])


def policy(folder: Path, *lines: str) -> Path:
    path = folder / "policy.txt"
    path.write_text("\n".join(["# whom we want", *lines, ""]), encoding="utf-8")
    return path


def test_a_witness_signs_what_continues_and_a_receipt_carries_its_signature(
    settings, ledger, witness, tmp_path
):
    witness.log = ledger.verify_key
    first = ledger_says(settings, "witness", witness.url, "--key", witness.vkey)
    assert first.exit_code == 0 and f"witness.example/w1 saw {witness.size:,} entries at" in first.output
    assert b"Mori" not in witness.asked[0]
    for name in ("Sato Hana", "Abe Rin", "Kai O'Neil"):
        add(ledger, name)
    before = witness.size
    assert ledger_says(settings, "witness", witness.url, "--key", witness.vkey).exit_code == 0
    assert witness.size > before and witness.asked[-1].startswith(f"old {before}\n".encode())
    add(ledger, "Elin Lindqvist")  # what is not witnessed yet
    out = tmp_path / "mine.tlog-proof"
    assert ledger_says(settings, "prove", 0, "--witnessed", "-o", out).exit_code == 0
    wanted = policy(tmp_path, f"log {ledger.verify_key}", f"witness w1 {witness.vkey}", "quorum w1")
    told = receipt_says(out, "--policy", wanted)
    assert told.exit_code == 0 and "seen by the witness w1 at" in told.output
    assert set(json.loads(receipt_says(out, "--policy", wanted, "--json").output)["witnesses"]) == {"w1"}
    assert receipt_says(out).exit_code == 0  # who asks for no witness reads it as before


def test_a_receipt_without_the_wanted_witnesses_does_not_hold(settings, ledger, witness, second, tmp_path):
    witness.log = second.log = ledger.verify_key
    ledger_says(settings, "witness", witness.url, "--key", witness.vkey)
    alone, both, bare = (tmp_path / f"{name}.tlog-proof" for name in ("alone", "both", "bare"))
    ledger_says(settings, "prove", 0, "--witnessed", "-o", alone)
    ledger_says(settings, "witness", second.url, "--key", second.vkey)
    ledger_says(settings, "prove", 0, "--witnessed", "-o", both)
    ledger_says(settings, "prove", 0, "-o", bare)
    named = (f"witness a {witness.vkey}", f"witness b {second.vkey}")
    codes = [
        [
            receipt_says(each, "--policy", policy(tmp_path, *named, *rule)).exit_code
            for each in (alone, both, bare)
        ]
        for rule in (["group g any a b", "quorum g"], ["group g all a b", "quorum g"], ["quorum none"])
    ]
    assert codes == [[0, 0, 1], [1, 0, 1], [0, 0, 0]]
    stranger = policy(tmp_path, f"log {VerifyKey('genzu/other', bytes(32))}", "quorum none")
    assert receipt_says(both, "--policy", stranger).exit_code == 1


def test_a_ledger_that_was_rewritten_gets_no_signature(settings, ledger, witness, tmp_path):
    witness.log = ledger.verify_key
    ledger_says(settings, "witness", witness.url, "--key", witness.vkey)
    witness.root = hashlib.sha256(b"what it saw before").digest()
    add(ledger, "Sato Hana")
    told = ledger_says(settings, "witness", witness.url, "--key", witness.vkey)
    assert told.exit_code == 1 and "has seen another history of this ledger" in told.output
    witness.size = 10_000
    told = ledger_says(settings, "witness", witness.url, "--key", witness.vkey)
    assert (
        told.exit_code == 1
        and "10,000 entries" in told.output
        and "an older copy was put back" in told.output
    )


def test_without_our_notes_the_witness_says_itself_what_it_saw(settings, ledger, witness):
    witness.log = ledger.verify_key
    ledger_says(settings, "witness", witness.url, "--key", witness.vkey)
    settings.cosigned.unlink()
    add(ledger, "Sato Hana")
    assert ledger_says(settings, "witness", witness.url, "--key", witness.vkey).exit_code == 0
    first, *later = (each.split(b"\n")[0] for each in witness.asked)
    assert first == later[0] == b"old 0" and len(later) == 2 and later[1] != b"old 0"


@pytest.mark.parametrize(
    "answer", [b"", b"nothing\n", "— witness.example/w1 AAAAAAAA\n".encode(), b"\xff\xfe"]
)
def test_an_answer_that_is_no_signature_of_the_witness_is_not_kept(settings, ledger, witness, answer):
    witness.log, witness.answer = ledger.verify_key, answer
    told = ledger_says(settings, "witness", witness.url, "--key", witness.vkey)
    assert isinstance(told.exception, ProofError) and not settings.cosigned.exists()


def test_a_witness_that_does_not_know_us_or_is_away_is_told(settings, ledger, witness):
    told = ledger_says(settings, "witness", witness.url, "--key", witness.vkey)
    assert "does not know this ledger" in str(told.exception)
    told = ledger_says(settings, "witness", "http://127.0.0.1:9", "--key", witness.vkey)
    assert "could not be reached" in str(told.exception)
    told = ledger_says(settings, "prove", 0, "--witnessed", "-o", settings.home / "r")
    assert "no witness has signed this ledger yet" in str(told.exception)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["quorum w"], "no line before it names 'w'"),
        ([], "a policy has a line 'quorum"),
        (["witness none KEY", "quorum none"], "the name 'none' is taken"),
        (["witness a KEY", "witness b KEY", "quorum a"], "key stands there already"),
        (["witness a KEY", "group g 2 a", "quorum g"], "so many"),
        (["witness a KEY", "group g 1 a a", "quorum g"], "named once"),
        (["witnes a KEY", "quorum none"], "line 1"),
        (["quorum none", "quorum none"], "there is one quorum"),
        (["witness a genzu/3+aaaaaaaa+AAAA", "quorum a"], "a witness's key"),
    ],
)
def test_a_policy_that_is_wrong_names_its_line(lines, words):
    key = str(WitnessKey("w.example", bytes(range(32))))
    with pytest.raises(ProofError, match=words):
        Policy.parse("\n".join(each.replace("KEY", key) for each in lines))


def test_a_line_over_another_checkpoint_or_name_does_not_hold(ledger, witness):
    key, signed = WitnessKey.parse(witness.vkey), ledger.checkpoint()
    line = Signature.parse(witness.line(str(signed.checkpoint)).decode().rstrip("\n"))
    assert key.seen(signed.checkpoint, [line]) is not None
    add(ledger, "Sato Hana")
    with pytest.raises(NoteError, match="does not hold"):
        key.seen(ledger.checkpoint().checkpoint, [line])
    for value in (line.value[:-1], line.value + b"\0"):
        with pytest.raises(NoteError, match="bytes, this one"):
            key.seen(signed.checkpoint, [replace(line, value=value)])
    later = bytes(7) + b"\1" + line.value[8:]
    with pytest.raises(NoteError, match="does not hold"):
        key.seen(signed.checkpoint, [replace(line, value=later)])
    assert key.seen(signed.checkpoint, [replace(line, key_id=b"\0\0\0\0")]) is None


def test_the_message_of_a_post_quantum_cosigner_is_that_of_the_specification():
    checkpoint = Checkpoint("example.com/behind-the-sofa", 20852163, bytes(range(32)))
    message = subtree_message("witness.example.com/w1", checkpoint, 1679315147)
    head = b"subtree/v1\n\0\x16witness.example.com/w1" + (1679315147).to_bytes(8, "big")
    tail = b"\x1bexample.com/behind-the-sofa" + bytes(8) + (20852163).to_bytes(8, "big") + bytes(range(32))
    assert message == head + tail
    with pytest.raises(NoteError, match="1 to 255 bytes"):
        subtree_message("w" * 256, checkpoint, 0)
