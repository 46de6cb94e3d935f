"""One collection of evidence: what counts, what does not and why, and what a grade may never be beside."""

from dataclasses import replace

import pyarrow as pa
import pytest
from judged import FORCE, FORMS, claim, combined_test, estimate_row, evidence_tables, ladder, level_of, source_row

from assay.grading import concerns, force_evidence
from assay.grading.coherence import READ, contradictions
from assay.grading.evidence_sentences import characteristic_wordings, figure_sentence
from assay.grading.force_proposals import proposal_tables
from assay.grading.grading_rules import NOT_ENOUGH, read_rules, rules
from assay.reference import characteristics

RULES = rules()
OTHER_FORCES = tuple(f"INV{number:02d}" for number in range(2, 9))
OWN_MEASURE, DUTY = "named_suspect_charged", "recorded_in_24_hours"
"""A measure without a standard in law, and one with."""


def spread(indicator, overall, between_sd=0.05):
    """One row of `indicator_spread`."""
    return {"indicator": indicator, "overall": overall, "between_force_sd": between_sd}


def proposed(tables, places=(FORCE,), used_rules=RULES):
    """The tables of proposals, as lists of rows."""
    return {name: table.to_pylist() for name, table in proposal_tables(
        tables, tuple(FORMS.values()), list(places), used_rules).items()}  # fmt: skip


def grade_of(found, line, place=FORCE):
    """The proposed grade of one theme."""
    return next(row["proposed"] for row in found["grades"] if (row["place_code"], row["line"]) == (place, line))


def released(found, ladders=(), estimates=(), tests=()):
    """The tables that the gate reads."""
    full = {"share_highest": None, "when_reported": "all"}
    rows = {**found, "ladders": [full | row for row in ladders], "force_estimates": list(estimates),
            "combined_tests": list(tests)}  # fmt: skip
    return {name: pa.Table.from_pylist(rows[name]) if rows[name] else pa.table({}) for name in READ}


def test_a_level_without_a_standard_never_grades_and_makes_no_concern():
    # 14% of suspects are charged here and in every other force, and no law says how many should be.
    rows = [ladder(OWN_MEASURE, 14, 86, share=0.14)]
    level = level_of("suspects_pursued", rows, rules=RULES, spread=[spread(OWN_MEASURE, 0.14)])
    assert level.state(RULES) == "shown"
    assert concerns.kind_of(level, RULES) == ""
    single_level = level_of("suspects_pursued", rows, rules=RULES)
    assert single_level.probability is None
    assert force_evidence.NOT_COMPARED in {item.not_counted for item in single_level.evidence.other_items}


def test_a_standard_in_law_that_every_force_breaks_excuses_none():
    rows = [ladder(DUTY, 22, 78, share=0.22)]
    level = level_of("recorded_rightly", rows, rules=RULES, spread=[spread(DUTY, 0.22)])
    assert level.state(RULES) == "not shown"
    found = proposed(evidence_tables(rows, spread=[spread(DUTY, 0.22)]))
    assert grade_of(found, "data-quality") == "requires improvement"


def test_a_share_far_below_the_others_is_not_shown_although_no_alert_was_raised():
    rows = [ladder(OWN_MEASURE, 3, 57, share=0.05)]
    level = level_of("suspects_pursued", rows, rules=RULES, spread=[spread(OWN_MEASURE, 0.60)])
    assert level.state(RULES) == "not shown"
    [item] = level.evidence.items
    assert item.direction == "against"


def test_a_piece_against_a_force_names_the_standard_only_if_its_level_misses_it():
    # 90% where the others have 98% is worse than them and keeps the standard; 40% where they have 45% misses it as they do.
    ways = {}
    for share, overall, between_sd in ((0.90, 0.98, 0.005), (0.40, 0.45, 0.05)):
        rows = [ladder(DUTY, 200 * share, 200 * (1 - share), share=share)]
        found = proposed(evidence_tables(rows, spread=[spread(DUTY, overall, between_sd)]))
        row = next(row for row in found["evidence"] if row["key"] == DUTY)
        ways[share] = row["direction"], row["counts"]
    assert ways == {0.90: ("against", "comparison"), 0.40: ("against", "standard and comparison")}


def test_many_compared_measures_of_a_force_like_the_others_do_not_make_it_worse():
    keys = ("victim_sex_recorded", "victim_ethnicity_self_recorded", "victim_disability_recorded",
            "victim_care_status_recorded", "suspect_sex_recorded", "suspect_ethnicity_recorded")  # fmt: skip
    rows, spreads = [ladder(key, 70, 30) for key in keys], [spread(key, 0.70) for key in keys]
    assert level_of("people_recorded", rows, rules=RULES, spread=spreads).state(RULES) == "shown"


def test_an_alert_of_one_measure_caps_the_theme_however_much_else_is_shown():
    keys = ("suspect_met_before_closing", "reviewed_before_closing", "missing_graded_low", OWN_MEASURE)
    rows = [ladder(key, 10 if FORMS[key].better == "lower" else 90, 90 if FORMS[key].better == "lower" else 10)
            for key in keys] + [ladder("told_of_arrest", 95, 5)]  # fmt: skip
    spreads = [spread(row["indicator"], row["met"] / 100) for row in rows]
    assert grade_of(proposed(evidence_tables(rows, spread=spreads)), "responses") == "good"
    alert = [estimate_row(OWN_MEASURE, is_outlier=True, direction="lower", q_value=0.01)]
    found = proposed(evidence_tables(rows, alert, spread=spreads))
    assert grade_of(found, "responses") == "requires improvement"
    assert (
        "Suspects are not pursued"
        in next(row for row in found["grades"] if row["line"] == "responses")["speaks_against"]
    )


def test_an_alert_that_is_probably_false_does_not_cap():
    rows, spreads = [ladder(OWN_MEASURE, 90, 10), ladder("told_of_arrest", 95, 5)], [spread(OWN_MEASURE, 0.9)]
    doubtful = [estimate_row(OWN_MEASURE, is_outlier=True, direction="lower", q_value=0.8)]
    found = proposed(evidence_tables(rows, doubtful, spread=spreads))
    probabilities = {row["grade"]: row["probability"] for row in found["grade_chances"] if row["line"] == "responses"}
    assert sum(probabilities.get(grade, 0) for grade in ("requires improvement", "inadequate")) < 0.3


def test_an_alert_of_a_combined_test_grades_a_theme_on_which_nothing_else_is_known():
    found = proposed(evidence_tables(tests=[combined_test("F2")]))
    assert grade_of(found, "data-quality") == "requires improvement"
    assert grade_of(found, "scale") == NOT_ENOUGH
    [row] = [row for row in found["evidence"] if row["key"] == "F2"]
    assert (row["direction"], row["counts"], row["alert"]) == ("against", "alert", "worse")


def test_one_failing_alone_is_not_inadequate_and_two_are():
    single = proposed(evidence_tables(tests=[combined_test("F2")]))
    double = proposed(evidence_tables(tests=[combined_test("F2"), combined_test("F5")]))
    assert grade_of(single, "data-quality") == "requires improvement"
    assert grade_of(double, "data-quality") == "inadequate"


def test_each_characteristic_has_two_wordings_and_each_carries_its_figure():
    assert set(characteristic_wordings()) == set(characteristics().keys)
    assert all(words.met != words.not_met for words in characteristic_wordings().values())
    rows = [ladder(DUTY, 10, 35, share=0.22)]
    estimates = [estimate_row(DUTY, is_outlier=True, direction="lower", q_value=0.001, base=45, expected=0.86)]
    found = proposed(evidence_tables(rows, estimates, spread=[spread(DUTY, 0.85)]))
    reasons_against = next(row for row in found["grades"] if row["line"] == "data-quality")["speaks_against"]
    assert reasons_against.startswith("Failing: Crimes are recorded late")
    assert "Recorded within 24 hours: 22% of 45 crimes; the other forces: 86%" in reasons_against


def test_what_only_the_comparison_shows_is_said_to_be_like_the_others_and_not_to_be_met():
    # 43% of harm is called harm here and 47% elsewhere: nobody has set how much should be.
    rows = [ladder("harm_called_harm", 43, 57, share=0.43)]
    found = proposed(evidence_tables(rows, spread=[spread("harm_called_harm", 0.47)]))
    row = next(row for row in found["grades"] if row["line"] == "overall")
    assert row["speaks_for"].startswith("Not worse than the other forces: Harm is called harm")
    assert [row["figure"].partition(":")[0] for row in found["evidence"] if row["counts"]] == [
        "Not worse than the other forces"
    ]
    duty = proposed(evidence_tables([ladder(DUTY, 95, 5, share=0.95)]))
    assert next(row for row in duty["grades"] if row["line"] == "overall")["speaks_for"].startswith("Met: Crimes")


def test_a_share_that_is_not_released_is_not_printed():
    rows = [ladder(DUTY, None, 95, suppressed_cells="met share", share=None)]
    [item] = level_of("recorded_rightly", rows, rules=RULES).evidence.items
    tables = evidence_tables(rows)
    assert "too few records for a share to be shown" in figure_sentence(item, tables)


@pytest.mark.parametrize(("line", "tests"), [("data-quality", "F5"), ("attitudes", "F11"), ("assessments", "F8")])
def test_nothing_is_listed_for_a_force_that_an_alert_speaks_against(line, tests):
    rows = [ladder(key, 5 if form.better == "lower" else 95, 95 if form.better == "lower" else 5)
            for key, form in FORMS.items() if form.record != "force"]  # fmt: skip
    spreads = [spread(row["indicator"], row["met"] / 100) for row in rows]
    found = proposed(evidence_tables(rows, spread=spreads, tests=[combined_test(tests)]))
    row = next(row for row in found["grades"] if row["line"] == line)
    denied = next(item for item in found["evidence"] if item["key"] == tests)["characteristic"]
    assert characteristic_wordings()[denied].met not in row["speaks_for"]
    assert characteristic_wordings()[denied].not_met in row["speaks_against"]
    assert denied in {row["characteristic"] for row in found["concerns"]}


def test_a_standard_that_most_forces_miss_is_one_national_problem_and_no_concern_of_each():
    places = (FORCE, *OTHER_FORCES)
    rows = [ladder("told_of_arrest", 20, 80, place=place, share=0.2) for place in places]
    found = proposed(evidence_tables(rows, spread=[spread("told_of_arrest", 0.2)]), places)
    assert [(row["place_code"], row["kind"]) for row in found["concerns"]] == [("ALL", "national problem")]
    assert "missed in 8 of the 8 forces tested" in found["concerns"][0]["statement"]
    assert {grade_of(found, "responses", place) for place in places} == {"requires improvement"}


def test_a_breach_that_most_forces_share_makes_no_cause_of_concern_of_a_lesser_one_beside_it():
    places = (FORCE, *OTHER_FORCES)
    rows = [ladder("told_of_arrest", 20, 80, place=place, share=0.2) for place in places]
    rows.append(ladder("told_of_bail", 66, 34, share=0.66))
    found = proposed(evidence_tables(rows), places)
    kinds = [row["kind"] for row in found["concerns"] if row["place_code"] == FORCE]
    assert kinds == [concerns.IMPROVE]


def test_a_force_that_is_worse_than_the_others_at_a_national_problem_has_its_own_concern():
    places = (FORCE, *OTHER_FORCES)
    rows = [ladder("told_of_arrest", 2 if place == FORCE else 40, 98 if place == FORCE else 60, place=place,
                   share=0.02 if place == FORCE else 0.4) for place in places]  # fmt: skip
    estimates = [estimate_row("told_of_arrest", is_outlier=True, direction="lower", q_value=0.001)]
    found = proposed(evidence_tables(rows, estimates, spread=[spread("told_of_arrest", 0.38)]), places)
    assert [row["place_code"] for row in found["concerns"]] == ["ALL", FORCE]


def test_a_force_has_at_most_seven_concerns_and_the_furthest_from_the_others_first():
    modes = [combined_test(mode) for mode in ("F1", "F2", "F5", "F6", "F8", "F11", "F12", "F14", "F15", "F17")]
    rows = [ladder(DUTY, 5, 195, share=0.02)]
    found = proposed(evidence_tables(rows, spread=[spread(DUTY, 0.86)], tests=modes))
    force_rows = [row for row in found["concerns"] if row["place_code"] == FORCE]
    assert len(force_rows) == RULES.most_concerns == 7
    assert [row["rank"] for row in force_rows] == list(range(1, 8))
    concern_rows = [row for row in force_rows if row["kind"] == concerns.CONCERN]
    assert concern_rows[0]["characteristic"] == "recorded_rightly"
    assert all(row["recommendation"] and row["evidence_keys"] for row in force_rows)


def test_a_statement_that_only_an_exact_count_of_ours_contradicts_is_shown_and_never_grades():
    for characteristic, key in (("groups_known", "groups_not_denied"), ("problem_known", "profile_crimes_fit")):
        level = level_of(characteristic, [ladder(key, 0, 1, share=0)], rules=RULES)
        assert level.probability is None
        assert force_evidence.ONE_RECORD in {item.not_counted for item in level.evidence.other_items}


def test_a_standard_that_is_kept_about_as_often_as_broken_is_not_met_and_caps_no_theme():
    level = level_of("kept_informed", [ladder("told_of_arrest", 24, 26)], rules=RULES)
    assert level.state(RULES) == "not shown"
    assert not level.failed.any()
    assert level_of("kept_informed", [ladder("told_of_arrest", 10, 40)], rules=RULES).failed.mean() > 0.95


def test_a_suppressed_side_is_the_rest_of_the_released_base_and_says_nothing_without_it():
    # 65 of 105 crimes were recorded late; the 40 others are suppressed, and the base is not.
    rows = [ladder(DUTY, None, 65, suppressed_cells="secondary:met share", share=None)]
    late = level_of("recorded_rightly", rows, [estimate_row(DUTY, base=105)], rules=RULES)
    assert [(item.met, item.not_met) for item in late.evidence.items] == [(40, 65)]
    assert late.state(RULES) == "not shown"
    assert level_of("recorded_rightly", rows, rules=RULES).probability is None


def test_every_piece_that_does_not_count_says_why():
    rows = [ladder(key, 50, 50) for key in FORMS]
    sources = [source_row("kept_informed", kind, "agrees") for kind in ("documents", "staff", "victims")]
    found = proposed(evidence_tables(rows, sources=sources, claims=[claim("scale", "supported")]))
    assert all(bool(row["counts"]) != bool(row["not_counted"]) for row in found["evidence"])
    reasons = {row["key"]: row["not_counted"] for row in found["evidence"] if row["characteristic"] == "kept_informed"}
    assert reasons["told_of_outcome"] == "the duty is held by justice"
    assert reasons["documents"] == force_evidence.ONLY_WRITTEN


def test_a_theme_with_a_grade_says_on_how_many_pieces_it_rests_and_how():
    found = proposed(evidence_tables([ladder(DUTY, 95, 5)], spread=[spread(DUTY, 0.9)]))
    row = next(row for row in found["grades"] if row["line"] == "data-quality")
    assert "It rests on 1 piece of evidence for 1 of 2 characteristics: 1 by a standard." in row["certainty"]


WORLDS = {
    "clean": ([ladder(key, 90, 10) for key in ("told_of_arrest", DUTY)], [], []),
    "late recording": ([ladder(DUTY, 22, 78)], [estimate_row(DUTY, is_outlier=True, direction="lower", q_value=0.001)], []),
    "flags missing": ([ladder(DUTY, 95, 5)], [], [combined_test("F2")]),
    "few records": ([ladder(DUTY, 3, 2)], [estimate_row(DUTY, is_outlier=True, direction="lower", q_value=0.01)], []),
    "better and worse": ([ladder(DUTY, 99, 1), ladder("victim_sex_recorded", 9, 91)],
                         [estimate_row(DUTY, is_outlier=True, direction="higher", q_value=0.001),
                          estimate_row("victim_sex_recorded", is_outlier=True, direction="lower", q_value=0.001)], []),
    "all that is wrong": ([ladder(key, 20, 80) for key in FORMS],
                          [estimate_row(key, is_outlier=True, direction="lower", q_value=0.02) for key in FORMS],
                          [combined_test(mode) for mode in ("F1", "F2", "F5", "F12", "F13", "F16")]),
}  # fmt: skip


@pytest.mark.parametrize("world", WORLDS)
def test_no_world_has_grades_that_contradict_its_alerts(world):
    rows, estimates, tests = WORLDS[world]
    spreads = [spread(row["indicator"], 0.85) for row in rows]
    found = proposed(evidence_tables(rows, estimates, spread=spreads, tests=tests))
    assert contradictions(released(found, rows, estimates, tests), RULES) == []


def changed(found, name, **columns):
    """The same tables with other values in the rows of one of them."""
    return {**found, name: [row | columns for row in found[name]]}


def test_the_gate_finds_a_good_grade_beside_an_alert_and_a_concern_without_evidence():
    rows, estimates = [ladder(DUTY, 22, 78)], [estimate_row(DUTY, is_outlier=True, direction="lower", q_value=0.001)]
    found = proposed(evidence_tables(rows, estimates, spread=[spread(DUTY, 0.85)]))
    assert contradictions(released(found, rows, estimates), RULES) == []
    assert any("is good on data-quality" in sentence for sentence in
               contradictions(released(changed(found, "grades", proposed="good"), rows, estimates), RULES))  # fmt: skip
    assert any("stands for the force" in sentence for sentence in
               contradictions(released(changed(found, "evidence", direction="for"), rows, estimates), RULES))  # fmt: skip
    assert any("is in no evidence" in sentence for sentence in
               contradictions(released(changed(found, "evidence", alert=""), rows, estimates), RULES))  # fmt: skip
    assert any("is no concern" in sentence for sentence in
               contradictions(released({**found, "concerns": []}, rows, estimates), RULES))  # fmt: skip
    sure = changed(changed(found, "grades", proposed=NOT_ENOUGH), "grade_chances", probability=0.95)
    assert any("not enough evidence, beside" in sentence for sentence in
               contradictions(released(sure, rows, estimates), RULES))  # fmt: skip


def test_rules_of_version_1_are_read_and_grade_levels_without_a_standard_as_they_did():
    with open(__file__.replace("test_force_evidence.py", "rules_version_1.toml"), encoding="utf-8") as file:
        first = read_rules(file.read())
    assert first.version == "1"
    assert level_of("suspects_pursued", [ladder(OWN_MEASURE, 14, 86)], rules=first).state(first) == "not shown"
    assert level_of("suspects_pursued", [ladder(OWN_MEASURE, 14, 86)], rules=replace(first)).failed is None


def test_a_combined_test_of_measures_of_another_organisation_alone_is_no_failing_of_the_police():
    """Return interviews are owed by children's services: an alert on them is shown, asked about, and grades no force."""
    tables = evidence_tables([ladder("missing_graded_low", 20, 80)], tests=[combined_test("F13")],
                             spread=[spread("missing_graded_low", 0.2)])  # fmt: skip
    found = proposed(tables)
    [row] = [row for row in found["evidence"] if row["key"] == "F13"]
    assert (row["counts"], row["alert"]) == ("", "worse")
    assert row["not_counted"] == "the duty is held by the system around the child"
    [level] = [row for row in found["characteristic_states"] if row["characteristic"] == "missing_children"]
    assert level["state"] == "shown"
    assert not [
        row for row in found["concerns"] if row["characteristic"] == "missing_children" and "cause" in row["kind"]
    ]
    assert contradictions(released(found, tests=[combined_test("F13")]), RULES) == []


def test_a_combined_test_with_one_measure_of_the_police_counts_for_them():
    found = proposed(evidence_tables(tests=[combined_test("F17")]))
    assert [row["counts"] for row in found["evidence"] if row["key"] == "F17"] == ["alert"]
