"""How many are there in all places together, and may that be said at all?

Only where places that can be estimated hold most of the children on any list. Ranges of places are added end to end:
what the methods get wrong, they may get wrong everywhere in the same way. A place without an estimate counts from those
who were seen up to so many times as many as the widest of the others allows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assay.indicators.catalogue.scale.hidden.hidden_range import Said, two_figures
from assay.indicators.catalogue.scale.hidden.list_overlap import Lists

MOST_OF_CHILDREN = 0.8


@dataclass(frozen=True)
class Together:
    """One window over all places. `low` and `high` are None where fewer than 80 in 100 of the children on any list are
    in places that can be estimated; `lacking`: lists that were missing, and in how many places."""

    window: tuple[Lists, ...]
    places: int
    estimated: int
    share: float
    low: float | None
    high: float | None
    lacking: tuple[tuple[str, int], ...]


def together(found: Sequence[Said], lacking: Sequence[str]) -> Together:
    """All places of one window; `lacking`: the lists that each place lacks, one after another."""
    seen = {one.lists.place: sum(one.lists.patterns.values()) for one in found}
    held = [one for one in found if one.low is not None and one.high is not None]
    all_seen, in_held = sum(seen.values()), sum(seen[one.lists.place] for one in held)
    share = in_held / all_seen if all_seen else 0.0
    low = high = None
    if held and share >= MOST_OF_CHILDREN:
        rest = all_seen - in_held
        most = max(float(one.high or 0) / max(seen[one.lists.place], 1) for one in held)
        low = two_figures(sum(float(one.low or 0) for one in held) + rest, up=False)
        high = two_figures(sum(float(one.high or 0) for one in held) + rest * most, up=True)
    told = tuple(sorted(Counter(lacking).items(), key=lambda one: (-one[1], one[0])))
    return Together(tuple(one.lists for one in found), len(found), len(held), share, low, high, told)
