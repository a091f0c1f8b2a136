"""Who signed in to the hub that hosts the page. The hub says which account it is; whose it is, it does not say.

A space whose card says `hf_oauth: true` is given an OAuth client, and gradio then answers /login/huggingface and
/logout. Everywhere else there is neither, and the page is the same without this line.
"""

import json
import time
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import gradio as gr

from provenance.people.accounts import Account
from provenance.settings import Settings
from provenance.tabs.look.fragments import fragment
from provenance.tabs.look.theme import QUIET, piece

NEEDED = ("authlib", "itsdangerous")  # what gradio signs people in with


def offered(settings: Settings) -> bool:
    """Whether visitors can sign in here."""
    return settings.sign_in and all(find_spec(each) for each in NEEDED)


def account_of(request: gr.Request | None, settings: Settings) -> Account | None:
    """The account that the visitor signed in with; None where there is none, or its hours are over."""
    if request is None or not offered(settings):
        return None
    session: Mapping[str, Any] = getattr(request, "session", None) or {}
    info = session.get("oauth_info") or {}
    told = info.get("userinfo") or {}
    if info.get("expires_at", 0) < time.time() or not told.get("preferred_username"):
        return None
    return Account.of(str(told["preferred_username"]), str(told.get("name") or ""))


def sign_in_line(settings: Settings, name: gr.Textbox, page: gr.Blocks) -> None:
    """The line below the name: to be called inside gr.Blocks. An empty name is filled in with the account's."""
    if not offered(settings):
        return
    gr.LoginButton(
        visible=False
    )  # by it gradio knows that people sign in here; the line below is the page's own
    line = piece(fragment("sign_in", account=None))

    theirs = gr.Textbox(visible=False)

    def arrive(request: gr.Request) -> list[str]:
        account = account_of(request, settings)
        return [fragment("sign_in", account=account), account.name if account is not None else ""]

    # Filled in by the browser: the answer may come late, and undo what was typed meanwhile.
    offer = f"(theirs) => {{ window.genzu.offered({json.dumps(name.elem_id)}, theirs); }}"
    page.load(arrive, None, [line, theirs], **QUIET).then(None, theirs, js=offer)
