"""Which span of years decides whether a count fell, and what the other spans show beside it."""

from __future__ import annotations

from collections.abc import Sequence

from assay.report.number_words import change, direction, join_list, years
from assay.report.report_tables import Row

HEADLINE_YEARS = 3
"""Length in years of the headline comparison."""
THREE_YEARS_DECIDE = (
    "The change over three years decides the answer here. One year is hard to tell from chance, and five years take in "
    "more changes of practice."
)


def has_estimate(row: Row) -> bool:
    """Return True if a change has an estimate."""
    return not row["refusal"] and row["probability_fell"] is not None


def deciding_change(rows: Sequence[Row]) -> Row | None:
    """Return the change that decides whether a series fell: over three years, else over the longest known span."""
    known = {row["years_apart"]: row for row in rows if has_estimate(row)}
    return known.get(HEADLINE_YEARS) or (known[max(known)] if known else None)


def other_changes(rows: Sequence[Row]) -> list[str]:
    """Return what a series did over spans with another direction, and which span decides; empty if all agree."""
    texts = [
        f"{direction(row['probability_fell'])} over {years(row['years_apart'])} ({change(row['change'])})"
        for row in _other_directions(rows)
    ]
    return [f"The same count {join_list(texts)}.", *deciding_span_note(rows)] if texts else []


def longest_other_direction(rows: Sequence[Row]) -> str:
    """Return what a count did over the longest span with another direction: 'Over five years it ...'; '' if none."""
    for row in _other_directions(rows):
        return f"Over {years(row['years_apart'])} it {direction(row['probability_fell'])}."
    return ""


def _other_directions(rows: Sequence[Row]) -> list[Row]:
    """Return the changes whose direction is not that of the deciding one, the longest span first."""
    decisive = deciding_change(rows)
    if decisive is None:
        return []
    known = sorted(filter(has_estimate, rows), key=lambda row: -row["years_apart"])
    return [row for row in known if direction_only(row) != direction_only(decisive)]


def direction_only(row: Row) -> str:
    """Return 'fell', 'rose' or 'neither', whatever the certainty."""
    words = direction(row["probability_fell"]).split()
    return words[0] if words[0] == "neither" else words[-1]


def deciding_span_note(rows: Sequence[Row]) -> list[str]:
    """Return the sentence that three years decide, where they and another span have an estimate."""
    spans = {row["years_apart"] for row in rows if has_estimate(row)}
    return [THREE_YEARS_DECIDE] if HEADLINE_YEARS in spans and len(spans) > 1 else []
