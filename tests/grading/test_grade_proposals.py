"""A grade follows from written rules; where little is known there is none, and never one in the middle."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged import ALL_LEVELS, FORCE, FORMS, estimate_row, ladder, level_of, source_row

from assay.errors import DefinitionError
from assay.grading import concerns, proposal_reasons
from assay.grading.characteristic_levels import CharacteristicLevel
from assay.grading.force_evidence import CharacteristicEvidence, EvidenceItem, EvidenceTables
from assay.grading.force_proposals import AlternativeTables, proposal_tables, propose_grades
from assay.grading.grade_proposals import line_proposal, overall_proposal
from assay.grading.grading_rules import NOT_ENOUGH, read_rules, rules, rules_text
from assay.reference import characteristics, inspection_themes
from assay.sdc import policy

pytestmark = pytest.mark.quick

RULES = rules()
RESPONSES = [characteristic for characteristic in characteristics() if characteristic.line == "responses"]


def sure(characteristic, probability, *, outlier="", victims_source=None):
    """A characteristic that is shown in so large a share of the draws, the first of them."""
    draws = None if probability is None else np.arange(100) < 100 * probability
    items = (EvidenceItem("records", "some", "Some measure", outlier_direction=outlier),)
    return CharacteristicLevel(
        CharacteristicEvidence(FORCE, characteristic, items, victims_source or {}, ()), probability, draws=draws
    )


NO_TABLES = EvidenceTables((), (), ())


def graded(*probabilities, **more):
    sure_levels = [sure(characteristic, p, **more) for characteristic, p in zip(RESPONSES, probabilities, strict=False)]
    return line_proposal(FORCE, "responses", sure_levels, RULES)


@pytest.mark.parametrize(
    ("shown_count", "not_shown", "grade"),
    [(4, 0, "good"), (3, 1, "good"), (2, 2, "adequate"), (1, 3, "requires improvement"), (0, 4, "inadequate")],
)
def test_the_grade_is_the_share_of_characteristics_that_are_shown(shown_count, not_shown, grade):
    assert graded(*[1.0] * shown_count, *[0.0] * not_shown).grade == grade


def test_outstanding_wants_all_shown_and_a_force_that_is_an_outlier_for_the_better():
    assert graded(1.0, 1.0, 1.0).grade == "good"
    assert graded(1.0, 1.0, 1.0, outlier="better").grade == "outstanding"
    assert graded(1.0, 1.0, 1.0, outlier="worse").grade == "good"


def test_the_probability_of_a_grade_is_the_share_of_draws_that_give_it():
    # Shown in all, in all, and in 70 of 100 draws: three of three in 70 draws, two of three in 30.
    result = graded(1.0, 1.0, 0.7)
    assert result.probability["good"] == 0.70
    assert result.probability["adequate"] == 0.30
    assert sum(result.probability.values()) == pytest.approx(1)


def test_a_line_of_which_most_cannot_be_told_has_no_grade():
    result = graded(1.0, 1.0, None, None, None)
    assert (result.grade, result.why) == (NOT_ENOUGH, "Only 2 of 5 characteristics could be assessed; a grade needs 3.")
    assert graded(None, None).why == "No characteristic could be assessed."


def test_fewer_than_half_of_the_characteristics_are_no_ground_for_a_good_grade():
    assert graded(1.0, None, None).grade == NOT_ENOUGH
    assert graded(1.0, None).grade == "good"


def test_not_enough_evidence_never_stands_beside_a_probability_of_nearly_one():
    assert graded(1.0, None, None).probability == {}


def test_draws_that_fall_far_apart_are_no_grade_in_the_middle():
    # One draw in two shows everything, the other nothing: the middle would be a grade that no draw gives.
    result = graded(0.5, 0.5, 0.5, 0.5)
    assert result.grade == NOT_ENOUGH
    assert result.why == "What can be told would bear anything from good to inadequate."


@pytest.mark.parametrize("records", [0, 3, 9])
def test_a_force_with_hardly_any_data_gets_no_grade_anywhere(records):
    rows = [ladder(key, records, records // 2) for key, form in FORMS.items() if form.record != "force"]
    result = propose_grades(EvidenceTables(rows, (), ()), tuple(FORMS.values()), [FORCE], RULES)
    too_few = [proposal for proposal in result if records < 7]
    assert {proposal.grade for proposal in too_few} <= {NOT_ENOUGH}
    assert "adequate" not in {proposal.grade for proposal in result}


def test_a_force_of_which_nothing_came_gets_no_grade_and_no_probability():
    result = propose_grades(EvidenceTables((), (), ()), tuple(FORMS.values()), [FORCE], RULES)
    assert {proposal.grade for proposal in result} == {NOT_ENOUGH}
    assert {bool(proposal.probability) for proposal in result} == {False}


def test_where_nothing_came_each_line_says_what_would_tell_and_the_whole_is_short_enough_to_leave():
    rows = proposal_tables(EvidenceTables((), (), ()), tuple(FORMS.values()), [FORCE], RULES)["grades"].to_pylist()
    not_known = {row["line"]: row["not_known"] for row in rows}
    assert "It would be shown by" in not_known["responses"]
    assert "It would be shown by" not in not_known["overall"]
    assert max(map(len, not_known.values())) <= policy("record level").longest["sentence"]


def test_what_people_contradict_counts_neither_way():
    disagreement = {"victims": "disagrees"}
    levels = [
        sure(RESPONSES[0], 1.0, victims_source=disagreement),
        *(sure(response, 0.0) for response in RESPONSES[1:3]),
    ]
    assert line_proposal(FORCE, "responses", levels, RULES).known == 2


def line_made(line, *probabilities):
    line_characteristics = [characteristic for characteristic in characteristics() if characteristic.line == line]
    return line_proposal(
        FORCE,
        line,
        [
            sure(line_characteristic, p)
            for line_characteristic, p in zip(line_characteristics, probabilities, strict=True)
        ],
        RULES,
    )


def test_no_line_that_is_inadequate_lets_the_whole_be_good():
    attitudes, assessments = line_made("attitudes", 1.0, 1.0, 1.0), line_made("assessments", 1.0, 1.0, 1.0, 1.0)
    quality = line_made("data-quality", 0.0, 0.0)
    assert quality.grade == "inadequate"
    assert overall_proposal(FORCE, [attitudes, assessments], RULES).grade == "good"
    whole = overall_proposal(FORCE, [attitudes, assessments, quality], RULES)  # 7 of 9 shown: good by its share
    assert whole.grade == "requires improvement"


def test_the_whole_wants_two_lines_with_a_proposal_and_half_of_what_is_asked():
    attitudes, scale = line_made("attitudes", 1.0, 1.0, 1.0), line_made("scale", None, None)
    assert (
        overall_proposal(FORCE, [attitudes, scale], RULES).why
        == "Only 1 of 2 themes have a grade; an overall grade needs 2."
    )


@given(st.lists(st.sampled_from([0.0, 1.0]), min_size=4, max_size=7), st.integers(0, 6))
def test_a_characteristic_more_that_is_shown_never_makes_a_grade_worse(probabilities, changed_place):
    better = [1.0 if place == changed_place else probability for place, probability in enumerate(probabilities)]
    worse_place, better_place = (RULES.grade_names.index(graded(*item).grade) for item in (probabilities, better))
    assert better_place <= worse_place


def test_a_grade_on_attitudes_without_voices_says_so_and_one_with_voices_does_not():
    rows = [ladder("childs_account_recorded", 95, 5), ladder("children_also_suspects", 2, 98)]
    source_rows = [source_row(key, "victims", "cannot tell") for key in ("language", "treated_as_victims", "heard")]

    def voices(source_rows):
        result = propose_grades(EvidenceTables(rows, (), source_rows), tuple(FORMS.values()), [FORCE], RULES)
        return proposal_reasons.reason_sentences(
            next(proposal for proposal in result if proposal.line == "attitudes"), RULES, NO_TABLES
        )["voices"]

    assert voices(()) == RULES.without_voices
    assert voices(source_rows) == ""


def test_every_grade_says_that_its_probability_is_one_under_these_rules():
    reasons = proposal_reasons.reason_sentences(graded(1.0, 1.0, 0.7), RULES, NO_TABLES)["certainty"]
    assert reasons.endswith("Under these rules: good 70%, adequate 30%.")


def test_what_would_change_a_grade_is_said():
    reasons = proposal_reasons.reason_sentences(graded(1.0, 1.0, 0.0, 0.0), RULES, NO_TABLES)[
        "would_change"
    ]  # half: adequate
    assert f"The grade would be good if this were shown: {RESPONSES[2].text}" in reasons
    assert f"The grade would be requires improvement if this were not shown: {RESPONSES[0].text}" in reasons


def test_a_cause_of_concern_never_stands_without_a_recommendation():
    assert set(concerns.recommended_actions()) == set(characteristics().keys)
    bad = level_of("suspects_pursued", [ladder("named_suspect_met", 10, 90)])
    not_met_level = level_of("kept_informed", [ladder("told_of_arrest", 10, 90)])
    rows = concerns.concerns_table([bad, not_met_level], ALL_LEVELS, NO_TABLES).to_pylist()
    assert [row["kind"] for row in rows] == [concerns.ACCELERATED, concerns.CONCERN]
    assert all(row["recommendation"] and row["test"] for row in rows)


def test_a_characteristic_a_little_below_the_line_is_an_area_for_improvement():
    mixed_level = level_of("kept_informed", [ladder("told_of_arrest", 650, 350)])
    assert concerns.kind_of(mixed_level, ALL_LEVELS) == concerns.IMPROVE


def test_promising_practice_is_shown_and_better_than_the_others_predict():
    rows = [ladder("childs_account_recorded", 95, 5)]
    outlier_rows = [estimate_row("childs_account_recorded", is_outlier=True, direction="higher", q_value=0.01)]
    assert concerns.kind_of(level_of("heard", rows, outlier_rows), ALL_LEVELS) == concerns.PROMISING
    assert concerns.kind_of(level_of("heard", rows), ALL_LEVELS) == ""


def test_under_a_stricter_line_no_proposal_is_better():
    rows = [ladder(key, 80, 20) for key, form in FORMS.items() if form.record != "force" and form.better == "higher"]
    moved = proposal_tables(EvidenceTables(rows, (), ()), tuple(FORMS.values()), [FORCE], ALL_LEVELS)[
        "grade_sensitivity"
    ].to_pylist()
    strict = [row["steps"] for row in moved if row["alternative"] == "strict" and row["steps"] is not None]
    assert strict
    assert max(strict) <= 0
    assert {row["alternative"] for row in moved} == {alternative.key for alternative in RULES.alternatives}


def test_a_proposal_moves_where_other_crimes_are_counted_and_says_so():
    rows, other = ([ladder("recorded_in_24_hours", met, 100 - met), ladder("n100_on_record", met, 100 - met),
                    ladder("suspect_ethnicity_recorded", met, 100 - met)] for met in (95, 20))  # fmt: skip
    flagged = AlternativeTables("definition flagged_csa", "Only crimes that are flagged", EvidenceTables(other, (), ()))
    moved = proposal_tables(EvidenceTables(rows, (), ()), tuple(FORMS.values()), [FORCE], RULES, [flagged])[
        "grade_sensitivity"
    ].to_pylist()
    [row] = [item for item in moved if item["alternative"] == flagged.key and item["line"] == "data-quality"]
    assert (row["statement"], row["proposed"], row["otherwise"]) == (
        flagged.description,
        "good",
        "requires improvement",
    )
    assert row["steps"] == -2


def test_every_line_and_every_force_has_one_row_and_the_reasons_quote_no_count():
    rows = [ladder(key, 8017, 2003) for key in FORMS]
    result = proposal_tables(EvidenceTables(rows, (), ()), tuple(FORMS.values()), [FORCE], RULES)
    grades = result["grades"].to_pylist()
    assert [row["line"] for row in grades] == [*inspection_themes().keys, "overall"]
    text = " ".join(row[name] for row in grades for name in ("speaks_for", "speaks_against", "not_known"))
    assert "8017" not in text
    assert "2003" not in text
    assert len(result["characteristic_states"]) == len(characteristics().keys)


@pytest.mark.parametrize(
    ("old", "new"),
    [('name = "good"\nleast = 0.75', 'name = "good"\nleast = 0.4'), ("shown_from = 0.80", "shown_from = 0.10"),
     ('capped = "requires improvement"', 'capped = "fair"'), ('key = "strict"', 'key = "strict"\nlien = 1'),
     ('strands_counted = ["files"]', 'strands_counted = ["rumours"]')],
)  # fmt: skip
def test_rules_that_contradict_themselves_are_refused(old, new):
    assert old in rules_text()
    with pytest.raises(DefinitionError):
        read_rules(rules_text().replace(old, new, 1))


def test_an_alternative_changes_only_what_it_names():
    strict = RULES.with_alternative(
        next(alternative for alternative in RULES.alternatives if alternative.key == "strict")
    )
    assert strict == replace(RULES, line=0.85)
