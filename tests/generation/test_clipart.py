"""A drawing of the Open Clip Art Library is taken only with its maker's name and in the public domain."""

import pytest

pytest.importorskip("cv2")
pytest.importorskip("resvg_py")

import numpy as np

from generation.house.training import clipart

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:cc="http://web.resource.org/cc/" {size}>'
)
MADE = "<dc:creator><cc:Agent><dc:title>{name}</dc:title></cc:Agent></dc:creator>"
LICENCE = '<cc:license rdf:resource="{licence}"/>'
HOUSE = (
    '<rect x="20" y="30" width="60" height="50" fill="#c33"/>'
    '<rect x="40" y="50" width="20" height="30" fill="#335"/>'
)


def drawing(made: str = "", licence: str = "", size: str = 'width="100" height="100"') -> str:
    """An SVG of a red house with a blue door, and what it says of itself."""
    work = f'<cc:Work rdf:about="">{made}{licence}</cc:Work>'
    return f"{HEAD.format(size=size)}<metadata><rdf:RDF>{work}</rdf:RDF></metadata>{HOUSE}</svg>"


def test_the_maker_is_the_one_that_the_file_names():
    svg = drawing(
        MADE.format(name=" Jean  Balin (jean@example.org)"), LICENCE.format(licence=clipart.PUBLIC_DOMAIN)
    )
    assert clipart.maker(svg) == "Jean Balin"


@pytest.mark.parametrize(
    ("made", "licence"),
    [
        ("", LICENCE.format(licence=clipart.PUBLIC_DOMAIN)),
        (MADE.format(name=" "), LICENCE.format(licence=clipart.PUBLIC_DOMAIN)),
        (MADE.format(name="Jean"), ""),
        (MADE.format(name="Jean"), LICENCE.format(licence="http://creativecommons.org/licenses/by-nc/2.0/")),
    ],
)
def test_a_drawing_without_a_maker_or_of_another_licence_is_refused(made, licence):
    with pytest.raises(clipart.NotPublicDomainError):
        clipart.maker(drawing(made, licence))


@pytest.mark.parametrize(
    "size", ['width="100" height="100"', 'width="80pt" height="80pt"', 'viewBox="0 0 100 100"']
)
def test_its_lines_are_where_its_colours_meet_and_its_picture_fills_the_page(size):
    line, picture = clipart.render(drawing(size=size), 256)
    assert line.shape == (256, 256)
    assert picture.shape == (256, 256, 4)
    rows, columns = np.where(picture[..., 3] > 128)
    assert max(np.ptp(rows), np.ptp(columns)) > 230
    red = (picture[..., 0] > 180) & (picture[..., 3] > 128)
    assert line[red].mean() < 80, "a surface has no lines"
    assert line[128, columns.min() - 1 : columns.min() + 3].max() > 200, "its outline is a line"


def test_every_chosen_drawing_is_named_once():
    paths = [clip.path for clip in clipart.chosen()]
    assert len(set(paths)) == len(paths) > 90
