"""One turn of training on the pool, alone or as one of several processes.

In a file of its own: a process that is started anew cannot find what stands in the program's main file.
"""

from pathlib import Path

import torch
from transformers import CLIPTokenizer

from . import painter, pool, together
from .ruler import Ruler

CHECKPOINT, HELD = "painter.pt", "held"


def lesson(rank: int, work: Path, budget: float, seconds: float, workers: int) -> None:
    """Train for some seconds, or until `budget` is spent in all; the first process writes the weights."""
    if workers > 1:
        torch.set_num_threads(1)
        together.join(work / "meeting", rank, workers)
    pupil = painter.new(CLIPTokenizer.from_pretrained(work / "model/tokenizer"))
    painter.restore(pupil, work / CHECKPOINT)
    shards, held = pool.Pool(work / "shards", newest=60), pool.Pool(work / HELD, newest=1)
    painter.train(pupil, shards, budget, seconds, work / CHECKPOINT, work / "loss.csv", Ruler(held).read)
    if together.leads():
        painter.save(pupil, work / "model/vae", work / "model")
