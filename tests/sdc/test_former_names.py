"""Are releases of earlier versions read under the names that columns have now, with the same figures and statuses?"""

import pyarrow as pa
import pytest

from assay.sdc import declared_tables, with_current_names
from assay.sdc.cell_status import CellStatus, cell_status

pytestmark = pytest.mark.quick

OLD = pa.table(
    {"place_code": ["ALL", "ALL"], "told": [None, 40], "met": [None, 30], "hidden": ["told kept-back:met", None]}
)


def test_a_renamed_column_has_its_present_name_and_its_figures():
    table = with_current_names({"case_files": OLD})["case_files"]
    assert table.column_names == ["place_code", "answered", "met", "suppressed_cells"]
    assert table["answered"].to_pylist() == [None, 40]


def test_a_suppressed_cell_of_a_renamed_column_is_suppressed_under_its_present_name():
    row, shown_row = with_current_names({"case_files": OLD})["case_files"].to_pylist()
    assert [cell_status(row, name) for name in ("answered", "met")] == [CellStatus.PRIMARY, CellStatus.SECONDARY]
    assert shown_row["suppressed_cells"] is None


def test_a_secondary_suppression_of_an_earlier_release_is_read_also_where_no_column_was_renamed():
    ladders = pa.table({"place_code": ["INV01"], "met": pa.nulls(1, pa.int64()), "hidden": ["kept-back:met"]})
    (row,) = with_current_names({"ladders": ladders})["ladders"].to_pylist()
    assert cell_status(row, "met") is CellStatus.SECONDARY


def test_a_renamed_table_has_its_present_name_and_a_renamed_column_in_it_too():
    tables = with_current_names({"strands": pa.table({"place_code": ["ALL"], "told": [40]})})
    assert tables["source_verdicts"].column_names == ["place_code", "answered"]


def test_no_former_name_of_a_table_is_the_present_name_of_another():
    names = [form.formerly for form in declared_tables().values() if form.formerly]
    assert len(names) == len(set(names)) > 30
    assert set(names).isdisjoint(declared_tables())


def test_a_table_of_this_version_and_an_undeclared_table_stay_as_they_are():
    current = pa.table(
        {"place_code": ["ALL"], "answered": pa.nulls(1, pa.int64()), "suppressed_cells": ["secondary:answered"]}
    )
    tables = {"case_files": current, "other": OLD}
    assert with_current_names(tables) == tables


def test_no_former_name_is_the_present_name_of_another_column():
    """A former name that another column has now would be ambiguous."""
    for form in declared_tables().values():
        assert not form.former_names.keys() & {column.name for column in form.columns}, form.name
        assert len(form.former_names) == sum(bool(column.formerly) for column in form.columns), form.name


def test_a_value_of_an_earlier_release_is_read_as_its_present_value():
    stored = pa.table({"place_code": ["A", "B", "C"], "called": ["stands", "new", None]})
    table = with_current_names({"force_estimates": stored})["force_estimates"]
    assert table["alert_status"].to_pylist() == ["persists", "new", None]


def test_no_former_value_is_a_present_value_of_its_column():
    renamed = [column for form in declared_tables().values() for column in form.columns if column.former_values]
    assert len(renamed) == 5
    for column in renamed:
        assert not column.former_values.keys() & set(column.values), column.name
        assert set(column.former_values.values()) <= set(column.values), column.name


@pytest.mark.parametrize(
    ("table", "former", "present"),
    [
        ("distinct_counts", "counted", "counting_unit"),
        ("voice_collections", "chosen", "selection_method"),
        ("voice_collections", "asked", "people_asked"),
        ("missing_case_steps", "there", "recorded"),
        ("case_samples", "asked", "question_set_title"),
        ("case_samples", "drawn", "sampled_files"),
        ("case_files", "of_files_lowest", "unweighted_share_lowest"),
        ("hidden_victims", "counted", "definition_text"),
        ("hidden_victims", "both", "both_lists"),
        ("hidden_victims_lists", "whose", "holder"),
    ],
)
def test_a_former_name_is_read_and_so_are_the_statuses_of_its_cells(table, former, present):
    stored = pa.table({former: pa.nulls(1, pa.string()), "hidden": [f"{former} kept-back:{former}"]})
    (row,) = with_current_names({table: stored})[table].to_pylist()
    assert row == {present: None, "suppressed_cells": f"{present} secondary:{present}"}


@pytest.mark.parametrize(
    ("table", "present"),
    [("scale_claims", "subject"), ("grade_rules", "subject"), ("claim_tests", "subject"), ("assumptions", "topic")],
)
def test_a_former_name_is_read_where_no_cell_can_be_suppressed(table, present):
    stored = pa.table({"about": ["scale"]})
    assert with_current_names({table: stored})[table].to_pylist() == [{present: "scale"}]
