"""National range of the number of exploited children, if enough places can be estimated.

Places with an estimate must hold most of the children on any list. The limits of the places are added, because the
errors of the methods may be the same everywhere (perfectly correlated). A place without an estimate ranges from its
observed children to that number times the highest ratio of the other places.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assay.indicators.catalogue.scale.hidden.hidden_range import HiddenRange, two_figures
from assay.indicators.catalogue.scale.hidden.list_overlap import ListSet

MIN_SHARE_COVERED = 0.8


@dataclass(frozen=True)
class NationalTotal:
    """The total of one window over all places. `low` and `high` are None if fewer than 80% of the children on any list
    are in places with an estimate; `missing_lists`: missing lists, and in how many places."""

    window: tuple[ListSet, ...]
    places: int
    estimated: int
    share: float
    low: float | None
    high: float | None
    missing_lists: tuple[tuple[str, int], ...]


def national_total(found: Sequence[HiddenRange], missing_kinds: Sequence[str]) -> NationalTotal:
    """Sum the ranges of all places of one window; places without an estimate take the highest ratio."""
    seen = {entry.lists.place: sum(entry.lists.patterns.values()) for entry in found}
    estimated = [entry for entry in found if entry.low is not None and entry.high is not None]
    all_seen, in_held = sum(seen.values()), sum(seen[entry.lists.place] for entry in estimated)
    share = in_held / all_seen if all_seen else 0.0
    low = high = None
    if estimated and share >= MIN_SHARE_COVERED:
        rest = all_seen - in_held
        max_ratio = max(float(entry.high or 0) / max(seen[entry.lists.place], 1) for entry in estimated)
        low = two_figures(sum(float(entry.low or 0) for entry in estimated) + rest, up=False)
        high = two_figures(sum(float(entry.high or 0) for entry in estimated) + rest * max_ratio, up=True)
    missing_counts = tuple(sorted(Counter(missing_kinds).items(), key=lambda entry: (-entry[1], entry[0])))
    return NationalTotal(
        tuple(entry.lists for entry in found), len(found), len(estimated), share, low, high, missing_counts
    )
