"""The line before the brush: who waits, who is being painted for, and what came of it; one picture at a time.

A run belongs to a browser, not to a page: a reload finds it again. It goes on while somebody looks at it, and a while
longer; then it is called off, and the record says so. Reading never stands in this line.
"""

import contextvars
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Condition, Event, Thread

from PIL import Image

from generation.errors import GenerationError
from generation.request.request import OnStep
from provenance.errors import ConsentError, ProvenanceError, Stopped, TooOften
from provenance.release.made import Released

PLACES = 24  # runs that wait; who comes then is told when to come again
PER_ADDRESS = 4  # of them, from one network address
LONGEST = 2700.0  # seconds that somebody may have to wait: what they sent is kept for an hour
AWAY = 60.0  # seconds without anybody looking, after which a run is called off
REMEMBERED = 500  # runs that ended, for who comes back
ANOTHER_PAGE = (
    "another page of this browser is painting something else; "
    "press Paint again here when that picture is done"
)
STARTING_AGAIN = "this server is starting again; press Paint once more in a minute"
LOG = logging.getLogger(__name__)
FIRST_GUESS = 12.0  # seconds a picture, before the first one is painted


class State(StrEnum):
    """How far a run is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FORBIDDEN = "forbidden"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        return self not in {State.WAITING, State.RUNNING}


@dataclass(frozen=True, slots=True)
class Tick:
    """How far the picture on the brush came. `total` is 0 while the model is being loaded."""

    done: int = 0
    total: int = 0
    preview: Image.Image | None = None


# Paints into the run, calls the step function as it goes, and asks whether it is called off.
Work = Callable[["Run", OnStep, Callable[[], bool]], None]


@dataclass(eq=False)
class Run:
    """One click on Paint. `made` grows as the pictures come; `changes` counts what a watcher should know."""

    visitor: str
    address: str
    count: int
    work: Work
    form: object = None  # what was asked for, to be compared
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    state: State = State.WAITING
    tick: Tick = Tick()
    made: list[Released] = field(default_factory=list)
    error: BaseException | None = None
    started: float = 0.0  # monotonic
    seen: float = field(default_factory=time.monotonic)
    changes: int = 0
    away: float = AWAY
    watchers: int = 0  # pages that follow it now
    told: bool = False  # a page was told how it ended
    called_off: Event = field(default_factory=Event)
    context: contextvars.Context = field(default_factory=contextvars.copy_context)

    def watched(self) -> None:
        """Somebody looks at it now."""
        self.seen = time.monotonic()

    @property
    def unwanted(self) -> bool:
        """Whether it was called off, or nobody has looked for long."""
        return self.called_off.is_set() or time.monotonic() - self.seen > self.away

    @property
    def share(self) -> float:
        """How much of all its pictures is painted, 0 to 1."""
        done = self.tick.done / self.tick.total if self.tick.total else 0.0
        return min(1.0, (len(self.made) + done) / self.count)

    def seconds_left(self, usual: float) -> float:
        """How long it will take still, by its own pace as soon as it has one; `usual` is that of a picture."""
        if self.share < 0.05:
            return usual * self.count
        return (time.monotonic() - self.started) * (1 - self.share) / self.share

    def came(self, released: Released) -> None:
        """One more picture is there; the brush is free for the next one."""
        self.made.append(released)
        self.tick = Tick(preview=self.tick.preview)
        self.changes += 1

    def _step(self, done: int, total: int, preview: Image.Image | None) -> None:
        self.tick = Tick(done, total, preview or self.tick.preview)
        self.changes += 1


@dataclass
class Line:
    """All runs of this server. A thread of its own paints them in the order in which they came."""

    places: int = PLACES
    per_address: int = PER_ADDRESS
    away: float = AWAY
    longest: float = LONGEST
    ended: dict[State, int] = field(default_factory=lambda: dict.fromkeys(State, 0))
    refused: int = 0
    _waiting: deque[Run] = field(default_factory=deque)
    _now: Run | None = None
    _of: dict[str, Run] = field(default_factory=dict)  # the newest run of each browser
    _seconds: deque[float] = field(default_factory=lambda: deque(maxlen=20))  # a picture, of late
    _news: Condition = field(default_factory=Condition)
    _thread: Thread | None = None
    _closed: bool = False

    def join(self, visitor: str, address: str, count: int, work: Work, form: object = None) -> Run:
        """A place in the line; a browser's run of the same form that somebody waits for is given back as it is.

        TooOften says politely when to come again where the line is full, or holds enough of this address; and where
        another page of this browser asked for something else: whoever pressed here would take that picture for theirs.
        """
        with self._news:
            if self._closed:
                raise TooOften(STARTING_AGAIN)
            mine = self._of.get(visitor)
            if mine is not None and not mine.state.over:
                if not mine.unwanted:
                    if mine.form != form:
                        raise TooOften(ANOTHER_PAGE)
                    mine.watched()
                    return mine
                self._call_off(mine)  # it may look unwanted no more once somebody follows the new one
            self._forget_unwanted()
            self._refuse(address)
            run = Run(visitor, address, count, work, form=form, away=self.away)
            self._waiting.append(run)
            self._remember(run)
            if self._thread is None:
                self._thread = Thread(target=self._paint_all, name="paint", daemon=True)
                self._thread.start()
            self._news.notify_all()
            return run

    def of(self, visitor: str) -> Run | None:
        """The newest run of a browser."""
        return self._of.get(visitor)

    def place(self, run: Run) -> int:
        """How many pictures are before it: those of others that wait, and the one that is being painted."""
        with self._news:
            before = [each.count for each in self._before(run)]
            now = self._now
            return sum(before) + (now.count - len(now.made) if now is not None and now is not run else 0)

    def seconds(self, run: Run | None = None) -> float:
        """How long until it is its turn; without a run, until everything that waits is painted."""
        with self._news:
            waiting = self._before(run) if run is not None else list(self._waiting)
            now = (
                self._now.seconds_left(self.usual) if self._now is not None and self._now is not run else 0.0
            )
            return now + self.usual * sum(each.count for each in waiting)

    @property
    def usual(self) -> float:
        """Seconds that a picture takes here, of late."""
        return sum(self._seconds) / len(self._seconds) if self._seconds else FIRST_GUESS

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def busy(self) -> bool:
        return self._now is not None

    def cancel(self, visitor: str) -> bool:
        """Calls a browser's run off. True where it was under way; one that only waited is over at once."""
        with self._news:
            run = self._of.get(visitor)
            if run is None or run.state.over:
                return False
            return self._call_off(run)

    def stop(self) -> None:
        """Calls off what is under way, and waits for it to be written down."""
        with self._news:
            self._closed = True
            for run in (*self._waiting, *([self._now] if self._now else [])):
                run.called_off.set()
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join()

    def _call_off(self, run: Run) -> bool:
        """True where it is being painted, and is over once that has stopped."""
        run.called_off.set()
        if run in self._waiting:
            self._waiting.remove(run)
            self._over(run, State.CANCELLED)
            return False
        return True

    def _before(self, run: Run) -> list[Run]:
        before: list[Run] = []
        for each in self._waiting:
            if each is run:
                break
            before.append(each)
        return before if run in self._waiting else []

    def _refuse(self, address: str) -> None:
        theirs = sum(each.address == address for each in self._waiting)
        seconds = self.seconds()
        too_long = bool(self._waiting) and seconds > self.longest
        if len(self._waiting) < self.places and theirs < self.per_address and not too_long:
            return
        self.refused += 1
        minutes = max(1, round(seconds / 60))
        if theirs >= self.per_address:
            raise TooOften(
                f"{theirs} pictures from your network are waiting already; try again in about {minutes} min"
            )
        if too_long:
            raise TooOften(f"what waits already takes about {minutes} min; try again after that")
        raise TooOften(f"{len(self._waiting)} people are waiting already; try again in about {minutes} min")

    def _forget_unwanted(self) -> None:
        for run in [each for each in self._waiting if each.unwanted]:
            self._waiting.remove(run)
            self._over(run, State.CANCELLED)

    def _remember(self, run: Run) -> None:
        self._of.pop(run.visitor, None)
        self._of[run.visitor] = run
        for visitor in [name for name, each in self._of.items() if each.state.over][:-REMEMBERED]:
            del self._of[visitor]

    def _over(self, run: Run, state: State) -> None:
        self.ended[state] += 1
        run.state = state
        run.changes += 1

    def _next(self) -> Run | None:
        """The next run that somebody waits for; None at the end."""
        with self._news:
            while True:
                if self._closed:
                    for each in self._waiting:
                        self._over(each, State.CANCELLED)
                    self._waiting.clear()
                    return None
                self._forget_unwanted()
                if self._waiting:
                    self._now = run = self._waiting.popleft()
                    run.state, run.started = State.RUNNING, time.monotonic()
                    run.changes += 1
                    return run
                self._news.wait()

    def _paint_all(self) -> None:
        while (run := self._next()) is not None:
            # The visitor's context goes along: hosted GPUs bill the visitor whose request is being served.
            state = run.context.run(_painted, run)
            with self._news:
                self._now = None
                if run.made:
                    self._seconds.append((time.monotonic() - run.started) / len(run.made))
                self._over(run, state)


def _painted(run: Run) -> State:
    try:
        run.work(run, run._step, lambda: run.unwanted)
    except ConsentError as error:
        run.error = _by_itself(error)
        return State.FORBIDDEN
    except Stopped:
        return State.DONE if run.made else State.CANCELLED
    except BaseException as error:
        if not isinstance(error, ProvenanceError | GenerationError):
            LOG.error("painting broke", exc_info=error)
        run.error = _by_itself(error)
        return State.FAILED
    return State.DONE


def _by_itself(error: BaseException) -> BaseException:
    """The error without the frames that it came through: they hold decoded pictures, and runs are remembered."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
