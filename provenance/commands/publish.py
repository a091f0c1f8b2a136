"""`genzu publish`, `certificate` and `usage`: the record handed on, without anything private in it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from provenance.commands.opening import reading
from provenance.commands.showing import tell_written
from provenance.errors import OutputError, Remedy, StatementError, Way
from provenance.exports.certificate import certify, files_of
from provenance.exports.certificate_pdf import to_pdf
from provenance.exports.prov import to_prov
from provenance.exports.public import public_pictures
from provenance.exports.shots_elsewhere import ShotFacts, ayon_json, facts_of_shots, kitsu_csv, otio_text
from provenance.exports.site import site_files, write_site
from provenance.exports.usage import shot_map, usage_register
from provenance.people.person import parse_identifier
from provenance.people.register import register_of
from provenance.people.shots import shots_of
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.counted import counted
from provenance.statement.words import LANGUAGES
from provenance.storage.atomic import save

ELSEWHERE: Mapping[str, Callable[[Sequence[ShotFacts], str | None], str]] = {
    "otio": otio_text,
    "kitsu": lambda shots, _: kitsu_csv(shots),
    "ayon": lambda shots, _: ayon_json(shots),
}
LANG = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language of the pages' own words.",
)
ADDRESS = click.option("--address", default="", help="The address that the site will have, https://….")


@click.command("publish")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--production", "productions", multiple=True, help="Only this production; repeat for more.")
@ADDRESS
@LANG
@click.pass_obj
def publish_command(
    settings: Settings, folder: Path, productions: Sequence[str], address: str, lang: str
) -> None:
    """Write credit pages into FOLDER, for any web host: pages, receipts, tables, W3C PROV.

    They contain shown names, roles, models, digests and times, but no picture, prompt, note or contact. A folder that
    an earlier run filled is updated; any other folder must be empty.
    """
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        files = site_files(archive.ledger, register, tuple(productions), parse_address(address), lang)
    write_site(folder, files)
    tell_written(folder / "index.html", counted(len(files), "file"), lang)


@click.command("certificate")
@click.argument("who")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder."
)
@ADDRESS
@LANG
@click.option("--called", default="", metavar="SHOWN", help="Only the pictures whose file calls WHO so.")
@click.pass_obj
def certificate_command(
    settings: Settings, who: str, out: Path, address: str, lang: str, called: str
) -> None:
    """Everything that WHO is credited with: a page, a PDF to print, and a receipt for each picture.

    A certificate is in one name. Pictures whose file was given another for WHO (--pseudonym) have one of their own,
    with --called.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(f"{out} is there and not empty; give a new folder")
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        certificate = certify(archive.ledger, register, register.only(who), lang, called=called)
        address = parse_address(address)
        files = {**files_of(archive.ledger, certificate, address)}
        files["certificate.pdf"] = to_pdf(certificate, address)
    _write(out, files)
    count = counted(len(certificate.held), "picture")
    tell_written(out / "certificate.html", count, lang, name=certificate.person.name or "")


@click.command("usage")
@click.option("--production", required=True, help="The film or series.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["register", "ai", "shots", "prov", "otio", "kitsu", "ayon"]),
    default="register",
    show_default=True,
    help="CSV of every picture, of those made with AI, or of the shots; W3C PROV as JSON-LD; or the shots and their AI "
    "use for a timeline (OpenTimelineIO), Kitsu or AYON.",
)
@click.option(
    "--timeline",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="With otio: write it onto the clips of this timeline that are named like the shots, not into a new one.",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), help="The file to write. Without it, the terminal."
)
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@click.pass_obj
def usage_command(
    settings: Settings, production: str, form: str, timeline: Path | None, out: Path | None, force: bool
) -> None:
    """The usage register or shot map of a production, as clients and other programs ask for it."""
    if out is not None and out.exists() and not force:
        raise OutputError(f"{out} exists already", remedies=(Remedy(Way.ANOTHER_NAME),))
    with reading(settings) as opened:
        ledger = opened.held
        register = register_of(ledger)
        shots = shots_of(ledger, register, production)
        if form in ELSEWHERE:
            given = timeline.read_text(encoding="utf-8", errors="replace") if timeline is not None else None
            text = ELSEWHERE[form](facts_of_shots(ledger, register, production), given)
        elif form == "shots":
            text = shot_map(shots)
        elif form == "prov":
            text = to_prov(public_pictures(ledger, register, (production,)), ledger.id)
        else:
            text = usage_register(public_pictures(ledger, register, (production,)), ai_only=form == "ai")
    if out is None:
        click.echo(text.removeprefix("\ufeff"), nl=False)
    else:
        save(out, text.encode("utf-8", "backslashreplace"))
        click.echo(f"{out}")


def parse_address(text: str) -> str:
    try:
        return parse_identifier(f"site:{text}").value if text else ""
    except StatementError as error:
        raise StatementError(f"--address: {error}") from error


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            save(path, data)
    except OSError as error:
        raise OutputError.of(error, f"{folder} could not be written") from error


COMMANDS = (publish_command, certificate_command, usage_command)
