"""What does the request cost a force: hours for each table and tier, before and after forces report theirs?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import contract, reference
from assay.errors import DefinitionError
from assay.stats.amount_estimates import corrected

GUESS = ("prior_low", "prior_likely", "prior_high")
HOURS = ("low", "likely", "high")
EVERY_TABLE = "all"
TIERS = {
    1: "recorded scale, outcomes, recording, completeness and flags",
    2: "what was done and when: notices, assessments, missing children, orders, referrals",
    3: "the rest: texts, lists, groups, partners, claims, courts, audits",
}
"""What each tier answers, with those before it."""
BURDEN = pa.schema(
    [("tier", pa.int64()), ("table_name", pa.string())]
    + [(name, pa.float64()) for name in GUESS]
    + [("reported", pa.int64())]
    + [(name, pa.float64()) for name in HOURS]
    + [("work", pa.string()), ("evidence", pa.string())]
)
OUR_OWN = "our own estimate"
Reported = Mapping[str, Mapping[str, float]]
"""Hours by table and body: what covers say in hours_spent."""


def reported_hours(covers: pa.Table) -> dict[str, dict[str, float]]:
    """The hours that covers report, by table and body, of tables that came; what was not told is not there."""
    hours = covers["hours_spent"]
    told = pc.and_(pc.not_equal(covers["supplied"], "none"), pc.and_(pc.is_finite(hours), pc.greater_equal(hours, 0)))
    found: dict[str, dict[str, float]] = {}
    for row in covers.filter(told).to_pylist():
        found.setdefault(row["table_name"], {})[row["force_code"]] = row["hours_spent"]
    return found


def burden(reported: Reported | None = None, tables: Collection[str] | None = None) -> pa.Table:
    """`BURDEN`: one row a table, and one a tier (table_name 'all') with the sums of its tables; hours for one force.

    `prior_...` is the estimate of `commission/data/burden.csv`, `low`, `likely` and `high` the same corrected by what
    forces reported (`reported` of them); without any report the two are equal. The ends of a tier are the sums of the
    ends of its tables, as for a force whose systems make every table dear, or none. `tables`: those of a request.
    """
    chosen = [one for name, one in contract.tables().items() if tables is None or name in tables]
    rows = [_table(one, (reported or {}).get(one.name, {})) for one in chosen]
    tiers = [_tier(tier, rows, reported or {}) for tier in TIERS if any(row["tier"] == tier for row in rows)]
    return pa.Table.from_pylist([*tiers, *rows], schema=BURDEN)


def burden_markdown(table: pa.Table) -> str:
    """The tiers and their tables as two Markdown tables, for the page that goes with a request."""
    rows = table.to_pylist()
    every = [row for row in rows if row["table_name"] == EVERY_TABLE]
    tiers = [[str(row["tier"]), row["work"], *_hours_words(row)] for row in every]
    tables = [[str(r["tier"]), r["table_name"], *_hours_words(r), r["work"]] for r in rows if r not in every]
    heads = ["likely hours", "8 in 10 forces", "forces that reported"]
    parts = (_markdown(["tier", "with it can be asked", *heads], tiers), "")
    return "\n".join((*parts, _markdown(["tier", "table", *heads, "what takes the time"], tables)))


def _table(one: contract.Table, reported: Mapping[str, float]) -> dict[str, Any]:
    if not reference.burdens().knows(one.name):
        raise DefinitionError(f"burden.csv has no row for the table {one.name}.")
    told = reference.burdens().get(one.name)
    found = corrected(told.hours, [reported[body] for body in sorted(reported)])
    return {
        "tier": one.tier,
        "table_name": one.name,
        **dict(zip(GUESS, told.hours, strict=True)),
        "reported": found.reports,
        "low": found.low,
        "likely": found.likely,
        "high": found.high,
        "work": told.work,
        "evidence": _evidence(found.reports),
    }


def _tier(tier: int, rows: Iterable[Mapping[str, Any]], reported: Reported) -> dict[str, Any]:
    mine = [row for row in rows if row["tier"] == tier]
    bodies = {body for row in mine for body in reported.get(row["table_name"], ())}
    sums = {name: sum(row[name] for row in mine) for name in (*GUESS, *HOURS)}
    told = {"tier": tier, "table_name": EVERY_TABLE, "work": TIERS[tier], "evidence": _evidence(len(bodies))}
    return {**told, **sums, "reported": len(bodies)}


def _evidence(reports: int) -> str:
    return f"{OUR_OWN}, corrected by reports" if reports else OUR_OWN


def _hours_words(row: Mapping[str, Any]) -> tuple[str, str, str]:
    low, likely, high = (f"{row[name]:.3g}" for name in HOURS)
    return likely, f"{low} to {high}", str(row["reported"])


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows))
