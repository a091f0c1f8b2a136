"""What a report says of one file, as plain data: a row. How an inspection becomes one is in row_of.py.

path              classification   verdict                signer   people              model
cut01/bg.png      AI-assisted      intact, known signer   Genzu    layout: Mori Aoi    genzu-house
cut02/bg.png      unknown          no credentials
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from provenance.audit.place import NOWHERE, Place, place_of
from provenance.credentials.read.chain import Reason, Verdict
from provenance.credentials.read.verdicts import UNKNOWN_SIGNER
from provenance.errors import ProvenanceError
from provenance.inspection.answers import Classification
from provenance.inspection.basis import Evidence
from provenance.inspection.evidence.finding import DISPUTES, Finding
from provenance.statement.json_value import Json

_BESIDE = (UNKNOWN_SIGNER.code, "timeStamp.")  # reasons of a verdict that keep nobody from checking
NO_PICTURE = "there is no picture in it"  # said of a whole folder that was to be audited


@dataclass(frozen=True, slots=True)
class LooksLike:
    """A recorded picture that a file looks like, which proves no origin. `differs`: what can be seen to differ."""

    picture: str
    sureness: str
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """What a report says of one picture. All text is untrusted."""

    path: str
    classification: Classification
    because: str
    verdict: Verdict
    exit_code: int
    history: str = ""  # who made it, in one sentence
    digest: str = ""
    signers: tuple[str, ...] = ()  # of each step, oldest first, without repeats
    people: tuple[str, ...] = ()  # "role: name"
    models: tuple[str, ...] = ()
    record: str = ""  # the picture's id in the ledger
    elsewhere: tuple[str, ...] = ()  # "ledger: id", of other studios' ledgers that have it
    evidence: tuple[Finding, ...] = ()
    reasons: tuple[Reason, ...] = ()
    pictures: tuple[str, ...] = ()  # small ones that its credentials hold, oldest first, as `data:` addresses
    size: int = 0  # bytes
    width: int | None = None
    height: int | None = None
    pixels: str = ""  # digest, where it was needed
    place: Place = NOWHERE
    production: str = ""
    tools: tuple[str, ...] = ()  # programs whose unsigned text it carries
    facts: tuple[str, ...] = ()  # what is stated in it, by the names of rules.py
    unnamed: bool = False  # a hand is stated, and nobody is named for it
    conflict: bool = False  # two things are said of it that do not go together
    small: str = ""  # the picture itself, small, as a `data:` address
    layouts: tuple[str, ...] = ()  # what it began from, by the ledger, the same way
    change: str = ""  # how much its last step changed, measured
    looks_like: tuple[LooksLike, ...] = ()  # where neither bytes nor pixels nor credentials lead to a record
    alike: str = ""  # the first of these, small, as a `data:` address

    @property
    def trouble(self) -> str:
        """Why it could not be checked; "" where it was."""
        if self.verdict is not Verdict.NOT_CHECKED:
            return ""
        grave = (each.words for each in self.reasons if not each.code.startswith(_BESIDE))
        return next(grave, self.because)

    @property
    def besides(self) -> tuple[str, ...]:
        """What is told of it beside who made it: what does not go together, what failed, and what is disputed."""
        told = (each for each in self.evidence if each.first or each.fault or each.about in DISPUTES)
        return tuple(each.words for each in told)


def counts(rows: Iterable[Row]) -> dict[Classification, int]:
    """How many rows of each answer, in the order of the answers, zeros included."""
    found = Counter(row.classification for row in rows)
    return {answer: found[answer] for answer in Classification}


def row_json(row: Row) -> dict[str, Json]:
    """A row as data."""
    return {
        "path": row.path,
        "classification": row.classification.value,
        "because": row.because,
        "history": row.history or None,
        "verdict": row.verdict.value,
        "exit_code": row.exit_code,
        "digest": row.digest or None,
        "signers": list(row.signers),
        "people": list(row.people),
        "models": list(row.models),
        "record": row.record or None,
        "elsewhere": list(row.elsewhere),
        "evidence": [
            {"source": each.evidence.value, "about": each.about, "words": each.words, "fault": each.fault}
            for each in row.evidence
        ],
        "reasons": [{"code": each.code, "words": each.words} for each in row.reasons],
        "size": row.size or None,
        "width": row.width,
        "height": row.height,
        "pixels": row.pixels or None,
        "vendor": row.place.vendor or None,
        "cut": row.place.cut or None,
        "stage": row.place.stage or None,
        "place_is": row.place.basis,
        "production": row.production or None,
        "tools": list(row.tools),
        "facts": list(row.facts),
        "unnamed": row.unnamed,
        "conflict": row.conflict,
        "change": row.change or None,
        "looks_like": [
            {"picture": each.picture, "sureness": each.sureness, "differs": list(each.differs)}
            for each in row.looks_like
        ],
    }


def row_of_failure(path: str, error: Exception) -> Row:
    """The row for a file that could not be looked at."""
    words = str(error) if isinstance(error, ProvenanceError) else f"an error of ours, {type(error).__name__}"
    finding = Finding(Evidence.NOT_AVAILABLE, "picture", f"It could not be checked: {words}.")
    return Row(
        path,
        Classification.UNKNOWN,
        words,
        Verdict.NOT_CHECKED,
        exit_code=2,
        evidence=(finding,),
        reasons=(Reason("genzu.notRead", words),),
        place=place_of(path),
    )
