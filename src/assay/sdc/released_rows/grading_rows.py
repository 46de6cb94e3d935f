"""Rows of the tables of case files, hidden victims, grades and lessons.

Written by `scripts/row_types.py` from `tables.toml`; change the declaration, not this file.
"""

from typing import TypedDict

CaseSamplesRow = TypedDict("CaseSamplesRow", {
    "sample": str,
    "question_set": str,
    "title": str,
    "question_set_title": str,
    "subject": str,
    "records": int | None,
    "sampled_files": int | None,
    "marked": int | None,
    "not_found": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `case_samples`: one sample of files, one question set."""

CaseQuestionsRow = TypedDict("CaseQuestionsRow", {
    "sample": str,
    "question_set": str,
    "question": str,
    "place": int,
    "text": str,
    "stage": str,
    "asks": str | None,
    "best": str,
    "read_twice": int | None,
    "agreement": float | None,
    "agreement_low": float | None,
    "agreement_high": float | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `case_questions`: one question of one sample."""

CaseFilesRow = TypedDict("CaseFilesRow", {
    "sample": str,
    "question_set": str,
    "question": str,
    "place_code": str,
    "answered": int | None,
    "met": int | None,
    "unmet": int | None,
    "share": float | None,
    "low": float | None,
    "high": float | None,
    "unweighted_share_lowest": float | None,
    "unweighted_share_highest": float | None,
    "why": str | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `case_files`: one question of one sample, one place."""

CharacteristicsRow = TypedDict("CharacteristicsRow", {
    "characteristic": str,
    "line": str,
    "text": str,
    "questions": str,
    "place": int,
})  # fmt: skip
"""A row of `characteristics`: one characteristic of a force that responds well."""

SourceVerdictsRow = TypedDict("SourceVerdictsRow", {
    "place_code": str,
    "characteristic": str,
    "evidence_source": str,
    "verdict": str,
    "evidence_keys": str | None,
    "answered": int | None,
    "too_few": bool,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `source_verdicts`: one source of evidence on one characteristic of good in one place."""

HiddenVictimsRow = TypedDict("HiddenVictimsRow", {
    "place_code": str,
    "window_from": str,
    "window_to": str,
    "year": int | None,
    "made_of": str | None,
    "linkage": str | None,
    "definition": str | None,
    "definition_text": str | None,
    "lists": int,
    "known_to_police": int | None,
    "police_only": int | None,
    "both_lists": int | None,
    "known_to_partners": int | None,
    "partners_only": int | None,
    "on_any": int | None,
    "verdict": str,
    "low": float | None,
    "high": float | None,
    "refusal": str | None,
    "ask_for": str | None,
    "fold": float | None,
    "methods": int | None,
    "leaning": str | None,
    "linkage_share": str | None,
    "places": int | None,
    "places_estimated": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `hidden_victims`: one place, one year or other period."""

HiddenVictimsListsRow = TypedDict("HiddenVictimsListsRow", {
    "place_code": str,
    "window_from": str,
    "list_key": str,
    "name": str,
    "holder": str,
    "children": int | None,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `hidden_victims_lists`: one place, one year or other period, one list."""

HiddenVictimsPairsRow = TypedDict("HiddenVictimsPairsRow", {
    "place_code": str,
    "window_from": str,
    "first": str,
    "second": str,
    "both_lists": int | None,
    "sign": str,
    "reason": str,
    "suppressed_cells": str | None,
})  # fmt: skip
"""A row of `hidden_victims_pairs`: one place, one year or other period, two lists."""

HiddenVictimsChangesRow = TypedDict("HiddenVictimsChangesRow", {
    "place_code": str,
    "earlier_from": str,
    "later_from": str,
    "direction": str,
    "probability_fewer": float | None,
    "low": float | None,
    "high": float | None,
    "refusal": str | None,
})  # fmt: skip
"""A row of `hidden_victims_changes`: one place, two years."""

GradesRow = TypedDict("GradesRow", {
    "place_code": str,
    "line": str,
    "proposed": str,
    "why_none": str | None,
    "probability": float | None,
    "known": int,
    "characteristics": int,
    "expected_share": float | None,
    "speaks_for": str | None,
    "speaks_against": str | None,
    "would_change": str | None,
    "not_known": str | None,
    "voices": str | None,
    "certainty": str | None,
    "decided": str | None,
    "decided_why": str | None,
    "decided_on": str | None,
    "decided_upon": str | None,
})  # fmt: skip
"""A row of `grades`: one police force, one inspection theme or overall."""

GradeChancesRow = TypedDict("GradeChancesRow", {
    "place_code": str,
    "line": str,
    "grade": str,
    "place": int,
    "probability": float,
})  # fmt: skip
"""A row of `grade_chances`: one police force, one inspection theme or overall, one grade."""

CharacteristicStatesRow = TypedDict("CharacteristicStatesRow", {
    "place_code": str,
    "characteristic": str,
    "state": str,
    "probability": float | None,
    "probability_lowest": float | None,
    "probability_highest": float | None,
    "evidence_keys": str | None,
    "outlier_indicators": str | None,
    "contradicted_by": str | None,
    "not_asked": str | None,
})  # fmt: skip
"""A row of `characteristic_states`: one police force, one characteristic of good."""

EvidenceRow = TypedDict("EvidenceRow", {
    "place_code": str,
    "characteristic": str,
    "kind": str,
    "key": str,
    "direction": str,
    "counts": str | None,
    "not_counted": str | None,
    "alert": str | None,
    "figure": str,
})  # fmt: skip
"""A row of `evidence`: one police force, one characteristic of good, one piece of evidence."""

ConcernsRow = TypedDict("ConcernsRow", {
    "place_code": str,
    "characteristic": str,
    "kind": str,
    "statement": str,
    "recommendation": str | None,
    "test": str | None,
    "evidence_keys": str | None,
    "rank": int | None,
})  # fmt: skip
"""A row of `concerns`: one police force or all forces together, one characteristic of good."""

GradeSensitivityRow = TypedDict("GradeSensitivityRow", {
    "place_code": str,
    "line": str,
    "alternative": str,
    "statement": str,
    "proposed": str,
    "otherwise": str,
    "steps": int | None,
})  # fmt: skip
"""A row of `grade_sensitivity`: one police force, one inspection theme or overall, one alternative."""

GradeRulesRow = TypedDict("GradeRulesRow", {
    "place": int,
    "subject": str,
    "rule": str,
})  # fmt: skip
"""A row of `grade_rules`: one rule."""

LessonsRegisterRow = TypedDict("LessonsRegisterRow", {
    "recommendation": str,
    "report": str,
    "number": str,
    "owner": str | None,
    "owed_by": str,
    "text": str,
    "deadline": str | None,
    "last_status": str,
    "last_status_on": str | None,
    "test": str,
    "source": str,
    "text_read": bool,
    "place": int,
})  # fmt: skip
"""A row of `lessons_register`: one past recommendation."""

LessonsAppliedRow = TypedDict("LessonsAppliedRow", {
    "place_code": str,
    "recommendation": str,
    "status": str,
    "why": str,
    "evidence_keys": str | None,
    "claimed_status": str | None,
    "statement_date": str | None,
    "comparison": str | None,
})  # fmt: skip
"""A row of `lessons_applied`: one police force, one past recommendation."""

ClaimTestsRow = TypedDict("ClaimTestsRow", {
    "place_code": str,
    "number": int,
    "subject": str,
    "key": str | None,
    "statement": str,
    "evidence": str,
    "verdict": str,
    "statement_date": str | None,
    "probability": float | None,
    "difference": float | None,
    "difference_low": float | None,
    "difference_high": float | None,
})  # fmt: skip
"""A row of `claim_tests`: one police force, one statement."""

PracticeChangePointsRow = TypedDict("PracticeChangePointsRow", {
    "place_code": str,
    "indicator": str,
    "changed": str,
    "way": str | None,
    "why": str | None,
})  # fmt: skip
"""A row of `practice_change_points`: one police force, one indicator."""

PlanEditionsRow = TypedDict("PlanEditionsRow", {
    "edition": int,
    "sealed_on": str,
    "hash": str,
    "items": int,
    "returns_before": int,
    "notice_on": str | None,
    "reason": str | None,
})  # fmt: skip
"""A row of `plan_editions`: one edition of the plan."""

PlanChangesRow = TypedDict("PlanChangesRow", {
    "edition": str,
    "part": str,
    "item": str,
    "change": str,
    "changed_on": str | None,
    "reason": str | None,
    "moved": str,
})  # fmt: skip
"""A row of `plan_changes`: one item that changed after registration."""

AccuracyRow = TypedDict("AccuracyRow", {
    "place_code": str,
    "points": int,
    "accepted": int,
    "disputed": int,
    "not_answered": int,
})  # fmt: skip
"""A row of `accuracy`: one police force that answered."""

RevisitsRow = TypedDict("RevisitsRow", {
    "key": str,
    "place_code": str,
    "characteristic": str,
    "text": str,
    "test": str,
    "asked_on": str,
    "revisit_on": str,
    "reply": str,
    "verdict": str,
    "why": str,
    "probability_better": float | None,
    "change": float | None,
    "change_low": float | None,
    "change_high": float | None,
})  # fmt: skip
"""A row of `revisits`: one recommendation of an earlier inspection."""

AssumptionsRow = TypedDict("AssumptionsRow", {
    "assumption": str,
    "topic": str,
    "text": str,
    "quality": str,
    "impact": str,
    "checked_by": str,
})  # fmt: skip
"""A row of `assumptions`: one assumption."""

QualityLogRow = TypedDict("QualityLogRow", {
    "place": int,
    "check": str,
    "found": str,
})  # fmt: skip
"""A row of `quality_log`: one check."""

SealedGradesRow = TypedDict("SealedGradesRow", {
    "place_code": str,
    "line": str,
    "sealed": str,
    "proposed": str,
})  # fmt: skip
"""A row of `sealed_grades`: one police force, one inspection theme or overall; no rows if these rules are in
use."""
