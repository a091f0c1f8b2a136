"""Where a GPU is lent by the call: how much time is asked for, and what a refusal says and leaves."""

import pickle
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from conftest import draw_house
from request_samples import asked

from generation.engine.hosted import FEWEST_SECONDS, MOST_SECONDS, Clock, lends, lent, needs_none
from generation.errors import Cancelled, GenerationError, HostRefused, OutOfMemory, Withheld
from generation.model.model import find_model
from generation.request.request import PaintSettings, Render
from generation.studio.studio import Studio
from provenance.ledger.store.records import State
from provenance.release.job import Job
from provenance.statement.credit import Credit, Role

REQUEST = asked(draw_house((64, 64)), "house", num_inference_steps=10, strength=1.0)
QUOTA = "You have exceeded your free ZeroGPU quota (32s requested vs. 20s left). Try again in 1:02:03."


class HostError(Exception):
    """As gradio's own error class, which the host raises: a message, which may be HTML, and a title."""

    def __init__(self, message: str, title: str = "ZeroGPU quota exceeded") -> None:
        super().__init__(message)
        self.message, self.title = message, title


@pytest.fixture
def host(monkeypatch):
    """A stand-in for the package that such a host installs: arguments and results go through pickle, as there."""
    stand_in = SimpleNamespace(
        asked=[], refusal=None, config=SimpleNamespace(Config=SimpleNamespace(zero_gpu=True))
    )

    def gpu(duration):
        def decorate(function):
            def call(request):
                stand_in.asked.append(duration(request))
                if stand_in.refusal is not None:
                    raise stand_in.refusal
                return pickle.loads(pickle.dumps(function(pickle.loads(pickle.dumps(request)))))

            return call

        return decorate

    stand_in.GPU = gpu
    monkeypatch.setitem(sys.modules, "spaces", stand_in)
    return stand_in


class Painter:
    """An engine that paints nothing, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def render(self, request):
        if self.error is not None:
            raise self.error
        return Render(request.image, {"steps_run": request.effective_steps})


@pytest.fixture(scope="module")
def model():
    return find_model("house")


@pytest.fixture
def render(host, model):
    return lent(Painter, model)


def test_elsewhere_nothing_is_lent(monkeypatch):
    monkeypatch.setitem(sys.modules, "spaces", None)
    assert not lends()


def test_a_space_without_a_lent_gpu_paints_as_any_machine(host):
    assert lends()
    host.config.Config.zero_gpu = False
    assert not lends()


def test_the_embedded_model_needs_no_gpu_and_another_does(model):
    assert needs_none(model) and not needs_none(replace(model, path=model.path.parent))


def test_the_page_paints_the_embedded_model_on_the_hosts_own_processor(host, archive, model):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from generation.app import arrange

    studio = Studio(archive, model)
    arrange(studio)
    assert (studio.device, studio.renderer, host.asked) == ("cpu", None, [])


# --- the time that is asked for ----------------------------------------------------------------------------


def test_a_short_run_asks_for_a_few_seconds_so_that_who_has_little_left_is_let_in(host, render):
    assert render(REQUEST, None, None).facts["steps_run"] == 10
    (seconds,) = host.asked
    assert FEWEST_SECONDS <= seconds <= 5


def test_the_time_grows_with_model_size_and_steps_up_to_a_limit():
    small, large = Clock(2 * 10**9, 17 * 10**8), Clock(24 * 10**9, 24 * 10**9)
    few = asked(draw_house((64, 64)), num_inference_steps=8, strength=1.0, long_side=1024)
    many = asked(draw_house((64, 64)), num_inference_steps=40, strength=1.0, long_side=1024)
    tiny = asked(draw_house((64, 64)), num_inference_steps=8, strength=1.0, long_side=256)
    assert small.seconds(few) < large.seconds(few) < large.seconds(many) <= MOST_SECONDS
    assert large.seconds(tiny) < large.seconds(few)
    endless = asked(draw_house((64, 64)), num_inference_steps=1000, strength=1.0, long_side=4096)
    assert large.seconds(endless) == MOST_SECONDS


def test_what_runs_took_corrects_what_is_asked_for_both_ways():
    clock = Clock(24 * 10**9, 24 * 10**9)
    run = asked(draw_house((64, 64)), num_inference_steps=40, strength=1.0, long_side=1024)
    before = clock.seconds(run)
    for _ in range(3):
        clock.learn(run, 5.0)
    assert clock.seconds(run) < before
    clock.learn(run, 60.0)
    assert 60 < clock.seconds(run) <= MOST_SECONDS


def test_a_run_that_the_host_ended_asks_for_more_the_next_time(host, model):
    clock_asks = []
    render = lent(Painter, model)
    long = asked(draw_house((64, 64)), num_inference_steps=1000, strength=1.0, long_side=2048)
    host.refusal = HostError("GPU task aborted", "ZeroGPU worker error")
    for _ in range(2):
        with pytest.raises(HostRefused, match="GPU task aborted"):
            render(long, None, None)
        clock_asks = host.asked
    assert clock_asks[1] > clock_asks[0]


# --- refusals and errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (HostError(QUOTA), QUOTA),
        (
            HostError("The requested GPU duration (120s) is larger than the maximum allowed"),
            "larger than the maximum",
        ),
        (
            HostError(
                'No GPU was available after 60s. <a href="https://x.example/join">Create a free account</a> now'
            ),
            "No GPU was available after 60s. Create a free account now",
        ),
        (HostError("No GPU [Subscribe](https://x.example) for more"), "No GPU Subscribe for more"),
        (RuntimeError("ZeroGPU API /schedule error: 500"), "ZeroGPU API /schedule error: 500"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_a_refusal_of_the_host_is_told_in_its_own_words(host, render, refusal, words):
    host.refusal = refusal
    with pytest.raises(HostRefused) as told:
        render(REQUEST, None, None)
    assert words in str(told.value) and "<" not in str(told.value)
    assert isinstance(told.value, GenerationError)


@pytest.mark.parametrize(
    "error", [OutOfMemory("64 x 64 is too large"), Withheld("held back"), KeyError("ours")]
)
def test_an_error_of_our_own_on_the_gpu_keeps_its_class_and_its_words(host, model, error):
    render = lent(lambda: Painter(error), model)
    with pytest.raises(type(error)) as told:
        render(REQUEST, None, None)
    assert str(told.value) == str(error)


def test_a_cancel_while_the_gpu_worked_leaves_no_picture(render):
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        render(REQUEST, None, lambda: next(answers))


def test_a_refused_picture_is_on_the_record_as_failed_and_leaves_no_file(host, archive, layout, tmp_path):
    studio = Studio.open(archive, "house")
    studio.renderer = lent(Painter, studio.model)
    host.refusal = HostError(QUOTA)
    settings = PaintSettings("night", num_inference_steps=2, strength=1.0, long_side=64)
    with pytest.raises(HostRefused, match="20s left"):
        studio.paint(layout, settings, Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "out.png"))
    assert [each.state for each in archive.ledger.pictures()] == [State.FAILED]
    assert not (tmp_path / "out.png").exists()
    host.refusal = None
    again = studio.paint(layout, settings, Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "out.png"))
    assert again.path.exists()


def test_the_page_shows_the_hosts_sentence_and_not_that_we_broke(host, render):
    pytest.importorskip("gradio", reason="the page needs genzu[app]")
    from generation.tabs.troubles import BROKEN, words_of

    host.refusal = HostError(QUOTA)
    with pytest.raises(HostRefused) as told:
        render(REQUEST, None, None)
    assert QUOTA in words_of(told.value) and words_of(told.value) != BROKEN
    assert words_of(KeyError("ours")) == BROKEN
