"""The signer: made whole at first start, renewed before it runs out, or given and checked."""

import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from credential_samples import file, record, trust
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provenance.credentials.identity import identity as identity_module
from provenance.credentials.identity.authorities import trust_folder, trust_for, trust_in_files
from provenance.credentials.identity.identity import Identity, open_identity
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import IdentityError
from provenance.settings import Settings


def test_the_first_start_makes_a_signer_that_stays(settings: Settings) -> None:
    first = open_identity(settings)
    again = open_identity(settings)
    assert first.own and first.name == "Genzu" and first.algorithm == "es256"
    assert (first.fingerprint, first.root_pem) == (again.fingerprint, again.root_pem)
    assert timedelta(days=5 * 365 - 1) < first.expires - datetime.now(UTC) <= timedelta(days=5 * 365)


def test_only_the_owner_can_read_the_key(settings: Settings) -> None:
    open_identity(settings)
    assert stat.S_IMODE((settings.keys / "signing.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.keys.stat().st_mode) == 0o700
    assert "PRIVATE" not in (settings.keys / "root.pem").read_text()


def test_the_certificate_keeps_to_the_profile(settings: Settings) -> None:
    signer = open_identity(settings)
    leaf = x509.load_pem_x509_certificate(signer.chain_pem.encode())
    root = x509.load_pem_x509_certificate((signer.root_pem or "").encode())
    leaf.verify_directly_issued_by(root)
    assert leaf.version is x509.Version.v3
    assert leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == "Genzu"
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical and usage.value.digital_signature and not usage.value.key_cert_sign
    uses = {
        each.dotted_string for each in leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    }
    assert uses == {ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string, "1.3.6.1.4.1.62558.2.1"}
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    assert root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_many_first_starts_at_once_make_one_signer(settings: Settings) -> None:
    seen: list[str] = []
    threads = [
        threading.Thread(target=lambda: seen.append(str(open_identity(settings).fingerprint)))
        for _ in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(seen) == 8 and len(set(seen)) == 1
    assert sorted(each.name for each in settings.keys.iterdir()) == ["root.pem", "signing.pem"]


def test_a_crash_midway_leaves_no_half_identity(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(_handle: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", power_cut)
        with pytest.raises(IdentityError, match="the disk failed"):
            open_identity(settings)
    assert not (settings.keys / "signing.pem").exists()
    assert open_identity(settings).own


def test_a_leaf_that_runs_out_is_renewed_under_the_same_root(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = open_identity(settings)
    old = record(file(), identity=before).data
    monkeypatch.setattr(identity_module, "RENEW_BEFORE", timedelta(days=6 * 365))
    after = open_identity(settings)
    assert after.fingerprint != before.fingerprint and after.root_pem == before.root_pem
    assert read_chain(old, trust=trust_for(after, settings)).verdict is Verdict.INTACT_KNOWN


def test_two_who_renew_at_once_leave_every_certificate_that_was_signed_with(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second begins where the first has read the old certificate and not yet written the new one."""
    made, opened = identity_module.leaf_pem, [open_identity(settings)]
    second = threading.Thread(target=lambda: opened.append(open_identity(settings, renew=True)))

    def meanwhile(*given: Any) -> bytes:
        monkeypatch.setattr(identity_module, "leaf_pem", made)
        second.start()
        second.join(0.5)  # it is done by now, or waits for us
        return made(*given)

    monkeypatch.setattr(identity_module, "leaf_pem", meanwhile)
    opened.append(open_identity(settings, renew=True))
    second.join()
    kept = b"".join(each.read_bytes() for each in settings.keys.glob("signing*.pem"))
    assert len({each.fingerprint for each in opened}) == 3
    for each in opened:
        assert each.chain_pem.encode().strip() in kept


def test_a_leaf_that_runs_out_is_renewed_once_by_all_who_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, made = [open_identity(settings)], identity_module.leaf_pem
    due = opened[0].expires - datetime.now(UTC) + timedelta(minutes=1)
    second = threading.Thread(target=lambda: opened.append(open_identity(settings)))

    def meanwhile(*given: Any) -> bytes:
        monkeypatch.setattr(identity_module, "leaf_pem", made)
        second.start()
        second.join(0.5)
        monkeypatch.setattr(identity_module, "RENEW_BEFORE", timedelta(days=60))
        return made(*given)

    monkeypatch.setattr(identity_module, "RENEW_BEFORE", due)
    monkeypatch.setattr(identity_module, "leaf_pem", meanwhile)
    opened.append(open_identity(settings))
    second.join()
    assert len({each.fingerprint for each in opened}) == 2


def test_killed_before_the_root_is_opened_to_others_the_next_start_hands_it_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(Path, "chmod", killed)
        open_identity(settings)
    open_identity(settings)
    assert stat.S_IMODE((settings.keys / "root.pem").stat().st_mode) == 0o644


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb\0"])
def test_a_signer_needs_a_name_that_can_stand_in_a_certificate(tmp_path: Path, name: str) -> None:
    with pytest.raises(IdentityError, match="1 to 64 printable characters"):
        open_identity(Settings(home=tmp_path, signer_name=name))


def test_a_damaged_key_file_is_said_to_be_damaged(settings: Settings) -> None:
    open_identity(settings)
    path = settings.keys / "signing.pem"
    for text, words in [
        (path.read_text()[:900], "restore it from a copy"),
        ("", "no PEM certificate"),
        (
            path.read_text().replace("-----BEGIN PRIVATE KEY-----\nM", "-----BEGIN PRIVATE KEY-----\nX"),
            "no PEM private key",
        ),
    ]:
        path.write_text(text)
        with pytest.raises(IdentityError, match=words):
            open_identity(settings)


def made(
    folder: Path, key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, *, days: int = 30,
    start: int = -1, authority: bool = False, use: x509.ObjectIdentifier = ExtendedKeyUsageOID.EMAIL_PROTECTION,
) -> tuple[Path, Path]:  # fmt: skip
    """A chain from an authority of somebody else, and its key, as files."""
    root_key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)

    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, text)])

    def builder(subject: str, public: object) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name("Authority"))
            .serial_number(x509.random_serial_number()).public_key(public)  # type: ignore[arg-type]
        )  # fmt: skip

    root = (
        builder("Authority", root_key.public_key())
        .not_valid_before(now - timedelta(days=900)).not_valid_after(now + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False)
        .sign(root_key, hashes.SHA256())
    )  # fmt: skip
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    leaf = (
        builder("Studio Kita", key.public_key())
        .not_valid_before(now + timedelta(days=start)).not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(above, critical=False)
        .sign(root_key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    chain, secret = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(leaf.public_bytes(pem) + root.public_bytes(pem))
    secret.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return chain, secret


def given(folder: Path, chain: Path | None, key: Path | None) -> Settings:
    return Settings(home=folder / "home", signing_chain=chain, signing_key=key)


@pytest.mark.parametrize("kind", ["P-256", "P-384", "Ed25519"])
def test_a_chain_from_an_authority_signs_in_its_own_name(tmp_path: Path, kind: str) -> None:
    key = {
        "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "Ed25519": ed25519.Ed25519PrivateKey.generate,
    }[kind]()
    settings = given(tmp_path, *made(tmp_path, key))
    signer = open_identity(settings)
    chain = read_chain(record(file(), identity=signer).data, trust=trust_for(signer, settings))
    assert not signer.own and not settings.keys.exists()
    assert chain.verdict is Verdict.INTACT_KNOWN
    assert chain.file and chain.file.signer and chain.file.signer.name == "Studio Kita"
    assert chain.file.signer.fingerprint == str(signer.fingerprint)


def test_we_know_ourselves_without_the_authoritys_root(tmp_path: Path) -> None:
    chain, secret = made(tmp_path, ec.generate_private_key(ec.SECP256R1()))
    chain.write_text(
        chain.read_text().split("-----END CERTIFICATE-----\n")[0] + "-----END CERTIFICATE-----\n"
    )
    settings = given(tmp_path, chain, secret)
    signer = open_identity(settings)
    signed = record(record(file(), identity=signer).data, identity=signer).data
    assert signer.root_pem is None
    assert read_chain(signed, trust=trust_for(signer, settings)).verdict is Verdict.INTACT_KNOWN
    assert read_chain(signed, trust=trust()).verdict is Verdict.INTACT_UNKNOWN


def test_what_does_not_fit_is_refused_with_the_reason(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    chain, secret = made(tmp_path / "a", key)
    other = made(tmp_path / "b", ec.generate_private_key(ec.SECP256R1()))[1]
    client = ExtendedKeyUsageOID.CLIENT_AUTH
    cases = [
        ((chain, other), "does not belong to the first certificate"),
        ((chain, None), "GENZU_SIGNING_KEY is not set"),
        ((None, secret), "GENZU_SIGNING_CHAIN is not set"),
        ((tmp_path / "none", secret), "there is no such file"),
        ((secret, secret), "holds no PEM certificate"),
        ((chain, chain), "holds no PEM private key"),
        (made(_folder(tmp_path, "old"), key, days=-2, start=-9), r"expired on \d{4}-\d\d-\d\d"),
        (made(_folder(tmp_path, "new"), key, start=3), r"starts on \d{4}-\d\d-\d\d"),
        (made(_folder(tmp_path, "ca"), key, authority=True), "is an authority's"),
        (made(_folder(tmp_path, "use"), key, use=client), "is not for signing"),
    ]
    for paths, words in cases:
        with pytest.raises(IdentityError, match=words):
            open_identity(given(tmp_path, *paths))


def _folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir()
    return parent / name


def test_a_key_with_a_password_is_asked_for_without(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    chain, secret = made(tmp_path, key)
    locked = serialization.BestAvailableEncryption(b"secret")
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)
    )
    with pytest.raises(IdentityError, match="has a password"):
        open_identity(given(tmp_path, chain, secret))


def test_certificates_that_are_no_chain_are_refused(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    one, secret = made(_folder(tmp_path, "one"), key)
    two, _ = made(_folder(tmp_path, "two"), key)
    leaf, stranger = one.read_text().split("-----BEGIN")[1], two.read_text().split("-----BEGIN")[2]
    mixed = tmp_path / "mixed.pem"
    mixed.write_text(f"-----BEGIN{leaf}-----BEGIN{stranger}")
    with pytest.raises(IdentityError, match="not each issued by the next"):
        open_identity(given(tmp_path, mixed, secret))


def test_a_key_in_hardware_signs_by_callback(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    chain, _ = made(tmp_path, key)
    asked: list[int] = []

    def hardware(data: bytes) -> bytes:
        asked.append(len(data))
        r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    signer = Identity.from_callback(hardware, chain.read_text())
    signed = record(file(), identity=signer).data
    assert asked and read_chain(signed, trust=trust_in_files([], signer)).verdict is Verdict.INTACT_KNOWN


def test_hardware_that_fails_stops_the_picture(tmp_path: Path) -> None:
    chain, _ = made(tmp_path, ec.generate_private_key(ec.SECP256R1()))

    def broken(_data: bytes) -> bytes:
        raise RuntimeError("the vault is sealed")

    from provenance.errors import ManifestError

    with pytest.raises(ManifestError, match="could not be signed"):
        record(file(), identity=Identity.from_callback(broken, chain.read_text()))


def test_a_stranger_becomes_known_by_a_root_file(settings: Settings, tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    chain, secret = made(tmp_path, key)
    stranger = open_identity(given(tmp_path, chain, secret))
    signed = record(file(), identity=stranger).data
    assert read_chain(signed, trust=trust()).verdict is Verdict.INTACT_UNKNOWN
    trust_folder(settings).mkdir(parents=True)
    (trust_folder(settings) / "partner.pem").write_text(stranger.root_pem or "")
    assert (
        read_chain(signed, trust=trust_for(open_identity(settings), settings)).verdict is Verdict.INTACT_KNOWN
    )


def test_a_trust_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for path, words in [
        (tmp_path / "none.pem", "could not be read"),
        (tmp_path / "empty.pem", "no PEM certificate"),
    ]:
        with pytest.raises(IdentityError, match=words):
            trust_in_files([path])
