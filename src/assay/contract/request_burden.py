"""Estimate the hours that answering a data request costs a force, by table and tier."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract, reference
from assay.errors import DefinitionError
from assay.stats.amount_estimates import update_estimate

PRIOR_HOURS = ("prior_low", "prior_likely", "prior_high")
HOURS = ("low", "likely", "high")
EVERY_TABLE = "all"
TIERS = {
    1: "recorded scale, outcomes, recording, completeness and flags",
    2: "what was done and when: notices, assessments, missing children, orders, referrals",
    3: "the rest: texts, lists, groups, partners, claims, courts, audits",
}
"""What each tier answers, together with the tiers before it."""
BURDEN = pa.schema(
    [("tier", pa.int64()), ("table_name", pa.string())]
    + [(name, pa.float64()) for name in PRIOR_HOURS]
    + [("reported", pa.int64())]
    + [(name, pa.float64()) for name in HOURS]
    + [("work", pa.string()), ("evidence", pa.string())]
)
OWN_ESTIMATE = "our own estimate"
ReportedHours = Mapping[str, Mapping[str, float]]
"""Hours by table and force, from `hours_spent` in manifests."""


def reported_hours(manifests: pa.Table) -> dict[str, dict[str, float]]:
    """Return the hours that return manifests report, by table and force, for tables that were supplied."""
    hours = manifests["hours_spent"]
    has_hours = pc.and_(
        pc.not_equal(manifests["supplied"], "none"), pc.and_(pc.is_finite(hours), pc.greater_equal(hours, 0))
    )
    found: dict[str, dict[str, float]] = {}
    for row in manifests.filter(has_hours).to_pylist():
        found.setdefault(row["table_name"], {})[row["force_code"]] = row["hours_spent"]
    return found


def request_burden_table(reported: ReportedHours | None = None, tables: Collection[str] | None = None) -> pa.Table:
    """Return `BURDEN`: one row for each table and tier, with hours for one force.

    `prior_...` is the estimate of `reference/data/burden.csv`; `low`, `likely` and `high` are corrected by the hours
    that `reported` forces stated, and equal the prior without any report. The ends of a tier are the sums of the ends
    of its tables, for a force whose systems make every table expensive, or none. `tables`: those of a request.
    """
    spec_tables = [spec for name, spec in contract.tables().items() if tables is None or name in tables]
    rows = [_table_row(spec, (reported or {}).get(spec.name, {})) for spec in spec_tables]
    tiers = [_tier_row(tier, rows, reported or {}) for tier in TIERS if any(row["tier"] == tier for row in rows)]
    return pa.Table.from_pylist([*tiers, *rows], schema=BURDEN)


def burden_markdown(table: pa.Table) -> str:
    """Return the burden as two Markdown tables, tiers and tables, for the request page."""
    rows = table.to_pylist()
    tier_rows = [row for row in rows if row["table_name"] == EVERY_TABLE]
    tiers = [[str(row["tier"]), row["work"], *_hours_cells(row)] for row in tier_rows]
    tables = [[str(r["tier"]), r["table_name"], *_hours_cells(r), r["work"]] for r in rows if r not in tier_rows]
    heads = ["likely hours", "8 in 10 forces", "forces that reported"]
    parts = (_markdown_table(["tier", "with it can be asked", *heads], tiers), "")
    return "\n".join((*parts, _markdown_table(["tier", "table", *heads, "main work"], tables)))


def _table_row(spec: contract.Table, reported: Mapping[str, float]) -> dict[str, Any]:
    if not reference.burdens().knows(spec.name):
        raise DefinitionError(f"burden.csv has no row for the table {spec.name}.")
    prior = reference.burdens().get(spec.name)
    estimate = update_estimate(prior.hours, [reported[force_code] for force_code in sorted(reported)])
    return {
        "tier": spec.tier,
        "table_name": spec.name,
        **dict(zip(PRIOR_HOURS, prior.hours, strict=True)),
        "reported": estimate.reports,
        "low": estimate.low,
        "likely": estimate.likely,
        "high": estimate.high,
        "work": prior.work,
        "evidence": _evidence(estimate.reports),
    }


def _tier_row(tier: int, rows: Iterable[Mapping[str, Any]], reported: ReportedHours) -> dict[str, Any]:
    tier_rows = [row for row in rows if row["tier"] == tier]
    force_codes = {force_code for row in tier_rows for force_code in reported.get(row["table_name"], ())}
    sums = {name: sum(row[name] for row in tier_rows) for name in (*PRIOR_HOURS, *HOURS)}
    labels = {"tier": tier, "table_name": EVERY_TABLE, "work": TIERS[tier], "evidence": _evidence(len(force_codes))}
    return {**labels, **sums, "reported": len(force_codes)}


def _evidence(reports: int) -> str:
    return f"{OWN_ESTIMATE}, corrected by reports" if reports else OWN_ESTIMATE


def _hours_cells(row: Mapping[str, Any]) -> tuple[str, str, str]:
    low, likely, high = (f"{row[name]:.3g}" for name in HOURS)
    return likely, f"{low} to {high}", str(row["reported"])


def _markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows))
