r"""Places on somebody's disk. Where a model lies there is nobody else's business: only its own name goes out.

>>> without_folders("/home/aoi/models/sd"), without_folders(r"C:\models\sd"), without_folders("stabilityai/sd-turbo")
('sd', 'sd', 'stabilityai/sd-turbo')
"""

import re

_ON_DISK = re.compile(r"[/~.\\]|file:|[A-Za-z]:[\\/]")
A_FOLDER = "a local folder"


def is_local(text: str) -> bool:
    """Whether a text is a place on a disk or in a local network, and no hub's id, web address or word."""
    return _ON_DISK.match(text) is not None


def without_folders(name: str) -> str:
    """The last part of a place on a disk; any other name as it is."""
    return name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1] if is_local(name) else name
