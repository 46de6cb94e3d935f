"""Is the score of an assessment what its items give?

Rule R53 of the return contract, for the tool that has a scoring key (SERAF). The key stands in the commission's
register of risk tools: vulnerability items 1 point each; moderate indicators 1 each if present in the last 6 months;
significant indicators 5 if in the last 6 months, 1 if 6 to 12 months ago, 6 if both. An assessment with an item that
cannot be scored is left alone: its sum is not known.
"""

from __future__ import annotations

import re

from assay.commission import risk_tools
from assay.errors import DefinitionError
from assay.returns.desk import Desk
from assay.returns.promises import lost
from assay.returns.sql import quoted

TOOL = "SERAF"
POINTS = """
case when present = 'no' then 0
     when item_kind = 'vulnerability' then 1
     when item_kind = 'moderate' and present in ('last_6_months', 'both', 'yes') then 1
     when item_kind = 'moderate' and present = '6_to_12_months' then 0
     when item_kind = 'significant' and present = 'last_6_months' then 5
     when item_kind = 'significant' and present = '6_to_12_months' then 1
     when item_kind = 'significant' and present = 'both' then 6
end
"""
"""Points of one item; NULL where the key does not say."""

MAY_BE_MAPPED_TO = {
    1: ("none", "low"),
    2: ("low", "medium"),
    3: ("medium", "high"),
    4: ("high", "very_high"),
}
"""The tool has four categories and the list `tier` five values: either way of mapping them in order is right."""


def lowest_scores() -> dict[int, int]:
    """Category -> the lowest score that falls into it, as the register of risk tools words the bands."""
    found = {}
    for band in risk_tools().get(TOOL).bands:
        match = re.match(r"(\d+)(?:-\d+| and over) category (\d)", band)
        if not match:
            raise DefinitionError(f"risk_tools.csv, {TOOL}: a band must read like '6-10 category 2'.")
        found[int(match[2])] = int(match[1])
    return found


def check(desk: Desk) -> None:
    """Apply R53; a score that an assessor overrode may stand in another band."""
    lost_items = lost(desk, "assessment_items", "assessment_ref")
    summed = (
        f"with summed as (select assessment_ref, sum({POINTS}) as points, "
        f"bool_and(({POINTS}) is not null) as whole from assessment_items "
        f"where assessment_ref not in (select assessment_ref from ({lost_items}) where assessment_ref is not null) "
        "group by assessment_ref) select a.line from assessments as a join summed as s using (assessment_ref) "
        f"where s.whole and a.tool = {quoted(TOOL)} "
    )
    desk.fault("R53", "assessments", "score", f"{summed} and a.score <> s.points")
    desk.fault(
        "R53", "assessments", "band", f"{summed} and a.override is distinct from true and ({_band_differs()})"
    )


def _band_differs() -> str:
    cases = []
    for category, lowest in sorted(lowest_scores().items(), reverse=True):
        tiers = ", ".join(quoted(tier) for tier in MAY_BE_MAPPED_TO[category])
        cases.append(f"when s.points >= {lowest} then a.band not in ({tiers})")
    return "case " + " ".join(cases) + " end"
