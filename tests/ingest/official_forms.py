"""Writes tables in the forms in which the publishers send them, one row at a time, so that size costs no
memory.

A cover sheet, a notes sheet, merged title rows, and a header that is not the first row: all of these stand
before the figures in the official workbooks. Text goes into shared strings (XLSX) as a spreadsheet program
would put it.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

Cell = str | int | None
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True)
class Sheet:
    """One sheet: title rows (each merged over the whole width), then the header, then the rows."""

    name: str
    titles: Sequence[str]
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]

    @property
    def width(self) -> int:
        """How many columns the sheet has."""
        return max(len(self.header), 1)

    def all_rows(self) -> Iterator[Sequence[Cell]]:
        """Title rows, header and rows, in order."""
        yield from ([title] for title in self.titles)
        if self.header:
            yield self.header
        yield from self.rows


def cover_sheet(published: str = "24 April 2026") -> Sheet:
    """A cover sheet that says when the table was published."""
    return Sheet(
        "Cover_sheet",
        ["Crime in England and Wales: open data", f"Published: {published}", "Home Office"],
        [],
        [],
    )


def notes() -> Sheet:
    """A notes sheet with a little table of its own."""
    rows = [
        ["1", "Some offences are recorded late."],
        ["2", "See also the outcomes alternate offences table."],
    ]
    return Sheet("Notes", ["Notes to the table", ""], ["Note number", "Note text"], rows)


def letters(column: int) -> str:
    """'A' for column 0, 'AA' for column 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


class _Strings:
    """Shared strings, numbered in the order in which they first occur."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))

    def xml(self) -> Iterator[str]:
        yield f'{DECLARED}<sst xmlns="{MAIN}" uniqueCount="{len(self.numbers)}">'
        for text in self.numbers:
            yield f'<si><t xml:space="preserve">{escape(text)}</t></si>'
        yield "</sst>"


def write_xlsx(path: Path, sheets: Sequence[Sheet], *, level: int = 4) -> Path:
    """The sheets as an Excel workbook; a text that starts with '=' becomes a formula with a cached value of
    1.
    """
    strings = _Strings()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for number, sheet in enumerate(sheets, 1):
            _pour(archive, f"xl/worksheets/sheet{number}.xml", _xlsx_sheet(sheet, strings))
        _pour(archive, "xl/sharedStrings.xml", strings.xml())
        for name, text in _xlsx_parts(sheets).items():
            archive.writestr(name, DECLARED + text)
    return path


def _xlsx_sheet(sheet: Sheet, strings: _Strings) -> Iterator[str]:
    yield f'{DECLARED}<worksheet xmlns="{MAIN}"><sheetData>'
    names = [letters(i) for i in range(64)]
    for number, row in enumerate(sheet.all_rows(), 1):
        cells = "".join(
            _xlsx_cell(f"{names[i]}{number}", cell, strings) for i, cell in enumerate(row) if cell is not None
        )
        yield f'<row r="{number}">{cells}</row>'
    yield "</sheetData>"
    if sheet.titles and sheet.width > 1:
        last = letters(sheet.width - 1)
        merged = "".join(f'<mergeCell ref="A{n}:{last}{n}"/>' for n in range(1, len(sheet.titles) + 1))
        yield f'<mergeCells count="{len(sheet.titles)}">{merged}</mergeCells>'
    yield "</worksheet>"


def _xlsx_cell(cell_address: str, cell: Cell, strings: _Strings) -> str:
    if isinstance(cell, int):
        return f'<c r="{cell_address}"><v>{cell}</v></c>'
    text = str(cell)
    if text.startswith("="):
        return f'<c r="{cell_address}"><f>{escape(text[1:])}</f><v>1</v></c>'
    if text == "#N/A":
        return f'<c r="{cell_address}" t="e"><v>#N/A</v></c>'
    return f'<c r="{cell_address}" t="s"><v>{strings.number(text)}</v></c>'


def _xlsx_parts(sheets: Sequence[Sheet]) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>' for n in numbers
    )
    names_xml = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in zip(numbers, sheets, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" '
        f'ContentType="{SHEET_TYPE}.sharedStrings+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{names_xml}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        '<Relationship Id="rIdS" '
        f'Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    }


def write_ods(path: Path, sheets: Sequence[Sheet], *, level: int = 4) -> Path:
    """The sheets as an OpenDocument spreadsheet; a text that starts with '=' becomes a formula with a value
    of 1.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        archive.writestr("mimetype", ODS_TYPE, compress_type=zipfile.ZIP_STORED)
        _pour(archive, "content.xml", _ods_content(sheets))
        archive.writestr(
            "META-INF/manifest.xml",
            f'{DECLARED}<manifest:manifest xmlns:manifest="{ODF}manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_TYPE}"/>'
            '<manifest:file-entry manifest:full-path="content.xml" '
            'manifest:media-type="text/xml"/></manifest:manifest>',
        )
    return path


def _ods_content(sheets: Sequence[Sheet]) -> Iterator[str]:
    yield (
        f'{DECLARED}<office:document-content xmlns:office="{ODF}office:1.0" xmlns:table="{ODF}table:1.0" '
        f'xmlns:text="{ODF}text:1.0" office:version="1.3"><office:body><office:spreadsheet>'
    )
    for sheet in sheets:
        yield f"<table:table table:name={quoteattr(sheet.name)}>"
        yield f'<table:table-column table:number-columns-repeated="{sheet.width}"/>'
        for number, row in enumerate(sheet.all_rows()):
            yield _ods_title(row[0], sheet.width) if number < len(sheet.titles) else _ods_row(row)
        yield "</table:table>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _ods_title(text: Cell, width: int) -> str:
    inside = f"<text:p>{escape(str(text))}</text:p>" if text else ""
    kind = ' office:value-type="string"' if text else ""
    covered = f'<table:covered-table-cell table:number-columns-repeated="{width - 1}"/>' if width > 1 else ""
    merged = f' table:number-columns-spanned="{width}"' if width > 1 else ""
    cell = f"<table:table-cell{merged}{kind}>{inside}</table:table-cell>"
    return f"<table:table-row>{cell}{covered}</table:table-row>"


def _ods_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, int):
        number = f'office:value-type="float" office:value="{cell}"'
        return f"<table:table-cell {number}><text:p>{cell}</text:p></table:table-cell>"
    if cell.startswith("="):
        formula = quoteattr("of:" + cell)
        number = f'table:formula={formula} office:value-type="float" office:value="1"'
        return f"<table:table-cell {number}><text:p>1</text:p></table:table-cell>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def _pour(archive: zipfile.ZipFile, name: str, pieces: Iterable[str]) -> None:
    """Write pieces of text into the archive in blocks of about a megabyte."""
    with archive.open(name, "w", force_zip64=True) as stream:
        block: list[str] = []
        size = 0
        for piece in pieces:
            block.append(piece)
            size += len(piece)
            if size > 1 << 20:
                stream.write("".join(block).encode("utf-8"))
                block, size = [], 0
        stream.write("".join(block).encode("utf-8"))
