"""The status of a released cell is read from the row's status text in one place."""

import pytest

from assay.sdc.cell_status import CellStatus, add_status, cell_status, is_suppressed, suppress_cell


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", CellStatus.SHOWN),
        (None, CellStatus.SHOWN),
        ("not_met", CellStatus.SHOWN),  # another column, whose name contains this one's
        ("not_met met", CellStatus.PRIMARY),
        ("secondary:met", CellStatus.SECONDARY),
        ("secondary:not_met", CellStatus.SHOWN),
        ("dominated:met", CellStatus.DOMINATED),
    ],
)
def test_the_status_of_a_cell_is_that_of_its_own_column(text, status):
    assert cell_status({"met": None, "suppressed_cells": text}, "met") is status


def test_a_cell_that_is_suppressed_twice_is_secondary_suppressed():
    row = {"met": 3, "suppressed_cells": ""}
    add_status(row, "met")
    suppress_cell(row, "met")
    assert (row["met"], cell_status(row, "met")) == (None, CellStatus.SECONDARY)
    assert is_suppressed(row, "met")
