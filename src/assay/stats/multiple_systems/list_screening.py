"""May anything be estimated from these lists at all?

Numbers come out of any lists. This is the gate before them: what the table shows by itself (lists that do not overlap,
lists within lists, lists that are one another's copy, strata too thin), and what only somebody who knows the lists can
say (which feeds which, who was covered when). Each finding says what follows; a finding that stops ends in "no
estimate".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from assay.stats.multiple_systems.capture_histories import superset_sums
from assay.stats.multiple_systems.capture_tables import CaptureTable, shown
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable

FEWEST_ON_TWO = 10
"""Persons on two lists or more under which nothing is estimated: a matter of judgement, and stated so."""
FEWEST_PERSONS = 50
"""Persons on any list under which a stratum is thin: it may borrow from others, alone it says little."""
MANY_EXPECTED = 10.0
"""Persons expected to join two groups of lists from which on it counts that nobody does."""
NESTED = 0.98
"""From this share of a list on another on, it counts as lying within it."""


class Sign(Enum):
    """How two lists depend on one another, beyond what the persons are like."""

    POSITIVE = "to be on one makes it likelier to be on the other, so that the hidden are underestimated"
    NEGATIVE = "to be on one makes it less likely to be on the other, so that the hidden are overestimated"
    NONE = "to be on one tells nothing about the other"
    NOT_KNOWN = "nobody has said how they depend on one another"


@dataclass(frozen=True)
class Dependence:
    """What somebody who knows two lists says of them: `sign`, and `reason` in words (a referral, a law, a rota)."""

    first: str
    second: str
    sign: Sign
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise UnusableTable(f"Say why {self.first} and {self.second} depend on one another as they are said to.")


QUESTIONS = (
    "Do all lists mean the same persons, under one definition?",
    "Do they cover the same days, and could a person have left or joined the population within them?",
    "Does one list pass persons on to another, by referral or by law?",
    "Could everybody have been on each list, or are there persons whom one list can never hold?",
    "How were the lists joined, and how often are two persons taken for one, or one for two?",
)
"""What the table cannot show. A screening without answers stays a screening of the table alone."""


@dataclass(frozen=True)
class ScreeningFinding:
    """One thing seen; `stops` when nothing may be estimated because of it."""

    kind: str
    says: str
    stops: bool = False


@dataclass(frozen=True)
class Screening:
    """All that was seen of one table, and what was said of its lists."""

    table: CaptureTable
    findings: tuple[ScreeningFinding, ...]
    dependences: tuple[Dependence, ...]
    open_questions: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether anything may be estimated."""
        return not any(finding.stops for finding in self.findings)

    @property
    def reason(self) -> str:
        """Why nothing is estimated; empty when it may be."""
        return " ".join(finding.says for finding in self.findings if finding.stops)

    def require(self) -> None:
        """Refuse, in the words of the findings, if nothing may be estimated."""
        if not self.passed:
            raise NoEstimate(self.reason)

    def direction(self) -> str:
        """Which way the estimate leans if what was said of the lists is true."""
        signs = {told.sign for told in self.dependences}
        up, down = Sign.NEGATIVE in signs, Sign.POSITIVE in signs
        if up and down:
            return "Lists depend on one another in both directions: which way the estimate leans is not known."
        if down:
            return "Lists feed one another: the estimate is more likely too low than too high."
        if up:
            return "Lists avoid one another: the estimate is more likely too high than too low."
        return ""


def screen(table: CaptureTable, dependences: Sequence[Dependence] = (), answered: Sequence[str] = ()) -> Screening:
    """What speaks against estimating from this table; `answered` are those of QUESTIONS that somebody has answered."""
    _check_names(table, dependences)
    found = [*_by_size(table), *_by_list(table), *_by_pair(table), *_apart(table), *_declared(dependences)]
    return Screening(table, tuple(found), tuple(dependences), tuple(q for q in QUESTIONS if q not in answered))


def _check_names(table: CaptureTable, dependences: Sequence[Dependence]) -> None:
    for told in dependences:
        for name in (told.first, told.second):
            if name not in table.lists:
                raise UnusableTable(f"A dependence names {name!r}, which is not among the lists.")


def _by_size(table: CaptureTable) -> list[ScreeningFinding]:
    on_two = round(float(sum(c for cell, c in enumerate(table.counts) if cell.bit_count() > 1)))
    found = []
    if len(table.lists) == 2:
        says = "Two lists: that they are independent has to be assumed, and nothing in them can tell whether they are."
        found.append(ScreeningFinding("two lists", says))
    if on_two < FEWEST_ON_TWO:
        says = (
            f"Only {shown(on_two)} persons stand on two lists or more, and at least {FEWEST_ON_TWO} are asked for: the "
            "lists hardly overlap, so they say nothing about whom they all miss."
        )
        found.append(ScreeningFinding("too little overlap", says, stops=True))
    if table.persons < FEWEST_PERSONS:
        says = f"Only {shown(table.persons)} persons stand on any list: alone this stratum says little."
        found.append(ScreeningFinding("sparse stratum", says))
    return found


def _by_list(table: CaptureTable) -> list[ScreeningFinding]:
    found = []
    for name in table.lists:
        if table.on_list(name) == 0:
            says = f"Nobody stands on {name}: leave it out."
            found.append(ScreeningFinding("empty list", says, stops=True))
        elif len(table.lists) > 2 and _touches_nothing(table, name):
            says = f"Nobody on {name} stands on any other list: it tells nothing about them, and its model no estimate."
            found.append(ScreeningFinding("no overlap", says))
    return found


def _touches_nothing(table: CaptureTable, name: str) -> bool:
    place = table.lists.index(name)
    return bool(table.counts[1 << place] == table.on_list(name))


def _by_pair(table: CaptureTable) -> list[ScreeningFinding]:
    overlap, found = table.overlap(), []
    for (i, first), (j, second) in combinations(enumerate(table.lists), 2):
        both, a, b = overlap[i, j], overlap[i, i], overlap[j, j]
        if both == 0 and a and b:
            says = f"Nobody stands on both {first} and {second}: their interaction can only be at minus infinity."
            found.append(ScreeningFinding("no overlap of a pair", says))
        elif both >= NESTED * max(a, b) and both:
            says = f"{first} and {second} hold the same persons: they are one list in two copies. Merge them."
            found.append(ScreeningFinding("duplicate lists", says, stops=True))
        elif both >= NESTED * min(a, b) and both:
            inner, outer = (first, second) if a < b else (second, first)
            says = f"{inner} lies within {outer}, as when drawn from it. Merge the two, or leave {inner} out."
            found.append(ScreeningFinding("nested lists", says, stops=len(table.lists) < 4))
    return found


def _apart(table: CaptureTable) -> list[ScreeningFinding]:
    """Whether the lists fall into groups that nobody joins: then no model knows how the groups lie to one another."""
    margins, left = superset_sums(table.counts), set(range(len(table.lists)))
    groups = []
    while left:
        group, grown = {left.pop()}, True
        while grown:
            near = {p for p in left if any(margins[1 << p | 1 << q] > 0 for q in group)}
            group, left, grown = group | near, left - near, bool(near)
        groups.append(group)
    if len([group for group in groups if len(group) > 1]) < 2:
        return []
    told = " and ".join(", ".join(table.lists[p] for p in sorted(group)) for group in groups)
    says = f"The lists fall apart into groups that no person joins: {told}."
    expected = _expected_to_join(table, max(groups, key=len))
    if expected < MANY_EXPECTED:
        return [ScreeningFinding("lists fall apart", f"{says} Few would be expected to join them by chance.")]
    says += f" About {expected:,.0f} would be expected to join them by chance. Estimate for each group, if at all."
    return [ScreeningFinding("lists fall apart", says, stops=True)]


def _expected_to_join(table: CaptureTable, group: set[int]) -> float:
    """Persons expected on lists in and out of a group, if being on the one told nothing about being on the other.

    The population is taken from the two lists of the group that overlap most (Lincoln and Petersen).
    """
    margins, cells = superset_sums(table.counts), range(len(table.counts))
    pairs = [(p, q) for p, q in combinations(sorted(group), 2) if margins[1 << p | 1 << q] > 0]
    first, second = max(pairs, key=lambda pair: margins[1 << pair[0] | 1 << pair[1]])
    population = margins[1 << first] * margins[1 << second] / margins[1 << first | 1 << second]
    mask = sum(1 << place for place in group)
    inside = sum(table.counts[cell] for cell in cells if cell & mask)
    return float(inside * (table.persons - inside) / population)


def _declared(dependences: Sequence[Dependence]) -> list[ScreeningFinding]:
    return [
        ScreeningFinding("declared dependence", f"{d.first} and {d.second}: {d.sign.value}. Reason given: {d.reason}")
        for d in dependences
    ]
