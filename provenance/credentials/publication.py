"""What of a statement goes out with the picture: chosen for each run, shown before it is painted.

The ledger keeps everything; a signed file is sent round and cannot be called back. `public_lines` says beforehand,
line by line, what anybody will be able to read in the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from provenance.credits import NOT_NAMED, Credit, clean_name
from provenance.errors import StatementError
from provenance.statement import InputRole, Statement
from provenance.vocabulary import Disclosure, Use, Wish


@dataclass(frozen=True, slots=True)
class Publication:
    """The choices of one run. `pseudonyms` maps a name in the ledger to the one that the file shows."""

    wishes: Mapping[Wish, Use] = field(default_factory=dict)
    pseudonyms: Mapping[str, str] = field(default_factory=dict)
    credit_line: str = ""  # IPTC Credit Line, such as "Studio Kita / Genzu"
    xmp: bool = True  # IPTC 2025.1 fields as XMP, for programs that read no C2PA
    parameters_text: bool = False  # the `parameters` text that A1111, Forge and their like read
    keep_private: bool = False  # leave GPS and owner in a file that was recorded

    def __post_init__(self) -> None:
        for shown in self.pseudonyms.values():
            if shown != clean_name(shown):
                raise StatementError(f"the pseudonym {shown[:40]!r} is not in its clean form")

    def shown(self, credit: Credit) -> Credit:
        """The credit as the file tells it."""
        if credit.name is None or credit.name not in self.pseudonyms:
            return credit
        return replace(credit, name=self.pseudonyms[credit.name], person=None)


USUAL = Publication()


def no_training() -> dict[Wish, Use]:
    """The wish of most studios: not for training, not for mining."""
    return dict.fromkeys(Wish, Use.NOT_ALLOWED)


def parse_pseudonyms(lines: Iterable[str]) -> dict[str, str]:
    """Names and what the file shows instead, from `NAME=SHOWN` lines. StatementError names the line at fault.

    >>> parse_pseudonyms(["Sato Hana = Kumo"])
    {'Sato Hana': 'Kumo'}
    """
    shown: dict[str, str] = {}
    for each in lines:
        name, separator, other = each.partition("=")
        if not separator:
            raise StatementError(f"a pseudonym is written 'NAME=SHOWN', not {each[:80]!r}")
        shown[clean_name(name)] = clean_name(other)
    return shown


def public_lines(statement: Statement, publication: Publication) -> list[tuple[str, str]]:
    """What the file will say to everybody, as (heading, words), before it is made."""
    lines = [("how it was made", f"{statement.step.value}, {statement.source_type.value}")]
    for each in statement.credits:
        shown = publication.shown(each)
        lines.append((f"credit, {shown.role.value}", shown.name or NOT_NAMED))
    prompt = statement.prompt
    if prompt is not None:
        lines.append(("prompt", _prompt_line(prompt.text, prompt.disclosure)))
        if prompt.negative and prompt.disclosure is Disclosure.FULL:
            lines.append(("negative prompt", prompt.negative))
    if statement.model is not None:
        lines.append(
            ("model", f"{statement.model.name}, {statement.model.digest}, {statement.model.license}")
        )
    if statement.parameters:
        told = ", ".join(f"{name} {value}" for name, value in statement.parameters.items())
        lines.append(("settings", told))
    for picture in (each for each in statement.inputs if each.role is not InputRole.ORIGINAL):
        lines.append(
            (picture.role.value, "its digest and size and its own credentials; not the picture itself")
        )
    lines += [(wish.value.removeprefix("cawg."), use.value) for wish, use in publication.wishes.items()]
    if publication.credit_line:
        lines.append(("credit line", publication.credit_line))
    lines.append(("record", "the ledger's id, the entry's number and hash, the picture's id"))
    return lines


def _prompt_line(text: str, disclosure: Disclosure) -> str:
    return {
        Disclosure.FULL: text,
        Disclosure.DIGEST: "only a salted digest; whoever holds the text can prove it",
        Disclosure.ABSENT: "nothing",
    }[disclosure]
