"""The hooks for other programs: each is loaded as its program loads it, and hands saved pictures to the real command.

The programs are not here. Stand-ins have the names that they document: ComfyUI's node classes and `folder_paths`,
AUTOMATIC1111's `modules.script_callbacks`, Krita's `Extension` and notifier.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy
import pytest
from click.testing import CliRunner
from conftest import draw_house
from PIL import Image

import provenance
from provenance.commands import watch
from provenance.commands.watch import watch_command
from provenance.commands.watch_signing import Signing
from provenance.errors import OutputError
from provenance.release.opening import open_archive
from provenance.settings import Settings
from provenance.statement.credit import Credit, Role
from provenance.statement.statement import Project
from provenance.statement.vocabulary import SourceType

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / "hooks"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GENZU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GENZU_COMMAND", f"{sys.executable} -m generation")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path / "home"


def loaded(path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    inside = [str(path.parent)] if path.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=inside)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


def test_each_hook_has_the_same_way_to_the_command():
    copies = {path.read_bytes() for path in HOOKS.rglob("signing.py")}
    assert len(copies) == 1 and len([*HOOKS.rglob("signing.py")]) == 3


# --- ComfyUI ---------------------------------------------------------------------------------------------------


@pytest.fixture
def node(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "output"
    folder.mkdir()
    paths = SimpleNamespace(
        get_output_directory=lambda: str(folder),
        get_save_image_path=lambda prefix, where, width, height: (where, prefix, 1, "", prefix),
    )
    monkeypatch.setitem(sys.modules, "folder_paths", paths)
    module = loaded(HOOKS / "comfyui" / "__init__.py", "comfyui_genzu", monkeypatch)
    (kind,) = module.NODE_CLASS_MAPPINGS.values()
    assert module.NODE_DISPLAY_NAME_MAPPINGS.keys() == module.NODE_CLASS_MAPPINGS.keys()
    asked = kind.INPUT_TYPES()
    assert asked["required"]["images"] == ("IMAGE",) and kind.OUTPUT_NODE and kind.RETURN_TYPES == ()
    return SimpleNamespace(save=getattr(kind(), kind.FUNCTION), folder=folder)


IMAGE = numpy.linspace(0, 1, 2 * 32 * 48 * 3, dtype=numpy.float32).reshape(2, 32, 48, 3)


def test_comfyui_s_pictures_are_saved_as_always_and_signed_beside(node, home, capsys):
    told = node.save(
        IMAGE, "winter", "prompt: Abe Rin", "over a picture", production="Kita", shot="c014",
        prompt={"3": {"class_type": "KSampler"}}, extra_pnginfo={"workflow": {"nodes": []}},
    )  # fmt: skip
    saved = [each["filename"] for each in told["ui"]["images"]]
    assert saved == ["winter_00001_.png", "winter_00002_.png"]
    with Image.open(node.folder / saved[0]) as picture:
        assert json.loads(picture.text["prompt"])["3"]["class_type"] == "KSampler"
    assert capsys.readouterr().out.splitlines() == [
        f"Genzu signed and recorded signed/{each}." for each in saved
    ]
    answer = provenance.inspect(node.folder / "signed" / saved[1], home=home)
    assert (answer["verdict"], answer["classification"]) == ("intact, known signer", "AI-assisted")
    assert answer["record"]["project"]["shot"] == "c014"
    assert "painted by an AI model that is not named" in answer["history"]["sentence"]


@pytest.mark.parametrize(
    ("command", "by", "words"),
    [
        ("no-such-command", "prompt: Abe Rin", "the command genzu is not here"),
        (None, "", "nobody is named"),
        (None, "painter: Abe Rin", "is no role"),
        (f"{sys.executable} -c 'import sys; sys.exit(3)'", "prompt: Abe Rin", "it gave no reason"),
    ],
)
def test_whatever_goes_wrong_the_pictures_are_saved_and_one_line_says_why(
    node, monkeypatch, capsys, command, by, words
):
    if command:
        monkeypatch.setenv("GENZU_COMMAND", command)
    told = node.save(IMAGE[:1], "winter", by, "from words")
    assert (node.folder / told["ui"]["images"][0]["filename"]).is_file()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("Genzu did not sign winter_00001_.png: ") and words in line
    assert not [*node.folder.glob("signed/*")]


# --- AUTOMATIC1111 and Forge -----------------------------------------------------------------------------------


def test_forge_signs_what_it_saved_from_words_or_over_a_picture_and_no_grid(
    tmp_path, home, monkeypatch, capsys
):
    heard, options = {}, {}
    modules = ModuleType("modules")
    modules.script_callbacks = SimpleNamespace(
        on_image_saved=lambda handler: heard.update(saved=handler),
        on_ui_settings=lambda handler: heard.update(settings=handler),
    )
    opts = SimpleNamespace(add_option=lambda name, info: options.update({name: info}))
    modules.shared = SimpleNamespace(opts=opts, OptionInfo=lambda *words, **more: words)
    monkeypatch.setitem(sys.modules, "modules", modules)
    monkeypatch.setattr(sys, "path", [*sys.path])
    loaded(HOOKS / "forge" / "scripts" / "genzu_signed.py", "genzu_signed_forge", monkeypatch)
    heard["settings"]()
    assert set(options) == {"genzu_by", "genzu_production"}
    words, over, grid = (tmp_path / name for name in ("00001-7.png", "00002-7.png", "grid-0001.png"))
    for number, path in enumerate((words, over, grid)):
        draw_house((48, 32 + number)).save(path)
    saved = [
        (words, SimpleNamespace()),
        (over, SimpleNamespace(init_images=[object()])),
        (grid, SimpleNamespace()),
    ]
    assert [heard["saved"](SimpleNamespace(filename=str(path), p=p)) for path, p in saved] == [None] * 3
    opts.genzu_by = "prompt: Abe Rin"
    for path, p in saved:
        thread = heard["saved"](SimpleNamespace(filename=str(path), p=p))
        if thread is not None:
            thread.join()
    answers = [
        provenance.inspect(tmp_path / "signed" / each.name, home=home)["classification"]
        for each in (words, over)
    ]
    assert answers == ["AI-generated", "AI-assisted"] and not (tmp_path / "signed" / grid.name).exists()
    assert heard["saved"](SimpleNamespace(filename=None, p=None)) is None  # it never raises
    sys.modules.pop("signing", None)


# --- Krita -----------------------------------------------------------------------------------------------------


def test_krita_signs_an_export_by_whoever_said_their_name_and_no_work_file(
    tmp_path, home, monkeypatch, capsys
):
    kept, slots, added = {}, [], []

    class Extension:
        def __init__(self, parent):
            self.parent = parent

    krita = SimpleNamespace(
        notifier=lambda: SimpleNamespace(
            setActive=lambda on: None, imageSaved=SimpleNamespace(connect=slots.append)
        ),
        readSetting=lambda group, name, usual: kept.get((group, name), usual),
        writeSetting=lambda group, name, value: kept.update({(group, name): value}),
        addExtension=added.append,
    )
    monkeypatch.setitem(
        sys.modules,
        "krita",
        SimpleNamespace(Extension=Extension, Krita=SimpleNamespace(instance=lambda: krita)),
    )
    loaded(HOOKS / "krita" / "genzu_signed" / "__init__.py", "genzu_signed", monkeypatch)
    (plugin,) = added
    plugin.setup()
    (saved,) = slots
    export, work = tmp_path / "c014.png", tmp_path / "c014.kra"
    draw_house().save(export)
    work.write_bytes(b"a zip")
    assert saved(str(export)) is None  # nobody is named yet
    kept["genzu_signed", "by"] = "layout: Mori Aoi"
    assert saved(str(work)) is None
    saved(str(export)).join()
    assert (
        provenance.inspect(tmp_path / "signed" / "c014.png", home=home)["classification"]
        == "recorded as human-made"
    )
    assert "Name=" in (HOOKS / "krita" / "genzu_signed.desktop").read_text(encoding="utf-8")


# --- any program: a watched folder ------------------------------------------------------------------------------


def test_a_watched_folder_signs_each_picture_once_and_again_when_it_was_saved_anew(tmp_path, monkeypatch):
    settings, exports, out = Settings(home=tmp_path / "home"), tmp_path / "exports", tmp_path / "signed"
    (exports / "ep1").mkdir(parents=True)
    draw_house().save(exports / "ep1" / "c014.png")
    (exports / "broken.png").write_bytes(b"not whole")
    (exports / "c015.png.tmp").write_bytes(b"half")
    looks = []

    def look(_seconds):
        looks.append(1)
        if len(looks) == 4:
            draw_house((80, 60)).save(exports / "ep1" / "c014.png")
        if len(looks) == 8:
            raise KeyboardInterrupt

    monkeypatch.setattr(watch.time, "sleep", look)
    asked = [str(exports), "--sign-to", str(out), "--by", "layout: Mori Aoi", "--source", "digitalCreation"]
    done = CliRunner().invoke(watch_command, asked, obj=settings)
    signed = [line for line in done.output.splitlines() if ": signed, " in line]
    assert len(signed) == 2 and done.output.count("broken.png: not signed: ") == 1
    with Image.open(out / "ep1" / "c014.png") as picture:
        assert picture.size == (80, 60)
    assert (
        provenance.inspect(out / "ep1" / "c014.png", home=settings.home)["verdict"] == "intact, known signer"
    )
    assert not (out / "c015.png.tmp").exists()
    looks[:] = [1] * 5  # the next start: nothing is signed twice
    again = CliRunner().invoke(watch_command, asked, obj=settings)
    assert ": signed, " not in again.output


def watching(folder, out):
    return [str(folder), "--sign-to", str(out), "--by", "layout: Mori Aoi", "--source", "print"]


def test_two_who_watch_for_one_folder_of_copies_do_not_both_sign(tmp_path, settings, monkeypatch):
    exports, out, others = tmp_path / "in", tmp_path / "out", []
    exports.mkdir()
    draw_house().save(exports / "c014.png")
    looks = []

    def look(_seconds):
        looks.append(1)
        if len(looks) == 1:
            others.append(CliRunner().invoke(watch_command, watching(exports, out), obj=settings))
        if len(looks) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(watch.time, "sleep", look)
    CliRunner().invoke(watch_command, watching(exports, out), obj=settings)
    assert isinstance(others[0].exception, OutputError) and "another watch" in str(others[0].exception)
    with open_archive(settings) as archive:
        assert len(archive.ledger.pictures()) == 1
    looks[:] = [1]  # the first has ended: the folder is free again
    again = CliRunner().invoke(watch_command, watching(exports, out), obj=settings)
    assert "another watch" not in str(again.exception)


def test_a_link_in_a_watched_folder_is_not_followed(tmp_path, settings, monkeypatch):
    exports, out, looks = tmp_path / "in", tmp_path / "out", []
    exports.mkdir()
    draw_house().save(tmp_path / "private.png")
    (exports / "c014.png").symlink_to(tmp_path / "private.png")

    def look(_seconds):
        looks.append(1)
        if len(looks) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(watch.time, "sleep", look)
    done = CliRunner().invoke(watch_command, watching(exports, out), obj=settings)
    assert done.output.count("c014.png: not signed: it is a link, and links are not followed") == 1
    assert not out.exists() or [*out.iterdir()] == []


def test_a_picture_that_was_replaced_under_its_old_size_and_date_is_signed_again(tmp_path):
    path = tmp_path / "c014.png"
    path.write_bytes(b"as it was")
    before, stat = watch.snapshot(tmp_path), path.stat()
    path.write_bytes(b"replaced!")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert watch.snapshot(tmp_path) != before


def test_signed_copies_do_not_go_into_the_watched_folder(tmp_path, settings):
    (tmp_path / "in").mkdir()
    asked = [
        str(tmp_path / "in"),
        "--sign-to",
        str(tmp_path / "in" / "signed"),
        "--by",
        "layout: M",
        "--source",
        "print",
    ]
    found = CliRunner().invoke(watch_command, asked, obj=settings)
    assert isinstance(found.exception, OutputError) and "signed again" in str(found.exception)
    for missing in (["--by", "layout: M"], []):
        words = [str(tmp_path / "in"), "--sign-to", str(tmp_path / "out"), *missing]
        assert CliRunner().invoke(watch_command, words, obj=settings).exit_code == 2
    assert CliRunner().invoke(watch_command, [str(tmp_path / "in")], obj=settings).exit_code == 2


def test_a_picture_that_is_saved_again_since_the_folder_was_looked_at_waits_for_the_next_look(
    tmp_path, settings
):
    exports, out = tmp_path / "in", tmp_path / "out"
    exports.mkdir()
    draw_house().save(exports / "c014.png")
    signing = Signing(exports, out, SourceType.PRINT, (Credit(Role.LAYOUT, "Mori Aoi"),), Project())
    looked = watch.snapshot(exports)
    draw_house((80, 60)).save(exports / "c014.png")
    assert list(signing.sign(settings, looked)) == []
    (told,) = signing.sign(settings, watch.snapshot(exports))
    assert ": signed, " in told
