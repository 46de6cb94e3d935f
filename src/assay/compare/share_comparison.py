"""Of these offences, what share had this outcome in each force, and which forces do the others not lead one
to expect?

For each measure, offence and year one hierarchical model over the forces that can be compared
(`stats/share_posteriors.py`). The others are shown beside them, with an interval and no rank.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.alert_disclosure import Shown, ends_of, write_sides
from assay.compare.comparability import is_ranked, is_total, why_no_share
from assay.compare.comparison_tables import SHARES, SHARES_AT_FEW, SPREAD, Rows, as_rows, as_table, grouped
from assay.compare.force_estimates import EMPTY_STANDING, TOO_FEW, side_by_side, write_standing
from assay.stats.binomial_intervals import wilson
from assay.stats.funnel_limits import naive_funnel
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.posterior_summary import OUTLYING, SET_APART_BELOW, Standing, standing_of
from assay.stats.share_posteriors import share_posterior

Why = Callable[[Mapping[str, Any]], str]
"""The sentence why a row is not compared; '' when it is."""


def compare_shares(rows: Rows, why: Why = why_no_share, shown: Shown | None = None) -> tuple[pa.Table, pa.Table]:
    """The tables `shares` and `spread` from rows (measure, place_code, offence_key, financial_year,
    numerator, base, pending_share, and edition and body_kind if known).

    Every row that comes in goes out, in the same order. `q_value`, `unusual` and `direction` are empty until
    `hold_false_discovery` has seen everything that was compared. `shown`: where it is known which counts will be shown,
    `p_of_few` and `sides_of_few` say how far out, and where, the ends lie of those that will not be (`few.ends_of`).
    """
    all_rows = as_rows(rows)
    groups = grouped(all_rows, "measure", "offence_key", "financial_year").values()
    spread = side_by_side(lambda group: _compare(group, why, shown), groups)
    return as_table(all_rows, SHARES_AT_FEW if shown else SHARES), as_table(spread, SPREAD)


def _compare(rows: list[dict[str, Any]], why: Why, shown: Shown | None) -> dict[str, Any]:
    """Write on each row what is known; give the row of `spread`."""
    for row in rows:
        _write_plain(row, why)
    compared = [row for row in rows if not is_total(row["place_code"]) and not row["not_comparable"]]
    spread = _spread_of(rows, compared)
    if len(compared) < FEWEST_UNITS:
        for row in compared:
            row["not_comparable"] = TOO_FEW
            _write_own(row)
        return spread | {"forces_compared": 0}
    found = _standing(*(tuple(row[column] for row in compared) for column in ("numerator", "base")), shown)
    write_standing(compared, found, "share")
    if shown:
        write_sides(compared, shown)
    return spread | {"overall": found.overall, "between_force_sd": found.between}


@lru_cache(maxsize=4096)
def _standing(counts: tuple[int, ...], bases: tuple[int, ...], shown: Shown | None) -> Standing:
    """Counts that come again (in another draw of linkage, under another definition) are worked out once."""
    posterior = share_posterior(counts, bases, outlying=OUTLYING, set_apart_below=SET_APART_BELOW)
    return standing_of(posterior, ends_of(counts, bases, shown) if shown else None)


def _write_plain(row: dict[str, Any], why: Why) -> None:
    row |= EMPTY_STANDING
    row["raw_share"] = row["numerator"] / row["base"] if _is_share(row) else None
    row["not_comparable"] = "" if is_total(row["place_code"]) else why(row)
    if is_total(row["place_code"]):
        row["share"] = row["raw_share"]  # a full count of all forces: there is nothing to be unsure of
    elif row["not_comparable"] and _is_share(row):
        _write_own(row)


def _write_own(row: dict[str, Any]) -> None:
    """Its own share and interval: what is not compared is never drawn towards those that are."""
    low, high = wilson(row["numerator"], row["base"])
    row |= {"share": row["raw_share"], "share_low": low, "share_high": high}


def _is_share(row: dict[str, Any]) -> bool:
    count, base = row["numerator"], row["base"]
    return count is not None and base is not None and 0 <= count <= base and base > 0


def _spread_of(rows: list[dict[str, Any]], compared: list[dict[str, Any]]) -> dict[str, Any]:
    naive = [row for row in rows if is_ranked(row) and not is_total(row["place_code"]) and _is_share(row)]
    key = {column: rows[0][column] for column in ("measure", "offence_key", "financial_year")}
    counted = {"forces_compared": len(compared), "unusual": 0}
    return key | counted | naive_funnel(naive, "numerator", "base", of_rates=False)


def overall_share(rows: Rows) -> float:
    """The pooled share of the rows that can be compared (numerators over bases); NaN when there are none."""
    kept = [row for row in as_rows(rows) if not is_total(row["place_code"]) and not why_no_share(row)]
    base = sum(row["base"] for row in kept)
    return sum(row["numerator"] for row in kept) / base if base else float(np.nan)
