"""An error as the page tells it: a sentence in the visitor's language, with file names and without our paths."""

from pathlib import Path

from provenance.errors import ProvenanceError
from provenance.tabs.language import say
from provenance.tabs.remedies import for_visitors, with_remedies


def sentence(error: Exception, *paths: str | Path | None) -> str:
    """The error's own words with a capital and a full stop, and with file names in the place of our paths."""
    words = for_visitors(error) if str(error) else "Something went wrong on our side."
    for path in sorted((str(each) for each in paths if each), key=len, reverse=True):
        words = words.replace(path, Path(path).name)
    if not any(path and words.startswith(Path(path).name) for path in paths):
        words = words[:1].upper() + words[1:]
    words = words if words.endswith((".", "!", "?", ")")) else f"{words}."
    return say(with_remedies(words, error.remedies if isinstance(error, ProvenanceError) else ()))
