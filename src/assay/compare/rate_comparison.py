"""How many offences does each force record for each 1,000 children who live there, and how far do forces
differ?

A recorded rate has no good direction: a high one may be better recording, and a low one worse. City of London
and British Transport Police are never given a resident rate.
"""

from typing import Any

import pyarrow as pa

from assay.compare.comparability import is_total, no_resident_rate, why_no_rate
from assay.compare.comparison_tables import RATES, SPREAD, Rows, as_rows, as_table, grouped
from assay.compare.force_estimates import EMPTY_STANDING, TOO_FEW, write_standing
from assay.stats.funnel_limits import naive_funnel
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.posterior_summary import SET_APART_BELOW, standing_of
from assay.stats.rates import rate_posterior

MEASURE = "recorded-rate"
PER = 1000.0


def compare_rates(rows: Rows) -> tuple[pa.Table, pa.Table]:
    """The tables `rates` and `spread` from rows (place_code, offence_key, financial_year, offences, children,
    children_mid_year, and quarters if known: a part year is shown as not comparable).

    Every row that comes in goes out, in the same order; rates are per 1,000 resident children aged 0 to 17.
    """
    all_rows = as_rows(rows)
    spread = [_compare(group) for group in grouped(all_rows, "offence_key", "financial_year").values()]
    return as_table(all_rows, RATES), as_table(spread, SPREAD)


def _compare(rows: list[dict[str, Any]]) -> dict[str, Any]:
    for row in rows:
        _write_plain(row)
    compared = [row for row in rows if not is_total(row["place_code"]) and not row["not_comparable"]]
    spread = _spread_of(rows, compared)
    if len(compared) < FEWEST_UNITS or not any(row["offences"] for row in compared):
        for row in compared:
            row["not_comparable"] = TOO_FEW
        return spread | {"forces_compared": 0}
    counts, sizes = ([row[column] for row in compared] for column in ("offences", "children"))
    posterior = rate_posterior(counts, sizes, set_apart_below=SET_APART_BELOW)
    found = standing_of(posterior)
    write_standing(compared, found, "per_1000", times=PER)
    return spread | {"overall": PER * found.overall, "between_force_sd": PER * found.between}


def _spread_of(rows: list[dict[str, Any]], compared: list[dict[str, Any]]) -> dict[str, Any]:
    key = {column: rows[0][column] for column in ("offence_key", "financial_year")}
    counted = {"measure": MEASURE, "forces_compared": len(compared), "unusual": 0}
    return key | counted | naive_funnel(compared, "offences", "children", of_rates=True)


def _write_plain(row: dict[str, Any]) -> None:
    row |= EMPTY_STANDING
    shown = not no_resident_rate(row)
    row["raw_per_1000"] = PER * row["offences"] / row["children"] if shown else None
    row["not_comparable"] = _why_no_total(row) if is_total(row["place_code"]) else why_no_rate(row)
    if is_total(row["place_code"]):
        row["per_1000"] = row["raw_per_1000"]  # a full count: there is nothing to be unsure of


def _why_no_total(row: dict[str, Any]) -> str:
    part = row.get("quarters") is not None and row["quarters"] < 4
    return "Not comparable: the year is not complete." if part else ""
