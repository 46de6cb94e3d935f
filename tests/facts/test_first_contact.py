"""Which contact with a victim is the first, and is it the same for a person who stands twice on the crime?"""

import pytest
from record_rows import arrest, crime, event, notice, suspect, victim
from tiny import Return, facts_of, only_row

from assay.engine import ExpressionEngine

KINDS = dict.fromkeys(("victim_contacted", "victim_informed", "suspect_arrested"), True)
KINDS["contact_agreement_recorded"] = False
# Case: reported, contacts, days to the first contact, and whether that is known.
CONTACTS = {
    "before the report": ("2026-04-20T09:00", ["2026-04-20T08:59"], None, True),
    "at its minute": ("2026-04-20T09:00", ["2026-04-20T09:00"], 0, True),
    "before and after": ("2026-04-20T09:00", ["2026-04-20T08:00", "2026-04-23T08:00"], 3, True),
    "order open": ("2026-04-20", ["2026-04-20T08:00"], None, False),
    "order open, then later": ("2026-04-20", ["2026-04-20T08:00", "2026-04-23T08:00"], None, False),
    "the next day": ("2026-04-20", ["2026-04-21T08:00"], 1, True),
    "open, and certain that day": ("2026-04-20T09:00", ["2026-04-20", "2026-04-20T11:00"], 0, True),
}
# Case: first contact, the wish, and whether it takes the victim out of the wait that began on 20 April at 09:00.
WISHES = {
    "on the day of the report": (None, "2026-04-20T18:00", True),
    "months later": (None, "2026-06-01T10:00", False),
    "before the contact": ("2026-04-25T10:00", "2026-04-23T10:00", True),
    "after the contact": ("2026-04-23T10:00", "2026-04-25T10:00", False),
    "perhaps before it": ("2026-04-25T10:00", "2026-04-25", None),
}


@pytest.fixture(scope="module")
def victims():
    crimes = [crime(case, contact[0]) for case, contact in CONTACTS.items()] + [crime(case) for case in WISHES]
    events = [
        event("victim_contacted", contacted_at, case)
        for case, contact in CONTACTS.items()
        for contacted_at in contact[1]
    ]
    events += [event("victim_contacted", contact, case) for case, (contact, _, _) in WISHES.items() if contact]
    events += [event("contact_agreement_recorded", wish, case, detail="no_contact_wished")
               for case, (_, wish, _) in WISHES.items()]  # fmt: skip
    people = [victim(f"v {case}", case) for case in (*CONTACTS, *WISHES)]
    data = Return(kinds=KINDS, crimes=crimes, involvements=people, events=events)
    with ExpressionEngine() as engine:
        yield facts_of(engine, data, "victim")["victim"]


@pytest.mark.parametrize("case", CONTACTS)
def test_the_first_contact_is_the_first_that_is_not_before_the_report(victims, case):
    found = only_row(victims, crime_ref=case)
    assert (found["days_to_first_contact"], found["contact_known"]) == CONTACTS[case][2:]


@pytest.mark.parametrize("case", WISHES)
def test_a_wish_counts_if_it_came_with_the_report_or_before_the_first_contact(victims, case):
    assert only_row(victims, crime_ref=case)["no_contact_wished"] is WISHES[case][2]


@pytest.fixture(scope="module")
def two_entries():
    """A victim and a suspect who each have two entries on one crime; the victim has rights by the second only."""
    same_person = {"person_ref": "P"}
    people = [victim("v1", "1", **same_person, enhanced_rights=None), victim("v2", "1", **same_person), suspect("s", "1"),
              suspect("s2", "1", person_ref="Ns")]  # fmt: skip
    events = [arrest("a", "2026-04-20T10:00", "1"), notice("2026-04-21T10:00", "1", "a", involvement_ref="v2"),
              event("victim_contacted", "2026-04-23T10:00", "1", **same_person)]  # fmt: skip
    data = Return(kinds=KINDS, crimes=[crime("1")], involvements=people, events=events)
    with ExpressionEngine() as engine:
        yield facts_of(engine, data, "duty", "victim")


def test_a_person_with_two_entries_on_a_crime_is_owed_each_notice_once(two_entries):
    notices = [duty for duty in two_entries["duty"] if duty["family"] == "told of arrest"]
    assert [(duty["involvement_ref"], duty["state"], duty["rights_known"]) for duty in notices] == [
        ("v1", "in time", True)
    ]  # fmt: skip


def test_each_entry_of_one_person_tells_the_same_first_contact(two_entries):
    assert [victim["days_to_first_contact"] for victim in two_entries["victim"]] == [1, 1]


def test_a_number_is_not_read_where_the_event_names_an_entry():
    """The notice names an entry that is no victim's, and the number of one who is: whom it told is not known."""
    events = [arrest("a", "2026-04-20T10:00", "1"),
              notice("2026-04-21T10:00", "1", "a", involvement_ref="s", person_ref="Nv")]  # fmt: skip
    data = Return(kinds=KINDS, crimes=[crime("1")], involvements=[victim("v", "1"), suspect("s", "1")], events=events)
    with ExpressionEngine() as engine:
        duty = only_row(facts_of(engine, data, "duty")["duty"], family="told of arrest")
    assert duty["state"] == "not known"
