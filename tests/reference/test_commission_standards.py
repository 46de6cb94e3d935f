"""What must be done, how soon, and may a police force be graded by it?"""

import csv
from datetime import date

import pytest

from assay import reference as commission
from assay.errors import DefinitionError
from assay.reference.reference_data import parse_rows
from assay.reference.time_standards import (
    COLUMNS,
    COMMENCEMENTS,
    IN_FORCE,
    MISSABLE_UNITS,
    NUMBERED_UNITS,
    OVER_RUNS,
    TimeStandard,
)
from reference_data import reference

pytestmark = pytest.mark.quick

STANDARD = commission.standards().get


NOT_YET = ("vc2026", "vpa6_compliance", "suspect_ethnicity", "mand_report", "cwsa4_share")


READ_LATER = ("hocr24", "bail_nonstd")
"""Standards that the reference knows from a copy, and whose limit was then read in a source."""


def test_there_are_seventy_five_standards_and_five_of_them_are_not_known_to_be_in_force():
    assert len(commission.standards()) == 75
    assert {step.key for step in commission.standards() if step.commencement != IN_FORCE} == set(NOT_YET)


@pytest.mark.parametrize("key", NOT_YET)
def test_a_duty_that_is_not_known_to_be_in_force_holds_on_no_day_and_grades_nobody(key):
    days = (date(1990, 1, 1), date(2026, 6, 29), date(2030, 1, 1))
    assert not any(STANDARD(key).holds_on(day) for day in days)
    assert not STANDARD(key).grades


@pytest.mark.parametrize("commencement", sorted(set(COMMENCEMENTS) - {IN_FORCE}))
def test_a_standard_that_would_grade_does_not_until_it_is_in_force(commencement):
    graded = STANDARD("vc4_support")
    waiting = TimeStandard(**{**vars(graded), "commencement": commencement})
    assert (graded.grades, graded.holds_on(date(2021, 4, 1))) == (True, True)
    assert (waiting.grades, waiting.holds_on(date(2021, 4, 1))) == (False, False)


def test_the_victims_code_in_force_holds_from_april_2021_and_not_a_day_before():
    rights = [step for step in commission.standards() if step.key.startswith("vc") and step.key != "vc2026"]
    assert len(rights) == 29
    assert [step.key for step in rights if step.holds_on(date(2021, 3, 31))] == []
    assert all(step.holds_on(date(2021, 4, 1)) for step in rights)


def test_every_indicator_that_grades_by_a_standard_leaves_out_what_began_before_it_was_in_force():
    from assay.indicators.exclusion_reasons import NOT_IN_FORCE
    from assay.indicators.standard_indicators import grading_indicators

    graded = {form.key: form for step in commission.standards() for form in grading_indicators(step.key)}
    assert "problem_profile_current" in graded
    assert [key for key, form in graded.items() if NOT_IN_FORCE not in form.excluding] == []


def test_every_standard_that_grades_a_police_force_is_verified_and_a_police_duty():
    graded = [step for step in commission.standards() if step.grades]
    assert graded
    for standard in graded:
        assert standard.status == "verified", standard.key
        assert standard.holder == "police", standard.key
        assert standard.evidence == "seen", standard.key
        assert standard.recalled_part != "limit", standard.key
        assert standard.unit in MISSABLE_UNITS, standard.key


def test_the_standards_that_grade_are_these_and_no_others():
    steps = [f"vc6_{step}" for step in ("arrest", "interview", "rwc", "bail", "rui", "bailvar", "noinv")]
    expected = {f"{step}_{rights}" for step in steps for rights in ("enh", "std")}
    expected |= {"vc6_freq", "vc3_written", "vc4_support", "vc4_needs", "hocr24", "s46", "ea", "profile12"}
    expected |= {"bail_init", "bail_insp", "bail_supt", "bail_nonstd", "bail_old28", "vrr_ack", "vrr_done"}
    assert {step.key for step in commission.standards() if step.grades} == expected


def test_only_a_maximum_of_the_law_is_broken_and_not_run_late():
    keys_by_overrun = {
        name: {step.key for step in commission.standards() if step.over_run == name} for name in OVER_RUNS
    }
    assert keys_by_overrun["breach"] == {
        "s46",
        "bail_init",
        "bail_insp",
        "bail_supt",
        "bail_nonstd",
        "bail_mags",
        "bail_old28",
    }
    assert keys_by_overrun["breach unless extended"] == {"pace24", "epo"}
    assert {step.key for step in commission.standards() if step.limit} == set.union(*keys_by_overrun.values())


def test_the_notice_of_a_charge_decision_is_shown_and_grades_nobody():
    for step in commission.standards().family("told of charge decision"):
        assert (step.status, step.grades) == ("unverified", False)


def test_a_row_whose_limit_is_recalled_grades_nobody_even_if_the_rest_was_seen():
    seen = STANDARD("vc6_arrest_enh")
    recalled = TimeStandard(**{**vars(seen), "recalled_part": "limit"})
    assert (seen.grades, recalled.grades, recalled.status) == (True, False, "unverified")


def test_a_limit_that_was_read_in_a_copy_alone_is_shown_and_grades_nobody():
    copied = TimeStandard(**{**vars(STANDARD("hocr24")), "evidence": "seen-secondary"})
    assert (copied.status, copied.grades) == ("verified", False)


def test_a_part_that_is_recalled_but_is_not_the_limit_is_named_and_leaves_the_grade():
    assert (STANDARD("hocr24").recalled_part, STANDARD("hocr24").grades) == ("first day of the rule", True)


def test_the_return_interview_is_the_duty_of_another_body():
    england, wales = commission.standards().family("return interview")
    assert (england.limit, england.unit, england.countries) == (72, "hour", ("E",))
    assert england.status == "verified"
    assert england.holder == wales.holder == "system around the child"
    assert not england.grades
    assert (wales.status, wales.countries) == ("unverified", ("W",))


def test_a_victim_with_enhanced_rights_is_told_of_an_arrest_within_one_working_day_and_others_within_five():
    limits = {step.rights: (step.limit, step.unit) for step in commission.standards().family("told of arrest")}
    assert limits == {"enhanced": (1, "working_day"), "standard": (5, "working_day")}


def test_the_crime_is_recorded_within_24_hours_of_the_report():
    step = STANDARD("hocr24")
    assert (step.start_event, step.end_event, step.limit, step.unit) == (
        "report_received",
        "crime_recorded",
        24,
        "hour",
    )


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
    firsts = [step for step in commission.standards().family("bail period") if step.name.endswith("first period")]
    assert {step.chosen_by for step in firsts} == {"suspect_arrested"}
    assert [(step.limit, step.unit) for step in firsts if step.holds_on(arrested)] == first_periods


def test_a_standard_of_unknown_beginning_holds_on_any_day():
    assert STANDARD("icpc15").valid_from is None
    assert STANDARD("icpc15").holds_on(date(1990, 1, 1))


def test_england_and_wales_differ_for_the_assessment_of_the_local_authority():
    found = {step.countries: step.limit for step in commission.standards().family("local authority assessment")}
    assert found == {("E",): 45, ("W",): 42}


def test_a_rule_of_one_local_partnership_holds_in_neither_country_as_a_whole():
    assert STANDARD("seraf3m").countries == ()


def test_a_standard_without_a_number_has_no_limit_and_never_grades_by_time():
    for step in commission.standards():
        assert (step.limit is not None) == (step.unit in NUMBERED_UNITS), step.key
    assert not STANDARD("rui").grades
    assert not STANDARD("abe_share").grades


def test_the_time_allowed_is_said_in_words():
    allowed_times = [
        STANDARD(key).allowed_time for key in ("vc6_arrest_enh", "vc6_arrest_std", "rhi72", "cp_rev", "vc4_needs")
    ]
    assert allowed_times == [
        "1 working day",
        "5 working days",
        "72 hours",
        "3 calendar months",
        "a record must be there",
    ]


def test_every_kind_of_event_that_a_standard_names_is_on_the_closed_list():
    known = commission.event_kinds()
    for step in commission.standards():
        for event in (step.start_event, step.end_event, step.chosen_by):
            assert step.unit == "none" or event in known, (step.key, event)


def test_one_family_has_at_most_one_standard_a_day_country_and_right_except_the_steps_of_bail():
    for family in commission.standards().families:
        if family in ("bail period", "review requested"):
            continue
        without_duty = [
            (step.rights, country)
            for step in commission.standards().family(family)
            for country in step.countries
            if step.holds_on(date(2026, 6, 1))
        ]
        assert len(without_duty) == len(set(without_duty)), family


def test_the_table_has_a_row_a_standard_and_says_which_grade():
    table = commission.standards().table()
    assert table.column_names == [*COLUMNS, "status", "grades"]
    rows = {row["key"]: row for row in table.to_pylist()}
    assert len(rows) == 75
    assert rows["bail_old28"]["valid_to"] == date(2022, 10, 27)
    assert (rows["vc4_needs"]["limit"], rows["vc4_needs"]["grades"]) == (None, True)
    assert rows["vc6_charge_enh"]["grades"] is False


def test_an_unknown_family_is_refused():
    with pytest.raises(DefinitionError, match="family"):
        commission.standards().family("told of everything")


def test_a_limit_without_a_unit_of_time_is_refused():
    from assay.reference.time_standards import _standard

    row = dict.fromkeys(COLUMNS, "") | {"key": "x", "holder": "police", "jurisdiction": "EW", "limit": "3",
                                       "commencement": IN_FORCE}  # fmt: skip
    with pytest.raises(DefinitionError, match="limit"):
        _standard({**row, "unit": "record_present"})
    with pytest.raises(DefinitionError, match="limit"):
        _standard({**row, "unit": "hour", "limit": ""})
    with pytest.raises(DefinitionError, match="if it has passed"):
        _standard({**row, "unit": "hour", "over_run": ""})
    with pytest.raises(DefinitionError, match="unknown unit"):
        _standard({**row, "unit": "fortnight"})
    with pytest.raises(DefinitionError, match="unknown commencement"):
        _standard({**row, "unit": "hour", "over_run": "late", "commencement": "soon"})
    with pytest.raises(DefinitionError, match="has no dates"):
        _standard({**row, "unit": "hour", "over_run": "late", "commencement": "not found", "valid_from": "2026-04-29"})


def test_a_row_without_evidence_is_refused():
    text = ",".join(COLUMNS) + "\n" + ",".join("x" for _ in COLUMNS[:-1]) + ",\n"
    with pytest.raises(DefinitionError, match="evidence"):
        parse_rows(text, "standards.csv", COLUMNS)


@pytest.mark.reference
def test_every_standard_says_what_the_reference_says():
    with reference("standards/time_standards.csv").open(encoding="utf-8") as file:
        reference_rows = {row["standard_id"]: row for row in csv.DictReader(file)}
    added = {"vpa6_compliance", "cwsa4_share", "suspect_ethnicity"}  # found after the reference was written
    assert set(commission.standards().keys) - set(reference_rows) == added
    assert set(reference_rows) < set(commission.standards().keys)
    for step in (item for item in commission.standards() if item.key not in added):
        row = reference_rows[step.key]
        assert ("" if step.limit is None else str(step.limit)) == row["limit"], step.key
        assert step.unit == (row["unit"] or "none"), step.key
        assert (step.start_event, step.end_event) == (row["start_event"], row["end_event"]), step.key
        assert step.duty_holder == (row["duty_holder"] or "not known yet"), step.key
        assert step.jurisdiction == {"UK": "EW"}.get(row["jurisdiction"], row["jurisdiction"]), step.key
        assert [str(day or "") for day in (step.valid_from, step.valid_to)] == [row["valid_from"], row["valid_to"]]
        if step.key not in READ_LATER:
            assert (step.evidence, step.source_date) == (row["evidence"], row["source_date"]), step.key
        assert step.status == "unverified" if row["evidence"] == "recalled" else True, step.key
