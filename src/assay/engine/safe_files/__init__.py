"""What may come in as a file, and how does a file go out, so that neither does harm? It knows no return and no report.

`unpacking`: how much may be unpacked of what was sent. `tables`: Parquet from elsewhere, never more rows or bytes of it
than memory holds. `cells`: a cell that a spreadsheet would run as a formula, and CSV without one.
"""
