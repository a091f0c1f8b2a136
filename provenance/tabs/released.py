"""A picture that was just signed, as the page shows it: its facts, its way, and where its file is put."""

from pathlib import Path

from provenance.credentials.read.reader import read_chain
from provenance.errors import OutputError
from provenance.inspection.lineage import history_of_record, lineage
from provenance.media.formats import WRITTEN
from provenance.release.archive import Archive
from provenance.release.release import Released
from provenance.settings import Settings
from provenance.show.graph import to_svg
from provenance.statement.canonical import new_id
from provenance.statement.credit import NOT_NAMED
from provenance.tabs.fragments import fragment, trusted
from provenance.tabs.remedies import with_remedies


def out_path(settings: Settings, stem: str, media_type: str = "image/png") -> Path:
    """A new place in the archive's outputs. No word of the visitor's becomes part of a path."""
    suffix = next((ending for ending, kind in WRITTEN.items() if kind == media_type), None)
    if suffix is None:
        kind = media_type.removeprefix("image/").upper()
        raise OutputError(f"a {kind} cannot carry Content Credentials; save it as PNG, JPEG, WebP or TIFF")
    return settings.outputs / f"{stem}-{new_id('x')[2:10]}{suffix}"


def done(archive: Archive, released: Released) -> str:
    """Who made it, from its first step on; that it is signed and on the record, and what is still missing; HTML."""
    findings = [
        with_remedies(each.words, [each.remedy] if each.remedy is not None else [])
        for each in released.findings
    ]
    history = history_of_record(archive.ledger, released.record)
    told = {"record": released.record, "findings": findings, "notes": released.notes}
    return fragment("stage", state="done", history=history.sentence, **told)


def story(archive: Archive, released: Released) -> str:
    """With whom and what it was made, and its whole way as its own credentials tell it, drawn; HTML."""
    chain, record = read_chain(released.path, trust=archive.trust), released.record
    history = history_of_record(archive.ledger, record)
    return fragment(
        "story",
        graph=trusted(to_svg(lineage(chain))),
        record=record,
        digest=str(released.digest),
        people=[(each.role, each.name or NOT_NAMED) for each in history.credits],
        model=record.statement.model,
        facts=record.facts,
        parameters=record.statement.parameters,
    )
