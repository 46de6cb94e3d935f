"""Indirect standardisation of outcomes for the mix of offences, with gamma-Poisson shrinkage.

Expected count of a force = sum over offence codes of its base x the pooled share of the compared forces. The ratio of
observed to expected is a shrunken estimate of a gamma-Poisson model.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from assay.compare.comparability import is_total, share_exclusion_reason
from assay.compare.comparison_tables import CASE_MIX, as_table, group_rows_by
from assay.stats.hierarchical_posterior import FEWEST_UNITS
from assay.stats.rates import rate_posterior


@dataclass(frozen=True)
class CodeOutcomes:
    """Outcomes of the offences of one code in one force and year; None if a count is not known.

    `offence_code` is a single code, so that no offence is counted twice; `pending_share` is that of all codes of the
    force together.
    """

    measure: str
    place_code: str
    offence_code: str
    financial_year: str
    numerator: int | None
    base: int | None
    pending_share: float | None


def standardise(outcomes: Iterable[CodeOutcomes]) -> pa.Table:
    """Return the table `case_mix`: observed and expected counts of each force and their shrunken ratio.

    A force that is not comparable keeps its counts and has no ratio. Totals are left out.
    """
    place_rows = [asdict(row) for row in outcomes if not is_total(row.place_code)]
    standardised = [
        _standardise_group(group) for group in group_rows_by(place_rows, "measure", "financial_year").values()
    ]
    return as_table([row for group in standardised for row in group], CASE_MIX)


def _standardise_group(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    by_place = group_rows_by(rows, "place_code")
    totals = [_total_of_codes(place, codes) for (place,), codes in by_place.items()]
    compared = [row for row in totals if not share_exclusion_reason(row)]
    names = {row["place_code"] for row in compared}
    shares = _share_by_code([row for row in rows if row["place_code"] in names])
    for row in compared:
        row |= _expected(by_place[(row["place_code"],)], shares)
    _write_ratios([row for row in compared if row["expected"] > 0])
    return [row | {"observed": row["numerator"]} for row in totals]


def _total_of_codes(place: str, codes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the counts of all codes of a force together; None if the count of one code is not known."""
    totals = {
        column: None if any(row[column] is None for row in codes) else sum(row[column] for row in codes)
        for column in ("numerator", "base")
    }
    first = {column: codes[0].get(column) for column in ("measure", "financial_year", "pending_share")}
    return {"place_code": place, **first, **totals}


def _share_by_code(rows: list[dict[str, Any]]) -> dict[str, float]:
    shares = {}
    for (code,), group in group_rows_by(rows, "offence_code").items():
        base = sum(row["base"] for row in group)
        shares[code] = min(1.0, max(0.0, sum(row["numerator"] for row in group) / base)) if base > 0 else 0.0
    return shares


def _expected(codes: list[dict[str, Any]], shares: Mapping[str, float]) -> dict[str, float]:
    """Return the expected count, and its binomial variance as a part of the Poisson variance (1 for rare outcomes)."""
    expected = sum(row["base"] * shares[row["offence_code"]] for row in codes)
    variance = sum(row["base"] * shares[row["offence_code"]] * (1 - shares[row["offence_code"]]) for row in codes)
    return {"expected": float(expected), "thinner": variance / expected if expected > 0 else 1.0}


def _write_ratios(rows: list[dict[str, Any]]) -> None:
    if len(rows) < FEWEST_UNITS or not sum(row["numerator"] for row in rows):
        return
    # Dividing both sides by the variance ratio gives counts that vary as a Poisson count would.
    variance_ratio = np.maximum([row["thinner"] for row in rows], 0.05)
    counts = np.array([row["numerator"] for row in rows]) / variance_ratio
    posterior = rate_posterior(counts, np.array([row["expected"] for row in rows]) / variance_ratio)
    for row, mean, low, high in zip(rows, posterior.mean(), *posterior.interval(), strict=True):
        row |= {"ratio": float(mean), "ratio_low": float(low), "ratio_high": float(high)}
