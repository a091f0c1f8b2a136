"""Public lists of authorities: taken in when somebody asks, kept with their dates, and never fetched by themselves.

The C2PA publishes two (ETSI TS 119 602, JSON): whose signers and whose time stamps count by its conformance programme.

    {"LoTE": {"ListAndSchemeInformation": {"SchemeName": [{"value": "C2PA Trust List"}],
                                           "ListIssueDateTime": "2026-11-26T00:12:13Z", "NextUpdate": "2027-02-24T…"},
              "TrustedEntitiesList": [… {"ServiceStatus": "…/trusted", … "X509Certificates": [{"val": "MIID…"}]}]}}

A list of certificates in PEM is taken as well; it has no dates. What is kept is a file of ours in `<home>/trust/lists`,
one for each purpose:

    {"format": "genzu trust list 1", "name": "C2PA Trust List", "purpose": "signers", "source": "https://…",
     "fetched": "2026-11-28T14:00:00Z", "issued": "2026-11-26T00:12:13Z", "due": "2027-02-24T00:12:13Z", "pem": "…"}
"""

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from provenance.credentials.identity.certificate import to_pem
from provenance.credentials.identity.purposes import Purpose, is_authority, purposes_of
from provenance.errors import IdentityError
from provenance.storage import atomic

_PLACE = "https://raw.githubusercontent.com/c2pa-org/conformance-public/main/trust-list/"
SIGNERS_URL = _PLACE + "C2PA-TRUST-LIST.json"
TIME_STAMPS_URL = _PLACE + "C2PA-TSA-TRUST-LIST.json"
FORMAT = "genzu trust list 1"
MOST = 2_000  # certificates; the C2PA's lists had 30 and 22 in August 2026
UNDATED = timedelta(days=90)  # how long a list that names no date of its next issue counts as fresh


@dataclass(frozen=True, slots=True)
class PublicList:
    """One list as it is kept. Times are RFC 3339, UTC; `issued` and `due` are "" where the list does not say."""

    name: str
    purpose: Purpose
    source: str
    fetched: str
    issued: str
    due: str
    pem: str

    def stale_since(self, now: datetime) -> datetime | None:
        """When a newer list was to be expected, where that has passed."""
        due = _time(self.due)
        if due is None:
            fetched = _time(self.fetched)
            due = fetched + UNDATED if fetched is not None else None
        return due if due is not None and due < now else None

    def named(self, now: datetime) -> str:
        """Its name with its date, and since when it is out of date, where it is."""
        stale = self.stale_since(now)
        return f"{self.titled}, out of date since {stale:%Y-%m-%d}" if stale is not None else self.titled

    @property
    def titled(self) -> str:
        """Its name with its date, as a sentence has it."""
        return (
            f"{self.name} of {self.issued[:10]}"
            if self.issued
            else f"{self.name}, fetched {self.fetched[:10]}"
        )


def parse_list(data: bytes, purpose: Purpose, source: str, now: datetime) -> PublicList:
    """A list as its publisher gives it; IdentityError where it is none or names nobody for this purpose."""
    fetched = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if data.lstrip()[:1] == b"{":
        name, issued, due, certificates = _of_json(data, source)
    else:
        name, issued, due = source.rsplit("/", 1)[-1][:80] or "a list", "", ""
        try:
            certificates = x509.load_pem_x509_certificates(data)
        except ValueError as error:
            raise IdentityError(f"{source} gave neither a trust list nor PEM certificates") from error
    fit = [each for each in certificates[:MOST] if is_authority(each) and purpose in purposes_of(each)]
    if not fit:
        raise IdentityError(f"{source} names no authority for {purpose.value}")
    return PublicList(name, purpose, source, fetched, issued, due, to_pem(fit))


def keep_list(folder: Path, new: PublicList) -> None:
    """Puts the list in place of the one that is kept; IdentityError where that one is newer."""
    path = _path(folder, new.purpose)
    try:
        kept = _kept(path) if _is_there(path) else None
    except IdentityError:
        kept = None  # it is damaged: this one takes its place
    before, after = (_time(each.issued) if each is not None else None for each in (kept, new))
    if (
        kept is not None
        and kept.source == new.source
        and before is not None
        and (after is None or after < before)
    ):
        raise IdentityError(
            f"{new.source} gave {new.titled}, which is older than {kept.titled} that is kept here; nothing was changed"
        )
    text = json.dumps({"format": FORMAT, **asdict(new)}, indent=1)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic.replace(path, [text.encode()])
    except OSError as error:
        raise IdentityError.of(error, f"{folder} could not be written") from error


def read_lists(folder: Path) -> list[PublicList]:
    """The lists that are kept; IdentityError where one is not what was written."""
    return [_kept(path) for path in list_files(folder)]


def list_files(folder: Path) -> list[Path]:
    """Where the lists lie that are kept."""
    return [path for path in (_path(folder, each) for each in sorted(Purpose)) if _is_there(path)]


def forget_list(folder: Path, purpose: Purpose) -> PublicList:
    """Forgets the list for a purpose; IdentityError where none is kept."""
    kept = next((each for each in read_lists(folder) if each.purpose is purpose), None)
    if kept is None:
        raise IdentityError(f"no public list of {purpose.value} is kept here")
    try:
        _path(folder, purpose).unlink()
    except OSError as error:
        raise IdentityError.of(error, f"{folder} could not be written") from error
    return kept


def _path(folder: Path, purpose: Purpose) -> Path:
    return folder / f"{purpose.value}.json"


def _is_there(path: Path) -> bool:
    return os.path.isfile(path)  # noqa: PTH113  (False where a folder is closed to us; Path would raise)


def _kept(path: Path) -> PublicList:
    try:
        said = json.loads(path.read_text())
        if said.pop("format") != FORMAT:
            raise ValueError("format")
        found = PublicList(**said)
        x509.load_pem_x509_certificates(found.pem.encode())
        return replace(found, purpose=Purpose(found.purpose))
    except OSError as error:
        raise IdentityError.of(error, f"the trust list {path} could not be read") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise IdentityError(
            f"{path} is no trust list of ours; `genzu trust update` fetches it anew"
        ) from error


def _of_json(data: bytes, source: str) -> tuple[str, str, str, list[x509.Certificate]]:
    """Name, dates and certificates of a list in the C2PA's own form."""
    try:
        document = _field(json.loads(data), "LoTE")
        told = _field(document, "ListAndSchemeInformation")
        name = str(_field(_entries(told, "SchemeName")[0], "value"))[:80]
        issued, due = (str(_field(told, key) or "")[:40] for key in ("ListIssueDateTime", "NextUpdate"))
        ders = [base64.b64decode(text, validate=True) for text in _trusted(document)]
        certificates = [x509.load_der_x509_certificate(der) for der in ders]
    except (ValueError, IndexError, RecursionError) as error:
        raise IdentityError(
            f"what {source} gave is no trust list that we can read (ETSI TS 119 602)"
        ) from error
    for each in (issued, due):
        if each and _time(each) is None:
            raise IdentityError(f"{source} dates its list {each!r}, which is no time")
    return name, issued, due, certificates


def _trusted(document: object) -> Iterator[str]:
    """The certificates of the services that the list calls trusted, as base64; a withdrawn one is left out."""
    for entity in _entries(document, "TrustedEntitiesList"):
        for service in _entries(entity, "TrustedEntityServices"):
            told = _field(service, "ServiceInformation")
            if str(_field(told, "ServiceStatus")).endswith("/trusted"):
                identity = _field(told, "ServiceDigitalIdentity")
                yield from (str(_field(each, "val")) for each in _entries(identity, "X509Certificates"))


def _field(value: object, name: str) -> object:
    """A field of a JSON object, None where it is not there; ValueError where the value is no object."""
    if not isinstance(value, dict):
        raise ValueError(f"{name} is looked for in what is no object")
    return value.get(name)


def _entries(value: object, name: str) -> list[object]:
    """A field that is a list."""
    found = _field(value, name)
    if not isinstance(found, list):
        raise ValueError(f"{name} is no list")
    return found


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
