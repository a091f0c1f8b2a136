"""What a process or another machine is told so that it loads the same model as this one."""

from dataclasses import dataclass

from generation.engine.loading import AS_IT_COMES, Loading
from generation.works.works import NO_WORKS, Works


@dataclass(frozen=True, slots=True)
class ModelPlace:
    """What a process or another machine needs to load the same model: its name, its digest, what is beside it, and how.

    `digest` is what the record will name; a painter that finds another model under that name refuses.
    """

    model: str
    digest: str
    works: Works = NO_WORKS
    device: str = "auto"
    threads: int | None = None  # of the processor; None leaves it to torch
    kept: str = ""  # the folder of models in OpenVINO, where that is on this machine
    loading: Loading = AS_IT_COMES
