"""Open cases per filled post, by force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median

from assay.compare.comparison_tables import Rows, as_rows, group_rows_by
from assay.stats.hierarchical_posterior import FEWEST_UNITS


def cases_per_post(team_months: Rows) -> dict[str, float]:
    """Return open cases per filled post by force, over all teams and months of the period with both numbers."""
    team_rows = [
        row for row in as_rows(team_months)
        if row["in_period"] and row["open_cases"] is not None and row["posts_filled"] is not None
    ]  # fmt: skip
    ratios: dict[str, float] = {}
    for (force,), force_rows in group_rows_by(team_rows, "force_code").items():
        posts = float(sum(row["posts_filled"] for row in force_rows))
        if posts > 0:
            ratios[force] = sum(row["open_cases"] for row in force_rows) / posts
    return ratios


def median_cases_per_post(cases: Mapping[str, float], forces: Iterable[str]) -> float | None:
    """Return the median number of cases per post of these forces; None if fewer than five are known."""
    values = [cases[force] for force in forces if force in cases]
    return round(median(values), 1) if len(values) >= FEWEST_UNITS else None
