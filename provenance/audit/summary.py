"""What stands on the first screen of a report, counted in one pass over its rows."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from provenance.audit.acts import Act, acts_of
from provenance.audit.row import Row
from provenance.audit.rules import RULES, Obligations, RuleCheck, RuleStanding
from provenance.audit.since import Difference
from provenance.inspection.answers import Classification
from provenance.statement.canonical import Digest
from provenance.statement.cut import CutName, cut_order

NAMED = 8  # files named for each act
COPIES = 200  # groups of equal files that are told
_EMPTY = str(Digest.of(b""))  # files of no bytes are equal, and copies of nothing


@dataclass(slots=True)
class Share:
    """How many of each answer in one group of files."""

    name: str
    answers: Counter[Classification] = field(default_factory=Counter)
    checked: Counter[Classification] = field(default_factory=Counter)  # of the files that could be checked
    acts: Counter[Act] = field(default_factory=Counter)
    to_act: int = 0  # files; one may be in several acts

    @property
    def total(self) -> int:
        return sum(self.answers.values())

    def take(self, row: Row, acts: Iterable[Act]) -> None:
        """Counts one more file."""
        told = tuple(acts)
        self.answers[row.classification] += 1
        self.checked[row.classification] += not row.trouble
        self.acts.update(told)
        self.to_act += bool(told)

    def add(self, other: "Share") -> None:
        """Counts the files of another group, too."""
        self.answers += other.answers
        self.checked += other.checked
        self.acts += other.acts
        self.to_act += other.to_act


@dataclass(slots=True)
class Copies:
    """Files that are equal; `how`: byte for byte, or in their pixels."""

    paths: list[str]
    how: str


@dataclass(slots=True)
class Summary:
    """The counts of a delivery: by answer, by what to do, by vendor, cut and stage; rules, copies, difference."""

    total: int = 0
    answers: Counter[Classification] = field(default_factory=Counter)
    checked: Counter[Classification] = field(default_factory=Counter)  # of the files that could be checked
    acts: dict[Act, list[str]] = field(default_factory=lambda: {act: [] for act in Act})
    act_counts: Counter[Act] = field(default_factory=Counter)
    to_act: int = 0  # files; one may be in several acts
    alike: Counter[Act] = field(default_factory=Counter)  # of these, how many look like a recorded picture
    vendors: dict[str, Share] = field(default_factory=dict)
    cuts: dict[str, Share] = field(default_factory=dict)
    stages: dict[str, Share] = field(default_factory=dict)
    rules: list[RuleCheck] = field(default_factory=lambda: [RuleCheck(each) for each in RULES])
    copies: list[Copies] = field(default_factory=list)
    more_copies: int = 0
    difference: Difference | None = None
    several_productions: bool = False  # whose cuts may have the same numbers
    only: str = ""  # what all cuts are counted in, of which a name or a record says it, where that is one
    counted_with_it: int = 0  # files of which nothing says it
    cuts_named_in_part: list[str] = field(
        default_factory=list
    )  # cuts which may be another one of which more is said

    def cut_of(self, row: Row) -> str:
        """The cut that a file is counted with, which may say more than the file does."""
        return str(self._cut(row.production, row.place.named))

    def _cut(self, production: str, cut: CutName) -> CutName:
        within = cut.within or self.only
        return CutName(f"{production} {within}".strip() if self.several_productions else within, cut.own)

    def join(self, cuts: Mapping[tuple[str, CutName], Share]) -> None:
        """The cuts by their names. In a delivery of one episode, files that do not say so are counted with it; and one
        production's cuts are told without it.
        """
        named = [(production, cut) for production, cut in cuts if cut.own]
        self.several_productions = len({production for production, _ in named if production}) > 1
        within = {cut.within for _, cut in named if cut.within}
        self.only = next(iter(within)) if len(within) == 1 else ""
        joined: dict[CutName, Share] = {}
        for (production, cut), share in cuts.items():
            name = self._cut(production, cut)
            joined.setdefault(name, Share(str(name))).add(share)
            self.counted_with_it += share.total if self.only and cut.own and not cut.within else 0
        self.cuts = {each.name: each for each in sorted(joined.values(), key=lambda one: cut_order(one.name))}
        by_number: dict[str, list[CutName]] = {}
        for name in joined:
            by_number.setdefault(name.own, []).append(name)
        self.cuts_named_in_part = [
            str(name) for name in joined if name.own and any(map(name.may_be, by_number[name.own]))
        ]

    @property
    def unknown_and_conflicting(self) -> int:
        """How many are unknown because of a conflict: they are told as that, and not among the unknown to act on."""
        return self.checked[Classification.UNKNOWN] - self.act_counts[Act.UNKNOWN]

    @property
    def calm(self) -> bool:
        """Whether no file is one to act on; rules may be unmet all the same."""
        return not self.act_counts

    @property
    def unmet(self) -> list[RuleCheck]:
        """The rules that are not met."""
        return [each for each in self.rules if each.standing is RuleStanding.NOT_MET]


def summarised(
    rows: Iterable[Row], obligations: Obligations = lambda _: None, since: Difference | None = None
) -> Summary:
    """The summary of these rows; `since` is the last delivery's report, to be compared with."""
    made, files, pictures = Summary(difference=since), _Alike(), _Alike()
    cuts: dict[tuple[str, CutName], Share] = {}
    for row in rows:
        made.total += 1
        made.answers[row.classification] += 1
        if not row.trouble:
            made.checked[row.classification] += 1
        acts = acts_of(row)
        made.to_act += bool(acts)
        for act in acts:
            made.act_counts[act] += 1
            made.alike[act] += bool(row.looks_like)
            if len(made.acts[act]) < NAMED:
                made.acts[act].append(row.path)
        for groups, name in ((made.vendors, row.place.vendor), (made.stages, row.place.stage)):
            groups.setdefault(name, Share(name)).take(row, acts)
        cuts.setdefault((row.production, row.place.named), Share(row.place.cut)).take(row, acts)
        for check in made.rules:
            check.take(row, obligations)
        files.take(row.digest, row.path)
        pictures.take(row.pixels, row.path)
        if since is not None:
            since.take(row)
    if since is not None:
        since.close()
    made.join(cuts)
    by_bytes = [Copies(paths, "bytes") for paths in files.groups()]
    told = {tuple(each.paths) for each in by_bytes}
    copies = by_bytes + [Copies(paths, "pixels") for paths in pictures.groups() if tuple(paths) not in told]
    made.copies, made.more_copies = copies[:COPIES], max(0, len(copies) - COPIES)
    return made


class _Alike:
    """Paths by a digest; a path is kept for those alone that come twice."""

    def __init__(self) -> None:
        self._first: dict[bytes, str] = {}
        self._more: dict[bytes, list[str]] = {}

    def take(self, digest: str, path: str) -> None:
        if digest in {"", _EMPTY}:
            return
        key = bytes.fromhex(digest.removeprefix("sha256:"))
        if key in self._first:
            self._more.setdefault(key, [self._first[key]]).append(path)
        else:
            self._first[key] = path

    def groups(self) -> list[list[str]]:
        return list(self._more.values())
