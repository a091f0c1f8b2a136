"""Time stamps of checkpoints, from a real authority (openssl), and what is refused."""

import datetime

import pytest
from stamp_authority import Clock, StampAuthority, make_authority, openssl

from provenance.errors import TimeStampError, TimeStampRefused
from provenance.proof.checkpoint import Checkpoint, SignedCheckpoint, new_log_key
from provenance.proof.merkle import leaf_hash
from provenance.proof.timestamp import build_request, check_answer, read_roots, send, stamp, verify

KEY = new_log_key()
DATA = str(SignedCheckpoint.sign(Checkpoint(KEY.name, 1, leaf_hash(b"{}")), KEY)).encode()


@pytest.fixture(scope="module")
def roots(stamp_authority: StampAuthority):
    return read_roots(stamp_authority.root.encode())


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture(scope="module")
def stamped(stamp_authority: StampAuthority):
    return stamp_authority.answer(build_request(DATA).der)


def test_a_stamp_from_a_real_authority_says_when_and_who(clock: Clock, roots):
    response = stamp(DATA, clock.url)
    found = verify(response, DATA, roots)
    assert abs(datetime.datetime.now(datetime.UTC) - found.at) < datetime.timedelta(minutes=1)
    assert "CN=stamper" in found.authority
    assert found.policy == "1.2.3.4.1"
    assert found.accuracy == datetime.timedelta(seconds=1.5)


def test_openssl_agrees_with_what_we_kept(stamp_authority: StampAuthority, stamped, tmp_path):
    (tmp_path / "checkpoint").write_bytes(DATA)
    (tmp_path / "checkpoint.tsr").write_bytes(stamped)
    said = openssl(
        tmp_path, f"ts -verify -data checkpoint -in checkpoint.tsr -CAfile {stamp_authority.root_file}"
    )
    assert b"OK" in said


def test_a_stamp_of_one_checkpoint_does_not_pass_for_another(stamped, roots):
    with pytest.raises(TimeStampError, match="Mismatch"):
        verify(stamped, DATA + b"\n", roots)


def test_an_answer_to_another_request_is_not_kept(stamped):
    with pytest.raises(TimeStampError, match="another request"):
        check_answer(stamped, build_request(DATA))


def test_an_answer_with_the_right_nonce_for_other_bytes_is_not_kept(stamp_authority: StampAuthority):
    request = build_request(DATA)
    swapped = request.der.replace(request.digest, bytes(32))
    with pytest.raises(TimeStampError, match="another request"):
        check_answer(stamp_authority.answer(swapped), request)


def test_an_authority_that_nobody_named_is_not_believed(stamped, tmp_path):
    stranger = read_roots(make_authority(tmp_path).root.encode())
    with pytest.raises(TimeStampError, match="does not hold"):
        verify(stamped, DATA, stranger)
    with pytest.raises(TimeStampError, match="no authority's root"):
        verify(stamped, DATA, [])


def test_every_changed_byte_of_a_stamp_is_noticed(stamped, roots):
    for place in range(0, len(stamped), 7):
        changed = bytearray(stamped)
        changed[place] ^= 1
        try:
            found = verify(bytes(changed), DATA, roots)
        except TimeStampError:
            continue
        # A few bytes are under no signature, such as the status: then nothing that we say changes.
        assert found == verify(stamped, DATA, roots)


@pytest.mark.parametrize("data", [b"", b"hello", bytes(100), b"\x30\x80"])
def test_what_is_no_time_stamp_is_refused(data, roots):
    with pytest.raises(TimeStampError):
        verify(data, DATA, roots)


def test_an_authority_that_refuses_is_told_apart(stamp_authority: StampAuthority):
    sha256, sha384 = (bytes.fromhex("60864801650304020" + last) for last in "12")
    refused = stamp_authority.answer(build_request(DATA).der.replace(sha256, sha384))
    with pytest.raises(TimeStampRefused, match="refused"):
        check_answer(refused, build_request(DATA))


@pytest.mark.parametrize(
    ("path", "match"),
    [
        ("broken", "503"),
        ("elsewhere", "302"),
        ("big", "more than"),
    ],
)
def test_a_server_that_gives_no_answer_may_later(clock: Clock, path, match):
    with pytest.raises(TimeStampRefused, match=match):
        stamp(DATA, clock.url + path)


def test_a_server_that_answers_something_else_is_no_authority(clock: Clock):
    with pytest.raises(TimeStampError, match="no time stamp"):
        stamp(DATA, f"{clock.url}hello")


def test_nobody_there_may_be_there_later():
    with pytest.raises(TimeStampRefused, match="could not be reached"):
        stamp(DATA, "http://127.0.0.1:9/", timeout=2)


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://example.com/", "", "example.com", "http://", "http://[x"]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(TimeStampError):
        send(build_request(DATA), url)


def test_nothing_and_no_certificates_are_refused():
    with pytest.raises(TimeStampError, match="nothing to stamp"):
        build_request(b"")
    with pytest.raises(TimeStampError, match="no certificates"):
        read_roots(b"hello")
