"""The command `genzu` starts here: Ctrl-C during the second of imports ends it without a trace, and so does a mix-up.

Another package is called `provenance`, too. Where Python would find that one in the place of ours, a sentence says so.
"""

import signal
import sys
from importlib.util import find_spec
from pathlib import Path

OURS = Path(__file__).resolve().parent.parent / "provenance" / "__init__.py"
NOT_CHECKED = 2


def main() -> None:
    """Runs the command line."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    stranger = other_provenance()
    if stranger is not None:
        print(f"genzu: {stranger}", file=sys.stderr)
        sys.exit(NOT_CHECKED)
    try:
        from generation.cli import main as run
    except ImportError as error:
        print(f"genzu: a package that it needs is not there ({error}); install genzu again", file=sys.stderr)
        sys.exit(NOT_CHECKED)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


def other_provenance() -> str | None:
    """What to do where `provenance` is not the package that came with this one; None where it is. Nothing is run."""
    try:
        found = find_spec("provenance")
    except (ImportError, ValueError):
        found = None
    if found is None:
        return "the package provenance, a part of genzu, is not there; install genzu again"
    where = Path(found.origin).resolve() if found.origin else None
    if where == OURS and (OURS.parent / "statement" / "statement.py").is_file():
        return None
    lies = where or ", ".join(map(str, found.submodule_search_locations or ()))
    return (
        f"another package named provenance is in the way ({lies}); ours is {OURS.parent}. Start genzu in another "
        "folder or take that one off PYTHONPATH; if it was installed with pip, give genzu an environment of its own"
    )


if __name__ == "__main__":
    main()
