"""Which records do the urgent rules propose, which can they not decide, and which do they miss?

The period is 1 April to 30 June 2026, and the data were read on 3 August 2026.
"""

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from urgent_returns import KINDS, all_cases, case, child, crime, episode, event, missing_return, suspect, two_children

from assay.workflows.urgent.rule_coverage import IN_FULL, IN_PART, NOT_ASKED, rule_coverage
from assay.workflows.urgent.urgent_rules import CHILD_SUSPECTED, MISSING_AGAIN, MISSING_NOW, NO_ACTION
from assay.workflows.urgent.urgent_search import find_urgent_records


@pytest.fixture(scope="module")
def read():
    return all_cases()


@pytest.fixture
def records_found(read):
    """Every record that the rules name of a case."""
    return lambda case_key: find_urgent_records(read[case_key])


@pytest.fixture
def coverage(read):
    """By rule: whether it was asked, and why not in full."""

    def coverage_of(case_key):
        undecided = [record for record in find_urgent_records(read[case_key]) if record.unknown]
        return {coverage_row.rule: coverage_row for coverage_row in rule_coverage(read[case_key], undecided)}

    return coverage_of


def suspects_born(day, **values):
    return [suspect("S1", "1", date_of_birth=day, **values), suspect("S2", "2", date_of_birth=day, **values),
            child("V1", "1"), child("V2", "2")]  # fmt: skip


def months(*days):
    return [episode(f"M{number}", day) for number, day in enumerate(days, start=1)]


def missing_again(rows):
    return [record for record in rows if record.rule == MISSING_AGAIN.key]


def flag(**values):
    return [{"flag_ref": "F1", "flag": "cse", "added_at": "2026-04-21", **values}]


def grown_up(day):
    """Who goes missing is a victim of a crime, by which the age is known."""
    return {"crimes": [crime("1")], "involvements": [child("V1", "1", person_ref="C1", date_of_birth=day)]}


SOUND = case(two_children())
THREE_CRIMES = [crime("1"), crime("2"), crime("3", cancelled_at="2026-05-01")]
ARRESTS_AND_CHARGES = {"suspect_arrested": True, "suspect_charged": True}
OFTEN = months("2026-04-02", "2026-04-10", "2026-04-20")
STILL_MISSING = [episode("M1", "2026-06-20", ended_at=None)]
KNOWN = {"crimes": [crime("1")], "involvements": [child("V1", "1", person_ref="C1")],
         "flags": [{"flag_ref": "F1", "crime_ref": "1", "flag": "cse", "added_at": "2026-04-09"}]}  # fmt: skip


def test_a_suspect_of_crimes_against_two_children_with_nothing_on_record_is_put_forward(records_found):
    (record,) = records_found(SOUND)
    assert (record.rule, record.refs, record.record_day, record.unknown) == (
        NO_ACTION.key, ("person entry S1", "crime 1", "crime 2"), date(2026, 4, 8), "",
    )  # fmt: skip


ONE_CRIME = case(
    two_children(crimes=[crime("1")], involvements=[suspect("S1", "1"), child("V1", "1"), child("V2", "1")])
)


def test_one_crime_against_two_children_is_enough(records_found):
    (record,) = records_found(ONE_CRIME)
    assert record.refs == ("person entry S1", "crime 1")


ACTED_ON = [case(two_children(event(kind, "1"))) for kind in ARRESTS_AND_CHARGES]


@pytest.mark.parametrize("case_key", ACTED_ON, ids=ARRESTS_AND_CHARGES)
def test_who_was_arrested_or_charged_is_not(records_found, case_key):
    assert records_found(case_key) == ()


CANCELLED = case(
    two_children(crimes=THREE_CRIMES, involvements=[*two_children().rows_by_table["involvements"], suspect("S3", "3")])
)


def test_a_crime_that_was_cancelled_is_not_among_the_crimes_of_a_suspect(records_found):
    (record,) = records_found(CANCELLED)
    assert record.refs == ("person entry S1", "crime 1", "crime 2")


UNKNOWN_STEPS = {
    "orders are not sent whole": (two_children(not_complete=["orders"]), "an order or a warning"),
    "arrests are not sent whole": (two_children(kinds={**KINDS, "suspect_arrested": False}), "an arrest or a charge"),
    "charges are not sent": (two_children(kinds={"suspect_arrested": True}), "an arrest or a charge"),
    "an event of the crime was set aside": (
        two_children(incomplete=[{"table_name": "events", "kind": "suspect_charged", "crime_ref": "2"}]),
        "an arrest or a charge",
    ),
    "an order on the person was set aside": (
        two_children(incomplete=[{"table_name": "orders", "kind": "", "person_ref": "P1"}]), "an order or a warning",
    ),
}  # fmt: skip


UNKNOWN_CASES = [(case(tables), word) for tables, word in UNKNOWN_STEPS.values()]


@pytest.mark.parametrize(("case_key", "word"), UNKNOWN_CASES, ids=UNKNOWN_STEPS)
def test_a_suspect_of_whom_it_is_not_known_whether_anything_was_done_is_named_and_not_put_forward(
    records_found, case_key, word
):
    (record,) = records_found(case_key)
    assert record.refs == ("person entry S1", "crime 1", "crime 2")
    assert record.unknown.startswith("whether there was ")
    assert word in record.unknown


NOT_ASKED_OF_SUSPECTS = {
    "orders are not sent whole": ({"not_complete": ["orders"]}, {}, "does not declare the table orders complete"),
    "orders were refused": (
        {"manifest_rows": {"orders": {"used": False}}}, {"refused": {"orders": "R04"}}, "the table orders (refused by rule R04)",
    ),
    "persons were refused": (
        {"manifest_rows": {"involvements": {"used": False}}, "involvements": []}, {"refused": {"involvements": "R04"}},
        "the table involvements (refused by rule R04)",
    ),
    "arrests are not sent": ({"kinds": {"suspect_charged": True}}, {}, "the events \u2018suspect arrested\u2019"),
    "dates of birth are not sent": (
        {"absent_columns": ["involvements.date_of_birth"]}, {}, "the column date_of_birth of involvements",
    ),
}  # fmt: skip


NOT_ASKED_OF_SUSPECTS_CASES = [
    (case(two_children(**values), **more_tables), why) for values, more_tables, why in NOT_ASKED_OF_SUSPECTS.values()
]


@pytest.mark.parametrize(("case_key", "why"), NOT_ASKED_OF_SUSPECTS_CASES, ids=NOT_ASKED_OF_SUSPECTS)
def test_a_rule_that_could_put_nobody_forward_says_so_and_why(coverage, case_key, why):
    for rule in (NO_ACTION, CHILD_SUSPECTED):
        rule_row = coverage(case_key)[rule.key]
        assert rule_row.answer == NOT_ASKED
        assert why in rule_row.why


ON_PAPER = case(two_children(manifest_rows={"missing": {"supplied": "none", "used": False, "reason": "on_paper"}}))
FLAGS_IN_PART = case(two_children(not_complete=["flags"]))


def test_rules_of_missing_children_say_which_table_they_lack(coverage):
    paper_coverage = coverage(ON_PAPER)
    assert {paper_coverage[rule.key].answer for rule in (MISSING_NOW, MISSING_AGAIN)} == {NOT_ASKED}
    assert paper_coverage[MISSING_NOW.key].why == "this was not sent: the table missing (on paper only)"
    paper_coverage = coverage(FLAGS_IN_PART)
    assert (paper_coverage[MISSING_AGAIN.key].answer, paper_coverage[MISSING_NOW.key].answer) == (NOT_ASKED, IN_PART)


def test_a_rule_that_saw_all_was_asked_in_full(coverage):
    assert {rule_row.answer for rule_row in coverage(SOUND).values()} == {IN_FULL}


PARTS = {
    "a row was set aside": ({}, {"set_aside": {"involvements": 1}}, "1 row of involvements was set aside"),
    "the table covers some days": (
        {"manifest_rows": {"crimes": {"supplied": "part", "covers_from": date(2026, 5, 1)}}}, {}, "covers 2026-05-01",
    ),
    "persons are not sent whole": ({"not_complete": ["involvements"]}, {}, "does not declare the table involvements complete"),
    "a record could not be decided": (
        {"involvements": [suspect("S1", "1"), child("V1", "1"), child("V2", "1", date_of_birth=None)]}, {},
        "1 record could not be decided",
    ),
}  # fmt: skip


PARTS_CASES = [(case(two_children(**values), **more_tables), why) for values, more_tables, why in PARTS.values()]


@pytest.mark.parametrize(("case_key", "why"), PARTS_CASES, ids=PARTS)
def test_a_rule_that_may_have_missed_somebody_was_asked_in_part(coverage, case_key, why):
    rule_row = coverage(case_key)[NO_ACTION.key]
    assert rule_row.answer == IN_PART
    assert why in rule_row.why


LOST_PERSON = case(
    two_children(
        involvements=[suspect("S1", "1"), child("V1", "1")],
        incomplete=[{"table_name": "involvements", "kind": "", "crime_ref": "1"}],
    )
)


def test_a_row_set_aside_on_a_crime_may_have_been_the_second_child(records_found):
    (record,) = records_found(LOST_PERSON)
    assert record.unknown == "whether two or more of the victims are children"


INTERVIEWED = case(two_children(event("suspect_interviewed_under_caution", "2")))
INTERVIEWS_NOT_SENT = case(two_children(kinds=ARRESTS_AND_CHARGES))


def test_an_entry_says_whether_the_suspect_was_interviewed(records_found):
    assert "interviewed under caution about crime 2" in records_found(INTERVIEWED)[0].further_facts
    assert "no interview under caution is in the return" in records_found(SOUND)[0].further_facts
    assert "whether there was an interview is not known" in records_found(INTERVIEWS_NOT_SENT)[0].further_facts


BORN = {"2014-06-01": (CHILD_SUSPECTED, 11), "2008-04-09": (CHILD_SUSPECTED, 17), "2008-04-08": (NO_ACTION, 18)}
AGES = [(case(two_children(involvements=suspects_born(day))), rule, age) for day, (rule, age) in BORN.items()]


@pytest.mark.parametrize(("case_key", "rule", "age"), AGES, ids=BORN)
def test_a_suspect_who_is_a_child_is_asked_about_as_a_child(records_found, case_key, rule, age):
    (record,) = records_found(case_key)
    assert record.rule == rule.key
    assert f"aged {age} when crime 1 was reported" in record.further_facts


NO_REPORT_DAY = case(
    two_children(
        crimes=[crime("1", reported_at=None), crime("2", reported_at=None)], involvements=suspects_born("2014-06-01")
    )
)


def test_the_age_at_the_offence_is_used_where_the_day_of_the_report_is_not_known(records_found):
    (record,) = records_found(NO_REPORT_DAY)
    assert (record.rule, "aged 11 at the offence of crime 1" in record.further_facts) == (CHILD_SUSPECTED.key, True)


UNDER_AGE = case(two_children(involvements=suspects_born(None, suspect_outcome_code="11")))


def test_an_outcome_that_says_that_a_suspect_is_under_age_is_used(records_found):
    (record,) = records_found(UNDER_AGE)
    assert record.rule == CHILD_SUSPECTED.key
    assert record.further_facts.startswith("age not known")
    assert "outcome 11 against the person on crime 2" in record.further_facts


NO_AGE = case(two_children(involvements=suspects_born(None)))


def test_a_suspect_of_unknown_age_is_not_said_to_be_a_child(records_found):
    (record,) = records_found(NO_AGE)
    assert (record.rule, record.further_facts.startswith("age not known")) == (NO_ACTION.key, True)


DIED = case(two_children(involvements=suspects_born("1990-05-06", died_on="2026-05-01")))


def test_an_entry_says_that_a_suspect_has_died(records_found):
    (record,) = records_found(DIED)
    assert "the return says that the person has died" in record.further_facts


IN_89_DAYS = case(missing_return(*months("2026-04-01", "2026-05-01", "2026-06-29")))
IN_90_DAYS = case(missing_return(*months("2026-04-01", "2026-05-01", "2026-06-30")))


def test_a_third_episode_within_90_days_without_a_flag_is_put_forward(records_found):
    """1 April to 29 June are 89 days, to 30 June 90."""
    (record,) = missing_again(records_found(IN_89_DAYS))
    assert (record.refs, record.record_day) == (("missing M1", "missing M2", "missing M3"), date(2026, 6, 29))
    assert missing_again(records_found(IN_90_DAYS)) == []


READ_LATE = case(
    missing_return(
        *months("2026-04-02", "2026-04-10", "2026-04-20", "2026-05-05", "2026-05-20"), extracted="2026-12-01T06:00"
    )
)


def test_a_child_with_five_episodes_in_90_days_is_put_forward_however_long_before_the_data_were_read(records_found):
    """The data were read on 1 December 2026, and the last of the five began on 20 May."""
    (record,) = missing_again(records_found(READ_LATE))
    assert len(record.refs) == 5


ONE_LATER = case(
    missing_return(*months("2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06", "2026-07-30"))
)


def test_a_single_later_episode_does_not_hide_those_before_it(records_found):
    (record,) = missing_again(records_found(ONE_LATER))
    assert record.refs == ("missing M1", "missing M2", "missing M3", "missing M4", "missing M5")


BEFORE = case(missing_return(*months("2026-01-20", "2026-02-10", "2026-03-31")))
FIRST_DAY = case(missing_return(*months("2026-01-20", "2026-02-10", "2026-04-01")))


def test_episodes_that_ended_before_the_period_count_only_with_one_in_it(records_found):
    assert missing_again(records_found(BEFORE)) == []
    (record,) = missing_again(records_found(FIRST_DAY))
    assert len(record.refs) == 3


FLAGGED = [
    case(missing_return(*OFTEN, episode("M4", "2026-07-30"), flags=flag(**flag_fields)))
    for flag_fields in ({"person_ref": "C1"}, {"missing_ref": "M3"}, {"missing_ref": "M4"})
]


@pytest.mark.parametrize("case_key", FLAGGED)
def test_a_child_with_a_flag_on_them_or_on_the_last_episode_or_a_later_one_is_not(records_found, case_key):
    assert missing_again(records_found(case_key)) == []


FLAGS_UNKNOWN = [
    case(missing_return(*OFTEN, not_complete=["flags"])),
    case(missing_return(*OFTEN, incomplete=[{"table_name": "flags", "kind": "", "person_ref": "C1"}])),
]


@pytest.mark.parametrize("case_key", FLAGS_UNKNOWN)
def test_a_child_of_whom_a_flag_is_not_known_is_named_and_not_put_forward(records_found, case_key):
    (record,) = missing_again(records_found(case_key))
    assert record.unknown == "whether a flag for exploitation was set"


ADULT = case(missing_return(*OFTEN, **grown_up("2008-04-02")))
SIXTEEN = case(missing_return(*OFTEN, **grown_up("2010-04-02")))


def test_an_adult_who_goes_missing_is_no_child(records_found):
    """Eighteen on 2 April 2026, the day of the first episode."""
    assert missing_again(records_found(ADULT)) == []
    (record,) = missing_again(records_found(SIXTEEN))
    assert record.further_facts == "aged 16 when the episode began"


UNNAMED_CASE = case(missing_return(*OFTEN, episode("M9", "2026-05-01", person_ref=None)))
ALL_NAMED = case(missing_return(*OFTEN))


def test_an_episode_that_names_nobody_is_said_to_be_missed(coverage):
    assert coverage(UNNAMED_CASE)[MISSING_AGAIN.key].why == "1 missing episode names no person"
    assert coverage(ALL_NAMED)[MISSING_AGAIN.key].answer == IN_FULL


KNOWN_AND_MISSING = case(missing_return(*STILL_MISSING, **KNOWN))


def test_a_child_known_as_exploited_and_not_back_is_put_forward(records_found):
    (record,) = records_found(KNOWN_AND_MISSING)
    assert (record.rule, record.refs, record.unknown) == (MISSING_NOW.key, ("missing M1",), "")


NOT_KNOWN_AND_MISSING = case(missing_return(*STILL_MISSING))


def test_a_missing_child_whom_no_crime_names_is_known_as_not_exploited_where_all_is_sent(records_found):
    assert records_found(NOT_KNOWN_AND_MISSING) == ()


OPEN = [
    (case(missing_return(*STILL_MISSING, **KNOWN, not_complete=["missing"])), "whether the child is back"),
    (case(missing_return(*STILL_MISSING, not_complete=["flags"])),
     "whether a crime of exploitation against the child had been reported"),
]  # fmt: skip


@pytest.mark.parametrize(("case_key", "word"), OPEN)
def test_a_missing_child_of_whom_something_is_not_known_is_named_and_not_put_forward(records_found, case_key, word):
    (record,) = records_found(case_key)
    assert record.unknown == word
