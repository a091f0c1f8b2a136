"""How the page looks: drawing paper by day, a switched-off light table by night. No font or script is fetched."""

import json
from pathlib import Path
from typing import Any

import gradio as gr

from provenance.statement.words import MAKERS
from provenance.tabs.look.fragments import fragment
from provenance.tabs.text.language import say

# For handlers that answer at once: no place in the queue, no spinner, no public API.
QUIET: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
# For handlers that may refuse: queued, since the words of an error are lost on their way to the page otherwise.
ASKED: dict[str, Any] = {"concurrency_limit": 4, "show_progress": "minimal", "api_visibility": "private"}
STYLESHEET = Path(__file__).with_name("page.css")
FAVICON = Path(__file__).with_name("favicon.png")


def _makers(shade: str) -> str:
    """The colour of each maker as a variable of the style sheet; `shade` is light or dark."""
    named = (
        (maker.value, words.light if shade == "light" else words.dark) for maker, words in MAKERS.items()
    )
    return " ".join(f"--gz-{name}: {colour};" for name, colour in named)


_COLOURS_OF_MAKERS = f":root {{ {_makers('light')} }} .dark {{ {_makers('dark')} }}"
# The first of them makes what the others call.
_SCRIPTS = [
    Path(__file__).with_name(f"{name}.js").read_text(encoding="utf-8")
    for name in ("page", "given", "controls", "typed", "addresses")
]
# What these scripts say: words of ours, and those that gradio has in English alone.
SAID_IN_SCRIPTS = (
    "The server did not answer; try again.",
    "This is too long for a name; write it as it is credited.",
    "The connection was lost. This page opens again by itself as soon as the server answers, with what you typed.",
    "Your drawing did not outlast this; give it once more.",
    "Reset to default value",
    "Remove Image",
    "Fullscreen",
    "Click to upload or drop files",
    "File upload",
    "number input for {}",
    "range slider for {}",
)
# Rules for what stands outside gradio's container, below which it keeps those of a style sheet: the page's language,
# and its toasts. Several of one kind become one toast, whose title is gradio's own English word (page.js: gz-told).
_BY_LANGUAGE = (
    "html[lang=en] .gz-lang [data-lang=en], html[lang=ja] .gz-lang [data-lang=ja] { display: none !important; }"
    'html[lang=ja] .gz-unseen:has(img)::after { content: "このファイルはブラウザーでは表示できません。" !important; }'
)
_TOASTS = (
    ".toast-body .gz-told, .toast-separator:has(+ .gz-told), .gz-one .toast-count { display: none !important; }"
    "html[lang=ja] .toast-title.error:has(.toast-count), html[lang=ja] .toast-body:has(.gz-lost) .toast-title"
    " { font-size: 0 !important; }"
    "html[lang=ja] .toast-title.error:has(.toast-count)::before,"
    'html[lang=ja] .toast-body:has(.gz-lost) .toast-title::before { content: "エラー"; font-size: 1rem; }'
    "html[lang=ja] .toast-title .toast-count { font-size: 1rem; }"
)
_WORDS = json.dumps({"ja": {each: say(each, "ja") for each in SAID_IN_SCRIPTS}}, ensure_ascii=False)
HEAD = (
    f"<style>{_COLOURS_OF_MAKERS}{_BY_LANGUAGE}{_TOASTS}</style>"
    f"<script>window.genzu = {{words: {_WORDS}}};\n{''.join(_SCRIPTS)}</script>"
)

_SANS = ("Inter", "Segoe UI", "Helvetica Neue", "Noto Sans", "Noto Sans CJK JP", "system-ui", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "Noto Sans Mono", "monospace")


def theme() -> gr.themes.Base:
    """Gradio's Monochrome (its contrast holds in light and dark) in the colours of paper and pencil."""
    return gr.themes.Monochrome(
        font=_SANS,
        font_mono=_MONO,
        radius_size=gr.themes.sizes.radius_sm,
        spacing_size=gr.themes.sizes.spacing_md,
    ).set(**_COLOURS)


def piece(html: str = "", css_class: str = "", name: str | None = None) -> gr.HTML:
    """A piece of HTML of our own: no script, none of gradio's styles for prose. `name` is its id on the page."""
    return gr.HTML(
        html, js_on_load=None, apply_default_css=False, elem_classes=css_class or None, elem_id=name
    )


def part(title: str, words: str = "") -> gr.HTML:
    """The heading of a part of a tab, with a sentence below it."""
    return piece(fragment("part", title=title, words=words))


def empty(title: str, words: str) -> gr.HTML:
    """An empty sheet that says what will stand there."""
    return piece(fragment("sheet", title=title, words=words))


def _both(name: str, light: str, dark: str) -> dict[str, str]:
    return {name: light, f"{name}_dark": dark}


_COLOURS = {
    **_both("body_background_fill", "#f3efe5", "#1b1a18"),
    **_both("body_text_color", "#26241f", "#ece8de"),
    **_both("body_text_color_subdued", "#5f5b51", "#b5afa2"),
    **_both("background_fill_primary", "#fbf9f3", "#252421"),
    **_both("background_fill_secondary", "#efeadd", "#2d2b27"),
    **_both("block_background_fill", "#fbf9f3", "#252421"),
    **_both("block_border_color", "#ddd6c5", "#403d36"),
    **_both("border_color_primary", "#ddd6c5", "#403d36"),
    **_both("block_label_background_fill", "#fbf9f3", "#252421"),
    **_both("block_label_border_color", "#ddd6c5", "#403d36"),
    **_both("block_label_text_color", "#5f5b51", "#b5afa2"),
    **_both("block_title_text_color", "#3a372f", "#d9d3c6"),
    **_both("block_info_text_color", "#5f5b51", "#b5afa2"),
    **_both("block_shadow", "none", "none"),
    **_both("input_background_fill", "#ffffff", "#1f1e1b"),
    **_both("input_background_fill_focus", "#ffffff", "#1f1e1b"),
    **_both("input_border_color", "#cfc7b4", "#4d4a42"),
    **_both("input_border_color_focus", "#2a5d9f", "#8db8ec"),
    **_both("input_placeholder_color", "#716b5e", "#a39d8e"),
    **_both("button_primary_background_fill", "#26241f", "#ece8de"),
    **_both("button_primary_background_fill_hover", "#45423a", "#ffffff"),
    **_both("button_primary_border_color", "#26241f", "#ece8de"),
    **_both("button_primary_text_color", "#fbf9f3", "#1b1a18"),
    **_both("button_secondary_background_fill", "#fbf9f3", "#2d2b27"),
    **_both("button_secondary_background_fill_hover", "#efeadd", "#3a3832"),
    **_both("button_secondary_border_color", "#a39c8b", "#5c584f"),
    **_both("button_secondary_border_color_hover", "#26241f", "#b5afa2"),
    **_both("button_secondary_text_color", "#26241f", "#ece8de"),
    **_both("button_secondary_text_color_hover", "#26241f", "#ece8de"),
    **_both("button_cancel_background_fill", "#fbf9f3", "#2d2b27"),
    **_both("button_cancel_background_fill_hover", "#f6e3dd", "#46302b"),
    **_both("button_cancel_border_color", "#a8321f", "#f0907f"),
    **_both("button_cancel_text_color", "#a8321f", "#f0907f"),
    **_both("checkbox_background_color", "#ffffff", "#1f1e1b"),
    **_both("checkbox_background_color_selected", "#26241f", "#ece8de"),
    **_both("checkbox_border_color", "#716b5e", "#a39d8e"),
    **_both("checkbox_label_background_fill", "transparent", "transparent"),
    **_both("checkbox_label_background_fill_hover", "transparent", "transparent"),
    **_both("checkbox_label_background_fill_selected", "transparent", "transparent"),
    **_both("checkbox_label_border_color", "transparent", "transparent"),
    **_both("checkbox_label_border_color_selected", "transparent", "transparent"),
    **_both("checkbox_label_text_color_selected", "#26241f", "#ece8de"),
    **_both("slider_color", "#2a5d9f", "#8db8ec"),
    **_both("color_accent_soft", "#e4ebf4", "#2b3644"),
    **_both("link_text_color", "#2a5d9f", "#8db8ec"),
    "button_border_width": "1px",
    "block_label_text_size": "0.8rem",
    "block_title_text_weight": "600",
}
