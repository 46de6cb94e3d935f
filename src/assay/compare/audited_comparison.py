"""Compare forces on shares from audited samples of texts, by their effective sample size.

A share from an audited sample is compared as a count from a simple random sample of its effective size. The false
discovery rate is controlled over all of these comparisons together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from assay.compare.comparability import OTHER_KIND, is_ranked
from assay.compare.comparison_tables import as_table
from assay.compare.outlier_alerts import control_false_discovery_rate
from assay.compare.share_comparison import compare_shares
from assay.reference import Organisation
from assay.stats.interval_estimates import IntervalEstimate
from assay.stats.samples.subgroup_shares import equivalent_simple_sample

TOO_FEW_FILES = "Not comparable: the sample is worth fewer than 10 texts here, too few to know a force from chance."
MIN_EFFECTIVE_SIZE = 10
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("measure", "place_code")]
    + [(name, pa.int64()) for name in ("marked", "worth")]
    + [(name, pa.float64()) for name in ("share", "low", "high", "drawn_in", "drawn_in_low", "drawn_in_high")]
    + [(name, pa.float64()) for name in ("expected", "p_value", "q_value")]
    + [("outlier_alert", pa.bool_()), ("direction", pa.string()), ("not_comparable", pa.string())]
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class AuditedShare:
    """The share of one force from an audited sample, with its interval; None if there is no estimate.

    `records`: the population that it is a share of; `marked`: rated texts; `exclusion_reason`: why it is not compared,
    '' if it is.
    """

    measure: str
    place_code: str
    share: float | None
    low: float | None
    high: float | None
    records: int
    marked: int | None
    exclusion_reason: str


def compare_audited(
    audited_shares: Iterable[AuditedShare], organisations: Mapping[str, Organisation], better_sides: Mapping[str, str]
) -> pa.Table:
    """Compare forces on shares from audited samples, with shrunken estimates and outlier alerts."""
    audited = list(audited_shares)
    if not audited:
        return SCHEMA.empty_table()
    simple_rows = [_as_simple_sample(row, organisations) for row in audited]
    shares, _ = compare_shares(simple_rows, exclusion_rule=_exclusion_reason)
    [compared] = control_false_discovery_rate([shares], better_sides)
    results = [
        _comparison_row(*row_triple) for row_triple in zip(audited, simple_rows, compared.to_pylist(), strict=True)
    ]
    return as_table(results, SCHEMA)


def _as_simple_sample(audited: AuditedShare, organisations: Mapping[str, Organisation]) -> dict[str, Any]:
    count, effective_size = equivalent_simple_sample(
        IntervalEstimate(audited.share, audited.low, audited.high), audited.records
    )
    place = audited.place_code
    return {
        "measure": audited.measure,
        "place_code": place,
        "offence_key": "",
        "financial_year": "",
        "numerator": count,
        "base": effective_size,
        "pending_share": None,
        "body_kind": organisations[place].kind if place in organisations else "",
        "reason": audited.exclusion_reason,
    }


def _exclusion_reason(row: Row) -> str:
    if not is_ranked(row):
        return OTHER_KIND
    if row["reason"]:
        return str(row["reason"])
    return TOO_FEW_FILES if row["base"] < MIN_EFFECTIVE_SIZE else ""


def _comparison_row(audited: AuditedShare, simple: Row, compared: Row) -> dict[str, Any]:
    is_compared = not compared["not_comparable"]
    names = ("share", "share_low", "share_high")
    shrunken = {name.replace("share", "drawn_in"): compared[name] if is_compared else None for name in names}
    return {
        "measure": audited.measure, "place_code": audited.place_code, "marked": audited.marked, "worth": simple["base"],
        "share": audited.share, "low": audited.low, "high": audited.high, **shrunken, "expected": compared["expected"],
        "p_value": compared["p_value"], "q_value": compared["q_value"],
        "outlier_alert": compared["outlier_alert"] if is_compared else None, "direction": compared["direction"],
        "not_comparable": compared["not_comparable"],
    }  # fmt: skip
