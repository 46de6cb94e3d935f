"""Read the official statistics that anyone can download, or the bundled extract of them.

    received = read_statistics(["prc-pfa.ods", "outcomes-2025.xlsx"])     files as published, checked row by row
    received = read_bundle()                                              the compact figures in the package

Both return a `ReceivedStatistics`: the files with counts of rows read, passed on and set aside by reason; the
validation errors; and a table of each return (`TABLES`): recorded crime, outcomes, children in need, populations, and
the tables about an area (`local_tables`).
"""

from assay.ingest.official_statistics.bundled_extraction import extract_bundle
from assay.ingest.official_statistics.bundled_statistics import read_bundle
from assay.ingest.official_statistics.children_in_need import sum_by_force_area
from assay.ingest.official_statistics.statistics_intake import (
    TABLES,
    ReceivedStatistics,
    StatisticsFile,
    validation_error_table,
)
from assay.ingest.official_statistics.statistics_reader import OTHER_OFFENCES, read_statistics

__all__ = [
    "OTHER_OFFENCES",
    "TABLES",
    "ReceivedStatistics",
    "StatisticsFile",
    "extract_bundle",
    "read_bundle",
    "read_statistics",
    "sum_by_force_area",
    "validation_error_table",
]
