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

from assay.comparison.called_before import FIRST, TOGETHER_UP_TO, Before, is_same, with_call
from assay.comparison.comparable import is_total
from assay.comparison.discoveries import side_of
from assay.comparison.forms import CALLED, FLAG, NUMBER, TEXT, WHOLE, Rows, as_rows, as_table
from assay.estimation.discoveries import q_values
from assay.estimation.grid import Floats
from assay.estimation.together import p_values_together, scores

TOWARDS, AWAY = "towards it", "away from it"
"""On which side a force lies, seen from the failing: towards it where less than one in two like the others would lie so
far out by luck."""
NONE_COMPARED = "Compared on none of its measures."
TAKEN_TOGETHER = pa.schema(
    [
        ("failure_mode", TEXT), ("place_code", TEXT), ("measures", WHOLE), ("p_value", NUMBER),
        ("q_value", NUMBER), ("unusual", FLAG), *((name, TEXT) for name in (*CALLED, "not_comparable")),
    ]
)  # fmt: skip
Shown = Mapping[str, Mapping[str, str]]


def compare_together(standing: Rows, shown_by: Shown, before: Before = FIRST) -> pa.Table:
    """One row a failure mode and body, from the exact `standing` of the indicators.

    `shown_by`: by failure mode its measures, each with the side ("lower" or "higher") on which a force would lie that
    fails so. `p_value` is of that side alone (`estimation/together.py`). `unusual` is empty where no measure is
    compared: that is no clean bill. `before`: what earlier inspections called, under the failure mode in the place of a
    measure.
    """
    rows = {(row["indicator"], row["place_code"]): row for row in as_rows(standing) if not is_total(row["place_code"])}
    places = list(dict.fromkeys(place for _, place in rows))
    found = [row for mode, sides in shown_by.items() for row in _of_mode(mode, sides, rows, places)]
    _hold(found, before)
    return as_table(found, TAKEN_TOGETHER)


def _of_mode(
    mode: str, sides: Mapping[str, str], rows: Mapping[tuple[str, str], Mapping[str, Any]], places: Sequence[str]
) -> list[dict[str, Any]]:
    each = np.array([[_score(rows.get((measure, place)), side) for place in places] for measure, side in sides.items()])
    compared, chance = (~np.isnan(each)).sum(axis=0), p_values_together(each)
    return [
        {"failure_mode": mode, "place_code": place, "measures": int(number), **_told(own)}
        for place, number, own in zip(places, compared, chance, strict=True)
    ]


def _told(p_value: float) -> dict[str, Any]:
    if np.isnan(p_value):
        return {"p_value": None, "not_comparable": NONE_COMPARED}
    return {"p_value": float(p_value), "not_comparable": ""}


def _score(row: Mapping[str, Any] | None, side: str) -> float:
    """How far out on that side; NaN where the body is not compared on the measure."""
    if row is None or row["p_value"] is None:
        return np.nan
    lies = side_of(row["met"] / row["base"], row["expected"])
    return float(scores(row["p_value"], 1 if lies == side else -1))


def _hold(rows: Sequence[dict[str, Any]], before: Before) -> None:
    """Write on each row its q-value, whether it is named, and what became of an earlier call."""
    calls = [before.calls.get((row["failure_mode"], row["place_code"])) for row in rows]
    for row in rows:
        row["side"] = "" if row["p_value"] is None else TOWARDS if row["p_value"] < 0.5 else AWAY
    stood = [is_same(call, row["side"]) for row, call in zip(rows, calls, strict=True)]
    asked: Floats = np.array(
        [np.nan if row["p_value"] is None or again else row["p_value"] for row, again in zip(rows, stood, strict=True)]
    )
    for row, call, q in zip(rows, calls, q_values(asked), strict=True):
        row["q_value"] = None if np.isnan(q) else float(q)
        named = bool(q <= before.level(TOGETHER_UP_TO))
        row |= {"unusual": None if row["p_value"] is None else named, "direction": TOWARDS if named else ""}
        row |= with_call(row | {"p_value": _of_both_sides(row["p_value"])}, call)


def _of_both_sides(p_value: float | None) -> float | None:
    """As the p-values of single measures are, by which it is judged whether a call stands."""
    return None if p_value is None else min(1.0, 2 * p_value)
