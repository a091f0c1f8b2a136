"""Whatever is delivered is looked at or named with the reason: nothing loses a picture in silence."""

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest
from conftest import draw_house

from provenance.audit import archives
from provenance.audit.archive_names import apart, readable
from provenance.audit.delivery import Survey, survey
from provenance.errors import PictureError
from provenance.media.picture import encode

PICTURE = encode(draw_house(), "image/png")
LIMIT = 1_000_000


def names(found: Survey) -> list[str]:
    return [item.name for item in found.items]


def refusals(found: Survey) -> dict[str, str]:
    """Name and reason of each item that cannot be looked at."""
    told = {}
    for item in found.items:
        try:
            item.load(LIMIT)
        except PictureError as error:
            told[item.name] = str(error)
    return told


def left_out(found: Survey) -> dict[str, str]:
    return {each.name: each.why for each in found.left_out}


def zip_of(path: Path, members: list[tuple[bytes, bytes]], *, flag: int = 0, extra: bytes = b"") -> Path:
    """A zip, byte by byte: zipfile itself writes no name that is not ASCII or UTF-8."""
    body, directory = b"", b""
    for name, data in members:
        checksum = zlib.crc32(data)
        common = struct.pack(
            "<HHHHHIIIHH", 20, flag, 0, 0, 33, checksum, len(data), len(data), len(name), len(extra)
        )
        directory += (
            b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body))
        )
        directory += name + extra
        body += b"PK\x03\x04" + common + name + extra + data
    end = struct.pack("<HHHHIIH", 0, 0, len(members), len(members), len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\x05\x06" + end)
    return path


def tar_bytes(*members: tuple[str, bytes], encoding: str = "utf-8") -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", encoding=encoding, format=tarfile.GNU_FORMAT) as tar:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return target.getvalue()


# -- names


@pytest.mark.parametrize(
    ("encoding", "given"),
    [
        ("cp932", ["背景/c001_表.png", "背景/ソラ能_c002.png", "原図/構図.jpg"]),
        ("cp932", ["十.png", "予約.png"]),
        ("cp932", ["カット12_ＢＧ遠景①.png"]),
        ("cp949", ["배경/컷001.png", "하늘.jpg"]),
        ("gb18030", ["天空_房子.png", "镜头/夜景.png"]),
        ("big5", ["背景/鏡頭001.png", "功能.png"]),
        ("cp437", ["café.png", "Grün.png"]),
        ("utf-8", ["背景/表.png", "배경.png", "café.png"]),
    ],
)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_names_of_any_old_writing_are_readable_and_none_is_lost(
    tmp_path: Path, encoding: str, given: list[str], kind: str
) -> None:
    if kind == "zip":
        path = zip_of(tmp_path / "d.zip", [(name.encode(encoding), PICTURE) for name in given])
    else:
        path = tmp_path / "d.tar"
        path.write_bytes(tar_bytes(*((name, PICTURE) for name in given), encoding=encoding))
    found = survey([path])
    assert names(found) == [f"{path.name}/{name}" for name in given]
    assert [item.load(LIMIT) for item in found.items] == [PICTURE] * len(given)


def test_the_unicode_field_of_a_zip_says_the_name(tmp_path: Path) -> None:
    plain, true = b"kirei_001.png", "綺麗 001.png".encode()
    field = b"\x01" + struct.pack("<I", zlib.crc32(plain)) + true
    path = zip_of(
        tmp_path / "d.zip", [(plain, PICTURE)], extra=struct.pack("<HH", 0x7075, len(field)) + field
    )
    assert names(survey([path])) == ["d.zip/綺麗 001.png"]


def test_a_unicode_field_of_another_name_is_not_believed(tmp_path: Path) -> None:
    field = b"\x01" + struct.pack("<I", 7) + b"other.txt"
    path = zip_of(
        tmp_path / "d.zip", [(b"c1.png", PICTURE)], extra=struct.pack("<HH", 0x7075, len(field)) + field
    )
    assert names(survey([path])) == ["d.zip/c1.png"]


@pytest.mark.parametrize(
    "name", [b"\xff\xfe\xfd.png", b"\x81.png", b"\x00a.png", b"a\nb\x1b[2J.png", b"\xe2\x80\xae.png"]
)
def test_a_name_that_is_no_text_still_leads_to_its_picture(tmp_path: Path, name: bytes) -> None:
    [item] = survey([zip_of(tmp_path / "d.zip", [(name, PICTURE)])]).items
    assert item.load(LIMIT) == PICTURE


def test_equal_names_in_one_archive_stay_apart(tmp_path: Path) -> None:
    other = encode(draw_house((20, 20)), "image/png")
    path = zip_of(tmp_path / "d.zip", [(b"a.png", PICTURE), (b"a.png", other), (b"a.png (2)", PICTURE)])
    found = survey([path])
    assert len(set(names(found))) == 3
    assert [item.load(LIMIT) for item in found.items] == [PICTURE, other, PICTURE]


def test_files_of_one_name_in_two_places_stay_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "c1.png").write_bytes(PICTURE)
    assert names(survey([tmp_path / "a" / "c1.png", tmp_path / "b" / "c1.png"])) == ["c1.png", "c1.png (2)"]


def test_numbers_keep_any_names_apart() -> None:
    assert apart(["a", "a", "a (2)", "a"]) == ["a", "a (2)", "a (2) (2)", "a (3)"]


def test_decomposed_names_stay_as_they_are() -> None:
    name = unicodedata.normalize("NFD", "がぎぐ.png")
    assert readable([name.encode()]) == [name]


# -- tar


@pytest.mark.parametrize(
    ("ending", "pack"),
    [
        (".tar", bytes), (".tar.gz", gzip.compress), (".tgz", gzip.compress), (".tar.bz2", bz2.compress),
        (".tar.xz", lzma.compress),
    ],
)  # fmt: skip
def test_a_tar_of_any_packing_is_opened(tmp_path: Path, ending: str, pack: object) -> None:
    path = tmp_path / f"cuts{ending}"
    path.write_bytes(pack(tar_bytes(("a/1.png", PICTURE), ("notes.txt", b"x"), ("a/2.png", PICTURE))))  # type: ignore[operator]
    found = survey([tmp_path])
    assert [name.rsplit("/", 1)[-1] for name in names(found)] == ["1.png", "2.png"]
    assert [item.load(LIMIT) for item in found.items] == [PICTURE, PICTURE]
    assert [item.load(LIMIT) for item in reversed(found.items)] == [PICTURE, PICTURE]
    assert list(left_out(found).values()) == ["not a picture"]


def test_members_of_a_tar_never_reach_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "cuts.tar.gz"
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        for name in ("../../evil.png", "/etc/evil.png", "C:\\evil.png"):
            info = tarfile.TarInfo(name)
            info.size = len(PICTURE)
            tar.addfile(info, io.BytesIO(PICTURE))
        for kind, name in [
            (tarfile.SYMTYPE, "link.png"), (tarfile.LNKTYPE, "hard.png"),
            (tarfile.CHRTYPE, "device.png"), (tarfile.FIFOTYPE, "pipe.png"),
        ]:  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)
    path.write_bytes(target.getvalue())
    before = sorted(tmp_path.rglob("*"))
    found = survey([path])
    assert len(found.items) == 7
    assert set(refusals(found).values()) == {
        "it is a link, and links are not followed",
        "it is no plain file",
    }
    assert len(refusals(found)) == 4 and sorted(tmp_path.rglob("*")) == before


def test_a_bomb_in_a_tar_is_stopped_by_what_comes_out_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 3_000_000)
    path = tmp_path / "bomb.tar.gz"
    path.write_bytes(
        gzip.compress(tar_bytes(("a.png", PICTURE), ("b.png", bytes(9_000_000)), ("c.png", PICTURE)))
    )
    told = refusals(survey([path]))
    assert "more than the 1,000,000 bytes" in told["bomb.tar.gz/b.png"]
    assert "more than 3,000,000 bytes" in told["bomb.tar.gz"]


def test_a_header_that_claims_gigabytes_is_not_taken_into_memory(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.XHDTYPE, 2**33 - 1
    (tmp_path / "h.tar").write_bytes(header.tobuf(tarfile.USTAR_FORMAT) + bytes(100_000))
    [item] = survey([tmp_path]).items
    assert "h.tar" in item.name
    with pytest.raises(PictureError):
        item.load(LIMIT)


def test_an_xz_that_asks_for_gigabytes_of_memory_is_refused(tmp_path: Path) -> None:
    packed = lzma.compress(
        tar_bytes(("a.png", PICTURE)), filters=[{"id": lzma.FILTER_LZMA2, "preset": 9, "dict_size": 2**28}]
    )
    (tmp_path / "big.tar.xz").write_bytes(packed)
    [(name, why)] = refusals(survey([tmp_path])).items()
    assert name.endswith("big.tar.xz") and "could not be opened" in why


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_tar_that_is_cut_off_says_so(tmp_path: Path, pack: object, cut: float) -> None:
    noise = os.urandom(4000)
    whole = tar_bytes(*((f"{number}.png", PICTURE + noise) for number in range(6)))
    whole = pack(whole.rstrip(b"\0"))  # type: ignore[operator]
    (tmp_path / "cut.tar").write_bytes(whole[: int(len(whole) * cut)])
    assert any(name.endswith("cut.tar") for name in refusals(survey([tmp_path])))


def test_a_broken_header_in_the_middle_of_a_tar_is_no_end(tmp_path: Path) -> None:
    whole = bytearray(tar_bytes(("1.png", PICTURE), ("2.png", PICTURE), ("3.png", PICTURE)))
    at = whole.index(b"2.png")
    whole[at + 148 : at + 156] = b"99999999"  # its checksum
    (tmp_path / "d.tar").write_bytes(whole)
    found = survey([tmp_path / "d.tar"])
    assert "could not be read" in refusals(found)["d.tar"] and "d.tar/1.png" in names(found)


def test_what_stands_behind_the_end_of_a_tar_is_told(tmp_path: Path) -> None:
    (tmp_path / "d.tar").write_bytes(tar_bytes(("1.png", PICTURE)) + tar_bytes(("2.png", PICTURE)))
    assert "behind its end mark" in refusals(survey([tmp_path / "d.tar"]))["d.tar"]


# -- what is not looked at


@pytest.mark.parametrize(
    "name",
    [
        "cuts.7z", "cuts.rar", "cuts.lzh", "film.MOV", "film.mp4", "bg.xcf", "bg.clip", "bg.exr", "bg.dpx", "bg.sai2",
        "bg.mdp", "bg.procreate", "bg.psd", "bg.tga", "bg.ppm", "conte.pdf", "bg.kra", "bg.ora", "list.txt.gz",
        "bg.jxl",
    ],
)  # fmt: skip
def test_each_picture_film_and_archive_is_an_item_wherever_it_lies(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / name).write_bytes(b"\x01not really")
    with zipfile.ZipFile(folder / "z.zip", "w") as archive:
        archive.writestr(f"in/{name}", b"\x01not really")
    (folder / "t.tar").write_bytes(tar_bytes((f"in/{name}", b"\x01not really")))
    assert sorted(names(survey([folder]))) == sorted(
        [f"delivery/{name}", f"delivery/z.zip/in/{name}", f"delivery/t.tar/in/{name}"]
    )


@pytest.mark.parametrize(
    "head",
    [
        b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\0", b"\x20\x40-lh5-", b"gimp xcf v011", b"SDPX\0\0", b"8BPS\0\1",
        b"CSFCHUNK", b"RIFF\0\0\0\0AVI ", b"v/1\1\2\0",
        b"%PDF-1.7\n", b"\0\0\0\x20ftypisom", b"\0\0\0\x14ftypqt  ", b"\xff\x0a",
    ],
)  # fmt: skip
def test_a_file_without_an_ending_is_known_by_its_first_bytes(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "001").write_bytes(head + bytes(600))
    assert len(survey([tmp_path]).items) == 1


def test_hidden_pictures_are_named_and_what_macos_leaves_is_told_apart(tmp_path: Path) -> None:
    folder = tmp_path / "delivery"
    (folder / ".git").mkdir(parents=True)
    (folder / ".git" / "config").write_text("x")
    (folder / ".trash").mkdir()
    (folder / ".trash" / "old.png").write_bytes(PICTURE)
    (folder / ".c001.png").write_bytes(PICTURE)
    (folder / "._c001.png").write_bytes(b"\x00\x05\x16\x07" + bytes(100))
    (folder / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    found = survey([folder])
    assert {name: "hidden" in why for name, why in refusals(found).items()} == {
        "delivery/.trash": True,
        "delivery/.c001.png": True,
    }
    assert set(left_out(found)) == {"delivery/.git", "delivery/._c001.png", "delivery/.DS_Store"}


def test_hidden_members_of_an_archive_are_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr(".c1.png", PICTURE)
        archive.writestr("cut/.thumbs/c2.png", PICTURE)
        archive.writestr("__MACOSX/._c1.png", b"\x00\x05\x16\x07" + bytes(50))
        archive.writestr("../up.png", PICTURE)
        archive.writestr(r"..\down.png", PICTURE)
        archive.writestr(r"cut\.thumbs\c3.png", PICTURE)
    found = survey([tmp_path / "d.zip"])
    assert set(refusals(found)) == {"d.zip/.c1.png", "d.zip/cut/.thumbs/c2.png", r"d.zip/cut\.thumbs\c3.png"}
    assert {"d.zip/../up.png", r"d.zip/..\down.png"} <= set(names(found)) and list(left_out(found)) == [
        "d.zip/__MACOSX/._c1.png"
    ]


def test_a_hidden_folder_that_somebody_chose_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / ".cuts").mkdir()
    (tmp_path / ".cuts" / "a.png").write_bytes(PICTURE)
    found = survey([tmp_path / ".cuts"])
    assert names(found) == [".cuts/a.png"] and refusals(found) == {}


def test_links_in_zips_and_to_nowhere_are_named(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.png")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
    (tmp_path / "scan").symlink_to(tmp_path / "nowhere")
    (tmp_path / "notes.txt").symlink_to(tmp_path / "nowhere")
    found = survey([tmp_path])
    assert len(refusals(found)) == 3 and all("link" in why for why in refusals(found).values())
    assert list(left_out(found).values()) == ["it is a link, and links are not followed"]


def test_a_sound_or_text_is_an_item_where_it_seems_to_hold_credentials(tmp_path: Path) -> None:
    (tmp_path / "plain.wav").write_bytes(b"RIFF\0\0\0\0WAVE" + bytes(50))
    (tmp_path / "signed.wav").write_bytes(b"RIFF\0\0\0\0WAVE" + bytes(50) + b"jumbc2pa")
    (tmp_path / "list.docx").write_bytes(b"PK\x03\x04" + bytes(50))
    found = survey([tmp_path])
    assert [name.rsplit("/", 1)[-1] for name in names(found)] == ["signed.wav"]
    assert [each.why for each in found.left_out] == [
        "a document (Word), and no credentials in it",
        "a sound (WAV), and no credentials in it",
    ]


def test_credentials_whose_file_is_gone_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PICTURE)
    (tmp_path / "a.c2pa").write_bytes(b"x")
    (tmp_path / "lost.psd.c2pa").write_bytes(b"x")
    for name in ("b.png", "b.jpg", "b.c2pa", "c.png", "c.png.c2pa", "c.c2pa"):
        (tmp_path / name).write_bytes(b"x" if name.endswith("c2pa") else PICTURE)
    lost = ["b.c2pa", "c.c2pa", "lost.psd.c2pa"]
    assert [name.rsplit("/", 1)[-1] for name in left_out(survey([tmp_path]))] == lost
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        for path in sorted(tmp_path.glob("*.[pcj]*")):
            archive.write(path, f"in/{path.name}")
    found = survey([tmp_path / "d.zip"])
    assert [name.rsplit("/", 1)[-1] for name in left_out(found)] == lost
    beside = {item.name.rsplit("/", 1)[-1]: item.beside is not None for item in found.items}
    assert beside == {"a.png": True, "b.png": False, "b.jpg": False, "c.png": True}


def test_a_place_without_a_picture_is_an_item_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "words").mkdir()
    (tmp_path / "words" / "notes.txt").write_text("x")
    zip_of(tmp_path / "none.zip", [])
    for name in ("empty", "words", "none.zip"):
        assert refusals(survey([tmp_path / name])) == {name: "there is no picture in it"}


def test_an_archive_in_an_archive_is_named_by_its_bytes_too(tmp_path: Path) -> None:
    inner = zip_of(tmp_path / "inner", [(b"a.png", PICTURE)]).read_bytes()
    with zipfile.ZipFile(tmp_path / "d.zip", "w") as archive:
        archive.writestr("data.bin", inner)
        archive.writestr("more.tar.gz", gzip.compress(tar_bytes(("a.png", PICTURE))))
    assert set(refusals(survey([tmp_path / "d.zip"]))) == {"d.zip/data.bin", "d.zip/more.tar.gz"}


def test_an_archive_that_unpacks_itself_is_opened(tmp_path: Path) -> None:
    inner = zip_of(tmp_path / "inner.zip", [(b"a.png", PICTURE)]).read_bytes()
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "cuts.exe").write_bytes(b"MZ" + bytes(300) + inner)
    assert names(survey([tmp_path / "d"])) == ["d/cuts.exe/a.png"]


def test_a_zip64_archive_is_opened(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "d.zip", "w") as archive,
        archive.open("a.png", "w", force_zip64=True) as file,
    ):
        file.write(PICTURE)
    assert [item.load(LIMIT) for item in survey([tmp_path / "d.zip"]).items] == [PICTURE]
