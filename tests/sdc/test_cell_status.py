"""The status of a released cell is read from the row's status text in one place."""

import re
from pathlib import Path

import pytest

import assay.sdc
from assay.sdc.cell_status import (
    CellStatus,
    SuppressedCells,
    add_few_staff,
    add_status,
    cell_status,
    is_suppressed,
    longest_status_text,
    suppress_cell,
    suppressed_cells,
)


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


def test_the_statuses_that_are_written_are_those_that_are_read():
    row = {}
    for status in (CellStatus.PRIMARY, CellStatus.SECONDARY, CellStatus.DOMINATED):
        add_status(row, status.name.lower(), status)
        add_status(row, status.name.lower(), status)
    add_few_staff(row)
    assert row == {"suppressed_cells": "primary secondary:secondary dominated:dominated few-staff"}
    columns = [frozenset({name}) for name in ("primary", "secondary", "dominated")]
    assert suppressed_cells(row) == SuppressedCells(*columns, few_staff=True)


def test_the_longest_text_is_that_of_a_row_whose_columns_are_all_secondary_suppressed():
    row = {}
    for column in ("met", "not_met"):
        suppress_cell(row, column)
    assert row["suppressed_cells"] == longest_status_text(["met", "not_met"])


def test_only_one_module_reads_the_text_of_the_status_column():
    """A second parser would be a second place for the form of the text."""
    package = Path(assay.sdc.__file__).parent.parent
    words = re.compile(r"""["'](?:secondary|dominated|kept-back):|suppressed_cells["']\](?: or ""\))?\.split""")
    modules = [path.relative_to(package).as_posix() for path in package.rglob("*.py") if words.search(path.read_text())]
    assert modules == ["sdc/cell_status.py"]
