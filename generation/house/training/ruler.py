"""One measure for a whole run: the same unseen pairs, from the same noise, whenever it is laid on.

What the steps themselves report says little of a run: some drawings, levels and words are harder than others, and from
one step to the next the lot changes more than the painter does.
"""

import random
from dataclasses import replace

import torch

from . import painter as training
from .pool import Pool

BATCHES = 12


class Ruler:
    """Lays batches of scenes that training never sees on a painter's averages."""

    def __init__(self, unseen: Pool, batches: int = BATCHES) -> None:
        self.unseen, self.batches = unseen, batches

    def read(self, painter: training.Painter) -> float:
        """v's mean squared error, where the network was not led by itself; every other lot goes on undisturbed."""
        averages = replace(painter, unet=painter.mean_unet, text=painter.mean_text)
        kept, found = random.getstate(), []
        with torch.random.fork_rng(), torch.no_grad():
            for k in range(self.batches):
                random.seed(k)
                torch.manual_seed(k)
                batch = self.unseen.batch()
                error, _ = training.errors(averages, batch, batch.captions)
                found.append(training.plain(error))
        random.setstate(kept)
        return sum(found) / len(found)
