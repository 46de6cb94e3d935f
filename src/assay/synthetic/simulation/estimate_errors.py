"""How far from the truth are the shares that are said of forces, and how often does the interval hold it?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from assay.compare.comparability import is_total
from assay.stats.binomial_intervals import wilson
from assay.synthetic.simulation.alert_comparison import Row
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.truth_folder import Truth

NEARLY = 1e-9
"""The end of an interval that should be 0 or 1 may miss it by as much as numbers are rounded."""


class Estimate(NamedTuple):
    """A share with its interval (None: no interval is given), the true share, and whether a failing that shows there
    is planted in the force."""

    measure: str
    place: str
    share: float
    low: float | None
    high: float | None
    truth: float
    planted: bool

    @property
    def holds(self) -> bool | None:
        """Whether the interval holds the truth; None without an interval."""
        if self.low is None or self.high is None:
            return None
        return self.low - NEARLY <= self.truth <= self.high + NEARLY


def estimates(standing: Iterable[Row], truth: Truth) -> list[Estimate]:
    """Every share that has a true share to be judged by, force by force, and of all forces together."""
    rows = [row for row in standing if row["indicator"] in measures() and row["share"] is not None]
    return [one for row in rows if (one := _estimate(row, rows, truth)) is not None]


def _estimate(row: Row, rows: list[Row], truth: Truth) -> Estimate | None:
    measure, place = row["indicator"], row["place_code"]
    true = _of_all(measure, rows, truth) if is_total(place) else _of_force(measure, place, truth)
    if true is None:
        return None
    planted = _is_planted(measure, place, truth)
    return Estimate(measure, place, row["share"], row["share_low"], row["share_high"], true, planted)


def _of_force(measure: str, place: str, truth: Truth) -> float | None:
    return measures()[measure].truth(truth.rates.get(place, {}))


def _of_all(measure: str, rows: list[Row], truth: Truth) -> float | None:
    """The true share of all records together: that of each force, weighed by its records."""
    mine = [row for row in rows if row["indicator"] == measure and not is_total(row["place_code"]) and row["base"]]
    known = [(row["base"], true) for row in mine if (true := _of_force(measure, row["place_code"], truth)) is not None]
    whole = sum(base for base, _ in known)
    return sum(base * true for base, true in known) / whole if whole and len(known) == len(mine) else None


def _is_planted(measure: str, place: str, truth: Truth) -> bool:
    planted = truth.of(place) if not is_total(place) else tuple(key for key, codes in truth.planted.items() if codes)
    return any(measure in failings()[key].shown_by for key in planted if key in failings())


class Cover(NamedTuple):
    """Over many shares of one measure: how many, their mean error (share minus truth), how many intervals there were,
    how many held the truth, and the 95% interval of that share."""

    measure: str
    number: int
    bias: float
    intervals: int
    held: int
    low: float
    high: float


def coverage(found: Iterable[Estimate]) -> list[Cover]:
    """Bias and coverage by measure."""
    by_measure: dict[str, list[Estimate]] = {}
    for one in found:
        by_measure.setdefault(one.measure, []).append(one)
    return [_cover(measure, mine) for measure, mine in by_measure.items()]


def _cover(measure: str, mine: list[Estimate]) -> Cover:
    with_interval = [one.holds for one in mine if one.holds is not None]
    bias = sum(one.share - one.truth for one in mine) / len(mine)
    held = sum(with_interval)
    low, high = wilson(held, len(with_interval))
    return Cover(measure, len(mine), bias, len(with_interval), held, low, high)
