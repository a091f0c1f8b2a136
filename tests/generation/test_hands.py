"""A process that paints for a sheet and is killed: the run hears of it, whatever the process was at."""

import os
import struct
import sys
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

import pytest

from generation.batch.hands import heard


def half_an_answer() -> None:
    """Sends the beginning of a long answer, and is gone."""
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        assert frame.f_back is not None
        frame = frame.f_back
    pipe = frame.f_locals["result_queue"]._writer.fileno()
    os.write(pipe, struct.pack("!i", 1000) + b"only the beginning")
    os._exit(9)


@pytest.fixture
def pool():
    with ProcessPoolExecutor(1, get_context("spawn")) as opened:
        yield opened


def test_a_process_that_is_killed_in_the_middle_of_an_answer_is_noticed(pool):
    with pytest.raises(BrokenProcessPool):
        heard(pool, half_an_answer).result(60)


def test_answers_come_one_after_the_other(pool):
    assert [heard(pool, len, "x" * length).result(60) for length in (1, 3)] == [1, 3]
