"""A clock that is wrong for an hour costs no signer: nothing is renewed on it, and what was can be taken back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import draw_house
from cryptography import x509

from provenance.commands.record import init_command, record_command
from provenance.credentials.identity import certificate
from provenance.credentials.identity import identity as identity_module
from provenance.credentials.identity.identity import open_identity
from provenance.errors import IdentityError
from provenance.release.opening import open_archive
from provenance.settings import Settings

YEAR = timedelta(days=365)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    return Clock(monkeypatch)


class Clock:
    """This computer's clock, set wrong for those who make and renew certificates."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def ahead(self, by: timedelta) -> None:
        class Wrong(datetime):
            @classmethod
            def now(cls, tz=None):  # type: ignore[no-untyped-def]
                return datetime.now(tz) + by

        for module in (identity_module, certificate):
            self._monkeypatch.setattr(module, "datetime", Wrong)

    def right(self) -> None:
        self.ahead(timedelta())


def run(command, home: Path, *words: str | Path) -> Result:  # type: ignore[no-untyped-def]
    return CliRunner().invoke(command, [str(each) for each in words], obj=Settings(home=home))


def recorded(home: Path) -> Result:
    draw_house().save(home.parent / "drawn.png")
    out = home.parent / f"out-{len(list(home.parent.glob('out-*')))}.png"
    return run(
        record_command,
        home,
        home.parent / "drawn.png",
        "--by",
        "layout: Mori Aoi",
        "--source",
        "print",
        "-o",
        out,
    )


@pytest.mark.parametrize("years", [4.9, 5.5, 6, 14])
def test_a_clock_years_ahead_renews_nothing_and_once_right_again_all_is_as_before(
    tmp_path: Path, clock: Clock, years: float
):
    home = tmp_path / "home"
    assert run(init_command, home).exit_code == 0
    before = (home / "keys" / "signing.pem").read_bytes()
    clock.ahead(years * YEAR)
    done = run(init_command, home)
    assert (home / "keys" / "signing.pem").read_bytes() == before
    assert "was not renewed" in done.stderr
    assert "genzu init --renew" in done.stderr
    if years > 5:  # it has run out, by that clock
        assert done.exit_code == 1
        assert "nothing can be signed" in done.stdout
        failed = recorded(home)
        assert isinstance(failed.exception, IdentityError)
        assert "genzu init --renew" in str(failed.exception)
        with open_archive(Settings(home=home)) as archive:
            assert archive.ledger.pictures() == [], "it is told before anything is written down"
    clock.right()
    assert run(init_command, home).exit_code == 0
    assert recorded(home).exit_code == 0


@pytest.mark.parametrize("years", [4.9, 6, 14])
def test_a_certificate_that_was_renewed_into_the_future_gives_way_to_the_one_before(
    tmp_path: Path, clock: Clock, years: float
):
    home = tmp_path / "home"
    assert run(init_command, home).exit_code == 0
    before = (home / "keys" / "signing.pem").read_bytes()
    clock.ahead(years * YEAR)
    assert run(init_command, home, "--renew").exit_code == 0
    renewed = (home / "keys" / "signing.pem").read_bytes()
    assert renewed != before
    clock.right()
    assert run(init_command, home).exit_code == 0
    assert (home / "keys" / "signing.pem").read_bytes() == before
    assert recorded(home).exit_code == 0
    assert renewed in {each.read_bytes() for each in (home / "keys").glob("signing-*.pem")}
    assert {each.stat().st_mode & 0o777 for each in (home / "keys").glob("signing*.pem")} == {0o600}


def test_a_certificate_that_an_earlier_version_renewed_into_the_future_is_made_anew(
    tmp_path: Path, clock: Clock
):
    home = tmp_path / "home"
    assert run(init_command, home).exit_code == 0
    clock.ahead(6 * YEAR)
    assert run(init_command, home, "--renew").exit_code == 0
    for kept in (home / "keys").glob("signing-*.pem"):
        kept.unlink()  # that version kept nothing
    root = (home / "keys" / "root.pem").read_bytes()
    clock.right()
    assert run(init_command, home).exit_code == 0
    assert recorded(home).exit_code == 0
    assert (home / "keys" / "root.pem").read_bytes() == root


def test_an_archive_begun_on_a_clock_ahead_says_the_way_out(tmp_path: Path, clock: Clock):
    home = tmp_path / "home"
    clock.ahead(6 * YEAR)
    assert run(init_command, home).exit_code == 0
    clock.right()
    done = run(init_command, home)
    assert done.exit_code == 1
    assert "starts on" in done.stderr
    assert "move" in done.stderr
    (home / "keys" / "signing.pem").rename(home / "moved.pem")
    assert run(init_command, home).exit_code == 0
    assert recorded(home).exit_code == 0


def test_a_log_that_is_written_to_has_its_certificate_renewed_unasked(settings: Settings, clock: Clock):
    first = open_identity(settings)
    clock.ahead(4.9 * YEAR)
    last = datetime.now(UTC) + 4.8 * YEAR
    renewed = open_identity(settings, last=last)
    assert renewed.fingerprint != first.fingerprint
    assert renewed.notice == ""
    assert renewed.root_pem == first.root_pem
    chain = x509.load_pem_x509_certificates(renewed.chain_pem.encode())
    assert chain[0].not_valid_after_utc > datetime.now(UTC) + 9 * YEAR


def test_a_clock_behind_renews_nothing(settings: Settings, clock: Clock):
    first = open_identity(settings)
    clock.ahead(-3 * YEAR)
    now = open_identity(settings, last=datetime.now(UTC))
    assert now.fingerprint == first.fingerprint
    with pytest.raises(IdentityError, match="set the clock"):
        now.need_valid()
    clock.right()
    open_identity(settings, last=datetime.now(UTC)).need_valid()
