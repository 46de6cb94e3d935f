"""What is known of risk assessments, of spells on a list, of children who came to notice, and of who they all are?"""

from datetime import date

import pyarrow as pa
import pytest
from tiny import FORCE, Return, facts_on, only_row, tables_held

from assay.engine import ExpressionEngine
from assay.facts.risk_assessments import NARRATIVES

# Extracted on 3 August 2026; the period is April to June.
BORN = "2012-03-04"
CHILD = {"scope_reason": "core_offence", "offence_code": "13", "occurred_from": "2026-04-01"}
CRIMES = [
    {**CHILD, "crime_ref": "1", "reported_at": "2026-04-10T09:00", "recorded_at": "2026-04-10T10:00"},
    {**CHILD, "crime_ref": "2", "reported_at": "2026-06-20T09:00", "recorded_at": "2026-06-20T10:00"},
    {**CHILD, "crime_ref": "3", "reported_at": "2026-04-10T09:00", "recorded_at": "2026-04-10T10:00",
     "cancelled_at": "2026-05-01T09:00"},
]  # fmt: skip
PEOPLE = [
    {"involvement_ref": "V1", "crime_ref": "1", "role": "victim", "person_ref": "P1", "date_of_birth": BORN, "sex": "F",
     "ethnicity_self": "A4", "disability": False, "care_status": "in_care_own_area", "nationality": "GBR"},
    {"involvement_ref": "V2", "crime_ref": "2", "role": "victim", "person_ref": "P2", "date_of_birth": BORN,
     "sex_missing_reason": "NOT_ASKED", "ethnicity_self": "NS", "care_status": "care_leaver", "nationality": "XXA"},
    {"involvement_ref": "V3", "crime_ref": "3", "role": "victim", "person_ref": "P3", "date_of_birth": BORN},
    {"involvement_ref": "S1", "crime_ref": "1", "role": "suspect", "person_ref": "P9", "suspect_known_as": "named",
     "date_of_birth": "2009-05-01", "ethnicity_officer": "IC9"},
]  # fmt: skip
ASSESSED = {"assessed_at": "2026-05-01T09:00", "tool": "SERAF", "harm_finding": "at_risk_only"}
ASSESSMENTS = [
    {**ASSESSED, "assessment_ref": "after", "person_ref": "P1", "score": 12.0, "band": "medium"},
    {**ASSESSED, "assessment_ref": "same day", "person_ref": "P1", "assessed_at": "2026-04-10T18:00",
     "harm_finding": "not_stated"},
    {**ASSESSED, "assessment_ref": "before", "person_ref": "P2", "harm_finding": "harm_suspected", "score": 7.0,
     "band": "high", "override": True},
    {**ASSESSED, "assessment_ref": "cancelled", "person_ref": "P3", "score": 7.0, "band": "high",
     "override": False},
    {**ASSESSED, "assessment_ref": "said", "person_ref": "P4", "harm_finding": "harm_known"},
    {**ASSESSED, "assessment_ref": "nobody", "person_ref": None},
]  # fmt: skip
# Two vulnerability items, a moderate indicator of the last six months, one significant then (5) and one both then and
# earlier (6): 2 + 1 + 5 + 6 = 14.
AFTER = [("vulnerability", "yes"), ("vulnerability", "yes"), ("moderate", "last_6_months"),
         ("significant", "last_6_months"), ("significant", "both")]  # fmt: skip
# One significant both then and earlier (6), one moderate (1): 7, the category of 6 to 10.
SEVEN = [("significant", "both"), ("moderate", "yes"), ("moderate", "no")]
ITEMS = [
    {"assessment_ref": ref, "item_code": str(number), "item_kind": kind, "present": present}
    for ref, items in (("after", AFTER), ("before", SEVEN), ("cancelled", SEVEN), ("said", [("significant", "yes")]))
    for number, (kind, present) in enumerate(items)
]
LIST = {"register_kind": "multi_agency", "person_ref": "P1", "tier": "high"}
SPELLS = [
    {**LIST, "register_ref": "a", "started_on": "2026-03-01", "ended_on": "2026-04-20", "reason_ended": "tier_changed"},
    {**LIST, "register_ref": "b", "started_on": "2026-04-20", "tier": "medium", "ended_on": "2026-05-02",
     "reason_ended": "risk_reduced"},
    {**LIST, "register_ref": "c", "person_ref": "P2", "started_on": "2026-04-20", "ended_on": "2026-05-02",
     "reason_ended": "risk_reduced"},
    {**LIST, "register_ref": "d", "person_ref": "P3", "started_on": "2026-04-20", "ended_on": "2026-06-02",
     "reason_ended": "turned_18"},
    {**LIST, "register_ref": "e", "person_ref": "P3", "started_on": "2026-06-20"},
    {**LIST, "register_ref": "f", "person_ref": "P4", "started_on": "2026-04-20", "ended_on": "2026-06-02"},
    {**LIST, "register_ref": "quiet", "person_ref": "P5", "started_on": "2026-04-01", "ended_on": "2026-04-02"},
]  # fmt: skip
MISSING = [
    {"missing_ref": f"M{day}", "person_ref": "P2", "started_at": f"2026-05-{day:02}T20:00"} for day in (3, 4, 5, 20)
]
FLAGS = [
    {"flag_ref": "F1", "missing_ref": "M5", "flag": "cse", "added_at": "2026-05-06T09:00"},
    {"flag_ref": "F2", "crime_ref": "1", "flag": "cse", "added_at": "2026-04-30T09:00"},
]
REFERRALS = [
    {"referral_ref": "R1", "direction": "in", "agency_kind": "education", "person_ref": "P1",
     "made_at": "2026-07-15T09:00"},
    {"referral_ref": "R2", "direction": "out", "agency_kind": "local_authority", "person_ref": "P2",
     "made_at": "2026-05-10T09:00"},
]  # fmt: skip
DATA = Return(
    crimes=CRIMES,
    involvements=[*PEOPLE, *({"involvement_ref": f"N{n}", "role": "nominal", "person_ref": f"P{n}"} for n in (4, 5))],
    assessments=ASSESSMENTS, assessment_items=ITEMS, registers=SPELLS, missing=MISSING, flags=FLAGS,
    referrals=REFERRALS,
    events=[{"event_ref": "E1", "kind": "disclosure_recorded", "happened_at": "2026-04-28T10:00", "person_ref": "P4"}],
    kinds={"disclosure_recorded": True},
)  # fmt: skip
FACT_NAMES = ("assessment", "list_spell", "known_child", "described")


TEXT, YES = pa.string(), pa.bool_()
NARRATIVE_TYPES = {"force_code": TEXT, "assessment_ref": TEXT, "narrative_given": YES, "narrative_copied": YES}
READ = pa.table(
    dict(zip(NARRATIVE_TYPES, [["INV01"], ["after"], [True], [False]], strict=True)),
    pa.schema(list(NARRATIVE_TYPES.items())),
)


@pytest.fixture(scope="module")
def found():
    with ExpressionEngine() as engine:
        tables = tables_held(engine, DATA.tables()) | {NARRATIVES: engine.table("narratives", READ)}
        facts = facts_on(engine, tables, FACT_NAMES)
        return {name: engine.run(facts[name]).to_pylist() for name in FACT_NAMES}


# Four forces, each with the same two crimes, and a profile that claims another number or is of other days.
QUARTER, LONG = ("2026-04-01", "2026-07-01"), ("2025-04-01", "2026-07-01")
CLAIMS = {"two": (2, QUARTER), "three": (3, QUARTER), "long": (2, LONG), "none": (None, QUARTER)}
CHILDREN = {"two": 2, "three": 3, "long": 2}
SUSPECTS = {"two": 1, "three": 0, "long": 1}
PARTLY = Return(
    crimes=[{**crime, "force_code": force} for force in CLAIMS for crime in CRIMES],
    involvements=[{**person, "force_code": force} for force in CLAIMS for person in PEOPLE],
    flags=[{**FLAGS[1], "force_code": force} for force in CLAIMS],
    profiles=[
        {"force_code": force, "profile_ref": "new", "published_on": "2026-07-02", "claimed_crimes": claimed,
         "data_from": days[0], "data_to": days[1], "claimed_children": CHILDREN.get(force),
         "claimed_suspects": SUSPECTS.get(force)}
        for force, (claimed, days) in CLAIMS.items()
    ] + [{"force_code": force, "profile_ref": "old", "published_on": "2025-01-01"} for force in CLAIMS],
    profile_sources=[{"force_code": force, "profile_ref": "new", "source": "police_crime"} for force in CLAIMS],
    registers=[{**LIST, "force_code": "two", "register_ref": "x", "started_on": "2026-04-01", "ended_on": "2026-04-02"},
               {**LIST, "force_code": "two", "register_ref": "y", "person_ref": "P9", "started_on": "2026-04-01",
                "ended_on": "2026-04-02"}],
    assessments=[{**ASSESSED, "force_code": "two", "assessment_ref": "unread", "person_ref": "P1"}],
    missing=[], referrals=[], forces=tuple(CLAIMS), not_complete=("missing",), absent_columns=("involvements.sex",),
)  # fmt: skip


@pytest.fixture(scope="module")
def partly():
    with ExpressionEngine() as engine:
        partial_tables = PARTLY.tables()
        left = [{**row, "force_code": force} for force in CLAIMS for row in partial_tables["columns"].to_pylist()]
        partial_tables["columns"] = pa.Table.from_pylist(left, partial_tables["columns"].schema)
        names = (*FACT_NAMES, "force")
        facts = facts_on(engine, tables_held(engine, partial_tables), names)
        return {name: engine.run(facts[name]).to_pylist() for name in names}


@pytest.mark.parametrize(
    ("ref", "before", "is_named"),
    [
        ("after", True, False),  # reported on 10 April, assessed on 1 May
        ("same day", None, None),  # the order is open; and it states nothing of harm
        ("before", False, True),  # the crime was reported on 20 June
        ("cancelled", False, False),
        ("said", True, True),  # what the child said was entered on 28 April
        ("nobody", None, False),
    ],
)
def test_harm_had_happened_if_it_was_known_before_the_day_of_the_assessment(found, ref, before, is_named):
    row = only_row(found["assessment"], record_ref=ref)
    assert (row["harm_before"], row["harm_named"]) == (before, is_named)


@pytest.mark.parametrize(
    ("ref", "score_right", "band_right"),
    [
        ("after", False, True),  # 14 by the key, 12 as entered; 12 is category 3: medium or high
        ("before", True, True),  # 7 is low or medium, and high was set by the assessor, who says so
        ("cancelled", True, False),  # the same, and the assessor did not
        ("said", None, None),  # of a significant indicator without a time the key says nothing
        ("same day", None, None),  # no items
    ],
)
def test_a_score_is_added_up_again_and_a_band_follows_from_it_or_from_the_assessor(found, ref, score_right, band_right):
    row = only_row(found["assessment"], record_ref=ref)
    assert (row["score_right"], row["band_right"]) == (score_right, band_right)


def test_words_that_nobody_looked_at_are_not_known_and_else_as_they_were_found(found, partly):
    assert only_row(found["assessment"], record_ref="after")["narrative_copied"] is False
    assert only_row(found["assessment"], record_ref="before")["narrative_given"] is None
    assert only_row(partly["assessment"], record_ref="unread")["narrative_given"] is None


WORDS = (("after", None), ("said", True), ("before", None), ("cancelled", False), ("same day", None))
# after, cancelled: harm is not named; said, before: it is; same day: nothing is stated of harm
READ_IN_PART = pa.table(
    {"force_code": ["INV01"] * 5, "assessment_ref": [ref for ref, _ in WORDS], "narrative_given": [yes for _, yes in WORDS],
     "narrative_copied": pa.nulls(5, YES)},
    READ.schema,
)  # fmt: skip


def test_harm_named_in_words_is_not_known_wherever_nobody_looked_at_the_words():
    with ExpressionEngine() as engine:
        tables = tables_held(engine, DATA.tables()) | {NARRATIVES: engine.table("narratives", READ_IN_PART)}
        rows = engine.run(facts_on(engine, tables, ("assessment",))["assessment"]).to_pylist()
    found = {row["record_ref"]: row["harm_in_words"] for row in rows}
    assert found == {"after": None, "said": True, "before": None, "cancelled": False, "same day": None, "nobody": None}


def test_harm_neither_named_nor_said_is_no_harm_in_words(found):
    rows = {row["record_ref"]: row["harm_in_words"] for row in found["assessment"]}
    assert rows["after"] is False  # read: it has words, and names no harm
    assert {rows[ref] for ref in rows if ref != "after"} == {None}


@pytest.mark.parametrize(
    ("ref", "removed", "lowered", "let_go"),
    [
        ("a", False, True, True),  # high, then medium on the same day
        ("b", True, False, True),
        ("d", False, False, False),  # came of age
        ("e", False, False, False),  # still on it
        ("f", True, False, True),  # no reason is entered
    ],
)
def test_who_was_taken_off_a_list_or_moved_down(found, ref, removed, lowered, let_go):
    row = only_row(found["list_spell"], record_ref=ref)
    assert (row["removed"], row["lowered"], row["let_go"]) == (removed, lowered, let_go)


def test_days_until_a_child_who_was_let_go_comes_to_notice_again(found):
    b, c, f = (only_row(found["list_spell"], record_ref=ref) for ref in "bcf")
    # 2 May to the referral of 15 July: 29 days of May, 30 of June, 15. Seen until 3 August: 93 days.
    assert (b["days_to_sign"], b["days_seen"], b["back_in_90"]) == (29 + 30 + 15, 93, True)
    # Missing on the next day; so it is back in 180 days too, though these have not passed.
    assert (c["days_to_sign"], c["back_in_90"], c["back_in_180"]) == (1, True, True)
    # Nothing came, and only 62 days were seen.
    assert (f["days_to_sign"], f["days_seen"], f["back_in_90"], f["followed_90"]) == (None, 62, None, False)


def test_that_nothing_came_to_notice_is_known_only_where_everything_was_sent(found, partly):
    assert only_row(found["list_spell"], record_ref="quiet")["back_in_90"] is False
    row = only_row(partly["list_spell"], record_ref="x")  # the list of missing episodes is not whole
    assert (row["days_to_sign"], row["signs_known"]) == (8, False)  # 2 April to the report of 10 April
    assert (row["back_in_90"], row["followed_180"]) == (True, False)
    assert only_row(partly["list_spell"], record_ref="y")["back_in_90"] is None


def test_how_long_it_took_from_the_first_sign(found):
    p2 = only_row(found["known_child"], flagged=True, episodes=4)
    # The first sign of P2 is the episode of 3 May; assessed on 1 May, before it. Flagged on 6 May.
    assert (p2["assessed_before"], p2["days_to_flag"], p2["flagged_before"]) == (True, 3, False)
    # Missing on 3, 4 and 5 May before the flag, and on the 20th after it.
    assert (p2["episodes_before_flag"], p2["many_before_flag"]) == (3, True)
    p1 = only_row(found["known_child"], flagged=True, episodes=0)
    assert (p1["days_to_assessment"], p1["days_to_flag"], p1["many_before_flag"]) == (0, 20, False)


def test_what_is_recorded_of_people_and_why_it_is_not(found):
    v1, v2, s1 = (only_row(found["described"], record_ref=ref) for ref in ("V1", "V2", "S1"))
    assert (v1["sex_group"], v1["ethnicity_self_group"], v1["disability_group"]) == ("female", "Asian", "not disabled")
    assert (v1["care_status_group"], v1["nationality_group"], v1["age_band"]) == ("in care", "British", "13 to 15")
    assert (v2["sex_recorded"], v2["sex_reason"], v2["sex_group"]) == (False, "NOT_ASKED", None)
    # Asked and not stated is an answer; stateless is a nationality that is not British.
    assert (v2["ethnicity_self_recorded"], v2["ethnicity_self_group"]) == (True, "Not stated")
    assert (v2["nationality_group"], v2["care_status_group"]) == ("another nationality", "has left care")
    assert (s1["ethnicity_officer_recorded"], s1["ethnicity_officer_group"], s1["age_band"]) == (
        False,
        None,
        "16 and 17",
    )


def test_a_column_that_was_not_sent_is_not_known_and_not_missing(partly):
    assert {row["sex_recorded"] for row in partly["described"]} == {None}
    assert {row["nationality_recorded"] for row in partly["described"]} == {True, False}


@pytest.mark.parametrize(
    ("force", "fits"),
    [
        ("two", True),  # one crime is flagged, and two in scope were not cancelled: from 1 to 2
        ("three", False),
        ("long", None),  # the return holds nothing of the year before
        ("none", None),
    ],
)
def test_the_crimes_of_the_latest_profile_are_held_against_those_of_the_records(partly, force, fits):
    row = only_row(partly["force"], force_code=force)
    assert row["profile_crimes_fit"] is fits
    assert row["profile_uses_partners_data"] is False
    assert row["profile_covers_a_year"] is (force == "long")


def profile_fit(claimed, history, window):
    """Whether a profile fits that counts so many crimes, of a return with some crimes in its history."""
    crimes = [
        {**CHILD, "crime_ref": f"H{n}", "reported_at": f"{day}T09:00", "recorded_at": f"{day}T10:00"}
        for n, day in enumerate([*history, *(f"2026-04-{day:02}" for day in range(10, 20))])
    ]
    force_return = Return(
        crimes=crimes, flags=[], involvements=[], history_from=date(2025, 4, 1),
        profiles=[{"profile_ref": "new", "published_on": "2026-07-02", "claimed_crimes": claimed,
                   "data_from": window[0], "data_to": window[1]}], profile_sources=[],
    )  # fmt: skip
    with ExpressionEngine() as engine:
        facts_found = facts_on(engine, tables_held(engine, force_return.tables()), ("force",))
        return only_row(engine.run(facts_found["force"]).to_pylist(), force_code=FORCE)["profile_crimes_fit"]


@pytest.mark.parametrize(("claimed", "fits"), [(10, True), (12, True), (13, False)])
def test_a_profile_fits_within_a_quarter_of_what_the_records_hold(claimed, fits):
    assert profile_fit(claimed, (), QUARTER) is fits


def test_a_profile_of_days_before_the_period_is_not_known_where_the_history_holds_only_some_crimes():
    # Ten crimes in 91 days of the period: about 40 in the 365 days before, if the history is whole.
    before = ("2025-04-01", "2026-04-01")
    assert profile_fit(40, ("2025-09-01",), before) is None
    whole = [f"2025-{month:02}-{day:02}" for month in range(4, 12) for day in (3, 9, 15, 21, 27)]
    assert profile_fit(40, whole, before) is True


@pytest.mark.parametrize(
    ("force", "children", "suspects"),
    [
        ("two", True, True),  # P1 is a victim of the flagged crime, P1 and P2 are of those in scope: from 1 to 2
        ("three", False, False),  # P9 is named on the flagged crime, and is the only one: from 1 to 1
        ("long", None, None),
        ("none", None, None),
    ],
)
def test_the_children_and_suspects_of_the_latest_profile_are_held_against_those_of_the_records(
    partly, force, children, suspects
):
    row = only_row(partly["force"], force_code=force)
    assert (row["profile_children_fit"], row["profile_suspects_fit"]) == (children, suspects)
    if force in ("two", "three"):
        assert (row["profile_children_lowest"], row["profile_children_highest"]) == (1, 2)
        assert (row["profile_suspects_lowest"], row["profile_suspects_highest"]) == (1, 1)
    assert row["profile_age_days"] == 32  # 2 July to 3 August


PARTS = [
    {"involvement_ref": "V1", "crime_ref": "1", "role": "victim", "person_ref": "P1", "date_of_birth": BORN},
    {"involvement_ref": "V2", "crime_ref": "1", "role": "victim", "person_ref": "P2"},
    {"involvement_ref": "S1", "crime_ref": "1", "role": "suspect", "person_ref": "P8", "suspect_known_as": "named"},
    {"involvement_ref": "S2", "crime_ref": "1", "role": "suspect", "suspect_known_as": "described"},
    {"involvement_ref": "S3", "crime_ref": "1", "role": "suspect", "suspect_known_as": "nothing_known"},
]  # fmt: skip


def test_who_may_be_a_child_or_another_suspect_counts_at_the_top_alone():
    """One child is known as such and one victim is of unknown age; one suspect is named, and two may be two more."""
    data = Return(crimes=CRIMES[:1], involvements=PARTS, flags=FLAGS[1:], profiles=[
        {"profile_ref": "new", "published_on": "2026-07-02", "data_from": QUARTER[0], "data_to": QUARTER[1]},
    ])  # fmt: skip
    with ExpressionEngine() as engine:
        facts = facts_on(engine, tables_held(engine, data.tables()), ("force",))
        (row,) = engine.run(facts["force"]).to_pylist()
    assert [row[f"profile_children_{end}"] for end in ("lowest", "highest")] == [1, 2]
    assert [row[f"profile_suspects_{end}"] for end in ("lowest", "highest")] == [1, 3]
