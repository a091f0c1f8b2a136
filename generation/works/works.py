"""Works by name, as the command line and a sheet write them: found and hashed before anything is loaded."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from generation.errors import ModelError, RequestError
from generation.layout.guides import GuideKind
from generation.works.adapter import find_adapter, find_embedding
from generation.works.controls import find_control
from generation.works.depth_model import find_depth
from generation.works.kit import Kit, calls
from generation.works.styles import find_style


@dataclass(frozen=True, slots=True)
class Works:
    """Works by name, as the command line and the settings write them."""

    loras: tuple[str, ...] = ()  # FILE or FILE:SCALE
    embeddings: tuple[str, ...] = ()  # FILE
    controls: tuple[str, ...] = ()  # KIND=MODEL or KIND=MODEL:SCALE@START-END
    style: str | None = None  # FILE or FILE:SCALE
    depth: str | None = None  # MODEL, which draws what a ControlNet for depth is shown

    def to_json(self) -> dict[str, Any]:
        """As data; `of_json` reads it again."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def of_json(cls, said: dict[str, Any]) -> "Works":
        """From what `to_json` gave; TypeError where it holds something else."""
        read: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in said.items()
        }
        return cls(**read)


NO_WORKS = Works()


def find_kit(works: Works, *, cache: Path | None = None) -> Kit:
    """What these texts name, each hashed; ModelError where one cannot be used, or two are the same."""
    found = (
        *(find_adapter(each, cache=cache) for each in works.loras),
        *(find_embedding(each, cache=cache) for each in works.embeddings),
        *(find_control(each, cache=cache) for each in works.controls),
        *((find_style(works.style, cache=cache),) if works.style else ()),
        *((find_depth(works.depth, cache=cache),) if works.depth else ()),
    )
    _check_apart(found)
    return found


def check_called(embeddings: Iterable[str], words: Sequence[str]) -> None:
    """RequestError where a textual inversion is named that no word of the prompt calls: it would do nothing."""
    for each in embeddings:
        key = Path(each).stem
        if not any(calls(text, key) for text in words):
            raise RequestError(
                f"nothing in the prompt calls {Path(each).name}; write {key} where it should act"
            )


def check_looked_at(works: Works, *, styled: bool) -> None:
    """RequestError where a work is named that nothing looks at: it would do nothing."""
    if works.style and not styled:
        raise RequestError("an IP-Adapter looks at a style picture; give one, or leave the adapter out")
    deep = any(each.partition("=")[0].strip().lower() == GuideKind.DEPTH for each in works.controls)
    if works.depth and not deep:
        raise RequestError("a depth estimator draws for a ControlNet; give one for depth, or leave it out")


def _check_apart(kit: Kit) -> None:
    """Each work once: the same LoRA twice is one LoRA with another weight."""
    for number, each in enumerate(kit):
        for other in kit[:number]:
            if other.digest == each.digest and other.kind is each.kind and other.key == each.key:
                raise ModelError(f"the {each.kind} {each.name} is named twice; name it once, with one weight")
            if other.key == each.key:
                raise ModelError(
                    f"two works are called {each.key!r} ({other.name}, {each.name}); "
                    "give one of the files another name, or leave one out"
                )
