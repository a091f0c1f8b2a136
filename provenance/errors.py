"""What can go wrong, as a tree. A forged file is not here: that is an answer (a verdict), not an error.

    ProvenanceError                the check or the record could not be made
    ├── PictureError               these bytes are not a picture that we can take
    ├── StatementError             what is said cannot be true (an AI in a person's slot, a broken name)
    │   └── ConsentError           somebody whose work goes in does not allow this use
    ├── IdentityError              a signing key or certificate is missing or does not fit
    ├── ManifestError              signing, or reading credentials, failed for a reason outside the file
    │   └── NotFetched             credentials that lie on a server did not come
    ├── LedgerError                the ledger cannot be opened, read or written
    │   ├── LedgerBusy             another process holds the writer's place
    │   │   └── Overtaken          somebody wrote to the file while it was being read
    │   ├── LedgerDamaged          the bytes on disk are not what was written
    │   └── NotRecorded            no such entry, picture or person
    ├── ProofError                 a proof, note, checkpoint or receipt is malformed or does not hold
    │   ├── InclusionError
    │   ├── ConsistencyError
    │   │   └── LogForked          a log signed two histories, and a file proves it
    │   ├── NoteError
    │   │   └── KeyMissing         a checkpoint, and nobody said whose
    │   └── TimeStampError         a time stamp does not hold
    │       └── TimeStampRefused   its authority cannot be reached or gives none
    ├── IndexTrouble               the look-up index cannot be read or written
    ├── NoCluster                  no cluster answers at an address
    ├── TooOften                   an address asked for more than one visitor needs
    └── OutputError                the place to write to is taken, missing, full or forbidden
        └── NotHandedOver          a picture is signed and on the record, and its file did not get there

    Stopped                        no error: a picture was called off, and the record says cancelled

Each message says what was expected and what was found. What can be done is a value (`Remedy`), since the page and the
command line say it differently. The command line prints both and exits with 2. Why the system did not do something is
told in plain words (`why`), by everybody.
"""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Way(StrEnum):
    """The ways out of a trouble; in words: provenance/commands/remedies.py and provenance/tabs/text/remedies.py."""

    NAME_A_HAND = "name who drew it, or that they asked not to be named"
    NAME_SOMEBODY = "name somebody in this role"
    KEEP_TEMPORARY = "release it as temporary"
    STATE_PLACE = "say where it belongs"
    STATE_NOTICE = "put the crew's notice on the record"
    STATE_APPROVAL = "put the written approval on the record"
    TAKE_IT_ON = "a named person takes it on"
    ALLOW_BYTES = "let larger files in"
    ALLOW_PIXELS = "let larger pictures in"
    ADD_PERSON = "add them to the people"
    LIST_PEOPLE = "look at the people on record"
    ASK_FOR_STAMPS = "ask the time-stamp authority again"
    TRY_AGAIN = "try it again"
    MAKE_ROOM = "make room, or choose another place"
    ANOTHER_NAME = "give another name, or replace what is there"
    ANOTHER_HOME = "choose another folder for the record"
    BEGIN = "begin a record, or bring a lost one back"
    CHECK_NAME = "look whether it is the name that was meant"
    CHECK_RIGHTS = "look who may read and write there"
    PICK_ONE = "choose a picture in the folder"
    SAME_NAME = "say that it is another person of that name"
    SIGN_CHECKPOINT = "sign a checkpoint"
    VERIFY = "find out what happened to the ledger"
    REBUILD = "make the tables anew from the entries"
    INDEX_ANEW = "make the look-up index anew"
    RESTORE = "restore it from a copy"
    EXPORT = "have the signed file written out of the vault"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What can be done about a trouble, as a value. `name`: the role, the field or the picture that it is about."""

    way: Way
    name: str = ""


_REASONS: Mapping[int, tuple[str, Way]] = {
    errno.ENOENT: ("there is no such file or folder", Way.CHECK_NAME),
    errno.ENOTDIR: ("a part of its path is no folder", Way.CHECK_NAME),
    errno.EISDIR: ("it is a folder", Way.CHECK_NAME),
    errno.EEXIST: ("something of that name is there already", Way.CHECK_NAME),
    errno.ENAMETOOLONG: ("its name is too long", Way.CHECK_NAME),
    errno.ELOOP: ("its links lead in a circle", Way.CHECK_NAME),
    errno.EACCES: ("this program is not allowed to", Way.CHECK_RIGHTS),
    errno.EPERM: ("this program is not allowed to", Way.CHECK_RIGHTS),
    errno.EROFS: ("the disk is read-only", Way.MAKE_ROOM),
    errno.ENOSPC: ("the disk is full", Way.MAKE_ROOM),
    errno.EDQUOT: ("the share of the disk is used up", Way.MAKE_ROOM),
    errno.EFBIG: ("it would be too large for the disk", Way.MAKE_ROOM),
    errno.EMFILE: ("too many files are open", Way.TRY_AGAIN),
    errno.ENFILE: ("too many files are open", Way.TRY_AGAIN),
    errno.EBUSY: ("something else is using it", Way.TRY_AGAIN),
    errno.EIO: ("the disk failed", Way.TRY_AGAIN),
    errno.ESTALE: ("it was moved or removed meanwhile", Way.TRY_AGAIN),
    errno.ECONNREFUSED: ("nobody answers there", Way.TRY_AGAIN),
    errno.ETIMEDOUT: ("the disk or the other machine did not answer in time", Way.TRY_AGAIN),
}


def why(error: BaseException) -> str:
    """Why something was not done, in plain words where the system refused it, else in the error's own.

    >>> why(OSError(28, "No space left on device"))
    'the disk is full'
    >>> why(OSError("a reason without a number"))
    'a reason without a number'
    """
    inner = getattr(error, "reason", None)  # of an address that could not be asked
    if isinstance(inner, OSError):
        return why(inner)
    own = error.strerror if isinstance(error, OSError) else None
    return _known(error)[0] or own or str(error) or type(error).__name__


def _known(error: BaseException) -> tuple[str, Way | None]:
    number = error.errno if isinstance(error, OSError) else None
    return _REASONS.get(number or 0, ("", None))


class ProvenanceError(Exception):
    """The check or the record could not be made. `remedies` say what can be done, for each front end to word.

    Advice is never in the words: where an error is told as the reason of another one, other advice holds.
    """

    def __init__(self, words: str = "", *, remedies: Sequence[Remedy] = ()) -> None:
        super().__init__(words)
        self.remedies = tuple(remedies)

    @classmethod
    def of(cls, error: OSError, words: str, *more: Remedy) -> Self:
        """What the system did not do, in `words`, with its reason and what can be done about that."""
        way = _known(error)[1]
        return cls(f"{words}: {why(error)}", remedies=[*([Remedy(way)] if way else []), *more])


class PictureError(ProvenanceError):
    """These bytes are not a picture that we can take."""


class StatementError(ProvenanceError):
    """What is said about a picture cannot be true."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a use is stopped: whose wish, in words, whom to ask, and where it stands (entry number or the file).

    `outline` is the reason as anybody may read it: the words of a condition are private.
    """

    who: str
    reason: str
    ask: str
    where: str
    outline: str = ""
    person: str = ""  # their id in the ledger, by which the reason is erased

    @property
    def publicly(self) -> str:
        """The reason without private words."""
        return self.outline or self.reason

    def __str__(self) -> str:
        return f"{self.reason} ({self.where}); ask {self.ask}"


class ConsentError(StatementError):
    """Somebody whose work would go in does not allow this use; `objections` say who, why, and whom to ask."""

    def __init__(self, words: str, objections: Sequence[Objection] = ()) -> None:
        super().__init__(words, remedies=(Remedy(Way.TAKE_IT_ON),))
        self.objections = tuple(objections)


class IdentityError(ProvenanceError):
    """A signing key or certificate is missing or does not fit."""


class ManifestError(ProvenanceError):
    """Signing, or reading credentials, failed for a reason outside the file."""


class NotFetched(ManifestError):
    """Why credentials were not fetched, as the end of a sentence."""


class LedgerError(ProvenanceError):
    """The ledger cannot be opened, read or written."""


class LedgerBusy(LedgerError):
    """Another process holds the writer's place."""

    def __init__(self, words: str) -> None:
        super().__init__(words, remedies=(Remedy(Way.TRY_AGAIN),))


class Overtaken(LedgerBusy):
    """Somebody began to write to a file that was being read as unchanging: what was read may be of two states."""


class LedgerDamaged(LedgerError):
    """The bytes on disk are not what was written."""

    def __init__(self, words: str, *, remedies: Sequence[Remedy] = (Remedy(Way.VERIFY),)) -> None:
        super().__init__(words, remedies=remedies)


class NotRecorded(LedgerError):
    """No such entry, picture or person in this ledger."""


class ProofError(ProvenanceError):
    """A proof, note, checkpoint or receipt is malformed or does not hold."""


class InclusionError(ProofError):
    """The entry is not in the tree that the checkpoint names."""


class ConsistencyError(ProofError):
    """One checkpoint is not a continuation of the other."""


class LogForked(ConsistencyError):
    """A log signed two histories; `proof` is the misbehaviour file that shows it, "" where that is what was read."""

    def __init__(self, words: str, proof: str = "") -> None:
        super().__init__(words)
        self.proof = proof


class NoteError(ProofError):
    """A signed note is malformed, or no known key signed it."""


class KeyMissing(NoteError):
    """A file that does not say its key, and nobody gave one: neither true nor false."""


class TimeStampError(ProofError):
    """A time stamp is malformed, of something else, or by nobody we know."""


class TimeStampRefused(TimeStampError):
    """The time-stamping authority cannot be reached, or gives none; it may later."""


class IndexTrouble(ProvenanceError):
    """The look-up index cannot be read or written; the record itself is not touched by that."""


class TooOften(ProvenanceError):
    """An address asked for more than one visitor needs."""


class NoCluster(ProvenanceError):
    """No cluster answers at an address, or what it needs is not installed."""


class OutputError(ProvenanceError):
    """The place to write to is taken, missing, full or forbidden."""


class NotHandedOver(OutputError):
    """A picture is signed and on the record, and its file did not get to its place; the next start puts it there."""

    @classmethod
    def because(cls, error: Exception, picture: str) -> "NotHandedOver":
        """By what went wrong. What can be done about that is another thing: to have the file written out."""
        why = (str(error) or type(error).__name__).rstrip(".")
        words = f"{why}. The picture is signed and on the record all the same"
        return cls(words, remedies=(Remedy(Way.EXPORT, picture),))


class Stopped(Exception):
    """Raised by a maker whose picture was called off; the record says cancelled."""
