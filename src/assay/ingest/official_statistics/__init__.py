"""What do the official tables say that anyone can download?

    received = read(["prc-pfa.ods", "outcomes-2025.xlsx"])     files as published, checked row by row
    received = carried()                                       the compact figures that the project carries

Both give a `Received`: the files with their rows taken, passed on and set aside by reason; the faults; and
five tables: recorded, outcomes, children_in_need, flagged, population.
"""

from assay.ingest.official_statistics.bundled_extraction import extract
from assay.ingest.official_statistics.bundled_statistics import carried
from assay.ingest.official_statistics.children_in_need import by_force_area
from assay.ingest.official_statistics.statistics_intake import TABLES, Fault, FileRead, Received, fault_table
from assay.ingest.official_statistics.statistics_reader import read

__all__ = [
    "TABLES",
    "Fault",
    "FileRead",
    "Received",
    "by_force_area",
    "carried",
    "extract",
    "fault_table",
    "read",
]
