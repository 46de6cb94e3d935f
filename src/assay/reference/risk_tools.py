"""Risk assessment tools: scoring and bands.

A band is not a probability, and bands of different tools are not comparable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assay.errors import DefinitionError
from assay.reference.reference_data import GRADING_EVIDENCE, Register, read_rows, split_cell

COLUMNS = ("tool", "name", "where_used", "scoring", "bands", "note", "publisher", "evidence", "source")


@dataclass(frozen=True)
class RiskTool:
    """One risk assessment tool; `bands` are its bands from lowest to highest, in the words of the tool."""

    tool: str
    name: str
    where_used: str
    scoring: str
    bands: tuple[str, ...]
    note: str
    publisher: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The code of the tool in this project; 'NO_TOOL' for a judgement without a tool."""
        return self.tool


class RiskTools(Register[RiskTool]):
    """The risk assessment tools that a return may name."""

    member_name = "risk tool"


@lru_cache
def risk_tools() -> RiskTools:
    """Return the tools by which a child's risk is rated; the last, `NO_TOOL`, is a judgement without a tool."""
    rows = read_rows("risk_tools", COLUMNS)
    return RiskTools([RiskTool(**{**row, "bands": split_cell(row, "bands")}) for row in rows])  # type: ignore[arg-type]


SCORED_TOOL = "SERAF"
"""The tool that has a scoring key."""
ITEM_POINTS: Mapping[tuple[str, str], int] = {
    **{("vulnerability", present): 1 for present in ("yes", "last_6_months", "6_to_12_months", "both")},
    **{("moderate", present): 1 for present in ("yes", "last_6_months", "both")},
    ("moderate", "6_to_12_months"): 0,
    ("significant", "last_6_months"): 5,
    ("significant", "6_to_12_months"): 1,
    ("significant", "both"): 6,
    **{(kind, "no"): 0 for kind in ("vulnerability", "moderate", "significant", "other")},
}
"""Points of one item, by its kind and when it was present; combinations without points in the key are absent."""
TIERS_BY_CATEGORY: Mapping[int, tuple[str, ...]] = {
    1: ("none", "low"),
    2: ("low", "medium"),
    3: ("medium", "high"),
    4: ("high", "very_high"),
}
"""The tool has four categories and the list `tier` five values: either way of mapping them in order is right."""
TIERS = ("none", "low", "medium", "high", "very_high")
"""The list `tier`, from the lowest."""


def lowest_scores() -> dict[int, int]:
    """Return the lowest score of each category of the risk assessment tool that gives a score."""
    tool, found = risk_tools().get(SCORED_TOOL), {}
    if tool.evidence != GRADING_EVIDENCE:
        raise DefinitionError(
            f"risk_tools.csv, {SCORED_TOOL}: its bands test assessments, so they must have been read in their source."
        )
    for band in tool.bands:
        match = re.match(r"(\d+)(?:-\d+| and over) category (\d)", band)
        if not match:
            raise DefinitionError(f"risk_tools.csv, {SCORED_TOOL}: a band must read like '6-10 category 2'.")
        found[int(match[2])] = int(match[1])
    return found
