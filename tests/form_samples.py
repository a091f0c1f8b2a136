"""A Paint form that is filled in well."""

import re

from generation.tabs.form import Fields
from provenance.tabs.fields.people import PersonRow

GOOD = Fields(
    layout="/tmp/layout.png",
    origin="",
    prompt="sunset, house",
    negative="",
    strength=0.7,
    steps=24,
    guidance=2.5,
    long_side=256,
    seed="7",
    count=1,
    clean="auto",
    disclosure="full",
    no_training=False,
    mask=None,
    label="",
    other_names="",
    credit_line="",
    production="",
    episode="",
    shot="c014",
    stage="temp",
    people=(PersonRow("layout", "Mori Aoi"),),
)


def read(told: str) -> str:
    """The text of HTML, as a visitor reads it."""
    return re.sub(r"<[^>]+>", "", told)
