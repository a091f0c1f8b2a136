"""The tokenizer: byte pairs in CLIP's form, learnt from captions and from the words of every picture."""

import json
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import CLIPTokenizer

SIZE, LENGTH = 4096, 40
START, END = "<|startoftext|>", "<|endoftext|>"
WORDS = r"[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def learn(captions: list[str], folder: Path) -> CLIPTokenizer:
    """Learn a tokenizer of at most `LENGTH` tokens a prompt and write it to a folder."""
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>", unk_token=END))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    split = pre_tokenizers.Split(Regex(WORDS), "removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    letters = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE,
        min_frequency=3,
        end_of_word_suffix="</w>",
        special_tokens=[],
        initial_alphabet=letters,
    )
    tokenizer.train_from_iterator(captions, trainer)
    learnt = json.loads(tokenizer.to_str())["model"]
    known = sorted(learnt["vocab"], key=learnt["vocab"].get)
    # Every byte alone and at a word's end, so that nothing is unknown.
    known += [w for letter in letters for w in (letter, letter + "</w>") if w not in learnt["vocab"]]
    known += [START, END]
    folder.mkdir(parents=True, exist_ok=True)
    merges = [" ".join(m) if isinstance(m, list) else m for m in learnt["merges"]]
    (folder / "vocab.json").write_text(json.dumps({w: k for k, w in enumerate(known)}, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n")
    clip = CLIPTokenizer.from_pretrained(folder)
    clip.model_max_length = LENGTH
    clip.save_pretrained(folder)
    (folder / "vocab.json").unlink()
    (folder / "merges.txt").unlink()
    return clip
