"""Text from strangers is shown as text: nothing hides, nothing steers a terminal, nothing runs in a page."""

import io
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.show.terminal import console, print_indented, progress, styled
from provenance.statement.untrusted import plain, width_of, xml


@given(st.text(max_size=400))
def test_no_character_that_is_shown_is_invisible_or_reorders_its_neighbours(text):
    for character in plain(text):
        assert (
            unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
            or character in "\u200c\u200d"
        )


@given(st.text(max_size=2000), st.integers(min_value=2, max_value=300))
def test_a_text_is_bounded(text, limit):
    # Each character may become ‹U+10FFFF› of ten, and the count of what was cut is told.
    assert len(plain(text, limit)) <= 10 * limit + 12


@pytest.mark.parametrize("name", ["Mori Aoi", "森 葵", "أميرة", "Zoë Ångström", "Nguyễn Thị Ánh", "می‌خواهم"])
def test_an_honest_name_stays_as_it_is(name):
    assert plain(name) == name


@pytest.mark.parametrize(
    "hostile",
    ["\u202eiroM", "\x1b[2J", "a\nb", "a\x00", "a\u200bb", "\U000e0041", "\ud800", "\u3164", "\u2028"],
)
def test_a_character_that_hides_is_written_out(hostile):
    assert "‹U+" in plain(hostile)


def test_a_tower_of_marks_does_not_grow_over_its_neighbours():
    assert plain("Z" + "\u0301" * 60).count("\u0301") == 4


@given(st.text(max_size=300))
def test_any_text_is_safe_in_an_element_and_in_an_attribute(text):
    parsed = ElementTree.fromstring(f'<a b="{xml(text)}">{xml(text)}</a>')
    assert parsed.text in {plain(text), None} and parsed.get("b") == plain(text)


def test_markup_in_data_does_nothing_on_a_console():
    out = io.StringIO()
    console(out).print(styled("[red]Aoi[/red] :smile: https://x.example"))
    console(out).print("[bold]as text, too[/bold]")
    assert out.getvalue() == "[red]Aoi[/red] :smile: https://x.example\n[bold]as text, too[/bold]\n"


def test_a_pipe_gets_no_colour_and_a_settled_width(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    out = io.StringIO()
    screen = console(out)
    screen.print(styled("Aoi " * 60, "red"))
    assert "\x1b" not in out.getvalue()
    assert screen.width == 160


def test_a_width_that_is_asked_for_is_kept_in_a_pipe(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert console(io.StringIO()).width == 60


def test_a_pipe_that_takes_only_ascii_gets_japanese_names_escaped():
    raw = io.BytesIO()
    pipe = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    console(pipe).print("森")
    assert raw.getvalue() == b"\\u68ee\n"


def test_progress_is_silent_where_no_terminal_is(capsys):
    with progress() as bar:
        bar.advance(bar.add_task("looking", total=2))
    assert capsys.readouterr().err.strip() == ""


def test_wide_letters_take_two_columns_and_marks_none():
    assert (width_of("森 葵"), width_of("Zoe\u0308"), width_of("")) == (5, 3, 0)


def test_a_line_stays_a_line_in_a_pipe():
    out = io.StringIO()
    console(out).print(styled("a " * 200, limit=1000))
    assert out.getvalue().count("\n") == 1


def test_a_long_paragraph_loses_nothing_in_a_pipe_and_is_broken_in_a_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    words = " ".join(f"word{number}" for number in range(60))
    piped, terminal = io.StringIO(), io.StringIO()
    print_indented(console(piped), styled(words, limit=1000))
    assert piped.getvalue() == f"   {words}\n"
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    print_indented(console(terminal), styled(words, limit=1000))
    lines = terminal.getvalue().splitlines()
    assert len(lines) > 10 and all(line.startswith("   ") for line in lines)
    assert " ".join(terminal.getvalue().split()) == words
