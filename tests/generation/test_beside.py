"""Pictures beside the layout: recorded as inputs with their history, their artists asked, and painted again."""

from dataclasses import replace
from pathlib import Path

import pytest
import tiny_pipelines
from click.testing import CliRunner
from PIL import Image

from generation.cli import genzu
from generation.engine.engine import Engine
from generation.errors import ReplayError, RequestError
from generation.layout.beside import Files
from generation.layout.canvas import Sides
from generation.model.model import find_model
from generation.request.request import PaintSettings
from generation.studio.replay import ReplayOutcome, replay
from generation.studio.studio import Studio
from generation.works.weight import Weight
from generation.works.works import Works, find_kit
from provenance.credentials.read.reader import read_chain
from provenance.errors import ConsentError
from provenance.ledger.entries.kind import EntryKind
from provenance.people.consent import Consent, consent_body
from provenance.people.register import register_of
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.canonical import Digest
from provenance.statement.credit import parse_credit
from provenance.statement.statement import InputRole
from provenance.statement.vocabulary import AdapterKind, Answer, Disclosure, SourceType, Subject

QUICK = PaintSettings("a house", strength=0.8, num_inference_steps=2, long_side=96, seed=7)
BY = (parse_credit("layout: Mori Aoi"), parse_credit("prompt: Sato Hana"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_pipelines.stable_diffusion(tmp_path_factory.mktemp("base") / "tiny")


@pytest.fixture(scope="module")
def works(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Works:
    folder = tmp_path_factory.mktemp("works")
    net = tiny_pipelines.control_net(folder / "net", base)
    (net / "model.json").write_text('{"name": "Depth net", "author": "Kita Sora", "license": "MIT"}')
    style = tiny_pipelines.ip_adapter(folder / "ip", base)
    return Works(controls=(f"depth={net}:0.8@0-0.6", f"lineart={net}"), style=f"{style}:0.9")


@pytest.fixture(scope="module")
def engine(base: Path, works: Works) -> Engine:
    return Engine.load(find_model(str(base)), adapters=find_kit(works))


@pytest.fixture
def studio(archive: Archive, engine: Engine) -> Studio:
    return Studio(archive, engine.model, adapters=engine.easel.kit, _engine=engine)


@pytest.fixture
def style(archive: Archive, tmp_path: Path) -> Path:
    """A painting by Tanaka Yui, on the record."""
    drawn = tmp_path / "drawn.png"
    Image.new("RGB", (40, 60), "teal").save(drawn)
    job = Job((parse_credit("background: Tanaka Yui"),), tmp_path / "style.png")
    return record(archive, drawn, job, source_type=SourceType.DIGITAL_CREATION).path


@pytest.fixture
def depth(tmp_path: Path) -> Path:
    path = tmp_path / "depth.png"
    Image.linear_gradient("L").resize((96, 64)).save(path)
    return path


def test_style_and_guide_are_inputs_and_the_works_are_credited(
    studio: Studio, layout: Path, style: Path, depth: Path, tmp_path: Path
) -> None:
    beside = Files(styles=(style,), guides=(("depth", depth),))
    settings = replace(QUICK, weights=(Weight("lineart", 0.0),))
    made = studio.paint(layout, settings, Job(BY, tmp_path / "out.png"), beside=beside)
    said = made.record.statement
    assert [(each.role, each.resource.digest) for each in said.inputs] == [
        (InputRole.LAYOUT, Digest.of_file(layout)),
        (InputRole.REFERENCE, Digest.of_file(style)),
        (InputRole.CONTROL, Digest.of_file(depth)),
    ]
    used = {each.kind: each for each in said.adapters}
    assert set(used) == {AdapterKind.CONTROL, AdapterKind.STYLE}
    net = used[AdapterKind.CONTROL]
    assert (net.about, net.scale, net.start, net.end) == ("depth", 0.8, 0.0, 0.6)
    assert (net.model.name, net.model.attribution, net.model.license) == ("Depth net", "Kita Sora", "MIT")
    chain = read_chain(made.path, trust=studio.archive.trust)
    assert "Tanaka Yui" in {each.name for step in chain.steps for each in step.people}
    assert chain.file is not None
    told = {str(each.get("adapter")): each for each in chain.file.models}
    assert (told["ControlNet"]["about"], told["ControlNet"]["end"]) == ("depth", 0.6)
    assert told["IP-Adapter"]["scale"] == 0.9
    # Painted again from the record alone, with works that were not used then beside it.
    assert replay(studio, made.record).outcome is ReplayOutcome.IDENTICAL


@pytest.mark.parametrize("subject", [Subject.ANY, Subject.LAYOUT, Subject.STYLE])
def test_who_made_a_style_picture_is_asked_as_for_a_layout(
    studio: Studio, layout: Path, style: Path, tmp_path: Path, subject: Subject
) -> None:
    (yui,) = register_of(studio.archive.ledger).named("Tanaka Yui")
    no = Consent(yui.person, Answer.NO, Answer.NO, subject=subject, seq=0)
    studio.archive.ledger.append(EntryKind.CONSENT_STATED, consent_body(no))
    with pytest.raises(ConsentError, match="Tanaka Yui does not allow"):
        studio.paint(layout, QUICK_ALONE, Job(BY, tmp_path / "out.png"), beside=Files(styles=(style,)))
    assert not (tmp_path / "out.png").exists()


QUICK_ALONE = replace(QUICK, weights=(Weight("lineart", 0.0), Weight("depth", 0.0)))


def test_canvas_tiles_scheduler_and_a_long_prompt_are_recorded_and_painted_again(
    studio: Studio, layout: Path, tmp_path: Path
) -> None:
    words = "a red house in the green hills, " * 9
    heard: list[str] = []
    settings = replace(
        QUICK, prompt=words, long_side=128, extend=Sides(left=32), tile=64, scheduler="Euler",
        weights=(Weight("lineart", 0.5, 0.0, 0.5), Weight("depth", 0.0)),
    )  # fmt: skip
    made = studio.paint(layout, settings, Job(BY, tmp_path / "out.png"), on_note=heard.append)
    asked = made.record.statement.parameters
    assert {name: asked[name] for name in ("extended", "tile", "overlap", "scheduler", "filled", "long_prompt")} == {
        "extended": "left=32", "tile": 64, "overlap": 8, "scheduler": "EulerDiscreteScheduler",
        "filled": True, "long_prompt": "chunks",
    }  # fmt: skip
    assert made.record.facts["tiles"] == 1 and heard == []  # the one tile that the new canvas reaches into
    assert replay(studio, made.record).outcome is ReplayOutcome.IDENTICAL
    with pytest.raises(
        ReplayError, match=r"painted with the ControlNet \(lineart\) Depth net; name the same"
    ):
        replay(replace(studio, adapters=()), made.record)


def test_words_that_are_not_read_are_told_to_who_asks_and_to_nobody_else(
    studio: Studio, layout: Path, tmp_path: Path
) -> None:
    heard: list[str] = []
    words = "a red house in the green hills, " * 9 + "under a violet moon"
    made = studio.paint(
        layout, replace(QUICK_ALONE, prompt=words, long_prompt="cut"), Job(BY, tmp_path / "out.png"),
        disclosure=Disclosure.ABSENT, on_note=heard.append,
    )  # fmt: skip
    assert len(heard) == 1 and heard[0].endswith("under a violet moon”")
    assert made.record.facts["prompt_truncated"] is True
    assert b"violet" not in made.path.read_bytes()
    assert not any(b"violet" in entry.leaf for entry in studio.archive.ledger.entries())


def test_a_picture_goes_in_once(studio: Studio, layout: Path, style: Path, tmp_path: Path) -> None:
    for files in (Files(styles=(layout,)), Files(styles=(style, style)), Files(references=(layout,))):
        with pytest.raises(RequestError, match="goes in already; a reference is another picture, named once"):
            studio.paint(layout, QUICK_ALONE, Job(BY, tmp_path / "out.png"), beside=files)
    assert len(list(studio.archive.ledger.pictures())) == 1  # the style's own


def test_the_command_line_paints_beside_a_controlnet_and_replays(
    base: Path, works: Works, layout: Path, depth: Path, tmp_path: Path
) -> None:
    runner, home = CliRunner(), ["--home", str(tmp_path / "home")]
    shared = ["--model", str(base), "--control", works.controls[0]]
    numbers = ["--strength", "0.8", "--steps", "2", "--long-side", "96", "--weigh", "depth=1.5@0.5-1"]
    asked = [
        "paint",
        str(layout),
        "--prompt",
        "a house",
        "--by",
        "prompt: Abe Rin",
        "-o",
        str(tmp_path / "out.png"),
    ]
    made = runner.invoke(genzu, [*home, *asked, *shared, *numbers, "--guide", f"depth={depth}"])
    assert made.exit_code == 0, made.output
    with open_archive(Settings(home=tmp_path / "home")) as archive:
        (picture,) = archive.ledger.pictures()
    (net,) = picture.statement.adapters
    assert (net.label, net.measure) == ("ControlNet (depth)", "scale 1.5, from 50% to 100% of the steps")
    again = runner.invoke(genzu, [*home, "replay", "--all", *shared])
    assert (again.exit_code, "identical" in again.output) == (0, True), again.output
