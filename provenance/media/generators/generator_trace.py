"""One hint that a painting program left in a picture: which program, in which field, what it says of its making."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import BY_AI, Maker

MODELS = 12
NAME = 200  # characters of a model, a version, a prompt writer
# Forms that many programs write, and a label that a platform gives: each names itself by it, and not the painter.
IPTC, AIGC, SETTINGS, TIKTOK = "IPTC", "the AIGC label of GB 45438", "AUTOMATIC1111", "TikTok"


@dataclass(frozen=True, slots=True)
class Trace:
    """One hint. `maker`: by AI, or by AI over a picture; UNKNOWN where it names a program and no more.

    `writer` is who wrote the prompt, by IPTC's field for it. `beside`: it lies in a file beside the picture. All of it
    is unsigned and untrusted. `part`: it speaks of a part of the file alone, such as a page.
    """

    tool: str
    field: str
    maker: Maker
    models: tuple[str, ...] = ()
    words: str = ""
    writer: str = ""
    beside: bool = False
    part: str = ""

    @property
    def painters(self) -> tuple[str, ...]:
        """The models that it names, else the program whose own form it is; nobody where many write that form."""
        return self.models or (() if self.tool in {IPTC, AIGC, SETTINGS, TIKTOK} else (self.tool,))

    @property
    def place(self) -> str:
        """The field, and that it lies in a file beside the picture, where it does."""
        return f"{self.field} (beside it)" if self.beside else self.field

    def __str__(self) -> str:
        named = ", ".join(plain(each, 100) for each in self.models[:4])
        told = f", model {named}" if named else ""
        told += ", begun from a picture" if self.maker is Maker.AI_ASSISTED and not self.part else ""
        told += f", prompt by {plain(self.writer, 100)}" if self.writer else ""
        return f"{self.field} as {self.tool} writes it{told} (unsigned: anybody can write or remove it)"


def makers_of(traces: Iterable[Trace]) -> list[Maker]:
    """What hints say of a file. That a part of it is AI counts where nothing says so of the whole.

    One that knows of a picture beneath comes first: a settings line or a name that is silent on it denies nothing.
    """
    held = [*traces]
    whole = any(each.maker in BY_AI for each in held if not each.part)
    told = [each.maker for each in held if not (whole and each.part and each.maker in BY_AI)]
    return sorted(told, key=lambda maker: maker is not Maker.AI_ASSISTED)


def by_ai(over: bool) -> Maker:
    """By AI over a picture, or from words alone."""
    return Maker.AI_ASSISTED if over else Maker.AI


def object_of(text: str) -> Mapping[str, object] | None:
    """The JSON object that a text is, else None."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def first_text(said: Mapping[str, object], *keys: str) -> tuple[str, ...]:
    """The first of these fields that holds a text, as the one model; none where none does."""
    found = next((value for key in keys if isinstance(value := said.get(key), str) and value.strip()), None)
    return (found.strip()[:NAME],) if found else ()
