"""Drawings of the Open Clip Art Library that stand in scenes: public domain, each with its maker's name.

Debian's package `openclipart-svg` has 8,121 files, mostly icons, flags, stars and signs. `CHOSEN` names those that a
landscape can use and that are drawn well enough to learn from; each file says in its own metadata who made it and that
it is in the public domain, and one that does not is refused. They have no line drawing beside them as OpenMoji's have:
their outlines, inside and out, are the layout's lines.
"""

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image

PACKAGE, VERSION = "openclipart-svg", "1:0.18+dfsg-19"
PUBLIC_DOMAIN = "http://web.resource.org/cc/PublicDomain"
SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "cc": "http://web.resource.org/cc/",
}
# Pixels in a unit, at the 90 dots an inch that these files were drawn with.
UNITS = {"": 1.0, "px": 1.0, "pt": 1.25, "mm": 3.543307, "cm": 35.43307, "in": 90.0}
MARGIN = 6  # pixels of air around a picture
# Where they stand: the folder, then each file with the word that a prompt has for it.
CHOSEN = {
    "land": {
        "buildings": {
            "firestation_mimooh_01": "fire station",
            "grain_elevator_ganson": "grain elevator",
            "school_country__abiclipa_01": "school",
        },
        "buildings/homes": {
            "big_house_01": "building",
            "casa_dei_sogni_architett_01": "house",
            "casa_verde_architetto_fr_01": "house",
            "home0": "house",
            "home1": "house",
            "home10": "igloo",
            "home11": "tipi",
            "home12": "cabin",
            "home13": "tent",
            "home14": "house",
            "home15": "hut",
            "home2": "house",
            "home3": "house",
            "home4": "hut",
            "home5": "house",
            "home6": "house",
            "home7": "house",
            "home8": "tent",
            "home9": "cabin",
            "house_christoph_brill_01": "house",
            "house_juliane_krug_01": "house",
            "lighthouse_matthew_gates_": "lighthouse",
            "lowtec_house_christoph_b_01": "hut",
            "my_house_01": "house",
        },
        "buildings/furniture": {
            "mobile_architetto_france_01": "cupboard",
            "poltrona_ufficio_archite_01": "chair",
            "sedia_e_ombrelloni_archi_01": "parasol",
            "sedia_in_legno_architett_01": "chair",
            "small_square_table_01": "table",
            "tavolo_in_legno_architet_01": "table",
            "wooden_table_benji_park_01": "table",
        },
        "plants": {
            "arbre_modern_jean-victor_01": "tree",
            "daffodil_jonathan_dietri_01": "daffodil",
            "fall_coloured_tree_geral_01": "autumn tree",
            "mushroom": "mushroom",
            "mushroom_benji_park_": "mushroom",
            "reed_gmv_": "reed",
            "toadstool_daniel_steele_r": "mushroom",
        },
        "plants/flowers": {
            "daisy_jonathan_dietrich_01": "daisy",
            "flowerandpot_daniel_ste_r": "flower pot",
            "flowers_jonathan_dietric_01": "flowers",
            "geranium_ganson": "flower pot",
            "red_flower_01": "flower",
            "tulips_ganson": "tulips",
        },
        "plants/trees": {"tree_whit_fruits_01": "apple tree"},
        "plants/trees/evergreen": {
            "plain_tree_01": "tree",
            "simple_evergreen_with_highlights_01": "pine",
            "tree": "pine",
            "tree_02": "tree",
        },
        "transportation/vehicles": {
            "4wd": "car",
            "bicycle_01": "bicycle",
            "bus1_bw_jarno_vasamaa_01": "bus",
            "bus1_jarno_vasamaa_01": "bus",
            "bus2_jarno_vasamaa_01": "bus",
            "car": "car",
            "lighthouse_01": "lighthouse",
            "sledge_01": "sledge",
            "trattore_architetto_fran_01": "tractor",
            "vtt_02": "bicycle",
        },
        "animals/birds": {
            "emperor_penguin_ralf_ste_01": "penguin",
            "flamand_jean-victor_bali_01": "flamingo",
            "gallo_di_profilo_archite_01": "rooster",
            "gufo_civetta_architetto__01": "owl",
            "gull_marcelo_staudt_01": "gull",
            "jonathon_s_duck_01": "duck",
        },
        "animals/mammals": {
            "canguro_architetto_franc_01": "kangaroo",
            "cartoon_cat_gerald_g._01": "cat",
            "coniglio_architetto_fran_01": "rabbit",
            "dog_01_drawn_with_strai_01": "dog",
            "dog_03_drawn_with_strai_01": "dog",
            "dog_04_drawn_with_strai_01": "dog",
            "dog_06_drawn_with_strai_01": "dog",
            "elefante02_architetto_fr_01": "elephant",
            "seal": "seal",
            "vacca_pezzata_rossa_val_01": "cow",
        },
        "animals/mammals/bears": {"orso_architetto_francesc_03": "bear"},
        "animals/mammals/big_cats": {
            "leone_01_architetto_fran_01": "lion",
            "tigre03_architetto_franc_01": "tiger",
        },
        "animals/mammals/dogs": {"beagle_copper_ganson": "dog"},
        "animals/mammals/horses": {
            "cavallo_architetto_franc_02": "horse",
            "cavallo_architetto_franc_06": "horse",
        },
        "animals/mammals/housecats": {
            "gatto_cat_architetto_fra_04": "cat",
        },
    },
    "water": {
        "transportation/boating": {
            "boat_jarno_vasamaa1": "ship",
            "boat_jarno_vasamaa_": "boat",
            "sailboat_illustration": "boat",
        },
        "transportation/vehicles": {"trawler_01": "ship"},
        "animals/birds": {"cigno_di_spalle_architet_01": "swan"},
        "animals/mammals": {"dolphin_enrique_meza_c_01": "dolphin"},
    },
    "sky": {
        "transportation/vehicles": {
            "aircraft_jarno_vasamaa1": "aeroplane",
            "aircraft_jarno_vasamaa2": "aeroplane",
            "aircraft_jarno_vasamaa3": "aeroplane",
            "aircraft_jarno_vasamaa4": "aeroplane",
        },
        "animals/birds": {"dove_symbol": "bird"},
    },
}


class NotPublicDomainError(Exception):
    """A file does not say who made it, or not that it is in the public domain."""


@dataclass(frozen=True)
class Clip:
    """One file: its path in the package without the ending, its word, and where it stands (land, water, sky)."""

    path: str
    word: str
    place: str

    def read(self, root: Path) -> str:
        """Its SVG in the folder that `fetch` returns; a few letters of old files are no UTF-8."""
        return (root / f"{self.path}.svg").read_text(encoding="utf-8", errors="replace")


def chosen() -> list[Clip]:
    """Every file of `CHOSEN`, in its order."""
    return [
        Clip(f"{folder}/{stem}", word, place)
        for place, folders in CHOSEN.items()
        for folder, files in folders.items()
        for stem, word in files.items()
    ]


def fetch(folder: Path) -> Path:
    """Unpack the Debian package into a folder and return where its pictures lie."""
    root = folder / PACKAGE
    if not root.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", f"{PACKAGE}={VERSION}"], cwd=folder, check=True)
        packed = next(folder.glob(f"{PACKAGE}_*.deb"))
        subprocess.run(["dpkg-deb", "--extract", packed.name, PACKAGE], cwd=folder, check=True)
    return root / "usr/share/openclipart/svg"


def maker(svg: str) -> str:
    """The maker that a file's own metadata names.

    Raises NotPublicDomainError where it names nobody, or another licence than the public domain.
    """
    root = ET.fromstring(svg)  # noqa: S314 - a file of a signed package
    names = [node.text or "" for node in root.iterfind(".//dc:creator/cc:Agent/dc:title", SPACES)]
    licences = [
        node.get(f"{{{SPACES['rdf']}}}resource") for node in root.iterfind(".//cc:Work/cc:license", SPACES)
    ]
    named = [" ".join(name.split("(")[0].split()) for name in names if name.strip()]
    if not named or licences != [PUBLIC_DOMAIN]:
        raise NotPublicDomainError(f"made by {names or 'nobody named'}, licence {licences or 'not said'}")
    return named[0]


def render(svg: str, size: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """A file's lines (size, size) and its picture (size, size, 4) as RGBA, as large as fits."""
    large = np.asarray(
        Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=sized(svg), width=4 * size)))).convert(
            "RGBA"
        )
    )
    rows, columns = (np.where((large[..., 3] > 20).any(axis))[0] for axis in (1, 0))
    drawn = Image.fromarray(large[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
    drawn.thumbnail((size - 2 * MARGIN, size - 2 * MARGIN), Image.Resampling.LANCZOS)
    page = Image.new("RGBA", (size, size))
    page.paste(drawn, ((size - drawn.width) // 2, (size - drawn.height) // 2))
    picture = np.asarray(page)
    return outlines(picture), picture


def sized(svg: str) -> str:
    """The SVG with a view box in the place of its width and height: resvg refuses many of these sizes."""
    found = re.search(r"<svg\b[^>]*>", svg)
    if found is None:
        return svg
    head = found.group(0)
    sides = dict.fromkeys(("width", "height"), 0.0)
    for side in sides:
        stated = re.search(rf'\b{side}="([\d.]+)\s*([a-z]*)"', head)
        if stated and stated.group(2) in UNITS:
            sides[side] = float(stated.group(1)) * UNITS[stated.group(2)]
    bare = re.sub(r'\s(width|height)="[^"]*"', "", head)
    if "viewBox" not in bare and all(sides.values()):
        bare = f'{bare[:-1]} viewBox="0 0 {sides["width"]:g} {sides["height"]:g}">'
    return svg[: found.start()] + bare + svg[found.end() :]


def outlines(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The lines of an RGBA picture, 0..255: where its colours meet, and around it."""
    alpha = picture[..., 3:].astype(np.float32) / 255
    page = (picture[..., :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    smooth = cv2.bilateralFilter(page, 5, 40, 3)
    edges = np.max([cv2.Canny(np.ascontiguousarray(smooth[..., c]), 50, 120) for c in range(3)], 0)
    around = cv2.Canny(picture[..., 3].copy(), 80, 160)
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    return np.asarray(cv2.GaussianBlur(cv2.dilate(np.maximum(edges, around), pen), (3, 3), 0), np.uint8)
