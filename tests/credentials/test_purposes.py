"""Three purposes kept apart: an authority that is known for one of them vouches for nothing else."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from authorities import NOW, SIGNING, STAMPING, YEAR, Guild, signed_by, with_leaf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from stamp_authority import Clock

from provenance.credentials.identity.authorities import add_roots
from provenance.credentials.identity.certificate import CLAIM_SIGNING, to_pem
from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.purposes import Purpose, authority_of, is_for, purposes_of
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Reason, Signer, Stamp, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.credentials.read.signers import signer_of
from provenance.errors import IdentityError
from provenance.inspection.inspection import inspect
from provenance.settings import Settings


def signer_in(data: bytes, trust: Trust) -> Signer:
    step = read_chain(data, trust=trust).file
    assert step is not None and step.signer is not None
    return step.signer


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def below(guild: Guild, *uses: x509.ObjectIdentifier, **more: object) -> tuple[x509.Certificate, Identity]:
    """An authority of the guild with these key usages, and a signer under it."""
    key, leaf_key = new_key(), new_key()
    middle = guild.issue("Middle", key, uses, authority=True, **more)  # type: ignore[arg-type]
    leaf = guild.issue("Signer", leaf_key, SIGNING, by=(middle, key))
    return middle, Identity(leaf_key, [leaf, middle, guild.root], "es256", own=False)


def test_a_root_for_signers_makes_a_signer_known_and_is_named() -> None:
    guild = Guild()
    signer = signer_in(signed_by(guild.signer()), Trust().knowing(guild.pem, Purpose.SIGNERS, name="my list"))
    assert (signer.known, signer.known_by) == (True, "my list")


@pytest.mark.parametrize("may_sign", [True, False])
def test_only_what_may_sign_certificates_is_taken_in_as_an_authority(tmp_path: Path, may_sign: bool) -> None:
    guild, key = Guild(), new_key()
    made = guild.issue("Root", key, (), authority=True, by=None)
    usage = x509.KeyUsage(True, *[False] * 4, may_sign, *[False] * 3)
    builder = x509.CertificateBuilder(
        made.issuer, made.subject, made.public_key(), made.serial_number,
        made.not_valid_before_utc, made.not_valid_after_utc,
    )  # fmt: skip
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    root = builder.add_extension(usage, critical=True).sign(guild.key, hashes.SHA256())
    (tmp_path / "root.pem").write_text(to_pem([root]))
    if may_sign:
        assert add_roots(Settings(home=tmp_path / "home"), tmp_path / "root.pem")
    else:
        with pytest.raises(IdentityError, match="not an authority"):
            add_roots(Settings(home=tmp_path / "home"), tmp_path / "root.pem")


def test_an_authority_between_them_that_has_ended_vouches_for_nobody() -> None:
    guild = Guild()
    for days, known_by in ((1, "my list"), (-1, "")):
        _, under = below(guild, *SIGNING, ends=NOW + timedelta(days=days))
        found = signer_in(signed_by(under), Trust().knowing(guild.pem, name="my list"))
        assert (found.known, found.known_by) == (bool(known_by), known_by)


@pytest.mark.parametrize("purpose", [Purpose.TIME_STAMPS, Purpose.IDENTITIES])
def test_a_root_for_something_else_makes_no_signer_known(purpose: Purpose) -> None:
    guild = Guild()
    chain = read_chain(signed_by(guild.signer()), trust=Trust().knowing(guild.pem, purpose))
    assert chain.verdict is Verdict.INTACT_UNKNOWN
    assert [each.code for each in chain.reasons] == ["signingCredential.untrusted"]


def test_a_certificate_for_time_stamps_is_no_claim_signer() -> None:
    guild = Guild()
    chain = read_chain(signed_by(guild.signer("tsa", STAMPING)), trust=Trust().knowing(guild.pem, *Purpose))
    assert chain.verdict is Verdict.INTACT_UNKNOWN
    assert "signingCredential.invalid" in [each.code for each in chain.reasons]
    assert chain.file is not None and chain.file.signer is not None and not chain.file.signer.known


@pytest.mark.parametrize("more", [ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING])
def test_a_certificate_for_stamps_and_claims_at_once_is_for_nothing(
    more: x509.ObjectIdentifier,
) -> None:
    leaf = Guild().issue("both", new_key(), (*SIGNING, more))
    assert [each for each in Purpose if is_for(leaf, each)] == []


def test_an_authority_for_stamps_alone_issues_no_signer() -> None:
    guild = Guild()
    _, signer = below(guild, *STAMPING)
    assert not signer_in(signed_by(signer), Trust().knowing(guild.pem)).known
    _, signer = below(guild, ExtendedKeyUsageOID.EMAIL_PROTECTION)
    assert signer_in(signed_by(signer), Trust().knowing(guild.pem)).known


def test_an_authority_that_is_over_vouches_for_nobody_today() -> None:
    guild = Guild()
    _, signer = below(guild, starts=NOW - 3 * YEAR, ends=NOW - YEAR)
    assert not signer_in(signed_by(signer), Trust().knowing(guild.pem)).known


def test_an_authority_on_a_list_need_not_be_a_root() -> None:
    guild = Guild()
    middle, signer = below(guild, ExtendedKeyUsageOID.EMAIL_PROTECTION)
    pem = to_pem([middle])
    assert signer_in(signed_by(signer), Trust().knowing(pem, name="list")).known_by == "list"
    assert not signer_in(signed_by(guild.signer()), Trust().knowing(pem)).known


def test_a_path_may_be_no_longer_than_its_authority_allows() -> None:
    guild, key, lower_key, leaf_key = Guild(), new_key(), new_key(), new_key()
    for allowed, expected in ((0, False), (1, True), (None, True)):
        middle = guild.issue("Middle", key, (), authority=True, path_length=allowed)
        lower = guild.issue("Lower", lower_key, (), authority=True, by=(middle, key))
        leaf = guild.issue("Leaf", leaf_key, by=(lower, lower_key))
        found = authority_of(leaf, [lower, middle], [guild.root], Purpose.SIGNERS, NOW)
        assert (found is not None) is expected, allowed


def test_a_bag_of_certificates_may_come_in_any_order_and_number() -> None:
    guild, key, leaf_key = Guild(), new_key(), new_key()
    middle = guild.issue("Middle", key, (), authority=True)
    leaf = guild.issue("Leaf", leaf_key, by=(middle, key))
    # Hundreds that bear the right name and issued each other lead nowhere, and soon.
    rings = [guild.issue("Middle", new_key(), (), authority=True, by=(middle, key)) for _ in range(60)]
    assert authority_of(leaf, [*rings[:10], middle, leaf], [guild.root], Purpose.SIGNERS, NOW) == guild.root
    assert authority_of(leaf, rings, [guild.root], Purpose.SIGNERS, NOW) is None


def test_the_same_name_with_another_key_vouches_for_nobody() -> None:
    guild, impostor = Guild("Guild"), Guild("Guild")
    assert not signer_in(signed_by(impostor.signer()), Trust().knowing(guild.pem)).known


def test_a_partner_with_ed25519_is_known() -> None:
    guild, key = Guild(), ed25519.Ed25519PrivateKey.generate()
    leaf = guild.issue("Signer", key, SIGNING)
    signer = Identity(key, [leaf, guild.root], "ed25519", own=False)
    assert signer_in(signed_by(signer), Trust().knowing(guild.pem)).known


def test_the_key_usages_of_an_authority_say_what_it_is_for() -> None:
    guild = Guild()
    for uses, expected in (
        ((), tuple(Purpose)),
        (STAMPING, (Purpose.TIME_STAMPS,)),
        ((CLAIM_SIGNING,), (Purpose.SIGNERS, Purpose.IDENTITIES)),
        ((ExtendedKeyUsageOID.SERVER_AUTH,), ()),
    ):
        assert purposes_of(guild.issue("CA", new_key(), uses, authority=True)) == expected


# -- expired certificates, and who rescues them --------------------------------------------------------------------


def expired(guild: Guild, clock: Clock | None, version: int = 2) -> bytes:
    """Signed with a certificate that ended an hour ago; the stamp beside it, where there is one, is of today."""
    signer = guild.signer()
    data = signed_by(signer, version=version, tsa_url=clock.url if clock else None)
    ended = NOW - timedelta(hours=1)
    authority = clock.authority if clock else None
    return with_leaf(guild, signer, data, starts=NOW - YEAR, ends=ended, clock=authority)


@pytest.mark.parametrize("version", [1, 2])
def test_an_expired_certificate_is_told_as_that_and_not_as_unknown(version: int) -> None:
    guild = Guild()
    data = expired(guild, None, version)
    chain = read_chain(data, trust=Trust().knowing(guild.pem, name="my list"))
    assert chain.verdict is Verdict.INTACT_UNKNOWN
    assert [each.code for each in chain.reasons] == ["signingCredential.expired"]
    assert "no time stamp that counts here" in chain.reasons[0].words
    told = inspect(data, trust=Trust().knowing(guild.pem, name="my list"), ledger=None)
    assert told.findings[0].words.endswith("the certificate of a signer whom we know does not count.")


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("known_for", [(), (Purpose.SIGNERS,), (Purpose.IDENTITIES,)])
def test_a_stamp_of_nobody_that_we_know_rescues_no_expired_certificate(
    known_for: tuple[Purpose, ...], version: int, clock: Clock
) -> None:
    guild = Guild()
    trust = Trust().knowing(guild.pem)
    trust = trust.knowing(clock.root, *known_for) if known_for else trust
    chain = read_chain(expired(guild, clock, version), trust=trust)
    assert chain.verdict is Verdict.INTACT_UNKNOWN
    assert {"timeStamp.untrusted", "signingCredential.expired"} <= {each.code for each in chain.reasons}


def at(moment: datetime, known_by: str, doubt: Reason | None = None) -> Stamp:
    return Stamp(moment.isoformat(), "Clock", known_by, doubt)


@pytest.mark.parametrize(
    ("stamp", "doubt"),
    [
        (None, "signingCredential.expired"),
        (at(NOW - YEAR, "a list"), ""),
        (at(NOW - YEAR, ""), "signingCredential.expired"),
        (at(NOW - YEAR, "a list", Reason("timeStamp.mismatch", "not for this")), "signingCredential.expired"),
        (at(NOW, "a list"), "claimSignature.outsideValidity"),
        (at(NOW - 4 * YEAR, "a list"), "claimSignature.outsideValidity"),
    ],
    ids=["none", "known", "unknown", "known and for another", "known and too late", "known and too early"],
)
def test_an_expired_certificate_is_rescued_by_a_known_stamp_of_its_days_alone(
    stamp: Stamp | None, doubt: str
) -> None:
    guild = Guild()
    leaf = guild.issue("Old", new_key(), starts=NOW - 2 * YEAR, ends=NOW - timedelta(days=1))
    found = signer_of((leaf.public_bytes(Encoding.DER),), stamp, Trust().knowing(guild.pem, name="my list"))
    assert found is not None and (found[0].known, found[0].known_by) == (not doubt, "my list")
    assert found[1] == ((doubt,) if doubt else ())


@pytest.mark.parametrize("name", ["v1-eviltsa.png", "v2-eviltsa.png"])
def test_files_that_an_invented_clock_rescued_before_are_told_as_expired(name: str) -> None:
    folder = Path(__file__).parent.parent / "data" / "credentials"
    trust = Trust().knowing((folder / "test-root.pem").read_text())
    told = inspect(folder / name, trust=trust, ledger=None)
    assert told.chain.verdict is Verdict.INTACT_UNKNOWN and told.exit_code == 4
    assert "signingCredential.expired" in [each.code for each in told.chain.reasons]
    (time,) = [each.words for each in told.findings if each.about == "time"]
    assert time.startswith("Somebody who is not known here stamped the signature")


def test_a_claim_signed_with_the_key_of_a_clock_is_told_as_signed_by_no_claim_signer() -> None:
    folder = Path(__file__).parent.parent / "data" / "credentials"
    trust = Trust().knowing((folder / "test-root.pem").read_text())
    told = inspect(folder / "tsa-signs-claim.png", trust=trust, ledger=None)
    assert told.exit_code == 4
    assert any("its certificate is not one for signing credentials" in each.words for each in told.findings)
