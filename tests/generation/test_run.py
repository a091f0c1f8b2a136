"""A run on the page: its steps in order, its cancel, its end, and what happens when nobody listens any more."""

import threading
import time

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from generation.tabs.run import Ended, Runs, Tick


def counting(on_step, cancelled, *, steps=5, pause=0.0):
    for step in range(1, steps + 1):
        if cancelled():
            return "stopped"
        on_step(step, steps, None)
        time.sleep(pause)
    return "done"


def test_the_steps_come_in_order_and_the_result_last():
    news = list(Runs().follow("a", lambda on_step, cancelled: counting(on_step, cancelled, pause=0.01)))
    done = [each.done for each in news if isinstance(each, Tick)]
    assert done == sorted(done) and done[-1] <= 5
    assert news[-1] == Ended("done", None)


def test_an_error_is_news_too():
    def broken(on_step, cancelled):
        raise ValueError("broken")

    *_, last = Runs().follow("a", broken)
    assert isinstance(last, Ended) and isinstance(last.error, ValueError)


def test_cancel_finds_the_run_of_its_own_visitor_only():
    runs = Runs()
    for visitor in ("a", "b"):
        runs.begin(visitor)
    one = runs.follow("a", counting)
    # So many steps that it cannot end by itself before it is called off.
    other = runs.follow("b", lambda *listen: counting(*listen, steps=1_000_000, pause=0.001))
    # Beside other work, the short run may have ended by the first look at it.
    told = [next(one)]
    next(other)
    assert runs.cancel("b")
    assert [*told, *one][-1] == Ended("done", None)
    assert list(other)[-1] == Ended("stopped", None)


def test_a_run_called_off_while_it_waits_does_not_take_the_turn_of_the_next_one():
    runs = Runs()
    first = runs.begin("a")
    assert runs.waits("a", first)
    assert not runs.cancel("a")
    second = runs.begin("a")
    assert not runs.waits("a", first)
    assert runs.waits("a", second)
    *_, last = runs.follow("a", counting)
    assert last == Ended("done", None)
    assert not runs.waits("a", second)


def test_a_turn_cannot_be_guessed_or_used_twice():
    runs = Runs()
    token = runs.begin("a")
    assert not runs.waits("a", "") and not runs.waits("b", token)
    news = runs.follow("a", counting)
    next(news)
    assert not runs.waits("a", token)
    news.close()


def test_leaving_calls_the_work_off():
    stopped = threading.Event()

    def work(on_step, cancelled):
        on_step(1, 100, None)
        while not cancelled():
            time.sleep(0.005)
        stopped.set()

    runs = Runs()
    news = runs.follow("a", work)
    next(news)
    news.close()
    assert stopped.wait(60)


def test_stop_waits_until_what_is_under_way_has_ended():
    ended = threading.Event()

    def work(on_step, cancelled):
        on_step(1, 2, None)
        while not cancelled():
            time.sleep(0.005)
        time.sleep(0.05)  # the time that writing down takes
        ended.set()

    runs = Runs()
    news = runs.follow("a", work)
    next(news)
    runs.stop()
    assert ended.is_set()
