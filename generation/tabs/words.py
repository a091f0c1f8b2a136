"""The words of the model on the Paint tab: a list of them, and at once what it makes of those that are typed."""

import gradio as gr

from generation.request.request import Capabilities, PaintSettings
from generation.words.lexicon import Words, understood
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import QUIET, piece

from .choices import KINDS_OF_WORDS


def known_words(words: Words | None) -> None:
    """The words that the model was taught, folded; nothing where it lists none."""
    if words is None:
        return
    listed = {KINDS_OF_WORDS.get(kind, kind): said for kind, said in words.kinds.items()}
    with gr.Accordion("Words that the model knows", open=False, elem_id="gz-known-words"):
        piece(fragment("known_words", words=listed, japanese=words.japanese))


def read_at_once(words: Words | None, able: Capabilities, prompt: gr.Textbox, told: gr.HTML) -> None:
    """Shows below the words, while they are typed, which of them the model does not know or will not read."""
    prompt.change(
        lambda typed: remarks(typed, words, able), prompt, told, trigger_mode="always_last", **QUIET
    )


def remarks(typed: str | None, words: Words | None, able: Capabilities) -> str:
    """What there is to say about a prompt, as HTML; mostly nothing."""
    read = understood(str(typed or ""), words)
    asked = able.filled_in(PaintSettings(read.prompt))
    found = (*read.remarks, *(f"{str(each)[:1].upper()}{str(each)[1:]}." for each in able.unread(asked)))
    return fragment("remarks", remarks=found) if found else ""
