"""Compare recorded rates per 1,000 resident children between forces (gamma-Poisson model).

Neither side of a recorded rate is better: a high rate may mean better recording, and a low one worse. The City of
London and British Transport Police never have a resident rate.
"""

from typing import Any

import pyarrow as pa

from assay.compare.comparability import has_no_resident_rate, is_total, rate_exclusion_reason
from assay.compare.comparison_tables import RATES, SPREAD, Rows, as_rows, as_table, group_rows_by
from assay.compare.force_estimates import NO_ALERT, write_estimates
from assay.sdc.alert_suppression import TOO_FEW_FORCES_TEXT
from assay.stats.funnel_limits import naive_funnel
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.posterior_summary import EXCLUSION_P_VALUE, summarise_posterior
from assay.stats.rates import rate_posterior

MEASURE = "recorded-rate"
RATE_BASE = 1000.0


def compare_rates(rows: Rows) -> tuple[pa.Table, pa.Table]:
    """Return the tables `rates` (one row per input row, in the same order) and `spread`.

    Rates are per 1,000 resident children aged 0 to 17.

    Parameters
    ----------
    rows
        Rows of place_code, offence_key, financial_year, offences, children, children_mid_year, and quarters if known;
        a part year is not comparable.
    """
    all_rows = as_rows(rows)
    spread = [_compare(group) for group in group_rows_by(all_rows, "offence_key", "financial_year").values()]
    return as_table(all_rows, RATES), as_table(spread, SPREAD)


def _compare(rows: list[dict[str, Any]]) -> dict[str, Any]:
    for row in rows:
        _write_direct_rate(row)
    compared = [row for row in rows if not is_total(row["place_code"]) and not row["not_comparable"]]
    spread = _spread_row(rows, compared)
    if len(compared) < FEWEST_UNITS or not any(row["offences"] for row in compared):
        for row in compared:
            row["not_comparable"] = TOO_FEW_FORCES_TEXT
        return spread | {"forces_compared": 0}
    counts, sizes = ([row[column] for row in compared] for column in ("offences", "children"))
    posterior = rate_posterior(counts, sizes, exclusion_p_value=EXCLUSION_P_VALUE)
    estimates = summarise_posterior(posterior)
    write_estimates(compared, estimates, "per_1000", times=RATE_BASE)
    return spread | {"overall": RATE_BASE * estimates.overall, "between_force_sd": RATE_BASE * estimates.between_sd}


def _spread_row(rows: list[dict[str, Any]], compared: list[dict[str, Any]]) -> dict[str, Any]:
    key = {column: rows[0][column] for column in ("offence_key", "financial_year")}
    counts = {"measure": MEASURE, "forces_compared": len(compared), "outliers": 0}
    return (
        key
        | counts
        | naive_funnel([row["offences"] for row in compared], [row["children"] for row in compared], is_rate=True)
    )


def _write_direct_rate(row: dict[str, Any]) -> None:
    row |= NO_ALERT
    has_rate = not has_no_resident_rate(row)
    row["raw_per_1000"] = RATE_BASE * row["offences"] / row["children"] if has_rate else None
    row["not_comparable"] = _total_exclusion_reason(row) if is_total(row["place_code"]) else rate_exclusion_reason(row)
    if is_total(row["place_code"]):
        row["per_1000"] = row["raw_per_1000"]  # a full count, so it has no sampling interval


def _total_exclusion_reason(row: dict[str, Any]) -> str:
    is_part_year = row.get("quarters") is not None and row["quarters"] < 4
    return "Not comparable: the year is not complete." if is_part_year else ""
