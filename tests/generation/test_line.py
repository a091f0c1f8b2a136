"""The line before the brush: one picture at a time, in order; whoever leaves it leaves it, and it is never endless."""

import threading
import weakref

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from generation.tabs.line import Line, State
from provenance.errors import ConsentError, Stopped, TooOften

SECONDS = 20


class Brush:
    """Work that goes on until it is let go, and tells when it began."""

    def __init__(self):
        self.began, self.go = threading.Event(), threading.Event()

    def __call__(self, run, on_step, cancelled):
        self.began.set()
        on_step(1, 4, None)
        while not self.go.wait(0.01):
            if cancelled():
                raise Stopped("called off")
        run.came(object())


def over(run):
    for _ in range(SECONDS * 100):
        if run.state.over:
            return run.state
        threading.Event().wait(0.01)
    raise AssertionError(f"still {run.state}")


@pytest.fixture
def line():
    made = Line()
    yield made
    made.stop()


def at_once(run, on_step, cancelled):
    run.came(object())


def test_runs_are_painted_one_at_a_time_in_the_order_in_which_they_came(line):
    first, second = Brush(), Brush()
    one = line.join("a", "1", 1, first)
    two = line.join("b", "2", 3, second)
    three = line.join("c", "3", 1, at_once)
    assert first.began.wait(SECONDS)
    assert two.state is State.WAITING and not second.began.is_set()
    assert line.place(two) == 1 and line.place(three) == 4 and line.seconds(three) > line.seconds(two)
    first.go.set()
    assert second.began.wait(SECONDS) and over(one) is State.DONE
    second.go.set()
    assert over(three) is State.DONE


def test_a_browser_has_one_run_and_finds_it_again(line):
    brush = Brush()
    run = line.join("a", "1", 1, brush)
    assert line.join("a", "1", 1, at_once) is run and line.of("a") is run
    brush.go.set()
    over(run)
    again = line.join("a", "1", 1, at_once)
    assert again is not run and over(again) is State.DONE


def test_two_pages_of_a_browser_never_take_one_picture_for_another(line):
    brush = Brush()
    run = line.join("a", "1", 1, brush, form="by Abe Rin")
    assert line.join("a", "1", 1, at_once, form="by Abe Rin") is run
    with pytest.raises(TooOften, match="another page of this browser"):
        line.join("a", "1", 1, at_once, form="by Mori Aoi")
    brush.go.set()


def test_who_waits_can_leave_without_a_trace_and_who_is_painted_for_is_called_off(line):
    brush = Brush()
    one = line.join("a", "1", 1, brush)
    two = line.join("b", "2", 1, at_once)
    assert brush.began.wait(SECONDS)
    assert not line.cancel("b") and two.state is State.CANCELLED and not two.started
    assert not line.cancel("nobody")
    assert line.cancel("a") and over(one) is State.CANCELLED


def test_nothing_is_painted_for_who_has_gone_away():
    line, brush = Line(away=0.05), Brush()
    assert over(line.join("a", "1", 1, brush)) is State.CANCELLED
    slow = line.join("b", "2", 1, lambda *_: threading.Event().wait(0.3))
    behind = line.join("c", "3", 1, at_once)
    assert over(slow) is State.DONE and over(behind) is State.CANCELLED and not behind.made
    line.stop()


def test_a_run_that_somebody_looks_at_goes_on():
    line, brush = Line(away=0.2), Brush()
    run = line.join("a", "1", 1, brush)
    assert brush.began.wait(SECONDS)
    for _ in range(40):
        run.watched()
        threading.Event().wait(0.01)
    assert run.state is State.RUNNING
    brush.go.set()
    assert over(run) is State.DONE
    line.stop()


def test_one_network_cannot_fill_the_line_and_a_full_line_says_when_to_come_again():
    line, brush = Line(places=3, per_address=2), Brush()
    line.join("a", "1", 1, brush)
    assert brush.began.wait(SECONDS)
    line.join("b", "1", 1, at_once)
    line.join("c", "1", 1, at_once)
    with pytest.raises(TooOften, match="from your network are waiting already; try again in about 1 min"):
        line.join("d", "1", 1, at_once)
    line.join("e", "2", 1, at_once)
    with pytest.raises(TooOften, match="3 people are waiting already"):
        line.join("f", "3", 1, at_once)
    assert line.refused == 2
    line.stop()


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ConsentError("no"), State.FORBIDDEN),
        (ValueError("broken"), State.FAILED),
        (Stopped("x"), State.CANCELLED),
    ],
)
def test_how_it_ended_is_kept_and_the_line_goes_on(line, error, state):
    def broken(run, on_step, cancelled):
        raise error

    run = line.join("a", "1", 1, broken)
    assert over(run) is state
    assert over(line.join("b", "1", 1, at_once)) is State.DONE


def test_what_was_finished_before_it_was_called_off_is_kept(line):
    def two_of_three(run, on_step, cancelled):
        run.came(object())
        raise Stopped("called off")

    run = line.join("a", "1", 3, two_of_three)
    assert over(run) is State.DONE and len(run.made) == 1


def test_its_share_and_its_time_left_are_of_all_its_pictures(line):
    told = []

    def work(run, on_step, cancelled):
        for number in range(2):
            on_step(1, 2, None)
            told.append(run.share)
            if number == 0:
                run.came(object())

    run = line.join("a", "1", 2, work)
    over(run)
    assert told == [0.25, 0.75]


def test_stopping_the_server_waits_until_what_is_under_way_is_written_down():
    line, brush = Line(), Brush()
    run = line.join("a", "1", 1, brush)
    waiting = line.join("b", "2", 1, at_once)
    assert brush.began.wait(SECONDS)
    line.stop()
    assert run.state is State.CANCELLED and waiting.state is State.CANCELLED


def test_who_presses_again_after_calling_off_is_painted_for_and_not_called_off_with_it(line):
    brush = Brush()
    first = line.join("a", "1", 1, brush, form="by Abe Rin")
    assert brush.began.wait(SECONDS)
    line.cancel("a")
    second = line.join("a", "1", 1, at_once, form="by Abe Rin")
    assert second is not first and over(first) is State.CANCELLED and over(second) is State.DONE


def test_who_comes_back_too_late_stands_in_line_anew(line):
    brush = Brush()
    line.join("somebody", "1", 1, brush)
    assert brush.began.wait(SECONDS)
    first = line.join("a", "2", 1, at_once)
    first.seen -= first.away + 1
    second = line.join("a", "2", 1, at_once)
    assert first.state is State.CANCELLED and second is not first and second.state is State.WAITING
    # Pressing is looking: it keeps the place of who comes back in time.
    second.seen -= second.away - 1
    assert line.join("a", "2", 1, at_once) is second and not second.unwanted
    second.seen -= second.away - 1
    assert not second.unwanted
    brush.go.set()
    assert over(second) is State.DONE


def test_nothing_of_a_run_that_failed_stays_in_memory(line):
    class Large:
        """A decoded picture, somewhere in a frame."""

    held = []

    def broken(run, on_step, cancelled):
        large = Large()
        held.append(weakref.ref(large))
        try:
            raise KeyError("no such layer")
        except KeyError as error:
            raise ConsentError("no") from error

    run = line.join("a", "1", 1, broken)
    assert over(run) is State.FORBIDDEN
    line.stop()
    assert isinstance(run.error, ConsentError) and held[0]() is None


def test_what_broke_is_in_the_log_once_and_also_where_nobody_looks(line, caplog):
    def broken(run, on_step, cancelled):
        raise ValueError("a hole of ours")

    assert over(line.join("a", "1", 1, broken)) is State.FAILED
    line.stop()
    assert [each.exc_info[1].args for each in caplog.records if each.exc_info] == [("a hole of ours",)]
    assert "in broken" in caplog.text


def test_nobody_joins_a_line_that_was_stopped(line):
    line.stop()
    with pytest.raises(TooOften, match="starting again"):
        line.join("a", "1", 1, at_once)


def test_nobody_waits_longer_than_what_they_sent_is_kept():
    line, brush = Line(longest=100), Brush()
    line.join("a", "1", 1, brush)
    assert brush.began.wait(SECONDS)
    line.join("b", "2", 10, at_once)  # 12 s each: the first guess
    with pytest.raises(TooOften, match="what waits already takes about 2 min; try again after that"):
        line.join("c", "3", 1, at_once)
    brush.go.set()
    line.stop()
