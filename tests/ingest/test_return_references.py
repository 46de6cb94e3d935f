"""What becomes of a row that names what is not there, or what its own kind of row may not name? (R27 to R40)"""

from __future__ import annotations

import pytest
from pencil_store import Row, broken, cells, lines, store_of

from assay import contract
from assay.ingest import reference_checks
from assay.ingest.reference_checks import (
    HOME_TABLES,
    INAPPLICABLE_COLUMNS,
    OPTIONAL_REFERENCES,
    PERSON_REFERENCE_TABLES,
    REQUIRED_REFERENCES,
)
from assay.ingest.staging_store import StagingStore


def checked(**tables: list[Row]) -> StagingStore:
    store = store_of(**tables)
    reference_checks.check(store)
    return store


CRIME = [{"crime_ref": "C1"}]
VICTIM = {"involvement_ref": "V1", "crime_ref": "C1", "person_ref": "N1"}
SUSPECT = {"involvement_ref": "S1", "crime_ref": "C1", "person_ref": "N2", "role": "suspect"}
CASE = {"crimes": CRIME, "involvements": [VICTIM, SUSPECT]}


def event(number: int, kind: str, **fields: object) -> Row:
    return {"event_ref": f"E{number}", "kind": kind} | fields


def referral(number: int, direction: str, **fields: object) -> Row:
    return {"referral_ref": f"R{number}", "crime_ref": "C1", "direction": direction} | fields


# R27


def test_a_note_to_no_crime_is_set_aside_and_the_notes_of_the_crime_stay():
    store = checked(crimes=CRIME, notes=[{"note_ref": "A", "crime_ref": "C1"}, {"note_ref": "B", "crime_ref": "C9"}])
    assert lines(store, "notes") == [2]
    assert broken(store, "R27") == [("notes", "crime_ref", 3)]


def test_a_note_to_no_crime_stays_where_the_crimes_were_not_sent():
    store = checked(notes=[{"note_ref": "B", "crime_ref": "C9"}])
    assert lines(store, "notes") == [2]
    assert broken(store, "R27") == []


def test_a_note_stays_where_the_crimes_were_refused():
    store = store_of(crimes=CRIME, notes=[{"note_ref": "B", "crime_ref": "C9"}])
    store.refuse_table("R03", "crimes")
    reference_checks.check(store)
    assert lines(store, "notes") == [2]


def test_what_hangs_on_a_row_that_was_set_aside_goes_with_it():
    """The involvement names no crime; its alias and its event name the involvement."""
    store = checked(
        crimes=CRIME,
        involvements=[VICTIM, SUSPECT | {"crime_ref": "C9"}],
        aliases=[{"alias_ref": "A1", "involvement_ref": "V1"}, {"alias_ref": "A2", "involvement_ref": "S1"}],
        events=[event(1, "suspect_arrested", crime_ref="C1", involvement_ref="S1")],
    )
    assert (lines(store, "involvements"), lines(store, "aliases"), lines(store, "events")) == ([2], [2], [])


def test_an_empty_reference_names_nothing_and_breaks_nothing():
    store = checked(crimes=CRIME, flags=[{"flag_ref": "F1", "person_ref": "N1"}])
    assert broken(store, "R27") == []


def test_every_reference_of_the_contract_to_another_table_is_looked_up():
    """The contract says which column names which table; persons and events have rules of their own (R29, R30)."""
    reasons_sent = {
        (table.name, column.name, column.refers)
        for table in contract.tables().values()
        for column in table.columns
        if column.refers and column.name != "about_event_ref"
    }
    reasons_known = {
        (table, column, HOME_TABLES[column])
        for group in (REQUIRED_REFERENCES, OPTIONAL_REFERENCES)
        for table, columns in group.items()
        for column in columns
    }
    # A mark has a rule of its own (R55), and a summary may be of any crime (section 7.2).
    elsewhere = {("marks", "supersedes_mark_ref", "marks"), ("summaries", "crime_ref", "crimes")}
    assert reasons_sent - elsewhere <= reasons_known
    assert all(column in contract.table(table).column_names for table, column, _ in reasons_known)


def test_every_table_that_names_a_person_is_held_against_the_list_of_persons():
    tables_named = {t.name for t in contract.tables().values() if "person_ref" in t.column_names}
    assert set(PERSON_REFERENCE_TABLES) == tables_named - {"involvements"}


# R28, R29


def test_an_order_that_names_no_crime_stands_without_the_crime():
    store = checked(
        crimes=CRIME, orders=[{"order_ref": "O1", "crime_ref": "C9"}, {"order_ref": "O2", "crime_ref": "C1"}]
    )
    assert cells(store, "orders", "crime_ref") == [None, "C1"]
    assert broken(store, "R28") == [("orders", "crime_ref", 2)]


def test_a_person_of_whom_no_details_were_sent_is_a_person_without_details():
    store = checked(
        **CASE, registers=[{"register_ref": "R1", "person_ref": "N1"}, {"register_ref": "R2", "person_ref": "N9"}]
    )
    assert broken(store, "R29") == [("registers", "person_ref", 3)]
    assert lines(store, "registers") == [2, 3]


# R30

NOTICE = {"crime_ref": "C1", "person_ref": "N1"}
ARREST = {"crime_ref": "C1", "person_ref": "N2"}


@pytest.mark.parametrize(
    ("sentence", "notice", "reported", "is_reported"),
    [
        ("the victim is told of the suspect's arrest on the same crime", {}, ARREST, True),
        ("the event that is named was not sent", {"about_event_ref": "E9"}, ARREST, False),
        ("it names itself", {"about_event_ref": "E1"}, ARREST, False),
        (
            "the event belongs to another crime and to another person",
            {},
            {"crime_ref": "C2", "person_ref": "N3"},
            False,
        ),
        ("the event belongs to another crime of the same person", {}, {"crime_ref": "C2", "person_ref": "N1"}, True),
        ("the event belongs to another crime, and nobody is named", {}, {"crime_ref": "C2"}, False),
    ],
)
def test_a_notice_reports_an_event_of_its_own_crime_or_child(sentence, notice, reported, is_reported):
    store = checked(
        crimes=[*CRIME, {"crime_ref": "C2"}],
        events=[
            event(1, "victim_informed", **NOTICE | {"about_event_ref": "E2"} | notice),
            event(2, "suspect_arrested", **reported),
        ],
    )
    assert (cells(store, "events", "about_event_ref")[0] is not None) == is_reported, sentence
    assert (broken(store, "R30") == []) == is_reported


def test_a_notice_of_an_event_that_was_set_aside_reports_nothing():
    store = checked(
        crimes=CRIME,
        events=[
            event(1, "victim_informed", **NOTICE, about_event_ref="E2"),
            event(2, "suspect_arrested", crime_ref="C9"),
        ],
    )
    assert broken(store, "R30") == [("events", "about_event_ref", 2)]


# R31 to R33


@pytest.mark.parametrize(
    ("sentence", "table", "row", "stays"),
    [
        ("a victim of one crime", "involvements", VICTIM, True),
        ("a person of a crime and a report at once", "involvements", VICTIM | {"report_ref": "R1"}, False),
        ("a victim of nothing", "involvements", VICTIM | {"crime_ref": None}, False),
        ("a person who is only named elsewhere", "involvements", {"involvement_ref": "V1", "role": "nominal"}, True),
        ("such a person tied to a crime", "involvements", VICTIM | {"role": "nominal"}, False),
        ("a flag on one crime", "flags", {"flag_ref": "F1", "crime_ref": "C1"}, True),
        ("a flag on nothing", "flags", {"flag_ref": "F1"}, False),
        ("a flag on a crime and a person", "flags", {"flag_ref": "F1", "crime_ref": "C1", "person_ref": "N1"}, False),
        ("a note on a person", "notes", {"note_ref": "N1", "person_ref": "N1"}, True),
        ("a note on nothing", "notes", {"note_ref": "N1"}, False),
        (
            "a link of a crime",
            "links",
            {"link_ref": "L1", "crime_ref": "C1", "link_kind": "place", "link_value": "P"},
            True,
        ),
        ("a link of nothing", "links", {"link_ref": "L1", "link_kind": "place", "link_value": "P"}, False),
    ],
)
def test_a_row_belongs_to_as_many_things_as_its_table_says(sentence, table, row, stays):
    store = checked(crimes=CRIME, **{table: [row]})
    assert (lines(store, table) == [2]) == stays, sentence
    assert (broken(store, "R31") == []) == stays


@pytest.mark.parametrize(
    ("kind", "enough", "lacking"),
    [
        ("investigation_opened", {"crime_ref": "C1"}, {"person_ref": "N1"}),
        ("victim_contacted", {"crime_ref": "C1"}, {"person_ref": "N1"}),
        ("suspect_arrested", {"crime_ref": "C1"}, {"person_ref": "N1"}),
        ("la_informed", {"person_ref": "N1"}, {"crime_ref": "C1"}),
        ("la_informed", {"involvement_ref": "V1"}, {"missing_ref": "M1"}),
        ("return_interview_completed", {"missing_ref": "M1"}, {"person_ref": "N1"}),
        ("device_seized", {"exhibit_ref": "X1"}, {"crime_ref": "C1"}),
        ("intelligence_submitted", {"missing_ref": "M1"}, {"exhibit_ref": "X1"}),
    ],
)
def test_an_event_names_what_its_kind_is_about(kind, enough, lacking):
    store = checked(events=[event(1, kind, **enough), event(2, kind, **lacking)])
    assert lines(store, "events") == [2]
    assert broken(store, "R32") == [("events", "", 3)]


def test_an_event_that_has_its_home_in_another_table_is_not_read_twice():
    store = checked(
        events=[event(1, "crime_recorded", crime_ref="C1"), event(2, "investigation_opened", crime_ref="C1")]
    )
    assert lines(store, "events") == [3]
    assert broken(store, "R33") == [("events", "kind", 2)]


# R34, R35

SECOND_VICTIM = {"involvement_ref": "V2", "crime_ref": "C1"}


@pytest.mark.parametrize(
    ("sentence", "kind", "persons", "known"),
    [
        ("one victim: it is that one", "victim_contacted", [VICTIM], True),
        ("no victim", "victim_contacted", [SUSPECT], False),
        ("two victims", "victim_contacted", [VICTIM, SECOND_VICTIM], False),
        (
            "one victim entered twice under one number",
            "victim_contacted",
            [VICTIM, VICTIM | {"involvement_ref": "V2"}],
            True,
        ),
        ("one suspect", "suspect_arrested", [VICTIM, SUSPECT], True),
        ("no suspect", "suspect_arrested", [VICTIM], False),
        ("about the crime, so about nobody", "investigation_opened", [], True),
    ],
)
def test_an_event_that_names_nobody_is_about_the_only_one_there_is(sentence, kind, persons, known):
    store = checked(crimes=CRIME, involvements=persons, events=[event(1, kind, crime_ref="C1")])
    assert broken(store, "R34") == ([] if known else [("events", "person_ref", 2)]), sentence
    assert lines(store, "events") == [2]


@pytest.mark.parametrize(
    ("sentence", "kind", "person_ref", "fits"),
    [
        ("the victim is contacted", "victim_contacted", {"person_ref": "N1"}, True),
        ("the suspect is contacted as a victim", "victim_contacted", {"person_ref": "N2"}, False),
        ("a stranger is arrested", "suspect_arrested", {"person_ref": "N9"}, False),
        ("the suspect is named by the row in involvements", "suspect_arrested", {"involvement_ref": "S1"}, True),
        ("the victim's row is named for an arrest", "suspect_arrested", {"involvement_ref": "V1"}, False),
    ],
)
def test_an_event_names_a_person_who_has_that_part_in_the_crime(sentence, kind, person_ref, fits):
    store = checked(**CASE, events=[event(1, kind, crime_ref="C1", **person_ref)])
    assert broken(store, "R35") == ([] if fits else [("events", "person_ref", 2)]), sentence


# R36

RIGHT_AND_WRONG: dict[tuple[str, str], tuple[Row, Row]] = {
    ("involvements", "suspect_known_as"): (SUSPECT | {"suspect_known_as": "named"}, VICTIM | {"suspect_known_as": "named"}),
    ("involvements", "relationship"): (SUSPECT | {"relationship": "other"}, VICTIM | {"relationship": "other"}),
    ("involvements", "suspect_outcome_code"): (SUSPECT | {"suspect_outcome_code": "18"}, VICTIM | {"suspect_outcome_code": "18"}),
    ("involvements", "drives_for_hire"): (SUSPECT | {"drives_for_hire": True}, VICTIM | {"drives_for_hire": True}),
    ("involvements", "licensing_told"): (SUSPECT | {"licensing_told": True}, VICTIM | {"licensing_told": True}),
    ("referrals", "duty_report"): (referral(1, "in", duty_report=True), referral(2, "out", duty_report=True)),
    ("referrals", "online_report"): (referral(1, "in", online_report=True), referral(2, "out", online_report=True)),
    ("referrals", "safeguarding_followed"): (referral(1, "in", safeguarding_followed=True), referral(2, "out", safeguarding_followed=True)),
    ("involvements", "enhanced_rights"): (VICTIM | {"enhanced_rights": False}, SUSPECT | {"enhanced_rights": False}),
    ("crimes", "cancel_ground"): ({"crime_ref": "C1", "cancelled_at": "2026-05-01", "cancel_ground": "other"}, {"crime_ref": "C2", "cancel_ground": "other"}),
    ("crimes", "cancelled_by_role"): ({"crime_ref": "C1", "cancelled_at": "2026-05-01", "cancelled_by_role": "other"}, {"crime_ref": "C2", "cancelled_by_role": "other"}),
    ("assessments", "override_reason_given"): ({"assessment_ref": "A1", "override": True, "override_reason_given": True}, {"assessment_ref": "A2", "override_reason_given": True}),
    ("orders", "person_ref"): ({"order_ref": "O1", "person_ref": "N1"}, {"order_ref": "O2", "served_on": "place", "person_ref": "N1"}),
    ("events", "due_on"): (event(1, "suspect_bailed", crime_ref="C1", due_on="2026-07-08"), event(2, "suspect_arrested", crime_ref="C1", due_on="2026-07-08")),
    ("events", "detail"): (event(1, "suspect_bailed", crime_ref="C1", detail="with_conditions"), event(2, "suspect_arrested", crime_ref="C1", detail="with_conditions")),
}  # fmt: skip


@pytest.mark.parametrize(("table", "column"), RIGHT_AND_WRONG)
def test_a_value_in_a_column_for_other_rows_is_read_as_empty(table, column):
    right, wrong = RIGHT_AND_WRONG[table, column]
    store = checked(**({"crimes": CRIME} | {table: [right, wrong]}))
    assert cells(store, table, column)[0] is not None
    assert cells(store, table, column)[1] is None
    assert broken(store, "R36") == [(table, column, 3)]


def test_every_column_for_other_rows_has_its_example():
    assert {(table, column) for table, column, _ in INAPPLICABLE_COLUMNS} | {("events", "detail")} == set(
        RIGHT_AND_WRONG
    )


# R37 to R40


def test_a_line_of_enquiry_without_its_kind_is_a_line_one_does_not_know_which():
    details = [{"detail": "cctv"}, {}]
    store = checked(
        events=[event(n, "line_of_enquiry_raised", crime_ref="C1", **crime_ref) for n, crime_ref in enumerate(details)]
    )
    assert broken(store, "R37") == [("events", "detail", 3)]


def test_a_column_that_was_not_sent_is_not_missed_in_every_row():
    store = store_of(events=[event(1, "line_of_enquiry_raised", crime_ref="C1")])
    store.store_query("raw_events", "select * exclude (detail) from raw_events")
    reference_checks.check(store)
    assert broken(store, "R37") == []


def test_an_action_done_that_names_no_action_closes_nothing():
    raised = event(1, "safeguarding_action_agreed", person_ref="N1")
    done = [event(2, "safeguarding_action_done", person_ref="N1", about_event_ref="E1")]
    done += [event(3, "safeguarding_action_done", person_ref="N1")]
    assert broken(checked(events=[raised, *done]), "R38") == [("events", "about_event_ref", 4)]


@pytest.mark.parametrize(
    ("victims", "is_counted"),
    [
        ([VICTIM], []),
        ([], [("crimes", "crime_ref", 2)]),
        ([VICTIM, SECOND_VICTIM], [("involvements", "crime_ref", 3), ("involvements", "crime_ref", 4)]),
    ],
)
def test_a_crime_without_a_victim_or_with_several_is_counted_and_stays(victims, is_counted):
    """None is told of the crime; several of the rows of the victims, so that one can tell which it was."""
    store = checked(crimes=CRIME, involvements=[SUSPECT, *victims])
    assert broken(store, "R39") == is_counted
    assert lines(store, "crimes") == [2]


@pytest.mark.parametrize(
    ("first_person", "other", "is_counted"),
    [
        ({"date_of_birth": "2011-02-03"}, {"date_of_birth": "2012-02-03"}, []),
        ({"date_of_birth": "2011-02-03"}, {"date_of_birth": "2012-02-04"}, ["date_of_birth"] * 2),
        ({"sex": "F"}, {"sex": "M"}, ["sex"] * 2),
        ({"sex": "F"}, {}, []),
    ],
)
def test_one_number_may_stand_for_two_persons(first_person, other, is_counted):
    rows = [VICTIM | first_person, VICTIM | {"involvement_ref": "V2"} | other]
    assert [column for _, column, _ in broken(checked(crimes=CRIME, involvements=rows), "R40")] == is_counted


@pytest.mark.parametrize(
    ("change", "is_applied_again"),
    [
        (lambda store: store.set_rows_aside("R50", "crimes", "scope_reason", "select 2 as line"), True),
        (lambda store: store.set_values_aside("R36", "involvements", "sex", "select 2 as line"), True),
        (lambda store: store.refuse_table("R09", "events"), True),
        (lambda store: store.accept_rows("reports", []), True),
        (lambda store: store.set_rows_aside("R50", "crimes", "scope_reason", "select 9 as line"), False),
        (lambda store: store.record_errors("R39", "crimes", "crime_ref", "select 2 as line"), False),
    ],
    ids=["row set aside", "value set aside", "table refused", "rows accepted", "no row set aside", "error recorded"],
)
def test_references_are_checked_again_only_after_a_change_of_rows(change, is_applied_again, monkeypatch):
    store = store_of(crimes=[{"crime_ref": "C1"}], involvements=[{"involvement_ref": "I1", "crime_ref": "C1"}])
    reference_checks.check_references(store)
    change(store)
    stores_checked = []
    monkeypatch.setattr(reference_checks, "_check_all_references", stores_checked.append)
    reference_checks.check_references(store)
    assert bool(stores_checked) is is_applied_again
