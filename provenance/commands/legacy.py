"""`genzu import`: older pictures taken into the ledger as claims: what their own metadata says of them, and no more."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click

from provenance.audit.delivery import Item, survey
from provenance.commands.opening import Reading, reading, writing
from provenance.errors import ProvenanceError
from provenance.inspection.inspected import Inspection
from provenance.inspection.inspection import inspect
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.claims import has_claim
from provenance.ledger.entries.audit_bodies import claimed_body, hint_body
from provenance.ledger.entries.kind import EntryKind
from provenance.media.formats import HEAD, OPAQUE, of_bytes
from provenance.media.picture import pixels
from provenance.media.sidecar import LIMIT
from provenance.media.xmp_beside import LIMIT as XMP_LIMIT
from provenance.release.keys import keep_key
from provenance.settings import Settings
from provenance.show.counting import counting
from provenance.statement.commitment import Body
from provenance.statement.counted import counted
from provenance.statement.statement import Resource
from provenance.statement.untrusted import plain

AT_ONCE = 50  # entries of one commit
NAMED = 20  # files that are named as left out


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be taken in, and write nothing.")
@click.option("--names", is_flag=True, help="Keep each file's name, too; sealed, so that it can be erased.")
@click.pass_obj
def import_command(settings: Settings, paths: tuple[Path, ...], dry_run: bool, names: bool) -> None:
    """Take older pictures into the ledger as claims.

    A claim says what a picture's own metadata said on the day it was taken in: which program, which model, whether it
    began from a picture. Nobody vouches for it, and it credits nobody. The picture stays where it is and as it is.
    Later a copy without its metadata is found by its pixels.

    A film, an SVG or an EXR whose text says how it was made is taken in by its bytes alone: no pixels are read of it.

    What the ledger has already is left out, and so is what cannot be read.
    """
    with counting("files found", None) as count:
        found = survey(paths, on_found=count.step)
    taken, opaque, left_out = 0, 0, [f"{each.name}: {each.why}" for each in found.left_out]
    waiting: list[tuple[EntryKind, Body]] = []
    with reading(settings) as opened:
        held, seen = opened.held, set[str]()
        with counting("taking in", len(found.items)) as count:
            for item, told in _looked_at(opened, found.items):
                count.step()
                why = told if isinstance(told, str) else _why_not(held, told, seen)
                if why:
                    left_out.append(f"{item.name}: {why}")
                elif isinstance(told, Inspection):
                    seen.add(str(told.observed.digest))
                    waiting.append((EntryKind.PICTURE_CLAIMED, _body(told, item.name if names else "")))
                    taken += 1
                    opaque += told.observed.pixels is None
                    if not dry_run:
                        _keep_key(settings, told)
                if len(waiting) >= AT_ONCE and not dry_run:
                    _write(settings, waiting)
        if waiting and not dry_run:
            _write(settings, waiting)
    what = "would be taken in" if dry_run else "taken in as claims"
    click.echo(f"{counted(taken, 'picture')} {what}; {len(left_out):,} left out")
    if opaque:
        click.echo(f"  {opaque:,} of them by the bytes alone: their pixels could not be read here")
    for each in left_out[:NAMED]:
        click.echo(f"  {plain(each, 300)}")
    if len(left_out) > NAMED:
        click.echo(f"  … and {len(left_out) - NAMED:,} more")


def _looked_at(opened: Reading, items: tuple[Item, ...]) -> Iterator[tuple[Item, Inspection | str]]:
    """Each file with its inspection, or why there is none."""
    limits = opened.settings.limits
    for item in items:
        try:
            source = item.load(limits.size)
            beside = item.beside(LIMIT) if item.beside is not None else None
            xmp = item.xmp(XMP_LIMIT) if item.xmp is not None else None
            yield (
                item,
                inspect(
                    source,
                    trust=opened.trust,
                    ledger=opened.ledger,
                    name=item.name,
                    beside=beside if isinstance(beside, bytes) else None,
                    xmp=xmp if isinstance(xmp, bytes) else None,
                    limits=limits,
                ),
            )
        except ProvenanceError as error:
            yield item, str(error)


def _why_not(held: AnyLedger, told: Inspection, seen: set[str]) -> str:
    """Why a picture is not taken in; "" where it is."""
    digest = told.observed.digest
    if told.own_record is not None:
        return f"the ledger has a record of it ({told.own_record.picture})"
    if has_claim(held, digest) or str(digest) in seen:
        return "the ledger has a claim on this very file"
    if told.observed.picture is None and not told.observed.traces:
        return told.observed.trouble or "it is no picture"
    return ""


def _body(told: Inspection, name: str) -> dict[str, Body]:
    seen = told.observed
    picture = seen.picture
    kind = of_bytes(seen.contents.data[:HEAD])
    named = kind.media_type if kind is not None else OPAQUE
    output = Resource(
        digest=seen.digest,
        media_type=picture.media_type if picture else named,
        size=seen.size,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        pixels=seen.pixels,
    )
    hints = [hint_body(each.tool, each.place, each.maker, each.models) for each in seen.traces]
    return claimed_body(output, told.classified.answer.value, told.classified.because, hints, name)


def _keep_key(settings: Settings, told: Inspection) -> None:
    """The key of its first rows: the file itself stays where it is, so it cannot be made later."""
    seen = told.observed
    if seen.picture is not None and seen.shown is not None:
        shown = pixels(replace(seen.picture, data=seen.contents.data))
        keep_key(settings, seen.shown, shown)


def _write(settings: Settings, waiting: list[tuple[EntryKind, Body]]) -> None:
    with writing(settings) as ledger:
        ledger.append_all(waiting)
        ledger.checkpoint()
    waiting.clear()


COMMANDS = (import_command,)
