"""Files, folders and archives become items; no name in them reaches the disk, no size is believed."""

import contextlib
import os
import random
import zipfile

import pytest

from provenance.audit import archives, delivery
from provenance.audit.delivery import survey
from provenance.errors import PictureError

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
LIMIT = 10_000


def loaded(item):
    found = item.load(LIMIT)
    return found if isinstance(found, bytes) else found.read_bytes()


def refusal(item):
    with pytest.raises(PictureError) as caught:
        item.load(LIMIT)
    return str(caught.value)


def zipped(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_folder_gives_its_pictures_in_a_settled_order_and_names_the_rest(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("b/2.png", "b/1.PNG", "a.jpg", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    found = survey([tmp_path])
    assert [item.name.removeprefix(f"{tmp_path.name}/") for item in found.items] == [
        "a.jpg",
        "b/1.PNG",
        "b/2.png",
    ]
    assert [(each.name, each.why) for each in found.left_out] == [
        (f"{tmp_path.name}/notes.txt", "not a picture")
    ]


def test_a_picture_without_an_ending_is_found_by_its_first_bytes(tmp_path):
    (tmp_path / "scan").write_bytes(PNG)
    zipped(tmp_path / "d.zip", scan=PNG, notes=b"hello")
    assert [item.name.rsplit("/", 1)[-1] for item in survey([tmp_path]).items] == ["scan", "scan"]


def test_a_format_that_we_cannot_read_is_told_not_left_out(tmp_path):
    (tmp_path / "layers.psd").write_bytes(b"8BPS")
    assert len(survey([tmp_path]).items) == 1


def test_a_path_that_was_named_is_always_an_item(tmp_path):
    (tmp_path / "odd.bin").write_bytes(b"x")
    found = survey([tmp_path / "odd.bin", tmp_path / "gone.png"])
    assert loaded(found.items[0]) == b"x"
    assert "there is no such file" in refusal(found.items[1])


def test_links_and_pipes_in_a_folder_are_told_and_not_followed(tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"secret")
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / "link.png").symlink_to(secret)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe.png")
    assert [refusal(item) for item in survey([folder]).items] == [
        "it is a link to a folder, and links are not followed",
        "it is a link, and links are not followed",
        "it is no plain file",
    ]


def test_members_of_an_archive_are_read_into_memory_whatever_their_names(tmp_path):
    names = ["../../evil.png", "/etc/evil.png", "C:\\evil.png", "背景/一.png", "a\x1b[2J.png"]
    path = zipped(tmp_path / "d.zip", **{name: name.encode() for name in names})
    before = sorted(tmp_path.rglob("*"))
    items = survey([path]).items
    assert [loaded(item) for item in items] == [name.encode() for name in names]
    assert all(item.name.startswith("d.zip/") for item in items)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bomb_is_stopped_by_what_comes_out_of_it(tmp_path):
    [item] = survey([zipped(tmp_path / "bomb.zip", **{"a.png": b"\0" * 5_000_000})]).items
    assert "more than the 10,000 bytes" in refusal(item)


def test_a_size_that_lies_is_not_believed(tmp_path):
    path = zipped(tmp_path / "lie.zip", **{"a.png": b"\0" * 50_000})
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    [item] = survey([path]).items
    with contextlib.suppress(PictureError):
        assert len(loaded(item)) <= LIMIT


def test_an_archive_that_unpacks_to_too_much_is_read_up_to_there(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 15_000)
    items = survey([zipped(tmp_path / "d.zip", **{f"{n}.png": b"\0" * 9_000 for n in range(4)})]).items
    assert len(loaded(items[0])) == 9_000
    for each in items[1:]:  # the second is no broken picture of 6,000 bytes
        assert "unpacks to more than 15,000 bytes" in refusal(each)


def test_an_archive_of_too_many_files_says_how_many_were_not_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    items = survey([zipped(tmp_path / "d.zip", **{f"{n}.png": b"" for n in range(5)})]).items
    assert len(items) == 4 and refusal(items[3]).startswith("2 of its files were not looked at")


def test_an_archive_within_an_archive_an_encrypted_and_an_odd_one_are_told(tmp_path):
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inner.zip", b"PK")
        archive.writestr("a.png", b"x", zipfile.ZIP_LZMA)
        archive.writestr("b.png", b"x")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    inner, odd, locked = (refusal(item) for item in survey([path]).items)
    assert "within an archive" in inner and "compression" in odd and "encrypted" in locked


DAMAGED_THERE = "it could not be unpacked: the archive is damaged there; have it packed and sent again"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\0" * 1000])
def test_a_broken_archive_is_one_item_with_its_reason(tmp_path, data):
    path = tmp_path / "broken.zip"
    path.write_bytes(data)
    for item in survey([path]).items:
        assert "could not be opened" in refusal(item)


def test_a_member_whose_checksum_is_wrong_is_told(tmp_path):
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.png", b"hello hello")
    path.write_bytes(path.read_bytes().replace(b"hello hello", b"hello jello"))
    [item] = survey([path]).items
    assert refusal(item) == DAMAGED_THERE


@pytest.mark.parametrize("at", [60, 200])
def test_why_a_member_could_not_be_unpacked_is_told_in_words(tmp_path, at):
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", random.Random(3).randbytes(300) * 3)
    data = bytearray(path.read_bytes())
    data[at : at + 20] = b"\xff" * 20
    path.write_bytes(data)
    [item] = survey([path]).items
    assert refusal(item) == DAMAGED_THERE


def test_each_file_that_is_found_is_heard_of(tmp_path):
    for name in ("a.png", "b.txt", "c/d.png"):
        path = tmp_path / "given" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    heard = []
    found = survey([tmp_path / "given"], on_found=lambda: heard.append(1))
    assert len(heard) == len(found.items) + len(found.left_out) == 3


def test_an_archive_that_is_replaced_while_it_is_listed_is_looked_at_anew_the_next_time(
    tmp_path, monkeypatch
):
    path, listed = tmp_path / "a.zip", delivery.list_archive

    def packed(name):
        with zipfile.ZipFile(tmp_path / "new", "w") as archive:
            archive.writestr(name, b"\x89PNG\r\n\x1a\n")
        (tmp_path / "new").replace(path)

    def replaced(*given):
        found = listed(*given)
        packed("b.png")
        return found

    packed("a.png")
    monkeypatch.setattr(delivery, "list_archive", replaced)
    (before,) = survey([path]).items
    monkeypatch.undo()
    (after,) = survey([path]).items
    assert [before.name, after.name] == ["a.zip/a.png", "a.zip/b.png"]
    assert before.stamp.rpartition(" ")[0] != after.stamp.rpartition(" ")[0]


def test_a_file_that_was_replaced_under_its_old_size_and_date_has_another_stamp(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"as it was")
    (before,), stat = survey([path]).items, path.stat()
    path.write_bytes(b"replaced!")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    (after,) = survey([path]).items
    assert before.stamp != after.stamp
