"""An error as the page tells it: a sentence in the visitor's language, with file names and without our paths."""

import re
from pathlib import Path

from provenance.tabs.text.language import say
from provenance.tabs.text.remedies import for_visitors, ways_out, with_remedies

# Where a file lies on this machine, whoever forgot to name it; an address of the web has another beginning.
_FOLDERS = re.compile(r"(?<![\w.:/])/(?:[^\s/]+/)+")


def sentence(error: Exception, *paths: str | Path | None) -> str:
    """The error's own words with a capital and a full stop, and with file names in the place of our paths."""
    words = for_visitors(error) if str(error) else "Something went wrong on our side."
    for path in sorted((str(each) for each in paths if each), key=len, reverse=True):
        words = words.replace(path, Path(path).name)
    shown = _FOLDERS.sub("", words)
    named = [Path(path).name for path in paths if path]
    if shown[:1] == words[:1] and not any(map(shown.startswith, named)):
        shown = shown[:1].upper() + shown[1:]
    words = shown if shown.endswith((".", "!", "?", ")")) else f"{shown}."
    return say(with_remedies(words, ways_out(error)))
