"""Rows of the tables of voices, disparities, suspects, risk tiers and texts.

Written by `scripts/row_types.py` from `tables.toml`; change the declaration, not this file.
"""

from typing import TypedDict

VoiceCollectionsRow = TypedDict("VoiceCollectionsRow", {
    "place_code": str,
    "voice": str,
    "kind": str,
    "asked_of": str,
    "how_asked": str,
    "selection_method": str,
    "people_asked": int | None,
    "answered": int | None,
    "consent": str,
    "not_reached": str,
    "began_on": str,
    "ended_on": str,
    "too_few": bool,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `voice_collections`: one consultation in one place: a survey, a round of conversations, or the
figures of a service or organisation."""

VoiceAnswerCountsRow = TypedDict("VoiceAnswerCountsRow", {
    "place_code": str,
    "voice": str,
    "question_key": str,
    "option": str,
    "place": int,
    "line": str,
    "question": str,
    "people": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `voice_answer_counts`: one option of one question of one consultation."""

VoiceThemeCountsRow = TypedDict("VoiceThemeCountsRow", {
    "place_code": str,
    "voice": str,
    "line": str,
    "theme": str,
    "theme_words": str,
    "people": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `voice_theme_counts`: one theme of one consultation."""

PublishedQuotationsRow = TypedDict("PublishedQuotationsRow", {
    "line": str,
    "quote": str,
    "text": str,
    "consent": str,
    "redacted": str,
})  # fmt: skip
"""A row of `published_quotations`: one redacted quotation, with consent and without its place."""

AdvocateSupportRow = TypedDict("AdvocateSupportRow", {
    "place_code": str,
    "voice": str,
    "quarter": str,
    "offered": int | None,
    "taken_up": int | None,
    "declined": int | None,
    "no_answer": int | None,
    "median_wait_days": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `advocate_support`: one quarter of one service in one place."""

VoiceComplaintsRow = TypedDict("VoiceComplaintsRow", {
    "place_code": str,
    "voice": str,
    "quarter": str,
    "kind": str,
    "line": str,
    "received": int | None,
    "answered_in_time": int | None,
    "upheld": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `voice_complaints`: one quarter and one kind, in one place."""

DisparitiesRow = TypedDict("DisparitiesRow", {
    "indicator": str,
    "side": str,
    "characteristic": str,
    "people": str,
    "met": int | None,
    "not_met": int | None,
    "base": int | None,
    "not_known": int | None,
    "share": float | None,
    "points": float | None,
    "points_low": float | None,
    "points_high": float | None,
    "points_least": float | None,
    "points_most": float | None,
    "q_value": float | None,
    "verdict": str,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `disparities`: one indicator, victims or suspects, one characteristic, one group, all organisations
together."""

WaitDisparitiesRow = TypedDict("WaitDisparitiesRow", {
    "wait": str,
    "side": str,
    "characteristic": str,
    "people": str,
    "records": int | None,
    "ended": int | None,
    "ended_otherwise": int | None,
    "still_waiting": int | None,
    "median_days": float | None,
    "median_low": float | None,
    "median_high": float | None,
    "sooner": bool | None,
    "q_value": float | None,
    "verdict": str,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `wait_disparities`: one wait, victims or suspects, one characteristic, one group, all organisations
together."""

WithoutBreakdownRow = TypedDict("WithoutBreakdownRow", {
    "form": str,
    "reason": str,
})  # fmt: skip
"""A row of `without_breakdown`: one indicator or wait."""

SuspectsByAgeRow = TypedDict("SuspectsByAgeRow", {
    "place_code": str,
    "definition": str,
    "age_group": str,
    "suspects": int | None,
    "known_victims": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `suspects_by_age`: one place, one definition, one age group."""

SuspectsByCharacteristicRow = TypedDict("SuspectsByCharacteristicRow", {
    "place_code": str,
    "definition": str,
    "age_group": str,
    "characteristic": str,
    "people": str,
    "suspects": int | None,
    "known_victims": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `suspects_by_characteristic`: one place, one definition, one age group, one characteristic, one
group."""

PersonRecordsRow = TypedDict("PersonRecordsRow", {
    "role": str,
    "place_code": str,
    "month": str,
    "people": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `person_records`: one role, one place, one month."""

FieldCompletenessRow = TypedDict("FieldCompletenessRow", {
    "role": str,
    "field": str,
    "place_code": str,
    "month": str,
    "state": str,
    "people": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `field_completeness`: one role, one field, one place, one month, one state."""

TiersRow = TypedDict("TiersRow", {
    "tool": str,
    "split": str,
    "people": str,
    "tier": str,
    "harmed": int | None,
    "not_harmed": int | None,
    "share": float | None,
    "share_low": float | None,
    "share_high": float | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `tiers`: one tool, one breakdown, one group, one tier."""

TierOrderRow = TypedDict("TierOrderRow", {
    "tool": str,
    "split": str,
    "people": str,
    "harmed": int | None,
    "not_harmed": int | None,
    "in_100_pairs": float | None,
    "low": float | None,
    "high": float | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `tier_order`: one tool, one breakdown, one group."""

ApproachAssociationsRow = TypedDict("ApproachAssociationsRow", {
    "approach": str | None,
    "indicator": str | None,
    "look": str | None,
    "forces_with": int | None,
    "forces_without": int | None,
    "forces_changed": int | None,
    "points": float | None,
    "points_low": float | None,
    "points_high": float | None,
    "q_value": float | None,
    "e_value": float | None,
    "cases_with": float | None,
    "cases_without": float | None,
    "sentence": str,
})  # fmt: skip
"""A row of `approach_associations`: one way of working, one indicator, one type of comparison."""

ProblemProfileChecksRow = TypedDict("ProblemProfileChecksRow", {
    "place_code": str,
    "age_days": int | None,
    "months_of_data": float | None,
    "crimes_claimed": int | None,
    "crimes_lowest": int | None,
    "crimes_highest": int | None,
    "children_claimed": int | None,
    "children_lowest": int | None,
    "children_highest": int | None,
    "suspects_claimed": int | None,
    "suspects_lowest": int | None,
    "suspects_highest": int | None,
    "crimes_outside": float | None,
    "children_outside": float | None,
    "suspects_outside": float | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `problem_profile_checks`: one force, its latest problem profile."""

StratifiedComparisonsRow = TypedDict("StratifiedComparisonsRow", {
    "sorted_by": str,
    "indicator": str,
    "met": int | None,
    "not_met": int | None,
    "others_met": int | None,
    "others_not_met": int | None,
    "not_known": int | None,
    "forces": int | None,
    "plain_points": float | None,
    "points": float | None,
    "points_low": float | None,
    "points_high": float | None,
    "q_value": float | None,
    "e_value": float | None,
    "sentence": str,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `stratified_comparisons`: one indicator, one exposure (specialist team, or several suspects), all
organisations together."""

MissingCaseStepsRow = TypedDict("MissingCaseStepsRow", {
    "step": str,
    "place_code": str,
    "title": str,
    "cases": int | None,
    "lacking": int | None,
    "recorded": int | None,
    "not_owed": int | None,
    "not_known": int | None,
    "share": float | None,
    "share_low": float | None,
    "share_high": float | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `missing_case_steps`: one step, one place."""

NextCaseStepsRow = TypedDict("NextCaseStepsRow", {
    "count": str,
    "definition": str,
    "next_step": str | None,
    "step_title": str,
    "next_title": str,
    "next_is": str,
    "cases": int | None,
    "median_days": float | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `next_case_steps`: one step, one type of transition, one next step, all organisations together."""

CaseStepSequencesRow = TypedDict("CaseStepSequencesRow", {
    "way": str,
    "steps": str,
    "records": int | None,
    "half_year": float | None,
    "half_year_low": float | None,
    "half_year_high": float | None,
    "year": float | None,
    "year_low": float | None,
    "year_high": float | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `case_step_sequences`: one sequence of steps from report to closing, all organisations together."""

TextCoverageRow = TypedDict("TextCoverageRow", {
    "place_code": str,
    "table_name": str,
    "texts": int | None,
    "read": int | None,
    "not_sent": int | None,
    "empty": int | None,
    "welsh": int | None,
    "other_language": int | None,
    "image": int | None,
    "audio_or_video": int | None,
    "withheld": int | None,
    "too_long": int | None,
    "not_declared": int | None,
    "authors": int | None,
    "words_thousands": float | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `text_coverage`: one place, one table of texts."""

BlamingLanguageRatesRow = TypedDict("BlamingLanguageRatesRow", {
    "measure": str,
    "place_code": str,
    "part_of": str,
    "part": str | None,
    "marked": int | None,
    "authors": int | None,
    "teams": int | None,
    "per_1000": float | None,
    "per_1000_low": float | None,
    "per_1000_high": float | None,
    "unread_share": float | None,
    "why": str | None,
    "outlier_alert": bool | None,
    "direction": str | None,
    "not_comparable": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `blaming_language_rates`: one measure, one place, one breakdown, one group of entries."""

UnflaggedExploitationRatesRow = TypedDict("UnflaggedExploitationRatesRow", {
    "place_code": str,
    "marked": int | None,
    "unflagged": float | None,
    "unflagged_low": float | None,
    "unflagged_high": float | None,
    "sensitivity": float | None,
    "sensitivity_low": float | None,
    "sensitivity_high": float | None,
    "specificity": float | None,
    "specificity_low": float | None,
    "specificity_high": float | None,
    "precision": float | None,
    "precision_low": float | None,
    "precision_high": float | None,
    "unread_share": float | None,
    "why": str | None,
    "outlier_alert": bool | None,
    "direction": str | None,
    "specificity_outlier_alert": bool | None,
    "specificity_direction": str | None,
    "not_comparable": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `unflagged_exploitation_rates`: one place."""
