"""Rows of the tables of indicators, waits, counts, scale and returns.

Written by `scripts/row_types.py` from `tables.toml`; change the declaration, not this file.
"""

from typing import TypedDict

InspectionSummaryRow = TypedDict("InspectionSummaryRow", {
    "request": str,
    "title": str,
    "register": str,
    "period_from": str,
    "period_to": str,
    "bodies_asked": int,
    "returns_received": int,
    "returns_refused": int,
})  # fmt: skip
"""A row of `inspection_summary`: the inspection."""

IndicatorsRow = TypedDict("IndicatorsRow", {
    "indicator": str,
    "title": str,
    "question": str,
    "why": str,
    "line": str,
    "asks": str | None,
    "record": str,
    "population": str,
    "excluding": str | None,
    "met": str,
    "better": str,
    "standard": str | None,
    "holder": str,
    "graded": bool,
    "limits": str,
    "assumptions": str,
    "needs": str | None,
})  # fmt: skip
"""A row of `indicators`: one indicator."""

IndicatorExamplesRow = TypedDict("IndicatorExamplesRow", {
    "indicator": str,
    "example": int,
    "facts": str,
    "answer": str,
    "reason": str | None,
})  # fmt: skip
"""A row of `indicator_examples`: one worked example."""

LaddersRow = TypedDict("LaddersRow", {
    "indicator": str,
    "place_code": str,
    "when_reported": str,
    "records": int | None,
    "outside": int | None,
    "excluded": int | None,
    "not_known_if_counted": int | None,
    "met": int | None,
    "not_met": int | None,
    "not_known": int | None,
    "share": float | None,
    "share_lowest": float | None,
    "share_highest": float | None,
    "not_askable": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `ladders`: one indicator, one place, one age group when reported."""

ExcludedRecordsRow = TypedDict("ExcludedRecordsRow", {
    "indicator": str,
    "place_code": str,
    "reason": str,
    "records": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `excluded_records`: one indicator or wait, one place, one reason."""

ForceEstimatesRow = TypedDict("ForceEstimatesRow", {
    "indicator": str,
    "place_code": str,
    "met": int | None,
    "not_met": int | None,
    "base": int | None,
    "share": float | None,
    "share_low": float | None,
    "share_high": float | None,
    "rank": float | None,
    "rank_low": float | None,
    "rank_high": float | None,
    "expected": float | None,
    "expected_low": float | None,
    "expected_high": float | None,
    "q_value": float | None,
    "outlier_alert": bool | None,
    "direction": str | None,
    "alert_status": str | None,
    "alerted_since": str | None,
    "not_known_share": float | None,
    "not_comparable": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `force_estimates`: one indicator, one place."""

IndicatorSpreadRow = TypedDict("IndicatorSpreadRow", {
    "indicator": str,
    "forces_compared": int,
    "overall": float | None,
    "between_force_sd": float | None,
    "naive_outside_3_sigma": int | None,
    "outliers": int,
})  # fmt: skip
"""A row of `indicator_spread`: one indicator."""

IndicatorFunnelRow = TypedDict("IndicatorFunnelRow", {
    "indicator": str,
    "base": float,
    "low": float | None,
    "high": float | None,
    "naive_low": float | None,
    "naive_high": float | None,
})  # fmt: skip
"""A row of `indicator_funnel`: one indicator, one base."""

FailureModesRow = TypedDict("FailureModesRow", {
    "failure_mode": str,
    "line": str,
    "text": str,
    "shown_by": str | None,
    "sides": str | None,
    "elsewhere": str | None,
    "place": int,
})  # fmt: skip
"""A row of `failure_modes`: one failure mode that the inquiry found."""

CombinedTestsRow = TypedDict("CombinedTestsRow", {
    "failure_mode": str,
    "place_code": str,
    "measures": int | None,
    "outlier_alert": bool | None,
    "alert_status": str | None,
    "alerted_since": str | None,
    "not_comparable": str | None,
})  # fmt: skip
"""A row of `combined_tests`: one failure mode, one place."""

WaitsRow = TypedDict("WaitsRow", {
    "wait": str,
    "title": str,
    "question": str,
    "why": str,
    "line": str,
    "asks": str | None,
    "starts": str,
    "ends": str,
    "competing": str | None,
    "limits": str,
    "assumptions": str,
    "holder": str,
    "graded": bool,
})  # fmt: skip
"""A row of `waits`: one wait."""

WaitCurvesRow = TypedDict("WaitCurvesRow", {
    "wait": str,
    "place_code": str,
    "ending": str,
    "days": int,
    "share": float | None,
    "share_low": float | None,
    "share_high": float | None,
})  # fmt: skip
"""A row of `wait_curves`: one wait, one place, one ending, one day."""

WaitMediansRow = TypedDict("WaitMediansRow", {
    "wait": str,
    "place_code": str,
    "records": int | None,
    "ended": int | None,
    "ended_otherwise": int | None,
    "still_waiting": int | None,
    "excluded": int | None,
    "not_known": int | None,
    "median_days": float | None,
    "median_low": float | None,
    "median_high": float | None,
    "p90_days": float | None,
    "p90_low": float | None,
    "p90_high": float | None,
    "mean_days": float | None,
    "mean_low": float | None,
    "mean_high": float | None,
    "mean_until": int | None,
    "open_180": float | None,
    "open_180_low": float | None,
    "open_180_high": float | None,
    "open_365": float | None,
    "open_365_low": float | None,
    "open_365_high": float | None,
    "not_reached": bool | None,
    "p90_not_reached": bool | None,
    "not_askable": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `wait_medians`: one wait, one place."""

WaitMediansByReportRow = TypedDict("WaitMediansByReportRow", {
    "wait": str,
    "place_code": str,
    "when_reported": str,
    "records": int | None,
    "ended": int | None,
    "ended_otherwise": int | None,
    "still_waiting": int | None,
    "excluded": int | None,
    "not_known": int | None,
    "median_days": float | None,
    "median_low": float | None,
    "median_high": float | None,
    "p90_days": float | None,
    "p90_low": float | None,
    "p90_high": float | None,
    "mean_days": float | None,
    "mean_low": float | None,
    "mean_high": float | None,
    "mean_until": int | None,
    "open_180": float | None,
    "open_180_low": float | None,
    "open_180_high": float | None,
    "open_365": float | None,
    "open_365_low": float | None,
    "open_365_high": float | None,
    "not_reached": bool | None,
    "p90_not_reached": bool | None,
    "not_askable": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `wait_medians_by_report`: one wait, one place, one age group when reported."""

CountsByDefinitionRow = TypedDict("CountsByDefinitionRow", {
    "count": str,
    "definition": str,
    "place_code": str,
    "records": int | None,
    "not_known": int | None,
    "not_askable": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `counts_by_definition`: one count, one definition, one place."""

DistinctCountsRow = TypedDict("DistinctCountsRow", {
    "place_code": str,
    "counting_unit": str,
    "definition": str,
    "number": int | None,
    "number_low": int | None,
    "number_high": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `distinct_counts`: one unit of count, one definition, one place."""

DistinctCountsByGroupRow = TypedDict("DistinctCountsByGroupRow", {
    "place_code": str,
    "counting_unit": str,
    "definition": str,
    "split": str,
    "value": str,
    "number": int | None,
    "number_low": int | None,
    "number_high": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `distinct_counts_by_group`: one unit of count, one definition, one place, one breakdown, one group."""

DefinitionOverlapsRow = TypedDict("DefinitionOverlapsRow", {
    "counting_unit": str,
    "pattern": str,
    "number": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `definition_overlaps`: one unit of count, one combination of definitions, all organisations together."""

FlagCountsRow = TypedDict("FlagCountsRow", {
    "indicator": str,
    "place_code": str,
    "split": str,
    "value": str,
    "number": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `flag_counts`: one indicator or wait, one place, one breakdown, one group."""

ScaleTrendsRow = TypedDict("ScaleTrendsRow", {
    "place_code": str,
    "kind": str,
    "series": str,
    "years_apart": int,
    "earlier_to": str | None,
    "latest_to": str | None,
    "probability_fell": float | None,
    "change_low": float | None,
    "change_high": float | None,
    "refusal": str | None,
    "explanation": str | None,
})  # fmt: skip
"""A row of `scale_trends`: one place, one series, one number of years."""

ScaleStatementsRow = TypedDict("ScaleStatementsRow", {
    "place_code": str,
    "statement": str,
})  # fmt: skip
"""A row of `scale_statements`: one place."""

ScaleClaimsRow = TypedDict("ScaleClaimsRow", {
    "place_code": str,
    "claim": str,
    "subject": str,
    "statement": str,
    "statement_date": str,
    "compared_with": str,
    "verdict": str,
    "probability_fell": float | None,
    "readings": int | None,
    "readings_with_groups": int | None,
    "why": str,
})  # fmt: skip
"""A row of `scale_claims`: one statement of one force, compared with one series or with groups."""

RecordingAccuracyRow = TypedDict("RecordingAccuracyRow", {
    "sample": str,
    "place_code": str,
    "files": int | None,
    "should_be": int | None,
    "correctly": int | None,
    "not_correctly": int | None,
    "share": float | None,
    "share_low": float | None,
    "share_high": float | None,
    "why_not": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `recording_accuracy`: one sample, one place."""

ScalePartsRow = TypedDict("ScalePartsRow", {
    "place_code": str,
    "part": str,
    "span": str | None,
    "unit": str,
    "number": int | None,
    "low": int | None,
    "high": int | None,
    "why_not": str | None,
    "methods": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `scale_parts`: one place, one part."""

DefinitionsUsedRow = TypedDict("DefinitionsUsedRow", {
    "count": str,
    "definition": str,
    "title": str,
    "words": str,
    "source": str | None,
})  # fmt: skip
"""A row of `definitions_used`: one count, one definition."""

ReturnContentsRow = TypedDict("ReturnContentsRow", {
    "place_code": str,
    "table_name": str,
    "supplied": str,
    "reason": str | None,
    "complete": bool | None,
    "records": int | None,
    "accepted": int | None,
    "set_aside": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `return_contents`: one organisation, one table of its return."""

AnswerabilityRow = TypedDict("AnswerabilityRow", {
    "place_code": str,
    "question": str,
    "answer": str,
    "modes": str | None,
    "why": str,
})  # fmt: skip
"""A row of `answerability`: one organisation that was asked, one question of the inspection."""

BurdenRow = TypedDict("BurdenRow", {
    "tier": int,
    "table_name": str,
    "prior_low": float,
    "prior_likely": float,
    "prior_high": float,
    "reported": int,
    "low": float,
    "likely": float,
    "high": float,
    "work": str | None,
    "evidence": str,
})  # fmt: skip
"""A row of `burden`: one table of the return, or one tier of tables."""
