"""`genzu people consent` and `confirm`: what a person allows, and who says that a credit is right."""

import datetime

import click

from provenance.errors import StatementError
from provenance.people.claim import Claim
from provenance.people.consent import Consent
from provenance.people.person import clean_contact
from provenance.people.register import register_of
from provenance.people.stated import state_claim, state_consent
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.credit import parse_role
from provenance.statement.untrusted import plain
from provenance.statement.vocabulary import Answer, Subject

BY = click.option("--by", required=True, metavar="NAME|ID", help="Who decides this; they must be on record.")


@click.command("consent")
@click.argument("who")
@click.option(
    "--ai-use",
    type=click.Choice([each.value for each in Answer]),
    required=True,
    help="Whether a model may paint with it.",
)
@click.option(
    "--training",
    type=click.Choice([each.value for each in Answer]),
    default="no",
    show_default=True,
    help="Whether a model may learn from it.",
)
@click.option(
    "--of",
    "subject",
    type=click.Choice([each.value for each in Subject]),
    default="any",
    show_default=True,
    help="What of theirs this is about.",
)
@click.option("--conditions", default="", help="The conditions.")
@click.option("--production", default="", help="For this production only.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which this holds.")
@click.option("--ask", default="", help="Whom to ask; private.")
@click.pass_obj
def consent_command(
    settings: Settings,
    who: str,
    ai_use: str,
    training: str,
    subject: str,
    conditions: str,
    production: str,
    until: datetime.datetime | None,
    ask: str,
) -> None:
    """State what a person allows for their work. A forbidden use is stopped before the model runs."""
    with open_archive(settings) as archive:
        person = register_of(archive.ledger).only(who)
        consent = Consent(
            person.person,
            Answer(ai_use),
            Answer(training),
            Subject(subject),
            conditions.strip(),
            production,
            until.date() if until else None,
            clean_contact(ask),
        )
        entry = state_consent(archive.ledger, consent)
    click.echo(f"stated for {person.person}  (entry {entry.seq})")


@click.command("confirm")
@click.argument("picture")
@click.argument("who")
@click.option("--role", required=True, help="The role of the credit, such as layout.")
@BY
@click.option("--hours", default="", help="As they claim it, such as '6.5 h'.")
@click.option("--share", default="", help="As they claim it, such as 'about a third'.")
@click.pass_obj
def confirm_command(
    settings: Settings, picture: str, who: str, role: str, by: str, hours: str, share: str
) -> None:
    """Record that WHO claims a credit, or that somebody else confirms it."""
    with open_archive(settings) as archive:
        register = register_of(archive.ledger)
        person, says = register.only(who), register.only(by)
        found = archive.ledger.picture(picture)
        wanted = parse_role(role)
        if not any(
            each.role is wanted and each.person.person == person.person for each in register.credits(found)
        ):
            raise StatementError(f"{picture} does not credit {plain(who)} for {wanted.value}")
        claim = Claim(
            picture, person.person, wanted, says.person, says != person, hours.strip(), share.strip()
        )
        entry = state_claim(archive.ledger, claim)
    click.echo(f"{entry.kind.value}  (entry {entry.seq})")


COMMANDS = (consent_command, confirm_command)
