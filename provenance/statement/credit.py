"""People, the roles they are credited in, and the rule that software takes no person's slot.

>>> str(parse_credit("layout: Mori Aoi"))
'layout: Mori Aoi'
>>> parse_credit("retouch: (asked not to be named)").name is None
True
>>> parse_credit("layout: AI (+Human)")
Traceback (most recent call last):
    ...
provenance.errors.StatementError: 'AI (+Human)' names software; a credit names a person or an organisation. ...
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from provenance.errors import StatementError
from provenance.statement.blank import is_blank
from provenance.statement.names import as_one

NAME_LIMIT = 200  # characters; the longest names on record are well below
NOT_NAMED = "(asked not to be named)"
# Marks of a list of roles and names. A comma may be a role's own: “identity, certificate”.
_ENTRY = frozenset(';:“”"；：')


class Role(StrEnum):
    """What a person did. The value is the word on the command line and in a manifest."""

    LAYOUT = "layout"
    BACKGROUND = "background"
    CONCEPT = "concept"
    KEY_DRAWING = "key drawing"
    PROMPT = "prompt"  # IPTC: AI Prompt Writer; not the picture's artist
    COMPOSITING = "compositing"
    RETOUCH = "retouch"
    ART_DIRECTION = "art direction"
    SUPERVISION = "supervision"
    MODEL_TRAINING = "model training"
    OTHER = "other"


# Roles by which a hand in a picture is named; a prompt, a direction or a training draws nothing.
DRAWING = frozenset(Role) - {Role.PROMPT, Role.ART_DIRECTION, Role.SUPERVISION, Role.MODEL_TRAINING}


class Kind(StrEnum):
    """What a name stands for; software exists here only to be refused in a person's slot."""

    PERSON = "person"
    ORGANISATION = "organisation"
    SOFTWARE = "software"


@dataclass(frozen=True, slots=True)
class Credit:
    """One line of the credits: a role and a name; `name` None is the explicit choice not to be named.

    `person` is the ledger's id once the name has been entered there; `shown` the name in this picture's file,
    where that is another one.
    """

    role: Role
    name: str | None
    person: str | None = None
    shown: str | None = None

    def __post_init__(self) -> None:
        for name in (self.name, self.shown):
            if name is not None and name != spelled(name):
                raise StatementError(f"the name {name[:40]!r} is not in its clean form")

    def __str__(self) -> str:
        return f"{self.role.value}: {self.name or NOT_NAMED}"


def credit_text(role: str, name: str | None) -> str:
    """Role and name as one entry in a list of such, whatever marks the two hold."""
    return f"{role_text(role)}: {NOT_NAMED if name is None else as_one(name)}"


def role_text(role: str) -> str:
    """A role before a name: in quotation marks where a file's own word for it could be read as an entry."""
    return role if _ENTRY.isdisjoint(role) else as_one(role)


def parse_credit(text: str) -> Credit:
    """A credit from `role: name`, as typed on the command line or the page."""
    role_text, *named = re.split("[:：]", text, maxsplit=1)  # a Japanese keyboard types the wide one
    if not named:
        raise StatementError(
            f"a credit is written 'role: NAME', such as 'layout: Mori Aoi', not {text[:80]!r}"
        )
    role, name_text = parse_role(role_text), named[0]
    if is_blank(name_text):
        raise StatementError(
            f"nobody is named as {role.value!r}: write who it was after the colon, such as '{role.value}: Mori Aoi', "
            f"or '{role.value}: -' for somebody who asked not to be named"
        )
    if name_text.strip() in {NOT_NAMED, "-"}:
        return Credit(role, None)
    return Credit(role, clean_name(name_text))


def parse_role(text: str) -> Role:
    """A role from its word, in any case, with hyphens or spaces."""
    try:
        return Role(" ".join(text.replace("-", " ").replace("_", " ").lower().split()))
    except ValueError:
        known = ", ".join(role.value for role in Role)
        raise StatementError(f"{text.strip()[:40]!r} is no role; the roles are {known}") from None


@lru_cache(maxsize=1024)
def clean_name(text: str) -> str:
    """The name as `spelled`; refuses one in which nothing is seen, too."""
    if is_blank(text):
        raise StatementError(f"a name is empty; for somebody who asked not to be named write {NOT_NAMED!r}")
    return spelled(text)


def spelled(text: str) -> str:
    """The name in Unicode NFC with single spaces; refuses control marks, over-long names and software.

    Names on record are held to this alone: a blank one in an old ledger stays readable.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise StatementError("a name is empty")
    if len(name) > NAME_LIMIT:
        raise StatementError(f"a name has at most {NAME_LIMIT} characters, this one {len(name):,}")
    shown = "".join(each if each.isprintable() else f"‹U+{ord(each):04X}›" for each in name[:40])
    refuse_marks(name, f"name “{shown}”")
    if names_software(name):
        raise StatementError(
            f"{name[:40]!r} names software; a credit names a person or an organisation. "
            "The model is recorded by itself; name who drew, prompted or retouched"
        )
    return name


def refuse_marks(text: str, what: str) -> None:
    """Raises StatementError for characters that make one text look like another."""
    for character in text:
        # Cf holds right-to-left overrides and zero-width marks. ZWJ and ZWNJ are needed to write Persian and several
        # Indian scripts.
        invisible = unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}
        if invisible and character not in "\u200c\u200d":
            raise StatementError(f"the {what} holds the invisible mark U+{ord(character):04X}; remove it")


def refuse_halves(text: str, what: str) -> None:
    """Raises StatementError for half of a letter: no record and no file can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise StatementError(f"the {what} holds half a character (a lone surrogate); type it again") from None


def names_software(name: str) -> bool:
    """Whether a name is plainly an AI or a program: a known product, or nothing but the word for one."""
    words = [word for word in re.split(r"[\W_]+", unicodedata.normalize("NFKC", name).casefold()) if word]
    squeezed = "".join(words)
    if any(product in squeezed for product in _PRODUCTS) or any(word in squeezed for word in _WORDS_JA):
        return True
    return (
        bool(words)
        and any(word in _AI_WORDS for word in words)
        and all(word in _AI_WORDS or word in _FILLERS or word.isdigit() for word in words)
    )


# "Ai" is also a given name (藍, 愛): it is software only where nothing else in the line could be a person.
_AI_WORDS = frozenset(
    "ai genai gpt llm ki ia bot robot chatbot agent model algorithm software computer machine program app ml "
    "img2img txt2img diffusion generator unet".split()
)
_FILLERS = frozenset(
    "human humans person the an a and with by plus of our my house artist assistant assisted generated generative "
    "artificial intelligence made art image picture background designer team neural network tool system".split()
)
_PRODUCTS = (
    "stablediffusion", "midjourney", "dalle2", "dalle3", "chatgpt", "openai", "comfyui", "automatic1111", "novelai",
    "adobefirefly", "sdxl", "gptimage", "nanobanana", "controlnet", "imagen3", "imagen4", "invokeai", "fooocus",
    "artificialintelligence", "flux1", "flux2", "qwenimage", "seedream", "genzuhouse",
)  # fmt: skip
_WORDS_JA = ("人工知能", "生成ai", "画像生成")
