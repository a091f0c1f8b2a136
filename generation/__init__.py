"""The img2img core: a picture and words in, a picture and the facts of the run out."""

import os

from generation.threads import bound_spinning

# Here, because every way in passes here before it loads torch: the command, the page, workers, training, tests.
bound_spinning(os.environ)
