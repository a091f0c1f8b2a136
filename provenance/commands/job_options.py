"""The options of every command that makes a record: who did what, where it belongs, and what the file says of them."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from provenance.credentials.identity.identity import Identity, read_artist
from provenance.credentials.sign.disclosure import Publication, parse_pseudonyms
from provenance.credentials.sign.disclosure import no_training as without_training
from provenance.errors import StatementError
from provenance.release.job import Job, Terms
from provenance.statement.credit import Credit, Role, parse_credit
from provenance.statement.statement import Project
from provenance.statement.vocabulary import Stage

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


dry_run = click.option(
    "--dry-run", is_flag=True, help="Show what would be public, then stop. Nothing is made or written."
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
    dry_run,
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
