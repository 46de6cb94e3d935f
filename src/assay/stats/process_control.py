"""XmR control chart of a series: limits, phases and signals.

The centre is the mean of a phase; the limits are 2.66 mean moving ranges to each side (about three standard deviations
of the variation between successive points). A new phase begins where what is counted is known to have changed. Three
signals: a point outside the limits; eight in a row on one side of the centre; three of four on one side, nearer to a
limit than to the centre.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assay.stats.posterior_grid import Floats

LIMIT_FACTOR = 2.66
RUN_LENGTH = 8
MINIMUM_PHASE_LENGTH = 8
"""With fewer points no limits are computed."""

ABOVE, BELOW = "above the upper limit", "below the lower limit"
RUN_ABOVE, RUN_BELOW = "a run above the centre", "a run below the centre"
NEAR_UPPER, NEAR_LOWER = "near the upper limit", "near the lower limit"


@dataclass(frozen=True)
class ProcessPoint:
    """A point of the chart; limits are None if the phase is too short, `signal` is '' or the first rule met."""

    count: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    phase: int
    signal: str


@dataclass(frozen=True)
class ControlChart:
    """Points of the chart, and the state of the last phase in `words`."""

    points: tuple[ProcessPoint, ...]
    words: str


def control_chart(counts: Sequence[float | None], labels: Sequence[str], *, breaks: Iterable[int] = ()) -> ControlChart:
    """Return the control chart of a series, oldest first; `breaks` are the first points of new phases.

    A missing point (None or NaN) has no moving range and does not end a run. The lower limit is never below zero.
    """
    values = np.array([np.nan if count is None else float(count) for count in counts])
    starts = sorted({0} | {b for b in breaks if 0 < b < len(values)})
    points: list[ProcessPoint] = []
    for phase, (start, stop) in enumerate(zip(starts, [*starts[1:], len(values)], strict=True), start=1):
        points += _phase(values[start:stop], phase)
    return ControlChart(tuple(points), _describe_state(points, labels))


def _phase(values: Floats, phase: int) -> list[ProcessPoint]:
    known = values[~np.isnan(values)]
    ranges = np.abs(np.diff(values))
    ranges = ranges[~np.isnan(ranges)]
    if len(known) < MINIMUM_PHASE_LENGTH or not len(ranges):
        return [ProcessPoint(_or_none(value), None, None, None, phase, "") for value in values]
    centre, reach = float(known.mean()), float(LIMIT_FACTOR * ranges.mean())
    lower, upper = max(0.0, centre - reach), centre + reach
    signals = _signals(values, centre, centre - reach, upper)
    return [
        ProcessPoint(_or_none(value), centre, lower, upper, phase, signal)
        for value, signal in zip(values, signals, strict=True)
    ]


def _signals(values: Floats, centre: float, lower: float, upper: float) -> list[str]:
    """Return the first rule that each point meets, or ''."""
    signals = [""] * len(values)
    positions = np.flatnonzero(~np.isnan(values))
    known = values[positions]
    rules = (
        (known > upper, 1, 1, ABOVE),
        (known < max(lower, 0.0), 1, 1, BELOW),
        (known > centre, RUN_LENGTH, RUN_LENGTH, RUN_ABOVE),
        (known < centre, RUN_LENGTH, RUN_LENGTH, RUN_BELOW),
        (known > (centre + upper) / 2, 3, 4, NEAR_UPPER),
        (known < (centre + lower) / 2, 3, 4, NEAR_LOWER),
    )
    for is_met, minimum, window, name in rules:
        for position in _positions_meeting_rule(is_met, minimum, window):
            signals[positions[position]] = signals[positions[position]] or name
    return signals


def _positions_meeting_rule(is_met: np.ndarray, minimum: int, window: int) -> list[int]:
    """Return the positions that meet a rule within a window in which at least `minimum` points meet it."""
    positions: set[int] = set()
    for start in range(len(is_met) - window + 1):
        stretch = is_met[start : start + window]
        if stretch.sum() >= minimum:
            positions |= {start + int(i) for i in np.flatnonzero(stretch)}
    return sorted(positions)


def _describe_state(points: Sequence[ProcessPoint], labels: Sequence[str]) -> str:
    if not points:
        return "Nothing was published."
    last_phase = [i for i, point in enumerate(points) if point.phase == points[-1].phase]
    since = labels[last_phase[0]]
    if points[-1].centre is None:
        return f"Too few points since {since} to say what is usual: at least {MINIMUM_PHASE_LENGTH} are needed."
    sentences = [
        sentence
        for sentence in (_describe_run(points, labels, last_phase), _describe_signals(points, labels, last_phase))
        if sentence
    ]
    return " ".join(sentences) or f"Stable since {since}: no point outside its limits and no run on one side."


def _describe_run(points: Sequence[ProcessPoint], labels: Sequence[str], last_phase: Sequence[int]) -> str:
    """Describe the latest run of the phase, and whether it continues."""
    runs = [i for i in last_phase if points[i].signal in (RUN_ABOVE, RUN_BELOW, ABOVE, BELOW)]
    in_run = [i for i in last_phase if points[i].signal in (RUN_ABOVE, RUN_BELOW)]
    if not in_run:
        return ""
    side = points[in_run[-1]].signal
    start = in_run[-1]
    while start - 1 in runs and _is_above_centre(points[start - 1]) == _is_above_centre(points[in_run[-1]]):
        start -= 1
    if in_run[-1] == last_phase[-1]:
        return f"{side.capitalize()} since {labels[start]}."
    return f"{side.capitalize()} from {labels[start]} to {labels[in_run[-1]]}."


def _is_above_centre(point: ProcessPoint) -> bool:
    return bool(point.count is not None and point.centre is not None and point.count > point.centre)


def _describe_signals(points: Sequence[ProcessPoint], labels: Sequence[str], last_phase: Sequence[int]) -> str:
    parts = []
    for signal in (ABOVE, BELOW):
        signal_labels = [labels[i] for i in last_phase if points[i].signal == signal]
        if signal_labels:
            latest = ", ".join(signal_labels[-3:])
            more = f" and {len(signal_labels) - 3} earlier" if len(signal_labels) > 3 else ""
            parts.append(f"{signal.capitalize()} in {latest}{more}.")
    near_labels = [labels[i] for i in last_phase if points[i].signal in (NEAR_UPPER, NEAR_LOWER)]
    if near_labels and not parts:
        parts.append(f"Several points in a row close to a limit, the latest {near_labels[-1]}.")
    return " ".join(parts)


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
