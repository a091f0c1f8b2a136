"""What a model reads of a prompt, known before anything is loaded: only its tokenizers are asked.

>>> str(Unread("in the evening light", 80, 75))
'the model reads 75 of 80 tokens; it will not read: “in the evening light”'
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from generation.quiet import quietly

READERS = ("tokenizer", "tokenizer_2", "tokenizer_3")
PROCESSOR = ("processor",)  # reads pictures and words together, and is handed all of them
ENDLESS = 1_000_000  # tokens; transformers writes 1e30 where a reader names no limit


@dataclass(frozen=True, slots=True)
class Unread:
    """The end of a prompt that the model does not read."""

    words: str
    tokens: int
    limit: int

    def __str__(self) -> str:
        return f"the model reads {self.limit} of {self.tokens} tokens; it will not read: “{self.words}”"


@dataclass(frozen=True, slots=True)
class Reader:
    """The tokenizers of a model's folder; `longest` is how many tokens its class takes (None: as many as they do)."""

    folder: Path
    longest: int | None
    chunks: bool  # whether a longer prompt can be read piece by piece
    names: tuple[str, ...] = READERS  # the parts that read

    def __call__(self, prompt: str) -> Unread | None:
        """What of a prompt is not read at once by the reader that reads the most; None where all of it is read."""
        tokenizers = _tokenizers(self.folder, self.names) if self.names != PROCESSOR else ()
        if not tokenizers:
            return None
        limit, tokenizer = max(
            ((limit_of(each, self.longest), each) for each in tokenizers), key=lambda pair: pair[0]
        )
        return unread(tokenizer, limit, prompt)


def reader_of(kind: Any, folder: Path, index: Mapping[str, Any]) -> Reader:
    """How a class reads the prompts of a model whose model_index.json is `index`."""
    takes = set(inspect.signature(kind.__call__).parameters)
    return Reader(folder, longest_of(kind), _chunks(takes, index), readers_of(kind))


def readers_of(kind: Any) -> tuple[str, ...]:
    """The parts of a class that read the words of a prompt.

    GLM-Image's `tokenizer` reads only what is to be written in the picture; Qwen-Image 2.1 has a processor alone.
    """
    parts = inspect.signature(kind.__init__).parameters
    alone = "processor" in parts and "tokenizer" not in parts
    return PROCESSOR if alone or _writes(kind) else READERS


def longest_of(kind: Any) -> int | None:
    """How many tokens of a prompt a class takes; None where it says nothing of that."""
    takes = inspect.signature(kind.__call__).parameters
    longest = takes["max_sequence_length"].default if "max_sequence_length" in takes else None
    return longest if isinstance(longest, int) and not _writes(kind) else None


def limit_of(tokenizer: Any, longest: int | None) -> int:
    """How many tokens of words it reads at once; CLIP 75, of the large readers the class says how much it uses."""
    most = int(tokenizer.model_max_length)
    return min(most, longest or most) - int(tokenizer.num_special_tokens_to_add())


def _writes(kind: Any) -> bool:
    """Whether its tokenizer reads the words that are to stand in the picture, and not the prompt."""
    return hasattr(kind, "get_glyph_texts")


def unread(tokenizer: Any, limit: int, prompt: str) -> Unread | None:
    """What of a prompt lies beyond `limit` tokens; None where all of it is read."""
    plain = {"add_special_tokens": False, "padding": False, "truncation": False, "verbose": False}
    ids = tokenizer(prompt, **plain).input_ids
    if len(ids) <= limit:
        return None
    return Unread(_end(tokenizer, prompt, ids, limit), len(ids), limit)


def _chunks(takes: set[str], index: Mapping[str, Any]) -> bool:
    """Whether all its readers are CLIP, and its class takes readings in the place of words."""
    named = [index.get(name) for name in ("text_encoder", "text_encoder_2", "text_encoder_3")]
    readers = [str(each[1]) for each in named if isinstance(each, list) and each[1]]
    wanted = {"prompt_embeds", "negative_prompt_embeds"}
    wanted |= {"pooled_prompt_embeds", "negative_pooled_prompt_embeds"} if len(readers) > 1 else set()
    # SD3 sets a third reader's words beside theirs.
    clip = all(each.startswith("CLIPText") for each in readers)
    return bool(readers) and clip and wanted <= takes and "text_encoder_3" not in index


def _end(tokenizer: Any, prompt: str, ids: list[int], limit: int) -> str:
    """The words behind the limit, as they were written where the tokenizer knows where they stood."""
    if getattr(tokenizer, "is_fast", False):
        offsets = tokenizer(
            prompt, add_special_tokens=False, return_offsets_mapping=True, padding=False, truncation=False
        )["offset_mapping"]
        return prompt[offsets[limit][0] :].strip()
    return str(tokenizer.decode(ids[limit:])).strip()


@lru_cache(maxsize=8)
def _tokenizers(folder: Path, names: tuple[str, ...]) -> tuple[Any, ...]:
    """Those of a pipeline's folder; none where they cannot be read by themselves."""
    with quietly():
        from transformers import AutoTokenizer

        found = []
        for each in names:
            if (folder / each).is_dir():
                try:
                    found.append(AutoTokenizer.from_pretrained(folder / each, local_files_only=True))
                except (AttributeError, ImportError, LookupError, OSError, TypeError, ValueError):
                    continue
    return tuple(found)
