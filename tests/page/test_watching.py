"""What a page is told of a run: how it ended, also where some of it had been made, and nothing that is private."""

import inspect
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import draw_house, run_apart

pytest.importorskip("gradio", reason="the page needs genzu[app]")

import gradio as gr

from generation.app import build
from generation.studio.studio import Studio
from generation.tabs.line import Line, Run
from generation.tabs.troubles import words_of
from provenance.errors import ConsentError, NotHandedOver, Objection, Stopped
from provenance.ledger.store.records import State
from provenance.people.disputes import EVIDENCE_LIMIT
from provenance.release import journal
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType
from provenance.tabs.dispute import PER_ADDRESS
from provenance.tabs.fields.uploads import attempt
from provenance.tabs.visits import pictures
from provenance.tabs.visits.pictures import browser_of, kept_by, new_path

OBJECTION = Objection(
    "Mori Aoi", "she allows it for 900 euros", "aoi@example.org", "entry 4", "she allows it on a condition"
)
REQUEST = SimpleNamespace(
    cookies={"genzu-browser": "a word"},
    headers={},
    client=None,
    session_hash="s",
    query_params={},
    username=None,
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    from provenance.settings import Settings

    line = Line()
    with open_archive(Settings(home=tmp_path_factory.mktemp("page") / "home")) as archive:
        yield SimpleNamespace(archive=archive, line=line, blocks=build(Studio.open(archive, "house"), line))
        line.stop()


def handler(page: SimpleNamespace, name: str) -> Any:
    return next(each.fn for each in page.blocks.fns.values() if getattr(each.fn, "__name__", "") == name)


def told(page: SimpleNamespace, run: Run) -> str:
    """All that the page of this browser is told of a run, from now to its end."""

    async def watched() -> str:
        return "\n".join([str(each) async for each in handler(page, "watch")(REQUEST, run.id)])

    return run_apart(watched)


def joined(page: SimpleNamespace, count: int, work: Any) -> Run:
    return page.line.join(browser_of(REQUEST), "1", count, work)  # type: ignore[arg-type]


def signed(archive: Archive, folder: Path) -> Any:
    layout = folder / "layout.png"
    draw_house((64, 64)).save(layout)
    out = new_path(archive.settings, "picture", browser_of(REQUEST))  # type: ignore[arg-type]
    job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), out)
    return record(archive, layout, job, source_type=SourceType.PRINT)


def test_where_the_second_of_two_is_forbidden_the_first_is_shown_and_nothing_is_called_unmade(page, tmp_path):
    def work(run, on_step, cancelled):
        run.came(signed(page.archive, tmp_path))
        raise ConsentError("this use is not allowed", (OBJECTION,))

    said = told(page, joined(page, 2, work))
    assert "The picture is painted, signed and on the record." in said
    assert "The rest was not painted: somebody does not allow this use." in said
    assert "nothing was made" not in said
    assert "900 euros" not in said and "aoi@" not in said


def test_a_picture_that_is_on_the_record_and_could_not_be_handed_over_is_not_called_unpainted(
    page, tmp_path, monkeypatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def work(run, on_step, cancelled):
        run.came(signed(page.archive, tmp_path))

    with monkeypatch.context() as broken:
        broken.setattr(journal, "move_new", full)
        run = joined(page, 1, work)
        said = told(page, run)
    assert isinstance(run.error, NotHandedOver)
    assert page.archive.ledger.pictures()[0].state is State.RELEASED
    assert "Signed, and not handed over." in said and "Not painted" not in said
    assert "the disk is full. The picture is signed and on the record all the same." in said
    assert "The keeper of this record can write the file out." in said and "make room" not in said
    assert str(page.archive.settings.home) not in said and "genzu export" not in said


def test_what_broke_after_something_was_signed_says_nothing_of_signing(page, tmp_path):
    def work(run, on_step, cancelled):
        run.came(signed(page.archive, tmp_path))
        raise KeyError("a hole of ours")

    said = told(page, joined(page, 2, work))
    assert "The picture is painted, signed and on the record. Something broke on our side." in said
    assert "nothing was signed" not in said


def test_a_page_that_was_called_off_and_pressed_again_ends_with_the_newer_picture(page, tmp_path):
    def called_off(run, on_step, cancelled):
        for _ in range(6000):
            if run.watchers:
                break
            time.sleep(0.01)
        page.line.cancel(run.visitor)
        newer.append(joined(page, 1, lambda run, *_: run.came(signed(page.archive, tmp_path))))

    newer: list[Run] = []
    first = joined(page, 1, called_off)
    said = told(page, first)
    assert newer[0] is not first and "The picture is painted, signed and on the record." in said
    assert 'data-state="cancelled"' not in said


def test_a_painting_that_was_called_off_while_nobody_looked_is_told_to_who_comes_back_and_once(page):
    def unheard(run, on_step, cancelled):
        raise Stopped("nobody looks any more")

    def arrived() -> str:
        async def opened() -> str:
            arrive = next(each.fn for each in page.blocks.fns.values() if inspect.isasyncgenfunction(each.fn)
                          and each.fn.__name__ == "arrive")  # fmt: skip
            return "\n".join([str(each) async for each in arrive(REQUEST)])

        return run_apart(opened)

    run = joined(page, 1, unheard)
    for _ in range(6000):
        if run.state.over:
            break
        time.sleep(0.01)
    said = arrived()
    assert "This server did not hear from your page for a minute. No picture was made." in said
    assert "Cancelled" not in said
    assert "did not hear" not in arrived()


def test_who_waits_hears_how_many_pictures_are_before_theirs(page):
    painting, over = Event(), Event()

    def slow(run, on_step, cancelled):
        painting.set()
        over.wait(60)

    page.line.join("somebody else", "2", 3, slow)
    assert painting.wait(60)
    run = joined(page, 1, lambda *_: None)
    try:

        async def first() -> str:
            async for each in handler(page, "watch")(REQUEST, run.id):
                return str(each)
            return ""

        assert "Waiting for its turn. 3 pictures are before you." in run_apart(first)
    finally:
        page.line.cancel(run.visitor)
        over.set()


def test_a_record_that_could_not_be_handed_over_is_not_headed_as_unsigned(page, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "move_new", full)
    with pytest.raises(gr.Error) as told:
        attempt(lambda: signed(page.archive, tmp_path), "Not signed")
    assert told.value.title == "Signed, and not handed over"


def test_claims_that_are_refused_for_what_stands_in_them_use_nothing_up(page, tmp_path):
    released = signed(page.archive, tmp_path).record.picture
    large = tmp_path / "evidence"
    stranger = SimpleNamespace(**{**vars(REQUEST), "client": SimpleNamespace(host="203.0.113.9")})

    def claim(size: int) -> Any:
        large.write_bytes(bytes(size))
        hear = handler(page, "hear")
        return hear(stranger, released, "I drew it", "aoi@example.org", str(large))

    for _ in range(PER_ADDRESS + 1):
        assert "send a smaller file" in str(claim(EVIDENCE_LIMIT + 1))
    assert "dis-" in str(claim(10))


def test_a_stranger_is_not_told_whom_to_ask_or_on_what_condition():
    error = ConsentError(f"this use is not allowed: {OBJECTION}. Nothing was painted", (OBJECTION,))
    assert words_of(error).startswith(
        "This use is not allowed: she allows it on a condition (entry 4). Nothing was painted."
    )


def test_whatever_works_in_a_thread_for_a_visitor_has_a_bound(page):
    """A press decodes what was sent, up to 50 megapixels several times over: of one hundred at once, each would."""
    for each in page.blocks.fns.values():
        if each.fn is not None and each.queue and not inspect.isasyncgenfunction(each.fn):
            assert each.concurrency_limit not in (None, 0), getattr(each.fn, "__name__", each.fn)


def test_who_hangs_up_is_out_of_the_line_before_what_they_sent_is_removed(page, tmp_path):
    layout, begun, go = tmp_path / "layout.png", Event(), Event()
    draw_house((64, 64)).save(layout)
    page.line.join("somebody else", "9", 1, lambda *_: begun.set() or go.wait(60))
    assert begun.wait(60)

    async def hung_up() -> tuple[int, bool]:
        call = handler(page, "paint")(REQUEST, str(layout), "snow", "prompt: Abe Rin")
        await anext(call)
        assert page.line.waiting == 1
        await call.aclose()
        return page.line.waiting, layout.exists()

    assert run_apart(hung_up) == (0, False)
    go.set()


def test_a_picture_that_is_removed_while_the_strip_is_read_is_left_out_of_it(page, tmp_path, monkeypatch):
    settings, browser = page.archive.settings, browser_of(REQUEST)  # type: ignore[arg-type]
    stays, goes = (new_path(settings, "recorded", browser) for _ in range(2))
    for each in (stays, goes):
        draw_house((8, 8)).save(each)
    written = pictures._written

    def just_removed(path: Path) -> bool:
        found = written(path)
        if path == goes:
            goes.unlink()
        return found

    monkeypatch.setattr(pictures, "_written", just_removed)
    kept = [each.path for each in kept_by(settings, browser)]
    assert stays in kept and goes not in kept


def test_a_delivery_that_another_visitor_just_swept_away_stops_nobody(monkeypatch):
    from provenance.tabs.fields import uploads

    old, listed = uploads.delivery_folder(), Path.iterdir

    def swept(folder: Path) -> Iterator[Path]:
        found = [*listed(folder)]
        shutil.rmtree(old, ignore_errors=True)
        return iter(found)

    monkeypatch.setattr(Path, "iterdir", swept)
    assert uploads.delivery_folder().is_dir()
