"""What do the lists say together: how many persons have which capture history?"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, superset_sums
from assay.stats.multiple_systems.estimation_refusals import UnusableTable

FEWEST_SHOWN = 5
"""Overlaps under this are not shown: few children on two given lists may be known to somebody."""


@dataclass(frozen=True)
class CaptureTable:
    """Persons by capture history.

    `lists`: names of the lists. `counts`: persons with each history, one value for each of the 2^t histories, bit i
    set where list i holds the person; the first is that of the hidden and is always zero here, for nobody can count
    them. `stratum`: names and values that all these persons share. `window` and `definition`: from when to when, and
    who is counted, in words. `linkage_draw`: which of several ways of joining the lists this is.

    Refuses one list, a list named twice, negative or missing counts, and a count for the hidden.
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
    def from_histories(cls, lists: Sequence[str], histories: Mapping[str, float], **about: object) -> "CaptureTable":
        """The table of `{"LA": 54, "LA*NG": 15}`: how many persons stand on exactly these lists."""
        lists = tuple(lists)
        _check_lists(lists)
        counts = np.zeros(1 << len(lists))
        for written, count in histories.items():
            names = [name.strip() for name in written.split("*") if name.strip()]
            if not names:
                raise UnusableTable(UNSEEN)
            if unknown := [name for name in names if name not in lists]:
                raise UnusableTable(f"A history names {unknown[0]!r}, which is not among the lists.")
            counts[sum(1 << lists.index(name) for name in names)] += count
        return cls(lists, counts, **about)  # type: ignore[arg-type]

    @property
    def persons(self) -> int:
        """Persons on at least one list."""
        return round(float(self.counts.sum()))

    def on_list(self, name: str) -> int:
        """Persons on one list."""
        return round(float(superset_sums(self.counts)[1 << self.lists.index(name)]))

    def overlap(self) -> Floats:
        """Persons on each pair of lists, and on each list on the diagonal; shape (lists, lists)."""
        masks = 1 << np.arange(len(self.lists))
        return np.asarray(superset_sums(self.counts)[masks[:, None] | masks])

    def overlap_shown(self, fewest: int = FEWEST_SHOWN) -> list[list[str]]:
        """The overlaps as words, those from 1 to below `fewest` as "under 5"."""
        return [[shown(value, fewest) for value in row] for row in self.overlap()]

    def without(self, name: str) -> "CaptureTable":
        """The table as if one list had never been: those on it alone become unseen."""
        keep = [place for place, other in enumerate(self.lists) if other != name]
        counts = _regrouped(self.counts, [[place] for place in keep])
        return replace(self, lists=tuple(self.lists[place] for place in keep), counts=counts)

    def merged(self, names: Iterable[str], into: str = "") -> "CaptureTable":
        """The table with several lists taken as one, on which is who is on any of them."""
        together = [self.lists.index(name) for name in names]
        apart = [[p] for p in range(len(self.lists)) if p not in together]
        first = min(together)
        groups = sorted([*apart, together], key=min)
        title = into or "+".join(self.lists[p] for p in sorted(together))
        titles = tuple(title if first in group else self.lists[group[0]] for group in groups)
        return replace(self, lists=titles, counts=_regrouped(self.counts, groups))

    def on(self, name: str) -> tuple["CaptureTable", int]:
        """Of those on one list: the table of the other lists, and how many are on none of them."""
        place = self.lists.index(name)
        inside = np.where(np.arange(len(self.counts)) >> place & 1, self.counts, 0.0)
        others = [[p] for p in range(len(self.lists)) if p != place]
        counts = _regrouped(inside, others, keep_unseen=True)
        alone, counts[0] = round(float(counts[0])), 0.0
        return replace(self, lists=tuple(n for n in self.lists if n != name), counts=counts), alone

    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits that are the same for the same lists, counts and stratum."""
        told = "|".join((*self.lists, *(f"{a}={b}" for a, b in self.stratum), self.window, self.definition))
        return hashlib.sha256(told.encode() + self.counts.tobytes()).hexdigest()[:16]

    def about(self) -> str:
        """Which persons these are, in words."""
        parts = [", ".join(value for _, value in self.stratum), self.window, self.definition]
        return "; ".join(part for part in parts if part)


UNSEEN = (
    "A row stands on no list and has a count. Nobody can count those whom no list holds: they are what is to be "
    "estimated. Leave the row out."
)


def shown(count: float, fewest: int = FEWEST_SHOWN) -> str:
    """A count in words that do not single anybody out: 0, "under 5", 12."""
    return f"under {fewest}" if 0 < count < fewest else f"{count:,.0f}"


def _check_lists(lists: Sequence[str]) -> None:
    if len(lists) < 2:
        raise UnusableTable("One list cannot say whom it misses: at least two lists are needed, better three or more.")
    if twice := sorted({name for name in lists if list(lists).count(name) > 1}):
        raise UnusableTable(f"The list {twice[0]!r} stands there twice. Give each list once, under its own name.")
    if odd := [name for name in lists if not name.strip() or "*" in name or "," in name]:
        raise UnusableTable(f"A list is named {odd[0]!r}. A name may not be empty, nor hold an asterisk or a comma.")


def _check_counts(counts: Floats, lists: int) -> None:
    if counts.shape != (1 << lists,):
        raise UnusableTable(f"{lists} lists have {1 << lists} histories, but {counts.size} counts were given.")
    if np.isnan(counts).any():
        raise UnusableTable("A history has no count (it is missing or not a number). Say 0 where nobody has it.")
    if (counts < 0).any() or not np.isfinite(counts).all():
        raise UnusableTable("A history has a count below zero, or one without end. Counts are of persons: 0, 1, 2 ...")
    if counts[0] != 0:
        raise UnusableTable(UNSEEN)


def _regrouped(counts: Floats, groups: Sequence[Sequence[int]], *, keep_unseen: bool = False) -> Floats:
    """Counts over new lists, each of which is any of a group of old ones; those on none of them are left out."""
    cells = np.arange(len(counts))
    new = np.zeros_like(cells)
    for place, group in enumerate(groups):
        new |= ((cells & sum(1 << p for p in group)) > 0).astype(cells.dtype) << place
    out = np.bincount(new, weights=counts, minlength=1 << len(groups)).astype(float)
    if not keep_unseen:
        out[0] = 0.0
    return out
