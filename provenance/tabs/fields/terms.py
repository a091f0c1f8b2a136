"""What the signed file may say, as the page asks it for each run: wishes, other names, a credit line."""

from collections.abc import Iterable

import gradio as gr
from gradio.components import Component

from provenance.credentials.sign.disclosure import Publication, no_training, parse_pseudonyms
from provenance.errors import StatementError
from provenance.statement.credit import Credit

LINE_LIMIT = 200  # characters of a credit line
NAMES_LIMIT = 4_000  # characters of all other names


def terms_fields(form: str = "gz") -> dict[str, Component]:
    """Other names and a credit line, as `publication_of` reads them; `form` begins their ids."""
    names = gr.Textbox(
        label="Other names in the file", lines=2, max_lines=6, max_length=NAMES_LIMIT,
        placeholder="Sato Hana = Kumo", elem_id=f"{form}-other-names",
        info="One person a line. This file shows the name on the right. The record here keeps the one on the left, "
        "and the tab Credits finds it: to be found nowhere, enter the other name above instead",
    )  # fmt: skip
    line = gr.Textbox(
        label="Credit line", max_lines=1, max_length=LINE_LIMIT, placeholder="Studio Kita / The Dog & The Boy",
        elem_id=f"{form}-credit-line",
        info="IPTC credit line, as it should be printed with the picture",
    )  # fmt: skip
    return {"other_names": names, "credit_line": line}


def publication_of(
    wish: object, names: object, line: object, credits: Iterable[Credit] | None = None
) -> Publication:
    """The choices of one run. StatementError for a line that is none, or a name that nobody here is credited by."""
    said = str(names or "")
    if len(said) > NAMES_LIMIT:
        raise StatementError(f"the other names have at most {NAMES_LIMIT:,} characters in all")
    pseudonyms = parse_pseudonyms((each for each in said.splitlines() if each.strip()), credits)
    return Publication(wishes=no_training() if wish else {}, pseudonyms=pseudonyms, credit_line=line_of(line))


def line_of(line: object) -> str:
    """The credit line with single spaces; StatementError where a file cannot hold it."""
    said = " ".join(str(line or "").split())
    if len(said) > LINE_LIMIT:
        raise StatementError(f"a credit line has at most {LINE_LIMIT} characters")
    return Publication(credit_line=said).credit_line
