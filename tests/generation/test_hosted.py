"""Where a GPU is lent by the call: what is asked of it, and that a cancel is heard before anything is signed."""

import sys
from types import SimpleNamespace

import pytest
from conftest import draw_house
from request_samples import asked

from generation.errors import Cancelled
from generation.hosted import lent
from generation.request import Render

REQUEST = asked(draw_house((64, 64)), "house", num_inference_steps=10, strength=1.0)


@pytest.fixture
def host(monkeypatch):
    """A stand-in for the package that such a host installs."""
    asked = []

    def gpu(duration):
        def decorate(function):
            def call(request):
                asked.append(duration(request))
                return function(request)

            return call

        return decorate

    spaces = SimpleNamespace(
        GPU=gpu, config=SimpleNamespace(Config=SimpleNamespace(zero_gpu=True)), asked=asked
    )
    monkeypatch.setitem(sys.modules, "spaces", spaces)
    return spaces


@pytest.fixture
def engine():
    return SimpleNamespace(
        render=lambda request: Render(request.image, {"steps_run": request.effective_steps})
    )


def test_elsewhere_nothing_is_lent_and_nothing_is_loaded(monkeypatch):
    monkeypatch.setitem(sys.modules, "spaces", None)
    assert lent(lambda: pytest.fail("weights were loaded")) is None


def test_a_space_without_a_lent_gpu_paints_as_any_machine(host):
    host.config.Config.zero_gpu = False
    assert lent(lambda: pytest.fail("weights were loaded")) is None


def test_the_time_asked_for_grows_with_the_steps(host, engine):
    render = lent(lambda: engine)
    assert render is not None
    assert render(REQUEST, None, None).facts["steps_run"] == 10
    assert host.asked == [20]


def test_a_cancel_while_the_gpu_worked_leaves_no_picture(host, engine):
    answers = iter([False, True])
    render = lent(lambda: engine)
    assert render is not None
    with pytest.raises(Cancelled):
        render(REQUEST, None, lambda: next(answers))
