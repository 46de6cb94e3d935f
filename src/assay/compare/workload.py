"""How many open cases had a force for each post that was filled, and who had few of them?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median

from assay.compare.comparison_tables import Rows, as_rows, grouped
from assay.stats.hierarchical_posterior import FEWEST_UNITS


def cases_a_post(team_months: Rows) -> dict[str, float]:
    """By force: open cases for each filled post, over all teams and months of the period that tell both."""
    told = [
        row for row in as_rows(team_months)
        if row["in_period"] and row["open_cases"] is not None and row["posts_filled"] is not None
    ]  # fmt: skip
    found: dict[str, float] = {}
    for (force,), mine in grouped(told, "force_code").items():
        posts = float(sum(row["posts_filled"] for row in mine))
        if posts > 0:
            found[force] = sum(row["open_cases"] for row in mine) / posts
    return found


def middle(cases: Mapping[str, float], forces: Iterable[str]) -> float | None:
    """Cases a post of the middle one of these forces; None if fewer than five of them tell."""
    told = [cases[force] for force in forces if force in cases]
    return round(median(told), 1) if len(told) >= FEWEST_UNITS else None
