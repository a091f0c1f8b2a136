"""Every setting, in one frozen dataclass, read from the environment in one place: `settings_from_environment`."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from provenance.errors import StatementError

MEGAPIXEL = 1_000_000
SECRET_LENGTH = 24  # characters, at least, of what webhooks are signed with

# What docs/reference/settings.md prints; `settings_from_environment` reads exactly these.
VARIABLES = {
    "GENZU_HOME": "the folder of the archive: ledger, vault, keys (else your data folder)",
    "GENZU_MODEL": "the model: `house`, a diffusers folder, `HUB/ID@REVISION`, or a .safetensors file",
    "GENZU_POLICY": "a TOML file of words and artists' names that are not painted here (docs/how-to/set-a-policy.md)",
    "GENZU_SIGNING_CHAIN": "PEM file of a certificate chain, leaf first, to sign with instead of our own",
    "GENZU_SIGNING_KEY": "PEM file of the leaf's private key",
    "GENZU_SIGNER_NAME": "the organisation named in the certificate that is made at first start (`Genzu`)",
    "GENZU_SIGNING_IDENTITY": "for a disk that does not last: the text of `keys/signing.pem` of an earlier start",
    "GENZU_LEDGER_KEY": "for a disk that does not last: the line in `keys/ledger.key` of an earlier start",
    "GENZU_TRUST": "PEM files of authorities to know, by their key usages (else for signers), separated like PATH",
    "GENZU_TSA_URL": "a time-stamp authority (RFC 3161); without it no time stamp is asked for",
    "GENZU_MAX_MEGAPIXELS": "the largest picture let in (50)",
    "GENZU_MAX_MEGABYTES": "the largest file let in (100)",
    "GENZU_BACKUP": "a folder, or `hf://datasets/OWNER/NAME`, to which entries, texts and checkpoints are copied",
    "GENZU_KEEPER_SECRET": "words that open the keeper's tab of the page; without them it opens on this machine only",
    "GENZU_PROXIES": "how many proxies before the page append to X-Forwarded-For (0: that header is not read)",
    "GENZU_STREAMS": "how many open pages and answers under way one address may hold at a time (300; 0: any number)",
    "GENZU_ARTISTS": "a header that the proxy sets for who signed in: only they paint and record, others read",
    "GENZU_WEBHOOK": "an https:// address that is told of each released picture: its ids, and nothing private",
    "GENZU_WEBHOOK_SECRET": "what those messages are signed with; 24 characters or more",
    "GENZU_PUBLIC_PICTURES": "`on`: the tab Credits shows everybody small copies of the released pictures",
    "GENZU_MARK": "`off`: paintings get no faint mark (docs/how-to/look-up.md); the record says so",
    "GENZU_TRUSTMARK": "`on`: paintings get a TrustMark as well, which other people's detectors read",
    "GENZU_INDEX": "`off`: pictures are not put into the look-up index when they are released",
    "OAUTH_CLIENT_ID": "set by hosted spaces whose card says `hf_oauth: true`; visitors can then sign in",
    "OAUTH_CLIENT_SECRET": "set with it",
    "OAUTH_SCOPES": "set with it",
    "OPENID_PROVIDER_URL": "set with it: who signs visitors in",
    "SYSTEM": "set by hosted spaces to `spaces`",
    "SPACE_ID": "set by hosted spaces; the page then says that its disk does not last",
}


# Without one of these gradio has nobody to ask who a visitor is, and does not start.
_SIGNING_IN = ("SPACE_ID", "OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET", "OAUTH_SCOPES", "OPENID_PROVIDER_URL")
# For the log of whoever hosts the page; the number is of addresses.
PROXY_NOT_COUNTED = (
    "a proxy stands before this page, and GENZU_PROXIES is not set: no visitor's address is known, and nobody is "
    "measured; X-Forwarded-For held %d just now, one for each proxy unless the visitor sent some"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest picture and the largest file that are let in."""

    pixels: int = 50 * MEGAPIXEL
    size: int = 100 * 1024 * 1024  # bytes

    def for_our_own(self) -> "Limits":
        """For a file that we signed: what was let in has grown by its history."""
        return Limits(self.pixels, self.size * 2)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and how much is let in."""

    home: Path
    signing_chain: Path | None = None  # PEM, leaf first; None: our own, made at first start
    signing_key: Path | None = None  # PEM
    signing_identity: str = field(default="", repr=False)  # what keys/signing.pem has to hold; "": our own
    ledger_key: str = field(default="", repr=False)  # what keys/ledger.key has to hold; "": our own
    tsa_url: str | None = None
    trust: tuple[Path, ...] = ()  # PEM files of roots that we know, beside our own
    limits: Limits = Limits()
    model: str = "house"
    policy: Path | None = None  # TOML; what is not painted here
    signer_name: str = "Genzu"
    backup: str | None = None
    keeper_secret: str = field(default="", repr=False)
    proxies: int = 0
    streams: int = 300  # open at a time, from one address; 0: any number
    artists: str = ""  # the header by which the proxy tells who signed in; "": everybody may paint
    webhook: str | None = None  # an address that is told of each release
    webhook_secret: str = field(default="", repr=False)
    mark: bool = True  # paintings get a faint mark
    trustmark: bool = False  # paintings get a TrustMark as well
    index: bool = True  # released pictures go into the look-up index
    public_pictures: bool = False  # everybody sees small copies of released pictures
    hosted: bool = False  # on a rented space whose disk is wiped at each restart
    sign_in: bool = False  # the host lets visitors sign in with their account there

    @property
    def ledger(self) -> Path:
        return self.home / "ledger.sqlite3"

    @property
    def vault(self) -> Path:
        return self.home / "vault"

    @property
    def keys(self) -> Path:
        return self.home / "keys"

    @property
    def staging(self) -> Path:
        return self.home / "staging"

    @property
    def outputs(self) -> Path:
        return self.home / "outputs"

    @property
    def lookup(self) -> Path:
        return self.home / "lookup.sqlite3"

    @property
    def first_rows(self) -> Path:
        return self.home / "first-rows.sqlite3"

    @property
    def cosigned(self) -> Path:
        return self.home / "cosigned.txt"

    @property
    def outbox(self) -> Path:
        return self.home / "outbox"

    @property
    def checkpoints(self) -> Path:
        return self.home / "checkpoints.txt"


def settings_from_environment(environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Settings:
    """The settings that GENZU_* variables ask for; `home` (from the command line) wins over GENZU_HOME."""

    def path(name: str) -> Path | None:
        return Path(environ[name]).expanduser() if environ.get(name) else None

    def number(name: str, default: int) -> int:
        text = environ.get(name, "")
        if text and not text.isdecimal():
            raise StatementError(f"{name} is a whole number, not {text[:40]!r}")
        return int(text) if text else default

    def switch(name: str, *, default: bool = True) -> bool:
        text = environ.get(name, "").strip().lower()
        if text not in {"", "on", "off"}:
            raise StatementError(f"{name} is on or off, not {text[:40]!r}")
        return text == "on" if text else default

    folder = home or path("GENZU_HOME") or Path(platformdirs.user_data_dir("genzu", appauthor=False))
    return Settings(
        home=folder.expanduser().absolute(),
        signing_chain=path("GENZU_SIGNING_CHAIN"),
        signing_key=path("GENZU_SIGNING_KEY"),
        signing_identity=environ.get("GENZU_SIGNING_IDENTITY", "").strip(),
        ledger_key=environ.get("GENZU_LEDGER_KEY", "").strip(),
        tsa_url=environ.get("GENZU_TSA_URL") or None,
        trust=tuple(Path(part) for part in environ.get("GENZU_TRUST", "").split(os.pathsep) if part),
        limits=_limits(number),
        model=environ.get("GENZU_MODEL") or "house",
        policy=path("GENZU_POLICY"),
        signer_name=environ.get("GENZU_SIGNER_NAME") or "Genzu",
        backup=environ.get("GENZU_BACKUP") or None,
        keeper_secret=environ.get("GENZU_KEEPER_SECRET") or "",
        proxies=number("GENZU_PROXIES", 0),
        streams=number("GENZU_STREAMS", 300),
        artists=_artists(environ, number("GENZU_PROXIES", 0)),
        webhook=_webhook(environ),
        webhook_secret=environ.get("GENZU_WEBHOOK_SECRET") or "",
        mark=switch("GENZU_MARK"),
        trustmark=switch("GENZU_TRUSTMARK", default=False),
        index=switch("GENZU_INDEX"),
        public_pictures=switch("GENZU_PUBLIC_PICTURES", default=False),
        hosted=bool(environ.get("SPACE_ID")),
        sign_in=environ.get("SYSTEM") == "spaces" and all(environ.get(each) for each in _SIGNING_IN),
    )


def _limits(number: Callable[[str, int], int]) -> Limits:
    size = number("GENZU_MAX_MEGABYTES", 100) * 1024 * 1024
    return Limits(number("GENZU_MAX_MEGAPIXELS", 50) * MEGAPIXEL, size)


def _artists(environ: Mapping[str, str], proxies: int) -> str:
    """The header's name; StatementError where anybody could send it."""
    name = environ.get("GENZU_ARTISTS", "").strip()
    if name and not proxies:
        raise StatementError(
            "GENZU_ARTISTS names a header that a proxy sets: say with GENZU_PROXIES how many proxies there are"
        )
    return name


def _webhook(environ: Mapping[str, str]) -> str | None:
    """The address; StatementError where nobody could trust what it is told."""
    address = environ.get("GENZU_WEBHOOK", "").strip()
    if not address:
        return None
    if not address.startswith(("https://", "http://")):
        raise StatementError(f"GENZU_WEBHOOK is an https:// address, not {address[:80]!r}")
    if len(environ.get("GENZU_WEBHOOK_SECRET", "")) < SECRET_LENGTH:
        raise StatementError(
            f"GENZU_WEBHOOK needs GENZU_WEBHOOK_SECRET, {SECRET_LENGTH} characters or more: what it sends is signed"
        )
    return address


def uploads_go_to(folder: Path) -> None:
    """Where gradio puts what visitors send: it reads that from the environment, which is ours to write here alone."""
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
