"""What a picture says of how it was painted: settings that can be asked again, and what is named and not taken."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

from generation.request.request import PaintSettings
from provenance.statement.untrusted import plain


@dataclass(frozen=True, slots=True)
class Used:
    """A work that was used beside the model: its digest (hex), how strongly and when it acted, all that in words."""

    digest: str
    scale: float
    start: float
    end: float
    words: str


@dataclass(frozen=True, slots=True)
class Like:
    """Settings by the names of PaintSettings, where they come from in words, and the model that is named there.

    `works` were used beside it, and `pictures` went in beside the layout, in words: they are told, and not taken.
    """

    settings: Mapping[str, str | int | float]
    where: str
    model: str = ""
    works: tuple[Used, ...] = ()
    pictures: tuple[str, ...] = ()
    recorded: bool = False  # from our own record, which names every work

    def without(self, names: Collection[str]) -> "Like":
        """Without some of the settings."""
        return replace(
            self, settings={name: value for name, value in self.settings.items() if name not in names}
        )


def told(found: Like, taken: Iterator[str]) -> str:
    """One line for whoever asked: what was taken, and from where; what it names besides is not taken."""
    model = f"; it names the model {plain(found.model, 100)}" if found.model else ""
    works = f"; it used {', '.join(each.words for each in found.works)}" if found.works else ""
    others = f"; there went in {', '.join(found.pictures)}" if found.pictures else ""
    return f"from {found.where}: {taken_as_words(found, taken)}{model}{works}{others}"


def taken_as_words(found: Like, taken: Iterable[str] | None = None) -> str:
    """The settings by name and value; `taken` are those that were left open (None: all of them)."""
    known = {each.name for each in fields(PaintSettings)}
    names = found.settings if taken is None else taken
    words = [
        f"{name.replace('_', ' ')} {plain(str(found.settings[name]), 200)}" for name in names if name in known
    ]
    return ", ".join(words) or "nothing that was left open"
