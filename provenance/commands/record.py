"""`genzu record`, `retouch` and `export`: pictures that people made, signed into the ledger; and out of it again."""

import functools
import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from provenance.commands.announcing import announced, opened
from provenance.commands.announcing import dry_run as dry_run_option
from provenance.commands.remedies import with_remedies
from provenance.credentials.identity.identity import Identity, read_artist
from provenance.credentials.sign.disclosure import Publication, parse_pseudonyms
from provenance.credentials.sign.disclosure import no_training as without_training
from provenance.errors import StatementError
from provenance.media.sidecar import FACT, place_beside
from provenance.release.archive import Archive
from provenance.release.job import Job, Terms
from provenance.release.journal import claim, hand_over
from provenance.release.made import FinalFinding, Released
from provenance.release.opening import open_archive
from provenance.release.release import record, retouch
from provenance.settings import Settings
from provenance.show.released_json import released_json
from provenance.statement.credit import Credit, Role, parse_credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import HUMAN_SOURCES, PAINTED_ELSEWHERE, SourceType, Stage

CHECK_FAILED = 1
Command = TypeVar("Command", bound=Callable[..., Any])

ROLES = ", ".join(role.value for role in Role)


class CreditType(click.ParamType[Credit]):
    """A credit as `role: NAME`."""

    name = "role: name"

    def convert(self, value: object, param: click.Parameter | None, context: click.Context | None) -> Credit:
        if isinstance(value, Credit):
            return value
        try:
            return parse_credit(str(value))
        except StatementError as error:
            self.fail(str(error), param, context)


_REFERENCE = click.option(
    "--reference",
    "references",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A picture that the makers looked at; repeat for more. Its own credentials are kept.",
)

# What every command asks that makes a record, in the order in which --help shows it.
WHO_AND_WHERE = (
    click.option(
        "--by",
        "credits",
        type=CreditType(),
        multiple=True,
        required=True,
        metavar='"ROLE: NAME"',
        help=f"Who did what; repeat for each person. Roles: {ROLES}. "
        'For somebody who asked not to be named: "layout: -".',
    ),
    click.option("--production", default="", help="The film or series it belongs to."),
    click.option("--episode", default="", help="The episode."),
    click.option("--shot", default="", help="The shot (cut), such as c014."),
    click.option(
        "--stage",
        type=click.Choice([stage.value for stage in Stage]),
        default=Stage.TEMP.value,
        show_default=True,
        help="Whether it is meant to stay in the film.",
    ),
    click.option(
        "-o",
        "--out",
        required=True,
        type=click.Path(path_type=Path),
        help="Where the signed picture goes.",
    ),
    click.option(
        "--pseudonym",
        "pseudonyms",
        multiple=True,
        metavar='"NAME=SHOWN"',
        help="The file shows another name than the ledger; repeat for each person.",
    ),
    click.option("--credit-line", default="", help="IPTC credit line, such as 'Studio Kita'."),
    click.option("--no-training", is_flag=True, help="The file says: not for training, not for mining."),
    click.option("--parameters-text", is_flag=True, help="Add the `parameters` text that A1111 reads."),
    click.option(
        "--keep-private",
        is_flag=True,
        help="Keep GPS, the camera's owner and serial numbers in a recorded file; otherwise they are blanked.",
    ),
    click.option(
        "--as-artist",
        metavar="CHAIN.pem,KEY.pem",
        help="The artist's own certificate vouches for the credits as well (CAWG X.509 identity).",
    ),
    click.option("--force", is_flag=True, help="Replace the output if it is there."),
    dry_run_option,
    click.option("--json", "as_json", is_flag=True, help="Print what was recorded as JSON."),
)


def who_and_where(command: Command) -> Command:
    """The options that every command has which makes a record; the command gets a `job`, `dry_run` and `as_json`."""

    @functools.wraps(command)
    def parsed(*args: Any, **options: Any) -> Any:
        own = {name: options.pop(name) for name in list(options) if name not in _JOB}
        return command(*args, job=job_of(**options), **own)

    asked: Any = parsed
    for option in reversed(WHO_AND_WHERE):
        asked = option(asked)
    return cast(Command, asked)


def job_of(
    credits: tuple[Credit, ...],
    out: Path,
    production: str,
    episode: str,
    shot: str,
    stage: str,
    pseudonyms: tuple[str, ...],
    credit_line: str,
    no_training: bool,
    parameters_text: bool,
    keep_private: bool,
    as_artist: str | None,
    force: bool,
) -> Job:
    """The job, from the options of WHO_AND_WHERE by their names in Python."""
    publication = Publication(
        wishes=without_training() if no_training else {},
        pseudonyms=parse_pseudonyms(pseudonyms, credits),
        credit_line=credit_line,
        parameters_text=parameters_text,
        keep_private=keep_private,
    )
    place = Project(production, episode, shot, Stage(stage))
    return Job(credits, out, place, terms=Terms(publication, artist=_artist(as_artist)), force=force)


def _artist(files: str | None) -> Identity | None:
    if files is None:
        return None
    chain, separator, key = files.partition(",")
    if not separator or not chain or not key:
        raise StatementError(f"an artist's certificate is given as CHAIN.pem,KEY.pem, not {files[:80]!r}")
    return read_artist(Path(chain).expanduser(), Path(key).expanduser())


_JOB = frozenset(inspect.signature(job_of).parameters)


def tell(released: Released, archive: Archive, *, as_json: bool) -> None:
    """Says what has left and where its record stands."""
    said = released_json(released, archive.ledger, archive.trust, worded)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
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


def worded(finding: FinalFinding) -> str:
    """What keeps a picture from being final, with what can be done about it."""
    return with_remedies(finding.words, [finding.remedy] if finding.remedy is not None else [])


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
