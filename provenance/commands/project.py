"""`genzu project`: a production's answers, and the choice among the candidates of a cut."""

from collections.abc import Sequence
from dataclasses import replace

import click

from provenance.commands.group import Sentences
from provenance.commands.opening import as_json as json_option
from provenance.commands.opening import reading
from provenance.errors import NotRecorded, StatementError
from provenance.ledger.any_ledger import AnyLedger
from provenance.people.project import QUESTIONS, Production
from provenance.people.register import Register, register_of
from provenance.people.shots import Shot, choose, shots_of
from provenance.people.stated import state_production
from provenance.release.archive import Archive
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, styled
from provenance.statement.counted import counted
from provenance.statement.credit import NOT_NAMED, Role, parse_role
from provenance.statement.cut import cut_meant
from provenance.statement.json_value import Json
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Preset

ANSWER = click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=yes|no|unknown[:REMARK]",
    help=f"An answer for the client; questions: {', '.join(QUESTIONS)}.",
)
APPROVAL = click.option("--approval", help="The reference of a written approval; private.")
ORDER = click.option(
    "--order", default="", metavar="ROLE,ROLE,…", help="The roles that open this production's roll, in order."
)
NOTICE = click.option("--notice", help="The reference of a notice that was given; private.")


@click.group("project", cls=Sentences)
def project() -> None:
    """Productions: what the client asks, and which picture was chosen for each shot."""


@project.command("new")
@click.argument("production")
@click.option(
    "--preset",
    type=click.Choice([each.value for each in Preset]),
    default="plain",
    show_default=True,
    help="What its client asks for, as above.",
)
@ANSWER
@APPROVAL
@NOTICE
@ORDER
@click.pass_obj
def new_command(
    settings: Settings,
    production: str,
    preset: str,
    answers: Sequence[str],
    approval: str | None,
    notice: str | None,
    order: str,
) -> None:
    """Add a production. Its preset says what it asks for.

    \b
    plain        nothing beyond the credits
    streaming    five answers, and a written approval of what stays in the film
    feature      the same, and a notice to the crew
    series       as streaming; each final picture names its episode and cut
    commercial   two answers, and the client's approval of what stays
    game         three answers; each final picture names its scene (--shot)
    demo         one answer: nothing protected is shown
    """
    with open_archive(settings) as archive:
        known = register_of(archive.ledger).production(production)
        if known is not None:
            raise StatementError(f"{known.production} is on record; change it with `genzu project set`")
        _state(archive, _with(Production(production, Preset(preset)), answers, approval, notice, order))


@project.command("set")
@click.argument("production")
@ANSWER
@APPROVAL
@NOTICE
@ORDER
@click.pass_obj
def set_command(
    settings: Settings,
    production: str,
    answers: Sequence[str],
    approval: str | None,
    notice: str | None,
    order: str,
) -> None:
    """Add answers or references. Earlier entries stay."""
    with open_archive(settings) as archive:
        _state(archive, _with(_known(archive.ledger, production), answers, approval, notice, order))


@project.command("show")
@click.argument("production")
@json_option
@click.pass_obj
def show_command(settings: Settings, production: str, as_json: bool) -> None:
    """A production's answers, and what a client will still ask."""
    with reading(settings) as opened:
        found = _known(opened.held, production)
    told: dict[str, Json] = {
        "production": found.production,
        "preset": found.preset.value,
        "answers": {name: found.answers.get(name, "not answered") for name in QUESTIONS},
        "remarks": dict(found.remarks),
        "approval": found.approval,
        "notice": found.notice,
        "order": [each.value for each in found.roles],
        "open": list(found.open_points()),
        "entry": found.seq,
    }
    if as_json:
        print_json(told)
        return
    screen = console()
    screen.print(styled(f"{found.production}  ({found.preset.value}, entry {found.seq})"))
    screen.print(styled(f"  roll          {', '.join(each.value for each in found.roles)}"))
    for name, question in QUESTIONS.items():
        screen.print(
            styled(
                f"  {found.answers.get(name, 'not answered'):<13} {question} {found.remarks.get(name, '')}"
            )
        )
    for point in found.open_points():
        screen.print(styled(f"  open: {point}"))


@project.command("candidates")
@click.option("--production", required=True, help="The film or series.")
@click.option("--shot", help="One shot only.")
@json_option
@click.pass_obj
def candidates_command(settings: Settings, production: str, shot: str | None, as_json: bool) -> None:
    """The candidates for each shot, and which one was chosen, by whom and why."""
    with reading(settings) as opened:
        register = register_of(opened.held)
        shots = [
            each
            for each in shots_of(opened.held, register, production)
            if shot is None or cut_meant("", each.cut.shot) == cut_meant("", shot)
        ]
        told = [_candidates(register, each) for each in shots]
    if as_json:
        print_json([*told])
        return
    screen = console()
    for shot_told, each in zip(told, shots, strict=True):
        chosen = "no choice on record"
        if each.choice is not None:
            chosen = f"chosen {each.choice.chosen} by {shot_told['by']}: {each.choice.why}"
        screen.print(
            styled(f"{each.cut}  {counted(len(each.candidates), 'candidate')}, {chosen}", limit=2_000)
        )
        for one in each.candidates:
            screen.print(styled(f"    {one.picture}"))


@project.command("choose")
@click.argument("picture")
@click.option("--by", required=True, metavar="NAME|ID", help="Who chose; they must be on record.")
@click.option("--why", default="", help="The reason; private.")
@click.pass_obj
def choose_command(settings: Settings, picture: str, by: str, why: str) -> None:
    """Choose PICTURE for its shot. All other candidates are kept, and a later choice replaces this one."""
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        choice = choose(archive.ledger, register, picture, register.only(by).person, why)
    click.echo(f"{plain(str(choice.cut))}: {picture}, one of {len(choice.among)}  (entry {choice.seq})")


def _candidates(register: Register, shot: Shot) -> dict[str, Json]:
    choice = shot.choice
    return {
        "episode": shot.cut.episode,
        "cut": shot.cut.shot,
        "pictures": len(shot.pictures),
        "candidates": [each.picture for each in shot.candidates],
        "chosen": choice.chosen if choice else None,
        "by": (register.person(choice.by).shown() or NOT_NAMED) if choice else None,
        "why": choice.why if choice else None,
        "entry": choice.seq if choice else None,
    }


def _known(ledger: AnyLedger, production: str) -> Production:
    found = register_of(ledger).production(production)
    if found is None:
        raise NotRecorded(
            f"no production {plain(production, 60)!r} is on record; `genzu project new` writes it down"
        )
    return found


def parse_order(text: str) -> tuple[Role, ...]:
    """The roles of `layout, art direction`, each once; StatementError names one that is none."""
    return tuple(dict.fromkeys(parse_role(each) for each in text.split(",") if each.strip()))


def _with(
    found: Production, answers: Sequence[str], approval: str | None, notice: str | None, order: str
) -> Production:
    given, remarks = dict(found.answers), dict(found.remarks)
    for each in answers:
        name, separator, rest = each.partition("=")
        if not separator:
            raise StatementError(f"an answer is written QUESTION=yes, not {each[:60]!r}")
        answer, _, remark = rest.partition(":")
        given[name.strip()] = answer.strip().lower()
        if remark.strip():
            remarks[name.strip()] = remark.strip()
    return replace(
        found,
        answers=given,
        remarks=remarks,
        order=parse_order(order) or found.order,
        approval=found.approval if approval is None else approval.strip(),
        notice=found.notice if notice is None else notice.strip(),
    )


def _state(archive: Archive, production: Production) -> None:
    entry = state_production(archive.ledger, production)
    click.echo(f"{plain(production.production)}  (entry {entry.seq})")
    for point in production.open_points():
        click.echo(f"  open: {plain(point)}")


COMMANDS = (project,)
