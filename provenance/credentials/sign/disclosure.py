"""What of a statement goes out with the picture: chosen for each run, shown before it is painted.

The ledger keeps everything; a signed file is sent round and cannot be called back. `public_lines` says beforehand,
line by line, what anybody will be able to read in the file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from provenance.errors import StatementError
from provenance.media.sidecar import goes_beside
from provenance.statement.credit import NOT_NAMED, Credit, clean_name, refuse_marks
from provenance.statement.statement import InputRole, Statement
from provenance.statement.vocabulary import Disclosure, Step, Use, Wish
from provenance.statement.words import USES, WISHES


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
        refuse_marks(self.credit_line, "credit line")

    def shown(self, credit: Credit) -> Credit:
        """The credit as the file tells it."""
        if credit.name is None or credit.name not in self.pseudonyms:
            return credit
        return replace(credit, name=self.pseudonyms[credit.name], person=None)

    def noted(self, credits: Iterable[Credit]) -> tuple[Credit, ...]:
        """The credits with the name that the file shows, where that is another one: so the ledger knows both."""
        return tuple(replace(each, shown=self.pseudonyms.get(each.name or "")) for each in credits)


USUAL = Publication()


def no_training() -> dict[Wish, Use]:
    """The wish of most studios: not for training, not for mining."""
    return dict.fromkeys(Wish, Use.NOT_ALLOWED)


def parse_pseudonyms(lines: Iterable[str], credits: Iterable[Credit] | None = None) -> dict[str, str]:
    """Names and what the file shows instead, from `NAME=SHOWN` lines.

    StatementError names the line at fault, and who is not among the `credits`: a misspelt name would go into the file
    as it is, which is just what was not wanted.

    >>> parse_pseudonyms(["Sato Hana = Kumo"])
    {'Sato Hana': 'Kumo'}
    """
    shown: dict[str, str] = {}
    for each in lines:
        name, separator, other = each.partition("=")
        if not separator:
            raise StatementError(f"a pseudonym is written 'NAME=SHOWN', not {each[:80]!r}")
        shown[clean_name(name)] = clean_name(other)
    known = set(shown) if credits is None else {each.name for each in credits}
    for name in shown:
        if name not in known:
            raise StatementError(
                f"“{name}” has another name in the file, but nobody of that name is credited; "
                "write it as the credit has it"
            )
    return shown


def public_lines(
    statement: Statement, publication: Publication, *, signer: str = "", artist: str = ""
) -> list[tuple[str, str]]:
    """What the file will say to everybody, as (heading, words), before it is made."""
    made = f"{_STEPS[statement.step]} (IPTC: {statement.source_type.value})"
    lines = [("how it was made", made)]
    for each in statement.credits:
        shown = publication.shown(each)
        lines.append((f"credit, {shown.role.value}", shown.name or NOT_NAMED))
    lines += _words(statement, publication)
    lines += _model(statement)
    if any(
        goes_beside(each.resource.media_type) for each in statement.inputs if each.role is InputRole.ORIGINAL
    ):
        lines.append(
            (
                "the file",
                "goes out byte for byte, with whatever it says of its maker; the credentials lie beside it",
            )
        )
    for picture in (each for each in statement.inputs if each.role is not InputRole.ORIGINAL):
        lines.append(
            (picture.role.value, "its digests, size and id, and its own credentials; not the picture itself")
        )
    for use in Use:
        about = [WISHES[wish] for wish, said in publication.wishes.items() if said is use]
        if about:
            lines.append(("wish", f"{USES[use]} {', '.join(about)}"))
    if publication.credit_line:
        lines.append(("credit line", publication.credit_line))
    if publication.keep_private:
        lines.append(("place and camera", "whatever EXIF and XMP of the file say of them stays in"))
    if signer:
        lines.append(("signature", f"{signer}, and the time"))
    if artist:
        lines.append(("identity", f"{artist}, by a certificate of their own, which vouches for the credits"))
    checkpoint = "its last checkpoint, which tells how many entries it has"
    lines.append(("record", f"the ledger's id, the entry's number and hash, the picture's id; {checkpoint}"))
    return lines


def _words(statement: Statement, publication: Publication) -> list[tuple[str, str]]:
    """The prompt, as far as it goes out."""
    prompt = statement.prompt
    if prompt is None:
        return []
    full = prompt.disclosure is Disclosure.FULL
    lines = [("prompt", _prompt_line(prompt.text, prompt.disclosure))]
    if prompt.given and full:
        lines.append(("as the model was given it", prompt.given))
    if prompt.negative and full:
        lines.append(("negative prompt", prompt.negative))
    if publication.parameters_text and full:
        lines.append(("for other tools", "prompt, model and settings once more, as `parameters` text (PNG)"))
    return lines


def _model(statement: Statement) -> list[tuple[str, str]]:
    """The model and how it was run."""
    model, asked, lines = statement.model, dict(statement.parameters), []
    if model is not None:
        name = model.public.name
        lines.append(("model", f"{name}, {model.digest}, {model.license}; trained on: {model.training}"))
    for each in statement.adapters:
        own = each.model
        by = f", by {own.attribution}" if own.attribution else ""
        told = f"{own.public.name}{by}, {own.digest}, {own.license}, {each.measure}"
        lines.append((each.label, told))
    if asked:
        told = ", ".join(_SETTINGS.get(name, name + " {}").format(value) for name, value in asked.items())
        lines.append(("settings", told))
    if model is not None:
        lines.append(("the run", "kind of processor, versions of the libraries, how long it took"))
    return lines


def _prompt_line(text: str, disclosure: Disclosure) -> str:
    return {Disclosure.FULL: text, Disclosure.DIGEST: BY_DIGEST, Disclosure.ABSENT: NOTHING}[disclosure]


# What the line on the prompt says where the words themselves stay here.
BY_DIGEST = "only a salted digest; anyone with the text and the salt can prove it"
NOTHING = "nothing"
_SETTINGS = {
    "width": "{} pixels wide",
    "height": "{} high",
    "guidance_scale": "guidance {}",
    "num_inference_steps": "{} steps",
    "effective_steps": "{} of them run",
    "cleaned": "the layout cleaned first ({})",
    "tile": "tiles of {} pixels",
    "overlap": "overlapping by {}",
    "extended": "the canvas extended ({} pixels)",
    "filled": "the masked part filled by the model",
    "long_prompt": "a long prompt read in {}",
}
_STEPS = {
    Step.PAINT: "painted by AI over a picture",
    Step.RECORD: "taken into the record as it is",
    Step.RETOUCH: "revised by hand",
}
