"""What is known of a crime: its base, its ending, its people, and what absence says?"""

import pytest
from record_rows import crime, event, notice, suspect, victim
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

CHARGE_KINDS = {"suspect_charged": True, "charge_decision": True, "victim_contacted": True, "victim_informed": True,
                "transfer_accepted": True}  # fmt: skip
CRIMES = [
    crime("before", "2026-03-30T10:00", "2026-03-31T23:59"),
    crime("first", "2026-03-31T10:00", "2026-04-01T00:00"),
    crime("last", "2026-06-30T10:00", "2026-06-30T23:59"),
    crime("after", "2026-06-30T10:00", "2026-07-01T00:00"),
    crime("suspect child", scope_reason="child_as_suspect"),
    crime("outcome", outcome_code="1", outcome_at="2026-05-20"),
    crime("event", outcome_code="NOA"),
    crime("decided", outcome_code="NOA"),
    crime("not charged", outcome_code="16", outcome_at="2026-05-20", closed_at="2026-05-21"),
    crime("unsaid", outcome_code=None),
    crime("hole", outcome_code=None),
    crime("backwards", outcome_code="16", outcome_at="2026-04-10", closed_at="2026-04-10"),
    crime("cancelled", cancelled_at="2026-04-25", outcome_code="NOA"),
    crime("gone", transferred_to_force="BTP", outcome_code="NOA"),
    crime("left", transferred_to_force="BTP", outcome_code="NOA"),
    crime("spoken of", suspect_count_stated=3, offence_code="88A"),
    crime("disagrees", outcome_code="15", outcome_at="2026-05-20", offence_code="19D"),
    crime("anything", scope_reason="flagged", offence_code="49"),
    crime("wales", local_authority_code="W06000001"),
]
PEOPLE = [
    suspect("first", "spoken of"),
    suspect("same", "spoken of", person_ref="Nfirst"),
    suspect("described", "disagrees", suspect_known_as="described"),
    suspect("unsure", "event", suspect_known_as=None),
    victim("v", "outcome"),
    victim("told first", "event"),
    victim("never", "decided"),
]
EVENTS = [
    event("suspect_charged", "2026-04-30T10:00", "event"),
    event("charge_decision", "2026-05-02T10:00", "decided", detail="charge"),
    event("charge_decision", "2026-05-01T10:00", "decided", detail="more_work_asked"),
    event("transfer_accepted", "2026-04-28", "left", detail="BTP"),
    event("victim_contacted", "2026-04-19T10:00", "event"),
    event("victim_contacted", "2026-04-25T10:00", "event"),
    notice("2026-04-23", "event", detail="suspect_charged"),
]
FLAGS = [{"flag_ref": "F1", "crime_ref": "anything", "flag": "cse", "removed_at": "2026-05-01"}]


@pytest.fixture(scope="module")
def engine():
    with ExpressionEngine() as opened:
        yield opened


@pytest.fixture(scope="module")
def found(engine):
    data = Return(kinds=CHARGE_KINDS, crimes=CRIMES, involvements=PEOPLE, events=EVENTS, flags=FLAGS,
                  incomplete=[{"table_name": "events", "kind": "", "crime_ref": "hole"}])  # fmt: skip
    return facts_of(engine, data, "crime", "victim", "suspect")


@pytest.fixture(scope="module")
def less(engine):
    """The same crimes from a force whose lists are not complete and that sends no events, flags or outcomes."""
    data = Return(crimes=CRIMES, involvements=PEOPLE, not_complete=("crimes", "involvements"),
                  absent_columns=("involvements.ethnicity_self",))  # fmt: skip
    return facts_of(engine, data, "crime", "suspect")


def values_of(found, ref, *names):
    row = only_row(found["crime"], crime_ref=ref)
    return tuple(row[name] for name in names) if len(names) > 1 else row[names[0]]


def test_the_base_holds_what_was_recorded_in_the_period_and_no_more(found):
    base = {ref: values_of(found, ref, "in_base") for ref in ("before", "first", "last", "after", "suspect child")}
    assert base == {"before": False, "first": True, "last": True, "after": False, "suspect child": False}


@pytest.mark.parametrize(
    ("ref", "charged", "days"),
    [
        ("outcome", True, 30),  # 20 April to 20 May
        ("event", True, 10),
        ("decided", True, 12),
        ("not charged", False, None),
        ("unsaid", False, None),  # no outcome is known, and every charge was sent
        ("hole", None, None),  # an event of this crime was set aside
    ],
)
def test_charged_by_outcome_by_charge_or_by_decision(found, ref, charged, days):
    assert values_of(found, ref, "charged", "days_to_charged") == (charged, days)


def test_an_ending_before_the_report_is_not_known(found):
    assert values_of(found, "backwards", "days_to_closed", "ends_known") == (None, False)
    assert values_of(found, "not charged", "days_to_closed", "ends_known") == (31, True)


def test_a_crime_leaves_when_it_is_cancelled_or_another_force_takes_it(found):
    assert values_of(found, "cancelled", "cancelled", "days_to_cancelled") == (True, 5)
    assert values_of(found, "left", "transferred", "days_to_cancelled", "ends_known") == (True, 8, True)
    assert values_of(found, "gone", "transferred", "days_to_cancelled", "ends_known") == (True, None, False)


def test_open_is_pending_only_where_the_record_says_so(found, less):
    assert values_of(found, "event", "pending", "closed") == (True, False)
    assert values_of(less, "unsaid", "pending", "closed", "charged") == (None, None, None)


def test_suspects_are_persons_and_at_least_as_many_as_were_spoken_of(found):
    """Two entries with one number are one person; the victim spoke of three."""
    assert values_of(found, "spoken of", "suspects", "suspect_count") == (1, 3)


def test_a_suspect_is_identified_if_named(found):
    names = {ref: values_of(found, ref, "suspect_identified") for ref in ("spoken of", "first", "disagrees", "event")}
    assert names == {
        "spoken of": True,
        "first": False,  # no suspect at all, on a complete list
        "disagrees": None,  # outcome 15 says that one was, and none is named
        "event": None,  # whether the suspect is named is not recorded
    }


def test_where_lists_are_not_complete_nobody_named_says_nothing(less):
    assert values_of(less, "first", "suspect_identified", "child_at_offence") == (None, None)


def test_a_crime_is_cancelled_or_passed_on_only_if_its_record_says_so(less):
    """Also where not every crime was sent: what is asked is this record, and it is there."""
    assert values_of(less, "first", "cancelled", "transferred") == (False, False)
    assert values_of(less, "gone", "cancelled", "transferred") == (False, True)


def test_a_mark_that_was_taken_away_was_borne(found, less):
    assert values_of(found, "anything", "cse_flagged", "group_flagged") == (True, False)
    assert values_of(less, "anything", "cse_flagged") is None


def test_contact_follows_from_the_family_where_that_leaves_no_doubt(found):
    contact = {ref: values_of(found, ref, "contact_offence") for ref in ("disagrees", "spoken of", "first")}
    assert contact == {"disagrees": True, "spoken of": False, "first": None}


def test_a_code_on_no_list_has_the_family_other_and_no_title(found):
    assert values_of(found, "anything", "offence_family", "cse_titled") == ("other", False)


def test_the_law_of_the_place_where_the_victim_lived_holds(found):
    assert (values_of(found, "wales", "country"), values_of(found, "first", "country")) == ("W", "E")


def test_first_contact_is_the_first_after_the_report(found):
    """Reported on 20 April: what was on the 19th does not count, the notice of the 23rd comes before the 25th."""
    assert only_row(found["victim"], record_ref="told first")["days_to_first_contact"] == 3
    never = only_row(found["victim"], record_ref="never")
    assert (never["days_to_first_contact"], never["contact_known"]) == (None, True)


def test_a_column_that_was_not_sent_is_neither_recorded_nor_not(less):
    assert {row["ethnicity_self_recorded"] for row in less["suspect"]} == {None}
    assert {row["ethnicity_officer_recorded"] for row in less["suspect"]} == {False}


def test_a_crime_of_no_known_recorded_day_or_offence_is_not_known_to_be_in_the_base(engine):
    crimes = [crime("no day", recorded=None), crime("no code", offence_code=None, scope_reason=None)]
    facts = facts_of(engine, Return(crimes=crimes, involvements=[victim("v", "no day")]), "crime")["crime"]
    known = {row["crime_ref"]: (row["in_period"], row["in_base"], row["offence_family"]) for row in facts}
    assert known == {"no day": (None, None, "cse_related"), "no code": (True, None, None)}
