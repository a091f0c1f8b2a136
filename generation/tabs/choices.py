"""What can be chosen on the Paint form: a line for the eye, and the value that it stands for."""

import secrets

from provenance.media.label import Language
from provenance.statement.vocabulary import Disclosure

DISCLOSURES = [
    ("In full: anyone with the file can read the words", Disclosure.FULL.value),
    ("As a salted digest: the words stay here, and can be proved later", Disclosure.DIGEST.value),
    ("Not at all: the words stay here", Disclosure.ABSENT.value),
]
MOST = 8  # candidates of one click
MOST_STEPS = 60  # of the slider
CLEANING = [
    ("Clean it if it shows paper", "auto"),
    ("Clean it", "on"),
    ("Leave it as it is", "off"),
]
CLEAN = {"auto": None, "on": True, "off": False}
LABELS = [
    ("None", ""),
    ("English", Language.ENGLISH.value),
    ("日本語", Language.JAPANESE.value),
    ("中文", Language.CHINESE.value),
    ("Deutsch", Language.GERMAN.value),
    ("Français", Language.FRENCH.value),
    ("Español", Language.SPANISH.value),
    ("EU icon: AI GENERATED or AI MODIFIED", Language.EU.value),
    ("EU icon: AI", Language.EU_BASIC.value),
]
LABEL_WORDS = {value: words for words, value in LABELS}


def new_seed() -> str:
    """A seed that is easy to read out and to type again."""
    return str(secrets.randbelow(2**32))


# The kinds of words in a model's card, as the page heads them.
KINDS_OF_WORDS = {
    "time": "Time of day",
    "weather": "Weather",
    "ground": "Ground",
    "water": "Water",
    "floor": "Floor",
    "place": "Place",
    "thing": "Things",
    "colour": "Colours, before a thing",
}
