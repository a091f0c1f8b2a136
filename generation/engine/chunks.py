"""A prompt longer than a text encoder reads, read piece by piece.

CLIP reads 75 tokens at once. Models whose only encoders are CLIP (Stable Diffusion 1.5, 2, XL) take the readings of
several pieces set one after the other, as A1111 does; a model with a larger reader is left to that one.
"""

from typing import Any


def in_chunks(pipe: Any, prompt: str, negative: str) -> dict[str, Any]:
    """The readings of both prompts, of one length, as arguments of the pipeline's call.

    The shorter is filled up with readings of nothing.
    """
    import torch

    both = [_pieces(pipe, text) for text in (prompt, negative)]
    count = max(len(pieces) for each in both for pieces in each)
    read: list[Any] = []
    pooled: list[Any] = []
    with torch.no_grad():
        for each in both:
            parts = [_read(pipe, number, pieces, count) for number, pieces in enumerate(each)]
            read.append(torch.cat([states for states, _ in parts], dim=-1))
            pooled.append(parts[-1][1])
    told = {"prompt_embeds": read[0], "negative_prompt_embeds": read[1]}
    if len(both[0]) > 1:
        told |= {"pooled_prompt_embeds": pooled[0], "negative_pooled_prompt_embeds": pooled[1]}
    return told


def _pieces(pipe: Any, text: str) -> list[list[list[int]]]:
    """For each reader the text's tokens, in pieces that it reads at once."""
    found = []
    for tokenizer, _ in _readers(pipe):
        words = pipe.maybe_convert_prompt(text, tokenizer) if hasattr(pipe, "maybe_convert_prompt") else text
        ids = tokenizer(
            words, add_special_tokens=False, padding=False, truncation=False, verbose=False
        ).input_ids
        size = tokenizer.model_max_length - tokenizer.num_special_tokens_to_add()
        found.append([ids[start : start + size] for start in range(0, max(len(ids), 1), size)])
    return found


def _read(pipe: Any, number: int, pieces: list[list[int]], count: int) -> tuple[Any, Any]:
    """One reader's readings set one after the other, and the whole meaning as the first piece has it."""
    import torch

    tokenizer, encoder = _readers(pipe)[number]
    several = len(_readers(pipe)) > 1
    size = tokenizer.model_max_length - tokenizer.num_special_tokens_to_add()
    filled = [*pieces, *[[]] * (count - len(pieces))]
    pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
    rows = []
    for each in filled:
        row = [tokenizer.bos_token_id, *each, tokenizer.eos_token_id]
        rows.append(row + [pad] * (size - len(each)))
    answer = encoder(torch.tensor(rows, device=encoder.device), output_hidden_states=several)
    states = answer.hidden_states[-2] if several else answer[0]
    # SDXL's pooled reading is of the first piece: a mean of several is nothing that it was trained on.
    return states.reshape(1, -1, states.shape[-1]), answer[0][:1]


def _readers(pipe: Any) -> list[tuple[Any, Any]]:
    pairs = [(getattr(pipe, "tokenizer", None), getattr(pipe, "text_encoder", None))]
    pairs.append((getattr(pipe, "tokenizer_2", None), getattr(pipe, "text_encoder_2", None)))
    return [each for each in pairs if each[0] is not None and each[1] is not None]
