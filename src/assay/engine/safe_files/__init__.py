"""Safe reading of received files, and safe writing of spreadsheets.

`archive_limits`: limits on unpacked ZIP and gzip files. `parquet_limits`: received Parquet, never more rows or bytes
than memory holds. `workbook_limits`: limits on received workbooks. `spreadsheet_cells`: CSV without cells that a
spreadsheet would run as formulas.
"""
