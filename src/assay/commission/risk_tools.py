"""Which tools judge a child's risk, how do they score, and into which bands?

No band of any tool is a probability, and bands of two tools are never compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from assay.commission.table import Register, parts, read

COLUMNS = ("tool", "name", "where_used", "scoring", "bands", "note", "evidence", "source")


@dataclass(frozen=True)
class RiskTool:
    """One tool; `bands` from the lowest to the highest, as the tool words them."""

    tool: str
    name: str
    where_used: str
    scoring: str
    bands: tuple[str, ...]
    note: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """Our name of the tool; 'NO_TOOL' for a judgement without one."""
        return self.tool


class RiskTools(Register[RiskTool]):
    """The tools that a return may name."""

    what = "risk tool"


@lru_cache
def risk_tools() -> RiskTools:
    """The tools, and NO_TOOL last."""
    rows = read("risk_tools", COLUMNS)
    return RiskTools([RiskTool(**{**row, "bands": parts(row, "bands")}) for row in rows])  # type: ignore[arg-type]
