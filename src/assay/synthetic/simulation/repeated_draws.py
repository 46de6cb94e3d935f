"""How far is each estimate from what the same forces show when their records are drawn again, and read to the end?

Most estimates have no planted rate that is exactly their truth: what a measure counts follows from many things that
the world draws. But the same forces can have their records drawn again, often. Of a share the truth is what the other
draws show together; of a wait, what the other draws show once the data are read years later, when nobody waits any
more. The others are not endless, so an interval that holds its truth in 95 of 100 is seen to do so a little less often.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.comparability import is_total
from assay.indicators import COUNTED, EVERYWHERE, Wait
from assay.indicators.indicator_catalogue import waits_asked
from assay.indicators.time_to_event import curve_rows, median_rows
from assay.synthetic.simulation.estimate_errors import Estimate
from assay.synthetic.simulation.statement_replay import Statements
from assay.synthetic.simulation.trial_runs import country_of
from assay.synthetic.simulation.trial_worlds import World

AT_DAYS = (7, 28, 91, 182, 364)
LATER = 8
"""Years: by then nearly everything has ended."""
LONGEST = 1000
"""Of a wait in days: longer ones than this count as not ended, for a median that lies far before it."""
MEDIAN = "median, days"
Key = tuple[str, str]


@dataclass(frozen=True)
class Said:
    """What was said of a share, by (measure, place): met, base, and the share with its interval."""

    met: int
    base: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Draw:
    """One draw of a country. Read as usual it has `shares`, and `waits` (value, low, high) by (what is said, place);
    read years later it has `ended`: by (wait, place), how many had ended by each day, and last how many there are.
    """

    world: World
    shares: Mapping[Key, Said]
    waits: Mapping[Key, tuple[float, float, float]]
    ended: Mapping[Key, Sequence[int]]


def draw_world(statements: Statements, world: World) -> Draw:
    """Invent, lay and run one draw of a country."""
    with tempfile.TemporaryDirectory(prefix="assay-world-") as folder:
        returned, request, _, _ = country_of(Path(folder), world)
    made = statements.run(returned, request.bodies)
    places = sorted(request.bodies)
    if world.read_years_later:
        return Draw(world, {}, {}, dict(_ended(made, places)))
    return Draw(world, _shares(made["standing"].to_pylist()), dict(_waits(made, places)), {})


def _shares(standing: Iterable[Mapping[str, Any]]) -> dict[Key, Said]:
    rows = [row for row in standing if row["share_low"] is not None and not is_total(row["place_code"])]
    return {
        (row["indicator"], row["place_code"]): Said(
            row["met"], row["base"], row["share"], row["share_low"], row["share_high"]
        )
        for row in rows
    }


def _waits(made: Mapping[str, pa.Table], places: Sequence[str]) -> Iterator[tuple[Key, tuple[float, float, float]]]:
    for wait in waits_asked():
        for row in curve_rows(wait, made[wait.key], places):
            if row["ending"] == wait.ends[0] and row["days"] in AT_DAYS:
                told = (row["share"], row["share_low"], row["share_high"])
                yield (by_day(wait.key, row["days"]), row["place_code"]), told
        whole, _ = median_rows(wait, made[wait.key], places)
        for row in whole:
            if row.get("median_days") is not None and row["median_low"] is not None:
                high = math.inf if row["median_high"] is None else row["median_high"]
                yield (f"{wait.key}: {MEDIAN}", row["place_code"]), (row["median_days"], row["median_low"], high)


def by_day(wait: str, day: int) -> str:
    """'report_to_charge by day 91'."""
    return f"{wait} by day {day}"


def _ended(made: Mapping[str, pa.Table], places: Sequence[str]) -> Iterator[tuple[Key, Sequence[int]]]:
    for wait in waits_asked():
        rows = [row for row in made[wait.key].to_pylist() if row["answer"] == COUNTED]
        for place in (EVERYWHERE, *places):
            here = [row for row in rows if place in (EVERYWHERE, row["force_code"])]
            if here:
                yield (wait.key, place), _by_day(wait, here)


def _by_day(wait: Wait, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """How many had ended as asked by the end of each day up to `LONGEST`, then how many records there are."""
    ended = np.zeros(LONGEST + 1, dtype=np.int64)
    for row in rows:
        if row["ending"] == wait.ends[0] and row["days"] <= LONGEST:
            ended[row["days"]] += row["records"]
    return [*np.cumsum(ended).tolist(), sum(row["records"] for row in rows)]


def judged(draws: Sequence[Draw]) -> list[Estimate]:
    """Every estimate of every draw that was read as usual, against the other draws of the same country."""
    return [one for draw in draws if not draw.world.read_years_later for one in _judged(draw, _others(draw, draws))]


def _others(draw: Draw, draws: Sequence[Draw]) -> list[Draw]:
    mine = draw.world
    return [one for one in draws if one.world.seed == mine.seed and one.world.again != mine.again]


def _judged(draw: Draw, others: Sequence[Draw]) -> Iterator[Estimate]:
    for (measure, place), said in draw.shares.items():
        held = [one.shares[measure, place] for one in others if (measure, place) in one.shares]
        base = sum(one.base for one in held)
        if base:
            truth = sum(one.met for one in held) / base
            yield Estimate(measure, place, said.share, said.low, said.high, truth, planted=False)
    for (what, place), (value, low, high) in draw.waits.items():
        whole = _together(what, place, others)
        if whole is not None:
            label = f"{what}, all forces" if place == EVERYWHERE else what
            yield Estimate(label, place, value, low, high, whole, planted=False)


def _together(what: str, place: str, others: Sequence[Draw]) -> float | None:
    """The true share or median day of a wait, from the other draws together; None where none of them was read late."""
    wait = what.split(":")[0].split(" by day ")[0]
    held = [np.array(one.ended[wait, place]) for one in others if (wait, place) in one.ended]
    if not held:
        return None
    summed = np.sum(held, axis=0)
    share = summed[:-1] / summed[-1]
    if what.endswith(MEDIAN):
        reached = np.flatnonzero(share >= 0.5)
        return float(reached[0]) if reached.size else math.inf
    return float(share[int(what.rsplit(" ", 1)[1])])
