"""What must be done, how soon, and may a police force be graded by it?"""

import csv
from datetime import date

import pytest

from assay import reference as commission
from assay.errors import DefinitionError
from assay.reference.reference_data import parse_rows
from assay.reference.time_standards import COLUMNS, MISSABLE_UNITS, NUMBERED_UNITS, OVER_RUNS, TimeStandard
from reference_data import reference

pytestmark = pytest.mark.quick

OF = commission.standards().get


def test_there_are_seventy_two_standards():
    assert len(commission.standards()) == 72


def test_every_standard_that_grades_a_police_force_is_verified_and_a_police_duty():
    graded = [one for one in commission.standards() if one.grades]
    assert graded
    for one in graded:
        assert one.status == "verified", one.key
        assert one.holder == "police", one.key
        assert one.evidence in ("seen", "seen-secondary"), one.key
        assert one.recalled_part != "limit", one.key
        assert one.unit in MISSABLE_UNITS, one.key


def test_the_standards_that_grade_are_these_and_no_others():
    told = [f"vc6_{step}" for step in ("arrest", "interview", "rwc", "bail", "rui", "bailvar", "noinv")]
    expected = {f"{one}_{rights}" for one in told for rights in ("enh", "std")}
    expected |= {"vc6_freq", "vc3_written", "vc4_support", "vc4_needs", "hocr24", "s46", "ea", "profile12"}
    expected |= {"bail_init", "bail_insp", "bail_supt", "bail_nonstd", "bail_old28", "vrr_ack", "vrr_done"}
    assert {one.key for one in commission.standards() if one.grades} == expected


def test_only_a_maximum_of_the_law_is_broken_and_not_run_late():
    held = {name: {one.key for one in commission.standards() if one.over_run == name} for name in OVER_RUNS}
    assert held["breach"] == {"s46", "bail_init", "bail_insp", "bail_supt", "bail_nonstd", "bail_mags", "bail_old28"}
    assert held["breach unless extended"] == {"pace24", "epo"}
    assert {one.key for one in commission.standards() if one.limit} == set.union(*held.values())


def test_the_notice_of_a_charge_decision_is_shown_and_grades_nobody():
    for one in commission.standards().family("told of charge decision"):
        assert (one.status, one.grades) == ("unverified", False)


def test_a_row_whose_limit_is_recalled_grades_nobody_even_if_the_rest_was_seen():
    seen = OF("vc6_arrest_enh")
    recalled = TimeStandard(**{**vars(seen), "recalled_part": "limit"})
    assert (seen.grades, recalled.grades, recalled.status) == (True, False, "unverified")


def test_a_part_that_is_recalled_but_is_not_the_limit_is_named_and_leaves_the_grade():
    assert (OF("hocr24").recalled_part, OF("hocr24").grades) == ("first day of the rule", True)


def test_the_return_interview_is_the_duty_of_another_body():
    england, wales = commission.standards().family("return interview")
    assert (england.limit, england.unit, england.countries) == (72, "hour", ("E",))
    assert england.status == "verified"
    assert england.holder == wales.holder == "system around the child"
    assert not england.grades
    assert (wales.status, wales.countries) == ("unverified", ("W",))


def test_a_victim_with_enhanced_rights_is_told_of_an_arrest_within_one_working_day_and_others_within_five():
    limits = {one.rights: (one.limit, one.unit) for one in commission.standards().family("told of arrest")}
    assert limits == {"enhanced": (1, "working_day"), "standard": (5, "working_day")}


def test_the_crime_is_recorded_within_24_hours_of_the_report():
    one = OF("hocr24")
    assert (one.start_event, one.end_event, one.limit, one.unit) == ("report_received", "crime_recorded", 24, "hour")


@pytest.mark.parametrize(
    ("arrested", "first_periods"),
    [
        (date(2017, 4, 2), []),
        (date(2017, 4, 3), [(28, "day")]),
        (date(2022, 10, 27), [(28, "day")]),
        (date(2022, 10, 28), [(3, "month")]),
        (date(2026, 1, 5), [(3, "month")]),
    ],
)
def test_the_day_of_the_arrest_picks_the_rules_of_bail(arrested, first_periods):
    firsts = [one for one in commission.standards().family("bail period") if one.name.endswith("first period")]
    assert {one.chosen_by for one in firsts} == {"suspect_arrested"}
    assert [(one.limit, one.unit) for one in firsts if one.holds_on(arrested)] == first_periods


def test_a_standard_of_unknown_beginning_holds_on_any_day():
    assert OF("icpc15").valid_from is None
    assert OF("icpc15").holds_on(date(1990, 1, 1))


def test_england_and_wales_differ_for_the_assessment_of_the_local_authority():
    found = {one.countries: one.limit for one in commission.standards().family("local authority assessment")}
    assert found == {("E",): 45, ("W",): 42}


def test_a_rule_of_one_local_partnership_holds_in_neither_country_as_a_whole():
    assert OF("seraf3m").countries == ()


def test_a_standard_without_a_number_has_no_limit_and_never_grades_by_time():
    for one in commission.standards():
        assert (one.limit is not None) == (one.unit in NUMBERED_UNITS), one.key
    assert not OF("rui").grades
    assert not OF("abe_share").grades


def test_the_time_allowed_is_said_in_words():
    said = [OF(key).allowed_time for key in ("vc6_arrest_enh", "vc6_arrest_std", "rhi72", "cp_rev", "vc4_needs")]
    assert said == ["1 working day", "5 working days", "72 hours", "3 calendar months", "a record must be there"]


def test_every_kind_of_event_that_a_standard_names_is_on_the_closed_list():
    known = commission.event_kinds()
    for one in commission.standards():
        for event in (one.start_event, one.end_event, one.chosen_by):
            assert one.key == "vc2026" or event in known, (one.key, event)


def test_one_family_has_at_most_one_standard_a_day_country_and_right_except_the_steps_of_bail():
    for family in commission.standards().families:
        if family in ("bail period", "review requested"):
            continue
        held = [
            (one.rights, country)
            for one in commission.standards().family(family)
            for country in one.countries
            if one.holds_on(date(2026, 6, 1))
        ]
        assert len(held) == len(set(held)), family


def test_the_table_has_a_row_a_standard_and_says_which_grade():
    table = commission.standards().table()
    assert table.column_names == [*COLUMNS, "status", "grades"]
    rows = {row["key"]: row for row in table.to_pylist()}
    assert len(rows) == 72
    assert rows["bail_old28"]["valid_to"] == date(2022, 10, 27)
    assert (rows["vc4_needs"]["limit"], rows["vc4_needs"]["grades"]) == (None, True)
    assert rows["vc6_charge_enh"]["grades"] is False


def test_an_unknown_family_is_refused():
    with pytest.raises(DefinitionError, match="family"):
        commission.standards().family("told of everything")


def test_a_limit_without_a_unit_of_time_is_refused():
    from assay.reference.time_standards import _standard

    row = dict.fromkeys(COLUMNS, "") | {"key": "x", "holder": "police", "jurisdiction": "EW", "limit": "3"}
    with pytest.raises(DefinitionError, match="limit"):
        _standard({**row, "unit": "record_present"})
    with pytest.raises(DefinitionError, match="limit"):
        _standard({**row, "unit": "hour", "limit": ""})
    with pytest.raises(DefinitionError, match="if it has passed"):
        _standard({**row, "unit": "hour", "over_run": ""})
    with pytest.raises(DefinitionError, match="unknown unit"):
        _standard({**row, "unit": "fortnight"})


def test_a_row_without_evidence_is_refused():
    text = ",".join(COLUMNS) + "\n" + ",".join("x" for _ in COLUMNS[:-1]) + ",\n"
    with pytest.raises(DefinitionError, match="evidence"):
        parse_rows(text, "standards.csv", COLUMNS)


@pytest.mark.reference
def test_every_standard_says_what_the_reference_says():
    with reference("standards/time_standards.csv").open(encoding="utf-8") as file:
        told = {row["standard_id"]: row for row in csv.DictReader(file)}
    assert set(told) == set(commission.standards().keys)
    for one in commission.standards():
        row = told[one.key]
        assert ("" if one.limit is None else str(one.limit)) == row["limit"], one.key
        assert one.unit == (row["unit"] or "none"), one.key
        assert (one.start_event, one.end_event) == (row["start_event"], row["end_event"]), one.key
        assert one.duty_holder == (row["duty_holder"] or "not known yet"), one.key
        assert one.jurisdiction == {"UK": "EW"}.get(row["jurisdiction"], row["jurisdiction"]), one.key
        assert [str(day or "") for day in (one.valid_from, one.valid_to)] == [row["valid_from"], row["valid_to"]]
        assert (one.evidence, one.source_date) == (row["evidence"], row["source_date"]), one.key
        assert one.status == "unverified" if row["evidence"] == "recalled" else True, one.key
