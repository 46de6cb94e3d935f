"""Which forces differ from the others on what people confirmed in a sample of texts?

A share from an audited sample is worth so many files of a simple random one, and is compared as a count of as many.
False discoveries are held over all that is compared here, together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from assay.compare.comparability import OTHER_KIND, is_ranked
from assay.compare.comparison_tables import as_table
from assay.compare.outlier_alerts import hold_false_discovery
from assay.compare.share_comparison import compare_shares
from assay.reference import Body
from assay.stats.interval_estimates import Answer
from assay.stats.samples.subgroup_shares import as_simple

TOO_FEW_FILES = "Not comparable: the sample is worth fewer than 10 texts here, too few to know a force from chance."
LEAST_WORTH = 10
COMPARED = pa.schema(
    [(name, pa.string()) for name in ("measure", "place_code")]
    + [(name, pa.int64()) for name in ("marked", "worth")]
    + [(name, pa.float64()) for name in ("share", "low", "high", "drawn_in", "drawn_in_low", "drawn_in_high")]
    + [(name, pa.float64()) for name in ("expected", "p_value", "q_value")]
    + [("unusual", pa.bool_()), ("direction", pa.string()), ("not_comparable", pa.string())]
)
Row = Mapping[str, Any]


def compare_audited(rows: Iterable[Row], bodies: Mapping[str, Body], better: Mapping[str, str]) -> pa.Table:
    """Rows (measure, place_code, share, low, high, records, marked, why, not_compared) of single forces, set side by
    side; `records`: how many the share is of; `better`: which side of a measure is the good one."""
    held = list(rows)
    if not held:
        return COMPARED.empty_table()
    simple = [_as_simple(row, bodies) for row in held]
    shares, _ = compare_shares(simple, why=_why)
    [compared] = hold_false_discovery([shares], better)
    told = [_told(*three) for three in zip(held, simple, compared.to_pylist(), strict=True)]
    return as_table(told, COMPARED)


def _as_simple(row: Row, bodies: Mapping[str, Body]) -> dict[str, Any]:
    count, worth = as_simple(Answer(row["share"], row["low"], row["high"]), row["records"])
    place = row["place_code"]
    return {
        "measure": row["measure"], "place_code": place, "offence_key": "", "financial_year": "", "numerator": count,
        "base": worth, "pending_share": None, "body_kind": bodies[place].kind if place in bodies else "",
        "reason": row["not_compared"] or row["why"],
    }  # fmt: skip


def _why(row: Row) -> str:
    if not is_ranked(row):
        return OTHER_KIND
    if row["reason"]:
        return str(row["reason"])
    return TOO_FEW_FILES if row["base"] < LEAST_WORTH else ""


def _told(row: Row, simple: Row, compared: Row) -> dict[str, Any]:
    known = not compared["not_comparable"]
    names = ("share", "share_low", "share_high")
    drawn_in = {name.replace("share", "drawn_in"): compared[name] if known else None for name in names}
    return {
        "measure": row["measure"], "place_code": row["place_code"], "marked": row["marked"], "worth": simple["base"],
        "share": row["share"], "low": row["low"], "high": row["high"], **drawn_in, "expected": compared["expected"],
        "p_value": compared["p_value"], "q_value": compared["q_value"],
        "unusual": compared["unusual"] if known else None, "direction": compared["direction"],
        "not_comparable": compared["not_comparable"],
    }  # fmt: skip
