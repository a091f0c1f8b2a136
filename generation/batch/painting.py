"""A sheet painted, signed and recorded: what is there is skipped, what fails is told, and the rest goes on.

    begin(row): what is asked of its candidates enters the ledger ─▶ a hand paints them as one batch
                                                                        │ meanwhile the row before is
    finish(row): encode, sign, release, hand over, one by one  ◀────────┘ signed here

Hands give pixels and facts. This process alone writes the ledger and signs, whatever machine painted, and each picture
goes through the same steps in the same order as one painted by itself (docs/architecture.md). So a kill at any moment
leaves what the crash table says, and the next run paints what is not released.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from generation.batch.before import ORDER, Before
from generation.batch.hands import Hand
from generation.batch.outcome import Became, Outcome
from generation.batch.row import Row
from generation.batch.task import Answer, Task
from generation.errors import GenerationError, WorkerLost
from generation.request.request import Capabilities, Render
from generation.studio.how import adapters_used, model_use
from generation.studio.studio import PaintOrder, Studio, refuse
from generation.works.kit import Given
from provenance.commands.interrupt import was_asked
from provenance.errors import ProvenanceError, Stopped
from provenance.ledger.store.records import PictureRecord
from provenance.release.indexing import index_together
from provenance.release.journal import hand_over
from provenance.release.made import Made
from provenance.release.release import Begun, begin_release, finish_release
from provenance.statement.canonical import Digest, new_id
from provenance.statement.statement import Statement

AHEAD = 2  # rows of a hand: one that it paints, one that waits for it
TRIES = 3  # of a row whose painter was lost
LOOK, PATIENCE = 1.0, 120.0  # seconds: how often hands are looked at, how long for one to come (back)
OURS = (GenerationError, ProvenanceError)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One picture that is to be painted: its number, its order and its place."""

    number: int
    seed: int
    order: str
    out: Path


@dataclass(slots=True)
class Flight:
    """A row under way: asked for on the record, and with a hand."""

    row: Row
    order: PaintOrder
    task: Task
    begun: list[tuple[Candidate, Begun]]
    hand: Hand | None = None
    tries: int = 1


@dataclass
class Painting:
    """One run over the rows of a sheet. `tell` hears each outcome as soon as it is settled."""

    studio: Studio
    hands: Sequence[Hand]
    able: Capabilities
    folder: Path
    tell: Callable[[Outcome], None] = lambda _: None
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._before = Before(self.studio.archive.ledger)
        self._model = model_use(self.studio.model)
        self._flying: dict[Future[Answer], Flight] = {}
        self._again: deque[Flight] = deque()  # rows whose painter was lost

    def run(self, rows: Iterable[Row]) -> list[Outcome]:
        """Every candidate's outcome. Whatever stops the run closes what is under way as called off."""
        waiting = deque(rows)
        try:
            while waiting or self._flying or self._again:
                self._send(waiting)
                if was_asked():  # and nothing was seen of it
                    raise Stopped("the run was stopped")
                if self._flying:
                    done, _ = wait(self._flying, timeout=LOOK, return_when=FIRST_COMPLETED)
                    for future in done:
                        self._settle(future)
        finally:
            self._call_off()
        self._index()
        return self.outcomes

    def _index(self) -> None:
        """The pictures of the sheet into the look-up index, those of a run that was killed as well."""
        there = [each.picture for each in self.outcomes if each.became in (Became.PAINTED, Became.THERE)]
        for note in index_together(self.studio.archive, [each for each in there if each]):
            last = self.outcomes[-1]
            self.outcomes[-1] = replace(last, words="; ".join(filter(None, (last.words, note))))

    # -- a row on its way ---------------------------------------------------------------------------------------------

    def _send(self, waiting: deque[Row]) -> None:
        """Begins rows until every hand has one to paint and one to go on with."""
        while waiting or self._again:
            hand = self._free()
            if hand is None:
                return
            flight = self._again.popleft() if self._again else self._begin(waiting.popleft())
            if flight is not None:
                flight.hand = hand
                self._flying[hand.submit(flight.task)] = flight

    def _free(self) -> Hand | None:
        """The hand with the least to do; None where all have enough. WorkerLost where none has come back in time."""
        for _ in range(int(PATIENCE / LOOK)):
            load = Counter(id(flight.hand) for flight in self._flying.values())
            alive = [each for each in self.hands if each.alive]
            if alive or self._flying:
                best = min(alive, key=lambda each: load[id(each)], default=None)
                return best if best is not None and load[id(best)] < AHEAD else None
            time.sleep(LOOK)
        raise WorkerLost("nothing is left that could paint; run the same command again, and it goes on")

    def _begin(self, row: Row) -> Flight | None:
        """Writes down what is asked of the candidates that are not there; None where there is nothing to paint."""
        begun: list[tuple[Candidate, Begun]] = []
        try:
            todo = list(self._todo(row))
            if not todo:
                return None
            order = self.order(row, todo[0])
            if order.refused is not None:
                said = said_of(order, row, todo[0])
                refuse(self.studio.archive, said, order.sources, row.job(todo[0].out), order.refused)
        except OURS as error:
            self._fail(row, str(error))
            return None
        for each in todo:
            try:
                begun.append((each, self._ask(row, order, each)))
            except OURS as error:
                self._settled(_outcome(row, each, Became.FAILED, words=str(error)))
        if not begun:
            return None
        return Flight(row, order, self.task(row, order, [each for each, _ in begun]), begun)

    @staticmethod
    def task(row: Row, order: PaintOrder, candidates: Iterable[Candidate]) -> Task:
        """What a hand gets to paint these candidates."""
        request = order.request
        settings = tuple(replace(request.settings, seed=each.seed) for each in candidates)
        return Task(row.name, request.image, settings, request.mask, request.profile, request.beside)

    def _todo(self, row: Row) -> Iterator[Candidate]:
        """The candidates that are not on the record; those that are get their files back where they are gone."""
        for each, record in self._asked(row):
            if record is None:
                yield each
            else:
                self._settled(self._there(row, each, record))

    def counted(self, row: Row) -> tuple[list[Candidate], int]:
        """The candidates that are to be painted, and how many are on the record already."""
        asked = list(self._asked(row))
        todo = [each for each, record in asked if record is None]
        return todo, len(asked) - len(todo)

    def _asked(self, row: Row) -> Iterator[tuple[Candidate, PictureRecord | None]]:
        """Every candidate of a row, with the record that answers it."""
        inputs = row.inputs()
        works = adapters_used(self.studio.adapters, row.asked, Given.of(row.beside))
        for number in range(1, row.candidates + 1):
            order = row.order(number, inputs)
            each = Candidate(number, row.seed(number), order, row.place(self.folder, number))
            yield each, self._before.record(row, order, self._model, works)

    def _there(self, row: Row, each: Candidate, record: PictureRecord) -> Outcome:
        assert record.output is not None
        words = ""
        try:
            if not each.out.is_file():
                hand_over(record, each.out, self.studio.archive.vault, force=False)
                words = "its file was gone, and is written again from the vault"
            elif Digest.of_file(each.out) != record.output.digest:
                words = (
                    f"{each.out.name} is another file; `genzu export {record.picture}` writes the signed one"
                )
        except ProvenanceError as error:
            words = str(error)
        return _outcome(row, each, Became.THERE, picture=record.picture, words=words)

    def order(self, row: Row, each: Candidate) -> PaintOrder:
        """What is asked of the first candidate; the others differ in their seeds."""
        return self.studio.order(
            row.layout,
            replace(row.asked, seed=each.seed),
            row.job(each.out),
            mask=row.mask,
            beside=row.beside,
            disclosure=row.disclosure,
            able=self.able,
        )

    def _ask(self, row: Row, order: PaintOrder, each: Candidate) -> Begun:
        return begin_release(self.studio.archive, said_of(order, row, each), order.sources, row.job(each.out))

    # -- and back -----------------------------------------------------------------------------------------------------

    def _settle(self, future: "Future[Answer]") -> None:
        """Signs and releases what a hand gave; a row whose painter was lost goes to a hand again."""
        flight = self._flying[future]
        try:
            answer = future.result()
        except WorkerLost as lost:
            del self._flying[future]
            if flight.tries < TRIES:
                flight.tries += 1
                self._again.append(flight)
                return
            self._flying[future] = flight
            answer = Answer((lost,) * len(flight.begun))
        while flight.begun:
            # Taken off the list first: what is under way when the run is stopped is closed by the release itself.
            (each, begun), made = flight.begun.pop(0), answer.made[len(answer.made) - len(flight.begun) - 1]
            self._settled(self._finish(flight, each, begun, made))
        del self._flying[future]

    def _finish(
        self, flight: Flight, each: Candidate, begun: Begun, made: Render | GenerationError
    ) -> Outcome:
        def give() -> Made:
            if isinstance(made, GenerationError):
                raise made
            return flight.order.made(made, flight.row.label)

        try:
            released = finish_release(self.studio.archive, begun, give, indexed=False)
        except OURS as error:
            return _outcome(flight.row, each, Became.FAILED, words=str(error))
        seconds = released.record.facts.get("seconds")
        notes = (*(finding.words for finding in released.findings), *released.notes)
        return replace(
            _outcome(flight.row, each, Became.PAINTED, picture=released.record.picture),
            seconds=seconds if isinstance(seconds, float) else None,
            words="; ".join(notes),
        )

    def _call_off(self) -> None:
        """Closes what is under way on the record: it was called off before it was made or signed."""
        for flight in (*self._flying.values(), *self._again):
            for each, begun in flight.begun:
                with suppress(*OURS, Stopped):  # it says so itself, once it is written down
                    finish_release(self.studio.archive, begun, _stop)
                self._settled(_outcome(flight.row, each, Became.STOPPED))
        self._flying.clear()
        self._again.clear()

    def _fail(self, row: Row, words: str) -> None:
        self._settled(Outcome(row.number, row.name, 0, Became.FAILED, words=words))

    def _settled(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self.tell(outcome)


def said_of(order: PaintOrder, row: Row, each: Candidate) -> Statement:
    """The statement about one candidate, under an id of its own."""
    asked = {**order.statement.parameters, "seed": str(each.seed), ORDER: each.order}
    if row.candidates > 1:
        asked["candidate"] = each.number
    return replace(order.statement, picture=new_id("pic"), parameters=asked)


def _stop() -> Made:
    raise Stopped("the run was stopped")


def _outcome(row: Row, each: Candidate, became: Became, *, picture: str = "", words: str = "") -> Outcome:
    return Outcome(row.number, row.name, each.number, became, picture, each.out, each.seed, words=words)
