"""What things cost, measured as ratios within one run: `python -m bench` (`make bench`). Nothing here is a test."""

import generation  # noqa: F401 - before torch: it bounds how long threads spin
