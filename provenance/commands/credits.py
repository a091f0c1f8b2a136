"""`genzu credits`: what a person is credited on, or who is credited on a picture."""

from functools import partial
from pathlib import Path

import click
from rich.console import Console

from provenance.commands.credits_of_name import of_name_asked
from provenance.commands.credits_of_record import of_record_asked, tell_of_disputes
from provenance.commands.opening import Reading, as_json, lang, reading, told_of
from provenance.commands.showing import show_findings, show_record, show_steps, tell_written
from provenance.errors import OutputError, PictureError
from provenance.exports.certificate import certify, to_html
from provenance.exports.certificate_pdf import to_pdf
from provenance.inspection.evidence.ledger import no_record
from provenance.inspection.evidence.looks import ABOUT as LIKENESS
from provenance.inspection.graph_json import node_json
from provenance.inspection.inspected import Inspection
from provenance.inspection.translated import in_language
from provenance.inspection.whose import (
    NO_LEDGER,
    behind,
    claims,
    corrections,
    disputes_on,
    known_besides,
    said_elsewhere,
    speaks_against,
)
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.records_json import record_json
from provenance.media.formats import of_name
from provenance.people.register import register_of
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.show.drawing import credit_words
from provenance.show.terminal import console, print_json, styled
from provenance.statement.canonical import picture_typed
from provenance.statement.counted import counted
from provenance.statement.json_value import Json
from provenance.statement.words import MARKS
from provenance.storage.atomic import save


@click.command("credits")
@click.argument("name_or_file", metavar="NAME|FILE")
@click.option(
    "--name", "as_name", is_flag=True, help="Treat it as a name, even if there is a file of that name."
)
@click.option(
    "--certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the certificate of the one person called NAME to this new file, .pdf or .html.",
)
@lang
@as_json
@click.pass_obj
def credits_command(
    settings: Settings,
    name_or_file: str,
    as_name: bool,
    certificate: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """The pictures that credit NAME; or the people named by FILE and by its record.

    NAME may be any name, reading or identifier on record, a name that files have in its place, or the id of a
    picture (pic-…). People with the same name are listed separately, each with an id. Corrections and merges are
    followed. The exit code is 0 even if nothing is found: a person who is not in this ledger may still have made
    pictures.
    """
    if certificate is not None:
        _certify(settings, name_or_file, certificate, language)
        return
    path = Path(name_or_file)
    with reading(settings) as opened:
        if not as_name and path.is_file():
            of_file(opened, path, as_json=as_json, language=language)
        elif not as_name and (picture := picture_typed(name_or_file)) is not None:
            of_record_asked(opened.held, opened.others, picture, as_json=as_json, language=language)
        elif not as_name and of_name(name_or_file) is not None:
            raise PictureError(
                f"there is no file {name_or_file}; for somebody who is credited by that name add --name"
            )
        else:
            of_name_asked(opened.held, opened.others, name_or_file, as_json=as_json, language=language)


def _certify(settings: Settings, who: str, out: Path, language: str) -> None:
    if out.suffix.lower() not in {".pdf", ".html"}:
        raise OutputError(f"a certificate is written as .pdf or .html, not {out.suffix[:20]!r}")
    if out.exists():
        raise OutputError(f"{out} exists already; give another name")
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        found = certify(archive.ledger, register, register.only(who), language)
    save(out, to_pdf(found) if out.suffix.lower() == ".pdf" else to_html(found).encode())
    tell_written(out, counted(len(found.held), "picture"), language, name=found.person.name or "")


def of_file(opened: Reading, path: Path, *, as_json: bool, language: str) -> None:
    """Shows what the file says, what our ledger says, and what the imported ones say."""
    told = told_of(opened, path, language)
    if as_json:
        print_json(file_json(opened, told, language))
    else:
        _show_file(console(), told, opened.ledger, language)


def file_json(opened: Reading, told: Inspection, language: str = "en") -> dict[str, Json]:
    """The people of a file and of its record as data; its sentences in a language."""
    return {
        "format": "genzu credits 1",
        "asked": told.observed.name,
        "history": told.history.sentence_in(language),
        "everybody": [{"role": each.role, "name": each.name} for each in told.history.credits],
        "verdict": told.chain.verdict.value,
        "steps": [node_json(node) for node in told.graph.nodes],
        "record": record_json(told.record) if told.record else None,
        "corrections": [in_language(str(each), language) for each in corrections(told, opened.ledger)],
        "claims": claims(told, opened.ledger),
        "disputes": [in_language(each, language) for each in disputes_on(told)],
        "match": told.match.name.lower() if told.match else None,
        "looks_like": [each.to_json() for each in told.observed.looks_like],
        "elsewhere": [each.to_json() for each in told.elsewhere],
    }


def _show_file(screen: Console, told: Inspection, ledger: AnyLedger | None, language: str) -> None:
    say, marks = partial(in_language, language=language), MARKS[language]
    screen.print(styled(told.observed.name, "bold"))
    for words in speaks_against(told):
        screen.print(styled(say(words), "bold red", limit=2_000), soft_wrap=True)
    screen.print(styled(told.history.sentence_in(language), limit=2_000), soft_wrap=True)
    if told.history.credits:
        people = marks.semicolon.join(
            credit_words(each.role, each.name, say) for each in told.history.credits
        )
        everybody = marks.together([say("Everybody in its history:"), f"{people}{marks.stop.strip()}"])
        screen.print(styled(everybody, limit=4_000), soft_wrap=True)
    screen.print()
    verdict = say(told.chain.verdict.value)
    if told.chain.steps:
        screen.print(say("What the file says ({}):").format(verdict))
        show_steps(screen, told.graph, language)
    else:
        screen.print(say("What the file says: {}.").format(verdict))
    screen.print()
    if told.record is not None and told.match is not None and ledger is not None:
        screen.print(say("What the ledger says ({}):").format(say(told.match.value)))
        show_record(screen, told.record, register_of(ledger), language)
        for words in behind(told):
            screen.print(styled(say(words), "yellow", limit=2_000), soft_wrap=True)
        tell_of_disputes(screen, told.record.picture, language)
    else:
        said = known_besides(told) or [no_record(told.elsewhere) if ledger is not None else NO_LEDGER]
        answer = marks.together([say("What the ledger says:"), *map(say, said)])
        screen.print(styled(answer, limit=2_000), soft_wrap=True)
        alike = [each for each in told.findings if each.about == LIKENESS]
        if alike:
            screen.print()
            screen.print(say("What it looks like:"))
            show_findings(screen, alike, language)
    theirs = said_elsewhere(told)
    if theirs:
        screen.print()
        screen.print(say("What other studios' ledgers say:"))
        show_findings(screen, theirs, language)


COMMANDS = (credits_command,)
