"""Does each record stand on its one rung, and do the rungs add up to the table?"""

import pytest
from measured_forms import ADULT, CHILD, COUNTED_RECORD, LADDER_ROWS, seen_in_time, visits

from assay.engine import ExpressionEngine
from assay.errors import DefinitionError, UsageError
from assay.indicators import ANSWERS, add_answers, count_records, count_rungs, plain_answer, select_cases


@pytest.fixture
def engine():
    with ExpressionEngine() as opened:
        yield opened


def ladder_rows(engine, indicator, rows):
    table = engine.table("visit", rows)
    return engine.run(count_rungs(indicator, table)).to_pylist()


STATED = [
    ("met", ""),
    ("met", ""),
    ("not met", ""),
    ("not known", ""),
    ("not known if counted", ""),
    ("left out", "cancelled"),
    ("left out", "by_telephone"),
    ("outside", ""),
    ("not met", ""),
    ("not known if counted", ""),
]


def test_every_record_stands_on_the_first_rung_that_is_true(engine):
    found = engine.run(add_answers(seen_in_time(), engine.table("visit", LADDER_ROWS)))
    by_ref = {row["record_ref"]: (row["answer"], row["reason"]) for row in found.to_pylist()}
    assert [by_ref[str(number)] for number in range(10)] == STATED


def test_plain_python_says_the_same(engine):
    assert [plain_answer(seen_in_time(), row) for row in LADDER_ROWS.to_pylist()] == STATED


def test_the_ladder_counts_by_force_and_by_when_it_was_reported(engine):
    rows = ladder_rows(engine, seen_in_time(), LADDER_ROWS)
    found = {tuple(row.values())[:4]: row["records"] for row in rows}
    assert found == {
        ("X1", CHILD, "met", ""): 2,
        ("X1", ADULT, "not met", ""): 1,
        ("X1", "not known", "not known", ""): 1,
        ("X1", CHILD, "not known if counted", ""): 1,
        ("X1", "not known", "left out", "cancelled"): 1,
        ("X1", "not known", "left out", "by_telephone"): 1,
        ("X1", ADULT, "outside", ""): 1,
        ("X2", ADULT, "not met", ""): 1,
        ("X2", ADULT, "not known if counted", ""): 1,
    }


def test_an_indicator_without_a_split_counts_all_together(engine):
    rows = ladder_rows(engine, seen_in_time(split=""), LADDER_ROWS)
    assert {row["split"] for row in rows} == {"all"}
    assert sum(row["records"] for row in rows) == 10


def test_an_indicator_that_leaves_nobody_out_has_no_reasons(engine):
    rows = ladder_rows(engine, seen_in_time(excluding={}), LADDER_ROWS)
    assert {row["reason"] for row in rows} == {""}
    assert "left out" not in {row["answer"] for row in rows}


def test_a_table_without_records_has_no_rungs(engine):
    assert ladder_rows(engine, seen_in_time(), visits()) == []


def test_a_population_of_everything_leaves_nobody_outside(engine):
    rows = ladder_rows(engine, seen_in_time(population="true", excluding={}), LADDER_ROWS)
    assert {row["answer"] for row in rows} == {"met", "not met", "not known"}


def test_the_records_behind_an_answer_can_be_listed(engine):
    table = engine.table("visit", LADDER_ROWS)
    for answer in ANSWERS:
        listed = engine.run(select_cases(seen_in_time(), table, "X1", answer)).column("record_ref").to_pylist()
        assert listed == [str(n) for n, (stated, _) in enumerate(STATED[:8]) if stated == answer]


def test_of_those_left_out_one_reason_can_be_listed(engine):
    table = engine.table("visit", LADDER_ROWS)
    listed = engine.run(select_cases(seen_in_time(), table, "X1", "left out", "by_telephone"))
    assert listed.column("record_ref").to_pylist() == ["6"]


def test_an_answer_that_no_record_can_give_is_refused(engine):
    with pytest.raises(UsageError, match="not known if counted"):
        select_cases(seen_in_time(), engine.table("visit", LADDER_ROWS), "X1", "perhaps")


def test_the_records_of_a_table_are_counted_without_the_ladder(engine):
    rows = engine.run(count_records(engine.table("visit", LADDER_ROWS))).to_pylist()
    assert rows == [{"force_code": "X1", "records": 8}, {"force_code": "X2", "records": 2}]


def test_a_split_that_the_table_does_not_have_is_refused(engine):
    table = engine.table("visit", LADDER_ROWS.drop_columns(["when_reported"]))
    with pytest.raises(DefinitionError, match="no column 'when_reported'"):
        count_rungs(seen_in_time(), table)


def test_one_statement_answers_an_indicator(engine):
    table = engine.create_table("visits", engine.table("visit", LADDER_ROWS))
    before = len(engine.statements)
    engine.run(count_rungs(seen_in_time(), table))
    assert len(engine.statements) == before + 1


def test_an_exclusion_that_is_not_known_hides_behind_one_that_is_true():
    indicator = seen_in_time()
    assert plain_answer(indicator, {**COUNTED_RECORD, "cancelled": None, "kind": "video"}) == (
        "left out",
        "by_telephone",
    )
    assert plain_answer(indicator, {**COUNTED_RECORD, "cancelled": None}) == ("not known if counted", "")
