# ruff: noqa: S311 - scenes are composed by lot; nothing here is secret
"""Teach the text encoder and the UNet to walk from a drawing to its painting.

Stock img2img starts at ``sqrt(a0) z_source + sqrt(1-a0) eps``. DDIM arrives at ``z_painting`` from there if the noise
it believes in is ``e = eps + k0 (z_source - z_painting)`` with ``k0 = sqrt(a0 / (1-a0))``, all along the way. So the
network is trained on that very path: ``x_t = sqrt(a_t) z_painting + sqrt(1-a_t) e`` for ``t <= t0``, and answers with
``v = sqrt(a_t) e - sqrt(1-a_t) z_painting``. Nothing of our own is needed when painting.

What the pictures are is left to `scenes`, their latents to `pool`.
"""

import copy
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import torch
from diffusers import AutoencoderTiny, StableDiffusionImg2ImgPipeline, UNet2DConditionModel
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from .autoencoder import COLOURED, LATENTS
from .levels import ALPHAS, LEVELS, journey, scheduler
from .muon import Muon
from .pool import Batch, Pool
from .together import MEET_EVERY, leads, meet, total

PEAK_RATE, LAST_RATE = 1.5e-3, 4e-6
DROP_CAPTION = 0.05
WALKED = 0.6  # share of samples that the network leads to their level by itself
OBJECT_WEIGHT = 3.0
AT_FIRST = 0.3  # share of samples at the very start of the path, where the colours are chosen
# How much more it counts what a word changes than what a pair of paintings has in common, and from which difference
# of latents on (their spread is 0.67) a cell counts as changed.
PAIR_WEIGHT, CHANGED = 8.0, 0.3
# Colours over textures: the error's mean over squares of cells, and over what a word changes, counts by itself.
BROAD, BROAD_WEIGHT, TINT_WEIGHT = 4, 3.0, 8.0
# How far apart the two colours of a pair usually are, and how much less and more than usual a pair may count.
ALIKE, ALIKE_COUNTS = 0.22, (0.7, 3.0)
FINE = 0.5  # how much the finer latents count: half as much of them can be foretold
CALM = 3.0  # mean squared error from which a sample weighs less
KEEP_EVERY, LOG_EVERY = 120, 120  # seconds between checkpoints, steps between lines of the log
NETWORKS = ("unet", "text", "mean_unet", "mean_text")


@dataclass
class Painter:
    """The trained pair, its running averages, and how far it has come."""

    unet: UNet2DConditionModel
    text: CLIPTextModel
    tokenizer: CLIPTokenizer
    mean_unet: UNet2DConditionModel
    mean_text: CLIPTextModel
    optimizers: list[torch.optim.Optimizer]
    step: int = 0
    samples: int = 0
    spent: float = 0.0  # seconds of training


def new(tokenizer: CLIPTokenizer, latents: int = LATENTS) -> Painter:
    """A painter that knows nothing yet: 14.5 M weights to paint with, 0.9 M to read with."""
    width, length = 128, tokenizer.model_max_length
    text = CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=width,
            intermediate_size=4 * width,
            projection_dim=width,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=length,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )
    unet = UNet2DConditionModel(
        sample_size=32,
        in_channels=latents,
        out_channels=latents,
        block_out_channels=(64, 128, 192),
        layers_per_block=[2, 1, 2],  # more where it costs least, and where lines are
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=width,
        attention_head_dim=4,
        norm_num_groups=16,
    )
    return assemble(unet, text, tokenizer)


def start(init: Path, latents: int = LATENTS) -> Painter:
    """A painter that goes on from the weights in a diffusers folder, with as many more latents as asked for."""
    unet = widened(UNet2DConditionModel.from_pretrained(init / "unet", torch_dtype=torch.float32), latents)
    text = CLIPTextModel.from_pretrained(init / "text_encoder", torch_dtype=torch.float32)
    tokenizer = CLIPTokenizer.from_pretrained(init / "tokenizer")
    return assemble(unet, text, tokenizer)


def widened(unet: UNet2DConditionModel, latents: int) -> UNet2DConditionModel:
    """The same network for more latents: it sees and says nothing of the new ones yet."""
    known = unet.config.in_channels
    if known == latents:
        return unet
    config = dict(unet.config) | {"in_channels": latents, "out_channels": latents}
    wide = UNet2DConditionModel.from_config(config)
    weights = unet.state_dict()
    for name, target in wide.state_dict().items():
        if name == "conv_in.weight":
            target.zero_()
            target[:, :known] = weights[name]
        elif name.startswith("conv_out"):
            target.zero_()
            target[:known] = weights[name]
        else:
            target.copy_(weights[name])
    return wide


def assemble(unet: UNet2DConditionModel, text: CLIPTextModel, tokenizer: CLIPTokenizer) -> Painter:
    """A painter around two networks, with fresh averages and optimiser."""
    unet = unet.to(memory_format=torch.channels_last)
    hidden, rest = divide(unet, text)
    # From one checkpoint on the same 40 batches: loss 0.605 with Muon, 0.718 with AdamW alone.
    optimizers = [
        Muon(hidden, PEAK_RATE),
        torch.optim.AdamW(rest, PEAK_RATE, betas=(0.9, 0.99), weight_decay=0.01),
    ]
    return Painter(unet, text, tokenizer, copy.deepcopy(unet), copy.deepcopy(text), optimizers)


def divide(unet: UNet2DConditionModel, text: CLIPTextModel) -> tuple[list[Tensor], list[Tensor]]:
    """Weight matrices inside the networks, and all the rest: biases, norms, embeddings, first and last layers."""
    hidden: list[Tensor] = []
    rest: list[Tensor] = []
    for name, weight in [*unet.named_parameters(), *text.named_parameters()]:
        outer = (
            name.startswith(("conv_in", "conv_out"))
            or "token_embedding" in name
            or "position_embedding" in name
        )
        (rest if outer or weight.ndim < 2 else hidden).append(weight)
    return hidden, rest


def restore(painter: Painter, checkpoint: Path) -> None:
    """Put a painter back where `keep` left it."""
    state = torch.load(checkpoint, weights_only=True)
    for name in NETWORKS:
        getattr(painter, name).load_state_dict(state[name])
    for optimizer, saved in zip(painter.optimizers, state["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    painter.step, painter.samples, painter.spent = state["step"], state["samples"], state["spent"]


def spent(checkpoint: Path) -> float:
    """Seconds of training behind a checkpoint."""
    return float(torch.load(checkpoint, weights_only=True)["spent"])


def samples(checkpoint: Path) -> int:
    """Samples seen up to a checkpoint."""
    return int(torch.load(checkpoint, weights_only=True)["samples"])


def keep(painter: Painter, checkpoint: Path) -> None:
    """Write everything needed to go on; the old file stays until the new one is whole."""
    state = {name: getattr(painter, name).state_dict() for name in NETWORKS}
    state |= {
        "optimizers": [o.state_dict() for o in painter.optimizers],
        "step": painter.step,
        "samples": painter.samples,
    }
    state["spent"] = painter.spent
    fresh = checkpoint.with_suffix(".new")
    torch.save(state, fresh)
    fresh.replace(checkpoint)


def save(painter: Painter, autoencoder: Path, folder: Path) -> None:
    """Write the averages as a stock diffusers folder in half precision."""
    pipeline = StableDiffusionImg2ImgPipeline(
        AutoencoderTiny.from_pretrained(autoencoder, torch_dtype=torch.float16),
        copy.deepcopy(painter.mean_text).half(),
        painter.tokenizer,
        copy.deepcopy(painter.mean_unet).half(),
        scheduler(),
        None,
        None,
        requires_safety_checker=False,
    )
    pipeline.save_pretrained(folder, safe_serialization=True)


def train(
    painter: Painter,
    pool: Pool,
    budget: float,
    pause: float,
    checkpoint: Path,
    log: Path,
    held: Callable[[Painter], float],
    peak: float = PEAK_RATE,
) -> None:
    """Train until `budget` seconds are spent in all, or for `pause` seconds now; the rate follows the budget.

    Each line of the log holds what the steps reported and what `held`, a ruler, reads.
    """
    last = kept = begin = time.time()
    seen, running = 0, None
    while True:
        rate = rate_at(painter.spent / budget, painter.step, peak)
        for group in [g for o in painter.optimizers for g in o.param_groups]:
            group["lr"] = rate
        batch = pool.batch()
        loss = step(painter, batch)
        seen += len(batch.captions)
        now = time.time()
        painter.spent, last = painter.spent + now - last, now
        running = loss if running is None else running * 0.98 + loss * 0.02
        if painter.step % MEET_EVERY:
            continue
        meet([*painter.unet.parameters(), *painter.text.parameters()])
        painter.samples, seen = painter.samples + round(total(seen)), 0
        over = total(painter.spent > budget or now - begin > pause) > 0
        if leads():
            follow(painter)
            if painter.step % LOG_EVERY == 0:
                with log.open("a") as file:
                    file.write(
                        f"{painter.step},{painter.samples},{painter.spent:.0f},{rate:.2e},{running:.5f},"
                        f"{held(painter):.5f}\n"
                    )
            if over or now - kept > KEEP_EVERY:
                kept = now
                keep(painter, checkpoint)
        if over:
            return


def rate_at(done: float, step: int, peak: float) -> float:
    """The learning rate at a share `done` of the time: a short rise, then a cosine down."""
    fall = 0.5 + 0.5 * math.cos(math.pi * min(1.0, done))
    return peak * min(1.0, (step + 1) / 100) * fall + LAST_RATE


def step(painter: Painter, batch: Batch) -> float:
    """One step of the optimiser; returns v's plain mean squared error, where nothing was walked."""
    silent = [random.random() < DROP_CAPTION for _ in batch.captions[::2]]  # both of a pair
    error, weight = errors(
        painter, batch, ["" if silent[k // 2] else caption for k, caption in enumerate(batch.captions)]
    )
    weight = weight * calm(error) * SAY
    inside = 1 + OBJECT_WEIGHT * batch.objects
    loss = (error**2 * weight * inside / inside.mean()).mean() + broad(error, weight)
    loss = loss + apart(error, weight, batch.painting) + tint(error, weight, batch.painting)
    for optimizer in painter.optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_([*painter.unet.parameters(), *painter.text.parameters()], 1.0)
    for optimizer in painter.optimizers:
        optimizer.step()
    painter.step += 1
    return plain(error)


def errors(painter: Painter, batch: Batch, captions: list[str]) -> tuple[Tensor, Tensor]:
    """How far the network's answers under these captions are off, (B, C, h, w), and each sample's weight."""
    ids = painter.tokenizer(captions, padding="max_length", truncation=True, return_tensors="pt").input_ids
    with torch.autocast("cpu", torch.bfloat16):
        words = painter.text(ids)[0]
    noisy, level, target, weight = path(painter, batch, words.detach())
    with torch.autocast("cpu", torch.bfloat16):
        found = painter.unet(noisy.to(memory_format=torch.channels_last), level, words).sample.float()
    return found - target, weight


def plain(error: Tensor) -> float:
    """v's mean squared error of the samples that the network did not lead by itself."""
    return float((error[walked(len(error)) :] ** 2).mean().item())


def calm(error: Tensor) -> Tensor:
    """Each sample's say: a hopeless one (a page of black hatching) must not drown out the rest of its batch."""
    return (CALM / error.detach().pow(2).mean((1, 2, 3), keepdim=True)).clamp(max=1)


def broad(error: Tensor, weight: Tensor) -> Tensor:
    """How far the colours of whole areas are off: grass and leaves have textures that nothing could foretell."""
    return BROAD_WEIGHT * (torch.nn.functional.avg_pool2d(error, BROAD) ** 2 * weight).mean()


def tint(error: Tensor, weight: Tensor, painting: Tensor) -> Tensor:
    """How far the mean colour of what a word changes is off, in each of a pair.

    It counts more where the two colours are alike: white and a pale wall, or red and brown by night, are told apart by
    little, and a picture that is off by as much shows the other word.
    """
    changed = change(painting).repeat_interleave(2, 0)
    here = changed.mean((1, 2, 3), keepdim=True).clamp(min=0.01)
    mean = (error * changed).mean((2, 3), keepdim=True) / here
    return TINT_WEIGHT * (mean**2 * weight * alike(painting, changed, here)).mean()


def alike(painting: Tensor, changed: Tensor, here: Tensor) -> Tensor:
    """By how much more a pair counts the nearer its two mean colours are to each other: (B, 1, 1, 1)."""
    difference = (painting[::2] - painting[1::2]).repeat_interleave(2, 0)[:, :COLOURED]
    mean = (difference * changed).mean((2, 3), keepdim=True) / here
    return (ALIKE / mean.pow(2).mean(1, keepdim=True).sqrt().clamp(min=1e-3)).clamp(*ALIKE_COUNTS)


def apart(error: Tensor, weight: Tensor, painting: Tensor) -> Tensor:
    """How far a pair's answers differ otherwise than its paintings do.

    Both see the same drawing and the same noise, so their answers may differ only where the exchanged word paints. What
    changes and what stays have half the weight each, however small the thing is: a word must reach its thing and
    nothing else.
    """
    changed = change(painting)
    here, there = (changed.mean((1, 2, 3), keepdim=True), (1 - changed).mean((1, 2, 3), keepdim=True))
    share = 0.5 * changed / here.clamp(min=0.04) + 0.5 * (1 - changed) / there.clamp(min=0.2)
    return PAIR_WEIGHT / 2 * ((error[::2] - error[1::2]) ** 2 * weight[::2] * share).mean()


def change(painting: Tensor) -> Tensor:
    """Where the two of each pair differ, 0 to 1 in each cell: (B, C, h, w) in, (B / 2, 1, h, w) out."""
    tinted = painting[:, :COLOURED]
    difference = (tinted[::2] - tinted[1::2]).pow(2).mean(1, keepdim=True).sqrt()
    return (difference / CHANGED).clamp(max=1)


def walked(count: int) -> int:
    """How many samples of a batch, whole pairs, the network leads to their level by itself."""
    return 2 * max(1, round(count * WALKED / 2))


def path(painter: Painter, batch: Batch, words: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Points on the way from source to painting: x_t, t, the v to be found and each sample's weight.

    The two of a pair have the same noise and are equally far on their way.
    """
    count, own = len(batch.captions), walked(len(batch.captions))
    first = torch.randint(LEVELS // 5, LEVELS, (count // 2,))
    level = (torch.rand(count // 2) * (first + 1)).long()
    level = torch.where(torch.rand(count // 2) < AT_FIRST, first, level)
    first, level = first.repeat_interleave(2), level.repeat_interleave(2)
    visited = journey()
    stops = torch.randint(len(visited), (own // 2,)).repeat_interleave(2)
    first[:own], level[:own] = visited[0], visited[stops]
    a0, a = ALPHAS[first].view(-1, 1, 1, 1), ALPHAS[level].view(-1, 1, 1, 1)
    noise = torch.randn_like(batch.painting[::2]).repeat_interleave(2, 0)
    begin = a0[:own].sqrt() * batch.source[:own] + (1 - a0[:own]).sqrt() * noise[:own]
    noise = noise + (a0 / (1 - a0)).sqrt() * (batch.source - batch.painting)
    noisy = a.sqrt() * batch.painting + (1 - a).sqrt() * noise
    noisy[:own] = walk(painter, begin, visited, stops, words[:own])
    noise = (noisy - a.sqrt() * batch.painting) / (1 - a).sqrt()
    target = a.sqrt() * noise - (1 - a).sqrt() * batch.painting
    # Late steps decide the lines: weigh v's error by the noise that is left, but not without end.
    weight = (1 / (1 - a).clamp(min=0.15)).clamp(max=3.0)
    weight[:own] = 2 * (1 - a[:own])  # the error in the picture itself: v has no bound there
    return noisy, level, target, weight


def walk(painter: Painter, begin: Tensor, visited: Tensor, stops: Tensor, words: Tensor) -> Tensor:
    """Where the network's own DDIM steps lead from the first level visited, each sample to the level of its stop.

    Ordinary training shows it only true pictures under the noise, so its own early mistakes (blotches, a word's colour
    in half of its thing) look true to it later and stay. Here it learns to mend them.
    """
    noisy = begin.clone()
    for k, (here, there) in enumerate(pairwise(visited.tolist())):
        going = stops > k
        if not going.any():
            break
        a, b, before = ALPHAS[here], ALPHAS[there], noisy[going]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            v = painter.unet(before.to(memory_format=torch.channels_last), here, words[going]).sample.float()
        guess, believed = a.sqrt() * before - (1 - a).sqrt() * v, a.sqrt() * v + (1 - a).sqrt() * before
        noisy[going] = b.sqrt() * guess + (1 - b).sqrt() * believed
    return noisy


def follow(painter: Painter) -> None:
    """Let the averages follow, quickly at first."""
    share = 1 - min(0.998, painter.step / (painter.step + 20)) ** MEET_EVERY
    with torch.no_grad():
        for mean, live in ((painter.mean_unet, painter.unet), (painter.mean_text, painter.text)):
            torch._foreach_lerp_(list(mean.parameters()), list(live.parameters()), share)


SAY = torch.cat([torch.ones(COLOURED), torch.full((LATENTS - COLOURED,), FINE)]).view(1, -1, 1, 1)
