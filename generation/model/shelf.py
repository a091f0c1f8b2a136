"""The models that a house paints with, each under a name of its own, with what it was when it was added.

A file a name, in `models/` of the archive's folder. From then on the name means those bytes: where a file of the model
is another one today, the name is refused, and nothing is fetched. `models/snow.json`:

    {"source": "/srv/snow-country", "revision": "unpinned", "pipeline": "StableDiffusionPipeline", "license": "MIT",
     "training": "unknown", "credit": "Mori Aoi", "signature": "none", "digest": "4f...",
     "added": "2026-11-28T18:20:00Z", "files": {"model_index.json": "9a..."}}
"""

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from generation.errors import ModelChanged, ModelError, ModelMissing
from generation.model.model import UNKNOWN, Model, find_model
from provenance.errors import why

NAME = re.compile(r"\w[\w.-]{0,63}")
TAKEN = ("house",)


@dataclass(frozen=True, slots=True)
class Kept:
    """One model on the shelf. `source` is what `find_model` takes; digests are SHA-256 (hex)."""

    source: str
    revision: str
    pipeline: str
    license: str
    training: str
    credit: str
    signature: str
    digest: str
    added: str
    files: Mapping[str, str]
    config: str = ""  # of a single file: the folder of its configurations


@dataclass(frozen=True, slots=True)
class Shelf:
    """The folder `models/` of an archive. `cache` is the memory of digests."""

    folder: Path
    cache: Path

    @classmethod
    def of(cls, home: Path) -> "Shelf":
        """The shelf of the archive at `home`."""
        return cls(home / "models", home / "models.json")

    def names(self) -> list[str]:
        """All names, in order."""
        return sorted(path.stem for path in self.folder.glob("*.json") if NAME.fullmatch(path.stem))

    def kept(self, name: str) -> Kept | None:
        """What stands under this name; None where nothing does."""
        if not NAME.fullmatch(name):
            return None
        path = self.folder / f"{name}.json"
        try:
            said = json.loads(path.read_bytes())
            return Kept(**{field: said[field] for field in Kept.__slots__ if field in said})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise ModelChanged(f"{path} cannot be read; add the model {name} again with --replace") from error

    def check_free(self, name: str, *, over: bool = False) -> None:
        """ModelError where the name cannot be given: asked before a model's files are read."""
        if not NAME.fullmatch(name) or name in TAKEN:
            raise ModelError(
                f"a model is named by letters, digits, '.', '_' and '-', and not 'house'; not {name[:80]!r}"
            )
        if not over and (self.folder / f"{name}.json").exists():
            raise ModelError(f"there is a model {name} already; choose another name, or give --replace")

    def put(self, name: str, kept: Kept, *, over: bool = False) -> None:
        """Writes it whole or not at all; ModelError where the name is taken and it may not lie `over`."""
        self.check_free(name, over=over)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(dir=self.folder, prefix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(json.dumps(asdict(kept), indent=1, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._into_place(Path(part), name, over)
        except OSError as error:
            raise ModelError(f"the model {name} could not be noted in {self.folder}: {why(error)}") from error

    def _into_place(self, part: Path, name: str, over: bool) -> None:
        place = self.folder / f"{name}.json"
        try:
            if over:
                part.replace(place)
            else:
                os.link(part, place)  # of two who add the same name at once, one is told
        except FileExistsError:
            raise ModelError(
                f"there is a model {name} already; choose another name, or give --replace"
            ) from None
        finally:
            part.unlink(missing_ok=True)

    def place(self, name: str) -> str:
        """What `find_model` takes for that name, on this machine and in its workers."""
        kept = self.kept(name)
        if kept is not None:
            return kept.source
        here = name not in TAKEN and Path(name).expanduser().exists()
        return str(Path(name).expanduser().absolute()) if here else name

    def find(self, name: str, *, config: Path | None = None, fetch: bool = True) -> Model:
        """The model of that name, checked against what was added; any other name as `find_model` takes it."""
        kept = self.kept(name)
        if kept is None:
            return find_model(name, cache=self.cache, config=config, fetch=fetch)
        model = self._as_it_is(name, kept)
        changed = differing(kept.files, model.files)
        if changed:
            raise ModelChanged(
                f"the model {name} is not what was added on {kept.added[:10]}: {changed[0]}"
                f"{f' and {len(changed) - 1} more' if len(changed) > 1 else ''}; put the old files back, "
                f"or add it again with --replace"
            )
        return replace(model, license=kept.license, training=kept.training, attribution=kept.credit)

    def _as_it_is(self, name: str, kept: Kept) -> Model:
        try:
            return find_model(
                kept.source, cache=self.cache, config=Path(kept.config) if kept.config else None, fetch=False
            )
        except ModelMissing as error:
            raise ModelMissing(
                f"the model {name} is not on this machine any more ({error}); get its files, or add it again "
                "with --replace"
            ) from error

    @property
    def remembering_nothing(self) -> "Shelf":
        """The same shelf, where every file is read."""
        return replace(self, cache=Path(os.devnull))

    def state(self, name: str) -> list[str]:
        """What is wrong with the model of that name, every file read; nothing where all is as it was added."""
        kept = self.kept(name)
        if kept is None:
            raise ModelMissing(f"there is no model {name[:80]!r}; `genzu models list` names them")
        try:
            found = self.remembering_nothing._as_it_is(name, kept)
        except ModelError as error:
            return [str(error)]
        return differing(kept.files, found.files)


def differing(then: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """One clause for each file that is not what it was."""
    changed = [f"{name} is another file" for name in then if name in now and now[name] != then[name]]
    gone = [f"{name} is not there" for name in then if name not in now]
    new = [f"{name} is new" for name in now if name not in then]
    return changed + gone + new


def kept_of(model: Model, said: Mapping[str, str], signature: str) -> Kept:
    """The model as it is noted now. `said` is what the person who adds it says where the model itself is silent."""
    own = {"license": model.license, "training": model.training, "credit": model.attribution}
    told = {name: _said(name, own[name], said.get(name, "")) if said.get(name) else own[name] for name in own}
    absolute = str(model.path.resolve())
    hub = model.source.removeprefix("https://huggingface.co/") if model.source.startswith("https://") else ""
    return Kept(
        source=f"{hub}@{model.revision}" if hub else absolute,
        revision=model.revision,
        pipeline=model.pipeline,
        signature=signature,
        digest=model.digest,
        added=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        files=model.files,
        config=str(model.config.resolve()) if model.config else "",
        **told,
    )


def _said(name: str, own: str, given: str) -> str:
    if own not in ("", UNKNOWN):
        raise ModelError(f"the model itself states its {name} ({own[:100]}); leave --{name} out")
    return f"{' '.join(given.split())[:300]} (stated when it was added)"
