"""The shots of a production and their AI use, as other programs take them: OpenTimelineIO, Kitsu, AYON.

None of the three has a field for it. A timeline gets it as metadata of its clips, under "genzu"; Kitsu as columns of
its import of shots; AYON as links between versions, by its two kinds: `generative` for what was made over a picture,
`reference` for what was looked at. Only what may leave is in them (provenance/exports/public.py).
"""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from provenance.errors import OutputError
from provenance.exports.public import PublicPicture, public_picture
from provenance.inspection.classification import classify
from provenance.inspection.lineage import lineage
from provenance.ledger.any_ledger import AnyLedger
from provenance.people.candidate import Cut
from provenance.people.register import Register
from provenance.people.shots import Shot, shots_of, ways_of
from provenance.statement.credit import credit_text
from provenance.statement.json_value import Json
from provenance.statement.untrusted import cell
from provenance.statement.vocabulary import BY_AI, BY_HAND, Relation

if TYPE_CHECKING:
    from opentimelineio.schema import Clip, Timeline

REFERENCE, GENERATIVE = "reference", "generative"
KITSU = (
    "Episode",
    "Sequence",
    "Name",
    "Description",
    "AI use",
    "AI steps",
    "Steps by hand",
    "Models",
    "Credits",
)
RATE = 24.0  # frames a second of a new timeline, whose clips have one frame each: no record knows how long a shot is


@dataclass(frozen=True, slots=True)
class Link:
    """One picture went into another. `source` is an id where it is on record, else its digest."""

    kind: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class ShotFacts:
    """A shot as others may know it; `answers` are how its counted pictures were made, by the record."""

    cut: Cut
    settled: bool
    answers: tuple[str, ...]
    counted: tuple[str, ...]
    way: tuple[PublicPicture, ...]

    @property
    def by_ai(self) -> int:
        return sum(each.maker in BY_AI and each.again is None for each in self.way)

    @property
    def by_hand(self) -> int:
        return sum(each.maker in BY_HAND and each.again is None for each in self.way)

    @property
    def models(self) -> list[str]:
        return list(dict.fromkeys(each.model.name for each in self.way if each.model is not None))

    @property
    def credits(self) -> list[str]:
        return list(
            dict.fromkeys(
                credit_text(one.role.value, one.person.name) for each in self.way for one in each.credits
            )
        )

    @property
    def links(self) -> list[Link]:
        return [
            Link(
                GENERATIVE if one.relation is Relation.PARENT else REFERENCE,
                one.picture or str(one.digest),
                each.picture,
            )
            for each in self.way
            for one in each.inputs
            if one.picture != each.picture and one.role != "original"
        ]

    def to_json(self) -> dict[str, Json]:
        """What stands at a clip under "genzu"."""
        return {
            "format": "genzu shot 1",
            "production": self.cut.production,
            "episode": self.cut.episode,
            "shot": self.cut.shot,
            "ai_use": list(self.answers),
            "settled": self.settled,
            "pictures": list(self.counted),
            "ai_steps": self.by_ai,
            "steps_by_hand": self.by_hand,
            "models": list(self.models),
            "credits": list(self.credits),
            "files": [{"picture": each.picture, "sha256": each.file.hex} for each in self.way],
            REFERENCE: [[each.source, each.target] for each in self.links if each.kind == REFERENCE],
            GENERATIVE: [[each.source, each.target] for each in self.links if each.kind == GENERATIVE],
        }


def facts_of_shots(ledger: AnyLedger, register: Register, production: str) -> list[ShotFacts]:
    """The shots of a production; NotRecorded where it has no released picture."""
    return [_facts(ledger, register, each) for each in shots_of(ledger, register, production)]


def _facts(ledger: AnyLedger, register: Register, shot: Shot) -> ShotFacts:
    way = [public_picture(register, each) for each in ways_of(ledger, shot)]
    answers = dict.fromkeys(classify(lineage(each, ledger)).answer.value for each in shot.counted)
    return ShotFacts(
        shot.cut,
        shot.settled,
        tuple(answers),
        tuple(each.picture for each in shot.counted),
        tuple(each for each in way if each is not None),
    )


def kitsu_csv(shots: Sequence[ShotFacts]) -> str:
    """For Kitsu's import of shots; the columns after Description are metadata that the production has to have."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(KITSU)
    for each in shots:
        row = [
            each.cut.episode, each.cut.episode or each.cut.production, each.cut.shot, "", "; ".join(each.answers),
            str(each.by_ai), str(each.by_hand), "; ".join(each.models), "; ".join(each.credits),
        ]  # fmt: skip
        writer.writerow([cell(one) for one in row])
    return text.getvalue()


def ayon_json(shots: Sequence[ShotFacts]) -> str:
    """Links in AYON's words for its links of versions; the ids are ours, so a script looks up AYON's own for them."""
    links = [
        {
            "linkType": f"{link.kind}|version|version",
            "input": link.source,
            "output": link.target,
            "data": each.to_json(),
        }
        for each in shots
        for link in each.links
    ]
    return json.dumps({"format": "genzu ayon 1", "links": links}, ensure_ascii=False, indent=1) + "\n"


def otio_text(shots: Sequence[ShotFacts], timeline: str | None = None) -> str:
    """A timeline (OTIO) whose clips tell their AI use: the given one, by the names of its clips, or a new one.

    OutputError where OpenTimelineIO is not installed, or the text is no timeline.
    """
    try:
        import opentimelineio as otio
    except ImportError:
        raise OutputError("a timeline needs OpenTimelineIO: pip install 'genzu[otio]'") from None
    if timeline is None:
        made = _new_timeline(otio, shots)
    else:
        try:
            made = otio.adapters.read_from_string(timeline, "otio_json")
        except (otio.exceptions.OTIOError, ValueError) as error:
            raise OutputError(f"this is no OpenTimelineIO file: {error}") from error
        _told_at_clips(made, shots)
    return str(otio.adapters.write_to_string(made, "otio_json"))


def _told_at_clips(timeline: "Timeline", shots: Sequence[ShotFacts]) -> None:
    named: dict[str, list[ShotFacts]] = {}
    for each in shots:
        named.setdefault(each.cut.shot, []).append(each)
    for clip in timeline.find_clips():
        found = named.get(str(clip.name), [])
        if found:
            _tell(clip, found[0] if len(found) == 1 else None, found)


def _tell(clip: "Clip", only: ShotFacts | None, found: Sequence[ShotFacts]) -> None:
    """What is known of a clip; where several episodes have a shot of its name, all of them, for people to settle."""
    clip.metadata["genzu"] = (
        only.to_json() if only is not None else {"several_episodes": [each.to_json() for each in found]}
    )


def _new_timeline(otio: Any, shots: Sequence[ShotFacts]) -> "Timeline":
    timeline = otio.schema.Timeline(name=shots[0].cut.production if shots else "")
    timeline.metadata["genzu"] = {
        "format": "genzu timeline 1",
        "durations": "not known: a clip has one frame",
    }
    tracks: dict[str, Any] = {}
    for each in shots:
        track = tracks.get(each.cut.episode)
        if track is None:
            track = tracks[each.cut.episode] = otio.schema.Track(
                name=each.cut.episode, kind=otio.schema.TrackKind.Video
            )
            timeline.tracks.append(track)
        start, one = otio.opentime.RationalTime(0, RATE), otio.opentime.RationalTime(1, RATE)
        clip = otio.schema.Clip(name=each.cut.shot, source_range=otio.opentime.TimeRange(start, one))
        _tell(clip, each, ())
        track.append(clip)
    return timeline
