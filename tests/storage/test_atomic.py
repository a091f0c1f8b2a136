"""A file is there whole or not at all: also while it is written, where the disk is full, and where two write one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from full_disk import full_after

from provenance.errors import OutputError
from provenance.storage.atomic import save, save_new, saving, write_new


def test_a_new_file_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "receipt"

    def pieces() -> Iterator[bytes]:
        yield b"half of it, "
        assert not path.exists()  # a kill here leaves nothing that would be taken for a proof
        yield b"and the rest"

    write_new(path, pieces())
    assert path.read_bytes() == b"half of it, and the rest"
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_new_file_never_takes_the_place_of_one_that_came_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "receipt"

    def pieces() -> Iterator[bytes]:
        yield b"ours"
        path.write_bytes(b"theirs")

    with pytest.raises(OutputError, match="exists already"):
        write_new(path, pieces())
    assert path.read_bytes() == b"theirs" and [each.name for each in tmp_path.iterdir()] == ["receipt"]
    with pytest.raises(OutputError, match="exists already"):
        save_new(path, "again")


def test_a_full_disk_leaves_what_was_there_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "report"
    save(path, b"as it was")
    for write in (lambda: save(path, bytes(9_000)), lambda: write_new(tmp_path / "new", [bytes(9_000)])):
        with full_after(100), pytest.raises(OutputError, match="could not be written"):
            write()
    assert path.read_bytes() == b"as it was" and [each.name for each in tmp_path.iterdir()] == ["report"]


def test_a_file_that_a_library_writes_is_put_in_place_only_where_it_came_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "report"
    with pytest.raises(KeyError), saving(path) as part:
        part.write_bytes(b"half")
        raise KeyError
    assert [*tmp_path.iterdir()] == []
    with saving(path) as part:
        part.write_bytes(b"whole")
    assert path.read_bytes() == b"whole"
