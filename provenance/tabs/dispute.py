"""A part of the tab Credits: anybody says that a credit is wrong. The keeper alone reads it."""

from pathlib import Path
from typing import Any

import gradio as gr

from provenance.ledger.entries.limits import CLAIM_LIMIT
from provenance.people.dispute import clean_claim, need_claim
from provenance.people.disputes import (
    dispute_on_record,
    need_contact,
    open_dispute,
    picture_meant,
    read_evidence,
)
from provenance.people.person import CONTACT_LIMIT
from provenance.people.register import register_of
from provenance.release.archive import Archive
from provenance.tabs.fields.answers import at_first
from provenance.tabs.fields.at_field import Answer, Needed, Trouble, missing, pressed
from provenance.tabs.fields.uploads import attempt, discard
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import ASKED, part, piece
from provenance.tabs.visits.visitor import Keeper, Pace, address_of

PER_ADDRESS = 10  # claims an hour from one network address, beside the bounds of people/dispute.py


def dispute_part(archive: Archive, keeper: Keeper, page: gr.Blocks) -> None:
    """The form; to be called inside `page`. An address with a dispute's id opens it, and asks for the answer."""
    with gr.Accordion("Something is wrong here", open=False, elem_id="gz-dispute"):
        part(
            "Say what is wrong",
            "What you write goes to the keeper of this ledger, who answers; nobody else can read it. "
            "The record keeps for good that there was a dispute; your words can be erased.",
        )
        picture = gr.Textbox(
            label="Which picture", max_lines=1, max_length=80, elem_id="gz-dispute-picture",
            placeholder="The number of its entry, or pic-…",
        )  # fmt: skip
        claim = gr.Textbox(
            label="What is wrong", lines=3, max_length=CLAIM_LIMIT, elem_id="gz-dispute-claim",
            placeholder="I drew this layout, and somebody else is named.",
        )  # fmt: skip
        contact = gr.Textbox(
            label="How the keeper reaches you",
            max_lines=1,
            max_length=CONTACT_LIMIT,
            elem_id="gz-dispute-contact",
        )
        evidence = gr.File(
            label="Evidence, one file of at most 10 MB (you need not add one)",
            file_count="single",
            height=120,
        )
        send = gr.Button("Send to the keeper", elem_id="gz-dispute-send")
        answer = piece()
        _answer_part(archive, page)
    _wire_claim(archive, keeper, [picture, claim, contact, evidence], send, answer)


def _answer_part(archive: Archive, page: gr.Blocks) -> None:
    """The field that takes a dispute's id, and what was answered."""
    which_one = gr.Textbox(
        label="Or ask for the answer", max_lines=1, max_length=80, elem_id="gz-dispute-id",
        placeholder="dis-…, as it was given to you", submit_btn=True,
    )  # fmt: skip
    told = piece()
    at_first([which_one.input], [told])
    pressed(
        which_one.submit,
        lambda text: {told: answer_to(archive, text)},
        which_one,
        [told],
        at="gz-dispute-id",
        emptied=[told],
        **ASKED,
    )
    page.load(None, js="() => window.genzu.answered()")


def _wire_claim(
    archive: Archive, keeper: Keeper, fields: list[Any], send: gr.Button, answer: gr.HTML
) -> None:
    pace = Pace(PER_ADDRESS, "claims")

    def hear(
        request: gr.Request, which: str | None, words: str | None, reach: str | None, path: str | None
    ) -> Answer:
        if troubles := _troubles(archive, which, words, reach):
            return troubles
        address = "" if keeper.knows(request) else address_of(request, archive.settings)
        if address:
            attempt(lambda: pace.take(address), "Not sent")
        try:
            said = attempt(lambda: hear_claim(archive, which, words, reach, path), "Not sent", path)
        except BaseException:
            pace.give_back(address)
            raise
        discard([path])  # not where it was refused: the form stays as it is, to be mended
        return {answer: said, fields[1]: "", fields[3]: None}

    told = [answer, fields[1], fields[3]]
    sent = pressed(send.click, hear, fields, told, at="gz-dispute-send", emptied=[answer], **ASKED)
    # A reload finds the id again, and the browser's history after that.
    sent.then(None, js="() => window.genzu.disputed()")


def _troubles(archive: Archive, which: str | None, words: str | None, reach: str | None) -> list[Trouble]:
    """What keeps a claim from being sent, each at its field."""
    return missing(
        Needed("gz-dispute-picture", lambda: picture_meant(archive.ledger, which or "")),
        Needed("gz-dispute-claim", lambda: need_claim(clean_claim(words or ""))),
        Needed("gz-dispute-contact", lambda: need_contact(reach or "")),
    )


def answer_to(archive: Archive, which: str | None) -> str:
    """What the keeper answered, as HTML, for anyone with the dispute's id, which cannot be guessed."""
    register = register_of(archive.ledger)
    found = attempt(lambda: dispute_on_record(register, which or ""), "Not found")
    return fragment("answered", dispute=found)


def hear_claim(
    archive: Archive, which: str | None, words: str | None, reach: str | None, path: str | None
) -> str:
    """Writes the dispute down; its number as HTML."""
    record = picture_meant(archive.ledger, which or "")
    data = read_evidence(Path(path)) if path else None
    opened = open_dispute(
        archive.ledger,
        archive.vault,
        claim=words or "",
        contact=reach or "",
        picture=record.picture,
        evidence=data,
    )
    return fragment("disputed", dispute=opened.dispute, entry=opened.seq)
