"""`genzu log` and `genzu show`: the ledger's entries, with names opened where they are still held."""

from collections.abc import Iterator, Mapping

import click
from rich.console import Console

from provenance.commands.opening import as_json, reading
from provenance.commands.showing import show_record, show_steps
from provenance.errors import NotRecorded, StatementError
from provenance.inspection.classification import classify
from provenance.inspection.graph_json import graph_json
from provenance.inspection.lineage import disputes_behind, lineage
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.claims import claim_of
from provenance.ledger.entries.entry import Entry
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.records_json import record_json
from provenance.ledger.store.records import PictureRecord
from provenance.people.changes import changes_since
from provenance.people.claims import all_claims_json
from provenance.people.credited import credits_of
from provenance.people.person import person_json
from provenance.people.register import register_of
from provenance.people.shots import told_of_choice
from provenance.settings import Settings
from provenance.show.run_words import ran
from provenance.show.terminal import console, print_json, styled
from provenance.statement.canonical import Digest, canonical
from provenance.statement.credit import NOT_NAMED, credit_text
from provenance.statement.json_value import Json
from provenance.statement.moment import moment
from provenance.statement.untrusted import plain

PAGE = 500  # entries


@click.command("log")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(1),
    default=30,
    show_default=True,
    help="How many, counted from the newest.",
)
@click.option("--all", "everything", is_flag=True, help="Every entry.")
@as_json
@click.pass_obj
def log_command(settings: Settings, limit: int, everything: bool, as_json: bool) -> None:
    """The entries, newest last. `genzu show ENTRY` shows one in full."""
    with reading(settings) as opened:
        ledger = opened.held
        count = len(ledger)
        start = 0 if everything else max(0, count - limit)
        entries = _entries(ledger, start, count)
        if as_json:
            print_json(
                {
                    "format": "genzu log 1",
                    "ledger": ledger.id,
                    "size": count,
                    "entries": [_json(each, ledger) for each in entries],
                }
            )
            return
        screen, digits = console(), len(str(count))
        for each in entries:
            line = styled(f"{each.seq:<{digits}}  {moment(each.at)}  ", "dim")
            screen.print(
                line.append(f"{each.kind.value:20}", style="bold").append_text(styled(about(each, ledger)))
            )
        if start:
            screen.print(f"{start:,} earlier entries: --all shows them", style="dim")


def _entries(ledger: AnyLedger, start: int, stop: int) -> Iterator[Entry]:
    """A page at a time: a ledger may hold a million."""
    for page in range(start, stop, PAGE):
        yield from ledger.entries(page, min(page + PAGE, stop))


@click.command("show")
@click.argument("what", metavar="ID")
@as_json
@click.pass_obj
def show_command(settings: Settings, what: str, as_json: bool) -> None:
    """What the ledger holds about ID: an entry's number, pic-… for a picture, per-… for a person,
    sha256:… for a file, its pixels or a model. With --json all of it.
    """
    with reading(settings) as opened:
        ledger, screen = opened.held, console()
        if what.startswith("pic-"):
            _show_picture(screen, ledger, ledger.picture(what), as_json=as_json)
        elif what.startswith("per-"):
            _show_person(screen, ledger, what, as_json=as_json)
        elif what.startswith("sha256:"):
            _show_digest(screen, ledger, what, as_json=as_json)
        elif what.isascii() and what.isdecimal() and len(what) < 16:
            _show_entry(screen, ledger, ledger.entry(int(what)), as_json=as_json)
        else:
            raise NotRecorded(
                f"{plain(what, 60)!r} is no entry number, pic-…, per-… or sha256:…; `genzu log` lists them"
            )


def about(entry: Entry, ledger: AnyLedger) -> str:
    """One line on an entry, names opened."""
    body = entry.body if isinstance(entry.body, dict) else {}
    picture, person = body.get("picture"), body.get("person")
    if entry.kind is EntryKind.PERSON_ADDED and isinstance(person, str):
        return f"{_name(ledger, person)}  {person}"
    if entry.kind is EntryKind.MODEL_RECORDED:
        return f"{body.get('name')}, {body.get('license')}"
    if entry.kind is EntryKind.PICTURE_REQUESTED and isinstance(picture, str):
        said = ledger.picture(picture).statement
        credits = ", ".join(credit_text(each.role.value, each.name) for each in said.credits)
        return f"{picture}  {said.step.value}  {credits}"
    if entry.kind is EntryKind.PICTURE_RELEASED:
        output = body.get("output")
        return f"{picture}  {output.get('digest') if isinstance(output, dict) else ''}"
    if entry.kind is EntryKind.LEDGER_CREATED:
        return ledger.id
    named = _opened(body, ledger)
    return "  ".join(f"{key}: {value}" for key, value in named.items())


def _opened(body: Mapping[str, Json], ledger: AnyLedger) -> dict[str, str]:
    """The fields of an entry as short texts: people by name, private texts as just that."""
    shown: dict[str, str] = {}
    for key, value in body.items():
        if isinstance(value, str):
            shown[key] = f"{_name(ledger, value)} ({value})" if value.startswith("per-") else value
        elif isinstance(value, dict) and set(value) == {"private"}:
            shown[key] = "(private)"
        elif value is not None:
            shown[key] = canonical(value).decode()
    return shown


def _name(ledger: AnyLedger, person: str) -> str:
    try:
        found = ledger.person(person)
    except NotRecorded:
        return person
    return found.absent or found.name or NOT_NAMED


def _json(entry: Entry, ledger: AnyLedger) -> dict[str, Json]:
    return {
        "entry": entry.seq,
        "at": entry.at,
        "kind": entry.kind.value,
        "body": entry.body,
        "leaf_hash": entry.leaf_hash.hex(),
        "about": about(entry, ledger),
    }


def _show_picture(screen: Console, ledger: AnyLedger, record: PictureRecord, *, as_json: bool) -> None:
    graph = lineage(record, ledger)
    children = ledger.children(record.picture)
    if as_json:
        later: list[Json] = [each.picture for each in children]
        claims = all_claims_json(register_of(ledger), record)
        told: dict[str, Json] = {"format": "genzu record 1", **record_json(record), "claims": claims}
        changed: list[Json] = [str(each) for each in changes_since(register_of(ledger), record)]
        told["disputes"] = [*disputes_behind(ledger, record)]
        told["choice"] = told_of_choice(register_of(ledger), record) or None
        print_json({**told, "corrections": changed, "lineage": graph_json(graph), "later": later})
        return
    show_record(screen, record, register_of(ledger))
    for words in disputes_behind(ledger, record):
        screen.print(styled(f"   {words}", "yellow", limit=600))
    if choice := told_of_choice(register_of(ledger), record):
        screen.print(styled(f"   {choice}", limit=600))
    answer = classify(graph)
    screen.print(styled(f"   {answer.answer.value}: {answer.because}"))
    if record.output is not None:
        sides = f", {record.output.sides}" if record.output.sides else ""
        screen.print(styled(f"   file {record.output.digest}{sides}"))
    entries = f"{record.requested}" + (f" and {record.released}" if record.released is not None else "")
    screen.print(styled(f"   entries {entries}; manifest {record.manifest or 'none'}"))
    if computed := ran(record.facts):
        screen.print(styled(f"   computed {computed}", limit=600))
    if record.statement.prompt is not None:
        screen.print(styled(f"   “{record.statement.prompt.text}”", "italic", limit=1000))
    if record.statement.note:
        screen.print(styled(f"   note: {record.statement.note}", limit=1_000))
    screen.print()
    screen.print("How it was made", style="bold")
    show_steps(screen, graph)
    if children:
        screen.print()
        screen.print("Made with it", style="bold")
        for each in children:
            show_record(screen, each, register_of(ledger))


def _show_person(screen: Console, ledger: AnyLedger, what: str, *, as_json: bool) -> None:
    register = register_of(ledger)
    person = register.only(what)
    every = credits_of(ledger, register, person)
    credited = [(each.role.value, each.record) for each in every if each.role is not None]
    if as_json:
        pictures: list[Json] = [
            {"role": role, "picture": record.picture} for role, record in reversed(credited)
        ]
        print_json({"format": "genzu person 1", **person_json(person), "credits": pictures})
        return
    name = person.shown() or NOT_NAMED
    screen.print(styled(f"{name}  {person.person}  ({person.kind.value}, entry {person.added})", "bold"))
    if person.person != what:
        screen.print(styled(f"   {what} stands for them, too"))
    for role, record in reversed(credited):
        screen.print(styled(f"   {role}: {record.picture}, {moment(record.at)[:10]}"))


def _show_digest(screen: Console, ledger: AnyLedger, what: str, *, as_json: bool) -> None:
    try:
        digest = Digest.parse(what)
    except StatementError as error:
        raise NotRecorded(f"{error}; give all of it") from error
    pictures = [*ledger.pictures_with_file(digest), *ledger.pictures_with_pixels(digest)]
    if pictures:
        _show_picture(screen, ledger, pictures[0], as_json=as_json)
        return
    claim = claim_of(ledger, digest, digest)
    if claim is not None:
        _show_entry(screen, ledger, ledger.entry(claim.seq), as_json=as_json)
        return
    try:
        model = ledger.model(digest)
    except NotRecorded as error:
        raise NotRecorded(f"the ledger has no file, no pixels and no model {digest}") from error
    facts: dict[str, Json] = {
        "name": model.name,
        "source": model.source,
        "revision": model.revision,
        "license": model.license,
        "training": model.training,
        "attribution": model.attribution,
        "digest": str(model.digest),
    }
    if as_json:
        files: dict[str, Json] = {path: str(each) for path, each in model.files.items()}
        print_json({"format": "genzu model 1", **facts, "files": files})
        return
    for key, value in facts.items():
        screen.print(styled(f"{key:12} {value}", limit=2000))


def _show_entry(screen: Console, ledger: AnyLedger, entry: Entry, *, as_json: bool) -> None:
    if as_json:
        print_json({"format": "genzu entry 1", **_json(entry, ledger)})
        return
    screen.print(styled(f"entry {entry.seq}  {entry.at}  {entry.kind.value}", "bold"))
    screen.print(styled(about(entry, ledger), limit=2000))
    screen.print(styled(f"leaf hash {entry.leaf_hash.hex()}", "dim"))
    screen.print(styled(entry.leaf.decode("utf-8", "replace"), "dim", limit=20_000), soft_wrap=True)


COMMANDS = (log_command, show_command)
