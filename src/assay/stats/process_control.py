"""Is this series doing what it has been doing, or has something changed?

XmR: the centre is the mean of a phase, the limits lie 2.66 mean moving ranges to each side (about three
standard deviations of what changes from one point to the next). A phase ends where it is known that what is
counted changed. Three signals: a point outside the limits; eight in a row on one side of the centre; three of
four nearer to a limit than to the centre, on one side.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.posterior_grid import Floats

WIDTH = 2.66
RUN = 8
SHORTEST_PHASE = 8
"""With fewer points the limits would be guesses: none are drawn."""

ABOVE, BELOW = "above the upper limit", "below the lower limit"
RUN_ABOVE, RUN_BELOW = "a run above the centre", "a run below the centre"
NEAR_UPPER, NEAR_LOWER = "near the upper limit", "near the lower limit"


@dataclass(frozen=True)
class ProcessPoint:
    """One point: limits are None where the phase is too short for them; `signal` is '' or the rule that is
    met.
    """

    count: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    phase: int
    signal: str


@dataclass(frozen=True)
class Process:
    """The points and, in `words`, the state of the last phase."""

    points: tuple[ProcessPoint, ...]
    words: str


def process(counts: Sequence[float | None], labels: Sequence[str], *, breaks: Iterable[int] = ()) -> Process:
    """The chart of a series, oldest first; `breaks` are the indices of the first point of each new phase.

    A missing point (None or NaN) has no moving range with its neighbours and ends no run. The lower limit of
    a count is never under zero.
    """
    values = np.array([np.nan if count is None else float(count) for count in counts])
    starts = sorted({0} | {b for b in breaks if 0 < b < len(values)})
    points: list[ProcessPoint] = []
    for phase, (start, stop) in enumerate(zip(starts, [*starts[1:], len(values)], strict=True), start=1):
        points += _phase(values[start:stop], phase)
    return Process(tuple(points), _words(points, labels))


def _phase(values: Floats, phase: int) -> list[ProcessPoint]:
    known = values[~np.isnan(values)]
    ranges = np.abs(np.diff(values))
    ranges = ranges[~np.isnan(ranges)]
    if len(known) < SHORTEST_PHASE or not len(ranges):
        return [ProcessPoint(_or_none(value), None, None, None, phase, "") for value in values]
    centre, reach = float(known.mean()), float(WIDTH * ranges.mean())
    lower, upper = max(0.0, centre - reach), centre + reach
    signals = _signals(values, centre, centre - reach, upper)
    return [
        ProcessPoint(_or_none(value), centre, lower, upper, phase, signal)
        for value, signal in zip(values, signals, strict=True)
    ]


def _signals(values: Floats, centre: float, lower: float, upper: float) -> list[str]:
    """The first rule that each point meets."""
    signals = [""] * len(values)
    places = np.flatnonzero(~np.isnan(values))
    known = values[places]
    rules = (
        (known > upper, 1, 1, ABOVE),
        (known < max(lower, 0.0), 1, 1, BELOW),
        (known > centre, RUN, RUN, RUN_ABOVE),
        (known < centre, RUN, RUN, RUN_BELOW),
        (known > (centre + upper) / 2, 3, 4, NEAR_UPPER),
        (known < (centre + lower) / 2, 3, 4, NEAR_LOWER),
    )
    for meets, least, among, name in rules:
        for place in _met(meets, least, among):
            signals[places[place]] = signals[places[place]] or name
    return signals


def _met(meets: np.ndarray, least: int, among: int) -> list[int]:
    """Places that meet the rule, in a stretch of `among` points of which at least `least` meet it."""
    found: set[int] = set()
    for start in range(len(meets) - among + 1):
        stretch = meets[start : start + among]
        if stretch.sum() >= least:
            found |= {start + int(i) for i in np.flatnonzero(stretch)}
    return sorted(found)


def _words(points: Sequence[ProcessPoint], labels: Sequence[str]) -> str:
    if not points:
        return "Nothing was published."
    last = [i for i, point in enumerate(points) if point.phase == points[-1].phase]
    since = labels[last[0]]
    if points[-1].centre is None:
        return f"Too few points since {since} to say what is usual: at least {SHORTEST_PHASE} are needed."
    sentences = [sentence for sentence in (_runs(points, labels, last), _outside(points, labels, last)) if sentence]
    return " ".join(sentences) or f"Stable since {since}: no point outside its limits and no run on one side."


def _runs(points: Sequence[ProcessPoint], labels: Sequence[str], last: Sequence[int]) -> str:
    """The latest run of the phase, and whether it is still on."""
    runs = [i for i in last if points[i].signal in (RUN_ABOVE, RUN_BELOW, ABOVE, BELOW)]
    in_run = [i for i in last if points[i].signal in (RUN_ABOVE, RUN_BELOW)]
    if not in_run:
        return ""
    side = points[in_run[-1]].signal
    start = in_run[-1]
    while start - 1 in runs and _side(points[start - 1]) == _side(points[in_run[-1]]):
        start -= 1
    if in_run[-1] == last[-1]:
        return f"{side.capitalize()} since {labels[start]}."
    return f"{side.capitalize()} from {labels[start]} to {labels[in_run[-1]]}."


def _side(point: ProcessPoint) -> bool:
    return bool(point.count is not None and point.centre is not None and point.count > point.centre)


def _outside(points: Sequence[ProcessPoint], labels: Sequence[str], last: Sequence[int]) -> str:
    parts = []
    for signal in (ABOVE, BELOW):
        where = [labels[i] for i in last if points[i].signal == signal]
        if where:
            named = ", ".join(where[-3:])
            more = f" and {len(where) - 3} earlier" if len(where) > 3 else ""
            parts.append(f"{signal.capitalize()} in {named}{more}.")
    near = [labels[i] for i in last if points[i].signal in (NEAR_UPPER, NEAR_LOWER)]
    if near and not parts:
        parts.append(f"Several points in a row close to a limit, the latest {near[-1]}.")
    return " ".join(parts)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
