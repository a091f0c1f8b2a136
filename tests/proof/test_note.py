"""Signed notes: the published examples, and what is refused."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.errors import NoteError
from provenance.proof.note import Note, Signature, SigningKey, VerifyKey, sign

# From c2sp.org/signed-note.
C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
# From golang.org/x/mod/sumdb/note, where the format began.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_LINE = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
KEY = SigningKey("genzu.example", bytes(range(32)))

names = st.text(string.ascii_letters + string.digits + "./-_原図", min_size=1, max_size=20)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=80).map(
    lambda text: text + "\n"
)


def test_the_example_of_the_specification_verifies():
    key = VerifyKey.parse(C2SP_KEY)
    assert str(key) == C2SP_KEY
    assert Note.parse(C2SP_NOTE).verify(key) == (key,)


def test_signing_gives_the_bytes_of_the_go_implementation():
    key = SigningKey.from_text(PETER_SECRET)
    assert str(key.verify_key) == PETER
    assert key.to_text() == PETER_SECRET
    assert str(sign(TEXT, key)) == f"{TEXT}\n{PETER_LINE}"


def test_two_signatures_are_told_apart_and_unknown_ones_passed_over():
    note = Note.parse(f"{TEXT}\n{PETER_LINE}{ENOCH_LINE}")
    peter, enoch = VerifyKey.parse(PETER), VerifyKey.parse(ENOCH)
    assert note.verify(peter, enoch) == (peter, enoch)
    assert note.verify(enoch) == (enoch,)
    with pytest.raises(NoteError, match=r"known is genzu\.example"):
        note.verify(KEY.verify_key)
    with pytest.raises(NoteError, match="known is no key"):
        note.verify()


def test_one_bad_signature_of_a_known_key_refuses_the_whole_note():
    good, bad = KEY.sign("text\n"), KEY.sign("other\n")
    with pytest.raises(NoteError, match="does not hold"):
        Note("text\n", (good, bad)).verify(KEY.verify_key)


def test_a_key_of_the_same_name_does_not_pass_for_the_other():
    other = SigningKey("genzu.example", bytes(32))
    with pytest.raises(NoteError, match="known is"):
        sign("text\n", other).verify(KEY.verify_key)


@pytest.mark.parametrize("text", [C2SP_KEY, PETER])
def test_no_part_and_no_neighbour_of_a_key_is_a_key(text):
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            if (start, end) != (0, len(text)):
                with pytest.raises(NoteError):
                    VerifyKey.parse(text[start:end])
    for place, each in enumerate(text):
        with pytest.raises(NoteError):
            VerifyKey.parse(text[:place] + chr(ord(each) + 1) + text[place + 1 :])


def test_no_neighbour_of_a_secret_is_a_secret_and_the_error_does_not_show_it():
    for place, each in enumerate(PETER_SECRET):
        with pytest.raises(NoteError) as caught:
            SigningKey.from_text(PETER_SECRET[:place] + chr(ord(each) + 1) + PETER_SECRET[place + 1 :])
        assert "FALVFGyNhPJEMzD1QIDr" not in str(caught.value)
    assert "seed" not in repr(KEY)


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",  # too long
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",  # another algorithm
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        PETER + "\n",
        "",
    ],
)
def test_a_malformed_key_is_refused(text):
    with pytest.raises(NoteError):
        VerifyKey.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}\n{PETER_LINE[:-1]}",
        f"\x01{TEXT}\n{PETER_LINE}",
        f"{TEXT}\n{PETER_LINE}".replace("\n", "\r\n"),
        f"{TEXT}\n— Bad Name x08go/ZJkuBS9UG/SffcvIAQxVBt\n",
        f"{TEXT}\n— Bad+Name x08go/ZJkuBS9UG/SffcvIAQxVBt\n",
        f"{TEXT}\n{PETER_LINE}Unexpected line.\n",
        f"{TEXT}\n{PETER_LINE.replace('=', '')}",
        f"{TEXT}\n{PETER_LINE.replace('—', '-')}",
        f"{TEXT}\n{PETER_LINE.replace(' ', '  ')}",
        f"{TEXT}\n{PETER_LINE * 101}",
        f"\udc80{TEXT}\n{PETER_LINE}",
        f"{TEXT}\n— PeterNeumann AAAA\n",
        f"{TEXT}\n— PeterNeumann AAAAAA==\n",
    ],
)
def test_a_malformed_note_is_refused(text):
    with pytest.raises(NoteError):
        Note.parse(text)


@pytest.mark.parametrize("data", ["AAAAAAA", "AAAAAAF=", "AAAA AAA=", "AAAAAA_=", "AAAAAAA=\n"])
def test_base64_has_one_form(data):
    with pytest.raises(NoteError):
        Signature.parse(f"— example.com {data}")


def test_a_hundred_signatures_are_read():
    assert len(Note.parse(f"{TEXT}\n{PETER_LINE * 100}").signatures) == 100


@given(names, st.binary(min_size=32, max_size=32))
def test_keys_survive_their_text_form(name, seed):
    key = SigningKey(name, seed)
    assert SigningKey.from_text(key.to_text()) == key
    assert VerifyKey.parse(str(key.verify_key)) == key.verify_key


@given(
    texts, st.lists(st.tuples(names, st.binary(min_size=4, max_size=4), st.binary(min_size=1)), max_size=3)
)
def test_notes_survive_their_text_form(text, others):
    note = Note(text, (KEY.sign(text), *(Signature(*each) for each in others)))
    assert Note.parse(str(note)) == note
    assert KEY.verify_key in note.verify(KEY.verify_key)


@given(texts, st.data())
def test_a_changed_character_never_verifies(text, data):
    whole = str(sign(text, KEY))
    place = data.draw(st.integers(0, len(whole) - 1))
    new = data.draw(st.characters(exclude_categories=["Cs"]).filter(lambda each: each != whole[place]))
    with pytest.raises(NoteError):
        Note.parse(whole[:place] + new + whole[place + 1 :]).verify(KEY.verify_key)
