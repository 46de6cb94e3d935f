"""Whom do the rules of the urgent list put forward, of whom can they not decide, and do they say what they cannot see?

The period is 1 April to 30 June 2026, and the data were read on 3 August 2026.
"""

import sys
from datetime import date
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from urgent_returns import KINDS, all_cases, case, child, crime, episode, event, of_missing, suspect, two_children

from assay.workflows.urgent.rule_coverage import IN_FULL, IN_PART, NOT_ASKED, rule_coverage
from assay.workflows.urgent.urgent_rules import CHILD_SUSPECTED, MISSING_AGAIN, MISSING_NOW, NO_ACTION
from assay.workflows.urgent.urgent_search import find_urgent_records


@pytest.fixture(scope="module")
def read():
    return all_cases()


@pytest.fixture
def named(read):
    """Every record that the rules name of a case."""
    return lambda which: find_urgent_records(read[which])


@pytest.fixture
def coverage(read):
    """By rule: whether it was asked, and why not in full."""

    def of(which):
        undecided = [one for one in find_urgent_records(read[which]) if one.unknown]
        return {one.rule: one for one in rule_coverage(read[which], undecided)}

    return of


def suspects_born(day, **values):
    return [suspect("S1", "1", date_of_birth=day, **values), suspect("S2", "2", date_of_birth=day, **values),
            child("V1", "1"), child("V2", "2")]  # fmt: skip


def months(*days):
    return [episode(f"M{number}", day) for number, day in enumerate(days, start=1)]


def again(rows):
    return [one for one in rows if one.rule == MISSING_AGAIN.key]


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


def test_a_suspect_of_crimes_against_two_children_with_nothing_on_record_is_put_forward(named):
    (one,) = named(SOUND)
    assert (one.rule, one.refs, one.record_day, one.unknown) == (
        NO_ACTION.key, ("person entry S1", "crime 1", "crime 2"), date(2026, 4, 8), "",
    )  # fmt: skip


ONE_CRIME = case(
    two_children(crimes=[crime("1")], involvements=[suspect("S1", "1"), child("V1", "1"), child("V2", "1")])
)


def test_one_crime_against_two_children_is_enough(named):
    (one,) = named(ONE_CRIME)
    assert one.refs == ("person entry S1", "crime 1")


ACTED_ON = [case(two_children(event(kind, "1"))) for kind in ARRESTS_AND_CHARGES]


@pytest.mark.parametrize("which", ACTED_ON, ids=ARRESTS_AND_CHARGES)
def test_who_was_arrested_or_charged_is_not(named, which):
    assert named(which) == ()


CANCELLED = case(
    two_children(crimes=THREE_CRIMES, involvements=[*two_children().sent["involvements"], suspect("S3", "3")])
)


def test_a_crime_that_was_cancelled_is_not_among_the_crimes_of_a_suspect(named):
    (one,) = named(CANCELLED)
    assert one.refs == ("person entry S1", "crime 1", "crime 2")


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


UNKNOWN_CASES = [(case(sent), word) for sent, word in UNKNOWN_STEPS.values()]


@pytest.mark.parametrize(("which", "word"), UNKNOWN_CASES, ids=UNKNOWN_STEPS)
def test_a_suspect_of_whom_it_is_not_known_whether_anything_was_done_is_named_and_not_put_forward(named, which, word):
    (one,) = named(which)
    assert one.refs == ("person entry S1", "crime 1", "crime 2")
    assert one.unknown.startswith("whether there was ")
    assert word in one.unknown


NOT_ASKED_OF_SUSPECTS = {
    "orders are not sent whole": ({"not_complete": ["orders"]}, {}, "all is sent of the table orders"),
    "orders were refused": (
        {"covers": {"orders": {"used": False}}}, {"refused": {"orders": "R04"}}, "the table orders (refused by rule R04)",
    ),
    "persons were refused": (
        {"covers": {"involvements": {"used": False}}, "involvements": []}, {"refused": {"involvements": "R04"}},
        "the table involvements (refused by rule R04)",
    ),
    "arrests are not sent": ({"kinds": {"suspect_charged": True}}, {}, "the events \u2018suspect arrested\u2019"),
    "dates of birth are not sent": (
        {"left_out": ["involvements.date_of_birth"]}, {}, "the column date_of_birth of involvements",
    ),
}  # fmt: skip


NOT_ASKED_OF_SUSPECTS_CASES = [
    (case(two_children(**values), **beside), why) for values, beside, why in NOT_ASKED_OF_SUSPECTS.values()
]


@pytest.mark.parametrize(("which", "why"), NOT_ASKED_OF_SUSPECTS_CASES, ids=NOT_ASKED_OF_SUSPECTS)
def test_a_rule_that_could_put_nobody_forward_says_so_and_why(coverage, which, why):
    for rule in (NO_ACTION, CHILD_SUSPECTED):
        one = coverage(which)[rule.key]
        assert one.answer == NOT_ASKED
        assert why in one.why


ON_PAPER = case(two_children(covers={"missing": {"supplied": "none", "used": False, "reason": "on_paper"}}))
FLAGS_IN_PART = case(two_children(not_complete=["flags"]))


def test_rules_of_missing_children_say_which_table_they_lack(coverage):
    told = coverage(ON_PAPER)
    assert {told[rule.key].answer for rule in (MISSING_NOW, MISSING_AGAIN)} == {NOT_ASKED}
    assert told[MISSING_NOW.key].why == "this did not come: the table missing (on paper only)"
    told = coverage(FLAGS_IN_PART)
    assert (told[MISSING_AGAIN.key].answer, told[MISSING_NOW.key].answer) == (NOT_ASKED, IN_PART)


def test_a_rule_that_saw_all_was_asked_in_full(coverage):
    assert {one.answer for one in coverage(SOUND).values()} == {IN_FULL}


PARTS = {
    "a row was set aside": ({}, {"set_aside": {"involvements": 1}}, "1 row of involvements was set aside"),
    "the table covers some days": (
        {"covers": {"crimes": {"supplied": "part", "covers_from": date(2026, 5, 1)}}}, {}, "covers 2026-05-01",
    ),
    "persons are not sent whole": ({"not_complete": ["involvements"]}, {}, "all is sent of the table involvements"),
    "a record could not be decided": (
        {"involvements": [suspect("S1", "1"), child("V1", "1"), child("V2", "1", date_of_birth=None)]}, {},
        "1 record could not be decided",
    ),
}  # fmt: skip


PARTS_CASES = [(case(two_children(**values), **beside), why) for values, beside, why in PARTS.values()]


@pytest.mark.parametrize(("which", "why"), PARTS_CASES, ids=PARTS)
def test_a_rule_that_may_have_missed_somebody_was_asked_in_part(coverage, which, why):
    one = coverage(which)[NO_ACTION.key]
    assert one.answer == IN_PART
    assert why in one.why


LOST_PERSON = case(
    two_children(
        involvements=[suspect("S1", "1"), child("V1", "1")],
        incomplete=[{"table_name": "involvements", "kind": "", "crime_ref": "1"}],
    )
)


def test_a_row_set_aside_on_a_crime_may_have_been_the_second_child(named):
    (one,) = named(LOST_PERSON)
    assert one.unknown == "whether two or more of the victims are children"


INTERVIEWED = case(two_children(event("suspect_interviewed_under_caution", "2")))
INTERVIEWS_NOT_SENT = case(two_children(kinds=ARRESTS_AND_CHARGES))


def test_an_entry_says_whether_the_suspect_was_interviewed(named):
    assert "interviewed under caution about crime 2" in named(INTERVIEWED)[0].further_facts
    assert "no interview under caution is in the return" in named(SOUND)[0].further_facts
    assert "whether there was an interview is not known" in named(INTERVIEWS_NOT_SENT)[0].further_facts


BORN = {"2014-06-01": (CHILD_SUSPECTED, 11), "2008-04-09": (CHILD_SUSPECTED, 17), "2008-04-08": (NO_ACTION, 18)}
AGES = [(case(two_children(involvements=suspects_born(day))), rule, age) for day, (rule, age) in BORN.items()]


@pytest.mark.parametrize(("which", "rule", "age"), AGES, ids=BORN)
def test_a_suspect_who_is_a_child_is_asked_about_as_a_child(named, which, rule, age):
    (one,) = named(which)
    assert one.rule == rule.key
    assert f"aged {age} when crime 1 was reported" in one.further_facts


NO_REPORT_DAY = case(
    two_children(
        crimes=[crime("1", reported_at=None), crime("2", reported_at=None)], involvements=suspects_born("2014-06-01")
    )
)


def test_the_age_at_the_offence_is_used_where_the_day_of_the_report_is_not_known(named):
    (one,) = named(NO_REPORT_DAY)
    assert (one.rule, "aged 11 at the offence of crime 1" in one.further_facts) == (CHILD_SUSPECTED.key, True)


UNDER_AGE = case(two_children(involvements=suspects_born(None, suspect_outcome_code="11")))


def test_an_outcome_that_says_that_a_suspect_is_under_age_is_used(named):
    (one,) = named(UNDER_AGE)
    assert one.rule == CHILD_SUSPECTED.key
    assert one.further_facts.startswith("age not known")
    assert "outcome 11 against the person on crime 2" in one.further_facts


NO_AGE = case(two_children(involvements=suspects_born(None)))


def test_a_suspect_of_unknown_age_is_not_said_to_be_a_child(named):
    (one,) = named(NO_AGE)
    assert (one.rule, one.further_facts.startswith("age not known")) == (NO_ACTION.key, True)


DIED = case(two_children(involvements=suspects_born("1990-05-06", died_on="2026-05-01")))


def test_an_entry_says_that_a_suspect_has_died(named):
    (one,) = named(DIED)
    assert "the return says that the person has died" in one.further_facts


IN_89_DAYS = case(of_missing(*months("2026-04-01", "2026-05-01", "2026-06-29")))
IN_90_DAYS = case(of_missing(*months("2026-04-01", "2026-05-01", "2026-06-30")))


def test_a_third_episode_within_90_days_without_a_flag_is_put_forward(named):
    """1 April to 29 June are 89 days, to 30 June 90."""
    (one,) = again(named(IN_89_DAYS))
    assert (one.refs, one.record_day) == (("missing M1", "missing M2", "missing M3"), date(2026, 6, 29))
    assert again(named(IN_90_DAYS)) == []


READ_LATE = case(
    of_missing(
        *months("2026-04-02", "2026-04-10", "2026-04-20", "2026-05-05", "2026-05-20"), extracted="2026-12-01T06:00"
    )
)


def test_a_child_with_five_episodes_in_90_days_is_put_forward_however_long_before_the_data_were_read(named):
    """The data were read on 1 December 2026, and the last of the five began on 20 May."""
    (one,) = again(named(READ_LATE))
    assert len(one.refs) == 5


ONE_LATER = case(
    of_missing(*months("2026-04-02", "2026-04-03", "2026-04-04", "2026-04-05", "2026-04-06", "2026-07-30"))
)


def test_a_single_later_episode_does_not_hide_those_before_it(named):
    (one,) = again(named(ONE_LATER))
    assert one.refs == ("missing M1", "missing M2", "missing M3", "missing M4", "missing M5")


BEFORE = case(of_missing(*months("2026-01-20", "2026-02-10", "2026-03-31")))
FIRST_DAY = case(of_missing(*months("2026-01-20", "2026-02-10", "2026-04-01")))


def test_episodes_that_ended_before_the_period_count_only_with_one_in_it(named):
    assert again(named(BEFORE)) == []
    (one,) = again(named(FIRST_DAY))
    assert len(one.refs) == 3


FLAGGED = [
    case(of_missing(*OFTEN, episode("M4", "2026-07-30"), flags=flag(**on)))
    for on in ({"person_ref": "C1"}, {"missing_ref": "M3"}, {"missing_ref": "M4"})
]


@pytest.mark.parametrize("which", FLAGGED)
def test_a_child_with_a_flag_on_them_or_on_the_last_episode_or_a_later_one_is_not(named, which):
    assert again(named(which)) == []


FLAGS_UNKNOWN = [
    case(of_missing(*OFTEN, not_complete=["flags"])),
    case(of_missing(*OFTEN, incomplete=[{"table_name": "flags", "kind": "", "person_ref": "C1"}])),
]


@pytest.mark.parametrize("which", FLAGS_UNKNOWN)
def test_a_child_of_whom_a_flag_is_not_known_is_named_and_not_put_forward(named, which):
    (one,) = again(named(which))
    assert one.unknown == "whether a flag for exploitation was set"


ADULT = case(of_missing(*OFTEN, **grown_up("2008-04-02")))
SIXTEEN = case(of_missing(*OFTEN, **grown_up("2010-04-02")))


def test_an_adult_who_goes_missing_is_no_child(named):
    """Eighteen on 2 April 2026, the day of the first episode."""
    assert again(named(ADULT)) == []
    (one,) = again(named(SIXTEEN))
    assert one.further_facts == "aged 16 when the episode began"


NOBODY = case(of_missing(*OFTEN, episode("M9", "2026-05-01", person_ref=None)))
ALL_NAMED = case(of_missing(*OFTEN))


def test_an_episode_that_names_nobody_is_said_to_be_missed(coverage):
    assert coverage(NOBODY)[MISSING_AGAIN.key].why == "1 missing episode names no person"
    assert coverage(ALL_NAMED)[MISSING_AGAIN.key].answer == IN_FULL


KNOWN_AND_MISSING = case(of_missing(*STILL_MISSING, **KNOWN))


def test_a_child_known_as_exploited_and_not_back_is_put_forward(named):
    (one,) = named(KNOWN_AND_MISSING)
    assert (one.rule, one.refs, one.unknown) == (MISSING_NOW.key, ("missing M1",), "")


NOT_KNOWN_AND_MISSING = case(of_missing(*STILL_MISSING))


def test_a_missing_child_whom_no_crime_names_is_known_as_not_exploited_where_all_is_sent(named):
    assert named(NOT_KNOWN_AND_MISSING) == ()


OPEN = [
    (case(of_missing(*STILL_MISSING, **KNOWN, not_complete=["missing"])), "whether the child is back"),
    (case(of_missing(*STILL_MISSING, not_complete=["flags"])),
     "whether a crime of exploitation against the child had been reported"),
]  # fmt: skip


@pytest.mark.parametrize(("which", "word"), OPEN)
def test_a_missing_child_of_whom_something_is_not_known_is_named_and_not_put_forward(named, which, word):
    (one,) = named(which)
    assert one.unknown == word
