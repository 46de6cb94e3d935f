"""Do the rows of a return make sense together? (R50 to R60)"""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pencil_store import Row, broken, cells, lines, store_of

from assay import contract
from assay.feedback.transferred_crime_letter import transferred_crime_letters
from assay.ingest import cross_field_checks, reference_checks
from assay.ingest.completeness_declarations import is_complete
from assay.ingest.cross_field_checks import SERVED_ON_BY_TARGET
from assay.ingest.identifier_checks import free_text_columns
from assay.ingest.rating_chain_checks import HASHED_COLUMNS, chain_hash
from assay.ingest.sql_literals import birthday_18_sql
from assay.ingest.staging_store import StagingStore
from assay.ingest.transferred_crimes import unmatched_transfers
from assay.reference import orders
from assay.reference.risk_tools import lowest_scores

COMPLETE = ("crimes", "involvements", "flags")


def checked(*, complete: tuple[str, ...] = COMPLETE, group_history: bool = False, **tables: list[Row]) -> StagingStore:
    store = store_of(complete=complete, **tables)
    reference_checks.check(store)
    cross_field_checks.check(store, group_history=group_history)
    return store


def person(number: int, role: str = "victim", **fields: object) -> Row:
    return {"involvement_ref": f"I{number}", "crime_ref": "C1", "person_ref": f"N{number}", "role": role} | fields


CHILD, ADULT = {"date_of_birth": "2012-05-01"}, {"date_of_birth": "1980-05-01"}
BURGLARY = {"offence_code": "30A"}
TRAFFICKING = {"offence_code": "106"}
NEEDS_AGE = {"offence_code": "20A"}
IMAGES = {"offence_code": "86"}


# R50


@pytest.mark.parametrize(
    ("sentence", "crime", "persons", "flags", "reason"),
    [
        ("the code fixes a child", {"offence_code": "19D"}, [person(1)], [], "core_offence"),
        ("the code needs an age, the victim was a child", NEEDS_AGE, [person(1, **CHILD)], [], "needs_age_offence"),
        ("the code needs an age, the victim was grown up", NEEDS_AGE, [person(1, **ADULT)], [], None),
        ("the code needs an age and none is known", NEEDS_AGE, [person(1)], [], "needs_age_offence"),
        ("the code needs an age and no victim is known", NEEDS_AGE, [], [], "needs_age_offence"),
        (
            "the victim came of age before it was recorded",
            NEEDS_AGE,
            [person(1, date_of_birth="2008-04-05")],
            [],
            "needs_age_offence",
        ),
        (
            "one of two victims was a child",
            NEEDS_AGE,
            [person(1, **ADULT), person(2, **CHILD)],
            [],
            "needs_age_offence",
        ),
        ("the offence has no date", NEEDS_AGE | {"occurred_from": None}, [person(1, **ADULT)], [], "needs_age_offence"),
        ("an image of a child", IMAGES, [person(1, **CHILD)], [], "image_offence"),
        ("an image, no victim known, no flag", IMAGES, [], [], None),
        ("an image, no victim known, a flag", IMAGES, [], ["csa"], "image_offence"),
        ("any crime that bears a flag", BURGLARY, [person(1, **ADULT)], ["group_cse"], "flagged"),
        ("any crime that bears another flag", BURGLARY, [person(1, **ADULT)], ["modern_slavery"], None),
        ("any crime without a flag", BURGLARY, [person(1, **CHILD)], [], None),
    ],
)
def test_a_crime_is_in_scope_by_the_first_reason_that_fits(sentence, crime, persons, flags, reason):
    crime_sent = {"crime_ref": "C1", "occurred_from": "2026-04-02", "scope_reason": "child_as_suspect"} | crime
    marks = [{"flag_ref": f"F{n}", "crime_ref": "C1", "flag": flag} for n, flag in enumerate(flags)]
    store = checked(crimes=[crime_sent], involvements=persons, flags=marks, reports=[], registers=[])
    assert cells(store, "crimes", "scope_reason") == ([reason] if reason else []), sentence
    assert broken(store, "R50") == [("crimes", "scope_reason", 2)]


def test_a_reason_that_may_be_right_is_left_as_it_was_sent():
    """Nothing is known of flags, so the crime may bear one; and then it would be in scope as flagged."""
    crime = {"crime_ref": "C1", "scope_reason": "flagged"} | BURGLARY
    store = checked(crimes=[crime], involvements=[person(1, **ADULT)])
    assert (cells(store, "crimes", "scope_reason"), broken(store, "R50")) == (["flagged"], [])


@pytest.mark.parametrize(("born", "fits"), [({}, True), (CHILD, True), ({"date_of_birth": "2008-04-10"}, False)])
def test_an_image_whose_victim_may_be_under_18_when_it_was_recorded_stays(born, fits):
    """Recorded on 10 April 2026: whoever was born on 10 April 2008 is 18 that day."""
    crime = {"crime_ref": "C1", "scope_reason": "image_offence"} | IMAGES
    store = checked(crimes=[crime], involvements=[person(1, **born)], flags=[], reports=[], registers=[])
    assert bool(lines(store, "crimes")) == fits


def test_a_crime_is_not_set_aside_for_want_of_a_row_that_was_itself_set_aside():
    """Its flag was lost to another rule: whether it bears one is not known."""
    store = store_of(
        complete=COMPLETE, registers=[], reports=[],
        crimes=[{"crime_ref": "C1", "scope_reason": "flagged"} | BURGLARY],
        involvements=[person(1, **ADULT)], flags=[{"flag_ref": "F1", "crime_ref": "C1"}],
    )  # fmt: skip
    store.set_rows_aside("R16", "flags", "flag", "select 2 as line")
    cross_field_checks.check(store)
    assert lines(store, "crimes") == [2]


def test_the_crimes_that_a_lost_flag_does_not_name_are_judged_as_before():
    store = store_of(
        complete=COMPLETE, registers=[], reports=[],
        crimes=[{"crime_ref": "C1"} | BURGLARY], involvements=[person(1, **ADULT)],
        flags=[{"flag_ref": "F1", "crime_ref": "C9"}],
    )  # fmt: skip
    reference_checks.check(store)
    cross_field_checks.check(store)
    assert broken(store, "R27")[0] == ("flags", "crime_ref", 2)
    assert lines(store, "crimes") == []


def test_what_hangs_on_a_crime_out_of_scope_goes_with_it():
    store = checked(crimes=[{"crime_ref": "C1"} | BURGLARY], involvements=[person(1, **ADULT)], flags=[], reports=[],
                   registers=[], links=[{"link_ref": "L1", "crime_ref": "C1"}])  # fmt: skip
    assert (lines(store, "crimes"), lines(store, "involvements"), lines(store, "links")) == ([], [], [])
    assert broken(store, "R27") == [("involvements", "crime_ref", 2), ("links", "crime_ref", 2)]


@pytest.mark.parametrize(
    ("sentence", "suspect", "fits"),
    [
        ("a child on a register, under 18 then", person(2, "suspect", **CHILD), True),
        ("the same child, of age by then", person(2, "suspect", date_of_birth="2008-04-02"), False),
        ("a child whom no list knows", person(3, "suspect", **CHILD), False),
        ("a grown-up", person(3, "suspect", **ADULT), False),
        ("somebody without number or age", person(3, "suspect", person_ref=None), True),
    ],
)
def test_a_child_at_risk_may_be_in_scope_as_suspect(sentence, suspect, fits):
    crime = {"crime_ref": "C1", "scope_reason": "child_as_suspect", "occurred_to": "2026-04-02"} | BURGLARY
    store = checked(crimes=[crime], involvements=[person(1, **ADULT), suspect], flags=[], reports=[],
                   registers=[{"register_ref": "G1", "person_ref": "N2"}])  # fmt: skip
    assert bool(lines(store, "crimes")) == fits, sentence


def test_a_victim_of_one_crime_is_the_child_as_suspect_of_another():
    theft = {"crime_ref": "C2", "scope_reason": "child_as_suspect"} | BURGLARY
    rows = [person(1, **CHILD), person(2, "suspect", crime_ref="C2", person_ref="N1", **CHILD)]
    store = checked(crimes=[{"crime_ref": "C1"}, theft], involvements=rows, flags=[], reports=[], registers=[])
    assert (lines(store, "crimes"), broken(store, "R50")) == ([2, 3], [])


@pytest.mark.parametrize(
    ("sentence", "crime", "suspects", "fits"),
    [
        ("two suspects, closed without charge", {}, 2, True),
        ("one suspect", {}, 1, False),
        ("charged", {"outcome_code": "1"}, 2, False),
        ("still open", {"closed_at": None}, 2, False),
    ],
)
def test_a_closed_group_case_of_years_ago_is_history_where_the_request_asks(sentence, crime, suspects, fits):
    old = {"crime_ref": "C1", "scope_reason": "group_history", "recorded_at": "2014-04-10", "closed_at": "2015-01-01"}
    persons = [person(n, "suspect", suspect_known_as="named") for n in range(suspects)]
    tables = {"crimes": [old | {"outcome_code": "18"} | crime], "involvements": persons, "flags": []}
    assert (broken(checked(group_history=True, **tables), "R50") == []) == fits, sentence
    assert broken(checked(**tables), "R50") != []


@pytest.mark.parametrize(
    ("born", "turns_18"),
    [("2008-02-29", date(2026, 3, 1)), ("2008-03-01", date(2026, 3, 1)), ("2006-12-31", date(2024, 12, 31))],
)
def test_a_birthday_on_29_february_falls_on_1_march(born, turns_18):
    answer = store_of().query(f"select {birthday_18_sql(f'''date '{born}' ''')} as day")
    assert answer["day"].to_pylist() == [turns_18]


# R51

NAMED_SUSPECT = person(2, "suspect", suspect_known_as="named")
DESCRIBED = person(2, "suspect", suspect_known_as="described")


@pytest.mark.parametrize(
    ("sentence", "crime", "suspects", "columns"),
    [
        ("pending and open", {"outcome_code": "NOA"}, [], []),
        ("an outcome without its time", {"outcome_code": "18"}, [], ["outcome_at"]),
        ("closed without an outcome", {"closed_at": "2026-05-01"}, [], ["closed_at"]),
        ("closed while pending", {"outcome_code": "NOA", "closed_at": "2026-05-01"}, [], ["closed_at"]),
        ("charged, nobody suspected", {"outcome_code": "1", "outcome_at": "2026-05-01"}, [], ["outcome_code"]),
        ("charged, somebody named", {"outcome_code": "1", "outcome_at": "2026-05-01"}, [NAMED_SUSPECT], []),
        ("a suspect identified, nobody named", {"outcome_code": "15", "outcome_at": "2026-05-01"}, [DESCRIBED], ["outcome_code"]),
        ("a suspect identified, who it is not known", {"outcome_code": "15", "outcome_at": "2026-05-01"}, [person(2, "suspect")], []),
        ("no suspect identified, nobody named", {"outcome_code": "18", "outcome_at": "2026-05-01"}, [DESCRIBED], []),
    ],
)  # fmt: skip
def test_outcome_and_case_agree(sentence, crime, suspects, columns):
    store = checked(crimes=[{"crime_ref": "C1"} | crime], involvements=[person(1), *suspects])
    assert [column for _, column, _ in broken(store, "R51")] == columns, sentence


@pytest.mark.parametrize(
    ("sentence", "kinds", "charge", "is_counted"),
    [
        ("charged, and the charge was sent", {"suspect_charged": True}, {"person_ref": "N2"}, False),
        ("charged, and the charge names nobody", {"suspect_charged": True}, {}, False),
        ("charged, and another was charged", {"suspect_charged": True}, {"person_ref": "N3"}, True),
        ("charged, and charges are not all sent", {"suspect_charged": False}, {"person_ref": "N3"}, False),
    ],
)
def test_a_suspect_who_stands_as_charged_was_charged(sentence, kinds, charge, is_counted):
    store = store_of(
        kinds=kinds, crimes=[{"crime_ref": "C1"}], involvements=[NAMED_SUSPECT | {"suspect_outcome_code": "1"}],
        events=[{"event_ref": "E1", "kind": "suspect_charged", "crime_ref": "C1"} | charge],
    )  # fmt: skip
    cross_field_checks.check(store)
    assert broken(store, "R51") == ([("involvements", "suspect_outcome_code", 2)] if is_counted else []), sentence


# R52


def crimes_of(*rows: tuple[str, str, str | None, str | None, str | None]) -> pa.Table:
    names = ("force_code", "crime_ref", "transferred_to_force", "received_from_force", "other_force_crime_ref")
    return pa.Table.from_pylist(
        [dict(zip(names, row, strict=True)) | {"line": line} for line, row in enumerate(rows, start=2)],
        schema=pa.schema([*((name, pa.string()) for name in names), ("line", pa.int64())]),
    )


def covers_of(*forces: str) -> pa.Table:
    return pa.table({"force_code": forces, "table_name": ["crimes"] * len(forces), "supplied": ["whole"] * len(forces),
                     "used": [True] * len(forces)})  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "other_returns", "lost"),
    [
        ("it names ours", ("INV02", "X1", None, "INV01", "C1"), False),
        ("ours names it", ("INV02", "D7", None, None, None), False),
        ("it holds another crime", ("INV02", "X1", None, "INV01", "C9"), True),
        ("a third force holds a crime that names ours", ("INV02", "X1", None, "INV03", "C1"), True),
    ],
)
def test_a_crime_sent_to_a_force_that_has_no_record_of_it_is_an_orphan(sentence, other_returns, lost):
    transferred = ("INV01", "C1", "INV02", None, "D7")
    found = unmatched_transfers(
        {"crimes": crimes_of(transferred, other_returns), "covers": covers_of("INV01", "INV02")}
    )
    assert [row["crime_ref"] for row in found.to_pylist() if row["force_code"] == "INV01"] == (["C1"] if lost else [])


def test_a_force_that_sent_no_return_has_lost_nothing_that_one_could_know():
    assert (
        unmatched_transfers(
            {"crimes": crimes_of(("INV01", "C1", "INV02", None, None)), "covers": covers_of("INV01")}
        ).num_rows
        == 0
    )


def test_each_force_is_told_which_of_its_own_lines_another_force_does_not_know_and_no_crime_is_named():
    moved = crimes_of(
        ("INV01", "C1", "INV02", None, None), ("INV02", "D1", None, "INV01", None), ("INV02", "D2", None, None, None)
    )
    lost = unmatched_transfers({"crimes": moved, "covers": covers_of("INV01", "INV02")})
    crime_sent = pa.Table.from_pylist([
        {"force_code": force, "table_name": table, "file": f"{table}-{force}.csv"}
        for force in ("INV01", "INV02") for table in ("events", "crimes")
    ])  # fmt: skip
    letters = transferred_crime_letters(lost, crime_sent, {"INV01": "Fernleigh", "INV02": "Ashdene"})
    assert sorted(letters) == ["letter-INV01.csv", "letter-INV01.html", "letter-INV02.csv", "letter-INV02.html"]
    page, lines = letters["letter-INV02.html"], letters["letter-INV02.csv"].splitlines()
    assert "Your return states that 1 crime was transferred to or from another force" in page
    assert "To: Ashdene (INV02)" in page
    assert "crimes-INV02.csv" in page
    own_lines = lost.filter(pc.equal(lost["force_code"], "INV02"))["line"].to_pylist()
    assert len(lines) == 2
    assert lines[1].startswith(f"INV02,crimes,crimes-INV02.csv,{own_lines[0]},received_from_force,R52,")
    assert not [word for word in ("C1", "D1", "D2", "INV01", "Fernleigh") for text in (page, *lines) if word in text]


def test_where_no_crime_was_lost_nobody_gets_a_letter():
    unmatched = unmatched_transfers(
        {"crimes": crimes_of(("INV01", "C1", None, None, None)), "covers": covers_of("INV01")}
    )
    assert (
        transferred_crime_letters(
            unmatched, pa.table({"force_code": ["INV01"], "table_name": ["crimes"], "file": ["crimes.csv"]}), {}
        )
        == {}
    )


# R53

ITEMS = {"vulnerability": "yes", "moderate": "last_6_months", "significant": "both"}  # 1 + 1 + 6 = 8: category 2


@pytest.mark.parametrize(
    ("sentence", "assessment", "items", "columns"),
    [
        ("the sum, in its band", {"score": 8.0, "band": "low"}, ITEMS, []),
        ("another sum", {"score": 9.0, "band": "low"}, ITEMS, ["score"]),
        ("the sum, in a lower band", {"score": 8.0, "band": "none"}, ITEMS, ["band"]),
        ("a lower band that was set by hand", {"score": 8.0, "band": "none", "override": True}, ITEMS, []),
        ("a significant item of long ago", {"score": 1.0}, {"significant": "6_to_12_months"}, []),
        ("a moderate item of long ago", {"score": 0.0}, {"moderate": "6_to_12_months"}, []),
        ("an item that is not known", {"score": 9.0}, ITEMS | {"other": None}, []),
        ("another tool", {"score": 9.0, "tool": "NO_TOOL"}, ITEMS, []),
        ("no items", {"score": 9.0}, {}, []),
    ],
)
def test_the_score_is_what_the_items_give(sentence, assessment, items, columns):
    rows = [
        {"assessment_ref": "A1", "item_code": kind, "item_kind": kind, "present": present}
        for kind, present in items.items()
    ]
    store = checked(assessments=[{"assessment_ref": "A1"} | assessment], assessment_items=rows)
    assert [column for _, column, _ in broken(store, "R53")] == columns, sentence


def test_an_assessment_of_which_an_item_was_set_aside_has_no_known_sum():
    store = store_of(assessments=[{"assessment_ref": "A1", "score": 9.0}],
                   assessment_items=[{"assessment_ref": "A1", "item_code": n, "item_kind": "moderate", "present": "no"} for n in "ab"])  # fmt: skip
    store.set_rows_aside("R16", "assessment_items", "item_kind", "select 3 as line")
    cross_field_checks.check(store)
    assert broken(store, "R53") == []


def test_the_bands_are_read_from_the_register_of_tools():
    assert lowest_scores() == {1: 0, 2: 6, 3: 11, 4: 16}


# R54


SET = {"overlap_ref": "S1", "definition": "FLAG_CSE", "data_from": "2026-04-01", "data_to": "2026-07-01",
       "linkage_method": "by_hand", "on_police_crimes": True, "on_health": False, "children": 3}  # fmt: skip


@pytest.mark.parametrize(
    ("sentence", "second", "stays"),
    [
        ("another pattern of the same lists", {"on_health": True}, True),
        ("no list has the child", {"on_police_crimes": False}, False),
        ("a list that took part in one row only", {"on_health": None}, False),
        ("another definition", {"on_health": True, "definition": "COCAD"}, False),
        ("another window", {"on_health": True, "data_to": "2026-08-01"}, False),
        ("another way of linking", {"on_health": True, "linkage_method": "shared_number"}, False),
        ("a count below nothing", {"on_health": True, "children": -1}, False),
    ],
)
def test_a_set_of_overlaps_is_counted_in_one_way_or_not_used(sentence, second, stays):
    store = checked(overlap_counts=[SET, SET | second, SET | {"overlap_ref": "S2"}])
    assert lines(store, "overlap_counts") == ([2, 3, 4] if stays else [4]), sentence
    assert len(broken(store, "R54")) == (0 if stays else 2)


# R55, R56


def mark(number: int, **fields: object) -> Row:
    mark_fields = {"subject_kind": "crime", "subject_ref": "C1", "question_set": "Q", "question_set_version": "1",
            "question": "told", "answer": "met", "marker_code": "K1", "marker_kind": "force_auditor",
            "marking_round": "first", "sealed_at": f"2026-06-{number:02}T10:00"}  # fmt: skip
    return {"mark_ref": f"M{number}"} | mark_fields | fields


@pytest.mark.parametrize(
    ("sentence", "second", "stays"),
    [
        ("it supersedes the first", {"supersedes_mark_ref": "M1"}, True),
        ("it supersedes itself", {"supersedes_mark_ref": "M2"}, False),
        ("it supersedes a mark that was not sent", {"supersedes_mark_ref": "M9"}, False),
        ("it supersedes a mark on another subject", {"supersedes_mark_ref": "M1", "subject_ref": "C2"}, False),
        ("it supersedes an answer to another question", {"supersedes_mark_ref": "M1", "question": "asked"}, False),
        ("it supersedes a mark and states no subject", {"supersedes_mark_ref": "M1", "subject_ref": None}, False),
        ("it supersedes a mark and states no question", {"supersedes_mark_ref": "M1", "question": None}, False),
        ("it was marked by an inspector", {"marker_kind": "inspector"}, False),
        ("it is not known who marked it", {"marker_kind": None}, True),
        ("a question is answered by a grade", {"answer": "good"}, False),
        ("the overall question is answered by a grade", {"question": "overall", "answer": "good"}, True),
        ("the overall question is answered as others are", {"question": "case.overall"}, False),
    ],
)
def test_a_mark_answers_its_question_and_supersedes_its_like(sentence, second, stays):
    store = checked(marks=[mark(1), mark(2, **second)])
    assert lines(store, "marks") == ([2, 3] if stays else [2]), sentence


def test_a_mark_that_supersedes_one_that_is_not_used_is_not_used_either():
    store = checked(marks=[mark(1, answer="good"), mark(2, supersedes_mark_ref="M1"), mark(3)])
    assert lines(store, "marks") == [4]


def chained(*marks: Row) -> list[Row]:
    before, rows = "", []
    for row in marks:
        before = chain_hash(before, row)
        rows.append(row | {"chain_hash": before})
    return rows


def test_marks_whose_chain_holds_are_read():
    assert lines(checked(marks=chained(mark(1), mark(2), mark(3))), "marks") == [2, 3, 4]


@pytest.mark.parametrize("column", HASHED_COLUMNS)
def test_a_mark_that_was_changed_after_it_was_sealed_refuses_the_table(column):
    rows = chained(mark(1, reason="As told."), mark(2), mark(3))
    rows[0] = rows[0] | {column: "2026-06-02T10:00" if column == "sealed_at" else "other"}
    store = checked(marks=rows)
    assert not store.is_supplied("marks")
    assert store.refused == {"marks": "R56"}


def test_a_mark_that_was_taken_out_refuses_the_table():
    rows = chained(mark(1), mark(2), mark(3))
    assert checked(marks=[rows[0], rows[2]]).refused == {"marks": "R56"}


def test_where_a_row_was_set_aside_its_successor_cannot_be_told_and_the_others_can():
    store = store_of(marks=chained(mark(1), mark(2), mark(3), mark(4)))
    store.set_rows_aside("R16", "marks", "answer", "select 3 as line")
    cross_field_checks.check(store)
    assert lines(store, "marks") == [2, 4, 5]


# R57


@pytest.mark.parametrize(
    ("sentence", "order", "columns"),
    [
        ("a warning on a grown-up suspect", {"person_ref": "N1"}, []),
        ("a warning on a child", {"served_on": "child", "person_ref": "N2"}, ["served_on"]),
        ("a warning on a suspect who is a child", {"person_ref": "N2"}, ["person_ref"]),
        ("police protection of a child", {"order_code": "PPP", "served_on": "child", "person_ref": "N2"}, []),
        ("a licence of a place", {"order_code": "LICENCE", "served_on": "place"}, []),
        ("a warning, and it is not known on whom it was served", {"served_on": None}, []),
    ],
)
def test_an_order_is_served_on_whom_it_acts_on(sentence, order, columns):
    persons = [
        {"involvement_ref": f"I{n}", "person_ref": f"N{n}", "role": "nominal"} | fields
        for n, fields in ((1, ADULT), (2, CHILD))
    ]
    store = checked(involvements=persons, orders=[{"order_ref": "O1"} | order])
    assert [column for _, column, _ in broken(store, "R57")] == columns, sentence


def test_of_every_order_of_the_register_it_is_known_on_whom_it_acts():
    assert {order.acts_on for order in orders()} == set(SERVED_ON_BY_TARGET)


# R58, R59


def taken_back(store: StagingStore) -> list[tuple[str, ...]]:
    cross_field_checks.check_completeness(store)
    query = "select table_name, kind, crime_ref, person_ref, missing_ref from incomplete where record_ref is null"
    return [tuple(row.values()) for row in store.query(f"{query} order by all").to_pylist()]


def test_what_a_lost_row_names_is_no_longer_complete():
    store = store_of(complete=("crimes", "flags"), crimes=[{"crime_ref": "C1"}],
                   flags=[{"flag_ref": "F1", "crime_ref": " C1 "}, {"flag_ref": "F2", "crime_ref": "C1"}])  # fmt: skip
    store.set_rows_aside("R16", "flags", "flag", "select 2 as line")
    assert taken_back(store) == [("flags", "", "C1", None, None)]
    assert broken(store, "R58") == [("flags", "", 2)]


def test_a_row_sent_twice_of_which_one_copy_was_kept_takes_nothing_back():
    flags = [{"flag_ref": f"F{n}", "crime_ref": "C1"} for n in (1, 2, 3)]
    store = store_of(complete=("crimes", "flags"), crimes=[{"crime_ref": "C1"}], flags=flags)
    store.set_rows_aside("R12", "flags", "flag_ref", "select 3 as line")
    assert taken_back(store) == []
    assert broken(store, "R58") == []


def test_nothing_is_taken_back_for_a_crime_that_was_not_accepted_but_for_its_child():
    """Lines 2 and 3 name a crime that is not there, the second of them a child as well; line 4 names crime C1."""
    named_rows = ({"crime_ref": "C9"}, {"crime_ref": "C9", "person_ref": "N1"}, {"crime_ref": "C1"})
    flags = [
        {"flag_ref": f"F{n}"} | row for n, row in enumerate((*named_rows, *({"crime_ref": "C1"} for _ in range(4))))
    ]
    store = store_of(complete=("crimes", "flags"), crimes=[{"crime_ref": "C1"}], flags=flags)
    store.set_rows_aside("R27", "flags", "crime_ref", "select line from flags where line < 5")
    assert taken_back(store) == [("flags", "", "C1", None, None), ("flags", "", None, "N1", None)]
    assert broken(store, "R58") == [("flags", "", 3), ("flags", "", 4)]


def test_a_lost_row_of_a_table_that_claims_nothing_takes_nothing_back():
    store = store_of(flags=[{"flag_ref": "F1", "crime_ref": "C1"}, {"flag_ref": "F2", "crime_ref": "C1"}])
    store.set_rows_aside("R16", "flags", "flag", "select 2 as line")
    assert taken_back(store) == []


@pytest.mark.parametrize(
    ("sentence", "lost", "rows"),
    [
        ("a kind that is complete", {"kind": "suspect_arrested"}, [("events", "suspect_arrested", "C1", "N2", None)]),
        ("a kind that is not", {"kind": "victim_contacted"}, []),
        ("a kind that cannot be read may be any", {"kind": "arestd"}, [("events", "", "C1", "N2", None)]),
        (
            "a row that names nothing is counted only",
            {"kind": "suspect_arrested", "crime_ref": None, "person_ref": None},
            [],
        ),
    ],
)
def test_a_lost_event_takes_back_what_was_said_of_its_kind(sentence, lost, rows):
    event_fields = {"event_ref": "E1", "crime_ref": "C1", "person_ref": "N2"} | lost
    store = store_of(
        kinds={"suspect_arrested": True, "victim_contacted": False}, events=[event_fields, {"event_ref": "E2"}]
    )
    store.set_rows_aside("R16", "events", "happened_at", "select 2 as line")
    assert taken_back(store) == rows, sentence


@pytest.mark.parametrize(("lost", "half"), [(1, False), (2, True), (3, True)])
def test_a_table_of_which_half_was_lost_is_not_complete(lost, half):
    store = store_of(complete=("reports",), reports=[{"report_ref": f"R{n}"} for n in range(4)])
    store.set_rows_aside("R16", "reports", "received_at", f"select line from reports where line < {2 + lost}")
    cross_field_checks.check_completeness(store)
    assert ("reports" in store.not_complete) == half
    assert is_complete(store, "reports") != half
    assert broken(store, "R59") == ([("reports", "", None)] if half else [])


# R60

KNOWN = person(
    1,
    forenames="Ash Rowan",
    surname="O'Example",
    date_of_birth="2011-02-03",
    phone="+447700900123",
    postcode="ZZ99 3VZ",
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("The officer telephoned at 10:15 and left a message.", False),
        ("The officer telephoned ROWAN at 10:15.", True),
        ("The officer telephoned Ms O'Example at 10:15.", True),
        ("The officer telephoned Ms O'Examples at 10:15.", False),
        ("The ashes were swept.", False),
        ("Born 03/02/2011.", True),
        ("Born on 3 February 2011.", True),
        ("Born on the 3rd February 2011.", True),
        ("At 10:15 on 3/2/2011.", True),
        ("Born 2011-02-03T00:00.", True),
        ("Born 2011.", False),
        ("Call 07700 900 123.", True),
        ("Call 07700 900 124.", False),
        ("Went to zz993vz.", True),
        ("Went to ZZ99 3VX.", False),
        ("The vehicle AB12 CDE was seen.", True),
        (None, False),
    ],
)
def test_a_text_that_holds_a_name_a_birthday_or_a_number_is_counted(text, holds):
    store = checked(
        crimes=[{"crime_ref": "C1"}], involvements=[KNOWN],
        links=[{"link_ref": "L1", "crime_ref": "C1", "link_kind": "vehicle", "link_value": "AB12CDE"},
               {"link_ref": "L2", "crime_ref": "C1", "link_kind": "vehicle", "link_value": "AB12 CDE"}],
        notes=[{"note_ref": "T1", "crime_ref": "C1", "text": text}],
    )  # fmt: skip
    assert broken(store, "R60") == ([("notes", "text", 2)] if holds else [])


def test_no_statement_of_the_search_holds_what_is_searched_for():
    store = checked(crimes=[{"crime_ref": "C1"}], involvements=[KNOWN],
                   notes=[{"note_ref": "T1", "crime_ref": "C1", "text": "Rowan was told."}])  # fmt: skip
    letters = " ".join(store.statements).lower()
    assert not any(word in letters for word in ("rowan", "example'", "7700900123", "2011-02-03", "3vz"))


def test_every_text_that_is_read_for_names_is_one_that_tells_no_identity():
    assert ("notes", "text") in free_text_columns()
    assert ("summaries", "text") in free_text_columns()
    assert ("assessments", "narrative") in free_text_columns()
    assert not any(contract.table(table).column(column).identity for table, column in free_text_columns())
