"""Is a sheet whose cells lie too far apart known from its XML, and a long one that is filled let through?"""

import io
import zipfile

import pytest

from assay.interchange.sheets import far_apart

FILLED_ROWS = 800_000


def workbook(*rows: str) -> zipfile.ZipFile:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>")
    return zipfile.ZipFile(made)


@pytest.mark.parametrize(
    "row",
    [
        '<row r="1048576"><c r="XFD1048576"/></row>',
        '<row r="2"><c r="XFD1048576"/></row>',
        "<row><c r='XFD1048576'/></row>",
        '<x:row r="2"><x:c s="1" r="AZ900000"/></x:row>',
    ],
)
def test_one_cell_far_away_is_too_far_whether_its_row_or_the_cell_itself_says_so(row):
    assert far_apart(workbook('<row r="1"><c r="A1"/></row>', row))


def test_a_cell_in_another_row_than_it_says_is_no_matter_where_it_is_near():
    assert not far_apart(workbook('<row r="1"><c r="A1"/><c r="B1000"/></row>', '<row r="2"><c r="XFD2"/></row>'))


def test_a_long_sheet_that_is_filled_is_let_through():
    """A published table had 712,448 rows of eleven columns."""
    rows = (f'<row r="{number}"><c r="A{number}"/><c r="K{number}"/></row>' for number in range(1, FILLED_ROWS + 1))
    assert not far_apart(workbook(*rows))
