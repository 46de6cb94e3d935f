"""Compare shares between forces by a hierarchical beta-binomial model, for each measure, offence and year.

The model (`stats/share_posteriors.py`) includes the forces that can be compared. Other forces are shown with their own
share and interval, and no rank.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.alert_disclosure import RoundingPolicy, extreme_cases, write_extreme_sides
from assay.compare.comparability import is_ranked, is_total, share_exclusion_reason
from assay.compare.comparison_tables import (
    SHARES,
    SHARES_INSIDE,
    SPREAD,
    Rows,
    as_rows,
    as_table,
    group_rows_by,
)
from assay.compare.force_estimates import NO_ALERT, map_on_threads, write_estimates
from assay.compare.watch_list import probability_columns
from assay.sdc.alert_suppression import TOO_FEW_FORCES_TEXT
from assay.stats.binomial_intervals import wilson
from assay.stats.funnel_limits import naive_funnel
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.posterior_summary import EXCLUSION_P_VALUE, OUTLIER_PRIOR, PosteriorSummary, summarise_posterior
from assay.stats.share_posteriors import share_posterior

ExclusionRule = Callable[[Mapping[str, Any]], str]
"""Returns the reason why a row is not compared, as a sentence; '' if it is."""


def compare_shares(
    rows: Rows, exclusion_rule: ExclusionRule = share_exclusion_reason, policy: RoundingPolicy | None = None
) -> tuple[pa.Table, pa.Table]:
    """Return the tables `shares` (one row per input row, in the same order) and `spread`.

    `q_value`, `outlier_alert` and `direction` are filled in by `control_false_discovery_rate`.

    Parameters
    ----------
    rows
        Rows of measure, place_code, offence_key, financial_year, numerator, base, pending_share, and edition and
        body_kind if known.
    exclusion_rule
        Returns the reason why a row is not compared.
    policy
        How counts will be suppressed and rounded. With a policy, `p_of_few` and `sides_of_few` have the p-values and
        sides of the extreme cases (`alert_disclosure.extreme_cases`), and the rows have the probabilities of
        `watch_list`.
    """
    all_rows = as_rows(rows)
    groups = group_rows_by(all_rows, "measure", "offence_key", "financial_year").values()
    spread = map_on_threads(lambda group: _compare(group, exclusion_rule, policy), groups)
    return as_table(all_rows, SHARES_INSIDE if policy else SHARES), as_table(spread, SPREAD)


def _compare(
    rows: list[dict[str, Any]], exclusion_rule: ExclusionRule, policy: RoundingPolicy | None
) -> dict[str, Any]:
    """Write the estimates on the rows of one measure, offence and year, and return their row of `spread`."""
    for row in rows:
        _write_direct_share(row, exclusion_rule)
    compared = [row for row in rows if not is_total(row["place_code"]) and not row["not_comparable"]]
    spread = _spread_row(rows, compared)
    if len(compared) < FEWEST_UNITS:
        for row in compared:
            row["not_comparable"] = TOO_FEW_FORCES_TEXT
            _write_direct_estimate(row)
        return spread | {"forces_compared": 0}
    estimates = _fit_estimates(*(tuple(row[column] for row in compared) for column in ("numerator", "base")), policy)
    write_estimates(compared, estimates, "share")
    if policy:
        write_extreme_sides(compared, policy)
    return spread | {"overall": estimates.overall, "between_force_sd": estimates.between_sd}


@lru_cache(maxsize=4096)
def _fit_estimates(counts: tuple[int, ...], bases: tuple[int, ...], policy: RoundingPolicy | None) -> PosteriorSummary:
    """Fit the model and return the posterior summary; the result is cached by counts."""
    posterior = share_posterior(counts, bases, outlier_prior=OUTLIER_PRIOR, exclusion_p_value=EXCLUSION_P_VALUE)
    if policy is None:
        return summarise_posterior(posterior)
    summary = summarise_posterior(posterior, extreme_cases(counts, bases, policy))
    probabilities = probability_columns(posterior, summary.columns["expected"])
    return replace(summary, columns={**summary.columns, **probabilities})


def _write_direct_share(row: dict[str, Any], exclusion_rule: ExclusionRule) -> None:
    row |= NO_ALERT
    row["raw_share"] = row["numerator"] / row["base"] if _is_share(row) else None
    row["not_comparable"] = "" if is_total(row["place_code"]) else exclusion_rule(row)
    if is_total(row["place_code"]):
        row["share"] = row["raw_share"]  # a full count of all forces, so it has no sampling interval
    elif row["not_comparable"] and _is_share(row):
        _write_direct_estimate(row)


def _write_direct_estimate(row: dict[str, Any]) -> None:
    """Write the direct estimate: the force's own share with Wilson's score interval, without shrinkage."""
    low, high = wilson(row["numerator"], row["base"])
    row |= {"share": row["raw_share"], "share_low": low, "share_high": high}


def _is_share(row: dict[str, Any]) -> bool:
    count, base = row["numerator"], row["base"]
    return count is not None and base is not None and 0 <= count <= base and base > 0


def _spread_row(rows: list[dict[str, Any]], compared: list[dict[str, Any]]) -> dict[str, Any]:
    ranked = [row for row in rows if is_ranked(row) and not is_total(row["place_code"]) and _is_share(row)]
    key = {column: rows[0][column] for column in ("measure", "offence_key", "financial_year")}
    counts = {"forces_compared": len(compared), "outliers": 0}
    return (
        key
        | counts
        | naive_funnel([row["numerator"] for row in ranked], [row["base"] for row in ranked], is_rate=False)
    )


def overall_share(rows: Rows) -> float:
    """Return the pooled share of the rows that can be compared (numerators over bases); NaN if there are none."""
    comparable = [row for row in as_rows(rows) if not is_total(row["place_code"]) and not share_exclusion_reason(row)]
    base = sum(row["base"] for row in comparable)
    return sum(row["numerator"] for row in comparable) / base if base else float(np.nan)
