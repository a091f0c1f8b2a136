"""The language of the page: which one a browser wants, and each sentence in it, by one table (japanese.py).

What an inspection says has a table of its own (provenance/inspection/translated.py).

Sentences are written in English where they are made. On their way out, in the page, in a fragment, in an error, each
is looked up whole; what was put into it stands in the table as {}. What a person wrote is not looked up: it is marked
translate="no". A sentence without a row stays as it is, in English.

>>> say("3 pictures are before you, about 20 s.", "ja")
'あと3枚で順番です（約20秒）。'
>>> translated('<p>Credits <b translate="no">Credits</b></p>', "ja")
'<p>クレジット <b translate="no">Credits</b></p>'
"""

import html
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from gradio.context import LocalContext

from provenance.inspection.translated import sentences
from provenance.statement.translation import Translation
from provenance.tabs.text.japanese import SENTENCES

COOKIE = "genzu-language"
LANGUAGES = ("en", "ja")
_TABLES: Mapping[str, Mapping[str, str]] = {"ja": SENTENCES}
# What is worded in a language and not looked up, by the id of its component: its HTML in a language.
Worded = Mapping[str, Callable[[str], str]]
_MARKS = {"ja": {",": "、", ";": "、", ".": "。"}}  # that stand by themselves, between two pieces of markup
_WIDE = frozenset("、。：；！？」）")
_TAG = re.compile(r"(<[^>]*>)")
_SPOKEN = re.compile(r"""\b(alt|title|aria-label|placeholder|data-label)="([^"]*)\"""")
_CONFIG = re.compile(r"window\.gradio_config = (\{.*?\});</script>", re.DOTALL)
_SHOWN = (
    "label",
    "info",
    "placeholder",
    "alt_text",
    "submit_btn",
)  # props of components that a visitor reads


def wanted(request: Any) -> str:
    """The language that a request asks for: by the page's own switch, else by the browser."""
    asked = request.query_params.get("lang") or request.cookies.get(COOKIE)
    if asked in LANGUAGES:
        return str(asked)
    return _preferred(request.headers.get("accept-language", ""))


def now() -> str:
    """The language of the visitor who is being answered; English where nobody is."""
    request = LocalContext.request.get(None)
    try:
        return wanted(request) if request is not None else "en"
    except (AttributeError, KeyError, TypeError):
        return "en"


def say(text: str, language: str | None = None) -> str:
    """The sentence in a language, the visitor's own by default."""
    spoken = language or now()
    return text if spoken == "en" else _said(text, spoken)


def translated(markup: str, language: str | None = None) -> str:
    """HTML of ours with its sentences in a language; what is marked translate="no" stays."""
    spoken = language or now()
    return markup if spoken == "en" else _html_said(markup, spoken)


def stopped(text: str) -> str:
    """The text, said already, with a full stop of the visitor's language behind it."""
    return text + _MARKS.get(now(), {}).get(".", ".")


def told(page: str, language: str, worded: Worded) -> str:
    """The page itself: its language named, its labels in it, and gradio's own words with them."""
    page = page.replace('lang="en"', f'lang="{language}"', 1)
    # gradio takes its words from the browser's language, which the page's switch may differ from.
    names = "".join(
        f'Object.defineProperty(navigator,"{name}",{{get:()=>{value}}});'
        for name, value in (("language", json.dumps(language)), ("languages", json.dumps([language])))
    )
    page = page.replace("<head>", f"<head><script>{names}</script>", 1)
    found = _CONFIG.search(page)
    if language == "en" or found is None:
        return page
    config = json.loads(found[1])
    for component in config.get("components", []):
        props = component.get("props", {})
        made = worded.get(props.get("elem_id") or "")
        if made is not None:
            props["value"] = made(language)
        _in_component(props, component.get("type", ""), language)
    written = json.dumps(config, ensure_ascii=False).replace("</", "<\\/")
    return page[: found.start(1)] + written + page[found.end(1) :]


def _in_component(props: dict[str, Any], kind: str, language: str) -> None:
    for name in _SHOWN:
        if isinstance(props.get(name), str):
            props[name] = _said(props[name], language)
    value = props.get("value")
    if isinstance(value, str):
        if kind == "html":
            props["value"] = _html_said(value, language)
        elif kind in {"button", "downloadbutton", "uploadbutton"}:
            props["value"] = _said(value, language)
    choices = props.get("choices")
    if isinstance(choices, list):
        props["choices"] = [
            [_said(str(each[0]), language), *each[1:]] if isinstance(each, list) else each for each in choices
        ]


def _said(text: str, language: str) -> str:
    return _table(language)(text)


@cache
def _table(language: str) -> Translation:
    """The page's own sentences, and what an inspection says."""
    return Translation({**sentences(), **_TABLES[language]})


def _html_said(markup: str, language: str) -> str:
    pieces: list[str] = []
    kept, last = 0, ""
    for piece in _TAG.split(markup):
        if piece.startswith("<"):
            pieces.append(_SPOKEN.sub(lambda match: _attribute(match, language), piece))
            kept = _depth(piece, kept)
        elif not piece.strip():
            # Japanese marks are as wide as a letter: no space stands behind them.
            pieces.append(piece if "\n" in piece or last not in _WIDE else "")
            continue
        elif kept:
            pieces.append(piece)
        elif piece.strip() in _MARKS[language]:
            pieces.append(_MARKS[language][piece.strip()])
        else:
            said = html.escape(_said(html.unescape(piece), language), quote=False)
            said = said.lstrip(" ") if last in _WIDE else said
            pieces.append(said.rstrip(" ") if said.rstrip(" ")[-1:] in _WIDE else said)
        if not piece.startswith("<"):
            last = pieces[-1].rstrip()[-1:]
    return "".join(pieces)


def _depth(tag: str, kept: int) -> int:
    """How deep inside something that is not translated: <svg>, <style>, <code>, or marked so."""
    name = re.match(r"</?([a-zA-Z0-9]+)", tag)
    if name is None or tag.endswith("/>") or name[1].lower() in {"img", "br", "input", "hr"}:
        return kept
    if tag.startswith("</"):
        return max(0, kept - 1) if kept else 0
    if kept or 'translate="no"' in tag or name[1].lower() in {"svg", "style", "code"}:
        return kept + 1
    return 0


def _attribute(match: re.Match[str], language: str) -> str:
    said = _said(html.unescape(match[2]), language)
    return f'{match[1]}="{html.escape(said)}"'


def _preferred(header: str) -> str:
    """The first of our languages by the browser's own weights."""
    ranked = []
    for number, each in enumerate(header.split(",")[:20]):
        name, _, rest = each.strip().partition(";")
        weight = re.search(r"q=([\d.]+)", rest)
        if "q=" in rest and weight is None:
            continue
        try:
            ranked.append((-(float(weight[1]) if weight else 1.0), number, name.lower()[:2]))
        except ValueError:
            continue
    return next((name for weight, _, name in sorted(ranked) if name in LANGUAGES and weight < 0), "en")
