"""What the page answers on a picture, in Japanese: nothing is left in English, and people's names stay as they are."""

import html
import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

import gradio as gr
from credential_samples import file, with_other_pixels
from film_chain import Film
from foreign_manifests import action, actions, assertion, foreign
from gradio.context import LocalContext
from japanese_marks import half_width
from PIL import Image

from provenance.people.forgetting import forget_person
from provenance.people.register import register_of
from provenance.release.job import Job
from provenance.release.release import record
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import SourceType
from provenance.tabs.credits import by_picture
from provenance.tabs.fields.uploads import refusal
from provenance.tabs.inspect import answer_on

ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}|\b[a-z]{4,} [a-z]{4,}")


@pytest.fixture(autouse=True)
def in_japanese() -> Iterator[None]:
    before = LocalContext.request.get(None)
    LocalContext.request.set(SimpleNamespace(query_params={"lang": "ja"}, cookies={}, headers={}))
    yield
    LocalContext.request.set(before)


def words(markup: str) -> str:
    """What is read of an answer, in the drawing too, without what people and files wrote."""
    markup = re.sub(r"<(style|code)\b.*?</\1>", "", markup, flags=re.DOTALL)
    markup = re.sub(r'<(\w+)[^>]*translate="no"[^>]*>.*?</\1>', "…", markup, flags=re.DOTALL)
    return html.unescape(re.sub(r"</(?:div|p|dd|dt|td|li|text|title|strong)>", "\n", markup)).replace(
        "<br>", "\n"
    )


def shown(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", words(markup))


def asked(archive, path) -> str:
    """Both answers on a picture, or why there is none."""
    told = answer_on(archive, path)[0]
    try:
        return told + by_picture(archive, path)
    except gr.Error as error:
        return told + refusal(error)


@pytest.fixture
def pictures(film: Film, tmp_path) -> dict[str, bytes]:
    """Pictures of many kinds, by what they are."""
    archive = film.archive
    *_, last = film.chain()
    over = film.paint(film.draw(), "prompt: Sato Hana", "art direction: -")
    gone = film.layout("layout: Kudo Jun")
    register = register_of(archive.ledger)
    forget_person(archive.ledger, archive.vault, register, register.only("Kudo Jun").person)
    small = tmp_path / "small.jpg"
    with Image.open(last.path) as picture:
        picture.convert("RGB").save(small, quality=80)
    ai = foreign({"assertions": [actions(action("created", "trainedAlgorithmicMedia"))]})
    wish = {"cawg.ai_training": {"use": "notAllowed"}, "cawg.data_mining": {"use": "notAllowed"}}
    return {
        "final.png": last.path.read_bytes(),
        "over.png": over.path.read_bytes(),
        "erased.png": gone.path.read_bytes(),
        "small.jpg": small.read_bytes(),
        "altered.png": with_other_pixels(last.path.read_bytes()),
        "ai.png": ai,
        "ai-altered.png": with_other_pixels(ai),
        "photo.png": foreign(
            {
                "title": "mein Bild",
                "assertions": [
                    actions(
                        action("created", "digitalCapture"), action("cropped"), action("color_adjustments")
                    ),
                    assertion("cawg.training-mining", entries=wish),
                ],
            }
        ),
        "broken.png": foreign({"assertions": [actions(action("published"))]}),
        "cut.png": file("image/png")[:900],
        "half.jpg": small.read_bytes()[:1500],
        "film.mp4": b"\0\0\0\x18ftypmp42" + bytes(64),
        "empty.png": b"",
    }


def test_no_answer_on_any_kind_of_picture_is_left_in_english(film, pictures, tmp_path):
    left = []
    for name, data in pictures.items():
        path = tmp_path / name
        path.write_bytes(data)
        told = shown(asked(film.archive, path))
        lines = [each.strip() for each in told.splitlines()]
        left += [f"{name}: {each}" for each in lines if ENGLISH.search(each)]
        left += [f"{name}: {each}" for each in lines if half_width(each) or re.search("[。：、] ", each)]
    assert not left, "\n".join(left)


def test_a_name_that_is_a_word_of_the_page_stays_a_name(film, tmp_path):
    picture = tmp_path / "Unknown.png"
    Image.new("RGB", (40, 30), "teal").save(picture)
    made = record(
        film.archive,
        picture,
        Job((Credit(Role.LAYOUT, "Layout"),), tmp_path / "Paint.png"),
        source_type=SourceType.DIGITAL_CREATION,
    )
    told = asked(film.archive, made.path)
    assert '<b translate="no">Layout</b>' in told and '<span translate="no">Paint.png</span>' in told


def test_who_asked_not_to_be_named_is_told_so_in_japanese_and_has_no_link(film, pictures, tmp_path):
    for name, said in (("over.png", "（名前を出さないことを希望）"), ("erased.png", "（消去済み）")):
        path = tmp_path / name
        path.write_bytes(pictures[name])
        told = by_picture(film.archive, path)
        assert f"<b>{said}</b>" in told
        assert "asked+not" not in told and "%28" not in told


def test_the_id_of_a_record_is_told_as_it_is_written(film, pictures, tmp_path):
    path = tmp_path / "small.jpg"
    path.write_bytes(pictures["small.jpg"])
    told = shown(answer_on(film.archive, path)[0])
    assert "に似ています" in told and "Pic-" not in told


def test_the_wishes_of_a_file_are_words(film, pictures, tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(pictures["photo.png"])
    told = shown(answer_on(film.archive, path)[0])
    assert "次の用途には使わない：AIの学習、データマイニング" in told and "notAllowed" not in told
