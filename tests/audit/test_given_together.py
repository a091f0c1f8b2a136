"""Many archives given to the page at once: together they have what one has, and each that gets nothing says why."""

import gzip
import html
import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

pytest.importorskip("gradio", reason="the page is the extra app")

from gradio.context import LocalContext

from provenance.audit import archives
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.tabs.audit import read_delivery

EACH = b"\0" * 9_000


@pytest.fixture
def page(settings: Settings) -> Iterator["Page"]:
    with open_archive(settings) as archive:
        yield Page(archive)


class Page:
    def __init__(self, archive) -> None:  # type: ignore[no-untyped-def]
        self.archive = archive

    def told(self, files: list[Path]) -> str:
        *_, (table, *_) = read_delivery(self.archive, list(map(str, files)), whole_folder=False)
        return html.unescape(" ".join(re.sub("<[^>]*>", " ", table).split()))


def rows(told: str) -> list[str]:
    """What is told of each file."""
    return re.split(r"\d{3}\.zip", told)[1:]


def zipped(folder: Path, number: int, members: int = 1) -> Path:
    path = folder / f"{number:03}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in range(members):
            archive.writestr(f"{each}.png", EACH)
    return path


def tarred(folder: Path, number: int, members: int = 1) -> Path:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for each in range(members):
            info = tarfile.TarInfo(f"{each}.png")
            info.size = len(EACH)
            archive.addfile(info, io.BytesIO(EACH))
    path = folder / f"{number:03}.tar.gz"
    path.write_bytes(gzip.compress(packed.getvalue()))
    return path


def test_the_page_reads_no_more_of_many_archives_than_of_one(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 25_000)
    told = page.told([zipped(tmp_path, number) for number in range(4)])
    words = "it was not read: the archives given together unpack to more than 25,000 bytes"
    assert [words in row for row in rows(told)] == [False, False, True, True]


def test_what_is_unpacked_on_the_way_counts_for_all_tars_together(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 100_000)
    told = page.told([tarred(tmp_path, number, 9) for number in range(5)])
    assert "the archives given together unpack to too many bytes; give fewer at once" in told
    assert "could not be unpacked" not in told


def test_the_files_of_all_archives_are_counted_together(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 5)
    told = page.told([zipped(tmp_path, 1, 4), zipped(tmp_path, 2, 4), tarred(tmp_path, 3)])
    assert "3 of its files were not looked at: more than 5 in the archives given together" in told
    assert "none of its files was looked at: more than 5 in the archives given together" in told


def test_an_archive_too_many_is_not_opened_and_says_so_in_the_visitors_language(
    page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_TOGETHER", 2)
    words = "it was not opened: more than 2 archives were given together; give fewer at once"
    told = page.told([zipped(tmp_path, number) for number in range(4)])
    assert [words in row for row in rows(told)] == [False, False, True, True]
    before = LocalContext.request.get(None)
    LocalContext.request.set(SimpleNamespace(query_params={"lang": "ja"}, cookies={}, headers={}))
    try:
        told = page.told([zipped(tmp_path, number) for number in range(3)])
    finally:
        LocalContext.request.set(before)
    assert "開いていません：一緒に渡された書庫が2件を超えています" in told
