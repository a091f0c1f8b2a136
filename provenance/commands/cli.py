"""The command `genzu`: its words, its start and its end. generation/cli.py adds the words that paint."""

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from provenance.commands.group import Overview
from provenance.commands.interrupt import heed, was_asked
from provenance.commands.words import Chapter, Word, Words
from provenance.errors import ProvenanceError, Stopped
from provenance.settings import settings_from_environment

NOT_CHECKED, INTERRUPTED = 2, 130

START, PICTURES = "Start here", "Pictures"


def _word(name: str, file: str, line: str) -> Word:
    return Word(name, f"provenance.commands.{file}", line)


CHAPTERS = (
    Chapter(
        START,
        (_word("inspect", "inspect", "What a picture says: AI or human, who, altered or not."),),
    ),
    Chapter(
        PICTURES,
        (
            _word("who", "who", "Whose picture is this, with nothing but the picture."),
            _word("detect", "who", "Whether our marks are in a picture, seen and unseen."),
            _word("record", "record", "Sign and record a picture that people made."),
            _word("retouch", "record", "Sign and record a revision by hand."),
            _word("choose", "choose", "Which candidate of a shot stays; the others are kept."),
            _word("audit", "audit", "Check every picture in files, folders and archives."),
            _word("watch", "watch", "Keep the report of a folder up to date while files arrive."),
            _word("import", "legacy", "Take older pictures in as claims: what their metadata says."),
            _word("export", "record", "Write the signed file of a recorded picture again."),
        ),
    ),
    Chapter(
        "People and credits",
        (
            _word("credits", "credits", "The pictures of a person, or the people of a picture."),
            _word("people", "people", "Who is who: names, consent, corrections."),
            _word("project", "project", "Productions: what a client asks, what was chosen."),
            _word("roll", "roll", "The credit roll of a production."),
            _word("usage", "publish", "The AI usage register or shot map of a production."),
            _word("certificate", "publish", "One person's credits: a page, a PDF, receipts."),
            _word("publish", "publish", "Credit pages for any web host."),
            _word("dispute", "dispute", "Claims that the record is wrong, and answers."),
        ),
    ),
    Chapter(
        "The ledger",
        (
            _word("init", "record", "Make the archive: ledger, vault and keys."),
            _word("log", "log", "The entries, newest last."),
            _word("show", "log", "What it holds on one entry, picture, person or file."),
            _word("ledger", "ledger", "Verify it, sign it, copy it, prove what is in it."),
            _word("index", "index", "What pictures are found by without their metadata."),
            _word("receipt", "receipt", "Check a receipt."),
            _word("trust", "trust", "Whose signatures count as known."),
        ),
    ),
)
EXIT_CODES = "Exit codes: 0 fine, 1 a check failed, 2 not checked or not done, 130 Ctrl-C."


def command_line(chapters: Sequence[Chapter]) -> Overview:
    """The command `genzu` with the words of these chapters."""

    @click.group(
        "genzu",
        cls=Overview,
        commands=Words(chapters),
        epilog=EXIT_CODES,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    @click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        metavar="FOLDER",
        help="The archive: ledger, vault and keys. Else GENZU_HOME.",
    )
    @click.option(
        "--policy",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="Words and artists' names that are not painted here. Else GENZU_POLICY.",
    )
    @click.option(
        "--version",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_version,
        help="Print the version.",
    )
    @click.pass_context
    def genzu(context: click.Context, home: Path | None, policy: Path | None) -> None:
        """Paint backgrounds over layouts, and record who and what made each picture."""
        found = settings_from_environment(home=home)
        context.obj = replace(found, policy=policy) if policy else found

    return genzu


def _version(context: click.Context, _option: click.Parameter, asked: bool) -> None:
    if not asked or context.resilient_parsing:
        return
    from provenance.release.job import software

    click.echo(f"genzu, version {software().version}")
    context.exit()


def run(group: click.Group, sentences: tuple[type[Exception], ...] = (ProvenanceError,)) -> None:
    """Runs the command line: every error is one sentence and an exit code, never a trace."""
    # A terminate request ends like Ctrl-C: the picture under way is closed on the record.
    heed()
    try:
        code = group.main(prog_name="genzu", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt, Stopped):
        code = _stopped()
    except sentences as error:
        # A library that was interrupted may say that its file is damaged: safetensors does.
        if was_asked():
            code = _stopped()
        else:
            click.echo(f"genzu: {_told(error)}", err=True)
            code = NOT_CHECKED
    except BrokenPipeError:
        # The reader (`| head`) has gone; Python would complain again while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code if isinstance(code, int) else 0)


def _stopped() -> int:
    click.echo("stopped; nothing half-made is left", err=True)
    return INTERRUPTED


def _told(error: Exception) -> str:
    """The error's sentence, with what can be done about it as the command line says it."""
    from provenance.commands.remedies import told

    return told(error) if isinstance(error, ProvenanceError) else str(error)
