"""Training the descriptor: two views of one picture are to be nearer than those of any other picture.

The loss is InfoNCE over both views of a batch and of the last batches (a queue), with a term that keeps each picture
away from its nearest neighbour (KoLeo, as SSCD uses it), so that the signs of the 512 numbers are spread evenly.

    python -m bench.lookup.train PICTURES.npz FOLDER MINUTES

MINUTES are of processor time. It goes on from FOLDER/state.pt where there is one, and writes FOLDER/weights.npz.
"""

import math
import random
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from bench.lookup.edits import region, view
from bench.lookup.network import SIDE, Network, weights
from bench.lookup.sources import Pixels, unpack

PAIRS, QUEUE, WARMTH, SPREAD = 64, 4096, 0.06, 0.15
PEAK, STEPS_OF_WARMING = 2.5e-3, 100


def views(pictures: list[tuple[int, Pixels]], side: int) -> tuple[Tensor, Tensor]:
    """Two views each of a batch of pictures, (2 * PAIRS, 3, side, side): first all first views, then all second.

    With the number of each view's layout.
    """
    drawn = random.sample(pictures, PAIRS)
    chosen = [region(picture) for _, picture in drawn]
    seen = [view(picture, chosen, side) for _ in range(2) for picture in chosen]
    batch = torch.from_numpy(np.stack(seen)).permute(0, 3, 1, 2)
    return batch.float() / 255, torch.tensor([layout for layout, _ in drawn] * 2)


def loss(found: Tensor, layouts: Tensor, queue: Tensor, queued: Tensor) -> Tensor:
    """How far the two views of each picture are from being each other's nearest.

    What shows the same layout is no stranger: of variants all are to be found, and told apart afterwards.
    """
    unit = functional.normalize(found)
    near = unit @ torch.cat([unit, queue]).T
    partner = (torch.arange(len(unit)) + PAIRS) % len(unit)
    same = layouts[:, None] == torch.cat([layouts, queued])[None]
    same[torch.arange(len(unit)), partner] = False
    near = near.masked_fill(same, -1)
    logits = near / WARMTH
    stranger = near.clone()
    stranger[torch.arange(len(unit)), partner] = -1
    apart = torch.sqrt((2 - 2 * stranger.max(dim=1).values).clamp(min=1e-4))
    return functional.cross_entropy(logits, partner) - SPREAD * torch.log(apart).mean()


def train(pictures: list[tuple[int, Pixels]], folder: Path, seconds: float) -> None:
    """Learn for so many seconds of processor time, saving as it goes."""
    network = Network().to(memory_format=torch.channels_last)
    learner = torch.optim.AdamW(network.parameters(), lr=PEAK, weight_decay=0.02)
    step, spent, state = 0, 0.0, folder / "state.pt"
    if state.exists():
        kept = torch.load(state)
        network.load_state_dict(kept["network"])
        learner.load_state_dict(kept["learner"])
        step, spent = kept["step"], kept["spent"]
    queue, queued = torch.empty(0, 512), torch.empty(0, dtype=torch.int64)
    began, right = time.process_time() - spent, []
    while (spent := time.process_time() - began) < seconds:
        share = spent / seconds
        rate = PEAK * min(1, (step + 1) / STEPS_OF_WARMING) * (0.5 + 0.5 * math.cos(math.pi * share))
        for group in learner.param_groups:
            group["lr"] = rate
        batch, layouts = views(pictures, SIDE)
        batch = batch.to(memory_format=torch.channels_last)
        with torch.autocast("cpu", torch.bfloat16):
            found = network(batch)
        cost = loss(found.float(), layouts, queue, queued)
        learner.zero_grad()
        cost.backward()
        learner.step()
        unit = functional.normalize(found.detach().float())
        nearest = (unit[:PAIRS] @ torch.cat([unit[PAIRS:], queue]).T).argmax(dim=1)
        right.append(float((torch.cat([layouts[PAIRS:], queued])[nearest] == layouts[:PAIRS]).float().mean()))
        if step > 2 * STEPS_OF_WARMING:
            queue, queued = torch.cat([unit, queue])[:QUEUE], torch.cat([layouts, queued])[:QUEUE]
        step += 1
        if step % 50 == 0:
            print(
                step, f"{spent:.0f} s, loss {cost.item():.3f}, nearest {np.mean(right[-50:]):.3f}", flush=True
            )
        if step % 200 == 0:
            save(network, learner, step, spent, folder)
    save(network, learner, step, time.process_time() - began, folder)


def save(network: Network, learner: torch.optim.Optimizer, step: int, spent: float, folder: Path) -> None:
    """What is needed to go on, and the weights as they ship."""
    kept = {"network": network.state_dict(), "learner": learner.state_dict(), "step": step, "spent": spent}
    torch.save(kept, folder / "state.part")
    (folder / "state.part").replace(folder / "state.pt")
    np.savez(folder / "weights.npz", **weights(network.eval()))
    network.train()


def main() -> None:
    """Train on the pictures of a file."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    pictures, folder, minutes = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    train(unpack(pictures), folder, minutes * 60)


if __name__ == "__main__":
    main()
