"""A model is found by its name, known by its bytes, and refused where opening it could run code."""

import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_samples import (
    CARD,
    COMMIT,
    FILES,
    LONG_AGO,
    FakeHub,
    cache_snapshot,
    make,
    put,
    safetensors,
    sha256sum,
)

from generation.errors import ModelChanged, ModelError, ModelMissing, UnsafeModel
from generation.files.weights import digest_of, seal
from generation.model.model import HOUSE, find_model, front_matter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "snow-country", FILES)


def test_the_embedded_model_is_found_with_every_file_that_it_is_loaded_from() -> None:
    model = find_model("house")
    assert model.pipeline == "StableDiffusionImg2ImgPipeline"
    assert {name.split("/")[0] for name in model.files} == {
        "model_index.json",
        "scheduler",
        "text_encoder",
        "tokenizer",
        "unet",
        "vae",
    }
    for name, sha256 in model.files.items():
        assert hashlib.sha256((HOUSE / name).read_bytes()).hexdigest() == sha256
    assert model.license
    assert model.training


def test_the_digest_is_what_sha256sum_gives(folder: Path) -> None:
    printed = subprocess.run(
        "find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum",
        shell=True,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()[0]
    assert find_model(str(folder)).digest == printed == sha256sum(FILES)


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), min_size=1), st.binary(min_size=32, max_size=32), max_size=8
    ),
    st.randoms(),
)
def test_the_digest_does_not_depend_on_the_order_of_the_files(
    files: dict[str, bytes], random: Random
) -> None:
    rows = [(name, value.hex()) for name, value in files.items()]
    random.shuffle(rows)
    assert digest_of(dict(rows)) == digest_of({name: value.hex() for name, value in files.items()})


def test_a_card_and_pictures_beside_the_weights_are_not_the_model(folder: Path) -> None:
    before = find_model(str(folder)).digest
    put(folder / "README.md", CARD)
    put(folder / "samples.png", b"picture")
    put(folder / "unet/diffusion_pytorch_model.bin", b"\x80\x02 a pickle that nobody opens")
    model = find_model(str(folder))
    assert model.digest == before
    assert (model.license, model.training) == (
        "studio-only",
        "data sets named by its makers: studio/layouts",
    )


def test_licence_and_training_are_unknown_where_nobody_says(folder: Path) -> None:
    model = find_model(str(folder))
    assert (model.license, model.training, model.revision) == ("unknown", "unknown", "unpinned")


def test_a_local_model_says_its_name_and_no_folder_of_this_machine(folder: Path) -> None:
    model = find_model(str(folder))
    assert model.name == "snow-country"
    assert str(folder.parent) not in f"{model.name} {model.source}"


def test_model_json_gives_name_version_licence_and_training_statement(folder: Path) -> None:
    card = {"name": "Snow", "version": "2.1", "license": "CC-BY-4.0", "training_statement": "own drawings"}
    put(folder / "model.json", json.dumps(card | {"attribution": "Mori Aoi"}).encode())
    model = find_model(str(folder))
    assert (model.name, model.license, model.training, model.attribution) == (
        "Snow 2.1",
        "CC-BY-4.0",
        "own drawings",
        "Mori Aoi",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no head", {}),
        ("---\nlicense: mit\n", {}),
        ("---\r\nlicense: 'mit'\r\n---\r\n", {"license": ["mit"]}),
        ('---\ndatasets: [a/b, "c/d"]\n---', {"datasets": ["a/b", "c/d"]}),
        ("---\n- stray\nextra:\n  license: hidden\n---", {"extra": []}),
        ("", {}),
    ],
)
def test_the_head_of_a_card_is_read_or_left(text: str, said: dict[str, list[str]]) -> None:
    assert front_matter(text) == said


@given(st.text())
def test_no_head_of_a_card_breaks_the_reader(text: str) -> None:
    front_matter(f"---\n{text}\n---")


@pytest.mark.parametrize(
    "name", ["nowhere", "no where/at all", "../nothing", "~nobody/x", "x" * 5000, "a\0b"]
)
def test_a_name_that_is_no_model_is_missing(name: str) -> None:
    with pytest.raises(ModelMissing, match="there is no model"):
        find_model(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("https://huggingface.co/studio/snow", "is the address of a page: name the model studio/snow$"),
        ("https://huggingface.co/studio/snow/tree/main", "name the model studio/snow$"),
        ("https://hf.co/studio/snow/resolve/main/w.safetensors", "is an address: get the file"),
        ("ftp://example.com/snow", "is an address: get the file"),
    ],
)
def test_an_address_is_told_from_a_name(name: str, words: str) -> None:
    with pytest.raises(ModelMissing, match=words):
        find_model(name)


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    put(tmp_path / "snow.gguf", b"GGUF")
    with pytest.raises(ModelMissing, match=r"snow\.gguf is no model that can be read here"):
        find_model(str(tmp_path / "snow.gguf"))


def test_a_part_without_its_configuration_is_named(folder: Path) -> None:
    (folder / "unet/config.json").unlink()
    with pytest.raises(ModelMissing, match=r"unet has no config\.json"):
        find_model(str(folder))


def test_a_tokenizer_without_its_vocabulary_is_told_and_one_that_reads_letters_needs_none(
    folder: Path,
) -> None:
    index = json.loads((folder / "model_index.json").read_text())
    put(folder / "tokenizer/tokenizer_config.json", b"{}")
    for vocabulary in ("vocab.json", "merges.txt"):
        (folder / "tokenizer" / vocabulary).unlink()

    def named(kind: str) -> None:
        said = index | {"tokenizer": ["transformers", kind]}
        put(folder / "model_index.json", json.dumps(said).encode())

    named("CLIPTokenizer")
    with pytest.raises(ModelMissing, match="tokenizer has no vocabulary"):
        find_model(str(folder))
    named("ByT5Tokenizer")
    assert find_model(str(folder)).files
    named("CLIPTokenizer")
    put(folder / "tokenizer/vocab.json", b"{}")
    assert find_model(str(folder)).files


def test_a_folder_without_an_index_is_no_pipeline(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"has no model_index\.json"):
        find_model(str(tmp_path))


@pytest.mark.parametrize("text", [b"{", b"[]", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_index_is_told(folder: Path, text: bytes) -> None:
    put(folder / "model_index.json", text)
    with pytest.raises(ModelChanged, match=r"model_index\.json (is no JSON|holds no object)"):
        find_model(str(folder))


def test_a_part_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "scheduler/scheduler_config.json").unlink()
    with pytest.raises(ModelMissing, match="the folder scheduler"):
        find_model(str(folder))


def test_weights_that_are_not_there_are_named(folder: Path) -> None:
    (folder / "unet/diffusion_pytorch_model.safetensors").unlink()
    with pytest.raises(ModelMissing, match="unet has no weights"):
        find_model(str(folder))


def test_a_shard_that_is_not_there_is_named(folder: Path) -> None:
    (folder / "unet/diffusion_pytorch_model.safetensors").unlink()
    shards = [f"diffusion_pytorch_model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    put(folder / "unet" / shards[0], safetensors(1))
    index = {"weight_map": {"a": shards[0], "b": shards[1]}}
    put(folder / "unet/diffusion_pytorch_model.safetensors.index.json", json.dumps(index).encode())
    with pytest.raises(ModelMissing, match=f"unet lacks {shards[1]}"):
        find_model(str(folder))


def test_weights_that_come_only_as_a_pickle_are_refused(folder: Path) -> None:
    (folder / "unet/diffusion_pytorch_model.safetensors").unlink()
    put(folder / "unet/diffusion_pytorch_model.bin", b"\x80\x02")
    with pytest.raises(UnsafeModel, match="unet comes only as a pickle"):
        find_model(str(folder))


@pytest.mark.parametrize("ending", [".ckpt", ".bin", ".pt", ".pth", ".pkl"])
def test_a_single_pickle_is_refused_unread(tmp_path: Path, ending: str) -> None:
    with pytest.raises(UnsafeModel, match="pickle"):
        find_model(str(tmp_path / f"anime{ending}"))


@pytest.mark.parametrize("start", [b"PK\x03\x04 a zip", b"\x80\x02 a pickle", b"\x80\x04 another"])
def test_a_pickle_that_calls_itself_safetensors_is_refused(folder: Path, start: bytes) -> None:
    put(folder / "unet/diffusion_pytorch_model.safetensors", start.ljust(100))
    with pytest.raises(UnsafeModel, match="pickle under another name"):
        find_model(str(folder))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 8,
        safetensors(1)[:20],
        safetensors(1)[:-1],
        safetensors(1).replace(b"data_offsets", b"data_of\x00sets"),
        b"\xff" * 8 + b"{}",
        b"version https://git-lfs",
    ],
)
def test_a_weight_file_that_is_cut_short_is_refused(folder: Path, data: bytes) -> None:
    put(folder / "unet/diffusion_pytorch_model.safetensors", data)
    with pytest.raises(ModelChanged, match="no whole safetensors file"):
        find_model(str(folder))


@pytest.mark.parametrize(
    "index",
    [
        {"_class_name": ["pipeline", "Mine"], "unet": ["diffusers", "UNet2DConditionModel"]},
        {"_class_name": "Mine", "unet": ["my_unet", "Mine"]},
    ],
)
def test_a_model_that_brings_program_code_is_refused(folder: Path, index: dict[str, object]) -> None:
    put(folder / "model_index.json", json.dumps(index).encode())
    put(folder / "unet/my_unet.py", b"raise SystemExit")
    with pytest.raises(UnsafeModel, match="program code"):
        find_model(str(folder))


def test_a_card_is_held_to_the_digests_that_it_states(folder: Path) -> None:
    stated = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    put(folder / "model.json", json.dumps({"sha256": stated}).encode())
    assert find_model(str(folder)).files == stated
    put(folder / "unet/diffusion_pytorch_model.safetensors", safetensors(1, 2, 4))
    with pytest.raises(ModelChanged, match=r"unet/diffusion_pytorch_model\.safetensors is not the file that"):
        find_model(str(folder))


def test_half_precision_weights_are_taken_where_there_are_no_others(folder: Path) -> None:
    plain = folder / "unet/diffusion_pytorch_model.safetensors"
    half = put(folder / "unet/diffusion_pytorch_model.fp16.safetensors", safetensors(4))
    assert find_model(str(folder)).variant is None
    assert half.name not in str(find_model(str(folder)).files)
    plain.unlink()
    model = find_model(str(folder))
    assert model.variant == "fp16"
    assert f"unet/{half.name}" in model.files


def test_remembered_digests_are_not_computed_again(folder: Path, tmp_path: Path) -> None:
    memory = tmp_path / "memory" / "digests.json"
    first = find_model(str(folder), cache=memory)
    # What only a reader who trusts the memory can see: the remembered digest, not the file's own.
    rows = json.loads(memory.read_text())
    weights = str(folder / "unet/diffusion_pytorch_model.safetensors")
    rows[weights][0] = "ab" * 32
    memory.write_text(json.dumps(rows))
    again = find_model(str(folder), cache=memory)
    assert again.files["unet/diffusion_pytorch_model.safetensors"] == "ab" * 32
    assert first.files["model_index.json"] == again.files["model_index.json"]


def test_an_edit_that_keeps_size_and_date_is_not_missed(folder: Path, tmp_path: Path) -> None:
    memory = tmp_path / "digests.json"
    before = find_model(str(folder), cache=memory)
    weights = folder / "unet/diffusion_pytorch_model.safetensors"
    put(weights, safetensors(1, 2, 4))
    assert weights.stat().st_mtime == LONG_AGO
    assert find_model(str(folder), cache=memory).digest != before.digest


def test_a_file_written_a_moment_ago_is_not_remembered(tmp_path: Path) -> None:
    memory = tmp_path / "digests.json"
    fresh = tmp_path / "fresh.json"
    fresh.write_bytes(b"{}")
    seal({"fresh": fresh, "old": put(tmp_path / "old.json", b"{}")}, memory)
    assert list(json.loads(memory.read_text())) == [str(tmp_path / "old.json")]


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[1]", b'{"x": 1}', b'{"x": ["a", ["b"]]}', b"\xff", b"[" * 100_000]
)
def test_a_damaged_memory_costs_only_time(folder: Path, tmp_path: Path, text: bytes) -> None:
    memory = put(tmp_path / "digests.json", text)
    assert find_model(str(folder), cache=memory).digest == sha256sum(FILES)
    assert len(json.loads(memory.read_text())) == len(FILES)


def test_a_memory_that_cannot_be_written_costs_only_time(folder: Path, tmp_path: Path) -> None:
    blocked = put(tmp_path / "file", b"") / "digests.json"
    assert find_model(str(folder), cache=blocked).digest == sha256sum(FILES)


def test_two_readers_at_once_leave_a_whole_memory(folder: Path, tmp_path: Path) -> None:
    memory = tmp_path / "digests.json"
    readers = [
        threading.Thread(target=find_model, args=(str(folder),), kwargs={"cache": memory}) for _ in range(8)
    ]
    for each in readers:
        each.start()
    for each in readers:
        each.join()
    assert len(json.loads(memory.read_text())) == len(FILES)
    assert [path.name for path in tmp_path.glob("digests*")] == ["digests.json"]


def test_a_model_notices_that_a_file_was_changed_or_taken_away(folder: Path) -> None:
    model = find_model(str(folder))
    model.check_untouched()
    weights = folder / "unet/diffusion_pytorch_model.safetensors"
    weights.touch()  # a new date, the same bytes
    model.check_untouched()
    put(weights, safetensors(1, 2, 4))
    with pytest.raises(ModelChanged, match="was changed since the model was read"):
        model.check_untouched()
    weights.unlink()
    with pytest.raises(ModelMissing, match="not there any more"):
        model.check_untouched()


def test_a_single_file_needs_the_configuration_of_its_parts(tmp_path: Path) -> None:
    file = put(tmp_path / "anime.safetensors", safetensors(1))
    with pytest.raises(ModelMissing, match=r"put the model_index\.json .* into a folder anime/ beside it"):
        find_model(str(file))
    make(tmp_path / "anime", {name: data for name, data in FILES.items() if name.endswith(".json")})
    model = find_model(str(file))
    assert model.pipeline == "StableDiffusionImg2ImgPipeline"
    assert set(model.files) == {"anime.safetensors"} | {
        f"anime/{name}" for name in FILES if name.endswith(".json")
    }
    assert find_model(str(file), config=make(tmp_path / "other", FILES)).config == tmp_path / "other"


# --- the hub -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["studio/snow", f"studio/snow@{COMMIT}", "studio/snow@main"])
def test_a_cached_hub_model_is_found_without_network_at_its_commit(tmp_path: Path, name: str) -> None:
    cache_snapshot(tmp_path, FILES | {"README.md": CARD})
    model = find_model(name, hub_cache=tmp_path)
    assert model.revision == COMMIT
    assert model.source == "https://huggingface.co/studio/snow"
    assert model.license == "studio-only"
    assert model.digest == sha256sum(FILES)


def test_a_cached_file_that_is_not_what_its_name_says_is_told(tmp_path: Path) -> None:
    stored = cache_snapshot(tmp_path, FILES)
    weights = FILES["unet/diffusion_pytorch_model.safetensors"]
    put(stored / "blobs" / hashlib.sha256(weights).hexdigest(), safetensors(6, 6, 6))
    with pytest.raises(ModelChanged, match="is not what the hub sent"):
        find_model("studio/snow", hub_cache=tmp_path)


def test_a_revision_is_no_way_out_of_the_cache(tmp_path: Path, no_network: None) -> None:
    make(tmp_path / "elsewhere", FILES)
    cache_snapshot(tmp_path, FILES)
    with pytest.raises(ModelMissing, match="could not be fetched"):
        find_model("studio/snow@../../../elsewhere", hub_cache=tmp_path)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


def test_offline_a_model_that_is_not_cached_is_missing(tmp_path: Path, no_network: None) -> None:
    with pytest.raises(ModelMissing, match="studio/rain is not on this machine and could not be fetched"):
        find_model("studio/rain", hub_cache=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def fake_hub() -> Iterator[str]:
    FakeHub.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakeHub)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


FIND = """
import json, sys
from pathlib import Path
from generation.errors import GenerationError
from generation.model.model import find_model
try:
    model = find_model(sys.argv[1], hub_cache=Path(sys.argv[2]))
    print(json.dumps([model.revision, model.digest, model.license]))
except GenerationError as error:
    print(json.dumps([type(error).__name__, str(error)]))
"""


def find_apart(name: str, cache: Path, endpoint: str) -> list[str]:
    """find_model in a process of its own: huggingface_hub reads its endpoint once, when it is imported."""
    done = subprocess.run(
        [sys.executable, "-c", FIND, name, str(cache)],
        env=os.environ
        | {"HF_ENDPOINT": endpoint, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_PROGRESS_BARS": "1"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return list(json.loads(done.stdout))


def test_a_hub_model_is_fetched_at_one_commit_and_only_what_it_needs(fake_hub: str, tmp_path: Path) -> None:
    assert find_apart("studio/snow@v1", tmp_path, fake_hub) == [COMMIT, sha256sum(FILES), "studio-only"]
    fetched = {path.split("/resolve/")[1].split("/", 1)[1] for path in FakeHub.asked if "/resolve/" in path}
    assert fetched == {*FILES, "README.md"}
    assert all(COMMIT in path for path in FakeHub.asked if "/resolve/" in path)
    FakeHub.asked = []
    assert find_apart(f"studio/snow@{COMMIT}", tmp_path, fake_hub)[0] == COMMIT
    assert FakeHub.asked == []


def test_a_model_that_the_hub_does_not_know_is_missing(fake_hub: str, tmp_path: Path) -> None:
    kind, sentence = find_apart("studio/rain", tmp_path, fake_hub)
    assert kind == "ModelMissing"
    assert sentence.startswith("the hub knows no studio/rain")


def test_a_hub_that_does_not_answer_is_a_model_that_is_missing(tmp_path: Path) -> None:
    kind, sentence = find_apart("studio/snow", tmp_path, "http://127.0.0.1:9")
    assert (kind, "could not be fetched" in sentence) == ("ModelMissing", True)


def test_every_model_fault_is_a_model_error() -> None:
    assert all(issubclass(each, ModelError) for each in (ModelMissing, ModelChanged, UnsafeModel))
