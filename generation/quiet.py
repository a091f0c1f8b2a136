"""What the libraries below us need not say: warnings about what we do on purpose, and record."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from generation.importing import uncollected


class KnownWarnings(logging.Filter):
    """Leaves out the warnings that are about what we do on purpose and record; all others are shown."""

    SAID = (
        "requires torchvision (not installed)",  # pictures are resized by Pillow
        "were passed to AutoencoderTiny, but are not expected",  # a field that its own saving writes
        "Expected types for vae",  # AutoencoderTiny serves img2img as it is
        "sequence length is longer than",  # a fact of the run: prompt_truncated
        "The following part of your input was truncated",
        "that should be kept in float32: []",  # nothing is
        "You have disabled the safety checker",  # a fact of the run: safety_checker
        "No LoRA keys associated to",  # a LoRA need not change every part
        "The new embeddings will be initialized",  # those of a textual inversion are laid in right after
        "was unsuccessful with the following error",  # said by the error that follows
    )

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        return not any(each in message for each in self.SAID)


def hush(library: str) -> None:
    """Puts the filter before what `library` prints; once is enough, twice does no harm."""
    for handler in logging.getLogger(library).handlers:
        if not any(isinstance(each, KnownWarnings) for each in handler.filters):
            handler.addFilter(KnownWarnings())


def import_without_compiler() -> None:
    """Imports diffusers' first modules without torch's compiler, which they load only to ask whether it was used.

    That takes a fifth of the time from the command to the first picture. Who compiles a model loads it then.
    """
    compiler = "torch._dynamo"
    if compiler in sys.modules or "diffusers" in sys.modules:
        return
    sys.modules[compiler] = None  # type: ignore[assignment]  # so that its import fails, which diffusers foresees
    try:
        import diffusers.utils.torch_utils as asked
    finally:
        del sys.modules[compiler]
    plain = asked.is_compiled_module
    asked.is_compiled_module = lambda module: compiler in sys.modules and plain(module)


@contextmanager
def quietly() -> Iterator[None]:
    """Imports diffusers and transformers, with no warnings of what we know and no progress bars of their own inside."""
    with uncollected(), _hushed():
        yield


@contextmanager
def _hushed() -> Iterator[None]:
    import transformers.utils.logging as transformers_log

    hush("transformers")  # before diffusers is imported: it makes transformers warn
    import_without_compiler()
    import diffusers.utils.logging as diffusers_log

    hush("diffusers")
    shown = [log for log in (transformers_log, diffusers_log) if log.is_progress_bar_enabled()]
    for log in shown:
        log.disable_progress_bar()
    try:
        yield
    finally:
        for log in shown:
            log.enable_progress_bar()
