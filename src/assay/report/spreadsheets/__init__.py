"""Statistical tables as accessible spreadsheets, .xlsx and .ods.

To the government's guidance on spreadsheets: a cover, contents, notes and columns sheet, then one table a sheet, marked
as one, with its title in A1; nothing merged, no empty row or cell, and words for what is missing. The same figures give
the same bytes.
"""

from assay.report.spreadsheets.ods_writer import as_ods
from assay.report.spreadsheets.sheet_contents import sheets
from assay.report.spreadsheets.xlsx_writer import as_xlsx

__all__ = ["as_ods", "as_xlsx", "sheets"]
