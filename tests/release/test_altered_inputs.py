"""An input whose credentials do not hold is told before anything is signed over it, and stands in what is signed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from credential_samples import edited, file, paint, png_chunk, record, repainted

from provenance.commands.inspect import inspect_command
from provenance.commands.record import record_command, retouch_command
from provenance.credentials.identity.identity import open_identity
from provenance.settings import Settings


def changed_pixels(data: bytes) -> bytes:
    return repainted(data)


def changed_credit(data: bytes) -> bytes:
    return edited(data, b"Mori Aoi", b"Maru Aoi", 2)


def changed_history(data: bytes) -> bytes:
    return edited(data, b"Mori Aoi", b"Maru Aoi")


def with_text(data: bytes) -> bytes:
    return data[:33] + png_chunk(b"tEXt", b"Comment\0added later") + data[33:]


WAYS = [changed_pixels, changed_credit, changed_history, with_text]


@pytest.fixture
def painted(settings: Settings) -> bytes:
    ours = open_identity(settings)
    return paint(record(file(), identity=ours).data, file(seed=3), identity=ours).data


def retouch(settings: Settings, folder: Path, parent: bytes, *words: str) -> Result:
    (folder / "parent.png").write_bytes(parent)
    (folder / "edited.png").write_bytes(file(seed=12))
    call = [str(folder / "parent.png"), str(folder / "edited.png"), "--by", "retouch: Tanaka Yui"]
    return CliRunner().invoke(retouch_command, [*call, "-o", str(folder / "out.png"), *words], obj=settings)


def words_of(result: Result) -> str:
    return " ".join((result.output + result.stderr).split())


@pytest.mark.parametrize("way", WAYS)
def test_a_rehearsal_says_that_the_parent_was_altered(
    way: object, settings: Settings, painted: bytes, tmp_path: Path
) -> None:
    done = retouch(settings, tmp_path, way(painted), "--dry-run")  # type: ignore[operator]
    assert done.exit_code == 0, words_of(done)
    assert "the parent picture, or something in its history, was changed after it was signed" in words_of(
        done
    )


@pytest.mark.parametrize("way", WAYS)
def test_a_retouch_says_it_and_keeps_it_in_file_and_record(
    way: object, settings: Settings, painted: bytes, tmp_path: Path
) -> None:
    done = retouch(settings, tmp_path, way(painted))  # type: ignore[operator]
    assert done.exit_code == 0, words_of(done)
    assert "the parent picture, or something in its history, was changed after it was signed" in words_of(
        done
    )
    read = CliRunner().invoke(inspect_command, [str(tmp_path / "out.png"), "--json"], obj=settings)
    told = json.loads(read.output)
    assert (told["verdict"], told["exit_code"]) == ("altered", 1)
    assert "was changed after it was signed" in str(told["steps"][-1]["stated"]["settings"]["held_against"])
    assert "was changed after it was signed" in json.dumps(told["record"])


def test_nothing_is_said_of_a_parent_that_holds(settings: Settings, painted: bytes, tmp_path: Path) -> None:
    done = retouch(settings, tmp_path, painted)
    assert done.exit_code == 0 and "was changed after" not in words_of(done)


def test_credentials_that_cannot_be_read_are_told_as_that(
    settings: Settings, painted: bytes, tmp_path: Path
) -> None:
    from credential_samples import with_good_checksums

    at = painted.index(b"caBX") + 30
    broken = with_good_checksums(painted[:at] + b"\xff\xff\xff" + painted[at + 3 :])
    done = retouch(settings, tmp_path, broken, "--dry-run")
    assert "the credentials of the parent picture could not be checked" in words_of(done)


def test_a_reference_and_a_recorded_file_are_looked_at_in_the_same_way(
    settings: Settings, painted: bytes, tmp_path: Path
) -> None:
    (tmp_path / "changed.png").write_bytes(changed_pixels(painted))
    (tmp_path / "plain.png").write_bytes(file(seed=30))
    common = ["--source", "digitalCreation", "--by", "layout: Mori Aoi", "--dry-run"]
    call = [str(tmp_path / "plain.png"), "--reference", str(tmp_path / "changed.png"), *common]
    done = CliRunner().invoke(record_command, [*call, "-o", str(tmp_path / "a.png")], obj=settings)
    assert "the reference picture, or something in its history, was changed" in words_of(done)
    call = [str(tmp_path / "changed.png"), *common, "-o", str(tmp_path / "b.png")]
    done = CliRunner().invoke(record_command, call, obj=settings)
    assert "the original picture, or something in its history, was changed" in words_of(done)
