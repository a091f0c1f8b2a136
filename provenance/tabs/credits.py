"""The tab Credits: a name or a picture in, the records that credit somebody out. No login; nothing is kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from provenance.ledger.any_ledger import AnyLedger
from provenance.release.archive import Archive
from provenance.statement.credit import NAME_LIMIT
from provenance.tabs.dispute import dispute_part
from provenance.tabs.fields.answers import at_first, of_its_upload
from provenance.tabs.fields.at_field import pressed
from provenance.tabs.fields.uploads import TURNS, discard, ready_for_another, refusal
from provenance.tabs.inspect import heading_of, look_of, read_here
from provenance.tabs.look.theme import ASKED, empty, part
from provenance.tabs.text.language import now
from provenance.tabs.told.credit_answers import AskedWith, answer, proofs_of
from provenance.tabs.told.credit_groups import Group, alike, of_picture
from provenance.tabs.told.record_pictures import SIDE, may_see
from provenance.tabs.visits.visitor import Keeper


def credits_tab(archive: Archive, keeper: Keeper, page: gr.Blocks) -> None:
    """The tab's components and what they do; to be called inside gr.Blocks."""
    with gr.Row(elem_classes="gz-desk gz-wide"):
        with gr.Column(scale=3, min_width=300):
            part(
                "Who is credited?",
                "By a full name, by an id, or by a picture: a painting, or the layout it was made from. "
                "What you ask is not kept.",
            )
            name = gr.Textbox(
                label="A name or an id", max_length=NAME_LIMIT, max_lines=1, elem_id="gz-credit-name",
                placeholder="As it is credited: Mori Aoi, or pic-…",
            )  # fmt: skip
            ask = gr.Button("Look it up", variant="primary", elem_id="gz-credit-ask")
            drop = gr.File(
                label="Or a picture", file_count="single",
                height=150, elem_id="gz-credit-picture", elem_classes="gz-drop",
            )  # fmt: skip
            wanted = gr.Button("Make a certificate with receipts", visible=False, elem_id="gz-credit-wanted")
            proofs = gr.DownloadButton("Download it (zip)", visible=False, elem_id="gz-credit-proofs")
            dispute_part(archive, keeper, page)
        with gr.Column(scale=7, min_width=320):
            answer = empty("The records will appear here", "Each picture, the role, when, and what AI did.")
    shown: dict[str, Any] = {**ASKED, "show_progress_on": [answer]}
    told = [answer, wanted, proofs]

    def read(request: gr.Request, path: str | None) -> list[Any]:
        answered = _read(archive, path, seen=may_see(archive.settings, request))
        return [*answered, ready_for_another()]

    arrived = drop.upload(read, drop, [*told, drop], trigger_mode="multiple", **shown)
    # The picture is gone, and its record has an address: the answer survives a reload, and the field says whose it is.
    arrived.success(None, None, name, js="() => window.genzu.credited()")
    of_its_upload([drop], told, [arrived])
    at_first([ask.click, name.submit], [*told, drop], [arrived])
    at_first([name.input], [wanted, proofs])  # a certificate is made of whom the field names
    # Asked by an address of its own, beside gradio's events: it never waits for anything, and can be linked to.
    for event in (ask.click, name.submit):
        event(None, name, told, js="(name) => window.genzu.credits(name)", show_progress_on=[answer])
    page.load(None, outputs=[*told, name], js="() => window.genzu.asked()")

    pressed(
        wanted.click,
        _giving(archive, keeper, proofs), name, [proofs],
        at="gz-credit-wanted", **{**ASKED, "concurrency_limit": 1},
    )  # fmt: skip


def _giving(archive: Archive, keeper: Keeper, proofs: gr.DownloadButton) -> Callable[..., dict[Any, Any]]:
    """The handler of the button that makes a certificate."""

    def give(request: gr.Request, text: str | None) -> dict[Any, Any]:
        made = proofs_of(archive, text, whole=keeper.knows(request))
        return {proofs: gr.DownloadButton(value=made, visible=True)}

    return give


def _read(archive: Archive, path: str | None, *, seen: bool) -> list[Any]:
    """The answer; a certificate is of a person, not of a picture."""
    if not path:
        return [gr.skip()] * 3
    try:
        with TURNS:
            told = by_picture(archive, Path(path), seen=seen)
    except gr.Error as error:
        told = refusal(error)
    finally:
        discard([path])
    return [told, gr.Button(visible=False), gr.DownloadButton(visible=False)]


def by_picture(archive: Archive, path: Path, *, seen: bool = False) -> str:
    """The answer of the tab Inspect on this picture in a few lines, its records, and those made from it, as HTML."""
    told = read_here(archive, path, now())
    given = AskedWith(path.name, look_of(told, path, archive.settings.limits, SIDE), told, heading_of(told))

    def asked(ledger: AnyLedger) -> list[Group]:
        found = of_picture(ledger, told)
        known = any(each.lines for each in found)
        if not known and ledger is archive.ledger:
            return [alike(ledger, told)]
        # Whoever asks with a picture has it: it is shown as it came, whoever may see the pictures of the record.
        return [
            replace(found[0], lines=[replace(each, small=given.look) for each in found[0].lines]),
            *found[1:],
        ]

    return answer(archive, asked, "this picture", seen=seen, given=given)
