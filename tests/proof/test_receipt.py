"""Receipts: what they show, their one form, and that no change in one goes unnoticed."""

import base64
import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.errors import InclusionError, NoteError, ProofError
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint, new_log_key, origin_of
from provenance.proof.merkle import inclusion_proof, leaf_hash, nodes_of, root
from provenance.proof.note import SigningKey, public_of, to_base64
from provenance.proof.receipt import Included, Receipt, read_receipt, verify
from provenance.statement.canonical import canonical
from provenance.statement.commitment import Opening, Private

SEED = bytes(range(32))
KEY = SigningKey(origin_of(public_of(SEED)), SEED)
NAME = Opening(Private("森 葵", "name", "per-aoi"), b"salt" * 8)
PROMPT = Opening(Private("a railway in the snow", "prompt", "pic-1"), b"pros" * 8)


def entry(seq, kind, body):
    return canonical({"seq": seq, "at": f"2026-11-23T13:05:0{seq}.000000Z", "kind": kind, "body": body})


LEAVES = [
    entry(0, "ledger.created", {"ledger": KEY.name}),
    entry(1, "person.added", {"person": "per-aoi", "kind": "person", "name": {"private": NAME.commitment}}),
    entry(
        2,
        "picture.requested",
        {
            "picture": "pic-1",
            "credits": [{"role": "layout", "person": "per-aoi"}],
            "prompt": {"text": {"private": PROMPT.commitment}, "negative": "", "disclosure": "full"},
        },
    ),
    entry(3, "picture.released", {"picture": "pic-1", "requested": 2}),
    entry(4, "person.added", {"person": "per-xyz", "kind": "person", "name": None}),
]
HASHES = [leaf_hash(each) for each in LEAVES]
CHECKPOINT = SignedCheckpoint.sign(Checkpoint(KEY.name, 5, root(HASHES)), KEY)


def proof(index):
    return tuple(inclusion_proof(index, 5, nodes_of(HASHES)))


RECEIPT = Receipt(
    index=2,
    leaf=LEAVES[2],
    proof=proof(2),
    checkpoint=CHECKPOINT,
    key=KEY.verify_key,
    openings=(NAME, PROMPT),
    also=(Included(1, LEAVES[1], proof(1)), Included(3, LEAVES[3], proof(3))),
)


def test_a_receipt_shows_entry_person_and_name_to_whoever_has_nothing_else():
    proved = verify(Receipt.parse(str(RECEIPT)))
    assert [each.index for each in proved.entries] == [2, 1, 3]
    assert proved.entries[0].value["body"]["credits"] == [{"role": "layout", "person": "per-aoi"}]
    assert [(each.index, each.place, each.value) for each in proved.opened] == [
        (1, "body.name", "森 葵"),
        (2, "body.prompt.text", "a railway in the snow"),
    ]
    assert proved.checkpoint.size == 5
    assert not proved.key_known
    assert verify(RECEIPT, KEY.verify_key).key_known


def test_a_closed_receipt_proves_the_entries_and_tells_no_name():
    closed = RECEIPT.closed()
    assert verify(closed).opened == ()
    assert verify(closed).entries == verify(RECEIPT).entries
    extra = str(closed).split("\n")[1]
    assert to_base64("森 葵".encode()) not in extra
    assert NAME.salt.hex() not in extra


def test_another_name_than_the_recorded_one_does_not_pass():
    lie = replace(RECEIPT, openings=(Opening(Private("Somebody Else", "name", "per-aoi"), NAME.salt),))
    with pytest.raises(ProofError, match="none of its entries commits to"):
        verify(lie)


def test_a_commitment_is_an_object_of_its_own_and_nothing_that_only_holds_its_digits():
    for body in ({"private": NAME.commitment, "more": 1}, {"x": NAME.commitment}, [NAME.commitment]):
        leaf = entry(0, "person.added", body)
        checkpoint = SignedCheckpoint.sign(Checkpoint(KEY.name, 1, leaf_hash(leaf)), KEY)
        with pytest.raises(ProofError, match="none of its entries commits to"):
            verify(Receipt(0, leaf, (), checkpoint, KEY.verify_key, (NAME,)))


def test_an_entry_that_is_not_in_the_log_does_not_pass():
    for changed in (
        replace(RECEIPT, leaf=LEAVES[2].replace(b"layout", b"prompt")),
        replace(RECEIPT, also=(Included(4, LEAVES[1], proof(4)),)),
        replace(RECEIPT, index=4),
    ):
        with pytest.raises(InclusionError):
            verify(changed)


def test_an_entry_that_states_another_number_does_not_pass():
    hashes = [*HASHES[:2], HASHES[3], HASHES[2]]
    checkpoint = SignedCheckpoint.sign(Checkpoint(KEY.name, 4, root(hashes)), KEY)
    path = tuple(inclusion_proof(3, 4, nodes_of(hashes)))
    with pytest.raises(ProofError, match="does not state its own number"):
        verify(Receipt(3, LEAVES[2], path, checkpoint, KEY.verify_key))


def test_a_key_of_somebody_elses_making_does_not_pass_for_the_logs():
    other = SigningKey(KEY.name, bytes(32))
    forged = replace(
        RECEIPT, checkpoint=SignedCheckpoint.sign(CHECKPOINT.checkpoint, other), key=other.verify_key
    )
    with pytest.raises(NoteError, match="belongs to"):
        verify(forged)
    with pytest.raises(NoteError, match="the key that was given"):
        verify(forged, KEY.verify_key)
    with pytest.raises(NoteError, match="the key that was given"):
        verify(RECEIPT, new_log_key().verify_key)


def test_what_mail_and_editors_do_to_a_file_is_forgiven_and_nothing_else():
    data = str(RECEIPT).encode()
    for variant in (
        data.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + data,
        b"\n" + data + b"\n\n",
        data.rstrip(b"\n"),
    ):
        assert read_receipt(variant) == RECEIPT
    for broken in (
        data.replace(b"index 2", b"index  2"),
        data.replace(b"index 2", b"index 02"),
        b"\xff" + data,
        b"",
    ):
        with pytest.raises(ProofError):
            read_receipt(broken)


def test_any_changed_character_is_noticed():
    text = str(RECEIPT)
    for place, each in enumerate(text):
        new = "\n" if place % 9 == 0 and each != "\n" else chr(ord(each) ^ 1)
        with pytest.raises(ProofError):
            verify(Receipt.parse(text[:place] + new + text[place + 1 :]))


def test_any_missing_or_doubled_line_is_noticed():
    lines = str(RECEIPT).split("\n")
    for place in range(len(lines)):
        for change in (lines[:place] + lines[place + 1 :], lines[: place + 1] + lines[place:]):
            # A signature may stand there twice (C2SP).
            if change != lines and not (len(change) > len(lines) and lines[place].startswith("— ")):
                with pytest.raises(ProofError):
                    verify(Receipt.parse("\n".join(change)))


def remade(change):
    """The receipt's text with its extra data changed by somebody who can encode."""
    lines = str(RECEIPT).split("\n")
    extra = json.loads(base64.b64decode(lines[1].removeprefix("extra ")))
    change(extra)
    written = json.dumps(extra, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    # Half a character cannot be UTF-8; as an escape it can stand in JSON.
    lines[1] = "extra " + to_base64(written.encode(errors="backslashreplace"))
    return "\n".join(lines)


def test_extra_data_that_nobody_changed_is_read():
    assert remade(lambda extra: None) == str(RECEIPT)


@pytest.mark.parametrize(
    "change",
    [
        lambda extra: extra.update(surprise=1),
        lambda extra: extra.update(format="genzu/receipt@v2"),
        lambda extra: extra.pop("openings"),
        lambda extra: extra.update(openings={}),
        lambda extra: extra.update(openings=[7]),
        lambda extra: extra.update(leaf=7),
        lambda extra: extra.update(leaf="\ud800"),
        lambda extra: extra.update({"key\ud800": 1}),
        lambda extra: extra.update(key="x"),
        lambda extra: extra["also"].reverse(),
        lambda extra: extra["also"].append(extra["also"][0]),
        lambda extra: extra["also"][0].update(index=2),
        lambda extra: extra["also"][0].update(index=True),
        lambda extra: extra["also"][0].update(index=-1),
        lambda extra: extra["also"][0].update(index=1.0),
        lambda extra: extra["also"][0].update(index=10**400),
        lambda extra: extra["also"][0].update(proof=[None]),
        lambda extra: extra["also"][0].update(proof=["AA=="]),
        lambda extra: extra["openings"][0].update(salt="zz"),
        lambda extra: extra["openings"][0].update(salt="AB" * 32),
        lambda extra: extra["openings"][0].update(value="\udfff"),
        lambda extra: extra["openings"][0].update(field="name"),
        lambda extra: extra["openings"][0].pop("salt"),
    ],
)
def test_extra_data_in_any_other_form_is_refused(change):
    with pytest.raises(ProofError):
        verify(Receipt.parse(remade(change)))


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.lists(st.tuples(st.integers(0, 9), st.text(max_size=9), st.lists(st.binary(max_size=40), max_size=3))),
    st.lists(st.binary(max_size=40), max_size=4),
)
def test_receipts_survive_their_text_form(value, also, path):
    others = {number: Included(number, leaf.encode(errors="replace"), tuple(p)) for number, leaf, p in also}
    receipt = replace(
        RECEIPT,
        proof=tuple(each for each in path if each),
        openings=(Opening(Private(value, "name", "x"), b"s" * 32),),
        also=tuple(others[number] for number in sorted(others) if number != RECEIPT.index),
    )
    assert Receipt.parse(str(receipt)) == receipt


@settings(max_examples=150)
@given(st.data())
def test_random_damage_gives_a_proof_error_or_the_same_receipt(data):
    raw = bytearray(str(RECEIPT).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with suppress(ProofError):
        assert verify(read_receipt(bytes(raw))) == verify(RECEIPT)
