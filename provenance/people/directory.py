"""Who goes by which name: as it is written, in another spelling of the same name, or by a name that is only alike."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from provenance.people.person import Person
from provenance.statement.names import folded, near

OFFERED = 5  # people, where a name was not found


@dataclass(slots=True)
class Directory:
    """The ids of people by their names; made once for a register, by `Directory.of`."""

    written: dict[str, list[str]] = field(default_factory=dict)
    alike: dict[str, list[str]] = field(default_factory=dict)
    called: dict[str, list[str]] = field(default_factory=dict)  # by the name that is shown, or the one behind
    people: tuple[Person, ...] = ()

    @classmethod
    def of(cls, people: Iterable[Person]) -> "Directory":
        directory = cls(people=tuple(people))
        for person in directory.people:
            ids = [form for one in person.identifiers for form in (str(one), one.value)]
            for key in dict.fromkeys((person.person, *person.every_name, *ids)):
                directory.written.setdefault(key, []).append(person.person)
            for key in dict.fromkeys(folded(name) for name in person.every_name):
                directory.alike.setdefault(key, []).append(person.person)
            for key in dict.fromkeys(folded(name) for name in (person.name, person.behind) if name):
                directory.called.setdefault(key, []).append(person.person)
        return directory

    def near(self, text: str, *, public: bool) -> list[str]:
        """Whose name may have been meant; `public` looks at the names that everybody may know."""
        return [
            person.person
            for person in self.people
            if any(near(text, name) for name in (person.public_names if public else person.every_name))
        ]


def as_written(text: str) -> str:
    """A name that is asked for in the form in which names are recorded: composed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())
