"""Before any result: which question can be asked of which body, and what is said where it cannot?"""

import datetime as dt

import pyarrow as pa
import pytest

from assay import contract, reference
from assay.contract import question_needs
from assay.contract.question_needs import needs_by_question
from assay.errors import DefinitionError
from assay.ingest.accepted_tables import RETURN_TABLE_SCHEMAS
from assay.ingest.question_answerability import (
    ALL_SUPPLIED,
    FILES_UNREAD,
    NO_RETURN,
    NOTHING_NEEDED,
    assess_answerability,
)

PERIOD = dt.date(2025, 4, 1), dt.date(2026, 4, 1)
FORCE = "INV01"
KINDS = [key for key, kind in contract.event_kinds().items() if kind.sent_in_events]


def returned(*, manifest=None, no_kinds=(), excluded=None, row_counts=None):
    """What one force's return says of itself: all 28 tables whole, every kind and column, one row each, unless told."""
    manifest_fields, columns, counts = manifest or {}, excluded or {}, row_counts or {}
    whole = {"supplied": "whole", "reason": "", "complete": True, "used": True}
    rows = {
        "returns": [{"period_from": PERIOD[0], "period_to": PERIOD[1]}],
        "covers": [{"table_name": name, **whole, **manifest_fields.get(name, {})} for name in contract.tables()],
        "kinds": [{"kind": kind, "supplied": kind not in no_kinds} for kind in KINDS],
        "columns": [
            {"table_name": t.name, "column_name": c, "in_file": f"{t.name}.{c}" not in columns,
             "reason": columns.get(f"{t.name}.{c}", "")}
            for t in contract.tables().values() for c in t.column_names
        ],
        "counted": [{"table_name": n, "records": 1, "accepted": 1, **counts.get(n, {})} for n in contract.tables()],
    }  # fmt: skip
    return {
        name: pa.Table.from_pylist(
            [{"force_code": FORCE, **row} for row in table_rows], schema=RETURN_TABLE_SCHEMAS[name]
        )
        for name, table_rows in rows.items()
    }


def none_of(*tables, reason="not_held"):
    return {name: {"supplied": "none", "reason": reason, "complete": None, "used": False} for name in tables}


def answer_to(question, **return_options):
    rows = assess_answerability(returned(**return_options), [FORCE]).to_pylist()
    return next(row for row in rows if row["question"] == question)


def test_every_body_that_was_asked_has_a_row_for_each_of_the_fifty_questions():
    rows = assess_answerability(returned(), [FORCE, "INV02"]).to_pylist()
    assert [(row["force_code"], row["question"]) for row in rows] == [
        (force_code, f"Q{number}") for force_code in (FORCE, "INV02") for number in range(1, 51)
    ]


def test_of_a_body_that_sent_nothing_no_question_can_be_asked():
    rows = [
        row for row in assess_answerability(returned(), [FORCE, "INV02"]).to_pylist() if row["force_code"] == "INV02"
    ]
    assert {(row["answer"], row["why"]) for row in rows} == {("none", NO_RETURN)}


def test_where_all_came_a_question_that_reads_the_return_alone_is_asked_whole():
    assert answer_to("Q4") == {"force_code": FORCE, "question": "Q4", "answer": "whole", "modes": "return: whole",
                           "why": ALL_SUPPLIED}  # fmt: skip


def test_without_the_kind_of_event_that_it_is_about_a_question_cannot_be_asked():
    row = answer_to("Q42", manifest=none_of("orders", reason="on_paper"))
    assert row["answer"] == "none"
    assert row["why"] == "Not answerable here, because this was not sent: the table orders (on paper only)."
    assert (
        "‘victim informed’ (not listed in return.toml as sent)" in answer_to("Q8", no_kinds=("victim_informed",))["why"]
    )


def test_without_one_kind_beside_others_it_is_asked_in_part():
    row = answer_to("Q38", no_kinds=("closed_case_referred",))
    assert row["answer"] == "part"
    assert row["why"].endswith(
        "this was not sent: the events ‘closed case referred’ (not listed in return.toml as sent)."
    )


def test_a_column_that_was_not_sent_makes_a_part_with_the_reason_of_its_sender():
    row = answer_to("Q22", excluded={"crimes.cocad_category": "not_extractable"})
    assert (row["answer"], row["why"]) == (
        "part",
        "Answerable in part: this was not sent: the column cocad_category of crimes (held, but cannot be extracted).",
    )
    assert answer_to("Q39", excluded={"crimes.outcome_code": "not_held"})["answer"] == "none"
    assert answer_to("Q10", excluded={"crimes.cocad_category": "not_extractable"})["answer"] == "whole"


def test_of_two_sources_one_is_enough_to_ask_in_part():
    assert answer_to("Q14", manifest=none_of("registers"))["answer"] == "part"
    answer = answer_to("Q14", manifest=none_of("registers", "assessments"))
    assert answer["why"].startswith("Not answerable here, because this was not sent: the table registers or the column")


def test_a_table_that_a_rule_refused_did_not_come():
    return_options = {
        "manifest": {"claims": {"used": False}},
        "row_counts": {"claims": {"accepted": 0, "refused_rule": "R04"}},
    }
    assert answer_to("Q47", **return_options)["why"].endswith("the table claims (refused by rule R04).")


def test_a_table_of_which_every_row_was_set_aside_did_not_come_and_an_empty_one_is_a_zero():
    lost, empty = {"records": 3, "accepted": 0}, {"records": 0, "accepted": 0}
    assert "every row was set aside by a rule" in answer_to("Q47", row_counts={"claims": lost})["why"]
    assert answer_to("Q47", row_counts={"claims": empty})["answer"] == "whole"


def test_a_table_that_speaks_of_a_part_of_the_period_makes_a_part():
    row = answer_to(
        "Q47", manifest={"claims": {"supplied": "part", "reason": "not_held", "covers_from": dt.date(2025, 7, 1)}}
    )
    assert row["why"] == ("Answerable in part: the table claims covers 2025-07-01 up to, not including, 2026-04-01.")
    assert answer_to("Q47", manifest={"claims": {"covers_to": dt.date(2026, 1, 1)}})["answer"] == "part"


def test_a_table_sent_in_part_for_a_reason_that_nothing_shows_makes_a_part():
    in_part = {"claims": {"supplied": "part", "reason": "on_paper"}}
    assert (
        answer_to("Q47", manifest=in_part)["why"]
        == "Answerable in part: the table claims was sent in part (on paper only)."
    )
    unheld = {"claims.document": "not_held"}  # the question does not read the column that is missing
    assert answer_to("Q47", manifest=in_part, excluded=unheld)["answer"] == "whole"


def test_what_the_inspection_did_not_ask_for_is_given_as_the_reason():
    row = answer_to("Q42", manifest=none_of("orders", reason="not_asked"))
    assert row["why"] == (
        "Not answerable here, because this was not sent: the table orders (not requested by this inspection)."
    )


def test_a_question_of_case_files_alone_waits_for_inspectors_and_never_for_the_force():
    row = answer_to("Q7", manifest=none_of("marks"))
    assert (row["answer"], row["modes"], row["why"]) == ("none", "case files: none", FILES_UNREAD)
    assert answer_to("Q7")["answer"] == "part"  # the force's own audit is not the inspection's


def test_a_question_of_records_and_case_files_is_at_most_a_part_until_they_are_read():
    row = answer_to("Q9", manifest=none_of("marks"))
    assert (row["answer"], row["modes"]) == ("part", "return: whole; case files: none")


def test_the_question_of_the_evidence_itself_needs_nothing_from_a_force():
    row = answer_to("Q50", manifest=none_of(*contract.tables()))
    assert (row["answer"], row["modes"], row["why"]) == ("whole", "", NOTHING_NEEDED)


def test_every_question_but_the_four_that_read_no_return_says_what_it_reads():
    silent = [key for key, need in needs_by_question().items() if not need.needs]
    assert silent == ["Q7", "Q33", "Q49", "Q50"]
    assert list(needs_by_question()) == list(reference.questions().keys)


def test_a_kind_of_event_is_read_by_every_question_that_the_list_of_kinds_names():
    for key in KINDS:
        for question in contract.event_kinds()[key].read_by:
            needs = needs_by_question()[question]
            assert f"events.{key}" in {a for need in (*needs.needs, *needs.optional_needs) for a in need.split("|")}, (
                key,
                question,
            )


@pytest.mark.parametrize(
    ("read_list", "sentence"),
    [
        ({"needs": ["crimes: colour"]}, "crimes has no column and no kind of event colour"),
        ({"needs": ["events: suspect_praised"]}, "events has no column and no kind of event suspect_praised"),
        ({"needs": ["flags: added_at removed_at | missing"]}, "on each side of a bar stands one thing alone"),
        ({"wants": ["crimes"]}, "write only needs and also"),
    ],
)
def test_a_slip_in_the_list_of_what_is_read_is_refused(read_list, sentence):
    with pytest.raises(DefinitionError, match=sentence):
        question_needs._question_needs("Q1", read_list, ("data",))


def test_recording_in_time_needs_no_reports_where_both_dates_stand_in_the_crime_row():
    """Q28 reads when a crime was reported from its report, or else from the crime itself."""
    assert answer_to("Q28", manifest=none_of("reports", "report_crimes"))["answer"] == "part"
    row = answer_to("Q28", manifest=none_of("reports", "report_crimes"), excluded={"crimes.reported_at": "not_held"})
    assert row["modes"].startswith("return: none")


def test_whether_suspects_are_known_by_name_needs_no_persons_where_the_crime_row_says_so():
    assert "return: part" in answer_to("Q35", manifest=none_of("involvements"))["modes"]
    row = answer_to("Q35", manifest=none_of("involvements"), excluded={"crimes.suspect_identified": "not_held"})
    assert "return: none" in row["modes"]
