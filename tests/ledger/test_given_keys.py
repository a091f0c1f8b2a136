"""A disk that is wiped at each restart: the keys come as text, the ledger from its backup, and the record goes on."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from ledger_samples import recorded

from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Verdict
from provenance.errors import IdentityError, LedgerError
from provenance.inspection.inspection import inspect
from provenance.ledger.check.checkpoints import Kept
from provenance.ledger.check.verify import verify
from provenance.ledger.continuations import check_begins_with
from provenance.ledger.copies.backup import Backup
from provenance.ledger.copies.upload import alone_in
from provenance.ledger.log import Ledger
from provenance.people.receipt_today import compare
from provenance.people.register import register_of
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings, settings_from_environment
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType
from provenance.tabs.look.masthead import durability, key_warning

BY = (Credit(Role.LAYOUT, "Mori Aoi"),)


@pytest.fixture
def first(tmp_path: Path) -> Settings:
    """An archive that was begun where its keeper sits, with a backup."""
    begun = Settings(home=tmp_path / "desk", backup=str(tmp_path / "backup"))
    open_archive(begun).close()
    return begun


@pytest.fixture
def hosted(first: Settings, tmp_path: Path) -> Settings:
    """The same as a hosted space sees it: an empty disk, and the keys among its secrets."""
    return settings_from_environment(
        {
            "GENZU_HOME": str(tmp_path / "space"),
            "GENZU_BACKUP": str(first.backup),
            "GENZU_LEDGER_KEY": (first.keys / "ledger.key").read_text(),
            "GENZU_SIGNING_IDENTITY": (first.keys / "signing.pem").read_text(),
            "SPACE_ID": "studio/demo",
        }
    )


def sign(settings: Settings, picture: Path, out: Path) -> None:
    with open_archive(settings) as archive:
        record(archive, picture, Job(BY, out), source_type=SourceType.DIGITAL_CREATION)


def test_a_record_goes_on_after_the_disk_was_wiped(
    hosted: Settings, layout: Path, revised: Path, tmp_path: Path
):
    sign(hosted, layout, tmp_path / "before.png")
    with open_archive(hosted) as archive:
        before, held = len(archive.ledger), archive.ledger.checkpoint()
    shutil.rmtree(hosted.home)
    sign(hosted, revised, tmp_path / "after.png")
    with open_archive(hosted) as archive:
        assert len(archive.ledger) > before
        for name in ("before.png", "after.png"):
            found = inspect(tmp_path / name, trust=archive.trust, ledger=archive.ledger)
            assert found.chain.verdict is Verdict.INTACT_KNOWN
            assert "Mori Aoi" in str(found.findings)
    told = Kept(held, "held by a visitor")
    checked = verify(hosted.ledger, checkpoints=hosted.checkpoints, against=[told], thorough=True)
    assert checked.ok, checked.faults
    for name in ("ledger.key", "signing.pem"):
        assert (hosted.keys / name).stat().st_mode & 0o777 == 0o600


def test_a_signer_stays_the_same_one(first: Settings, hosted: Settings, layout: Path, tmp_path: Path):
    sign(hosted, layout, tmp_path / "signed.png")
    root = (first.keys / "root.pem").read_text()
    found = inspect(tmp_path / "signed.png", trust=Trust().knowing(root), ledger=None)
    assert found.chain.verdict is Verdict.INTACT_KNOWN


@pytest.mark.parametrize("backup", ["", "elsewhere"])
def test_a_key_never_begins_a_second_ledger(hosted: Settings, tmp_path: Path, backup: str):
    alone = replace(hosted, backup=str(tmp_path / backup) if backup else None)
    with pytest.raises(IdentityError, match="holds no entry of it"):
        open_archive(alone)
    assert not alone.ledger.exists() and not (alone.keys / "ledger.key").exists()


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("ledger_key", "hello", "GENZU_LEDGER_KEY holds no ledger key"),
        ("signing_identity", "hello", "GENZU_SIGNING_IDENTITY"),
        (
            "signing_identity",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
            "GENZU_SIGNING_IDENTITY",
        ),
    ],
)
def test_a_text_that_is_no_key_is_refused_and_not_repeated(
    hosted: Settings, field: str, text: str, words: str
):
    with pytest.raises(IdentityError, match=words) as caught:
        open_archive(replace(hosted, **{field: text}))
    assert "hello" not in str(caught.value)
    open_archive(hosted).close()  # and nothing was left behind that would be in the way


def test_other_keys_than_those_on_the_disk_are_refused(hosted: Settings, tmp_path: Path):
    stranger = Settings(home=tmp_path / "stranger")
    open_archive(stranger).close()
    open_archive(hosted).close()
    for field, name in (("ledger_key", "ledger.key"), ("signing_identity", "signing.pem")):
        other = replace(hosted, **{field: (stranger.keys / name).read_text()})
        with pytest.raises(IdentityError, match="another"):
            open_archive(other)


def test_the_page_says_what_a_restart_takes_away(hosted: Settings):
    with open_archive(hosted) as archive:
        assert "GENZU_LEDGER_KEY" not in durability(archive.settings)
        assert "Demo key" not in key_warning(archive)
    careless = replace(hosted, ledger_key="", signing_identity="")
    with open_archive(careless) as archive:
        assert "nothing can be added to this record after that" in durability(careless)
        assert key_warning(archive).startswith("Demo key")


def test_secrets_are_not_shown(hosted: Settings):
    assert hosted.ledger_key not in repr(hosted)
    assert "PRIVATE" not in repr(hosted)


class Hub:
    """A folder in the hub's place, which can be out of reach."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.reached = folder, True
        folder.mkdir()

    def fetch(self, folder: Path, _have: Path) -> None:
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)

    def send(self, folder: Path, names: Iterable[str]) -> None:
        if not self.reached:
            raise OSError("out of reach")
        for name in names:
            shutil.copy(folder / name, self.folder / name)


def on_a_space(home: Path, hub: Hub) -> Ledger:
    """The ledger as a hosted space opens it: all of `home` but the key may be gone."""
    return Ledger.open(
        home / "ledger.sqlite3",
        key=home.parent / "ledger.key",
        checkpoints=home / "checkpoints.txt",
        backup=Backup(home / "backup", hub),
        lasts=False,
    )


def test_no_receipt_is_given_out_that_a_wiped_disk_could_contradict(tmp_path: Path):
    home, hub = tmp_path / "space", Hub(tmp_path / "hub")
    with on_a_space(home, hub) as ledger:
        ledger.request(recorded("pic-kept"))
        kept = ledger.receipt(len(ledger) - 1)
        hub.reached = False
        ledger.request(recorded("pic-lost"))
        lost = len(ledger) - 1
        with pytest.raises(LedgerError, match="not in the backup yet"):
            ledger.receipt(lost)
        with pytest.raises(LedgerError, match="not in the backup yet"):
            ledger.receipt(lost, under=ledger.checkpoint())
        # What has arrived is proved all the same, under a checkpoint of no more than has arrived.
        again = ledger.receipt(lost - 1)
        written = ledger.checkpoint_to_give()
        assert written is not None and written.checkpoint.size <= lost
    shutil.rmtree(home)
    hub.reached = True
    with on_a_space(home, hub) as ledger:
        assert len(ledger) == lost
        ledger.request(recorded("pic-after"))
        for each in (kept, again):
            assert compare(ledger, register_of(ledger), each).changes == ()
        check_begins_with(ledger, written.checkpoint)
        assert ledger.receipt(lost)


def test_no_entry_arrives_in_the_backup_before_its_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    class Once(Hub):
        def send(self, folder: Path, names: Iterable[str]) -> None:
            super().send(folder, names)
            self.reached = False

    home, hub = tmp_path / "space", Once(tmp_path / "hub")
    taken, written = Event(), Event()

    @contextmanager
    def slow(folder: Path) -> Iterator[Path]:
        """Between the choice of the files to send and their copies."""
        taken.set()
        assert written.wait(30)
        with alone_in(folder) as copies:
            yield copies

    monkeypatch.setattr("provenance.ledger.copies.upload.alone_in", slow)
    with on_a_space(home, hub) as ledger:  # its first entries have no texts
        assert taken.wait(30)
        ledger.request(recorded("pic-kept"))
        written.set()
        kept = ledger.receipt(len(ledger) - 1)
    shutil.rmtree(home)
    hub.reached = True
    with on_a_space(home, hub) as ledger:
        assert compare(ledger, register_of(ledger), kept).changes == ()
