"""The picture autoencoder: diffusers' `AutoencoderTiny`, 32 latent channels at an eighth of the size.

The first three latent channels are anchored to their 8 x 8 cell's mean colour and the network starts as a
pass-through of it: a plain small autoencoder lost its red-green axis. `widened` makes a wider one out of a narrow one
that gives the same picture to the last bit, and training then holds its old latents where they were, so a UNet that
knows them keeps what it knows; `deepened` does the same for a decoder of more blocks. `sharpen` later trains the
decoder alone, half of it on what the UNet itself makes of drawings: so it takes away the specks that the UNet leaves.
"""

import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from diffusers import AutoencoderTiny
from numpy.typing import NDArray
from torch import Tensor

from .muon import Muon

CHANNELS, LATENTS, CROP = 64, 32, 128
COLOURED = 12  # the first latents hold colours and forms, the others what is finer
BLOCKS = (8, 5, 3, 1)  # of the decoder, small pictures first: there they cost least
ANCHOR, NOISE = 0.5, 0.07
# Where no latents are new, those of before are held, the first ones (colours and forms) most: a UNet goes on from them
# without being taught anew. They moved by 0.014 where they spread by 0.4, and paintings came back 1.0 dB more alike.
HOLD, HOLD_FINE, NOISE_ONWARD = 1.5, 0.94, 0.03
PEAK_RATE, SHARPEN_RATE = 1.2e-3, 2e-4
# Of weights that know their trade: at 1.2e-3 they fell from 29.8 to 24.8 dB before they rose again, at 3e-4 never.
ONWARD_RATE = 3e-4
HUES = 2.0  # how much the hues of the UNet's answers weigh beside true latents
BRIGHTNESS = 0.299, 0.587, 0.114  # of red, green and blue (ITU-R BT.601)
SPREAD = 0.67  # of the new latents when old ones are kept: as theirs


# Latents (C, h, w), unscaled, and the painting (8h, 8w, 3) that they should have been.
Answer = tuple[Tensor, NDArray[np.uint8]]


def new(blocks: Sequence[int] = BLOCKS) -> AutoencoderTiny:
    """An autoencoder that passes the mean colour through before any training."""
    autoencoder = AutoencoderTiny(
        latent_channels=LATENTS,
        encoder_block_out_channels=(CHANNELS,) * 4,
        decoder_block_out_channels=(CHANNELS,) * 4,
        num_encoder_blocks=(0, 2, 2, 2),
        num_decoder_blocks=tuple(blocks),
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


def crops(pictures: Sequence[NDArray[np.uint8]], count: int, random: np.random.Generator) -> Tensor:
    """Random crops of (H, W, 3) pictures, mirrored by chance, as (count, 3, 128, 128) in -1..1."""
    out = []
    for _ in range(count):
        picture = pictures[int(random.integers(len(pictures)))]
        y, x = (random.integers(0, side - CROP + 1) for side in picture.shape[:2])
        part = picture[y : y + CROP, x : x + CROP]
        out.append(part[:, ::-1] if random.random() < 0.5 else part)
    tensor = torch.from_numpy(np.stack(out)).permute(0, 3, 1, 2).float().div(127.5).sub(1)
    return tensor.to(memory_format=torch.channels_last)


def widened(narrow: AutoencoderTiny) -> AutoencoderTiny:
    """The same autoencoder with more channels and latents; the new ones have no say yet."""
    wide = new(narrow.config.num_decoder_blocks)
    old, known = narrow.state_dict(), narrow.config.latent_channels
    for name, weight in wide.state_dict().items():
        before = old[name]
        outs = len(before)
        if weight.ndim == 1:
            weight[outs:] = 0
            weight[:outs] = before
            continue
        torch.nn.init.kaiming_uniform_(weight, a=5**0.5)
        weight[:outs, before.shape[1] :] = 0  # what was there sees nothing new
        weight[:outs, : before.shape[1]] = before
    wide.register_to_config(scaling_factor=narrow.config.scaling_factor)
    assert known < wide.config.latent_channels
    return wide


def deepened(shallow: AutoencoderTiny) -> AutoencoderTiny:
    """The same autoencoder with a decoder of `BLOCKS`; the new blocks change nothing yet."""
    deep = new()
    deep.encoder.load_state_dict(shallow.encoder.state_dict())
    deep.register_to_config(scaling_factor=shallow.config.scaling_factor)
    (convolutions, stages), (old_convolutions, old_stages) = map(parts, (deep.decoder, shallow.decoder))
    for mine, theirs in zip(convolutions, old_convolutions, strict=True):
        mine.load_state_dict(theirs.state_dict())
    for blocks, known in zip(stages, old_stages, strict=True):
        for block, old in zip(blocks, known, strict=False):
            block.load_state_dict(old.state_dict())
        for block in blocks[len(known) :]:  # it adds nothing to what passes it by
            block.conv[-1].weight.data.zero_()
            block.conv[-1].bias.data.zero_()
    return deep


def parts(decoder: torch.nn.Module) -> tuple[list[torch.nn.Module], list[list[torch.nn.Module]]]:
    """A decoder's single convolutions, and its blocks by the size of picture that they work on."""
    convolutions: list[torch.nn.Module] = []
    stages: list[list[torch.nn.Module]] = [[]]
    for layer in decoder.layers:
        if hasattr(layer, "fuse"):
            stages[-1].append(layer)
        elif isinstance(layer, torch.nn.Upsample):
            stages.append([])
        elif isinstance(layer, torch.nn.Conv2d):
            convolutions.append(layer)
    return convolutions, stages


def train(
    autoencoder: AutoencoderTiny,
    pictures: Sequence[NDArray[np.uint8]],
    seconds: float,
    teacher: AutoencoderTiny | None = None,
    batch: int = 4,
) -> None:
    """Train both halves; without a teacher the scaling factor is then set so that latents have unit spread.

    With one, the teacher's latents stay what they are: a UNet already knows them.
    """
    scale = autoencoder.config.scaling_factor
    onward = teacher is not None and teacher.config.latent_channels == autoencoder.config.latent_channels
    noise = NOISE_ONWARD if onward else NOISE

    def loss(x: Tensor) -> Tensor:
        z = autoencoder.encode(x).latents
        y = autoencoder.decode(z + torch.randn_like(z) * torch.rand(len(z), 1, 1, 1) * noise).sample.float()
        z = z.float()
        if teacher is None:
            held = (z[:, :3] - F.avg_pool2d(x, 8)).pow(2).mean() * ANCHOR
        else:
            with torch.no_grad():
                known = teacher.encode(x).latents.float()
            held = moved(z, known) if onward else widening(z, known, SPREAD / scale)
        return closeness(y, x) + held + 0.02 * (z.abs() - 2.5).clamp(min=0).mean()

    peak = PEAK_RATE if teacher is None else ONWARD_RATE
    _descend(autoencoder, pictures, seconds, batch, peak, loss)
    if teacher is None:
        with torch.no_grad():
            z = autoencoder.encode(crops(pictures, 256, np.random.default_rng(1))).latents
        autoencoder.register_to_config(scaling_factor=round(1 / z.std().item(), 4))


def moved(z: Tensor, known: Tensor) -> Tensor:
    """How far latents (B, C, h, w) are from those that the teacher gives."""
    off = (z - known).pow(2)
    return HOLD * off[:, :COLOURED].mean() + HOLD_FINE * off[:, COLOURED:].mean()


def widening(z: Tensor, known: Tensor, spread: float) -> Tensor:
    """How far the first latents are from those that the teacher gives, and the spread of the new ones from `spread`."""
    fresh = z[:, known.shape[1] :].std((0, 2, 3))
    return 0.4 * (z[:, : known.shape[1]] - known).pow(2).mean() + 0.3 * (fresh - spread).pow(2).mean()


def sharpen(
    autoencoder: AutoencoderTiny,
    pictures: Sequence[NDArray[np.uint8]],
    answers: Sequence[Answer],
    seconds: float,
    batch: int = 8,
) -> None:
    """Train the decoder alone, on true latents and on what the UNet itself makes of drawings: of those the hues alone.

    Where the UNet is unsure its answers come out in specks of every colour. A decoder taught all of what they should
    have been takes the specks away, and with them each line that the UNet is unsure of; the hues alone hold no lines.
    """
    autoencoder.encoder.requires_grad_(False)
    random, size = np.random.default_rng(), batch // 2

    def loss(x: Tensor) -> Tensor:
        with torch.no_grad():
            z = autoencoder.encode(x).latents
        z = z + torch.randn_like(z) * torch.rand(len(z), 1, 1, 1) * NOISE_ONWARD
        own, truth = answered(answers, len(z), random)
        y = autoencoder.decode(torch.cat([z, own])).sample.float()
        return closeness(y[:size], x) + HUES * off_in_hue(y[size:], truth)

    _descend(autoencoder.decoder, pictures, seconds, size, SHARPEN_RATE, loss)


def answered(answers: Sequence[Answer], count: int, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """Random crops of the UNet's answers and of the paintings that they should have been."""
    cells = CROP // 8
    latents, paintings = [], []
    for _ in range(count):
        z, painting = answers[int(random.integers(len(answers)))]
        y, x = (int(random.integers(0, side - cells + 1)) for side in z.shape[1:])
        latents.append(z[:, y : y + cells, x : x + cells].float())
        part = painting[8 * y : 8 * y + CROP, 8 * x : 8 * x + CROP]
        paintings.append(torch.from_numpy(part).permute(2, 0, 1).float().div(127.5).sub(1))
    return torch.stack(latents), torch.stack(paintings)


def _inner(weight: Tensor) -> bool:
    """Whether a convolution stands inside the network: its first and last ones, and biases, are for AdamW."""
    return weight.ndim == 4 and min(weight.shape[:2]) >= CHANNELS


def closeness(y: Tensor, x: Tensor) -> Tensor:
    """How far pictures differ, when both halves learn: squares count most, since a ratio in dB is made of them."""
    edges = sum((a - b).abs().mean() for a, b in zip(_steps(y), _steps(x), strict=True))
    return 0.5 * (y - x).abs().mean() + 4 * (y - x).pow(2).mean() + 0.7 * edges


def off_in_hue(y: Tensor, x: Tensor) -> Tensor:
    """How far pictures (B, 3, H, W) differ in what is left of them without their brightness."""
    off = _hue(y) - _hue(x)
    return off.abs().mean() + 2 * off.pow(2).mean()


def _hue(a: Tensor) -> Tensor:
    return a - (a * a.new_tensor(BRIGHTNESS).view(1, 3, 1, 1)).sum(1, keepdim=True)


def _steps(a: Tensor) -> tuple[Tensor, Tensor]:
    return a[..., 1:, :] - a[..., :-1, :], a[..., 1:] - a[..., :-1]


def _descend(
    network: torch.nn.Module,
    pictures: Sequence[NDArray[np.uint8]],
    seconds: float,
    batch: int,
    peak: float,
    loss: Callable[[Tensor], Tensor],
) -> None:
    """Train a network down a cosine for some seconds."""
    weights = list(network.parameters())
    hidden, rest = [p for p in weights if _inner(p)], [p for p in weights if not _inner(p)]
    adam = torch.optim.AdamW(rest, peak, betas=(0.9, 0.99), weight_decay=1e-4)
    optimizers: list[torch.optim.Optimizer] = [Muon(hidden, peak), adam]
    random, begin, step = np.random.default_rng(), time.time(), 0
    while (done := (time.time() - begin) / seconds) < 1:
        for group in [g for o in optimizers for g in o.param_groups]:
            group["lr"] = peak * min(1, (step + 1) / 50) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-5
        x = crops(pictures, batch, random)
        with torch.autocast("cpu", torch.bfloat16):
            error = loss(x)
        for optimizer in optimizers:
            optimizer.zero_grad()
        error.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        for optimizer in optimizers:
            optimizer.step()
        step += 1
        if step % 50 == 0:
            click.echo(f"autoencoder step {step}, {time.time() - begin:.0f} s, loss {error.item():.4f}")


def ratio(autoencoder: AutoencoderTiny, pictures: Sequence[NDArray[np.uint8]]) -> float:
    """Mean peak signal-to-noise ratio in dB over whole pictures."""
    found = []
    for picture in pictures:
        x = torch.from_numpy(picture[None]).permute(0, 3, 1, 2).float().div(127.5).sub(1)
        with torch.no_grad():
            y = autoencoder.decode(autoencoder.encode(x).latents).sample.clamp(-1, 1)
        found.append(10 * torch.log10(4 / (y - x).pow(2).mean((1, 2, 3))))
    return float(torch.cat(found).mean())


def save(autoencoder: AutoencoderTiny, folder: Path) -> None:
    """Write the autoencoder in diffusers' layout."""
    autoencoder.save_pretrained(folder, safe_serialization=True)
