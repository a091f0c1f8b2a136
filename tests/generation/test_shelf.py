"""A name on the shelf means the bytes that were added under it, and says where they come from."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import draw_house
from model_samples import CARD, COMMIT, FILES, cache_snapshot, make, put, safetensors
from tiny_pipelines import stable_diffusion

from generation.cli import genzu
from generation.errors import ModelChanged, ModelError, ModelMissing
from generation.model.shelf import Shelf

WEIGHTS = "unet/diffusion_pytorch_model.safetensors"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "snow-country", FILES)


def run(home: Path, *words: object) -> Result:
    return CliRunner().invoke(genzu, ["--home", str(home), *map(str, words)])


def said(result: Result, *, code: int = 0) -> str:
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def told(home: Path, *words: object) -> str:
    """The sentence of a refusal."""
    result = run(home, *words)
    assert isinstance(result.exception, ModelError), result.output
    return str(result.exception)


def test_a_model_is_added_under_a_name_and_listed_with_its_licence(home: Path, folder: Path) -> None:
    put(folder / "README.md", CARD)
    output = said(run(home, "models", "add", "snow", folder, "--credit", "Mori Aoi"))
    assert "licence studio-only" in output
    assert "credit Mori Aoi (stated when it was added)" in output
    assert "as StableDiffusionImg2ImgPipeline, which paints over a picture" in output
    assert "snow" in said(run(home, "models", "list"))
    listed = json.loads(run(home, "models", "list", "--json").output)
    assert listed["format"] == "genzu models 1"
    assert set(listed["models"]["snow"]["files"]) == set(FILES)
    assert Shelf.of(home).find("snow").attribution == "Mori Aoi (stated when it was added)"


def test_what_the_model_says_itself_is_not_said_for_it(home: Path, folder: Path) -> None:
    put(folder / "README.md", CARD)
    assert "itself states its license" in told(home, "models", "add", "snow", folder, "--license", "MIT")
    assert Shelf.of(home).names() == []


@pytest.mark.parametrize("name", ["house", "a/b", "../out", "", "x" * 65, ".hidden"])
def test_a_name_that_could_be_something_else_is_refused(home: Path, folder: Path, name: str) -> None:
    assert "a model is named by letters" in told(home, "models", "add", "--", name, folder)
    assert not list(home.rglob("*.json"))


def test_a_name_is_given_once_unless_replaced(home: Path, folder: Path) -> None:
    said(run(home, "models", "add", "snow", folder))
    assert "there is a model snow already" in told(home, "models", "add", "snow", folder)
    put(folder / WEIGHTS, safetensors(4, 5))
    said(run(home, "models", "add", "snow", folder, "--replace"))
    assert "what was added" in said(run(home, "models", "verify"))


def test_a_changed_weight_file_is_noticed_by_show_verify_and_before_painting(
    home: Path, folder: Path
) -> None:
    said(run(home, "models", "add", "snow", folder))
    assert f"all {len(FILES)} files are what was added" in said(run(home, "models", "verify", "snow"))
    assert "Its files are what was added" in said(run(home, "models", "show", "snow"))
    put(folder / WEIGHTS, safetensors(1, 2, 4))  # the same size, the same date
    assert f"snow: {WEIGHTS} is another file" in said(run(home, "models", "verify"), code=1)
    assert f"{WEIGHTS} is another file" in said(run(home, "models", "show", "snow"), code=1)
    with pytest.raises(ModelChanged, match=r"is not what was added .* put the old files back"):
        Shelf.of(home).find("snow")
    put(folder / WEIGHTS, FILES[WEIGHTS])
    assert Shelf.of(home).find("snow").digest


def test_verify_trusts_no_remembered_digest(home: Path, folder: Path) -> None:
    said(run(home, "models", "add", "snow", folder))
    rows = json.loads((home / "models.json").read_text())
    put(folder / WEIGHTS, safetensors(1, 2, 4))
    status = (folder / WEIGHTS).stat()
    stamp = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    rows[str(folder / WEIGHTS)][1] = stamp
    (home / "models.json").write_text(json.dumps(rows))
    assert Shelf.of(home).find("snow").digest  # by the memory, nothing has changed
    assert "is another file" in said(run(home, "models", "verify"), code=1)


def test_a_model_that_was_taken_away_is_missing(home: Path, folder: Path) -> None:
    said(run(home, "models", "add", "snow", folder))
    folder.rename(folder.parent / "elsewhere")
    with pytest.raises(ModelMissing, match="snow is not on this machine any more"):
        Shelf.of(home).find("snow")
    assert "not on this machine any more" in said(run(home, "models", "verify"), code=1)


def test_a_hub_model_is_kept_at_its_commit_and_never_fetched_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "hub"
    cache_snapshot(cache, FILES)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    said(run(home, "models", "add", "snow", "studio/snow"))
    kept = Shelf.of(home).kept("snow")
    assert kept is not None
    assert (kept.source, kept.revision) == (f"studio/snow@{COMMIT}", COMMIT)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "another"))
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", None)  # a call would end in a TypeError
    with pytest.raises(ModelMissing, match="nothing is fetched for this"):
        Shelf.of(home).find("snow")


def test_a_model_that_cannot_paint_is_told_when_it_is_added(home: Path, folder: Path) -> None:
    index = json.loads(FILES["model_index.json"]) | {"_class_name": "StableVideoDiffusionPipeline"}
    put(folder / "model_index.json", json.dumps(index).encode())
    assert "it makes a film, not a picture" in told(home, "models", "add", "film", folder)
    assert Shelf.of(home).names() == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"source": 1}', "\x00"])
def test_a_damaged_note_is_told_with_its_remedy(home: Path, text: str) -> None:
    put(home / "models" / "snow.json", text.encode())
    with pytest.raises(ModelChanged, match="add the model snow again with --replace"):
        Shelf.of(home).find("snow")


def test_a_picture_is_painted_with_a_model_by_its_name(home: Path, tmp_path: Path) -> None:
    layout = tmp_path / "layout.png"
    draw_house().save(layout)
    said(run(home, "models", "add", "tiny", stable_diffusion(tmp_path / "tiny"), "--license", "MIT"))
    words = ["paint", layout, "--model", "tiny", "--prompt", "night", "--steps", 2, "--strength", 0.9]
    words += ["--long-side", 64, "--by", "prompt: Abe Rin", "-o"]
    said(run(home, *words, tmp_path / "out.png"))
    assert "MIT (stated when it was added)" in run(home, "inspect", tmp_path / "out.png", "--json").output
    weights = tmp_path / "tiny" / WEIGHTS
    data = weights.read_bytes()
    weights.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    assert "is another file" in told(home, *words, tmp_path / "second.png")
    assert not (tmp_path / "second.png").exists()


# --- its maker's signature -------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", [False, True])
def test_a_dry_run_a_farm_s_job_and_the_words_know_a_model_by_its_name(
    home: Path, tmp_path: Path, *, begun: bool
) -> None:
    if begun:
        said(run(home, "init"))
    draw_house().save(tmp_path / "layout.png")
    (tmp_path / "sheet.csv").write_text("layout,prompt,by\nlayout.png,snow,prompt: Abe Rin\n")
    (tmp_path / "recipe.toml").write_text(
        '[[step]]\nprompt = "snow"\nby = "prompt: Abe Rin"\nmodel = "snow"\n'
    )
    said(run(home, "models", "add", "snow", stable_diffusion(tmp_path / "tiny")))
    small = ("--model", "snow", "--steps", "2", "--strength", "0.9", "--long-side", "64")
    there = sorted(home.rglob("*"))
    paint = ("paint", tmp_path / "layout.png", "--prompt", "snow", "--by", "prompt: Abe Rin", *small)
    rows = ("batch", tmp_path / "sheet.csv", "-o", tmp_path / "out", *small)
    assert "model: " in said(run(home, *paint, "-o", tmp_path / "out.png", "--dry-run"))
    said(run(home, *rows, "--dry-run"))
    ran = ("run", tmp_path / "recipe.toml", tmp_path / "sheet.csv", "-o", tmp_path / "out", *small[2:])
    said(run(home, *ran, "--dry-run"))
    assert sorted(home.rglob("*")) == there and not (tmp_path / "out").exists()
    if begun:
        said(run(home, *rows, "--job", tmp_path / "job"))
        assert (tmp_path / "job" / "job.yaml").is_file()
    assert "does not list the words" in told(home, "words", "--model", "snow")


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    """A private and a public key, as PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = put(tmp_path / "maker.key", private.private_bytes(pem, form, serialization.NoEncryption()))
    info = serialization.PublicFormat.SubjectPublicKeyInfo
    return secret, put(tmp_path / "maker.pem", private.public_key().public_bytes(pem, info))


def signed(folder: Path, secret: Path) -> Path:
    model_signing = pytest.importorskip("model_signing", reason="the extra `signature` is not installed")
    config = model_signing.signing.Config().use_elliptic_key_signer(private_key=secret)
    config.sign(folder, folder / "model.sig")
    return folder


def test_a_makers_signature_is_checked_with_the_makers_key(
    home: Path, folder: Path, keys: tuple[Path, Path]
) -> None:
    secret, public = keys
    signed(folder, secret)
    assert "was not checked" in said(run(home, "models", "add", "first", folder))
    output = said(run(home, "models", "add", "snow", folder, "--signed-by", public))
    assert "signature model.sig, checked with the key maker.pem" in output


def test_a_signature_over_other_files_or_by_another_key_adds_nothing(
    home: Path, folder: Path, keys: tuple[Path, Path], tmp_path: Path
) -> None:
    secret, public = keys
    assert "has no signature" in told(home, "models", "add", "snow", folder, "--signed-by", public)
    signed(folder, secret)
    put(tmp_path / "other.pem", public.read_bytes()[:100])
    assert "does not hold" in told(
        home, "models", "add", "snow", folder, "--signed-by", tmp_path / "other.pem"
    )
    put(folder / WEIGHTS, safetensors(1, 2, 4))
    assert "does not hold for these files" in told(
        home, "models", "add", "snow", folder, "--signed-by", public
    )
    assert Shelf.of(home).names() == []


@pytest.mark.parametrize("junk", [b"", b"{}", b"[1]", b"no json", b'{"mediaType": 7}', b"\xff\xfe"])
def test_a_file_that_is_no_signature_is_one_sentence_and_adds_nothing(
    home: Path, folder: Path, keys: tuple[Path, Path], junk: bytes
) -> None:
    pytest.importorskip("model_signing", reason="the extra `signature` is not installed")
    put(folder / "model.sig", junk)
    output = told(home, "models", "add", "snow", folder, "--signed-by", keys[1])
    assert "the signature model.sig" in output
    assert Shelf.of(home).names() == []


def test_the_model_that_comes_with_genzu_is_shown_and_verified_by_its_own_name(home: Path) -> None:
    for words in (("verify", "house"), ("verify",)):
        assert "files are what its card states" in said(run(home, "models", *words))
    assert "Its files are what its card states" in said(run(home, "models", "show", "house"))
    assert "is there without: house" in said(run(home, "models", "list"))


def test_what_was_never_added_is_verified_as_far_as_anybody_noted(home: Path, folder: Path) -> None:
    output = said(run(home, "models", "verify", folder))
    assert f"all {len(FILES)} files can be read; nobody noted what they should be" in output
    shown = said(run(home, "models", "show", folder))
    assert "Nobody noted what they should be" in shown and " added 20" not in shown
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in FILES.items()}
    put(folder / "model.json", json.dumps({"sha256": digests}).encode())
    assert "are what its card states" in said(run(home, "models", "verify", folder))
    put(folder / WEIGHTS, safetensors(1, 2, 4))
    changed = said(run(home, "models", "verify", folder), code=1)
    assert f"{WEIGHTS} is not the file that the model's card states" in changed
    assert "there is no model 'rain'" in told(home, "models", "verify", "rain")


def test_a_name_on_the_shelf_can_be_given_another(home: Path, folder: Path) -> None:
    said(run(home, "models", "add", "snow", folder, "--credit", "Mori Aoi"))
    said(run(home, "models", "add", "winter", "snow"))
    first, second = Shelf.of(home).kept("snow"), Shelf.of(home).kept("winter")
    assert first is not None and second is not None
    assert (first.digest, first.credit) == (second.digest, second.credit)
