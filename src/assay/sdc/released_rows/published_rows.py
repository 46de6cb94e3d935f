"""Rows of the tables computed from published statistics.

Written by `scripts/row_types.py` from `tables.toml`; change the declaration, not this file.
"""

from typing import TypedDict

RecordedRow = TypedDict("RecordedRow", {
    "place_code": str,
    "offence_key": str,
    "financial_year": str,
    "quarters": int,
    "offences": int,
    "children": int | None,
    "children_mid_year": int | None,
    "per_1000_children": float | None,
    "rate_note": str | None,
})  # fmt: skip
"""A row of `recorded`: one place, one offence or offence set, one financial year."""

RecordedQuarterlyRow = TypedDict("RecordedQuarterlyRow", {
    "place_code": str,
    "offence_key": str,
    "financial_year": str,
    "quarter": int,
    "offences": int | None,
})  # fmt: skip
"""A row of `recorded_quarterly`: one place, one offence or offence set, one quarter."""

LevelsRow = TypedDict("LevelsRow", {
    "place_code": str,
    "offence_key": str,
    "financial_year": str,
    "quarter": int,
    "level": float,
    "level_low": float,
    "level_high": float,
})  # fmt: skip
"""A row of `levels`: one place, one offence or offence set, one quarter."""

TrendsRow = TypedDict("TrendsRow", {
    "place_code": str,
    "offence_key": str | None,
    "series": str,
    "years_apart": int,
    "latest_from": str | None,
    "latest_to": str | None,
    "earlier_from": str | None,
    "earlier_to": str | None,
    "probability_fell": float | None,
    "probability_fell_5_percent": float | None,
    "change": float | None,
    "change_low": float | None,
    "change_high": float | None,
    "breaks_between": str | None,
    "across_break": bool | None,
    "refusal": str | None,
    "explanation": str | None,
})  # fmt: skip
"""A row of `trends`: one series, one number of years."""

OutcomesRow = TypedDict("OutcomesRow", {
    "place_code": str,
    "offence_key": str,
    "financial_year": str,
    "outcome_family": str,
    "offences": int,
    "share": float | None,
})  # fmt: skip
"""A row of `outcomes`: one place, one offence or offence set, one financial year of recording, one group of
outcomes."""

SharesRow = TypedDict("SharesRow", {
    "measure": str,
    "place_code": str,
    "offence_key": str,
    "financial_year": str,
    "numerator": int | None,
    "base": int | None,
    "raw_share": float | None,
    "share": float | None,
    "share_low": float | None,
    "share_high": float | None,
    "rank": float | None,
    "rank_low": float | None,
    "rank_high": float | None,
    "expected": float | None,
    "expected_low": float | None,
    "expected_high": float | None,
    "p_value": float | None,
    "q_value": float | None,
    "outlier_alert": bool | None,
    "direction": str | None,
    "alert_status": str | None,
    "alerted_since": str | None,
    "pending_share": float | None,
    "not_comparable": str | None,
    "edition": str | None,
})  # fmt: skip
"""A row of `shares`: one measure, one place, one offence or offence set, one financial year of recording."""

RatesRow = TypedDict("RatesRow", {
    "place_code": str,
    "offence_key": str,
    "financial_year": str,
    "offences": int | None,
    "children": int | None,
    "raw_per_1000": float | None,
    "per_1000": float | None,
    "per_1000_low": float | None,
    "per_1000_high": float | None,
    "rank": float | None,
    "rank_low": float | None,
    "rank_high": float | None,
    "expected": float | None,
    "expected_low": float | None,
    "expected_high": float | None,
    "p_value": float | None,
    "q_value": float | None,
    "outlier_alert": bool | None,
    "direction": str | None,
    "alert_status": str | None,
    "alerted_since": str | None,
    "not_comparable": str | None,
    "children_mid_year": int | None,
})  # fmt: skip
"""A row of `rates`: one place, one offence or offence set, one financial year."""

SpreadRow = TypedDict("SpreadRow", {
    "measure": str,
    "offence_key": str,
    "financial_year": str,
    "forces_compared": int,
    "overall": float | None,
    "between_force_sd": float | None,
    "naive_forces": int | None,
    "naive_outside_3_sigma": int | None,
    "naive_outside_2_sigma": int | None,
    "mean_z_squared": float | None,
    "outliers": int | None,
})  # fmt: skip
"""A row of `spread`: one measure, one offence or offence set, one financial year."""

FunnelRow = TypedDict("FunnelRow", {
    "measure": str,
    "offence_key": str,
    "financial_year": str,
    "base": float,
    "low": float,
    "high": float,
    "naive_low": float,
    "naive_high": float,
})  # fmt: skip
"""A row of `funnel`: one measure, one offence or offence set, one financial year, one base."""

CaseMixRow = TypedDict("CaseMixRow", {
    "measure": str,
    "place_code": str,
    "financial_year": str,
    "observed": float | None,
    "expected": float | None,
    "ratio": float | None,
    "ratio_low": float | None,
    "ratio_high": float | None,
    "base": int | None,
})  # fmt: skip
"""A row of `case_mix`: one measure, one place, one financial year."""

SimilarForcesRow = TypedDict("SimilarForcesRow", {
    "place_code": str,
    "similar_code": str,
    "nearness": int,
    "distance": float | None,
    "grouping": str,
})  # fmt: skip
"""A row of `similar_forces`: one force, one similar force."""

ProcessRow = TypedDict("ProcessRow", {
    "place_code": str,
    "offence_key": str,
    "financial_year": str,
    "quarter": int,
    "offences": int | None,
    "centre": float | None,
    "lower": float | None,
    "upper": float | None,
    "phase": int | None,
    "signal": str | None,
})  # fmt: skip
"""A row of `process`: one place, one offence or offence set, one quarter."""

ProcessControlStatementsRow = TypedDict("ProcessControlStatementsRow", {
    "place_code": str,
    "offence_key": str,
    "words": str,
})  # fmt: skip
"""A row of `process_control_statements`: one place, one offence or offence set."""

ChildrenInNeedRow = TypedDict("ChildrenInNeedRow", {
    "year": int,
    "area_code": str,
    "factor": str,
    "episodes": int | None,
    "marker": str | None,
    "areas": int | None,
})  # fmt: skip
"""A row of `children_in_need`: one area, one factor, one year to 31 March."""

ChildrenServicesRow = TypedDict("ChildrenServicesRow", {
    "year": int,
    "area_code": str,
    "measure": str,
    "number": int | None,
    "marker": str | None,
    "areas": int | None,
    "children": int | None,
    "per_10000": float | None,
    "low": float | None,
    "high": float | None,
})  # fmt: skip
"""A row of `children_services`: one area, one measure, one year to 31 March."""

AuthoritiesRow = TypedDict("AuthoritiesRow", {
    "area_code": str,
    "name": str,
    "place_code": str,
    "inspected_on": str | None,
    "published_on": str | None,
    "overall": str | None,
    "leaders": str | None,
    "protection": str | None,
    "care": str | None,
    "leavers": str | None,
    "year": int | None,
    "looked_after": int | None,
    "looked_after_marker": str | None,
    "children": int | None,
    "plans_started": int | None,
    "plans_started_marker": str | None,
    "per_10000": float | None,
    "low": float | None,
    "high": float | None,
    "neighbours": int | None,
    "neighbours_low": float | None,
    "neighbours_median": float | None,
    "neighbours_high": float | None,
    "neighbour_names": str | None,
})  # fmt: skip
"""A row of `authorities`: one local authority."""

ResidentsByEthnicityRow = TypedDict("ResidentsByEthnicityRow", {
    "place_code": str,
    "year": int,
    "ethnic_group": str,
    "residents": int,
    "broad_group": str,
    "share": float | None,
    "broad_residents": int,
    "broad_share": float | None,
})  # fmt: skip
"""A row of `residents_by_ethnicity`: one force area, one ethnic group."""

LastOutcomesRow = TypedDict("LastOutcomesRow", {
    "place_code": str,
    "year": int,
    "outcome": str,
    "number": int,
    "base": int,
    "share": float | None,
    "low": float,
    "high": float,
})  # fmt: skip
"""A row of `last_outcomes`: one force, one year, one outcome."""

CourtOutcomesRow = TypedDict("CourtOutcomesRow", {
    "place_code": str,
    "year": int,
    "outcome": str,
    "number": int,
    "base": int,
    "share": float | None,
    "low": float,
    "high": float,
})  # fmt: skip
"""A row of `court_outcomes`: one force area, one year, one outcome."""

NationalOutcomesRow = TypedDict("NationalOutcomesRow", {
    "financial_year": str,
    "basis": str,
    "outcome": str,
    "outcomes": int,
    "share": float | None,
})  # fmt: skip
"""A row of `national_outcomes`: one financial year, one basis, one outcome."""

LocalSourcesRow = TypedDict("LocalSourcesRow", {
    "source_key": str,
    "service": str,
    "title": str,
    "publisher": str,
    "counts": str,
    "does_not_count": str,
    "breaks": str,
    "edition": str | None,
    "licence": str | None,
    "address": str | None,
})  # fmt: skip
"""A row of `local_sources`: one source."""

FindingsRow = TypedDict("FindingsRow", {
    "key": str,
    "question": str | None,
    "line": str,
    "place_code": str,
    "offence_key": str | None,
    "measure": str | None,
    "period": str | None,
    "sentence": str,
    "quote": str | None,
    "value": float | None,
    "low": float | None,
    "high": float | None,
    "base": float | None,
    "unit": str | None,
    "cannot_tell": str | None,
    "assumptions": str | None,
    "source": str | None,
    "receipt": str | None,
})  # fmt: skip
"""A row of `findings`: one finding."""

MeasuresRow = TypedDict("MeasuresRow", {
    "measure": str,
    "title": str,
    "question": str | None,
    "line": str | None,
    "unit": str | None,
    "population": str | None,
    "denominator": str | None,
    "better": str,
    "why": str | None,
    "cannot_tell": str | None,
    "assumptions": str | None,
})  # fmt: skip
"""A row of `measures`: one measure."""

QuestionsRow = TypedDict("QuestionsRow", {
    "number": str,
    "line": str,
    "line_name": str,
    "text": str,
    "mode": str | None,
    "measure": str | None,
    "standard": str | None,
    "answered": str,
    "how": str | None,
    "partial_area": str | None,
    "request": str | None,
})  # fmt: skip
"""A row of `questions`: one question."""

LaterQuestionsRow = TypedDict("LaterQuestionsRow", {
    "number": str,
    "text": str,
    "why": str,
    "data_needed": str,
    "answered_by": str,
    "columns": str | None,
    "indicators": str | None,
    "case_file_questions": str | None,
    "ask_whom": str,
    "request": str,
    "cannot_tell": str,
    "evidence": str,
    "source": str,
    "address": str | None,
})  # fmt: skip
"""A row of `later_questions`: one question."""

PublishedAnswersRow = TypedDict("PublishedAnswersRow", {
    "key": str,
    "number": str,
    "place": str,
    "period": str,
    "sentence": str,
    "cannot_tell": str,
    "source": str,
    "address": str | None,
    "evidence": str,
})  # fmt: skip
"""A row of `published_answers`: one answer."""

PlacesRow = TypedDict("PlacesRow", {
    "place_code": str,
    "slug": str,
    "name": str,
    "kind": str | None,
    "country": str | None,
    "region": str | None,
    "tile_column": int | None,
    "tile_row": int | None,
    "children": int | None,
    "population": int | None,
})  # fmt: skip
"""A row of `places`: one force, organisation or country."""

OffencesRow = TypedDict("OffencesRow", {
    "offence_key": str,
    "name": str,
    "kind": str,
    "codes": str | None,
    "is_default": bool,
    "note": str | None,
})  # fmt: skip
"""A row of `offences`: one offence code, or one set of codes."""

BreaksRow = TypedDict("BreaksRow", {
    "key": str,
    "concerns": str,
    "offence_codes": str | None,
    "starts": str,
    "reason": str,
    "compare_across": str,
    "evidence": str | None,
    "source": str | None,
})  # fmt: skip
"""A row of `breaks`: one break."""

SourcesRow = TypedDict("SourcesRow", {
    "source": str,
    "title": str | None,
    "edition": str | None,
    "publisher": str | None,
    "licence": str | None,
    "period": str | None,
    "rows_taken": int | None,
    "rows_passed_on": int | None,
    "rows_set_aside": int | None,
    "sha256": str | None,
    "note": str | None,
})  # fmt: skip
"""A row of `sources`: one source file."""

ValidationErrorsRow = TypedDict("ValidationErrorsRow", {
    "source": str,
    "sheet": str | None,
    "row": int | None,
    "column": str | None,
    "rule": str,
    "what_to_do": str | None,
    "times": int,
})  # fmt: skip
"""A row of `validation_errors`: one rule that a cell or row does not meet."""
