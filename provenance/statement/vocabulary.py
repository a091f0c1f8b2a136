"""The standards' words, as types: what is not in this file cannot be written into a record.

IPTC digital source types (https://cv.iptc.org/newscodes/digitalsourcetype/), C2PA 2.4 actions and relationships.

>>> SourceType.parse("digitalCreation").uri
'http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation'
>>> SourceType.parse("http://cv.iptc.org/newscodes/digitalsourcetype/print").maker
<Maker.HUMAN: 'human'>
"""

from enum import StrEnum

from provenance.errors import StatementError

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
C2PA_SOURCE = "http://c2pa.org/digitalsourcetype/"


class Maker(StrEnum):
    """Who or what made a step, as its source type says; UNKNOWN is an answer, never a guess."""

    HUMAN = "human"
    AI = "ai"
    AI_ASSISTED = "ai-assisted"
    CAMERA = "camera"
    SOFTWARE = "software"
    UNKNOWN = "unknown"


BY_AI = frozenset({Maker.AI, Maker.AI_ASSISTED})
BY_HAND = frozenset({Maker.HUMAN, Maker.CAMERA})


class SourceType(StrEnum):
    """IPTC digital source types; the value is the code, `uri` what stands in a manifest."""

    DIGITAL_CREATION = "digitalCreation"
    DIGITAL_ART = "digitalArt"  # retired by IPTC; says neither hand nor machine: read, never written
    PRINT = "print"
    NEGATIVE_FILM = "negativeFilm"
    POSITIVE_FILM = "positiveFilm"
    DIGITAL_CAPTURE = "digitalCapture"
    COMPUTATIONAL_CAPTURE = "computationalCapture"
    HUMAN_EDITS = "humanEdits"
    MINOR_HUMAN_EDITS = "minorHumanEdits"  # retired by IPTC for humanEdits; read, never written
    COMPOSITE_CAPTURE = "compositeCapture"
    ALGORITHMICALLY_ENHANCED = "algorithmicallyEnhanced"
    ALGORITHMIC_MEDIA = "algorithmicMedia"
    DATA_DRIVEN_MEDIA = "dataDrivenMedia"
    SCREEN_CAPTURE = "screenCapture"
    VIRTUAL_RECORDING = "virtualRecording"
    COMPOSITE = "composite"
    COMPOSITE_SYNTHETIC = "compositeSynthetic"
    TRAINED_ALGORITHMIC_MEDIA = "trainedAlgorithmicMedia"
    COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA = "compositeWithTrainedAlgorithmicMedia"

    @property
    def uri(self) -> str:
        return IPTC + self.value

    @property
    def maker(self) -> Maker:
        return _MAKERS.get(self, Maker.UNKNOWN)

    @classmethod
    def parse(cls, text: str) -> "SourceType":
        """From the bare code or the full URI (either scheme)."""
        code = text.strip().replace("https://", "http://", 1).removeprefix(IPTC)
        try:
            return cls(code)
        except ValueError:
            known = ", ".join(kind.value for kind in HUMAN_SOURCES)
            raise StatementError(
                f"{text[:80]!r} is no IPTC digital source type; for human work use one of {known}"
            ) from None


HUMAN_SOURCES = (SourceType.DIGITAL_CREATION, SourceType.PRINT, SourceType.DIGITAL_CAPTURE)
# What another program painted: signed and recorded as it came, by the word of whoever records it.
PAINTED_ELSEWHERE = (
    SourceType.TRAINED_ALGORITHMIC_MEDIA,
    SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
)

_MAKERS = {
    SourceType.DIGITAL_CREATION: Maker.HUMAN,
    SourceType.PRINT: Maker.HUMAN,
    SourceType.NEGATIVE_FILM: Maker.CAMERA,
    SourceType.POSITIVE_FILM: Maker.CAMERA,
    SourceType.DIGITAL_CAPTURE: Maker.CAMERA,
    SourceType.COMPUTATIONAL_CAPTURE: Maker.CAMERA,
    SourceType.COMPOSITE_CAPTURE: Maker.CAMERA,
    SourceType.HUMAN_EDITS: Maker.HUMAN,
    SourceType.MINOR_HUMAN_EDITS: Maker.HUMAN,
    SourceType.ALGORITHMICALLY_ENHANCED: Maker.SOFTWARE,
    SourceType.ALGORITHMIC_MEDIA: Maker.SOFTWARE,
    SourceType.DATA_DRIVEN_MEDIA: Maker.SOFTWARE,
    SourceType.SCREEN_CAPTURE: Maker.SOFTWARE,
    SourceType.VIRTUAL_RECORDING: Maker.SOFTWARE,
    SourceType.TRAINED_ALGORITHMIC_MEDIA: Maker.AI,
    SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA: Maker.AI_ASSISTED,
    SourceType.COMPOSITE_SYNTHETIC: Maker.AI_ASSISTED,
}


class Action(StrEnum):
    """The C2PA actions that we write."""

    CREATED = "c2pa.created"
    OPENED = "c2pa.opened"
    PLACED = "c2pa.placed"
    EDITED = "c2pa.edited"
    METADATA = "c2pa.edited.metadata"
    ADDED_TEXT = "c2pa.addedText"
    WATERMARKED = "c2pa.watermarked.unbound"
    WATERMARKED_BOUND = "c2pa.watermarked.bound"
    CONVERTED = "c2pa.converted"


class Relation(StrEnum):
    """How an ingredient enters a picture (C2PA ingredient relationship)."""

    PARENT = "parentOf"
    COMPONENT = "componentOf"
    INPUT = "inputTo"


class Step(StrEnum):
    """What was done in one step of a picture's way; the word that a reader sees."""

    PAINT = "paint"  # a model made pixels
    RECORD = "record"  # a picture made by people is taken into the record
    RETOUCH = "retouch"  # people revised the parent by hand


class AdapterKind(StrEnum):
    """What a work beside the model is; the value is what a reader sees."""

    LORA = "LoRA"
    CONTROL = "ControlNet"
    STYLE = "IP-Adapter"
    WORD = "textual inversion"
    DEPTH = "depth estimator"  # drew the depth that a ControlNet was shown


class Stage(StrEnum):
    """Whether a picture is meant to stay in the film."""

    TEMP = "temp"
    FINAL = "final"


class Disclosure(StrEnum):
    """How much of a private text a signed file says; the ledger keeps it either way."""

    FULL = "full"
    DIGEST = "digest"
    ABSENT = "absent"


class Wish(StrEnum):
    """What somebody may have a wish about (CAWG training and data mining 1.1)."""

    GENERATIVE_TRAINING = "cawg.ai_generative_training"
    TRAINING = "cawg.ai_training"
    INFERENCE = "cawg.ai_inference"
    MINING = "cawg.data_mining"


class Use(StrEnum):
    """The answer to such a wish, the widest first."""

    ALLOWED = "allowed"
    CONSTRAINED = "constrained"
    NOT_ALLOWED = "notAllowed"

    @classmethod
    def counted(cls, answer: str) -> "Use":
        """What an answer counts as: one that the standard does not have is a no."""
        return cls(answer) if answer in set(cls) else cls.NOT_ALLOWED

    def stricter_than(self, other: "Use") -> bool:
        """Whether this allows less."""
        order = list(Use)
        return order.index(self) > order.index(other)


class Answer(StrEnum):
    """What is allowed."""

    YES = "yes"
    NO = "no"
    CONDITIONS = "conditions"


class Subject(StrEnum):
    """Whose use is meant."""

    ANY = "any"
    LAYOUT = "layout"
    STYLE = "style"
    LIKENESS = "likeness"


class Scheme(StrEnum):
    """What an identifier is an identifier in."""

    ORCID = "orcid"
    ISNI = "isni"
    SITE = "site"
    SOCIAL = "social"


class Preset(StrEnum):
    """The kind of a production."""

    PLAIN = "plain"
    STREAMING = "streaming"
    FEATURE = "feature"
    SERIES = "series"
    COMMERCIAL = "commercial"
    GAME = "game"
    DEMO = "demo"


class Question(StrEnum):
    """What a client asks about a production; the sentences are in provenance/people/project.py."""

    OUTPUTS = "outputs"
    DATA = "data"
    ENVIRONMENT = "environment"
    TEMPORARY = "temporary"
    PEOPLE = "people"


class Outcome(StrEnum):
    """How the keeper answered."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NOTED = "noted"  # heard, and still open


# Of every picture that Genzu paints, since each lies over another (docs/decisions/0003). Strength does not enter: how
# much of the input stayed is a measurement (DERIVED), not a source type.
PAINTED_OVER = SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA
