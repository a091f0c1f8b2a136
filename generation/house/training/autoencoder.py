"""The picture autoencoder: diffusers' `AutoencoderTiny`, 8 latent channels at an eighth of the size.

The first three latent channels are anchored to their 8 x 8 cell's mean colour and the network starts as a
pass-through of it: a plain small autoencoder lost its red-green axis. `sharpen` later trains the decoder alone, so
that latents keep the meaning the UNet has learnt.
"""

import math
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from torch import Tensor

CHANNELS, LATENTS, CROP = 40, 8, 128
ANCHOR, NOISE = 0.5, 0.05


def new() -> AutoencoderTiny:
    """An autoencoder that passes the mean colour through before any training."""
    autoencoder = AutoencoderTiny(
        latent_channels=LATENTS,
        encoder_block_out_channels=(CHANNELS,) * 4,
        decoder_block_out_channels=(CHANNELS,) * 4,
        num_encoder_blocks=(0, 2, 2, 2),
        num_decoder_blocks=(2, 2, 2, 1),
    )
    for half in (autoencoder.encoder, autoencoder.decoder):
        convolutions = [m for m in half.layers if isinstance(m, torch.nn.Conv2d)]
        for block in half.layers:
            if hasattr(block, "conv"):
                last = block.conv[-1]
                last.weight.data *= 0.1
                last.weight.data[:3], last.bias.data[:3] = 0, 0
        for convolution in convolutions:
            _through(convolution)
        if half is autoencoder.encoder:
            _through(convolutions[-1], 2.0, -1.0)
        else:
            _through(convolutions[0], 0.5, 0.5)
            convolutions[-1].weight.data[:, 3:] *= 0.1
    return autoencoder.to(memory_format=torch.channels_last)


def _through(convolution: torch.nn.Conv2d, gain: float = 1.0, bias: float = 0.0) -> None:
    """Let channels 0 to 2 carry colour on unchanged but for gain and bias."""
    weight, halves = convolution.weight.data, convolution.stride[0] == 2
    weight[:3] = 0
    for c in range(3):
        if halves:
            weight[c, c] = gain / 9
        else:
            weight[c, c, 1, 1] = gain
    if convolution.bias is not None:
        convolution.bias.data[:3] = bias


def crops(pictures: NDArray[np.uint8], count: int, random: np.random.Generator) -> Tensor:
    """Random crops of (N, H, W, 3) pictures, mirrored by chance, as (count, 3, 128, 128) in -1..1."""
    out = []
    for _ in range(count):
        picture = pictures[random.integers(len(pictures))]
        y, x = (random.integers(0, side - CROP + 1) for side in picture.shape[:2])
        part = picture[y : y + CROP, x : x + CROP]
        out.append(part[:, ::-1] if random.random() < 0.5 else part)
    tensor = torch.from_numpy(np.stack(out)).permute(0, 3, 1, 2).float().div(127.5).sub(1)
    return tensor.to(memory_format=torch.channels_last)


def train(autoencoder: AutoencoderTiny, pictures: NDArray[np.uint8], seconds: float, batch: int = 16) -> None:
    """Train both halves, then set the scaling factor so that latents have unit spread."""

    def loss(x: Tensor) -> Tensor:
        z = autoencoder.encode(x).latents
        y = autoencoder.decode(z + torch.randn_like(z) * NOISE).sample.float()
        z = z.float()
        anchored = (z[:, :3] - F.avg_pool2d(x, 8)).pow(2).mean()
        tame = (
            0.01 * (z[:, 3:].pow(2).mean() - 1).clamp(min=0)
            + 0.02 * (z[:, 3:].abs() - 2.5).clamp(min=0).mean()
        )
        return likeness(y, x) + ANCHOR * anchored + tame

    _descend(list(autoencoder.parameters()), pictures, seconds, batch, 1.5e-3, loss)
    with torch.no_grad():
        z = autoencoder.encode(crops(pictures, 256, np.random.default_rng(1))).latents
    autoencoder.register_to_config(scaling_factor=round(1 / z.std().item(), 4))


def sharpen(
    autoencoder: AutoencoderTiny, pictures: NDArray[np.uint8], seconds: float, batch: int = 24
) -> None:
    """Train the decoder alone on latents with the noise the UNet leaves."""
    autoencoder.encoder.requires_grad_(False)
    spread = 0.12 / autoencoder.config.scaling_factor

    def loss(x: Tensor) -> Tensor:
        with torch.no_grad():
            z = autoencoder.encode(x).latents
        left = torch.rand(len(z), 1, 1, 1) * spread
        return likeness(autoencoder.decode(z + torch.randn_like(z) * left).sample.float(), x)

    _descend(list(autoencoder.decoder.parameters()), pictures, seconds, batch, 8e-4, loss)


def likeness(y: Tensor, x: Tensor) -> Tensor:
    """How far pictures differ, in values and in their steps from pixel to pixel."""
    edges = sum((a - b).abs().mean() for a, b in zip(_steps(y), _steps(x), strict=True))
    return (y - x).abs().mean() + 2 * (y - x).pow(2).mean() + edges


def _steps(a: Tensor) -> tuple[Tensor, Tensor]:
    return a[..., 1:, :] - a[..., :-1, :], a[..., 1:] - a[..., :-1]


def _descend(
    weights: list[Tensor],
    pictures: NDArray[np.uint8],
    seconds: float,
    batch: int,
    peak: float,
    loss: Callable[[Tensor], Tensor],
) -> None:
    """AdamW along a cosine for some seconds."""
    optimizer = torch.optim.AdamW(weights, peak, betas=(0.9, 0.99), weight_decay=1e-4)
    random, begin, step = np.random.default_rng(), time.time(), 0
    while (done := (time.time() - begin) / seconds) < 1:
        for group in optimizer.param_groups:
            group["lr"] = peak * min(1, step / 50) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-5
        x = crops(pictures, batch, random)
        with torch.autocast("cpu", torch.bfloat16):
            error = loss(x)
        optimizer.zero_grad()
        error.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        step += 1
        if step % 50 == 0:
            click.echo(f"autoencoder step {step}, {time.time() - begin:.0f} s, loss {error.item():.4f}")


def ratio(autoencoder: AutoencoderTiny, pictures: NDArray[np.uint8]) -> float:
    """Mean peak signal-to-noise ratio in dB over whole pictures."""
    found = []
    for k in range(0, len(pictures), 8):
        x = torch.from_numpy(pictures[k : k + 8]).permute(0, 3, 1, 2).float().div(127.5).sub(1)
        with torch.no_grad():
            y = autoencoder.decode(autoencoder.encode(x).latents).sample.clamp(-1, 1)
        found.append(10 * torch.log10(4 / (y - x).pow(2).mean((1, 2, 3))))
    return float(torch.cat(found).mean())


def save(autoencoder: AutoencoderTiny, folder: Path) -> None:
    """Write the autoencoder in diffusers' layout."""
    autoencoder.save_pretrained(folder, safe_serialization=True)
