"""Files that a cell, a recipe or an option names, as absolute paths: what names them may be read on another machine.

>>> named_from(Path("/"), "lineart=usr:0.8@0-0.6"), named_from(Path("/"), "org/net@main")
('lineart=/usr:0.8@0-0.6', 'org/net@main')
"""

from pathlib import Path

# The options that name files or networks, by their names in Python; `mask` and `layout` are read by themselves.
NAMING = frozenset(
    {"references", "styles", "guides", "loras", "embeddings", "controls", "style_adapter", "depth_model"}
)
_KEYED = frozenset({"guides", "controls"})  # KEY=FILE
_PICTURES = frozenset({"references", "styles", "guides"})


def named_from(folder: Path, text: str, *, keyed: bool = True) -> str:
    """The text with its file as an absolute path, where that lies in `folder`; else as it is (a name on the hub)."""
    key, separator, rest = text.partition("=") if keyed else ("", "", text)
    if keyed and not separator:
        return text
    return f"{key}{separator}{_placed(folder, rest)}"


def absolute(option: str, text: str, folder: Path) -> str:
    """The value of an option of NAMING; any other as it is. A picture is a file of `folder`, there or not."""
    if option in _KEYED and "=" not in text:
        return text  # told where it is read
    if option in _PICTURES:
        key, separator, file = text.partition("=") if option in _KEYED else ("", "", text)
        return f"{key}{separator}{(folder / Path(file).expanduser()).absolute()}"
    return named_from(folder, text, keyed=option in _KEYED) if option in NAMING else text


def _placed(folder: Path, text: str) -> str:
    name, separator, weight = text.rpartition(":")
    for each, tail in ((text, ""), (name, f"{separator}{weight}")):
        place = folder / Path(each).expanduser() if each else folder
        if each and place.exists():
            return f"{place.absolute()}{tail}"
    return text
