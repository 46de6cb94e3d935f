"""Small extracts, written by hand, and short ways to read them."""

import datetime
import zipfile
from pathlib import Path

import xlsxwriter

from assay.ingest.extracts.extract_files import read_sheets

HEADING = "Crime Ref,Recorded,Offence,Victim sex"


RECORDS = ["42/101/24,05/01/2024 10:30,20A,F", "42/102/24,06/01/2024 11:00,20B,M", "42/103/24,07/01/2024 09:15,20A,"]


def text_file(folder: Path, name: str, lines, encoding="utf-8", line_end="\n") -> Path:
    path = folder / name
    path.write_bytes((line_end.join(lines) + line_end).encode(encoding))
    return path


def only_sheet(*paths: Path):
    reading = read_sheets(paths)
    assert reading.refusals == ()
    assert len(reading.sheets) == 1
    return reading.sheets[0]


def rows_of(sheet):
    return [tuple(row.values()) for row in sheet.cells.to_pylist()]


def refusal(*paths: Path) -> str:
    reading = read_sheets(paths)
    assert reading.sheets == ()
    assert len(reading.refusals) == 1
    return reading.refusals[0]


def workbook(folder: Path, sheets, name="extract.xlsx") -> Path:
    """A workbook of sheets, each a list of rows; a date is written as a real date, an error as an error."""
    path = folder / name
    with xlsxwriter.Workbook(path) as output:
        day, moment = (
            output.add_format({"num_format": "dd/mm/yyyy"}),
            output.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        )
        for title, rows in sheets.items():
            sheet = output.add_worksheet(title)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if isinstance(cell, datetime.datetime):
                        sheet.write_datetime(number, place, cell, moment)
                    elif isinstance(cell, datetime.date):
                        sheet.write_datetime(number, place, cell, day)
                    elif cell is not None:
                        sheet.write(number, place, cell)
    return path


def records(number, first=101):
    """Records of crimes of one pattern, in which the last columns are empty now and then."""
    return [
        [f"42/{first + n}/24", f"{1 + n % 28:02d}/05/2024", ("20A", "066/59")[n % 2], ("F", "M", "")[n % 3], ""]
        for n in range(number)
    ]


NAMES = ["Crime Ref", "Recorded", "Offence", "Victim sex", "Outcome"]


def joined(rows, delimiter=","):
    return [delimiter.join(row) for row in rows]


def open_document(path: Path, rows) -> Path:
    """An .ods of one sheet; a cell is a text or, as a date, ('2024-01-05',)."""
    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{part}:1.0" for part in ("office", "table", "text"))

    def cell(value):
        if isinstance(value, tuple):
            return f'<table:table-cell office:value-type="date" office:date-value="{value[0]}"/>'
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}"><office:body>'
            f'<office:spreadsheet><table:table table:name="Crimes">{lines}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return path
