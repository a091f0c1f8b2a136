"""Whom we know: roots that come in as files, are listed, and forgotten again."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from authorities import STAMPING, Guild
from click.testing import CliRunner, Result
from credential_samples import file, record, signer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from provenance.commands.trust import trust as command
from provenance.credentials.identity import authorities
from provenance.credentials.identity.authorities import (
    add_roots,
    known_roots,
    lists_folder,
    remove_root,
    trust_folder,
    trust_for,
)
from provenance.credentials.identity.certificate import to_pem
from provenance.credentials.identity.identity import open_identity
from provenance.credentials.identity.lists import keep_list, parse_list
from provenance.credentials.identity.purposes import Purpose
from provenance.credentials.read.chain import Verdict
from provenance.credentials.read.reader import read_chain
from provenance.errors import IdentityError
from provenance.release.opening import open_archive
from provenance.settings import Settings

SERVERS = (ExtendedKeyUsageOID.SERVER_AUTH,)


def run(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(command, words, obj=settings)


@pytest.fixture
def partner(tmp_path: Path) -> Path:
    path = tmp_path / "partner.pem"
    path.write_text(signer("Studio Kita", "kita").root_pem or "")
    return path


def verdict(settings: Settings) -> Verdict:
    signed = record(file(), identity=signer("Studio Kita", "kita")).data
    return read_chain(signed, trust=trust_for(open_identity(settings), settings)).verdict


def test_a_partner_is_known_from_the_moment_of_adding_until_removing(
    settings: Settings, partner: Path
) -> None:
    assert verdict(settings) is Verdict.INTACT_UNKNOWN
    assert "Studio Kita" in run(settings, "add", str(partner)).output
    assert verdict(settings) is Verdict.INTACT_KNOWN
    added = [each for each in json.loads(run(settings, "list", "--json").output) if each["origin"] == "added"]
    assert len(added) == 1
    run(settings, "remove", added[0]["fingerprint"])
    assert verdict(settings) is Verdict.INTACT_UNKNOWN


def test_the_list_names_each_root_and_where_it_comes_from(settings: Settings, partner: Path) -> None:
    open_identity(settings)
    other = partner.with_name("other.pem")
    other.write_text(signer("Studio Mori", "mori").root_pem or "")
    both = Settings(home=settings.home, trust=(other,))
    add_roots(both, partner)
    assert [each.origin for each in known_roots(both)] == ["own", str(other), "added"]
    assert "Studio Kita" in run(both, "list").output


def test_a_whole_trust_list_is_one_file(settings: Settings, partner: Path) -> None:
    with partner.open("a") as more:
        more.write(signer("Studio Mori", "mori").root_pem or "")
    assert len(add_roots(settings, partner)) == 2
    assert len(add_roots(settings, partner)) == 2 and len(known_roots(settings)) == 2
    assert stat.S_IMODE(trust_folder(settings).stat().st_mode) == 0o700


def test_what_is_no_authority_is_not_added(settings: Settings, tmp_path: Path) -> None:
    leaf, empty = tmp_path / "leaf.pem", tmp_path / "empty.pem"
    leaf.write_text(signer("Studio Kita", "kita").chain_pem)
    empty.write_text("nothing")
    for path, words in [
        (leaf, "not an authority"),
        (empty, "no PEM certificate"),
        (tmp_path / "no", "there is no such file"),
    ]:
        with pytest.raises(IdentityError, match=words):
            add_roots(settings, path)
    assert known_roots(settings) == []


@pytest.mark.parametrize("which", ["", "sha256:", "abc", "../../x", "deadbeefdeadbeef"])
def test_only_what_was_added_can_be_removed(settings: Settings, partner: Path, which: str) -> None:
    add_roots(settings, partner)
    result = run(settings, "remove", which)
    assert isinstance(result.exception, IdentityError)
    assert len(known_roots(settings)) == 1


def test_an_authority_is_added_for_what_its_key_usages_say_or_for_what_is_asked(
    settings: Settings, tmp_path: Path
) -> None:
    guild = Guild()
    stamper = guild.issue("TSA CA", ec.generate_private_key(ec.SECP256R1()), STAMPING, authority=True)
    web = guild.issue("Web CA", ec.generate_private_key(ec.SECP256R1()), SERVERS, authority=True)
    for name, each in (("root", guild.root), ("stamper", stamper), ("web", web)):
        (tmp_path / f"{name}.pem").write_text(to_pem([each]))
    assert "known from now on for signers" in run(settings, "add", str(tmp_path / "root.pem")).output
    assert "for time stamps" in run(settings, "add", str(tmp_path / "stamper.pem")).output
    assert {each.purpose for each in known_roots(settings)} == {"signers", "time-stamps"}
    more = run(settings, "add", str(tmp_path / "root.pem"), "--for", "identities", "--for", "time-stamps")
    assert more.exit_code == 0 and more.output.count("known from now on") == 2
    of_root = [each.purpose for each in known_roots(settings) if "CN=Guild" in each.name]
    assert sorted(of_root) == ["identities", "signers", "time-stamps"]
    for words in (("stamper.pem", "--for", "signers"), ("web.pem",)):
        refused = run(settings, "add", str(tmp_path / words[0]), *words[1:])
        assert isinstance(refused.exception, IdentityError)


def test_a_whole_list_for_time_stamps_makes_no_signer_known(settings: Settings, tmp_path: Path) -> None:
    """In the C2PA's own files the roots name no use, and some stand in both."""
    guild, path = Guild(), tmp_path / "tsa-list.pem"
    stamper = guild.issue("TSA CA", ec.generate_private_key(ec.SECP256R1()), STAMPING, authority=True)
    path.write_text(to_pem([guild.root, stamper]))
    assert "for signers" not in run(settings, "add", str(path)).output
    assert {each.purpose for each in known_roots(settings)} == {"time-stamps"}
    named = Settings(home=tmp_path / "other", trust=(path,))
    assert {each.purpose for each in known_roots(named)} == {"time-stamps"}
    for each in (settings, named):
        trust = trust_for(None, each)
        assert not trust.pem_for(Purpose.SIGNERS) and trust.pem_for(Purpose.TIME_STAMPS).count("BEGIN") == 2


def test_what_was_added_is_forgotten_for_every_purpose(settings: Settings, partner: Path) -> None:
    run(settings, "add", str(partner))
    run(settings, "add", str(partner), "--for", "identities", "--for", "time-stamps")
    (fingerprint,) = {each.fingerprint for each in known_roots(settings)}
    run(settings, "remove", fingerprint)
    assert known_roots(settings) == []


def test_a_root_that_is_asked_for_one_purpose_counts_for_that_alone(
    settings: Settings, partner: Path
) -> None:
    run(settings, "add", str(partner), "--for", "time-stamps")
    assert verdict(settings) is Verdict.INTACT_UNKNOWN
    run(settings, "add", str(partner), "--for", "signers")
    assert verdict(settings) is Verdict.INTACT_KNOWN


def test_listing_before_the_first_start_makes_nothing(settings: Settings) -> None:
    assert json.loads(run(settings, "list", "--json").output) == []
    assert not settings.home.exists()


def test_two_who_add_one_root_at_once_both_succeed(
    settings: Settings, partner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into_place = Path.replace

    def after_somebody_else(part: Path, place: Path) -> Path:
        monkeypatch.setattr(Path, "replace", into_place)
        add_roots(settings, partner)
        return into_place(part, place)

    monkeypatch.setattr(Path, "replace", after_somebody_else)
    (added,) = add_roots(settings, partner)
    assert added in known_roots(settings)
    assert [each.suffix for each in trust_folder(settings).iterdir()] == [".pem"]


def test_an_archive_that_is_open_knows_who_is_added_meanwhile_and_no_more_who_is_removed(
    settings: Settings, partner: Path
) -> None:
    """A page runs for weeks; its keeper adds and removes in a terminal."""
    picture = record(file(), identity=signer("Studio Kita", "kita")).data
    with open_archive(settings) as archive:
        assert archive.read_chain(picture).verdict is Verdict.INTACT_UNKNOWN
        (added,) = add_roots(settings, partner)
        assert archive.read_chain(picture).verdict is Verdict.INTACT_KNOWN
        assert archive.trust is archive.trust
        (trust_folder(settings) / "half-copied.pem").write_text("-----BEGIN CERTI")
        assert archive.read_chain(picture).verdict is Verdict.INTACT_KNOWN
        (trust_folder(settings) / "half-copied.pem").unlink()
        remove_root(settings, added.fingerprint)
        assert archive.read_chain(picture).verdict is Verdict.INTACT_UNKNOWN


def test_an_archive_that_is_open_tells_that_a_list_has_gone_out_of_date_since(
    settings: Settings, partner: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(datetime):
        @classmethod
        def now(cls, tz=None):  # type: ignore[no-untyped-def]
            return datetime.now(tz) + timedelta(days=100)

    found = parse_list(
        partner.read_bytes(), Purpose.SIGNERS, "https://lists.example/a.pem", datetime.now(UTC)
    )
    keep_list(lists_folder(settings), found)
    with open_archive(settings) as archive:
        assert "out of date" not in archive.trust.known[-1].name
        monkeypatch.setattr(authorities, "datetime", Later)
        assert "out of date since" in archive.trust.known[-1].name
