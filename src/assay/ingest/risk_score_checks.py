"""Is the score of an assessment what its items give?

Rule R53 of the return contract, for the tool that has a scoring key (SERAF). The key stands in the commission's
register of risk tools: vulnerability items 1 point each; moderate indicators 1 each if present in the last 6 months;
significant indicators 5 if in the last 6 months, 1 if 6 to 12 months ago, 6 if both. An assessment with an item that
cannot be scored is left alone: its sum is not known.
"""

from __future__ import annotations

from assay.ingest.completeness_declarations import lost
from assay.ingest.sql_literals import quoted
from assay.ingest.staging_store import Desk
from assay.reference.risk_tools import MAY_BE_MAPPED_TO, POINTS, SCORED, lowest_scores


def _points() -> str:
    """Points of one item; NULL where the key does not say. An item that is not there scores nothing, of any kind."""
    told = [
        f"when item_kind = {quoted(kind)} and present = {quoted(present)} then {points}"
        for (kind, present), points in POINTS.items()
        if present != "no"
    ]
    return f"case when present = 'no' then 0 {' '.join(told)} end"


def check(desk: Desk) -> None:
    """Apply R53; a score that an assessor overrode may stand in another band."""
    points = _points()
    lost_items = lost(desk, "assessment_items", "assessment_ref")
    summed = (
        f"with summed as (select assessment_ref, sum({points}) as points, "
        f"bool_and(({points}) is not null) as whole from assessment_items "
        f"where assessment_ref not in (select assessment_ref from ({lost_items}) where assessment_ref is not null) "
        "group by assessment_ref) select a.line from assessments as a join summed as s using (assessment_ref) "
        f"where s.whole and a.tool = {quoted(SCORED)} "
    )
    desk.fault("R53", "assessments", "score", f"{summed} and a.score <> s.points")
    desk.fault("R53", "assessments", "band", f"{summed} and a.override is distinct from true and ({_band_differs()})")


def _band_differs() -> str:
    cases = []
    for category, lowest in sorted(lowest_scores().items(), reverse=True):
        tiers = ", ".join(quoted(tier) for tier in MAY_BE_MAPPED_TO[category])
        cases.append(f"when s.points >= {lowest} then a.band not in ({tiers})")
    return "case " + " ".join(cases) + " end"
