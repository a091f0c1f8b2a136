"""What can go wrong while painting, as a tree.

    GenerationError                no picture was made
    ├── RequestError               what is asked cannot be painted; the sentence says what to change
    │   └── PolicyRefused          the host's policy refuses the words, in the host's own words
    ├── ModelError                 the model cannot be used
    │   ├── ModelMissing           there is no such model, or one of its files is not there
    │   ├── ModelChanged           a file is not what it was when the model was read, or what its card states
    │   └── UnsafeModel            a format that can run code when it is opened (pickle)
    ├── Cancelled                  someone stopped it; nothing half-made is left
    ├── OutOfMemory                the picture is too large for this machine
    ├── HostRefused                the host that lends its GPU lends none for this picture
    ├── PolicyError                a host's policy cannot be read; nothing is painted without it
    ├── PackagesMissing            an extra of genzu is not installed
    ├── SheetError                 a sheet or a recipe cannot be used; what was asked of one row, and why not
    ├── ClusterError               no cluster answers, or it has nothing to paint with
    ├── WorkerLost                 what painted a row ended in the middle of it, and again when it was tried anew
    ├── LikeError                  a picture says nothing that it could be painted like
    ├── ReplayError                a recorded picture cannot be painted again, and why
    └── Withheld                   the model's own safety checker kept the picture back

Each message says what was expected, what was found and what to do. The command line prints it and exits
with 2.
"""


class GenerationError(Exception):
    """No picture was made."""


class RequestError(GenerationError):
    """What is asked cannot be painted. `about` is the setting to change, where it is one: "size", "prompt"."""

    def __init__(self, words: str, *, about: str = "") -> None:
        super().__init__(words)
        self.about = about


class PolicyRefused(RequestError):
    """The host's policy refuses the words. The record says by which rule of which file, and holds none of the words."""

    def __init__(self, words: str, *, rule: int, policy: str) -> None:
        super().__init__(words)
        self.on_record = f"PolicyRefused: rule {rule} of sha256:{policy}"


class PolicyError(GenerationError):
    """A host's policy cannot be read."""


class ModelError(GenerationError):
    """The model cannot be used."""


class ModelMissing(ModelError):
    """There is no such model, or one of its files is not there."""


class ModelChanged(ModelError):
    """A file is not what it was when the model was read, or not what its card states."""


class UnsafeModel(ModelError):
    """The model comes in a format that can run code when it is opened."""


class Cancelled(GenerationError):
    """The painting was stopped on request."""


class OutOfMemory(GenerationError):
    """The picture is too large for this machine's memory."""


class HostRefused(GenerationError):
    """The host that lends its GPU lends none for this picture, or not for as long as it took; in its own words."""


class PackagesMissing(GenerationError):
    """What is asked needs packages that a plain installation leaves out."""


class SheetError(GenerationError):
    """A sheet or a recipe cannot be used, or one of its rows."""


class ClusterError(GenerationError):
    """No cluster answers, or it has nothing to paint with."""


class WorkerLost(GenerationError):
    """The process or the machine that painted a row ended in the middle of it."""


class LikeError(GenerationError):
    """A picture says nothing of how it was painted, or was changed after it said so."""


class ReplayError(GenerationError):
    """A recorded picture cannot be painted again: its model, its layout or its words are not here."""


class Withheld(GenerationError):
    """The model's own safety checker kept the picture back."""
