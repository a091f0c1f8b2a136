"""The film's way made small: hand-drawn layout, two passes of AI, a revision by hand; signed and recorded for real."""

from pathlib import Path

from PIL import Image, ImageDraw

from provenance.media.picture import encode
from provenance.release.archive import Archive
from provenance.release.job import Job, software
from provenance.release.made import Made, Released
from provenance.release.release import open_input, record, release, retouch, source_of
from provenance.statement.canonical import Digest, new_id
from provenance.statement.credit import parse_credit
from provenance.statement.statement import InputRole, ModelUse, Project, Prompt, Statement
from provenance.statement.vocabulary import Disclosure, Relation, SourceType, Stage, Step

PRODUCTION = "The Dog & The Boy"
MODEL = ModelUse(
    "genzu-house", "embedded", "unpinned", "CC BY-SA 4.0", "4,000 OpenMoji pictures", Digest.of(b"model"),
    {"unet/model.safetensors": Digest.of(b"unet")}, "OpenMoji authors",
)  # fmt: skip
STRANGER = ModelUse("some-model", "hub/some", "unpinned", "unknown", "unknown", Digest.of(b"stranger"))
SECRET_PROMPT = "a railway station in deep snow, secret of the studio"


class Film:
    """Makes pictures of one production in an archive. Each call gives a signed file on the record."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive, self.folder, self._count = archive, folder, 0

    def draw(self, *, over: Path | None = None) -> Path:
        """A new drawing, different from every other one."""
        self._count += 1
        picture = Image.open(over).convert("RGB") if over else Image.new("RGB", (96, 64), "white")
        pen = ImageDraw.Draw(picture)
        pen.line((2, self._count % 60, 90, 60), fill=(self._count * 37 % 255, 40, 60), width=3)
        path = self.folder / f"drawn-{self._count}.png"
        picture.save(path)
        return path

    def out(self) -> Path:
        self._count += 1
        return self.folder / f"signed-{self._count}.png"

    def layout(self, *by: str, shot: str = "c014") -> Released:
        return record(
            self.archive,
            self.draw(),
            Job(self.credits(by), self.out(), project=Project(PRODUCTION, "1", shot)),
            source_type=SourceType.DIGITAL_CREATION,
        )

    def statement(
        self,
        given: Path,
        *by: str,
        shot: str = "c014",
        stage: Stage = Stage.TEMP,
        model: ModelUse = MODEL,
        role: InputRole = InputRole.LAYOUT,
    ):
        """A statement to paint over a file, with its source; nothing is made yet."""
        source = source_of(self.archive, open_input(self.archive, given), role, Relation.PARENT)
        return Statement(
            picture=new_id("pic"),
            step=Step.PAINT,
            source_type=SourceType.COMPOSITE_WITH_TRAINED_ALGORITHMIC_MEDIA,
            software=software(),
            credits=self.credits(by),
            inputs=(source.input,),
            prompt=Prompt(SECRET_PROMPT, "", Disclosure.ABSENT),
            model=model,
            parameters={"strength": 0.55, "seed": "7"},
            project=Project(PRODUCTION, "1", shot, stage),
        ), source

    def paint(self, given: Path, *by: str, shot: str = "c014", model: ModelUse = MODEL) -> Released:
        statement, source = self.statement(given, *by, shot=shot, model=model)

        def make() -> Made:
            return Made(
                encode(Image.open(self.draw(over=given)), "image/png"), "image/png", {"device": "cpu"}
            )

        return release(self.archive, statement, (source,), make, Job(statement.credits, self.out()))

    def retouch(self, parent: Path, *by: str, shot: str = "c014", stage: Stage = Stage.TEMP) -> Released:
        return retouch(
            self.archive,
            parent,
            self.draw(over=parent),
            Job(
                self.credits(by),
                self.out(),
                project=Project(PRODUCTION, "1", shot, stage),
                note="private note of the studio",
            ),
        )

    def chain(self, shot: str = "c014") -> list[Released]:
        """Layout, two passes, revision: four people, and one who asked not to be named."""
        first = self.layout("layout: 森 あおい", shot=shot)
        second = self.paint(first.path, "prompt: Sato Hana", "art direction: -", shot=shot)
        third = self.paint(second.path, "prompt: Sato Hana", shot=shot)
        last = self.retouch(
            third.path, "retouch: Elin Lindqvist", "supervision: Kai O'Neil", shot=shot, stage=Stage.FINAL
        )
        return [first, second, third, last]

    def credits(self, by: tuple[str, ...]):
        return tuple(parse_credit(each) for each in by)
