"""A critic of texture for the decoder: it tells painted patches from decoded ones, and the decoder learns to pass.

A decoder that only comes near its truth paints the mean of all that grass might be, and that is fog. The critic looks
at patches of 46 px, knows no layout and no words, and is not kept: painting needs the decoder alone. Hinge loss with
spectral norms (Miyato et al., 2018, arXiv 1802.05957); the same remedy as in TAESD, whose shape our autoencoder has.
"""

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

WIDTHS = (32, 64, 96)
RATE, BETAS = 4e-4, (0.5, 0.95)


class Critic(nn.Module):  # type: ignore[misc]
    """(N, 3, H, W) of -1 to 1 in; (N, 1, h, w) out, above 0 where a patch looks painted."""

    def __init__(self) -> None:
        super().__init__()
        before = (3, *WIDTHS)
        steps = [
            nn.Sequential(spectral_norm(nn.Conv2d(i, o, 4, 2, 1)), nn.LeakyReLU(0.2))
            for i, o in zip(before, WIDTHS, strict=False)
        ]
        self.steps = nn.Sequential(*steps)
        self.answer = spectral_norm(nn.Conv2d(WIDTHS[-1], 1, 4, 1, 1))
        self.optimizer = torch.optim.Adam(self.parameters(), RATE, betas=BETAS)

    def forward(self, pictures: Tensor) -> Tensor:
        """What each patch looks like."""
        return self.answer(self.steps(pictures))

    def learn(self, painted: Tensor, decoded: Tensor) -> float:
        """One step on pictures of both kinds; returns the hinge loss, 2 where it knows nothing and 0 where all."""
        self.requires_grad_(True)
        loss = F.relu(1 - self(painted)).mean() + F.relu(1 + self(decoded)).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        return float(loss.item())

    def blame(self, decoded: Tensor) -> Tensor:
        """What the decoder has to lower: how far its pictures are from passing."""
        self.requires_grad_(False)
        return -self(decoded).mean()
