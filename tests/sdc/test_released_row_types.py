"""Do the row types of released tables have the columns that `tables.toml` declares, with their types?"""

import importlib
import pkgutil
from types import NoneType
from typing import get_args, get_type_hints

import pytest

from assay.sdc import declared_tables, released_rows
from assay.sdc.released_rows import row_type_name, table_name

pytestmark = pytest.mark.quick

KINDS = {"count": int, "whole": int, "number": float, "share": float, "flag": bool}
ROW_TYPES = {
    name: row_type
    for module in pkgutil.iter_modules(released_rows.__path__)
    for name, row_type in vars(importlib.import_module(f"{released_rows.__name__}.{module.name}")).items()
    if name.endswith("Row")
}


def test_each_released_table_has_a_row_type_named_after_it():
    assert {table_name(row_type) for row_type in ROW_TYPES.values()} == set(declared_tables())
    assert row_type_name("wait_medians") == "WaitMediansRow"
    assert table_name(ROW_TYPES["WaitMediansRow"]) == table_name("wait_medians") == "wait_medians"


@pytest.mark.parametrize("name", declared_tables())
def test_a_row_type_has_the_declared_columns_and_says_which_may_be_empty(name):
    columns = declared_tables()[name].columns
    hints = get_type_hints(ROW_TYPES[row_type_name(name)])
    assert list(hints) == [column.name for column in columns], "run scripts/row_types.py"
    for column in columns:
        kinds = set(get_args(hints[column.name]) or (hints[column.name],))
        assert kinds - {NoneType} == {KINDS.get(column.kind, str)}, f"{column.name}: run scripts/row_types.py"
        assert (NoneType in kinds) == (column.empty or column.protect), f"{column.name}: run scripts/row_types.py"
