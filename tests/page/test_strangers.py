"""What a stranger gets who asks with a copy of a picture: by the page and by its endpoints, nothing that was kept."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from film_chain import PRODUCTION, Film
from PIL import Image

from provenance.proof.receipt import SUFFIX, Receipt
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.release import record
from provenance.statement.credit import Credit, Role
from provenance.statement.vocabulary import Disclosure, SourceType
from provenance.tabs.addresses import endpoints
from provenance.tabs.inspect import answer_on
from provenance.tabs.told.credit_answers import proofs_of


def ask(name: str, archive: Archive, picture: Path) -> str:
    """The answer of an endpoint, which takes the file away."""
    given = shutil.copy(picture, picture.with_name(f"given-{picture.name}"))
    asked: Callable[[str], Any] = getattr(endpoints, f"_{name}")(archive)
    return json.dumps(asked(str(given)), ensure_ascii=False)


@pytest.mark.parametrize("which", [1, -1])
@pytest.mark.parametrize("copy", ["signed", "bare"])
def test_no_endpoint_tells_the_words_that_a_painting_was_made_by(
    film: Film, tmp_path: Path, which: int, copy: str
):
    made = film.chain()
    prompt = made[1].record.statement.prompt
    assert prompt is not None and prompt.disclosure is not Disclosure.FULL
    asked = made[which].path
    if copy == "bare":
        asked = tmp_path / "bare.png"
        Image.open(made[which].path).convert("RGB").save(asked)
    for name in ("inspect", "who", "detect"):
        told = ask(name, film.archive, asked)
        assert prompt.text not in told and PRODUCTION not in told, name
    html, told = answer_on(film.archive, asked)
    assert prompt.text not in html + told and PRODUCTION not in html + told
    assert made[which].record.picture in told


def all_words(path: str) -> str:
    """Every text in a certificate, and every entry in its receipts."""
    with zipfile.ZipFile(path) as taken:
        texts = {name: taken.read(name).decode() for name in taken.namelist()}
    receipts = [Receipt.parse(text) for name, text in texts.items() if name.endswith(SUFFIX)]
    leaves = [leaf for each in receipts for leaf in (each.leaf, *(one.leaf for one in each.also))]
    return "\n".join([*texts.values(), *(each.decode() for each in leaves)])


def test_a_strangers_certificate_says_nowhere_where_the_pictures_belong(film: Film):
    film.layout("layout: Mori Aoi")
    hers = all_words(proofs_of(film.archive, "Mori Aoi"))
    assert "Mori Aoi" in hers and PRODUCTION not in hers and "c014" not in hers
    assert "stays with the keeper of the record" in hers
    assert '"production":"' + PRODUCTION in all_words(proofs_of(film.archive, "Mori Aoi", whole=True))


def test_a_certificate_of_pictures_that_belong_nowhere_is_whole_for_everybody(
    archive: Archive, layout: Path, tmp_path: Path
):
    job = Job((Credit(Role.LAYOUT, "Mori Aoi"),), tmp_path / "signed.png")
    record(archive, layout, job, source_type=SourceType.PRINT)
    hers = all_words(proofs_of(archive, "Mori Aoi"))
    assert "picture.released" in hers and "stays with the keeper" not in hers
    assert hers == all_words(proofs_of(archive, "Mori Aoi", whole=True))
