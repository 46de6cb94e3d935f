"""A force that applies no past recommendations is not good, even if no other force applies them."""

from dataclasses import replace

import pytest
from judged import FORCE, evidence_tables, source_row

from assay.grading.characteristic_levels import characteristic_level
from assay.grading.force_evidence import FEW_APPLIED, LESSONS, READ_IN_COPY, characteristic_evidence
from assay.grading.grade_proposals import line_proposal
from assay.grading.grading_rules import NOT_ENOUGH, rules
from assay.grading.proposal_reasons import reason_sentences
from assay.reference import characteristics, recommendations

APPLIED, PARTLY, NOT_APPLIED = "applied", "partly", "not applied"
FORCES = tuple(f"INV{number:02}" for number in range(1, 21))


READ = tuple(item.key for item in recommendations() if item.evidence == "seen")
READ_AS_COPY = tuple(item.key for item in recommendations() if item.evidence == "seen-secondary")


def lesson_rows(statuses_by_force, keys):
    return [
        {"place_code": place, "recommendation": key, "status": status}
        for place, statuses in statuses_by_force.items()
        for key, status in zip(keys, statuses, strict=False)
    ]


def lessons_theme(own_statuses, other_forces, sources=(), used_rules=None, keys=READ):
    """The proposal on past recommendations of one force, and its reasons."""
    used = used_rules or rules()
    statuses = {place: own_statuses if place == FORCE else other_forces for place in FORCES}
    tables = evidence_tables(lessons=lesson_rows(statuses, keys), sources=sources)
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


@pytest.mark.parametrize("status", [APPLIED, NOT_APPLIED])
def test_recommendations_that_were_read_only_in_a_copy_are_shown_and_grade_no_force(status):
    """8 of 8 applied, or none of 8, beside forces that apply half: without their text neither is a grade."""
    proposal, _ = lessons_theme([status] * 8, [APPLIED, NOT_APPLIED] * 4, keys=READ_AS_COPY)
    assert proposal.grade == NOT_ENOUGH
    [item] = [i for level in proposal.levels for i in level.evidence.other_items if i.key == LESSONS]
    assert (item.met, item.not_met) == ((8, 0) if status == APPLIED else (0, 8))
    assert item.not_counted == READ_IN_COPY


def test_two_recommendations_that_were_read_are_too_few_however_many_were_read_in_a_copy():
    keys = (*READ[:2], *READ_AS_COPY[:6])
    assert lessons_theme([APPLIED] * 8, [NOT_APPLIED] * 8, keys=keys)[0].grade == NOT_ENOUGH


def test_only_the_recommendations_that_were_read_are_counted():
    """4 read, of which 1 applied; 4 read in a copy, all applied: 1 of 4."""
    keys = (*READ[:4], *READ_AS_COPY[:4])
    statuses = [APPLIED] + [NOT_APPLIED] * 3 + [APPLIED] * 4
    proposal, _ = lessons_theme(statuses, [APPLIED] * 8, keys=keys)
    [item] = [i for level in proposal.levels for i in level.evidence.items if i.key == LESSONS]
    assert (item.met, item.not_met) == (1, 3)
