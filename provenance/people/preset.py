"""What a kind of production asks for: which answers, which references, which place of a picture, and the roll's order.

The kinds follow how such productions are delivered; they are ours in wording, and no legal advice.

    plain        nothing beyond the credits
    streaming    the five answers of a streaming client, and a written approval of what stays in the film
    feature      the same, and the notice to the crew (a guild asks for it in writing)
    series       the same as streaming, and each final picture names its episode and cut
    commercial   the client's approval of what stays; what it shows is owned; nobody is replaced without consent
    game         each final picture names its scene; the tools keep nothing; what it shows is owned
    demo         a short that anybody may see: only that nothing protected is shown
"""

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.statement.credit import Role
from provenance.statement.vocabulary import Preset

ORDER = (
    Role.CONCEPT,
    Role.LAYOUT,
    Role.KEY_DRAWING,
    Role.BACKGROUND,
    Role.RETOUCH,
    Role.COMPOSITING,
    Role.ART_DIRECTION,
    Role.SUPERVISION,
    Role.PROMPT,
    Role.MODEL_TRAINING,
    Role.OTHER,
)
_ALL = ("outputs", "data", "environment", "temporary", "people")


@dataclass(frozen=True, slots=True)
class Obligations:
    """What a kind of production asks. `place`: what a final picture says of where it belongs."""

    questions: tuple[str, ...] = ()
    approval: bool = False
    notice: bool = False
    place: tuple[str, ...] = ()
    first: tuple[Role, ...] = ()  # who opens the roll


OBLIGATIONS: Mapping[Preset, Obligations] = {
    Preset.PLAIN: Obligations(),
    Preset.STREAMING: Obligations(_ALL, approval=True),
    Preset.FEATURE: Obligations(_ALL, approval=True, notice=True),
    Preset.SERIES: Obligations(
        _ALL, approval=True, place=("episode", "shot"), first=(Role.ART_DIRECTION, Role.SUPERVISION)
    ),
    Preset.COMMERCIAL: Obligations(("outputs", "people"), approval=True, first=(Role.ART_DIRECTION,)),
    Preset.GAME: Obligations(
        ("outputs", "data", "environment"), place=("shot",), first=(Role.ART_DIRECTION, Role.CONCEPT)
    ),
    Preset.DEMO: Obligations(("outputs",)),
}


def in_order(first: tuple[Role, ...]) -> tuple[Role, ...]:
    """Every role once: these first, the others after them in the order of a film's roll."""
    return tuple(dict.fromkeys((*first, *ORDER, *Role)))
