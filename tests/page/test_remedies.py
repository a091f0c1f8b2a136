"""What can be done about a trouble is a value: the page never tells a visitor to add an option or to run a command."""

import errno
import re

import pytest
from film_chain import MODEL, Film
from PIL import Image

from provenance.commands.remedies import in_terminal, told
from provenance.errors import (
    IdentityError,
    LedgerDamaged,
    OutputError,
    PictureError,
    ProvenanceError,
    Remedy,
    StatementError,
    Way,
)
from provenance.inspection.inspection import inspect
from provenance.media.picture import open_picture
from provenance.people.register import Register
from provenance.release.final import check_release
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.settings import Limits, Settings
from provenance.statement.statement import Stage
from provenance.tabs.inspect import answer_on
from provenance.tabs.text.remedies import NOT_NOW, on_page
from provenance.tabs.text.sentences import sentence
from provenance.tabs.told.released import done

TO_THE_COMMAND_LINE = re.compile(r"`genzu |GENZU_|(?<![\w-])--[a-z]")


@pytest.mark.parametrize("way", list(Way))
def test_each_way_out_has_words_of_its_own_on_the_page_and_in_the_terminal(way):
    remedy = Remedy(way, "layout")
    assert in_terminal(remedy) and on_page(remedy).endswith(".")
    assert not TO_THE_COMMAND_LINE.search(on_page(remedy))


def refused(archive, tmp_path):
    """Every kind of refusal that a visitor may cause."""
    film = Film(archive, tmp_path)
    first = film.layout("layout: Mori Aoi")
    statement, source = film.statement(first.path, stage=Stage.FINAL)
    yield lambda: check_release(archive, statement, (source,))
    yield lambda: Job((), tmp_path / "out.png")
    Image.new("RGB", (40, 40)).save(tmp_path / "large.png")
    yield lambda: open_picture(tmp_path / "large.png", Limits(pixels=100))
    yield lambda: open_picture(tmp_path / "large.png", Limits(size=10))
    yield lambda: Register().only("Nobody")
    yield lambda: Register().raw("per-none")


def test_no_refusal_on_the_page_speaks_of_the_command_line_and_the_terminal_does(archive, tmp_path):
    for cause in refused(archive, tmp_path):
        with pytest.raises(ProvenanceError) as caught:
            cause()
        page, terminal = sentence(caught.value), told(caught.value)
        assert not TO_THE_COMMAND_LINE.search(page), page
        assert TO_THE_COMMAND_LINE.search(terminal), terminal
        assert not TO_THE_COMMAND_LINE.search(str(caught.value))


def test_a_final_picture_without_a_prompt_writer_is_told_in_each_front_ends_words(archive, tmp_path):
    film = Film(archive, tmp_path)
    first = film.layout("layout: Mori Aoi")
    statement, source = film.statement(first.path, "art direction: Abe Rin", stage=Stage.FINAL)
    with pytest.raises(StatementError) as caught:
        check_release(archive, statement, (source,))
    assert told(caught.value).endswith('add --by "prompt: NAME"; or release it with --stage temp')
    page = sentence(caught.value)
    assert (
        "Name somebody for prompt, under “Your name” or “More people”." in page
        and "sign it as temporary" in page
    )


def test_the_result_on_the_page_names_what_is_missing_without_an_option(archive, tmp_path):
    film = Film(archive, tmp_path)
    released = film.paint(film.layout("layout: Mori Aoi").path, "art direction: Abe Rin", model=MODEL)
    html = done(released, inspect(released.path, trust=archive.trust, ledger=archive.ledger))
    assert "nobody is named for the prompt" in html and "Name somebody for prompt" in html
    assert not TO_THE_COMMAND_LINE.search(html)


@pytest.mark.parametrize(
    ("error", "page", "terminal"),
    [
        (
            LedgerDamaged("entry 3 was changed"),
            f"{NOT_NOW}.",
            "entry 3 was changed; run `genzu ledger verify`",
        ),
        (
            IdentityError("/srv/keys/signing.pem is gone; unset GENZU_SIGNING_KEY"),
            f"{NOT_NOW}.",
            "/srv/keys/signing.pem is gone; unset GENZU_SIGNING_KEY",
        ),
        (
            OutputError.of(OSError(errno.ENOSPC, "No space left"), "/srv/vault could not take 9 bytes"),
            "vault could not take 9 bytes: the disk is full. The keeper of this record can make room.",
            "/srv/vault could not take 9 bytes: the disk is full; make room or choose another place",
        ),
        (
            PictureError.of(OSError(errno.EACCES, "Permission denied"), "sky.png could not be read"),
            "Sky.png could not be read: this program is not allowed to. The keeper of this record can mend that.",
            "sky.png could not be read: this program is not allowed to; check who may read and write there",
        ),
        (
            PictureError.of(OSError("a reason without a number"), "sky.png could not be read"),
            "Sky.png could not be read: a reason without a number.",
            "sky.png could not be read: a reason without a number",
        ),
        (PictureError("a name-with--dashes is no option"), "A name-with--dashes is no option.", None),
    ],
)
def test_an_error_is_told_to_a_visitor_and_to_a_keeper_with_what_each_can_do(error, page, terminal):
    assert sentence(error) == page
    assert told(error) == (terminal or str(error))


def test_the_answer_on_a_picture_speaks_of_no_command(archive, tmp_path):
    film = Film(archive, tmp_path)
    first = film.layout("layout: Mori Aoi")
    with open_archive(Settings(home=tmp_path / "small", limits=Limits(pixels=100))) as small:
        html, text = answer_on(small, first.path)
    assert "Choose a smaller picture." in html or "could not" in html.lower()
    assert not TO_THE_COMMAND_LINE.search(html.partition("<svg")[0]) and "genzu inspect " not in text
    seen = inspect(first.path, trust=archive.trust, ledger=None, limits=Limits(pixels=10))
    assert not any(TO_THE_COMMAND_LINE.search(each.words) for each in seen.findings)
