"""Which source columns does an expression depend on? Small tables, checked by hand."""

import ibis
import pytest

from assay.engine.column_lineage import source_columns, unchanged_source_column
from assay.workflows.request.rule_columns import columns_of_statement

CRIMES = ibis.table({"ref": "string", "code": "string", "team": "string", "day": "int64"}, name="crimes")
FLAGS = ibis.table({"ref": "string", "flag": "string", "by": "string"}, name="flags")


def behind(table, *columns):
    return {".".join(column) for column in source_columns(table, columns)}


def test_a_column_that_is_carried_along_and_asked_by_nobody_is_not_read():
    carried_along = CRIMES.mutate(late=CRIMES.day > 3)
    assert behind(carried_along.select("late", "team").select("late"), "late") == {"crimes.day"}


def test_what_decides_which_rows_there_are_is_read_though_no_column_is_asked():
    assert behind(CRIMES.filter(CRIMES.code == "13")) == {"crimes.code"}


def test_a_table_set_beside_the_rows_counts_only_where_one_of_its_columns_is_read():
    joined = CRIMES.left_join(FLAGS, "ref")
    assert behind(joined, "day") == {"crimes.day"}
    assert behind(joined, "flag") == {"flags.flag", "flags.ref", "crimes.ref"}


def test_a_joined_table_that_takes_rows_away_always_counts():
    assert behind(CRIMES.join(FLAGS, "ref"), "day") == {"crimes.day", "crimes.ref", "flags.ref"}


def test_of_rows_that_are_made_one_every_column_counts():
    assert behind(CRIMES.select("code", "team").distinct(), "code") == {"crimes.code", "crimes.team"}


def test_of_tables_one_under_another_the_column_of_each_counts():
    stacked = ibis.union(CRIMES.select(word="code", other="team"), FLAGS.select(word="flag", other="by"))
    assert behind(stacked, "word") == {"crimes.code", "flags.flag"}


def test_what_is_counted_by_group_rests_on_the_group_and_on_what_is_counted():
    counts = FLAGS.group_by("ref").aggregate(csa=(FLAGS.flag == "csa").any(), who=FLAGS.by.max())
    assert behind(counts, "csa") == {"flags.ref", "flags.flag"}


def test_the_order_of_a_window_is_read():
    place = ibis.row_number().over(group_by=CRIMES.code, order_by=CRIMES.day)
    assert behind(CRIMES.mutate(place=place), "place") == {"crimes.code", "crimes.day"}


def test_a_column_under_another_name_is_still_carried_and_one_worked_out_is_not():
    renamed = CRIMES.select(where="team").mutate(plain="where", loud=ibis._.where.upper())
    assert unchanged_source_column(renamed, "plain") == ("crimes", "team")
    assert unchanged_source_column(renamed, "loud") is None


SCHEMA = {
    "crimes": {"ref": "varchar", "code": "varchar", "day": "bigint"},
    "flags": {"ref": "varchar", "flag": "varchar"},
}


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("select ref from crimes where day > 3", {"crimes.ref", "crimes.day"}),
        ("with c as (select * from crimes) select ref from c", {"crimes.ref"}),
        ("select c.day from crimes as c anti join flags as f on c.ref = f.ref", {"crimes.day", "crimes.ref", "flags.ref"}),
        ("select day from crimes join flags using (ref)", {"crimes.day", "crimes.ref", "flags.ref"}),
        ("select ref from crimes as c where not exists (select 1 from flags as f where f.ref = c.code)",
         {"crimes.ref", "crimes.code", "flags.ref"}),
    ],
)  # fmt: skip
def test_a_statement_reads_what_it_names_and_nothing_that_it_only_passes_on(sql, read):
    assert {".".join(column) for column in columns_of_statement(sql, SCHEMA)} == read


def test_behind_a_kept_answer_stand_the_columns_of_its_question():
    queries = {"late": "select ref, code from crimes where day > 3"}
    assert columns_of_statement("select ref from late", SCHEMA, queries) == {("crimes", "ref"), ("crimes", "day")}
