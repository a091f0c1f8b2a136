"""An extension for AUTOMATIC1111 and Forge: signs and records each picture after it was saved.

Put the folder `forge` into `extensions` and name who prompts under Settings, Genzu. Nothing is signed while nobody is
named. The signed copies go to `signed` beside the pictures; if one cannot be signed, the console says so in one line.
"""

import sys
from pathlib import Path

from modules import script_callbacks, shared

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from signing import BY_AI, BY_AI_OVER_A_PICTURE, PICTURES, SIGNED, sign_beside


def settings():
    """The lines under Settings, Genzu."""
    section = ("genzu", "Genzu")
    for name, label in (
        ("genzu_by", "Who prompts, such as “prompt: Mori Aoi”"),
        ("genzu_production", "Production"),
    ):
        shared.opts.add_option(name, shared.OptionInfo("", label, section=section))


def saved(params):
    """Called with each saved image: filename, and the processing `p` that made it."""
    try:
        by = str(getattr(shared.opts, "genzu_by", "") or "")
        path = Path(str(params.filename))
        if not by.strip() or path.suffix.lower() not in PICTURES:
            return None
        if path.name.startswith("grid-") or path.parent.name == SIGNED:
            return None
        over = bool(getattr(params.p, "init_images", None))
        production = str(getattr(shared.opts, "genzu_production", "") or "")
        return sign_beside(print, path, by, BY_AI_OVER_A_PICTURE if over else BY_AI, production)
    except Exception as error:  # the picture is saved already, and stays so
        print(f"Genzu did not sign: {error}")
        return None


script_callbacks.on_ui_settings(settings)
script_callbacks.on_image_saved(saved)
