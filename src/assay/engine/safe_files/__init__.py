"""Safe reading of received files, and safe writing of spreadsheets.

`unpacking`: how much may be unpacked of what was sent. `tables`: Parquet from elsewhere, never more rows or bytes of it
than memory holds. `cells`: a cell that a spreadsheet would run as a formula, and CSV without one.
"""
