"""Tests for a failing at the 5% level, from released figures, as evidence against a force.

An outlier alert names a force in public, so its false discovery rate is controlled over all forces and measures. A good
grade reassures, so here the other error weighs more: no theme is proposed as good where a single test speaks against
the force. Each characteristic has one combined test for each failure mode that it is opposed to, one of its other
duties in law, and one of its other measures. About one test in twenty speaks against a force without any failing.

The scores come from the released counts and the released leave-one-out prediction, so that a reader can repeat them and
they reveal no suppressed count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from assay.grading.force_evidence import (
    FORCE_RECORD,
    POLICE,
    TEST,
    CharacteristicEvidence,
    EvidenceItem,
    EvidenceTables,
    Row,
    TestPValues,
    counts_on_sides,
    is_duty,
    reason_never_counted,
    relevant_indicators,
    wanted_sides,
)
from assay.grading.grading_rules import Rules
from assay.grading.hypothesis_register import modes_by_characteristic
from assay.indicators import Indicator
from assay.indicators.failure_mode_measures import HIGHER, LOWER, MEASURES_OF_MODE
from assay.indicators.indicator_catalogue import COMPARED_ONLY
from assay.reference import Characteristic, failure_modes
from assay.stats.combined_tests import MAXIMUM_SCORE, combined_p_values

OTHER_DUTIES, OTHER_MEASURES = "duties", "others"
TITLES = {OTHER_DUTIES: "Duties in law", OTHER_MEASURES: "Other measures"}
HALF_INTERVAL = NormalDist().inv_cdf(0.975)
"""Standard deviations between the expected share and either end of its 95% prediction."""


def with_adverse_tests(
    evidence: CharacteristicEvidence, tables: EvidenceTables, indicators: Sequence[Indicator], rules: Rules
) -> CharacteristicEvidence:
    """Return the evidence with an item added for each test that is significant against the force.

    A failure mode with an outlier alert needs none: the alert says more.
    """
    if not rules.test_level or not rules.compared:
        return evidence
    alerted = {item.key for item in evidence.worse_alerts}
    p_values = _p_values(tables, indicators, evidence.characteristic, rules)
    tests = tuple(
        _test_item(name, p_value, measures, evidence, rules)
        for name, (p_value_by_place, measures) in p_values.items()
        if (p_value := p_value_by_place.get(evidence.place, 1.0)) <= rules.test_level and name not in alerted
    )
    return replace(evidence, items=(*evidence.items, *tests))


def _test_item(
    name: str, p_value: float, measures: Sequence[str], evidence: CharacteristicEvidence, rules: Rules
) -> EvidenceItem:
    title = TITLES[name] if name in TITLES else failure_modes().get(name).text.rstrip(".")
    compared = [item for item in evidence.items if item.key in measures and item.is_compared]
    return EvidenceItem(
        TEST,
        name,
        title,
        has_level=False,
        fewer=True,
        false_alert_probability=p_value,
        estimate={"measures": len(compared), "level": rules.test_level},
    )


def tested_measures(
    indicators: Sequence[Indicator], characteristic: Characteristic, rules: Rules
) -> dict[str, dict[str, str]]:
    """Return the tests of one characteristic: each test's measures, with the side on which a failing force lies.

    A failure mode of which no measure is a duty of the police is no test. Where the rules count duties alone, only the
    duties among the measures of a failure mode are tested.
    """
    forms = {indicator.key: indicator for indicator in indicators}
    modes = {
        mode: {
            key: side
            for key, side in MEASURES_OF_MODE[mode].items()
            if key in forms and (is_duty(forms[key]) or not rules.duties_alone)
        }
        for mode in modes_by_characteristic().get(characteristic.key, ())
        if mode in MEASURES_OF_MODE
    }
    in_modes = {key for sides in modes.values() for key in sides}
    relevant = relevant_indicators(indicators, characteristic, rules)
    sides = wanted_sides(relevant, characteristic, rules)
    found = {mode: dict(group) for mode, group in modes.items() if any(forms[key].holder == POLICE for key in group)}
    for indicator in relevant:
        better_side = sides[indicator.key]
        is_compared = indicator.record != FORCE_RECORD and indicator.key not in COMPARED_ONLY
        if is_compared and indicator.key not in in_modes and not reason_never_counted(indicator, better_side, rules):
            name = OTHER_DUTIES if is_duty(indicator) else OTHER_MEASURES
            found.setdefault(name, {})[indicator.key] = HIGHER if better_side == LOWER else LOWER
    return found


def _p_values(
    tables: EvidenceTables, indicators: Sequence[Indicator], characteristic: Characteristic, rules: Rules
) -> TestPValues:
    """Return by test the one-sided p-value of each place, and its measures; worked out once for all places."""
    key = characteristic.key, rules.duties_alone
    if key not in tables.test_p_values:
        places = sorted({place for place, _ in tables.estimates})
        tables.test_p_values[key] = {
            name: (_p_value_by_place(tables, places, sides), tuple(sides))
            for name, sides in tested_measures(indicators, characteristic, rules).items()
        }
    return tables.test_p_values[key]


def _p_value_by_place(tables: EvidenceTables, places: Sequence[str], sides: Mapping[str, str]) -> dict[str, float]:
    scores = np.array([list(_scores(tables, places, measure, side)) for measure, side in sides.items()])
    p_values = combined_p_values(scores)
    return {place: float(p) for place, p in zip(places, p_values, strict=True) if not np.isnan(p)}


def _scores(tables: EvidenceTables, places: Iterable[str], measure: str, side: str) -> Iterable[float]:
    for place in places:
        yield _score(tables.ladders.get((place, measure)), tables.estimates.get((place, measure), {}), side)


def _score(row: Row | None, estimate: Row, side: str) -> float:
    """Return how far the released share lies on the side of the failing, in standard deviations of the prediction.

    NaN where the force is not compared, or its counts are suppressed. The prediction may be skewed, so the deviation is
    measured by the half of the interval in which the share lies.
    """
    expected, low, high = (estimate.get(name) for name in ("expected", "expected_low", "expected_high"))
    if row is None or expected is None or low is None or high is None or estimate.get("not_comparable"):
        return np.nan
    counts = counts_on_sides(row, estimate, fewer=False)
    met, not_met = counts["met"], counts["not_met"]
    if met is None or not_met is None or met + not_met == 0:
        return np.nan
    share = met / (met + not_met)
    half_width = expected - low if share < expected else high - expected
    if half_width <= 0:
        return np.nan
    score = HALF_INTERVAL * (share - expected) / half_width
    return float(np.clip(score if side == HIGHER else -score, -MAXIMUM_SCORE, MAXIMUM_SCORE))
