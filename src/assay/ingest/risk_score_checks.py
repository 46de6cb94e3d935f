"""Check the score of a risk assessment against its items (rule R53).

The rule applies to the tool with a scoring key (SERAF). The key is in the commission's register of risk tools:
vulnerability items 1 point each; moderate indicators 1 each if present in the last 6 months; significant indicators 5
if in the last 6 months, 1 if 6 to 12 months ago, 6 if both. An assessment with an item that cannot be scored is not
checked: its sum is not known.
"""

from __future__ import annotations

from assay.ingest.completeness_declarations import lost_rows_sql
from assay.ingest.sql_literals import sql_string
from assay.ingest.staging_store import StagingStore
from assay.reference.risk_tools import ITEM_POINTS, SCORED_TOOL, TIERS_BY_CATEGORY, lowest_scores


def _points_sql() -> str:
    """Return SQL for the points of an item; NULL if the key does not say. An absent item scores nothing."""
    branches = [
        f"when item_kind = {sql_string(kind)} and present = {sql_string(present)} then {points}"
        for (kind, present), points in ITEM_POINTS.items()
        if present != "no"
    ]
    return f"case when present = 'no' then 0 {' '.join(branches)} end"


def check(store: StagingStore) -> None:
    """Check each risk score against the points of its items, and its band unless an assessor overrode it (rule R53)."""
    points = _points_sql()
    lost_items = lost_rows_sql(store, "assessment_items", "assessment_ref")
    summed_sql = (
        f"with summed as (select assessment_ref, sum({points}) as points, "
        f"bool_and(({points}) is not null) as whole from assessment_items "
        f"where assessment_ref not in (select assessment_ref from ({lost_items}) where assessment_ref is not null) "
        "group by assessment_ref) select a.line from assessments as a join summed as s using (assessment_ref) "
        f"where s.whole and a.tool = {sql_string(SCORED_TOOL)} "
    )
    store.record_errors("R53", "assessments", "score", f"{summed_sql} and a.score <> s.points")
    store.record_errors(
        "R53", "assessments", "band", f"{summed_sql} and a.override is distinct from true and ({_band_differs_sql()})"
    )


def _band_differs_sql() -> str:
    cases = []
    for category, lowest in sorted(lowest_scores().items(), reverse=True):
        tiers = ", ".join(sql_string(tier) for tier in TIERS_BY_CATEGORY[category])
        cases.append(f"when s.points >= {lowest} then a.band not in ({tiers})")
    return "case " + " ".join(cases) + " end"
