"""Capture tables: numbers of persons by capture history, that is, by the set of lists that they are on."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, superset_sums
from assay.stats.multiple_systems.estimation_refusals import UnusableTable

MINIMUM_SHOWN_COUNT = 5
"""Smaller overlaps are not shown, because a few children on two given lists may be recognised."""


@dataclass(frozen=True)
class CaptureTable:
    """Number of persons by capture history (which lists a person is on).

    Parameters
    ----------
    lists
        Names of the lists.
    counts
        Persons with each of the 2^t histories (bit i is set if the person is on list i). The first is that of the
        hidden persons, who cannot be counted, and is always zero.
    stratum
        Names and values of covariates that all these persons share.
    window, definition
        The period, and who is counted, in words.
    linkage_draw
        Number of the linkage draw by which the lists were linked.

    Raises
    ------
    UnusableTable
        Fewer than two lists, a repeated list, negative or missing counts, or a count of hidden persons.
    """

    lists: tuple[str, ...]
    counts: Floats = field(repr=False)
    stratum: tuple[tuple[str, str], ...] = ()
    window: str = ""
    definition: str = ""
    linkage_draw: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "lists", tuple(self.lists))
        counts = np.asarray(self.counts, dtype=float).copy()
        _check_lists(self.lists)
        _check_counts(counts, len(self.lists))
        counts.setflags(write=False)
        object.__setattr__(self, "counts", counts)

    @classmethod
    def from_histories(
        cls, lists: Sequence[str], histories: Mapping[str, float], **attributes: object
    ) -> "CaptureTable":
        """Return a table from the number of persons on exactly each set of lists, such as `{'LA': 54, 'LA*NG': 15}`."""
        lists = tuple(lists)
        _check_lists(lists)
        counts = np.zeros(1 << len(lists))
        for history, count in histories.items():
            names = [name.strip() for name in history.split("*") if name.strip()]
            if not names:
                raise UnusableTable(COUNT_OF_HIDDEN)
            if unknown := [name for name in names if name not in lists]:
                raise UnusableTable(f"A history names {unknown[0]!r}, which is not among the lists.")
            counts[sum(1 << lists.index(name) for name in names)] += count
        return cls(lists, counts, **attributes)  # type: ignore[arg-type]

    @property
    def persons(self) -> int:
        """Persons on at least one list."""
        return round(float(self.counts.sum()))

    def list_size(self, name: str) -> int:
        """Return the number of persons on one list."""
        return round(float(superset_sums(self.counts)[1 << self.lists.index(name)]))

    def overlap(self) -> Floats:
        """Return the persons on each pair of lists, with the list sizes on the diagonal; shape (lists, lists)."""
        masks = 1 << np.arange(len(self.lists))
        return np.asarray(superset_sums(self.counts)[masks[:, None] | masks])

    def overlap_text(self, minimum_shown: int = MINIMUM_SHOWN_COUNT) -> list[list[str]]:
        """Return the overlaps as text, those from 1 to below `minimum_shown` as "under 5"."""
        return [[format_count(value, minimum_shown) for value in row] for row in self.overlap()]

    def drop_list(self, name: str) -> "CaptureTable":
        """Return the table without one list: persons on that list alone become unseen."""
        keep = [number for number, other in enumerate(self.lists) if other != name]
        counts = _regroup(self.counts, [[number] for number in keep])
        return replace(self, lists=tuple(self.lists[number] for number in keep), counts=counts)

    def merge_lists(self, names: Iterable[str], merged_name: str = "") -> "CaptureTable":
        """Return the table with several lists merged into one, which has the persons on any of them."""
        merged = [self.lists.index(name) for name in names]
        unmerged = [[number] for number in range(len(self.lists)) if number not in merged]
        first = min(merged)
        groups = sorted([*unmerged, merged], key=min)
        title = merged_name or "+".join(self.lists[number] for number in sorted(merged))
        titles = tuple(title if first in group else self.lists[group[0]] for group in groups)
        return replace(self, lists=titles, counts=_regroup(self.counts, groups))

    def restrict_to_list(self, name: str) -> tuple["CaptureTable", int]:
        """Return the table of the other lists for persons on this list, and the number of persons on this list
        alone."""
        number = self.lists.index(name)
        list_counts = np.where(np.arange(len(self.counts)) >> number & 1, self.counts, 0.0)
        other_lists = [[other_number] for other_number in range(len(self.lists)) if other_number != number]
        counts = _regroup(list_counts, other_lists, keep_unseen=True)
        list_only, counts[0] = round(float(counts[0])), 0.0
        lists = tuple(other for other in self.lists if other != name)
        return replace(self, lists=lists, counts=counts), list_only

    def fingerprint(self) -> str:
        """Return 16 hexadecimal digits of a hash of lists, counts, stratum, window and definition."""
        text = "|".join((*self.lists, *(f"{key}={value}" for key, value in self.stratum), self.window, self.definition))
        return hashlib.sha256(text.encode() + self.counts.tobytes()).hexdigest()[:16]

    def description(self) -> str:
        """Return a description of the persons: stratum, window and definition."""
        parts = [", ".join(value for _, value in self.stratum), self.window, self.definition]
        return "; ".join(part for part in parts if part)


COUNT_OF_HIDDEN = (
    "A row stands on no list and has a count. Nobody can count those whom no list holds: they are what is to be "
    "estimated. Leave the row out."
)


def format_count(count: float, minimum_shown: int = MINIMUM_SHOWN_COUNT) -> str:
    """Format a count, with small counts as 'under 5'."""
    return f"under {minimum_shown}" if 0 < count < minimum_shown else f"{count:,.0f}"


def _check_lists(lists: Sequence[str]) -> None:
    if len(lists) < 2:
        raise UnusableTable("One list cannot say whom it misses: at least two lists are needed, better three or more.")
    if duplicates := sorted({name for name in lists if list(lists).count(name) > 1}):
        raise UnusableTable(f"The list {duplicates[0]!r} is named twice. Give each list one name of its own.")
    if invalid_names := [name for name in lists if not name.strip() or "*" in name or "," in name]:
        raise UnusableTable(
            f"A list is named {invalid_names[0]!r}. A name may not be empty, nor hold an asterisk or a comma."
        )


def _check_counts(counts: Floats, lists: int) -> None:
    if counts.shape != (1 << lists,):
        raise UnusableTable(f"{lists} lists have {1 << lists} histories, but {counts.size} counts were given.")
    if np.isnan(counts).any():
        raise UnusableTable("A history has no count (it is missing or not a number). Say 0 where nobody has it.")
    if (counts < 0).any() or not np.isfinite(counts).all():
        raise UnusableTable("A history has a count below zero, or one without end. Counts are of persons: 0, 1, 2 ...")
    if counts[0] != 0:
        raise UnusableTable(COUNT_OF_HIDDEN)


def _regroup(counts: Floats, groups: Sequence[Sequence[int]], *, keep_unseen: bool = False) -> Floats:
    """Return counts over new lists, each the union of a group of old ones; without persons who are on none."""
    cells = np.arange(len(counts))
    regrouped_cells = np.zeros_like(cells)
    for number, group in enumerate(groups):
        regrouped_cells |= ((cells & sum(1 << bit for bit in group)) > 0).astype(cells.dtype) << number
    new_counts = np.bincount(regrouped_cells, weights=counts, minlength=1 << len(groups)).astype(float)
    if not keep_unseen:
        new_counts[0] = 0.0
    return new_counts
