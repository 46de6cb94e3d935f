"""Find the reference tables and results of multiple systems estimation."""

import csv
from functools import cache

from assay.stats.multiple_systems.capture_tables import CaptureTable
from reference_data import reference


@cache
def capture_table(name: str) -> CaptureTable:
    """One of the public data sets, as capture table; its lists in the order of its columns."""
    with reference(f"mse/{name}.csv").open(encoding="utf-8") as file:
        head, *rows = csv.reader(file)
    lists, counts = tuple(head[:-1]), {}
    for row in rows:
        history = "*".join(name for name, on_list in zip(lists, row, strict=False) if on_list == "1")
        counts[history] = counts.get(history, 0) + int(row[-1])
    return CaptureTable.from_histories(lists, counts)
