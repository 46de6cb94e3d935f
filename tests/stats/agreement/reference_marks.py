"""The published test sets of rater agreement, as rows of answers."""

import csv

from assay.stats.agreement.rating_table import Ratings, ratings_from_rows
from reference_data import reference


def read_marks(name: str, leave_out: int = 0) -> Ratings:
    """The marks of one file; its first `leave_out` columns name the unit and its group."""
    with reference(f"data/rater-agreement/{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = [[cell.strip() or None for cell in row[leave_out:]] for row in list(csv.reader(file))[1:]]
    try:
        return ratings_from_rows([[None if cell is None else float(cell) for cell in row] for row in rows])
    except ValueError:
        return ratings_from_rows(rows)
