"""Several processes of one thread each, training side by side and averaging their weights every few steps.

On a machine that others use too this wastes far less than one process of several threads, whose every operation
waits for its slowest thread.
"""

from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor

MEET_EVERY = 4  # steps


def join(meeting: Path, rank: int, workers: int) -> None:
    """Become one of several workers that find each other through a file."""
    dist.init_process_group("gloo", init_method=f"file://{meeting.resolve()}", rank=rank, world_size=workers)


def leads() -> bool:
    """Whether this process keeps the averages, the log and the checkpoints."""
    return not dist.is_initialized() or dist.get_rank() == 0


def meet(weights: list[Tensor]) -> None:
    """Replace the weights of every worker by their mean."""
    if not dist.is_initialized():
        return
    with torch.no_grad():
        flat = torch.cat([w.reshape(-1) for w in weights])
        dist.all_reduce(flat)
        flat /= dist.get_world_size()
        for weight, mean in zip(weights, flat.split([w.numel() for w in weights]), strict=True):
            weight.copy_(mean.view_as(weight))


def total(value: float) -> float:
    """The sum of a value over all workers."""
    if not dist.is_initialized():
        return value
    summed = torch.tensor([value], dtype=torch.float64)
    dist.all_reduce(summed)
    return float(summed)
