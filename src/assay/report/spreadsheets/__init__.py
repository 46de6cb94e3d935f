"""Statistical tables as accessible spreadsheets, .xlsx and .ods.

They follow the government's guidance on spreadsheets: a cover, contents, notes and columns sheet, then one table on
each sheet, marked as a table, with its title in A1; no merged cells, no empty rows or cells, and text for missing
values. The same figures give the same bytes.
"""

from assay.report.spreadsheets.ods_writer import as_ods
from assay.report.spreadsheets.sheet_contents import sheets
from assay.report.spreadsheets.xlsx_writer import as_xlsx

__all__ = ["as_ods", "as_xlsx", "sheets"]
