"""Release changes between two years without revealing the exact counts of the years.

The change between two whole years is an exact function of their two counts, so its interval in hundredths gives both
counts away. It is released only if each count is zero or above the suppression threshold, and is computed again from
the counts as they are released, rounded. The years of all forces are
the sums of those of the forces, so the change of all forces from two counts is suppressed with that of any force.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assay.indicators import EVERYWHERE
from assay.indicators.catalogue.scale.record_series import (
    HISTORY_SHOWS_NO_FALL,
    MARKED,
    PARTNERS,
    RECORDED,
    WHOLE_YEARS,
    headline,
)
from assay.indicators.catalogue.scale.scale_claim_tests import retest_directions
from assay.stats.level_changes import TOO_SMALL_TEXTS, ZERO_OR_NEGATIVE
from assay.stats.two_count_change import two_count_change

NOT_SHOWN = "Not shown: a year that is compared has too few records, or its count is not released."
NO_VERDICT = "cannot be said"
COUNT_SERIES = (RECORDED, MARKED, PARTNERS)
"""The series that count records of a force; the others are published, or estimates with rules of their own."""
FIGURES = ("probability_fell", "probability_fell_5_percent", "change_low", "change_high")
REASONS_FROM_COUNTS = ("", HISTORY_SHOWS_NO_FALL, ZERO_OR_NEGATIVE, *TOO_SMALL_TEXTS)
"""The refusals that depend on the counts of the compared years, and so reveal information about them."""
Row = dict[str, Any]


def suppress_small_years(rows: Sequence[Row], minimum: int) -> list[Row]:
    """Return the trend rows, without figures where a year has 1 to `minimum` - 1 records."""
    small = {
        (row["kind"], row["years_apart"])
        for row in rows
        if row["place_code"] != EVERYWHERE and _has_small_year(row, minimum)
    }
    return [_suppress(row) if _is_disclosive(row, minimum, small) else row for row in rows]


def _is_disclosive(row: Row, minimum: int, small: set[tuple[str, int]]) -> bool:
    if row["kind"] not in COUNT_SERIES or (row["refusal"] or "") not in REASONS_FROM_COUNTS:
        return False
    if _has_small_year(row, minimum):
        return True
    # From a year of the history only its change is given: whether its count is small is not known here.
    has_hidden_year = row["earlier_records"] is None
    sums_small_years = row["place_code"] == EVERYWHERE and (row["kind"], row["years_apart"]) in small
    return _compares_two_counts(row) and (has_hidden_year or sums_small_years)


def _has_small_year(row: Row, minimum: int) -> bool:
    counts = (row["earlier_records"], row["latest_records"])
    return row["kind"] in COUNT_SERIES and any(count is not None and 0 < count < minimum for count in counts)


def estimate_from_rounded_years(row: Row, base: int) -> Row:
    """Recompute the figures of a row that compares two whole years from the counts rounded to `base`.

    Exact figures would give the exact counts away, which are released rounded only. Other rows are returned unchanged.
    """
    counts = (row["earlier_records"], row["latest_records"])
    if row["kind"] not in COUNT_SERIES or not _compares_two_counts(row) or None in counts or row["refusal"]:
        return row
    earlier_count, latest_count = ((count + base // 2) // base * base for count in counts)
    change = two_count_change(earlier_count, latest_count)
    return row | {
        "probability_fell": change.probability_fell,
        "probability_fell_5_percent": change.probability_fell_5_percent,
        "change_low": change.low,
        "change_high": change.high,
    }


def _compares_two_counts(row: Row) -> bool:
    return WHOLE_YEARS in (row["explanation"] or "")


def _suppress(row: Row) -> Row:
    explanation = (row["explanation"] or "").replace(f" {WHOLE_YEARS}", "")
    return row | dict.fromkeys(FIGURES) | {"refusal": NOT_SHOWN, "explanation": explanation}


def suppress_claims(claims: Iterable[Row], trends: Sequence[Row], released: Sequence[Row]) -> list[Row]:
    """Return the claims tested against released trends, without verdicts that depend on a suppressed trend.

    A fall of a force's own counts is borne out only if partners' lists fell too (`scale_claim_tests`), so a verdict on
    its own counts may reveal a series of its partners that is not shown.

    Parameters
    ----------
    claims, trends
        Rows of the stage, from exact counts.
    released
        The same trend rows as they are released, before their figures are rounded, in the same order.
    """
    hidden = _hidden_headlines(trends, released)
    return [_released_claim(claim, hidden) for claim in retest_directions(claims, released)]


def _hidden_headlines(trends: Sequence[Row], released: Sequence[Row]) -> set[tuple[str, str]]:
    """Return place and kind of each series whose main row was suppressed."""
    by_series: dict[tuple[str, str], list[Row]] = {}
    for exact, released_row in zip(trends, released, strict=True):
        by_series.setdefault((exact["place_code"], exact["kind"]), []).append(
            exact | {"shown": released_row["refusal"]}
        )
    return {key for key, rows in by_series.items() if (headline(rows) or {}).get("shown") == NOT_SHOWN}


def _released_claim(claim: Row, hidden: set[tuple[str, str]]) -> Row:
    place, kind = claim["place_code"], claim["compared_with"]
    if claim["subject"] == "scale" and claim["statement"] != "none" and (place, kind) in hidden:
        return claim | {"probability_fell": None, "verdict": NO_VERDICT, "why": NOT_SHOWN}
    if _depends_on_partners(claim) and (place, PARTNERS) in hidden:
        return claim | {"verdict": NO_VERDICT, "why": NOT_SHOWN}
    return claim


def _depends_on_partners(claim: Mapping[str, Any]) -> bool:
    """Return True if the verdict on a force's own count depends on the series of its partners."""
    is_own_count = claim["compared_with"] != PARTNERS
    return bool(claim["statement"] == "falling" and is_own_count and claim["verdict"] != "contradicted")
