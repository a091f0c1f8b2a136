# ruff: noqa: S311 - paintings to learn from are asked for by lot; nothing here is secret
"""The noise levels that training and painting share, and which of them one painting visits."""

import math
import random

from diffusers import DDIMScheduler
from torch import Tensor

# The first 700 of 1,000 levels: at full strength the drawing keeps 32 % of its variance instead of 13 %, so thin lines
# are not drowned.
LEVELS = 700
FIRST_BETA, LAST_BETA, FIRST_LEVELS = 0.00085, 0.0035, 1000
# What a painting may be asked for; what is asked most stands twice.
STEPS, STRENGTHS = (4, 5, 6, 6, 7, 8, 10), (0.4, 0.5, 0.6, 0.7, 0.8, 0.8, 0.9, 1.0)


def scheduler() -> DDIMScheduler:
    """The noise levels that training and painting share."""
    low, high = math.sqrt(FIRST_BETA), math.sqrt(LAST_BETA)
    last = low + (high - low) * (LEVELS - 1) / (FIRST_LEVELS - 1)
    # The first level a painting visits is the noisiest, and so its last is not the cleanest: at the level 1, where the
    # usual spacing ends, nothing is left to paint.
    return DDIMScheduler(
        num_train_timesteps=LEVELS,
        timestep_spacing="trailing",
        beta_start=FIRST_BETA,
        beta_end=last**2,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
    )


def journey() -> Tensor:
    """The levels that the stock pipeline visits at a strength and a number of steps by lot, noisiest first."""
    steps, strength = random.choice(STEPS), random.choice(STRENGTHS)
    painting = scheduler()
    painting.set_timesteps(steps)
    return painting.timesteps[steps - int(steps * strength) :]


ALPHAS = scheduler().alphas_cumprod
