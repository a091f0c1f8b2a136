"""Prints requirements/locked.txt from what is installed: the project's extras and the tools, with all they need.

    python requirements/lock.py > requirements/locked.txt

Local builds (`2.13.0+cpu`) are written as the plain version, so that each machine takes the build that fits it.
"""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

HEAD = "# Printed by requirements/lock.py: what `make` installs. Python 3.11 to 3.13.\n"


def closure(wanted: list[str]) -> dict[str, str]:
    """Name and version of every installed distribution that the requirements lead to."""
    found: dict[str, str] = {}
    queue = [Requirement(each) for each in wanted]
    while queue:
        need = queue.pop()
        name = re.sub(r"[-_.]+", "-", need.name).lower()
        if need.marker and not any(need.marker.evaluate({"extra": each}) for each in {"", *need.extras}):
            continue
        dist = distribution(need.name)
        if name in found and not need.extras:
            continue
        found[name] = dist.version.partition("+")[0]
        for each in dist.requires or []:
            below = Requirement(each)
            extras = {"", *need.extras}
            if below.marker is None or any(below.marker.evaluate({"extra": extra}) for extra in extras):
                below.marker = None
                queue.append(below)
    return found


def main() -> None:
    """Prints the pins."""
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    wanted = (
        project["project"]["dependencies"]
        + extras["paint"]
        + extras["app"]
        + extras["mcp"]
        + extras["otio"]
        + extras["docs"]
        + extras["lora"]
        + extras["cluster"]
        + extras["lookup"]
        + extras["signature"]
        + extras["fast"]
        + project["dependency-groups"]["dev"]
    )
    print(HEAD + "\n".join(f"{name}=={version}" for name, version in sorted(closure(wanted).items())))


if __name__ == "__main__":
    main()
