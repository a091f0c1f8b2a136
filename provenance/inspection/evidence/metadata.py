"""The lines on what lies in the file beside its credentials: a generator's text, and what its pixels are."""

from collections.abc import Iterator

from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import Finding
from provenance.inspection.evidence.observed import Observed, Sources
from provenance.statement.untrusted import plain


def metadata(observed: Observed, _: Sources) -> Iterator[Finding]:
    """Unsigned text of painting programs, and whether the picture itself could be read."""
    for each in observed.traces:
        words = f"The XMP file beside it carries {each}." if each.beside else f"It carries {each}."
        yield Finding(Evidence.OBSERVED, "metadata", words)
    for clause in observed.unread:
        words = f"Text in it was not read: {plain(clause, 120)}. What it says is not known here."
        yield Finding(Evidence.NOT_AVAILABLE, "metadata", words)
    if observed.trouble is not None:
        words = f"Its pixels were not read: {observed.trouble}."
        remedy = next(iter(observed.remedies), None)
        yield Finding(Evidence.NOT_AVAILABLE, "picture", words, remedy=remedy)
    if observed.picture is not None and observed.picture.note is not None:
        note = observed.picture.note
        yield Finding(Evidence.OBSERVED, "picture", f"{note[:1].upper()}{note[1:]}.")
