"""Muon: momentum whose update is made orthogonal, so that no direction of a weight matrix starves.

Keller Jordan, "Muon: An optimizer for hidden layers in neural networks" (2024), with the scale of Liu et al.,
"Muon is scalable for LLM training" (2025): the update's root mean square is AdamW's, so one learning rate serves both.
Convolutions are taken as matrices (out, in * kh * kw).
"""

from collections.abc import Iterable

import torch
from torch import Tensor

MOMENTUM, DECAY, ROUNDS = 0.95, 0.01, 4
A, B, C = 3.4445, -4.7750, 2.0315


class Muon(torch.optim.Optimizer):  # type: ignore[misc]  # torch is not followed
    """For hidden weights of two or more dimensions only."""

    def __init__(self, weights: Iterable[Tensor], rate: float) -> None:
        super().__init__(weights, {"lr": rate})

    def step(self) -> None:
        """One update of every weight that has a gradient."""
        with torch.no_grad():
            self._step()

    def _step(self) -> None:
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["momentum"] = torch.zeros_like(weight)
                momentum = state["momentum"]
                momentum.lerp_(weight.grad, 1 - MOMENTUM)
                update = weight.grad.lerp(momentum, MOMENTUM)
                matrix = update.reshape(len(update), -1)
                turned = orthogonal(matrix).to(weight.dtype).reshape(weight.shape)
                weight.mul_(1 - group["lr"] * DECAY)
                weight.add_(turned, alpha=-group["lr"] * 0.2 * max(matrix.shape) ** 0.5)


def orthogonal(matrix: Tensor) -> Tensor:
    """The nearest half-orthogonal matrix, roughly, by Newton and Schulz's iteration."""
    x = matrix.bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (x.norm() + 1e-7)
    for _ in range(ROUNDS):
        square = x @ x.T
        x = A * x + (B * square + C * square @ square) @ x
    return x.T if tall else x
