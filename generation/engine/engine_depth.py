"""A layout's depth, drawn by a depth estimator of transformers: what a ControlNet for depth is shown."""

from dataclasses import dataclass
from typing import Any

from PIL import Image

from generation.files.folder import CONFIG, read_index
from generation.quiet import quietly
from generation.works.adapter import Adapter, fitting
from generation.works.depth_kinds import is_near

CLOSEST = 0.01  # metres; of networks that tell how far away a pixel is


@dataclass(frozen=True, slots=True)
class DepthModel:
    """A loaded estimator."""

    work: Adapter
    network: Any
    processor: Any
    near: bool

    @classmethod
    def load(cls, work: Adapter, device: Any) -> "DepthModel":
        """In float32, on the model's device; ModelError where it cannot be loaded."""
        with quietly(), fitting(work):
            from transformers import AutoImageProcessor, AutoModelForDepthEstimation

            place = {"pretrained_model_name_or_path": str(work.path), "local_files_only": True}
            network = AutoModelForDepthEstimation.from_pretrained(**place, use_safetensors=True)
            # Pillow's, whatever else is installed: the same layout has the same depth on every machine.
            processor = AutoImageProcessor.from_pretrained(**place, backend="pil")
        work.check_untouched()
        near = is_near(work.name, read_index(work.path / CONFIG))
        return cls(work, network.eval().to(device), processor, near)

    def draw(self, layout: Image.Image) -> Image.Image:
        """The depth of a layout as a ControlNet is shown it: RGB, as large as the layout, near is white."""
        import numpy as np
        import torch

        with fitting(self.work), torch.no_grad():
            given = self.processor(images=layout.convert("RGB"), return_tensors="pt").to(self.network.device)
            found = self.network(**given).predicted_depth
            size = (layout.height, layout.width)
            whole = torch.nn.functional.interpolate(found[None].float(), size=size, mode="bicubic")[0, 0]
        depth = whole.cpu().numpy()
        if not self.near:
            depth = 1 / np.maximum(depth, CLOSEST)
        low, high = float(depth.min()), float(depth.max())
        grey = (depth - low) / max(high - low, 1e-6)
        return Image.fromarray(np.rint(255 * grey).astype(np.uint8)).convert("RGB")
