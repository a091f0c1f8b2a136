"""The img2img core: a picture and words in, a picture and the facts of the run out."""
