"""A force that applies no past recommendations is not good, even if no other force applies them."""

from dataclasses import replace

import pytest
from judged import FORCE, evidence_tables, source_row

from assay.grading.characteristic_levels import characteristic_level
from assay.grading.force_evidence import FEW_APPLIED, LESSONS, characteristic_evidence
from assay.grading.grade_proposals import line_proposal
from assay.grading.grading_rules import NOT_ENOUGH, rules
from assay.grading.proposal_reasons import reason_sentences
from assay.reference import characteristics

APPLIED, PARTLY, NOT_APPLIED = "applied", "partly", "not applied"
FORCES = tuple(f"INV{number:02}" for number in range(1, 21))


def lesson_rows(statuses_by_force):
    return [
        {"place_code": place, "status": status} for place, statuses in statuses_by_force.items() for status in statuses
    ]


def lessons_theme(own_statuses, other_forces, sources=(), used_rules=None):
    """The proposal on past recommendations of one force, and its reasons."""
    used = used_rules or rules()
    statuses = {place: own_statuses if place == FORCE else other_forces for place in FORCES}
    tables = evidence_tables(lessons=lesson_rows(statuses), sources=sources)
    levels = [
        characteristic_level(characteristic_evidence(tables, (), item, FORCE, used), used)
        for item in characteristics()
        if item.line == "lessons"
    ]
    proposal = line_proposal(FORCE, "lessons", levels, used)
    return proposal, reason_sentences(proposal, used, tables)


def test_where_no_force_applies_any_recommendation_no_force_is_good():
    """Of 8 recommendations 2 are applied in part: 1 of 8, which is 12%, in every force."""
    statuses = [PARTLY] * 2 + [NOT_APPLIED] * 6
    proposal, reasons = lessons_theme(statuses, statuses)
    assert (proposal.grade, proposal.known) == (NOT_ENOUGH, 0)
    assert reasons["speaks_for"] == ""
    assert "12% of 8, a part counted as half" in reasons["not_known"]
    [item] = [i for level in proposal.levels for i in level.evidence.other_items if i.key == LESSONS]
    assert item.not_counted == FEW_APPLIED


def test_a_force_that_applies_all_but_one_recommendation_can_be_good():
    """7 of 8 are 88%, above the 75% that the rules ask for."""
    statuses = [APPLIED] * 7 + [NOT_APPLIED]
    assert lessons_theme(statuses, statuses)[0].grade == "good"


def test_a_force_that_is_worse_than_the_others_is_still_worse():
    """None of 9 is applied; each of the 19 other forces applies 6 of 9."""
    proposal, reasons = lessons_theme([NOT_APPLIED] * 9, [APPLIED] * 6 + [NOT_APPLIED] * 3)
    assert proposal.grade == "requires improvement"
    assert reasons["speaks_against"]


def test_case_files_that_agree_do_not_make_a_theme_good_where_few_recommendations_are_applied():
    statuses = [PARTLY] * 2 + [NOT_APPLIED] * 6
    agree = [source_row("lessons_applied", "files", "agrees")]
    assert lessons_theme(statuses, statuses, agree)[0].grade == "adequate"


@pytest.mark.parametrize(("share", "grade"), [(0.0, "good"), (0.75, NOT_ENOUGH)])
def test_rules_that_were_sealed_without_the_limit_grade_as_before(share, grade):
    statuses = [PARTLY] * 2 + [NOT_APPLIED] * 6
    assert lessons_theme(statuses, statuses, used_rules=replace(rules(), lessons_from=share))[0].grade == grade
