"""`genzu ledger witness`: somebody outside signs what the ledger holds now, if it continues what they saw before."""

import click

from provenance.commands.opening import writing
from provenance.errors import ConsistencyError
from provenance.ledger.witnesses import ask
from provenance.proof.cosignature import WitnessKey
from provenance.settings import Settings
from provenance.statement.moment import moment
from provenance.statement.untrusted import plain

CHECK_FAILED = 1


@click.command("witness")
@click.argument("url")
@click.option(
    "--key", required=True, help="The witness's public key, as its operator publishes it (a C2SP vkey)."
)
@click.pass_context
def witness_command(context: click.Context, url: str, key: str) -> None:
    """Ask the witness at URL to sign the checkpoint of now (C2SP tlog-witness, add-checkpoint).

    It is sent sizes, hashes and the ledger's signature, and signs only what continues the checkpoint that it saw last.
    `genzu ledger prove --witnessed` puts its signature into receipts; `genzu receipt verify --policy` asks for it. Exit
    code 1 if it has seen another history.
    """
    settings: Settings = context.obj
    witness = WitnessKey.parse(key)
    with writing(settings) as ledger:
        try:
            signed = ask(ledger, url, witness, settings.cosigned)
        except ConsistencyError as error:
            click.echo(f"not signed: {plain(str(error), 500)}")
            context.exit(CHECK_FAILED)
    seen = witness.seen(signed.checkpoint, signed.signatures)
    assert seen is not None
    click.echo(f"{plain(witness.name)} saw {signed.checkpoint.size:,} entries at {moment(seen)}")
