"""Requests in one line: the settings of a painting as keywords."""

from typing import Any

from PIL import Image

from generation.request.request import Capabilities, PaintSettings, Request

OWN = ("mask", "profile", "preview_every", "runs")


def asked(image: Image.Image, prompt: str = "night", **said: Any) -> Request:
    """A request with the usual numbers for what is not said."""
    own = {name: said.pop(name) for name in OWN if name in said}
    usual = {"strength": 0.7, "guidance_scale": 2.5, "num_inference_steps": 24}
    return Request(image, PaintSettings(prompt, **(usual | said)), **own)


def ask(able: Capabilities, image: Image.Image, prompt: str = "night", **said: Any) -> Request:
    """A request as a model fills it in."""
    own = {name: said.pop(name) for name in OWN if name in said}
    return able.request(image, PaintSettings(prompt, **said), **own)
