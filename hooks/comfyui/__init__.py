"""A ComfyUI node, “Save Image (signed by Genzu)”: saves as Save Image does, then signs and records each picture.

Put this folder into ComfyUI's *custom_nodes*. The pictures are saved first and shown as always; the signed copies go to
`signed` beside them. If Genzu cannot sign, ComfyUI's console says so in one line and the pictures stay as they are.
"""

import json
from pathlib import Path

from .signing import BY_AI, BY_AI_OVER_A_PICTURE, sign

MADE = {"from words": BY_AI, "over a picture": BY_AI_OVER_A_PICTURE}


class SaveImageSigned:
    """The node; ComfyUI reads these names."""

    CATEGORY = "image"
    DESCRIPTION = "Saves the images, then signs and records them with Genzu."
    FUNCTION = "save"
    OUTPUT_NODE = True
    RETURN_TYPES = ()

    @classmethod
    def INPUT_TYPES(cls):
        return {
            "required": {
                "images": ("IMAGE",),
                "filename_prefix": ("STRING", {"default": "ComfyUI"}),
                "by": ("STRING", {"default": "", "tooltip": "prompt: Mori Aoi; layout: Sato Hana"}),
                "made": (list(MADE),),
            },
            "optional": {
                "production": ("STRING", {"default": ""}),
                "shot": ("STRING", {"default": ""}),
                "keep_workflow": (
                    "BOOLEAN",
                    {"default": True, "tooltip": "Write prompt and workflow into the file"},
                ),
            },
            "hidden": {"prompt": "PROMPT", "extra_pnginfo": "EXTRA_PNGINFO"},
        }

    def save(
        self, images, filename_prefix, by, made, production="", shot="", keep_workflow=True,
        prompt=None, extra_pnginfo=None,
    ):  # fmt: skip
        """Saves each image as ComfyUI's own node does, then has it signed."""
        import folder_paths
        import numpy
        from PIL import Image
        from PIL.PngImagePlugin import PngInfo

        height, width = images[0].shape[0], images[0].shape[1]
        folder, name, counter, subfolder, _ = folder_paths.get_save_image_path(
            filename_prefix, folder_paths.get_output_directory(), width, height
        )
        saved = []
        for number, image in enumerate(images):
            words = PngInfo()
            if keep_workflow and prompt is not None:
                words.add_text("prompt", json.dumps(prompt))
            for key, value in (extra_pnginfo or {}).items() if keep_workflow else ():
                words.add_text(key, json.dumps(value))
            file = f"{name.replace('%batch_num%', str(number))}_{counter + number:05}_.png"
            pixels = numpy.clip(255.0 * numpy.asarray(image), 0, 255).astype(numpy.uint8)
            Image.fromarray(pixels).save(Path(folder) / file, pnginfo=words, compress_level=4)
            saved.append({"filename": file, "subfolder": subfolder, "type": "output"})
        for each in saved:
            print(sign(Path(folder) / each["filename"], by, MADE[made], production, shot))
        return {"ui": {"images": saved}}


NODE_CLASS_MAPPINGS = {"GenzuSaveImageSigned": SaveImageSigned}
NODE_DISPLAY_NAME_MAPPINGS = {"GenzuSaveImageSigned": "Save Image (signed by Genzu)"}
