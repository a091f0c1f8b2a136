"""Pieces of the page as HTML, from the templates in fragments/. What they print comes from strangers: all is escaped.

>>> str(fragment("sentence", kind="bad", title="Not read", words="<b>Aoi\\u202e</b>"))  # doctest: +ELLIPSIS
'<div class="gz-note gz-bad" role="alert">...&lt;b&gt;Aoi‹U+202E›&lt;/b&gt;...
"""

import base64
import io
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from PIL import Image

from provenance.statement.canonical import Digest
from provenance.statement.commitment import STAND_INS
from provenance.statement.credit import NOT_NAMED
from provenance.statement.moment import moment
from provenance.statement.names import as_one
from provenance.statement.statement import PROMPT_LIMIT
from provenance.statement.untrusted import plain, xml
from provenance.tabs.text.language import translated
from provenance.tabs.text.remedies import on_page

UNSEEN = frozenset({"image/tiff", "image/heic"})  # what most browsers do not show
_ID = re.compile(r"[a-z]{2,4}-[a-z0-9]{8,40}\b")
_FOLDERS = [Path(__file__).with_name("fragments")]


def fragment(name: str, /, **values: object) -> str:
    """The template `name` of provenance/tabs/look/fragments with these values, as HTML that may go into the page."""
    return translated(_environment().get_template(f"{name}.html").render(**values))


def trusted(markup: str) -> Markup:
    """Markup of our own (a drawn graph, another fragment) on its way into a fragment."""
    return Markup(markup)  # noqa: S704 - its maker has escaped what strangers wrote


def inline_picture(image: Image.Image, side: int) -> str:
    """A small copy of the pixels as a `data:` address: for looking at, unsigned, kept nowhere."""
    small = image.convert("RGB")
    small.thumbnail((side, side))
    target = io.BytesIO()
    small.save(target, "JPEG", quality=82)
    return f"data:image/jpeg;base64,{base64.b64encode(target.getvalue()).decode()}"


def short(digest: Digest | str) -> str:
    """The first digits of a digest, for the eye; the whole stands beside it or in the raw record."""
    return str(digest).removeprefix("sha256:")[:12]


def thousands(number: int) -> str:
    """12345 as 12,345."""
    return f"{number:,}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDERS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Last stop before the page: control and reordering characters become visible, long texts are cut.
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    environment.filters |= {
        "short": short,
        "moment": moment,
        "thousands": thousands,
        "words": _words,
        "capital": _capital,
        "remedy": on_page,
        "as_one": as_one,
    }
    # What stands in the place of a name: said in the visitor's language, and no link leads to it.
    environment.globals["nobodies"] = {NOT_NAMED, *STAND_INS}
    return environment


def _capital(text: str) -> str:
    """A reason as the beginning of a sentence; an id stays as it is written."""
    return text if _ID.match(text) else text[:1].upper() + text[1:]


def _words(text: str) -> Markup:
    """A prompt in full: the one text that may be longer than a line."""
    return Markup(xml(text, limit=PROMPT_LIMIT))  # noqa: S704 - xml() escapes
