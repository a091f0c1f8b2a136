"""What gradio keeps of each visitor's page in memory: little, and of a bounded number of pages.

For links that open a page as it was left, which this page does not offer, gradio copies the whole page's configuration
for each visitor: 0.9 MB, never let go of. Two hundred visitors who each inspected one picture took 250 MB.
"""

import gradio as gr
from gradio.state_holder import SessionState, StateHolder

PAGES = 1000  # the one unused for longest goes first


class Sessions(StateHolder):  # type: ignore[misc]
    """The state of each page, without that copy."""

    def __getitem__(self, session_id: str) -> SessionState:
        fresh = session_id not in self.session_data
        session = super().__getitem__(session_id)
        if fresh:
            session.config_values = {}
        return session


def keep_little(page: gr.Blocks) -> None:
    """Let a page that was launched, and has no visitors yet, keep its sessions small."""
    page.app.state_holder = Sessions()
    page.app.state_holder.set_blocks(page)
