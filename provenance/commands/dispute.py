"""`genzu dispute`: saying that the record is wrong, answering, correcting."""

from collections.abc import Sequence
from pathlib import Path

import click

from provenance.commands.group import Sentences
from provenance.commands.opening import as_json as json_option
from provenance.commands.opening import reading
from provenance.ledger.store.erasure import WAITS, due
from provenance.people.dispute import Dispute, Reply, clean_claim
from provenance.people.disputes import (
    answer_dispute,
    correct_by_name,
    dispute_on_record,
    forget_dispute,
    open_dispute,
    read_evidence,
)
from provenance.people.register import Register, register_of
from provenance.release.opening import open_archive
from provenance.release.reissue import reissue
from provenance.settings import Settings
from provenance.show.terminal import console, print_json, show_fields, styled
from provenance.statement.credit import NOT_NAMED, parse_role
from provenance.statement.json_value import Json
from provenance.statement.moment import moment
from provenance.statement.vocabulary import Outcome

BY = click.option("--by", required=True, metavar="NAME|ID", help="Who decides this; they must be on record.")


@click.group("dispute", cls=Sentences)
def dispute() -> None:
    """Claims that the record is wrong, the answers, and the corrections."""


@dispute.command("open")
@click.option("--picture", default="", help="The picture it is about.")
@click.option("--person", default="", metavar="NAME|ID", help="The person it is about.")
@click.option("--claim", required=True, help="What is wrong; private to the keeper.")
@click.option("--contact", required=True, help="How the keeper reaches you; private.")
@click.option("--evidence", type=click.Path(path_type=Path), help="A file of at most 10 MB; kept as it is.")
@click.pass_obj
def open_command(
    settings: Settings, picture: str, person: str, claim: str, contact: str, evidence: Path | None
) -> None:
    """Claim that something is wrong about a picture or a person. What was recorded before stays on record."""
    with open_archive(settings) as archive:
        about = register_of(archive.ledger).only(person).person if person else ""
        data = read_evidence(evidence) if evidence else None
        opened = open_dispute(
            archive.ledger,
            archive.vault,
            claim=claim,
            contact=contact,
            picture=picture,
            person=about,
            evidence=data,
        )
    click.echo(f"{opened.dispute}  (entry {opened.seq})")


@dispute.command("list")
@click.option("--all", "every", is_flag=True, help="Include the answered ones.")
@json_option
@click.pass_obj
def list_command(settings: Settings, every: bool, as_json: bool) -> None:
    """The open disputes, oldest first, without contacts."""
    with reading(settings) as opened:
        register = register_of(opened.held)
    told = [_told(register, each, private=False) for each in register.disputes.values() if every or each.open]
    if as_json:
        print_json([*told])
        return
    screen = console()
    for each in told:
        screen.print(
            styled(f"{each['dispute']}  {each['state']:<9} {each['about']}  {moment(str(each['at']))}"),
            soft_wrap=True,
        )


@dispute.command("show")
@click.argument("which")
@json_option
@click.pass_obj
def show_command(settings: Settings, which: str, as_json: bool) -> None:
    """One dispute with its claim, contact, evidence and answers; for the keeper only."""
    with reading(settings) as opened:
        register = register_of(opened.held)
    told = _told(register, dispute_on_record(register, which), private=True)
    if as_json:
        print_json(told)
        return
    show_fields(console(), told)


@dispute.command("answer")
@click.argument("which")
@click.option(
    "--outcome", type=click.Choice([each.value for each in Outcome]), required=True, help="What comes of it."
)
@click.option(
    "--words", default="", help="The answer. The keeper and anyone with the dispute's id can read it."
)
@click.option(
    "--correction", "corrections", type=int, multiple=True, help="The entry of a correction that followed."
)
@BY
@click.pass_obj
def answer_command(
    settings: Settings, which: str, outcome: str, words: str, corrections: Sequence[int], by: str
) -> None:
    """Answer a dispute. 'noted' leaves it open."""
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        found = dispute_on_record(register, which)
        reply = Reply(Outcome(outcome), clean_claim(words), register.only(by).person, tuple(corrections))
        entry = answer_dispute(archive.ledger, register, found.dispute, reply)
    click.echo(f"{found.dispute}: {outcome}  (entry {entry.seq})")


@dispute.command("correct")
@click.argument("picture")
@click.option("--role", required=True, help="The role of the credit, such as layout.")
@click.option("--was", metavar="NAME|ID", help="Who is credited; leave it out to add somebody.")
@click.option("--is", "now", metavar="NAME|ID", help="Who did it; leave it out to take the credit away.")
@BY
@click.option("--why", default="", help="The reason; private.")
@click.option("--dispute", "which", default="", help="The dispute that this answers.")
@click.pass_obj
def correct_command(
    settings: Settings,
    picture: str,
    role: str,
    was: str | None,
    now: str | None,
    by: str,
    why: str,
    which: str,
) -> None:
    """Correct who is credited on PICTURE. The first credit stays on record; the correction replaces it from now on.

    To correct a misspelt name on all pictures at once: `genzu people set WHO --name NAME --dispute ID`.
    """
    with open_archive(settings) as archive:
        entry = correct_by_name(
            archive.ledger,
            picture=picture,
            role=parse_role(role),
            was=was or "",
            now=now or "",
            by=register_of(archive.ledger).only(by).person,
            why=why,
            dispute=which,
        )
    click.echo(f"{picture} corrected  (entry {entry.seq})")


@dispute.command("reissue")
@click.argument("picture")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), required=True, help="Where the newly signed picture goes."
)
@click.option(
    "--credit-line",
    default="",
    help="IPTC credit line, such as 'Studio Kita'; the old one is not kept.",
)
@click.option("--force", is_flag=True, help="Replace the output if it is there.")
@click.pass_obj
def reissue_command(settings: Settings, picture: str, out: Path, credit_line: str, force: bool) -> None:
    """Sign PICTURE again with the credits of today. The old file stays valid and becomes its history."""
    with open_archive(settings) as archive:
        released = reissue(archive, picture, out, credit_line=credit_line, force=force)
    click.echo(f"{released.path}\n  recorded as {released.record.picture}, over {picture}")


@dispute.command("erase")
@click.argument("which")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def erase_command(settings: Settings, which: str, yes: bool) -> None:
    """Erase the claim, contact, answers and evidence of a dispute. The record keeps that there was one."""
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        found = dispute_on_record(register, which)
        if not yes:
            click.confirm(f"forget {found.dispute} for ever?", abort=True)
        forget_dispute(archive.ledger, archive.vault, register, found.dispute)
        waits = archive.ledger.ask(due)
    click.echo(f"forgotten: {found.dispute}")
    if waits:
        click.echo(WAITS)


def _told(register: Register, each: Dispute, *, private: bool) -> dict[str, Json]:
    about = f"picture {each.picture}" if each.picture else f"person {each.person}"
    told: dict[str, Json] = {
        "dispute": each.dispute,
        "state": each.state,
        "about": about,
        "at": each.at,
        "entry": each.seq,
    }
    if not private:
        return told
    replies: list[Json] = [
        {
            "entry": reply.seq,
            "at": reply.at,
            "outcome": reply.outcome.value,
            "words": reply.words,
            "by": register.person(reply.by).shown() or NOT_NAMED,
            "corrections": list(reply.corrections),
        }
        for reply in each.replies
    ]
    return told | {
        "claim": each.claim,
        "contact": each.contact,
        "evidence": str(each.evidence) if each.evidence else None,
        "replies": replies,
    }


COMMANDS = (dispute,)
