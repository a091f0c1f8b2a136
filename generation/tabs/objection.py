"""When somebody does not allow a use: why, whom to ask, and the way on for a named person who takes it upon themselves.

Whom to ask and on what condition are private: the keeper reads them, anybody else is sent to the keeper.
"""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from provenance.errors import ConsentError, StatementError
from provenance.people.consent import KEEPER
from provenance.release.override import Override
from provenance.settings import Settings
from provenance.statement.blank import is_blank
from provenance.statement.credit import NAME_LIMIT, clean_name
from provenance.tabs.fields.at_field import Needed, Trouble, missing
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import piece

REASON_LIMIT = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Takeover:
    """The components by which somebody takes a use on; hidden until one is stopped."""

    group: gr.Column
    by: gr.Textbox
    reason: gr.Textbox
    secret: gr.Textbox
    go: gr.Button

    @property
    def inputs(self) -> list[Any]:
        return [self.by, self.reason, self.secret]

    def closed(self) -> dict[Any, Any]:
        """Hidden, and empty: no override outlives the picture that it was meant for."""
        return {self.group: gr.update(visible=False), self.by: "", self.reason: "", self.secret: ""}

    def open(self) -> dict[Any, Any]:
        return {self.group: gr.update(visible=True)}


def takeover(settings: Settings) -> Takeover:
    """The form, hidden; to be called inside gr.Blocks."""
    with gr.Column(visible=False, elem_classes="gz-takeover") as group:
        piece(fragment("takeover"))
        by = gr.Textbox(
            label="Who decides this", max_lines=1, max_length=NAME_LIMIT, elem_id="gz-takeover-by"
        )
        reason = gr.Textbox(
            label="Why", lines=2, max_lines=4, max_length=REASON_LIMIT, elem_id="gz-takeover-why",
            placeholder="Mori Aoi agreed by phone on 14 May",
        )  # fmt: skip
        secret = gr.Textbox(
            label="The keeper's secret", type="password", max_lines=1, visible=bool(settings.keeper_secret),
            elem_id="gz-takeover-secret",
        )  # fmt: skip
        go = gr.Button("Paint anyway, on the record", variant="stop", elem_id="gz-takeover-go")
    return Takeover(group, by, reason, secret, go)


def override_of(by: object, reason: object) -> Override:
    """The override that was filled in; StatementError says what is missing."""
    need_by(by)
    need_reason(reason)
    return Override(clean_name(str(by)), str(reason).strip()[:REASON_LIMIT])


def takeover_troubles(by: object, reason: object) -> list[Trouble]:
    """What is missing of it, each at its field."""
    return missing(
        Needed("gz-takeover-by", lambda: need_by(by)), Needed("gz-takeover-why", lambda: need_reason(reason))
    )


def need_by(by: object) -> None:
    if is_blank(str(by or "")):
        raise StatementError("say who decides this")
    clean_name(str(by))


def need_reason(reason: object) -> None:
    if is_blank(str(reason or "")):
        raise StatementError("say why this is painted all the same")


def forbidden(error: ConsentError, *, keeper: bool, may_open: bool) -> str:
    """Why nothing was painted and whom to ask; HTML. `may_open`: the form to take it on stands below."""
    told = [
        (each.reason, each.ask, each.where) if keeper else (each.publicly, KEEPER, each.where)
        for each in error.objections
    ]
    return fragment("stage", state="forbidden", objections=told, may_open=may_open)
