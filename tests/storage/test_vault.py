"""The vault: bytes by digest, whole or not at all."""

import os
from pathlib import Path

import pytest

from provenance.errors import LedgerDamaged, NotRecorded, OutputError
from provenance.statement.canonical import Digest
from provenance.storage.vault import INCOMING, Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def test_what_is_put_comes_back_byte_for_byte(vault: Vault):
    for data in (b"", b"ink", bytes(range(256)) * 1000):
        digest = vault.put(data)
        assert digest == Digest.of(data)
        assert digest in vault
        assert vault.get(digest) == data


def test_the_same_bytes_are_stored_once(vault: Vault):
    vault.put(b"ink")
    before = vault.path(Digest.of(b"ink")).stat().st_ino
    vault.put(b"ink")
    assert vault.path(Digest.of(b"ink")).stat().st_ino == before
    assert list(vault.digests()) == [Digest.of(b"ink")]


def test_only_the_owner_can_read(vault: Vault):
    path = vault.path(vault.put(b"ink"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert vault.folder.stat().st_mode & 0o777 == 0o700


def test_an_absent_file_is_not_recorded(vault: Vault):
    assert Digest.of(b"ink") not in vault
    assert list(vault.digests()) == []
    with pytest.raises(NotRecorded):
        vault.get(Digest.of(b"ink"))


def test_a_damaged_file_is_refused_found_by_check_and_repaired_by_put(vault: Vault):
    good, bad = vault.put(b"good"), vault.put(b"bad!")
    vault.path(bad).write_bytes(b"bad?")
    with pytest.raises(LedgerDamaged):
        vault.get(bad)
    assert dict(vault.check()) == {good: True, bad: False}
    vault.put(b"bad!")
    assert dict(vault.check()) == {good: True, bad: True}


def test_a_torn_file_is_found(vault: Vault):
    torn = vault.put(b"a picture" * 1000)
    vault.path(torn).write_bytes((b"a picture" * 1000)[:4096])
    assert list(vault.check()) == [(torn, False)]


def test_foreign_names_in_the_folder_are_passed_over(vault: Vault):
    digest = vault.put(b"ink")
    (vault.folder / ".DS_Store").write_bytes(b"x")
    (vault.folder / "zz").mkdir()
    (vault.path(digest).parent / "notes.txt").write_bytes(b"x")
    assert list(vault.digests()) == [digest]


def test_what_is_discarded_is_gone(vault: Vault):
    digest = vault.put(b"ink")
    vault.discard(digest)
    vault.discard(digest)
    assert digest not in vault


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "taken").write_bytes(b"a file")
    with pytest.raises(OutputError):
        Vault(tmp_path / "taken").put(b"ink")


def test_abandoned_temporary_files_are_swept_and_fresh_ones_left(vault: Vault):
    vault.put(b"ink")
    old, fresh = vault.folder / INCOMING / "old", vault.folder / INCOMING / "fresh"
    old.write_bytes(b"x")
    fresh.write_bytes(b"x")
    os.utime(old, (0, 0))
    assert vault.sweep() == 1
    assert fresh.exists()
    assert not old.exists()
