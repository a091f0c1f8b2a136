"""Training leads the network where the stock pipeline leads it when it paints."""

import pytest

pytest.importorskip("cv2", reason="the `house` extra paints the scenes")
pytest.importorskip("torch")

import torch
from PIL import Image

from generation.house.training import levels, painter
from generation.house.training.__main__ import HOME
from generation.house.training.measure import load


def test_training_walks_as_the_stock_pipeline_paints(monkeypatch: pytest.MonkeyPatch):
    pipeline, pupil = load(HOME / "weights"), painter.start(HOME / "weights")
    seen: list[tuple[int, torch.Tensor]] = []

    def note(
        _: object, __: int, level: torch.Tensor, now: dict[str, torch.Tensor]
    ) -> dict[str, torch.Tensor]:
        seen.append((int(level), now["latents"].clone()))
        return now

    pipeline(
        "night, green grass, house",
        image=Image.new("RGB", (64, 96), "grey"),
        strength=0.8,
        guidance_scale=1.0,
        num_inference_steps=8,
        generator=torch.Generator().manual_seed(3),
        callback_on_step_end=note,
    )
    monkeypatch.setattr(levels, "STEPS", (8,))
    monkeypatch.setattr(levels, "STRENGTHS", (0.8,))
    visited = levels.journey()
    assert visited.tolist() == [level for level, _ in seen]
    ids = pupil.tokenizer(
        ["night, green grass, house"], padding="max_length", truncation=True, return_tensors="pt"
    ).input_ids
    words = pupil.text(ids)[0].detach()
    # What the first step left is where the second begins; a stop is the level to arrive at.
    begin, stop = seen[0][1], len(visited) - 2
    arrived = painter.walk(pupil, begin, visited[1:], torch.tensor([stop]), words)
    assert float((arrived - seen[stop][1]).std()) < 0.05 * float((begin - seen[stop][1]).std())
    assert torch.equal(painter.walk(pupil, begin, visited[1:], torch.tensor([0]), words), begin)
