"""An artist's own certificate beside ours (CAWG X.509 identity): in the file, told beforehand, and read back."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from credential_samples import AT, ENTRY, GENZU, file, signer, trust
from manifest_samples import second_opinion

from provenance.commands.inspect import inspect_command
from provenance.commands.record import record_command
from provenance.credentials.identity.authorities import add_roots
from provenance.credentials.identity.certificate import parse_certificates
from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.purposes import Purpose
from provenance.credentials.read.chain import Named, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.manifest import Order, embed
from provenance.errors import IdentityError
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Statement
from provenance.statement.vocabulary import SourceType, Step


def artist() -> Identity:
    return signer("Mori Aoi", "artist")


def ordered(by: Identity) -> Order:
    credits = (Credit(Role.LAYOUT, "Mori Aoi"),)
    statement = Statement("pic-1", Step.RECORD, SourceType.DIGITAL_CREATION, GENZU, credits)
    return Order(statement, ENTRY, AT, artist=by)


def test_an_artist_vouches_for_the_credits_by_a_certificate_of_their_own() -> None:
    signed = embed(file(), "image/png", ordered(artist()), signer()).data
    chain = read_chain(signed, trust=trust())
    assert chain.verdict is Verdict.INTACT_KNOWN
    # Nobody here knows who issued the artist's certificate: it is claimed, and not shown among the people.
    assert chain.steps[-1].people == (Named("Mori Aoi", "layout"),)
    (claim,) = chain.steps[-1].identities
    assert (claim.name, claim.kind, claim.holds) == ("Mori Aoi", "certificate", None)
    assert [each.code for each in chain.reasons] == ["cawg.x509.credential.untrusted"]
    known = trust().knowing(artist().root_pem or "", Purpose.IDENTITIES, name="the guild")
    step = read_chain(signed, trust=known).steps[-1]
    assert Named("Mori Aoi", "identity, certificate") in step.people and not step.reasons
    assert (step.identities[0].holds, step.identities[0].known_by) == (True, "the guild")
    assert second_opinion(signed, "image/png") == ("Trusted", set())


def test_credits_that_were_changed_are_not_vouched_for() -> None:
    signed = embed(file(), "image/png", ordered(artist()), signer()).data
    assert signed.count(b"Mori Aoi") > 2
    forged = signed.replace(b'"dc:creator":["Mori Aoi"]', b'"dc:creator":["Mori Eoi"]')
    assert forged != signed and read_chain(forged, trust=trust()).verdict is not Verdict.INTACT_KNOWN


def test_a_key_that_is_not_at_hand_is_refused_in_a_sentence() -> None:
    ours = signer()
    chain = ours.chain_pem + (ours.root_pem or "")
    assert parse_certificates(chain.encode(), "chain")
    remote = Identity.from_callback(lambda data: data, chain, "es256")
    with pytest.raises(IdentityError, match="KMS or HSM"):
        embed(file(), "image/png", ordered(artist()), remote)


def test_record_takes_an_artists_certificate(layout: Path, tmp_path: Path) -> None:
    local = artist().local()
    (tmp_path / "chain.pem").write_text(local["sign_cert"])
    (tmp_path / "key.pem").write_text(local["private_key"])
    call = [str(layout), "--source", "print", "--by", "layout: Mori Aoi", "-o", str(tmp_path / "out.png"),
            "--as-artist", f"{tmp_path}/chain.pem,{tmp_path}/key.pem"]  # fmt: skip
    settings = Settings(home=tmp_path / "home")
    told = CliRunner().invoke(record_command, [*call, "--dry-run"], obj=settings)
    assert "identity: Mori Aoi, by a certificate of their own" in told.output, told.output
    done = CliRunner().invoke(record_command, call, obj=settings)
    assert done.exit_code == 0, done.output
    assert b"cawg.identity" in (tmp_path / "out.png").read_bytes()
    # Whoever vouches is no further credit: file and ledger agree.
    read = CliRunner().invoke(inspect_command, [str(tmp_path / "out.png")], obj=settings)
    assert read.exit_code == 0 and "identity, certificate" not in read.output, read.output
    assert "was not proved here: Mori Aoi, by certificate" in " ".join(read.output.split())
    (tmp_path / "artist.pem").write_text(artist().root_pem or "")
    add_roots(settings, tmp_path / "artist.pem", [Purpose.IDENTITIES])
    read = CliRunner().invoke(inspect_command, [str(tmp_path / "out.png")], obj=settings)
    assert read.exit_code == 0 and "identity, certificate: Mori Aoi" in read.output, read.output
