"""Which forces lie out on the side of a failure of the past, once all measures are taken together that would show it?

A failing moves several measures, and none of them need lie so far out that it is named by itself among thousands; or it
is shown by one, which thousands of other questions would drown. What is asked is one question for each failure mode and
force, on the side of the failing alone, however many measures it has. False discovery is to be held at 5% over all of
them, a list of their own (`TOGETHER_UP_TO`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.alert_disclosure import MET_ENDS, NOT_MET_ENDS, End, Shown, ends, what_leaves
from assay.compare.comparability import is_total
from assay.compare.comparison_tables import AT_FEW, CALLED, FLAG, NUMBER, TEXT, WHOLE, Rows, as_rows, as_table
from assay.compare.indicator_comparison import compare_indicators
from assay.compare.outlier_alerts import side_of
from assay.compare.previous_alerts import FIRST, TOGETHER_UP_TO, Before, Call, is_same, with_call
from assay.indicators import Indicator
from assay.reference import Body
from assay.stats.combined_tests import p_values_together, scores
from assay.stats.false_discovery import named_up_to, q_values
from assay.stats.posterior_grid import Floats

TOWARDS, AWAY = "towards it", "away from it"
"""On which side a force lies, seen from the failing: towards it where less than one in two like the others would lie so
far out by luck."""
NONE_COMPARED = "Compared on none of its measures."
TAKEN_TOGETHER = pa.schema(
    [
        ("failure_mode", TEXT), ("place_code", TEXT), ("measures", WHOLE), ("p_value", NUMBER),
        ("q_value", NUMBER), ("unusual", FLAG), *((name, TEXT) for name in (*CALLED, "not_comparable")),
        ("call_tells", FLAG),
    ]
)  # fmt: skip
ShownBy = Mapping[str, Mapping[str, str]]


def compare_together(standing: Rows, shown_by: ShownBy, before: Before = FIRST, shown: Shown | None = None) -> pa.Table:
    """One row a failure mode and body, from the exact `standing` of the indicators.

    `shown_by`: by failure mode its measures, each with the side ("lower" or "higher") on which a force would lie that
    fails so. `p_value` is of that side alone (`stats/combined_tests.py`). `unusual` is empty where no measure is
    compared: that is no clean bill. `before`: what earlier inspections called, under the failure mode in the place of a
    measure. `shown`: how counts will be shown; `call_tells` is whether a call would tell of those that will not be,
    all of them small or large together, and empty where that is not known.
    """
    rows = {(row["indicator"], row["place_code"]): row for row in as_rows(standing) if not is_total(row["place_code"])}
    places = list(dict.fromkeys(place for _, place in rows))
    found = [row for mode, sides in shown_by.items() for row in _of_mode(mode, sides, rows, places, shown)]
    _hold(found, before)
    return as_table(found, TAKEN_TOGETHER)


def compare_with_failures(
    indicators: Sequence[Indicator],
    ladders: Rows,
    bodies: Mapping[str, Body],
    shown_by: ShownBy,
    before: Before = FIRST,
    shown: Shown | None = None,
) -> dict[str, pa.Table]:
    """What `compare_indicators` gives, and `taken_together`; without what the one only hands the other."""
    made = compare_indicators(indicators, ladders, bodies, before, shown)
    made["taken_together"] = compare_together(made["standing"], shown_by, before, shown)
    if shown:
        made["standing"] = made["standing"].drop_columns([name for name, _ in AT_FEW])
    return made


def _of_mode(
    mode: str,
    sides: Mapping[str, str],
    rows: Mapping[tuple[str, str], Mapping[str, Any]],
    places: Sequence[str],
    shown: Shown | None,
) -> list[dict[str, Any]]:
    measured = [[_scores(rows.get((one, place)), side, shown) for place in places] for one, side in sides.items()]
    each, least, most = np.moveaxis(np.array(measured), -1, 0)
    compared, chance = (~np.isnan(each)).sum(axis=0), p_values_together(each)
    extremes = [p_values_together(scored, each) for scored in (least, most)] if shown else []
    return [
        {"failure_mode": mode, "place_code": place, "measures": int(number), **_told(own), "ends": at_ends}
        for place, number, own, *at_ends in zip(places, compared, chance, *extremes, strict=True)
    ]


def _told(p_value: float) -> dict[str, Any]:
    if np.isnan(p_value):
        return {"p_value": None, "not_comparable": NONE_COMPARED}
    return {"p_value": float(p_value), "not_comparable": ""}


def _scores(row: Mapping[str, Any] | None, side: str, shown: Shown | None) -> tuple[float, float, float]:
    """How far out on that side; and the least and the most, where its count is not shown. NaN where the body is not
    compared on the measure."""
    if row is None or row["p_value"] is None:
        return np.nan, np.nan, np.nan
    own = _score((side_of(row["met"] / row["base"], row["expected"]), row["p_value"]), side)
    for count, which in (("met", MET_ENDS), ("not_met", NOT_MET_ENDS)):
        if shown and shown.hides(row[count]) and (both := ends(row, which)):
            at = [_score(end, side) for end in both]
            return own, min(at), max(at)
    return own, own, own


def _score(end: End, side: str) -> float:
    lies, p_value = end
    return float(scores(p_value, 1 if lies == side else -1))


def _hold(rows: Sequence[dict[str, Any]], before: Before) -> None:
    """Write on each row its q-value, whether it is named, and what became of an earlier call."""
    calls = [before.calls.get((row["failure_mode"], row["place_code"])) for row in rows]
    for row in rows:
        row["side"] = "" if row["p_value"] is None else _side(row["p_value"])
    stood = [is_same(call, row["side"]) for row, call in zip(rows, calls, strict=True)]
    asked: Floats = np.array(
        [np.nan if row["p_value"] is None or again else row["p_value"] for row, again in zip(rows, stood, strict=True)]
    )
    level = before.level(TOGETHER_UP_TO)
    for row, call, q, limit in zip(rows, calls, q_values(asked), named_up_to(asked, level), strict=True):
        row["q_value"] = None if np.isnan(q) else float(q)
        named = bool(q <= level)
        row |= {"unusual": None if row["p_value"] is None else named, "direction": TOWARDS if named else ""}
        row |= with_call(row | {"p_value": _of_both_sides(row["p_value"])}, call)
        row["call_tells"] = _tells(row["ends"], float(limit), call)


def _tells(at_ends: Sequence[float], limit: float, call: Call | None) -> bool | None:
    """Whether what leaves of a call is not the same at both ends of what is not shown."""
    if not at_ends or np.isnan(at_ends).any():
        return None
    least, most = (what_leaves(p <= limit, _side(p), _of_both_sides(p) or 0.0, call) for p in at_ends)
    return least != most


def _side(p_value: float) -> str:
    return TOWARDS if p_value < 0.5 else AWAY


def _of_both_sides(p_value: float | None) -> float | None:
    """As the p-values of single measures are, by which it is judged whether a call stands."""
    return None if p_value is None else min(1.0, 2 * p_value)
