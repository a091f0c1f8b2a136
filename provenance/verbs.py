"""Genzu for pipelines: a few verbs in Python that answer with the same data as the commands with `--json`.

    import provenance

    made = provenance.record("layout.png", "signed.png", by=["layout: Mori Aoi"], source="print")
    told = provenance.inspect("signed.png")
    told["classification"], told["history"]["sentence"]

Each opens the archive that `home` names (else GENZU_HOME), and closes it again. What goes wrong is a ProvenanceError
with the sentence that the command line would print. `import provenance` loads nothing of it; none of them needs torch.
What paints is in generation/studio/brush.py.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict, Unpack

from provenance.commands.credits import file_json
from provenance.commands.credits_of_name import name_json
from provenance.commands.credits_of_record import picture_json
from provenance.commands.job_options import job_of
from provenance.commands.ledger_verify import report_json
from provenance.commands.opening import reading, told_of
from provenance.commands.remedies import worded
from provenance.errors import StatementError
from provenance.inspection.inspected import to_json
from provenance.inspection.inspection import inspect_signed
from provenance.inspection.whose import detect_json, marks_in, trustmark_in, who_json
from provenance.ledger.check.checkpoints import Kept
from provenance.ledger.check.verify import verify as verify_ledger
from provenance.ledger.key_files import read_checkpoints
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.release import record as record_picture
from provenance.release.release import retouch as retouch_picture
from provenance.settings import Settings, settings_from_environment
from provenance.show.released_json import released_json
from provenance.statement.canonical import picture_typed
from provenance.statement.credit import Credit, parse_credit
from provenance.statement.json_value import Json
from provenance.statement.vocabulary import SourceType
from provenance.storage.vault import Vault

Answer = dict[str, Json]
File = str | Path


class About(TypedDict, total=False):
    """What may be said about a picture that is signed, as the options of `genzu record` say it."""

    production: str
    episode: str
    shot: str
    stage: str  # "temp" or "final"
    pseudonyms: Iterable[str]  # "NAME=SHOWN"
    credit_line: str
    no_training: bool
    parameters_text: bool
    keep_private: bool
    as_artist: str  # "CHAIN.pem,KEY.pem"
    force: bool  # replaces the output if it is there


def record(
    file: File,
    out: File,
    *,
    by: Iterable[str],
    source: str,
    references: Iterable[File] = (),
    home: File | None = None,
    **about: Unpack[About],
) -> Answer:
    """Signs and records a picture; the signed copy goes to `out`. As `genzu record --json`.

    `by` are credits such as "layout: Mori Aoi"; `source` is how it was made: digitalCreation, print, digitalCapture, or
    by an AI elsewhere, trainedAlgorithmicMedia or compositeWithTrainedAlgorithmicMedia.
    """
    kind, job = SourceType.parse(source), job_at(out, by, about)
    looked_at = [Path(each) for each in references]
    with open_archive(settings_at(home)) as archive:
        released = record_picture(archive, Path(file), job, source_type=kind, references=looked_at)
        seen = inspect_signed(released.path, archive)
        return released_json(released, archive.ledger, seen, worded)


def retouch(
    parent: File,
    edited: File,
    out: File,
    *,
    by: Iterable[str],
    references: Iterable[File] = (),
    home: File | None = None,
    **about: Unpack[About],
) -> Answer:
    """Signs and records `edited` as a revision of `parent` by hand. As `genzu retouch --json`."""
    job, looked_at = job_at(out, by, about), [Path(each) for each in references]
    with open_archive(settings_at(home)) as archive:
        released = retouch_picture(archive, Path(parent), Path(edited), job, references=looked_at)
        seen = inspect_signed(released.path, archive)
        return released_json(released, archive.ledger, seen, worded)


def inspect(file: File, *, home: File | None = None) -> Answer:
    """What a picture says of itself and what the ledger says of it. As `genzu inspect --json` (docs/reading.md)."""
    with reading(settings_at(home)) as opened:
        return to_json(told_of(opened, Path(file)))


def who(file: File, *, home: File | None = None) -> Answer:
    """Whose picture it is, also where its metadata is gone. As `genzu who --json`."""
    with reading(settings_at(home)) as opened:
        return who_json(told_of(opened, Path(file)), opened.ledger, opened.index)


def detect(file: File, *, home: File | None = None) -> Answer:
    """Whether our marks are in it, seen and unseen. As `genzu detect --json`."""
    with reading(settings_at(home)) as opened:
        told = told_of(opened, Path(file))
        found, other = marks_in(told, opened.index), trustmark_in(told, opened.ledger)
        return detect_json(told, found, opened.index, other)


def credits(name: str | None = None, *, file: File | None = None, home: File | None = None) -> Answer:
    """The pictures of everybody of this name, or the people of a file, or of the picture whose id stands as the name.

    As `genzu credits --json`.
    """
    if (name is None) == (file is None):
        raise StatementError("ask for a name or for a file: credits('Mori Aoi') or credits(file='final.png')")
    with reading(settings_at(home)) as opened:
        if file is not None:
            return file_json(opened, told_of(opened, Path(file)))
        picture = picture_typed(str(name))
        if picture is not None:
            return picture_json(opened.held, opened.others, picture)
        return name_json(opened.held, opened.others, str(name))


def verify(
    *, against: Iterable[File] = (), thorough: bool = False, files: bool = False, home: File | None = None
) -> Answer:
    """Computes every hash of the ledger again and compares. As `genzu ledger verify --json`; `ok` is the answer."""
    settings = settings_at(home)
    held = [Kept(signed, str(path)) for path in against for signed in read_checkpoints(Path(path))]
    report = verify_ledger(
        settings.ledger,
        checkpoints=settings.checkpoints,
        against=held,
        thorough=thorough,
        vault=Vault(settings.vault) if files else None,
        key=settings.keys / "ledger.key",
    )
    return report_json(report)


def settings_at(home: File | None) -> Settings:
    """The settings of the environment, for the archive at `home`."""
    return settings_from_environment(home=Path(home) if home is not None else None)


def credits_by(by: Iterable[str]) -> tuple[Credit, ...]:
    """Credits as they are typed; StatementError where a single text is given in the place of a list."""
    if isinstance(by, str):
        raise StatementError(f"`by` is a list: by=[{by!r}]")
    return tuple(parse_credit(each) for each in by)


def job_at(out: File, by: Iterable[str], about: About) -> Job:
    """The job as the options of the commands make it."""
    unknown = sorted(set(about) - set(About.__annotations__))
    if unknown:
        raise StatementError(
            f"nothing is called {', '.join(unknown)}; there is {', '.join(About.__annotations__)}"
        )
    return job_of(
        credits_by(by),
        Path(out),
        production=about.get("production", ""),
        episode=about.get("episode", ""),
        shot=about.get("shot", ""),
        stage=about.get("stage", "temp"),
        pseudonyms=tuple(about.get("pseudonyms", ())),
        credit_line=about.get("credit_line", ""),
        no_training=about.get("no_training", False),
        parameters_text=about.get("parameters_text", False),
        keep_private=about.get("keep_private", False),
        as_artist=about.get("as_artist"),
        force=about.get("force", False),
    )
