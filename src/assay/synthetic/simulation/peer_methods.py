"""Alerts of other methods on the same forces: file reading, a league table, and a naive funnel plot.

Each method uses the same counts as the comparison and returns alerts of the same type, so that all are scored in the
same way.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby

import numpy as np

from assay.indicators.indicator_catalogue import indicators
from assay.stats.binomial_intervals import naive_funnel_z
from assay.synthetic.simulation.alert_comparison import Alert, ForceCounts

FORCES_READ, FILES_READ, POINTS_BELOW = 6, 52, 0.20
SIGMAS_OF_LEAGUE, SIGMAS_OF_FUNNEL = 2.0, 3.0
BAD_DIRECTION = {"higher": "lower", "lower": "higher"}


def file_reading_alerts(
    counts: Sequence[ForceCounts], crimes: Mapping[str, int], seed: int, single_record_alerts: Iterable[Alert] = ()
) -> frozenset[Alert]:
    """Return the alerts from reading 52 files in six forces, without intervals.

    Forces are sampled at random, their files without replacement (`crimes`: the number in each). A file concerns a
    question as often as the force's records do. A force has an alert on a question if its share is 20 points worse than
    the mean of the forces read.
    """
    draw = random.Random(f"files/{seed}").random
    read_forces = _sample_codes(sorted(crimes), FORCES_READ, draw)
    files = {
        code: FILES_READ // len(read_forces) + (place < FILES_READ % len(read_forces))
        for place, code in enumerate(read_forces)
    }
    better = {form.key: form.better for form in indicators()}
    alerts = [alert for alert in single_record_alerts if alert.place in files]
    for measure, measure_counts in _group_by_measure(counts):
        shares = {}
        for force_counts in (force_counts for force_counts in measure_counts if force_counts.place in files):
            relevant_files = _hypergeometric(
                min(force_counts.base, crimes[force_counts.place]),
                crimes[force_counts.place],
                files[force_counts.place],
                draw,
            )
            if relevant_files:
                shares[force_counts.place] = (
                    _hypergeometric(force_counts.met, force_counts.base, relevant_files, draw) / relevant_files
                )
        alerts += _far_from_mean(measure, shares, BAD_DIRECTION.get(better.get(measure, ""), ""))
    return frozenset(alerts)


def _far_from_mean(measure: str, shares: Mapping[str, float], bad: str) -> list[Alert]:
    if not shares or not bad:
        return []
    mean = sum(shares.values()) / len(shares)
    differences = {code: (mean - share if bad == "lower" else share - mean) for code, share in shares.items()}
    return [Alert(code, measure, bad) for code, difference in differences.items() if difference >= POINTS_BELOW - 1e-9]


def _sample_codes(codes: list[str], number: int, draw: Callable[[], float]) -> list[str]:
    remaining = list(codes)
    return [remaining.pop(int(draw() * len(remaining))) for _ in range(min(number, len(remaining)))]


def _hypergeometric(successes: int, population: int, number: int, draw: Callable[[], float]) -> int:
    """Sample the number of successes among `number` draws without replacement (hypergeometric distribution)."""
    found = 0
    for draw_number in range(min(number, population)):
        found += draw() * (population - draw_number) < successes - found
    return found


def league_table_alerts(counts: Iterable[ForceCounts]) -> frozenset[Alert]:
    """Return alerts for raw shares that are more than two standard deviations from their mean."""
    alerts: list[Alert] = []
    for measure, measure_counts in _group_by_measure(counts):
        shares = np.array([force_counts.met / force_counts.base for force_counts in measure_counts])
        spread = shares.std(ddof=1) if len(shares) > 1 else 0.0
        if spread > 0:
            alerts += _alerts_beyond(measure, measure_counts, (shares - shares.mean()) / spread, SIGMAS_OF_LEAGUE)
    return frozenset(alerts)


def naive_funnel_alerts(counts: Iterable[ForceCounts]) -> frozenset[Alert]:
    """Return alerts outside three binomial standard errors around the pooled share."""
    alerts: list[Alert] = []
    for measure, measure_counts in _group_by_measure(counts):
        met, base = (
            sum(force_counts.met for force_counts in measure_counts),
            sum(force_counts.base for force_counts in measure_counts),
        )
        if 0 < met < base:
            z = naive_funnel_z(
                [force_counts.met for force_counts in measure_counts],
                [force_counts.base for force_counts in measure_counts],
            )
            alerts += _alerts_beyond(measure, measure_counts, z, SIGMAS_OF_FUNNEL)
    return frozenset(alerts)


def _alerts_beyond(
    measure: str, measure_counts: Sequence[ForceCounts], z: Iterable[float], limit: float
) -> list[Alert]:
    pairs = zip(measure_counts, z, strict=True)
    return [
        Alert(force_counts.place, measure, "lower" if far < 0 else "higher")
        for force_counts, far in pairs
        if abs(far) > limit
    ]


def _group_by_measure(counts: Iterable[ForceCounts]) -> list[tuple[str, list[ForceCounts]]]:
    rows = sorted(counts, key=lambda force_counts: (force_counts.measure, force_counts.place))
    return [
        (measure, list(measure_counts))
        for measure, measure_counts in groupby(rows, key=lambda force_counts: force_counts.measure)
    ]
