"""A production as its cuts: what was painted for each, which picture was chosen, and the way that it came."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from provenance.errors import NotRecorded, StatementError
from provenance.ledger.ancestry import ancestry
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.entries.kind import EntryKind
from provenance.ledger.store.records import PictureRecord, State
from provenance.people.candidate import Choice, Cut, choice_body
from provenance.people.register import Register
from provenance.statement.commitment import Body
from provenance.statement.counted import counted
from provenance.statement.credit import NOT_NAMED
from provenance.statement.cut import CutName, cut_order
from provenance.statement.names import as_one
from provenance.statement.vocabulary import Stage

EVERY = 10_000_000  # more pictures than one production has


@dataclass(frozen=True, slots=True)
class Shot:
    """One cut. `candidates` are released pictures that nothing in the cut was made from; `counted` stay in the film.

    Without a choice the final ones count, or else all candidates: `settled` says whether somebody decided.
    """

    cut: Cut
    pictures: tuple[PictureRecord, ...]
    candidates: tuple[PictureRecord, ...]
    choice: Choice | None
    counted: tuple[PictureRecord, ...]

    @property
    def settled(self) -> bool:
        return self.choice is not None or len(self.counted) == 1


def shots_of(ledger: AnyLedger, register: Register, production: str) -> list[Shot]:
    """The cuts of a production in the order of their names; NotRecorded where it has no released picture.

    One cut in two spellings is one cut, by the names that its first picture has.
    """
    cuts: dict[tuple[str, CutName], list[PictureRecord]] = defaultdict(list)
    for record in ledger.pictures(state=State.RELEASED, production=production, limit=EVERY):
        cuts[Cut.of(record.statement.project).key].append(record)
    if not cuts:
        raise NotRecorded(f"no released picture belongs to a production {production[:60]!r}")
    shots = [
        _shot(register, Cut.of(newest_first[-1].statement.project), newest_first)
        for newest_first in cuts.values()
    ]
    return sorted(shots, key=lambda each: (cut_order(each.cut.episode), cut_order(each.cut.shot)))


def ways_of(ledger: AnyLedger, shot: Shot) -> list[PictureRecord]:
    """Everything behind the pictures that count in a cut, each once, oldest first."""
    found = {record.picture: record for each in shot.counted for record in ancestry(ledger, each)}
    return sorted(found.values(), key=lambda each: each.requested)


def choose(
    ledger: AnyLedger,
    register: Register,
    picture: str,
    by: str,
    why: str,
    *,
    new: Sequence[tuple[EntryKind, Body]] = (),
) -> Choice:
    """Writes down the choice of a picture for its own cut, among all candidates that the ledger has for it.

    `new` are the entries that add whoever chose, where they are new. The checkpoint is signed.
    """
    record = ledger.picture(picture)
    if record.state is not State.RELEASED:
        raise StatementError(f"{picture} is {record.state.value}; a released picture is chosen")
    cut = Cut.of(record.statement.project)
    if not cut.shot:
        raise StatementError(f"{picture} belongs to no cut; it was released without one")
    shot = next(each for each in shots_of(ledger, register, cut.production) if each.cut.key == cut.key)
    if picture not in {each.picture for each in shot.pictures}:
        raise StatementError(f"{picture} does not belong to {cut}")
    among = tuple(dict.fromkeys((picture, *(each.picture for each in shot.candidates))))
    choice = Choice(cut, picture, among, by, why.strip())
    entry = ledger.append_all([*new, (EntryKind.CANDIDATE_CHOSEN, choice_body(choice))])[-1]
    ledger.checkpoint()
    return replace(choice, seq=entry.seq, at=entry.at)


def told_of_choice(register: Register, record: PictureRecord) -> str:
    """Whether a picture was chosen for its shot, by whom and among how many; "" where nobody chose there.

    What a candidate was made from was no candidate, and nothing is said of it.
    """
    cut = Cut.of(record.statement.project)
    choice = register.choice(cut) if cut.shot else None
    if choice is None or record.picture not in choice.among:
        return ""
    who = as_one(register.person(choice.by).shown() or NOT_NAMED)
    end = f"among {counted(len(choice.among), 'candidate')}, by {who} (entry {choice.seq})"
    if record.picture == choice.chosen:
        return f"chosen for {choice.cut}, {end}"
    return f"not chosen: {choice.chosen} was chosen for {choice.cut}, {end}"


def _shot(register: Register, cut: Cut, newest_first: list[PictureRecord]) -> Shot:
    pictures = tuple(sorted(newest_first, key=lambda each: each.requested))
    used = {given.picture for each in pictures for given in each.statement.inputs}
    candidates = tuple(each for each in pictures if each.picture not in used)
    choice = register.choice(cut)
    chosen = tuple(each for each in pictures if choice is not None and each.picture == choice.chosen)
    final = tuple(each for each in candidates if each.statement.project.stage is Stage.FINAL)
    return Shot(cut, pictures, candidates, choice, chosen or final or candidates)
