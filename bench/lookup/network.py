"""The descriptor's network as torch trains it; `provenance.lookup.descriptor` runs the same arithmetic in numpy.

Every layer is a matrix product or nine shifted additions, so that looking a picture up needs no torch: a patch of 4x4
pixels becomes a vector, blocks of a depthwise 3x3 and two pointwise layers follow at four sizes, the mean of cubes
pools, and 512 numbers come out whose signs are the code.
"""

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

SIDE = 128
WIDTHS, DEPTHS, GROWTH = (32, 64, 128, 224), (2, 3, 4, 2), 3
POOLED, BITS = 320, 512


class Block(nn.Module):
    """Look at the neighbours, then think at each place; what comes out is added to what went in."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.near = nn.Conv2d(width, width, 3, padding=1, groups=width, bias=False)
        self.norm = nn.BatchNorm2d(width)
        self.wide = nn.Conv2d(width, width * GROWTH, 1)
        self.narrow = nn.Conv2d(width * GROWTH, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) in and out."""
        return x + self.narrow(torch.relu(self.wide(self.norm(self.near(x)))))


class Network(nn.Module):
    """(N, 3, 128, 128) of 0 to 1 in, (N, 512) out, each number's mean 0 over many pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, WIDTHS[0], 4, 4)
        self.downs = nn.ModuleList(nn.Conv2d(a, b, 2, 2) for a, b in pairwise(WIDTHS))
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in WIDTHS)
        self.stages = nn.ModuleList(
            nn.Sequential(*(Block(width) for _ in range(depth)))
            for width, depth in zip(WIDTHS, DEPTHS, strict=True)
        )
        self.last = nn.Conv2d(WIDTHS[-1], POOLED, 1)
        self.out = nn.Linear(POOLED, BITS)
        self.centre = nn.BatchNorm1d(BITS, affine=False)

    def forward(self, pictures: Tensor) -> Tensor:
        """The 512 numbers, not yet of length 1."""
        x = self.stem(pictures * 2 - 1)
        for stage, norm, down in zip(self.stages, self.norms, [*self.downs, None], strict=True):
            x = norm(stage(x))
            x = down(x) if down is not None else x
        seen = torch.relu(self.last(x)).float().clamp(min=1e-4)
        pooled = seen.pow(3).mean(dim=(2, 3)).pow(1 / 3)
        return self.centre(self.out(pooled).float())


def _folded(weight: Tensor, bias: Tensor, norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    """A layer's weights with the normalisation before it in them: (out, in, ...) and (out)."""
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    shift = norm.bias - norm.running_mean * scale
    shape = [1, -1] + [1] * (weight.ndim - 2)
    moved = (weight * shift.view(shape)).flatten(1).sum(1)
    return weight * scale.view(shape), bias + moved


@torch.no_grad()
def weights(network: Network) -> dict[str, NDArray[np.float16]]:
    """The arrays that numpy multiplies by: every normalisation folded into the layer after it."""
    arrays: dict[str, Tensor] = {}

    def patches(name: str, weight: Tensor, bias: Tensor) -> None:
        arrays[f"{name}.weight"] = weight.permute(2, 3, 1, 0).reshape(-1, weight.shape[0])
        arrays[f"{name}.bias"] = bias

    stem = network.stem
    patches("stem", stem.weight * 2, stem.bias - stem.weight.flatten(1).sum(1))
    for place, stage in enumerate(network.stages):
        for step, block in enumerate(stage):
            name = f"{place}.{step}"
            wide, bias = _folded(block.wide.weight, block.wide.bias, block.norm)
            arrays[f"{name}.near"] = block.near.weight[:, 0].permute(1, 2, 0)
            patches(f"{name}.wide", wide, bias)
            patches(f"{name}.narrow", block.narrow.weight, block.narrow.bias)
        following = network.downs[place] if place < len(network.downs) else network.last
        patches(f"{place}.next", *_folded(following.weight, following.bias, network.norms[place]))
    centre = network.centre
    scale = 1 / torch.sqrt(centre.running_var + centre.eps)
    arrays["out.weight"] = (network.out.weight * scale[:, None]).T
    arrays["out.bias"] = (network.out.bias - centre.running_mean) * scale
    return {name: array.contiguous().numpy().astype(np.float16) for name, array in arrays.items()}
