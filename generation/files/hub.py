"""Models of a hub (huggingface_hub), down to a folder on this disk at one exact commit. Nothing is loaded.

The local cache is asked first; the network only for what is not in it. Only the files that a pipeline needs
are fetched: configurations, tokenizers, safetensors. `huggingface_hub` is imported only when a hub is meant.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generation.errors import ModelMissing
from generation.files.folder import CONFIG, INDEX, layout, read_index

NAME = re.compile(r"(?P<repo>\w[\w.-]*/\w[\w.-]*)(?:@(?P<revision>[\w./-]+))?", re.ASCII)
COMMIT = re.compile(r"[0-9a-f]{40}")
_PAGE = re.compile(r"https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?P<repo>[\w.-]+/[\w.-]+)(?P<rest>/.*)?")
CARDS = ("README.md", "model.json")
UNPINNED = "unpinned"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A repository's files at one commit, in the local cache. `commit` is 40 hex or "unpinned"."""

    repo: str
    commit: str
    path: Path


def cached(repo: str, revision: str | None, folder: Path | None = None) -> Snapshot | None:
    """What the local cache holds at this commit, branch or tag ("main" where none is given); no network."""
    if folder is None:
        from huggingface_hub.constants import HF_HUB_CACHE

        folder = Path(HF_HUB_CACHE)
    stored = folder / f"models--{repo.replace('/', '--')}"
    wanted = revision or "main"
    if ".." in wanted:  # a revision comes from outside: it names a folder in the cache, never a way out of it
        return None
    if not COMMIT.fullmatch(wanted):
        try:
            wanted = (stored / "refs" / wanted).read_text().strip()
        except (OSError, ValueError):
            return None
    path = stored / "snapshots" / wanted
    if path.parent != stored / "snapshots" or not path.is_dir():
        return None
    return Snapshot(repo, wanted if COMMIT.fullmatch(wanted) else UNPINNED, path)


def fetch(repo: str, revision: str | None, folder: Path | None = None) -> Snapshot:
    """Brings the model at `revision` into the cache; ModelMissing says why not."""
    import huggingface_hub as hub

    name = f"{repo}@{revision}" if revision else repo
    with _told(name, f"{name} has no model_index.json: it is not a diffusers pipeline"):
        commit, names = _listed(repo, revision)
        index = Path(hub.hf_hub_download(repo, INDEX, revision=commit, cache_dir=folder))
        wanted = [*layout(names, read_index(index)).files, *(name for name in CARDS if name in names)]
        path = hub.snapshot_download(repo, revision=commit, cache_dir=folder, allow_patterns=wanted)
    return Snapshot(repo, commit if COMMIT.fullmatch(commit) else UNPINNED, Path(path))


def part(repo: str, revision: str | None) -> Snapshot:
    """A single network (config.json and its weights) at `revision`, from the cache or brought into it."""
    snapshot = cached(repo, revision)
    if snapshot is not None and (snapshot.path / CONFIG).is_file():
        return snapshot
    import huggingface_hub as hub

    name = f"{repo}@{revision}" if revision else repo
    with _told(name, f"{name} has no {CONFIG}: it is no network that can be loaded by itself"):
        commit, names = _listed(repo, revision)
        wanted = [
            each for each in names if "/" not in each and each.endswith((".safetensors", ".json", ".md"))
        ]
        path = hub.snapshot_download(repo, revision=commit, allow_patterns=wanted)
    return Snapshot(repo, commit if COMMIT.fullmatch(commit) else UNPINNED, Path(path))


def _listed(repo: str, revision: str | None) -> tuple[str, list[str]]:
    """The commit that the revision names at this moment, and its files: everything is taken from that one commit."""
    import huggingface_hub as hub

    info = hub.HfApi().model_info(repo, revision=revision or "main")
    return str(info.sha), [each.rfilename for each in info.siblings or ()]


def check_no_address(name: str) -> None:
    """ModelMissing where a web address is given in the place of a model's name; it says what to give."""
    if "://" not in name:
        return
    page = _PAGE.fullmatch(name)
    if page is not None and not name.endswith(".safetensors"):
        raise ModelMissing(f"{name[:80]} is the address of a page: name the model {page['repo']}")
    raise ModelMissing(f"{name[:80]} is an address: get the file, and name it where it lies on this disk")


@contextmanager
def _told(name: str, lacks: str) -> Iterator[None]:
    """What the hub's library raises as a sentence of ours."""
    import huggingface_hub as hub

    try:
        yield
    except hub.errors.GatedRepoError as error:
        raise ModelMissing(
            f"{name} is gated: accept its terms on its page and log in with `hf auth login`"
        ) from error
    except hub.errors.EntryNotFoundError as error:
        raise ModelMissing(lacks) from error
    except (hub.errors.RepositoryNotFoundError, hub.errors.RevisionNotFoundError) as error:
        raise ModelMissing(
            f"the hub knows no {name}; look at the spelling, and log in if it is private"
        ) from error
    # HTTPError: no answer, or one that is an error. OSError: offline mode, a full disk.
    except (hub.errors.HTTPError, OSError, ValueError) as error:
        raise ModelMissing(
            f"{name} is not on this machine and could not be fetched: {_first_line(error)}"
        ) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
