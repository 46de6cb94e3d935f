"""Which groups do the records show, what is known of each, and does the force hold them?

To derive facts takes seconds, whatever the number of records: so every case below is a force of its own, and all of
them are worked out at once; a second return holds those whose lists are not whole.
"""

import itertools

import pytest
from tiny import Return, facts_of

from assay.engine import ExpressionEngine

CRIME = {
    "scope_reason": "core_offence", "offence_code": "71", "occurred_from": "2026-04-07",
    "reported_at": "2026-04-08T08:30", "recorded_at": "2026-04-08T11:10",
}  # fmt: skip
CLOSED = {"outcome_code": "15", "outcome_at": "2026-06-01", "closed_at": "2026-06-01"}
KINDS = {
    "independent_review_done": True,
    "closed_case_referred": True,
    "suspect_arrested": True,
    "suspect_charged": True,
}
TABLES = ("crimes", "involvements", "links", "groups", "group_members", "events", "orders", "claims", "profiles")
NAMED_PERSON = {"forenames": "Ash", "surname": "Example", "date_of_birth": "1990-05-06"}


def crime(ref="1", **values):
    return {**CRIME, "crime_ref": ref, **values}


def suspect(ref, crime_ref="1", person=None, known_as="named", **values):
    return {
        "involvement_ref": ref, "crime_ref": crime_ref, "person_ref": person, "role": "suspect",
        "suspect_known_as": known_as, **values,
    }  # fmt: skip


def victim(ref, crime_ref, person, born="2011-02-03", **values):
    return {
        "involvement_ref": ref, "crime_ref": crime_ref, "person_ref": person, "role": "victim", "date_of_birth": born,
        **values,
    }  # fmt: skip


A, B, CHILD = suspect("S1", "1", "P1"), suspect("S2", "1", "P2"), victim("V1", "1", "C1")


def listed(*members, kind="network"):
    return {
        "groups": [{"group_ref": "G1", "group_kind": kind, "mapped_on": "2026-05-01"}],
        "group_members": [
            {"group_ref": "G1", "person_ref": person_ref, "member_role": role} for person_ref, role in members
        ],
    }


def review(ref="1"):
    return {"event_ref": "E1", "kind": "independent_review_done", "happened_at": "2026-06-20T10:00", "crime_ref": ref}


def sent_on(ref="1"):
    return {**review(ref), "kind": "closed_case_referred", "happened_at": "2026-06-10T10:00"}


def contact_crimes(contact=True, **values):
    return {"crimes": [crime(**{**CLOSED, "contact_offence": contact, **values})]}


def ended(*codes):
    return {"involvements": [suspect(f"S{n}", "1", f"P{n}", suspect_outcome_code=code) for n, code in enumerate(codes)]}


TWO_OFFENDERS = [("P1", "offender"), ("P2", "offender")]
SUSPECTS_OF_TWO = [
    suspect("S1", "1", "P1", suspect_outcome_code="15"),
    suspect("S2", "2", "P1", suspect_outcome_code="15"),
]
TWO_CRIMES = [crime("1"), crime("2")]


def crimes_against(*victims, **done):
    return {"crimes": TWO_CRIMES, "involvements": [*SUSPECTS_OF_TWO, *victims], **done}


CHILDREN = (victim("V1", "1", "C1"), victim("V2", "2", "C2"))
ARREST = {"event_ref": "E1", "kind": "suspect_arrested", "happened_at": "2026-05-01T10:00", "crime_ref": "1"}
CHARGE = {**ARREST, "kind": "suspect_charged", "involvement_ref": "S1"}
ORDER = {"order_ref": "O1", "order_code": "SHPO", "served_on": "suspect", "person_ref": "P1", "made_at": "2026-05-02"}


def claim(status, day="2026-03-01", value=None, ref="K1"):
    return {"claim_ref": ref, "about_kind": "groups", "claimed_status": status, "claimed_value": value, "said_on": day}


def profile(groups):
    return [{"profile_ref": "F1", "published_on": "2026-01-01", "claimed_groups": groups}]


WHOLE = {
    "two": {},
    "denies": {"claims": [claim("none_exist")]},
    "denied once": {"claims": [claim("none_exist"), claim(None, "2026-03-02", 4.0, "K2")]},
    "counts none": {"claims": [claim(None, value=0.0)]},
    "says nothing of it": {"claims": [claim(None)]},
    "counts none in its profile": {"profiles": profile(0)},
    "counts three in its profile": {"profiles": profile(3)},
    "denies, and nobody knows whether it marked any": {
        "crimes": [crime(offence_code="17B")],
        "claims": [claim("none_exist")],
    },
    "denies, and shows none": {"involvements": [A, CHILD], "claims": [claim("none_exist")]},
    "some not named": {"involvements": [A, B, CHILD, suspect("S3", known_as="described"), suspect("S4", "1", "P1")]},
    "adult": {"involvements": [A, B, victim("V1", "1", "C1", "1990-01-01")]},
    "age unknown": {"involvements": [A, B, victim("V1", "1", "C1", None)]},
    "cancelled": {"crimes": [crime(cancelled_at="2026-05-01")]},
    "of another kind": {"crimes": [crime(scope_reason="child_as_suspect")]},
    "a vehicle": {
        "crimes": TWO_CRIMES,
        "involvements": [A, suspect("S2", "2", "P2")],
        "links": [
            {"link_ref": "K1", "person_ref": "P1", "link_kind": "vehicle", "link_value": "ZZ10ZZZ"},
            {"link_ref": "K2", "crime_ref": "2", "link_kind": "vehicle", "link_value": "ZZ10 ZZZ"},
        ],
    },
    "one force": {"involvements": [A, suspect("S2", "1", "P2", **NAMED_PERSON)]},
    "another force": {"involvements": [suspect("S3", "1", "Q7", **NAMED_PERSON)]},
    "held": listed(("P1", "offender"), ("P2", "facilitator")),
    "one shared": listed(("P1", "offender"), ("P9", "offender")),
    "as victim": listed(("P1", "offender"), ("P2", "victim")),
    "by the victim": listed(("P1", "offender"), ("C1", "victim")),
    "organised": listed(*TWO_OFFENDERS, kind="organised_crime_group"),
    "closed": contact_crimes(),
    "reviewed": contact_crimes() | {"events": [review()]},
    "referred": contact_crimes() | {"events": [sent_on()]},
    "no contact": contact_crimes(False),
    "contact unknown": contact_crimes(None),
    "charged": contact_crimes(outcome_code="1"),
    "open": {"crimes": [crime(outcome_code="0", contact_offence=True)]},
    "both died": ended("5", "5"),
    "one died": ended("5", "15"),
    "one died, one unknown": ended("5", None),
    "both unknown": ended(None, None),
    "returned": {"crimes": [crime(cocad_category="cse")]},
    "not returned": {"crimes": [crime(cocad_category="not_submitted")]},
    "nothing done": crimes_against(*CHILDREN),
    "arrested": crimes_against(*CHILDREN, events=[{**ARREST, "person_ref": "P1"}]),
    "charged by name": crimes_against(*CHILDREN, events=[CHARGE]),
    "under an order": crimes_against(*CHILDREN, orders=[ORDER]),
    "one child": crimes_against(CHILDREN[0], victim("V2", "2", "C1")),
    "second of unknown age": crimes_against(CHILDREN[0], victim("V2", "2", "C2", None)),
}
PARTLY = {"no whole list": {}, "closed": contact_crimes(), "nothing done": crimes_against(*CHILDREN)}


def return_of_cases(cases, **options):
    """A return of one force for each case."""
    rows = {name: [] for name in TABLES}
    for number, tables in enumerate(cases.values(), start=1):
        for name, records in {"crimes": [crime()], "involvements": [A, B, CHILD], **tables}.items():
            rows[name] += [{"force_code": f"INV{number:02d}", **row} for row in records]
    return Return(forces=[f"INV{number:02d}" for number in range(1, len(cases) + 1)], **{**rows, **options})


@pytest.fixture(scope="module")
def rows():
    """The facts of every case: rows["whole", "two", "found_group"]."""
    fact_names = ("found_group", "group", "suspected_person", "force")
    found = {}
    whole = return_of_cases(WHOLE, kinds=KINDS)
    partly = return_of_cases(PARTLY, kinds={"suspect_charged": True}, not_complete=["groups", "orders"])
    with ExpressionEngine() as engine:
        for version, cases, completeness in (("whole", WHOLE, whole), ("partly", PARTLY, partly)):
            facts = facts_of(engine, completeness, *fact_names)
            for (number, case), name in itertools.product(enumerate(cases, start=1), fact_names):
                found[version, case, name] = [row for row in facts[name] if row["force_code"] == f"INV{number:02d}"]
    return found


@pytest.fixture(scope="module")
def group(rows):
    """The one group by crimes of a case."""

    def facts_of_case(case, version="whole"):
        (row,) = [row for row in rows[version, case, "found_group"] if row["tied_by"] == "crimes"]
        return row

    return facts_of_case


def test_a_group_counts_its_people_once_named_or_not(group):
    row = group("some not named")
    assert (row["suspects"], row["named_suspects"], row["victims"], row["child_victim"]) == (3, 2, 1, True)
    assert (row["crimes"], row["crimes_here"], row["forces"], row["cross_force"]) == (1, 1, 1, False)


def test_an_adult_victim_alone_is_no_child_and_a_victim_of_unknown_age_leaves_it_open(group):
    assert group("adult")["child_victim"] is False
    assert group("age unknown")["child_victim"] is None


@pytest.mark.parametrize("case", ["cancelled", "of another kind"])
def test_a_cancelled_crime_and_one_of_which_a_child_is_suspected_make_no_group(rows, case):
    assert rows["whole", case, "found_group"] == []


def test_two_crimes_that_share_a_vehicle_are_one_group_by_anything_and_none_by_crimes(rows):
    found = rows["whole", "a vehicle", "found_group"]
    assert [(row["tied_by"], row["suspects"], row["crimes"]) for row in found] == [("anything", 2, 2)]


def test_one_person_known_to_two_forces_makes_a_group_of_two_forces_with_a_row_in_each(group):
    here, other_group = group("one force"), group("another force")
    assert here["group_ref"] == other_group["group_ref"]
    for row in (here, other_group):
        assert (row["suspects"], row["crimes"], row["crimes_here"], row["forces"]) == (2, 2, 1, 2)
        assert row["cross_force"] is True


@pytest.mark.parametrize(
    ("case", "is_held"),
    [
        ("held", True),
        ("one shared", False),  # one of two: may be another group
        ("as victim", False),
        ("by the victim", False),
        ("two", False),  # the force sent its whole list, and nothing stands on it
    ],
)
def test_a_group_is_held_if_two_of_its_suspects_offend_or_help_in_one_group_of_the_list(group, case, is_held):
    assert group(case)["held"] is is_held


def test_where_the_list_is_not_whole_it_is_not_known_that_a_group_is_not_on_it(group):
    assert group("no whole list", "partly")["held"] is None


def test_a_mapped_group_is_organised_crime_only_where_it_is_mapped_so(group):
    assert group("held")["held_as_organised"] is False
    assert group("organised")["held_as_organised"] is True


def test_a_group_of_the_list_that_the_records_show_too_is_found(rows):
    assert [row["found"] for row in rows["whole", "held", "group"]] == [True]
    assert [row["found"] for row in rows["whole", "one shared", "group"]] == [False]


@pytest.mark.parametrize(
    ("case", "version", "unreviewed"),
    [
        ("closed", "whole", True),
        ("closed", "partly", None),  # whether one was done was not sent
        ("reviewed", "whole", False),
        ("no contact", "whole", False),
        ("contact unknown", "whole", None),
        ("charged", "whole", False),
        ("open", "whole", False),
    ],
)
def test_a_closed_case_waits_for_review_if_it_is_of_contact_and_nobody_outside_has_looked(
    group, case, version, unreviewed
):
    assert group(case, version)["unreviewed"] is unreviewed


@pytest.mark.parametrize(
    ("case", "version", "unreferred"),
    [
        ("closed", "whole", True),
        ("closed", "partly", None),  # neither reviews nor referrals were sent
        ("referred", "whole", False),
        ("reviewed", "whole", False),  # who was reviewed need not be referred
        ("no contact", "whole", False),
        ("contact unknown", "whole", None),
    ],
)
def test_a_closed_case_was_not_referred_only_where_the_force_sends_every_referral_and_there_is_none(
    group, case, version, unreferred
):
    assert group(case, version)["unreferred"] is unreferred


@pytest.mark.parametrize(
    ("case", "living"),
    [("both died", False), ("one died", True), ("one died, one unknown", None), ("both unknown", None)],
)
def test_a_suspect_lives_if_something_else_stands_against_them_and_is_not_known_to_where_nothing_does(
    group, case, living
):
    assert group(case)["suspect_living"] is living


def test_a_category_of_complex_abuse_is_read_as_it_was_returned(group):
    assert [group(case)["complex_abuse"] for case in ("returned", "not returned", "two")] == [True, False, None]


def suspected(rows, case, version="whole"):
    (row,) = rows[version, case, "suspected_person"]
    return row


def test_a_suspect_of_crimes_against_two_children_about_whom_nothing_was_done(rows):
    row = suspected(rows, "nothing done")
    assert (row["crimes"], row["children"], row["several_children"]) == (2, 2, True)
    assert (row["arrested_or_charged"], row["under_order"], row["acted_on"]) == (False, False, False)


@pytest.mark.parametrize("case", ["arrested", "charged by name", "under an order"])
def test_an_arrest_a_charge_or_an_order_is_something_done(rows, case):
    assert suspected(rows, case)["acted_on"] is True


def test_where_arrests_or_orders_were_not_sent_whole_it_is_not_known_that_nothing_was_done(rows):
    row = suspected(rows, "nothing done", "partly")
    assert (row["arrested_or_charged"], row["under_order"], row["acted_on"]) == (None, None, None)


def test_the_same_child_twice_is_one_child_and_a_second_of_unknown_age_leaves_it_open(rows):
    assert suspected(rows, "one child")["several_children"] is False
    unsure = suspected(rows, "second of unknown age")
    assert (unsure["children"], unsure["several_children"]) == (1, None)


@pytest.mark.parametrize(
    ("case", "claimed", "denies"),
    [
        ("two", 1, None),
        ("denies", 1, True),
        ("denied once", 1, False),
        ("counts none", 1, True),
        ("says nothing of it", 1, None),
        ("counts none in its profile", 1, True),
        ("counts three in its profile", 1, False),
        ("denies, and nobody knows whether it marked any", None, True),
        ("age unknown", None, None),
        ("denies, and shows none", 0, True),
        ("adult", 0, None),
    ],
)
def test_a_force_denies_groups_by_what_it_said_last_or_by_its_profile(rows, case, claimed, denies):
    (row,) = rows["whole", case, "force"]
    assert (row["groups_shown"], row["denies_groups"]) == (claimed, denies)
