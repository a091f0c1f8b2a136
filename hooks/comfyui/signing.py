"""Hands a saved picture to `genzu record`, and says in one line how it went. It never raises, whatever is wrong.

Python 3.8 and its standard library, since it runs inside another program. Each hook has a copy of this file beside it.
GENZU_COMMAND names the command where `genzu` is not on the PATH.
"""

import os
import shlex
import subprocess
import threading
from pathlib import Path

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".avif")
BY_AI = "trainedAlgorithmicMedia"
BY_AI_OVER_A_PICTURE = "compositeWithTrainedAlgorithmicMedia"
BY_HAND = "digitalCreation"
SIGNED = "signed"  # the folder beside the picture
PATIENCE = 300  # seconds


def sign(path, by, source, production="", shot=""):
    """A signed copy of the picture in the folder SIGNED beside it; the picture itself is only read."""
    path = Path(path)
    try:
        people = [each.strip() for each in by.replace("\n", ";").split(";") if each.strip()]
        if not people:
            return f"Genzu did not sign {path.name}: nobody is named (such as “prompt: Mori Aoi”)."
        folder = path.absolute().parent / SIGNED
        folder.mkdir(exist_ok=True)
        words = shlex.split(os.environ.get("GENZU_COMMAND") or "genzu", posix=os.name != "nt")
        words += [
            "record",
            str(path.absolute()),
            "--source",
            source,
            "-o",
            str(folder / path.name),
            "--force",
        ]
        for each in people:
            words += ["--by", each]
        for option, value in (("--production", production), ("--shot", shot)):
            words += [option, value] if value else []
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE, check=False
        )
        if done.returncode == 0:
            return f"Genzu signed and recorded {SIGNED}/{path.name}."
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it gave no reason"]
        return f"Genzu did not sign {path.name}: {said[-1].replace('genzu: ', '', 1)}"
    except FileNotFoundError:
        return f"Genzu did not sign {path.name}: the command genzu is not here; GENZU_COMMAND may name it."
    except Exception as error:  # the picture is saved already, and stays so
        return f"Genzu did not sign {path.name}: {error}"


def sign_beside(told, *args, **options):
    """The same in a thread of its own, so that nobody waits; `told` gets the line. The thread is given back."""
    thread = threading.Thread(target=lambda: told(sign(*args, **options)), name="genzu")
    thread.start()
    return thread
