"""With keys over first rows an audit decodes fewer files, and every row is the same as without them."""

import json
import shutil
import sqlite3
import zlib
from pathlib import Path

import pytest
from click.testing import CliRunner
from delivery_samples import deliver, encoded, scene
from PIL import Image

from generation.cli import genzu
from provenance.ledger.sizes import sizes_in
from provenance.lookup.rows_file import keys_of, note_keys
from provenance.media.containers.png import chunk, chunks
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.canonical import Digest


def said(home: Path, *words: object) -> str:
    done = CliRunner().invoke(genzu, ["--home", str(home), *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.output


def rows(home: Path, folder: Path, name: str) -> list[dict[str, object]]:
    out = folder.parent / name
    said(home, "audit", folder, "--report", out, "--no-look-up", "--jobs", "1")
    found: list[dict[str, object]] = json.loads(out.read_text("utf-8"))["rows"]
    # A digest of pixels stands in a row where the answer needed it.
    return [{name: value for name, value in each.items() if name != "pixels"} for each in found]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive, and a delivery of more than 100 files of which most have a recorded picture's size."""
    place = tmp_path_factory.mktemp("rows")
    folder = place / "delivery"
    with open_archive(Settings(home=place / "home")) as archive:
        deliver(archive, folder, place / "work", 4)
    for number in range(90):
        (folder / f"plain-{number}.png").write_bytes(encoded(scene(9_000 + number % 9)))
    with Image.open(next(folder.rglob("*final*.png"))) as final:
        again = final.convert("RGB")
    (folder / "saved-again.png").write_bytes(encoded(again, "PNG", compress_level=1))
    again.putpixel((3, 100), (1, 2, 3))
    (folder / "changed-below.png").write_bytes(encoded(again))
    # Broken below the first rows, with checksums that are right.
    (folder / "broken-below.png").write_bytes(_broken_below(encoded(scene(4_242))))
    return place


@pytest.fixture(scope="module")
def both_ways(studio: Path) -> tuple[dict[str, dict[str, object]], ...]:
    """The rows of the delivery by name, with the keys and without."""
    keys = studio / "home" / "first-rows.sqlite3"
    with_keys = rows(studio / "home", studio / "delivery", "with.json")
    keys.rename(studio / "aside")
    keys.mkdir()  # so that the audit cannot make them either
    without = rows(studio / "home", studio / "delivery", "without.json")
    keys.rmdir()
    (studio / "aside").rename(keys)
    return tuple({str(each["path"]): each for each in found} for found in (with_keys, without))


def test_every_row_of_a_mixed_delivery_is_the_same_with_and_without_the_keys(both_ways):
    with_keys, without = (dict(each) for each in both_ways)
    for each in (with_keys, without):
        del each["delivery/broken-below.png"]
    assert len(with_keys) > 100 and with_keys == without
    assert with_keys["delivery/saved-again.png"]["record"] is not None
    assert with_keys["delivery/changed-below.png"]["record"] is None


def test_a_file_that_begins_otherwise_is_not_decoded(both_ways):
    """Decoding it would say that it is damaged."""
    with_keys, without = (each["delivery/broken-below.png"] for each in both_ways)
    assert with_keys["classification"] == "unknown" and "Its pixels were not read" not in str(with_keys)
    assert "damaged or cut off" in str(without)


def test_a_released_picture_has_its_key_at_once(studio):
    path = studio / "home" / "first-rows.sqlite3"
    with open_archive(Settings(home=studio / "home")) as archive:
        assert sizes_in([archive.ledger], lambda wanted: keys_of(path, wanted)).keys[320, 180] is not None
        assert sizes_in([archive.ledger]).keys[320, 180] is None


def _broken_below(data: bytes) -> bytes:
    out = data[:8]
    for each in chunks(data):
        content = data[each.start : each.end]
        if each.kind == b"IDAT":
            plain, packer = zlib.decompress(content), zlib.compressobj()
            begun = packer.compress(plain[: len(plain) // 2]) + packer.flush(zlib.Z_FULL_FLUSH)
            content = begun + b"\x07" * 64  # no kind of block
        out += chunk(each.kind, content)
    return out


def test_keys_that_are_missing_are_counted_and_made_again_from_the_vault(studio):
    home = studio / "home"
    path = home / "first-rows.sqlite3"
    kept = path.read_bytes()
    held = dict(sqlite3.connect(path).execute("SELECT pixels, key FROM rows"))
    path.unlink()
    assert json.loads(said(home, "index", "status", "--json"))["without_key"] > 0
    assert "without a key over the first rows" in " ".join(said(home, "index", "status").split())
    assert "got a key over the first rows of pixels" in said(home, "index", "build")
    assert dict(sqlite3.connect(path).execute("SELECT pixels, key FROM rows")) == held
    assert json.loads(said(home, "index", "status", "--json"))["without_key"] == 0
    assert "without a key" not in said(home, "index", "status")
    path.write_bytes(kept)


def test_an_audit_of_many_files_on_the_page_makes_them_too(studio):
    pytest.importorskip("gradio", reason="the page is the extra app")
    from provenance.tabs.audit import read_delivery

    path = studio / "home" / "first-rows.sqlite3"
    kept = path.read_bytes()
    held = dict(sqlite3.connect(path).execute("SELECT pixels, key FROM rows"))
    path.unlink()
    copies = studio / "uploaded"
    shutil.copytree(studio / "delivery", copies)
    files = [str(each) for each in sorted(copies.rglob("*")) if each.is_file()]
    with open_archive(Settings(home=studio / "home")) as archive:
        *_, (table, *_) = read_delivery(archive, files, whole_folder=True)
    assert "saved-again.png" in table
    assert dict(sqlite3.connect(path).execute("SELECT pixels, key FROM rows")) == held
    path.write_bytes(kept)


def test_an_audit_of_many_files_makes_the_keys_that_are_missing(studio):
    path = studio / "home" / "first-rows.sqlite3"
    kept = path.read_bytes()
    held = dict(sqlite3.connect(path).execute("SELECT pixels, key FROM rows"))
    path.unlink()
    found = rows(studio / "home", studio / "delivery", "made.json")
    assert dict(sqlite3.connect(path).execute("SELECT pixels, key FROM rows")) == held
    below = next(each for each in found if each["path"] == "delivery/broken-below.png")
    assert "Its pixels were not read" not in str(below)
    path.write_bytes(kept)


def test_a_row_that_was_damaged_counts_as_missing_and_so_does_a_file_that_is_none(tmp_path):
    path, one, two = tmp_path / "rows", Digest.of(b"one").value, Digest.of(b"two").value
    note_keys(path, {one: 1, two: 2**64 - 1})
    assert keys_of(path, [one, two, Digest.of(b"three").value]) == {one: 1, two: 2**64 - 1}
    with sqlite3.connect(path) as file:
        file.execute("UPDATE rows SET key = x'0000000000000005' WHERE pixels = ?", (one,))
    assert keys_of(path, [one, two]) == {two: 2**64 - 1}
    with sqlite3.connect(path) as file:
        file.execute("UPDATE rows SET key = 'text' WHERE pixels = ?", (two,))
    assert keys_of(path, [one, two]) == {}
    path.write_bytes(b"no database" * 100)
    assert keys_of(path, [one, two]) == {}


def test_a_picture_taken_in_as_a_claim_has_its_key_too(tmp_path):
    home, path = tmp_path / "home", tmp_path / "old.png"
    path.write_bytes(encoded(scene(77, (200, 120))))
    said(home, "init")
    said(home, "import", path)
    with open_archive(Settings(home=home)) as archive:
        ask = lambda wanted: keys_of(home / "first-rows.sqlite3", wanted)  # noqa: E731
        assert sizes_in([archive.ledger], ask).keys[200, 120] is not None
