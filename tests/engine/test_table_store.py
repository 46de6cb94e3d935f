"""Does an SQL query return the same rows in the same order, and is it recorded?"""

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.engine import Engine, TableStore
from assay.errors import DefinitionError

COUNTS = pa.table({"force_code": ["E23B", "E23A", "E23A"], "offences": [5, 7, 2]})


def ask(sql: str, **values: object) -> list[dict[str, object]]:
    with TableStore() as store:
        store.table("counts", COUNTS)
        return store.run(sql, **values).to_pylist()


def test_a_store_is_an_engine():
    with TableStore() as store:
        assert isinstance(store, Engine)


def test_a_sum_of_whole_numbers_is_a_whole_number():
    with TableStore() as store:
        store.table("counts", COUNTS)
        total_row = store.run("select sum(offences) as offences from counts")
    assert total_row.schema.field("offences").type == pa.int64()
    assert total_row.to_pylist() == [{"offences": 5 + 7 + 2}]


def test_a_sum_too_large_for_64_bits_fails_rather_than_being_cut():
    with TableStore() as store, pytest.raises(pa.ArrowInvalid):
        store.run("select sum(n) as n from (values (9223372036854775807), (1)) as t(n)")


def test_rows_come_back_in_the_order_of_their_columns():
    assert ask("select * from counts") == [
        {"force_code": "E23A", "offences": 2},
        {"force_code": "E23A", "offences": 7},
        {"force_code": "E23B", "offences": 5},
    ]


@given(st.permutations(list(range(12))))
def test_the_order_of_rows_going_in_does_not_matter(order):
    with TableStore() as store:
        store.table("numbers", pa.table({"n": order}))
        assert store.run("select n from numbers")["n"].to_pylist() == list(range(12))


def test_a_missing_value_comes_last_and_stays_missing():
    assert [row["n"] for row in ask("select unnest([null, 2, 1]) as n")] == [1, 2, None]


def test_a_question_takes_its_values_by_name():
    assert ask("select offences from counts where force_code = $force", force="E23B") == [{"offences": 5}]


def test_the_question_is_kept_with_the_values_it_was_given():
    with TableStore() as store:
        store.table("counts", COUNTS)
        store.run("select offences from counts where force_code = $f;", f="E23B")
        assert store.statements == ("select offences from counts where force_code = $f\n-- $f = 'E23B'",)


def test_a_step_that_is_kept_can_be_read_by_the_next():
    with TableStore() as store:
        store.table("counts", COUNTS)
        store.create_table("by_force", "select force_code, sum(offences) as n from counts group by all")
        assert store.run("select n from by_force")["n"].to_pylist() == [5, 7 + 2]
        assert store.statements[0].startswith("create or replace table by_force as")


def test_a_second_table_of_a_name_takes_the_place_of_the_first():
    with TableStore() as store:
        store.table("counts", COUNTS)
        store.table("counts", COUNTS.slice(0, 1))
        assert store.run("select count(*) as n from counts")["n"].to_pylist() == [1]


def test_two_statements_in_one_question_are_refused():
    with pytest.raises(duckdb.ParserException):
        ask("select 1 as n; select 2 as n")


def test_a_table_name_that_could_be_read_as_sql_is_refused():
    with TableStore() as store, pytest.raises(DefinitionError, match="cannot name a table"):
        store.table("counts; drop table x", COUNTS)


def test_time_is_told_in_utc():
    assert ask("select current_setting('TimeZone') as zone") == [{"zone": "UTC"}]


def test_nothing_is_fetched_from_outside():
    with TableStore() as store, pytest.raises(duckdb.Error):
        store.run("select * from 'http://nowhere.invalid/none.parquet'")
    assert ask("select current_setting('autoinstall_known_extensions') as fetched") == [{"fetched": False}]


def test_a_store_in_a_file_is_there_for_the_next_reader(tmp_path):
    with TableStore(tmp_path / "facts.duckdb") as store:
        store.table("counts", COUNTS)
        store.create_table("kept", "select * from counts")
    with TableStore(tmp_path / "facts.duckdb") as store:
        assert store.run("select count(*) as n from kept")["n"].to_pylist() == [3]


def test_a_variable_of_the_program_is_not_a_table():
    assert ask("select current_setting('python_enable_replacements') as looked_for") == [{"looked_for": False}]
