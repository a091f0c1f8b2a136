"""What a stranger gets who asks with a copy of a picture: by the page and by its endpoints, nothing that was kept."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from film_chain import PRODUCTION, Film
from PIL import Image

from provenance.release.archive import Archive
from provenance.statement.vocabulary import Disclosure
from provenance.tabs import endpoints
from provenance.tabs.inspect import answer_on


def ask(name: str, archive: Archive, picture: Path) -> str:
    """The answer of an endpoint, which takes the file away."""
    given = shutil.copy(picture, picture.with_name(f"given-{picture.name}"))
    asked: Callable[[str], Any] = getattr(endpoints, f"_{name}")(archive)
    return json.dumps(asked(str(given)), ensure_ascii=False)


@pytest.mark.parametrize("which", [1, -1])
@pytest.mark.parametrize("copy", ["signed", "bare"])
def test_no_endpoint_tells_the_words_that_a_painting_was_made_by(film: Film, tmp_path: Path, which: int, copy: str):
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
