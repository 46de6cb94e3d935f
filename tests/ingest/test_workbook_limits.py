"""Is a sheet whose cells lie too far apart known from its XML, and a long one that is filled let through?"""

import io
import zipfile

import pytest

from assay.engine.safe_files.archive_limits import Unreadable
from assay.engine.safe_files.workbook_limits import fills_memory

FILLED_ROWS = 800_000


def workbook(*rows: str, texts: str = "") -> zipfile.ZipFile:
    parts = {"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>"}
    return zipped(parts | ({"xl/sharedStrings.xml": f"<sst>{texts}</sst>"} if texts else {}))


def open_document(cell: str, row: str = "<table:table-row>") -> zipfile.ZipFile:
    return zipped({"content.xml": f"<table:table>{row}{cell}</table:table-row></table:table>"})


def zipped(parts: dict[str, str]) -> zipfile.ZipFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return zipfile.ZipFile(stream)


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
    assert fills_memory(workbook('<row r="1"><c r="A1"/></row>', row))


def test_a_cell_in_another_row_than_it_says_is_no_matter_where_it_is_near():
    assert not fills_memory(workbook('<row r="1"><c r="A1"/><c r="B1000"/></row>', '<row r="2"><c r="XFD2"/></row>'))


def test_a_long_sheet_that_is_filled_is_let_through():
    """A published table had 712,448 rows of eleven columns."""
    rows = (f'<row r="{number}"><c r="A{number}"/><c r="K{number}"/></row>' for number in range(1, FILLED_ROWS + 1))
    assert not fills_memory(workbook(*rows))


def cells(number: int) -> str:
    return "".join(f'<row r="{line}"><c r="A{line}" t="s"><v>{line % 2}</v></c></row>' for line in range(1, number + 1))


def test_a_text_that_is_kept_once_counts_as_often_as_it_stands_in_a_cell():
    """Of 3,000 cells each second holds a million characters: 1.5 thousand million. In five cells they are no matter."""
    texts = f"<si><t>a</t></si><si><t>{'x' * 1_000_000}</t></si>"
    assert fills_memory(workbook(cells(3_000), texts=texts))
    assert not fills_memory(workbook(cells(5), texts=texts))


def test_one_long_text_beside_many_short_ones_is_let_through():
    """5,000 cells of one character, though a text of a million is kept too, and stands in the last."""
    texts = f"<si><t>a</t></si><si><t>b</t></si><si><t>{'x' * 1_000_000}</t></si>"
    last = '<row r="5001"><c r="A5001" t="s"><v>2</v></c></row>'
    assert not fills_memory(workbook(cells(5_000), last, texts=texts))


WORDS = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
TIMES = '<table:table-cell table:number-columns-repeated="{}" office:value-type="string"><text:p>{}</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("cell", "row"),
    [
        (WORDS.format("<text:s text:c='1999999999'/>"), "<table:table-row>"),
        (TIMES.format(16_384, "x" * 100_000), "<table:table-row>"),
        (WORDS.format("x" * 2_000), '<table:table-row table:number-rows-repeated="1000000">'),
        (WORDS.format("<text:s text:c='2000'/>"), '<table:table-row table:number-rows-repeated="1000000">'),
        (WORDS.format("x" * 5_000_000), '<table:table-row table:number-rows-repeated="300">'),
    ],
    ids=["blanks", "in every column", "in every row", "blanks in every row", "longer than a block"],
)
def test_a_text_or_blanks_that_an_ods_writes_once_count_as_often_as_they_are_repeated(cell, row):
    assert fills_memory(open_document(cell, row))


def test_blanks_between_words_and_a_row_that_is_repeated_now_and_then_are_let_through():
    cell = WORDS.format("of the force <text:s text:c='12'/> in total")
    assert not fills_memory(open_document(cell * 200, '<table:table-row table:number-rows-repeated="500">'))


FAR_ROW = '<row r="1048576"><c r="XFD1048576"/></row>'
NAMES_ONE = {
    "xl/workbook.xml": '<workbook xmlns:r="x"><sheets><sheet name="a" sheetId="1" r:id="rId7"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId7" Target="{}"/></Relationships>',
}


def somewhere(place: str, target: str, rows: str = FAR_ROW) -> dict[str, str]:
    parts = {name: content.format(target) if "{}" in content else content for name, content in NAMES_ONE.items()}
    return parts | {place: f"<worksheet><sheetData>{rows}</sheetData></worksheet>"}


ELSEWHERE = {
    "beside an empty text document": somewhere("xl/worksheets/a.xml", "worksheets/a.xml") | {"content.xml": "<a/>"},
    "in another folder": somewhere("xl/sheets/s.xml", "sheets/s.xml"),
    "from the root": somewhere("other/s.dat", "/other/s.dat"),
    "in capitals": somewhere("xl/Worksheets/Sheet1.XML", "worksheets/sheet1.xml"),
    "with the strokes of Windows": somewhere("xl\\worksheets\\sheet1.xml", "worksheets/sheet1.xml"),
    "cells without a place": somewhere("xl/worksheets/a.xml", "worksheets/a.xml", f"<row>{'<c/>' * 16_384}</row><row r='9999'/>"),
    "an angle in an attribute": somewhere("xl/worksheets/a.xml", "worksheets/a.xml", '<row spans=">" r="1048576"><c r="XFD1048576"/></row>'),
    "a prefix with a stroke": somewhere("xl/worksheets/a.xml", "worksheets/a.xml", '<a-b:row r="1048576"><a-b:c r="XFD1048576"/></a-b:row>'),
}  # fmt: skip


@pytest.mark.parametrize("parts", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_sheet_is_asked_wherever_it_lies_and_however_it_is_written(parts):
    assert fills_memory(zipped(parts))


CELLS_READ = {
    "a formula before it": '<c t="s"><f/><v>1</v></c>',
    "blanks are kept": '<c t="s"><v xml:space="preserve">1</v></c>',
    "noughts before it": '<c t="s"><v>0000000001</v></c>',
    "an angle in an attribute": '<c t="s" x=">"><v>1</v></c>',
}


@pytest.mark.parametrize("cell", CELLS_READ.values(), ids=CELLS_READ)
def test_a_text_that_is_kept_once_is_known_however_the_cell_names_it(cell):
    texts = f"<!--<si>--><si><t>a</t></si><si><t>{'x' * 1_000_000}</t></si>"
    assert fills_memory(workbook(f"<row>{cell * 2_000}</row>", texts=texts))


MANY_COLUMNS = (
    '<table:table-cell table:number-columns-repeated="+99999999" office:value="1"/>',
    '<table:table-cell table:number-rows-repeated="1" table:number-columns-repeated="99999999" office:value="1"/>',
    '<table:table-cell><text:s text:c="&#49;999999999"/></table:table-cell>',
    "<table:table-cell><table:table><table:table-row/></table:table></table:table-cell>",
)


@pytest.mark.parametrize("cell", MANY_COLUMNS)
def test_a_number_in_an_ods_is_read_as_a_parser_reads_it(cell):
    assert fills_memory(open_document(cell))


def test_a_style_whose_name_speaks_of_a_value_fills_no_cell():
    cell = '<table:table-cell table:style-name="ce-value" table:number-columns-repeated="16384"/>'
    assert not fills_memory(open_document(cell, '<table:table-row table:number-rows-repeated="1048000">'))


ODD = {
    "a tag that never closes": {"xl/worksheets/a.xml": "<row " * 20_000},
    "a declared type of document": {"xl/worksheets/a.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'},
    "a row that is no number": {"xl/worksheets/a.xml": '<a><row r="x"/></a>'},
    "a repeat that is no number": {"content.xml": '<a><table:table-row table:number-rows-repeated="x"/></a>'},
}


@pytest.mark.parametrize("parts", ODD.values(), ids=ODD)
def test_what_a_strict_parser_does_not_read_is_no_workbook(parts):
    with pytest.raises(Unreadable):
        fills_memory(zipped(parts))
