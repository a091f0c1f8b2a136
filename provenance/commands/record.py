"""`genzu record`, `retouch` and `export`: pictures that people made, signed into the ledger; and out of it again."""

from pathlib import Path

import click

from provenance.commands.announcing import announced, opened
from provenance.commands.job_options import who_and_where
from provenance.commands.remedies import worded
from provenance.inspection.inspection import inspect_signed
from provenance.media.sidecar import FACT, place_beside
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.journal import claim, hand_over
from provenance.release.made import Released
from provenance.release.opening import open_archive
from provenance.release.release import record, retouch
from provenance.settings import Settings
from provenance.show.released_json import released_json
from provenance.show.terminal import print_json
from provenance.statement.vocabulary import HUMAN_SOURCES, PAINTED_ELSEWHERE, SourceType

CHECK_FAILED = 1
_REFERENCE = click.option(
    "--reference",
    "references",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A picture that the makers looked at; repeat for more. Its own credentials are kept.",
)


def tell(released: Released, archive: Archive, *, as_json: bool) -> None:
    """Says what has left and where its record stands."""
    seen = inspect_signed(released.path, archive)
    said = released_json(released, archive.ledger, seen, worded)
    if as_json:
        print_json(said)
        return
    click.echo(f"{released.path}")
    click.echo(f"  {said['history']}")
    if FACT in released.record.facts:
        click.echo(f"  its credentials lie beside it: {place_beside(released.path)}; pass on both")
    click.echo(
        f"  recorded as {released.record.picture}, entries {released.record.requested} and {released.record.released}"
    )
    click.echo(f"  {released.digest}")
    for note in released.notes:
        click.echo(f"  {note}")
    for finding in released.findings:
        click.echo(f"  before it can be final: {worded(finding)}", err=True)


@click.command("record")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--source",
    type=click.Choice([kind.value for kind in (*HUMAN_SOURCES, *PAINTED_ELSEWHERE)]),
    required=True,
    help="How it was made: drawn in software, on paper (scanned), or photographed; or painted by an AI elsewhere, from "
    "words alone or over a picture.",
)
@_REFERENCE
@who_and_where
@click.pass_obj
def record_command(
    settings: Settings,
    /,
    file: Path,
    source: str,
    references: tuple[Path, ...],
    job: Job,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Sign and record a picture that people made, or that another program painted. The signed copy goes to OUT;
    FILE stays as it is.

    PNG, JPEG, WebP, TIFF and AVIF carry their credentials inside. Of anything else (.psd, .svg, .pdf, .exr …) an
    unchanged copy goes out, with the credentials beside it: OUT.c2pa.
    """
    with opened(settings, dry_run=dry_run) as archive:
        job = announced(job, dry_run=dry_run, as_json=as_json)
        released = record(archive, file, job, source_type=SourceType.parse(source), references=references)
        tell(released, archive, as_json=as_json)


@click.command("retouch")
@click.argument("parent", type=click.Path(path_type=Path))
@click.argument("edited", type=click.Path(path_type=Path))
@_REFERENCE
@who_and_where
@click.pass_obj
def retouch_command(
    settings: Settings,
    /,
    parent: Path,
    edited: Path,
    references: tuple[Path, ...],
    job: Job,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Record EDITED as a revision of PARENT by hand. The signed copy at OUT holds the parent's history."""
    with opened(settings, dry_run=dry_run) as archive:
        job = announced(job, dry_run=dry_run, as_json=as_json)
        released = retouch(archive, parent, edited, job, references=references)
        tell(released, archive, as_json=as_json)


@click.command("export")
@click.argument("picture")
@click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="Where the signed file goes."
)
@click.option("--force", is_flag=True, help="Replace the output if it is there.")
@click.pass_obj
def export_command(settings: Settings, /, picture: str, out: Path, force: bool) -> None:
    """Write the signed file of a recorded PICTURE from the vault, byte for byte."""
    with open_archive(settings) as archive:
        out = claim(out, force=force)
        hand_over(archive.ledger.picture(picture), out, archive.vault, force=force)
        click.echo(str(out))


@click.command("init")
@click.option(
    "--renew",
    is_flag=True,
    help="Make a new signing certificate now, also where the clock is far ahead of the log's last entry.",
)
@click.pass_context
def init_command(context: click.Context, /, renew: bool) -> None:
    """Make the archive (ledger, vault, signing identity) if there is none, and say where everything is.

    Exit code 1 where nothing can be signed today, because the certificate or the clock is wrong.
    """
    settings: Settings = context.obj
    with opened(settings, dry_run=False, renew=renew) as archive:
        signed = archive.ledger.checkpoint().checkpoint.size
        click.echo(f"archive   {settings.home}")
        click.echo(f"ledger    {archive.ledger.id}, signed for up to entry {signed - 1}")
        signer = archive.identity
        valid = signer.valid
        until = f"until {signer.expires:%Y-%m-%d}" if valid else "not valid today: nothing can be signed"
        click.echo(f"signer    {signer.name}, {signer.fingerprint}, {until}")
        click.echo(f"keys      {settings.keys} (keep a copy in a safe place, show it to nobody)")
        click.echo(
            f"copy out  {settings.checkpoints} (give it away: it is what an edit of the ledger is found by)"
        )
    context.exit(0 if valid else CHECK_FAILED)


COMMANDS = (record_command, retouch_command, export_command, init_command)
