"""Which model: found by name, known by the digest of its files, with its licence and what it was trained on.

A name is `house` (the embedded model), a folder in diffusers' layout, one .safetensors file, or a hub id
with or without a revision (`org/name@commit`). Everything ends as files on this disk: loading needs no
network, and no torch is imported here. Only safetensors are taken.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from generation.errors import ModelChanged, ModelError, ModelMissing, UnsafeModel
from generation.files import hub
from generation.files.folder import INDEX, PICKLES, read_layout
from generation.files.hub import UNPINNED
from generation.files.weights import Seal, check_safetensors, check_untouched, digest_of, seal
from generation.words.lexicon import Words
from provenance.errors import why

HOUSE = Path(__file__).parents[1] / "house" / "weights"
UNKNOWN = "unknown"
CARD_LIMIT = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Model:
    """A model on this disk. `files` maps each file that it is loaded from to its SHA-256 (hex).

    `revision` is a 40-hex commit or "unpinned"; licence and training are "unknown" where nobody says.
    `source` names no folder of this machine: it goes into public records.
    """

    name: str
    source: str
    revision: str
    license: str
    training: str
    attribution: str
    pipeline: str  # the class that its model_index.json names
    path: Path
    paths: Mapping[str, Path]
    seals: Mapping[str, Seal]
    variant: str | None = None
    config: Path | None = None  # of a single file: the folder that says what its parts are
    defaults: Mapping[str, float] = field(default_factory=dict)  # settings that its makers found best
    words: Words | None = None  # the words that it knows, where its card lists them
    stated: bool = False  # its card states the digest of each file, and they are these

    @property
    def files(self) -> dict[str, str]:
        return {name: sealed.sha256 for name, sealed in self.seals.items()}

    @property
    def folder(self) -> Path:
        """Where model_index.json and the configurations of its parts are."""
        return self.config or self.path

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over all files; generation/files/weights.py says how."""
        return digest_of(self.files)

    def check_untouched(self) -> None:
        """ModelChanged where a file is no more what it was when the model was found."""
        check_untouched(self.paths, self.seals)


def find_model(
    name: str,
    *,
    cache: Path | None = None,
    config: Path | None = None,
    hub_cache: Path | None = None,
    fetch: bool = True,
) -> Model:
    """The model of that name, its files hashed (or remembered in `cache`, a JSON file).

    `config` is the pipeline folder that says what the parts of a single file are; without it a folder of the
    file's name beside it. Only a hub id that is not in the cache reaches for the network; without `fetch` none does.
    """
    if name == "house":
        return _house(cache)
    hub.check_no_address(name)
    path = _place(name)
    if path.suffix in PICKLES:
        raise UnsafeModel(
            f"{path.name} is a pickle, and opening one can run any code; get it as .safetensors"
        )
    if path.suffix == ".safetensors":
        return _single_file(path, config, cache)
    if path.is_dir():
        return _folder(path, path.resolve().name, "a local folder", UNPINNED, cache)
    if path.is_file():
        raise ModelMissing(
            f"{path.name} is no model that can be read here: give house, a folder, a .safetensors file, or a hub id"
        )
    asked = hub.NAME.fullmatch(name)
    if asked is None:
        raise ModelMissing(
            f"there is no model {name[:80]!r}: give house, a folder, a .safetensors file, or a hub id"
        )
    return _from_hub(asked["repo"], asked["revision"], hub_cache, cache, fetch=fetch)


def _place(name: str) -> Path:
    try:
        path = Path(name).expanduser()
        path.is_dir()
    except (OSError, RuntimeError) as error:  # RuntimeError: ~nobody
        raise ModelMissing(f"there is no model {name[:80]!r}: {error}") from error
    return path


def _house(memory: Path | None) -> Model:
    if not HOUSE.is_dir():
        raise ModelMissing(
            "the embedded model's weights are not installed; install genzu again, or name another model"
        )
    model = _folder(HOUSE, "Genzu House", "the model that comes with Genzu", UNPINNED, memory)
    return _with_card(model, _read_json(HOUSE.parent / "model.json"))


def _folder(path: Path, name: str, source: str, revision: str, memory: Path | None) -> Model:
    layout = read_layout(path)
    paths = {each: path / each for each in layout.files}
    for each, file in paths.items():
        if each.endswith(".safetensors"):
            check_safetensors(file)
    seals = seal(paths, memory)
    for each, file in paths.items():
        blob = file.resolve().name  # the hub's cache names a large file by its SHA-256
        if file.is_symlink() and len(blob) == 64 and blob != seals[each].sha256:
            raise ModelChanged(f"{each} is not what the hub sent; delete it from the cache and get it again")
    model = Model(
        name, source, revision, UNKNOWN, UNKNOWN, "", layout.pipeline, path, paths, seals, layout.variant
    )
    return _with_card(_with_front_matter(model, path / "README.md"), _read_json(path / "model.json"))


def _single_file(path: Path, config: Path | None, memory: Path | None) -> Model:
    """One file with all weights; what its parts are is read from a folder, never guessed over a network."""
    if not path.is_file():
        raise ModelMissing(f"there is no file {path}")
    check_safetensors(path)
    folder = config or path.with_suffix("")
    if not (folder / INDEX).is_file():
        raise ModelMissing(
            f"{path.name} does not say what its parts are: put the {INDEX} and the configuration files of "
            f"the pipeline that it was made for into a folder {folder.name}/ beside it"
        )
    texts = {
        file.relative_to(folder).as_posix(): file
        for file in folder.rglob("*")
        if file.suffix in (".json", ".txt")
    }
    index = _read_json(folder / INDEX)
    paths = {path.name: path} | {f"{folder.name}/{each}": file for each, file in sorted(texts.items())}
    return _with_front_matter(
        Model(
            name=path.stem,
            source="a local file",
            revision=UNPINNED,
            license=UNKNOWN,
            training=UNKNOWN,
            attribution="",
            pipeline=str(index.get("_class_name")),
            path=path,
            paths=paths,
            seals=seal(paths, memory),
            config=folder,
        ),
        folder / "README.md",
    )


def _from_hub(
    repo: str, revision: str | None, hub_cache: Path | None, memory: Path | None, *, fetch: bool
) -> Model:
    source = f"https://huggingface.co/{repo}"
    snapshot = hub.cached(repo, revision, hub_cache)
    if snapshot is not None:
        try:
            return _folder(snapshot.path, repo, source, snapshot.commit, memory)
        except ModelMissing:
            if not fetch:
                raise  # otherwise: a part is not in the cache yet
    if not fetch:
        raise ModelMissing(f"{repo} is not in the hub's cache, and nothing is fetched for this")
    snapshot = hub.fetch(repo, revision, hub_cache)
    return _folder(snapshot.path, repo, source, snapshot.commit, memory)


def _check_stated(stated: object, files: Mapping[str, str]) -> None:
    """A card that states digests is held to them, file by file."""
    if stated is None:
        return
    if not isinstance(stated, dict):
        raise ModelError("the model's card (model.json) states its digests in no form that can be read")
    for name, sha256 in files.items():
        if stated.get(name, stated.get(f"weights/{name}")) != sha256:
            raise ModelChanged(
                f"{name} is not the file that the model's card states; install the model again"
            )


def _with_card(model: Model, card: Mapping[str, Any]) -> Model:
    """What model.json says, over what was known; generation/house/model.json shows one."""
    _check_stated(card.get("sha256"), model.files)
    version = f" {card['version']}" if card.get("version") else ""
    return replace(
        model,
        name=f"{card['name']}{version}" if card.get("name") else model.name,
        license=str(card.get("license") or model.license),
        training=str(card.get("training_statement") or model.training),
        attribution=str(card.get("attribution") or model.attribution),
        defaults=card.get("defaults") or model.defaults,
        words=Words.of(card) or model.words,
        stated=card.get("sha256") is not None,
    )


def _with_front_matter(model: Model, card: Path) -> Model:
    """The licence and the data sets that a hub model card names in the YAML at its head."""
    said = front_matter(_read_text(card))
    names = said.get("license", []) + said.get("license_name", [])
    data = said.get("datasets", [])
    return replace(
        model,
        license=next((each for each in reversed(names) if each), model.license),
        training=f"data sets named by its makers: {', '.join(data)}" if data else model.training,
    )


def front_matter(text: str) -> dict[str, list[str]]:
    """The plain entries of a model card's YAML head: one word or a list of them. Nested ones are left out.

    >>> front_matter("---\\nlicense: openrail++\\ndatasets:\\n- a/b\\n- c/d\\n---\\n# Card")
    {'license': ['openrail++'], 'datasets': ['a/b', 'c/d']}
    """
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0] != "---" or "---" not in lines[1:]:
        return {}
    said: dict[str, list[str]] = {}
    name = ""
    for line in lines[1 : lines.index("---", 1)]:
        bare = line.strip()
        if bare.startswith("- ") and name:
            said[name].append(bare[2:].strip().strip("\"'"))
        elif not line.startswith((" ", "-", "#")) and ":" in line:
            name, _, value = line.partition(":")
            words = value.strip().removeprefix("[").removesuffix("]").split(",")
            said[name] = [word.strip().strip("\"'") for word in words if word.strip()]
    return said


def _read_json(path: Path) -> Mapping[str, Any]:
    """A card as an object; {} where there is none."""
    text = _read_text(path)
    if not text:
        return {}
    try:
        card = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelChanged(f"{path.name} of the model is no JSON (damaged?); get it again") from error
    if not isinstance(card, dict):
        raise ModelChanged(f"{path.name} of the model holds no object; get it again")
    return card


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(CARD_LIMIT).decode(errors="replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise ModelMissing(f"{path.name} of the model could not be read: {why(error)}") from error
