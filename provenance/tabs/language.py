"""The language of the page: which one a browser wants, and each sentence in it, by one table (japanese.py).

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
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from gradio.context import LocalContext

from provenance.tabs.japanese import SENTENCES

COOKIE = "genzu-language"
LANGUAGES = ("en", "ja")
_TABLES: Mapping[str, Mapping[str, str]] = {"ja": SENTENCES}
_TAG = re.compile(r"(<[^>]*>)")
_SPOKEN = re.compile(r"""\b(alt|title|aria-label|placeholder|data-label)="([^"]*)\"""")
_LETTERS = re.compile(r"[A-Za-z]{2}")
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


def told(page: str, language: str) -> str:
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
        _in_component(component.get("props", {}), component.get("type", ""), language)
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


@lru_cache(maxsize=4096)
def _said(text: str, language: str) -> str:
    whole = " ".join(text.split())
    if not _LETTERS.search(whole):
        return text
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    found = _TABLES[language].get(whole)
    if found is None:
        # A sentence may stand inside another one, without its capital or its full stop.
        found = next((each for each in _ways(whole, language) if each is not None), None)
    return text if found is None else f"{lead}{found}{trail}"


def _ways(whole: str, language: str) -> list[str | None]:
    return [_by_pattern(whole, language), _by_sentences(whole, language)]


def _by_pattern(whole: str, language: str) -> str | None:
    for literal, pattern, words in _patterns(language):
        if literal in whole and (match := pattern.fullmatch(whole)):
            values = [_said(each, language) for each in match.groups()]
            return words.format(*values)
    return None


def _by_sentences(whole: str, language: str) -> str | None:
    """Several sentences one after the other, each by itself; None unless all have a row."""
    parts = re.split(r"(?<=[.!?]) (?=[A-Z“(])", whole)
    if len(parts) < 2:
        return None
    said = [_said(each, language) for each in parts]
    return None if any(new == old for new, old in zip(said, parts, strict=True)) else "".join(said)


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """Each row with places in it: its longest piece, what it matches, and the words. The longest rows first."""
    rows = [(english, words) for english, words in _TABLES[language].items() if "{}" in english]
    rows.sort(key=lambda row: -len(row[0]))
    return tuple(
        (
            max(english.split("{}"), key=len),
            re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL),
            words,
        )
        for english, words in rows
    )


def _html_said(markup: str, language: str) -> str:
    pieces, kept = [], 0
    for piece in _TAG.split(markup):
        if piece.startswith("<"):
            pieces.append(_SPOKEN.sub(lambda match: _attribute(match, language), piece))
            kept = _depth(piece, kept)
        elif kept or not piece.strip():
            pieces.append(piece)
        else:
            pieces.append(html.escape(_said(html.unescape(piece), language), quote=False))
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
