"""A layout on its way in: on the record once for each way in which it is told, and by no name that was to stay out."""

from pathlib import Path

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from generation.studio.studio import Studio
from generation.tabs.taking_in import take_in
from provenance.credentials.read.reader import read_chain
from provenance.credentials.sign.disclosure import Publication, no_training
from provenance.release.archive import Archive
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType

BY = (Credit(Role.LAYOUT, "Mori Aoi"), Credit(Role.PROMPT, "Tanaka Ren"))
AS_KUMO = Publication(pseudonyms={"Mori Aoi": "Kumo", "Tanaka Ren": "Hoshi"})


@pytest.fixture
def studio(archive: Archive) -> Studio:
    return Studio.open(archive, "house")


def taken(studio: Studio, layout: Path, publication: Publication) -> bytes:
    origin = SourceType.DIGITAL_CREATION
    return take_in(studio.archive, layout, origin, BY, Project("Film"), publication).read_bytes()


def test_who_has_another_name_in_the_painted_file_has_it_in_the_layouts_own_file_too(studio, layout):
    signed = taken(studio, layout, AS_KUMO)
    assert b"Mori Aoi" not in signed
    step = read_chain(signed, trust=studio.archive.trust).file
    assert step is not None and [each.name for each in step.people] == ["Kumo"]


def test_a_layout_is_taken_in_once_for_each_name_that_its_file_shows(studio, layout):
    plainly, as_kumo = taken(studio, layout, Publication()), taken(studio, layout, AS_KUMO)
    assert b"Mori Aoi" in plainly and b"Mori Aoi" not in as_kumo
    before = len(studio.archive.ledger)
    assert taken(studio, layout, Publication()) == plainly
    assert taken(studio, layout, AS_KUMO) == as_kumo
    assert len(studio.archive.ledger) == before


def test_the_wish_for_the_painting_does_not_forbid_to_paint_over_the_layout(studio, layout):
    step = read_chain(
        taken(studio, layout, Publication(wishes=no_training())), trust=studio.archive.trust
    ).file
    assert step is not None and not step.wishes
