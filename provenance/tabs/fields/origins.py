"""How a picture that people made came about, as the page asks it."""

from provenance.statement.vocabulary import SourceType

NOT_STATED = ""
MADE_BY_PEOPLE = [
    ("Drawn by hand, in software", SourceType.DIGITAL_CREATION.value),
    ("Drawn on paper and scanned", SourceType.PRINT.value),
    ("Photographed", SourceType.DIGITAL_CAPTURE.value),
]
ORIGINS = [
    ("Not stated", NOT_STATED),
    *MADE_BY_PEOPLE,
    ("Drawn by a program, not AI", SourceType.ALGORITHMIC_MEDIA.value),
]
PUBLIC_ORIGINS = {value: words[:1].lower() + words[1:] for words, value in ORIGINS if value}
