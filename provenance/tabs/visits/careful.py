"""gr.Blocks for a public page: what no browser of ours sends ends in one sentence, and in no trace in the log."""

import logging
from typing import Any

import gradio as gr

from provenance.tabs.text.language import say

NOT_WHAT_IT_TAKES = "This is not what the field takes; fill it in on the page and try again."
NOT_WHAT_A_CALL_TAKES = (
    "These are not the values that the call takes: /gradio_api/openapi.json describes each of them."
)
LOG = logging.getLogger(__name__)


class CarefulBlocks(gr.Blocks):  # type: ignore[misc]  # gradio gives its classes no types
    """Values of a wrong kind or number are refused before a handler sees them; a refusal is no fault of ours."""

    async def process_api(self, *args: Any, **options: Any) -> Any:
        """As gradio's; a sentence for the visitor is in the visitor's language, and leaves no trace in the log."""
        event = options.get("event_data")
        if event is not None:
            told = event._data if isinstance(event._data, dict) else {}
            event._data = {"index": None, "value": None, **told}
        try:
            return await super().process_api(*args, **options)
        except gr.Error as error:
            error.message, error.print_exception = say(str(error.message)), False
            raise

    async def preprocess_data(
        self, block_fn: Any, inputs: list[Any], state: Any, explicit_call: bool = False
    ) -> Any:
        """As gradio's. Its own complaints are for programmers, who find them in the log; ours have a title."""
        try:
            return await super().preprocess_data(block_fn, inputs, state, explicit_call)
        except Exception as error:
            if isinstance(error, gr.Error) and error.title != "Error":
                raise
            LOG.warning("values that the call does not take: %s", type(error).__name__)
            words = NOT_WHAT_A_CALL_TAKES if block_fn.api_visibility == "public" else NOT_WHAT_IT_TAKES
            raise gr.Error(say(words), title=say("Not taken")) from error
