"""The authorities that somebody added here, in `<home>/trust`: kept, listed, forgotten again.

trust/<sha-256>.pem                 added without a word for what: by its key usages; signers where it names none
trust/time-stamps/<sha-256>.pem     added with `--for time-stamps`; signers/ and identities/ in the same way
trust/lists/<purpose>.json          public lists: lists.py
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from provenance.credentials.identity.certificate import subject_of, to_pem
from provenance.credentials.identity.identity import Identity
from provenance.credentials.identity.lists import list_files, read_lists
from provenance.credentials.identity.purposes import Purpose, is_authority, purposes_of, uses_of
from provenance.credentials.identity.trust import ADDED, OWN, Authorities, Trust
from provenance.errors import IdentityError
from provenance.settings import Settings
from provenance.storage import atomic


@dataclass(frozen=True, slots=True)
class Root:
    """One authority that counts, where it comes from ("own", a file of the settings, "added", a list), and for what."""

    name: str
    fingerprint: str
    expires: str
    origin: str
    purpose: str


def trust_for(identity: Identity | None, settings: Settings) -> Trust:
    """Whom we know: our own signer, the files in the settings, what `genzu trust add` keeps, and public lists."""
    found = trust_in_files(settings.trust, identity)
    folder = trust_folder(settings)
    for path in added_files(folder):
        found = replace(found, known=(*found.known, *_known_in(path, ADDED, kept_for(path, folder))))
    now = datetime.now(UTC)
    for each in read_lists(lists_folder(settings)):
        found = found.knowing(each.pem, each.purpose, name=each.named(now))
    return found


class TrustNow:
    """Whom we know at the moment: asked anew once a file of it has changed, and each day, since lists go out of date.

    A page runs for weeks, while its keeper adds and removes in a terminal. Of a file that cannot be read just now, what
    was read last counts.
    """

    def __init__(self, identity: Identity | None, settings: Settings) -> None:
        self._identity, self._settings = identity, settings
        self._seen = self._state()
        self._trust = trust_for(identity, settings)

    def __call__(self) -> Trust:
        state = self._state()
        if state != self._seen:
            with suppress(IdentityError):
                self._trust = trust_for(self._identity, self._settings)
                self._seen = state
        return self._trust

    def _state(self) -> tuple[object, ...]:
        folder = trust_folder(self._settings)
        found: list[object] = [datetime.now(UTC).date()]
        for path in (*self._settings.trust, *added_files(folder), *list_files(lists_folder(self._settings))):
            with suppress(OSError):
                at = path.stat()
                found.append((path, at.st_size, at.st_mtime_ns, at.st_ctime_ns))
        return tuple(found)


def trust_in_files(files: Sequence[Path], identity: Identity | None = None) -> Trust:
    """The authorities in PEM files, each for what it is for, and a signer's own."""
    known = [each for path in files for each in _known_in(path, str(path))]
    if identity is None:
        return Trust(tuple(known))
    own = [Authorities(Purpose.SIGNERS, OWN, identity.root_pem)] if identity.root_pem else []
    return Trust((*own, *known), frozenset({str(identity.fingerprint)}))


def with_purposes(
    certificates: Sequence[x509.Certificate], chosen: Purpose | None = None
) -> Iterator[tuple[x509.Certificate, Purpose]]:
    """The authorities of one file, each with what it is known for: what was chosen, else what its key usages name.

    One that names nothing is for what the others in its file are for, else for signers. Never for identities, unless
    that was chosen: C2PA and CAWG share their key usages, and who vouches for people is a choice of its own.
    """
    named = {use for each in certificates if uses_of(each) is not None for use in _named(each)}
    unsaid = sorted(named) or [Purpose.SIGNERS]
    for each in certificates:
        uses = unsaid if uses_of(each) is None else _named(each)
        yield from ((each, use) for use in ([chosen] if chosen is not None else uses))


def trust_folder(settings: Settings) -> Path:
    """Where added roots lie."""
    return settings.home / "trust"


def lists_folder(settings: Settings) -> Path:
    """Where public lists lie."""
    return trust_folder(settings) / "lists"


def read_roots(path: Path) -> list[x509.Certificate]:
    """The certificates in a PEM file; IdentityError where it cannot be read or holds none."""
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except OSError as error:
        raise IdentityError.of(error, f"the trust list {path} could not be read") from error
    except ValueError as error:
        raise IdentityError(f"the trust list {path} holds no PEM certificate") from error


def known_roots(settings: Settings) -> list[Root]:
    """Every authority that counts here, each once for a purpose; nothing is made if this is the first start."""
    own, folder = settings.keys / "root.pem", trust_folder(settings)
    found = [_root(each, "own", Purpose.SIGNERS) for each in (read_roots(own) if own.exists() else [])]
    for path in settings.trust:
        found += _roots_in(path, str(path), None)
    for path in added_files(folder):
        found += _roots_in(path, "added", kept_for(path, folder))
    for kept in read_lists(lists_folder(settings)):
        certificates = x509.load_pem_x509_certificates(kept.pem.encode())
        found += [_root(each, kept.titled, kept.purpose) for each in certificates]
    return list({(each.fingerprint, each.purpose): each for each in reversed(found)}.values())[::-1]


def add_roots(settings: Settings, path: Path, purposes: Sequence[Purpose] = ()) -> list[Root]:
    """Keeps a copy of the authorities in a PEM file, one or many, for these purposes, else for what each is for."""
    certificates = read_roots(path)
    for each in certificates:
        _check_authority(each, path, purposes)
    folder, known = trust_folder(settings), list(with_purposes(certificates))
    added: list[Root] = []
    try:
        for each in certificates:
            for purpose in purposes or [use for one, use in known if one == each]:
                by_itself = not purposes and (each, purpose) in with_purposes([each])
                _keep(each, folder if by_itself else folder / purpose.value)
                added.append(_root(each, "added", purpose))
    except OSError as error:
        raise IdentityError.of(error, f"{folder} could not be written") from error
    return added


def remove_root(settings: Settings, which: str) -> Root:
    """Forgets an added authority for all purposes, by its fingerprint or the beginning of it (8 digits or more)."""
    wanted = which.removeprefix("sha256:").lower()
    folder = trust_folder(settings)
    added = [path for path in added_files(folder) if path.stem.startswith(wanted)]
    named = {path.stem for path in added}
    if len(wanted) < 8 or len(named) != 1:
        raise IdentityError(
            f"{which[:80]!r} names {len(named) if len(wanted) >= 8 else 'no'} added root; "
            "give the fingerprint that `genzu trust list` shows"
        )
    root = _roots_in(added[0], "added", kept_for(added[0], folder))[0]
    for path in added:
        try:
            path.unlink()
        except OSError as error:
            raise IdentityError.of(error, f"{path} could not be removed") from error
    return root


def added_files(folder: Path) -> list[Path]:
    """The files that `genzu trust add` keeps."""
    places = [folder, *(folder / purpose.value for purpose in Purpose)]
    return [path for place in places for path in sorted(place.glob("*.pem"))]


def kept_for(path: Path, folder: Path) -> Purpose | None:
    """The purpose that was chosen for a file; None in the folder itself, where its key usages decide."""
    return None if path.parent == folder else Purpose(path.parent.name)


def _known_in(path: Path, name: str, purpose: Purpose | None = None) -> list[Authorities]:
    """The authorities in a PEM file, each for the purpose that was chosen, else for what it is for."""
    return [Authorities(use, name, to_pem([each])) for each, use in with_purposes(read_roots(path), purpose)]


def _keep(certificate: x509.Certificate, folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = certificate.fingerprint(hashes.SHA256()).hex()
    atomic.replace(folder / f"{name}.pem", [to_pem([certificate]).encode()])


def _check_authority(certificate: x509.Certificate, path: Path, purposes: Sequence[Purpose]) -> None:
    """Raises IdentityError for what is no authority, or none for one of these purposes."""
    if not is_authority(certificate):
        raise IdentityError(
            f"{subject_of(certificate)!r} in {path} is a signer, not an authority; add the root above it"
        )
    fit = purposes_of(certificate)
    if not fit:
        raise IdentityError(
            f"{subject_of(certificate)!r} in {path} is an authority for something else; "
            "its key usages name neither signers nor time stamps"
        )
    for each in purposes:
        if each not in fit:
            raise IdentityError(
                f"{subject_of(certificate)!r} in {path} is not for {each.value}; "
                f"its key usages are for {' and '.join(one.value for one in fit)}"
            )


def _roots_in(path: Path, origin: str, chosen: Purpose | None) -> list[Root]:
    return [_root(each, origin, use) for each, use in with_purposes(read_roots(path), chosen)]


def _named(authority: x509.Certificate) -> list[Purpose]:
    """What its key usages name, but for identities."""
    return [each for each in purposes_of(authority) if each is not Purpose.IDENTITIES]


def _root(certificate: x509.Certificate, origin: str, purpose: Purpose) -> Root:
    digest = certificate.fingerprint(hashes.SHA256()).hex()
    expires = certificate.not_valid_after_utc.strftime("%Y-%m-%d")
    return Root(certificate.subject.rfc4514_string(), f"sha256:{digest}", expires, origin, purpose.value)
