"""The first screen: a finished picture beside its drawing, who made it, and its history; read from its credentials."""

from dataclasses import dataclass
from functools import partial

import gradio as gr

from generation.layout.drawings import FIRST, FOLDER
from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Chain, Verdict
from provenance.credentials.read.reader import read_chain
from provenance.inspection.lineage import history_of_chain, lineage
from provenance.show.graph import to_svg
from provenance.tabs.look.fragments import fragment, trusted
from provenance.tabs.text.language import Worded, say

PAINTED = FOLDER.parent / "example" / "painted.png"
SEED = "7"
FILES = {"first/before.png": FIRST.path, "first/after.png": PAINTED}
STAGE, STORY = "gz-first-stage", "gz-first-story"  # where both stand on the page
_CHOOSE = """() => { setTimeout(() => document.querySelector('#gz-layout input[type=file]')?.click(), 200);
  return [null, "", "", "", ""]; }"""


@dataclass(frozen=True, slots=True)
class First:
    """The buttons under the finished picture; the whole group goes when the first picture is painted."""

    group: gr.Column
    again: gr.Button
    mine: gr.Button


def first_html(trust: Trust, language: str = "en") -> tuple[str, str]:
    """The example with its sentence, and its history as a drawing; an empty sheet where its credentials do not hold."""
    chain = read_chain(PAINTED, trust=trust)
    if chain.verdict not in {Verdict.INTACT_KNOWN, Verdict.INTACT_UNKNOWN}:
        return fragment("stage", state="empty"), ""
    sentence = history_of_chain(chain, None).sentence_in(language)
    told = fragment("first", title=FIRST.title, sentence=sentence, signer=_signer(chain))
    drawn = to_svg(lineage(chain), say=partial(say, language=language), language=language)
    return told, fragment("graph", graph=trusted(drawn))


def first_worded(trust: Trust) -> Worded:
    """Both in the language of whoever opens the page: made in it, where other words are looked up in a table."""
    return {
        STAGE: lambda language: first_html(trust, language)[0],
        STORY: lambda language: first_html(trust, language)[1],
    }


def first_buttons() -> First:
    """To be called inside gr.Blocks, below the example."""
    with gr.Column(elem_classes="gz-first") as group, gr.Row(elem_classes="gz-next"):
        again = gr.Button("Paint this again", variant="primary", elem_id="gz-first-again", min_width=150)
        mine = gr.Button("Use my drawing", elem_id="gz-first-mine", min_width=150)
    return First(group, again, mine)


def _signer(chain: Chain) -> str:
    signers = [step.signer.name for step in chain.steps if step.signer is not None]
    return signers[-1] if signers else ""


def choose_mine() -> str:
    """The browser's part of "Use my drawing": the example goes, and the choice of a file opens."""
    return _CHOOSE
