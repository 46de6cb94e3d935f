"""On each indicator, where does a force stand beside the others, and which forces do the others not lead one to expect?

Met of those that tell, by the same model as for published shares; what does not tell takes the place of what is
pending. Only territorial forces are ranked. British Transport Police is shown with its own interval; the agency and the
regional units have counts alone. False discovery is held over every indicator and force together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.compare.alert_disclosure import OF_MET, OF_NOT_MET, Shown, note_what_tells
from assay.compare.comparability import why_no_indicator
from assay.compare.comparison_tables import AT_FEW, CALLED, FLAG, NUMBER, SHARES, TEXT, WHOLE, Rows, as_rows, as_table
from assay.compare.funnel_plot import funnel_table
from assay.compare.outlier_alerts import count_unusual, hold_false_discovery, p_asked, sides
from assay.compare.previous_alerts import BESIDE_UP_TO, FIRST, Before, with_call
from assay.compare.share_comparison import compare_shares
from assay.indicators import ALL, Indicator
from assay.reference import Body

OF_BODIES = "force"
"""The record of which each body has one: there is nothing to rank."""
BASES_END_AT = 50
"""The lines of a funnel end at a multiple of this: they must not tell the base of the largest force."""
SPREAD_DECIMALS = 3
"""Of the mean and the spread between forces: more would help to work out what single forces count."""
ONE_EACH = "Not comparable: each force has one, so there is nothing to rank."
STANDING = pa.schema(
    [("indicator", TEXT), ("place_code", TEXT), ("met", WHOLE), ("not_met", WHOLE), ("base", WHOLE)]
    + [(name, NUMBER) for name in ("share", "share_low", "share_high", "rank", "rank_low", "rank_high")]
    + [(name, NUMBER) for name in ("expected", "expected_low", "expected_high", "p_value", "q_value")]
    + [("unusual", FLAG), ("direction", TEXT), ("called", TEXT), ("called_since", TEXT)]
    + [("not_known_share", NUMBER), ("not_comparable", TEXT), ("hidden", TEXT), (OF_MET, FLAG), (OF_NOT_MET, FLAG)]
)
STANDING_AT_FEW = pa.schema([*STANDING, *AT_FEW])
SPREAD = pa.schema(
    [
        ("indicator", TEXT), ("forces_compared", WHOLE), ("overall", NUMBER), ("between_force_sd", NUMBER),
        ("naive_outside_3_sigma", WHOLE), ("mean_z_squared", NUMBER), ("unusual", WHOLE),
    ]
)  # fmt: skip
FUNNEL = pa.schema([("indicator", TEXT)] + [(n, NUMBER) for n in ("base", "low", "high", "naive_low", "naive_high")])


def compare_indicators(
    indicators: Sequence[Indicator],
    ladders: Rows,
    bodies: Mapping[str, Body],
    before: Before = FIRST,
    shown: Shown | None = None,
) -> dict[str, pa.Table]:
    """The tables `standing`, `indicator_spread` and `indicator_funnel`, from the exact ladders of all indicators.

    Every row of `ladders` that counts everyone together ('all') has its row in `standing`; one that could not be
    asked keeps its sentence and has no figure. `unusual` is empty where a force was not compared: that is no clean
    bill. `before`: those of earlier inspections; `called` says which call is new, which stands and which is shown no
    longer. `shown`: how counts will be shown; each row notes whether a call would tell of one that will not be
    (`alert_disclosure.py`). Without, that is not known.
    """
    forms = {form.key: form for form in indicators}
    rows = [row for row in as_rows(ladders) if row["when_reported"] == ALL and row["indicator"] in forms]
    asked = [_as_share(row, bodies) for row in rows if not row["not_askable"]]
    shares, spread = compare_shares(
        [row for row in asked if forms[row["measure"]].record != OF_BODIES], why=why_no_indicator, shown=shown
    )
    good = {key: form.better for key, form in forms.items() if form.better != "neither"}
    asked_of = p_asked(shares, good, before)
    [shares] = hold_false_discovery([shares], good, before, BESIDE_UP_TO)
    compared = _with_calls(shares, before)
    note_what_tells(compared, asked_of, good, before, BESIDE_UP_TO)
    shares = as_table(compared, SHARES)
    spread = _rounded(count_unusual(spread, [shares]))
    known = {(row["measure"], row["place_code"]): row for row in compared}
    standing = [_standing(row, known, bodies, forms[row["indicator"]]) for row in rows]
    return {
        "standing": as_table(standing, STANDING_AT_FEW if shown else STANDING),
        "indicator_spread": as_table([row | {"indicator": row["measure"]} for row in spread.to_pylist()], SPREAD),
        "indicator_funnel": _funnel(shares, spread),
    }


def _with_calls(shares: pa.Table, before: Before) -> list[dict[str, Any]]:
    """The same with what became of each call; one that stands is called with the probability that it had."""
    rows = [row | {"side": side} for row, side in zip(shares.to_pylist(), sides(shares), strict=True)]
    for row in rows:
        row |= with_call(row, before.calls.get((row["measure"], row["place_code"])))
    return rows


def not_known_share(row: Mapping[str, Any]) -> float | None:
    """Of the records that are not left out and not outside, the share that does not tell; None without any."""
    unknown = row["not_known"] + row["not_known_if_counted"]
    whole = row["met"] + row["not_met"] + unknown
    return unknown / whole if whole else None


def _as_share(row: Mapping[str, Any], bodies: Mapping[str, Body]) -> dict[str, Any]:
    place = row["place_code"]
    return {
        "measure": row["indicator"],
        "place_code": place,
        "offence_key": "",
        "financial_year": "",
        "numerator": row["met"],
        "base": row["met"] + row["not_met"],
        "pending_share": not_known_share(row),
        "body_kind": bodies[place].kind if place in bodies else "",
    }


def _standing(
    row: Mapping[str, Any],
    known: Mapping[tuple[str, str], Mapping[str, Any]],
    bodies: Mapping[str, Body],
    form: Indicator,
) -> dict[str, Any]:
    own = {"indicator": form.key, "place_code": row["place_code"], "hidden": "", "direction": "", "unusual": None,
           "called": "", "called_since": ""}  # fmt: skip
    if row["not_askable"]:
        return own | {"not_comparable": row["not_askable"]}
    base = row["met"] + row["not_met"]
    own |= {"met": row["met"], "not_met": row["not_met"], "base": base, "not_known_share": not_known_share(row)}
    if form.record == OF_BODIES:
        return own | {"share": row["share"], "not_comparable": ONE_EACH}
    compared = dict(known[form.key, row["place_code"]])
    body = bodies.get(row["place_code"])
    if body is not None and body.national:
        compared |= {"share": None, "share_low": None, "share_high": None}
    # Whoever was not compared is not found to be like the others: that is not known.
    unusual = None if compared["p_value"] is None else compared["unusual"]
    return compared | own | {"unusual": unusual, **{name: compared[name] for name in ("direction", *CALLED)}}


def _rounded(spread: pa.Table) -> pa.Table:
    for name in ("overall", "between_force_sd"):
        place = spread.column_names.index(name)
        spread = spread.set_column(place, name, pc.round(spread[name], SPREAD_DECIMALS))
    return spread


def _funnel(shares: pa.Table, spread: pa.Table) -> pa.Table:
    lines = funnel_table(shares, spread, up_to_next=BASES_END_AT).to_pylist()
    return as_table([row | {"indicator": row["measure"]} for row in lines], FUNNEL)
