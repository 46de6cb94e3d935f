"""Does each definition find its records, with what is not known beside it?"""

import pytest
from measured_forms import children_found, visits

from assay.engine import ExpressionEngine
from assay.indicators import definition_counts, definition_rows, plain_count

ROWS = visits(
    {"in_base": True, "age": 15},
    {"in_base": True, "age": 16},
    {"in_base": True, "age": 18},
    {"in_base": True, "age": None},
    {"in_base": None, "age": 15},
    {"in_base": None, "age": 30},
    {"in_base": False, "age": 15},
)


@pytest.fixture(scope="module")
def found():
    with ExpressionEngine() as engine:
        rows = engine.run(definition_counts(children_found(), engine.table("visit", ROWS)))
    return {row["definition"]: row for row in definition_rows(children_found(), rows).to_pylist()}


def test_definitions_stand_side_by_side(found):
    assert (found["under_18"]["records"], found["under_16"]["records"]) == (2, 1)


def test_what_may_belong_is_not_known_and_never_nothing(found):
    # Not known: the visit without an age, and the child of 15 that may not be in the base; the adult of 30 is neither.
    assert found["under_18"]["not_known"] == 2


def test_every_record_is_accounted_for(found):
    for row in found.values():
        assert row["records"] + row["not_known"] + row["not_found"] + row["outside"] == 7


def test_plain_python_counts_the_same(found):
    counts_by_row = [plain_count(children_found(), row) for row in ROWS.to_pylist()]
    for key, row in found.items():
        assert [row_counts[key] for row_counts in counts_by_row].count(True) == row["records"]
        assert [item[key] for item in counts_by_row].count(None) == row["not_known"]
