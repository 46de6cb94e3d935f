"""Are counts of crimes, victims and suspects protected against what a reader assumes of their number?"""

from dataclasses import replace

from assay.indicators import indicator_catalogue
from assay.indicators.catalogue.assessments.suspect_counts import DEFINITIONS as SUSPECT_DEFINITIONS
from assay.sdc import declared_tables, policy
from assay.sdc.additivity_constraints import Rule, equalities, figure, rules
from assay.sdc.sum_ranges import DIFFERENCE_PREFIX, Sum
from assay.sdc.usual_constraints import true_constraints, usual_constraints
from sdc.test_additivity_constraints import ladder, load_script

FORMS = {"ladders": declared_tables()["ladders"]}
CRIMES, SUSPECTS, VICTIMS = "titled_of_recorded", "suspect_ethnicity_self_recorded", "victim_sex_recorded"


def cell(indicator, column):
    return ("ladders", (indicator, "INV01", "all"), column)


def country(outside_of_victims):
    """3 crimes are outside, with a victim and a suspect each; 20 more suspects are inside."""
    return {
        "ladders": [
            ladder(CRIMES, outside=3, met=15),
            ladder(SUSPECTS, outside=3, met=20),
            ladder(VICTIMS, outside=outside_of_victims, met=17),
        ]
    }


def test_records_outside_a_question_on_victims_are_all_suspects_and_one_victim_of_each_crime_outside():
    # 23 suspects and 3 victims: 26 records of people are outside.
    found = {*usual_constraints(country(26), FORMS)}
    assert Sum(cell(VICTIMS, "outside"), (cell(SUSPECTS, "records"), cell(SUSPECTS, "outside"))) in found
    assert Sum(cell(SUSPECTS, "outside"), (cell(CRIMES, "outside"),)) in found


def test_where_a_crime_outside_has_two_victims_the_sum_is_not_used():
    found = {*usual_constraints(country(27), FORMS)}
    assert all(item.total != cell(VICTIMS, "outside") for item in found)


def test_suspects_inside_are_the_same_number_by_age_when_reported_in_records_of_suspects_and_of_people():
    # 23 suspects, 3 outside and 4 excluded; the 43 people are the same 23 and 20 victims. 16 + 0 and 10 + 6 are answered.
    when = {"when_reported": "adult when reported"}
    rows = {
        "ladders": [
            ladder(SUSPECTS, outside=3, excluded=4, met=16) | when,
            ladder("suspect_sex_recorded", outside=23, excluded=4, met=10, not_met=6) | when,
        ]
    }
    totals = {}
    for item in equalities(rows, FORMS):
        if item.total[2].startswith(DIFFERENCE_PREFIX):
            counts = {row["indicator"]: row for row in rows["ladders"]}
            totals.setdefault(item.total, []).append(sum(counts[key[0]][column] for _, key, column in item.parts))
    assert [*totals.values()] == [[16, 16]]


def test_a_new_measure_of_victims_is_linked_to_crimes_and_suspects_by_its_definition(monkeypatch):
    script = load_script()
    by_key = {form.key: form for form in indicator_catalogue.forms()}
    new = replace(by_key[VICTIMS], key="new_measure", population="in_base and role = 'victim'")
    forms = (by_key[CRIMES], by_key[SUSPECTS], new)
    monkeypatch.setattr(script, "_forms_of", lambda kinds: forms)
    monkeypatch.setattr(script, "from_forms", tuple)
    suspects, crimes, victims = (
        figure(f"ladders.{name}", indicator=key)
        for name, key in (("records", SUSPECTS), ("outside", CRIMES), ("outside", "new_measure"))
    )
    outside = figure("ladders.outside", indicator=SUSPECTS)
    found = [*script._usual_rules(tuple(script.UNITS))]
    assert any({*rule.figures} == {outside, crimes} for rule in found)
    assert any(rule in found for parts in ((suspects, outside), (suspects, crimes), (outside, suspects),
               (crimes, suspects)) for rule in [Rule(victims, parts)])  # fmt: skip


def test_a_wait_is_linked_to_an_indicator_with_its_population_by_age_when_reported():
    total = figure("ladders.records", indicator="early_advice_sought")
    parts = {
        figure(f"wait_medians_by_report.{name}", wait="report_to_arrest")
        for name in ("records", "excluded", "not_known")
    }
    assert any(rule.total == total and parts < {*rule.parts} for rule in rules())


DUTY = "contact_agreed"


def duties_and_victims(victims):
    """Of 9 duties to agree on contact, 2 are left out, and 7 are met or not. The other 30 duties are outside."""
    return {
        "ladders": [
            ladder(DUTY, outside=30, excluded=2, met=4, not_met=3),
            ladder(VICTIMS, outside=12, excluded=1, not_known_if_counted=1, met=victims - 2),
        ]
    }


def numbers_in_no_table(found, rows):
    """The sums of the parts of each number that is in no table."""
    counts = {row["indicator"]: row for row in rows["ladders"]}
    sums = {}
    for item in found:
        if item.total[2].startswith(DIFFERENCE_PREFIX):
            sums.setdefault(item.total, []).append(sum(counts[key[0]][column] for _, key, column in item.parts))
    return [*sums.values()]


def test_each_child_victim_is_owed_one_duty_to_agree_on_contact():
    rows = duties_and_victims(9)
    assert numbers_in_no_table(usual_constraints(rows, FORMS), rows) == [[9, 9]]
    assert numbers_in_no_table(true_constraints(rows, FORMS), rows) == [[9, 9]]


def test_where_a_victim_is_owed_no_duty_the_numbers_of_duties_and_victims_are_not_linked():
    rows = duties_and_victims(10)
    assert numbers_in_no_table(usual_constraints(rows, FORMS), rows) == []


def test_duties_and_victims_that_rounding_does_not_tell_apart_may_be_assumed_equal_but_are_not_true():
    # A met of 8 is shown as 10, so it may be 8 to 12, and a reader cannot exclude that both numbers are 9.
    rows = duties_and_victims(10)
    found = [*usual_constraints(rows, FORMS, policy=policy("record level"))]
    assert len(numbers_in_no_table(found, rows)) == 1


def test_every_case_was_recorded_once_and_has_one_last_step():
    cases = figure("ladders.not_met", indicator="crime_cancelled")
    for ending, number in (("_nothing", 8), ("recorded_", 5)):
        assert any(
            rule.total == cases
            and len(rule.parts) == number
            and all(ending in dict(part.fixed)["definition"] for part in rule.parts)
            for rule in rules()
            if not rule.usual and rule.parts[0].table == "counts_by_definition"
        )


def test_suspects_under_18_by_record_linkage_are_usually_those_by_entry():
    for definition in SUSPECT_DEFINITIONS:
        entries = figure("suspects_by_age.suspects", definition=definition, age_group="under 18")
        [rule] = [rule for rule in rules() if entries in rule.figures]
        assert rule.usual
        assert "distinct_counts_by_group" in {series.table for series in rule.figures}
