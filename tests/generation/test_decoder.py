"""The decoder of the embedded model: deeper without changing a picture, and taught by the painter's answers."""

import copy

import numpy as np
import pytest

pytest.importorskip("cv2", reason="the `house` extra paints the scenes")
pytest.importorskip("diffusers")

import torch

from generation.house.training import autoencoder as codec


def test_a_deeper_decoder_gives_the_same_picture():
    torch.manual_seed(0)
    shallow = codec.new((2, 2, 2, 1)).eval()
    deep = codec.deepened(shallow).eval()
    assert tuple(deep.config.num_decoder_blocks) == codec.BLOCKS
    latents = torch.randn(1, codec.LATENTS, 4, 6)
    with torch.no_grad():
        before, after = shallow.decode(latents).sample, deep.decode(latents).sample
    assert torch.allclose(before, after, atol=1e-5)


def test_an_answer_and_its_truth_are_cut_at_the_same_place():
    cells = codec.CROP // 8 + 4
    rows, columns = np.mgrid[0:cells, 0:cells]
    latents = torch.from_numpy(np.stack([rows, columns])).float()
    painting = np.stack([rows, columns, rows], -1).repeat(8, 0).repeat(8, 1).astype(np.uint8)
    own, truth = codec.answered([(latents, painting)], 5, np.random.default_rng(0))
    assert own.shape == (5, 2, codec.CROP // 8, codec.CROP // 8)
    seen = truth[:, :2, ::8, ::8].add(1).mul(127.5)
    assert torch.allclose(seen, own, atol=1e-3)


def test_an_autoencoder_goes_on_from_its_own_weights_and_keeps_its_latents():
    torch.manual_seed(0)
    network = codec.deepened(codec.new((2, 2, 2, 1)))
    teacher = copy.deepcopy(network).requires_grad_(False)
    dice = np.random.default_rng(0)
    pictures = [dice.integers(0, 256, (codec.CROP, codec.CROP, 3), dtype=np.uint8) for _ in range(4)]
    before = [weight.clone() for weight in network.parameters()]
    codec.train(network, pictures, 0.01, teacher)
    assert any(not torch.equal(was, now) for was, now in zip(before, network.parameters(), strict=True))
    x = codec.crops(pictures, 2, dice)
    with torch.no_grad():
        z, known = network.encode(x).latents, teacher.encode(x).latents
    assert (z - known).pow(2).mean().sqrt() < 0.1 * known.std()


def test_of_two_pictures_in_one_hue_nothing_is_off_however_bright_they_are():
    torch.manual_seed(0)
    painting = torch.rand(2, 3, 8, 8) * 2 - 1
    lines = torch.rand(2, 1, 8, 8)
    assert codec.off_in_hue(painting - lines, painting) < 1e-5
    assert codec.off_in_hue(painting.flip(1), painting) > 0.1


def test_the_painters_answers_teach_the_decoder_alone():
    torch.manual_seed(0)
    network = codec.deepened(codec.new((2, 2, 2, 1)))
    before = copy.deepcopy(network)
    dice = np.random.default_rng(0)
    pictures = [dice.integers(0, 256, (codec.CROP, codec.CROP, 3), dtype=np.uint8) for _ in range(2)]
    cells = codec.CROP // 8
    codec.sharpen(network, pictures, [(torch.randn(codec.LATENTS, cells, cells), pictures[0])], 0.01, batch=2)
    x = codec.crops(pictures, 1, dice)
    with torch.no_grad():
        z = before.encode(x).latents
        assert torch.equal(network.encode(x).latents, z)
        after, was = network.decode(z).sample, before.decode(z).sample
    assert torch.isfinite(after).all() and not torch.equal(after, was)
