"""Compare each estimate with repeated draws of the records of the same forces.

Most estimates have no single rate as their truth, because measures depend on many random quantities. But the records of
the same forces can be drawn repeatedly. The truth of a share is that of the other draws combined; of a wait, that of
the other draws with data extracted years later, when no wait is open. The number of draws is finite, so the observed
coverage of a 95% interval is slightly below 95%.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.comparability import is_total
from assay.indicators import EVERYWHERE, INCLUDED, Wait
from assay.indicators.indicator_catalogue import waits
from assay.indicators.time_to_event import curve_rows, median_rows
from assay.synthetic.simulation.estimate_errors import TruthComparison
from assay.synthetic.simulation.statement_replay import SqlStatements
from assay.synthetic.simulation.trial_runs import generate_country
from assay.synthetic.simulation.trial_worlds import TrialWorld
from assay.temporary_folders import temporary_folder

AT_DAYS = (7, 28, 91, 182, 364)
YEARS_LATER = 8
"""Years until nearly every wait has ended."""
MAX_DAYS = 1000
"""Longer waits in days count as not ended; medians are far below this."""
MEDIAN, BY_DAY, ALL_FORCES = "median, days", " by day ", ", all forces"
"""Parts of the label of a waiting time: its statistic, and that it is of all forces together."""
Key = tuple[str, str]


@dataclass(frozen=True)
class ShareEstimate:
    """A published share of one measure in one place: records met, base, and the share with its interval."""

    met: int
    base: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Draw:
    """One draw of a country's records from its true rates, with the estimates computed from them.

    With the usual extraction it has `shares`, and `waits` (value, low, high) by (statistic, place); with extraction
    years later it has `ended`: for each (wait, place), the number ended by each day, followed by the total.
    """

    world: TrialWorld
    shares: Mapping[Key, ShareEstimate]
    waits: Mapping[Key, tuple[float, float, float]]
    ended: Mapping[Key, Sequence[int]]


def run_draw(statements: SqlStatements, world: TrialWorld) -> Draw:
    """Generate, load and run one draw of a country."""
    with temporary_folder() as folder:
        returned, request, _, _ = generate_country(folder, world)
    tables = statements.run(returned, request.organisations)
    places = sorted(request.organisations)
    if world.read_years_later:
        return Draw(world, {}, {}, dict(_ended(tables, places)))
    return Draw(world, _shares(tables["force_estimates"].to_pylist()), dict(_waits(tables, places)), {})


def _shares(estimate_rows: Iterable[Mapping[str, Any]]) -> dict[Key, ShareEstimate]:
    rows = [row for row in estimate_rows if row["share_low"] is not None and not is_total(row["place_code"])]
    return {
        (row["indicator"], row["place_code"]): ShareEstimate(
            row["met"], row["base"], row["share"], row["share_low"], row["share_high"]
        )
        for row in rows
    }


def _waits(tables: Mapping[str, pa.Table], places: Sequence[str]) -> Iterator[tuple[Key, tuple[float, float, float]]]:
    for wait in waits():
        for row in curve_rows(wait, tables[wait.key], places):
            if row["ending"] == wait.ends[0] and row["days"] in AT_DAYS:
                # A curve that was not suppressed has all its figures.
                estimate = (row["share"] or 0.0, row["share_low"] or 0.0, row["share_high"] or 0.0)
                yield (day_label(wait.key, row["days"]), row["place_code"]), estimate
        medians, _ = median_rows(wait, tables[wait.key], places)
        for median in medians:
            if median["median_days"] is not None and median["median_low"] is not None:
                high = math.inf if median["median_high"] is None else median["median_high"]
                yield (
                    (f"{wait.key}: {MEDIAN}", median["place_code"]),
                    (median["median_days"], median["median_low"], high),
                )


def day_label(wait: str, day: int) -> str:
    """Return the label of a waiting time at a day: 'report_to_charge by day 91'."""
    return f"{wait}{BY_DAY}{day}"


def _ended(tables: Mapping[str, pa.Table], places: Sequence[str]) -> Iterator[tuple[Key, Sequence[int]]]:
    for wait in waits():
        rows = [row for row in tables[wait.key].to_pylist() if row["answer"] == INCLUDED]
        for place in (EVERYWHERE, *places):
            place_rows = [row for row in rows if place in (EVERYWHERE, row["force_code"])]
            if place_rows:
                yield (wait.key, place), _by_day(wait, place_rows)


def _by_day(wait: Wait, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Return the number with the main ending by the end of each day up to `MAX_DAYS`, followed by the total."""
    ended = np.zeros(MAX_DAYS + 1, dtype=np.int64)
    for row in rows:
        if row["ending"] == wait.ends[0] and row["days"] <= MAX_DAYS:
            ended[row["days"]] += row["records"]
    return [*np.cumsum(ended).tolist(), sum(row["records"] for row in rows)]


def compare_draws(draws: Sequence[Draw]) -> list[TruthComparison]:
    """Compare the estimates of each draw with the other draws of the same country; draws extracted years later are
    left out."""
    return [
        comparison
        for draw in draws
        if not draw.world.read_years_later
        for comparison in _compare_draw(draw, _other_draws(draw, draws))
    ]


def _other_draws(draw: Draw, draws: Sequence[Draw]) -> list[Draw]:
    world = draw.world
    return [other for other in draws if other.world.seed == world.seed and other.world.repeat != world.repeat]


def _compare_draw(draw: Draw, other_draws: Sequence[Draw]) -> Iterator[TruthComparison]:
    for (measure, place), estimate in draw.shares.items():
        other_estimates = [other.shares[measure, place] for other in other_draws if (measure, place) in other.shares]
        base = sum(other.base for other in other_estimates)
        if base:
            truth = sum(other.met for other in other_estimates) / base
            yield TruthComparison(
                measure, place, estimate.share, estimate.low, estimate.high, truth, has_injected_failing=False
            )
    for (statistic, place), (value, low, high) in draw.waits.items():
        true_value = _true_value(statistic, place, other_draws)
        if true_value is not None:
            label = f"{statistic}{ALL_FORCES}" if place == EVERYWHERE else statistic
            yield TruthComparison(label, place, value, low, high, true_value, has_injected_failing=False)


def _true_value(statistic: str, place: str, other_draws: Sequence[Draw]) -> float | None:
    """Return the true share or median day of a wait from the other draws; None if none has late extraction."""
    wait = statistic.split(":")[0].split(BY_DAY)[0]
    ended_counts = [np.array(other.ended[wait, place]) for other in other_draws if (wait, place) in other.ended]
    if not ended_counts:
        return None
    summed = np.sum(ended_counts, axis=0)
    share = summed[:-1] / summed[-1]
    if statistic.endswith(MEDIAN):
        reached = np.flatnonzero(share >= 0.5)
        return float(reached[0]) if reached.size else math.inf
    return float(share[int(statistic.rsplit(" ", 1)[1])])
