"""The tables that a client asks for: the usage register (each use of AI, one line) and the shot map (each cut)."""

import csv
import io
from collections.abc import Iterable, Sequence

from provenance.exports.public import PublicPicture
from provenance.ledger.ancestry import recorded_again
from provenance.ledger.store.records import PictureRecord
from provenance.people.shots import Shot
from provenance.statement.credit import credit_text
from provenance.statement.untrusted import cell
from provenance.statement.vocabulary import BY_AI, BY_HAND, Maker
from provenance.statement.words import MAKERS

USAGE = (
    "production", "episode", "cut", "picture", "released", "step", "how", "stage", "credits",
    "model", "model_source", "model_revision", "model_sha256", "licence", "training",
    "made_from", "file_sha256", "entry", "disputes_open",
)  # fmt: skip
SHOTS = (
    "production",
    "episode",
    "cut",
    "stage",
    "counted",
    "candidates",
    "pictures",
    "with_ai",
    "by_hand",
    "chosen_in_entry",
)


def usage_register(pictures: Iterable[PublicPicture], *, ai_only: bool = False) -> str:
    """One line a picture; `ai_only` leaves out what was made without a model."""
    lines = [each for each in pictures if not ai_only or (each.maker in BY_AI and each.again is None)]
    return _table(USAGE, [_usage(each) for each in lines])


def shot_map(shots: Iterable[Shot]) -> str:
    """One line a cut: what counts, how many candidates there were, and how much was by hand."""
    return _table(SHOTS, [_shot(each) for each in shots])


def _usage(each: PublicPicture) -> Sequence[str]:
    model = each.model
    return (
        each.project.production,
        each.project.episode,
        each.project.shot,
        each.picture,
        each.released_at,
        each.step.value,
        f"signed again, was {each.again}" if each.again else MAKERS[each.maker].table,
        each.project.stage.value,
        "; ".join(credit_text(one.role.value, one.person.name) for one in each.credits),
        model.name if model else "",
        model.source if model else "",
        model.revision if model else "",
        model.digest.hex if model else "",
        model.license if model else "",
        model.training if model else "",
        "; ".join(one.picture or str(one.digest) for one in each.inputs),
        each.file.hex,
        str(each.released),
        str(each.disputes_open),
    )


def _shot(each: Shot) -> Sequence[str]:
    stages = sorted({one.statement.project.stage.value for one in each.counted})
    return (
        each.cut.production,
        each.cut.episode,
        each.cut.shot,
        "; ".join(stages),
        "; ".join(one.picture for one in each.counted),
        str(len(each.candidates)),
        str(len(each.pictures)),
        str(sum(1 for one in each.pictures if _maker(one) in BY_AI)),
        str(sum(1 for one in each.pictures if _maker(one) in BY_HAND)),
        str(each.choice.seq) if each.choice else "",
    )


def _maker(record: PictureRecord) -> Maker | None:
    """Who or what made a picture; None where it was only signed again."""
    return None if recorded_again(record) is not None else record.statement.source_type.maker


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows([cell(each) for each in row] for row in rows)
    return "\ufeff" + text.getvalue()
