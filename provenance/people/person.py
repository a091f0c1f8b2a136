"""A person or organisation as the credits know them: names in any script, identifiers, and what stays private.

    genzu people add "森 あおい" --reading もりあおい --romaji "Mori Aoi" --id orcid:0000-0002-1825-0097

>>> str(parse_identifier("orcid: https://orcid.org/0000-0002-1825-0097"))
'orcid:0000-0002-1825-0097'
>>> parse_identifier("isni:0000 0001 2103 2684")
Traceback (most recent call last):
    ...
provenance.errors.StatementError: isni 0000 0001 2103 2684 has a wrong check digit; one of its characters is mistyped
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from provenance.errors import StatementError
from provenance.ledger.entries.limits import IDENTIFIERS_LIMIT, NAMES_LIMIT
from provenance.statement.blank import is_blank
from provenance.statement.commitment import ERASED, STAND_INS
from provenance.statement.credit import Kind, clean_name, refuse_marks
from provenance.statement.json_value import Json
from provenance.statement.vocabulary import Scheme

CONTACT_LIMIT = 300  # characters
IDENTIFIER_LIMIT = 300


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """An identifier in its one written form, such as `orcid:0000-0002-1825-0097`."""

    scheme: Scheme
    value: str

    def __str__(self) -> str:
        return f"{self.scheme.value}:{self.value}"

    @property
    def url(self) -> str | None:
        """Where it leads on the web; None for a handle without an address."""
        match self.scheme:
            case Scheme.ORCID:
                return f"https://orcid.org/{self.value}"
            case Scheme.ISNI:
                return f"https://isni.org/isni/{self.value}"
            case _:
                return self.value if self.value.startswith(("https://", "http://")) else None


@dataclass(frozen=True, slots=True)
class Person:
    """A person as the ledger knows them today. `name` is the one shown; None: asked not to be named, or erased.

    `behind` is the name behind a pseudonym or behind nobody's name; it, `hidden`, `also` and `contact` never leave
    an export. `merged_into` names the record that stands for this one.
    """

    person: str
    kind: Kind = Kind.PERSON
    name: str | None = None
    reading: str = ""  # how `name` is read, in kana (furigana) or another script
    romaji: str = ""  # `name` in Latin letters
    behind: str = ""
    also: tuple[str, ...] = ()  # further names of the same person
    identifiers: tuple[Identifier, ...] = ()
    contact: str = ""
    absent: str = ""  # what is shown for a name that is not held: "(erased)", "(missing)", "(not disclosed)"
    added: int = -1
    merged_into: str | None = None
    hidden: tuple[str, ...] = ()  # reading and romaji of a name that is not shown: as private as that name

    def __post_init__(self) -> None:
        if self.kind is Kind.SOFTWARE:
            raise StatementError("software is recorded as a model, never as a person; name who used it")
        if len(self.also) > NAMES_LIMIT or len(self.identifiers) > IDENTIFIERS_LIMIT:
            raise StatementError(
                f"a person has at most {NAMES_LIMIT} further names and {IDENTIFIERS_LIMIT} ids"
            )

    @property
    def erased(self) -> bool:
        return self.absent == ERASED

    def shown(self, language: str = "ja") -> str | None:
        """The name for the public; None for who asked not to be named. Romaji for other languages than Japanese."""
        if self.absent:
            return self.absent
        return self.public_romaji if language != "ja" and self.public_romaji else self.name

    @property
    def not_named(self) -> bool:
        return self.name is None and not self.absent

    @property
    def public_identifiers(self) -> tuple[Identifier, ...]:
        """The identifiers that may be shown: none beside a pseudonym, as an ORCID would tell who is behind it."""
        return () if self.name is None or self.behind else self.identifiers

    @property
    def public_reading(self) -> str:
        """How the shown name is read; nothing where none is shown."""
        return self.reading if self.name else ""

    @property
    def public_romaji(self) -> str:
        """The shown name in Latin letters; nothing where none is shown."""
        return self.romaji if self.name else ""

    @property
    def public_names(self) -> tuple[str, ...]:
        """The forms of the shown name, by which anybody may find this person."""
        names = (self.name or "", self.public_romaji, self.public_reading)
        return tuple(dict.fromkeys(each for each in names if each))

    @property
    def every_name(self) -> tuple[str, ...]:
        """All that this person may be looked up by inside the ledger."""
        names = (self.name or "", self.behind, self.romaji, self.reading, *self.also, *self.hidden)
        return tuple(dict.fromkeys(each for each in names if each and each not in STAND_INS))


def person_json(person: Person) -> dict[str, Json]:
    """What everybody may know of a person, as data; `name` null where they asked not to be named."""
    return {
        "person": person.person,
        "kind": person.kind.value,
        "name": person.shown(),
        "reading": person.public_reading,
        "romaji": person.public_romaji,
        "identifiers": [str(each) for each in person.public_identifiers],
        "erased": person.erased,
        "entry": person.added,
    }


def parse_identifier(text: str) -> Identifier:
    """An identifier from `scheme: value`, with its check digit or address verified."""
    scheme_text, separator, value = text.partition(":")
    try:
        scheme = Scheme(scheme_text.strip().lower())
    except ValueError:
        known = ", ".join(each.value for each in Scheme)
        raise StatementError(
            f"{text[:60]!r} is no identifier; write scheme:value with one of {known}"
        ) from None
    if not separator or not value.strip():
        raise StatementError(f"the identifier {text[:60]!r} has no value; write {scheme.value}:VALUE")
    return Identifier(scheme, _VALUES[scheme](value.strip()))


def clean_contact(text: str) -> str:
    """A way to reach somebody, on one line, bounded; refuses control and direction marks."""
    contact = " ".join(unicodedata.normalize("NFC", text).split())
    if len(contact) > CONTACT_LIMIT:
        raise StatementError(f"a contact has at most {CONTACT_LIMIT} characters, this one {len(contact):,}")
    refuse_marks(contact, "contact")
    return contact


def clean_optional(text: str) -> str:
    """A name that may be left out."""
    return "" if is_blank(text) else clean_name(text)


def clean_reading(text: str) -> str:
    """A reading: like a name, but "ai" and the like are ordinary syllables here."""
    if is_blank(text):
        return ""
    # The word beside it keeps the test for software away: a reading is no name by itself.
    return clean_name(f"読み {text}").removeprefix("読み ")


def check_digit(digits: str) -> str:
    """ISO 7064 MOD 11-2 over the first fifteen digits: the sixteenth character of an ORCID or ISNI."""
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    left = (12 - total % 11) % 11
    return "X" if left == 10 else str(left)


def _sixteen(value: str, scheme: Scheme, prefixes: tuple[str, ...]) -> str:
    bare = value
    for prefix in prefixes:
        bare = bare.removeprefix(prefix)
    squeezed = re.sub(r"[ -]", "", bare).upper()
    if not re.fullmatch(r"[0-9]{15}[0-9X]", squeezed):
        raise StatementError(
            f"{scheme.value} {value[:40]!r} is not 16 characters (digits, X at the end only)"
        )
    if check_digit(squeezed[:15]) != squeezed[15]:
        raise StatementError(
            f"{scheme.value} {bare[:40]} has a wrong check digit; one of its characters is mistyped"
        )
    return squeezed


def _orcid(value: str) -> str:
    bare = _sixteen(value, Scheme.ORCID, ("https://orcid.org/", "http://orcid.org/", "orcid.org/"))
    return "-".join(bare[at : at + 4] for at in range(0, 16, 4))


def _isni(value: str) -> str:
    return _sixteen(value, Scheme.ISNI, ("https://isni.org/isni/", "http://isni.org/isni/", "isni.org/isni/"))


def _site(value: str) -> str:
    if len(value) > IDENTIFIER_LIMIT:
        raise StatementError(f"an address has at most {IDENTIFIER_LIMIT} characters, this one {len(value):,}")
    refuse_marks(value, "address")
    try:
        parts = urlsplit(value)
        named = parts.hostname
    except ValueError:
        parts, named = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not named or re.search(r"[\s\"'<>\\]", value):
        raise StatementError(f"{value[:60]!r} is no web address; it begins with https:// and names a host")
    if parts.username or parts.password:
        raise StatementError("a web address with a user name or password in it is not taken")
    return value


def _social(value: str) -> str:
    if value.startswith(("https://", "http://")):
        return _site(value)
    if not re.fullmatch(r"@?[\w.-]{1,64}@[\w-]+(\.[\w-]+)+", value):
        raise StatementError(
            f"{value[:60]!r} is no social identity; write @name@host or the page's https address"
        )
    return "@" + value.removeprefix("@")


_VALUES = {Scheme.ORCID: _orcid, Scheme.ISNI: _isni, Scheme.SITE: _site, Scheme.SOCIAL: _social}
