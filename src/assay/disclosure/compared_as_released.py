"""Where does each force stand beside the others, by the counts that a reader has?

The comparison itself (which forces are outliers) is made of exact counts. Every figure of it that is shown is computed
again here from the counts as released: shrunken shares, ranks, predictions, the mean and the spread of forces, how many
a naive funnel would call, and the lines of the funnel. A statistic of all forces is a sum over all counts, also over
those that are not shown. Three decimals of a mean, or the mean squared z, then tell a small count: whoever tries all
its values finds the one that fits. A figure that is made of what a reader has can tell no more than the reader has.

A count that is hidden stands at the middle of what it may be. A force of which a count was kept back is left out: what
stood for it would be a function of that count, and the mean would tell it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from assay.comparison.funnel import share_limits
from assay.comparison.shares import OUTLYING
from assay.comparison.standing import SET_APART_BELOW, Standing, naive_funnel, standing_of
from assay.disclosure.marks import Row, is_hidden, note
from assay.disclosure.policy import Policy
from assay.estimation.intervals import wilson
from assay.estimation.posterior import FEWEST_UNITS
from assay.estimation.shares import share_posterior

ALL = "ALL"
RANKS = ("rank", "rank_low", "rank_high")
PREDICTED = (*RANKS, "expected", "expected_low", "expected_high")
LIMITS = ("share_low", "share_high")
BASES_END_AT, POINTS = 50, 60
"""The lines of a funnel end at a multiple of this, and have so many points."""
Pair = tuple[int, int]
"""How many meet an indicator, and out of how many."""


def compare_as_released(rows: Sequence[Row], policy: Policy) -> None:
    """Write on each row of `standing` its estimates from the counts as released.

    `rows`: of all indicators, counts hidden, rounded and kept back already. Where fewer than five forces can be
    compared so, each has its own share and interval, and neither rank nor prediction.
    """
    for group in _by_indicator(rows).values():
        compared = _compared(group)
        pairs = [pair_seen(row, policy) for row in compared]
        found = _fitted(tuple(pair for pair in pairs if pair is not None))
        place = 0
        for row, pair in zip(compared, pairs, strict=True):
            if pair is None or found is None:
                _own(row)
            else:
                _write(row, found, place, len(compared))
                place += 1
        for row in group:
            if row.get("not_comparable"):
                _own(row)


def pair_seen(row: Mapping[str, Any], policy: Policy) -> Pair | None:
    """Met, and the base, as a reader has them: the middle for a count that is hidden; None where one was kept back."""
    met, not_met = (_seen(row, name, policy) for name in ("met", "not_met"))
    return None if met is None or not_met is None or met + not_met == 0 else (met, met + not_met)


def spread_as_released(row: Row, standing: Iterable[Row], policy: Policy) -> Row:
    """The statistics of `indicator_spread` of one indicator, from its rows of `standing` as released."""
    pairs = tuple(pair for one in _compared(standing) if (pair := pair_seen(one, policy)) is not None)
    found = _fitted(pairs)
    naive: Mapping[str, Any] = {}
    if found is not None:
        naive = naive_funnel([{"met": met, "base": base} for met, base in pairs], "met", "base", of_rates=False)
    return row | {
        "overall": None if found is None else found.overall,
        "between_force_sd": None if found is None else found.between,
        "naive_outside_3_sigma": naive.get("naive_outside_3_sigma"),
    }


def funnel_as_released(spread: Row, standing: Iterable[Row], policy: Policy) -> list[Row]:
    """The lines of the funnel of one indicator, from `indicator_spread` and `standing` as released, up to a multiple of
    50 beyond the largest base that a reader has."""
    bases = [pair[1] for one in _compared(standing) if (pair := pair_seen(one, policy)) is not None]
    overall, between = spread["overall"], spread["between_force_sd"]
    if not bases or overall is None or between is None or not 0 < overall < 1:
        return []
    end = (max(bases) // BASES_END_AT + 1) * BASES_END_AT
    limits = share_limits(overall, between, list(np.unique(np.linspace(1, end, POINTS).round())))
    columns = {"base": limits.sizes, "low": limits.low, "high": limits.high, "naive_low": limits.naive_low,
               "naive_high": limits.naive_high}  # fmt: skip
    told = zip(*(values.tolist() for values in columns.values()), strict=True)
    return [{"indicator": spread["indicator"]} | dict(zip(columns, values, strict=True)) for values in told]


def _by_indicator(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["indicator"], []).append(row)
    return found


def _compared(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["place_code"] != ALL and not row.get("not_comparable")]


def _seen(row: Mapping[str, Any], name: str, policy: Policy) -> int | None:
    if is_hidden(row, name):
        return (policy.hide_up_to + 1) // 2
    count: int | None = row.get(name)
    return count


@lru_cache(maxsize=4096)
def _fitted(pairs: tuple[Pair, ...]) -> Standing | None:
    """The same model as of the comparison itself; None of fewer forces than it asks for."""
    if len(pairs) < FEWEST_UNITS:
        return None
    counts, bases = zip(*pairs, strict=True)
    return standing_of(share_posterior(counts, bases, outlying=OUTLYING, set_apart_below=SET_APART_BELOW))


def _write(row: Row, found: Standing, place: int, compared: int) -> None:
    for name, values in found.columns.items():
        if name != "p_value":
            row[name.replace("figure", "share")] = values[place]
    fitted = len(found.columns["rank"])
    for name in RANKS:  # those that were left out lie among the others as the others do
        row[name] = (row[name] - 0.5) * compared / fitted + 0.5


def _own(row: Row) -> None:
    """Its own share and interval, where it has them; nothing of what others lead one to expect. Without a rank the
    share is worked out from the counts as released, as every share of counts is."""
    for name in PREDICTED:
        if row.get(name) is not None:
            row[name] = None
            note(row, name)
    if row.get("share_low") is None:
        return
    met, not_met = row["met"], row["not_met"]
    if met is not None and not_met is not None and met + not_met > 0:
        row |= dict(zip(LIMITS, wilson(met, met + not_met), strict=True))
