"""How far the look-up and the faint mark hold, on sources that nothing was tuned on.

    python -m bench.lookup.gates PACKAGES SCENES WORK [--sources N] [--negatives N] [--fill N] [--minutes M] [--only X]

PACKAGES holds the unpacked packages of `sources.py`. SCENES holds folders of painted scenes: `learnt` (those that the
vocabulary may have seen), `sources` and `strangers`, of other layouts. Each source is marked, indexed and looked up
after every edit; of each scene a second look is indexed beside it. The index is filled up to `--fill` pictures
(`fillers.py`). Answers go to WORK/*.jsonl as they come, and a second run goes on from there; at the end stands a table.
"""

import argparse
import json
import random
import time
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.lookup.fillers import filled, real_codes
from bench.lookup.hard_edits import EDITS
from bench.lookup.sources import Pixels, files, read, scenes
from provenance.lookup.faint_mark import cells_for, marked, strength_in, unmarked
from provenance.lookup.index_file import IndexFile
from provenance.lookup.indexing import indexed
from provenance.lookup.keypoints import Keypoints, grey
from provenance.lookup.likeness import MARK_FOUND, Likeness
from provenance.lookup.mark_key import MarkKey
from provenance.lookup.mark_reading import rest_of
from provenance.lookup.query import LOOKED_AT, Query
from provenance.lookup.reference import unpacked
from provenance.lookup.search import Search, proved
from provenance.lookup.vocabulary import vocabulary

KEY = MarkKey.of_ledger(b"measured with this ledger's key!")
# Of each package: what its pictures' paths hold, how many are drawn by lot, and the least of their shorter side.
# No package gives both sources and strangers: it may hold one drawing twice, and that would be no false hit.
PICTURES = {
    "endless-sky-data": ("/land/", 25, 240),
    "naev-data": ("/exterior/|/loading/", 22, 240),
    "warmux-data": ("/map/", 20, 300),
    "scratch": ("/Backgrounds/", 30, 200),
    "tuxpaint-data": ("/starters/", 10, 240),
    "lxqt-themes": ("/wallpapers/", 3, 240),
    "wesnoth-1.16-data": ("/portraits/|/story/", 70, 240),
    "ardentryst": ("/Data/", 45, 240),
    "extremetuxracer-data": ("/env/", 6, 240),
    "lugaru-data": ("/Skybox", 6, 240),
    "tuxmath-data": ("/backgrounds/|/title/", 3, 240),
    "palapeli-data": ("/palapeli/", 10, 240),
    "desktop-base": ("plymouth", 10, 240),
    "xfdesktop4-data": ("/backgrounds/", 4, 240),
    "lincity-ng-data": ("/mainmenu/", 5, 240),
    # Of the fourth run alone.
    "kgeography-data": ("share/kgeography/", 40, 240),
    "colobot-common-textures": ("/textures/", 30, 200),
    "megaglest-data": ("/models/|/loading_screen/", 30, 240),
    "blobwars-data": ("/gfx/", 25, 240),
    "pingus-data": ("/images/", 25, 240),
    "freedroidrpg-data": ("/backgrounds/", 20, 240),
    "neverball-data": ("/shot-", 20, 240),
    "grass-doc": ("/html/", 20, 240),
    "python-skimage-doc": ("/_images/", 20, 240),
    "sagemath-doc": ("/plotting/|/graphs/", 40, 240),
    "python-sklearn-doc": ("/_images/", 25, 240),
    "kalzium-data": ("HTML/en/", 10, 240),
    "tuxtype-data": ("/images/", 12, 240),
    "khangman": ("/gallows/|/themes/", 10, 240),
    "enigma-data": ("/gfx64/", 10, 240),
    "warzone2100-data": ("/images/", 8, 240),
    "pokerth-data": ("/gfx/", 8, 240),
    # Of the fifth run alone.
    "povray-doc": ("/images/", 40, 240),
    "brainparty-data": ("/brainparty/", 35, 240),
    "pysiogame": ("/res/images", 30, 240),
    "boswars-data": ("/boswars/", 20, 240),
    "supertuxkart-data": ("/tracks/|/skybox/", 45, 240),
    "bzflag-data": ("/bzflag/", 15, 240),
    "torcs-data": ("/img/", 15, 240),
    "marble-data": ("/HTML/", 14, 240),
    "dreamchess-data": ("/dreamchess/", 10, 240),
    "lordsawar-data": ("/various/", 8, 240),
    "glob2-data": ("/gfx/", 5, 240),
    "sway-backgrounds": ("/sway/", 5, 240),
    "python-scipy-doc": ("/_images/", 25, 240),
    "python-statsmodels-doc": ("/_images/|/plots/", 22, 240),
    "python-astropy-doc": ("/_images/", 20, 240),
    "octave-doc": ("/octave.html/", 14, 240),
    # Of the sixth run alone.
    "opencv-doc": ("/opencv4/html/|/examples/data/", 45, 240),
    "scorched3d-data": ("/textures/|/windows/|/data/", 30, 240),
    "planetblupi-common": ("/image/", 22, 240),
    "plee-the-bear-data": ("/gfx/", 24, 240),
    "foobillardplus-data": ("/data/", 16, 240),
    "trackballs-data": ("/images/|/levels/", 16, 240),
    "zaz-data": ("/zaz/", 16, 240),
    "btanks-data": ("/tiles/|/tilesets/", 16, 240),
    "caveexpress-data": ("/pics/", 14, 240),
    "krita-data": ("/patterns/|/paintoppresets/|/qmlthemes/", 14, 240),
    "teeworlds-data": ("/mapres/|/skins/", 12, 240),
    "qtbase5-doc-html": ("/images/", 14, 240),
    "kicad-doc-en": ("/images/", 12, 240),
    "python-pandas-doc": ("/_images/", 12, 240),
    "python-xarray-doc": ("/_images/", 8, 240),
    "asymptote-doc": ("/asymptote/", 6, 240),
    "postgis-doc": ("/images/", 6, 240),
    "openshot-qt-doc": ("/_images/", 8, 240),
    "opencity-data": ("/graphism/|/heightmap/", 8, 240),
    "pinball-data": ("/pinball/", 6, 240),
    "bomberclone-data": ("/bomberclone/", 6, 240),
    "starfighter-data": ("/gfx/", 6, 240),
    "hex-a-hop-data": ("/hex-a-hop/", 6, 240),
    "tecnoballz-data": ("/tecnoballz/", 5, 240),
    "pybik": ("/images/", 4, 240),
    "kanagram": ("/ui/|HTML/en/", 4, 240),
    # Of the seventh run alone.
    "fillets-ng-data": ("/images/", 45, 240),
    "flare-game": ("/images/", 40, 240),
    "openarena-081-maps": ("/levelshots/", 20, 240),
    "marsshooter-data": ("/tex/", 20, 240),
    "mirrormagic-data": ("/graphics/", 14, 240),
    "ksirk": ("HTML/en/|/Images/", 14, 240),
    "freegish-data": ("/texture/", 14, 240),
    "digikam-data": ("/digikam/", 14, 240),
    "kdenlive-data": ("HTML/en/", 10, 240),
    "scribus-template": ("/templates/", 10, 240),
    "minetest-data": ("/base/|/textures/", 10, 240),
    "gnujump-data": ("/skins/", 10, 240),
    "kigo": ("HTML/en/|/themes/", 9, 240),
    "granatier": ("HTML/en/|/themes/", 9, 240),
    "lyx-common": ("/examples/|/images/", 9, 240),
    "kmahjongg": ("HTML/en/", 8, 240),
    "xbubble-data": ("/themes/", 8, 240),
    "kapman": ("HTML/en/|/themes/", 7, 240),
    "singularity": ("/images/", 6, 240),
    "lmms-common": ("/lmms/", 6, 240),
    "biniax2-data": ("/graphics/", 6, 240),
    "berusky-data": ("/Graphics/", 6, 240),
    "gimp-data": ("/gimp/", 6, 240),
    "kblocks": ("HTML/en/|/themes/", 4, 240),
    "kbounce": ("HTML/en/|/themes/", 4, 240),
    "ksnakeduel": ("HTML/en/|/themes/", 4, 240),
    "konquest": ("HTML/en/|/pics/", 4, 240),
    "slimevolley-data": ("/themes/", 4, 240),
    "monsterz-data": ("/graphics/", 4, 240),
    "kobodeluxe-data": ("/gfx/", 4, 240),
    "calamares-settings-debian": ("/branding/|/pixmaps/", 4, 240),
    "python-pyqtgraph-doc": ("/_images/", 4, 240),
    "kpat": ("HTML/en/|/previews/", 3, 240),
    "ksquares": ("HTML/en/", 3, 240),
    "xplanet-images": ("/xplanet/", 3, 240),
    "kreversi": ("HTML/en/", 2, 240),
    "kiriki": ("HTML/en/", 2, 240),
    "kfourinline": ("HTML/en/", 2, 240),
    "circuslinux-data": ("/images/", 2, 240),
    "pathological": ("/graphics/", 2, 240),
    "solarwolf": ("/data/", 2, 240),
    # Of the eighth run alone.
    "wesnoth-1.16-did": ("/images/", 6, 240),
    "wesnoth-1.16-dm": ("/images/", 6, 240),
    "wesnoth-1.16-dw": ("/images/", 6, 240),
    "wesnoth-1.16-ei": ("/images/", 6, 240),
    "wesnoth-1.16-httt": ("/images/", 6, 240),
    "wesnoth-1.16-low": ("/images/", 6, 240),
    "wesnoth-1.16-nr": ("/images/", 6, 240),
    "wesnoth-1.16-sof": ("/images/", 6, 240),
    "wesnoth-1.16-sotbe": ("/images/", 6, 240),
    "wesnoth-1.16-thot": ("/images/", 6, 240),
    "wesnoth-1.16-trow": ("/images/", 6, 240),
    "wesnoth-1.16-tsg": ("/images/", 6, 240),
    "wesnoth-1.16-ttb": ("/images/", 6, 240),
    "wesnoth-1.16-utbs": ("/images/", 6, 240),
    "nexuiz-textures": ("/textures/", 45, 240),
    "gnubg-data": ("/gnubg/", 12, 240),
    "biloba-data": ("/en/|/common/", 4, 240),
    "ceferino-data": ("/ima/", 6, 240),
    "hannah-data": ("/images/", 6, 240),
    "gnome-klotski": ("/figures/", 5, 240),
    "gnome-user-docs": ("/figures/", 10, 240),
    "gnome-mahjongg": ("/figures/|/themes/", 4, 240),
    "gnome-taquin": ("/themes/", 4, 240),
    "inkscape-tutorials": ("/tutorials/", 6, 240),
    "basket-data": ("/backgrounds/", 5, 240),
    "lightsoff": ("/figures/", 3, 240),
    "lbreakout2-data": ("/gfx/", 5, 240),
    "xye-data": ("/res/", 4, 240),
    "lxde-common": ("/wallpapers/", 3, 240),
    "fvwm-crystal": ("/wallpapers/", 3, 240),
    "gnucash-docs": ("/figures/", 12, 240),
    "five-or-more": ("/figures/", 3, 240),
    "akregator": ("HTML/en/", 3, 240),
    "artikulate": ("HTML/en/", 3, 240),
    "calligraplan": ("HTML/en/", 3, 240),
    "calligrasheets-data": ("HTML/en/", 3, 240),
    "cantor": ("HTML/en/", 3, 240),
    "cervisia": ("HTML/en/", 3, 240),
    "dolphin": ("HTML/en/", 3, 240),
    "filelight": ("HTML/en/", 3, 240),
    "gwenview": ("HTML/en/", 3, 240),
    "juk": ("HTML/en/", 3, 240),
    "kaffeine": ("HTML/en/", 3, 240),
    "kbibtex-data": ("HTML/en/", 3, 240),
    "kbruch": ("HTML/en/", 3, 240),
    "kdevelop-data": ("HTML/en/", 3, 240),
    "kget": ("HTML/en/", 3, 240),
    "kgpg": ("HTML/en/", 3, 240),
    "khelpcenter": ("HTML/en/", 3, 240),
    "kig": ("HTML/en/", 3, 240),
    "kiten": ("HTML/en/", 3, 240),
    "kmail": ("HTML/en/", 3, 240),
    "kmouth": ("HTML/en/", 3, 240),
    "kmplot": ("HTML/en/", 3, 240),
    "kmymoney-common": ("HTML/en/", 3, 240),
    "kolourpaint": ("HTML/en/", 3, 240),
    "konqueror": ("HTML/en/", 3, 240),
    "krdc": ("HTML/en/", 3, 240),
    "krusader": ("HTML/en/", 3, 240),
    "ktouch-data": ("HTML/en/", 3, 240),
    "kturtle": ("HTML/en/", 3, 240),
    "kwave": ("HTML/en/", 3, 240),
    "kwordquiz": ("HTML/en/", 3, 240),
    "lokalize": ("HTML/en/", 3, 240),
    "okular": ("HTML/en/", 3, 240),
    "skrooge-common": ("HTML/en/", 3, 240),
    "plasma-desktop-data": ("HTML/en/", 3, 240),
}
STRANGERS = (
    "openclipart-png",
    "unknown-horizons",
    "freecol",
    "freeorion-data",
    "supertux-data",
    "widelands-data",
    "gimp-help-en",
    "frozen-bubble-data",
    "kstars-data",
    "stellarium-data",
    # Of the sixth run alone.
    "ufoai-textures",
    "berusky2-data",
    "oxygen-icon-theme",
    "vtk9-doc",
    "libreoffice-common",
    "hugin-data",
    "manaplus-data",
    "lbreakouthd-data",
)
LONGEST = 720  # pixels of a source
LARGE_FILE = (
    400_000  # bytes of a stranger's file at most: what is larger takes longer to open than to look up
)
STRANGE_LOOKS = 3  # of each strange scene
SCENE = "scene"  # before the name of a painted scene
HARDEST = (
    "crop 50 %",
    "words across it",
    "combined",
)
OTHER_MARKS = 60  # that are not in a picture, held against it
EVEN, LARGE_SKY = 2.0, 0.2  # levels of 255; the share of a picture
DIFFER = 4.0  # levels of 255, in the mean, that two looks of one layout differ at least: less nobody sees


def asked_before(works: list[Path]) -> set[str]:
    """What earlier runs were about, by folder and name: a later version may have been made with it. Of a strange scene
    only the look that was asked.
    """
    lines = [
        each["name"]
        for work in works
        for kind in ("edits", "strangers")
        for each in _read(work / f"{kind}.jsonl")
    ]
    paths = [Path(each if ".npz#" in each else each.rpartition("#")[0]) for each in lines]
    return {f"{path.parent.name}/{path.name}" for path in paths}


def sources(
    packages: Path, scene_folder: Path, count: int, no: set[str], strange: Container[str]
) -> list[tuple[str, list[Pixels]]]:
    """So many sources: pictures of the packages, drawn by lot, and for the rest scenes in two looks that differ. No
    package that is `strange` gives any.

    Of pictures with nearly the same name (layers or states of one) one is taken. `no`: what is left out.
    """
    lot = random.Random(14)
    chosen: list[tuple[str, list[Pixels]]] = []
    for name in (each for each in PICTURES if each not in strange):
        chosen += [
            (f"{path.parent.name}/{path.name}", [read(path, LONGEST)])
            for path in _drawn(packages, name, no, lot)
        ]
    layouts = [(name, looks) for name, looks in scenes(scene_folder) if f"{SCENE}/{name}" not in no]
    lot.shuffle(layouts)
    for name, layout in layouts[: max(0, count - len(chosen))]:
        other = max(layout[1:], key=lambda look: _apart(look, layout[0]))
        looks = [layout[0], other] if _apart(other, layout[0]) >= DIFFER else [layout[0]]
        chosen.append((f"{SCENE}/{name}", [_large(each) for each in looks]))
    lot.shuffle(chosen)
    return chosen[:count]


def _drawn(packages: Path, name: str, no: set[str], lot: random.Random) -> list[Path]:
    """The pictures of one package that are measured on: always the same."""
    holds, most, shortest = PICTURES[name]
    kinds: dict[str, Path] = {}
    found = [path for folder in sorted(packages.glob(f"{name}*")) for path in files(folder, shortest)]
    lot.shuffle(found)
    for path in found:
        wanted = any(each in str(path) for each in holds.split("|"))
        if wanted and "l10n" not in str(path) and f"{path.parent.name}/{path.name}" not in no:
            kinds.setdefault(path.stem.rstrip("0123456789-_"), path)
    return list(kinds.values())[:most]


def _apart(one: Pixels, two: Pixels) -> float:
    return float(np.abs(one.astype(np.int16) - two).mean())


def _large(scene: Pixels) -> Pixels:
    return cv2.resize(
        scene, (512, round(512 * scene.shape[0] / scene.shape[1])), interpolation=cv2.INTER_CUBIC
    )


def negatives(
    packages: Path, scene_folder: Path, count: int, no: set[str], strange: Iterable[str]
) -> Iterator[tuple[str, Pixels]]:
    """Pictures of which none is in the index: painted scenes of other layouts, and those of the packages that are
    `strange`: clip art, sprites, parts of games, diagrams.

    Of pictures in one folder with nearly the same name (frames of one movement) one is taken. `no`: what is left out,
    by folder and name.
    """
    lot = random.Random(15)
    found: list[tuple[Path, int]] = [
        (path, look)
        for path in sorted(scene_folder.glob("*.npz"))
        for look in range(STRANGE_LOOKS)
        if f"{path.parent.name}/{path.name}#{look}" not in no
    ]
    rest = [path for name in strange for path in files(packages / name, 96)]
    lot.shuffle(rest)
    kinds: dict[tuple[Path, str], Path] = {}
    for path in rest:
        if f"{path.parent.name}/{path.name}" not in no and path.stat().st_size < LARGE_FILE:
            kinds.setdefault((path.parent, path.stem.rstrip("0123456789-_")), path)
    lot.shuffle(found)
    found = found[: count // 3]
    found += [(path, -1) for path in list(kinds.values())[: count - len(found)]]
    lot.shuffle(found)
    for path, look in found:
        picture = read(path, LONGEST) if look < 0 else _large(np.load(path)["painted"][look])
        yield f"{path}#{look}", picture


def build(work: Path, chosen: list[tuple[str, list[Pixels]]]) -> tuple[Search, list[tuple[str, Pixels, str]]]:
    """The index of the marked sources, and each as (id, marked picture, layout)."""
    kept, file = [], IndexFile(work / "lookup.sqlite3")
    have = file.pictures()
    for layout, looks in chosen:
        for number, look in enumerate(looks):
            name = f"{layout}#{number}"
            image = marked(Image.fromarray(look), KEY, name)
            if image is None:
                continue
            if have.get(name) != vocabulary().name:
                found = indexed(name, image, unmarked(image, KEY, name))
                if found is not None:
                    file.add([found])
            kept.append((name, np.asarray(image), layout))
    in_it = file.pictures()
    print("without texture:", [name for name, _, _ in kept if name not in in_it], flush=True)
    vault = {name: picture for name, picture, _ in kept}

    def plain(name: str) -> Image.Image:
        return unmarked(Image.fromarray(vault[name]), KEY, name)

    return Search.of(file, plain), [each for each in kept if each[0] in in_it]


def main() -> None:
    """Run what is missing, then print the table."""
    asked = argparse.ArgumentParser(description=__doc__)
    for name in ("packages", "scenes", "work"):
        asked.add_argument(name, type=Path)
    usual = {"sources": 210, "negatives": 10_000, "fill": 100_000, "minutes": 30}
    for name, number in usual.items():
        asked.add_argument(f"--{name}", type=int, default=number)
    asked.add_argument(
        "--part", type=int, nargs=2, default=(0, 1), help="which of how many parts: for several processes"
    )
    asked.add_argument(
        "--without",
        type=Path,
        nargs="*",
        default=[],
        help="WORK of earlier runs: their pictures are left out",
    )
    asked.add_argument(
        "--strangers", nargs="*", default=STRANGERS, help="the packages that give strangers, and no sources"
    )
    asked.add_argument("--edit", choices=EDITS, nargs="*", default=[*EDITS], help="these edits alone")
    asked.add_argument(
        "--only",
        choices=("edits", "strangers", "cuts", "mark", "table"),
        help="cuts: the strangers, asked of the records' cuts alone, without key points",
    )
    given = asked.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    ends = time.process_time() + given.minutes * 60
    if given.only != "table":
        no = asked_before(given.without)
        chosen = sources(given.packages, given.scenes / "sources", given.sources, no, given.strangers)
        search, kept = build(given.work, chosen)
        real = real_codes(given.packages, given.scenes / "learnt", given.work / "fillers.npz")
        search = filled(search, real, given.fill)
        print(f"{len(kept)} records, {len(search.postings.owners):,} postings", flush=True)
        if given.only in {None, "mark"}:
            _write(given.work / "mark.jsonl", _tries(search, kept))
        if given.only in {None, "edits"}:
            _write(given.work / "edits.jsonl", _asked(search, kept, given, ends))
        if given.only in {None, "strangers"}:
            _write(given.work / "strangers.jsonl", _strangers(search, given, ends))
        if given.only == "cuts":
            _write(given.work / "cuts.jsonl", _strangers(search, given, ends))
    table(_read(given.work / "edits.jsonl"), _read(given.work / "strangers.jsonl"))
    cuts = _read(given.work / "cuts.jsonl")
    print(
        f"{sum(bool(each['found']) for each in cuts)} of {len(cuts)} strangers asked of the cuts alone found one"
    )
    _table_of_marks(_read(given.work / "mark.jsonl"))


def _write(path: Path, lines: Iterator[dict[str, object]]) -> None:
    with path.open("a") as out:
        for line in lines:
            out.write(json.dumps(line) + "\n")
            out.flush()


def _read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def _asked(
    search: Search, kept: list[tuple[str, Pixels, str]], given: argparse.Namespace, ends: float
) -> Iterator[dict[str, object]]:
    """Every edit of every source: the hardest of all sources first, so that a run cut short has those."""
    firsts = [each for each in kept if each[0].endswith("#0")]
    done = {(each["edit"], each["name"]) for each in _read(given.work / "edits.jsonl")}
    part, parts = given.part
    for edits in (HARDEST, [each for each in EDITS if each not in HARDEST]):
        for place, (name, picture, layout) in islice(enumerate(firsts), part, None, parts):
            beside = [firsts[(place + step) % len(firsts)] for step in (3, 5, 7, 11)]
            for edit in edits:
                if edit not in given.edit or (edit, name) in done or time.process_time() > ends:
                    continue
                lot, others = random.Random(f"{name} {edit}"), [each[1] for each in beside]
                allowed = {layout} | (
                    {each[2] for each in beside} if edit == "quarter of a collage" else set()
                )
                changed = EDITS[edit](picture, lot, others)
                yield {"edit": edit, "name": name} | _answer(search, changed, name, layout, allowed)


def _answer(search: Search, changed: Pixels, name: str, layout: str, allowed: set[str]) -> dict[str, object]:
    began = time.process_time()
    query = Query.of(Image.fromarray(changed))
    near = search.candidates(query)
    found = search.answer(query, KEY)
    took = time.process_time() - began
    family = [each for each in found if _layout(each) == layout]
    by_looks = max(family, key=lambda each: each.detail, default=None)
    return {
        "candidate": name in [each.picture for each in near],
        "votes": next((each.votes for each in near if each.picture == name), 0),
        "found": bool(family),
        "first": bool(family) and family[0].picture == name,
        "first_by_looks": by_looks is not None and by_looks.picture == name,
        "variants": sum(each.startswith(f"{layout}#") for each in search.pictures),
        "mark": next((each.mark for each in found if each.picture == name), None),
        "other_mark": max((abs(each.mark or 0) for each in family if each.picture != name), default=None),
        "agree": next((each.agree for each in found if each.picture == name), 0),
        "others": sum(each.picture != name for each in found),
        "wrong": [each.picture for each in found if _layout(each) not in allowed],
        "took": took,
    }


def _layout(likeness: Likeness) -> str:
    return likeness.picture.rpartition("#")[0]


def _strangers(search: Search, given: argparse.Namespace, ends: float) -> Iterator[dict[str, object]]:
    kind, query_of, answer = "strangers", Query.of, search.answer
    if given.only == "cuts":
        kind, query_of, answer = "cuts", _without_points, partial(_of_its_cuts, search)
    done = {each["name"] for each in _read(given.work / f"{kind}.jsonl")}
    part, parts = given.part
    held = {name.rpartition("#")[0] for name in search.file.pictures()}
    no = held | asked_before(given.without)
    chosen = negatives(given.packages, given.scenes / "strangers", given.negatives, no, given.strangers)
    for name, picture in islice(chosen, part, None, parts):
        if name in done:
            continue
        if time.process_time() > ends:
            return
        began = time.process_time()
        query = query_of(Image.fromarray(picture))
        found = answer(query, KEY)
        yield {"name": name, "texture": query.has_texture, "found": [each.picture for each in found],
               "words": [each.words for each in found], "mark": max((abs(each.mark or 0) for each in found), default=0),
               "took": time.process_time() - began}  # fmt: skip


def _without_points(image: Image.Image) -> Query:
    picture = np.asarray(image)
    none = Keypoints.unpacked(b"")
    return Query(picture, image.width, grey(picture, LOOKED_AT), none, none, ())


def _of_its_cuts(search: Search, query: Query, key: MarkKey) -> tuple[Likeness, ...]:
    return search.slid_over(query, search.cut_from(query), key)


def _tries(search: Search, kept: list[tuple[str, Pixels, str]]) -> Iterator[dict[str, object]]:
    """How strong each mark is in the picture, and how far 50 marks that are not in it stand out all the same."""
    for name, picture, _ in kept:
        changed = EDITS["JPEG 60"](picture, random.Random(1), [])
        query, record = Query.of(Image.fromarray(changed)), search.file.get(name)
        proof = proved(query, record, False) if record else None
        if record is None or proof is None:
            continue
        reference, cells = unpacked(record.reference), cells_for((record.width, record.height))
        rest = rest_of(query.picture, proof.matrix, reference, cells)
        plain = np.asarray(unmarked(Image.fromarray(picture), KEY, name), np.float64)
        apart, flat = ((plain - picture) ** 2).mean(axis=2), _flat(plain)
        others = [strength_in(rest, KEY, f"{name} not {number}") for number in range(OTHER_MARKS)]
        yield {"name": name, "decibels": _decibels(apart), "mark": strength_in(rest, KEY, name), "others": others,
               "flat": float(flat.mean()), "flat_decibels": _decibels(apart[flat]) if flat.any() else None}  # fmt: skip


def _flat(picture: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where a picture is as even as a clear sky: around each pixel, light deviates by less than two levels."""
    light = picture.mean(axis=2)
    mean = cv2.blur(light, (17, 17))
    return np.asarray(cv2.blur(light * light, (17, 17)) - mean * mean < EVEN**2)


def _decibels(apart: NDArray[np.float64]) -> float:
    return float(10 * np.log10(255**2 / max(float(apart.mean()), 1e-9)))


def _table_of_marks(lines: list[dict]) -> None:
    if not lines:
        return
    others = np.array([each["others"] for each in lines]).ravel()
    decibels = [each["decibels"] for each in lines]
    print(
        f"marks of {len(lines)} pictures: {min(decibels):.1f} dB at least, {np.median(decibels):.1f} in the middle"
    )
    skies = [each["flat_decibels"] for each in lines if each["flat"] >= LARGE_SKY]
    print(
        f"in the even parts of the {len(skies)} with a large even part: {min(skies, default=0):.1f} dB at least"
    )
    most, deviation = np.abs(others).max(), others.std()
    print(f"{len(others):,} marks that are not there: z of {most:.2f} at most, deviation {deviation:.2f}")


def _at_most(found: int, asked: int) -> float:
    """The share that is not exceeded with 95 % confidence (Poisson)."""
    within = (3.0, 4.75, 6.3, 7.76, 9.16, 10.52)
    return within[min(found, len(within) - 1)] / max(asked, 1)


def table(edited: list[dict], strangers: list[dict]) -> None:
    """What was reached, as rows of Markdown."""
    by_edit = defaultdict(list)
    for line in edited:
        by_edit[line["edit"]].append(line)
    print("| edit | asked | among the candidates | found | right variant | by its looks alone | mark read |")
    print("|---|---|---|---|---|---|---|")
    for edit in (each for each in EDITS if by_edit[each]):
        rows = by_edit[edit]
        shares = [np.mean([each[what] for each in rows]) for what in ("candidate", "found")]
        several = [each for each in rows if each["found"] and each["variants"] > 1]
        right = [
            np.mean([each[what] for each in several]) if several else 0
            for what in ("first", "first_by_looks")
        ]
        read_ = np.mean([(each["mark"] or 0) >= MARK_FOUND for each in rows])
        print(
            f"| {edit} | {len(rows)} | "
            + " | ".join(f"{each:.3f}" for each in (*shares, *right, read_))
            + " |"
        )
    wrong = [each for each in edited if each["wrong"]]
    false = [each for each in strangers if each["found"]]
    print(f"{len(wrong)} of {len(edited)} of the edited found a wrong record")
    most = _at_most(len(false), len(strangers))
    print(f"{len(false)} of {len(strangers)} strangers found one (with 95 % confidence {most:.3%} at most)")
    print(f"{sum(each['texture'] for each in strangers)} of them had texture")
    for each in (*wrong[:20], *false[:20]):
        print("  ", each)
    others = [each["other_mark"] for each in edited if each["other_mark"] is not None]
    print(f"largest z of another look's mark: {max(others, default=0):.1f} of {len(others)}")
    for name, lines in (("edited", edited), ("strangers", strangers)):
        took = [each["took"] for each in lines] or [0]
        print(f"{name}: {np.median(took) * 1000:.0f} ms of processor time (median)")


if __name__ == "__main__":
    main()
