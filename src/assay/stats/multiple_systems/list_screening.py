"""Screen lists before estimation: overlap, nesting, duplicates and declared dependence.

Any lists give a number, so they are checked before estimation. Some checks use the table alone (lists without overlap,
nested lists, duplicate lists, sparse strata); others need somebody who knows the lists (referrals between lists, who
was covered when). Each finding states its consequence; a blocking finding means "no estimate".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

from assay.stats.multiple_systems.capture_histories import superset_sums
from assay.stats.multiple_systems.capture_tables import CaptureTable, format_count
from assay.stats.multiple_systems.estimation_refusals import NoEstimate, UnusableTable

MINIMUM_OVERLAP = 10
"""Minimum number of persons on two or more lists for an estimate; a matter of judgement."""
MINIMUM_PERSONS = 50
"""Number of persons below which a stratum is sparse, and needs partial pooling with others."""
EXPECTED_LINKS = 10.0
"""Expected overlap of two groups of lists from which no overlap is a blocking finding."""
NESTED_SHARE = 0.98
"""Share of a list that is also on another list from which it is nested in it."""


class DependenceSign(Enum):
    """Sign of the dependence of two lists, given the characteristics of the persons."""

    POSITIVE = "persons on one list are more likely to be on the other, so the hidden count is underestimated"
    NEGATIVE = "persons on one list are less likely to be on the other, so the hidden count is overestimated"
    NONE = "the two lists are independent"
    NOT_KNOWN = "the dependence of the two lists is not known"


@dataclass(frozen=True)
class ListDependence:
    """Declared dependence of two lists: its sign, and the reason in words (a referral, a law, a rota)."""

    first: str
    second: str
    sign: DependenceSign
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
"""Questions that the table cannot answer; unanswered, they stay open questions of the screening."""


@dataclass(frozen=True)
class ScreeningFinding:
    """A finding of the screening; `is_blocking` if it rules out any estimate."""

    kind: str
    sentence: str
    is_blocking: bool = False


@dataclass(frozen=True)
class Screening:
    """Findings on one table, declared dependences, and open questions."""

    table: CaptureTable
    findings: tuple[ScreeningFinding, ...]
    dependences: tuple[ListDependence, ...]
    open_questions: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """True if there is no blocking finding."""
        return not any(finding.is_blocking for finding in self.findings)

    @property
    def reason(self) -> str:
        """Sentences of the blocking findings; empty if there are none."""
        return " ".join(finding.sentence for finding in self.findings if finding.is_blocking)

    def require(self) -> None:
        """Raise NoEstimate with the reason if there is a blocking finding."""
        if not self.passed:
            raise NoEstimate(self.reason)

    def direction(self) -> str:
        """Return the direction of bias that the declared dependences imply, in words."""
        signs = {dependence.sign for dependence in self.dependences}
        up, down = DependenceSign.NEGATIVE in signs, DependenceSign.POSITIVE in signs
        if up and down:
            return "Lists depend on one another in both directions: which way the estimate leans is not known."
        if down:
            return "Lists feed one another: the estimate is more likely too low than too high."
        if up:
            return "Lists avoid one another: the estimate is more likely too high than too low."
        return ""


def screen_lists(
    table: CaptureTable, dependences: Sequence[ListDependence] = (), answered: Sequence[str] = ()
) -> Screening:
    """Screen a table before estimation; `answered` are the keys of `QUESTIONS` for which the user gave an answer."""
    _check_names(table, dependences)
    findings = [
        *_size_findings(table),
        *_list_findings(table),
        *_pair_findings(table),
        *_disconnected_lists(table),
        *_dependence_findings(dependences),
    ]
    return Screening(
        table,
        tuple(findings),
        tuple(dependences),
        tuple(question for question in QUESTIONS if question not in answered),
    )


def _check_names(table: CaptureTable, dependences: Sequence[ListDependence]) -> None:
    for dependence in dependences:
        for name in (dependence.first, dependence.second):
            if name not in table.lists:
                raise UnusableTable(f"A dependence names {name!r}, which is not among the lists.")


def _size_findings(table: CaptureTable) -> list[ScreeningFinding]:
    overlap = round(float(sum(count for cell, count in enumerate(table.counts) if cell.bit_count() > 1)))
    findings = []
    if len(table.lists) == 2:
        sentence = (
            "Two lists: that they are independent has to be assumed, and nothing in them can tell whether they are."
        )
        findings.append(ScreeningFinding("two lists", sentence))
    if overlap < MINIMUM_OVERLAP:
        sentence = (
            f"Only {format_count(overlap)} persons stand on two lists or more, and at least {MINIMUM_OVERLAP} "
            f"are asked for: the "
            "lists hardly overlap, so they say nothing about whom they all miss."
        )
        findings.append(ScreeningFinding("too little overlap", sentence, is_blocking=True))
    if table.persons < MINIMUM_PERSONS:
        sentence = f"Only {format_count(table.persons)} persons stand on any list: alone this stratum says little."
        findings.append(ScreeningFinding("sparse stratum", sentence))
    return findings


def _list_findings(table: CaptureTable) -> list[ScreeningFinding]:
    findings = []
    for name in table.lists:
        if table.list_size(name) == 0:
            sentence = f"Nobody is on {name}: leave it out."
            findings.append(ScreeningFinding("empty list", sentence, is_blocking=True))
        elif len(table.lists) > 2 and _has_no_overlap(table, name):
            sentence = (
                f"Nobody on {name} is on any other list, so no model that links it to another list has an estimate."
            )
            findings.append(ScreeningFinding("no overlap", sentence))
    return findings


def _has_no_overlap(table: CaptureTable, name: str) -> bool:
    place = table.lists.index(name)
    return bool(table.counts[1 << place] == table.list_size(name))


def _pair_findings(table: CaptureTable) -> list[ScreeningFinding]:
    overlap, findings = table.overlap(), []
    for (i, first), (j, second) in combinations(enumerate(table.lists), 2):
        shared, first_size, second_size = overlap[i, j], overlap[i, i], overlap[j, j]
        if shared == 0 and first_size and second_size:
            sentence = f"Nobody is on both {first} and {second}: their interaction can only be at minus infinity."
            findings.append(ScreeningFinding("no overlap of a pair", sentence))
        elif shared >= NESTED_SHARE * max(first_size, second_size) and shared:
            sentence = f"{first} and {second} hold the same persons: they are one list in two copies. Merge them."
            findings.append(ScreeningFinding("duplicate lists", sentence, is_blocking=True))
        elif shared >= NESTED_SHARE * min(first_size, second_size) and shared:
            inner, outer = (first, second) if first_size < second_size else (second, first)
            sentence = f"{inner} lies within {outer}, as when drawn from it. Merge the two, or leave {inner} out."
            findings.append(ScreeningFinding("nested lists", sentence, is_blocking=len(table.lists) < 4))
    return findings


def _disconnected_lists(table: CaptureTable) -> list[ScreeningFinding]:
    """Return a finding if the lists form groups without common persons: no model can relate such groups."""
    margins, remaining = superset_sums(table.counts), set(range(len(table.lists)))
    groups = []
    while remaining:
        group, is_growing = {remaining.pop()}, True
        while is_growing:
            neighbours = {
                candidate
                for candidate in remaining
                if any(margins[1 << candidate | 1 << member] > 0 for member in group)
            }
            group, remaining, is_growing = group | neighbours, remaining - neighbours, bool(neighbours)
        groups.append(group)
    if len([group for group in groups if len(group) > 1]) < 2:
        return []
    description = " and ".join(", ".join(table.lists[candidate] for candidate in sorted(group)) for group in groups)
    sentence = f"The lists fall apart into groups that no person joins: {description}."
    expected = _expected_overlap(table, max(groups, key=len))
    if expected < EXPECTED_LINKS:
        return [ScreeningFinding("lists fall apart", f"{sentence} Few would be expected to join them by chance.")]
    sentence += f" About {expected:,.0f} would be expected to join them by chance. Estimate for each group, if at all."
    return [ScreeningFinding("lists fall apart", sentence, is_blocking=True)]


def _expected_overlap(table: CaptureTable, group: set[int]) -> float:
    """Return the expected overlap of a group of lists with the others under independence.

    The population is the Lincoln-Petersen estimate from the two lists of the group with the largest overlap.
    """
    margins, cells = superset_sums(table.counts), range(len(table.counts))
    pairs = [(p, q) for p, q in combinations(sorted(group), 2) if margins[1 << p | 1 << q] > 0]
    first, second = max(pairs, key=lambda pair: margins[1 << pair[0] | 1 << pair[1]])
    population = margins[1 << first] * margins[1 << second] / margins[1 << first | 1 << second]
    mask = sum(1 << place for place in group)
    inside = sum(table.counts[cell] for cell in cells if cell & mask)
    return float(inside * (table.persons - inside) / population)


def _dependence_findings(dependences: Sequence[ListDependence]) -> list[ScreeningFinding]:
    return [
        ScreeningFinding(
            "declared dependence",
            f"{dependence.first} and {dependence.second}: {dependence.sign.value}. Reason given: {dependence.reason}",
        )
        for dependence in dependences
    ]
