"""What speaks against signing an upload as the work of a hand or a camera, told while the form is filled in."""

from functools import lru_cache
from pathlib import Path

from provenance.errors import ProvenanceError
from provenance.media.formats import OPAQUE
from provenance.media.generators.generator_text import glance
from provenance.release.archive import Archive
from provenance.release.doubts import doubts
from provenance.release.made import Made
from provenance.statement.vocabulary import SourceType, Step


def against(archive: Archive, path: str | None, source_type: SourceType, step: Step) -> list[str]:
    """What speaks against signing an upload as the work of a hand or a camera."""
    if not path:
        return []
    try:
        return [*_against(archive, path, Path(path).stat().st_mtime_ns, source_type, step)]
    except (OSError, ProvenanceError):
        return []


@lru_cache(maxsize=16)
def _against(
    archive: Archive, path: str, _written: int, source_type: SourceType, step: Step
) -> tuple[str, ...]:
    """Looked for once for each upload, though the form is asked at every key that is pressed."""
    data = Path(path).read_bytes()
    seen = glance(data)
    made = Made(data, seen.media_type if seen else OPAQUE)
    return tuple(doubts(archive, made, source_type, step))
