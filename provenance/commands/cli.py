"""The command `genzu`: the words that check and record. generation/cli.py adds the words that paint."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import click

from provenance.commands.group import Sentences
from provenance.errors import ProvenanceError
from provenance.release.job import software
from provenance.release.release import Stopped
from provenance.settings import settings_from_environment

CHECK_FAILED, NOT_CHECKED, INTERRUPTED = 1, 2, 130

EPILOG = "Exit codes: 0 fine, 1 a check failed, 2 could not check (or wrong usage), 130 stopped by Ctrl-C."


@click.group(cls=Sentences, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(software().version, prog_name="genzu")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the archive: ledger, vault and keys. Else GENZU_HOME, else your data folder.",
)
@click.pass_context
def genzu(context: click.Context, home: Path | None) -> None:
    """Paint backgrounds over layouts, and keep a record of who and what made each picture that can be checked."""
    context.obj = settings_from_environment(home=home)


def run(group: click.Group, sentences: tuple[type[Exception], ...] = (ProvenanceError,)) -> None:
    """Runs the command line: every error is one sentence and an exit code, never a trace."""
    # A terminate request ends like Ctrl-C: the picture under way is closed on the record.
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        code = group.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt, Stopped):
        click.echo("stopped; nothing half-made is left", err=True)
        code = INTERRUPTED
    except sentences as error:
        click.echo(f"genzu: {error}", err=True)
        code = NOT_CHECKED
    except BrokenPipeError:
        # The reader (`| head`) has gone; Python would complain again while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _as_interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
