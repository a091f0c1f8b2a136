"""LoRA adapters: found and credited by their own file, laid over a model, and on the record as works of their own."""

import json
import struct
from pathlib import Path

import pytest

from generation.errors import ModelChanged, ModelError, ModelMissing, UnsafeModel
from generation.works.adapter import Adapter, find_adapter


def safetensors(path: Path, **about: str) -> Path:
    head = {"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}, "__metadata__": about}
    text = json.dumps(head).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(4))
    return path


def test_an_adapter_says_who_made_it(tmp_path: Path) -> None:
    file = safetensors(tmp_path / "ink.safetensors", **{
        "modelspec.title": "Ink\nwash", "modelspec.author": "Mori Aoi", "modelspec.license": "CC BY 4.0",
    })  # fmt: skip
    found = find_adapter(f"{file}:0.5")
    assert (found.name, found.author, found.license, found.training, found.scale) == (
        "Ink wash", "Mori Aoi", "CC BY 4.0", "unknown", 0.5,
    )  # fmt: skip
    (tmp_path / "ink.json").write_text('{"author": "Kitsune", "training_statement": "her own drawings"}')
    found = find_adapter(str(file))
    assert (found.name, found.author, found.training, found.scale) == (
        "Ink wash", "Kitsune", "her own drawings", 1.0,
    )  # fmt: skip


def test_an_adapter_that_says_nothing_is_unknown(tmp_path: Path) -> None:
    found = find_adapter(str(safetensors(tmp_path / "ink.safetensors")))
    assert (found.name, found.author, found.license) == ("ink", "", "unknown")


@pytest.mark.parametrize("scale", ["0", "x", "nan", "inf", "99"])
def test_a_scale_that_is_none_is_refused(tmp_path: Path, scale: str) -> None:
    file = safetensors(tmp_path / "ink.safetensors")
    with pytest.raises(ModelError, match="with a scale"):
        find_adapter(f"{file}:{scale}")


@pytest.mark.parametrize("card", [b"", b"[1]", b"{", b'{"author": 7, "license": null}', b"[" * 100_000])
def test_an_odd_card_says_nothing(tmp_path: Path, card: bytes) -> None:
    file = safetensors(tmp_path / "ink.safetensors")
    (tmp_path / "ink.json").write_bytes(card)
    found: Adapter = find_adapter(str(file))
    assert (found.author, found.license) == ("", "unknown")


def test_what_is_no_safetensors_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        find_adapter(str(tmp_path / "none.safetensors"))
    (tmp_path / "old.ckpt").write_bytes(b"x")
    with pytest.raises(UnsafeModel):
        find_adapter(str(tmp_path / "old.ckpt"))
    (tmp_path / "pickle.safetensors").write_bytes(b"\x80\x04" + bytes(30))
    with pytest.raises(ModelError):
        find_adapter(str(tmp_path / "pickle.safetensors"))


def test_an_adapter_that_is_changed_is_noticed(tmp_path: Path) -> None:
    file = safetensors(tmp_path / "ink.safetensors")
    found = find_adapter(str(file))
    file.write_bytes(file.read_bytes()[:-4] + b"\1\1\1\1")
    with pytest.raises(ModelChanged):
        found.check_untouched()
