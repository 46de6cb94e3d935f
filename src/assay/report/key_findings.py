"""Choose the key findings of a report: at most six plain sentences, by written rules (decision 0218).

A candidate has a size, a certainty and a number of records. Its weight is the product of the size of the gap (0 to 1),
the certainty (0 to 1) and the base-ten logarithm of the number of records, so that ten times the records count as one
step more. Ties are put in alphabetical order, so that the same figures always give the same page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log10

from assay.report.easy_read import EasyLine
from assay.report.page_elements import Cell

KEY_FINDINGS_FILE = "key-findings.json"
"""The file of a report that lists its key findings as sentences."""
MAX_KEY_FINDINGS = 6
MIN_RECORDS = 10
"""Fewest records in a weight: a finding about forces counts as one about ten records, so that it is not lost."""


@dataclass(frozen=True)
class KeyFinding:
    """One candidate for the key findings: its sentence, and what decides whether it is chosen.

    Parameters
    ----------
    sentence
        The finding in one or two plain sentences with one figure.
    theme
        The inspection theme; of one theme only one finding is chosen while another theme has any.
    subject
        What is measured; of one subject only one finding is ever chosen.
    links
        The pages with the detail, most specific first.
    gap, certainty
        The size of the gap to the standard or to other forces, and how certain it is (each 0 to 1).
    records
        The number of records behind it.
    is_national
        True if it is about all forces together.
    names_force
        True if an outlier alert or a missed standard names a force.
    easy
        The finding in Easy Read, line by line.
    note
        What limits the finding, to stand beside it.
    """

    sentence: str
    theme: str
    subject: str
    links: tuple[Cell, ...]
    gap: float
    certainty: float
    records: int
    is_national: bool = False
    names_force: bool = False
    easy: tuple[EasyLine, ...] = ()
    note: str = ""

    @property
    def weight(self) -> float:
        """The weight by which candidates are sorted."""
        return self.gap * self.certainty * log10(max(self.records, MIN_RECORDS))


def choose_key_findings(candidates: Iterable[KeyFinding], limit: int = MAX_KEY_FINDINGS) -> list[KeyFinding]:
    """Return at most `limit` findings: the most important of the nation, then of each theme, then the others.

    Of the others those that name a force are chosen first. One that names a force is always kept, where there is any.
    The first national finding is shown first, then those that name a force, then the others, each by weight.
    """
    ranked = _one_per_subject(sorted(candidates, key=lambda item: (-item.weight, item.sentence)))
    national = [item for item in ranked if item.is_national][:1]
    rest = [item for item in ranked if item not in national]
    themes_first = [*national, *_first_of_each_theme(rest)]
    remaining = sorted((item for item in rest if item not in themes_first), key=lambda item: not item.names_force)
    selection = _keep_a_force([*themes_first, *remaining], limit)
    return sorted(selection, key=lambda item: (item not in national, not item.names_force, -item.weight, item.sentence))


def _keep_a_force(chosen_order: Sequence[KeyFinding], limit: int) -> list[KeyFinding]:
    """Return the first findings; the first that names a force takes the last place where no other names one."""
    selection, remainder = list(chosen_order[:limit]), chosen_order[limit:]
    forces = [item for item in remainder if item.names_force]
    if forces and not any(item.names_force for item in selection):
        selection[-1] = forces[0]
    return selection


def _one_per_subject(ranked: Sequence[KeyFinding]) -> list[KeyFinding]:
    first: dict[str, KeyFinding] = {}
    for item in ranked:
        first.setdefault(item.subject, item)
    return list(first.values())


def _first_of_each_theme(ranked: Sequence[KeyFinding]) -> list[KeyFinding]:
    """Return the weightiest finding of each theme; one that names a force goes before one that does not."""
    first: dict[str, KeyFinding] = {}
    for item in sorted(ranked, key=lambda item: not item.names_force):
        first.setdefault(item.theme, item)
    return sorted(first.values(), key=lambda item: (-item.weight, item.sentence))
