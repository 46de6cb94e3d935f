"""Does later harm follow the order of the risk tiers, overall and in each group?

A tier orders work. The tables show whether children in higher tiers were more often victims of a crime reported within
180 days; they give no probability for any child. A tier followed by less harm may have protected, so a correct order
can look wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from assay.engine.expressions import ExpressionEngine
from assay.engine.portable_expressions import count_where, left_join
from assay.facts.age_bands import age_band
from assay.indicators import NOT_KNOWN
from assay.reference.risk_tools import TIERS
from assay.stats.binomial_intervals import wilson
from assay.stats.rank_concordance import concordance

if TYPE_CHECKING:
    import ibis

TEXT, WHOLE, NUMBER = pa.string(), pa.int64(), pa.float64()
EVERYONE_GROUP, FORCE, EVERY_TIER = "everybody", "force", "all"
SPLITS: Mapping[str, str] = {
    "sex": "sex_group",
    "age when assessed": "age_band",
    "ethnicity, as they define it": "ethnicity_self_group",
    "care": "care_status_group",
    FORCE: "force_code",
}
TIERS_FORM = pa.schema([("tool", TEXT), ("split", TEXT), ("people", TEXT), ("tier", TEXT), ("harmed", WHOLE),
                        ("not_harmed", WHOLE), ("share", NUMBER), ("share_low", NUMBER), ("share_high", NUMBER),
                        ("suppressed_cells", TEXT)])  # fmt: skip
ORDER_FORM = pa.schema([("tool", TEXT), ("split", TEXT), ("people", TEXT), ("harmed", WHOLE), ("not_harmed", WHOLE),
                        ("in_100_pairs", NUMBER), ("low", NUMBER), ("high", NUMBER),
                        ("suppressed_cells", TEXT)])  # fmt: skip
SCHEMAS = {"tiers": TIERS_FORM, "tier_order": ORDER_FORM}
Rows = list[dict[str, Any]]


def tiers(facts: Mapping[str, ibis.Table], engine: ExpressionEngine) -> dict[str, pa.Table]:
    """Return, by risk tier, what followed each assessment that was observed for 180 days afterwards (`SCHEMAS`).

    Groups: all, each force, and characteristics of the child; `tiers` has each tier of a group, and `EVERY_TIER`.
    Shares have Wilson 95% intervals; the unit is the assessment, and a child may have several.
    """
    rows = engine.run(_count_outcomes(facts)).to_pylist()
    groups = list(_groups(rows))
    return {
        "tiers": pa.Table.from_pylist([row for group in groups for row in _by_tier(*group)], schema=TIERS_FORM),
        "tier_order": pa.Table.from_pylist([_order(*group) for group in groups], schema=ORDER_FORM),
    }


def _count_outcomes(facts: Mapping[str, ibis.Table]) -> ibis.Table:
    group_columns = [column for column in SPLITS.values() if column.endswith("_group")]
    people = facts["person_described"].select("force_code", "person_id", *group_columns)
    rows = left_join(facts["assessment"], people, ["force_code", "person_id"])
    rows = rows.mutate(age_band=age_band(rows.age_when_assessed))
    known = rows.followed_180 & rows.in_base & ~rows.harm_in_180.isnull() & ~rows.band.isnull() & ~rows.tool.isnull()
    rows = rows.filter(known.fill_null(False))
    rows = rows.mutate(**{column: rows[column].fill_null(NOT_KNOWN) for column in SPLITS.values()})
    return rows.group_by("tool", "band", *SPLITS.values()).aggregate(
        harmed=count_where(rows, rows.harm_in_180), not_harmed=count_where(rows, ~rows.harm_in_180)
    )


def _groups(rows: Rows) -> Iterator[tuple[dict[str, str], Rows]]:
    """Yield each group of each tool, with its rows."""
    for tool in sorted({row["tool"] for row in rows}):
        tool_rows = [row for row in rows if row["tool"] == tool]
        yield {"tool": tool, "split": EVERYONE_GROUP, "people": EVERYONE_GROUP}, tool_rows
        for split, column in SPLITS.items():
            for people in sorted({row[column] for row in tool_rows}):
                yield {"tool": tool, "split": split, "people": people}, [r for r in tool_rows if r[column] == people]


def _by_tier(group: dict[str, str], rows: Rows) -> Iterator[dict[str, Any]]:
    for tier in (*TIERS, EVERY_TIER):
        tier_rows = [row for row in rows if tier in (EVERY_TIER, row["band"])]
        harmed, not_harmed = (sum(row[name] for row in tier_rows) for name in ("harmed", "not_harmed"))
        if base := harmed + not_harmed:
            low, high = (round(end, 6) for end in wilson(harmed, base))
            yield {**group, "tier": tier, "harmed": harmed, "not_harmed": not_harmed, "share": harmed / base,
                   "share_low": low, "share_high": high, "suppressed_cells": ""}  # fmt: skip


def _order(group: dict[str, str], rows: Rows) -> dict[str, Any]:
    by_tier = [
        [sum(row[name] for row in rows if row["band"] == tier) for tier in TIERS] for name in ("harmed", "not_harmed")
    ]
    found = concordance(*by_tier)
    summary = {**group, "harmed": sum(by_tier[0]), "not_harmed": sum(by_tier[1]), "suppressed_cells": ""}
    if found is None:
        return summary
    return summary | {"in_100_pairs": 100 * found.value, "low": 100 * found.low, "high": 100 * found.high}
